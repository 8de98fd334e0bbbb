/* SPDX-License-Identifier: GPL-2.0-only */
/* check_transport: the rules of SIP over TCP and TLS. */
#ifndef CONF_CHECK_TRANSPORT_H
#define CONF_CHECK_TRANSPORT_H

#include "load.h"

/* The listeners of [sip] and what TLS needs. */
void check_transports(struct load *l);

/* Whether peer I can be reached as it wants. */
void check_peer_transport(struct load *l, unsigned i);

#endif
