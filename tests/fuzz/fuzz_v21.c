/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What listens to V.21: the receiver of either channel, CM of V.8, T.30's frames. The first octet says how the rest
 * is made into samples: as bits of either channel, from which frames can come about, or as A-law or linear samples.
 * Everything hears it twice, in blocks of different lengths: it must be the same.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "t38/rtp/g711.h"
#include "t38/tone/v21_listen.h"
#include "t38/tone/v21_rx.h"
#include "t38/tone/v8_listen.h"

#define RATE	    8000
#define SAMPLES_MAX 40000
#define EARS	    4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ear {
	uint32_t hash; /* of everything heard */
};

static void add(struct ear *e, uint32_t x)
{
	e->hash = (e->hash ^ x) * 16777619u;
}

static void on_bit(unsigned bit, float purity, void *arg)
{
	/* a window is no whole number of cycles: up to twice its energy may seem to be the tone's */
	if (bit > 1 || !(purity >= 0) || purity > 2.01f)
		abort();
	add(arg, bit);
}

static void on_call(enum v8_call c, void *arg)
{
	if (!v8_call_name(c) || (unsigned)c > 7)
		abort();
	add(arg, 0x100u | (unsigned)c);
}

static void on_frame(const uint8_t *frame, size_t octets, void *arg)
{
	if (octets < 3)
		abort();
	for (size_t i = 0; i < octets; i++)
		add(arg, 0x200u | frame[i]);
}

static void on_signal(void *arg)
{
	add(arg, 0x300);
}

static void hear(const int16_t *samples, size_t n, size_t block, struct ear ears[EARS])
{
	const struct v21_listen_handlers h = {.frame = on_frame, .signal = on_signal, .arg = &ears[3]};
	struct v21_rx low, high;
	struct v8_listen *v8 = NULL;
	struct v21_listen *t30 = NULL;

	v21_rx_init(&low, V21_LOW, -46, on_bit, &ears[0]);
	v21_rx_init(&high, V21_HIGH, -46, on_bit, &ears[1]);
	if (v8_listen_alloc(&v8, on_call, &ears[2]) || v21_listen_alloc(&t30, &h))
		goto out;
	for (size_t k; n > 0; n -= k, samples += k) {
		k = n < block ? n : block;
		v21_rx_samples(&low, samples, k);
		v21_rx_samples(&high, samples, k);
		v8_listen_samples(v8, samples, k);
		v21_listen_samples(t30, samples, k);
	}
out:
	v8_listen_free(v8);
	v21_listen_free(t30);
}

/* Bits of FSK around MIDDLE_HZ, at a level that the first of them says. */
static size_t modulate(const uint8_t *data, size_t size, double middle_hz, int16_t *out)
{
	double phase = 0, level = size ? 20 + data[0] * 128.0 : 0;
	size_t n = 0;

	for (; n < SAMPLES_MAX; n++) {
		size_t bit = n * 300 / RATE;

		if (bit / 8 >= size)
			break;
		phase += 2 * M_PI / RATE * (middle_hz + (data[bit / 8] >> bit % 8 & 1 ? -100 : 100));
		out[n] = (int16_t)lrint(level * sin(phase));
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int16_t samples[SAMPLES_MAX];
	struct ear once[EARS] = {{1}, {2}, {3}, {4}}, again[EARS] = {{1}, {2}, {3}, {4}};
	size_t n = 0;

	if (size < 2)
		return 0;
	switch (data[0] % 4) {
	case 0:
	case 1:
		n = modulate(data + 1, size - 1, data[0] & 1 ? V21_HIGH : V21_LOW, samples);
		break;
	case 2:
		n = size - 1 < SAMPLES_MAX ? size - 1 : SAMPLES_MAX;
		g711_decode(CODEC_PCMA, samples, data + 1, n);
		break;
	default:
		for (; n < SAMPLES_MAX && 2 * n + 2 < size; n++)
			samples[n] = (int16_t)(data[2 * n + 1] << 8 | data[2 * n + 2]);
	}
	hear(samples, n, 160, once);
	hear(samples, n, 1 + data[0] / 4u, again);
	for (unsigned i = 0; i < EARS; i++)
		if (once[i].hash != again[i].hash)
			abort();
	return 0;
}
