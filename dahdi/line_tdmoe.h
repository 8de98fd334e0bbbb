/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_tdmoe: a span carried as TDM over UDP or straight over Ethernet, in the frame format of DAHDI's dynamic spans
 * (tdmoe_frame.h).
 *
 * Loop-timed: one frame is sent for each one received, with as many samples a channel; so the other end has to be the
 * clock. Frames of 1 to 255 samples a channel are taken and gathered to blocks; what a block gives is sent from the
 * answer on to the frame that completes it.
 *
 * Frames missing by their counter, up to a second, are filled with idle octets, so that time does not shrink. What
 * would have been sent in answer to them is dropped and our counter passes over it, so that the delay does not grow
 * either: for both ends it is as if both frames had been lost. Farther jumps start the line anew (LINE_SLIP). Frames
 * that come too late or twice are dropped and not answered.
 *
 * No frame for TDMOE_LOS_MS: LINE_LOS; until frames come again one idle frame with the yellow bit is sent each
 * TDMOE_KEEPALIVE_MS, D-channel frames are dropped, and time stands still (the span has its fallback).
 *
 * Frames that are malformed, of another number of channels, or (over UDP) from an address other than the peer's are
 * counted, logged now and then, and not answered. Over Ethernet those of others never come this far (tdmoe_eth.h).
 *
 * Over Ethernet frames may be gathered: the line looks for them when its next block should be complete, and sends all
 * answers together. Then 1,000 frames a second cost little more than 50 wakeups. It suits a peer that takes what
 * comes as it comes and has no clock of its own to keep, as DAHDI does: it puts each frame into its channels'
 * buffers at once. No gathering suits all others.
 *
 * DAHDI makes the first span that can give a clock its master, and then sends on every span when that one receives
 * (dahdi_receive(), dahdi_dynamic_sync_tick()). If that is the span to us, both ends answer each other, and time
 * runs as fast as they do. So that host needs another clock, set up before: a card, or a span that receives nothing,
 * which leaves the clock to the kernel's timer.
 */
#ifndef DAHDI_LINE_TDMOE_H
#define DAHDI_LINE_TDMOE_H

#include "gateway/base/net.h"
#include "line.h"
#include "tdmoe_eth.h"

#define TDMOE_LOS_MS	    100
#define TDMOE_KEEPALIVE_MS  100
#define TDMOE_GATHER_MAX_MS 20

struct line_tdmoe_params {
	struct addr local, peer; /* over UDP */
	/* over Ethernet: where its interface is set. gather_ms: up to TDMOE_GATHER_MAX_MS */
	struct tdmoe_eth_params eth;
	unsigned timeslots; /* 31 */
	unsigned dchannel;  /* 16 */
	bool ulaw;	    /* the B channels are mu-law; else A-law */
	const char *prefix; /* log prefix, "span 1"; must outlive the line */
};

/* Opens the port; NET, which must outlive the line, is for UDP. Returns 0, ENOMEM, EINVAL (timeslots, dchannel, no
 * peer) or the errno of tdmoe_udp_open() or tdmoe_eth_open(). */
int line_tdmoe_alloc(struct line **lp, const struct line_tdmoe_params *p, struct net *net);

/* The same on a port that is open, for tests; it is taken over, also on failure. */
int line_tdmoe_alloc_port(struct line **lp, const struct line_tdmoe_params *p, struct tdmoe_port *port);

/* The bound address of a line over UDP. */
const struct addr *line_tdmoe_local(const struct line *l);

#endif
