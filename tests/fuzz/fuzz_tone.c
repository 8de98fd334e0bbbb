/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The detector of tones. The first octet says how the rest is made into samples: as tones one after the other (what
 * they are, how long, how loud: three octets each), as A-law, or as linear samples. It is heard twice, in blocks of
 * different lengths: the same must be heard at the same time, and after a reset once more.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "t38/rtp/g711.h"
#include "t38/tone/tone.h"

#define RATE	    8000
#define SAMPLES_MAX 120000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_tone(enum tone t, void *arg)
{
	uint32_t *hash = arg;

	if (t <= TONE_NONE || t >= TONE_COUNT)
		abort();
	*hash = (*hash ^ (uint32_t)t) * 16777619u;
}

static void hear(struct tone_rx *t, const int16_t *samples, size_t n, size_t block)
{
	for (size_t k; n > 0; n -= k, samples += k) {
		k = n < block ? n : block;
		tone_rx_samples(t, samples, k);
	}
}

/* Tones near those of a fax; the third octet's highest bit turns the phase in the middle, as ANSam does. */
static size_t play(const uint8_t *data, size_t size, int16_t *out)
{
	static const double hz[] = {0, 1100, 2100, 1850, 1650, 440, 1062, 2115};
	double phase = 0;
	size_t n = 0;

	for (; size >= 3; data += 3, size -= 3) {
		double f = hz[data[0] % 8] + (data[0] >> 3) - 16, level = 16 * exp2((data[2] & 0x7f) / 11.6);
		size_t length = (size_t)data[1] * RATE / 64;

		for (size_t i = 0; i < length && n < SAMPLES_MAX; i++) {
			phase += 2 * M_PI * f / RATE + (data[2] & 0x80 && i == length / 2 ? M_PI : 0);
			out[n++] = (int16_t)(data[0] % 8 ? lrint(fmin(level, 32767) * sin(phase)) : 0);
		}
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int16_t samples[SAMPLES_MAX];
	struct tone_rx *t;
	uint32_t hash = 1, once;
	size_t n = 0;

	if (size < 2 || tone_rx_alloc(&t, on_tone, &hash))
		return 0;
	switch (data[0] % 4) {
	case 0:
	case 1:
		n = play(data + 1, size - 1, samples);
		break;
	case 2:
		n = size - 1 < SAMPLES_MAX ? size - 1 : SAMPLES_MAX;
		g711_decode(CODEC_PCMA, samples, data + 1, n);
		break;
	default:
		for (; n < SAMPLES_MAX && 2 * n + 2 < size; n++)
			samples[n] = (int16_t)(data[2 * n + 1] << 8 | data[2 * n + 2]);
	}
	hear(t, samples, n, 160);
	once = hash;
	tone_rx_reset(t);
	hash = 1;
	hear(t, samples, n, 1 + data[0] / 4u);
	if (hash != once)
		abort();
	tone_rx_free(t);
	return 0;
}
