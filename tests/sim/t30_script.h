/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30_script: a fax as a conversation, signal by signal: one table of turns for both ends. What one end sends is what
 * the other must hear. See t30_tester.h for who speaks it.
 *
 * Frames are as in t38/t30/t30.h: the first bit on the line is the lowest of its octet, so DIS is 0x80 and bit 10 of
 * its FIF is 0x02 in the second octet.
 */
#ifndef SIM_T30_SCRIPT_H
#define SIM_T30_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define T30_FIF_OCTETS	 200 /* of a frame; T.30 5.3.1 allows about 105 (3 s) */
#define T30_BURST_FRAMES 6
#define T30_FRAME_OCTETS 264

enum t30_side { T30_CALLER, T30_CALLED };

enum t30_signal {
	T30_V21,
	T30_V27TER_2400,
	T30_V27TER_4800,
	T30_V29_7200,
	T30_V29_9600,
	T30_V17_7200,
	T30_V17_9600,
	T30_V17_12000,
	T30_V17_14400,
	T30_SIGNAL_COUNT
};

const char *t30_signal_name(enum t30_signal m);
unsigned t30_signal_rate(enum t30_signal m);			   /* bit/s */
unsigned t30_signal_training_ms(enum t30_signal m, bool is_short); /* before data; V.21: none */

enum t30_act {
	T30_OVER, /* the end of the table */
	T30_FRAMES,
	T30_CED,
	T30_CNG,     /* goes on in its cadence beside the turns that follow, until something is heard */
	T30_TCF,     /* zeros, T.30 5.3.6.1 */
	T30_LINES,   /* a page without error correction */
	T30_BLOCK,   /* frames of a page with it, and RCP */
	T30_SILENCE, /* both ends hear nothing */
	T30_CUT,     /* SIDE is put down in whatever it says; the other side is cleared */
};

const char *t30_act_name(enum t30_act a);

struct t30_frame {
	const char *name;
	uint8_t fcf; /* with the X bit, 0x01, that its sender sets */
	unsigned octets;
	uint8_t fif[T30_FIF_OCTETS];
	const struct t30_frame *arrives; /* in its place, where a gateway must alter it; NULL: itself */
};

struct t30_turn {
	enum t30_side side; /* who sends */
	enum t30_act act;
	unsigned after_ms; /* silence before it, from the end of what was before; 0: 75 (T.30 5.3.2) */
	unsigned ms;	   /* CED (0: 2600), TCF (0: 1500), SILENCE */
	bool unheard;	   /* the other end does not hear it, or does not mind */

	/* FRAMES; the last one is the final one of its burst */
	const struct t30_frame *frames[T30_BURST_FRAMES];
	unsigned bad_fcs;     /* bit N: frame N has a bad FCS, and so must not arrive */
	unsigned preamble_ms; /* 0: 1000 */
	unsigned flags;	      /* between frames; 0: 1 */
	bool more;	      /* the last one is not the final one: another burst goes on */
	bool any_fif; /* of a machine: only the FCFs are asked for, or that there is a page (of COUNT at most)... */
	bool others;  /* ...and frames before the final one that are not named here may come too */

	/* TCF, LINES, BLOCK */
	enum t30_signal modem;
	bool tep;	       /* on a line the talker echo protection tone goes before the training */
	bool is_short;	       /* training */
	unsigned spoilt;       /* TCF: of 1000 bits so many are wrong */
	bool is_refused;       /* TCF: the gateway spoils it */
	uint32_t seed;	       /* of the image */
	unsigned first, count; /* BLOCK: frames; LINES: count lines */
	uint64_t bad_frames;   /* BLOCK: bit N: frame FIRST + N has a bad FCS */
	unsigned frame_octets; /* BLOCK; 0: 256 */
	unsigned cut_ms;       /* so long after its beginning SIDE is put down */
};

/* How long it takes to send, without the silence before it. */
unsigned t30_turn_ms(const struct t30_turn *t);
unsigned t30_turn_after_ms(const struct t30_turn *t);
/* The frames of FRAMES or BLOCK, in order: FRAME has room for T30_FRAME_OCTETS. Returns the octets, 0: there is no
 * such frame. *GOODP: with a good FCS. */
size_t t30_turn_frame(const struct t30_turn *t, unsigned n, uint8_t *frame, bool *goodp);
/* The same as it must arrive; skips those that must not. */
size_t t30_turn_arrival(const struct t30_turn *t, unsigned n, uint8_t *frame);
/* True if something of it must arrive at the other end. */
bool t30_turn_is_heard(const struct t30_turn *t);

#endif
