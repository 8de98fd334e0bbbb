/* SPDX-License-Identifier: GPL-2.0-only */
#include "load_named.h"

#include <stdio.h>
#include <string.h>

/* Where the sections of a kind are kept. Each begins with its name. */
struct shelf {
	enum table_id id;
	char *items;
	size_t size, line_at, file_at;
	unsigned *count, max;
	struct load_seen *seen;
};

#define SHELF(id_, list, type, counter, most, marks)                                                                   \
	((struct shelf){.id = (id_),                                                                                   \
			.items = (char *)(list),                                                                       \
			.size = sizeof(struct type),                                                                   \
			.line_at = offsetof(struct type, line),                                                        \
			.file_at = offsetof(struct type, file),                                                        \
			.count = &(counter),                                                                           \
			.max = (most),                                                                                 \
			.seen = (marks)})

_Static_assert(!offsetof(struct config_peer, name) && !offsetof(struct config_group, name) &&
		       !offsetof(struct config_route, name),
	       "a shelf's items begin with their name");

static bool find_shelf(struct load *l, enum table_id id, struct shelf *sp)
{
	struct config *c = l->config;

	switch (id) {
	case SECTION_PEER:
	case SECTION_ENDPOINT:
		*sp = SHELF(id, c->peers, config_peer, c->npeers, CONFIG_MAX_PEERS, l->peers);
		return true;
	case SECTION_GROUP:
		*sp = SHELF(id, c->groups, config_group, c->ngroups, CONFIG_MAX_GROUPS, l->groups);
		return true;
	case SECTION_ROUTE:
		*sp = SHELF(id, c->routes, config_route, c->nroutes, CONFIG_MAX_ROUTES, l->routes);
		return true;
	default:
		return false;
	}
}

static unsigned line_of(const struct shelf *h, unsigned i)
{
	unsigned line;

	memcpy(&line, h->items + i * h->size + h->line_at, sizeof(line));
	return line;
}

/* Peers and endpoints stand on the same shelf. */
static bool is_of(const struct shelf *h, unsigned i)
{
	const struct config_peer *p = (const struct config_peer *)(const void *)(h->items + i * h->size);

	return (h->id != SECTION_PEER && h->id != SECTION_ENDPOINT) || p->endpoint == (h->id == SECTION_ENDPOINT);
}

void load_named_section(struct load *l, const struct table_section *s, const char *name, unsigned line)
{
	const char *fault = value_name_fault(name), *file = l->config->file;
	struct shelf h;
	char *item;

	if (!find_shelf(l, (enum table_id)(s - table_sections), &h))
		return;
	l->peer_tried |= h.id == SECTION_PEER || h.id == SECTION_ENDPOINT;
	if (fault) {
		load_error(l, l->file, line, "[%s %s]: %s", s->name, name, fault);
		return;
	}
	for (unsigned i = 0; i < *h.count; i++) {
		if (strcmp(h.items + i * h.size, name))
			continue;
		load_error(l, l->file, line, "[%s %s]: duplicate section, the first is in line %u", s->name, name,
			   line_of(&h, i));
		return;
	}
	if (*h.count == h.max) {
		load_error(l, l->file, line, "[%s %s]: there is room for %u %ss only", s->name, name, h.max, s->name);
		return;
	}
	item = h.items + *h.count * h.size;
	snprintf(item, CONFIG_NAME_OCTETS, "%s", name);
	memcpy(item + h.file_at, &file, sizeof(file));
	memcpy(item + h.line_at, &line, sizeof(line));
	table_set_defaults(s, item);
	if (h.id == SECTION_ENDPOINT)
		((struct config_peer *)item)->endpoint = true;
	l->seen = &h.seen[(*h.count)++];
	l->seen->line = line;
	l->base = item;
	l->section = s;
}

void load_named_each(struct load *l, void (*handler)(struct load *l, const struct table_section *s,
						     const struct load_seen *seen, const char *name))
{
	for (unsigned id = 0; id < SECTION_COUNT; id++) {
		struct shelf h;

		if (!find_shelf(l, (enum table_id)id, &h))
			continue;
		for (unsigned i = 0; i < *h.count; i++)
			if (is_of(&h, i))
				handler(l, &table_sections[id], &h.seen[i], h.items + i * h.size);
	}
}
