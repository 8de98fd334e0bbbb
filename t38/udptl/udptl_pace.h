/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udptl_pace: datagrams that are not sent together. A page ends with eight packets at once, a frame with two; on a
 * network with jitter those of one instant overtake each other, and a peer that does not put them in order has lost the
 * frame. With redundancy each carries those before it; without, or with FEC, which comes after a group, they are sent
 * one at a time. Pure.
 */
#ifndef T38_UDPTL_PACE_H
#define T38_UDPTL_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "udptl.h"

#define UDPTL_PACE_HELD 16
#define UDPTL_PACE_LONG 8 /* so many are more than one signal's end */

struct udptl_pace_datagram {
	unsigned copies; /* to be sent so many times */
	size_t octets;
	uint8_t p[UDPTL_MAX_OCTETS];
};

struct udptl_pace {
	unsigned first, count;
	bool sent; /* one, in the present instant */
	struct udptl_pace_datagram held[UDPTL_PACE_HELD];
};

void udptl_pace_init(struct udptl_pace *p);
/* True if the next datagram may be sent at once: none waits, and none was sent in this instant. It counts as sent
 * then. */
bool udptl_pace_is_free(struct udptl_pace *p);
/* No more can be held: one must be taken first. */
bool udptl_pace_is_full(const struct udptl_pace *p);
/* It waits; there must be room. OCTETS is at most UDPTL_MAX_OCTETS. */
void udptl_pace_hold(struct udptl_pace *p, const uint8_t *datagram, size_t octets, unsigned copies);
/* Another instant begins: how many of those that wait are to be taken now. */
unsigned udptl_pace_due(struct udptl_pace *p);
/* The oldest, which waits no more; NULL: none does. It is valid until the next udptl_pace_hold(). */
const struct udptl_pace_datagram *udptl_pace_take(struct udptl_pace *p);

#endif
