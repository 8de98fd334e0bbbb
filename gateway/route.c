/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route: see route.h.
 */
#include "gateway/route.h"

#include <stdio.h>
#include <string.h>

#include "gateway/cause.h"

/* How well N takes CALLED, -1 for not at all: the signs before the '.' of the longest pattern, its '+' not counted. */
static int match(const struct config_numbers *n, const char *called)
{
	int whole, digits;

	whole = config_numbers_best(n, called);
	if (called[0] != '+')
		return whole;
	/* Only a pattern that begins with '+' itself can have taken more than nothing of it. */
	if (whole > 0)
		whole--;
	digits = config_numbers_best(n, called + 1);
	return whole > digits ? whole : digits;
}

int route_pattern(const struct config_numbers *n, const char *called)
{
	int best = match(n, called);

	for (unsigned i = 0; best >= 0 && i < n->count; i++) {
		struct config_numbers one = {.count = 1};

		memcpy(one.pattern[0], n->pattern[i], sizeof(one.pattern[0]));
		if (match(&one, called) == best)
			return (int)i;
	}
	return -1;
}

static void refuse(struct route_result *r)
{
	r->cause = Q850_UNALLOCATED;
	r->status = cause_to_sip(r->cause);
}

void route_from_line(const struct config *c, const struct config_span *span, const char *called,
		     struct route_result *rp)
{
	struct route_result r = {.peer = span->peer};
	int best = match(&span->accept, called);

	if (best < 0) {
		refuse(&r);
		snprintf(r.why, sizeof(r.why), "span %u: no accept pattern takes %.40s", span->number,
			 called[0] ? called : "a call without a number");
	} else {
		snprintf(r.why, sizeof(r.why), "span %u: accept pattern %s: peer %s", span->number,
			 span->accept.pattern[route_pattern(&span->accept, called)], c->peers[span->peer].name);
	}
	*rp = r;
}

unsigned route_fit(const struct config_span *span, const struct isdn_number *called)
{
	char international[ISDN_NUMBER_OCTETS + 1];
	unsigned fit = config_numbers_fit(&span->accept, called->digits);

	if (called->type != ISDN_TYPE_INTERNATIONAL)
		return fit;
	snprintf(international, sizeof(international), "+%s", called->digits);
	return fit | config_numbers_fit(&span->accept, international);
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

static void say_spans(const struct config *c, const char *called, struct route_result *r)
{
	const struct config_span *first = &c->spans[r->spans[0]];
	size_t len;

	snprintf(r->why, sizeof(r->why), "span %u: dial pattern %s", first->number,
		 first->dial.pattern[route_pattern(&first->dial, called)]);
	for (unsigned i = 1; i < r->nspans; i++) {
		len = strlen(r->why);
		snprintf(r->why + len, sizeof(r->why) - len, i == 1 ? ", else span %u" : ", %u",
			 c->spans[r->spans[i]].number);
	}
}

void route_from_sip(const struct config *c, unsigned peer, const char *called, struct route_result *rp)
{
	struct route_result r = {.peer = peer};
	int matches[CONFIG_MAX_SPANS], best;
	bool number = isdn_digits_valid(called, true);

	for (unsigned i = 0; number && i < c->nspans; i++) {
		if (!c->spans[i].enabled)
			continue;
		best = match(&c->spans[i].dial, called);
		if (best >= 0)
			insert(c, i, best, &r, matches);
	}
	if (r.nspans) {
		say_spans(c, called, &r);
	} else {
		refuse(&r);
		snprintf(r.why, sizeof(r.why),
			 number ? "peer %s: no span's dial patterns take %.40s" : "peer %s: not a number: %.40s",
			 c->peers[peer].name, called[0] ? called : "(none)");
	}
	*rp = r;
}
