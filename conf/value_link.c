/* SPDX-License-Identifier: GPL-2.0-only */
/* What names a link of Ethernet: an interface, and the address of a host on it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"

#define HEX "0123456789abcdefABCDEF"

/* As the kernel has it: no blank, slash or colon, and neither "." nor "..". */
static int interface_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	if (!strcmp(text, "none"))
		text = "";
	if (strlen(text) >= key->size || !strcmp(text, ".") || !strcmp(text, ".."))
		return EINVAL;
	for (const char *p = text; *p; p++) {
		if (*p <= ' ' || *p > '~' || *p == '/' || *p == ':')
			return EINVAL;
	}
	memset(value_field(key, base), 0, key->size);
	memcpy(value_field(key, base), text, strlen(text));
	return 0;
}

static void interface_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "the name of a network interface, up to %zu characters, or none",
		 key->size - 1);
}

const struct value_type value_interface = {interface_parse, interface_allowed};

static unsigned hex_digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
}

static int mac_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned char mac[6] = {0};

	if (!strcmp(text, "none"))
		goto out;
	for (unsigned i = 0; i < sizeof(mac); i++, text += 3) {
		char end = i + 1 < sizeof(mac) ? ':' : '\0';

		if (strspn(text, HEX) != 2 || text[2] != end)
			return EINVAL;
		mac[i] = (unsigned char)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
	}
	if (mac[0] & 1 || !memcmp(mac, (const unsigned char[6]){0}, sizeof(mac))) {
		snprintf(why, VALUE_WHY_OCTETS, "is not the address of one host");
		return EINVAL;
	}
out:
	memcpy(value_field(key, base), mac, sizeof(mac));
	return 0;
}

static void mac_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "six octets in hexadecimal, 00:50:c2:65:d0:01, or none");
}

const struct value_type value_mac = {mac_parse, mac_allowed};
