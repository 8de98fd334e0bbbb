/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdmoe_frame: the frame of DAHDI's dynamic spans, pure.
 *
 * Octet 0 samples a channel, octet 1 flags, 2-3 counter, 4-5 number of channels, then (flag bit 1) one 16-bit word of
 * signalling bits for every four channels, then all samples of channel 1, of channel 2, ...; network byte order.
 */
#ifndef DAHDI_TDMOE_FRAME_H
#define DAHDI_TDMOE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TDMOE_HEADER_OCTETS 6
#define TDMOE_MAX_SAMPLES 255
#define TDMOE_MAX_CHANNELS 31
#define TDMOE_MAX_OCTETS (TDMOE_HEADER_OCTETS + 2 * 8 + TDMOE_MAX_SAMPLES * TDMOE_MAX_CHANNELS)

struct tdmoe_frame {
	unsigned samples;		/* a channel */
	unsigned channels;
	uint16_t counter;
	bool yellow;
	const uint8_t *octets;		/* channels * samples, channel by channel; points into what was read */
};

/* Reads a frame in place; signalling bits are passed over, the length must fit exactly. Returns NULL, or what is
 * wrong with it (static text); *fp is then untouched. */
const char *tdmoe_frame_read(const void *p, size_t len, struct tdmoe_frame *fp);

/* Writes the header of a frame without signalling bits to P (TDMOE_HEADER_OCTETS). Returns the header's length; the
 * octets follow it. */
size_t tdmoe_frame_write_header(uint8_t *p, const struct tdmoe_frame *f);

/*
 * The samples that have to be under way, so that who works in blocks of BLOCK samples can always answer frames of N
 * samples with as many: those gathered for the next block, FILL at present, and those of the last block still to be
 * sent. They are as many after each exchange as before it. At worst, just before a block is complete, BLOCK - gcd(N,
 * BLOCK) samples have been gathered, and what is there out of step with it. None for frames of whole blocks, never
 * more than a block.
 */
unsigned tdmoe_frame_under_way(unsigned n, unsigned block, unsigned fill);

#endif
