/* SPDX-License-Identifier: GPL-2.0-only */
/* tone_rig: what a tone detector has heard, and when, of samples that came through A-law. For tests of
 * t38/tone/tone.c. */
#ifndef TESTS_UNIT_TONE_RIG_H
#define TESTS_UNIT_TONE_RIG_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "t38/rtp/g711.h"
#include "t38/tone/tone.h"

#define RATE 8000

struct ear {
	unsigned heard[TONE_COUNT];
	double first_s[TONE_COUNT];
	double now_s;
};

static inline void on_tone(enum tone t, void *arg)
{
	struct ear *e = arg;

	assert_in_range(t, TONE_CNG, TONE_COUNT - 1);
	if (!e->heard[t]++)
		e->first_s[t] = e->now_s;
}

static inline double amplitude(double dbm0)
{
	return 32767 * pow(10, (dbm0 - 3.14) / 20);
}

static uint32_t seed; /* of noise() */

static inline double noise(void)
{
	double s = 0;
	int i;

	for (i = 0; i < 6; i++) {
		seed = seed * 1664525u + 1013904223u;
		s += (double)(seed >> 8) / (1 << 24) - 0.5;
	}
	return s * sqrt(2.0); /* variance 1 */
}

/* Through A-law, as everything comes from a line, and in blocks of uneven lengths. */
static inline void hear(struct tone_rx *t, struct ear *e, const int16_t *samples, size_t n)
{
	uint8_t octets[256];
	int16_t linear[256];
	size_t k, step = 1;

	for (; n > 0; n -= k, samples += k) {
		step = step % 249 + 7; /* to 255 */
		k = step < n ? step : n;
		g711_encode(CODEC_PCMA, octets, samples, k);
		g711_decode(CODEC_PCMA, linear, octets, k);
		e->now_s += (double)k / RATE;
		tone_rx_samples(t, linear, k);
	}
}

static inline int16_t clip(double x)
{
	return (int16_t)(x > 32767 ? 32767 : x < -32768 ? -32768 : lrint(x));
}

static inline void check(const char *name, const struct ear *e, unsigned expected)
{
	unsigned t, heard = 0;

	for (t = 1; t < TONE_COUNT; t++)
		heard |= e->heard[t] ? 1u << t : 0;
	for (t = 1; t < TONE_COUNT; t++)
		if (heard & 1u << t)
			print_message("  %-32s %s after %.0f ms%s\n", name, tone_name(t), e->first_s[t] * 1000,
				      expected & 1u << t ? "" : "  <- not expected");
	if (heard != expected)
		print_error("  %s: heard %#x, expected %#x\n", name, heard, expected);
	assert_int_equal(heard, expected);
}

#define CNG    (1u << TONE_CNG)
#define CED    (1u << TONE_CED)
#define ANS_PR (1u << TONE_ANS_PR)
#define ANSAM  (1u << TONE_ANSAM)
#define V21    (1u << TONE_V21)

#endif
