/* SPDX-License-Identifier: GPL-2.0-only */
#include "target.h"

#include <string.h>

struct sip_targets targets_of(const struct sip_hop *hop)
{
	struct sip_targets ts = {.count = 1};

	ts.list[0].hop = *hop;
	return ts;
}

static bool hop_equal(const struct sip_hop *a, const struct sip_hop *b)
{
	return a->transport == b->transport && addr_equal(&a->addr, &b->addr);
}

int targets_find(const struct sip_targets *ts, const struct sip_hop *hop)
{
	for (unsigned i = 0; i < ts->count; i++)
		if (hop_equal(&ts->list[i].hop, hop))
			return (int)i;
	return -1;
}

bool targets_add(struct sip_targets *ts, const struct sip_target *t)
{
	if (ts->count == SIP_MAX_TARGETS || targets_find(ts, &t->hop) >= 0)
		return false;
	ts->list[ts->count++] = *t;
	return true;
}

bool targets_equal(const struct sip_targets *a, const struct sip_targets *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		const struct sip_target *s = &a->list[i], *t = &b->list[i];

		if (!hop_equal(&s->hop, &t->hop) || s->priority != t->priority || s->weight != t->weight)
			return false;
	}
	return true;
}

/* splitmix64: any seed will do, and each call moves it on. */
static uint32_t lot(uint64_t *seed)
{
	uint64_t z = *seed += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

/* The first targets of the records of the lowest priority that are not DONE, those of weight 0 in front (RFC 2782). */
static unsigned candidates(const struct sip_targets *ts, uint32_t done, uint8_t *list)
{
	unsigned priority = UINT16_MAX, n = 0;

	for (unsigned i = 0; i < ts->count; i++)
		if (!(done >> i & 1u) && ts->list[i].priority < priority)
			priority = ts->list[i].priority;
	for (unsigned heavy = 0; heavy < 2; heavy++)
		for (unsigned i = 0; i < ts->count; i++) {
			const struct sip_target *t = &ts->list[i];
			bool first = !i || ts->list[i - 1].group != t->group;

			if (!(done >> i & 1u) && first && t->priority == priority && (t->weight != 0) == heavy)
				list[n++] = (uint8_t)i;
		}
	return n;
}

/* The one whose running sum of weights is the first to reach a number from 0 to their sum, drawn by lot. */
static unsigned draw(const struct sip_targets *ts, uint32_t done, uint64_t *seed)
{
	uint8_t list[SIP_MAX_TARGETS];
	unsigned n = candidates(ts, done, list), i;
	uint32_t sum = 0, reach, at = 0;

	for (i = 0; i < n; i++)
		sum += ts->list[list[i]].weight;
	reach = (uint32_t)((uint64_t)lot(seed) * (sum + 1) >> 32);
	for (i = 0; i + 1 < n; i++) {
		at += ts->list[list[i]].weight;
		if (at >= reach)
			break;
	}
	return list[i];
}

void targets_order(const struct sip_targets *ts, uint32_t held, uint64_t *seed, uint8_t *order)
{
	uint8_t by_lot[SIP_MAX_TARGETS];
	uint32_t done = 0;
	unsigned n = 0, at = 0;

	while (n < ts->count) {
		unsigned i = draw(ts, done, seed), group = ts->list[i].group;

		for (; i < ts->count && ts->list[i].group == group; i++) {
			by_lot[n++] = (uint8_t)i;
			done |= 1u << i;
		}
	}
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < n; i++)
			if ((held >> by_lot[i] & 1u) == pass)
				order[at++] = by_lot[i];
}
