/* SPDX-License-Identifier: GPL-2.0-only */
/* usage: what the system has counted for another process, and the system calls it makes, by strace. */
#ifndef DEMO_USAGE_H
#define DEMO_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usage {
	double cpu_s;	  /* all threads, in nanoseconds' steps */
	uint64_t wakeups; /* times a thread of it had waited, and ran again: its voluntary context switches */
	long resident_kb;
};

/* Of process PID. False: there is none. */
bool usage_read(long pid, struct usage *up);

/* One run of strace on process PID. */
struct usage_trace {
	pid_t strace;
	char path[300]; /* of its summary */
};

/*
 * Returns when it is attached. 0, or errno: ENOENT when there is no strace, EPERM when it may not. DIR takes its
 * summary.
 */
int usage_trace_start(struct usage_trace *t, long pid, const char *dir);
/* Ends it. 0 and the number of system calls, or errno. */
int usage_trace_stop(struct usage_trace *t, uint64_t *callsp);

#endif
