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

/* True if every number that a pattern of B takes is taken by one pattern of A; B without a pattern stands for the call
 * without a number, which only "." takes. False may also mean that it is hard to say. */
bool numbers_cover(const struct config_numbers *a, const struct config_numbers *b);

/* The fewest and the most digits of the numbers that PATTERN takes; SIZE_MAX: any number of them. */
void numbers_digits(const char *pattern, size_t *fewestp, size_t *mostp);

#endif
