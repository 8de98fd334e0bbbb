/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/route/route.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gateway/call/cause.h"
#include "gateway/route/parties.h"
#include "gateway/route/rewrite.h"

/* ---- numbers ---- */

/* How well N takes NUMBER, -1 for not at all: the signs before the '.' of the longest pattern, its '+' not counted. */
static int match(const struct config_numbers *n, const char *number)
{
	int whole, digits;

	whole = config_numbers_best(n, number);
	if (number[0] != '+')
		return whole;
	/* Only a pattern that begins with '+' itself can have taken more than nothing of it. */
	if (whole > 0)
		whole--;
	digits = config_numbers_best(n, number + 1);
	return whole > digits ? whole : digits;
}

static unsigned fit(const struct config_numbers *n, const char *number)
{
	unsigned f = config_numbers_fit(n, number);

	return number[0] == '+' ? f | config_numbers_fit(n, number + 1) : f;
}

int route_pattern(const struct config_numbers *n, const char *number)
{
	int best = match(n, number);

	for (unsigned i = 0; best >= 0 && i < n->count; i++) {
		struct config_numbers one = {.count = 1};

		memcpy(one.pattern[0], n->pattern[i], sizeof(one.pattern[0]));
		if (match(&one, number) == best)
			return (int)i;
	}
	return -1;
}

/* A list without a pattern is for calls without the number. */
static bool takes(const struct config_numbers *n, const char *number)
{
	return !n || (n->count ? match(n, number) >= 0 : !number[0]);
}

/* ---- rules ---- */

/* What rules look at. */
struct asked {
	bool from_line;
	unsigned from;
	unsigned type; /* bit 1 << enum config_number_type; 0: one that has no name */
	char called[SIP_USER_OCTETS], calling[SIP_USER_OCTETS];
};

static struct asked asked_of(const struct route_query *q)
{
	struct asked a = {.from_line = q->from_line, .from = q->from};

	for (unsigned t = TYPE_UNKNOWN; t < TYPE_COUNT; t++)
		if (config_number_type_q931((enum config_number_type)t) == q->parties->called.type)
			a.type = 1u << t;
	parties_number_to_sip(&q->parties->called, a.called, sizeof(a.called));
	parties_number_to_sip(&q->parties->calling, a.calling, sizeof(a.calling));
	return a;
}

/* True if R is for the call, but for its called number. */
static bool is_for(const struct config_rule *r, const struct asked *a)
{
	bool from = a->from_line ? config_rule_is_from_span(r, a->from) : config_rule_is_from_peer(r, a->from);

	return from && (!r->types || r->types & a->type) && takes(r->calling, a->calling);
}

/* How well R takes the called number: CONFIG_NUMBERS_*. */
static unsigned rule_fit(const struct config *c, const struct config_rule *r, const char *called)
{
	unsigned f = 0;

	if (r->kind != RULE_DIAL)
		return !r->called->count && !called[0] ? CONFIG_NUMBERS_TAKEN : fit(r->called, called);
	for (unsigned i = 0; i < c->nspans; i++)
		if (c->spans[i].enabled)
			f |= fit(&c->spans[i].dial, called);
	return f;
}

static unsigned find_rule(const struct config *c, const struct asked *a, unsigned *fitp)
{
	unsigned f = 0;

	for (unsigned i = 0; i < c->nrules; i++) {
		if (!is_for(&c->rules[i], a))
			continue;
		f |= rule_fit(c, &c->rules[i], a->called);
		if (f & CONFIG_NUMBERS_TAKEN)
			return i;
	}
	*fitp = f;
	return ROUTE_NONE;
}

const char *route_name(const struct config *c, unsigned r)
{
	return r < c->nrules ? c->rules[r].name : "-";
}

/* ---- what comes of it ---- */

static void say(struct route_result *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds to the words. */
static void say(struct route_result *r, const char *fmt, ...)
{
	size_t len = strlen(r->why);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why + len, sizeof(r->why) - len, fmt, ap);
	va_end(ap);
}

static void refuse(struct route_result *r, unsigned cause)
{
	r->cause = cause;
	r->status = cause_to_sip(cause);
}

static void no_rule(const struct config *c, const struct asked *a, const char *said, unsigned f, struct route_result *r)
{
	const char *or_route = c->nroutes ? "no route and " : "";

	if (a->from_line) {
		refuse(r, Q850_UNALLOCATED);
		say(r, "span %u: %sno accept pattern takes %.40s", c->spans[a->from].number, or_route,
		    a->called[0] ? a->called : "a call without a number");
	} else if (f & CONFIG_NUMBERS_MORE) {
		refuse(r, Q850_INVALID_NUMBER);
		say(r, "peer %s: %.40s is not complete", c->peers[a->from].name, a->called);
	} else {
		refuse(r, Q850_UNALLOCATED);
		say(r, "peer %s: %sno span's dial patterns take %.40s", c->peers[a->from].name, or_route,
		    said[0] ? said : "(none)");
	}
}

/* Puts span I behind those that match better, or as well with a lower number. MATCHES goes by R's spans. */
static void insert(const struct config *c, unsigned i, int best, struct route_result *r, int *matches)
{
	unsigned at = r->nspans;

	while (at && (matches[at - 1] < best ||
		      (matches[at - 1] == best && c->spans[r->spans[at - 1]].number > c->spans[i].number))) {
		matches[at] = matches[at - 1];
		r->spans[at] = r->spans[at - 1];
		at--;
	}
	matches[at] = best;
	r->spans[at] = i;
	r->nspans++;
}

static void say_spans(const struct config *c, unsigned from, struct route_result *r)
{
	for (unsigned i = from; i < r->nspans; i++)
		say(r, i == 0 ? "span %u" : i == 1 ? ", else span %u" : ", %u", c->spans[r->spans[i]].number);
}

static void to_dial(const struct config *c, const char *called, struct route_result *r)
{
	const struct config_span *first;
	int matches[CONFIG_MAX_SPANS], best;

	for (unsigned i = 0; i < c->nspans; i++) {
		best = c->spans[i].enabled ? match(&c->spans[i].dial, called) : -1;
		if (best >= 0)
			insert(c, i, best, r, matches);
	}
	first = &c->spans[r->spans[0]];
	say(r, "span %u: dial pattern %s", first->number, first->dial.pattern[route_pattern(&first->dial, called)]);
	say_spans(c, 1, r);
}

static void to_spans(const struct config *c, const struct config_rule *rule, struct route_result *r)
{
	for (unsigned i = 0; i < rule->spans->count; i++)
		if (c->spans[rule->spans->list[i]].enabled)
			r->spans[r->nspans++] = rule->spans->list[i];
	if (rule->spans->spread == SPREAD_ROUND_ROBIN)
		r->group = rule->rewrites->group;
	say(r, "route %s: ", rule->name);
	if (r->nspans) {
		say_spans(c, 0, r);
	} else {
		refuse(r, Q850_NO_CHANNEL);
		say(r, "none of its spans is enabled");
	}
}

/* Adds what the other side is to see, if it is not what came. */
static void say_number(struct route_result *r, const char *what, const char *was, const struct isdn_number *is)
{
	char now[SIP_USER_OCTETS];

	parties_number_to_sip(is, now, sizeof(now));
	if (strcmp(was, now))
		say(r, ", %s becomes %.33s", what, now[0] ? now : "none");
}

static void to_peers(const struct config *c, const struct config_rule *rule, const struct asked *a,
		     struct route_result *r)
{
	r->peer = rule->peers->list[0].peer;
	if (rule->kind == RULE_ACCEPT)
		say(r, "span %u: accept pattern %s: peer %s", c->spans[a->from].number,
		    rule->called->pattern[route_pattern(rule->called, a->called)], c->peers[r->peer].name);
	else if (rule->kind == RULE_ENDPOINT)
		say(r, "endpoint %s: number %s", c->peers[r->peer].name,
		    rule->called->pattern[route_pattern(rule->called, a->called)]);
	else
		say(r, "route %s: peer %s", rule->name, c->peers[r->peer].name);
}

static void follow(const struct config *c, const struct config_rule *rule, const struct asked *a,
		   struct route_result *r)
{
	if (rule->reject) {
		refuse(r, rule->reject);
		say(r, "route %s: rejected", rule->name);
	} else if (rule->rewrites && rewrite_parties(&c->numbering, rule->rewrites, &r->parties)) {
		refuse(r, Q850_INVALID_NUMBER);
		say(r, "route %s: the called number %.40s cannot be rewritten", rule->name, a->called);
	} else if (a->from_line) {
		to_peers(c, rule, a, r);
	} else if (rule->kind == RULE_DIAL) {
		to_dial(c, a->called, r);
	} else {
		to_spans(c, rule, r);
	}
	if (!r->cause && rule->rewrites) {
		say_number(r, "called", a->called, &r->parties.called);
		say_number(r, "calling", a->calling, &r->parties.calling);
	}
}

void route_find(const struct config *c, const struct route_query *q, struct route_result *rp)
{
	const struct asked a = asked_of(q);
	struct route_result r = {.peer = q->from_line ? 0 : q->from, .group = ROUTE_NONE, .parties = *q->parties};
	unsigned f = 0;

	if (!q->from_line && !a.called[0]) {
		r.rule = ROUTE_NONE;
		refuse(&r, Q850_UNALLOCATED);
		say(&r, "peer %s: not a number: %.40s", c->peers[q->from].name, q->said[0] ? q->said : "(none)");
	} else {
		r.rule = find_rule(c, &a, &f);
		if (r.rule == ROUTE_NONE)
			no_rule(c, &a, a.called, f, &r);
		else
			follow(c, &c->rules[r.rule], &a, &r);
	}
	*rp = r;
}

void route_turn(struct route_result *r, unsigned turn)
{
	unsigned spans[CONFIG_MAX_SPANS];

	for (unsigned i = 0; i < r->nspans; i++)
		spans[i] = r->spans[(i + turn % r->nspans) % r->nspans];
	memcpy(r->spans, spans, r->nspans * sizeof(spans[0]));
}

unsigned route_fit(const struct config *c, unsigned span, const struct isdn_parties *p)
{
	const struct asked a = asked_of(&(struct route_query){.from_line = true, .from = span, .parties = p});
	unsigned f = 0;

	for (unsigned i = 0; i < c->nrules; i++)
		if (is_for(&c->rules[i], &a))
			f |= rule_fit(c, &c->rules[i], a.called);
	return f;
}

bool route_any_t38(const struct config *c, unsigned span)
{
	for (unsigned i = 0; i < c->nrules; i++) {
		const struct config_targets *t = c->rules[i].peers;

		for (unsigned j = 0; t && j < t->count; j++)
			if (config_rule_is_from_span(&c->rules[i], span) && c->peers[t->list[j].peer].t38)
				return true;
	}
	return false;
}
