/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/faxtone.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FLAG "01111110"

const char *faxtone_edge_name(enum faxtone_edge e)
{
	static const char *const names[FAXTONE_EDGES] = {"nominal", "within", "edge"};

	return (unsigned)e < FAXTONE_EDGES ? names[e] : "unknown";
}

/* A quantity of so much, and so much more or less. */
static double quantity(double middle, double tolerance, enum faxtone_edge e, struct dice *d)
{
	if (e == FAXTONE_WITHIN)
		return dice_between(d, middle - tolerance, middle + tolerance);
	if (e == FAXTONE_EDGE)
		return dice_below(d, 2) ? middle + tolerance : middle - tolerance;
	return middle;
}

void faxtone_add_answer(struct sound *s, double from_s, double seconds, const struct faxtone_answer *a)
{
	size_t from = (size_t)(from_s * SOUND_RATE), end = (size_t)((from_s + seconds) * SOUND_RATE);
	double level = sound_amplitude(a->dbm0), t, turn;

	for (size_t i = from; i < end && i < s->n; i++) {
		t = (double)(i - from) / SOUND_RATE;
		turn = a->reversal_s > 0 ? M_PI * floor(t / a->reversal_s) : 0;
		s->x[i] += (float)(level * (1 + a->depth * sin(2 * M_PI * a->am_hz * t)) *
				   sin(2 * M_PI * a->hz * t + turn));
	}
}

/*
 * V.8 5 and table 3: ten ones, CM's synchronization, the call function, two octets of modulation modes with V.17,
 * V.29 and V.27ter (and V.34), each between a start bit and a stop bit, the least bit first.
 */
double faxtone_add_cm(struct sound *s, double from_s, double seconds, const struct sound_fsk *f, unsigned call)
{
	const unsigned octets[] = {0x01 | call << 5, 0x85, 0x14};
	char bits[64] = "11111111110000001111";
	double one_s;

	for (size_t o = 0; o < sizeof(octets) / sizeof(octets[0]); o++) {
		size_t at = strlen(bits);

		bits[at++] = '0';
		for (unsigned b = 0; b < 8; b++)
			bits[at++] = octets[o] >> b & 1 ? '1' : '0';
		bits[at++] = '1';
		bits[at] = 0;
	}
	one_s = (double)strlen(bits) / f->baud;
	return sound_add_fsk(s, from_s, f, bits, (unsigned)ceil(seconds / one_s));
}

/* T.30 5.3.1: flags for a second, then a DIS: address, control, FCF, three octets of FIF. What matters is that it
 * is not flags. */
static double add_v21(struct sound *s, double from_s, enum faxtone_edge e, double dbm0, struct dice *d)
{
	double offset = quantity(0, 12, e, d);
	struct sound_fsk f = {1850 + offset, 1650 + offset, quantity(300, 0.03, e, d), dbm0};
	double end = sound_add_fsk(s, from_s, &f, FLAG, (unsigned)(quantity(1, 0.15, e, d) * 300 / 8));

	return sound_add_fsk(s, end, &f, "1111101111000000100000000000001101110111010111100010001000110101" FLAG FLAG,
			     1);
}

static double add_cm(struct sound *s, double from_s, enum faxtone_edge e, double dbm0, struct dice *d)
{
	double offset = quantity(0, 12, e, d);
	struct sound_fsk f = {1180 + offset, 980 + offset, quantity(300, 0.03, e, d), dbm0};

	return faxtone_add_cm(s, from_s, 2, &f, 4 + dice_below(d, 2));
}

static double add_cng(struct sound *s, double from_s, enum faxtone_edge e, double dbm0, unsigned times, struct dice *d)
{
	double hz = quantity(1100, 38, e, d), on = quantity(0.5, 0.075, e, d), off = quantity(3, 0.45, e, d);

	for (unsigned i = 0; i < times; i++)
		sound_add_sine(s, from_s + i * (on + off), on, hz, dbm0);
	return from_s + times * on + (times - 1) * off;
}

void faxtone_make(struct sound *s, enum tone t, unsigned times, enum faxtone_edge e, double dbm0, struct dice *d,
		  double *begin_sp, double *end_sp)
{
	double begin = FAXTONE_LEAD_S + dice_between(d, 0, 0.02), seconds = quantity(3.3, 0.7, e, d);
	struct faxtone_answer a = {.hz = quantity(2100, 15, e, d), .dbm0 = dbm0};

	sound_clear(s, begin + 5.6 * times);
	*begin_sp = begin;
	*end_sp = begin + seconds;
	if (t == TONE_CNG) {
		*end_sp = add_cng(s, begin, e, dbm0, times, d);
	} else if (t == TONE_V21) {
		*end_sp = add_v21(s, begin, e, dbm0, d);
	} else if (t == TONE_CM) {
		*end_sp = add_cm(s, begin, e, dbm0, d);
	} else {
		if (t != TONE_CED)
			a.reversal_s = quantity(0.45, 0.025, e, d);
		if (t == TONE_ANSAM) {
			a.am_hz = quantity(15, 0.1, e, d);
			a.depth = quantity(0.2, 0.01, e, d);
		}
		faxtone_add_answer(s, begin, seconds, &a);
	}
	s->n = (size_t)((*end_sp + 1.5) * SOUND_RATE);
}
