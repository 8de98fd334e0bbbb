/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * peer: who may talk SIP to us, and where they are. A peer has one address, or, configured by name, the targets that
 * were found for it, none at first. A source is compared with all of them by host, and by port only to choose between
 * two peers on one host.
 */
#ifndef SIP_PEER_H
#define SIP_PEER_H

#include <stdint.h>

#include "blacklist.h"
#include "gateway/base/log.h"
#include "sip/transport/hop.h"
#include "session.h"
#include "sip/dns/target.h"

struct peers {
	struct sip_peer_params *list;
	struct sip_targets *targets; /* of each */
	unsigned count;
	struct blacklist *blacklist; /* NULL: none is kept */
	struct log_limit refused, wrong;
	uint64_t refusals, wrong_credentials;
};

/* Copies PARAMS (their names must live on). 0, ENOMEM, or EINVAL for a peer with neither address nor host. */
int peers_init(struct peers *ps, const struct sip_peer_params *params, unsigned count);
void peers_fini(struct peers *ps);

/* From now on PEER is at TARGETS. */
void peers_set_targets(struct peers *ps, unsigned peer, const struct sip_targets *targets);

/* Where a request to PEER goes that has no other choice: the first of its targets. 0, or EHOSTUNREACH: there is
 * none. */
int peers_hop(const struct peers *ps, unsigned peer, struct sip_hop *hp);

#define PEER_HOST_OCTETS 280

/* PEER as the host part of a URI, "sip.example.com:5070" or "192.0.2.1:5060", and what must be said of the TRANSPORT,
 * for it would be taken for UDP (RFC 3263 4.1): ";transport=tcp". */
const char *peers_uri_host(const struct peers *ps, unsigned peer, char *buf);
const char *peers_uri_transport(const struct sip_hop *hop, char *buf);

/* The index of the peer that SOURCE belongs to, by its address or else by the longest range that it is in; or -1. */
int peers_find(const struct peers *ps, const struct addr *source);

/* From now on those who keep being refused are dropped. LOOP must outlive PS. 0 or ENOMEM. */
int peers_guard(struct peers *ps, const struct blacklist_params *p, struct loop *loop);

/* True if what SOURCE sends is not to be read. Never of the very address of a peer. */
bool peers_drop(struct peers *ps, const struct addr *source);
/* SOURCE did WHAT, which only those do who have no business here. It counts against all but the very address of a
 * peer. */
void peers_suspect(struct peers *ps, const struct addr *source, const char *what);

/* WHAT (a method) of SOURCE is refused, for the reason WHY: counted, held against it, and said in the log, not more
 * often than once a while. */
void peers_refuse(struct peers *ps, const struct addr *source, const char *what, const char *why, int64_t now_us);

/* The same for credentials of USER, as the request had it, that are wrong. */
void peers_wrong_credentials(struct peers *ps, const struct addr *source, const char *what, const char *user,
			     int64_t now_us);

#endif
