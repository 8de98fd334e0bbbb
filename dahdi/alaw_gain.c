/* SPDX-License-Identifier: GPL-2.0-only */
#include "alaw_gain.h"

#include <math.h>

#define INVERT	0x55 /* G.711 table 1, note 2: the even bits are inverted on the line */
#define LOUDEST 0x7f

/* The magnitude that CODE (0 to 127, 8 segments of 16 steps) stands for: the middle of its interval, in half steps. */
static double alaw_magnitude(unsigned code)
{
	unsigned segment = code >> 4, step = code & 15;

	return segment ? (double)((2 * step + 33) << (segment - 1)) : 2.0 * step + 1;
}

/* The code whose interval MAGNITUDE lies in. */
static unsigned alaw_code(double magnitude)
{
	unsigned code = 0;

	/* An interval reaches halfway to its neighbours' middles but for the first of a segment; the nearest middle is
	 * the best there is. */
	while (code < LOUDEST && fabs(alaw_magnitude(code + 1) - magnitude) <= fabs(alaw_magnitude(code) - magnitude))
		code++;
	return code;
}

void alaw_gain_table(int gain_ddb, uint8_t table[256])
{
	double factor = pow(10.0, gain_ddb / 200.0);

	for (unsigned i = 0; i < 256; i++) {
		unsigned plain = i ^ INVERT;

		table[i] = (uint8_t)(((plain & 0x80) | alaw_code(alaw_magnitude(plain & 0x7f) * factor)) ^ INVERT);
	}
}
