/* SPDX-License-Identifier: GPL-2.0-only */
/* udptl_capture: the datagrams of tests/data/udptl-sendfax.bin, in memory. For tests of t38/. */
#ifndef UNIT_UDPTL_CAPTURE_H
#define UNIT_UDPTL_CAPTURE_H

#include <stdint.h>
#include <stdio.h>

#define CAPTURE_DATAGRAMS 191
#define CAPTURE_PACKETS	  190 /* good ones, sequence numbers 0 to 189, from datagram 1 on */
#define CAPTURE_FILE	  "tests/data/udptl-sendfax.bin"

struct capture {
	unsigned n;
	struct {
		size_t len;
		uint8_t p[256];
	} datagram[CAPTURE_DATAGRAMS];
};

/* Fills C; c->n is 0 if the file cannot be read whole (tests run in the top folder). */
static inline void capture_read(struct capture *c)
{
	FILE *f = fopen(CAPTURE_FILE, "rb");
	uint8_t head[2];

	c->n = 0;
	if (!f)
		return;
	while (c->n < CAPTURE_DATAGRAMS && fread(head, 1, 2, f) == 2) {
		size_t len = (size_t)head[0] << 8 | head[1];

		if (len > sizeof(c->datagram[0].p) || fread(c->datagram[c->n].p, 1, len, f) != len)
			break;
		c->datagram[c->n++].len = len;
	}
	fclose(f);
}

#endif
