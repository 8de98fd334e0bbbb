/* SPDX-License-Identifier: GPL-2.0-only */
#include "stall.h"

#include <sched.h>
#include <stdint.h>
#include <time.h>

#include "gateway/base/clock.h"

#define LOOK_MS 5

static void *stall_watch(void *arg)
{
	const struct timespec look = {0, LOOK_MS * 1000000L};
	struct stall *s = arg;
	int64_t before_us = clock_now_us(&clock_monotonic);

	while (!atomic_load(&s->end)) {
		int64_t now_us;
		unsigned gap_ms;

		nanosleep(&look, NULL);
		now_us = clock_now_us(&clock_monotonic);
		gap_ms = (unsigned)((now_us - before_us) / MS_US);
		if (gap_ms > atomic_load(&s->worst_ms))
			atomic_store(&s->worst_ms, gap_ms);
		before_us = now_us;
	}
	return NULL;
}

int stall_begin(struct stall *s)
{
	const struct sched_param highest = {.sched_priority = sched_get_priority_max(SCHED_FIFO)};
	pthread_attr_t attr;
	int err;

	*s = (struct stall){0};
	pthread_attr_init(&attr);
	/* below the highest something of the gateway, and not the host, could hold it up */
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &highest);
	err = pthread_create(&s->thread, &attr, stall_watch, s);
	pthread_attr_destroy(&attr);
	return err;
}

unsigned stall_end(struct stall *s)
{
	atomic_store(&s->end, true);
	pthread_join(s->thread, NULL);
	return atomic_load(&s->worst_ms);
}
