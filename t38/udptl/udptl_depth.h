/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udptl_depth: how deep the redundancy to a peer should be by what the network does. T.38 has no reports: what is
 * missing of the peer's own packets tells of the way back, which mostly is no better than the way there; and what T.30
 * has to ask for again tells of the way there. Pure.
 */
#ifndef T38_UDPTL_DEPTH_H
#define T38_UDPTL_DEPTH_H

#include <stdbool.h>
#include <stdint.h>

#include "t38/t30/t30.h"

struct udptl_depth {
	bool began;
	uint64_t come;	   /* bit N: packet furthest - N */
	uint16_t furthest; /* number of the peer's packets */
	/* of the peer's packets, of late; missing are those that have not come, or were overtaken by many */
	unsigned expected, missing;
	unsigned longest;   /* so many in a row, of late */
	unsigned asked;	    /* entries more, for what was asked for again */
	uint8_t unanswered; /* the line's last command, FCF; 0: it has its answer */
	unsigned at_least;  /* see udptl_depth_at_least() */
};

/* Zero it to begin with. The peer's packet SEQ came, at whatever time. */
void udptl_depth_heard(struct udptl_depth *d, uint16_t seq);
/* A T.30 frame passed; FCF as of t30_frame_fcf(). */
void udptl_depth_frame(struct udptl_depth *d, enum t30_direction from, uint8_t fcf);

/* So many entries of redundancy that what is lost of the peer's packets had lost next to none of ours; 0: nothing
 * is. */
unsigned udptl_depth_at_least(const struct udptl_depth *d);
/* So many more than else. */
unsigned udptl_depth_more(const struct udptl_depth *d);
/* The peer's packets missing at first, of late, in percent. */
unsigned udptl_depth_percent(const struct udptl_depth *d);

#endif
