/* SPDX-License-Identifier: GPL-2.0-only */
/* Music by rule: notes of a scale in bars, by instruments made of harmonics; and the pure tones of chips that play
 * while one waits. */
#include <math.h>

#include "tests/detect/talk.h"

#define HARMONICS 8

struct instrument {
	double part[HARMONICS];	  /* amplitude of each harmonic */
	double attack_s, decay_s; /* DECAY_S 0: it is held */
	double vibrato_hz, vibrato;
	int low, high; /* MIDI numbers of its notes: 69 is 440 Hz */
};

static const struct instrument instruments[] = {
	{{1}, 0.01, 0, 0, 0, 72, 103},					     /* chip, pure */
	{{1, 0, 0.33, 0, 0.2, 0, 0.14}, 0.002, 0, 0, 0, 60, 96},	     /* chip, square */
	{{1, 0.15, 0.05}, 0.05, 0, 5, 0.004, 60, 96},			     /* flute */
	{{1, 0.1}, 0.02, 0, 0, 0, 60, 96},				     /* flute, plain; a whistle */
	{{1, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1, 0.05}, 0.005, 0.7, 0, 0, 36, 90}, /* piano */
	{{1, 0.8, 0.1, 0.5, 0, 0.1, 0, 0.3}, 0.02, 0, 0, 0, 36, 84},	     /* organ */
	{{1, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1}, 0.08, 0, 6, 0.006, 48, 88}, /* strings */
	{{1, 0, 0, 0.4, 0, 0, 0.15}, 0.002, 0.4, 0, 0, 60, 100},	     /* bells, a music box */
	{{0.6, 1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2}, 0.03, 0, 5, 0.003, 50, 82}, /* brass */
};

#define COUNT(a) (unsigned)(sizeof(a) / sizeof((a)[0]))

static void play(struct sound *s, double from_s, double seconds, const struct instrument *p, int note, double loud)
{
	double hz = 440 * pow(2, (note - 69) / 12.0), phase = 0, t, level;
	size_t from = (size_t)(from_s * SOUND_RATE), n = (size_t)(seconds * SOUND_RATE);

	for (size_t i = 0; i < n && from + i < s->n; i++) {
		t = (double)i / SOUND_RATE;
		level = loud * fmin(1, t / p->attack_s) * fmin(1, (seconds - t) / 0.01);
		if (p->decay_s > 0)
			level *= exp(-t / p->decay_s);
		phase += 2 * M_PI * hz / SOUND_RATE * (1 + p->vibrato * sin(2 * M_PI * p->vibrato_hz * t));
		for (unsigned k = 0; k < HARMONICS && hz * (k + 1) < 3700; k++)
			if (p->part[k] > 0)
				s->x[from + i] += (float)(level * p->part[k] * sin((k + 1) * phase));
	}
}

struct piece {
	int root;
	const int *scale; /* seven steps */
	double beat_s, staccato;
	unsigned voices;
	const struct instrument *of[4];
};

static int draw_note(const struct piece *p, const struct instrument *of, struct dice *d)
{
	int octaves = (of->high - of->low) / 12;
	int note = of->low + p->root + p->scale[dice_below(d, 7)] + 12 * (int)dice_below(d, (unsigned)octaves + 1);

	return note > of->high ? note - 12 : note;
}

static void play_voice(struct sound *s, const struct piece *p, const struct instrument *of, struct dice *d)
{
	static const double lengths[] = {0.5, 0.5, 1, 1, 1, 2, 4};
	double at = 0, length;

	while (at < (double)s->n / SOUND_RATE) {
		length = lengths[dice_below(d, COUNT(lengths))] * p->beat_s;
		if (dice_below(d, 6))
			play(s, at, length * p->staccato, of, draw_note(p, of, d), dice_between(d, 0.3, 1));
		at += length;
	}
}

static void play_drums(struct sound *s, double beat_s, struct dice *d)
{
	for (double at = 0; at < (double)s->n / SOUND_RATE; at += beat_s) {
		size_t from = (size_t)(at * SOUND_RATE);
		double a = dice_between(d, 0.2, 1.5);

		for (size_t i = 0; i < 1200 && from + i < s->n; i++)
			s->x[from + i] += (float)(a * exp(-(double)i / 250) * dice_normal(d));
	}
}

void music_make(struct sound *s, double seconds, struct dice *d)
{
	static const int scales[2][7] = {{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}};
	struct piece p = {.root = (int)dice_below(d, 12),
			  .scale = scales[dice_below(d, 2)],
			  .beat_s = 60 / dice_between(d, 55, 170),
			  .staccato = dice_between(d, 0.5, 1),
			  .voices = dice_below(d, 4) + 1};

	sound_clear(s, seconds);
	for (unsigned v = 0; v < p.voices; v++)
		play_voice(s, &p, &instruments[dice_below(d, COUNT(instruments))], d);
	if (dice_below(d, 3) == 0)
		play_drums(s, p.beat_s, d);
	sound_set_active(s, dice_between(d, -28, -10));
}
