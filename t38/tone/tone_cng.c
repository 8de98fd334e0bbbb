/* SPDX-License-Identifier: GPL-2.0-only */
#include "tone_cng.h"

#include <math.h>

#define MIN_BLOCKS	   40 /* 0.5 s, 15 % either way (T.30 4.3.3), and a block or two for the edges */
#define MAX_BLOCKS	   61
#define AGAIN_MIN	   295 /* 3.5 s likewise */
#define AGAIN_MAX	   405
#define SAME_HZ		   5.0f
#define SAME_LEVEL	   1.6f /* 2 dB */
#define LOST_BLOCKS	   4
#define JUST_BEFORE_BLOCKS 11
#define SILENCE_BLOCKS	   10
#define AFTER_BLOCKS	   100
#define QUIET		   4	 /* silence is so much less energy: a faint echo is none */
#define SILENT		   20	 /* for the second before it: there was nothing at all */
#define FAINTER		   1.4f	 /* than the tone: what may be beside it; the note before a note is not */
#define TOLERANCE_HZ	   44.0f /* 38, and some for measuring */

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

	if (purity < l->cng_again_pure || fabsf(hz) > TOLERANCE_HZ ||
	    tone_track_steadiness(&g->track) < l->cng_steady || g->just_before > level / FAINTER)
		return false;
	g->past = past;
	if (again)
		return true;
	if (purity > l->cng_pure && g->before < level * l->cng_beside)
		g->alone = (struct tone_cng_alone){
			.blocks = 1,
			.level = level,
			.quiet = g->before * SILENT < level && g->just_before * QUIET < level &&
				 (energy <= floor || energy * QUIET < level),
		};
	return false;
}

/* After it: silence for 100 ms when there was silence before it; or for a second no more than it may stand beside. */
static bool stands_alone(struct tone_cng *g, const struct tone_limits *l, float energy, float floor)
{
	struct tone_cng_alone *a = &g->alone;

	if (!a->blocks)
		return false;
	a->blocks++;
	a->after += energy;
	if (energy > floor && energy * QUIET > a->level)
		a->quiet = false;
	if (a->quiet)
		return a->blocks > SILENCE_BLOCKS - LOST_BLOCKS + 1;
	if (a->after > a->level * l->cng_beside * AFTER_BLOCKS)
		a->blocks = 0;
	return a->blocks > AFTER_BLOCKS;
}

bool tone_cng_block(struct tone_cng *g, const struct tone_limits *l, const struct tone_before *b, struct phasor c,
		    float energy, float floor)
{
	unsigned was_on = g->track.on, blocks = was_on - g->track.bad;
	bool is_on = tone_track_block(&g->track, c, energy, l->cng_part, LOST_BLOCKS);
	bool heard = stands_alone(g, l, energy, floor);

	g->now++;
	if (is_on && g->track.on == 1) {
		g->before = tone_before_mean(b, TONE_BEFORE_BLOCKS);
		g->just_before = tone_before_mean(b, JUST_BEFORE_BLOCKS);
	}
	if (was_on && !is_on && blocks >= MIN_BLOCKS && blocks <= MAX_BLOCKS)
		heard |= ended(g, l, blocks, energy, floor);
	if (heard)
		g->alone.blocks = 0;
	return heard;
}
