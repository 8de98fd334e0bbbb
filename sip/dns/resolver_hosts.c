/* SPDX-License-Identifier: GPL-2.0-only */
#include "resolver_hosts.h"

#include <netdb.h>
#include <string.h>
#include <strings.h>

bool resolver_in_hosts(ares_channel channel, const char *name, bool ipv4, bool ipv6)
{
	struct hostent *h = NULL;
	bool found = (ipv4 && !ares_gethostbyname_file(channel, name, AF_INET, &h)) ||
		     (ipv6 && !ares_gethostbyname_file(channel, name, AF_INET6, &h));

	if (h)
		ares_free_hostent(h);
	return found;
}

bool resolver_is_loopback(ares_channel channel, const char *name, bool ipv4, bool ipv6, struct dns_answer *ap)
{
	struct dns_answer a = {.outcome = DNS_FOUND, .ttl_s = UINT32_MAX};

	if (strcasecmp(name, "localhost") || resolver_in_hosts(channel, name, ipv4, ipv6))
		return false;
	if (ipv4 && !addr_parse(&a.addr[a.count], "127.0.0.1", 0))
		a.count++;
	if (ipv6 && !addr_parse(&a.addr[a.count], "::1", 0))
		a.count++;
	*ap = a;
	return true;
}
