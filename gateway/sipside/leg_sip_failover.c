/* SPDX-License-Identifier: GPL-2.0-only */
/* A call from the line that one peer does not take goes to the next, and the caller hears nothing of it. */
#include "gateway/sipside/leg_sip_own.h"

#include <stdio.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/call/cause.h"
#include "gateway/sipside/sipside.h"
#include "sip/peer_health.h"

static bool is_being_tried(const struct leg_sip *l)
{
	return l->from_line && (l->fsm.state == SIP_INVITED || l->fsm.state == SIP_RINGING);
}

/* A peer of several servers is tried last only when each of them has failed. */
static void hold_target(struct leg_sip *l, const char *why, unsigned retry_after_s)
{
	struct peer_targets *t = &l->side->targets[l->peer];
	const struct config_peer *p = leg_sip_peer_conf(l);
	const struct sip_hop *hop = &l->course.hops[l->course.at];
	const int64_t now_us = loop_now_us(l->side->loop);
	const uint32_t hold_ms = peer_use_hold_ms(l->side, l->peer, retry_after_s);
	char text[HOP_TEXT_OCTETS];

	if (t->targets.count > 1) {
		if (hold_ms && peer_targets_hold(t, hop, now_us + hold_ms * MS_US, now_us))
			log_warning("sip", "peer %s at %s: %s: it is tried last for %u s", p->name,
				    hop_print(hop, text), why, hold_ms / 1000);
		if (!peer_targets_all_held(t, now_us))
			return;
	}
	sipside_look_up(l->side, l->peer);
	peer_use_hold(l->side, l->peer, hold_ms, why);
}

static void release_peer(struct leg_sip *l)
{
	const struct sip_hop *hop = &l->course.hops[l->course.at];
	char text[HOP_TEXT_OCTETS];

	peer_use_release(l->side, l->peer);
	if (peer_targets_release(&l->side->targets[l->peer], hop, loop_now_us(l->side->loop)))
		log_notice("sip", "peer %s at %s: it responds again", leg_sip_peer_conf(l)->name, hop_print(hop, text));
}

static void take_course(struct leg_sip *l)
{
	const struct peer_targets *t = &l->side->targets[l->peer];
	uint32_t down = 0;

	for (unsigned i = 0; i < t->targets.count; i++)
		down |= (uint32_t)sip_stack_target_is_down(l->side->stack, l->peer, &t->targets.list[i].hop) << i;
	l->course = peer_targets_course(t, down, loop_now_us(l->side->loop), &l->side->seed);
}

static bool has_next_target(const struct leg_sip *l)
{
	return l->course.at + 1 < l->course.count;
}

static void next_target(struct leg_sip *l, const char *why)
{
	struct peer_course *c = &l->course;
	char from[HOP_TEXT_OCTETS], to[HOP_TEXT_OCTETS];

	log_notice(l->prefix, "peer %s at %s: %s: trying %s", leg_sip_peer_conf(l)->name,
		   hop_print(&c->hops[c->at], from), why, hop_print(&c->hops[c->at + 1], to));
	c->at++;
	fsm_event(&l->fsm, SIP_E_NEXT_TARGET, NULL);
}

static void next_peer(struct leg_sip *l, const char *why)
{
	struct failover *f = &l->failover;

	l->side->use[l->peer].moved++;
	failover_note(f, leg_sip_peer_conf(l)->name, why);
	log_notice(l->prefix, "peer %s: %s: trying peer %s", leg_sip_peer_conf(l)->name, why,
		   l->side->config->peers[f->order[f->at + 1]].name);
	l->peer = f->order[++f->at];
	take_course(l);
	fsm_event(&l->fsm, SIP_E_NEXT_PEER, NULL);
}

static void wait_for_response(struct leg_sip *l, uint32_t ms)
{
	if (timer_start(loop_timers(l->side->loop), &l->unheard, ms * MS_US))
		log_error(l->prefix, "no memory for the timer of the INVITE");
}

/* It has said 100, so that it is there; but who says no more has lost the call (RFC 3261 16.6, timer C, is far
 * longer). */
static bool may_still_progress(struct leg_sip *l)
{
	const struct config_peer *p = leg_sip_peer_conf(l);

	if (session_is_unheard(l->session))
		return false;
	if (p->progress_timeout_ms > p->failover_timeout_ms && !l->heard) {
		l->heard = true;
		wait_for_response(l, p->progress_timeout_ms - p->failover_timeout_ms);
		return true;
	}
	return !p->progress_timeout_ms;
}

static void on_unheard(void *arg)
{
	struct leg_sip *l = arg;
	char why[48], text[MSG_TEXT_OCTETS];

	if (l->fsm.state != SIP_INVITED || !l->session || may_still_progress(l))
		return;
	if (session_is_unheard(l->session))
		snprintf(why, sizeof(why), "no response in %u ms", leg_sip_peer_conf(l)->failover_timeout_ms);
	else
		snprintf(why, sizeof(why), "nothing but 100 in %u ms", leg_sip_peer_conf(l)->progress_timeout_ms);
	hold_target(l, why, 0);
	session_give_up(l->session, Q850_TIMER_EXPIRED);
	l->session = NULL;
	if (has_next_target(l))
		next_target(l, why);
	else if (l->failover.at + 1 < l->failover.count)
		next_peer(l, why);
	else
		leg_sip_drop_for_peer(l, cause_from_sip(408), leg_sip_failover_text(l, why, text));
}

/* Peers that nobody knows the address of are no choice; unless there is no other. */
static void leave_out_unknown(struct leg_sip *l)
{
	struct failover *f = &l->failover;
	unsigned known = 0;

	for (unsigned i = 0; i < f->count; i++)
		known += l->side->targets[f->order[i]].targets.count > 0;
	if (!known || known == f->count)
		return;
	known = 0;
	for (unsigned i = 0; i < f->count; i++) {
		if (l->side->targets[f->order[i]].targets.count) {
			f->order[known++] = f->order[i];
			continue;
		}
		failover_note(f, l->side->config->peers[f->order[i]].name, "not found");
		log_info(l->prefix, "peer %s: %s: left out", l->side->config->peers[f->order[i]].name,
			 l->side->config->peers[f->order[i]].endpoint ? "not registered" : "its name is not found");
	}
	f->count = known;
}

void leg_sip_drop_unknown(struct leg_sip *l)
{
	char why[CONFIG_HOST_OCTETS + 64], text[MSG_TEXT_OCTETS];

	if (leg_sip_peer_conf(l)->endpoint) {
		snprintf(why, sizeof(why), "endpoint %s is not registered", leg_sip_peer_conf(l)->name);
		leg_sip_drop_for_peer(l, Q850_SUBSCRIBER_ABSENT, leg_sip_failover_text(l, why, text));
		return;
	}
	snprintf(why, sizeof(why), "the name %s of peer %s is not found", leg_sip_peer_conf(l)->host,
		 leg_sip_peer_conf(l)->name);
	leg_sip_drop_for_peer(l, Q850_NETWORK_OUT_OF_ORDER, leg_sip_failover_text(l, why, text));
}

/* Where an endpoint is registered at this moment. */
static void look_at_endpoint(struct leg_sip *l, unsigned peer)
{
	struct resolver_news now = {.outcome = DNS_FOUND};

	if (!l->side->config->peers[peer].endpoint)
		return;
	now.targets = *sip_stack_targets(l->side->stack, peer);
	peer_targets_take(&l->side->targets[peer], &now);
}

static void choose_peers(struct leg_sip *l, unsigned first)
{
	const struct config_targets *t = l->side->config->rules[l->rule].peers;
	uint32_t held = 0;

	l->failover = (struct failover){.count = 1, .order = {first}};
	look_at_endpoint(l, first);
	if (t->count < 2)
		return;
	for (unsigned i = 0; i < t->count; i++)
		look_at_endpoint(l, t->list[i].peer);
	for (unsigned i = 0; i < t->count; i++)
		if (peer_use_is_last(l->side, t->list[i].peer))
			held |= 1u << i;
	failover_order(t, held, &l->side->turns[l->rule], &l->failover);
	leave_out_unknown(l);
}

void leg_sip_failover_init(struct leg_sip *l, unsigned first)
{
	timer_init(&l->unheard, on_unheard, l);
	choose_peers(l, first);
	l->peer = l->failover.order[0];
	take_course(l);
}

bool leg_sip_failover_admit(struct leg_sip *l)
{
	struct failover *f = &l->failover;
	char why[PEER_USE_WHY_OCTETS], text[MSG_TEXT_OCTETS];

	while (peer_use_admit(l->side, l, why)) {
		if (f->at + 1 >= f->count) {
			leg_sip_drop(l, Q850_NO_CHANNEL, leg_sip_failover_text(l, why, text));
			return false;
		}
		failover_note(f, leg_sip_peer_conf(l)->name, why);
		log_notice(l->prefix, "peer %s: %s: trying peer %s", leg_sip_peer_conf(l)->name, why,
			   l->side->config->peers[f->order[f->at + 1]].name);
		l->peer = f->order[++f->at];
		take_course(l);
	}
	return true;
}

void leg_sip_failover_begin(struct leg_sip *l)
{
	l->heard = false;
	if (l->failover.count > 1 || l->course.count > 1)
		wait_for_response(l, leg_sip_peer_conf(l)->failover_timeout_ms);
}

bool leg_sip_failover(struct leg_sip *l, const struct session_event *e)
{
	char why[SIP_TEXT_OCTETS];

	if (!is_being_tried(l))
		return false;
	if (e->type != SESSION_CLOSED) {
		release_peer(l);
		return false;
	}
	if (!failover_may_move(e->status, e->cause)) {
		release_peer(l);
		return false;
	}
	/* it rang and nobody answered: that is the call's end, not the peer's */
	if (l->fsm.state == SIP_RINGING && !e->remote)
		return false;
	if (l->failover.count < 2 && l->course.count < 2) {
		sipside_look_up(l->side, l->peer);
		return false;
	}
	snprintf(why, sizeof(why), "%u %s", e->status, e->text);
	hold_target(l, why, e->retry_after_s);
	if (has_next_target(l) && failover_may_try_server(e->status, e->remote)) {
		l->session = NULL;
		next_target(l, why);
		return true;
	}
	if (l->failover.at + 1 == l->failover.count)
		return false;
	l->session = NULL;
	next_peer(l, why);
	return true;
}

const char *leg_sip_failover_text(const struct leg_sip *l, const char *why, char *buf)
{
	size_t len = strlen(l->failover.tried);

	memcpy(buf, l->failover.tried, len + 1);
	if (len)
		len += (size_t)snprintf(buf + len, MSG_TEXT_OCTETS - len, "%.32s: ", leg_sip_peer_conf(l)->name);
	snprintf(buf + len, MSG_TEXT_OCTETS - len, "%s", why ? why : "");
	return buf;
}
