/* SPDX-License-Identifier: GPL-2.0-only */
#include "numbers.h"

#include <errno.h>
#include <string.h>

#define NUMBER_SIGNS "0123456789*#"
#define DIGITS	     "0123456789"
#define RANGE_DIGITS 15 /* of each end: E.164 6.1 has no longer number */

_Static_assert(CONFIG_PATTERN_OCTETS > 1 + RANGE_DIGITS + 1 + RANGE_DIGITS, "a range is a pattern");

/* FIRST-LAST, both with as many digits; the '+' of FIRST may stand before LAST too. */
static const char *range_fault(const char *first)
{
	const char *dash = strchr(first, '-');
	const char *last = dash + 1;
	size_t n;

	if (*first == '+') {
		first++;
		last += *last == '+';
	}
	n = (size_t)(dash - first);
	if (!n || strspn(first, DIGITS) != n || strspn(last, DIGITS) != strlen(last))
		return "a range is FIRST-LAST, of digits and a leading '+'";
	if (strlen(last) != n)
		return "the ends of a range must have equally many digits";
	if (n > RANGE_DIGITS)
		return "the ends of a range have at most 15 digits";
	if (strncmp(first, last, n) > 0)
		return "the range ends before it begins";
	return NULL;
}

const char *numbers_fault(const char *pattern)
{
	const char *p = pattern + (*pattern == '+');
	size_t n = strspn(p, NUMBER_SIGNS "Xx");
	size_t signs = (size_t)(p - pattern) + n;

	if (strchr(pattern, '-'))
		return range_fault(pattern);
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
	size_t signs = 0;

	for (size_t i = 0; signs < sizeof(copy) - 1 && pattern[i]; i++) {
		if (i && pattern[i] == '+') /* that of a range's last number says nothing new */
			continue;
		copy[signs++] = pattern[i] == 'x' ? 'X' : pattern[i];
	}
	for (unsigned i = 0; i < n->count; i++) {
		if (!strcmp(n->pattern[i], copy))
			return EEXIST;
	}
	if (n->count == CONFIG_MAX_NUMBERS)
		return ENOSPC;
	memcpy(n->pattern[n->count++], copy, sizeof(copy));
	return 0;
}

/* CONFIG_NUMBERS_* for NUMBER and the range FIRST-LAST. A part of a number lies between the same parts of both ends if
 * and only if some rest brings it between them. */
static unsigned range_fit(const char *first, const char *number)
{
	const char *last = strchr(first, '-') + 1;
	size_t digits, n;

	if (*first == '+') {
		if (*number && *number++ != '+')
			return 0;
		first++;
	}
	digits = strlen(last);
	n = strlen(number);
	if (n > digits || strspn(number, DIGITS) != n)
		return 0;
	if (strncmp(number, first, n) < 0 || strncmp(number, last, n) > 0)
		return 0;
	return n == digits ? CONFIG_NUMBERS_TAKEN : CONFIG_NUMBERS_MORE;
}

/* The signs of PATTERN before its '.', if it takes NUMBER; else -1. */
static int pattern_match(const char *pattern, const char *number)
{
	if (strchr(pattern, '-'))
		return range_fit(pattern, number) & CONFIG_NUMBERS_TAKEN ? (int)strlen(number) : -1;
	for (int i = 0;; i++) {
		if (pattern[i] == '.' || (!pattern[i] && !number[i]))
			return i;
		if (pattern[i] == 'X' ? number[i] < '0' || number[i] > '9' : pattern[i] != number[i])
			return -1;
	}
}

static unsigned pattern_fit(const char *pattern, const char *number)
{
	if (strchr(pattern, '-'))
		return range_fit(pattern, number);
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
