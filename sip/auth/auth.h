/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * auth: digest authentication as a client (RFC 3261 section 22, RFC 7616, RFC 8760). Pure, but for the cnonce.
 */
#ifndef SIP_AUTH_H
#define SIP_AUTH_H

#include <osipparser2/osip_parser.h>
#include <stdbool.h>
#include <stdint.h>

#include "sip/message/message.h"

#define AUTH_VALUE_OCTETS 256
#define AUTH_HEX_OCTETS	  65 /* SHA-256 in hexadecimal, and the NUL */
#define AUTH_COUNT_OCTETS 9  /* nc and the NUL */

/* From the weakest to the strongest. */
enum auth_algorithm { AUTH_NONE, AUTH_MD5, AUTH_MD5_SESS, AUTH_SHA256, AUTH_SHA256_SESS };

const char *auth_algorithm_name(enum auth_algorithm a); /* as on the wire: "MD5", "SHA-256-sess" */

enum auth_algorithm auth_algorithm_find(const char *name); /* AUTH_NONE: not one of ours */
/* Copies VALUE (NULL: "") without the quotes around it; what is escaped within stays so, and goes back as it came. 0,
 * EMSGSIZE, or EINVAL for control characters. */
int auth_unquote(const char *value, char to[AUTH_VALUE_OCTETS]);

/* What a server wants to be answered; all zero: nothing. */
struct auth_challenge {
	enum auth_algorithm algorithm;
	bool algorithm_said; /* the challenge named it */
	bool proxy;	     /* 407: Proxy-Authorization */
	bool qop;	     /* "auth" is offered; without, RFC 2069's digest */
	bool stale;	     /* the credentials were good, the nonce was old */
	char realm[AUTH_VALUE_OCTETS], nonce[AUTH_VALUE_OCTETS], opaque[AUTH_VALUE_OCTETS];
};

/* Reads the strongest challenge of a 401 or 407 that we can answer. NULL, or what is wrong (static text). */
const char *auth_challenge_read(const osip_message_t *response, struct auth_challenge *cp);

struct auth_answer {
	const char *user, *secret;
	const char *method, *uri; /* of the request */
	unsigned count;		  /* how often this nonce was used, this time included: from 1 */
	const char *cnonce;
	const char *nc; /* COUNT as the other side has written it; NULL: as we write it */
};

/* The digest of the answer in lower-case hexadecimal. 0, or EIO when the library fails. */
int auth_digest(const struct auth_challenge *c, const struct auth_answer *a, char hex[AUTH_HEX_OCTETS]);

/* Adds the header Authorization or Proxy-Authorization to T, which is spoilt when it fails. */
void auth_write(const struct auth_challenge *c, const struct auth_answer *a, struct message_text *t);

#endif
