/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route: which way a call goes. Pure.
 *
 * A called number may have a leading '+': its digits then match patterns with and without one. A number without '+'
 * matches no pattern with one.
 */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "conf/config.h"

#define ROUTE_WHY_OCTETS 160

struct route_result {
	unsigned cause;			  /* 0: the call goes on; else the Q.850 cause to refuse it with */
	unsigned status;		  /* the SIP status to the same effect; 0: it goes on */
	unsigned peer;			  /* from the line: index of the peer to call */
	unsigned nspans;		  /* from SIP: */
	unsigned spans[CONFIG_MAX_SPANS]; /* indexes of the spans to try, in this order */
	char why[ROUTE_WHY_OCTETS];	  /* in words: "span 2: dial pattern 49X." */
};

/* A call for CALLED ("" if the line named none) that came in on SPAN: its peer is called, or it is refused with
 * cause 1. */
void route_from_line(const struct config *c, const struct config_span *span, const char *called,
		     struct route_result *rp);

/* How well a number from the line, of which more may come, is taken by SPAN's accept patterns: CONFIG_NUMBERS_*. */
unsigned route_fit(const struct config_span *span, const struct isdn_number *called);

/* Which of N's patterns takes CALLED best: its index, or -1 for none. */
int route_pattern(const struct config_numbers *n, const char *called);

/* A call for CALLED from PEER (an index): the enabled spans whose dial patterns take the number, the longest match
 * first, equal ones by span number; or cause 1, status 404. */
void route_from_sip(const struct config *c, unsigned peer, const char *called, struct route_result *rp);

#endif
