/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * realtime: keeps other programs and the pager from holding up the spans' threads. What is refused is logged, with what
 * would allow it; the daemon runs without.
 */
#ifndef GATEWAY_REALTIME_H
#define GATEWAY_REALTIME_H

#include <pthread.h>

#define REALTIME_PRIORITY 20 /* of SCHED_FIFO: above ordinary programs, below the kernel's interrupt threads (50) */

/* Locks the memory that the process has, and all it will have. Returns 0 or errno. */
int realtime_lock_memory(void);

/* Gives THREAD, called NAME in the log, real-time priority. Returns 0 or errno. */
int realtime_raise(pthread_t thread, const char *name);

#endif
