/* SPDX-License-Identifier: GPL-2.0-only */
/* check_transport: the rules of SIP over TCP and TLS. */
#ifndef CONF_CHECK_TRANSPORT_H
#define CONF_CHECK_TRANSPORT_H

#include "load.h"

/* The listeners of [sip] and what TLS needs. */
void check_transports(struct load *l);

/* Whether peer I can be reached as it wants. */
void check_peer_transport(struct load *l, unsigned i);

/* True if [sip] host can be told to peers of FAMILY: a name, or an address of it. */
bool check_host_is_for(const struct config *c, enum addr_family family);

#endif
