/* SPDX-License-Identifier: GPL-2.0-only */
/* The stack's part in connections: who may have one, what is not SIP on it, and who suffers when one is lost; or
 * when a datagram comes back. */
#include <string.h>

#include "session_own.h"

/* The name of the peer at REMOTE, in parentheses, or nothing. */
static const char *peer_text(const struct sip_stack *k, const struct addr *remote, char *buf, size_t room)
{
	int i = peers_find(&k->peers, remote);

	buf[0] = '\0';
	if (i >= 0)
		snprintf(buf, room, " (%s)", k->peers.list[i].name);
	return buf;
}

struct stream_terms stack_stream_terms(const struct addr *remote, void *arg)
{
	struct sip_stack *k = arg;
	int i = peers_find(&k->peers, remote);
	const struct sip_peer_params *p = i >= 0 ? &k->peers.list[i] : NULL;

	if (!p)
		return (struct stream_terms){.known = stack_endpoint_of_host(k, remote) >= 0,
					     .unwelcome = peers_drop(&k->peers, remote),
					     .check = true};
	return (struct stream_terms){.known = true,
				     .unwelcome = peers_drop(&k->peers, remote),
				     .name = p->tls_name ? p->tls_name : p->host,
				     .check = !p->tls_trusting};
}

void stack_stream_bad(const char *text, size_t len, const struct sip_hop *from, const char *why, void *arg)
{
	stack_bad(arg, text, len, from, why);
}

/* A peer that is asked with OPTIONS, and is known to be down, is not in the log each time that it is asked. */
static bool is_down(const struct sip_stack *k, const struct addr *remote)
{
	int i = peers_find(&k->peers, remote);

	return i >= 0 && sip_stack_peer_health(k, (unsigned)i).state == SIP_HEALTH_DOWN;
}

void stack_stream_lost(const struct stream_loss *l, void *arg)
{
	struct sip_stack *k = arg;
	char hop[HOP_TEXT_OCTETS], peer[64];
	unsigned held = 0;

	hop_print(&l->hop, hop);
	peer_text(k, &l->hop.addr, peer, sizeof(peer));
	/* scanners of TLS come no further */
	if (l->inbound && !l->up && !peer[0])
		peers_suspect(&k->peers, &l->hop.addr, l->why);
	if (l->up) {
		log_info("sip", "connection with %s%s ended: %s", hop, peer, l->why);
	} else if (!l->inbound && is_down(k, &l->hop.addr)) {
		log_debug("sip", "no connection to %s%s: %s", hop, peer, l->why);
	} else if (!l->inbound) {
		log_warning("sip", "no connection to %s%s: %s", hop, peer, l->why);
	} else if (log_limit_pass(&k->streams, loop_now_us(k->loop), &held)) {
		log_warning("sip", "no connection from %s%s: %s (%u more since the last such line)", hop, peer, l->why,
			    held);
	}
	txns_lost(k->txns, l);
	stack_registrar_lost(k, l->hop.connection);
	if (l->up)
		registrations_lost(k->registrations, k->peers.count, &l->hop);
}

void stack_refused(const struct addr *to, const char *text, size_t len, const char *why, void *arg)
{
	struct sip_stack *k = arg;

	txns_refused(k->txns, to, text, len, why);
}

void stack_stream_alias(struct sip_stack *k, const osip_message_t *request, const struct sip_hop *source)
{
	osip_via_t *via = osip_list_get(&request->vias, 0);
	osip_generic_param_t *p = NULL;
	struct addr alias = source->addr;

	if (source->transport == SIP_UDP || !via || k->stray_from < 0)
		return;
	osip_generic_param_get_byname(&via->via_params, (char *)"alias", &p);
	if (!p)
		return;
	/* Its own host only: else it could draw to itself what is for others. */
	addr_set_port(&alias, message_via_port(via, source->transport));
	transports_alias(k->transports, source, &alias);
}
