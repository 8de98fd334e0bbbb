/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * streams: the connections that carry SIP (RFC 3261 18, RFC 5923, RFC 5626): TCP, and TLS over it. They are opened when
 * there is something to send, taken from whoever connects, used both ways, and closed when they have long been silent.
 *
 * Nobody can hold more than a share of them: strangers have few, one of them fewer, and little time, in which they may
 * become known by what they say (streams_welcome()); half messages, half handshakes and a peer that does not read end
 * the connection.
 */
#ifndef SIP_STREAMS_H
#define SIP_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/loop.h"
#include "hop.h"
#include "tls.h"

#define STREAMS_MAX	     512
#define STREAMS_STRANGERS    32		  /* of them, from sources that are no peers */
#define STREAMS_OF_STRANGER  8		  /* of those, from one source */
#define STREAMS_QUEUE_OCTETS (256 * 1024) /* what may wait for one connection */

struct streams;

struct stream_loss {
	struct sip_hop hop;
	bool inbound; /* they had opened it */
	bool up;      /* it had stood, else it was never made */
	const char *why;
};

/* How to be with the other end of a connection. */
struct stream_terms {
	bool known;	  /* no stranger */
	bool unwelcome;	  /* what it opens is closed at once */
	const char *name; /* whom its certificate must be for; NULL: anybody */
	bool check;	  /* its certificate, if it has one */
};

struct streams_handlers {
	/* One message of LEN octets, followed by a NUL that is not counted; valid during the call only. */
	void (*message)(const char *text, size_t len, const struct sip_hop *from, void *arg);
	/* What cannot be cut into messages, WHY; the connection is closed afterwards. */
	void (*bad)(const char *text, size_t len, const struct sip_hop *from, const char *why, void *arg);
	/* A connection is gone, or could not be made. Never from within a call of ours. */
	void (*lost)(const struct stream_loss *l, void *arg);
	/* Who is at REMOTE. */
	struct stream_terms (*terms)(const struct addr *remote, void *arg);
	void *arg;
};

/* Milliseconds. All zero: the values below. */
struct streams_times {
	uint32_t connect;   /* until TCP stands, and again until TLS does: 4000 */
	uint32_t message;   /* for the rest of a message that has begun; a stranger's first: 10000 */
	uint32_t stranger;  /* until a stranger is none any more: 32000 */
	uint32_t idle;	    /* of a connection without anything: 1800000 */
	uint32_t keepalive; /* a ping so long after the last octet on connections we opened: 90000 */
	uint32_t retry;	    /* no new attempt so soon after one that failed, twice as long after each: 500, to 30000 */
};

/* TLS may be NULL: none then. It must outlive the streams. 0 or ENOMEM. */
int streams_alloc(struct streams **sp, const struct streams_handlers *h, const struct streams_times *times,
		  struct tls *tls, struct loop *loop);
void streams_free(struct streams *s); /* without events */

/* Listens for TRANSPORT on LOCAL, one of each address family. 0 or errno, which is in the log. */
int streams_listen(struct streams *s, enum sip_transport transport, const struct addr *local);
/* NULL: not listening. */
const struct addr *streams_local(const struct streams *s, enum sip_transport transport, enum addr_family family);

/*
 * Sends by the connection that TO names, or by one there is to its address, or by a new one, and says which in
 * *CONNECTIONP. 0, or errno: ENOTSUP (no TLS), EAGAIN (the queue is full: the connection is given up), ENOBUFS (too
 * many connections), or why the last attempt failed, if that was just now.
 */
int streams_send(struct streams *s, const struct sip_hop *to, const char *text, size_t len, uint32_t *connectionp);

/* Requests to ALIAS go by CONNECTION as well: the one who opened it wants them there (RFC 5923). */
void streams_alias(struct streams *s, uint32_t connection, const struct addr *alias);

/* Whoever is at the other end of CONNECTION is no stranger any more. */
void streams_welcome(struct streams *s, uint32_t connection);

/* The packets of those that come from now on carry DSCP (RFC 2474). 0 or errno. */
int streams_mark(struct streams *s, unsigned dscp);

unsigned streams_count(const struct streams *s);

#endif
