/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sipside: the SIP thread: the SIP stack and the SIP half of every call.
 */
#ifndef GATEWAY_SIPSIDE_H
#define GATEWAY_SIPSIDE_H

#include "conf/config.h"
#include "gateway/base/loop.h"
#include "gateway/base/net.h"
#include "gateway/call/msg.h"
#include "gateway/sipside/leg_sip.h"
#include "gateway/sipside/peer_targets.h"
#include "gateway/sipside/peer_use.h"
#include "sip/session.h"

#define SIPSIDE_MAX_LEGS 2048

struct sipside {
	const struct config *config;
	struct loop *loop;
	struct mailbox *inbox;				/* from the spans */
	struct mailbox *spans[CONFIG_MAX_SPANS];	/* to them, by index in the configuration */
	struct mailbox *control;			/* to the control thread; NULL: there is none */
	struct mailbox *news;				/* from the DNS thread: where peers are */
	struct mailbox *dns;				/* to it; NULL: there is none */
	struct sip_stack *stack;
	struct sip_peer_params peers[CONFIG_MAX_PEERS];
	struct peer_targets targets[CONFIG_MAX_PEERS];	/* the servers of each peer */
	uint64_t seed;					/* by lot among servers of one priority */
	struct failover_turns turns[CONFIG_MAX_RULES];	/* among a rule's peers */
	unsigned group_turns[CONFIG_MAX_GROUPS];	/* among a group's spans */
	struct peer_use use[CONFIG_MAX_PEERS];
	struct call_rate rate;				/* of all peers together */
	struct log_limit full;
	uint32_t next_serial;
	struct leg_sip *legs[SIPSIDE_MAX_LEGS];
	unsigned nlegs;
	struct timer sweep;				/* frees what is gone, and tries again what did not fit a
							   mailbox */
	bool stopping, ending;
	uint64_t undelivered;
};

/* Builds it; nothing is received yet. Returns 0 or errno; the reason is logged. */
int sipside_alloc(struct sipside **sp, const struct config *c, const struct clock *clock, struct net *net);
void sipside_free(struct sipside *s);
struct mailbox *sipside_inbox(struct sipside *s);
/* Before the threads start: where span INDEX takes its messages. */
void sipside_connect(struct sipside *s, unsigned index, struct mailbox *span_inbox);

/* Where the DNS thread puts its struct resolver_news; and before the threads start: where it takes orders. */
struct mailbox *sipside_news(struct sipside *s);
void sipside_connect_dns(struct sipside *s, struct mailbox *dns);

/* Before the threads start: where answers to the operator go. */
void sipside_connect_control(struct sipside *s, struct mailbox *control);

/* Runs until MSG_STOP with clear set, and the last call's end. */
int sipside_run(struct sipside *s);

/* For leg_sip. */
int sipside_post(struct sipside *s, const struct msg *m);	/* to the span m->span; 0 or EAGAIN (counted) */
void sipside_sweep_soon(struct sipside *s);
void sipside_look_up(struct sipside *s, unsigned peer);	/* its servers all fail: perhaps it has others by now */

#endif
