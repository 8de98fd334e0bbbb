/* SPDX-License-Identifier: GPL-2.0-only */
#include "hop.h"

#include <stdio.h>

const char *hop_print(const struct sip_hop *h, char *buf)
{
	char text[ADDR_TEXT_OCTETS];

	if (h->transport == SIP_UDP)
		return addr_print(&h->addr, buf);
	snprintf(buf, HOP_TEXT_OCTETS, "%s %s", sip_transport_name(h->transport), addr_print(&h->addr, text));
	return buf;
}
