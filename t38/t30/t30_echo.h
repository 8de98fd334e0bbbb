/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30_echo: tells a T.30 frame from its echo, where both directions of a call in G.711 are listened to and a line
 * gives back some of what is sent into it. Pure.
 */
#ifndef T38_T30_ECHO_H
#define T38_T30_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "t30.h"

#define T30_ECHO_FRAMES 6 /* a burst has hardly more (NSF, CSI, DIS) */

/* Zero it to begin. */
struct t30_echo {
	struct {
		enum t30_direction d;
		size_t octets;
		uint32_t hash;
		int64_t at_us;
	} last[T30_ECHO_FRAMES];
	unsigned next;
};

/*
 * True if the frame from D, whose end came at NOW_US, is the echo of one from the other side. An answer cannot be
 * equal to what it answers and so early: a preamble of 1 s, 15 % either way, goes before it (T.30 5.3.1).
 */
bool t30_echo_is(struct t30_echo *e, enum t30_direction d, const uint8_t *frame, size_t octets, int64_t now_us);

#endif
