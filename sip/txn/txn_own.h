/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of transactions, for their own files. */
#ifndef SIP_TXN_OWN_H
#define SIP_TXN_OWN_H

#include "answered.h"
#include "gateway/base/log.h"
#include "sip/message/message.h"
#include "txn.h"

#define BRANCHES 65536

struct txn {
	struct txns *x;
	struct txn *next, *prev;
	osip_transaction_t *tr;
	struct sip_hop to;
	txn_h *handler;
	void *arg;
	uint16_t *branch;   /* server: its counter in branches */
	bool busy;	    /* osip runs it: what is sent waits for its turn */
	bool dead;	    /* osip has ended it */
	bool failed;	    /* the transport refused, or lost it */
	bool client, heard; /* a response came */
	unsigned refused;   /* how often it came back */
	bool large;	    /* by TCP for its size, UDP if that fails */
	char why[96];
	int64_t give_up_us; /* abandoned: no longer kept than this; 0: not abandoned */
};

struct txns {
	struct loop *loop;
	struct transports *transports;
	osip_t *osip;
	struct timer timer;
	struct txn *first;
	unsigned count;
	txn_stray_h *stray;
	void *arg;
	struct txn_stats stats;
	struct log_limit errors;
	struct answered *answered;   /* server transactions that are over but for retransmissions */
	unsigned tcp_above;	     /* octets; 0: never */
	const struct message_ua *ua; /* where we are by either */
	uint16_t branches[BRANCHES]; /* server transactions by their branch's hash */
};

/* txn.c: runs everything osip has queued for one transaction. */
void txn_drain(struct txn *t);
/* ... and looks soon for what is next due. */
void txns_wake(struct txns *x);

/* txn_find.c */
/* The counter of a request's branch, or NULL when it has none by RFC 3261 8.1.1.7, and other rules match it. */
uint16_t *txns_branch(struct txns *x, const osip_message_t *m);
osip_transaction_t *txns_find(struct txns *x, osip_event_t *event); /* NULL: none */
/* True if REQUEST has had its answer, and has it again. */
bool txns_answer_again(struct txns *x, const osip_message_t *request);

/* txn_settled.c */
/* True if osip need not keep T, which is abandoned, any longer: a server's response has gone into the answered ones,
 * and what is said again to a client that has heard the end is nobody's. Over a connection osip keeps nothing
 * anyhow. */
bool txn_is_settled(struct txn *t);
/* txn_large.c: what is too long for UDP (RFC 3261 18.1.1). */
/* Makes REQUEST, and T that will carry it, go by TCP if it is. */
void txn_large_begin(struct txn *t, const struct txns *x, osip_message_t *request);
/* TCP cannot be had: the same request once more, by UDP. 0 or ENOMEM. */
int txn_large_by_udp(struct txn *t);

#endif
