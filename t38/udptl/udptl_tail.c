/* SPDX-License-Identifier: GPL-2.0-only */
#include "udptl_tail.h"

#define STEADY	4 /* repeats that follow each other by the interval */
#define DOUBLED 4 /* times it becomes twice as long at most */

void udptl_tail_init(struct udptl_tail *t, unsigned repeats, int64_t interval_us)
{
	/* nothing was sent, so there is nothing to repeat */
	*t = (struct udptl_tail){.repeats = repeats, .interval_us = interval_us, .done = repeats};
}

static int64_t wait_us(const struct udptl_tail *t)
{
	unsigned doubled = t->done < STEADY ? 0 : t->done - STEADY + 1;

	return t->interval_us << (doubled < DOUBLED ? doubled : DOUBLED);
}

void udptl_tail_sent(struct udptl_tail *t, int64_t now_us)
{
	t->done = 0;
	t->due_us = now_us + wait_us(t);
}

bool udptl_tail_due(struct udptl_tail *t, int64_t now_us)
{
	if (t->done >= t->repeats || now_us < t->due_us)
		return false;
	t->done++;
	t->due_us = now_us + wait_us(t);
	return true;
}
