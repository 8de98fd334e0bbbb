/* SPDX-License-Identifier: GPL-2.0-only */
/* All that says which way calls go, as one list of rules: the first that takes a call decides. */
#include <string.h>

#include "config.h"

_Static_assert(CONFIG_MAX_SPANS <= 32, "a bit for each span");

static struct config_rule *next_rule(struct config *c, enum config_rule_kind kind, const char *name)
{
	struct config_rule *r = &c->rules[c->nrules++];

	*r = (struct config_rule){.kind = kind, .name = name};
	return r;
}

static void add_route(struct config *c, const struct config_route *t)
{
	struct config_rule *r = next_rule(c, RULE_ROUTE, t->name);

	r->file = t->file;
	r->line = t->line;
	r->from_spans = t->from_spans;
	memcpy(r->from_peers, t->from_peers, sizeof(r->from_peers));
	r->called = &t->called;
	r->calling = &t->calling;
	r->types = t->types;
	r->reject = t->reject;
	r->peers = t->peers.count ? &t->peers : NULL;
	r->spans = t->to.count && t->to.list[0].kind == END_GROUP ? &c->groups[t->group].spans
		   : t->spans.count				  ? &t->spans
								  : NULL;
	r->rewrites = t;
}

static void add_endpoint(struct config *c, unsigned peer)
{
	struct config_peer *p = &c->peers[peer];
	struct config_rule *r = next_rule(c, RULE_ENDPOINT, "endpoint");

	p->self = (struct config_targets){.count = 1, .line = p->line, .list = {{.peer = peer}}};
	memcpy(p->self.list[0].name, p->name, sizeof(p->self.list[0].name));
	r->file = p->file;
	r->line = p->line;
	r->from_spans = UINT32_MAX;
	r->called = &p->numbers;
	r->peers = &p->self;
}

static void add_accept(struct config *c, unsigned span)
{
	const struct config_span *s = &c->spans[span];
	struct config_rule *r = next_rule(c, RULE_ACCEPT, "accept");

	r->file = s->file;
	r->line = s->file_line;
	r->from_spans = 1u << span;
	r->called = &s->accept;
	r->peers = &s->to;
}

static void add_dial(struct config *c)
{
	struct config_rule *r = next_rule(c, RULE_DIAL, "dial");

	r->file = c->file;
	for (unsigned i = 0; i < c->npeers; i++)
		r->from_peers[i / 32] |= 1u << i % 32;
}

void config_make_rules(struct config *c)
{
	c->nrules = 0;
	for (unsigned i = 0; i < c->nroutes; i++)
		add_route(c, &c->routes[i]);
	for (unsigned i = 0; i < c->npeers; i++)
		if (c->peers[i].endpoint && c->peers[i].numbers.count)
			add_endpoint(c, i);
	for (unsigned i = 0; i < c->nspans; i++)
		if (c->spans[i].accept.count)
			add_accept(c, i);
	add_dial(c);
}
