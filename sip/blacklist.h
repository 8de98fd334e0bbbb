/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * blacklist: sources that keep being refused, as scanners for open gateways are, and from which nothing is even read
 * for a while. A host is a source, whatever its port; of IPv6 it is the /64, within which a host changes its address at
 * will.
 *
 * It has room for BLACKLIST_ROOM sources and allocates nothing later. When it is full, who was refused longest ago
 * gives way: first of those that are only counted, unless those on the list take more than three quarters of the room.
 */
#ifndef SIP_BLACKLIST_H
#define SIP_BLACKLIST_H

#include "gateway/base/addr_range.h"
#include "gateway/base/loop.h"

#define BLACKLIST_ROOM	      1024
#define BLACKLIST_WHAT_OCTETS 48

struct blacklist;

struct blacklist_params {
	unsigned after;	   /* so many refusals ... */
	int64_t within_us; /* ... within so long put a source on the list ... */
	int64_t hold_us;   /* ... for so long */
};

struct blacklist_entry {
	struct addr_range source;
	unsigned refused, asked; /* since SINCE_US */
	int64_t since_us, seen_us;
	int64_t until_us; /* on the list until then; 0: it is only counted */
	uint64_t dropped;
	char what[BLACKLIST_WHAT_OCTETS]; /* the last thing that was refused */
};

/* LOOP must outlive it: sources leave the list by its timers. 0 or ENOMEM. */
int blacklist_alloc(struct blacklist **bp, const struct blacklist_params *p, struct loop *loop);
void blacklist_free(struct blacklist *b);

/* SOURCE was refused, and WHAT. It is logged when that puts it on the list. */
void blacklist_note(struct blacklist *b, const struct addr *source, const char *what);
/* SOURCE was asked for its credentials. Whoever has some is asked first, and many at a time, after a power cut; so five
 * of these count as one refusal, and blacklist_absolve() takes them back. */
void blacklist_note_asked(struct blacklist *b, const struct addr *source);
/* SOURCE has shown that it has a right to be there: what was counted is forgotten. */
void blacklist_absolve(struct blacklist *b, const struct addr *source);
/* True if SOURCE is on the list; then what came from it is counted as dropped. */
bool blacklist_drops(struct blacklist *b, const struct addr *source);
/* Takes SOURCE off the list, as the operator wants it. 0, or ENOENT: it was not on it. */
int blacklist_forgive(struct blacklist *b, const struct addr *source);

unsigned blacklist_count(const struct blacklist *b); /* on the list */
/* The next entry after AT (first: 0) that is known, from index *ATP, which moves behind it. NULL: no more. */
const struct blacklist_entry *blacklist_next(const struct blacklist *b, unsigned *atp);

#endif
