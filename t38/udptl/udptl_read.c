/* SPDX-License-Identifier: GPL-2.0-only */
/* udptl_read: UDPTL packets off the wire (T.38 9.1.1 to 9.1.4, ASN.1 of annex A in aligned basic PER). */
#include "udptl.h"

#include "gateway/base/buf.h"

/* A length determinant, X.691 10.9.3.6 to 10.9.3.8: one octet below 128, two below 16384; above that the value would
 * come in fragments, which no datagram has room for. Sets .bad when it is fragmented or cut off. */
static size_t read_length(struct rbuf *b)
{
	uint8_t first = rbuf_u8(b);

	if (!(first & 0x80))
		return first;
	if (first & 0x40) {
		b->bad = true;
		return 0;
	}
	return (size_t)(first & 0x3F) << 8 | rbuf_u8(b);
}

static bool read_field(struct rbuf *b, struct udptl_field *fp)
{
	size_t len = read_length(b);
	const uint8_t *p = rbuf_take(b, len);

	if (b->bad)
		return false;
	*fp = (struct udptl_field){.p = p, .len = len};
	return true;
}

static const char *read_secondaries(struct rbuf *b, struct udptl_packet *k)
{
	size_t n = read_length(b);

	if (b->bad)
		return "count of redundant packets is missing or fragmented";
	if (n > UDPTL_MAX_SECONDARY)
		return "more redundant packets than any sender has use for";
	for (size_t i = 0; i < n; i++) {
		if (!read_field(b, &k->secondary[i]))
			return "redundant packet is cut off or fragmented";
		if (k->secondary[i].len > UDPTL_MAX_IFP)
			return "redundant packet is too long";
	}
	k->nsecondary = (unsigned)n;
	k->kind = n ? T38_EC_REDUNDANCY : T38_EC_NONE;
	return NULL;
}

static const char *read_fec(struct rbuf *b, struct udptl_packet *k)
{
	/* fec-npackets is an unconstrained INTEGER: a length, then so many octets. Only one octet makes sense. */
	uint8_t len = rbuf_u8(b);
	uint8_t span = rbuf_u8(b);
	size_t n = read_length(b);

	if (b->bad)
		return "FEC header is cut off";
	if (len != 1 || span > UDPTL_MAX_FEC_SPAN)
		return "FEC span is out of range";
	if (n > UDPTL_MAX_FEC_ENTRIES)
		return "more FEC entries than any sender has use for";
	if (n && !span)
		return "FEC entries that cover nothing";
	for (size_t i = 0; i < n; i++) {
		if (!read_field(b, &k->fec[i]))
			return "FEC entry is cut off or fragmented";
		if (k->fec[i].len > UDPTL_MAX_IFP)
			return "FEC entry is too long";
	}
	k->fec_span = span;
	k->nfec = (unsigned)n;
	k->kind = n ? T38_EC_FEC : T38_EC_NONE;
	return NULL;
}

/* Behind the primary: redundancy or FEC, or nothing (some senders leave it out when they have nothing to say).
 * Octets behind the last field are passed over: they are padding, and harmless. */
static const char *read_recovery(struct rbuf *b, struct udptl_packet *k)
{
	if (!rbuf_left(b))
		return NULL;
	return rbuf_u8(b) & 0x80 ? read_fec(b, k) : read_secondaries(b, k);
}

const char *udptl_read(const void *p, size_t len, struct udptl_packet *pp)
{
	struct rbuf b = rbuf_init(p, len);
	struct udptl_packet k = {.kind = T38_EC_NONE};
	const char *wrong;

	if (len > UDPTL_READ_OCTETS)
		return "datagram is too long";
	k.seq = rbuf_u16(&b);
	if (b.bad)
		return "shorter than a sequence number";
	if (!read_field(&b, &k.primary))
		return "IFP packet is cut off or fragmented";
	if (k.primary.len > UDPTL_MAX_IFP)
		return "IFP packet is too long";
	wrong = read_recovery(&b, &k);
	if (!wrong)
		*pp = k;
	return wrong;
}
