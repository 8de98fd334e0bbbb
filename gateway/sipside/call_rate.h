/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_rate: no more than so many calls in a second, each of which may come at any time in it. Pure.
 */
#ifndef GATEWAY_CALL_RATE_H
#define GATEWAY_CALL_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct call_rate {
	int64_t full_until_us; /* what has come would, evenly spread, take until then; 0 at first */
};

/* True if there is room for one more at NOW_US with PER_SECOND (0: any number). It is not counted yet. */
bool call_rate_has_room(const struct call_rate *r, unsigned per_second, int64_t now_us);
/* One more has come. */
void call_rate_count(struct call_rate *r, unsigned per_second, int64_t now_us);

#endif
