/* SPDX-License-Identifier: GPL-2.0-only */
/* sip_called: where a peer's INVITE has the number that is called. The SIP stack and the configuration both speak of
 * it. */
#ifndef BASE_SIP_CALLED_H
#define BASE_SIP_CALLED_H

enum sip_called {
	SIP_CALLED_REQUEST_URI, /* RFC 3261 8.2.2.1 */
	SIP_CALLED_TO, /* of a provider that has our account in the Request-URI, and the number dialled in To alone */
	SIP_CALLED_PARTY_ID, /* the same, in P-Called-Party-ID (RFC 7315 4.2) */
	SIP_CALLED_COUNT
};

const char *sip_called_name(enum sip_called c); /* "request-uri" */

#endif
