/* SPDX-License-Identifier: GPL-2.0-only */
/* peer_health's inside: for the stack, which owns the machines, and for the test of their table. */
#ifndef SIP_PEER_HEALTH_OWN_H
#define SIP_PEER_HEALTH_OWN_H

#include "gateway/base/fsm.h"
#include "peer_health.h"
#include "server_health.h"
#include "sip/txn/txn.h"

enum health_state { HEALTH_OFF, HEALTH_WAITING, HEALTH_ASKING };

enum health_event {
	HEALTH_EV_START,
	HEALTH_EV_DUE,	   /* the interval is over */
	HEALTH_EV_ANSWER,  /* it is alive */
	HEALTH_EV_MISS,	   /* it said that it is not, or could not be asked */
	HEALTH_EV_SILENCE, /* it said nothing in time */
};

enum health_timeout { HEALTH_T_WAITING, HEALTH_T_ASKING, HEALTH_TIMEOUTS };

extern const struct fsm_def health_fsm;

struct peer_health {
	struct sip_stack *stack;
	unsigned peer;
	char prefix[48];
	struct fsm fsm;
	uint32_t timeouts_ms[HEALTH_TIMEOUTS];
	struct txn *asking; /* the OPTIONS that is out */
	unsigned missed;    /* in a row, by all of its servers; or asked for nothing, while none is known */
	struct server_health servers;
	struct sip_peer_health known;
};

/* A machine for each of the stack's peers; those that have an interval begin, one after the other. 0 or ENOMEM. */
int peer_health_alloc(struct peer_health **hp, struct sip_stack *k);
/* Peer number PEER has got other targets: new ones are asked at once. */
void peer_health_moved(struct peer_health *h);
/* Before the transactions are freed. */
void peer_health_free(struct peer_health *h, unsigned count);

#endif
