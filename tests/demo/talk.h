/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * talk: many calls of speech at once through a gateway process, and what that costs it while it listens for a fax.
 * For the benchmark.
 */
#ifndef DEMO_TALK_H
#define DEMO_TALK_H

#include <stdbool.h>

#include "tests/demo/bank.h"

void talk_prepare(struct bank_params *p);

/*
 * CALLS from the line, with noise in syllables both ways that is no fax's, and a line of key=value figures of process
 * PID, measured while all of them were up: cpu_percent of one core a call, by line time; wakeups_per_s; resident
 * memory, and how much of it a call takes. Returns true when all calls were answered and none was taken for a fax.
 */
bool talk_run(struct bank *b, unsigned calls, long pid);

#endif
