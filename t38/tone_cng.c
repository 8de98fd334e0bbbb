/* SPDX-License-Identifier: GPL-2.0-only */
#include "tone_cng.h"

#include <math.h>

#define MIN_BLOCKS     40 /* 0.5 s, 15 % either way (T.30 4.3.3), and a block or two for the edges */
#define MAX_BLOCKS     61
#define AGAIN_MIN      295 /* 3.5 s likewise */
#define AGAIN_MAX      405
#define SAME_HZ	       5.0f
#define SAME_LEVEL     1.6f /* 2 dB */
#define LOST_BLOCKS    4
#define SILENCE_BLOCKS 10
#define QUIET	       4     /* silence is so much less energy: a faint echo is none */
#define FAINTER	       1.4f  /* than the tone: what may be beside it; the note before a note is not */
#define TOLERANCE_HZ   44.0f /* 38, and some for measuring */

static bool is_quiet_before(const struct tone_cng *g, float level, float quiet)
{
	return g->before_sum * quiet < level * CNG_BEFORE_BLOCKS;
}

/* While it is not there: what there is. When it begins: what there was. */
static void note_before(struct tone_cng *g, bool begins, float energy)
{
	if (begins) {
		g->before_sum = 0;
		/* not the last one, in which it may have begun */
		for (unsigned i = 1; i < CNG_BEFORE_BLOCKS; i++)
			g->before_sum += g->before[(g->now - i - 1) % CNG_BEFORE_BLOCKS];
	}
	g->before[g->now % CNG_BEFORE_BLOCKS] = energy;
}

/* The same machine's: of the same frequency and level, 3.5 s later. */
static bool comes_again(const struct tone_cng_past *first, const struct tone_cng_past *second)
{
	uint32_t apart = second->begun - first->begun;

	return first->level > 0 && apart >= AGAIN_MIN && apart <= AGAIN_MAX &&
	       fabsf(second->hz - first->hz) < SAME_HZ && second->level < SAME_LEVEL * first->level &&
	       first->level < SAME_LEVEL * second->level;
}

/* One of the right length has ended. Returns true if one like it began 3.5 s before it. */
static bool ended(struct tone_cng *g, const struct tone_limits *l, unsigned blocks, float energy, float floor)
{
	float purity = tone_track_purity(&g->track), level = g->track.energy / (float)g->track.good;
	float hz = tone_track_offset_hz(&g->track);
	struct tone_cng_past past = {g->now - blocks - LOST_BLOCKS, hz, g->track.tone / (float)g->track.good};
	bool again = comes_again(&g->past, &past);

	if (purity < l->cng_again_pure || fabsf(hz) > TOLERANCE_HZ)
		return false;
	if (tone_track_coherence(&g->track) > l->cng_again_coherence && is_quiet_before(g, level, FAINTER)) {
		g->past = past;
		if (again)
			return true;
	}
	if (purity > l->cng_pure && is_quiet_before(g, level, QUIET) && (energy <= floor || energy < level / QUIET)) {
		g->level = level;
		g->silence = LOST_BLOCKS - 1;
	}
	return false;
}

bool tone_cng_block(struct tone_cng *g, const struct tone_limits *l, struct phasor c, float energy, float floor)
{
	unsigned was_on = g->track.on, blocks = was_on - g->track.bad;
	bool is_on = tone_track_block(&g->track, c, energy, l->cng_part, LOST_BLOCKS), heard = false;

	g->now++;
	note_before(g, is_on && !was_on, energy);
	if (g->silence) {
		if (energy > g->level / QUIET && energy > floor)
			g->silence = 0;
		else if (++g->silence >= SILENCE_BLOCKS)
			heard = true;
	}
	if (was_on && !is_on && blocks >= MIN_BLOCKS && blocks <= MAX_BLOCKS)
		heard |= ended(g, l, blocks, energy, floor);
	if (heard)
		g->silence = 0;
	return heard;
}
