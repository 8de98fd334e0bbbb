/* SPDX-License-Identifier: GPL-2.0-only */
#include "udptl_depth.h"

#define OF_LATE	     512  /* packets; from then on what was counted weighs half */
#define DOUBT	     16	  /* packets without loss taken for granted, lest one of the first three were a third */
#define FAR	     64	  /* further than that is another sequence */
#define FAR_BEHIND   512  /* the same backwards */
#define OVERTAKEN    3	  /* by no more than that is no harm: each packet carries as many */
#define LEFT	     1e-6 /* of the packets may be lost with all their copies: one in a fax of ten hours */
#define ENTRIES_MOST 14
#define REPEATED     3 /* entries more for a command without an answer, or a page that was refused */

/* Each of N + 1 packets that carry an IFP packet is lost with probability P. */
static unsigned depth_against(double p)
{
	double all = p;
	unsigned n = 0;

	for (; n < ENTRIES_MOST && all > LEFT; n++)
		all *= p;
	return n;
}

static void judge(struct udptl_depth *d)
{
	unsigned random = depth_against((d->missing + 1.0) / (d->expected + DOUBT));

	/* The packet after a gap must reach back to its beginning. */
	d->at_least = d->missing ? (random > d->longest ? random : d->longest) : 0;
}

/* It was missing, and comes after all. */
static void take_late(struct udptl_depth *d, unsigned behind)
{
	uint64_t bit = behind < 64 ? (uint64_t)1 << behind : 0;

	if (!bit || d->come & bit)
		return;
	d->come |= bit;
	if (behind > OVERTAKEN || !d->missing)
		return;
	d->missing--;
	judge(d);
}

void udptl_depth_heard(struct udptl_depth *d, uint16_t seq)
{
	int ahead = (int16_t)(uint16_t)(seq - d->furthest);

	if (!d->began || ahead > FAR || ahead < -FAR_BEHIND) {
		d->began = true;
		d->furthest = seq;
		d->come = UINT64_MAX; /* what was before the first is not missing */
		return;
	}
	if (ahead <= 0) {
		take_late(d, (unsigned)-ahead);
		return;
	}
	d->come = (ahead < 64 ? d->come << ahead : 0) | 1;
	d->furthest = seq;
	d->expected += (unsigned)ahead;
	d->missing += (unsigned)ahead - 1;
	if ((unsigned)ahead - 1 > d->longest)
		d->longest = (unsigned)ahead - 1;
	judge(d);
	if (d->expected < OF_LATE)
		return;
	d->expected /= 2;
	d->missing /= 2;
	d->longest /= 2;
}

static bool wants_answer(uint8_t fcf)
{
	switch (fcf) {
	case FCF_DIS: /* three of them before a caller that listens late: that is no more than a doubt */
	case FCF_DCS:
	case FCF_CTC:
	case FCF_EOM:
	case FCF_MPS:
	case FCF_EOP:
	case FCF_PPS:
	case FCF_EOR:
	case FCF_RR:
		return true;
	default:
		return false;
	}
}

static void ask(struct udptl_depth *d, unsigned entries)
{
	d->asked = d->asked + entries < ENTRIES_MOST ? d->asked + entries : ENTRIES_MOST;
}

void udptl_depth_frame(struct udptl_depth *d, enum t30_direction from, uint8_t fcf)
{
	if (from == T30_FROM_LINE) {
		if (wants_answer(fcf) && d->unanswered == fcf)
			ask(d, fcf == FCF_DIS ? 1 : REPEATED);
		d->unanswered = wants_answer(fcf) ? fcf : d->unanswered;
		return;
	}
	d->unanswered = 0;
	if (fcf == FCF_RTN || fcf == FCF_CRP)
		ask(d, REPEATED);
	else if (fcf == FCF_PPR)
		ask(d, 1); /* it may be the line's fault as well, and there is no harm done */
	else if (fcf == FCF_MCF && d->asked)
		d->asked--;
}

unsigned udptl_depth_at_least(const struct udptl_depth *d)
{
	return d->at_least;
}

unsigned udptl_depth_more(const struct udptl_depth *d)
{
	return d->asked;
}

unsigned udptl_depth_percent(const struct udptl_depth *d)
{
	return d->expected ? 100 * d->missing / d->expected : 0;
}
