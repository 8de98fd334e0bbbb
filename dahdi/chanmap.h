/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chanmap: the B channels of a span: which exist, which are in use, in service, and how a free one is hunted. Pure.
 */
#ifndef DAHDI_CHANMAP_H
#define DAHDI_CHANMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/isdn.h"

enum chan_state { CHAN_ABSENT, CHAN_FREE, CHAN_BUSY, CHAN_RESTARTING, CHAN_BLOCKED };

/* Who takes a channel out of service; it is back when neither wants it out. */
enum chan_blocker { CHAN_OPERATOR, CHAN_REMOTE, CHAN_BLOCKERS };

struct chanmap {
	enum isdn_hunt hunt;
	enum chan_state state[TIMESLOT_COUNT];
	unsigned last;			/* round robin: the timeslot hunted last */
	uint32_t blocked[CHAN_BLOCKERS];	/* bits of those to be blocked, busy ones too, by who wants it */
};

/* TIMESLOTS: bit N set: timeslot N (1 to 31) is a B channel of ours. */
void chanmap_init(struct chanmap *m, uint32_t timeslots, enum isdn_hunt hunt);

/* Hunts a free timeslot, marks it busy. EXCEPT: bits of timeslots not to take (those that just collided).
 * Returns the timeslot, or 0 when none is free. */
unsigned chanmap_hunt(struct chanmap *m, uint32_t except);

/* Takes the timeslot that the other side asked for. 0; EBUSY when it is in use, restarting or blocked; ENOENT when it
 * is not ours. */
int chanmap_take(struct chanmap *m, unsigned timeslot);
void chanmap_release(struct chanmap *m, unsigned timeslot);	/* busy or restarting -> free */

/* A free or blocked timeslot is being restarted (RESTART sent). 0, or EBUSY when it is neither. */
int chanmap_restart(struct chanmap *m, unsigned timeslot);
/* Takes it out of service for BY, or back; a busy or restarting one is blocked when it is released. */
void chanmap_block(struct chanmap *m, unsigned timeslot, enum chan_blocker by, bool block);
bool chanmap_is_blocked(const struct chanmap *m, unsigned timeslot, enum chan_blocker by);

enum chan_state chanmap_state(const struct chanmap *m, unsigned timeslot);
unsigned chanmap_count(const struct chanmap *m, enum chan_state s);
const char *chan_state_name(enum chan_state s);

/* Reads "1-15,17-31" (blanks may stand between) to a bit mask. Returns 0 or EINVAL; *whyp is then what is wrong
 * (static text). */
int chanmap_parse(const char *text, uint32_t *maskp, const char **whyp);

#endif
