/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/sound.h"

#include <math.h>
#include <string.h>

#define TURN (2 * M_PI)

/* splitmix64 */
static uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

double dice_between(struct dice *d, double low, double high)
{
	return low + (high - low) * (double)(dice_next(d) >> 11) / 9007199254740992.0;
}

unsigned dice_below(struct dice *d, unsigned n)
{
	return (unsigned)(dice_next(d) >> 32) % n;
}

/* The sum of four 16-bit parts of one draw: near enough, and cheap. */
double dice_normal(struct dice *d)
{
	uint64_t z = dice_next(d);
	double sum = (double)(z & 0xffff) + (double)(z >> 16 & 0xffff) + (double)(z >> 32 & 0xffff) + (double)(z >> 48);

	return (sum - 2 * 65535.0) / (65536.0 * 0.57735);
}

void sound_clear(struct sound *s, double seconds)
{
	s->n = (size_t)(seconds * SOUND_RATE);
	if (s->n > SOUND_MAX_S * SOUND_RATE)
		s->n = SOUND_MAX_S * SOUND_RATE;
	memset(s->x, 0, s->n * sizeof(s->x[0]));
}

double sound_amplitude(double dbm0)
{
	return 32767 * pow(10, (dbm0 - 3.14) / 20);
}

static size_t sample_at(const struct sound *s, double t)
{
	if (t <= 0)
		return 0;
	return t * SOUND_RATE < (double)s->n ? (size_t)(t * SOUND_RATE) : s->n;
}

void sound_add_sine(struct sound *s, double from_s, double seconds, double hz, double dbm0)
{
	size_t i = sample_at(s, from_s), end = sample_at(s, from_s + seconds);
	double a = sound_amplitude(dbm0), phase = 0;

	for (; i < end; i++) {
		s->x[i] += (float)(a * sin(phase));
		phase += TURN * hz / SOUND_RATE;
	}
}

void sound_add_noise(struct sound *s, double from_s, double seconds, double dbm0, struct dice *d)
{
	size_t i = sample_at(s, from_s), end = sample_at(s, from_s + seconds);
	double a = sound_amplitude(dbm0) / sqrt(2);

	for (; i < end; i++)
		s->x[i] += (float)(a * dice_normal(d));
}

void sound_add(struct sound *s, const struct sound *other, double delay_s, double gain_db)
{
	size_t delay = sample_at(s, delay_s);
	float gain = (float)pow(10, gain_db / 20);

	for (size_t i = delay; i < s->n && i - delay < other->n; i++)
		s->x[i] += gain * other->x[i - delay];
}

static double block_power(const struct sound *s, size_t at)
{
	double sum = 0;

	for (size_t i = at; i < at + SOUND_BLOCK; i++)
		sum += (double)s->x[i] * s->x[i];
	return sum / SOUND_BLOCK;
}

double sound_active_dbm0(const struct sound *s)
{
	double most = 0, sum = 0, p;
	size_t at, blocks = 0;

	for (at = 0; at + SOUND_BLOCK <= s->n; at += SOUND_BLOCK)
		most = fmax(most, block_power(s, at));
	for (at = 0; at + SOUND_BLOCK <= s->n && most > 0; at += SOUND_BLOCK) {
		p = block_power(s, at);
		if (p < most / 10000)
			continue;
		sum += p;
		blocks++;
	}
	return blocks ? 10 * log10(sum / (double)blocks * 2) - 20 * log10(32767) + 3.14 : -90;
}

void sound_set_active(struct sound *s, double dbm0)
{
	float gain = (float)pow(10, (dbm0 - sound_active_dbm0(s)) / 20);

	for (size_t i = 0; i < s->n; i++)
		s->x[i] *= gain;
}

double sound_add_fsk(struct sound *s, double from_s, const struct sound_fsk *f, const char *bits, unsigned count)
{
	size_t len = strlen(bits), total = len * count, from = sample_at(s, from_s), i;
	double a = sound_amplitude(f->dbm0), phase = 0, bit = 0;

	for (i = from; i < s->n && (size_t)bit < total; i++) {
		s->x[i] += (float)(a * sin(phase));
		phase += TURN * (bits[(size_t)bit % len] == '1' ? f->one_hz : f->zero_hz) / SOUND_RATE;
		bit = (double)(i - from + 1) * f->baud / SOUND_RATE;
	}
	return (double)i / SOUND_RATE;
}

/* One symbol's place; the mean power is 1. */
static void psk_point(const struct sound_psk *p, struct dice *d, double *re, double *im)
{
	if (p->points) {
		double angle = TURN * dice_below(d, p->points) / p->points;

		*re = cos(angle);
		*im = sin(angle);
		return;
	}
	*re = ((int)dice_below(d, 4) * 2 - 3) / sqrt(10);
	*im = ((int)dice_below(d, 4) * 2 - 3) / sqrt(10);
}

/* The pulse is a raised cosine two symbols long: it falls off as a modem's shaping does, if not as steeply. */
void sound_add_psk(struct sound *s, double from_s, double seconds, const struct sound_psk *p, struct dice *d)
{
	size_t i = sample_at(s, from_s), end = sample_at(s, from_s + seconds);
	double a = sound_amplitude(p->dbm0) * 1.15, phase = 0, at = 0, re[2] = {0}, im[2] = {0}, w;

	for (; i < end; i++) {
		w = 0.5 - 0.5 * cos(M_PI * at);
		s->x[i] += (float)(a * ((re[0] + w * (re[1] - re[0])) * cos(phase) -
					(im[0] + w * (im[1] - im[0])) * sin(phase)));
		phase = fmod(phase + TURN * p->hz / SOUND_RATE, TURN);
		at += p->baud / SOUND_RATE;
		if (at < 1)
			continue;
		at -= 1;
		re[0] = re[1];
		im[0] = im[1];
		psk_point(p, d, &re[1], &im[1]);
	}
}

void sound_samples(const struct sound *s, size_t from, size_t n, int16_t *out)
{
	for (size_t i = 0; i < n; i++) {
		float x = from + i < s->n ? s->x[from + i] : 0;

		out[i] = (int16_t)(x > 32767 ? 32767 : x < -32768 ? -32768 : lrintf(x));
	}
}
