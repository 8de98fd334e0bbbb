/* SPDX-License-Identifier: GPL-2.0-only */
#include "tone_ans.h"

#include <math.h>
#include <string.h>

#define TOLERANCE_HZ  22.0f /* 15, and some for measuring */
#define LOST_BLOCKS   4	    /* a turn of phase spoils one or two */
#define GAP_BLOCKS    20    /* it is still the same one: packets were lost, or someone spoke louder */
#define SETTLED	      6	    /* blocks until the frequency is known */
#define TURN_BLOCKS   3	    /* more than a packet of RTP that is lost and made up */
#define ASTRAY_BLOCKS 6
#define TURN_MIN      40 /* 450 ms, 25 either way (V.8 6.2), and a packet that may have been lost there */
#define TURN_MAX      50
#define DIP	      0.6f /* AM takes the amplitude to 0.8; a turn of phase, or a packet that is lost, to anything */
#define STEADY	      0.7f /* a tone of a machine keeps its level; a note fades */

/* The depth of a modulation by 15 Hz over the window that ends with the present block; 0 if most of the change is
 * another. */
static float modulation(const struct tone_ans *a)
{
	float re = 0, im = 0, mean = 0, squares = 0, w, depth;
	unsigned i;

	for (i = 0; i < ANS_WINDOW_BLOCKS; i++) {
		w = 2 * (float)M_PI * 15 * TONE_BLOCK_MS / 1000.0f * (float)i;
		re += a->depth[i] * cosf(w);
		im += a->depth[i] * sinf(w);
		mean += a->depth[i] / ANS_WINDOW_BLOCKS;
		squares += a->depth[i] * a->depth[i] / ANS_WINDOW_BLOCKS;
	}
	depth = 2 * sqrtf(re * re + im * im) / ANS_WINDOW_BLOCKS;
	return depth * depth / 2 > (squares - mean * mean) / 2 ? depth / mean : 0;
}

static void hear_modulation(struct tone_ans *a, const struct tone_limits *l, struct phasor c)
{
	float amplitude = sqrtf(phasor_square(a->track.bad ? a->track.last : c));
	float *last = &a->depth[ANS_WINDOW_BLOCKS - 1], mean = 0;

	if (a->track.on > 1 && amplitude < DIP * *last)
		amplitude = *last;
	memmove(a->depth, a->depth + 1, sizeof(a->depth) - sizeof(a->depth[0]));
	*last = amplitude;
	/* Not the first block, which the tone may have begun in the middle of. */
	if (a->track.on <= ANS_WINDOW_BLOCKS || (a->track.on - 1) % (ANS_WINDOW_BLOCKS / 2))
		return;
	a->modulated = modulation(a) > l->modulation_depth ? a->modulated + 1 : 0;
	for (unsigned i = 0; i < ANS_WINDOW_BLOCKS; i++)
		mean += a->depth[i] / ANS_WINDOW_BLOCKS;
	if (a->track.on <= ANS_WINDOW_BLOCKS + 1)
		a->began = mean;
}

static struct phasor unit(struct phasor p)
{
	float length = sqrtf(phasor_square(p));

	return length > 0 ? (struct phasor){p.re / length, p.im / length} : (struct phasor){1, 0};
}

/* By the frequency measured up to now: from one block to the next. */
static void expect(struct tone_ans *a)
{
	struct phasor turn = unit(a->track.turn), due = a->due;

	a->due.re = due.re * turn.re - due.im * turn.im;
	a->due.im = due.re * turn.im + due.im * turn.re;
}

/* A little towards where it stands. */
static void follow(struct tone_ans *a, struct phasor c, float way)
{
	a->due.re += 0.3f * (way * c.re - a->due.re);
	a->due.im += 0.3f * (way * c.im - a->due.im);
	a->due = unit(a->due);
}

static void turn_heard(struct tone_ans *a)
{
	unsigned at = a->track.on - TURN_BLOCKS + 1, apart = at - a->last_turn;

	a->turned = !a->turned;
	a->against = 0;
	/* one of them may have been lost */
	if (a->last_turn &&
	    ((apart >= TURN_MIN && apart <= TURN_MAX) || (apart >= 2 * TURN_MIN && apart <= 2 * TURN_MAX)))
		a->turns++;
	a->last_turn = at;
}

/*
 * The phase is compared with where it would be had it never turned: so that a turn is seen though the block with
 * it was lost, and a packet that was made up, and stands anywhere for 20 ms, is none.
 */
static void hear_turns(struct tone_ans *a, struct phasor c)
{
	float way = a->turned ? -1 : 1, along;

	if (a->is_due)
		expect(a);
	if (a->track.bad || a->track.on < SETTLED)
		return;
	c = unit(c);
	if (!a->is_due || a->astray >= ASTRAY_BLOCKS) {
		a->due = (struct phasor){way * c.re, way * c.im};
		a->is_due = true;
		a->astray = a->against = 0;
		return;
	}
	along = way * (a->due.re * c.re + a->due.im * c.im);
	a->astray = fabsf(along) > 0.5f ? 0 : a->astray + 1;
	a->against = along < -0.5f ? a->against + 1 : 0;
	if (along > 0.5f)
		follow(a, c, way);
	else if (a->against >= TURN_BLOCKS)
		turn_heard(a);
}

static bool is_steady(const struct tone_ans *a)
{
	float mean = 0;

	for (unsigned i = 0; i < ANS_WINDOW_BLOCKS; i++)
		mean += a->depth[i] / ANS_WINDOW_BLOCKS;
	return mean > STEADY * a->began && mean * STEADY < a->began;
}

static enum tone decide(const struct tone_ans *a, const struct tone_limits *l)
{
	bool may_turn = a->last_turn && a->track.on - a->last_turn <= 2 * TURN_MAX;
	/* A note has others before it. So may an answer tone have, of music that is played until it is answered. */
	bool late = a->before * (float)a->track.good > l->ans_before * a->track.energy;

	if (fabsf(tone_track_offset_hz(&a->track)) > TOLERANCE_HZ || tone_track_purity(&a->track) < l->ans_pure)
		return TONE_NONE;
	if (a->modulated >= 2)
		return TONE_ANSAM;
	if (a->turns >= (late ? l->turns_late : l->turns))
		return TONE_ANS_PR;
	if (a->track.on >= (late ? l->ced_late_blocks : l->ced_blocks) && !may_turn && a->modulated == 0 && !a->heard &&
	    is_steady(a) && tone_track_steadiness(&a->track) >= l->ced_steady)
		return TONE_CED;
	return TONE_NONE;
}

enum tone tone_ans_block(struct tone_ans *a, const struct tone_limits *l, const struct tone_before *b, struct phasor c,
			 float energy)
{
	unsigned gap = a->gap;
	float before = a->before;
	enum tone t;

	if (!tone_track_block(&a->track, c, energy, l->ans_part, LOST_BLOCKS)) {
		a->heard = 0;
		a->gap += a->gap < GAP_BLOCKS;
		return TONE_NONE;
	}
	if (a->track.on == 1) {
		if (!gap || gap >= GAP_BLOCKS)
			before = tone_before_mean(b, TONE_BEFORE_BLOCKS);
		*a = (struct tone_ans){.track = a->track, .before = before};
	}
	a->gap = 0;
	hear_modulation(a, l, c);
	hear_turns(a, c);
	t = decide(a, l);
	if (a->heard & 1u << t)
		return TONE_NONE;
	a->heard |= t == TONE_NONE ? 0 : 1u << t;
	return t;
}
