/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/bearer/t38_start.h"

#define BIT(t)	     (1u << (t))
#define ANSWER_TONES (BIT(TONE_CED) | BIT(TONE_ANS_PR) | BIT(TONE_ANSAM))
#define V8_TONES     (BIT(TONE_ANS_PR) | BIT(TONE_ANSAM))
#define CNGS_ALONE   4 /* 11 to 14 s of them; the called machine says its DIS for 35 s (T.30 T1) */

static bool heard_any(const struct heard *h, unsigned bits)
{
	return ((h->tones[HEARD_LINE] | h->tones[HEARD_PEER]) & bits) != 0;
}

bool heard_fax(const struct heard *h)
{
	if (heard_any(h, BIT(TONE_CM_DATA)))
		return false;
	return heard_any(h, BIT(TONE_V21) | BIT(TONE_CM)) ||
	       (heard_any(h, BIT(TONE_CNG)) && heard_any(h, ANSWER_TONES));
}

bool heard_modem(const struct heard *h)
{
	return heard_any(h, ANSWER_TONES | BIT(TONE_CM) | BIT(TONE_CM_DATA) | BIT(TONE_V21));
}

bool heard_invited(const struct heard *h, enum heard_from from)
{
	enum heard_from other = from == HEARD_LINE ? HEARD_PEER : HEARD_LINE;

	return (h->tones[other] & V8_TONES) && !heard_any(h, BIT(TONE_V21));
}

bool heard_must_not_cross(const struct heard *h, enum heard_from from)
{
	unsigned of = h->tones[from];

	if (of & BIT(TONE_V21) || heard_any(h, BIT(TONE_CM_DATA)))
		return false;
	return of & BIT(TONE_CM) || (of & V8_TONES && heard_any(h, BIT(TONE_CNG) | BIT(TONE_CM)));
}

bool heard_switch_mutes(enum t38_start policy, const struct heard *h)
{
	return policy != T38_START_AT_ANSWER || h->told || heard_fax(h) || heard_any(h, BIT(TONE_CNG));
}

/* The line's machine calls on and on into a call that is answered: a fax waits there, and what answers it comes too
 * badly through the network to be heard, or waits for T.38. */
static bool calls_in_vain(const struct heard *h)
{
	return !h->line_answers && h->cngs[HEARD_LINE] >= CNGS_ALONE && !heard_any(h, BIT(TONE_CM_DATA));
}

enum t38_start_decision t38_start_decide(enum t38_start policy, const struct heard *h)
{
	bool data = heard_any(h, BIT(TONE_CM_DATA));

	if (!h->answered)
		return T38_NOT_YET;
	if (h->told && !h->t38_was && policy != T38_START_WAIT)
		return T38_NOW;
	switch (policy) {
	case T38_START_AT_ANSWER:
		return !h->t38_was || heard_fax(h) ? T38_NOW : T38_NOT_YET;
	case T38_START_ON_CNG:
		return heard_any(h, BIT(TONE_CNG)) || heard_fax(h) ? T38_NOW : T38_NOT_YET;
	case T38_START_ON_CED:
		return (heard_any(h, ANSWER_TONES) && !data) || heard_fax(h) ? T38_NOW : T38_NOT_YET;
	case T38_START_ON_PREAMBLE:
		return heard_any(h, BIT(TONE_V21)) && !data ? T38_NOW : T38_NOT_YET;
	case T38_START_ANSWERING_SIDE:
		if (!heard_fax(h))
			return calls_in_vain(h) ? T38_NOW : T38_NOT_YET;
		return h->line_answers ? T38_NOW : T38_AFTER_GRACE;
	case T38_START_WAIT:
		break;
	}
	return T38_NOT_YET;
}
