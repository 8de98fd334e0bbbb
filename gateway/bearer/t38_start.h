/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t38_start: who asks for T.38, and when: the policy, as a pure function of what has been heard.
 */
#ifndef GATEWAY_T38_START_H
#define GATEWAY_T38_START_H

#include <stdbool.h>

#include "gateway/base/fax.h"
#include "t38/tone/tone.h"

enum heard_from { HEARD_LINE, HEARD_PEER };

/* What has been heard so far in a call: bits by enum tone, from each side. */
struct heard {
	unsigned tones[2];
	unsigned cngs[2];		/* so many of them since the answer */
	bool answered;
	bool line_answers;		/* the called machine is on the line (a call from SIP) */
	bool told;			/* the caller says that it is a fax */
	bool t38_was;			/* T.38 was on in this call, and is over */
};

enum t38_start_decision {
	T38_NOT_YET,
	T38_AFTER_GRACE,	/* a fax is certain; the peer ought to ask; ask ourselves when the grace time is over */
	T38_NOW,
};

static inline void heard_tone(struct heard *h, enum heard_from from, enum tone t)
{
	h->tones[from] |= 1u << t;
	h->cngs[from] += t == TONE_CNG && h->answered;
}

/* A fax, and nothing else: V.21 flags, a CM that calls for one, or a caller's CNG answered by any answer tone. An
 * answer tone alone may be a data modem's; and after a CM that calls for data nothing is a fax, whatever it sounds
 * like. */
bool heard_fax(const struct heard *h);

/* An answer tone of either side: a modem, of a fax or for data, trains next; from now on it must meet a line that does
 * not change under it. */
bool heard_modem(const struct heard *h);

/* T.38 is over: the tones that led to it are done with. Should the call go on in audio, it takes new ones to be asked
 * for again, and more than that the call is answered. */
static inline void heard_t38_over(struct heard *h)
{
	h->tones[HEARD_LINE] = h->tones[HEARD_PEER] = 0;
	h->cngs[HEARD_LINE] = h->cngs[HEARD_PEER] = 0;
	h->t38_was = true;
}

/* The decision of POLICY. */
enum t38_start_decision t38_start_decide(enum t38_start policy, const struct heard *h);

/* True if V.21 has come from FROM. */
static inline bool heard_t30(const struct heard *h, enum heard_from from)
{
	return h->tones[from] & 1u << TONE_V21;
}

/* True if the other side of FROM has invited it to V.8, and no T.30 has been heard since: FROM's CM may come. */
bool heard_invited(const struct heard *h, enum heard_from from);

/* True if what comes from FROM must not cross: the call is a fax, by its CNG or its CM, and this is the CM, or the
 * answer tone that invites the caller to V.8 (ANSam, or 2100 Hz with phase reversals). With V.21 it is over. A data
 * modem's goes through. */
bool heard_must_not_cross(const struct heard *h, enum heard_from from);

/* True if both directions shall be silent while T.38, asked for by POLICY, is not agreed: it is a fax as far as the
 * policy goes. At-answer asks for voice as well, which goes on meanwhile. */
bool heard_switch_mutes(enum t38_start policy, const struct heard *h);

#endif
