/* SPDX-License-Identifier: GPL-2.0-only */
#include "blacklist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"

#define BUCKETS	       1024 /* a power of two */
#define MANY	       (BLACKLIST_ROOM / 4 * 3)
#define IPV6_SITE_BITS 64
#define ASKED_AS_ONE   5 /* refusal */

struct slot {
	struct blacklist_entry e;
	bool used;
	unsigned next; /* in its bucket: index + 1; 0: the last */
};

struct blacklist {
	struct blacklist_params par;
	struct loop *loop;
	struct timer timer;		/* the next to leave the list */
	struct log_limit entered, left; /* their lines: forged sources would fill the log */
	unsigned used, listed;
	unsigned buckets[BUCKETS]; /* index + 1 of the first */
	struct slot slots[BLACKLIST_ROOM];
};

static struct addr_range source_of(const struct addr *a)
{
	return addr_range_of(a, a->sa.sa_family == AF_INET6 ? IPV6_SITE_BITS : 32);
}

static unsigned *bucket_of(struct blacklist *b, const struct addr_range *source)
{
	bool v6 = source->addr.sa.sa_family == AF_INET6;
	const uint8_t *p = v6 ? source->addr.v6.sin6_addr.s6_addr : (const uint8_t *)&source->addr.v4.sin_addr;
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (unsigned i = 0; i < source->bits / 8; i++)
		hash = (hash ^ p[i]) * 16777619u;
	return &b->buckets[(hash ^ hash >> 16) % BUCKETS];
}

static struct slot *slot_find(struct blacklist *b, const struct addr_range *source)
{
	for (unsigned i = *bucket_of(b, source); i; i = b->slots[i - 1].next)
		if (addr_range_equal(&b->slots[i - 1].e.source, source))
			return &b->slots[i - 1];
	return NULL;
}

static void slot_free(struct blacklist *b, struct slot *s)
{
	unsigned *link = bucket_of(b, &s->e.source), self = (unsigned)(s - b->slots) + 1;

	while (*link != self)
		link = &b->slots[*link - 1].next;
	*link = s->next;
	b->listed -= s->e.until_us != 0;
	b->used--;
	memset(s, 0, sizeof(*s));
}

/* The one that gives way: whose last sign is the oldest, of those on the list or of the others. */
static struct slot *slot_oldest(struct blacklist *b, bool listed)
{
	struct slot *oldest = NULL;

	for (unsigned i = 0; i < BLACKLIST_ROOM; i++) {
		struct slot *s = &b->slots[i];

		if (s->used && (s->e.until_us != 0) == listed && (!oldest || s->e.seen_us < oldest->e.seen_us))
			oldest = s;
	}
	return oldest;
}

static void entry_leaves(struct blacklist *b, struct slot *s, const char *why)
{
	char text[ADDR_TEXT_OCTETS];
	unsigned held;

	if (log_limit_pass(&b->left, loop_now_us(b->loop), &held))
		log_notice("sip", "%s is off the blacklist, %s: %llu messages were dropped",
			   addr_range_print(&s->e.source, text), why, (unsigned long long)s->e.dropped);
	slot_free(b, s);
}

static struct slot *slot_alloc(struct blacklist *b, const struct addr_range *source)
{
	unsigned *bucket = bucket_of(b, source), i = 0;
	bool listed = b->listed > MANY;

	if (b->used == BLACKLIST_ROOM && listed)
		entry_leaves(b, slot_oldest(b, true), "which is full");
	else if (b->used == BLACKLIST_ROOM)
		slot_free(b, slot_oldest(b, false));
	while (b->slots[i].used)
		i++;
	b->slots[i] = (struct slot){.used = true, .next = *bucket, .e = {.source = *source}};
	*bucket = i + 1;
	b->used++;
	return &b->slots[i];
}

static void blacklist_arm(struct blacklist *b)
{
	int64_t first = 0, now = loop_now_us(b->loop);

	for (unsigned i = 0; i < BLACKLIST_ROOM; i++) {
		int64_t until = b->slots[i].e.until_us;

		if (until && (!first || until < first))
			first = until;
	}
	timer_stop(loop_timers(b->loop), &b->timer);
	if (first && timer_start(loop_timers(b->loop), &b->timer, first > now ? first - now : 0))
		log_error("sip", "no memory for the timer of the blacklist");
}

static void on_timer(void *arg)
{
	struct blacklist *b = arg;
	int64_t now = loop_now_us(b->loop);

	for (unsigned i = 0; i < BLACKLIST_ROOM; i++)
		if (b->slots[i].e.until_us && b->slots[i].e.until_us <= now)
			entry_leaves(b, &b->slots[i], "its time is over");
	blacklist_arm(b);
}

int blacklist_alloc(struct blacklist **bp, const struct blacklist_params *p, struct loop *loop)
{
	struct blacklist *b = calloc(1, sizeof(*b));

	if (!b)
		return ENOMEM;
	b->par = *p;
	b->loop = loop;
	b->entered = b->left = (struct log_limit){.burst = 20, .interval_us = 10 * SEC_US};
	timer_init(&b->timer, on_timer, b);
	*bp = b;
	return 0;
}

void blacklist_free(struct blacklist *b)
{
	if (!b)
		return;
	timer_stop(loop_timers(b->loop), &b->timer);
	free(b);
}

static void entry_enters(struct blacklist *b, struct blacklist_entry *e, int64_t now)
{
	char text[ADDR_TEXT_OCTETS], asked[48] = "";
	unsigned held = 0;

	e->until_us = now + b->par.hold_us;
	b->listed++;
	if (e->asked)
		snprintf(asked, sizeof(asked), ", asked in vain %u times,", e->asked);
	if (log_limit_pass(&b->entered, now, &held))
		log_warning("sip",
			    "%s is on the blacklist for %lld s: refused %u times%s in %lld s, the last was %s (%u such "
			    "lines held back)",
			    addr_range_print(&e->source, text), (long long)(b->par.hold_us / SEC_US), e->refused, asked,
			    (long long)((now - e->since_us + SEC_US - 1) / SEC_US), e->what, held);
	blacklist_arm(b);
}

/* What is counted of SOURCE; NULL: nothing more is. */
static struct blacklist_entry *entry_counted(struct blacklist *b, const struct addr *source, const char *what)
{
	struct addr_range of = source_of(source);
	int64_t now = loop_now_us(b->loop);
	struct slot *s;

	if (!b->par.after || !addr_is_set(source))
		return NULL;
	s = slot_find(b, &of);
	if (!s)
		s = slot_alloc(b, &of);
	if (s->e.until_us)
		return NULL;
	if ((!s->e.refused && !s->e.asked) || now - s->e.since_us > b->par.within_us) {
		s->e.since_us = now;
		s->e.refused = s->e.asked = 0;
	}
	s->e.seen_us = now;
	snprintf(s->e.what, sizeof(s->e.what), "%s", what);
	/* from the wire, and shown in columns */
	for (char *c = s->e.what; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return &s->e;
}

static void entry_judge(struct blacklist *b, struct blacklist_entry *e)
{
	if (e->refused + e->asked / ASKED_AS_ONE >= b->par.after)
		entry_enters(b, e, loop_now_us(b->loop));
}

void blacklist_note(struct blacklist *b, const struct addr *source, const char *what)
{
	struct blacklist_entry *e = entry_counted(b, source, what);

	if (!e)
		return;
	e->refused++;
	entry_judge(b, e);
}

void blacklist_note_asked(struct blacklist *b, const struct addr *source)
{
	struct blacklist_entry *e = entry_counted(b, source, "no credentials");

	if (!e)
		return;
	e->asked++;
	entry_judge(b, e);
}

void blacklist_absolve(struct blacklist *b, const struct addr *source)
{
	struct addr_range of = source_of(source);
	struct slot *s = slot_find(b, &of);

	if (s && !s->e.until_us)
		slot_free(b, s);
}

bool blacklist_drops(struct blacklist *b, const struct addr *source)
{
	struct addr_range of;
	struct slot *s;

	/* as good as always */
	if (!b->listed)
		return false;
	of = source_of(source);
	s = slot_find(b, &of);
	if (!s || !s->e.until_us)
		return false;
	s->e.dropped++;
	s->e.seen_us = loop_now_us(b->loop);
	return true;
}

int blacklist_forgive(struct blacklist *b, const struct addr *source)
{
	struct addr_range of = source_of(source);
	struct slot *s = slot_find(b, &of);

	if (!s || !s->e.until_us)
		return ENOENT;
	entry_leaves(b, s, "by the operator's will");
	blacklist_arm(b);
	return 0;
}

unsigned blacklist_count(const struct blacklist *b)
{
	return b->listed;
}

const struct blacklist_entry *blacklist_next(const struct blacklist *b, unsigned *atp)
{
	while (*atp < BLACKLIST_ROOM) {
		const struct slot *s = &b->slots[(*atp)++];

		if (s->used)
			return &s->e;
	}
	return NULL;
}
