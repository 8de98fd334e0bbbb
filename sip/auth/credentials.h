/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * credentials: what we answer a server's challenges with (RFC 3261 22.2), from one request to the next: a challenge is
 * answered once; a nonce that was answered and is challenged again, not as stale, means that the credentials are wrong.
 */
#ifndef SIP_CREDENTIALS_H
#define SIP_CREDENTIALS_H

#include "auth.h"

/* All zero at first. */
struct credentials {
	struct auth_challenge challenge; /* the last one */
	unsigned count;			 /* answers with its nonce */
	unsigned tries;			 /* challenges since something was accepted */
};

/* A 401 or 407 to a request of USER (NULL or "": we have none). NULL: the request may be sent again; else why not
 * (static text). */
const char *credentials_take(struct credentials *c, const char *user, const osip_message_t *response);

/* The header of the next request METHOD to URI, if any was asked for. T is spoilt when it fails. */
void credentials_add(struct credentials *c, const char *user, const char *secret, const char *method, const char *uri,
		     struct message_text *t);

void credentials_accepted(struct credentials *c);

#endif
