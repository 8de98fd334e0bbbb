/* SPDX-License-Identifier: GPL-2.0-only */
/* Which patterns leave nothing to others. */
#include <stdint.h>
#include <string.h>

#include "numbers.h"

/* A range with X from where its ends part: it takes the range and more. Another PATTERN as it is. */
static void range_outline(const char *pattern, char *buf)
{
	const char *first = pattern, *dash = strchr(pattern, '-'), *last = dash ? dash + 1 : NULL;
	size_t n = dash ? strlen(last) : strlen(pattern), same = 0;

	if (!dash) {
		memcpy(buf, pattern, n + 1);
		return;
	}
	while (same < n && first[same] == last[same])
		same++;
	memcpy(buf, first, same);
	memset(buf + same, 'X', n - same);
	buf[n] = '\0';
}

/* PATTERN, of digits and X alone, with every X the digit X. False: it has something else. */
static bool plain_edge(const char *pattern, char x, char *buf)
{
	size_t n = strspn(pattern, "0123456789X");

	if (pattern[n])
		return false;
	for (size_t i = 0; i <= n; i++)
		buf[i] = pattern[i] == 'X' ? x : pattern[i];
	return true;
}

/* The first and the last number that PATTERN takes, if it takes none but those between them. Neither has a '+'. */
static bool edges(const char *pattern, char *first, char *last)
{
	const char *dash = strchr(pattern, '-');

	if (!dash)
		return plain_edge(pattern, '0', first) && plain_edge(pattern, '9', last);
	memcpy(first, pattern, (size_t)(dash - pattern));
	first[dash - pattern] = '\0';
	memcpy(last, dash + 1, strlen(dash + 1) + 1);
	return true;
}

static bool covers_plain(const char *a, const char *b)
{
	for (;; a++, b++) {
		if (*a == '.')
			return true;
		if (*a == 'X' ? *b != 'X' && (*b < '0' || *b > '9') : *a != *b)
			return false;
		if (!*a)
			return true;
	}
}

static bool covers(const char *a, const char *b)
{
	char a_first[CONFIG_PATTERN_OCTETS], a_last[CONFIG_PATTERN_OCTETS];
	char b_first[CONFIG_PATTERN_OCTETS], b_last[CONFIG_PATTERN_OCTETS];

	/* what "49." takes begins with "49" or "+49" */
	if (*a == '+' && *b != '+')
		return false;
	a += *a == '+';
	b += *b == '+';
	if (!strchr(a, '-')) {
		range_outline(b, b_first);
		return covers_plain(a, b_first);
	}
	edges(a, a_first, a_last);
	return edges(b, b_first, b_last) && strlen(a_first) == strlen(b_first) && strcmp(a_first, b_first) <= 0 &&
	       strcmp(b_last, a_last) <= 0;
}

static bool covers_one(const struct config_numbers *a, const char *pattern)
{
	for (unsigned i = 0; i < a->count; i++)
		if (covers(a->pattern[i], pattern))
			return true;
	return false;
}

static bool covers_none(const struct config_numbers *a)
{
	for (unsigned i = 0; i < a->count; i++)
		if (!strcmp(a->pattern[i], "."))
			return true;
	return !a->count;
}

bool numbers_cover(const struct config_numbers *a, const struct config_numbers *b)
{
	for (unsigned j = 0; j < b->count; j++)
		if (!covers_one(a, b->pattern[j]))
			return false;
	return b->count || covers_none(a);
}

void numbers_digits(const char *pattern, size_t *fewestp, size_t *mostp)
{
	const char *dash = strchr(pattern, '-'), *p = pattern + (*pattern == '+');
	size_t n = dash ? strlen(dash + 1) : strcspn(p, ".");

	*fewestp = n;
	*mostp = strchr(p, '.') ? SIZE_MAX : n;
}
