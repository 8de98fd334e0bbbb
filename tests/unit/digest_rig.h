/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * digest_rig: what a client answers to our challenges. Goes with wire_rig.h.
 */
#ifndef UNIT_DIGEST_RIG_H
#define UNIT_DIGEST_RIG_H

#include "sip/auth/auth.h"
#include "wire_rig.h"

/* The value of parameter NAME in a challenge, without quotes. */
static inline void digest_param(const char *challenge, const char *name, char *to, size_t room)
{
	const char *p = strstr(challenge, name);
	size_t n;

	assert_non_null(p);
	p += strlen(name) + 1;
	p += *p == '"';
	n = strcspn(p, "\",\r");
	assert_true(n < room);
	memcpy(to, p, n);
	to[n] = '\0';
}

/* The header Authorization of METHOD to URI that answers the challenge in W's last message, the first time. */
static inline const char *digest_answer(const struct wire *w, const char *method, const char *uri, const char *user,
					const char *secret, char *buf, size_t room)
{
	struct auth_challenge c = {.algorithm = AUTH_MD5, .qop = true, .realm = "faxspan"};
	struct auth_answer a = {
		.user = user, .secret = secret, .method = method, .uri = uri, .count = 1, .cnonce = "c"};
	char challenge[512], hex[AUTH_HEX_OCTETS];

	wire_header(w, "WWW-Authenticate", challenge, sizeof(challenge));
	digest_param(challenge, "nonce", c.nonce, sizeof(c.nonce));
	assert_int_equal(auth_digest(&c, &a, hex), 0);
	snprintf(buf, room,
		 "Authorization: Digest username=\"%s\", realm=\"faxspan\", nonce=\"%s\", uri=\"%s\", response=\"%s\", "
		 "algorithm=MD5, cnonce=\"c\", qop=auth, nc=00000001\n",
		 user, c.nonce, uri, hex);
	return buf;
}

#endif
