/* SPDX-License-Identifier: GPL-2.0-only */
/* faxtone: what the two fax machines of a call say before there is a fax, by the recommendations, at the edges of
 * what they allow. */
#ifndef TESTS_DETECT_FAXTONE_H
#define TESTS_DETECT_FAXTONE_H

#include "t38/tone/tone.h"
#include "tests/detect/sound.h"

enum faxtone_edge {
	FAXTONE_NOMINAL,
	FAXTONE_WITHIN, /* each quantity drawn from what is allowed */
	FAXTONE_EDGE,	/* each at one end or the other */
	FAXTONE_EDGES
};

const char *faxtone_edge_name(enum faxtone_edge e);

#define FAXTONE_LEAD_S 0.3 /* it begins so long after the sound does, and up to a block of 20 ms more */

/*
 * Writes one TONE, as a machine sends it once, into S; where it begins and ends goes to *BEGIN_SP and *END_SP.
 * CNG: so many TIMES (others: 1). V.21: the flags of a second and a DIS. CM: for two seconds.
 */
void faxtone_make(struct sound *s, enum tone t, unsigned times, enum faxtone_edge e, double dbm0, struct dice *d,
		  double *begin_sp, double *end_sp);

/* The bits of a CM that calls for CALL (V.8 table 3), as often as is needed to fill SECONDS. */
double faxtone_add_cm(struct sound *s, double from_s, double seconds, const struct sound_fsk *f, unsigned call);
/* An answer tone: REVERSAL_S 0: without; DEPTH 0: without AM. */
struct faxtone_answer {
	double hz, dbm0, reversal_s, am_hz, depth;
};
void faxtone_add_answer(struct sound *s, double from_s, double seconds, const struct faxtone_answer *a);

#endif
