/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream: one connection of streams.h, for its own files. It reports to the streams it belongs to.
 */
#ifndef SIP_STREAM_H
#define SIP_STREAM_H

#include "frame.h"
#include "gateway/base/log.h"
#include "streams.h"

enum stream_state {
	STREAM_CONNECTING,
	STREAM_HANDSHAKE,
	STREAM_UP,
	STREAM_OVER, /* to be told and freed by the loop */
	STREAM_STATES
};

struct stream {
	struct streams *owner;
	struct stream *next, *prev;
	struct sip_hop hop; /* the other end, and our number for the connection */
	struct addr alias;  /* the address that requests for it may name (RFC 5923); unset: hop's */
	bool inbound;
	struct stream_terms terms;
	enum stream_state state;
	int fd;
	uint32_t watched; /* the events of the descriptor that the loop reports; 0: none */
	struct tls_session *tls;
	struct frame frame;
	char *rx, *tx;
	size_t rx_len, rx_room;
	size_t tx_len, tx_room;
	bool up;	  /* it has stood */
	int64_t up_us;	  /* ... since */
	bool spoke;	  /* a message has come */
	int64_t begun_us; /* of the state, or of the message that is half here */
	int64_t last_rx_us, last_tx_us;
	struct timer timer;
	int err; /* why it is over: in a number, and in words */
	char why[TLS_WHY_OCTETS];
};

struct stream_hold {
	struct addr addr;
	enum sip_transport transport;
	uint32_t wait_ms;
	int64_t until_us;
	int err;
};

#define STREAM_HOLDS	 32
#define STREAM_LISTENERS (SIP_TRANSPORTS * ADDR_FAMILIES)

struct stream_listener {
	struct streams *owner;
	enum sip_transport transport;
	struct addr local;
	int fd; /* -1: not listening */
	bool paused;
};

struct streams {
	struct loop *loop;
	struct streams_handlers handlers;
	struct streams_times times;
	struct tls *tls;
	struct stream *first;
	unsigned count, strangers;
	uint32_t last_id;
	struct stream_listener listeners[STREAM_LISTENERS]; /* of each transport, of each address family */
	struct stream_hold holds[STREAM_HOLDS];
	struct timer reap, resume;
	struct log_limit crowded;
	unsigned dscp;
};

/* Begins with a descriptor that is connected (INBOUND) or on its way; the descriptor is taken over, in every case. 0 or
 * errno. */
int stream_alloc(struct stream **sp, struct streams *owner, int fd, const struct sip_hop *hop, bool inbound);
void stream_free(struct stream *st);

/* Sends now, or queues. 0, EAGAIN (full: the connection ends), ENOMEM. */
int stream_send(struct stream *st, const char *text, size_t len);
/* The connection is over: nothing comes from it any more, and the loop will tell. */
void stream_end(struct stream *st, int err, const char *why, ...) __attribute__((format(printf, 3, 4)));

/* streams.c: an attempt has succeeded. */
void streams_made(struct streams *s, const struct sip_hop *to);

#endif
