/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timer: one-shot timers in a queue that somebody steps with the time of his choice.
 *
 * A loop steps its queue with its clock; a span steps one with the time of its line. Timers are
 * embedded in their owners; starting a running timer moves it, stopping a stopped one does nothing.
 * Nothing allocates after timers_init() but the queue's array, which grows on timer_start().
 */
#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (timer_h)(void *arg);

struct timer {
	timer_h *handler;
	void *arg;
	int64_t at_us;
	uint64_t order;		/* of starting: of two due at the same time the one started first fires first */
	size_t slot;		/* place in the heap + 1; 0: not running */
};

struct timers {
	struct timer **heap;
	size_t count, room;
	int64_t now_us;		/* the time of the last timers_run() */
	uint64_t started;	/* timers started so far */
};

void timers_init(struct timers *q);
void timers_fini(struct timers *q);	/* stops every timer in it */

void timer_init(struct timer *t, timer_h *handler, void *arg);

/* Starts (or moves) T to fire DELAY_US after the queue's present time. Returns 0 or ENOMEM. */
int timer_start(struct timers *q, struct timer *t, int64_t delay_us);
void timer_stop(struct timers *q, struct timer *t);
bool timer_running(const struct timer *t);

/* Sets the queue's time to NOW_US and calls the handler of every timer due, earliest first. A handler
 * may start and stop any timer of the queue, itself included; one it starts with no delay fires in the next run.
 * A NOW_US earlier than the queue's time leaves that as it is. */
void timers_run(struct timers *q, int64_t now_us);

/* Microseconds from the queue's time to the earliest timer (0 if overdue); -1 when none runs. */
int64_t timers_next_us(const struct timers *q);

#endif
