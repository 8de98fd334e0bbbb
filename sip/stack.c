/* SPDX-License-Identifier: GPL-2.0-only */
/* The stack as an object, and the way of a datagram into it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session_own.h"

/* RFC 5626 keep-alives and stray ends of lines between messages. */
static bool is_keepalive(const char *text, size_t len)
{
	return strspn(text, "\r\n") == len || (len == 4 && !memcmp(text, "\0\0\0\0", 4));
}

static bool may_be_response(const char *text, size_t len)
{
	return len > 8 && !strncasecmp(text, "SIP/", 4);
}

/* The index of the peer that sent a message from FROM, or -1. One that is to use TLS is believed by nothing else. */
static int stack_peer_of(const struct sip_stack *k, const struct sip_hop *from)
{
	int i = peers_find(&k->peers, &from->addr);

	return i >= 0 && k->peers.list[i].transport == SIP_TLS && from->transport != SIP_TLS ? -1 : i;
}

static void stack_take(struct sip_stack *k, osip_event_t *event, const struct sip_hop *from)
{
	message_log("rx", event->sip, from);
	k->stray_from = stack_peer_of(k, from);
	if (MSG_IS_RESPONSE(event->sip)) {
		k->stats.responses_rx++;
		txn_match(k->txns, event);
		return;
	}
	k->stats.requests_rx++;
	stack_stream_alias(k, event->sip, from);
	stack_request(k, event, from);
}

static void stack_parse(struct sip_stack *k, const char *text, size_t len, const struct sip_hop *from)
{
	const char *wrong = message_check_text(text, len);
	osip_event_t *event = wrong ? NULL : osip_parse(text, len);

	if (!event) {
		stack_bad(k, text, len, from, wrong ? wrong : "cannot be parsed");
		return;
	}
	wrong = message_check(event->sip);
	if (!wrong && !may_be_response(text, len) != !MSG_IS_RESPONSE(event->sip))
		wrong = "neither request nor response";
	if (wrong) {
		stack_bad(k, text, len, from, wrong);
		osip_event_free(event);
		return;
	}
	stack_take(k, event, from);
}

static void stack_message(const char *text, size_t len, const struct sip_hop *from, void *arg)
{
	struct sip_stack *k = arg;
	char *own;

	if (peers_drop(&k->peers, &from->addr) || is_keepalive(text, len))
		return;
	if (!memchr(text, '\0', len)) {
		stack_parse(k, text, len, from);
		return;
	}
	own = message_without_nuls(text, len);
	if (own)
		stack_parse(k, own, len, from);
	else
		stack_bad(k, "", 0, from, "a NUL in the message");
	free(own);
}

static void stack_stray(const osip_message_t *msg, void *arg)
{
	session_stray(arg, msg);
}

const struct message_ua *stack_ua(const struct sip_stack *k, const struct sip_hop *hop)
{
	enum addr_family f = addr_family(&hop->addr);

	return k->ua[f].host[0] ? &k->ua[f] : &k->ua[!f];
}

bool stack_is_host(const struct sip_stack *k, const char *host)
{
	size_t n = strlen(host);

	for (unsigned f = 0; f < ADDR_FAMILIES; f++) {
		const char *own = k->ua[f].host;

		if (!strcmp(own, host) || (own[0] == '[' && !strncmp(own + 1, host, n) && !strcmp(own + 1 + n, "]")))
			return true;
	}
	return false;
}

/* The host that is configured, if it can be one of FAMILY: an address of the other is none. */
static const char *host_in(const char *host, enum addr_family family)
{
	struct addr a;

	return host && (addr_parse(&a, host, 0) || addr_family(&a) == family) ? host : NULL;
}

/* How we name ourselves on each transport, to those of FAMILY. */
static int stack_name(struct sip_stack *k, const struct sip_stack_params *p, enum addr_family family)
{
	const struct addr *udp = transports_local(k->transports, SIP_UDP, family), *local;
	const char *host = host_in(p->host, family);
	struct message_ua *ua = &k->ua[family];
	int err;

	if (!udp)
		return 0;
	err = message_ua_init(ua, host, udp, p->user_agent);
	if (err) {
		log_error("sip", "\"%s\" is not a host for Contact and Via", p->host ? p->host : "");
		return err;
	}
	if (!host && addr_is_any(udp))
		log_warning("sip", "listening on every %s address without a host: peers cannot reach our Contact",
			    addr_family_name(family));
	for (enum sip_transport t = SIP_TCP; t < SIP_TRANSPORTS; t++) {
		local = transports_local(k->transports, t, family);
		if (local) {
			message_ua_add(ua, t, local);
			continue;
		}
		/* By a connection of ours alone: answers come by it, and where else we are says Contact. */
		memcpy(ua->sent_by[t], ua->sent_by[SIP_UDP], sizeof(ua->sent_by[t]));
		memcpy(ua->contact[t], ua->contact[SIP_UDP], sizeof(ua->contact[t]));
	}
	return 0;
}

static int stack_open(struct sip_stack *k, const struct sip_stack_params *p, struct net *net)
{
	struct transports_params tp = {
		.listen = {p->listen, p->listen_tcp, p->listen_tls},
		.tls = {.certificate = p->tls_certificate,
			.key = p->tls_key,
			.ca = p->tls_ca,
			.clients = p->tls_clients},
		.handlers = {.message = stack_message,
			     .bad = stack_stream_bad,
			     .lost = stack_stream_lost,
			     .terms = stack_stream_terms,
			     .arg = k},
		.refused = stack_refused,
	};
	int err;

	err = peers_init(&k->peers, p->peers, p->npeers);
	if (err)
		return err;
	err = peers_guard(&k->peers, &p->blacklist, k->loop);
	if (err)
		return err;
	err = transports_alloc(&k->transports, &tp, k->loop, net);
	for (unsigned f = 0; f < ADDR_FAMILIES && !err; f++)
		err = stack_name(k, p, f);
	if (!err)
		err = txns_alloc(&k->txns, k->loop, k->transports, stack_stray, k);
	if (!err)
		txns_use_tcp_above(k->txns, p->tcp_above, k->ua);
	if (err)
		return err;
	transports_mark(k->transports, p->dscp);
	err = auth_server_init(&k->auth, p->realm, !p->no_sha256, !p->no_md5);
	if (err)
		log_error("sip", "cannot ask for credentials: %s", strerror(err));
	if (!err)
		err = registrations_alloc(&k->registrations, k);
	if (!err)
		err = stack_registrar_alloc(k);
	return err ? err : peer_health_alloc(&k->health, k);
}

int sip_stack_alloc(struct sip_stack **sp, const struct sip_stack_params *p, struct loop *loop, struct net *net,
		    session_event_h *handler, void *stack_arg)
{
	struct sip_stack *k = calloc(1, sizeof(*k));
	int err;

	if (!k)
		return ENOMEM;
	k->loop = loop;
	k->handler = handler;
	k->arg = stack_arg;
	k->stray_from = -1;
	memcpy(k->no_media, p->no_media, sizeof(k->no_media));
	k->bad = k->streams = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	err = stack_open(k, p, net);
	if (err)
		sip_stack_free(k);
	else
		*sp = k;
	return err;
}

void sip_stack_free(struct sip_stack *k)
{
	if (!k)
		return;
	while (k->first)
		session_free(k->first);
	peer_health_free(k->health, k->peers.count);
	registrations_free(k->registrations, k->peers.count);
	stack_registrar_free(k);
	txns_free(k->txns);
	transports_free(k->transports);
	peers_fini(&k->peers);
	free(k);
}

void sip_stack_set_targets(struct sip_stack *k, unsigned peer, const struct sip_targets *targets)
{
	peers_set_targets(&k->peers, peer, targets);
	if (k->health && peer < k->peers.count)
		peer_health_moved(&k->health[peer]);
}

const struct sip_targets *sip_stack_targets(const struct sip_stack *k, unsigned peer)
{
	return &k->peers.targets[peer];
}

void sip_stack_drain(struct sip_stack *k)
{
	k->draining = true;
	registrations_stop(k->registrations, k->peers.count);
}

bool sip_stack_is_leaving(const struct sip_stack *k)
{
	return registrations_are_leaving(k->registrations, k->peers.count);
}

unsigned sip_stack_sessions(const struct sip_stack *k)
{
	return k->nsessions - k->ngiven_up;
}

struct sip_stack_stats sip_stack_stats(const struct sip_stack *k)
{
	struct sip_stack_stats st = k->stats;
	struct txn_stats x = txns_stats(k->txns);

	st.forbidden_rx = k->peers.refusals;
	st.wrong_credentials = k->peers.wrong_credentials;
	st.sent = x.sent;
	st.send_errors = x.send_errors;
	st.retransmissions = x.retransmissions;
	return st;
}

struct blacklist *sip_stack_blacklist(struct sip_stack *k)
{
	return k->peers.blacklist;
}
