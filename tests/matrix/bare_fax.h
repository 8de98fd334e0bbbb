/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bare_fax: one fax between a machine on a line and a T.38 terminal with nothing between them but spandsp's t38_gateway and plain
 * UDPTL over a simulated network: what the gateway is measured against.
 */
#ifndef MATRIX_BARE_FAX_H
#define MATRIX_BARE_FAX_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/net_sim.h"
#include "tests/sim/udptl_sim.h"

struct bare_fax {
	bool from_line; /* the machine on the line sends */
	bool ecm;
	unsigned pages, rows;
	enum udptl_sim_kind kind; /* both sides' */
	unsigned depth;
	struct net_sim_damage damage; /* both ways */
	uint64_t seed;
};

struct bare_outcome {
	bool whole;	 /* every page identical */
	int64_t ms;	 /* until both machines were done */
	uint64_t octets; /* of UDPTL, both ways */
};

/* 0, ENOMEM, or errno of the document's files. */
int bare_fax_run(const struct bare_fax *f, struct bare_outcome *op);

#endif
