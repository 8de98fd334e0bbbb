/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_allow.h"

/* A range within another's is told apart by its length; of two that are equal nobody could say whose they are. */
static bool is_taken(const struct config_peer *p, const struct addr_range *r)
{
	for (unsigned i = 0; i < p->allow.count; i++)
		if (addr_range_equal(&p->allow.list[i], r))
			return true;
	return false;
}

void check_allow(struct load *l, unsigned peer)
{
	const struct config *c = l->config;
	const struct config_ranges *a = &c->peers[peer].allow;
	char text[ADDR_TEXT_OCTETS];

	for (unsigned i = 0; i < a->count; i++)
		for (unsigned j = 0; j < peer; j++)
			if (is_taken(&c->peers[j], &a->list[i]))
				load_error(l, 0, a->line[i], "allow: %s belongs to [peer %s] in line %u",
					   addr_range_print(&a->list[i], text), c->peers[j].name, c->peers[j].line);
}
