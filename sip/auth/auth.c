/* SPDX-License-Identifier: GPL-2.0-only */
#include "auth.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define TEXT_OCTETS 2048

static const char *const algorithm_names[] = {
	[AUTH_NONE] = "",
	[AUTH_MD5] = "MD5",
	[AUTH_MD5_SESS] = "MD5-sess",
	[AUTH_SHA256] = "SHA-256",
	[AUTH_SHA256_SESS] = "SHA-256-sess",
};

const char *auth_algorithm_name(enum auth_algorithm a)
{
	return algorithm_names[a];
}

/* ---- the challenge ---- */

int auth_unquote(const char *value, char to[AUTH_VALUE_OCTETS])
{
	size_t n = value ? strlen(value) : 0;

	if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
		value++;
		n -= 2;
	}
	if (n >= AUTH_VALUE_OCTETS)
		return EMSGSIZE;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)value[i] < ' ' || value[i] == 0x7f)
			return EINVAL;
	memcpy(to, value ? value : "", n);
	to[n] = '\0';
	return 0;
}

enum auth_algorithm auth_algorithm_find(const char *name)
{
	for (int a = AUTH_MD5; a <= AUTH_SHA256_SESS; a++)
		if (!strcasecmp(name, algorithm_names[a]))
			return (enum auth_algorithm)a;
	return AUTH_NONE;
}

/* True if the list of OPTIONS ("auth,auth-int") has "auth". */
static bool offers_auth(const char *options)
{
	for (const char *p = options; *p;) {
		size_t n;

		p += strspn(p, ", \t");
		n = strcspn(p, ", \t");
		if (n == 4 && !strncasecmp(p, "auth", 4))
			return true;
		p += n;
	}
	return false;
}

static const char *read_one(const osip_www_authenticate_t *w, struct auth_challenge *cp)
{
	struct auth_challenge c = {.algorithm = AUTH_MD5};
	char text[AUTH_VALUE_OCTETS];

	if (!w->auth_type || strcasecmp(w->auth_type, "Digest"))
		return "the peer wants another authentication than Digest";
	if (auth_unquote(w->realm, c.realm) || auth_unquote(w->nonce, c.nonce) || auth_unquote(w->opaque, c.opaque))
		return "a value of the challenge is too long, or has control characters";
	if (!w->realm || !c.nonce[0])
		return "the challenge has no realm or no nonce";
	if (w->algorithm) {
		if (auth_unquote(w->algorithm, text))
			return "the challenge's algorithm is too long";
		c.algorithm = auth_algorithm_find(text);
		c.algorithm_said = true;
		if (c.algorithm == AUTH_NONE)
			return "the challenge wants an algorithm that we do not have";
	}
	if (w->qop_options) {
		if (auth_unquote(w->qop_options, text) || !offers_auth(text))
			return "the challenge does not offer qop=auth";
		c.qop = true;
	}
	c.stale = w->stale && !auth_unquote(w->stale, text) && !strcasecmp(text, "true");
	*cp = c;
	return NULL;
}

static const osip_www_authenticate_t *nth_challenge(const osip_message_t *m, bool proxy, int n)
{
	osip_www_authenticate_t *w = NULL;
	osip_proxy_authenticate_t *p = NULL;

	if (!proxy)
		return osip_message_get_www_authenticate(m, n, &w) < 0 ? NULL : w;
	/* in osip both are the same structure */
	return osip_message_get_proxy_authenticate(m, n, &p) < 0 ? NULL : p;
}

const char *auth_challenge_read(const osip_message_t *response, struct auth_challenge *cp)
{
	struct auth_challenge best = {.algorithm = AUTH_NONE}, c;
	bool proxy = response->status_code == 407;
	const osip_www_authenticate_t *w;
	const char *wrong = "there is no challenge in it", *why;

	for (int n = 0; (w = nth_challenge(response, proxy, n)); n++) {
		why = read_one(w, &c);
		if (why)
			wrong = why;
		else if (c.algorithm > best.algorithm)
			best = c;
	}
	if (best.algorithm == AUTH_NONE)
		return wrong;
	best.proxy = proxy;
	*cp = best;
	return NULL;
}

/* ---- the answer ---- */

static int hash(const struct auth_challenge *c, char hex[AUTH_HEX_OCTETS], const char *fmt, ...)
{
	bool sha = c->algorithm == AUTH_SHA256 || c->algorithm == AUTH_SHA256_SESS;
	gnutls_digest_algorithm_t which = sha ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_MD5;
	unsigned char digest[32];
	char text[TEXT_OCTETS];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text))
		return EMSGSIZE;
	if (gnutls_hash_fast(which, text, (size_t)n, digest))
		return EIO;
	for (unsigned i = 0; i < gnutls_hash_get_len(which); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

int auth_digest(const struct auth_challenge *c, const struct auth_answer *a, char hex[AUTH_HEX_OCTETS])
{
	char a1[AUTH_HEX_OCTETS], a2[AUTH_HEX_OCTETS];
	bool session = c->algorithm == AUTH_MD5_SESS || c->algorithm == AUTH_SHA256_SESS;
	char count[AUTH_COUNT_OCTETS];
	int err = hash(c, a1, "%s:%s:%s", a->user, c->realm, a->secret);

	if (!err && session)
		err = hash(c, a1, "%s:%s:%s", a1, c->nonce, a->cnonce);
	if (!err)
		err = hash(c, a2, "%s:%s", a->method, a->uri);
	snprintf(count, sizeof(count), "%08x", a->count);
	if (!err && c->qop)
		err = hash(c, hex, "%s:%s:%s:%s:auth:%s", a1, c->nonce, a->nc ? a->nc : count, a->cnonce, a2);
	else if (!err)
		err = hash(c, hex, "%s:%s:%s", a1, c->nonce, a2);
	return err;
}

void auth_write(const struct auth_challenge *c, const struct auth_answer *a, struct message_text *t)
{
	bool session = c->algorithm == AUTH_MD5_SESS || c->algorithm == AUTH_SHA256_SESS;
	char hex[AUTH_HEX_OCTETS];

	if (auth_digest(c, a, hex)) {
		t->bad = true;
		return;
	}
	message_add(t, "%s: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\"",
		    c->proxy ? "Proxy-Authorization" : "Authorization", a->user, c->realm, c->nonce, a->uri, hex);
	if (c->algorithm_said)
		message_add(t, ", algorithm=%s", auth_algorithm_name(c->algorithm));
	if (c->opaque[0])
		message_add(t, ", opaque=\"%s\"", c->opaque);
	if (c->qop)
		message_add(t, ", qop=auth, nc=%08x", a->count);
	if (c->qop || session)
		message_add(t, ", cnonce=\"%s\"", a->cnonce);
	message_add(t, "\r\n");
}
