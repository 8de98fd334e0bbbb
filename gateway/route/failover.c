/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/route/failover.h"

#include <stdio.h>
#include <string.h>

#include "gateway/call/cause.h"

_Static_assert(CONFIG_MAX_TARGETS <= 32, "a bit for each");

/* Smooth weighted round robin: every share is kept exactly, and the turns of one peer lie apart. */
static unsigned take_turn(const struct config_targets *t, struct failover_turns *turns)
{
	unsigned best = 0;
	int total = 0;

	for (unsigned i = 0; i < t->count; i++) {
		turns->credit[i] += (int)t->list[i].weight;
		total += (int)t->list[i].weight;
		if (turns->credit[i] > turns->credit[best])
			best = i;
	}
	turns->credit[best] -= total;
	return best;
}

void failover_order(const struct config_targets *t, uint32_t held, struct failover_turns *turns, struct failover *fp)
{
	unsigned at[CONFIG_MAX_TARGETS], first = take_turn(t, turns), n = 0;
	struct failover f = {0};

	/* without weights nobody has credit and the first is 0 */
	at[n++] = first;
	for (unsigned i = 0; i < t->count; i++) {
		unsigned to = n;

		if (i == first)
			continue;
		while (to > 1 && t->list[at[to - 1]].weight < t->list[i].weight) {
			at[to] = at[to - 1];
			to--;
		}
		at[to] = i;
		n++;
	}
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < t->count; i++) {
			if ((held >> at[i] & 1u) == pass)
				f.order[f.count++] = t->list[at[i]].peer;
		}
	*fp = f;
}

bool failover_may_move(unsigned status, unsigned cause)
{
	/* a gateway behind the peer may say with any status that the called number is busy or does not exist */
	if (cause == Q850_UNALLOCATED || (cause >= Q850_NORMAL && cause <= 23) || cause == Q850_INVALID_NUMBER)
		return false;
	return status == 408 || (status >= 500 && status < 600);
}

bool failover_may_try_server(unsigned status, bool remote)
{
	return status == 503 || !remote;
}

void failover_note(struct failover *f, const char *name, const char *why)
{
	size_t len = strlen(f->tried);

	snprintf(f->tried + len, sizeof(f->tried) - len, "%s: %s; ", name, why);
}

bool failover_any_t38(const struct config *c, const struct config_targets *t, unsigned peer)
{
	bool any = c->peers[peer].t38;

	for (unsigned i = 0; i < t->count; i++)
		any |= c->peers[t->list[i].peer].t38;
	return any;
}
