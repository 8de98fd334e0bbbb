/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange_audio.c: what is heard and said on a B channel.
 */
#include <math.h>
#include <spandsp.h>

#include "exchange_priv.h"

#define TONE_HZ	  1000
#define TONE_PEAK 8192.0 /* -9 dBm0 or so */

enum { HEARD, SAID };

void xcall_audio_init(struct xcall *c)
{
	/* Each channel and direction has a noise of its own; the state must not be 0. */
	const uint32_t seed = (uint32_t)c->x->damage.seed * 2654435761u + c->r.timeslot * 40503u;

	c->noise[HEARD] = (seed ^ 0x9E3779B9u) | 1;
	c->noise[SAID] = (seed ^ 0x7F4A7C15u) | 1;
}

/* Marsaglia's xorshift. */
static uint32_t random_next(uint32_t *state)
{
	uint32_t r = *state;

	r ^= r << 13;
	r ^= r >> 17;
	r ^= r << 5;
	return *state = r;
}

/* Nearly Gaussian, of variance 1: the sum of twelve uniform values, less its mean. */
static float gaussian(uint32_t *state)
{
	float sum = -6.0f;

	for (int i = 0; i < 12; i++)
		sum += (float)random_next(state) * (1.0f / 4294967296.0f);
	return sum;
}

static void damage(struct xcall *c, int which, int16_t *samples)
{
	const struct exchange *x = c->x;

	if (!x->damaged)
		return;
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++) {
		float s = (float)samples[i] * x->gain;

		if (x->noise_rms > 0.0f)
			s += x->noise_rms * gaussian(&c->noise[which]);
		samples[i] = saturate((int)lrintf(s));
	}
}

static void to_linear(const uint8_t *octets, int16_t *samples)
{
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		samples[i] = alaw_to_linear(octets[i]);
}

static void to_alaw(const int16_t *samples, uint8_t *octets)
{
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		octets[i] = linear_to_alaw(samples[i]);
}

static void tone(struct xcall *c, int16_t *samples)
{
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++) {
		samples[i] = (int16_t)lrint(TONE_PEAK * sin(2.0 * M_PI * c->tone_phase / XLINE_RATE));
		c->tone_phase = (c->tone_phase + TONE_HZ) % XLINE_RATE;
	}
}

static void handler_audio(struct xcall *c, const uint8_t *heard, uint8_t *say)
{
	const struct xcall_source *s = &c->b.source;
	int16_t linear[EXCHANGE_BLOCK];
	uint8_t bad[EXCHANGE_BLOCK];

	if (!c->x->damaged) {
		s->octets(heard, say, EXCHANGE_BLOCK, s->arg);
		return;
	}
	to_linear(heard, linear);
	damage(c, HEARD, linear);
	to_alaw(linear, bad);
	s->octets(bad, say, EXCHANGE_BLOCK, s->arg);
	to_linear(say, linear);
	damage(c, SAID, linear);
	to_alaw(linear, say);
}

static void audio(struct xcall *c, const uint8_t *heard, uint8_t *say)
{
	const struct xcall_source *s = &c->b.source;
	int16_t in[EXCHANGE_BLOCK], out[EXCHANGE_BLOCK] = {0};

	c->r.samples += EXCHANGE_BLOCK;
	if (s->kind == XAUDIO_HANDLER && s->octets) {
		handler_audio(c, heard, say);
		return;
	}
	if (s->kind == XAUDIO_MACHINE && s->machine && c->r.state == XCALL_CONNECTED) {
		to_linear(heard, in);
		damage(c, HEARD, in);
		machine_rx(s->machine, in, EXCHANGE_BLOCK);
		machine_tx(s->machine, out, EXCHANGE_BLOCK);
	} else if (s->kind == XAUDIO_TONE) {
		tone(c, out);
	}
	damage(c, SAID, out);
	to_alaw(out, say);
}

void xcall_audio(struct xcall *c, const uint8_t *heard, uint8_t *say)
{
	uint8_t alaw[EXCHANGE_BLOCK];

	if (!c->x->p.ulaw) {
		audio(c, heard, say);
		return;
	}
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		alaw[i] = ulaw_to_alaw(heard[i]);
	audio(c, alaw, say);
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		say[i] = alaw_to_ulaw(say[i]);
}
