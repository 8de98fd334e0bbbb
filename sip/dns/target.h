/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target: the servers that a peer's name stands for, and in which order a request tries them (RFC 3263 4.3, RFC 2782).
 * Pure.
 */
#ifndef SIP_TARGET_H
#define SIP_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "sip/transport/hop.h"

#define SIP_MAX_TARGETS 16 /* fits the 32 bits of a set of them, twice over */

struct sip_target {
	struct sip_hop hop;
	uint16_t priority, weight; /* of its SRV record; 0 where there is none */
	uint8_t group;		   /* the addresses of one SRV record have the same, and stand together */
};

struct sip_targets {
	unsigned count;
	struct sip_target list[SIP_MAX_TARGETS];
};

/* The one target HOP. */
struct sip_targets targets_of(const struct sip_hop *hop);

/* Adds T, unless its hop is there already or there is no more room. False: it was not added. */
bool targets_add(struct sip_targets *ts, const struct sip_target *t);

/* The same hops with the same priorities and weights, in the same order. */
bool targets_equal(const struct sip_targets *a, const struct sip_targets *b);

/* The index of the target at HOP (transport and address), or -1. */
int targets_find(const struct sip_targets *ts, const struct sip_hop *hop);

/*
 * The order for one request: lower priorities first, among equal ones by lot in proportion to the weights (RFC 2782),
 * the addresses of one record as they stand. Those in HELD (a bit for each target) come behind all others. Writes the
 * indexes of all targets to ORDER (SIP_MAX_TARGETS). *SEED is the state of the generator: the same seed, the same
 * order.
 */
void targets_order(const struct sip_targets *ts, uint32_t held, uint64_t *seed, uint8_t *order);

#endif
