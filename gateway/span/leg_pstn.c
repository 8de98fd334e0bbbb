/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/leg_pstn_own.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/call/capability.h"
#include "gateway/route/failover.h"
#include "gateway/span/span.h"

/* ---- the bearer's reports ---- */

static void bearer_asks_t38(void *arg)
{
	struct msg m = leg_pstn_msg(arg, MSG_T38_ASK);

	leg_pstn_say(arg, &m);
}

static void bearer_cancels_t38(void *arg)
{
	struct msg m = leg_pstn_msg(arg, MSG_T38_CANCEL);

	leg_pstn_say(arg, &m);
}

static void bearer_heard_fax(void *arg)
{
	struct leg_pstn *l = arg;

	if (l->timeslot && !line_echo(l->span->line, l->timeslot, false))
		log_debug(l->prefix, "echo canceller off");
}

static void bearer_fax_over(const char *why, void *arg)
{
	leg_pstn_note_end(arg, CDR_GATEWAY, Q850_NORMAL, 0, why);
	leg_pstn_drop(arg, Q850_NORMAL, why);
}

static int open_bearer(struct leg_pstn *l, bool t38_allowed, bool is_fax)
{
	const struct config_span *conf = l->span->conf;
	const struct bearer_params p = {
		.fax = &l->fax,
		.media = &l->span->config->peers[l->peer].media,
		.jitter_min_ms = conf->jitter_min_ms,
		.jitter_max_ms = conf->jitter_max_ms,
		.jitter_fax_ms = conf->jitter_fax_ms,
		.timeouts_ms = conf->timeouts_ms,
		.timers = &l->span->timers,
		.ports = &l->span->ports,
		.prefix = l->prefix,
		.line_answers = !l->from_line,
		.t38_allowed = t38_allowed,
		.is_fax = is_fax,
	};
	const struct bearer_handlers h = {bearer_asks_t38, bearer_cancels_t38, bearer_heard_fax, bearer_fax_over, l};
	int err;

	err = bearer_open(&l->bearer, &p, &h);
	if (err)
		log_error(l->prefix, "no media ports for the call: %s", strerror(err));
	return err;
}

/* ---- from outside ---- */

static void take_peer(struct leg_pstn *l, unsigned peer)
{
	const struct config_peer *p = &l->span->config->peers[peer];

	l->peer = peer;
	l->cdr.peer = p->name;
	capability_fax(l->span->conf, p, &l->fax);
}

void leg_pstn_take_route(struct leg_pstn *l, const struct route_result *route)
{
	const struct config *c = l->span->config;

	l->route = *route;
	l->cdr.route = route_name(c, route->rule);
	take_peer(l, route->peer);
}

static struct leg_pstn *leg_alloc(struct span *s, struct call_id id, const struct isdn_parties *parties, bool from_line)
{
	struct leg_pstn *l = s->nlegs < SPAN_MAX_LEGS ? calloc(1, sizeof(*l)) : NULL;

	if (!l)
		return NULL;
	l->span = s;
	l->id = id;
	l->parties = *parties;
	take_peer(l, s->conf->peer); /* until it is known */
	l->cdr.peer = NULL;
	l->from_line = from_line;
	l->cdr.from_line = from_line;
	l->cdr.begin_us = span_now_us(s);
	memcpy(l->cdr.called, parties->called.digits, sizeof(l->cdr.called));
	memcpy(l->cdr.calling, parties->calling.digits, sizeof(l->cdr.calling));
	fsm_init(&l->fsm, &leg_pstn_fsm, PSTN_IDLE, l, l->prefix, &s->timers, s->conf->timeouts_ms);
	s->legs[s->nlegs++] = l;
	return l;
}

/* What the bearer must be ready for: of the route, if there is one yet. */
static bool may_be_t38(const struct span *s, const struct route_result *route)
{
	return route ? failover_any_t38(s->config, s->config->rules[route->rule].peers, route->peer)
		     : route_any_t38(s->config, s->index);
}

int leg_pstn_offer(struct span *s, const struct pri_event_data *e, unsigned timeslot, const struct route_result *route)
{
	const struct call_id id = {(uint16_t)s->conf->number, ++s->next_serial};
	struct leg_pstn *l = leg_alloc(s, id, &e->parties, true);
	int err;

	if (!l)
		return ENOMEM;
	l->pri = e->call;
	pri_call_set_arg(e->call, l);
	span_occupy_timeslot(s, l, timeslot);
	leg_pstn_name_prefix(l);
	log_info(l->prefix, "SETUP from the line: %s calls %s%s%s", l->cdr.calling[0] ? l->cdr.calling : "(no number)",
		 l->cdr.called, route ? ": " : " and more digits", route ? route->why : "");
	if (route)
		leg_pstn_take_route(l, route);
	err = open_bearer(l, may_be_t38(s, route), false);
	if (err)
		leg_pstn_drop(l, Q850_RESOURCE_UNAVAILABLE, "no media ports");
	else
		fsm_event(&l->fsm, route ? PSTN_E_SETUP : PSTN_E_COLLECT, NULL);
	return 0;
}

int leg_pstn_dial(struct span *s, const struct msg *m)
{
	struct leg_pstn *l = leg_alloc(s, m->call, &m->setup.parties, false);
	int err = l ? span_hunt_timeslot(s, l, 0) : ENOMEM;

	if (!err) {
		leg_pstn_name_prefix(l);
		memcpy(l->cdr.called, m->setup.called, sizeof(l->cdr.called));
		memcpy(l->cdr.calling, m->setup.calling, sizeof(l->cdr.calling));
		l->cdr.route = route_name(s->config, m->setup.rule);
		take_peer(l, m->setup.peer);
		log_info(l->prefix, "call from SIP: %s calls %s, from peer %s",
			 l->cdr.calling[0] ? l->cdr.calling : "(no number)", l->cdr.called, l->cdr.peer);
		err = open_bearer(l, m->setup.t38_allowed, m->setup.is_fax);
	}
	if (err) {
		span_forget(s, l);
		return err;
	}
	l->sip_half = true;
	l->another = m->setup.another;
	fsm_event(&l->fsm, PSTN_E_DIAL, NULL);
	return 0;
}

static const int pri_to_event[] = {
	[PRI_PROCEEDING] = PSTN_E_PROCEEDING, [PRI_ALERTING] = PSTN_E_ALERTING, [PRI_PROGRESS] = PSTN_E_PROGRESS,
	[PRI_CONNECTED] = PSTN_E_CONNECTED,   [PRI_CLEARING] = PSTN_E_CLEARING, [PRI_GONE] = PSTN_E_PRI_GONE,
	[PRI_DIGITS] = PSTN_E_DIGITS,
};

/* The call of our SETUP is left to end by itself, with CAUSE if it is for us to clear; this leg goes on with another on
 * another channel. */
static void try_again(struct leg_pstn *l, unsigned cause)
{
	struct pri_call *pri = l->pri;

	l->pri = NULL;
	l->responded = false;
	pri_call_set_arg(pri, NULL);
	if (cause)
		pri_call_clear(pri, cause);
	fsm_event(&l->fsm, PSTN_E_COLLISION, NULL);
}

/* Q.931 5.1.2, 5.2.3.1: the other side's first answer names the channel, and where ours was only preferred it may be
 * another. False: that one is not free, and the event is dealt with. */
static bool follow_channel(struct leg_pstn *l, const struct pri_event_data *e)
{
	unsigned from = l->timeslot;

	l->responded = true;
	if (!e->channel || !span_move_timeslot(l->span, l, e->channel)) {
		leg_pstn_name_prefix(l);
		if (from != l->timeslot)
			log_info(l->prefix, "the other side has put the call on channel %u, not %u", l->timeslot, from);
		return true;
	}
	log_notice(l->prefix, "the other side has put the call on channel %u, which is not free", e->channel);
	if (l->fsm.state == PSTN_DIALED && e->type != PRI_CONNECTED)
		try_again(l, Q850_CHANNEL_UNACCEPTABLE);
	else
		leg_pstn_drop_for_line(l, Q850_CHANNEL_UNACCEPTABLE,
				       "the other side has put the call on a channel that is not free");
	return false;
}

/* CALL PROCEEDING may say as PROGRESS does that there is something to hear (Q.931 3.1.2). */
static int event_of(const struct pri_event_data *e)
{
	return e->type == PRI_PROCEEDING && e->inband ? PSTN_E_PROGRESS : pri_to_event[e->type];
}

static bool is_on_its_way(const struct leg_pstn *l)
{
	return l->fsm.state == PSTN_DIALED || l->fsm.state == PSTN_LINE_PROGRESS || l->fsm.state == PSTN_RINGING;
}

void leg_pstn_pri_event(struct leg_pstn *l, const struct pri_event_data *e)
{
	if (l->fsm.state == PSTN_DIALED && e->cause == Q850_CHANNEL_UNAVAILABLE &&
	    (e->type == PRI_CLEARING || e->type == PRI_GONE)) {
		try_again(l, e->type == PRI_CLEARING ? Q850_NORMAL : 0);
		return;
	}
	if (e->type == PRI_CLEARING || e->type == PRI_GONE) {
		leg_pstn_note_end(l, CDR_LINE, e->cause, 0, NULL);
		fsm_event(&l->fsm, pri_to_event[e->type], NULL);
		return;
	}
	if (is_on_its_way(l) && !follow_channel(l, e))
		return;
	fsm_event(&l->fsm, event_of(e), e);
}

bool leg_pstn_yield(struct leg_pstn *l)
{
	if (!is_on_its_way(l) || l->responded)
		return false;
	log_info(l->prefix, "a SETUP of the network takes the channel from ours");
	span_release_timeslot(l->span, l);
	return true;
}

static const int message_to_event[MSG_COUNT] = {
	[MSG_ALERTING] = PSTN_E_SIP_ALERTING,	[MSG_PROGRESS] = PSTN_E_SIP_PROGRESS,
	[MSG_ANSWER] = PSTN_E_SIP_ANSWER,	[MSG_MEDIA] = PSTN_E_SIP_MEDIA,
	[MSG_T38_REFUSED] = PSTN_E_SIP_REFUSED, [MSG_RELEASE] = PSTN_E_SIP_RELEASE,
};

void leg_pstn_message(struct leg_pstn *l, const struct msg *m)
{
	if (m->type == MSG_PEER) {
		take_peer(l, m->peer);
		bearer_set_policy(&l->bearer, &l->span->config->peers[l->peer].media);
	}
	if (message_to_event[m->type])
		fsm_event(&l->fsm, message_to_event[m->type], m);
}

static void drop(struct leg_pstn *l, enum cdr_side failed, unsigned cause, const char *why)
{
	leg_pstn_note_failed(l, failed);
	leg_pstn_note_end(l, CDR_GATEWAY, cause, 0, why);
	fsm_event(&l->fsm, PSTN_E_DROP, NULL);
}

void leg_pstn_drop(struct leg_pstn *l, unsigned cause, const char *why)
{
	drop(l, CDR_GATEWAY, cause, why);
}

void leg_pstn_drop_for_line(struct leg_pstn *l, unsigned cause, const char *why)
{
	drop(l, CDR_LINE, cause, why);
}

void leg_pstn_retry(struct leg_pstn *l)
{
	if (!l->release_due)
		return;
	leg_pstn_say_release(l);
	if (l->fsm.state == PSTN_CLEARING)
		leg_pstn_ask_done(l);
}

bool leg_pstn_is_gone(const struct leg_pstn *l)
{
	return l->fsm.state == PSTN_GONE;
}

void leg_pstn_free(struct leg_pstn *l)
{
	if (!l)
		return;
	if (l->pri)
		pri_call_set_arg(l->pri, NULL);
	fsm_fini(&l->fsm);
	bearer_fini(&l->bearer);
	free(l);
}
