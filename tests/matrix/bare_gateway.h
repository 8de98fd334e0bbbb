/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bare_gateway: spandsp's t38_gateway with plain UDPTL, and behind a network a fax machine in T.38: what a call comes
 * to without a gateway's care.
 */
#ifndef TESTS_BARE_GATEWAY_H
#define TESTS_BARE_GATEWAY_H

#include "t38/spandsp_version.h"

#include "tests/sim/machine.h"
#include "tests/sim/net_sim.h"
#include "tests/sim/udptl_sim.h"

#define BARE_BLOCK    160 /* samples at a time */
#define BARE_BLOCK_US 20000

struct bare_gateway;

struct bare_end {
	struct bare_gateway *owner;
	struct udptl_sim udptl;
	struct udp *udp;
	struct addr remote;
};

struct bare_gateway {
	struct net_sim *net; /* the owner's */
	struct bare_end gateway_end, peer_end;
	t38_gateway_state_t *gw;
	struct machine *peer;
};

struct bare_gateway_params {
	const char *gateway, *peer; /* "10.0.0.1:4000", where each has its UDPTL */
	enum udptl_sim_kind kind;
	unsigned depth; /* of redundancy; entries of FEC */
	/* As far as spandsp's gateway can limit a fax. */
	bool no_ecm;
	int modems;   /* T30_SUPPORT_...; 0: all */
	int max_rate; /* bit/s; 0: 14400 */
};

/* On NET, which must outlive it. MACHINE is what the peer is. 0 or errno; bare_gateway_fini() is to be called in any
 * case. */
int bare_gateway_init(struct bare_gateway *g, struct net_sim *net, const struct bare_gateway_params *p,
		      const struct machine_params *machine);
void bare_gateway_fini(struct bare_gateway *g);

/* One block: SAMPLES come from the line, and go out to it. AT_US: the time on the network. */
void bare_gateway_step(struct bare_gateway *g, int64_t at_us, int16_t samples[BARE_BLOCK]);

#endif
