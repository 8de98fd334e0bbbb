/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/leg_sip_own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/call/capability.h"
#include "gateway/call/cause.h"
#include "gateway/cdr/cdr.h"
#include "gateway/route/parties.h"
#include "gateway/sipside/sipside.h"
#include "gateway/sipside/x_headers.h"

#define EARLY_MOST 8 /* places where early media come from, of one peer */

/* ---- small helpers ---- */

const struct config_span *leg_sip_span_conf(const struct leg_sip *l)
{
	return &l->side->config->spans[l->span];
}

void leg_sip_note_end(struct leg_sip *l, bool by_peer, unsigned cause, unsigned sip_status, const char *why)
{
	if (l->ended)
		return;
	l->ended = true;
	l->ended_by_peer = by_peer;
	l->cause = cause ? cause : Q850_NORMAL_UNSPECIFIED;
	l->sip_status = sip_status;
	snprintf(l->why, sizeof(l->why), "%s", why ? why : "");
}

void leg_sip_say(struct leg_sip *l, const struct msg *m)
{
	if (!l->line_half || !sipside_post(l->side, m))
		return;
	log_error(l->prefix, "the mailbox of span %u is full: %s is lost, the call is cleared",
		  leg_sip_span_conf(l)->number, msg_type_name(m->type));
	leg_sip_drop(l, Q850_CONGESTION, "span thread overloaded");
}

void leg_sip_say_release(struct leg_sip *l)
{
	struct msg m = leg_sip_msg(l, MSG_RELEASE);

	if (l->released)
		return;
	m.release.cause = l->cause;
	m.release.sip_status = l->sip_status;
	m.release.by_far_end = l->ended_by_peer;
	m.release.far_end_failed = l->peer_failed;
	snprintf(m.release.text, sizeof(m.release.text), "%s", l->why);
	l->release_due = sipside_post(l->side, &m) != 0;
	l->released = !l->release_due;
	if (l->release_due)
		sipside_sweep_soon(l->side);
}

void leg_sip_ask_done(struct leg_sip *l)
{
	if (!l->session && !l->line_half && !l->release_due)
		fsm_event(&l->fsm, SIP_E_DONE, NULL);
}

/* ---- towards the peer ---- */

static void call_peer(struct leg_sip *l)
{
	const struct x_headers_of of = {l->id, leg_sip_span_conf(l)->number, l->timeslot,
					route_name(l->side->config, l->rule)};
	char id[CALL_ID_OCTETS], headers[X_HEADERS_OCTETS];
	struct parties_text numbers;
	struct media_desc offer;
	struct session_invite_params p = {
		.peer = l->peer,
		.offer = &offer,
		.call_ref = call_id_print(l->id, id),
		.to = &l->course.hops[l->course.at],
	};
	int err;

	if (!l->course.count) {
		leg_sip_drop_unknown(l);
		return;
	}
	l->told_early = 0; /* what the one asked before let be heard is over */
	parties_to_sip(&l->parties, leg_sip_span_conf(l), &numbers, &p);
	if (leg_sip_peer_conf(l)->x_headers)
		p.headers = x_headers_print(&of, headers);
	leg_sip_take_family(l, &p.to->addr);
	leg_sip_local_media(l, true, false, &offer);
	err = session_invite(l->side->stack, &p, l, &l->session);
	if (err)
		leg_sip_drop(l, Q850_TEMPORARY_FAILURE, strerror(err));
	else
		leg_sip_failover_begin(l);
}

static void say_peer(struct leg_sip *l)
{
	struct msg m = leg_sip_msg(l, MSG_PEER);

	m.peer = l->peer;
	leg_sip_say(l, &m);
}

static void act_invite(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct msg *m = data;
	char why[PEER_USE_WHY_OCTETS];
	const char *full;

	l->ports = m->setup.ports;
	full = peer_use_admit_any(l->side, l, why);
	if (full)
		leg_sip_drop(l, Q850_CONGESTION, full);
	if (full || !leg_sip_failover_admit(l))
		return;
	if (l->peer != m->setup.peer)
		say_peer(l);
	if (!l->ended)
		call_peer(l);
}

static void act_next_target(void *owner, const void *data)
{
	call_peer(owner);
}

static void act_next_peer(void *owner, const void *data)
{
	struct leg_sip *l = owner;

	if (!leg_sip_failover_admit(l))
		return;
	say_peer(l);
	if (!l->ended)
		call_peer(l);
}

static bool is_early_news(const struct leg_sip *l, const struct session_event *e)
{
	const struct media_audio *was = &l->early, *is = &e->media.audio;

	if (!e->has_early || l->told_early >= EARLY_MOST)
		return false;
	return !l->told_early || !addr_equal(&was->addr, &is->addr) || was->direction != is->direction ||
	       !media_audio_same_types(was, is);
}

static void act_progress(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct session_event *e = data;
	bool alerting = e->status == 180 && !l->told_alerting, early = is_early_news(l, e);

	/* what repeats says nothing new, and a peer that repeats it fast would fill the span's mailbox */
	if (!alerting && !early && l->told_progress)
		return;
	l->told_progress = true;
	l->told_alerting |= alerting;
	l->told_early += early;
	if (early)
		l->early = e->media.audio;
	leg_sip_say_media(l, alerting ? MSG_ALERTING : MSG_PROGRESS, &e->media, e->has_early);
}

static void act_answered(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct session_event *e = data;

	if (!e->media.has_audio && !e->media.has_image) {
		leg_sip_drop(l, Q850_BEARER_NOT_IMPLEMENTED, "the peer's answer declines all media");
		return;
	}
	leg_sip_say_media(l, MSG_ANSWER, &e->media, false);
}

/* ---- from the peer ---- */

static void ask_span(struct leg_sip *l)
{
	struct msg m;

	l->span = l->route.spans[l->route_at];
	l->line_half = l->span_knows = true;
	/* a release that the span asked before has no room for is not this one's: there the clearing timeout does it */
	l->released = l->release_due = l->line_proceeded = false;
	m = leg_sip_msg(l, MSG_SETUP);
	m.setup.parties = l->route.parties;
	m.setup.peer = l->peer;
	m.setup.rule = l->rule;
	memcpy(m.setup.called, l->parties.called.digits, sizeof(m.setup.called));
	memcpy(m.setup.calling, l->parties.calling.digits, sizeof(m.setup.calling));
	m.setup.another = l->route_at + 1 < l->route.nspans;
	m.setup.t38_allowed = capability_t38(leg_sip_span_conf(l), leg_sip_peer_conf(l));
	m.setup.is_fax = l->is_fax;
	if (sipside_post(l->side, &m)) {
		l->line_half = l->span_knows = false;
		leg_sip_drop(l, Q850_CONGESTION, "span thread overloaded");
	}
}

static void act_incoming(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	char why[PEER_USE_WHY_OCTETS];

	/* 503 without Retry-After, which would keep the peer from other calls too (RFC 3261 21.5.4) */
	if (l->side->stopping)
		leg_sip_drop(l, Q850_TEMPORARY_FAILURE, "the gateway is stopping");
	else if (peer_use_admit_any(l->side, l, why) || peer_use_admit(l->side, l, why))
		leg_sip_drop(l, Q850_CONGESTION, why);
	else if (l->route.cause)
		leg_sip_drop(l, l->route.cause, l->route.why);
	else if (!capability_meets(leg_sip_span_conf(l), leg_sip_peer_conf(l), &l->offered))
		leg_sip_drop(l, Q850_BEARER_NOT_IMPLEMENTED,
			     "the peer offers no codec and no T.38 that its configuration allows");
	else
		ask_span(l);
}

static void act_next_span(void *owner, const void *data)
{
	struct leg_sip *l = owner;

	l->ended = false;
	l->route_at++;
	log_info(l->prefix, "trying span %u", l->side->config->spans[l->route.spans[l->route_at]].number);
	ask_span(l);
}

static void act_line_proceeds(void *owner, const void *data)
{
	struct leg_sip *l = owner;

	l->ports = ((const struct msg *)data)->ports;
	l->line_proceeded = true;
}

/* The line rings (180), or says that it is at it (183); 183 with our answer when it can be heard. */
static void act_line_alerts(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct msg *m = data;
	const unsigned silent = m->type == MSG_ALERTING ? 180 : 183;
	struct media_desc local, agreed;
	int err;

	leg_sip_answer_media(l, &local);
	/* without an offer of theirs ours goes out here, if the response is a reliable one */
	if (!l->offered.has_audio && !l->offered.has_image) {
		session_progress(l->session, m->state.inband ? 183 : silent, l->line_proceeded ? &local : NULL, NULL);
		return;
	}
	if (!m->state.inband || !local.has_audio || !l->line_proceeded) {
		session_progress(l->session, silent, NULL, NULL);
		return;
	}
	err = session_progress(l->session, 183, &local, &agreed);
	if (!err)
		leg_sip_say_media(l, MSG_MEDIA, &agreed, false);
}

static void act_line_answers(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	struct media_desc local, agreed;
	int err;

	leg_sip_answer_media(l, &local);
	err = session_accept(l->session, &local, &agreed);
	if (err)
		leg_sip_drop_for_peer(l, Q850_BEARER_NOT_IMPLEMENTED, "no common media with the peer");
	else
		leg_sip_say_media(l, MSG_MEDIA, &agreed, false);
}

/* ---- the end ---- */

static void act_closed(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct session_event *e = data;
	unsigned cause = e->cause ? e->cause : e->status ? cause_from_sip(e->status) : Q850_NORMAL;
	char text[MSG_TEXT_OCTETS];

	l->session = NULL;
	/* it ended neither by us nor by a word of the peer: that is out of reach, or silent; unless it waits for the line */
	l->peer_failed |= !l->ended && !e->remote && (l->from_line || l->fsm.state == SIP_UP);
	leg_sip_note_end(l, e->remote, cause, e->status, leg_sip_failover_text(l, e->text, text));
	if (l->fsm.state == SIP_CLOSING)
		leg_sip_ask_done(l);
}

static void act_line_released(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct msg *m = data;

	l->line_half = false;
	l->line_proceeded = m->release.recorded; /* also where its word that it proceeds was lost */
	leg_sip_note_end(l, false, m->release.cause, 0, m->release.text);
	if (l->fsm.state == SIP_CLOSING)
		leg_sip_ask_done(l);
}

/* As leg_pstn_fsm.c has it for the line's half. */
static unsigned timeout_cause(const struct leg_sip *l)
{
	if (l->fsm.state != SIP_RINGING)
		return Q850_TIMER_EXPIRED;
	return l->told_alerting ? Q850_NO_ANSWER : Q850_NO_RESPONSE;
}

/* The line side's own timeouts come first, unless one peer has used up the time of another, or it is dead. */
static void act_timeout(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	bool waits = l->fsm.state == SIP_INVITED || l->fsm.state == SIP_RINGING;

	l->peer_failed |= waits && !l->ended;
	leg_sip_note_end(l, false, timeout_cause(l), 0, waits ? "no answer in time" : "the line side is silent");
}

static void act_abandon(void *owner, const void *data)
{
	struct leg_sip *l = owner;

	log_warning(l->prefix, "not cleared in %u ms by %s%s%s: dropped", LEG_SIP_CLOSING_MS,
		    l->session ? "the peer" : "", l->session && l->line_half ? " and " : "",
		    l->line_half ? "the line side" : "");
	if (l->session)
		session_set_arg(l->session, NULL, NULL);
	l->session = NULL;
	l->line_half = l->release_due = false;
}

static void enter_closing(void *owner)
{
	struct leg_sip *l = owner;

	if (l->span_knows)
		leg_sip_say_release(l);
	if (l->session)
		session_close(l->session, cause_to_sip(l->cause), l->cause);
	leg_sip_ask_done(l);
}

static void write_record(const struct leg_sip *l)
{
	struct cdr c = {.cleared_by = l->ended_by_peer ? CDR_PEER : CDR_GATEWAY,
			.failed = l->peer_failed ? CDR_PEER : CDR_NOBODY,
			.cause = l->cause,
			.sip_status = l->sip_status};
	char line[CDR_LINE_OCTETS];

	memcpy(c.called, l->parties.called.digits, sizeof(c.called));
	memcpy(c.calling, l->parties.calling.digits, sizeof(c.calling));
	c.peer = leg_sip_peer_conf(l)->name;
	c.route = route_name(l->side->config, l->rule);
	c.begin_us = l->begin_us;
	c.end_us = loop_now_us(l->side->loop);
	if (!c.sip_status)
		c.sip_status = cause_to_sip(l->cause);
	snprintf(c.text, sizeof(c.text), "%s", l->why);
	log_notice(l->prefix, "%s", cdr_print(&c, line, sizeof(line)));
}

static void enter_gone(void *owner)
{
	struct leg_sip *l = owner;

	/* a call that no span took has no other record than this */
	if (!l->from_line && !l->line_proceeded)
		write_record(l);
	sipside_sweep_soon(l->side);
}

static const struct fsm_state states[] = {
	[SIP_IDLE] = {"IDLE", NULL, NULL},
	[SIP_INVITED] = {"INVITED", NULL, NULL},
	[SIP_RINGING] = {"RINGING", NULL, NULL},
	[SIP_OFFERED] = {"OFFERED", NULL, NULL},
	[SIP_ALERTED] = {"ALERTED", NULL, NULL},
	[SIP_UP] = {"UP", NULL, NULL},
	[SIP_CLOSING] = {"CLOSING", enter_closing, NULL},
	[SIP_GONE] = {"GONE", enter_gone, NULL},
};

static const char *const events[] = {
	[SIP_E_INVITE] = "invite",
	[SIP_E_INCOMING] = "incoming",
	[SIP_E_PROGRESS] = "progress",
	[SIP_E_ANSWERED] = "answered",
	[SIP_E_CONFIRMED] = "confirmed",
	[SIP_E_REOFFER] = "reoffer",
	[SIP_E_REANSWERED] = "reanswered",
	[SIP_E_REREFUSED] = "rerefused",
	[SIP_E_CLOSED] = "closed",
	[SIP_E_LINE_PROCEEDING] = "line-proceeding",
	[SIP_E_LINE_ALERTING] = "line-alerting",
	[SIP_E_LINE_PROGRESS] = "line-progress",
	[SIP_E_LINE_ANSWER] = "line-answer",
	[SIP_E_LINE_ASKS_T38] = "line-asks-t38",
	[SIP_E_LINE_CANCELS_T38] = "line-cancels-t38",
	[SIP_E_LINE_RELEASE] = "line-release",
	[SIP_E_NEXT_TARGET] = "next-target",
	[SIP_E_NEXT_PEER] = "next-peer",
	[SIP_E_NEXT_SPAN] = "next-span",
	[SIP_E_DROP] = "drop",
	[SIP_E_TIMEOUT] = "timeout",
	[SIP_E_DONE] = "done",
};

static const struct fsm_rule rules[] = {
	{SIP_IDLE, SIP_E_INVITE, act_invite, SIP_INVITED},
	{SIP_IDLE, SIP_E_INCOMING, act_incoming, SIP_OFFERED},

	{SIP_INVITED, SIP_E_PROGRESS, act_progress, SIP_RINGING},
	{SIP_INVITED, SIP_E_ANSWERED, act_answered, SIP_UP},
	{SIP_INVITED, SIP_E_NEXT_TARGET, act_next_target, FSM_STAY},
	{SIP_INVITED, SIP_E_NEXT_PEER, act_next_peer, FSM_STAY},
	{SIP_RINGING, SIP_E_NEXT_TARGET, act_next_target, SIP_INVITED},
	{SIP_RINGING, SIP_E_NEXT_PEER, act_next_peer, SIP_INVITED},
	{SIP_RINGING, SIP_E_PROGRESS, act_progress, FSM_STAY},
	{SIP_RINGING, SIP_E_ANSWERED, act_answered, SIP_UP},

	{SIP_OFFERED, SIP_E_LINE_PROCEEDING, act_line_proceeds, FSM_STAY},
	{SIP_OFFERED, SIP_E_LINE_ALERTING, act_line_alerts, SIP_ALERTED},
	{SIP_OFFERED, SIP_E_LINE_PROGRESS, act_line_alerts, SIP_ALERTED},
	{SIP_OFFERED, SIP_E_LINE_ANSWER, act_line_answers, SIP_UP},
	{SIP_OFFERED, SIP_E_NEXT_SPAN, act_next_span, FSM_STAY},
	{SIP_ALERTED, SIP_E_LINE_ALERTING, act_line_alerts, FSM_STAY},
	{SIP_ALERTED, SIP_E_LINE_PROGRESS, act_line_alerts, FSM_STAY},
	{SIP_ALERTED, SIP_E_LINE_ANSWER, act_line_answers, SIP_UP},

	{SIP_UP, SIP_E_CONFIRMED, leg_sip_confirmed, FSM_STAY},
	{SIP_UP, SIP_E_REOFFER, leg_sip_reoffer, FSM_STAY},
	{SIP_UP, SIP_E_REANSWERED, leg_sip_reanswered, FSM_STAY},
	{SIP_UP, SIP_E_REREFUSED, leg_sip_rerefused, FSM_STAY},
	{SIP_UP, SIP_E_LINE_ASKS_T38, leg_sip_ask_t38, FSM_STAY},
	{SIP_UP, SIP_E_LINE_CANCELS_T38, leg_sip_cancel_t38, FSM_STAY},

	{SIP_CLOSING, SIP_E_CLOSED, act_closed, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_RELEASE, act_line_released, FSM_STAY},
	{SIP_CLOSING, SIP_E_DONE, NULL, SIP_GONE},
	{SIP_CLOSING, SIP_E_TIMEOUT, act_abandon, SIP_GONE},
	{SIP_CLOSING, SIP_E_DROP, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_PROGRESS, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_ANSWERED, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_CONFIRMED, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_REOFFER, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_REANSWERED, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_REREFUSED, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_PROCEEDING, act_line_proceeds, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_ALERTING, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_PROGRESS, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_ANSWER, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_ASKS_T38, NULL, FSM_STAY},
	{SIP_CLOSING, SIP_E_LINE_CANCELS_T38, NULL, FSM_STAY},

	/* its record is written, if it is for us; until the sweep it may still be told of its end */
	{SIP_GONE, SIP_E_LINE_RELEASE, NULL, FSM_STAY},
	{SIP_GONE, SIP_E_DROP, NULL, FSM_STAY},

	{FSM_ANY, SIP_E_CLOSED, act_closed, SIP_CLOSING},
	{FSM_ANY, SIP_E_LINE_RELEASE, act_line_released, SIP_CLOSING},
	{FSM_ANY, SIP_E_DROP, NULL, SIP_CLOSING},
	{FSM_ANY, SIP_E_TIMEOUT, act_timeout, SIP_CLOSING},
};

static const struct fsm_timeout timeouts[] = {
	{SIP_INVITED, SIP_E_TIMEOUT, LEG_SIP_OFFERED}, {SIP_RINGING, SIP_E_TIMEOUT, LEG_SIP_RINGING},
	{SIP_OFFERED, SIP_E_TIMEOUT, LEG_SIP_OFFERED}, {SIP_ALERTED, SIP_E_TIMEOUT, LEG_SIP_RINGING},
	{SIP_UP, SIP_E_TIMEOUT, LEG_SIP_CALL},	       {SIP_CLOSING, SIP_E_TIMEOUT, LEG_SIP_CLOSING},
};

const struct fsm_def leg_sip_fsm = FSM_DEF("sip", states, events, rules, timeouts);
