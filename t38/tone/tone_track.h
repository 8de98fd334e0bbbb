/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone_track: one frequency followed through blocks of 10 ms: since when it is there, how pure, and how far off
 * its place. Pure.
 */
#ifndef T38_TONE_TRACK_H
#define T38_TONE_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#define TONE_BLOCK_SAMPLES 80
#define TONE_BLOCK_MS	   10

struct phasor {
	float re, im;
};

/* What a tone has been up to now. */
struct tone_track {
	unsigned on;		  /* blocks since it began; 0: it is not there */
	unsigned bad;		  /* blocks just now in which it was not recognised */
	unsigned good;		  /* blocks in which it was */
	float energy, tone;	  /* of those blocks: all of it, and the tone's part */
	struct phasor last, turn; /* turn: sum of the turns from block to block */
	unsigned compared;	  /* blocks, with those before; of them: */
	unsigned straight, level; /* with the same turn; of the same level */
};

struct phasor phasor_times_conj(struct phasor a, struct phasor b);
float phasor_square(struct phasor a);

/* The correlation of a block with so many whole CYCLES: 11 for 1100 Hz, 21 for 2100 Hz. */
struct phasor tone_correlate(const int16_t *block, unsigned cycles);

/*
 * Takes the next block: C is its correlation, 0 when it is silence. The tone goes on while PART of the energy is
 * its own, and is gone after LOST blocks in which it is not, or which are fainter by 6 dB; with one that is louder by
 * 6 dB another has begun (there was an echo of a note before it). Returns true while it is there; ON is 1 in its first
 * block.
 */
bool tone_track_block(struct tone_track *t, struct phasor c, float energy, float part, unsigned lost);

float tone_track_offset_hz(const struct tone_track *t); /* from the middle of its band, up to 50 either way */
/* The part of all energy that is the tone's, 0 to 1; what it loses by being off its place is made good. */
float tone_track_purity(const struct tone_track *t);

/*
 * In how many of its blocks, 0 to 1, it kept its frequency (within 2.4 Hz) and its level (within 1.2 dB): a tone of a
 * machine does in nearly all of them, whatever is beside it, but for those that a network has lost. Vibrato, decay
 * and keying do not.
 */
float tone_track_steadiness(const struct tone_track *t);

#endif
