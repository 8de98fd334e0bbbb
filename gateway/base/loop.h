/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * loop: one thread's event loop: epoll, file descriptors, timers. It can be stepped by a test.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdint.h>

#include "clock.h"
#include "timer.h"

struct loop;

typedef void (loop_fd_h)(uint32_t epoll_events, void *arg);

/* CLOCK must outlive the loop. Returns 0, ENOMEM, or the errno of epoll_create1(2). */
int loop_alloc(struct loop **lp, const struct clock *clock);
void loop_free(struct loop *l);

/* Watches FD for EPOLLIN and the like (level-triggered). One handler a descriptor; EEXIST if watched. */
int loop_watch(struct loop *l, int fd, uint32_t epoll_events, loop_fd_h *handler, void *arg);
void loop_unwatch(struct loop *l, int fd);

struct timers *loop_timers(struct loop *l);
int64_t loop_now_us(struct loop *l);

/* One round: waits at most MAX_WAIT_US (-1: as long as it takes; 0: not at all) for a descriptor or a
 * timer, then runs what is due. Returns the number of descriptors served, or -1 with errno. */
int loop_step(struct loop *l, int64_t max_wait_us);

/* Rounds until loop_stop(). loop_stop() is for the loop's own thread. */
int loop_run(struct loop *l);
void loop_stop(struct loop *l);

/* How often the loop woke up and how many descriptors it served, for the benchmark and the status. */
struct loop_stats {
	uint64_t wakeups, served;
};
struct loop_stats loop_stats(const struct loop *l);

#endif
