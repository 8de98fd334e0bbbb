/* SPDX-License-Identifier: GPL-2.0-only */
/* gateway_process: a running faxspand: started, stopped, killed, and what it costs. */
#ifndef DAHDI_VM_GATEWAY_PROCESS_H
#define DAHDI_VM_GATEWAY_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define GATEWAY_THREADS 8

struct gateway_process {
	pid_t pid; /* 0: not running */
};

/* Starts faxspand --foreground --config CONFIG; its log is added to LOG. 0 or errno. */
int gateway_process_start(struct gateway_process *g, const char *config, const char *log);
/* SIGTERM, and 10 s for the end. True when it ended by itself with status 0. Does nothing when it is not running. */
bool gateway_process_stop(struct gateway_process *g);
void gateway_process_kill(struct gateway_process *g); /* SIGKILL */
bool gateway_process_runs(struct gateway_process *g); /* false: it has ended by itself */

/* What a process has used since its start; of each thread the times it went to sleep, which is how often it woke
 * up. */
struct process_usage {
	int64_t at_us;
	double cpu_s;
	unsigned nthreads;
	struct {
		char name[16];
		uint64_t wakeups;
		double cpu_s, kernel_s;
	} threads[GATEWAY_THREADS];
};

/* PID 0: this process. */
void process_usage_read(pid_t pid, struct process_usage *up);
/* A line for each thread of what was used from FIRST to LAST by so many CHANNELS. */
void process_usage_print(const char *what, const struct process_usage *first, const struct process_usage *last,
			 unsigned channels);

#endif
