/* SPDX-License-Identifier: GPL-2.0-only */
#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define LOOP_BATCH 64 /* descriptors served in one round; the others are served in the next */

struct watch {
	loop_fd_h *handler; /* NULL: not watched */
	void *arg;
	uint32_t generation; /* tells an event of a closed descriptor from one of its successor with the same number */
};

struct loop {
	int epoll_fd;
	bool running, stepping;
	bool old_kernel; /* no epoll_pwait2(2): before Linux 5.11 */
	const struct clock *clock;
	struct timers timers;
	struct watch *watches; /* by descriptor */
	size_t nwatches;
	struct loop_stats stats;
};

int loop_alloc(struct loop **lp, const struct clock *clock)
{
	struct loop *l = calloc(1, sizeof(*l));
	int err = 0;

	if (!l)
		return ENOMEM;
	timers_init(&l->timers);
	l->clock = clock;
	l->timers.now_us = clock_now_us(clock);
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll_fd < 0) {
		err = errno;
		goto out;
	}
	*lp = l;
	l = NULL;
out:
	loop_free(l);
	return err;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	timers_fini(&l->timers);
	if (l->epoll_fd >= 0)
		close(l->epoll_fd);
	free(l->watches);
	free(l);
}

static int loop_grow(struct loop *l, size_t need)
{
	size_t n = l->nwatches ? l->nwatches : 16;
	struct watch *w;

	while (n < need)
		n *= 2;
	if (n == l->nwatches)
		return 0;
	w = realloc(l->watches, n * sizeof(*w));
	if (!w)
		return ENOMEM;
	for (size_t i = l->nwatches; i < n; i++)
		w[i] = (struct watch){0};
	l->watches = w;
	l->nwatches = n;
	return 0;
}

int loop_watch(struct loop *l, int fd, uint32_t epoll_events, loop_fd_h *handler, void *arg)
{
	struct epoll_event ev = {.events = epoll_events};
	struct watch *w;
	int err;

	if (fd < 0)
		return EBADF;
	err = loop_grow(l, (size_t)fd + 1);
	if (err)
		return err;
	w = &l->watches[fd];
	if (w->handler)
		return EEXIST;
	ev.data.u64 = (uint64_t)++w->generation << 32 | (uint32_t)fd;
	if (epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0)
		return errno;
	w->handler = handler;
	w->arg = arg;
	return 0;
}

void loop_unwatch(struct loop *l, int fd)
{
	if (fd < 0 || (size_t)fd >= l->nwatches || !l->watches[fd].handler)
		return;
	l->watches[fd].handler = NULL;
	epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

struct timers *loop_timers(struct loop *l)
{
	int64_t now = clock_now_us(l->clock);

	/* Outside a round the queue's time is as old as the last round: a timer started by the set-up of a program,
	 * seconds later, would fire too soon. */
	if (!l->stepping && now > l->timers.now_us)
		l->timers.now_us = now;
	return &l->timers;
}

int64_t loop_now_us(struct loop *l)
{
	return clock_now_us(l->clock);
}

static int64_t loop_wait_us(struct loop *l, int64_t max_wait_us)
{
	int64_t wait = max_wait_us, next;

	if (!l->timers.count)
		return wait;
	next = l->timers.heap[0]->at_us - clock_now_us(l->clock);
	if (next < 0)
		next = 0;
	return wait < 0 || next < wait ? next : wait;
}

static int loop_epoll(struct loop *l, struct epoll_event *ev, int64_t wait_us)
{
	struct timespec ts = {.tv_sec = wait_us / SEC_US, .tv_nsec = wait_us % SEC_US * 1000};
	int n;

	if (!l->old_kernel) {
		n = epoll_pwait2(l->epoll_fd, ev, LOOP_BATCH, wait_us < 0 ? NULL : &ts, NULL);
		if (n >= 0 || errno != ENOSYS)
			return n;
		l->old_kernel = true;
	}
	if (wait_us > (int64_t)INT_MAX * MS_US)
		wait_us = (int64_t)INT_MAX * MS_US;
	/* Rounded up: a wait cut to whole milliseconds would spin through the last one. */
	return epoll_wait(l->epoll_fd, ev, LOOP_BATCH, wait_us < 0 ? -1 : (int)((wait_us + MS_US - 1) / MS_US));
}

static int loop_serve(struct loop *l, const struct epoll_event *ev, int n)
{
	int i, served = 0;

	for (i = 0; i < n; i++) {
		size_t fd = (uint32_t)ev[i].data.u64;
		uint32_t generation = (uint32_t)(ev[i].data.u64 >> 32);
		struct watch w = l->watches[fd];

		/* An earlier handler of this round may have unwatched it. */
		if (!w.handler || w.generation != generation)
			continue;
		w.handler(ev[i].events, w.arg);
		served++;
	}
	return served;
}

int loop_step(struct loop *l, int64_t max_wait_us)
{
	struct epoll_event ev[LOOP_BATCH];
	int64_t now;
	int n = loop_epoll(l, ev, loop_wait_us(l, max_wait_us));

	if (n < 0 && errno != EINTR)
		return -1;
	if (n < 0)
		n = 0;
	l->stats.wakeups++;
	l->stepping = true;
	/* Descriptors first, on the present time: an answer that has come is taken before its timeout. */
	now = clock_now_us(l->clock);
	if (now > l->timers.now_us)
		l->timers.now_us = now;
	n = loop_serve(l, ev, n);
	l->stats.served += (uint64_t)n;
	timers_run(&l->timers, clock_now_us(l->clock));
	l->stepping = false;
	return n;
}

int loop_run(struct loop *l)
{
	l->running = true;
	while (l->running) {
		if (loop_step(l, -1) < 0)
			return errno;
	}
	return 0;
}

void loop_stop(struct loop *l)
{
	l->running = false;
}

struct loop_stats loop_stats(const struct loop *l)
{
	return l->stats;
}
