/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may begin something with us: by where it comes from, and, where the peer is asked for them, by its credentials
 * (RFC 3261 22.2).
 *
 * Everything outside a call is asked but OPTIONS, with which peers look whether we are there, and CANCEL, which cannot
 * be sent again (22.1). Within a call nothing is: its tags, 64 random bits of ours, came to nobody but who was let in.
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

/* What is asked of the peer P, or of a stranger (NULL), who may be an endpoint. */
static bool asks_credentials(const struct sip_stack *k, const struct sip_peer_params *p, const osip_message_t *m)
{
	if (MSG_IS_REGISTER(m) && k->bindings)
		return true;
	return (!p || (p->inbound_user && p->inbound_user[0])) && !MSG_IS_OPTIONS(m) && !MSG_IS_CANCEL(m);
}

/* Whose the credentials C are to be: those of the peer at the source, or of any endpoint; -1: nobody's. */
static int owner_of(const struct sip_stack *k, int peer, const osip_message_t *m, const struct auth_credentials *c)
{
	bool any = peer < 0 || k->peers.list[peer].endpoint || MSG_IS_REGISTER(m);

	return any ? stack_endpoint_of_user(k, c->user) : peer;
}

static enum auth_verdict judge(struct sip_stack *k, const struct auth_credentials *c, const char *method, int owner)
{
	const struct sip_peer_params *p = owner < 0 ? NULL : &k->peers.list[owner];

	/* For a user that nobody has, as much is computed, and nothing fits. */
	return auth_server_check(&k->auth, c, method, p ? p->inbound_user : "", p ? p->inbound_secret : "",
				 loop_now_us(k->loop));
}

/* Everything that is asked counts until it is answered well: who only asks to be asked is a scanner. */
static void count(struct sip_stack *k, const struct addr *source, bool good)
{
	if (!k->peers.blacklist || peers_find(&k->peers, source) >= 0)
		return;
	if (good)
		blacklist_absolve(k->peers.blacklist, source);
	else
		blacklist_note_asked(k->peers.blacklist, source);
}

/* False: EVENT has been answered. */
static bool check_credentials(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source, int *peerp)
{
	const char *method = event->sip->sip_method;
	enum auth_verdict v = AUTH_STALE;
	struct auth_credentials c;
	bool given = auth_credentials_read(&k->auth, event->sip, &c);
	int owner = given ? owner_of(k, *peerp, event->sip, &c) : -1;

	if (given)
		v = judge(k, &c, method, owner);
	if (v == AUTH_GOOD) {
		transports_welcome(k->transports, source);
		count(k, &source->addr, true);
		*peerp = owner;
		return true;
	}
	if (v == AUTH_WRONG)
		peers_wrong_credentials(&k->peers, &source->addr, method, c.user, loop_now_us(k->loop));
	else if (!given)
		count(k, &source->addr, false);
	challenge(k, event, source, given && v == AUTH_STALE);
	return false;
}

/* The call of an endpoint or of a peer that is asked, which was let in before: the INVITE once more, as its 2xx was
 * lost, with credentials that have been used; or its CANCEL, which has none. */
static bool was_let_in(struct sip_stack *k, const osip_message_t *m, int *peerp)
{
	struct sip_session *s = NULL;

	if (MSG_IS_INVITE(m) || MSG_IS_CANCEL(m))
		s = session_of_invite(k, m, true);
	if (!s || !k->peers.list[s->peer].inbound_user || !k->peers.list[s->peer].inbound_user[0])
		return false;
	*peerp = (int)s->peer;
	return true;
}

bool stack_admit(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source, int *peerp)
{
	const struct sip_peer_params *p = *peerp < 0 ? NULL : &k->peers.list[*peerp];

	/* (looked for only where there may be one: the search goes through all calls) */
	if ((k->bindings || (p && p->inbound_user && p->inbound_user[0])) && was_let_in(k, event->sip, peerp))
		return true;
	if ((p || k->bindings) && asks_credentials(k, p, event->sip))
		return check_credentials(k, event, source, peerp);
	if (p)
		return true;
	forbid(k, event, source);
	return false;
}
