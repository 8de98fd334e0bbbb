/* SPDX-License-Identifier: GPL-2.0-only */
#include "server_health.h"

#include <string.h>

static int find(const struct server_health *s, const struct sip_hop *hop)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->list[i].hop.transport == hop->transport && addr_equal(&s->list[i].hop.addr, &hop->addr))
			return (int)i;
	return -1;
}

bool server_health_take(struct server_health *s, const struct sip_targets *targets)
{
	struct server_health now = {.count = targets->count};
	unsigned kept = 0;
	int i;

	for (unsigned n = 0; n < targets->count; n++) {
		now.list[n].hop = targets->list[n].hop;
		i = find(s, &now.list[n].hop);
		if (i < 0)
			continue;
		now.list[n].missed = s->list[i].missed;
		kept++;
	}
	/* the turn goes on behind the one that was asked last */
	i = s->count ? find(&now, &s->list[s->at].hop) : -1;
	now.at = i >= 0 ? (unsigned)i : now.count ? now.count - 1 : 0;
	*s = now;
	return kept < now.count;
}

const struct sip_hop *server_health_next(struct server_health *s)
{
	s->at = (s->at + 1) % s->count;
	return &s->list[s->at].hop;
}

unsigned server_health_answered(struct server_health *s)
{
	unsigned before = s->list[s->at].missed;

	s->list[s->at].missed = 0;
	return before;
}

unsigned server_health_missed(struct server_health *s)
{
	return ++s->list[s->at].missed;
}

unsigned server_health_least(const struct server_health *s)
{
	unsigned least = s->count ? s->list[0].missed : 0;

	for (unsigned i = 1; i < s->count; i++)
		if (s->list[i].missed < least)
			least = s->list[i].missed;
	return least;
}

unsigned server_health_of(const struct server_health *s, const struct sip_hop *hop)
{
	int i = find(s, hop);

	return i < 0 ? 0 : s->list[i].missed;
}
