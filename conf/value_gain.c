/* SPDX-License-Identifier: GPL-2.0-only */
/* Gains in decibels. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"

#define DIGITS "0123456789"

/* "3", "-2.5", "6 dB": tenths of a decibel. The bound, in decibels, is KEY's MIN, up and down. */
static int gain_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	bool minus = *text == '-';
	const char *at = text + (*text == '-' || *text == '+');
	size_t digits = strspn(at, DIGITS);
	int ddb = 0;

	if (!digits || digits > 3)
		return EINVAL;
	for (size_t i = 0; i < digits; i++)
		ddb = ddb * 10 + (at[i] - '0');
	ddb *= 10;
	at += digits;
	if (at[0] == '.' && at[1] >= '0' && at[1] <= '9') {
		ddb += at[1] - '0';
		at += 2;
	}
	at += strspn(at, " \t");
	if ((*at && strcmp(at, "dB")) || ddb > (int)key->min * 10)
		return EINVAL;
	if (minus)
		ddb = -ddb;
	memcpy(value_field(key, base), &ddb, sizeof(ddb));
	return 0;
}

static void gain_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a gain from -%u dB to %u dB", key->min, key->min);
}

const struct value_type value_gain = {gain_parse, gain_allowed};
