/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_rig: a pri_link and the exchange of the simulation, the D channel's frames passed directly, on virtual time.
 * For the unit tests of the link; each includes it once.
 */
#ifndef UNIT_PRI_RIG_H
#define UNIT_PRI_RIG_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dahdi/pri_link.h"
#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "tests/sim/clock_sim.h"
#include "tests/sim/exchange.h"
#include "tests/unit/fault.h"

#define UNUSED	__attribute__((unused))
#define STEP_MS 20
#define FRAMES	256
#define CALLS	80

struct frame {
	size_t octets;
	uint8_t p[300];
};

struct wire {
	struct frame f[FRAMES];
	size_t head, count;
	bool cut;
};

/* What the gateway knows of one call. */
struct seen {
	struct pri_call *call;
	unsigned setup, digits, proceeding, alerting, progress, connected, clearing, gone;
	char number[100]; /* the digits that came after the SETUP */
	bool complete;	  /* ... and that there are no more */
	struct pri_event_data last_setup, last_proceeding, last_alerting, last_progress, last_connected, last_clearing,
		last_gone;
};

enum reply { REPLY_NONE, REPLY_PROCEEDING, REPLY_MORE, REPLY_CLEAR, REPLY_ABANDON };

struct rig {
	struct pri_link *link;
	struct exchange *x;
	struct wire to_link, to_x;
	struct seen seen[CALLS];
	unsigned nseen, ups, downs, restarted, restart_done, last_restart;
	unsigned stale; /* events of calls that were gone */
	unsigned services;
	uint32_t out_of_service; /* bits of timeslots */
	/* what the gateway does by itself */
	enum reply reply;
	unsigned reply_cause;
	bool hold_clearing; /* does not answer PRI_CLEARING */
	/* what the exchange does */
	struct xcall_behaviour behaviour;
	bool behaviour_set;
	struct frame setup; /* the last SETUP the link has sent */
	char ladder[4000];
	size_t alive; /* allocations before the rig */
};

static int wire_put(struct wire *w, const uint8_t *p, size_t n)
{
	struct frame *f = &w->f[(w->head + w->count) % FRAMES];

	assert_true(n <= sizeof(f->p));
	if (w->cut)
		return 0;
	assert_true(w->count < FRAMES);
	f->octets = n;
	memcpy(f->p, p, n);
	w->count++;
	return 0;
}

static struct frame *wire_get(struct wire *w)
{
	struct frame *f = &w->f[w->head];

	if (!w->count)
		return NULL;
	w->head = (w->head + 1) % FRAMES;
	w->count--;
	return f;
}

static int link_send(const uint8_t *p, size_t n, void *arg)
{
	struct rig *r = arg;

	if (n > 8 && !(p[2] & 1) && p[8] == 0x05) {
		memcpy(r->setup.p, p, n);
		r->setup.octets = n;
	}
	return wire_put(&r->to_x, p, n);
}

static int x_send(const uint8_t *p, size_t n, void *arg)
{
	return wire_put(&((struct rig *)arg)->to_link, p, n);
}

static struct seen *seen_new(struct rig *r, struct pri_call *c)
{
	struct seen *s = &r->seen[r->nseen++];

	assert_true(r->nseen <= CALLS);
	s->call = c;
	if (c)
		pri_call_set_arg(c, s);
	return s;
}

static void reply(struct rig *r, const struct pri_event_data *e)
{
	switch (r->reply) {
	case REPLY_NONE:
		break;
	case REPLY_PROCEEDING:
		assert_int_equal(pri_call_proceeding(e->call, e->channel ? e->channel : 9), 0);
		break;
	case REPLY_MORE:
		assert_int_equal(pri_call_more(e->call, e->channel ? e->channel : 9), 0);
		break;
	case REPLY_CLEAR:
		pri_call_clear(e->call, r->reply_cause);
		break;
	case REPLY_ABANDON:
		pri_call_abandon(e->call);
		break;
	}
}

static void call_event(struct rig *r, const struct pri_event_data *e)
{
	struct seen *s = e->type == PRI_SETUP ? seen_new(r, e->call) : e->call_arg;

	assert_non_null(s);
	r->stale += s->gone;
	switch (e->type) {
	case PRI_SETUP:
		s->setup++;
		s->last_setup = *e;
		reply(r, e);
		break;
	case PRI_DIGITS:
		s->digits++;
		strcat(s->number, e->parties.called.digits);
		s->complete |= e->complete;
		break;
	case PRI_PROCEEDING:
		s->proceeding++;
		s->last_proceeding = *e;
		break;
	case PRI_ALERTING:
		s->alerting++;
		s->last_alerting = *e;
		break;
	case PRI_PROGRESS:
		s->progress++;
		s->last_progress = *e;
		break;
	case PRI_CONNECTED:
		s->connected++;
		s->last_connected = *e;
		break;
	case PRI_CLEARING:
		s->clearing++;
		s->last_clearing = *e;
		if (!r->hold_clearing)
			pri_call_clear(e->call, Q850_NORMAL); /* PRI_GONE brings theirs all the same */
		break;
	case PRI_GONE:
		s->gone++;
		s->last_gone = *e;
		break;
	default:
		fail();
	}
}

static void link_event(const struct pri_event_data *e, void *arg)
{
	struct rig *r = arg;

	switch (e->type) {
	case PRI_UP:
		r->ups++;
		break;
	case PRI_DOWN:
		r->downs++;
		break;
	case PRI_RESTARTED:
		r->restarted++;
		r->last_restart = e->channel;
		break;
	case PRI_RESTART_DONE:
		r->restart_done++;
		r->last_restart = e->channel;
		break;
	case PRI_SERVICE:
		r->services++;
		r->out_of_service &= ~(1u << e->channel);
		if (!e->in_service)
			r->out_of_service |= 1u << e->channel;
		break;
	default:
		call_event(r, e);
		break;
	}
}

static void x_on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		      void *arg)
{
	struct rig *r = arg;

	if (r->behaviour_set)
		*b = r->behaviour;
}

static void x_on_message(bool sent, const char *name, unsigned cref, unsigned cause, void *arg)
{
	struct rig *r = arg;
	size_t n = strlen(r->ladder);

	snprintf(r->ladder + n, sizeof(r->ladder) - n, "%s%s%s", n ? " " : "", sent ? ">" : "<", name);
	if (cause) {
		n = strlen(r->ladder);
		snprintf(r->ladder + n, sizeof(r->ladder) - n, "(%u)", cause);
	}
}

static void pass_frames(struct rig *r)
{
	struct frame *f;

	while (r->to_link.count || r->to_x.count) {
		if ((f = wire_get(&r->to_link)))
			pri_link_receive(r->link, f->p, f->octets);
		if ((f = wire_get(&r->to_x)))
			exchange_dframe(r->x, f->p, f->octets);
	}
}

static UNUSED void run_ms(struct rig *r, unsigned ms)
{
	for (unsigned t = 0; t < ms; t += STEP_MS) {
		clock_sim_advance_us(STEP_MS * MS_US);
		pri_link_run(r->link);
		exchange_block(r->x, NULL, NULL);
		pass_frames(r);
	}
}

static UNUSED void rig_open_as(struct rig *r, enum isdn_side side, enum isdn_switch sw)
{
	const struct pri_link_params lp = {
		.side = side, .switch_type = sw, .prefix = "span 1", .debug = getenv("PRI_DEBUG") ? 1 : 0};
	const struct pri_link_handlers lh = {.send = link_send, .event = link_event, .arg = r};
	const struct exchange_params xp = {.side = side == ISDN_TE ? ISDN_NT : ISDN_TE,
					   .switch_type = sw,
					   .send = x_send,
					   .on_call = x_on_call,
					   .on_message = x_on_message,
					   .arg = r};

	memset(r, 0, sizeof(*r));
	r->alive = fault_alive();
	r->reply = REPLY_PROCEEDING;
	r->behaviour = (struct xcall_behaviour){.alert_ms = -1, .progress_ms = -1, .answer_ms = -1, .hangup_ms = -1};
	assert_int_equal(pri_link_alloc(&r->link, &lp, &lh), 0);
	assert_int_equal(exchange_alloc(&r->x, &xp), 0);
}

static struct rig the_rig;

static UNUSED struct rig *rig_open(enum isdn_side side)
{
	struct rig *r = &the_rig;

	rig_open_as(r, side, ISDN_EUROISDN);
	run_ms(r, 1500);
	assert_true(pri_link_is_up(r->link));
	assert_true(exchange_is_up(r->x));
	assert_int_equal(r->ups, 1);
	return r;
}

/* Every call must have had exactly one PRI_GONE, and nothing may be left. */
static UNUSED void rig_close(struct rig *r)
{
	for (unsigned i = 0; i < r->nseen; i++)
		assert_int_equal(r->seen[i].gone, 1);
	assert_int_equal(r->stale, 0);
	pri_link_free(r->link);
	exchange_free(r->x);
	assert_int_equal(fault_alive(), r->alive);
}

static const struct isdn_parties parties = {
	.called = {.digits = "493012345", .type = 1, .plan = 1},
	.calling = {.digits = "4989555", .type = 1, .plan = 1, .presentation = PRESENTATION_ALLOWED},
};

static UNUSED struct seen *call_out(struct rig *r, unsigned channel, bool exclusive)
{
	struct seen *s = seen_new(r, NULL);

	assert_int_equal(pri_link_call(r->link, &parties, channel, exclusive, s, &s->call), 0);
	return s;
}

static UNUSED struct xcall *call_in_with(struct rig *r, struct exchange_call call, struct seen **sp)
{
	struct xcall *c;
	const unsigned n = r->nseen;

	assert_int_equal(exchange_call(r->x, &call, &c), 0);
	pass_frames(r);
	assert_int_equal(r->nseen, n + 1);
	*sp = &r->seen[n];
	return c;
}

static UNUSED struct xcall *call_in(struct rig *r, unsigned slot, struct seen **sp)
{
	return call_in_with(r, (struct exchange_call){.parties = parties, .timeslot = slot, .exclusive = true}, sp);
}

static UNUSED void behave(struct rig *r, struct xcall_behaviour b)
{
	r->behaviour = b;
	r->behaviour_set = true;
}

static const enum isdn_side sides[] = {ISDN_TE, ISDN_NT};

#define FOR_BOTH_SIDES(side) for (size_t _i = 0, side; _i < 2 && ((side = sides[_i]), true); _i++)

enum when { AT_SETUP, AT_PROCEEDING, AT_ALERTING, AT_CONNECTED, WHEN_COUNT };

static UNUSED struct seen *bring_out_to(struct rig *r, enum when when)
{
	struct xcall_behaviour b = {.alert_ms = -1, .progress_ms = -1, .answer_ms = -1, .hangup_ms = -1};
	struct seen *s;

	b.ignore = when == AT_SETUP;
	b.alert_ms = when >= AT_ALERTING ? 0 : -1;
	b.answer_ms = when >= AT_CONNECTED ? 0 : -1;
	behave(r, b);
	s = call_out(r, 5, true);
	run_ms(r, 60);
	assert_int_equal(s->proceeding, when >= AT_PROCEEDING);
	assert_int_equal(s->alerting, when >= AT_ALERTING);
	assert_int_equal(s->connected, when >= AT_CONNECTED);
	return s;
}

static UNUSED void cut(struct rig *r, bool on)
{
	r->to_link.cut = r->to_x.cut = on;
}

static UNUSED int setup(void **state)
{
	clock_sim_use();
	log_set_level(getenv("PRI_DEBUG") ? LOGL_DEBUG : LOGL_ERROR);
	pri_link_setup();
	return 0;
}

#endif
