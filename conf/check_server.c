/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_server.h"

#include <strings.h>

/* RFC 3263 4.1: with neither a transport nor a port, a name has its own; else it is UDP. */
static void settle_transport(struct config_peer *p)
{
	if (p->transport != CONFIG_TRANSPORT_AUTO)
		return;
	p->any_transport = p->host[0] && !p->port;
	p->transport = SIP_UDP;
}

/* A request from an address that two peers have would belong to the first of them. */
void check_server(struct load *l, unsigned peer)
{
	struct config_peer *p = &l->config->peers[peer];

	settle_transport(p);
	if (!p->host[0])
		return;
	for (unsigned i = 0; i < peer; i++) {
		const struct config_peer *o = &l->config->peers[i];

		if (!strcasecmp(o->host, p->host) && o->port == p->port)
			load_error(l, 0, load_line(&l->peers[peer], SECTION_PEER, "address"),
				   "address: %s is that of [peer %s] in line %u", p->host, o->name, o->line);
	}
}

void check_lookups(struct load *l)
{
	const struct config *c = l->config;

	if (c->dns_refresh_min_ms > c->dns_refresh_max_ms)
		load_error(l, 0, load_line(&l->main[SECTION_SIP], SECTION_SIP, "dns_refresh_min"),
			   "dns_refresh_min: %u s is longer than dns_refresh_max, %u s", c->dns_refresh_min_ms / 1000,
			   c->dns_refresh_max_ms / 1000);
}
