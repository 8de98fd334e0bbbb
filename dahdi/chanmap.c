/* SPDX-License-Identifier: GPL-2.0-only */
#include "chanmap.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>

void chanmap_init(struct chanmap *m, uint32_t timeslots, enum isdn_hunt hunt)
{
	*m = (struct chanmap){.hunt = hunt};
	/* Timeslot 0 carries the framing (G.704 2.3). */
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		m->state[ts] = timeslots >> ts & 1 ? CHAN_FREE : CHAN_ABSENT;
}

/* The Ith timeslot (0..31) in the order of hunting. */
static unsigned hunt_order(const struct chanmap *m, unsigned i)
{
	switch (m->hunt) {
	case HUNT_DESCENDING:
		return TIMESLOT_COUNT - 1 - i;
	case HUNT_ROUND_ROBIN:
		return (m->last + 1 + i) % TIMESLOT_COUNT;
	case HUNT_ASCENDING:
		break;
	}
	return i;
}

unsigned chanmap_hunt(struct chanmap *m, uint32_t except)
{
	for (unsigned i = 0; i < TIMESLOT_COUNT; i++) {
		unsigned ts = hunt_order(m, i);

		if (m->state[ts] != CHAN_FREE || except >> ts & 1)
			continue;
		m->state[ts] = CHAN_BUSY;
		m->last = ts;
		return ts;
	}
	return 0;
}

int chanmap_take(struct chanmap *m, unsigned timeslot)
{
	if (chanmap_state(m, timeslot) == CHAN_ABSENT)
		return ENOENT;
	if (m->state[timeslot] != CHAN_FREE)
		return EBUSY;
	m->state[timeslot] = CHAN_BUSY;
	return 0;
}

bool chanmap_is_blocked(const struct chanmap *m, unsigned timeslot, enum chan_blocker by)
{
	return timeslot < TIMESLOT_COUNT && m->blocked[by] >> timeslot & 1;
}

static enum chan_state idle_state(const struct chanmap *m, unsigned timeslot)
{
	for (int by = 0; by < CHAN_BLOCKERS; by++)
		if (chanmap_is_blocked(m, timeslot, (enum chan_blocker)by))
			return CHAN_BLOCKED;
	return CHAN_FREE;
}

void chanmap_release(struct chanmap *m, unsigned timeslot)
{
	enum chan_state s = chanmap_state(m, timeslot);

	if (s != CHAN_BUSY && s != CHAN_RESTARTING)
		return;
	m->state[timeslot] = idle_state(m, timeslot);
}

int chanmap_restart(struct chanmap *m, unsigned timeslot)
{
	enum chan_state s = chanmap_state(m, timeslot);

	if (s != CHAN_FREE && s != CHAN_BLOCKED)
		return EBUSY;
	m->state[timeslot] = CHAN_RESTARTING;
	return 0;
}

void chanmap_block(struct chanmap *m, unsigned timeslot, enum chan_blocker by, bool block)
{
	enum chan_state s = chanmap_state(m, timeslot);

	if (s == CHAN_ABSENT)
		return;
	if (block)
		m->blocked[by] |= 1u << timeslot;
	else
		m->blocked[by] &= ~(1u << timeslot);
	if (s == CHAN_FREE || s == CHAN_BLOCKED)
		m->state[timeslot] = idle_state(m, timeslot);
}

enum chan_state chanmap_state(const struct chanmap *m, unsigned timeslot)
{
	return timeslot < TIMESLOT_COUNT ? m->state[timeslot] : CHAN_ABSENT;
}

unsigned chanmap_count(const struct chanmap *m, enum chan_state s)
{
	unsigned n = 0;

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		n += m->state[ts] == s;
	return n;
}

const char *chan_state_name(enum chan_state s)
{
	switch (s) {
	case CHAN_ABSENT:
		return "absent";
	case CHAN_FREE:
		return "free";
	case CHAN_BUSY:
		return "busy";
	case CHAN_RESTARTING:
		return "restarting";
	case CHAN_BLOCKED:
		return "blocked";
	}
	return "?";
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Reads a timeslot's number, blanks around it. Returns what is wrong, or NULL. */
static const char *parse_timeslot(const char **textp, unsigned *tsp)
{
	const char *p = skip_blanks(*textp);
	unsigned ts = 0;

	if (!isdigit((unsigned char)*p))
		return *p ? "a timeslot must be a number" : "a timeslot is missing at the end";
	for (; isdigit((unsigned char)*p); p++) {
		ts = ts * 10 + (unsigned)(*p - '0');
		if (ts >= TIMESLOT_COUNT)
			return "a timeslot is above 31";
	}
	if (!ts)
		return "timeslot 0 carries the framing";
	*textp = skip_blanks(p);
	*tsp = ts;
	return NULL;
}

/* Reads "7" or "1-15" and puts it to *MASKP. */
static const char *parse_range(const char **textp, uint32_t *maskp)
{
	unsigned first, last;
	const char *why = parse_timeslot(textp, &first);

	if (why)
		return why;
	last = first;
	if (**textp == '-') {
		++*textp;
		why = parse_timeslot(textp, &last);
		if (why)
			return why;
	}
	if (last < first)
		return "a range runs backwards";
	for (unsigned ts = first; ts <= last; ts++) {
		if (*maskp >> ts & 1)
			return "a timeslot is named twice";
		*maskp |= 1u << ts;
	}
	return NULL;
}

int chanmap_parse(const char *text, uint32_t *maskp, const char **whyp)
{
	uint32_t mask = 0;
	const char *why;

	if (!*skip_blanks(text)) {
		*whyp = "no timeslots";
		return EINVAL;
	}
	for (;; text++) {
		why = parse_range(&text, &mask);
		if (!why && *text && *text != ',')
			why = "timeslots are parted by ','";
		if (why) {
			*whyp = why;
			return EINVAL;
		}
		if (!*text)
			break;
	}
	*maskp = mask;
	return 0;
}
