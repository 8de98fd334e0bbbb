/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * resolver: keeps the servers of peers that are configured by name (RFC 3263), by way of c-ares, in a loop that is not
 * the SIP thread's. It asks at once, again when what it was told expires, and with growing pauses while it gets no
 * answer. What was found once holds until something else is found.
 */
#ifndef SIP_RESOLVER_H
#define SIP_RESOLVER_H

#include "gateway/base/loop.h"
#include "locate.h"

#define RESOLVER_MAX_SERVERS 4

struct resolver_name {
	const char *peer; /* for the log */
	const char *host;
	uint16_t port;	    /* 0: none is configured */
	bool any_transport; /* the DNS chooses */
	enum sip_transport transport;
};

/* What is known of one name. */
struct resolver_news {
	unsigned name;		    /* its index */
	enum dns_outcome outcome;   /* of the last lookup */
	struct sip_targets targets; /* of the last that found any; none: there was none yet */
};

/* News of a name: the first, or other than the last. 0, or errno: it is then called again, later. */
typedef int(resolver_h)(const struct resolver_news *news, void *arg);

struct resolver_params {
	struct addr servers[RESOLVER_MAX_SERVERS]; /* with ports */
	unsigned nservers;			   /* 0: those of resolv.conf */
	unsigned have;				   /* transports that we speak, 1 << SIP_UDP ... */
	bool ipv4, ipv6;			   /* addresses that we can send to */
	uint32_t refresh_min_ms, refresh_max_ms;   /* bounds of how long an answer is believed */
	const struct resolver_name *names;	   /* they and their texts must outlive the resolver */
	unsigned count;
	resolver_h *handler;
	void *arg;
};

struct resolver;

/* The first lookups begin when LOOP runs. 0, ENOMEM or EINVAL. One resolver at a time is made, before threads start. */
int resolver_alloc(struct resolver **rp, const struct resolver_params *p, struct loop *loop);
void resolver_free(struct resolver *r); /* without news */

/* Looks NAME (an index) up again soon: its servers are no good. Not before refresh_min has passed since the last
 * time. */
void resolver_again(struct resolver *r, unsigned name);

/* Reads a reply to a NAPTR or SRV question, whatever it holds. */
void resolver_read(enum dns_type type, const uint8_t *reply, size_t len, struct dns_answer *ap);

#endif
