/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What RTP and UDPTL have in common. The sockets are read here, once a block, so that a span wakes up for its line
 * only.
 */
#include <string.h>

#include "dahdi/line.h"
#include "gateway/bearer/bearer_own.h"

#define T4_MIN_US	(2550 * MS_US) /* T.30 5.4.3.2: 3 s - 15 % for an answer */
#define BLOCK_DATAGRAMS 64 /* read in a block: a flood may not hold the span up */

static void drop(struct bearer *b, const char *kind, const struct addr *from, const char *why)
{
	char text[ADDR_TEXT_OCTETS];
	unsigned held;

	if (log_limit_pass(&b->drops, bearer_now_us(b), &held))
		log_warning(b->par.prefix, "%s from %s dropped: %s (%u more since the last such line)", kind,
			    addr_print(from, text), why, held);
}

void bearer_receive(struct bearer *b, struct media_socket *s, const char *kind, bearer_take_h *take)
{
	uint64_t foreign = s->foreign;
	uint8_t buf[UDPTL_READ_OCTETS];
	struct addr from;
	ssize_t n;
	bool new;

	media_ports_look(b->par.ports, bearer_now_us(b));
	for (unsigned i = 0; i < BLOCK_DATAGRAMS; i++) {
		bool ours = true;
		const char *bad;

		n = media_socket_recv(s, bearer_now_us(b), buf, sizeof(buf), &from, &new);
		if (n < 0)
			break;
		bad = take(b, buf, (size_t)n, &ours);
		if (bad)
			drop(b, kind, &from, bad);
		else if (new && ours)
			media_socket_latch(s, &from, bearer_now_us(b));
	}
	if (s->foreign != foreign)
		drop(b, kind, &s->foreign_from,
		     s->latched ? "not the address that the peer sends from"
				: "not the host that the peer's SDP names, and its nat is not latch");
}

static void block_silent(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	memset(tx, LINE_IDLE, n);
}

bearer_block_h *const bearer_blocks[] = {
	[BEARER_OFF] = block_silent,
	[BEARER_AUDIO] = bearer_block_audio,
	[BEARER_SWITCHING] = bearer_block_switching,
	[BEARER_T38] = bearer_block_t38,
	[BEARER_PASSTHROUGH] = bearer_block_passthrough,
	[BEARER_CLOSED] = block_silent,
};

void bearer_report(const struct bearer *b, struct bearer_report *rp)
{
	uint64_t lost_octets = b->jitter.stats.lost_octets;

	*rp = b->report;
	rp->foreign = b->rtp.foreign + b->rtp_rx.strange + b->rtcp.foreign + b->udptl.foreign;
	/* less than before: another codec was agreed meanwhile, and the jitter buffer began anew */
	if (lost_octets >= b->lost_before_octets)
		lost_octets -= b->lost_before_octets;
	rp->rtp_lost = lost_octets / LINE_BLOCK;
	rp->t30_heard = heard_t30(&b->heard, HEARD_LINE) || heard_t30(&b->heard, HEARD_PEER);
	rp->t30_live = b->watch.frames && bearer_now_us(b) - b->last_sign_us < T4_MIN_US;
	bearer_rtcp_add_report(b, rp);
	if (b->t38)
		bearer_t38_add_report(b, rp);
}
