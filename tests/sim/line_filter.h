/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_filter: what a subscriber's line does to the spectrum: attenuation and group delay that differ over the band,
 * and a carrier system's frequency offset. Of the kinds that V.56bis and EIA's TSB-37 tell of; the figures are our own.
 */
#ifndef SIM_LINE_FILTER_H
#define SIM_LINE_FILTER_H

#define LINE_FILTER_TAPS     65
#define LINE_FILTER_SECTIONS 2

enum line_filter_kind {
	LINE_FLAT,
	LINE_LOADED, /* a loaded cable: flat, then a steep end: 9 dB at 3400 Hz */
	LINE_LONG,   /* a long cable without coils: some 10 dB from 300 to 3400 Hz */
	/* several sections behind each other: 8 dB at 300 Hz, 12 at 3000, with delay distortion of over 1 ms */
	LINE_BAD,
	LINE_FILTERS
};

struct line_section {
	float a1, a2, z1, z2;
};

struct line_filter {
	enum line_filter_kind kind;
	float taps[LINE_FILTER_TAPS], past[LINE_FILTER_TAPS];
	unsigned at;
	struct line_section sections[LINE_FILTER_SECTIONS]; /* all-pass */
};

void line_filter_init(struct line_filter *f, enum line_filter_kind kind);
float line_filter_next(struct line_filter *f, float sample);

/* Moves all frequencies by some Hz. */
struct line_shift {
	float taps[LINE_FILTER_TAPS], past[LINE_FILTER_TAPS];
	unsigned at;
	double phase, step; /* radians */
};

void line_shift_init(struct line_shift *s, float hz);
float line_shift_next(struct line_shift *s, float sample);

#endif
