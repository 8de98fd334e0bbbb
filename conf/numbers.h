/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * numbers: patterns of called numbers. The questions asked of them stand in config.h.
 */
#ifndef CONF_NUMBERS_H
#define CONF_NUMBERS_H

#include "config.h"

/* What is wrong with PATTERN (static text), or NULL: it is right. */
const char *numbers_fault(const char *pattern);

/* Adds PATTERN, which is right, to N; 'x' becomes 'X'. Returns 0, ENOSPC when N is full, EEXIST when it is there. */
int numbers_add(struct config_numbers *n, const char *pattern);

#endif
