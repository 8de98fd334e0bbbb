/* SPDX-License-Identifier: GPL-2.0-only */
/* Speech by rule (a source and a cascade of resonances): no words, but the pitches, resonances and rhythms of talk. */
#include <math.h>

#include "tests/detect/talk.h"

#define RESONANCES 4
#define STEP	   8 /* samples between two changes of the mouth */

struct mouth {
	double hz[RESONANCES], width[RESONANCES]; /* now */
	double to[RESONANCES];			  /* where it goes */
	double y1[RESONANCES], y2[RESONANCES];
	double a[RESONANCES], b[RESONANCES], c[RESONANCES];
};

struct speaker {
	double pitch_hz, range, size, breath, rate; /* SIZE: of the throat; 1 is a man's */
};

static void mouth_move(struct mouth *m)
{
	for (unsigned k = 0; k < RESONANCES; k++) {
		m->hz[k] += (m->to[k] - m->hz[k]) * 0.02;
		m->c[k] = -exp(-2 * M_PI * m->width[k] / SOUND_RATE);
		m->b[k] = 2 * exp(-M_PI * m->width[k] / SOUND_RATE) * cos(2 * M_PI * m->hz[k] / SOUND_RATE);
		m->a[k] = 1 - m->b[k] - m->c[k];
	}
}

static double mouth_filter(struct mouth *m, double x)
{
	for (unsigned k = 0; k < RESONANCES; k++) {
		x = m->a[k] * x + m->b[k] * m->y1[k] + m->c[k] * m->y2[k];
		m->y2[k] = m->y1[k];
		m->y1[k] = x;
	}
	return x;
}

static void mouth_aim(struct mouth *m, const struct speaker *p, struct dice *d)
{
	static const double low[] = {250, 800, 1900, 3000}, high[] = {850, 2300, 3000, 3600},
			    width[] = {50, 70, 110, 180};

	for (unsigned k = 0; k < RESONANCES; k++) {
		m->to[k] = fmin(3800, dice_between(d, low[k], high[k]) * p->size);
		m->width[k] = width[k] * dice_between(d, 0.7, 1.5);
	}
}

/* One syllable: a hiss or none, then a vowel that glides from one place to another. */
static size_t speak(struct sound *s, size_t at, struct mouth *m, const struct speaker *p, double pitch, struct dice *d)
{
	size_t hiss = (size_t)(dice_below(d, 3) ? dice_between(d, 0.02, 0.1) * SOUND_RATE : 0);
	size_t vowel = (size_t)(dice_between(d, 0.06, dice_below(d, 12) ? 0.28 : 0.7) * SOUND_RATE / p->rate), i;
	double phase = 0, glide = dice_between(d, -0.2, 0.2) * p->range, open, x;

	mouth_aim(m, p, d);
	for (i = 0; i < hiss + vowel && at < s->n; i++, at++) {
		if (i == hiss + vowel / 2)
			mouth_aim(m, p, d);
		if (i % STEP == 0)
			mouth_move(m);
		x = p->breath * dice_normal(d);
		if (i < hiss) {
			s->x[at] = (float)(2 * x);
			continue;
		}
		phase += pitch * (1 + glide * (double)(i - hiss) / (double)vowel) / SOUND_RATE;
		phase -= floor(phase);
		open = fmin(1, fmin((double)(i - hiss) / 100, (double)(hiss + vowel - i) / 300));
		/* an opening glottis, closing at once */
		s->x[at] = (float)mouth_filter(
			m, open * ((phase < 0.6 ? phase * phase * (0.6 - phase) * 25 - 1 : -1) + x));
	}
	return at;
}

void voice_make(struct sound *s, double seconds, struct dice *d)
{
	struct speaker p = {.pitch_hz = dice_between(d, 75, 320),
			    .range = dice_between(d, 0.05, 0.6),
			    .breath = dice_between(d, 0.005, 0.08),
			    .rate = dice_between(d, 0.8, 1.6)};
	struct mouth m = {.hz = {500, 1500, 2500, 3400}, .width = {60, 80, 120, 180}};
	double accent = 1;
	size_t at = 0;

	p.size = p.pitch_hz > 180 ? dice_between(d, 1, 1.25) : dice_between(d, 0.9, 1.1);
	sound_clear(s, seconds);
	while (at < s->n) {
		accent = 1 + p.range * dice_between(d, -0.4, 0.4);
		at = speak(s, at, &m, &p, p.pitch_hz * accent, d);
		if (dice_below(d, 7) == 0)
			at += (size_t)(dice_between(d, 0.1, 1.2) * SOUND_RATE);
	}
	sound_set_active(s, dice_between(d, -30, -12));
}
