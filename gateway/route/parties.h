/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parties: who calls whom, and on whose behalf, between Q.931 and SIP. Pure.
 *
 * A number of type international has a '+' in SIP; other types are dialled as they stand. Presentation restricted is
 * Privacy: id. Screening: a number that the network vouches for is asserted (P-Asserted-Identity), and back.
 */
#ifndef GATEWAY_PARTIES_H
#define GATEWAY_PARTIES_H

#include "conf/config.h"
#include "gateway/base/isdn.h"
#include "sip/session.h"

/* N as a SIP user part, into USER (ROOM octets). */
void parties_number_to_sip(const struct isdn_number *n, char *user, size_t room);

/* And back. "" when USER is not a number. */
void parties_number_from_sip(const char *user, bool restricted, struct isdn_number *np);

/* Fills in the callers' part of an INVITE for a call that came on SPAN: everything of *IP but peer, offer and call_ref.
 * Its texts are in NUMBERS, which must live as long. */
struct parties_text {
	char called[SIP_USER_OCTETS], calling[SIP_USER_OCTETS];
};
void parties_to_sip(const struct isdn_parties *p, const struct config_span *span, struct parties_text *numbers,
		    struct session_invite_params *ip);

/* The parties that a SESSION_INCOMING names. What is not a number in it is left out. */
void parties_from_sip(const struct session_event *e, struct isdn_parties *pp);

/* The calling number of one whose numbers are OWN: what is none of them is replaced by the first that is written out,
 * or left out if none is. No OWN: it stays. */
void parties_keep_own(const struct config_numbers *own, struct isdn_number *calling);

#endif
