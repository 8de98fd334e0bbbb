/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_name.h"

#include <string.h>

#include "nearest.h"

/* COUNT items of SIZE octets that begin with their name. */
struct names {
	const char *kind;
	const char *items;
	size_t size;
	unsigned count;
};

struct place {
	unsigned file, line;
	const char *key;
};

static bool find(struct load *l, const struct names *n, const struct place *p, const char *name, unsigned *indexp)
{
	unsigned best = nearest_limit(name) + 1;
	const char *near = NULL;

	for (unsigned i = 0; i < n->count; i++) {
		const char *other = n->items + i * n->size;
		unsigned d = nearest_distance(name, other);

		if (!strcmp(name, other)) {
			*indexp = i;
			return true;
		}
		if (d < best) {
			best = d;
			near = other;
		}
	}
	if (near)
		load_error(l, p->file, p->line, "%s: there is no [%s %s] in %s, did you mean %s?", p->key, n->kind,
			   name, l->config->file, near);
	else
		load_error(l, p->file, p->line, "%s: there is no [%s %s] in %s", p->key, n->kind, name,
			   l->config->file);
	return false;
}

bool check_peer_name(struct load *l, unsigned file, unsigned line, const char *key, const char *name, unsigned *indexp)
{
	const struct config *c = l->config;
	const struct names n = {"peer", (const char *)c->peers, sizeof(c->peers[0]), c->npeers};

	return find(l, &n, &(struct place){file, line, key}, name, indexp);
}

bool check_group_name(struct load *l, unsigned file, unsigned line, const char *key, const char *name, unsigned *indexp)
{
	const struct config *c = l->config;
	const struct names n = {"group", (const char *)c->groups, sizeof(c->groups[0]), c->ngroups};

	return find(l, &n, &(struct place){file, line, key}, name, indexp);
}
