/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/route/route_show.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/route/parties.h"
#include "gateway/route/route.h"

static void show_peer(const struct config_peer *p, bool more, FILE *f)
{
	char text[ADDR_TEXT_OCTETS];

	fprintf(f, "  %s:%u: [%s %s]: INVITE to %s", p->file, p->line, p->endpoint ? "endpoint" : "peer", p->name,
		p->endpoint  ? "where it is registered"
		: p->host[0] ? p->host
			     : addr_print(&p->addr, text));
	if (p->host[0] && p->port)
		fprintf(f, ":%u", p->port);
	if (p->host[0])
		fprintf(f, " (%s)",
			p->port		   ? "the DNS has its addresses"
			: p->any_transport ? "the DNS has its transport, servers and addresses"
					   : "the DNS has its servers and addresses");
	if (more)
		fprintf(f, "; without a response in %u ms, or after 408 or 5xx:", p->failover_timeout_ms);
	fprintf(f, "\n");
}

static void show_peers(const struct config *c, const struct config_rule *rule, FILE *f)
{
	const struct config_targets *t = rule->peers;

	if (rule->kind == RULE_ENDPOINT) {
		show_peer(&c->peers[t->list[0].peer], false, f);
		return;
	}
	fprintf(f, "  %s:%u: %s", rule->file, t->line, rule->kind == RULE_ACCEPT ? "peer:" : "to: peer");
	for (unsigned i = 0; i < t->count; i++) {
		fprintf(f, "%s %s", i ? "," : "", t->list[i].name);
		if (t->list[i].weight)
			fprintf(f, ":%u", t->list[i].weight);
	}
	fprintf(f, "%s\n", t->count < 2 ? "" : t->list[0].weight ? ", by weight" : ", in this order");
	for (unsigned i = 0; i < t->count; i++)
		show_peer(&c->peers[t->list[i].peer], i + 1 < t->count, f);
}

static void show_dial(const struct config *c, const struct route_result *r, const char *called, FILE *f)
{
	for (unsigned i = 0; i < r->nspans; i++) {
		const struct config_span *s = &c->spans[r->spans[i]];
		int at = route_pattern(&s->dial, called);

		fprintf(f, "  %s:%u: %sspan %u: dial pattern %s takes it\n", s->file, s->dial.line[at],
			i ? "no free channel: " : "", s->number, s->dial.pattern[at]);
	}
}

static void show_spans(const struct config *c, const struct config_rule *rule, const struct route_result *r, FILE *f)
{
	const struct config_route *t = rule->rewrites;

	fprintf(f, "  %s:%u: to: ", t->file, t->to.line);
	if (t->to.list[0].kind == END_GROUP) {
		const struct config_group *g = &c->groups[t->group];

		fprintf(f, "group %s\n  %s:%u: [group %s]: %s, %s\n", g->name, g->file, g->ends.line, g->name,
			g->spans.count > 1 ? "spans" : "a span", config_spread_name(g->spans.spread));
	} else {
		fprintf(f, "%s\n", r->nspans > 1 ? "spans, in this order" : "a span");
	}
	for (unsigned i = 0; i < r->nspans; i++) {
		const struct config_span *s = &c->spans[r->spans[i]];

		fprintf(f, "  %s:%u: %sspan %u\n", s->file, s->file_line, i ? "no free channel: " : "", s->number);
	}
}

/* By which pattern of KEY; nothing, where it is not set. */
static void show_pattern(const struct config_rule *rule, const char *key, const struct config_numbers *n,
			 const char *number, FILE *f)
{
	int at = route_pattern(n, number);

	if (at >= 0 && n->line[at])
		fprintf(f, "  %s:%u: %s pattern %s takes %s\n", rule->file, n->line[at], key, n->pattern[at],
			number[0] ? number : "a call without a number");
}

static void show_accept(const struct config_rule *rule, const char *called, FILE *f)
{
	int at = route_pattern(rule->called, called);

	if (rule->called->line[at])
		fprintf(f, "  %s:%u: accept pattern %s takes it\n", rule->file, rule->called->line[at],
			rule->called->pattern[at]);
	else
		fprintf(f, "  %s: accept is not set, its default %s takes it\n", rule->file, rule->called->pattern[at]);
}

static const char *type_name(const struct isdn_number *n)
{
	for (unsigned t = TYPE_UNKNOWN; t < TYPE_COUNT; t++)
		if (config_number_type_q931((enum config_number_type)t) == n->type)
			return config_number_type_name((enum config_number_type)t);
	return "other";
}

static void show_number(const char *what, const struct isdn_number *was, const struct isdn_number *is, bool to_line,
			FILE *f)
{
	char before[SIP_USER_OCTETS], after[SIP_USER_OCTETS];

	parties_number_to_sip(was, before, sizeof(before));
	parties_number_to_sip(is, after, sizeof(after));
	if (!strcmp(before, after) && was->type == is->type && was->plan == is->plan)
		return;
	fprintf(f, "  %s %s becomes ", what, before[0] ? before : "(none)");
	if (to_line)
		fprintf(f, "%s, type %s, plan %u\n", is->digits, type_name(is), is->plan);
	else
		fprintf(f, "%s\n", after[0] ? after : "(none)");
}

static void show_route(const struct config *c, const struct route_query *q, const struct route_result *r, FILE *f)
{
	const struct config_rule *rule = &c->rules[r->rule];
	char called[SIP_USER_OCTETS], calling[SIP_USER_OCTETS];

	parties_number_to_sip(&q->parties->called, called, sizeof(called));
	parties_number_to_sip(&q->parties->calling, calling, sizeof(calling));
	if (rule->kind == RULE_ACCEPT)
		show_accept(rule, called, f);
	if (rule->kind == RULE_ENDPOINT)
		fprintf(f, "  %s:%u: numbers: pattern %s takes it\n", rule->file,
			rule->called->line[route_pattern(rule->called, called)],
			rule->called->pattern[route_pattern(rule->called, called)]);
	if (rule->kind == RULE_ROUTE) {
		fprintf(f, "  %s:%u: [route %s] takes it\n", rule->file, rule->line, rule->name);
		show_pattern(rule, "called", rule->called, called, f);
		show_pattern(rule, "calling", rule->calling, calling, f);
	}
	if (r->cause)
		return;
	show_number("the called number", &q->parties->called, &r->parties.called, !q->from_line, f);
	show_number("the calling number", &q->parties->calling, &r->parties.calling, !q->from_line, f);
	if (q->from_line)
		show_peers(c, rule, f);
	else if (rule->kind == RULE_DIAL)
		show_dial(c, r, called, f);
	else
		show_spans(c, rule, r, f);
}

static int show(const struct config *c, const struct route_query *q, FILE *f)
{
	struct route_result r;

	route_find(c, q, &r);
	if (r.rule != ROUTE_NONE)
		show_route(c, q, &r, f);
	if (r.cause)
		fprintf(f, "  refused: %s: cause %u, SIP status %u\n", r.why, r.cause, r.status);
	return r.cause ? ENOENT : 0;
}

static int show_from_span(const struct config *c, unsigned span, const struct isdn_parties *p, const char *said,
			  FILE *f)
{
	const struct route_query q = {.from_line = true, .from = span, .parties = p, .said = said};
	const struct config_span *s = &c->spans[span];

	fprintf(f, "%s from span %u (%s:%u):\n", said, s->number, s->file, s->file_line);
	if (s->enabled)
		return show(c, &q, f);
	fprintf(f, "  refused: the span is not enabled\n");
	return ENOENT;
}

static int show_from_peer(const struct config *c, unsigned peer, const struct isdn_parties *p, const char *said,
			  FILE *f)
{
	struct isdn_parties own = *p;
	const struct route_query q = {.from = peer, .parties = &own, .said = said};

	if (c->peers[peer].endpoint)
		parties_keep_own(&c->peers[peer].numbers, &own.calling);
	fprintf(f, "%s from peer %s (%s:%u):\n", said, c->peers[peer].name, c->peers[peer].file, c->peers[peer].line);
	return show(c, &q, f);
}

static int show_from_all(const struct config *c, const struct isdn_parties *p, const char *said, FILE *f)
{
	const struct route_query any_peer = {.parties = p, .said = said};
	int refused = ENOENT;

	for (unsigned i = 0; i < c->nspans; i++)
		if (c->spans[i].enabled && !show_from_span(c, i, p, said, f))
			refused = 0;
	if (!c->nroutes) { /* then it is the same from each of them */
		fprintf(f, "%s from any peer:\n", said);
		return show(c, &any_peer, f) ? refused : 0;
	}
	for (unsigned i = 0; i < c->npeers; i++)
		if (!show_from_peer(c, i, p, said, f))
			refused = 0;
	return refused;
}

/* Returns 0 or EDOM. */
static int read_type(const char *name, uint8_t *typep)
{
	for (unsigned t = TYPE_UNKNOWN; t < TYPE_COUNT; t++)
		if (!strcmp(name, config_number_type_name((enum config_number_type)t))) {
			*typep = (uint8_t)config_number_type_q931((enum config_number_type)t);
			return 0;
		}
	return EDOM;
}

int route_show(const struct config *c, const struct route_show_params *p, FILE *f)
{
	struct isdn_parties parties = {0};
	char number[12];

	parties_number_from_sip(p->called, false, &parties.called);
	parties_number_from_sip(p->calling ? p->calling : "", false, &parties.calling);
	if (p->type && read_type(p->type, &parties.called.type))
		return EDOM;
	if (!p->kind)
		return show_from_all(c, &parties, p->called, f);
	for (unsigned i = 0; !strcmp(p->kind, "span") && i < c->nspans; i++) {
		snprintf(number, sizeof(number), "%u", c->spans[i].number);
		if (!strcmp(number, p->name))
			return show_from_span(c, i, &parties, p->called, f);
	}
	for (unsigned i = 0; !strcmp(p->kind, "peer") && i < c->npeers; i++)
		if (!strcmp(c->peers[i].name, p->name))
			return show_from_peer(c, i, &parties, p->called, f);
	return EINVAL;
}
