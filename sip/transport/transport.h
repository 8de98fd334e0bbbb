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
#include "streams.h"

/* The largest message taken from the wire: more than any UDP datagram. */
#define TRANSPORT_MESSAGE_OCTETS 65536

struct transports;

/* A datagram to TO came back, of which LEN octets are at TEXT: nobody takes it; WHY in words. */
typedef void(transport_refused_h)(const struct addr *to, const char *text, size_t len, const char *why, void *arg);

struct transports_params {
	/* For each transport one address of each family, or NULL; not set: not this one. UDP there must be. */
	const struct addr *listen[SIP_TRANSPORTS];
	struct tls_params tls;		  /* for TLS; with NULL for the certificate: no TLS at all */
	struct streams_handlers handlers; /* its arg is that of all */
	transport_refused_h *refused;	  /* NULL: nobody cares */
};

/* Opens what is to be listened on, UDP on NET, and hands every message that arrives to the handler, in LOOP's thread.
 * 0, ENOMEM, EINVAL (no UDP) or bind's errno (the address is in the log). */
int transports_alloc(struct transports **tp, const struct transports_params *p, struct loop *loop, struct net *net);
void transports_free(struct transports *t);

/* 0 or errno; EAGAIN: the queue is full and the message is lost, as it may be on the way; ENOTSUP: no such transport;
 * EAFNOSUPPORT: no UDP of that address family; more in
 * streams.h. *CONNECTIONP is the connection it went by, 0 for UDP. */
int transports_send(struct transports *t, const struct sip_hop *to, const char *text, size_t len,
		    uint32_t *connectionp);
/* As streams_alias(). */
void transports_alias(struct transports *t, const struct sip_hop *hop, const struct addr *alias);
/* Who sent something from HOP is no stranger. */
void transports_welcome(struct transports *t, const struct sip_hop *hop);

/* What is sent carries DSCP (RFC 2474). */
void transports_mark(struct transports *t, unsigned dscp);

/* Where TRANSPORT is bound in FAMILY; NULL: it is not. */
const struct addr *transports_local(const struct transports *t, enum sip_transport transport, enum addr_family family);

#endif
