/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange_call.c: the exchange's calls.
 */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "exchange_priv.h"

static const char *const state_names[XCALL_STATE_COUNT] = {"setup",	"proceeding", "alerting",
							   "connected", "clearing",   "gone"};

const char *xcall_state_name(enum xcall_state s)
{
	return (unsigned)s < XCALL_STATE_COUNT ? state_names[s] : "?";
}

const struct xcall_result *xcall_result(const struct xcall *c)
{
	return &c->r;
}

void xcall_set_source(struct xcall *c, const struct xcall_source *s)
{
	c->b.source = *s;
}

static void set_state(struct xcall *c, enum xcall_state s)
{
	if (c->r.state == s)
		return;
	c->r.state = s;
	if (c->x->p.on_state)
		c->x->p.on_state(c->x, c, s, c->x->p.arg);
}

static void seen(const struct xcall *c, int64_t *ms)
{
	if (*ms < 0)
		*ms = exchange_now_ms(c->x);
}

static struct xcall *xcall_new(struct exchange *x, q931_call *q, bool outgoing)
{
	struct xcall *c = calloc(1, sizeof(*c)), **end = &x->calls;

	if (!c)
		return NULL;
	c->x = x;
	c->q = q;
	c->setup_at = x->samples;
	c->answer_at = -1;
	c->r.outgoing = outgoing;
	c->r.setup_ms = exchange_now_ms(x);
	c->r.proceeding_ms = c->r.alerting_ms = c->r.progress_ms = -1;
	c->r.connect_ms = c->r.clear_ms = c->r.gone_ms = -1;
	while (*end)
		end = &(*end)->next;
	*end = c;
	return c;
}

static void xcall_unlink(struct xcall *c)
{
	for (struct xcall **p = &c->x->calls; *p; p = &(*p)->next) {
		if (*p != c)
			continue;
		*p = c->next;
		break;
	}
	xcall_audio_fini(c);
	free(c);
}

void xcall_free(struct xcall *c)
{
	if (c && c->r.state == XCALL_GONE)
		xcall_unlink(c);
}

static struct xcall *xcall_find(struct exchange *x, const q931_call *q)
{
	for (struct xcall *c = x->calls; c; c = c->next) {
		if (q && c->q == q)
			return c;
	}
	return NULL;
}

static void slot_take(struct xcall *c, unsigned slot)
{
	struct exchange *x = c->x;

	if (x->on_slot[c->r.timeslot] == c)
		x->on_slot[c->r.timeslot] = NULL;
	c->r.timeslot = slot;
	if (slot)
		x->on_slot[slot] = c;
	xcall_audio_fini(c);
}

static bool slot_is_free(const struct exchange *x, unsigned slot)
{
	return slot < TIMESLOT_COUNT && x->timeslots >> slot & 1 && !x->on_slot[slot];
}

static unsigned slot_hunt(const struct exchange *x)
{
	for (unsigned i = 1; i < TIMESLOT_COUNT; i++) {
		if (slot_is_free(x, i))
			return i;
	}
	return 0;
}

static void part(struct xcall *c)
{
	if (c->joined && c->b.source.kind == XAUDIO_MACHINE && c->b.source.machine)
		machine_hangup(c->b.source.machine);
	c->joined = false;
}

void xcall_gone(struct xcall *c)
{
	struct exchange *x = c->x;

	part(c);
	c->q = NULL;
	if (x->on_slot[c->r.timeslot] == c)
		x->on_slot[c->r.timeslot] = NULL;
	seen(c, &c->r.gone_ms);
	set_state(c, XCALL_GONE);
}

void xcall_drop_slot(struct exchange *x, unsigned timeslot)
{
	struct xcall *c = x->on_slot[timeslot];

	if (!c)
		return;
	pri_destroycall(x->pri, c->q);
	xcall_gone(c);
}

void xcall_drop_ignored(struct exchange *x, unsigned cref)
{
	for (struct xcall *c = x->calls; c; c = c->next) {
		if (!c->q || c->r.outgoing || !c->b.ignore || c->cref != cref)
			continue;
		pri_destroycall(x->pri, c->q);
		xcall_gone(c);
	}
}

/* libpri forgets a call that it refuses with its first message at once, and tells nobody. */
void xcall_check(struct xcall *c)
{
	int mode;

	if (c->q && pri_get_crv(c->x->pri, c->q, &mode) < 0)
		xcall_gone(c);
}

static void clear(struct xcall *c, unsigned cause)
{
	c->clearing = true;
	part(c);
	seen(c, &c->r.clear_ms);
	if (!c->r.cause) {
		c->r.cause = cause;
		c->r.cleared_by_us = true;
	}
	set_state(c, XCALL_CLEARING);
	if (!c->q)
		return;
	pri_hangup(c->x->pri, c->q, (int)cause);
	xcall_check(c);
}

void exchange_hangup(struct xcall *c, unsigned cause)
{
	if (c->clearing || c->r.state == XCALL_GONE)
		return;
	/* See struct xcall_behaviour: libpri sends most causes only after some other message. */
	if (!c->r.outgoing && c->r.proceeding_ms < 0 && cause != Q850_CHANNEL_UNAVAILABLE &&
	    cause != Q850_UNALLOCATED && cause != Q850_NO_CHANNEL && cause != Q850_INCOMPATIBLE)
		pri_proceeding(c->x->pri, c->q, (int)c->r.timeslot, 0);
	clear(c, cause);
}

int exchange_call(struct exchange *x, const struct exchange_call *call, struct xcall **cp)
{
	unsigned slot = call->timeslot ? call->timeslot : call->any ? 0 : slot_hunt(x);
	struct pri_sr *sr = NULL;
	struct xcall *c = NULL;
	q931_call *q = NULL;

	if (!x->up)
		return ENOTCONN;
	if (call->any ? !slot_hunt(x) : !slot_is_free(x, slot))
		return EBUSY;
	q = pri_new_call(x->pri);
	sr = xcall_setup_of(x, call, slot);
	c = q && sr ? xcall_new(x, q, true) : NULL;
	if (!c)
		goto nomem;
	c->r.parties = call->parties;
	c->b = (struct xcall_behaviour){.source = call->source,
					.hangup_ms = call->hangup_ms ? call->hangup_ms : -1,
					.hangup_cause = call->hangup_cause,
					.alert_ms = -1,
					.answer_ms = -1,
					.progress_ms = -1};
	slot_take(c, slot);
	x->stats.calls_out++;
	if (pri_setup(x->pri, q, sr)) {
		pri_destroycall(x->pri, q);
		xcall_gone(c);
	}
	pri_sr_free(sr);
	*cp = c;
	return c->q ? 0 : EIO;

nomem:
	pri_sr_free(sr);
	if (q)
		pri_destroycall(x->pri, q);
	return ENOMEM;
}

int exchange_digits(struct xcall *c, const char *digits)
{
	for (; c->q && !c->clearing && *digits; digits++)
		if (pri_information(c->x->pri, c->q, *digits))
			break;
	return *digits ? EIO : 0;
}

/* The timeslot for a call from the span; 0: none can be had. */
static unsigned slot_for(const struct exchange *x, const struct xcall_behaviour *b, unsigned asked, bool flexible)
{
	if (asked && !flexible)
		return slot_is_free(x, asked) ? asked : 0;
	if (b->timeslot)
		return slot_is_free(x, b->timeslot) ? b->timeslot : 0;
	return asked && slot_is_free(x, asked) ? asked : slot_hunt(x);
}

static bool has_digits(const struct xcall *c)
{
	return strlen(c->r.parties.called.digits) >= c->b.wants_digits;
}

static void proceed(struct xcall *c)
{
	pri_proceeding(c->x->pri, c->q, (int)c->r.timeslot, c->b.proceeds_inband);
	seen(c, &c->r.proceeding_ms);
	set_state(c, XCALL_PROCEEDING);
	c->joined = true;
	xcall_due(c);
}

static void on_ring(struct exchange *x, const pri_event_ring *r)
{
	struct xcall *c = xcall_find(x, r->call);
	unsigned slot;

	/* libpri has put a new call where it had freed another. */
	if (c)
		xcall_gone(c);
	c = xcall_new(x, r->call, false);
	if (!c) {
		pri_hangup(x->pri, r->call, Q850_CONGESTION);
		return;
	}
	x->stats.calls_in++;
	c->cref = (unsigned)r->cref & 0x7FFF;
	xcall_parties_read(&c->r.parties, r);
	c->r.complete = r->complete;
	c->r.layer_1 = r->layer1;
	c->b = (struct xcall_behaviour){.answer_ms = 100, .progress_ms = -1, .hangup_ms = -1};
	if (x->p.on_call)
		x->p.on_call(x, c, &c->r.parties, &c->b, x->p.arg);
	slot = slot_for(x, &c->b, r->channel == -1 || (r->channel & 0xFF) == 0xFF ? 0 : r->channel & 0xFF, r->flexible);
	if (!slot) {
		x->stats.collisions++;
		clear(c, Q850_CHANNEL_UNAVAILABLE);
		return;
	}
	slot_take(c, slot);
	if (c->b.ignore)
		return;
	if (c->b.refuse_cause && c->b.refuse_ms <= 0) {
		exchange_hangup(c, c->b.refuse_cause);
		return;
	}
	if (c->b.setup_ack)
		pri_need_more_info(x->pri, c->q, (int)slot, 0);
	if (has_digits(c))
		proceed(c);
}

static void on_digits(struct exchange *x, const pri_event_ring *r)
{
	struct xcall *c = xcall_find(x, r->call);
	char *digits = c ? c->r.parties.called.digits : NULL;
	size_t len = c ? strlen(digits) : 0;

	if (!c || has_digits(c))
		return;
	c->r.informations++;
	snprintf(digits + len, sizeof(c->r.parties.called.digits) - len, "%s", r->callednum);
	if (has_digits(c))
		proceed(c);
}

static bool is_due(const struct xcall *c, int64_t since, int32_t ms)
{
	return since >= 0 && ms >= 0 && c->x->samples - since >= (int64_t)ms * (XLINE_RATE / 1000);
}

static void answer(struct xcall *c)
{
	c->answered = true;
	c->answer_at = c->x->samples;
	pri_answer(c->x->pri, c->q, (int)c->r.timeslot, 0);
	seen(c, &c->r.connect_ms);
	set_state(c, XCALL_CONNECTED);
}

static void due_incoming(struct xcall *c)
{
	struct pri *pri = c->x->pri;

	if (c->b.refuse_cause && is_due(c, c->setup_at, c->b.refuse_ms)) {
		exchange_hangup(c, c->b.refuse_cause);
		return;
	}
	if (!c->progressed && !c->answered && is_due(c, c->setup_at, c->b.progress_ms)) {
		c->progressed = true;
		pri_progress(pri, c->q, (int)c->r.timeslot, 1);
		seen(c, &c->r.progress_ms);
	}
	if (!c->alerted && !c->answered && is_due(c, c->setup_at, c->b.alert_ms)) {
		c->alerted = true;
		pri_acknowledge(pri, c->q, (int)c->r.timeslot, c->b.inband);
		seen(c, &c->r.alerting_ms);
		set_state(c, XCALL_ALERTING);
	}
	if (!c->answered && is_due(c, c->setup_at, c->b.answer_ms))
		answer(c);
}

/* Does what the behaviour says is due now. */
void xcall_due(struct xcall *c)
{
	if (!c->q || c->clearing || c->b.ignore)
		return;
	if (!c->r.outgoing && has_digits(c))
		due_incoming(c);
	if (c->q && !c->clearing && is_due(c, c->answer_at, c->b.hangup_ms))
		exchange_hangup(c, c->b.hangup_cause ? c->b.hangup_cause : Q850_NORMAL);
}

/* A message of our own call, on its way: CHANNEL and MASK are libpri's. */
static void on_progress(struct exchange *x, const q931_call *q, enum xcall_state s, int64_t struct_offset, int channel,
			int mask)
{
	struct xcall *c = xcall_find(x, q);
	const unsigned slot = channel == -1 ? 0 : (unsigned)channel & 0xFF;

	if (!c || c->clearing)
		return;
	if (slot && slot < TIMESLOT_COUNT && slot != c->r.timeslot && slot_is_free(x, slot))
		slot_take(c, slot);
	if (mask & (PRI_PROG_INBAND_AVAILABLE | PRI_PROG_CALL_NOT_E2E_ISDN))
		c->r.inband = true;
	seen(c, (int64_t *)((char *)&c->r + struct_offset));
	c->joined = c->r.timeslot != 0;
	if (s == XCALL_CONNECTED && c->answer_at < 0)
		c->answer_at = x->samples;
	if (s > c->r.state)
		set_state(c, s);
}

static void on_hangup(struct exchange *x, int event, const pri_event_hangup *h)
{
	struct xcall *c = xcall_find(x, h->call);

	if (!c) {
		if (event != PRI_EVENT_HANGUP_ACK && !pri_is_dummy_call(h->call))
			pri_hangup(x->pri, h->call, h->cause);
		return;
	}
	if (!c->r.cause && h->cause > 0)
		c->r.cause = (unsigned)h->cause;
	seen(c, &c->r.clear_ms);
	part(c);
	c->clearing = true;
	set_state(c, XCALL_CLEARING);
	if (event == PRI_EVENT_HANGUP_ACK) {
		xcall_gone(c);
		return;
	}
	pri_hangup(x->pri, h->call, h->cause > 0 ? h->cause : Q850_NORMAL);
	if (event == PRI_EVENT_HANGUP)
		xcall_gone(c);
}

void xcall_event(struct exchange *x, const pri_event *e)
{
#define AT(member) ((int64_t)offsetof(struct xcall_result, member))
	switch (e->e) {
	case PRI_EVENT_RING:
		on_ring(x, &e->ring);
		break;
	case PRI_EVENT_INFO_RECEIVED:
		on_digits(x, &e->ring);
		break;
	case PRI_EVENT_SETUP_ACK:
		if (xcall_find(x, e->setup_ack.call))
			xcall_find(x, e->setup_ack.call)->r.setup_acked = true;
		on_progress(x, e->setup_ack.call, XCALL_PROCEEDING, AT(proceeding_ms), e->setup_ack.channel, 0);
		break;
	case PRI_EVENT_PROCEEDING:
		on_progress(x, e->proceeding.call, XCALL_PROCEEDING, AT(proceeding_ms), e->proceeding.channel,
			    e->proceeding.progressmask);
		break;
	case PRI_EVENT_PROGRESS:
		on_progress(x, e->proceeding.call, XCALL_PROCEEDING, AT(progress_ms), e->proceeding.channel,
			    e->proceeding.progressmask);
		break;
	case PRI_EVENT_RINGING:
		on_progress(x, e->ringing.call, XCALL_ALERTING, AT(alerting_ms), e->ringing.channel,
			    e->ringing.progressmask);
		break;
	case PRI_EVENT_ANSWER:
		on_progress(x, e->answer.call, XCALL_CONNECTED, AT(connect_ms), e->answer.channel,
			    e->answer.progressmask);
		break;
	case PRI_EVENT_HANGUP_REQ:
	case PRI_EVENT_HANGUP:
	case PRI_EVENT_HANGUP_ACK:
		on_hangup(x, e->e, &e->hangup);
		break;
	}
#undef AT
}
