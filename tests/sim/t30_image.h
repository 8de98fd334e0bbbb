/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30_image: what a scripted fax sends after its trainings, bit by bit: HDLC, zeros, lines of a page in the code of
 * T.4 4.1 (1728 pels, one dimension); and the same read again.
 */
#ifndef SIM_T30_IMAGE_H
#define SIM_T30_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define T30_LINE_BITS 1350 /* about so many in a line, its EOL with it */

/* Bits in the order of sending; grows as it is filled. All zero: empty. */
struct t30_bits {
	uint8_t *bits; /* one an octet */
	size_t n, room;
};

void t30_bits_free(struct t30_bits *b);
void t30_bits_clear(struct t30_bits *b);
/* When there is no memory for it the bit is lost, and the test fails by that. */
void t30_bits_put(struct t30_bits *b, unsigned bit);
void t30_bits_flags(struct t30_bits *b, unsigned n);
/* An HDLC frame with its FCS and stuffing, and the flag that ends it. */
void t30_bits_frame(struct t30_bits *b, const uint8_t *octets, size_t n, bool good);

/* N zeros, but of each 1000 SPOILT are ones. */
void t30_image_zeros(struct t30_bits *b, unsigned n, unsigned spoilt);
/* Octets that follow from SEED; lines of a page; RTC comes after the last. */
void t30_image_octets(uint32_t seed, uint8_t *octets, size_t n);
void t30_image_lines(struct t30_bits *b, uint32_t seed, unsigned count);
/* Lines of the page SEED that are wrong or missing; fill bits do not count. *RTCP: RTC was at the end. */
unsigned t30_image_wrong_lines(const struct t30_bits *b, uint32_t seed, unsigned count, bool *rtcp);

#endif
