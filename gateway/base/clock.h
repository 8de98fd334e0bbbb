/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock: where "now" comes from.
 *
 * All times in Faxspan are int64_t microseconds (_us) since an arbitrary origin and never go back. The
 * SIP thread and the loops read a clock; a span thread counts the samples of its line instead (see
 * gateway/span/span.c). A test gives a loop a clock of its own and so owns the time.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define MS_US 1000LL		/* microseconds in a millisecond */
#define SEC_US 1000000LL	/* microseconds in a second */

typedef int64_t (clock_now_h)(void *arg);	/* returns now in microseconds */

struct clock {
	clock_now_h *now;
	void *arg;
};

/* The machine's CLOCK_MONOTONIC. */
extern const struct clock clock_monotonic;

static inline int64_t clock_now_us(const struct clock *c)
{
	return c->now(c->arg);
}

/* Wall-clock time in microseconds since 1970 UTC, for people and records only; never for timeouts. */
int64_t clock_wall_us(void);

#endif
