/* SPDX-License-Identifier: GPL-2.0-only */
#include "tdmoe_frame.h"

#include "gateway/base/buf.h"

#define FLAG_YELLOW	0x01
#define FLAG_SIGNALLING 0x02

const char *tdmoe_frame_read(const void *p, size_t len, struct tdmoe_frame *fp)
{
	struct rbuf b = rbuf_init(p, len);
	struct tdmoe_frame f = {0};
	uint8_t flags;

	f.samples = rbuf_u8(&b);
	flags = rbuf_u8(&b);
	f.counter = rbuf_u16(&b);
	f.channels = rbuf_u16(&b);
	f.yellow = flags & FLAG_YELLOW;
	if (b.bad)
		return "shorter than its header";
	if (!f.samples)
		return "no samples";
	if (!f.channels)
		return "no channels";
	if (f.channels > TDMOE_MAX_CHANNELS)
		return "more than 31 channels";
	if (flags & FLAG_SIGNALLING)
		rbuf_take(&b, 2 * ((f.channels + 3) / 4));
	f.octets = rbuf_take(&b, (size_t)f.samples * f.channels);
	if (b.bad)
		return "shorter than its header says";
	if (rbuf_left(&b))
		return "longer than its header says";
	*fp = f;
	return NULL;
}

size_t tdmoe_frame_write_header(uint8_t *p, const struct tdmoe_frame *f)
{
	struct wbuf b = wbuf_init(p, TDMOE_HEADER_OCTETS);

	wbuf_u8(&b, (uint8_t)f->samples);
	wbuf_u8(&b, f->yellow ? FLAG_YELLOW : 0);
	wbuf_u16(&b, f->counter);
	wbuf_u16(&b, (uint16_t)f->channels);
	return b.len;
}

static unsigned gcd(unsigned a, unsigned b)
{
	while (b) {
		unsigned r = a % b;

		a = b;
		b = r;
	}
	return a;
}

unsigned tdmoe_frame_under_way(unsigned n, unsigned block, unsigned fill)
{
	unsigned step = gcd(n, block);

	return block - step + fill % step;
}
