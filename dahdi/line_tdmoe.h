/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_tdmoe: a span carried as TDM over UDP, in the frame format of DAHDI's dynamic spans (tdmoe_frame.h).
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
 * Frames that are malformed, of another number of channels, or from an address other than the peer's are counted,
 * logged now and then, and not answered.
 */
#ifndef DAHDI_LINE_TDMOE_H
#define DAHDI_LINE_TDMOE_H

#include "gateway/base/net.h"
#include "line.h"

#define TDMOE_LOS_MS	   100
#define TDMOE_KEEPALIVE_MS 100

struct line_tdmoe_params {
	struct addr local, peer;
	unsigned timeslots;	/* 31 */
	unsigned dchannel;	/* 16 */
	const char *prefix;	/* log prefix, "span 1"; must outlive the line */
};

/* Binds the socket on NET, which must outlive the line. Returns 0, ENOMEM, EINVAL (timeslots, dchannel, no peer) or
 * bind's errno. */
int line_tdmoe_alloc(struct line **lp, const struct line_tdmoe_params *p, struct net *net);

/* The bound address. */
const struct addr *line_tdmoe_local(const struct line *l);

#endif
