/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A binary heap ordered by due time, then by the order of starting, so that a run of many timers due together is the
 * same every time.
 */
#include "timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TIMERS_MIN_ROOM 16

void timers_init(struct timers *q)
{
	memset(q, 0, sizeof(*q));
}

void timers_fini(struct timers *q)
{
	size_t i;

	for (i = 0; i < q->count; i++)
		q->heap[i]->slot = 0;
	free(q->heap);
	q->heap = NULL;
	q->count = 0;
	q->room = 0;
}

void timer_init(struct timer *t, timer_h *handler, void *arg)
{
	*t = (struct timer){.handler = handler, .arg = arg};
}

static bool timer_before(const struct timer *a, const struct timer *b)
{
	return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void heap_put(struct timers *q, size_t i, struct timer *t)
{
	q->heap[i] = t;
	t->slot = i + 1;
}

static void heap_rise(struct timers *q, size_t i)
{
	struct timer *t = q->heap[i];

	while (i > 0 && timer_before(t, q->heap[(i - 1) / 2])) {
		heap_put(q, i, q->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_put(q, i, t);
}

static void heap_sink(struct timers *q, size_t i)
{
	struct timer *t = q->heap[i];
	size_t child;

	while ((child = 2 * i + 1) < q->count) {
		if (child + 1 < q->count && timer_before(q->heap[child + 1], q->heap[child]))
			child++;
		if (timer_before(t, q->heap[child]))
			break;
		heap_put(q, i, q->heap[child]);
		i = child;
	}
	heap_put(q, i, t);
}

static void heap_remove(struct timers *q, size_t i)
{
	struct timer *last = q->heap[--q->count];

	q->heap[i]->slot = 0;
	if (i == q->count)
		return;
	heap_put(q, i, last);
	heap_rise(q, i);
	heap_sink(q, last->slot - 1);
}

static int heap_grow(struct timers *q)
{
	size_t room = q->room ? 2 * q->room : TIMERS_MIN_ROOM;
	struct timer **heap = realloc(q->heap, room * sizeof(*heap));

	if (!heap)
		return ENOMEM;
	q->heap = heap;
	q->room = room;
	return 0;
}

int timer_start(struct timers *q, struct timer *t, int64_t delay_us)
{
	if (!t->slot && q->count == q->room) {
		int err = heap_grow(q);

		if (err)
			return err;
	}
	if (!t->slot)
		heap_put(q, q->count++, t);
	t->at_us = q->now_us + (delay_us > 0 ? delay_us : 0);
	t->order = q->started++;
	heap_rise(q, t->slot - 1);
	heap_sink(q, t->slot - 1);
	return 0;
}

void timer_stop(struct timers *q, struct timer *t)
{
	if (t->slot)
		heap_remove(q, t->slot - 1);
}

bool timer_running(const struct timer *t)
{
	return t->slot != 0;
}

void timers_run(struct timers *q, int64_t now_us)
{
	/* A timer that a handler starts with no delay waits for the next run: one that restarts itself so must not
	 * hold the thread for ever. It is behind all others that are due, as the order of starting decides. */
	uint64_t limit = q->started;

	if (now_us > q->now_us)
		q->now_us = now_us;
	while (q->count && q->heap[0]->at_us <= q->now_us && q->heap[0]->order < limit) {
		struct timer *t = q->heap[0];

		heap_remove(q, 0);
		t->handler(t->arg);
	}
}

int64_t timers_next_us(const struct timers *q)
{
	if (!q->count)
		return -1;
	return q->heap[0]->at_us > q->now_us ? q->heap[0]->at_us - q->now_us : 0;
}
