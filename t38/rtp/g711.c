/* SPDX-License-Identifier: GPL-2.0-only */
#include "g711.h"

#include <string.h>

/*
 * Both laws store sign and magnitude; on the line A-law has every even bit inverted (G.711 table 1a note 2) and
 * mu-law all of them (table 2a). The sign bit is 1 for positive values in both.
 */
#define ALAW_POSITIVE 0xD5
#define ULAW_POSITIVE 0xFF
#define MAGNITUDE     0x7F

/* G.711 table 4: magnitude of an A-law character to that of a mu-law one. */
static const uint8_t alaw_to_ulaw_magnitude[128] = {
	1,   3,	  5,   7,   9,	 11,  13,  15,	16,  17,  18,  19,  20,	 21,  22,  23,	24,  25,  26,  27,  28,	 29,
	30,  31,  32,  32,  33,	 33,  34,  34,	35,  35,  36,  37,  38,	 39,  40,  41,	42,  43,  44,  45,  46,	 47,
	48,  48,  49,  49,  50,	 51,  52,  53,	54,  55,  56,  57,  58,	 59,  60,  61,	62,  63,  64,  64,  65,	 66,
	67,  68,  69,  70,  71,	 72,  73,  74,	75,  76,  77,  78,  79,	 80,  80,  81,	82,  83,  84,  85,  86,	 87,
	88,  89,  90,  91,  92,	 93,  94,  95,	96,  97,  98,  99,  100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
	110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127,
};

/* G.711 table 3: the other way. */
static const uint8_t ulaw_to_alaw_magnitude[128] = {
	0,   0,	  1,   1,   2,	 2,   3,   3,	4,   4,	  5,   5,   6,	 6,   7,   7,	8,   9,	  10,  11,  12,	 13,
	14,  15,  16,  17,  18,	 19,  20,  21,	22,  23,  24,  26,  28,	 30,  32,  33,	34,  35,  36,  37,  38,	 39,
	40,  41,  42,  43,  45,	 47,  48,  49,	50,  51,  52,  53,  54,	 55,  56,  57,	58,  59,  60,  61,  63,	 64,
	65,  66,  67,  68,  69,	 70,  71,  72,	73,  74,  75,  76,  77,	 78,  79,  81,	82,  83,  84,  85,  86,	 87,
	88,  89,  90,  91,  92,	 93,  94,  95,	96,  97,  98,  99,  100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
	110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127,
};

/*
 * A-law is the line's, and each block of each call passes here: tables. G.711 table 1: the value of an A-law
 * character by its segment and step, for each of the 256 characters.
 */
#define SEGMENT(o)   (((o) ^ ALAW_POSITIVE) >> 4 & 7)
#define STEP(o)	     ((((o) ^ ALAW_POSITIVE) & 15) << 4)
#define VALUE(o)     (SEGMENT(o) ? (STEP(o) + 0x108) << (SEGMENT(o) ? SEGMENT(o) - 1 : 0) : STEP(o) + 8)
#define SAMPLE(o)    ((o)&0x80 ? VALUE(o) : -VALUE(o))
#define SAMPLES4(o)  SAMPLE(o), SAMPLE((o) + 1), SAMPLE((o) + 2), SAMPLE((o) + 3)
#define SAMPLES16(o) SAMPLES4(o), SAMPLES4((o) + 4), SAMPLES4((o) + 8), SAMPLES4((o) + 12)
#define SAMPLES64(o) SAMPLES16(o), SAMPLES16((o) + 16), SAMPLES16((o) + 32), SAMPLES16((o) + 48)

static const int16_t alaw_samples[256] = {SAMPLES64(0), SAMPLES64(64), SAMPLES64(128), SAMPLES64(192)};

static int16_t ulaw_decode(uint8_t octet)
{
	unsigned m = (octet ^ ULAW_POSITIVE) & MAGNITUDE;
	int v = (((int)((m & 0x0F) << 3) + 0x84) << (m >> 4)) - 0x84;

	return (int16_t)(octet & 0x80 ? v : -v);
}

/* The place of the highest bit set in V, counted from bit LOW, at most 7. */
static unsigned segment_of(unsigned v, unsigned low)
{
	unsigned high = v >> low ? 31 - (unsigned)__builtin_clz(v >> low) : 0;

	return high > 7 ? 7 : high;
}

/* And back: the magnitude of an A-law character by that of the value, in the units of the smallest step. */
#define SEGMENT_OF(u)                                                                                                  \
	((u) < 32 ? 1 : (u) < 64 ? 2 : (u) < 128 ? 3 : (u) < 256 ? 4 : (u) < 512 ? 5 : (u) < 1024 ? 6 : 7)
#define CHARACTER(u)	 ((u) < 16 ? (u)&15 : SEGMENT_OF(u) << 4 | ((u) >> (SEGMENT_OF(u) - 1) & 15))
#define CHARACTERS4(u)	 CHARACTER(u), CHARACTER((u) + 1), CHARACTER((u) + 2), CHARACTER((u) + 3)
#define CHARACTERS16(u)	 CHARACTERS4(u), CHARACTERS4((u) + 4), CHARACTERS4((u) + 8), CHARACTERS4((u) + 12)
#define CHARACTERS64(u)	 CHARACTERS16(u), CHARACTERS16((u) + 16), CHARACTERS16((u) + 32), CHARACTERS16((u) + 48)
#define CHARACTERS256(u) CHARACTERS64(u), CHARACTERS64((u) + 64), CHARACTERS64((u) + 128), CHARACTERS64((u) + 192)

static const uint8_t alaw_magnitudes[2048] = {
	CHARACTERS256(0),    CHARACTERS256(256),  CHARACTERS256(512),  CHARACTERS256(768),
	CHARACTERS256(1024), CHARACTERS256(1280), CHARACTERS256(1536), CHARACTERS256(1792),
};

static uint8_t alaw_encode(int16_t sample)
{
	/* Negative values are taken one's complement, so that the intervals of table 1b mirror those of table 1a. */
	int sign = sample >> 15;

	return (uint8_t)(alaw_magnitudes[(sample ^ sign) >> 4] ^ ALAW_POSITIVE ^ (sign & 0x80));
}

static uint8_t ulaw_encode(int16_t sample)
{
	unsigned v = (unsigned)(sample < 0 ? -sample : sample) + 0x84;

	if (v > 0x7FFF)
		v = 0x7FFF;
	unsigned segment = segment_of(v, 7);
	unsigned m = segment << 4 | ((v >> (segment + 3)) & 0x0F);

	return (uint8_t)(m ^ (sample < 0 ? MAGNITUDE : ULAW_POSITIVE));
}

void g711_decode(enum media_codec c, int16_t *samples, const uint8_t *octets, size_t n)
{
	if (c == CODEC_PCMA)
		for (size_t i = 0; i < n; i++)
			samples[i] = alaw_samples[octets[i]];
	else
		for (size_t i = 0; i < n; i++)
			samples[i] = ulaw_decode(octets[i]);
}

void g711_encode(enum media_codec c, uint8_t *octets, const int16_t *samples, size_t n)
{
	if (c == CODEC_PCMA)
		for (size_t i = 0; i < n; i++)
			octets[i] = alaw_encode(samples[i]);
	else
		for (size_t i = 0; i < n; i++)
			octets[i] = ulaw_encode(samples[i]);
}

void g711_convert(enum media_codec from, enum media_codec to, uint8_t *out, const uint8_t *in, size_t n)
{
	if (from == to) {
		if (n)
			memmove(out, in, n);
		return;
	}
	const uint8_t *table = from == CODEC_PCMA ? alaw_to_ulaw_magnitude : ulaw_to_alaw_magnitude;
	uint8_t positive_in = g711_silence(from), positive_out = g711_silence(to);

	for (size_t i = 0; i < n; i++) {
		uint8_t sign = in[i] & 0x80;
		uint8_t m = table[(in[i] ^ positive_in) & MAGNITUDE];

		out[i] = (uint8_t)(((m ^ positive_out) & MAGNITUDE) | sign);
	}
}

uint8_t g711_silence(enum media_codec c)
{
	return c == CODEC_PCMA ? ALAW_POSITIVE : ULAW_POSITIVE;
}
