/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/peer_targets.h"

#include <string.h>

void peer_targets_init(struct peer_targets *p, const struct sip_hop *hop)
{
	memset(p, 0, sizeof(*p));
	if (hop)
		p->targets = targets_of(hop);
	else
		p->by_name = true;
}

void peer_targets_take(struct peer_targets *p, const struct resolver_news *news)
{
	int64_t held_until_us[SIP_MAX_TARGETS] = {0};

	for (unsigned i = 0; i < news->targets.count; i++) {
		int before = targets_find(&p->targets, &news->targets.list[i].hop);

		if (before >= 0)
			held_until_us[i] = p->held_until_us[before];
	}
	memcpy(p->held_until_us, held_until_us, sizeof(held_until_us));
	p->targets = news->targets;
	p->outcome = news->outcome;
	p->looked_up = true;
}

struct peer_course peer_targets_course(const struct peer_targets *p, uint32_t down, int64_t now_us, uint64_t *seed)
{
	struct peer_course c = {.count = p->targets.count};
	uint8_t order[SIP_MAX_TARGETS];
	uint32_t held = down;

	for (unsigned i = 0; i < p->targets.count; i++)
		held |= (uint32_t)(p->held_until_us[i] > now_us) << i;
	targets_order(&p->targets, held, seed, order);
	for (unsigned i = 0; i < c.count; i++)
		c.hops[i] = p->targets.list[order[i]].hop;
	return c;
}

bool peer_targets_hold(struct peer_targets *p, const struct sip_hop *hop, int64_t until_us, int64_t now_us)
{
	int i = targets_find(&p->targets, hop);
	bool was_held = i >= 0 && p->held_until_us[i] > now_us;

	if (i >= 0)
		p->held_until_us[i] = until_us;
	return !was_held;
}

bool peer_targets_release(struct peer_targets *p, const struct sip_hop *hop, int64_t now_us)
{
	int i = targets_find(&p->targets, hop);
	bool was_held = i >= 0 && p->held_until_us[i] > now_us;

	if (i >= 0)
		p->held_until_us[i] = 0;
	return was_held;
}

bool peer_targets_all_held(const struct peer_targets *p, int64_t now_us)
{
	for (unsigned i = 0; i < p->targets.count; i++)
		if (p->held_until_us[i] <= now_us)
			return false;
	return p->targets.count > 0;
}
