/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a name without asking a name server: by the hosts file, and by RFC 6761. */
#ifndef SIP_RESOLVER_HOSTS_H
#define SIP_RESOLVER_HOSTS_H

#include <ares.h>
#include <stdbool.h>

#include "sip/dns/dns.h"

/* Whether the hosts file has NAME in one of the IP versions that are wanted. */
bool resolver_in_hosts(ares_channel channel, const char *name, bool ipv4, bool ipv6);

/*
 * Whether NAME is "localhost" and the hosts file lacks it in these IP versions: then it is the loopback all the same
 * (RFC 6761 6.3), and *AP is that answer. c-ares would say so too, but versions before 1.19 forget some memory each
 * time when the hosts file has it in the other version.
 */
bool resolver_is_loopback(ares_channel channel, const char *name, bool ipv4, bool ipv6, struct dns_answer *ap);

#endif
