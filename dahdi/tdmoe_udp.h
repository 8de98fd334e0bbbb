/* SPDX-License-Identifier: GPL-2.0-only */
/* tdmoe_udp: the frames of a tdmoe line over UDP, to and from one address. */
#ifndef DAHDI_TDMOE_UDP_H
#define DAHDI_TDMOE_UDP_H

#include "gateway/base/net.h"
#include "tdmoe_port.h"

/* Binds the socket on NET, which must outlive the port. Returns 0, EINVAL (no peer), ENOMEM, or bind's errno. */
int tdmoe_udp_open(struct tdmoe_port **pp, const struct addr *local, const struct addr *peer, struct net *net);

/* The bound address. */
const struct addr *tdmoe_udp_local(const struct tdmoe_port *p);

#endif
