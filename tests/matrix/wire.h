/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire: what passes between gateway and peer, as it is sent: how many octets of UDPTL, and how many the same IFP
 * packets had cost a plain sender, each once, with the three before it as redundancy. And it loses the first ones, if
 * the case wants it.
 */
#ifndef MATRIX_WIRE_H
#define MATRIX_WIRE_H

#include "tests/sim/net_sim.h"

#define WIRE_PLAIN_DEPTH 3

struct wire {
	struct addr gateway;
	unsigned drop_first; /* each way */
	uint64_t octets, plain_octets;
	struct wire_way {
		unsigned seen, packets; /* datagrams; of them those with a new number */
		uint16_t last;
		size_t before[WIRE_PLAIN_DEPTH]; /* octets of the packets before, with their lengths */
	} ways[2];				 /* from the other side, and from the gateway */
};

/* A net_sim_tap_h; ARG is the wire. */
bool wire_tap(struct net_sim_datagram *d, void *arg);

#endif
