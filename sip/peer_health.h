/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * peer_health: whether a peer is alive, asked with OPTIONS at an interval (RFC 3261 11). Each peer that has an interval
 * is a table machine that waits, asks, and waits again; it belongs to the stack and its thread.
 *
 * Any final response says that the peer is there, a challenge or a 405 as well as a 200; but a 503 says that it takes
 * no calls, and a 408 comes from a proxy before a peer that does not answer. Those, silence, and a request that
 * cannot be sent are misses. So many of them in a row, and the peer is down, until it answers once. The servers of a
 * peer that has several are asked in turn, each at the interval; the peer is down when they all are.
 */
#ifndef SIP_PEER_HEALTH_H
#define SIP_PEER_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

struct sip_stack;
struct sip_hop;

#define PEER_HEALTH_WHY_OCTETS 80

enum sip_health {
	SIP_HEALTH_UNPROBED, /* it is not asked */
	SIP_HEALTH_UNKNOWN,  /* it was asked, and neither answered nor missed often enough */
	SIP_HEALTH_UP,
	SIP_HEALTH_DOWN,
};

const char *sip_health_name(enum sip_health s); /* "not probed", "unknown", "up", "down" */

struct sip_peer_health {
	enum sip_health state;
	int64_t since_us;		  /* the loop's time of the last change of state */
	char why[PEER_HEALTH_WHY_OCTETS]; /* the last word on it: "200 OK", "no response in 4000 ms"; "" */
	uint64_t asked, missed;		  /* OPTIONS sent, and those that were misses */
};

/* What is known of peer number PEER of the stack's parameters; a PEER that is none is not probed. */
struct sip_peer_health sip_stack_peer_health(const struct sip_stack *k, unsigned peer);

/* Whether the server at HOP, one of several of PEER, is down; for one that is not asked it is not known. */
bool sip_stack_target_is_down(const struct sip_stack *k, unsigned peer, const struct sip_hop *hop);

#endif
