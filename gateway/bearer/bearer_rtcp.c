/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RTCP beside a call's audio (RFC 3550 6): from the odd port next to RTP's, on the span's own tick, and none while the
 * media is T.38.
 */
#include <string.h>

#include "gateway/bearer/bearer_own.h"

#define RTP_CLOCK_KHZ 8

static const char *take_datagram(struct bearer *b, const uint8_t *p, size_t octets, bool *oursp)
{
	return rtcp_session_take(&b->reports, p, octets, b->rtp_tx.ssrc, b->rtp_rx.known ? &b->rtp_rx.ssrc : NULL,
				 bearer_now_us(b));
}

static void report(struct bearer *b, bool bye)
{
	uint8_t buf[RTCP_MAX_OCTETS];
	size_t n = rtcp_session_build(&b->reports, &b->rtp_tx, &b->rtp_rx, bye, bearer_now_us(b), buf, sizeof(buf));

	media_socket_send(&b->rtcp, buf, n);
}

static void block_without(struct bearer *b)
{
}

static void block_with(struct bearer *b)
{
	bearer_receive(b, &b->rtcp, "RTCP", take_datagram);
	if (rtcp_session_is_due(&b->reports, bearer_now_us(b)))
		report(b, false);
}

void bearer_rtcp_set_policy(struct bearer *b, bool rtcp)
{
	int err;

	b->rtcp_block = block_without;
	media_socket_close(&b->rtcp);
	if (!rtcp)
		return;
	err = media_socket_open_beside(&b->rtcp, &b->rtp, b->par.ports);
	if (err) {
		log_notice(b->par.prefix, "no RTCP for the call, the port beside RTP's cannot be had: %s",
			   strerror(err));
		return;
	}
	media_socket_set_policy(&b->rtcp, b->par.media);
	b->rtcp_block = block_with;
}

void bearer_rtcp_start(struct bearer *b)
{
	struct addr to = b->agreed.audio.rtcp;

	if (b->rtcp_block == block_without)
		return;
	if (!addr_is_set(&to)) {
		to = b->agreed.audio.addr;
		addr_set_port(&to, (uint16_t)(addr_port(&to) ? addr_port(&to) + 1 : 0));
	}
	media_socket_set_remote(&b->rtcp, &to);
	if (!b->reports.due_us) /* the seed need not be secret, but the same call shall be the same again */
		rtcp_session_init(&b->reports, (uint64_t)b->opened_us * 31 + addr_port(&b->rtp.described),
				  clock_wall_us(), bearer_now_us(b));
}

void bearer_rtcp_bye(struct bearer *b)
{
	if (b->rtcp_block == block_with && b->reports.due_us && rtcp_session_owes_bye(&b->reports, &b->rtp_tx))
		report(b, true);
}

void bearer_rtcp_add_report(const struct bearer *b, struct bearer_report *rp)
{
	const struct rtcp_session *s = &b->reports;

	rp->rtp_expected = rtp_rx_expected(&b->rtp_rx);
	rp->rtp_missing = rtp_rx_lost(&b->rtp_rx);
	rp->rtp_jitter_ms = (b->rtp_rx.jitter_16 >> 4) / RTP_CLOCK_KHZ;
	rp->rtcp_heard = s->heard;
	rp->peer_lost = s->theirs.lost > 0 ? (unsigned)s->theirs.lost : 0;
	rp->peer_jitter_ms = s->theirs.jitter / RTP_CLOCK_KHZ;
	rp->rtt_known = s->rtt_known;
	rp->rtt_ms = (unsigned)(s->rtt_us / MS_US);
	rp->rtcp_rx = s->received;
	rp->rtcp_tx = s->sent;
	rp->rtcp_bad = s->bad;
}
