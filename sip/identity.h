/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * identity: who calls whom in an INVITE: From, P-Asserted-Identity and Privacy (RFC 3323, RFC 3325), and subaddresses
 * as the parameter isub of a telephone number in the user part (RFC 3966 5.1, RFC 4715, RFC 3261 19.1.6).
 */
#ifndef SIP_IDENTITY_H
#define SIP_IDENTITY_H

#include "sip/message/message.h"
#include "session.h"

/* The number in a sip or tel URI: its user part without parameters, and without visual separators (RFC 3966 5.1.1) when
 * it is a number; control characters are left out. *SUBADDRESSP (may be NULL) is its isub. */
void identity_read_uri(const osip_uri_t *u, char *to, size_t room, struct isdn_subaddress *subaddressp);

/* Fills in E's called and calling parties. The called number is where CALLED says, or else, if there is no number
 * there, in the Request-URI. P-Asserted-Identity of a peer that is not TRUSTED is not there. */
void identity_read(const osip_message_t *m, enum sip_called called, bool trusted, struct session_event *e);

/* How the one who is called is told who calls. */
struct identity_terms {
	bool trusted;	  /* within our trust domain */
	const char *user; /* in From, whoever calls: our account. NULL or "": the calling number */
	const char *host; /* behind every number of a caller */
};

/* The name-addr of From: the account, where H has one; else the caller, or anonymous when P says so. */
void identity_write_from(const struct session_invite_params *p, const struct identity_terms *h, struct message_text *t);
/* "<sip:called@HOST>". */
void identity_write_to(const struct session_invite_params *p, const char *host, struct message_text *t);
/* The headers Privacy and P-Asserted-Identity, this only to a trusted peer. To another that has our account in From,
 * the caller is told as P-Preferred-Identity (RFC 3325 9.2) unless restricted. */
void identity_write_headers(const struct session_invite_params *p, const struct identity_terms *h,
			    struct message_text *t);

#endif
