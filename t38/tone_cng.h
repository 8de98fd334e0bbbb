/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone_cng: tells CNG (T.30 4.3.3: 1100 Hz, 0.5 s on, 3 s off) from speech and music. It is heard at once when it
 * stands alone: silence, half a second of a pure tone, silence. With speech or music beside it (an echo of the
 * other side) it is heard when it comes again after 3 s. Pure.
 */
#ifndef T38_TONE_CNG_H
#define T38_TONE_CNG_H

#include "tone.h"
#include "tone_track.h"

#define CNG_BEFORE_BLOCKS 12

struct tone_cng {
	struct tone_track track;
	uint32_t now;			 /* blocks */
	float before[CNG_BEFORE_BLOCKS]; /* the energies of the last blocks without it; a ring */
	float before_sum;		 /* of those before the present tone */
	float level;			 /* energy of a block of the one that may stand alone */
	unsigned silence;		 /* blocks of silence after it; 0: nothing to decide */
	struct tone_cng_past {
		uint32_t begun;
		float hz, level; /* LEVEL 0: none yet */
	} past;			 /* the last one, whether it stood alone or not */
};

/* C: the block's correlation with 11 cycles. True: this is it. */
bool tone_cng_block(struct tone_cng *g, const struct tone_limits *l, struct phasor c, float energy, float floor);

#endif
