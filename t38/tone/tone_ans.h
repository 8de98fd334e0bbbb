/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone_ans: tells the answer tones of 2100 Hz apart: CED (T.30 4.3.2, ANS of V.25), with turns of phase (V.25),
 * ANSam (V.8 3.2, 15 Hz of AM, with or without turns). Pure.
 */
#ifndef T38_TONE_ANS_H
#define T38_TONE_ANS_H

#include "tone.h"
#include "tone_before.h"
#include "tone_track.h"

#define ANS_WINDOW_BLOCKS 20 /* three cycles of 15 Hz */

struct tone_ans {
	struct tone_track track;
	float depth[ANS_WINDOW_BLOCKS]; /* the amplitudes of the last blocks */
	float began;			/* their mean in the first window */
	float before;			/* mean energy of a block of the second before the tone */
	unsigned gap;			/* blocks since it went, as far as it may be the same when it is back */
	unsigned modulated;		/* windows just now in which 15 Hz was found */
	struct phasor due;		/* of length 1: how the tone would stand now, had its phase not turned */
	bool is_due;			/* that is known */
	bool turned;			/* it stands the other way */
	unsigned against, astray; /* blocks just now that stand against it; that stand neither with it nor against it */
	unsigned last_turn;	  /* track.on at that time; 0: none yet */
	unsigned turns;		  /* at the right distance */
	unsigned heard;		  /* bits by enum tone */
};

/* C: the block's correlation with 21 cycles. Returns what is recognised now, each once while the tone lasts, or
 * TONE_NONE. */
enum tone tone_ans_block(struct tone_ans *a, const struct tone_limits *l, const struct tone_before *b, struct phasor c,
			 float energy);

#endif
