/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dtmf_send: hears DTMF (Q.23) and says it as telephone events (RFC 4733): for each block of samples what is to be sent
 * in place of it. Linear samples, 8 kHz.
 */
#ifndef T38_DTMF_SEND_H
#define T38_DTMF_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTMF_EVENT_OCTETS 4

struct dtmf_send;

int dtmf_send_alloc(struct dtmf_send **dp); /* 0 or ENOMEM */
void dtmf_send_free(struct dtmf_send *d);

/* What is sent in place of a block. */
struct dtmf_send_packet {
	uint32_t begin; /* RTP timestamp */
	bool marker;	/* the first of its event */
	uint8_t payload[DTMF_EVENT_OCTETS];
};

/*
 * The next N samples, whose first has the RTP timestamp NOW. True: *PP is sent in place of them. A digit's event begins
 * with the block in which it is recognised, some 30 ms after its sound; its end is sent three times (RFC 4733
 * 2.5.1.4), in blocks of their own.
 */
bool dtmf_send_block(struct dtmf_send *d, const int16_t *samples, size_t n, uint32_t now,
		     struct dtmf_send_packet *pp);

#endif
