/* SPDX-License-Identifier: GPL-2.0-only */
/* udptl_write: UDPTL packets onto the wire, the mirror of udptl_read. */
#include "udptl.h"

#include "gateway/base/buf.h"

#define LENGTH_LIMIT 16384 /* from here X.691 10.9.3.8 wants fragments */

static void write_length(struct wbuf *b, size_t n)
{
	if (n >= LENGTH_LIMIT)
		b->bad = true;
	else if (n < 128)
		wbuf_u8(b, (uint8_t)n);
	else
		wbuf_u16(b, (uint16_t)(0x8000 | n));
}

static void write_field(struct wbuf *b, const struct udptl_field *f)
{
	write_length(b, f->len);
	wbuf_bytes(b, f->p, f->len);
}

size_t udptl_write(const struct udptl_packet *k, void *p, size_t room)
{
	struct wbuf b = wbuf_init(p, room);

	wbuf_u16(&b, k->seq);
	write_field(&b, &k->primary);
	if (k->kind == T38_EC_FEC) {
		if (k->nfec > UDPTL_MAX_FEC_ENTRIES || k->fec_span > UDPTL_MAX_FEC_SPAN)
			return 0;
		wbuf_u8(&b, 0x80);
		wbuf_u8(&b, 1);
		wbuf_u8(&b, (uint8_t)k->fec_span);
		write_length(&b, k->nfec);
		for (unsigned i = 0; i < k->nfec; i++)
			write_field(&b, &k->fec[i]);
	} else {
		/* Without error recovery the mandatory CHOICE is an empty list of redundant packets. */
		unsigned n = k->kind == T38_EC_REDUNDANCY ? k->nsecondary : 0;

		if (n > UDPTL_MAX_SECONDARY)
			return 0;
		wbuf_u8(&b, 0x00);
		write_length(&b, n);
		for (unsigned i = 0; i < n; i++)
			write_field(&b, &k->secondary[i]);
	}
	return b.bad ? 0 : b.len;
}
