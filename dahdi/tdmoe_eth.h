/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdmoe_eth: the frames of a tdmoe line straight over Ethernet, as DAHDI's dahdi_dynamic_eth and E1 bridges send
 * them: ethertype 0xD00D, then a sub-address of two octets in network byte order, then the frame. Several lines may
 * share an interface: the kernel gives each only the frames from its peer's MAC address with its sub-address.
 *
 * DAHDI sends 1,000 frames a second, in which a process that woke up for each would spend most of its time; so
 * frames are taken in batches, and their answers sent in batches (tdmoe_port.gather_us).
 *
 * It needs CAP_NET_RAW. When the interface goes away, or down, and comes back, the port is there again by itself.
 */
#ifndef DAHDI_TDMOE_ETH_H
#define DAHDI_TDMOE_ETH_H

#include "tdmoe_port.h"

#define TDMOE_ETHERTYPE	 0xD00D
#define TDMOE_MAC_OCTETS 6

struct tdmoe_eth_params {
	const char *interface; /* "eth1"; must outlive the port */
	uint8_t remote_mac[TDMOE_MAC_OCTETS];
	uint16_t subaddress;
	unsigned gather_ms; /* 0: each frame is answered at once */
};

/* Returns 0, EINVAL (a name that none can have; an address that is none or many hosts'), ENODEV (no such interface),
 * EPERM (CAP_NET_RAW), ENOMEM, or the socket's errno. */
int tdmoe_eth_open(struct tdmoe_port **pp, const struct tdmoe_eth_params *params);

#endif
