/* SPDX-License-Identifier: GPL-2.0-only */
#include "sip_transport.h"

#include <strings.h>

static const struct {
	const char *name, *via;
	unsigned port;
} transports[SIP_TRANSPORTS] = {
	[SIP_UDP] = {"udp", "UDP", 5060},
	[SIP_TCP] = {"tcp", "TCP", 5060},
	[SIP_TLS] = {"tls", "TLS", 5061},
};

const char *sip_transport_name(enum sip_transport t)
{
	return t < SIP_TRANSPORTS ? transports[t].name : "?";
}

const char *sip_transport_via(enum sip_transport t)
{
	return t < SIP_TRANSPORTS ? transports[t].via : "?";
}

bool sip_transport_find(const char *name, enum sip_transport *tp)
{
	for (enum sip_transport t = 0; name && t < SIP_TRANSPORTS; t++) {
		if (strcasecmp(name, transports[t].name))
			continue;
		*tp = t;
		return true;
	}
	return false;
}

unsigned sip_transport_port(enum sip_transport t)
{
	return t < SIP_TRANSPORTS ? transports[t].port : 5060;
}
