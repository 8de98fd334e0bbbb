/* SPDX-License-Identifier: GPL-2.0-only */
/* server_health: which of a peer's servers miss their OPTIONS, and whose turn it is to be asked. Pure. */
#ifndef SIP_SERVER_HEALTH_H
#define SIP_SERVER_HEALTH_H

#include "sip/dns/target.h"

struct server_health {
	unsigned count, at; /* AT: the one asked last */
	struct {
		struct sip_hop hop;
		unsigned missed; /* in a row */
	} list[SIP_MAX_TARGETS];
};

/* The peer is at TARGETS; what is known of those that stay is kept. True: there are others than before. */
bool server_health_take(struct server_health *s, const struct sip_targets *targets);
/* The next in turn; there must be one. */
const struct sip_hop *server_health_next(struct server_health *s);

/* The one asked last answered: how often in a row it had missed before. */
unsigned server_health_answered(struct server_health *s);
/* ... or missed: how often in a row by now. */
unsigned server_health_missed(struct server_health *s);

/* How often in a row they all have missed: that of the one that missed least. */
unsigned server_health_least(const struct server_health *s);
/* Of the one at HOP; 0: there is none. */
unsigned server_health_of(const struct server_health *s, const struct sip_hop *hop);

#endif
