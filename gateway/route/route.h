/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route: which way a call goes: the first of the configuration's rules that takes it decides. Pure: the daemon and
 * faxspand --route ask the same function.
 *
 * A number of type international has a leading '+': its digits then match patterns with and without one. A number
 * without '+' matches no pattern with one.
 */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "conf/config.h"

#define ROUTE_WHY_OCTETS 160
#define ROUTE_NONE	 UINT32_MAX

struct route_query {
	bool from_line;
	unsigned from; /* index of the span, or of the peer */
	const struct isdn_parties *parties;
	const char *said; /* from SIP: what was called, number or not */
};

struct route_result {
	unsigned cause;			  /* 0: the call goes on; else the Q.850 cause to refuse it with */
	unsigned status;		  /* the SIP status to the same effect; 0: it goes on */
	unsigned rule;			  /* index of the rule that took it; ROUTE_NONE: none did */
	unsigned peer;			  /* from the line: index of the first peer in the rule's list */
	unsigned group;			  /* from SIP: index of the round-robin group; ROUTE_NONE: it is none */
	unsigned nspans;		  /* from SIP: */
	unsigned spans[CONFIG_MAX_SPANS]; /* indexes of the spans to try, in this order */
	struct isdn_parties parties;	  /* as the other side is to see them */
	char why[ROUTE_WHY_OCTETS];	  /* in words: "span 2: dial pattern 49X." */
};

/* A rule that takes the call may reject it. Without a rule it is refused with cause 1; with 28 (in SIP 484, RFC 3578
 * 4.1) when more digits would bring one that takes it to a span, or when rewriting leaves no usable number. */
void route_find(const struct config *c, const struct route_query *q, struct route_result *rp);

/* The spans of R are tried from the one whose TURN it is. */
void route_turn(struct route_result *r, unsigned turn);

/* How well a number from the line, of which more may come, is taken by the rules for SPAN (an index):
 * CONFIG_NUMBERS_*. */
unsigned route_fit(const struct config *c, unsigned span, const struct isdn_parties *p);

/* Whether a call from SPAN, whose number is not known yet, may become T.38. */
bool route_any_t38(const struct config *c, unsigned span);

/* Which of N's patterns takes NUMBER best: its index, or -1 for none. */
int route_pattern(const struct config_numbers *n, const char *number);

/* The name of rule R, an index or ROUTE_NONE ("-"). */
const char *route_name(const struct config *c, unsigned r);

#endif
