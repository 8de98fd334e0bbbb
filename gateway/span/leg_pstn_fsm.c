/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/leg_pstn_own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "gateway/call/cause.h"
#include "gateway/route/route.h"
#include "gateway/span/span.h"

#define DIAL_TRIES 3 /* channels tried when SETUPs collide (Q.931 5.7) */

/* ---- small helpers: the record, the other half ---- */

void leg_pstn_name_prefix(struct leg_pstn *l)
{
	char id[CALL_ID_OCTETS];

	call_id_print(l->id, id);
	if (l->timeslot)
		snprintf(l->prefix, sizeof(l->prefix), "span %u ch %u call %s", l->span->conf->number, l->timeslot, id);
	else
		snprintf(l->prefix, sizeof(l->prefix), "span %u call %s", l->span->conf->number, id);
}

void leg_pstn_note_failed(struct leg_pstn *l, enum cdr_side failed)
{
	if (l->cdr.cleared_by == CDR_NOBODY)
		l->cdr.failed = failed;
}

/* The first end of a call is its reason; what follows is consequence. */
void leg_pstn_note_end(struct leg_pstn *l, enum cdr_side by, unsigned cause, unsigned sip_status, const char *text)
{
	struct cdr *c = &l->cdr;

	if (c->cleared_by != CDR_NOBODY)
		return;
	c->cleared_by = by;
	c->cause = cause ? cause : Q850_NORMAL_UNSPECIFIED;
	c->sip_status = sip_status;
	c->end_us = span_now_us(l->span);
	snprintf(c->text, sizeof(c->text), "%s", text ? text : "");
}

struct msg leg_pstn_msg(const struct leg_pstn *l, enum msg_type type)
{
	return (struct msg){.type = type, .call = l->id, .span = l->span->index};
}

/* Says M to the SIP side. A mailbox that is full ends the call: half a call is worse than none. */
void leg_pstn_say(struct leg_pstn *l, const struct msg *m)
{
	l->sip_heard |= m->type != MSG_PROCEEDING;
	if (!l->sip_half || !span_post(l->span, m))
		return;
	log_error(l->prefix, "the SIP thread's mailbox is full: %s is lost, the call is cleared",
		  msg_type_name(m->type));
	leg_pstn_drop(l, Q850_CONGESTION, "SIP thread overloaded");
}

/* The SIP side may ask another span; whether it does or not, it sees to the call's record then. */
static bool is_for_another(const struct leg_pstn *l)
{
	return l->another && !l->sip_heard && cause_is_of_span(l->cdr.cause);
}

void leg_pstn_say_release(struct leg_pstn *l)
{
	struct msg m = leg_pstn_msg(l, MSG_RELEASE);

	m.release.cause = l->cdr.cause;
	m.release.by_far_end = l->cdr.cleared_by == CDR_LINE;
	m.release.recorded = !is_for_another(l);
	snprintf(m.release.text, sizeof(m.release.text), "%s", l->cdr.text[0] ? l->cdr.text : q850_name(l->cdr.cause));
	l->release_due = span_post(l->span, &m) != 0;
}

void leg_pstn_ask_done(struct leg_pstn *l)
{
	if (!l->pri && !l->sip_half && !l->release_due)
		fsm_event(&l->fsm, PSTN_E_DONE, NULL);
}

/* ---- actions ---- */

static void act_offer(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	struct msg m = leg_pstn_msg(l, MSG_SETUP);

	pri_call_proceeding(l->pri, l->timeslot);
	m.setup.parties = l->route.parties;
	m.setup.peer = l->route.peer;
	m.setup.rule = l->route.rule;
	m.setup.timeslot = l->timeslot;
	bearer_ports(&l->bearer, l->span->config->media_external, &m.setup.ports);
	l->sip_half = true;
	if (span_post(l->span, &m)) {
		l->sip_half = false;
		leg_pstn_drop(l, Q850_CONGESTION, "SIP thread overloaded");
	}
}

static void act_collect(void *owner, const void *data)
{
	struct leg_pstn *l = owner;

	pri_call_more(l->pri, l->timeslot);
}

/* What has come of the called number is judged. WHOLE: no more will come. */
static void judge_number(struct leg_pstn *l, bool whole)
{
	const struct route_query query = {.from_line = true, .from = l->span->index, .parties = &l->parties};
	const unsigned fit = route_fit(l->span->config, l->span->index, &l->parties);
	struct route_result route;

	memcpy(l->cdr.called, l->parties.called.digits, sizeof(l->cdr.called));
	if (fit & CONFIG_NUMBERS_MORE && !whole)
		return;
	if (!(fit & CONFIG_NUMBERS_TAKEN)) {
		leg_pstn_drop(l, fit ? Q850_INVALID_NUMBER : Q850_UNALLOCATED,
			      fit ? "the called number is not complete" : "nothing takes the number");
		return;
	}
	route_find(l->span->config, &query, &route);
	log_info(l->prefix, "the called number is %s: %s", l->cdr.called, route.why);
	if (route.cause) {
		l->cdr.route = route_name(l->span->config, route.rule);
		leg_pstn_drop(l, route.cause, route.why);
	} else {
		leg_pstn_take_route(l, &route);
		bearer_set_policy(&l->bearer, &l->span->config->peers[l->peer].media);
		fsm_event(&l->fsm, PSTN_E_SETUP, NULL);
	}
}

static void act_digits(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	const struct pri_event_data *e = data;
	const char *digits = e->parties.called.digits;
	char *number = l->parties.called.digits;
	size_t n = strlen(number), more = strcspn(digits, (char[]){ISDN_END_OF_NUMBER, '\0'});

	if (n + more >= sizeof(l->parties.called.digits)) {
		leg_pstn_drop(l, Q850_INVALID_NUMBER, "the called number is too long");
		return;
	}
	memcpy(number + n, digits, more);
	number[n + more] = '\0';
	judge_number(l, e->complete || digits[more]);
}

static void act_digit_timeout(void *owner, const void *data)
{
	judge_number(owner, true);
}

static void send_setup(struct leg_pstn *l)
{
	/* a channel that is taken and was wanted exclusively comes back as cause 44 */
	int err = pri_link_call(l->span->link, &l->parties, l->timeslot, l->span->conf->channel == CHANNEL_EXCLUSIVE, l,
				&l->pri);

	l->tries++;
	if (err == ENOTCONN)
		leg_pstn_drop_for_line(l, Q850_NETWORK_OUT_OF_ORDER, "the D channel is down");
	else if (err)
		leg_pstn_drop(l, Q850_TEMPORARY_FAILURE, strerror(err));
}

static void act_dial(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	struct msg m = leg_pstn_msg(l, MSG_PROCEEDING);

	bearer_ports(&l->bearer, l->span->config->media_external, &m.ports);
	leg_pstn_say(l, &m);
	send_setup(l);
}

/* Our SETUP and one of the other side met on a channel: take the next (Q.931 5.7). */
static void act_redial(void *owner, const void *data)
{
	struct leg_pstn *l = owner;

	l->collided |= 1u << l->timeslot;
	log_notice(l->prefix, "channel %u cannot be had: another is tried", l->timeslot);
	span_release_timeslot(l->span, l);
	if (l->tries >= DIAL_TRIES || span_hunt_timeslot(l->span, l, l->collided)) {
		leg_pstn_drop_for_line(l, Q850_NO_CHANNEL, "no other channel to try");
		return;
	}
	leg_pstn_name_prefix(l);
	send_setup(l);
}

static void act_alert(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	const struct msg *m = data;

	pri_call_alerting(l->pri, m->state.inband);
	bearer_agreed(&l->bearer, &m->state.media);
}

static void act_progress(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	const struct msg *m = data;

	if (m->state.inband)
		pri_call_progress(l->pri, 0);
	bearer_agreed(&l->bearer, &m->state.media);
}

static void act_media(void *owner, const void *data)
{
	bearer_agreed(&((struct leg_pstn *)owner)->bearer, &((const struct msg *)data)->state.media);
}

static void act_answer(void *owner, const void *data)
{
	struct leg_pstn *l = owner;

	pri_call_answer(l->pri);
	l->cdr.answer_us = span_now_us(l->span);
	act_media(owner, data);
	bearer_answered(&l->bearer);
}

static void act_refused(void *owner, const void *data)
{
	bearer_t38_refused(&((struct leg_pstn *)owner)->bearer, ((const struct msg *)data)->status);
}

static void act_line_rings(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	struct msg m = leg_pstn_msg(l, MSG_ALERTING);

	m.state.inband = ((const struct pri_event_data *)data)->inband;
	leg_pstn_say(l, &m);
}

static void act_line_progress(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	struct msg m = leg_pstn_msg(l, MSG_PROGRESS);

	m.state.inband = ((const struct pri_event_data *)data)->inband;
	/* the first is news even where there is nothing to hear */
	if (m.state.inband || l->fsm.state == PSTN_DIALED)
		leg_pstn_say(l, &m);
}

static void act_line_answers(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	struct msg m = leg_pstn_msg(l, MSG_ANSWER);

	l->cdr.answer_us = span_now_us(l->span);
	leg_pstn_say(l, &m);
	bearer_answered(&l->bearer);
}

static void act_pri_gone(void *owner, const void *data)
{
	struct leg_pstn *l = owner;

	l->pri = NULL;
	span_release_timeslot(l->span, l);
	leg_pstn_ask_done(l);
}

static void act_sip_released(void *owner, const void *data)
{
	struct leg_pstn *l = owner;
	const struct msg *m = data;

	l->sip_half = false;
	if (!m->release.by_far_end)
		leg_pstn_note_failed(l, m->release.far_end_failed ? CDR_PEER : CDR_GATEWAY);
	leg_pstn_note_end(l, m->release.by_far_end ? CDR_PEER : CDR_GATEWAY, m->release.cause, m->release.sip_status,
			  m->release.text);
	if (!l->cdr.sip_status)
		l->cdr.sip_status = m->release.sip_status;
	if (l->fsm.state == PSTN_CLEARING)
		leg_pstn_ask_done(l);
}

static unsigned timeout_cause(enum leg_pstn_state s)
{
	switch (s) {
	case PSTN_ALERTING:
	case PSTN_RINGING:
		return Q850_NO_ANSWER;
	case PSTN_SIP_PROGRESS:
	case PSTN_LINE_PROGRESS:
		return Q850_NO_RESPONSE;
	default:
		return Q850_TIMER_EXPIRED;
	}
}

static void act_timeout(void *owner, const void *data)
{
	struct leg_pstn *l = owner;

	if (l->fsm.state != PSTN_UP)
		leg_pstn_note_failed(l, l->from_line ? CDR_PEER : CDR_LINE);
	leg_pstn_note_end(l, CDR_GATEWAY, timeout_cause((enum leg_pstn_state)l->fsm.state), 0,
			  l->fsm.state == PSTN_UP ? "longest call time reached" : "no answer in time");
}

static void act_abandon(void *owner, const void *data)
{
	struct leg_pstn *l = owner;

	log_warning(l->prefix, "not cleared in %u ms by %s%s%s: dropped", l->span->conf->timeouts_ms[TIMEOUT_CLEARING],
		    l->pri ? "the line" : "", l->pri && l->sip_half ? " and " : "", l->sip_half ? "the SIP side" : "");
	if (l->pri)
		pri_call_abandon(l->pri);
	l->pri = NULL;
	l->sip_half = false;
	l->release_due = false;
}

/* ---- states ---- */

static void enter_clearing(void *owner)
{
	struct leg_pstn *l = owner;
	struct pri_call *pri = l->pri;

	bearer_close(&l->bearer);
	leg_pstn_say_release(l);
	if (pri)
		pri_call_clear(pri, l->cdr.cause);
	leg_pstn_ask_done(l);
}

static void enter_gone(void *owner)
{
	struct leg_pstn *l = owner;
	char line[CDR_LINE_OCTETS];

	span_release_timeslot(l->span, l);
	l->cdr.fax = l->bearer.watch;
	bearer_report(&l->bearer, &l->cdr.media);
	if (is_for_another(l))
		log_notice(l->prefix, "no channel of this span for it: cause=%u(%s) why=\"%s\"", l->cdr.cause,
			   q850_name(l->cdr.cause), l->cdr.text);
	else
		log_notice(l->prefix, "%s", cdr_print(&l->cdr, line, sizeof(line)));
}

static const struct fsm_state states[] = {
	[PSTN_IDLE] = {"IDLE", NULL, NULL},
	[PSTN_COLLECTING] = {"COLLECTING", NULL, NULL},
	[PSTN_OFFERED] = {"OFFERED", NULL, NULL},
	[PSTN_SIP_PROGRESS] = {"SIP-PROGRESS", NULL, NULL},
	[PSTN_ALERTING] = {"ALERTING", NULL, NULL},
	[PSTN_DIALED] = {"DIALED", NULL, NULL},
	[PSTN_LINE_PROGRESS] = {"LINE-PROGRESS", NULL, NULL},
	[PSTN_RINGING] = {"RINGING", NULL, NULL},
	[PSTN_UP] = {"UP", NULL, NULL},
	[PSTN_CLEARING] = {"CLEARING", enter_clearing, NULL},
	[PSTN_GONE] = {"GONE", enter_gone, NULL},
};

static const char *const events[] = {
	[PSTN_E_SETUP] = "setup",
	[PSTN_E_COLLECT] = "collect",
	[PSTN_E_DIGITS] = "digits",
	[PSTN_E_DIAL] = "dial",
	[PSTN_E_PROCEEDING] = "proceeding",
	[PSTN_E_ALERTING] = "alerting",
	[PSTN_E_PROGRESS] = "progress",
	[PSTN_E_CONNECTED] = "connected",
	[PSTN_E_CLEARING] = "line-clears",
	[PSTN_E_PRI_GONE] = "pri-gone",
	[PSTN_E_COLLISION] = "collision",
	[PSTN_E_SIP_ALERTING] = "sip-alerting",
	[PSTN_E_SIP_PROGRESS] = "sip-progress",
	[PSTN_E_SIP_ANSWER] = "sip-answer",
	[PSTN_E_SIP_MEDIA] = "sip-media",
	[PSTN_E_SIP_REFUSED] = "sip-t38-refused",
	[PSTN_E_SIP_RELEASE] = "sip-release",
	[PSTN_E_DROP] = "drop",
	[PSTN_E_TIMEOUT] = "timeout",
	[PSTN_E_DONE] = "done",
};

static const struct fsm_rule rules[] = {
	{PSTN_IDLE, PSTN_E_SETUP, act_offer, PSTN_OFFERED},
	{PSTN_IDLE, PSTN_E_COLLECT, act_collect, PSTN_COLLECTING},
	{PSTN_IDLE, PSTN_E_DIAL, act_dial, PSTN_DIALED},

	/* each digit begins the timeout anew (Q.931 5.1.3, T302) */
	{PSTN_COLLECTING, PSTN_E_DIGITS, act_digits, PSTN_COLLECTING},
	{PSTN_COLLECTING, PSTN_E_TIMEOUT, act_digit_timeout, FSM_STAY},
	{PSTN_COLLECTING, PSTN_E_SETUP, act_offer, PSTN_OFFERED},

	{PSTN_OFFERED, PSTN_E_SIP_ALERTING, act_alert, PSTN_ALERTING},
	{PSTN_OFFERED, PSTN_E_SIP_PROGRESS, act_progress, PSTN_SIP_PROGRESS},
	{PSTN_OFFERED, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_OFFERED, PSTN_E_SIP_ANSWER, act_answer, PSTN_UP},

	{PSTN_SIP_PROGRESS, PSTN_E_SIP_ALERTING, act_alert, PSTN_ALERTING},
	{PSTN_SIP_PROGRESS, PSTN_E_SIP_PROGRESS, act_progress, FSM_STAY},
	{PSTN_SIP_PROGRESS, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_SIP_PROGRESS, PSTN_E_SIP_ANSWER, act_answer, PSTN_UP},

	{PSTN_ALERTING, PSTN_E_SIP_ALERTING, NULL, FSM_STAY},
	{PSTN_ALERTING, PSTN_E_SIP_PROGRESS, act_progress, FSM_STAY},
	{PSTN_ALERTING, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_ALERTING, PSTN_E_SIP_ANSWER, act_answer, PSTN_UP},

	{PSTN_DIALED, PSTN_E_PROCEEDING, NULL, FSM_STAY},
	{PSTN_DIALED, PSTN_E_PROGRESS, act_line_progress, PSTN_LINE_PROGRESS},
	{PSTN_DIALED, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_DIALED, PSTN_E_COLLISION, act_redial, FSM_STAY},
	{PSTN_DIALED, PSTN_E_ALERTING, act_line_rings, PSTN_RINGING},
	{PSTN_DIALED, PSTN_E_CONNECTED, act_line_answers, PSTN_UP},

	{PSTN_LINE_PROGRESS, PSTN_E_PROCEEDING, NULL, FSM_STAY},
	{PSTN_LINE_PROGRESS, PSTN_E_PROGRESS, act_line_progress, FSM_STAY},
	{PSTN_LINE_PROGRESS, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_LINE_PROGRESS, PSTN_E_ALERTING, act_line_rings, PSTN_RINGING},
	{PSTN_LINE_PROGRESS, PSTN_E_CONNECTED, act_line_answers, PSTN_UP},

	{PSTN_RINGING, PSTN_E_ALERTING, NULL, FSM_STAY},
	{PSTN_RINGING, PSTN_E_PROGRESS, act_line_progress, FSM_STAY},
	{PSTN_RINGING, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_RINGING, PSTN_E_CONNECTED, act_line_answers, PSTN_UP},

	{PSTN_UP, PSTN_E_CONNECTED, NULL, FSM_STAY},
	{PSTN_UP, PSTN_E_PROGRESS, NULL, FSM_STAY},
	{PSTN_UP, PSTN_E_SIP_MEDIA, act_media, FSM_STAY},
	{PSTN_UP, PSTN_E_SIP_REFUSED, act_refused, FSM_STAY},

	{PSTN_CLEARING, PSTN_E_PRI_GONE, act_pri_gone, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_SIP_RELEASE, act_sip_released, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_DONE, NULL, PSTN_GONE},
	{PSTN_CLEARING, PSTN_E_TIMEOUT, act_abandon, PSTN_GONE},
	{PSTN_CLEARING, PSTN_E_CLEARING, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_CONNECTED, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_SIP_ALERTING, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_SIP_PROGRESS, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_SIP_ANSWER, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_SIP_MEDIA, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_SIP_REFUSED, NULL, FSM_STAY},
	{PSTN_CLEARING, PSTN_E_DROP, NULL, FSM_STAY},

	/* its record is written; until span_reap() comes it may still be told of its end */
	{PSTN_GONE, PSTN_E_SIP_RELEASE, NULL, FSM_STAY},
	{PSTN_GONE, PSTN_E_DROP, NULL, FSM_STAY},
	{PSTN_GONE, PSTN_E_DONE, NULL, FSM_STAY},

	{FSM_ANY, PSTN_E_CLEARING, NULL, PSTN_CLEARING},
	{FSM_ANY, PSTN_E_PRI_GONE, act_pri_gone, PSTN_CLEARING},
	{FSM_ANY, PSTN_E_SIP_RELEASE, act_sip_released, PSTN_CLEARING},
	{FSM_ANY, PSTN_E_DROP, NULL, PSTN_CLEARING},
	{FSM_ANY, PSTN_E_TIMEOUT, act_timeout, PSTN_CLEARING},
};

/* Q.931 table 9-2: T310 ends with PROGRESS as with ALERTING. */
static const struct fsm_timeout timeouts[] = {
	{PSTN_COLLECTING, PSTN_E_TIMEOUT, TIMEOUT_DIGIT},      {PSTN_OFFERED, PSTN_E_TIMEOUT, TIMEOUT_SETUP},
	{PSTN_SIP_PROGRESS, PSTN_E_TIMEOUT, TIMEOUT_ALERTING}, {PSTN_ALERTING, PSTN_E_TIMEOUT, TIMEOUT_ALERTING},
	{PSTN_DIALED, PSTN_E_TIMEOUT, TIMEOUT_OUTGOING},       {PSTN_LINE_PROGRESS, PSTN_E_TIMEOUT, TIMEOUT_ALERTING},
	{PSTN_RINGING, PSTN_E_TIMEOUT, TIMEOUT_ALERTING},      {PSTN_UP, PSTN_E_TIMEOUT, TIMEOUT_CALL},
	{PSTN_CLEARING, PSTN_E_TIMEOUT, TIMEOUT_CLEARING},
};

const struct fsm_def leg_pstn_fsm = FSM_DEF("pstn", states, events, rules, timeouts);
