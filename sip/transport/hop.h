/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hop: where a SIP message goes or came from (RFC 3261 section 18): an address, by which transport, and the connection
 * if there is one.
 */
#ifndef SIP_HOP_H
#define SIP_HOP_H

#include "gateway/base/addr.h"
#include "gateway/base/sip_transport.h"

struct sip_hop {
	struct addr addr;
	enum sip_transport transport;
	/* by which it came, and by which answers go while it lasts; 0: none, or any to the address */
	uint32_t connection;
};

#define HOP_TEXT_OCTETS (ADDR_TEXT_OCTETS + 8)

/* Writes "192.0.2.1:5060", "tcp 192.0.2.1:5060" to BUF (HOP_TEXT_OCTETS) and returns it. */
const char *hop_print(const struct sip_hop *h, char *buf);

#endif
