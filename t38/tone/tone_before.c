/* SPDX-License-Identifier: GPL-2.0-only */
#include "tone_before.h"

#define RING (TONE_BEFORE_BLOCKS + 1)

void tone_before_add(struct tone_before *b, float energy)
{
	b->energy[b->at] = energy;
	b->at = b->at + 1 < RING ? b->at + 1 : 0;
}

float tone_before_mean(const struct tone_before *b, unsigned blocks)
{
	unsigned k = b->at ? b->at - 1 : RING - 1; /* the last one */
	float sum = 0;

	for (unsigned i = 0; i < blocks; i++) {
		k = k ? k - 1 : RING - 1;
		sum += b->energy[k];
	}
	return sum / (float)blocks;
}
