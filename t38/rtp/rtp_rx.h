/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtp_rx: what is known of the stream that comes: whose it is, and how much of it was lost or late (RFC 3550 A.1, A.3,
 * A.8). Pure.
 *
 * A packet of another SSRC than the stream's is taken for it only when the stream has been silent for a moment and
 * another packet follows in sequence: who can send from the peer's address but does not know the stream cannot disturb
 * it.
 */
#ifndef T38_RTP_RX_H
#define T38_RTP_RX_H

#include "rtp.h"

#define RTP_RX_SILENCE_US 60000 /* three packets */

struct rtp_rx {
	bool known;			/* the stream's SSRC is */
	bool open;			/* whatever comes next begins it anew */
	uint32_t ssrc;
	uint64_t strange;		/* packets passed over: of another SSRC, or with a number far off */
	int64_t heard_us;
	uint32_t jitter_16;		/* RFC 3550 A.8, in sixteenths of a sample */
	/* private; A.1 */
	uint16_t highest, base;
	uint32_t cycles;
	uint32_t odd;			/* the number that would prove a jump; beyond 16 bits: none */
	bool other_known;
	uint32_t other_ssrc;
	uint16_t other_next;
	bool timed;			/* the next two are */
	uint32_t transit, timestamp;
	uint64_t received;		/* since BASE */
	uint64_t expected_before, received_before;	/* of the same SSRC, up to BASE */
	uint64_t expected_reported, received_reported;
	uint64_t expected_others, received_others;	/* of SSRCs that were */
};

/* A struct rtp_rx that is all zero knows no stream yet. */

/* The stream may stop and go on with any SSRC and any number: its source is another, or T.38 was between. What was not
 * received meanwhile does not count as lost. */
void rtp_rx_restart(struct rtp_rx *r);

/* A packet has come at NOW_US. True: it is of the stream. */
bool rtp_rx_take(struct rtp_rx *r, const struct rtp_packet *k, int64_t now_us);

/* Of the whole call: packets that should have come, and how many of them did not (0 if more came than should). */
uint64_t rtp_rx_expected(const struct rtp_rx *r);
uint64_t rtp_rx_lost(const struct rtp_rx *r);

/* What a reception report block says (RFC 3550 6.4.1). */
struct rtp_rx_report {
	uint8_t fraction_256;		/* lost since the last report, in 256ths */
	int32_t lost;			/* of the present SSRC, cumulative; negative with duplicates; 24 bits */
	uint32_t highest;		/* sequence number, extended by cycles */
	uint32_t jitter;		/* in samples */
};

/* Begins another interval for fraction_256. False: there is no stream to report of. */
bool rtp_rx_report(struct rtp_rx *r, struct rtp_rx_report *rp);

#endif
