/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config_route: the part of the configuration that says which way calls go. config.h includes it.
 *
 * What the files say ([route NAME], [group NAME], a span's accept, dial and peer) becomes one list of rules: the first
 * that takes a call decides.
 */
#ifndef CONF_CONFIG_ROUTE_H
#define CONF_CONFIG_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "config_limits.h"
#include "gateway/base/isdn.h"

struct config_numbers { /* patterns: digits, X for any digit, a final '.' for any rest; "." takes all; FIRST-LAST */
	unsigned count;
	char pattern[CONFIG_MAX_NUMBERS][CONFIG_PATTERN_OCTETS];
	unsigned line[CONFIG_MAX_NUMBERS]; /* where each is written */
};

/* Peers to try for a call: in this order, or each with its share of the calls. */
struct config_targets {
	unsigned count;
	unsigned line; /* where they are written */
	struct config_target {
		char name[CONFIG_NAME_OCTETS];
		unsigned peer;	 /* index */
		unsigned weight; /* 0 in all of them: in order */
	} list[CONFIG_MAX_TARGETS];
};

/* "span 1-3, peer carrier": from where calls come, or where they go. Of one kind each. */
enum config_end_kind { END_SPAN, END_PEER, END_GROUP };
struct config_ends {
	unsigned count; /* 0: "any", "none" */
	unsigned line;	/* where they are written */
	struct config_end {
		enum config_end_kind kind;
		char name[CONFIG_NAME_OCTETS]; /* of a peer, a group */
		unsigned first, last;	       /* numbers of spans */
		unsigned weight;	       /* of a peer; 0 in all of them: in order */
	} list[CONFIG_MAX_ENDS];
};

/* Spans to try for a call: in this order, or each call beginning with the next. */
enum config_spread { SPREAD_IN_ORDER, SPREAD_ROUND_ROBIN };
struct config_spans {
	unsigned count;
	unsigned list[CONFIG_MAX_SPANS]; /* indexes */
	enum config_spread spread;
};

const char *config_spread_name(enum config_spread s); /* "in-order", "round-robin" */

struct config_group {
	char name[CONFIG_NAME_OCTETS];
	struct config_ends ends; /* as written */
	struct config_spans spans;
	const char *file; /* belongs to the struct config */
	unsigned line;
};

/* [numbering]: what is dialled before a number, and where we are. "": none. */
struct config_numbering {
	char country_code[CONFIG_PREFIX_OCTETS], area_code[CONFIG_PREFIX_OCTETS];
	char international_prefix[CONFIG_PREFIX_OCTETS], national_prefix[CONFIG_PREFIX_OCTETS];
};

/* How a number shall be written: see gateway/route/rewrite.h. */
enum config_form { FORM_KEEP, FORM_E164, FORM_NATIONAL, FORM_LOCAL, FORM_DIALLED };
/* Types of number (Q.931 table 4-9) and numbering plans that can be set. */
enum config_number_type { TYPE_KEEP, TYPE_UNKNOWN, TYPE_INTERNATIONAL, TYPE_NATIONAL, TYPE_SUBSCRIBER, TYPE_COUNT };
enum config_number_plan { PLAN_KEEP, PLAN_UNKNOWN, PLAN_E164, PLAN_PRIVATE, PLAN_COUNT };

const char *config_form_name(enum config_form f);		/* "keep", "e164", "national", "local", "dialled" */
const char *config_number_type_name(enum config_number_type t); /* "keep", "unknown", "international", ... */
const char *config_number_plan_name(enum config_number_plan p); /* "keep", "unknown", "e164", "private" */
unsigned config_number_type_q931(enum config_number_type t);
unsigned config_number_plan_q931(enum config_number_plan p);

struct config_rewrite {
	enum config_form form;
	unsigned strip; /* digits */
	char prepend[ISDN_NUMBER_OCTETS];
	enum config_number_type type;
	enum config_number_plan plan;
};

/* [route NAME] */
struct config_route {
	char name[CONFIG_NAME_OCTETS];
	struct config_ends from, to;	       /* as written */
	struct config_numbers called, calling; /* without a pattern: a call without the number */
	unsigned types;			       /* of the called number: bit 1 << enum config_number_type; 0: any */
	unsigned reject;		       /* Q.850 cause; 0: not */
	char area_code[CONFIG_PREFIX_OCTETS];  /* in place of [numbering]'s; "": that one */
	struct config_rewrite called_rewrite, calling_rewrite;
	/* what from and to come to */
	uint32_t from_spans, from_peers[CONFIG_PEER_WORDS]; /* a bit for each, by index */
	struct config_targets peers;
	struct config_spans spans;
	unsigned group;	  /* index, where TO is one */
	const char *file; /* belongs to the struct config */
	unsigned line;
};

enum config_rule_kind {
	RULE_ROUTE,    /* a [route NAME] */
	RULE_ENDPOINT, /* an endpoint's numbers */
	RULE_ACCEPT,   /* a span's accept and peer */
	RULE_DIAL,     /* all spans' dial */
};

struct config_rule {
	enum config_rule_kind kind;
	const char *name; /* "endpoint", "accept", "dial" when it is not a [route NAME] */
	const char *file;
	unsigned line;
	uint32_t from_spans, from_peers[CONFIG_PEER_WORDS];
	const struct config_numbers *called, *calling; /* NULL: whatever it is */
	unsigned types;				       /* 0: any */
	unsigned reject;
	const struct config_targets *peers;  /* of a call from the line; NULL: it takes none */
	const struct config_spans *spans;    /* of a call from SIP; NULL: none, or RULE_DIAL, by the number */
	const struct config_route *rewrites; /* NULL: the numbers stay as they are */
};

struct config;

/* Makes the rules of what C says of routes and spans, checked. */
void config_make_rules(struct config *c);

static inline bool config_rule_is_from_span(const struct config_rule *r, unsigned span)
{
	return r->from_spans >> span & 1u;
}

static inline bool config_rule_is_from_peer(const struct config_rule *r, unsigned peer)
{
	return r->from_peers[peer / 32] >> (peer % 32) & 1u;
}

#endif
