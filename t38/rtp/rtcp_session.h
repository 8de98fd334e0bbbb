/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtcp_session: when we report (RFC 3550 6.2, 6.3), and what the other side's reports say. Pure: it lives on the time
 * it is told, in microseconds, which is the NTP time of its reports too, counted from a beginning of its own.
 */
#ifndef T38_RTCP_SESSION_H
#define T38_RTCP_SESSION_H

#include "rtcp.h"
#include "rtp.h"
#include "rtp_rx.h"

#define RTCP_INTERVAL_MS 5000 /* RFC 3550 6.2: the least, before it is made random */

struct rtcp_session {
	int64_t due_us;			/* the next report */
	uint64_t sent, received;
	uint64_t bad;			/* of no use: malformed, or somebody else's */
	bool heard;			/* a block of the other side about our stream has come: the next is given */
	struct rtcp_block theirs;	/* the last one */
	bool rtt_known;
	int64_t rtt_us;			/* the last one measured, at least 0 */
	/* private */
	uint64_t random;
	int64_t wall_us;		/* of NTP, when the time told was 0 */
	char cname[RTCP_CNAME_OCTETS];
	uint32_t packets_reported;	/* of ours, at the last report but one, and at the last */
	uint32_t packets_before;
	bool sr_known;			/* a sender report of theirs came: the next two are given */
	uint32_t lsr;
	int64_t lsr_us;
};

/* SEED makes the intervals random, and with the time of day, WALL_US at NOW_US, the CNAME (RFC 7022 4.1). */
void rtcp_session_init(struct rtcp_session *s, uint64_t seed, int64_t wall_us, int64_t now_us);
/* After a pause in which nothing may be reported: the next report is due as the first was. */
void rtcp_session_resume(struct rtcp_session *s, int64_t now_us);

static inline bool rtcp_session_is_due(const struct rtcp_session *s, int64_t now_us)
{
	return now_us >= s->due_us;
}

/* The report that is due, of TX and RX (or the last one: BYE), and the time of the next. Returns its length, 0 if it
 * does not fit. */
size_t rtcp_session_build(struct rtcp_session *s, const struct rtp_tx *tx, struct rtp_rx *rx, bool bye, int64_t now_us,
			  void *p, size_t room);

/* True if the other side is to hear a BYE: it has heard of us (RFC 3550 6.3.7). */
bool rtcp_session_owes_bye(const struct rtcp_session *s, const struct rtp_tx *tx);

/* A packet has come. *THEIR_SSRCP is of the stream that comes; NULL: it is not known. Returns NULL, or what is wrong
 * with it (static text); that is counted. */
const char *rtcp_session_take(struct rtcp_session *s, const void *p, size_t len, uint32_t our_ssrc,
			      const uint32_t *their_ssrcp, int64_t now_us);

#endif
