/* SPDX-License-Identifier: GPL-2.0-only */
/* target: what shall be reached at least, and whether it was. */
#ifndef MATRIX_TARGET_H
#define MATRIX_TARGET_H

#include "tests/matrix/matrix.h"

/* The targets of what was run, one a line, those that were missed with their seeds; returns how many were. */
unsigned matrix_print_targets(const struct matrix_row *rows, FILE *f);

#endif
