/* SPDX-License-Identifier: GPL-2.0-only */
#include "rtcp_session.h"

#include <stdio.h>
#include <string.h>

#define SECOND_US      1000000
#define NTP_1970_S     2208988800u /* from 1900 (RFC 3550 4) */
#define RTT_MOST_UNITS (60u << 16) /* more than a minute is a wrong clock, not a way */

static uint32_t draw(struct rtcp_session *s)
{
	s->random = s->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(s->random >> 32);
}

/* 6.3.1: between half and one and a half of it, and what makes up for the many that come early. */
static int64_t random_interval_us(struct rtcp_session *s)
{
	double part = 0.5 + draw(s) / 4294967296.0;

	return (int64_t)(RTCP_INTERVAL_MS * 1000 * part / 1.21828);
}

static uint64_t ntp_of(const struct rtcp_session *s, int64_t now_us)
{
	uint64_t us = (uint64_t)(s->wall_us + now_us);

	return (us / SECOND_US + NTP_1970_S) << 32 | ((us % SECOND_US) << 32) / SECOND_US;
}

void rtcp_session_init(struct rtcp_session *s, uint64_t seed, int64_t wall_us, int64_t now_us)
{
	*s = (struct rtcp_session){.random = seed ^ (uint64_t)wall_us, .wall_us = wall_us - now_us};
	draw(s);
	snprintf(s->cname, sizeof(s->cname), "%08x%08x%08x", draw(s), draw(s), draw(s));
	s->random = seed;
	rtcp_session_resume(s, now_us);
}

/* The first is due after half of an interval (6.2). */
void rtcp_session_resume(struct rtcp_session *s, int64_t now_us)
{
	s->due_us = now_us + random_interval_us(s) / 2;
}

static void fill_block(struct rtcp_session *s, struct rtp_rx *rx, int64_t now_us, struct rtcp_packet *k)
{
	struct rtp_rx_report r;

	k->has_block = rtp_rx_report(rx, &r);
	if (!k->has_block)
		return;
	k->block = (struct rtcp_block){.ssrc = rx->ssrc,
				       .fraction_256 = r.fraction_256,
				       .lost = r.lost,
				       .highest = r.highest,
				       .jitter = r.jitter};
	if (!s->sr_known)
		return;
	k->block.lsr = s->lsr;
	k->block.dlsr = (uint32_t)(((now_us - s->lsr_us) << 16) / SECOND_US);
}

size_t rtcp_session_build(struct rtcp_session *s, const struct rtp_tx *tx, struct rtp_rx *rx, bool bye, int64_t now_us,
			  void *p, size_t room)
{
	/* 6.4: a sender is who has sent since the last report but one */
	struct rtcp_packet k = {.ssrc = tx->ssrc, .sr = tx->packets != s->packets_before, .bye = bye};
	size_t len;

	k.ntp = ntp_of(s, now_us);
	k.timestamp = tx->timestamp;
	k.packets = tx->packets;
	k.octets = tx->octets;
	memcpy(k.cname, s->cname, sizeof(k.cname));
	fill_block(s, rx, now_us, &k);
	s->packets_before = s->packets_reported;
	s->packets_reported = tx->packets;
	s->due_us = now_us + random_interval_us(s);
	len = rtcp_write(&k, p, room);
	s->sent += len > 0;
	return len;
}

bool rtcp_session_owes_bye(const struct rtcp_session *s, const struct rtp_tx *tx)
{
	return s->sent || tx->packets;
}

/* 6.4.1: from our SR to their block about it, without the time it lay with them. */
static void measure_rtt(struct rtcp_session *s, const struct rtcp_block *b, int64_t now_us)
{
	uint32_t units = (uint32_t)(ntp_of(s, now_us) >> 16) - b->lsr - b->dlsr;

	if (!b->lsr)
		return; /* they have not heard an SR of ours */
	if ((int32_t)units < 0)
		units = 0;
	if (units > RTT_MOST_UNITS)
		return;
	s->rtt_known = true;
	s->rtt_us = (int64_t)units * SECOND_US >> 16;
}

const char *rtcp_session_take(struct rtcp_session *s, const void *p, size_t len, uint32_t our_ssrc,
			      const uint32_t *their_ssrcp, int64_t now_us)
{
	struct rtcp_packet k;
	const char *bad = rtcp_read(p, len, our_ssrc, &k);

	if (!bad && their_ssrcp && k.ssrc != *their_ssrcp)
		bad = "RTCP of another stream than the one that comes";
	if (bad) {
		s->bad++;
		return bad;
	}
	s->received++;
	if (k.sr) {
		s->sr_known = true;
		s->lsr = (uint32_t)(k.ntp >> 16);
		s->lsr_us = now_us;
	}
	if (k.has_block) {
		s->heard = true;
		s->theirs = k.block;
		measure_rtt(s, &k.block, now_us);
	}
	return NULL;
}
