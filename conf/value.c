/* SPDX-License-Identifier: GPL-2.0-only */
#include "value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

_Static_assert(sizeof(enum config_line) == sizeof(unsigned) && sizeof(enum isdn_side) == sizeof(unsigned),
	       "choices are stored as unsigned");

void *value_field(const struct table_key *key, void *base)
{
	return (char *)base + key->offset;
}

static void field_set_uint(const struct table_key *key, void *base, unsigned n)
{
	memcpy(value_field(key, base), &n, sizeof(n));
}

/* TEXT is shorter than the field. */
static void field_set_text(const struct table_key *key, void *base, const char *text)
{
	memset(value_field(key, base), 0, key->size);
	memcpy(value_field(key, base), text, strlen(text));
}

/* yes, no */

static int bool_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	bool yes = !strcmp(text, "yes");

	if (!yes && strcmp(text, "no"))
		return EINVAL;
	memcpy(value_field(key, base), &yes, sizeof(yes));
	return 0;
}

static void bool_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "yes or no");
}

const struct value_type value_bool = {bool_parse, bool_allowed};

/* numbers */

int value_read_uint(const char *text, unsigned min, unsigned max, unsigned *np)
{
	unsigned long long n = 0;
	size_t digits = strspn(text, DIGITS);

	if (!digits || text[digits] || digits > 10)
		return EINVAL;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	if (n < min || n > max)
		return EINVAL;
	*np = (unsigned)n;
	return 0;
}

static int uint_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned n;
	int err = value_read_uint(text, key->min, key->max, &n);

	if (!err)
		field_set_uint(key, base, n);
	return err;
}

static void uint_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a number from %u to %u", key->min, key->max);
}

const struct value_type value_uint = {uint_parse, uint_allowed};

/* times */

static const struct {
	const char *name;
	unsigned ms;
} units[] = {{"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}};

#define UNITS (sizeof(units) / sizeof(units[0]))

static int duration_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	size_t digits = strspn(text, DIGITS);
	const char *unit = text + digits + strspn(text + digits, " \t");
	unsigned long long n = 0;
	unsigned ms = 0;

	if (!digits || digits > 9)
		return EINVAL;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (unsigned)(text[i] - '0');
	for (size_t i = 0; i < UNITS; i++) {
		if (!strcmp(unit, units[i].name))
			ms = units[i].ms;
	}
	if (!*unit && n) { /* 0 is 0 in any unit */
		snprintf(why, VALUE_WHY_OCTETS, "%s has no unit: write \"%s ms\", \"%s s\", \"%s min\" or \"%s h\"",
			 text, text, text, text, text);
		return EINVAL;
	}
	if ((!ms && *unit) || n * ms < key->min || n * ms > key->max)
		return EINVAL;
	field_set_uint(key, base, (unsigned)(n * ms));
	return 0;
}

static void duration_print(unsigned ms, char *buf, size_t room)
{
	size_t i = 0;

	while (ms % units[i].ms || (!ms && i < UNITS - 1))
		i++;
	snprintf(buf, room, "%u %s", ms / units[i].ms, units[i].name);
}

static void duration_allowed(const struct table_key *key, char *buf)
{
	char min[20], max[20];

	duration_print(key->min, min, sizeof(min));
	duration_print(key->max, max, sizeof(max));
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a time from %s to %s", min, max);
}

const struct value_type value_duration = {duration_parse, duration_allowed};

/* one of several words */

static int choice_find(const struct table_key *key, const char *text, unsigned *np)
{
	for (unsigned i = 0; i < key->count; i++) {
		if (!strcmp(key->choice(i), text)) {
			*np = i;
			return 0;
		}
	}
	return EINVAL;
}

static int choice_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned n;
	int err = choice_find(key, text, &n);

	if (!err)
		field_set_uint(key, base, n);
	return err;
}

static int word_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned n;
	int err = choice_find(key, text, &n);

	if (!err)
		field_set_text(key, base, text);
	return err;
}

static void choice_allowed(const struct table_key *key, char *buf)
{
	size_t len = (size_t)snprintf(buf, VALUE_ALLOWED_OCTETS, "one of ");

	for (unsigned i = 0; i < key->count && len < VALUE_ALLOWED_OCTETS; i++)
		len += (size_t)snprintf(buf + len, VALUE_ALLOWED_OCTETS - len, "%s%s", i ? ", " : "", key->choice(i));
}

const struct value_type value_choice = {choice_parse, choice_allowed};
const struct value_type value_word = {word_parse, choice_allowed};

/* bit rates: those of V.27 ter, V.29 and V.17 (T.30 table 2, DIS/DTC bits 11 to 14) */

static int rate_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned n;

	if (value_read_uint(text, 2400, 14400, &n) || n % 2400)
		return EINVAL;
	field_set_uint(key, base, n);
	return 0;
}

static void rate_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "one of 2400, 4800, 7200, 9600, 12000, 14400");
}

const struct value_type value_rate = {rate_parse, rate_allowed};

/* text */

static int text_store(const struct table_key *key, const char *text, void *base, char *why)
{
	if (strlen(text) >= key->size) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is longer than %zu characters", text, key->size - 1);
		return EINVAL;
	}
	field_set_text(key, base, text);
	return 0;
}

static int text_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	for (const char *p = text; *p; p++) {
		if (*p < ' ' || *p > '~')
			return EINVAL;
	}
	return text_store(key, text, base, why);
}

static void text_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "up to %zu printable ASCII characters", key->size - 1);
}

const struct value_type value_text = {text_parse, text_allowed};

static int host_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct addr a;

	if (!strcmp(text, "none"))
		text = "";
	else if (!(strchr(text, ':') && !addr_parse(&a, text, 0) && !addr_port(&a)) &&
		 (text[strspn(text, LETTERS DIGITS ".-")] || strchr(".-", text[0])))
		return EINVAL;
	return text_store(key, text, base, why);
}

static void host_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a host name or an address without a port, or none");
}

const struct value_type value_host = {host_parse, host_allowed};

const char *value_name_fault(const char *name)
{
	if (!*name)
		return "it has no name";
	if (name[strspn(name, LETTERS DIGITS "_.-")])
		return "a name has only letters, digits, '_', '.' and '-'";
	return strlen(name) >= CONFIG_NAME_OCTETS ? "its name is longer than 31 characters" : NULL;
}

static void path_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "the path of a folder");
}

const struct value_type value_path = {text_store, path_allowed};

/* addresses */

static int address_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct addr a;

	if (addr_parse(&a, text, (uint16_t)key->min))
		return EINVAL;
	if (!addr_port(&a)) {
		snprintf(why, VALUE_WHY_OCTETS, "%s has no port: write ADDRESS:PORT", text);
		return EINVAL;
	}
	memcpy(value_field(key, base), &a, sizeof(a));
	return 0;
}

static void address_allowed(const struct table_key *key, char *buf)
{
	if (key->min)
		snprintf(buf, VALUE_ALLOWED_OCTETS,
			 "an IP address, with or without a port (then %u): 192.0.2.1 or [2001:db8::1]:5060", key->min);
	else
		snprintf(buf, VALUE_ALLOWED_OCTETS, "an IP address and a port: 192.0.2.1:5060 or [2001:db8::1]:5060");
}

const struct value_type value_address = {address_parse, address_allowed};
