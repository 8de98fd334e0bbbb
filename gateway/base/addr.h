/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * addr: an IPv4 or IPv6 address with a port, by value.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};				/* all zero (AF_UNSPEC): no address */

enum addr_family { ADDR_IPV4, ADDR_IPV6, ADDR_FAMILIES };

const char *addr_family_name(enum addr_family f); /* "IPv4", "IPv6" */
enum addr_family addr_family(const struct addr *a); /* ADDR_IPV4 for no address too */

#define ADDR_TEXT_OCTETS 64

/* Reads "192.0.2.1", "192.0.2.1:5060", "2001:db8::1", "[2001:db8::1]:5060"; numbers only, no names. PORT is taken where
 * the text has none. Returns 0 or EINVAL. */
int addr_parse(struct addr *ap, const char *text, uint16_t port);

/* Writes "192.0.2.1:5060" or "[2001:db8::1]:5060" to BUF (ADDR_TEXT_OCTETS) and returns it; "-" for no address. */
const char *addr_print(const struct addr *a, char *buf);
/* The same without port and brackets, as SDP's c= line has it. */
const char *addr_print_host(const struct addr *a, char *buf);

bool addr_is_set(const struct addr *a);
bool addr_any_is_set(const struct addr list[ADDR_FAMILIES]); /* of either family */
bool addr_is_any(const struct addr *a);	/* 0.0.0.0 or :: */
bool addr_same_host(const struct addr *a, const struct addr *b);	/* ports not compared */
bool addr_equal(const struct addr *a, const struct addr *b);
uint16_t addr_port(const struct addr *a);
void addr_set_port(struct addr *a, uint16_t port);
socklen_t addr_len(const struct addr *a);

#endif
