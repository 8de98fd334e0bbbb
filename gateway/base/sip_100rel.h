/* SPDX-License-Identifier: GPL-2.0-only */
/* sip_100rel: how we hold reliable provisional responses (RFC 3262) with a peer. The SIP stack and the configuration
 * both speak of it. */
#ifndef BASE_SIP_100REL_H
#define BASE_SIP_100REL_H

enum sip_100rel {
	SIP_100REL_OFF,	      /* we do not know them: who requires them is refused with 420 */
	SIP_100REL_SUPPORTED, /* ours are reliable where the peer requires it */
	SIP_100REL_REQUIRED,  /* we demand it both ways: who cannot is refused with 421 */
	SIP_100REL_COUNT
};

const char *sip_100rel_name(enum sip_100rel r); /* "supported" */

#endif
