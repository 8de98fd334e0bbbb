/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that are an address, or one of each IP version. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/addr.h"
#include "table.h"
#include "value.h"

#define SEPARATORS " \t,"

/* Adds the address in the LEN octets at TEXT to LIST. Returns 0, or EINVAL with WHY, or without when it is none. */
static int addrs_add(struct addr *list, const char *text, size_t len, uint16_t port, char *why)
{
	char word[ADDR_TEXT_OCTETS];
	struct addr a, *place;

	if (len >= sizeof(word))
		return EINVAL;
	memcpy(word, text, len);
	word[len] = '\0';
	if (addr_parse(&a, word, port)) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is not an IP address", word);
		return EINVAL;
	}
	place = &list[addr_family(&a)];
	if (addr_is_set(place)) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is a second %s address: there may be one of each IP version", word,
			 addr_family_name(addr_family(&a)));
		return EINVAL;
	}
	*place = a;
	return 0;
}

/* Reads up to one address of each family. Returns 0, or EINVAL, with WHY where there is more to say. */
static int addrs_read(const char *text, uint16_t port, struct addr list[ADDR_FAMILIES], char *why)
{
	unsigned count = 0;

	memset(list, 0, ADDR_FAMILIES * sizeof(*list));
	for (text += strspn(text, SEPARATORS); *text; text += strspn(text, SEPARATORS)) {
		size_t n = strcspn(text, SEPARATORS);

		if (addrs_add(list, text, n, port, why)) {
			/* one word that is nothing: what is allowed says it better */
			if (!count && !text[n + strspn(text + n, SEPARATORS)])
				why[0] = '\0';
			return EINVAL;
		}
		count++;
		text += n;
	}
	return count ? 0 : EINVAL;
}

static int ips_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct addr list[ADDR_FAMILIES] = {0};
	char word[ADDR_TEXT_OCTETS];

	if (strcmp(text, "none") && addrs_read(text, 0, list, why))
		return EINVAL;
	for (unsigned f = 0; f < ADDR_FAMILIES; f++)
		if (addr_port(&list[f])) {
			snprintf(why, VALUE_WHY_OCTETS, "%s has a port: only the address belongs here",
				 addr_print(&list[f], word));
			return EINVAL;
		}
	memcpy(value_field(key, base), list, sizeof(list));
	return 0;
}

static void ips_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "an IP address without a port, one of each IP version, or none");
}

const struct value_type value_ips = {ips_parse, ips_allowed};

static int addresses_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct addr list[ADDR_FAMILIES];
	char word[ADDR_TEXT_OCTETS];

	if (addrs_read(text, (uint16_t)key->min, list, why))
		return EINVAL;
	for (unsigned f = 0; f < ADDR_FAMILIES; f++)
		if (addr_is_set(&list[f]) && !addr_port(&list[f])) {
			snprintf(why, VALUE_WHY_OCTETS, "%s has no port: write ADDRESS:PORT",
				 addr_print_host(&list[f], word));
			return EINVAL;
		}
	memcpy(value_field(key, base), list, sizeof(list));
	return 0;
}

static void addresses_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "an IP address, or one of each IP version, with or without a port (then %u): 192.0.2.1, "
		 "[2001:db8::1]:5060",
		 key->min);
}

const struct value_type value_addresses = {addresses_parse, addresses_allowed};

static int addresses_or_none_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	if (strcmp(text, "none"))
		return addresses_parse(key, text, base, why);
	memset(value_field(key, base), 0, ADDR_FAMILIES * sizeof(struct addr));
	return 0;
}

static void addresses_or_none_allowed(const struct table_key *key, char *buf)
{
	size_t n;

	addresses_allowed(key, buf);
	n = strlen(buf);
	snprintf(buf + n, VALUE_ALLOWED_OCTETS - n, ", or none");
}

const struct value_type value_addresses_or_none = {addresses_or_none_parse, addresses_or_none_allowed};
