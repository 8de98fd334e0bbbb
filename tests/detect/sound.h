/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sound: what a line carries for a while, as linear samples at 8 kHz, and the few things that everything audible
 * is made of. Times in seconds from the sound's begin, levels in dBm0 (a sine of 3.14 dBm0 is 32767 at its peak).
 * What would lie beyond the end is left out.
 */
#ifndef TESTS_DETECT_SOUND_H
#define TESTS_DETECT_SOUND_H

#include <stddef.h>
#include <stdint.h>

#define SOUND_RATE  8000
#define SOUND_MAX_S 120
#define SOUND_BLOCK 160

/* Draws; the same seed gives the same ones. */
struct dice {
	uint64_t state;
};

double dice_between(struct dice *d, double low, double high);
unsigned dice_below(struct dice *d, unsigned n); /* 0 to N - 1 */
double dice_normal(struct dice *d);		 /* of mean 0 and variance 1 */

struct sound {
	size_t n;
	float x[SOUND_MAX_S * SOUND_RATE];
};

void sound_clear(struct sound *s, double seconds); /* silence, for so long */
double sound_amplitude(double dbm0);		   /* the peak of a sine */
void sound_add_sine(struct sound *s, double from_s, double seconds, double hz, double dbm0);
void sound_add_noise(struct sound *s, double from_s, double seconds, double dbm0, struct dice *d); /* white */
/* OTHER, DELAY_S later and by GAIN_DB. */
void sound_add(struct sound *s, const struct sound *other, double delay_s, double gain_db);
/* The level of what is not silence (blocks of 20 ms within 40 dB of the loudest), as the active speech level of
 * P.56; -90 if nothing is. */
double sound_active_dbm0(const struct sound *s);
void sound_set_active(struct sound *s, double dbm0); /* scales it so */

/* FSK of BAUD bit/s. BITS is a text of '0' and '1', sent COUNT times; returns where the last one ends, in seconds. */
struct sound_fsk {
	double zero_hz, one_hz, baud, dbm0;
};
double sound_add_fsk(struct sound *s, double from_s, const struct sound_fsk *f, const char *bits, unsigned count);

/* A scrambled signal of a modem of BAUD symbols a second around HZ, of POINTS phases (0: 16-QAM), with a raised
 * cosine. */
struct sound_psk {
	double hz, baud, dbm0;
	unsigned points;
};
void sound_add_psk(struct sound *s, double from_s, double seconds, const struct sound_psk *p, struct dice *d);

/* To samples, clipped. */
void sound_samples(const struct sound *s, size_t from, size_t n, int16_t *out);

#endif
