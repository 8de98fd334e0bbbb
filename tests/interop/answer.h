/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answer: exchanges at the line side of a running gateway that do with a call what the end of its number says, and call
 * when they are told to.
 *
 *   ...002   alerts with tones in band, answers after 0.6 s
 *   ...003   alerts, and never answers
 *   ...004   alerts, answers after 0.6 s
 *   ...005   answers, and hangs up 0.6 s later, normally
 *   ...006   answered; the digits that are heard (DTMF) are printed: "heard D from FROM", one a line
 *   ...007   the same, and 1, 5, 9, * and # are dialled a second later
 *   ...9CCC  refused with cause CCC (three digits)
 *   others   answered at once
 *
 * Each line of the FIFO is a call:
 *   NAME SPAN NUMBER FROM AFTER_MS CAUSE [restricted] [redirected NUMBER]
 * FROM calls NUMBER on SPAN and hangs up with CAUSE after so many milliseconds (0: never).
 *
 * Printed, with a FIFO: "called NUMBER from FROM [restricted] [redirected NUMBER reason N]"; and, when a call that was
 * made is gone, "gone NAME cause N ours|theirs connected|alerted|not".
 */
#ifndef INTEROP_ANSWER_H
#define INTEROP_ANSWER_H

#include <stdbool.h>

#include "tests/demo/bank.h"

#define ANSWER_CALLS 64 /* made at a time */

struct answer_call {
	char name[64];
	struct xcall *call;
	int64_t hangup_us; /* line time; 0: never */
	unsigned cause;
};

struct answer {
	struct bank *bank;
	int fifo; /* -1: none */
	char input[1024];
	size_t len;
	struct answer_call calls[ANSWER_CALLS];
	unsigned ncalls;
	unsigned gone; /* calls that are over, both ways */
};

/* The bank's handler; its arg is a struct answer. */
void answer_on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		    void *arg);
/* FIFO NULL: nobody tells us to call. False: it cannot be opened. */
bool answer_open(struct answer *a, struct bank *b, const char *fifo);
void answer_close(struct answer *a);
/* After each step of the bank. Returns the calls that are left. */
unsigned answer_step(struct answer *a);

#endif
