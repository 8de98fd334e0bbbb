/* SPDX-License-Identifier: GPL-2.0-only */
#include "numbers.h"

#include <errno.h>
#include <string.h>

#define NUMBER_SIGNS "0123456789*#"

const char *numbers_fault(const char *pattern)
{
	const char *p = pattern + (*pattern == '+');
	size_t n = strspn(p, NUMBER_SIGNS "Xx");
	size_t signs = (size_t)(p - pattern) + n;

	if (p[n] == '.' && p[n + 1])
		return "'.' may only be its last character";
	if (p[n] && p[n] != '.')
		return "only digits, '*', '#', X for any digit, a leading '+' and a final '.' may be in it";
	if (!signs && !p[n])
		return "it is empty";
	if (signs > ISDN_NUMBER_OCTETS - 1)
		return "it is longer than 32 digits";
	if (!n && p != pattern && !p[n])
		return "there is no digit behind '+'";
	return NULL;
}

int numbers_add(struct config_numbers *n, const char *pattern)
{
	char copy[CONFIG_PATTERN_OCTETS] = "";

	for (size_t i = 0; i < sizeof(copy) - 1 && pattern[i]; i++)
		copy[i] = pattern[i] == 'x' ? 'X' : pattern[i];
	for (unsigned i = 0; i < n->count; i++) {
		if (!strcmp(n->pattern[i], copy))
			return EEXIST;
	}
	if (n->count == CONFIG_MAX_NUMBERS)
		return ENOSPC;
	memcpy(n->pattern[n->count++], copy, sizeof(copy));
	return 0;
}

/* The signs of PATTERN before its '.', if it takes NUMBER; else -1. */
static int pattern_match(const char *pattern, const char *number)
{
	for (int i = 0;; i++) {
		if (pattern[i] == '.' || (!pattern[i] && !number[i]))
			return i;
		if (pattern[i] == 'X' ? number[i] < '0' || number[i] > '9' : pattern[i] != number[i])
			return -1;
	}
}

static unsigned pattern_fit(const char *pattern, const char *number)
{
	for (unsigned i = 0;; i++) {
		if (pattern[i] == '.')
			return CONFIG_NUMBERS_TAKEN | CONFIG_NUMBERS_MORE;
		if (!number[i])
			return pattern[i] ? CONFIG_NUMBERS_MORE : CONFIG_NUMBERS_TAKEN;
		if (pattern[i] == 'X' ? number[i] < '0' || number[i] > '9' : pattern[i] != number[i])
			return 0;
	}
}

unsigned config_numbers_fit(const struct config_numbers *n, const char *number)
{
	unsigned fit = 0;

	for (unsigned i = 0; i < n->count; i++)
		fit |= pattern_fit(n->pattern[i], number);
	return fit;
}

int config_numbers_best(const struct config_numbers *n, const char *number)
{
	int best = -1;

	for (unsigned i = 0; i < n->count; i++) {
		int m = pattern_match(n->pattern[i], number);

		if (m > best)
			best = m;
	}
	return best;
}

bool config_numbers_match(const struct config_numbers *n, const char *number)
{
	return config_numbers_best(n, number) >= 0;
}
