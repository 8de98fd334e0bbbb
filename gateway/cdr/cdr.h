/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cdr: what is known of a call at its end, and the one line that tells it. Pure.
 */
#ifndef GATEWAY_CDR_H
#define GATEWAY_CDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/isdn.h"
#include "gateway/bearer/bearer.h"
#include "t38/t30/t30.h"

/* Who brought the end about. */
enum cdr_side { CDR_NOBODY, CDR_LINE, CDR_PEER, CDR_GATEWAY };

const char *cdr_side_name(enum cdr_side s); /* "line", "peer", "gateway" */

struct cdr {
	bool from_line; /* direction: E1 -> SIP */
	char called[ISDN_NUMBER_OCTETS], calling[ISDN_NUMBER_OCTETS];
	const char *peer;		     /* name, or NULL: none was chosen */
	const char *route;		     /* name of the rule that took the call, or NULL: none did */
	int64_t begin_us, answer_us, end_us; /* one clock; answer_us 0: never answered */
	enum cdr_side cleared_by;
	enum cdr_side failed; /* whose failure made the gateway clear; CDR_NOBODY: that is not known, or it did not */
	unsigned cause;	     /* Q.850 */
	unsigned sip_status; /* 0: none, or BYE */
	char text[160];	     /* why, in words, from whoever cleared; "" */
	struct t30_watch fax;
	struct bearer_report media;
};

#define CDR_LINE_OCTETS 950

/* Writes the line (without prefix): key=value fields in a fixed order; texts with spaces are quoted. Returns BUF. */
const char *cdr_print(const struct cdr *c, char *buf, size_t room);

/* The result in words: "fax ok", "fax ok, but 1 page was rejected" (RTN, PIN), "fax failed: no answer to DIS", "no
 * fax", "not answered: user busy"; "fax in G.711" when T.38 was refused and no frame of T.30 was heard after that.
 * Returns BUF. */
const char *cdr_result(const struct cdr *c, char *buf, size_t room);
/* Whose fault a fax that failed (or a call that was not answered) was: "line", "peer", "network", "gateway"; "-": none.
 * Who cleared it need not be the one: see .failed.
 * Static text. */
const char *cdr_fault(const struct cdr *c);

#endif
