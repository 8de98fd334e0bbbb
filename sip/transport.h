/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * transport: carries SIP messages as octets (RFC 3261 section 18), by whichever transport their hop names.
 */
#ifndef SIP_TRANSPORT_H
#define SIP_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/loop.h"
#include "gateway/base/net.h"
#include "hop.h"

/* The largest message taken from the wire: more than any UDP datagram. */
#define TRANSPORT_MESSAGE_OCTETS 65536

struct transports;

/* One message of LEN octets, followed by a NUL that is not counted; valid during the call only. */
typedef void(transport_message_h)(const char *text, size_t len, const struct sip_hop *from, void *arg);

struct transports_params {
	struct addr listen[SIP_TRANSPORTS]; /* not set: not this one */
	transport_message_h *message;
	void *arg;
};

/* Opens what is to be listened on, UDP on NET, and hands every message that arrives to the handler, in LOOP's thread. 0,
 * ENOMEM or bind's errno (the address is in the log). */
int transports_alloc(struct transports **tp, const struct transports_params *p, struct loop *loop, struct net *net);
void transports_free(struct transports *t);

/* 0 or errno; EAGAIN: the queue is full and the message is lost, as it may be on the way; ENOTSUP: no such transport. */
int transports_send(struct transports *t, const struct sip_hop *to, const char *text, size_t len);

/* Where TRANSPORT is bound; NULL: it is not. */
const struct addr *transports_local(const struct transports *t, enum sip_transport transport);

#endif
