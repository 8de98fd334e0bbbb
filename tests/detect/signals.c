/* SPDX-License-Identifier: GPL-2.0-only */
/* Tones of exchanges and telephones. */
#include "tests/detect/signals.h"

#define COUNT(a) (unsigned)(sizeof(a) / sizeof((a)[0]))

/* Q.23; each digit in turn from a drawn one on, with the levels apart by up to 6 dB, and off by up to 1.8 %. */
void signal_dtmf(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	static const double low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};
	double on = dice_between(d, 0.04, 0.6), off = dice_between(d, 0.04, 0.3), dbm0 = dice_between(d, -30, -3);
	double twist = dice_between(d, -6, 6), off_low = dice_between(d, 0.982, 1.018),
	       off_high = dice_between(d, 0.982, 1.018);
	unsigned digit = dice_below(d, 16);

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	for (double at = 0.1; at + on < seconds; at += on + off, digit++) {
		sound_add_sine(line, at, on, low[digit / 4 % 4] * off_low, dbm0);
		sound_add_sine(line, at, on, high[digit % 4] * off_high, dbm0 + twist);
	}
}

/* ITU-T E.180 supplement 2: frequencies (sent at once), and seconds on and off in turn; 0 ends it, on alone goes on. */
static const struct progress {
	double hz[3];
	double cadence[8];
} progress[] = {
	{{425}, {0}},			       /* dial tone, most of Europe, China, Brazil */
	{{425}, {0.2, 0.3, 0.7, 0.8}},	       /* dial tone, Italy */
	{{350, 440}, {0}},		       /* dial tone, North America */
	{{350, 450}, {0}},		       /* dial tone, United Kingdom */
	{{400}, {0}},			       /* dial tone, Japan */
	{{440}, {0}},			       /* dial tone, France */
	{{425, 400}, {0}},		       /* dial tone, Austria and others, beating */
	{{400, 425, 450}, {0}},		       /* dial tone, Australia */
	{{330, 440}, {0}},		       /* dial tone, France, of old */
	{{350, 440}, {0.1, 0.1}},	       /* stutter dial tone */
	{{425}, {1, 4}},		       /* ringback, most of Europe */
	{{440, 480}, {2, 4}},		       /* ringback, North America */
	{{400, 450}, {0.4, 0.2, 0.4, 2}},      /* ringback, United Kingdom, India */
	{{400, 17}, {1, 2}},		       /* ringback, Japan: 400 Hz modulated */
	{{440}, {1.5, 3.5}},		       /* ringback, France */
	{{400, 425, 450}, {0.4, 0.2, 0.4, 2}}, /* ringback, Australia */
	{{425}, {0.5, 0.5}},		       /* busy, most of Europe */
	{{480, 620}, {0.5, 0.5}},	       /* busy, North America */
	{{400}, {0.375, 0.375}},	       /* busy, United Kingdom */
	{{425}, {0.35, 0.35}},		       /* busy, China */
	{{450}, {0.7, 0.7}},		       /* busy, China, of old */
	{{425}, {0.25, 0.25}},		       /* congestion, most of Europe */
	{{425}, {0.2, 0.2}},		       /* congestion, Italy */
	{{480, 620}, {0.25, 0.25}},	       /* congestion, North America */
	{{400}, {0.4, 0.35, 0.225, 0.525}},    /* congestion, United Kingdom */
	{{440}, {0.2, 15}},		       /* call waiting, North America */
	{{1400, 2060}, {0.1, 0.1}},	       /* receiver off the hook, North America (with 2450 and 2600) */
	{{1400}, {0.5, 15}},		       /* recording warning, North America */
	{{1000}, {0.4, 15}},		       /* the like, 1000 Hz */
	{{1400}, {0}},			       /* number unobtainable and pay tones near it */
	{{400}, {2.5, 0.5}},		       /* number unobtainable, Australia */
	{{1004}, {0}},			       /* milliwatt, North America */
	{{1020}, {10, 3}},		       /* test tone */
	{{950}, {0.33, 0.03}},		       /* howler */
	{{1140}, {0.06, 2}},		       /* tick of a conference */
	{{1633, 941}, {0.3, 0.3}},	       /* a bleep of two */
	{{850, 1050}, {0.5, 1}},	       /* an answering machine's beep, 200 Hz beside CNG */
	{{1000}, {0.5, 10}},
	{{800}, {0.4, 10}},
	{{1250}, {0.5, 8}},
	{{1500}, {0.5, 8}}, /* beeps of answering machines */
};

void signal_progress(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	const struct progress *p = &progress[dice_below(d, COUNT(progress))];
	double dbm0 = dice_between(d, -35, -3), off = dice_between(d, 0.985, 1.015), at = 0.1;
	unsigned k = 0;

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	while (at < seconds) {
		double on = p->cadence[0] > 0 ? p->cadence[k] : seconds;

		for (unsigned f = 0; f < COUNT(p->hz) && p->hz[f] > 0; f++)
			sound_add_sine(line, at, on, p->hz[f] * off, dbm0);
		at += on + p->cadence[k + 1];
		k = k + 2 < COUNT(p->cadence) && p->cadence[k + 2] > 0 ? k + 2 : 0;
	}
}

/* ITU-T E.180 and Bell: three tones one after the other, long or short, high or low; an announcement's place is
 * silence. */
void signal_sit(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	static const double hz[3][2] = {{913.8, 985.2}, {1370.6, 1428.5}, {1776.7, 1776.7}};
	double dbm0 = dice_between(d, -30, -5), at = 0.2, length;

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	while (at < seconds) {
		for (unsigned k = 0; k < 3; k++) {
			length = dice_below(d, 3) == 0 ? 0.33 : dice_below(d, 2) ? 0.276 : 0.38;
			sound_add_sine(line, at, length, hz[k][dice_below(d, 2)] * dice_between(d, 0.985, 1.015), dbm0);
			at += length + dice_between(d, 0, 0.03);
		}
		at += dice_between(d, 1, 8);
	}
}
