/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * peer: who may talk SIP to us. Peers are numeric addresses; a source is compared by host, and by port only to choose
 * between two peers on one host.
 */
#ifndef SIP_PEER_H
#define SIP_PEER_H

#include <stdint.h>

#include "gateway/base/log.h"
#include "hop.h"
#include "session.h"

struct peers {
	struct sip_peer_params *list;
	unsigned count;
	struct log_limit refused, wrong;
	uint64_t refusals, wrong_credentials;
};

/* Copies PARAMS (their names must live on). 0, ENOMEM, or EINVAL for a peer without an address. */
int peers_init(struct peers *ps, const struct sip_peer_params *params, unsigned count);
void peers_fini(struct peers *ps);

/* Where requests to P go. */
struct sip_hop peer_hop(const struct sip_peer_params *p);

/* The index of the peer that SOURCE belongs to, by its address or else by the longest range that it is in; or -1. */
int peers_find(const struct peers *ps, const struct addr *source);

/* Counts a refused source and says so in the log, not more often than once a while. WHAT is the message's first
 * line's gist. */
void peers_refuse(struct peers *ps, const struct addr *source, const char *what, int64_t now_us);

/* The same for credentials of USER, as the request had it, that are wrong. */
void peers_wrong_credentials(struct peers *ps, const struct addr *source, const char *what, const char *user,
			     int64_t now_us);

#endif
