/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * locate: from a peer's name to its servers (RFC 3263 section 4): NAPTR chooses the transport, SRV the hosts and ports,
 * A and AAAA the addresses. Pure: it says what to ask next and takes what was answered.
 */
#ifndef SIP_LOCATE_H
#define SIP_LOCATE_H

#include "dns.h"
#include "target.h"

struct locate_params {
	const char *host;   /* as configured; a name */
	uint16_t port;	    /* 0: none is configured */
	bool any_transport; /* the DNS chooses among HAVE; else TRANSPORT is configured */
	enum sip_transport transport;
	unsigned have;	 /* transports that we speak, 1 << SIP_UDP ... */
	bool by_address; /* ask for the addresses of HOST alone: it is in the hosts file */
};

/* A server found, whose addresses are yet to be asked for. */
struct locate_server {
	char host[DNS_NAME_OCTETS];
	uint16_t port, priority, weight;
	enum sip_transport transport;
};

/* A name whose SRV records are yet to be asked for. */
struct locate_service {
	char name[DNS_NAME_OCTETS];
	enum sip_transport transport;
};

enum locate_stage { LOCATE_NAPTR, LOCATE_SRV, LOCATE_ADDRESS, LOCATE_DONE };

const char *locate_stage_name(enum locate_stage s);

struct locate {
	struct locate_params params;
	enum locate_stage stage;
	struct locate_service services[DNS_MAX_RECORDS];
	unsigned nservices, service_at;
	bool srv_found;
	struct locate_server servers[DNS_MAX_RECORDS];
	unsigned nservers, server_at;
	struct sip_targets targets;
	uint32_t ttl_s; /* the least so far */
	bool failed;	/* something was not answered: what is found may not be all, or not the best */
};

/* P's host must stay valid. */
void locate_begin(struct locate *l, const struct locate_params *p);

/* What to ask now. False: it is done. */
bool locate_next(const struct locate *l, struct dns_question *qp);
/* The answer to that. */
void locate_answer(struct locate *l, const struct dns_answer *a);

struct locate_result {
	enum dns_outcome outcome; /* DNS_FOUND: there are targets */
	bool doubtful;		  /* found, but not every question was answered */
	uint32_t ttl_s;
	struct sip_targets targets; /* by priority */
};

/* Once it is done. */
struct locate_result locate_result(const struct locate *l);

#endif
