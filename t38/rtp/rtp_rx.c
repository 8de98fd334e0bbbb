/* SPDX-License-Identifier: GPL-2.0-only */
#include "rtp_rx.h"

#define SAMPLES_PER_MS 8
#define SEQ_MOD	       65536u
#define MAX_DROPOUT    3000 /* RFC 3550 A.1 */
#define MAX_MISORDER   100  /* likewise */
#define NO_ODD	       SEQ_MOD
#define JUMP_SAMPLES   80000 /* more than ten seconds are another clock, no jitter */
#define LOST_MOST      0x7FFFFF

static uint64_t expected_since_base(const struct rtp_rx *r)
{
	return r->known ? (uint64_t)r->cycles + r->highest - r->base + 1 : 0;
}

/* The numbering begins anew with SEQ; what was before stays counted. */
static void rebase(struct rtp_rx *r, uint16_t seq)
{
	r->expected_before += expected_since_base(r);
	r->received_before += r->received;
	r->received = 0;
	r->cycles = 0;
	r->highest = r->base = seq;
	r->odd = NO_ODD;
	r->timed = false;
}

static void begin(struct rtp_rx *r, const struct rtp_packet *k)
{
	if (!r->known || k->ssrc != r->ssrc) {
		r->expected_others += r->expected_before + expected_since_base(r);
		r->received_others += r->received_before + r->received;
		r->known = false;
		r->expected_before = r->received_before = r->received = 0;
		r->expected_reported = r->received_reported = 0;
		r->jitter_16 = 0;
	}
	rebase(r, k->seq);
	r->known = true;
	r->open = r->other_known = false;
	r->ssrc = k->ssrc;
}

/* True if the packet proves that the stream is another's now. */
static bool believes_other(struct rtp_rx *r, const struct rtp_packet *k, int64_t now_us)
{
	bool follows = r->other_known && k->ssrc == r->other_ssrc && k->seq == r->other_next;

	r->other_known = true;
	r->other_ssrc = k->ssrc;
	r->other_next = (uint16_t)(k->seq + 1);
	return follows && now_us - r->heard_us >= RTP_RX_SILENCE_US;
}

/* A.1: false if the number is far off, and not the second in a row that is. */
static bool number(struct rtp_rx *r, uint16_t seq)
{
	uint16_t ahead = (uint16_t)(seq - r->highest);

	if (ahead < MAX_DROPOUT) {
		if (seq < r->highest)
			r->cycles += SEQ_MOD;
		r->highest = seq;
		r->odd = NO_ODD;
		return true;
	}
	if (ahead > SEQ_MOD - MAX_MISORDER)
		return true; /* late, or again */
	if (seq == r->odd) {
		rebase(r, seq);
		return true;
	}
	r->odd = (seq + 1u) & (SEQ_MOD - 1);
	return false;
}

/* A.8. Packets with one and the same timestamp are one event's (RFC 4733 2.1): they say nothing about time. */
static void time_it(struct rtp_rx *r, uint32_t timestamp, int64_t now_us)
{
	uint32_t transit = (uint32_t)(now_us * SAMPLES_PER_MS / 1000) - timestamp;
	int32_t d = (int32_t)(transit - r->transit);
	bool first = !r->timed;

	if (r->timed && timestamp == r->timestamp)
		return;
	r->timed = true;
	r->transit = transit;
	r->timestamp = timestamp;
	if (first || d < -JUMP_SAMPLES || d > JUMP_SAMPLES)
		return;
	r->jitter_16 += (uint32_t)(d < 0 ? -d : d) - ((r->jitter_16 + 8) >> 4);
}

void rtp_rx_restart(struct rtp_rx *r)
{
	r->open = true;
}

bool rtp_rx_take(struct rtp_rx *r, const struct rtp_packet *k, int64_t now_us)
{
	if (!r->known || r->open) {
		begin(r, k);
	} else if (k->ssrc != r->ssrc) {
		if (!believes_other(r, k, now_us)) {
			r->strange++;
			return false;
		}
		begin(r, k);
	} else if (!number(r, k->seq)) {
		r->strange++;
		return false;
	}
	r->heard_us = now_us;
	r->received++;
	time_it(r, k->timestamp, now_us);
	return true;
}

uint64_t rtp_rx_expected(const struct rtp_rx *r)
{
	return r->expected_others + r->expected_before + expected_since_base(r);
}

uint64_t rtp_rx_lost(const struct rtp_rx *r)
{
	uint64_t expected = rtp_rx_expected(r), received = r->received_others + r->received_before + r->received;

	return expected > received ? expected - received : 0;
}

bool rtp_rx_report(struct rtp_rx *r, struct rtp_rx_report *rp)
{
	uint64_t expected = r->expected_before + expected_since_base(r), received = r->received_before + r->received;
	int64_t due = (int64_t)(expected - r->expected_reported), came = (int64_t)(received - r->received_reported);
	int64_t lost = (int64_t)(expected - received), part = due > came ? ((due - came) << 8) / due : 0;

	if (!r->known)
		return false;
	r->expected_reported = expected;
	r->received_reported = received;
	*rp = (struct rtp_rx_report){
		.fraction_256 = (uint8_t)(part > UINT8_MAX ? UINT8_MAX : part),
		.lost = (int32_t)(lost > LOST_MOST    ? LOST_MOST
				  : lost < -LOST_MOST ? -LOST_MOST
						      : lost),
		.highest = r->cycles + r->highest,
		.jitter = r->jitter_16 >> 4,
	};
	return true;
}
