/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x_headers: the headers by which a peer's log and ours can be laid side by side. Pure.
 */
#ifndef GATEWAY_X_HEADERS_H
#define GATEWAY_X_HEADERS_H

#include "gateway/call/msg.h"

#define X_HEADERS_OCTETS 200

struct x_headers_of {
	struct call_id call;
	unsigned span, timeslot; /* numbers */
	const char *route;	 /* name of the rule */
};

/* Writes the lines, each ended by CRLF, to BUF (X_HEADERS_OCTETS). Returns BUF. */
const char *x_headers_print(const struct x_headers_of *of, char *buf);

#endif
