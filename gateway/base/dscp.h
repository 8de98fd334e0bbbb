/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dscp: the class of traffic that routers read in an IP header (RFC 2474), by its usual name or its number.
 */
#ifndef BASE_DSCP_H
#define BASE_DSCP_H

#define DSCP_MAX	 63u
#define DSCP_NAME_OCTETS 8

/* Reads "EF", "AF31", "CS3" in either case, or 0 to 63; "CS0" is 0. Returns 0 or EINVAL. */
int dscp_parse(const char *text, unsigned *dscpp);
/* The name, or the number where there is none, in BUF (DSCP_NAME_OCTETS), returned. */
const char *dscp_print(unsigned dscp, char *buf);

/* What is sent by the socket FD, of the address family FAMILY (AF_INET, AF_INET6), carries DSCP from now on. 0 or
 * errno. */
int dscp_mark(int fd, int family, unsigned dscp);

#endif
