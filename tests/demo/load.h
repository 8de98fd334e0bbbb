/* SPDX-License-Identifier: GPL-2.0-only */
/* load: many faxes at once through a gateway process, and what that costs it. For the benchmark. */
#ifndef DEMO_LOAD_H
#define DEMO_LOAD_H

#include <stdbool.h>

#include "tests/demo/bank.h"

#define LOAD_MAX 240
#define LOAD_PER_SPAN 30

void load_prepare(struct bank_params *p);

/*
 * Sends DOCUMENT in FAXES calls at once, half of them from the line, and prints a line of figures: CPU of process PID per call and second of
 * line time while all of them were in T.38, resident memory, and context switches. Returns true when every fax came through whole.
 */
bool load_run(struct bank *b, unsigned faxes, long pid, const char *document, const char *out);

#endif
