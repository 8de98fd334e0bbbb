/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * transport: carries SIP messages as octets (RFC 3261 section 18). UDP today; a TCP or TLS transport will fill in
 * the same operations and the layers above will not see the difference.
 */
#ifndef SIP_TRANSPORT_H
#define SIP_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/loop.h"
#include "gateway/base/net.h"

/* The largest message taken from the wire: more than any UDP datagram. */
#define TRANSPORT_MESSAGE_OCTETS 65536

struct sip_transport;

/* One message of LEN octets, followed by a NUL that is not counted; valid during the call only. */
typedef void(transport_message_h)(const char *text, size_t len, const struct addr *from, void *arg);

struct transport_ops {
	const char *name; /* as in Via: "UDP" */
	bool reliable;	  /* no retransmission above it */
	/* 0 or errno; EAGAIN: the queue is full and the message is lost, as it may be on the way. */
	int (*send)(struct sip_transport *t, const struct addr *to, const char *text, size_t len);
	const struct addr *(*local)(const struct sip_transport *t);
	void (*free)(struct sip_transport *t);
};

/* Implementations embed it as their first member. */
struct sip_transport {
	const struct transport_ops *ops;
};

/* Binds LISTEN on NET and hands every datagram that arrives to HANDLER, in LOOP's thread. 0, ENOMEM or bind's errno. */
int transport_udp_alloc(struct sip_transport **tp, const struct addr *listen, struct loop *loop, struct net *net,
			transport_message_h *handler, void *arg);

static inline void transport_free(struct sip_transport *t)
{
	if (t)
		t->ops->free(t);
}

static inline int transport_send(struct sip_transport *t, const struct addr *to, const char *text, size_t len)
{
	return t->ops->send(t, to, text, len);
}

static inline const struct addr *transport_local(const struct sip_transport *t)
{
	return t->ops->local(t);
}

#endif
