/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_route.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "check_name.h"
#include "load.h"
#include "numbers.h"

#define ROUTE_LINE(l, i, key) load_line(&(l)->routes[i], SECTION_ROUTE, key)
#define ROUTE_SET(l, i, key)  load_is_set(&(l)->routes[i], SECTION_ROUTE, key)
#define ROUTE_BAD(l, i, key)  load_is_bad(&(l)->routes[i], SECTION_ROUTE, key)

/* ---- what from, to and spans name ---- */

/* The spans of E, in the order of their numbers, behind those in S. A number alone must be there; of a range, one. */
static void add_spans(struct load *l, unsigned line, const char *key, const struct config_end *e,
		      struct config_spans *s)
{
	const struct config *c = l->config;
	unsigned before = s->count;

	for (unsigned number = e->first; number <= e->last; number++)
		for (unsigned i = 0; i < c->nspans; i++)
			if (c->spans[i].number == number && s->count < CONFIG_MAX_SPANS)
				s->list[s->count++] = i;
	if (s->count > before)
		return;
	if (e->first == e->last)
		load_error(l, 0, line, "%s: there is no [span %u] in %s", key, e->first, c->spans_dir);
	else
		load_error(l, 0, line, "%s: there is no span from %u to %u in %s", key, e->first, e->last,
			   c->spans_dir);
}

static void check_group(struct load *l, unsigned i)
{
	struct config_group *g = &l->config->groups[i];

	for (unsigned j = 0; j < g->ends.count; j++)
		add_spans(l, g->ends.line, "spans", &g->ends.list[j], &g->spans);
	if (!g->ends.count && !load_is_bad(&l->groups[i], SECTION_GROUP, "spans"))
		load_error(l, 0, g->line, "[group %s]: spans is missing", g->name);
}

static void set_bit(uint32_t *bits, unsigned i)
{
	bits[i / 32] |= 1u << i % 32;
}

static void check_from_end(struct load *l, struct config_route *r, const struct config_end *e)
{
	const struct config *c = l->config;
	struct config_spans spans = {0};
	unsigned i;

	if (e->kind == END_PEER) {
		if (check_peer_name(l, 0, r->from.line, "from", e->name, &i))
			set_bit(r->from_peers, i);
		return;
	}
	if (e->kind == END_SPAN)
		add_spans(l, r->from.line, "from", e, &spans);
	else if (check_group_name(l, 0, r->from.line, "from", e->name, &i))
		spans = c->groups[i].spans;
	for (i = 0; i < spans.count; i++)
		set_bit(&r->from_spans, spans.list[i]);
}

static void check_to_end(struct load *l, struct config_route *r, const struct config_end *e)
{
	struct config_target *t = &r->peers.list[r->peers.count];

	switch (e->kind) {
	case END_SPAN:
		add_spans(l, r->to.line, "to", e, &r->spans);
		break;
	case END_PEER:
		memcpy(t->name, e->name, sizeof(t->name));
		t->weight = e->weight;
		if (check_peer_name(l, 0, r->to.line, "to", e->name, &t->peer))
			r->peers.count++;
		r->peers.line = r->to.line;
		break;
	case END_GROUP:
		check_group_name(l, 0, r->to.line, "to", e->name, &r->group);
		break;
	}
}

/* A call crosses from the line to SIP, or back. */
static void check_direction(struct load *l, struct config_route *r)
{
	bool to_peers = r->to.count && r->to.list[0].kind == END_PEER;
	const struct config *c = l->config;

	for (unsigned j = 0; j < r->from.count && !r->reject; j++)
		if (to_peers == (r->from.list[j].kind == END_PEER)) {
			load_error(l, 0, r->from.line,
				   to_peers ? "from: a call from a peer cannot go to a peer, as to has it in line %u"
					    : "from: a call from a span cannot go to a span, as to has it in line %u",
				   r->to.line);
			return;
		}
	for (unsigned i = 0; i < c->nspans && !r->from.count && (to_peers || r->reject); i++)
		set_bit(&r->from_spans, i);
	for (unsigned i = 0; i < c->npeers && !r->from.count && (!to_peers || r->reject); i++)
		set_bit(r->from_peers, i);
}

static bool any_enabled(const struct config *c, const struct config_spans *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (c->spans[s->list[i]].enabled)
			return true;
	return !s->count;
}

static void check_ends(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	struct config_route *r = &l->config->routes[i];

	if (ROUTE_BAD(l, i, "from") || ROUTE_BAD(l, i, "to") || ROUTE_BAD(l, i, "reject"))
		return;
	if (r->reject && r->to.count)
		load_error(l, 0, ROUTE_LINE(l, i, "reject"), "reject: the call goes somewhere, by to in line %u",
			   r->to.line);
	if (!r->reject && !r->to.count) {
		load_error(l, 0, r->line, "[route %s]: either to or reject must be set", r->name);
		return;
	}
	for (unsigned j = 0; j < r->from.count; j++)
		check_from_end(l, r, &r->from.list[j]);
	for (unsigned j = 0; j < r->to.count; j++)
		check_to_end(l, r, &r->to.list[j]);
	check_direction(l, r);
	if (r->to.count && !any_enabled(c, r->to.list[0].kind == END_GROUP ? &c->groups[r->group].spans : &r->spans))
		load_warning(l, 0, r->to.line, "to: none of its spans is enabled");
}

/* ---- rewriting ---- */

static void check_form(struct load *l, unsigned i, const char *key, enum config_form form)
{
	const struct config_numbering *n = &l->config->numbering;
	const struct config_route *r = &l->config->routes[i];
	const char *missing = NULL;

	if (form == FORM_KEEP)
		return;
	if (!n->country_code[0])
		missing = "country_code";
	else if (form == FORM_LOCAL && !n->area_code[0] && !r->area_code[0])
		missing = "area_code";
	else if (form == FORM_DIALLED && !n->international_prefix[0])
		missing = "international_prefix";
	if (missing)
		load_error(l, 0, ROUTE_LINE(l, i, key), "%s: %s needs %s in [numbering]", key, config_form_name(form),
			   missing);
}

/* What every number that a pattern takes would become. A form changes the length too, so it is left to the call. */
static void check_lengths(struct load *l, unsigned i)
{
	const struct config_route *r = &l->config->routes[i];
	const struct config_rewrite *w = &r->called_rewrite;
	unsigned line = ROUTE_LINE(l, i, w->strip ? "called_strip" : "called_prepend");
	const char *key = w->strip ? "called_strip" : "called_prepend";

	for (unsigned j = 0; j < r->called.count && w->form == FORM_KEEP && (w->strip || w->prepend[0]); j++) {
		size_t fewest, most;

		numbers_digits(r->called.pattern[j], &fewest, &most);
		if (most <= w->strip && !w->prepend[0])
			load_error(l, 0, line, "%s: nothing is left of %s in line %u", key, r->called.pattern[j],
				   r->called.line[j]);
		else if (fewest > w->strip && fewest - w->strip + strlen(w->prepend) >= ISDN_NUMBER_OCTETS)
			load_error(l, 0, line, "%s: %s in line %u becomes longer than %d digits", key,
				   r->called.pattern[j], r->called.line[j], ISDN_NUMBER_OCTETS - 1);
	}
}

static void check_stray(struct load *l, unsigned i)
{
	static const char *const keys[] = {"called_form",  "called_strip", "called_prepend", "called_type",
					   "called_plan",  "calling_form", "calling_strip",  "calling_prepend",
					   "calling_type", "calling_plan"};

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		if (ROUTE_SET(l, i, keys[k]))
			load_warning(l, 0, ROUTE_LINE(l, i, keys[k]), "%s: the call is rejected, whatever its numbers",
				     keys[k]);
}

static void check_rewriting(struct load *l, unsigned i)
{
	const struct config_route *r = &l->config->routes[i];

	if (r->reject) {
		check_stray(l, i);
		return;
	}
	check_form(l, i, "called_form", r->called_rewrite.form);
	check_form(l, i, "calling_form", r->calling_rewrite.form);
	check_lengths(l, i);
}

/* ---- rules that no call comes to ---- */

static bool takes_all_of(const struct config_route *a, const struct config_route *b)
{
	bool types = !a->types || (b->types && !(b->types & ~a->types));

	return types && numbers_cover(&a->called, &b->called) && numbers_cover(&a->calling, &b->calling);
}

/* Takes the sources of A out of what is left. False: nothing is left. */
static bool take_from(const struct config_route *a, uint32_t *spans, uint32_t *peers)
{
	uint32_t left = *spans &= ~a->from_spans;

	for (unsigned w = 0; w < CONFIG_PEER_WORDS; w++)
		left |= peers[w] &= ~a->from_peers[w];
	return left;
}

static bool meet(const struct config_route *a, uint32_t spans, const uint32_t *peers)
{
	uint32_t common = a->from_spans & spans;

	for (unsigned w = 0; w < CONFIG_PEER_WORDS; w++)
		common |= a->from_peers[w] & peers[w];
	return common;
}

static void check_shadow(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	const struct config_route *r = &c->routes[i], *first = NULL;
	uint32_t spans = r->from_spans, peers[CONFIG_PEER_WORDS];
	unsigned others = 0;

	memcpy(peers, r->from_peers, sizeof(peers));
	for (unsigned j = 0; j < i; j++) {
		const struct config_route *a = &c->routes[j];

		if (!meet(a, spans, peers) || !takes_all_of(a, r))
			continue;
		if (first)
			others++;
		else
			first = a;
		if (take_from(a, &spans, peers))
			continue;
		load_warning(l, 0, r->line, "[route %s]: no call comes to it, [route %s] in line %u takes them all%s",
			     r->name, first->name, first->line, others ? ", with others" : "");
		return;
	}
}

/* ---- spans whose calls go by rules alone ---- */

static bool is_served(const struct config *c, unsigned span)
{
	for (unsigned i = 0; i < c->nroutes; i++)
		if (c->routes[i].from_spans & 1u << span)
			return true;
	for (unsigned i = 0; i < c->npeers; i++)
		if (c->peers[i].endpoint && c->peers[i].numbers.count)
			return true;
	return false;
}

static void check_span_alone(struct load *l, unsigned i)
{
	const struct load_seen *seen = &l->spans[i][SECTION_SPAN];
	struct config_span *s = &l->config->spans[i];

	if (!seen->line || s->to.count || load_is_bad(seen, SECTION_SPAN, "peer"))
		return;
	if (!is_served(l->config, i))
		load_error(l, i + 1, seen->line, "[span %u]: peer is missing, and no [route NAME] is for its calls",
			   s->number);
	else if (load_is_set(seen, SECTION_SPAN, "accept") && s->accept.count)
		load_error(l, i + 1, load_line(seen, SECTION_SPAN, "accept"),
			   "accept: where should these calls go? peer is missing");
	s->accept.count = 0;
}

void check_routes(struct load *l)
{
	const struct config *c = l->config;
	bool bad = false;

	for (unsigned i = 0; i < c->ngroups; i++)
		check_group(l, i);
	for (unsigned i = 0; i < c->nroutes; i++) {
		check_ends(l, i);
		check_rewriting(l, i);
		for (unsigned k = 0; k < TABLE_MAX_KEYS; k++)
			bad |= l->routes[i].key_bad[k];
	}
	for (unsigned i = 0; i < c->nroutes && !bad; i++)
		check_shadow(l, i);
	for (unsigned i = 0; i < c->nspans && !bad; i++)
		check_span_alone(l, i);
}
