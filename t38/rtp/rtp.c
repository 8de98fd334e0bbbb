/* SPDX-License-Identifier: GPL-2.0-only */
#include "rtp.h"

#include "gateway/base/buf.h"

#define RTP_VERSION 2

/* Passes over the header extension (RFC 3550 5.3.1), whose length counts 32-bit words. */
static void skip_extension(struct rbuf *b)
{
	rbuf_u16(b);
	size_t words = rbuf_u16(b);

	rbuf_take(b, words * 4);
}

const char *rtp_read(const void *p, size_t len, struct rtp_packet *pp)
{
	struct rbuf b = rbuf_init(p, len);
	struct rtp_packet k = {0};

	if (len < RTP_HEADER_OCTETS)
		return "shorter than an RTP header";
	uint8_t flags = rbuf_u8(&b);
	uint8_t type = rbuf_u8(&b);

	if (flags >> 6 != RTP_VERSION)
		return "not RTP version 2";
	k.marker = type & 0x80;
	k.payload_type = type & 0x7F;
	k.seq = rbuf_u16(&b);
	k.timestamp = rbuf_u32(&b);
	k.ssrc = rbuf_u32(&b);
	rbuf_take(&b, (flags & 0x0Fu) * 4);
	if (b.bad)
		return "RTP list of contributing sources is cut off";
	if (flags & 0x10)
		skip_extension(&b);
	if (b.bad)
		return "RTP header extension is cut off";
	k.len = rbuf_left(&b);
	if (flags & 0x20) {
		uint8_t padding = k.len ? b.p[len - 1] : 0;

		if (padding == 0 || padding > k.len)
			return "RTP padding is longer than the payload, or 0";
		k.len -= padding;
	}
	k.payload = rbuf_take(&b, k.len);
	*pp = k;
	return NULL;
}

size_t rtp_write(const struct rtp_packet *k, void *p, size_t room)
{
	struct wbuf b = wbuf_init(p, room);

	wbuf_u8(&b, RTP_VERSION << 6);
	wbuf_u8(&b, (uint8_t)((k->marker ? 0x80 : 0) | (k->payload_type & 0x7F)));
	wbuf_u16(&b, k->seq);
	wbuf_u32(&b, k->timestamp);
	wbuf_u32(&b, k->ssrc);
	wbuf_bytes(&b, k->payload, k->len);
	return b.bad ? 0 : b.len;
}

/* One step of a mixer, so that near seeds give far values. */
static uint64_t mix(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

void rtp_tx_init(struct rtp_tx *tx, uint64_t seed)
{
	uint64_t a = mix(&seed), b = mix(&seed);

	*tx = (struct rtp_tx){.seq = (uint16_t)(b >> 16), .timestamp = (uint32_t)a, .ssrc = (uint32_t)(a >> 32)};
	tx->marker = true;
	if (!tx->ssrc)
		tx->ssrc = 1; /* 0 is left to say "not begun" */
}

static size_t build(struct rtp_tx *tx, const struct rtp_packet *k, size_t n, void *out, size_t room)
{
	size_t len = rtp_write(k, out, room);

	/* Time goes on even when nothing could be sent: the receiver's clock must not slip. */
	tx->timestamp += (uint32_t)n;
	if (len) {
		tx->seq++;
		tx->marker = false;
		tx->packets++;
		tx->octets += (uint32_t)k->len;
	}
	return len;
}

size_t rtp_tx_build(struct rtp_tx *tx, int payload_type, const uint8_t *octets, size_t n, void *out, size_t room)
{
	struct rtp_packet k = {
		.marker = tx->marker,
		.payload_type = (uint8_t)payload_type,
		.seq = tx->seq,
		.timestamp = tx->timestamp,
		.ssrc = tx->ssrc,
		.payload = octets,
		.len = n,
	};

	return build(tx, &k, n, out, room);
}

size_t rtp_tx_build_event(struct rtp_tx *tx, int payload_type, uint32_t begin, bool marker, const uint8_t *payload,
			  size_t octets, size_t n, void *out, size_t room)
{
	struct rtp_packet k = {
		.marker = marker,
		.payload_type = (uint8_t)payload_type,
		.seq = tx->seq,
		.timestamp = begin,
		.ssrc = tx->ssrc,
		.payload = payload,
		.len = octets,
	};

	return build(tx, &k, n, out, room);
}

void rtp_tx_skip(struct rtp_tx *tx, size_t n)
{
	tx->timestamp += (uint32_t)n;
	if (n)
		tx->marker = true;
}
