/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/span_restart.h"

/* For a RESTART ACKNOWLEDGE; T316 of Q.931 is far longer, but the channel is free all the same. */
#define RESTART_TIMEOUT_US (4 * SEC_US)
/* The other side may not have our UA yet, and send SABME again after T200 (1 s): until then it drops what we send. */
#define RESTART_SETTLE_US (1500 * MS_US)
/* A call that is cleared for it is gone soon; looked for so often, and no more often than that. */
#define RESTART_LOOK_US (100 * MS_US)
#define RESTART_LOOKS	60

static unsigned take_idle(struct span *s)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		if (s->restart.left >> ts & 1 && !chanmap_restart(&s->channels, ts))
			return ts;
	return 0;
}

static void restart_end(struct span *s)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		if (s->restart.left >> ts & 1)
			answer_row(&s->restart.answer, "%u\t%u\tnot restarted: in use", s->conf->number, ts);
	log_info(s->prefix, "RESTART of the B channels is done");
	answer_end(&s->restart.answer);
	s->restart.left = s->restart.forced = 0;
	s->restart.running = false;
}

static void restart_next(struct span *s)
{
	unsigned ts = take_idle(s);

	s->restart.timeslot = ts;
	if (ts) {
		s->restart.left &= ~(1u << ts);
		timer_start(&s->timers, &s->restart.timer, RESTART_TIMEOUT_US);
		pri_link_restart(s->link, ts);
	} else if (s->restart.left & s->restart.forced && s->restart.looks++ < RESTART_LOOKS) {
		timer_start(&s->timers, &s->restart.timer, RESTART_LOOK_US);
	} else {
		restart_end(s);
	}
}

static void restart_done(struct span *s, const char *how)
{
	unsigned ts = s->restart.timeslot;

	timer_stop(&s->timers, &s->restart.timer);
	chanmap_release(&s->channels, ts);
	answer_row(&s->restart.answer, "%u\t%u\t%s", s->conf->number, ts, how);
	restart_next(s);
}

void span_restart_acknowledged(struct span *s, unsigned timeslot)
{
	if (s->restart.timeslot && (!timeslot || timeslot == s->restart.timeslot))
		restart_done(s, "acknowledged");
}

void span_restart_timeout(void *arg)
{
	struct span *s = arg;

	if (!s->restart.timeslot) {
		restart_next(s);
		return;
	}
	log_notice(s->prefix, "ch %u: RESTART was not acknowledged; the channel is used all the same",
		   s->restart.timeslot);
	restart_done(s, "not acknowledged");
}

void span_restart_at_start(struct span *s)
{
	if (!s->conf->restart_at_start || s->restart.done_at_start)
		return;
	s->restart.done_at_start = true;
	s->restart.left |= s->conf->timeslots;
	if (s->restart.running)
		return;
	s->restart.running = true;
	timer_start(&s->timers, &s->restart.timer, RESTART_SETTLE_US);
}

void span_restart_ask(struct span *s, uint32_t timeslots, bool force, const struct answer *to)
{
	struct answer a = *to;

	if (s->alarm || !pri_link_is_up(s->link)) {
		answer_fail(&a, "span %u: %s", s->conf->number,
			    s->alarm ? "the span is in alarm" : "the D channel is down");
		return;
	}
	if (s->restart.running) {
		answer_fail(&a, "span %u: a RESTART is under way", s->conf->number);
		return;
	}
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		struct leg_pstn *l = s->by_timeslot[ts];

		if (!(timeslots >> ts & 1))
			continue;
		if (l && !force) {
			answer_row(&a, "%u\t%u\tnot restarted: in a call", s->conf->number, ts);
			continue;
		}
		if (l) {
			leg_pstn_drop(l, Q850_NORMAL_UNSPECIFIED, "the operator restarts the channel");
			s->restart.forced |= 1u << ts;
		}
		s->restart.left |= 1u << ts;
	}
	s->restart.looks = 0;
	s->restart.running = true;
	s->restart.answer = a;
	restart_next(s);
}

void span_restart_stop(struct span *s)
{
	s->restart.done_at_start = false;
	s->restart.left = s->restart.forced = 0;
	s->restart.running = false;
	timer_stop(&s->timers, &s->restart.timer);
	if (s->restart.timeslot)
		chanmap_release(&s->channels, s->restart.timeslot);
	s->restart.timeslot = 0;
	answer_fail(&s->restart.answer, "span %u: the D channel went down", s->conf->number);
}
