/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone_before: how loud it was in the last second, whatever it was. A note of a melody comes after another one; a
 * machine's tone comes out of silence, or stands out from what goes on beside it. Pure. Zero it to begin: before the
 * call there was silence.
 */
#ifndef T38_TONE_BEFORE_H
#define T38_TONE_BEFORE_H

#include <stdint.h>

#define TONE_BEFORE_BLOCKS 100 /* of 10 ms */

struct tone_before {
	uint32_t at;
	float energy[TONE_BEFORE_BLOCKS + 1];
};

/* After all that is asked of a block. */
void tone_before_add(struct tone_before *b, float energy);
/* The mean energy of so many BLOCKS, up to TONE_BEFORE_BLOCKS; not the last one, in which a tone that is heard in the
 * present one may have begun. */
float tone_before_mean(const struct tone_before *b, unsigned blocks);

#endif
