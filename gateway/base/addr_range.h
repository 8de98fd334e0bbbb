/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * addr_range: all addresses that begin with the same bits (RFC 4632), by value.
 */
#ifndef BASE_ADDR_RANGE_H
#define BASE_ADDR_RANGE_H

#include "addr.h"

struct addr_range {
	struct addr addr; /* the first of them; no port */
	unsigned bits;	  /* that all have in common: 0 to 32, or 128 */
};

/* Reads "192.0.2.0/24" or "2001:db8::/32"; an address alone is a range of one. Returns 0, or EINVAL with *WHYP, static
 * text. */
int addr_range_parse(struct addr_range *rp, const char *text, const char **whyp);

/* Writes "192.0.2.0/24", or an address alone, to BUF (ADDR_TEXT_OCTETS) and returns it. */
const char *addr_range_print(const struct addr_range *r, char *buf);

bool addr_range_has(const struct addr_range *r, const struct addr *a); /* whatever its port */
bool addr_range_equal(const struct addr_range *a, const struct addr_range *b);
/* The range of the first BITS bits that A is in; those it has not (a /64 of IPv4) are all of them. */
struct addr_range addr_range_of(const struct addr *a, unsigned bits);

#endif
