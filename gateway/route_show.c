/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/route_show.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/route.h"

static void show_refusal(const struct route_result *r, FILE *f)
{
	fprintf(f, "  refused: %s: cause %u, SIP status %u\n", r->why, r->cause, r->status);
}

static void show_peer(const struct config_peer *p, bool more, FILE *f)
{
	char text[ADDR_TEXT_OCTETS];

	fprintf(f, "  %s:%u: [peer %s]: INVITE to %s", p->file, p->line, p->name,
		p->host[0] ? p->host : addr_print(&p->addr, text));
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

static int show_from_span(const struct config *c, const struct config_span *s, const char *called, FILE *f)
{
	const struct config_targets *t = &s->to;
	struct route_result r;
	int at;

	fprintf(f, "%s from span %u (%s:%u):\n", called, s->number, s->file, s->file_line);
	if (!s->enabled) {
		fprintf(f, "  refused: the span is not enabled\n");
		return ENOENT;
	}
	route_from_line(c, s, called, &r);
	if (r.cause) {
		show_refusal(&r, f);
		return ENOENT;
	}
	at = route_pattern(&s->accept, called);
	if (s->accept.line[at])
		fprintf(f, "  %s:%u: accept pattern %s takes it\n", s->file, s->accept.line[at], s->accept.pattern[at]);
	else
		fprintf(f, "  %s: accept is not set, its default %s takes it\n", s->file, s->accept.pattern[at]);
	fprintf(f, "  %s:%u: peer:", s->file, t->line);
	for (unsigned i = 0; i < t->count; i++) {
		fprintf(f, "%s %s", i ? "," : "", t->list[i].name);
		if (t->list[i].weight)
			fprintf(f, ":%u", t->list[i].weight);
	}
	fprintf(f, "%s\n", t->count < 2 ? "" : t->list[0].weight ? ", by weight" : ", in this order");
	for (unsigned i = 0; i < t->count; i++)
		show_peer(&c->peers[t->list[i].peer], i + 1 < t->count, f);
	return 0;
}

static int show_from_peer(const struct config *c, unsigned peer, const char *called, FILE *f)
{
	const struct config_span *s;
	struct route_result r;

	route_from_sip(c, peer, called, &r);
	if (r.cause) {
		show_refusal(&r, f);
		return ENOENT;
	}
	for (unsigned i = 0; i < r.nspans; i++) {
		int at = route_pattern(&c->spans[r.spans[i]].dial, called);

		s = &c->spans[r.spans[i]];
		fprintf(f, "  %s:%u: %sspan %u: dial pattern %s takes it\n", s->file, s->dial.line[at],
			i ? "no free channel: " : "", s->number, s->dial.pattern[at]);
	}
	return 0;
}

static int show_from_all(const struct config *c, const char *called, FILE *f)
{
	int refused = ENOENT;

	for (unsigned i = 0; i < c->nspans; i++)
		if (c->spans[i].enabled && !show_from_span(c, &c->spans[i], called, f))
			refused = 0;
	fprintf(f, "%s from any peer:\n", called);
	if (!show_from_peer(c, 0, called, f))
		refused = 0;
	return refused;
}

int route_show(const struct config *c, const char *called, const char *kind, const char *name, FILE *f)
{
	char number[12];

	if (!kind)
		return show_from_all(c, called, f);
	for (unsigned i = 0; !strcmp(kind, "span") && i < c->nspans; i++) {
		snprintf(number, sizeof(number), "%u", c->spans[i].number);
		if (!strcmp(number, name))
			return show_from_span(c, &c->spans[i], called, f);
	}
	for (unsigned i = 0; !strcmp(kind, "peer") && i < c->npeers; i++) {
		if (strcmp(c->peers[i].name, name))
			continue;
		fprintf(f, "%s from peer %s (%s:%u):\n", called, name, c->peers[i].file, c->peers[i].line);
		return show_from_peer(c, i, called, f);
	}
	return EINVAL;
}
