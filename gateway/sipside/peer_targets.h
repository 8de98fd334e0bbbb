/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * peer_targets: the servers of one peer, and which of them failed of late. Pure.
 */
#ifndef GATEWAY_PEER_TARGETS_H
#define GATEWAY_PEER_TARGETS_H

#include "sip/dns/resolver.h"

struct peer_targets {
	bool by_name;		  /* its servers are what the DNS says */
	bool looked_up;		  /* ... and it has said something, or failed */
	enum dns_outcome outcome; /* of the last lookup */
	struct sip_targets targets;
	int64_t held_until_us[SIP_MAX_TARGETS]; /* one that failed is tried last until then; 0: it is not */
};

/* In which order a call tries them. */
struct peer_course {
	unsigned count, at;
	struct sip_hop hops[SIP_MAX_TARGETS];
};

/* The one server of a peer with an address. */
void peer_targets_init(struct peer_targets *p, const struct sip_hop *hop);
/* What the DNS has said; a server that stays keeps its hold. */
void peer_targets_take(struct peer_targets *p, const struct resolver_news *news);

/* Those in DOWN (a bit for each) are tried last too. */
struct peer_course peer_targets_course(const struct peer_targets *p, uint32_t down, int64_t now_us, uint64_t *seed);

/* The server at HOP failed: it is tried last until UNTIL_US. True: it was not held before. */
bool peer_targets_hold(struct peer_targets *p, const struct sip_hop *hop, int64_t until_us, int64_t now_us);
/* It responds. True: it was held. */
bool peer_targets_release(struct peer_targets *p, const struct sip_hop *hop, int64_t now_us);
/* Whether every server of it is held: then so is the peer. */
bool peer_targets_all_held(const struct peer_targets *p, int64_t now_us);

#endif
