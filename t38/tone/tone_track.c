/* SPDX-License-Identifier: GPL-2.0-only */
#include "tone_track.h"

#include <math.h>

#define TABLE_SCALE 512	  /* 80 * 32767 * 512 stays within 31 bits */
#define OTHER_LEVEL 4	  /* of energy: AM of ANSam changes it by a third */
#define SAME_TURN   0.15f /* of a block, its tangent: 2.4 Hz */
#define SAME_LEVEL  1.32f /* of energy: 1.2 dB */

struct phasor phasor_times_conj(struct phasor a, struct phasor b)
{
	return (struct phasor){a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im};
}

float phasor_square(struct phasor a)
{
	return a.re * a.re + a.im * a.im;
}

/* One cycle of an 80th: cos(2 pi k / 80), scaled; sin is 20 further back. */
static const int16_t wave[TONE_BLOCK_SAMPLES] = {
	512,  510,  506,  498,	487,  473,  456,  437,	414,  389,  362,  333,	301,  268,  232,  196,
	158,  120,  80,	  40,	0,    -40,  -80,  -120, -158, -196, -232, -268, -301, -333, -362, -389,
	-414, -437, -456, -473, -487, -498, -506, -510, -512, -510, -506, -498, -487, -473, -456, -437,
	-414, -389, -362, -333, -301, -268, -232, -196, -158, -120, -80,  -40,	0,    40,   80,	  120,
	158,  196,  232,  268,	301,  333,  362,  389,	414,  437,  456,  473,	487,  498,  506,  510,
};

struct phasor tone_correlate(const int16_t *x, unsigned cycles)
{
	int32_t re = 0, im = 0;
	unsigned i, k = 0;

	for (i = 0; i < TONE_BLOCK_SAMPLES; i++) {
		re += x[i] * wave[k];
		im -= x[i] * wave[k < 20 ? k + 60 : k - 20];
		k += cycles;
		if (k >= TONE_BLOCK_SAMPLES)
			k -= TONE_BLOCK_SAMPLES;
	}
	return (struct phasor){(float)re / TABLE_SCALE, (float)im / TABLE_SCALE};
}

/* Compared with the mean up to now; that of the first two blocks is not known yet: it may have begun within them. */
static void compare(struct tone_track *t, struct phasor turn, float tone)
{
	struct phasor off = phasor_times_conj(turn, t->turn);
	float mean = t->tone / (float)t->good;

	if (t->good < 2)
		return;
	t->compared++;
	t->straight += fabsf(off.im) < SAME_TURN * off.re;
	t->level += tone < SAME_LEVEL * mean && mean < SAME_LEVEL * tone;
}

bool tone_track_block(struct tone_track *t, struct phasor c, float energy, float part, unsigned lost)
{
	float tone = 2 * phasor_square(c) / TONE_BLOCK_SAMPLES;
	float mean = t->on > 0 ? t->tone / (float)t->good : tone;
	struct phasor turn;

	if (!(tone > part * energy && tone * OTHER_LEVEL > mean)) {
		if (t->on > 0 && ++t->bad >= lost)
			t->on = 0;
		t->on += t->on > 0;
		return t->on > 0;
	}
	if (t->on == 0 || tone > OTHER_LEVEL * mean)
		*t = (struct tone_track){0};
	if (t->on > 0 && t->bad == 0) {
		turn = phasor_times_conj(c, t->last);
		compare(t, turn, tone);
		t->turn.re += turn.re;
		t->turn.im += turn.im;
	}
	t->on++;
	t->good++;
	t->bad = 0;
	t->energy += energy;
	t->tone += tone;
	t->last = c;
	return true;
}

float tone_track_offset_hz(const struct tone_track *t)
{
	return atan2f(t->turn.im, t->turn.re) / (2 * (float)M_PI) * (1000.0f / TONE_BLOCK_MS);
}

float tone_track_purity(const struct tone_track *t)
{
	float x = (float)M_PI * tone_track_offset_hz(t) * TONE_BLOCK_MS / 1000.0f;
	float loss = fabsf(x) < 0.01f ? 1 : sinf(x) / x;

	return t->energy > 0 ? t->tone / (loss * loss * t->energy) : 0;
}

float tone_track_steadiness(const struct tone_track *t)
{
	unsigned least = t->straight < t->level ? t->straight : t->level;

	return t->compared ? (float)least / (float)t->compared : 0;
}
