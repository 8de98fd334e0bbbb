/* SPDX-License-Identifier: GPL-2.0-only */
#include "t30_image.h"

#include <stdlib.h>
#include <string.h>

#define LINE_GROUPS 108 /* of 16 pels */

void t30_bits_free(struct t30_bits *b)
{
	free(b->bits);
	*b = (struct t30_bits){0};
}

void t30_bits_clear(struct t30_bits *b)
{
	b->n = 0;
}

void t30_bits_put(struct t30_bits *b, unsigned bit)
{
	if (b->n == b->room) {
		size_t room = b->room ? 2 * b->room : 4096;
		uint8_t *bits = realloc(b->bits, room);

		if (!bits)
			return;
		b->bits = bits;
		b->room = room;
	}
	b->bits[b->n++] = bit & 1;
}

void t30_bits_flags(struct t30_bits *b, unsigned n)
{
	for (; n; n--)
		for (unsigned i = 0; i < 8; i++)
			t30_bits_put(b, 0x7e >> i & 1);
}

static unsigned stuff(struct t30_bits *b, uint8_t octet, unsigned ones)
{
	for (unsigned i = 0; i < 8; i++) {
		unsigned bit = octet >> i & 1;

		t30_bits_put(b, bit);
		ones = bit ? ones + 1 : 0;
		if (ones == 5) {
			t30_bits_put(b, 0);
			ones = 0;
		}
	}
	return ones;
}

/* T.30 5.3.7, as in ITU-T V.42 8.1.1.6.1. */
static uint16_t fcs_of(const uint8_t *octets, size_t n)
{
	uint16_t fcs = 0xffff;

	for (size_t i = 0; i < n; i++) {
		fcs ^= octets[i];
		for (unsigned k = 0; k < 8; k++)
			fcs = (uint16_t)(fcs & 1 ? fcs >> 1 ^ 0x8408 : fcs >> 1);
	}
	return (uint16_t)~fcs;
}

void t30_bits_frame(struct t30_bits *b, const uint8_t *octets, size_t n, bool good)
{
	uint16_t fcs = fcs_of(octets, n);
	unsigned ones = 0;

	if (!good)
		fcs ^= 0x1234;
	for (size_t i = 0; i < n; i++)
		ones = stuff(b, octets[i], ones);
	ones = stuff(b, (uint8_t)fcs, ones);
	stuff(b, (uint8_t)(fcs >> 8), ones);
	t30_bits_flags(b, 1);
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

void t30_image_zeros(struct t30_bits *b, unsigned n, unsigned spoilt)
{
	for (unsigned i = 0; i < n; i++)
		t30_bits_put(b, (i * 389 + 7) % 1000 < spoilt);
}

void t30_image_octets(uint32_t seed, uint8_t *octets, size_t n)
{
	seed = seed * 2654435761u + 1;
	for (size_t i = 0; i < n; i++)
		octets[i] = (uint8_t)next(&seed);
}

static void code(struct t30_bits *b, const char *bits)
{
	for (; *bits; bits++)
		t30_bits_put(b, *bits == '1');
}

static void eol(struct t30_bits *b)
{
	code(b, "000000000001");
}

/* T.4 table 2: white 8 and black 8, or twice white 4 and black 4. */
static void line(struct t30_bits *b, uint32_t *seed)
{
	for (unsigned i = 0; i < LINE_GROUPS; i++)
		code(b, next(seed) & 1 ? "10011000101" : "10110111011011");
}

void t30_image_lines(struct t30_bits *b, uint32_t seed, unsigned count)
{
	eol(b);
	for (unsigned i = 0; i < count; i++) {
		line(b, &seed);
		eol(b);
	}
	for (unsigned i = 1; i < 6; i++) /* T.4 4.1.4 */
		eol(b);
}

/* From *AT to the next EOL: the bits before its zeros and those of fill, *NP of them. False: there is no EOL. */
static bool line_read(const struct t30_bits *b, size_t *at, size_t *np)
{
	size_t zeros = 0, begin = *at;

	for (size_t i = begin; i < b->n; i++) {
		if (!b->bits[i]) {
			zeros++;
			continue;
		}
		if (zeros >= 11) {
			*np = i - zeros - begin;
			*at = i + 1;
			return true;
		}
		zeros = 0;
	}
	return false;
}

unsigned t30_image_wrong_lines(const struct t30_bits *b, uint32_t seed, unsigned count, bool *rtcp)
{
	struct t30_bits want = {0};
	unsigned wrong = 0, empty = 0, i = 0;
	size_t at = 0, begin, n;

	line_read(b, &at, &n); /* the EOL before the first line */
	for (; i < count; i++) {
		t30_bits_clear(&want);
		line(&want, &seed);
		begin = at;
		if (!line_read(b, &at, &n))
			break;
		wrong += n != want.n || memcmp(b->bits + begin, want.bits, n);
	}
	while (empty < 5 && line_read(b, &at, &n) && n == 0)
		empty++;
	t30_bits_free(&want);
	*rtcp = empty == 5;
	return wrong + (count - i);
}
