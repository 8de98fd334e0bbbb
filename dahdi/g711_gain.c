/* SPDX-License-Identifier: GPL-2.0-only */
#include "g711_gain.h"

#include <math.h>

#define LOUDEST 0x7f

/* Codes are 0 to 127, 8 segments of 16 steps; as magnitude the middle of the interval, in half steps. */
struct law {
	uint8_t invert; /* what is inverted on the line */
	double (*magnitude)(unsigned code);
};

static double alaw_magnitude(unsigned code)
{
	unsigned segment = code >> 4, step = code & 15;

	return segment ? (double)((2 * step + 33) << (segment - 1)) : 2.0 * step + 1;
}

static double ulaw_magnitude(unsigned code)
{
	unsigned segment = code >> 4, step = code & 15;

	return (double)((2 * step + 33) << segment) - 33;
}

static const struct law laws[CODEC_COUNT] = {
	[CODEC_PCMA] = {0x55, alaw_magnitude},
	[CODEC_PCMU] = {0x7f, ulaw_magnitude},
};

/* The code whose interval MAGNITUDE lies in. */
static unsigned nearest_code(const struct law *l, double magnitude)
{
	unsigned code = 0;

	/* An interval reaches halfway to its neighbours' middles but for the first of a segment; the nearest middle is
	 * the best there is. */
	while (code < LOUDEST && fabs(l->magnitude(code + 1) - magnitude) <= fabs(l->magnitude(code) - magnitude))
		code++;
	return code;
}

void g711_gain_table(enum media_codec law, int gain_ddb, uint8_t table[256])
{
	const struct law *l = &laws[law];
	double factor = pow(10.0, gain_ddb / 200.0);

	for (unsigned i = 0; i < 256; i++) {
		unsigned plain = i ^ l->invert;

		table[i] = (uint8_t)(((plain & 0x80) | nearest_code(l, l->magnitude(plain & 0x7f) * factor)) ^
				     l->invert);
	}
}
