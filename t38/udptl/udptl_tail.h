/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udptl_tail: when the last datagram of a burst is sent again while nothing new follows: it has no successor whose
 * redundancy would carry it (T.38 9.1). The first repeats are as far apart as packets of a page are; then each waits
 * twice as long as the one before, so that the last ones come through when nothing does for half a second. Pure: time
 * is given.
 */
#ifndef T38_UDPTL_TAIL_H
#define T38_UDPTL_TAIL_H

#include <stdbool.h>
#include <stdint.h>

struct udptl_tail {
	unsigned repeats; /* of each last datagram, at most */
	int64_t interval_us;
	unsigned done; /* of those of the present one */
	int64_t due_us;
};

void udptl_tail_init(struct udptl_tail *t, unsigned repeats, int64_t interval_us);
/* A new datagram is sent at NOW_US: the one before is not the last any more. */
void udptl_tail_sent(struct udptl_tail *t, int64_t now_us);
/* Is the last datagram to be sent again at NOW_US? It counts as done then. Call it every 20 ms or so. */
bool udptl_tail_due(struct udptl_tail *t, int64_t now_us);

#endif
