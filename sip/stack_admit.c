/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may begin something with us: by where it comes from, and, where the peer is asked for them, by its credentials
 * (RFC 3261 22.2).
 *
 * Everything outside a call is asked but OPTIONS, with which peers look whether we are there, and CANCEL, which cannot be
 * sent again (22.1). Within a call nothing is: its tags, 64 random bits of ours, came to nobody but who was let in.
 *
 * Who is refused or asked costs one datagram and no transaction.
 */
#include <string.h>

#include "session_own.h"

static void forbid(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source)
{
	struct sip_hop to = message_reply_to(event->sip, source);
	osip_message_t *m;

	peers_refuse(&k->peers, &source->addr, event->sip->sip_method, "not a peer", loop_now_us(k->loop));
	if (!message_response(stack_ua(k, source), event->sip, 403, "refused", &m)) {
		txn_send_stateless(k->txns, m, &to);
		osip_message_free(m);
	}
	osip_event_free(event);
}

static void challenge(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source, bool stale)
{
	struct sip_hop to = message_reply_to(event->sip, source);
	osip_message_t *m;
	char tag[17];

	auth_server_tag(&k->auth, event->sip, tag);
	k->stats.challenges++;
	if (!message_response(stack_ua(k, source), event->sip, 401, tag, &m)) {
		if (!auth_server_challenge(&k->auth, m, stale, loop_now_us(k->loop)))
			txn_send_stateless(k->txns, m, &to);
		osip_message_free(m);
	}
	osip_event_free(event);
}

static bool asks_credentials(const struct sip_peer_params *p, const osip_message_t *m)
{
	return p->inbound_user && p->inbound_user[0] && !MSG_IS_OPTIONS(m) && !MSG_IS_CANCEL(m);
}

/* False: EVENT has been answered. */
static bool check_credentials(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source,
			      const struct sip_peer_params *p)
{
	const int64_t now_us = loop_now_us(k->loop);
	enum auth_verdict v = AUTH_STALE;
	struct auth_credentials c;
	bool given = auth_credentials_read(&k->auth, event->sip, &c);

	if (given)
		v = auth_server_check(&k->auth, &c, event->sip->sip_method, p->inbound_user, p->inbound_secret, now_us);
	if (v == AUTH_GOOD)
		return true;
	if (v == AUTH_WRONG)
		peers_wrong_credentials(&k->peers, &source->addr, event->sip->sip_method, c.user, now_us);
	challenge(k, event, source, given && v == AUTH_STALE);
	return false;
}

bool stack_admit(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source, int *peerp)
{
	const struct sip_peer_params *p = *peerp < 0 ? NULL : &k->peers.list[*peerp];

	if (!p) {
		forbid(k, event, source);
		return false;
	}
	if (!asks_credentials(p, event->sip))
		return true;
	/* The INVITE of a call that was let in, once more: its 2xx was lost. Its credentials have been used. */
	if (MSG_IS_INVITE(event->sip) && session_of_invite(k, event->sip, true))
		return true;
	return check_credentials(k, event, source, p);
}
