/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone_cng: tells CNG (T.30 4.3.3: 1100 Hz, 0.5 s on, 3 s off) from speech and music. It is heard at once when it
 * stands alone: a second of silence, half a second of a steady tone, silence. With speech or music beside it (an
 * echo of the other side) it is heard a second later, if it stands out from what was and what is beside it; or when
 * it comes again after 3 s. Pure.
 */
#ifndef T38_TONE_CNG_H
#define T38_TONE_CNG_H

#include "tone.h"
#include "tone_before.h"
#include "tone_track.h"

struct tone_cng {
	struct tone_track track;
	uint32_t now;		    /* blocks */
	float before, just_before;  /* mean energy of a block of the second, and the tenth, before it */
	struct tone_cng_alone {	    /* one that may be it */
		unsigned blocks;    /* since it was found; 0: nothing to decide */
		float level, after; /* its energy of a block; the energy of those since then */
		bool quiet;	    /* it came out of silence, and there was nothing since then */
	} alone;
	struct tone_cng_past {
		uint32_t begun;
		float hz, level; /* LEVEL 0: none yet */
	} past;			 /* the last one, whether it stood alone or not */
};

/* C: the block's correlation with 11 cycles. True: this is it. */
bool tone_cng_block(struct tone_cng *g, const struct tone_limits *l, const struct tone_before *b, struct phasor c,
		    float energy, float floor);

#endif
