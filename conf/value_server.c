/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that are servers: a peer, by address or by name; name servers. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "table.h"
#include "value.h"

#define SEPARATORS   " \t,"
#define LABEL_OCTETS 63 /* RFC 1035 2.3.4 */
#define DNS_PORT     53

/* What is wrong with NAME as the name of a host (RFC 1123 2.1, and '_', which some have); NULL: nothing. */
static const char *host_fault(const char *name)
{
	const char *label = name;
	bool digits = true;

	for (const char *p = name;; p++) {
		if (*p == '.' || !*p) {
			if (p == label || p - label > LABEL_OCTETS || label[0] == '-' || p[-1] == '-')
				return "is not a host name";
			if (!*p)
				break;
			label = p + 1;
			digits = true;
		} else if (!isascii((unsigned char)*p) || (!isalnum((unsigned char)*p) && *p != '-' && *p != '_')) {
			return "is neither an IP address nor a host name";
		} else if (!isdigit((unsigned char)*p)) {
			digits = false;
		}
	}
	return digits ? "is not an IP address, and a host name does not end in a number" : NULL;
}

static int name_parse(const char *text, struct config_peer *p, char *why)
{
	const char *colon = strchr(text, ':'), *fault;
	size_t n = colon ? (size_t)(colon - text) : strlen(text);
	char host[CONFIG_HOST_OCTETS];
	unsigned port = 0;

	if (n >= sizeof(host) || (colon && strchr(colon + 1, ':')))
		return EINVAL;
	memcpy(host, text, n);
	host[n] = '\0';
	fault = host_fault(host);
	if (fault) {
		snprintf(why, VALUE_WHY_OCTETS, "%s %s", host, fault);
		return EINVAL;
	}
	if (colon && value_read_uint(colon + 1, 1, 65535, &port)) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is not a port: it is a number from 1 to 65535", colon + 1);
		return EINVAL;
	}
	memset(&p->addr, 0, sizeof(p->addr));
	memcpy(p->host, host, sizeof(host));
	p->port = (uint16_t)port;
	return 0;
}

static int server_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_peer *p = base;
	struct addr a;

	if (addr_parse(&a, text, (uint16_t)key->min))
		return name_parse(text, p, why);
	if (!addr_port(&a)) {
		snprintf(why, VALUE_WHY_OCTETS, "%s has no port that a server could have", text);
		return EINVAL;
	}
	p->addr = a;
	p->host[0] = '\0';
	p->port = 0;
	return 0;
}

static void server_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "an IP address or a host name, with or without a port: 192.0.2.1, [2001:db8::1]:%u or sip.example.com",
		 key->min);
}

const struct value_type value_server = {server_parse, server_allowed};

static int nameservers_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_nameservers list = {0};

	if (strcmp(text, "system"))
		for (text += strspn(text, SEPARATORS); *text; text += strspn(text, SEPARATORS)) {
			char word[ADDR_TEXT_OCTETS];
			size_t n = strcspn(text, SEPARATORS);

			if (list.count == CONFIG_MAX_NAMESERVERS) {
				snprintf(why, VALUE_WHY_OCTETS, "more than %u name servers", CONFIG_MAX_NAMESERVERS);
				return EINVAL;
			}
			snprintf(word, sizeof(word), "%.*s", (int)n, text);
			if (n >= sizeof(word) || addr_parse(&list.list[list.count], word, DNS_PORT) ||
			    !addr_port(&list.list[list.count]) || addr_is_any(&list.list[list.count])) {
				snprintf(why, VALUE_WHY_OCTETS, "%s is not the address of a name server", word);
				return EINVAL;
			}
			list.count++;
			text += n;
		}
	memcpy(value_field(key, base), &list, sizeof(list));
	return 0;
}

static void nameservers_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "up to %u IP addresses, with or without a port (then %u), or system",
		 CONFIG_MAX_NAMESERVERS, DNS_PORT);
}

const struct value_type value_nameservers = {nameservers_parse, nameservers_allowed};
