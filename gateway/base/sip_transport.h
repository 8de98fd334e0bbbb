/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_transport: by what a SIP message travels (RFC 3261 section 18). The SIP stack and the configuration both speak of
 * it.
 */
#ifndef BASE_SIP_TRANSPORT_H
#define BASE_SIP_TRANSPORT_H

#include <stdbool.h>

enum sip_transport { SIP_UDP, SIP_TCP, SIP_TLS, SIP_TRANSPORTS };

const char *sip_transport_name(enum sip_transport t); /* "udp": as in a URI */
const char *sip_transport_via(enum sip_transport t);  /* "UDP": as in Via */
/* The one that NAME is in either spelling; false: none. */
bool sip_transport_find(const char *name, enum sip_transport *tp);
/* What has no port of its own goes here: 5060, TLS 5061 (RFC 3261 19.1.2). */
unsigned sip_transport_port(enum sip_transport t);

#endif
