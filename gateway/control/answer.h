/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answer: what a thread says to an operator's command: rows of text, by value, through the control thread's mailbox.
 *
 * A command goes to one thread or to several (MSG_COMMAND); each answers with its rows and then exactly one last one.
 * Rows that did not fit the mailbox are noticed by their number.
 */
#ifndef GATEWAY_ANSWER_H
#define GATEWAY_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"
#include "gateway/base/mailbox.h"

#define ANSWER_ROW_OCTETS 480
#define ANSWER_FROM_SIP	  CONFIG_MAX_SPANS /* FROM of the SIP thread; a span's is its index */
#define ANSWER_THREADS	  (CONFIG_MAX_SPANS + 1)

struct answer_row {
	uint32_t request;
	unsigned from;
	unsigned rows; /* the last: how many there were before it */
	bool last;
	bool failed;		      /* the last: TEXT is why */
	char text[ANSWER_ROW_OCTETS]; /* fields parted by tabs */
};

/* An answer being given. One whose TO is NULL is given to nobody. */
struct answer {
	struct mailbox *to;
	uint32_t request;
	unsigned from;
	unsigned rows;
};

void answer_row(struct answer *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The last row: all is well, or what is wrong. */
void answer_end(struct answer *a);
void answer_fail(struct answer *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
