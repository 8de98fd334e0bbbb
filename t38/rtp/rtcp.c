/* SPDX-License-Identifier: GPL-2.0-only */
#include "rtcp.h"

#include <string.h>

#include "gateway/base/buf.h"

#define RTCP_VERSION  2
#define TYPE_SR	      200 /* RFC 3550 12.1 */
#define TYPE_RR	      201
#define TYPE_SDES     202
#define TYPE_BYE      203
#define SDES_CNAME    1
#define HEADER_OCTETS 4

/* One packet of a compound one. */
struct part {
	unsigned count, type;
	bool padded;
	struct rbuf body;
};

static const char *read_part(struct rbuf *b, struct part *pp)
{
	uint8_t flags = rbuf_u8(b);
	uint8_t type = rbuf_u8(b);
	size_t octets = rbuf_u16(b) * 4u;
	const uint8_t *body = rbuf_take(b, octets);

	if (b->bad)
		return "RTCP packet is cut off";
	if (flags >> 6 != RTCP_VERSION)
		return "not RTCP version 2";
	*pp = (struct part){flags & 0x1Fu, type, flags & 0x20, rbuf_init(body, octets)};
	return NULL;
}

static void read_block(struct rbuf *b, uint32_t our_ssrc, struct rtcp_packet *k)
{
	struct rtcp_block r = {.ssrc = rbuf_u32(b)};
	uint32_t lost = rbuf_u32(b);

	r.fraction_256 = (uint8_t)(lost >> 24);
	r.lost = (int32_t)(lost << 8) >> 8; /* 24 bits with a sign */
	r.highest = rbuf_u32(b);
	r.jitter = rbuf_u32(b);
	r.lsr = rbuf_u32(b);
	r.dlsr = rbuf_u32(b);
	if (b->bad || r.ssrc != our_ssrc)
		return;
	k->block = r;
	k->has_block = true;
}

static const char *read_report(struct part *p, uint32_t our_ssrc, struct rtcp_packet *k)
{
	k->ssrc = rbuf_u32(&p->body);
	if (p->type == TYPE_SR) {
		k->sr = true;
		k->ntp = (uint64_t)rbuf_u32(&p->body) << 32;
		k->ntp |= rbuf_u32(&p->body);
		k->timestamp = rbuf_u32(&p->body);
		k->packets = rbuf_u32(&p->body);
		k->octets = rbuf_u32(&p->body);
	}
	for (unsigned i = 0; i < p->count; i++)
		read_block(&p->body, our_ssrc, k);
	return p->body.bad ? "RTCP report is shorter than it says" : NULL;
}

/* A BYE names those who leave (6.6). */
static const char *read_bye(struct part *p, struct rtcp_packet *k)
{
	for (unsigned i = 0; i < p->count; i++)
		if (rbuf_u32(&p->body) == k->ssrc && !p->body.bad)
			k->bye = true;
	return p->body.bad ? "RTCP BYE is shorter than it says" : NULL;
}

/* Padding ends the last packet and counts itself (6.4.1). */
static const char *check_padding(const struct part *p, const struct rbuf *rest)
{
	size_t octets = rbuf_left(&p->body);
	uint8_t padding;

	if (!p->padded)
		return NULL;
	if (rbuf_left(rest))
		return "RTCP padding before the last packet";
	padding = octets ? p->body.p[p->body.len - 1] : 0;
	return padding && padding % 4 == 0 && padding <= octets ? NULL : "RTCP padding is longer than the packet, or 0";
}

const char *rtcp_read(const void *p, size_t len, uint32_t our_ssrc, struct rtcp_packet *kp)
{
	struct rbuf b = rbuf_init(p, len);
	struct rtcp_packet k = {0};
	struct part part;
	const char *bad = read_part(&b, &part);

	if (!bad && part.type != TYPE_SR && part.type != TYPE_RR)
		bad = "RTCP does not begin with a report";
	if (!bad && part.padded && rbuf_left(&b))
		bad = "RTCP padding before the last packet";
	if (!bad)
		bad = read_report(&part, our_ssrc, &k);
	if (!bad)
		bad = check_padding(&part, &b);
	while (!bad && rbuf_left(&b)) {
		bad = read_part(&b, &part);
		if (!bad && part.type == TYPE_BYE)
			bad = read_bye(&part, &k);
		if (!bad)
			bad = check_padding(&part, &b);
	}
	if (!bad)
		*kp = k;
	return bad;
}

static void write_header(struct wbuf *b, unsigned count, unsigned type, size_t body_octets)
{
	wbuf_u8(b, (uint8_t)(RTCP_VERSION << 6 | count));
	wbuf_u8(b, (uint8_t)type);
	wbuf_u16(b, (uint16_t)(body_octets / 4));
}

static void write_report(struct wbuf *b, const struct rtcp_packet *k)
{
	const struct rtcp_block *r = &k->block;

	write_header(b, k->has_block, k->sr ? TYPE_SR : TYPE_RR, 4u + (k->sr ? 20 : 0) + (k->has_block ? 24 : 0));
	wbuf_u32(b, k->ssrc);
	if (k->sr) {
		wbuf_u32(b, (uint32_t)(k->ntp >> 32));
		wbuf_u32(b, (uint32_t)k->ntp);
		wbuf_u32(b, k->timestamp);
		wbuf_u32(b, k->packets);
		wbuf_u32(b, k->octets);
	}
	if (!k->has_block)
		return;
	wbuf_u32(b, r->ssrc);
	wbuf_u32(b, (uint32_t)r->fraction_256 << 24 | ((uint32_t)r->lost & 0xFFFFFF));
	wbuf_u32(b, r->highest);
	wbuf_u32(b, r->jitter);
	wbuf_u32(b, r->lsr);
	wbuf_u32(b, r->dlsr);
}

/* One chunk, ended by at least one zero and to a whole word (6.5). */
static void write_sdes(struct wbuf *b, const struct rtcp_packet *k)
{
	size_t n = strlen(k->cname), octets = (4 + 2 + n + 4) & ~(size_t)3;

	write_header(b, 1, TYPE_SDES, octets);
	wbuf_u32(b, k->ssrc);
	wbuf_u8(b, SDES_CNAME);
	wbuf_u8(b, (uint8_t)n);
	wbuf_bytes(b, k->cname, n);
	for (size_t o = 4 + 2 + n; o < octets; o++)
		wbuf_u8(b, 0);
}

size_t rtcp_write(const struct rtcp_packet *k, void *p, size_t room)
{
	struct wbuf b = wbuf_init(p, room);

	write_report(&b, k);
	write_sdes(&b, k);
	if (k->bye) {
		write_header(&b, 1, TYPE_BYE, 4);
		wbuf_u32(&b, k->ssrc);
	}
	return b.bad ? 0 : b.len;
}
