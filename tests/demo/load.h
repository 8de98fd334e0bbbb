/* SPDX-License-Identifier: GPL-2.0-only */
/* load: many faxes at once through a gateway process, and what that costs it. For the benchmark. */
#ifndef DEMO_LOAD_H
#define DEMO_LOAD_H

#include <stdbool.h>

#include "tests/demo/bank.h"

#define LOAD_MAX      240
#define LOAD_PER_SPAN 30

void load_prepare(struct bank_params *p);

/*
 * Sends DOCUMENT in FAXES calls at once, half of them from the line, and prints a line of key=value figures of
 * process PID, measured while all of them were in T.38: cpu_percent of one core a call, by line time; wakeups_per_s
 * and calls_per_s (system calls, by strace; "-" where it cannot be had) of the whole process per second of line time;
 * resident memory, and how much of it a call takes; how many times real time it ran. Returns true when every fax came
 * through whole.
 */
bool load_run(struct bank *b, unsigned faxes, long pid, const char *document, const char *out);

#endif
