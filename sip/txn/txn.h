/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * txn: transactions (RFC 3261 section 17), by libosip2's state machines, driven from one loop.
 *
 * osip keeps the timers; they are stepped by one timer of the loop, set to what osip says is next due. An event is run
 * through its transaction at once. Where a message goes is ours to say, never a name in the message.
 *
 * A transaction is valid until its handler has been called with TXN_GONE. txn_abandon() forgets it: it then ends by
 * itself, and what still comes for it goes to the stray handler.
 */
#ifndef SIP_TXN_H
#define SIP_TXN_H

#include <sys/time.h> /* osip.h needs it and does not say so */

#include <osip2/osip.h>
#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/loop.h"
#include "sip/message/message.h"
#include "sip/transport/transport.h"

#define TXN_T1_MS   500 /* RFC 3261 table 4; osip has the same */
#define TXN_T2_MS   4000
#define TXN_64T1_MS 32000

struct txns;
struct txn;

enum txn_event {
	TXN_RESPONSE,  /* client: MSG is a response, the transaction's own */
	TXN_NO_ANSWER, /* client: timer B or F */
	TXN_ERROR,     /* it could not be sent, or the connection was lost: txn_why() */
	TXN_GONE,      /* the last word */
};

typedef void(txn_h)(struct txn *t, enum txn_event e, const osip_message_t *msg, void *arg);
/* A response no transaction (or an abandoned one) waits for. */
typedef void(txn_stray_h)(const osip_message_t *msg, void *arg);

struct txn_stats {
	uint64_t sent, send_errors, retransmissions;
};

/* TRANSPORTS must outlive it. 0 or ENOMEM. */
int txns_alloc(struct txns **xp, struct loop *loop, struct transports *transports, txn_stray_h *stray, void *arg);
void txns_free(struct txns *x); /* without events */
/* Requests to a UDP hop go by TCP if they are longer than OCTETS (RFC 3261 18.1.1), and by UDP if that cannot be had. 0
 * octets: all by UDP, as from the beginning. UA must outlive it. */
void txns_use_tcp_above(struct txns *x, unsigned octets, const struct message_ua ua[ADDR_FAMILIES]);
/* A connection is lost: what waits for a first response on it fails, the rest goes on by another one. */
void txns_lost(struct txns *x, const struct stream_loss *l);
/* A datagram to TO came back, of which LEN octets are at TEXT. The request that it was, by its branch, fails when that
 * happens twice: it is sent again after T1, and a peer that begins anew is there by then (RFC 3261 18.4). */
void txns_refused(struct txns *x, const struct addr *to, const char *text, size_t len, const char *why);
struct txn_stats txns_stats(const struct txns *x);
unsigned txns_count(const struct txns *x);

/* Sends a request in a transaction of its own. REQUEST is taken over, in every case. 0 or ENOMEM. */
int txn_request(struct txns *x, osip_message_t *request, const struct sip_hop *to, txn_h *handler, void *arg,
		struct txn **tp);

/* Hands in a message from the wire that belongs to a transaction: a response, a retransmitted request, an ACK to a
 * refusal. True: EVENT is taken over. Responses that match nothing are given to the stray handler (true too). */
bool txn_match(struct txns *x, osip_event_t *event);

/* Opens a server transaction for a request; its responses go TO. EVENT is taken over, in every case; the message
 * stays valid while the transaction does (txn_original). 0, ENOMEM, or EINVAL for what osip will not have. */
int txn_open(struct txns *x, osip_event_t *event, const struct sip_hop *to, struct txn **tp);
void txn_attend(struct txn *t, txn_h *handler, void *arg);

/* Sends a response; RESPONSE is taken over, in every case. 0 or ENOMEM. */
int txn_respond(struct txn *t, osip_message_t *response);

/* Sends a message outside transactions (ACK to 2xx, stateless responses); it stays the caller's. 0, ENOMEM or errno. */
int txn_send_stateless(struct txns *x, osip_message_t *msg, const struct sip_hop *to);
/* The same for one already written. */
int txn_send_text(struct txns *x, const char *text, size_t len, const struct sip_hop *to, bool again);

const osip_message_t *txn_original(const struct txn *t); /* the request */
const char *txn_why(const struct txn *t);		 /* with TXN_ERROR: in words */
const struct sip_hop *txn_peer(const struct txn *t);	 /* where it sends */
void txn_abandon(struct txn *t);			 /* NULL is ignored */
/* The same for a request whose response nobody wants any more: it is not sent again either. */
void txn_drop(struct txn *t);

#endif
