/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tone: hears the fax in one direction of a call: CNG, CED, ANSam, the V.21 preamble. Linear samples, 8 kHz.
 */
#ifndef T38_TONE_H
#define T38_TONE_H

#include <stddef.h>
#include <stdint.h>

enum tone {
	TONE_NONE,
	TONE_CNG,     /* 1100 Hz, 0.5 s on, 3 s off (T.30 4.3.3) */
	TONE_CED,     /* 2100 Hz, no phase reversals (T.30 4.3.2; ANS of V.25): a fax, or a modem */
	TONE_ANS_PR,  /* 2100 Hz with phase reversals */
	TONE_ANSAM,   /* ANSam of V.8, 15 Hz of AM, with or without reversals: a Super-G3 fax, or a modem */
	TONE_CM,      /* CM of V.8 that calls for a fax: a Super-G3 answered by ANSam. v8_listen hears it */
	TONE_CM_DATA, /* CM of V.8 that calls for anything else: certainly no fax. v8_listen hears it */
	TONE_V21,     /* HDLC flags at 300 bit/s: a T.30 frame is coming; certainly a fax */
	TONE_COUNT
};

const char *tone_name(enum tone t); /* "CNG", "CED", "CED/PR", "ANSam", "CM", "CM for data", "V.21 preamble" */

struct tone_rx;

/* HANDLER is called once for each tone when it is heard, and again when it has gone and come back. */
typedef void(tone_h)(enum tone t, void *arg);

int tone_rx_alloc(struct tone_rx **tp, tone_h *handler, void *arg); /* 0 or ENOMEM */

/* Where "heard" begins. The program has one set, tone_limits; tests/detect measures what each is worth. */
struct tone_limits {
	float floor_dbm0;	      /* what is fainter is silence */
	float cng_part, ans_part;     /* of the energy of 10 ms that falls into the tone's band, for it to go on */
	float cng_pure, ans_pure;     /* of the energy of the whole tone */
	float cng_again_pure;	      /* of one that need not stand alone, for it comes again */
	float cng_beside;	      /* the energy of the second before it and of that after it, to its own */
	float cng_steady, ced_steady; /* the part of its blocks in which it keeps its frequency and level */
	float ans_before;	      /* the energy of the second before it, to its own; with more it is heard later: */
	unsigned ced_blocks, ced_late_blocks; /* of 10 ms, of a tone that is neither modulated nor turned */
	unsigned turns, turns_late;	      /* at the right distance, of one that is turned */
	float modulation_depth;		      /* of ANSam: 0.2 is sent (V.8 3.2) */
	float v21_pure;
	unsigned v21_flags; /* one after the other; 1 s of 37 is sent */
};

extern const struct tone_limits tone_limits;

/* LIMITS are not copied. */
int tone_rx_alloc_with(struct tone_rx **tp, const struct tone_limits *limits, tone_h *handler, void *arg);
/* Forgets what was heard: the samples that follow have nothing to do with those before. */
void tone_rx_reset(struct tone_rx *t);
void tone_rx_free(struct tone_rx *t);
void tone_rx_samples(struct tone_rx *t, const int16_t *samples, size_t n);

#endif
