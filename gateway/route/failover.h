/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * failover: in which order the peers of a span are tried for a call, and what sends a call on to the next. Pure.
 */
#ifndef GATEWAY_FAILOVER_H
#define GATEWAY_FAILOVER_H

#include "conf/config.h"
#include "gateway/call/msg.h"

/* Whose turn it is among peers with weights. All zero at first. */
struct failover_turns {
	int credit[CONFIG_MAX_TARGETS];
};

struct failover {
	unsigned count, at;
	unsigned order[CONFIG_MAX_TARGETS]; /* indexes of peers */
	char tried[MSG_TEXT_OCTETS - 48];   /* "carrier: 503 Service Unavailable; "..., with room for the last */
};

/*
 * The order for one call: as listed; or, with weights, first the one whose turn it is, then the others by weight. Those
 * in HELD (bit i for the i-th of T's list) stand behind the rest.
 */
void failover_order(const struct config_targets *t, uint32_t held, struct failover_turns *turns, struct failover *fp);

/* Whether an INVITE that ended with STATUS, and CAUSE (Q.850; 0: none) in its Reason, may be tried at another peer: 408
 * and 5xx are the peer's own trouble, all else is an answer to the call. */
bool failover_may_move(unsigned status, unsigned cause);

/* The same of another server of the same peer (RFC 3263 4.3): no response (not REMOTE), or 503. */
bool failover_may_try_server(unsigned status, bool remote);

/* Remembers that peer NAME failed, and WHY. */
void failover_note(struct failover *f, const char *name, const char *why);

/* Whether a call to one of T, or to PEER if there are none, may become T.38. */
bool failover_any_t38(const struct config *c, const struct config_targets *t, unsigned peer);

#endif
