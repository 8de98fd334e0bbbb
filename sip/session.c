/* SPDX-License-Identifier: GPL-2.0-only */
/* The session as an object: its life, what it tells the gateway, how it is closed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_own.h"

static void session_close_timeout(void *arg)
{
	session_step(arg, CALL_EV_CLOSE_TIMEOUT);
}

/* SESSION_CLOSED, and whatever the gateway was still to hear before it; from the loop, so that nobody is under way
 * in here. */
static void session_deliver(void *arg)
{
	struct sip_session *s = arg;
	struct session_event e = {
		.type = SESSION_CLOSED,
		.peer = s->stack->peers.list[s->peer].name,
		.peer_index = s->peer,
		.status = s->status,
		.cause = s->cause,
		.remote = s->remote,
		.retry_after_s = s->retry_after_s,
		.text = s->text,
	};

	session_tell(s);
	if (s->fsm.state != CALL_ENDING)
		return;
	fsm_event(&s->fsm, CALL_EV_DELIVERED, NULL);
	if (s->status)
		log_info(s->prefix, "SIP ended by %s: %u %s, cause %u", s->remote ? "the peer" : "us", s->status,
			 s->text, s->cause);
	else
		log_info(s->prefix, "SIP ended by %s: BYE, cause %u", s->remote ? "the peer" : "us", s->cause);
	s->stack->handler(s, &e, s->arg, s->stack->arg);
	session_free(s);
}

struct sip_session *session_alloc(struct sip_stack *k, bool outgoing, unsigned peer)
{
	struct sip_session *s = calloc(1, sizeof(*s));
	struct timers *q = loop_timers(k->loop);
	char random[9];

	if (!s)
		return NULL;
	s->stack = k;
	s->outgoing = outgoing;
	s->peer = peer;
	snprintf(s->prefix, sizeof(s->prefix), "sip");
	memcpy(s->timeouts_ms, session_timeouts_ms, sizeof(s->timeouts_ms));
	timer_init(&s->close_timer, session_close_timeout, s);
	timer_init(&s->deliver, session_deliver, s);
	timer_init(&s->answer.timer, session_answer_again, s);
	session_timer_init(s);
	session_prack_init(s);
	fsm_init(&s->fsm, &call_fsm, CALL_NEW, s, s->prefix, q, s->timeouts_ms);
	fsm_init(&s->re, &re_fsm, RE_IDLE, s, s->prefix, q, s->timeouts_ms);
	message_new_token(random, sizeof(random));
	snprintf(s->media.session_id, sizeof(s->media.session_id), "%lu", strtoul(random, NULL, 16));
	s->next = k->first;
	if (s->next)
		s->next->prev = s;
	k->first = s;
	k->nsessions++;
	fsm_event(&s->fsm, outgoing ? CALL_EV_DIAL : CALL_EV_RING, NULL);
	return s;
}

void session_free(struct sip_session *s)
{
	struct sip_stack *k = s->stack;
	struct timers *q = loop_timers(k->loop);

	txn_abandon(s->invite);
	txn_abandon(s->reinvite);
	txn_abandon(s->bye);
	txn_abandon(s->update);
	session_answer_stop(s);
	timer_stop(q, &s->close_timer);
	timer_stop(q, &s->deliver);
	session_timer_stop(s);
	session_prack_fini(s);
	fsm_fini(&s->fsm);
	fsm_fini(&s->re);
	dialog_fini(&s->dialog);
	free(s->ack);
	free(s->extra);
	free(s->proof);
	if (s->prev)
		s->prev->next = s->next;
	else
		k->first = s->next;
	if (s->next)
		s->next->prev = s->prev;
	k->nsessions--;
	k->ngiven_up -= s->given_up;
	free(s);
}

struct session_event *session_report(struct sip_session *s, enum session_event_type type)
{
	static struct session_event lost;
	struct session_event *e = &lost;

	if (s->nreports < SESSION_REPORTS)
		e = &s->reports[s->nreports++];
	else
		log_error(s->prefix, "the gateway misses an event: %u wait already", s->nreports);
	memset(e, 0, sizeof(*e));
	e->type = type;
	e->peer = s->stack->peers.list[s->peer].name;
	e->peer_index = s->peer;
	e->text = "";
	/* A timeout's action has nobody behind it who would tell: then the loop does. */
	if (timer_start(loop_timers(s->stack->loop), &s->deliver, 0))
		log_error(s->prefix, "no memory for an event's timer");
	return e;
}

void session_tell(struct sip_session *s)
{
	struct session_event e;

	if (s->telling || s->fsm.busy || s->re.busy)
		return;
	s->telling = true;
	while (s->nreports) {
		e = s->reports[0];
		s->nreports--;
		memmove(s->reports, s->reports + 1, s->nreports * sizeof(s->reports[0]));
		/* Who has closed the session waits for one event only. */
		if (!s->closing)
			s->stack->handler(s, &e, s->arg, s->stack->arg);
	}
	s->telling = false;
}

void session_step(struct sip_session *s, enum call_event e)
{
	fsm_event(&s->fsm, (int)e, NULL);
	session_tell(s);
}

void session_re_step(struct sip_session *s, enum re_event e, const void *data)
{
	fsm_event(&s->re, (int)e, data);
	session_tell(s);
}

void session_end_with(struct sip_session *s, unsigned status, unsigned cause, bool remote, const char *text)
{
	if (s->text[0])
		return;
	s->status = status;
	s->cause = cause;
	s->remote = remote;
	snprintf(s->text, sizeof(s->text), "%s", text[0] ? text : "-");
}

void session_timed_out(void *owner, const void *data)
{
	session_end_with(owner, 408, 0, false, "no answer in time");
}

void session_set_arg(struct sip_session *s, void *arg, const char *call_ref)
{
	s->arg = arg;
	if (call_ref && call_ref[0])
		snprintf(s->prefix, sizeof(s->prefix), "call %s", call_ref);
}

const char *session_call_id(const struct sip_session *s)
{
	return s->dialog.call_id;
}

void session_close(struct sip_session *s, unsigned status, unsigned cause)
{
	unsigned reported = 0;

	if (s->closing || s->fsm.state >= CALL_ENDING)
		return;
	s->closing = true;
	s->close_status = status >= 300 && status < 700 ? status : 480;
	s->close_cause = cause;
	if (s->fsm.state <= CALL_CANCELLING)
		reported = 487;
	else if (s->fsm.state == CALL_INCOMING)
		reported = s->close_status;
	session_end_with(s, reported, cause, false, "closed by the gateway");
	session_step(s, CALL_EV_CLOSE);
}
