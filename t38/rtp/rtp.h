/* SPDX-License-Identifier: GPL-2.0-only */
/* rtp: RTP packets (RFC 3550 5.1), pure, and the sender's numbering. */
#ifndef T38_RTP_H
#define T38_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTP_HEADER_OCTETS 12
#define RTP_MAX_OCTETS	  1500

struct rtp_packet {
	bool marker;
	uint8_t payload_type;
	uint16_t seq;
	uint32_t timestamp, ssrc;
	const uint8_t *payload; /* in place */
	size_t len;
};

/* Reads a packet: CSRCs and the extension are passed over, padding taken off. Returns NULL, or what is wrong (static
 * text). */
const char *rtp_read(const void *p, size_t len, struct rtp_packet *pp);
/* Writes header and payload. Returns the length, 0 when it does not fit. */
size_t rtp_write(const struct rtp_packet *k, void *p, size_t room);

struct rtp_tx {
	uint16_t seq;
	uint32_t timestamp, ssrc;
	bool marker; /* the next packet begins a talkspurt */
	uint32_t packets, octets; /* sent, for RTCP */
};

/* Random start values are given by SEED (RFC 3550 5.1). */
void rtp_tx_init(struct rtp_tx *tx, uint64_t seed);
/* Builds the next packet of N octets of G.711; time goes on by N. */
size_t rtp_tx_build(struct rtp_tx *tx, int payload_type, const uint8_t *octets, size_t n, void *out, size_t room);
/* The same of a telephone event (RFC 4733) that began at timestamp BEGIN; MARKER on its first packet. */
size_t rtp_tx_build_event(struct rtp_tx *tx, int payload_type, uint32_t begin, bool marker, const uint8_t *payload,
			  size_t octets, size_t n, void *out, size_t room);
/* N samples pass without a packet. */
void rtp_tx_skip(struct rtp_tx *tx, size_t n);

#endif
