/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * talk: one call without a fax through the lab, from either side, and what both sides saw of it.
 *
 * Calls are started one after the other: a call that comes to the exchange, or to the peer, is taken for the one
 * started last.
 */
#ifndef CALL_TALK_H
#define CALL_TALK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/lab.h"

#define TALK_CLEARED_MS 5000 /* when one side clears, all is gone in so long */
#define TALK_SETTLE_MS	1000 /* what is left of SIP transactions */

/* The called line. Its defaults are the exchange's: it rings at once and answers after 100 ms. */
struct talk_line {
	bool ignores, never_rings, never_answers;
	unsigned refuses;      /* with this cause */
	unsigned collides;     /* so many times with cause 44, then not */
	bool inband;	       /* ringing can be heard */
	bool proceeds_inband;  /* something can from the first */
	int32_t progress_ms;   /* 0: there is no PROGRESS */
	int32_t alert_ms;      /* 0: at once */
	int32_t answer_ms;     /* 0: 100 */
	int32_t hangup_ms;     /* from the answer; 0: not */
	bool setup_ack;	       /* before it proceeds */
	unsigned wants_digits; /* with setup_ack: it proceeds when it has so many */
	unsigned timeslot;     /* the channel it takes, where that is its to choose; 0: as asked for */
};

struct talk_params {
	const char *name;
	bool from_line;
	/* from the line */
	struct isdn_parties parties; /* no called number: LAB_NUMBER, from LAB_CALLER */
	unsigned span, timeslot;     /* index; 0: a free one */
	bool any, exclusive, data;
	bool overlap; /* the called number may go on */
	/* to the line */
	struct talk_line line;
	struct sip_peer_call_params peer; /* it calls (to: NULL: LAB_OUT), or is called */
};

struct talk {
	const struct talk_params *p;
	struct lab *lab;
	struct call_id id;  /* as the gateway names it */
	struct xcall *line; /* NULL: no call on the line. Of more tries, the last */
	unsigned tries;	    /* SETUPs the line got */
	unsigned peer;	    /* its call's id */
	bool has_peer;
};

/* What is expected of an end. */
struct talk_end {
	unsigned cause;	    /* on the line; 0: there was no call, or it has heard of none */
	unsigned status;    /* at the peer: of the first INVITE; 0: the peer knows of no call, or has no answer */
	const char *reason; /* the peer heard it */
	const char *end;    /* in the END line */
	const char *end2;   /* this too */
};

/* The call that was started last. */
static struct talk *talk_last;

static inline void talk_line_rings(struct exchange *x, struct xcall *c, const struct isdn_parties *p,
				   struct xcall_behaviour *b, void *arg)
{
	const struct talk_line *w = &talk_last->p->line;

	talk_last->line = c;
	b->ignore = w->ignores;
	b->refuse_cause = talk_last->tries < w->collides ? Q850_CHANNEL_UNAVAILABLE : w->refuses;
	b->inband = w->inband;
	b->proceeds_inband = w->proceeds_inband;
	b->setup_ack = w->setup_ack;
	b->wants_digits = w->wants_digits;
	b->timeslot = w->timeslot;
	if (w->never_rings)
		b->alert_ms = -1;
	if (w->alert_ms)
		b->alert_ms = w->alert_ms;
	if (w->progress_ms)
		b->progress_ms = w->progress_ms;
	if (w->answer_ms)
		b->answer_ms = w->answer_ms;
	if (w->never_answers)
		b->answer_ms = -1;
	if (w->hangup_ms)
		b->hangup_ms = w->hangup_ms;
	talk_last->tries++;
}

static inline const struct sip_peer_call_params *talk_peer_rings(unsigned id, const char *called, void *arg)
{
	if (talk_last->p->peer.answer != PEER_IS_SILENT) {
		talk_last->peer = id;
		talk_last->has_peer = true;
	}
	return &talk_last->p->peer;
}

static inline struct lab *talk_lab(const struct lab_params *p)
{
	struct lab_params with = p ? *p : (struct lab_params){0};

	with.on_call = talk_line_rings;
	with.on_peer_call = talk_peer_rings;
	return lab_open(&with);
}

static inline void talk_from_line(struct talk *t)
{
	const struct talk_params *p = t->p;
	struct exchange_call call = {.parties = p->parties,
				     .timeslot = p->timeslot,
				     .any = p->any,
				     .exclusive = p->exclusive,
				     .data = p->data,
				     .overlap = p->overlap};

	if (!call.parties.called.digits[0]) {
		strcpy(call.parties.called.digits, LAB_NUMBER);
		strcpy(call.parties.calling.digits, LAB_CALLER);
	}
	assert_int_equal(exchange_call(t->lab->spans[p->span].x, &call, &t->line), 0);
}

/* P must live as long as the call. */
static inline void talk_start(struct talk *t, struct lab *l, const struct talk_params *p)
{
	const struct span *s = l->spans[p->span].span;

	*t = (struct talk){.p = p, .lab = l};
	talk_last = t;
	if (p->from_line) {
		t->id = (struct call_id){(uint16_t)s->conf->number, s->next_serial + 1};
		talk_from_line(t);
	} else {
		struct sip_peer_call_params peer = p->peer;

		if (!peer.to)
			peer.to = LAB_OUT;
		assert_int_equal(sip_peer_call(l->peer, &l->gateway, &peer, &t->peer), 0);
		t->has_peer = true;
		t->id = (struct call_id){0, l->sip->next_serial + 1};
	}
}

static inline const struct leg_pstn *talk_leg(const struct talk *t)
{
	const struct span *s = t->lab->spans[t->p->span].span;

	for (unsigned i = 0; i < s->nlegs; i++)
		if (call_id_equal(s->legs[i]->id, t->id))
			return s->legs[i];
	return NULL;
}

struct talk_state {
	const struct talk *talk;
	enum leg_pstn_state leg;
	int bearer; /* enum bearer_state; -1: any */
};

static inline bool talk_is_in(struct lab *l, void *arg)
{
	const struct talk_state *s = arg;
	const struct leg_pstn *leg = talk_leg(s->talk);

	return leg && leg->fsm.state == (int)s->leg &&
	       (s->bearer < 0 || bearer_state(&leg->bearer) == (enum bearer_state)s->bearer);
}

/* Runs until the line's half of the call is in STATE, and its media in BEARER (-1: in any). */
static inline void talk_until(const struct talk *t, enum leg_pstn_state state, int bearer, unsigned limit_ms)
{
	struct talk_state s = {t, state, bearer};
	const struct leg_pstn *leg;

	if (lab_until(t->lab, talk_is_in, &s, limit_ms))
		return;
	leg = talk_leg(t);
	fail_msg("%s: not in state %s (media %d) after %u ms, but in %s (media %d)", t->p->name,
		 leg_pstn_fsm.states[state].name, bearer, limit_ms, leg ? fsm_state_name(&leg->fsm) : "none",
		 leg ? leg->bearer.fsm.state : -1);
}

static inline void talk_until_idle(const struct talk *t, unsigned limit_ms)
{
	if (!lab_until(t->lab, lab_is_idle, NULL, limit_ms))
		fail_msg("%s: not cleared after %u ms", t->p->name, limit_ms);
	lab_run(t->lab, TALK_SETTLE_MS);
}

static inline void talk_hangup_line(const struct talk *t, unsigned cause)
{
	assert_non_null(t->line);
	exchange_hangup(t->line, cause);
}

static inline void talk_hangup_peer(const struct talk *t)
{
	assert_true(t->has_peer);
	sip_peer_hangup(t->lab->peer, t->peer);
}

static inline void talk_expect_text(const struct talk *t, unsigned nth_end, const char *text)
{
	const char *end = lab_log_end(t->lab, nth_end);

	if (!end)
		fail_msg("%s: no END line", t->p->name);
	if (text && !memmem(end, strcspn(end, "\n"), text, strlen(text)))
		fail_msg("%s: no \"%s\" in: %.*s", t->p->name, text, (int)strcspn(end, "\n"), end);
}

/* Asserts what both sides and the Nth END line (first: 0) say. */
static inline void talk_expect_nth(const struct talk *t, unsigned nth_end, const struct talk_end *e)
{
	const struct xcall_result *x = t->line ? xcall_result(t->line) : NULL;
	struct sip_peer_result r = {0};

	if (t->has_peer)
		sip_peer_result(t->lab->peer, t->peer, &r);
	if ((x ? x->cause : 0) != e->cause || (x && x->state != XCALL_GONE))
		fail_msg("%s: cause %u on the line, not %u (%s)", t->p->name, x ? x->cause : 0, e->cause,
			 x ? xcall_state_name(x->state) : "no call");
	if (r.status != e->status)
		fail_msg("%s: status %u at the peer, not %u", t->p->name, r.status, e->status);
	if (e->reason && !lab_peer_heard(t->lab, e->reason))
		fail_msg("%s: the peer did not hear \"%s\" in:\n%s", t->p->name, e->reason, t->lab->heard);
	talk_expect_text(t, nth_end, e->end);
	talk_expect_text(t, nth_end, e->end2);
}

static inline void talk_expect(const struct talk *t, const struct talk_end *e)
{
	talk_expect_nth(t, 0, e);
}

#endif
