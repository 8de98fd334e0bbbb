/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of a peer that may stand in place of its span's: "span" leaves the span's. */
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"

static int parse_or_span(const struct value_type *type, const struct table_key *key, const char *text, void *base,
			 char *why)
{
	const uint32_t as_span = CONFIG_AS_SPAN;

	if (strcmp(text, "span"))
		return type->parse(key, text, base, why);
	memcpy(value_field(key, base), &as_span, sizeof(as_span));
	return 0;
}

static void allow_span(const struct value_type *type, const struct table_key *key, char *buf)
{
	char rest[VALUE_ALLOWED_OCTETS];

	type->allowed(key, rest);
	snprintf(buf, VALUE_ALLOWED_OCTETS, "span, or %.200s", rest);
}

static int uint_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	return parse_or_span(&value_uint, key, text, base, why);
}

static void uint_allowed(const struct table_key *key, char *buf)
{
	allow_span(&value_uint, key, buf);
}

const struct value_type value_uint_or_span = {uint_parse, uint_allowed};

static int duration_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	return parse_or_span(&value_duration, key, text, base, why);
}

static void duration_allowed(const struct table_key *key, char *buf)
{
	allow_span(&value_duration, key, buf);
}

const struct value_type value_duration_or_span = {duration_parse, duration_allowed};

static int rate_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	return parse_or_span(&value_rate, key, text, base, why);
}

static void rate_allowed(const struct table_key *key, char *buf)
{
	allow_span(&value_rate, key, buf);
}

const struct value_type value_rate_or_span = {rate_parse, rate_allowed};

static int choice_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	return parse_or_span(&value_choice, key, text, base, why);
}

static void choice_allowed(const struct table_key *key, char *buf)
{
	allow_span(&value_choice, key, buf);
}

const struct value_type value_choice_or_span = {choice_parse, choice_allowed};
