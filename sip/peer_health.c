/* SPDX-License-Identifier: GPL-2.0-only */
#include "peer_health.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer_health_own.h"
#include "session_own.h"

/* Between the first OPTIONS of two peers, that a start with many is no burst. */
#define FIRST_APART_MS 100
/* The least interval when a peer's servers share it. */
#define LEAST_INTERVAL_MS 1000

const char *sip_health_name(enum sip_health s)
{
	static const char *const names[] = {"not probed", "unknown", "up", "down"};

	return names[s];
}

static const struct sip_peer_params *health_params(const struct peer_health *h)
{
	return &h->stack->peers.list[h->peer];
}

static int64_t health_now_us(const struct peer_health *h)
{
	return loop_now_us(h->stack->loop);
}

static void health_change(struct peer_health *h, enum sip_health state)
{
	h->known.state = state;
	h->known.since_us = health_now_us(h);
}

static void health_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct peer_health *h = arg;
	bool alive;

	if (e == TXN_GONE || (e == TXN_RESPONSE && m->status_code < 200))
		return;
	h->asking = NULL;
	txn_abandon(t);
	if (e == TXN_RESPONSE) {
		alive = m->status_code != 408 && m->status_code != 503;
		snprintf(h->known.why, sizeof(h->known.why), "%d %s", m->status_code,
			 message_phrase((unsigned)m->status_code));
		fsm_event(&h->fsm, alive ? HEALTH_EV_ANSWER : HEALTH_EV_MISS, NULL);
		return;
	}
	snprintf(h->known.why, sizeof(h->known.why), "%s", e == TXN_ERROR ? txn_why(t) : "no response in time");
	fsm_event(&h->fsm, HEALTH_EV_MISS, NULL);
}

/* Each of a peer's servers in its turn. */
static int health_hop(struct peer_health *h, struct sip_hop *hp)
{
	server_health_take(&h->servers, &h->stack->peers.targets[h->peer]);
	if (!h->servers.count)
		return EHOSTUNREACH;
	*hp = *server_health_next(&h->servers);
	return 0;
}

/* The interval is that of each server. */
static uint32_t interval_ms(const struct peer_health *h)
{
	unsigned servers = h->stack->peers.targets[h->peer].count;
	uint32_t ms = health_params(h)->options_interval_ms;

	if (servers > 1)
		ms = ms / servers > LEAST_INTERVAL_MS ? ms / servers : LEAST_INTERVAL_MS;
	return ms;
}

static void server_answered(struct peer_health *h)
{
	char hop[HOP_TEXT_OCTETS];

	if (h->servers.count && server_health_answered(&h->servers) >= health_params(h)->options_misses &&
	    h->servers.count > 1)
		log_notice(h->prefix, "its server at %s is up again: %s",
			   hop_print(&h->servers.list[h->servers.at].hop, hop), h->known.why);
}

/* A peer of several servers is alive while one of them is. */
static void server_missed(struct peer_health *h)
{
	char hop[HOP_TEXT_OCTETS];

	if (!h->servers.count) {
		h->missed++;
		return;
	}
	if (server_health_missed(&h->servers) == health_params(h)->options_misses && h->servers.count > 1)
		log_warning(h->prefix, "its server at %s is down: OPTIONS: %s, %u in a row: it is tried last",
			    hop_print(&h->servers.list[h->servers.at].hop, hop), h->known.why,
			    health_params(h)->options_misses);
	h->missed = server_health_least(&h->servers);
}

/* As a request of a dialog that is never made: it has a Call-ID, a tag and a next hop. */
static int health_send(struct peer_health *h)
{
	struct sip_stack *k = h->stack;
	char host[PEER_HOST_OCTETS], transport[PEER_HOST_OCTETS], from[MESSAGE_HOST_OCTETS + 32],
		to[PEER_HOST_OCTETS + 16], target[2 * PEER_HOST_OCTETS + 16];
	const struct message_ua *ua;
	struct message_text t;
	struct sip_hop hop;
	struct dialog d;
	osip_message_t *m;
	int err = health_hop(h, &hop);

	if (err)
		return err;
	ua = stack_ua(k, &hop);
	snprintf(from, sizeof(from), "<sip:faxspan@%s>", ua->host);
	snprintf(to, sizeof(to), "<sip:%s>", peers_uri_host(&k->peers, h->peer, host));
	snprintf(target, sizeof(target), "sip:%s%s", host, peers_uri_transport(&hop, transport));
	err = dialog_init_uac(&d, from, to, target, &hop);
	if (err)
		return err;
	dialog_add_request(&d, &t, ua, "OPTIONS", 0, true);
	message_add(&t, "Accept: application/sdp\r\n");
	message_add_body(&t, NULL);
	err = message_finish(&t, &m);
	if (!err)
		err = txn_request(k->txns, m, &d.next_hop, health_txn, h, &h->asking);
	dialog_fini(&d);
	return err;
}

static void health_ask(void *owner, const void *data)
{
	struct peer_health *h = owner;
	int err;

	h->timeouts_ms[HEALTH_T_WAITING] = interval_ms(h);
	h->known.asked++;
	err = health_send(h);
	if (!err)
		return;
	snprintf(h->known.why, sizeof(h->known.why), "cannot ask it: %s", strerror(err));
	fsm_event(&h->fsm, HEALTH_EV_MISS, NULL);
}

static void health_answered(void *owner, const void *data)
{
	struct peer_health *h = owner;
	long long down_s = (health_now_us(h) - h->known.since_us) / SEC_US;

	server_answered(h);
	h->missed = 0;
	if (h->known.state == SIP_HEALTH_UP)
		return;
	if (h->known.state == SIP_HEALTH_DOWN)
		log_notice(h->prefix, "up again after %lld s: it answers OPTIONS with %s", down_s, h->known.why);
	else
		log_info(h->prefix, "up: it answers OPTIONS with %s", h->known.why);
	health_change(h, SIP_HEALTH_UP);
}

static void health_missed(void *owner, const void *data)
{
	struct peer_health *h = owner;

	h->known.missed++;
	server_missed(h);
	if (h->known.state == SIP_HEALTH_DOWN || h->missed < health_params(h)->options_misses)
		return;
	log_warning(h->prefix, "down: OPTIONS: %s, %u in a row: it is tried last until it answers", h->known.why,
		    h->missed);
	health_change(h, SIP_HEALTH_DOWN);
}

static void health_silent(void *owner, const void *data)
{
	struct peer_health *h = owner;

	txn_drop(h->asking);
	h->asking = NULL;
	snprintf(h->known.why, sizeof(h->known.why), "no response in %u ms", h->timeouts_ms[HEALTH_T_ASKING]);
	health_missed(h, NULL);
}

static const struct fsm_state states[] = {
	[HEALTH_OFF] = {.name = "off"},
	[HEALTH_WAITING] = {.name = "waiting"},
	[HEALTH_ASKING] = {.name = "asking"},
};

static const char *const events[] = {
	[HEALTH_EV_START] = "start", [HEALTH_EV_DUE] = "due",	      [HEALTH_EV_ANSWER] = "answer",
	[HEALTH_EV_MISS] = "miss",   [HEALTH_EV_SILENCE] = "silence",
};

static const struct fsm_rule rules[] = {
	{HEALTH_OFF, HEALTH_EV_START, NULL, HEALTH_WAITING},
	{HEALTH_WAITING, HEALTH_EV_DUE, health_ask, HEALTH_ASKING},
	{HEALTH_ASKING, HEALTH_EV_ANSWER, health_answered, HEALTH_WAITING},
	{HEALTH_ASKING, HEALTH_EV_MISS, health_missed, HEALTH_WAITING},
	{HEALTH_ASKING, HEALTH_EV_SILENCE, health_silent, HEALTH_WAITING},
};

static const struct fsm_timeout timeouts[] = {
	{HEALTH_WAITING, HEALTH_EV_DUE, HEALTH_T_WAITING},
	{HEALTH_ASKING, HEALTH_EV_SILENCE, HEALTH_T_ASKING},
};

const struct fsm_def health_fsm = FSM_DEF("health", states, events, rules, timeouts);

int peer_health_alloc(struct peer_health **hp, struct sip_stack *k)
{
	struct peer_health *list = calloc(k->peers.count ? k->peers.count : 1, sizeof(*list)), *h;
	unsigned first_ms = 0;

	if (!list)
		return ENOMEM;
	for (unsigned i = 0; i < k->peers.count; i++) {
		const struct sip_peer_params *p = &k->peers.list[i];

		h = &list[i];
		h->stack = k;
		h->peer = i;
		snprintf(h->prefix, sizeof(h->prefix), "sip peer %.36s", p->name);
		fsm_init(&h->fsm, &health_fsm, HEALTH_OFF, h, h->prefix, loop_timers(k->loop), h->timeouts_ms);
		if (!p->options_interval_ms || (!addr_is_set(&p->addr) && !p->host))
			continue;
		health_change(h, SIP_HEALTH_UNKNOWN);
		first_ms += FIRST_APART_MS;
		h->timeouts_ms[HEALTH_T_WAITING] = first_ms;
		h->timeouts_ms[HEALTH_T_ASKING] = p->options_timeout_ms;
		fsm_event(&h->fsm, HEALTH_EV_START, NULL);
	}
	*hp = list;
	return 0;
}

void peer_health_moved(struct peer_health *h)
{
	/* while one is being asked, its answer is its own */
	if (h->fsm.state == HEALTH_WAITING && server_health_take(&h->servers, &h->stack->peers.targets[h->peer]))
		fsm_event(&h->fsm, HEALTH_EV_DUE, NULL);
}

void peer_health_free(struct peer_health *list, unsigned count)
{
	if (!list)
		return;
	for (unsigned i = 0; i < count; i++) {
		txn_abandon(list[i].asking);
		fsm_fini(&list[i].fsm);
	}
	free(list);
}

struct sip_peer_health sip_stack_peer_health(const struct sip_stack *k, unsigned peer)
{
	if (!k->health || peer >= k->peers.count)
		return (struct sip_peer_health){.state = SIP_HEALTH_UNPROBED};
	return k->health[peer].known;
}

bool sip_stack_target_is_down(const struct sip_stack *k, unsigned peer, const struct sip_hop *hop)
{
	const struct peer_health *h = k->health && peer < k->peers.count ? &k->health[peer] : NULL;

	return h && h->servers.count > 1 && server_health_of(&h->servers, hop) >= health_params(h)->options_misses;
}
