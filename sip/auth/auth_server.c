/* SPDX-License-Identifier: GPL-2.0-only */
#include "auth_server.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "gateway/base/clock.h"

/* A nonce is three numbers in hexadecimal: the second it was made in, its serial number, and their signature. */
#define TIME_DIGITS   8
#define SERIAL_DIGITS 8
#define MAC_OCTETS    16
#define NONCE_DIGITS  (TIME_DIGITS + SERIAL_DIGITS + 2 * MAC_OCTETS)
#define HEX	      "0123456789abcdef"

int auth_server_init(struct auth_server *s, const char *realm, bool sha256, bool md5)
{
	memset(s, 0, sizeof(*s));
	s->sha256 = sha256;
	s->md5 = md5;
	if (!realm || !realm[0])
		realm = "faxspan";
	if (strlen(realm) >= sizeof(s->realm))
		return EINVAL;
	snprintf(s->realm, sizeof(s->realm), "%s", realm);
	return getrandom(s->key, sizeof(s->key), 0) == (ssize_t)sizeof(s->key) ? 0 : EIO;
}

/* Signs a text with S's key: DIGITS hexadecimal digits (64 at most) into HEX. 0, EIO or EMSGSIZE. */
static int sign(const struct auth_server *s, char *hex, unsigned digits, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static int sign(const struct auth_server *s, char *hex, unsigned digits, const char *fmt, ...)
{
	unsigned char mac[32];
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text))
		return EMSGSIZE;
	if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, s->key, sizeof(s->key), text, (size_t)n, mac))
		return EIO;
	for (unsigned i = 0; i < digits; i++)
		hex[i] = HEX[mac[i / 2] >> (i % 2 ? 0 : 4) & 15];
	hex[digits] = '\0';
	return 0;
}

static int write_nonce(const struct auth_server *s, uint32_t made_s, uint32_t serial, char nonce[NONCE_DIGITS + 1])
{
	int n = snprintf(nonce, NONCE_DIGITS + 1, "%08x%08x", made_s, serial);

	return sign(s, nonce + n, 2 * MAC_OCTETS, "nonce %08x %08x %s", made_s, serial, s->realm);
}

/* ---- the credentials ---- */

static bool read_count(const char *value, char nc[AUTH_COUNT_OCTETS])
{
	if (!value || strlen(value) != AUTH_COUNT_OCTETS - 1 || strspn(value, HEX "ABCDEF") != AUTH_COUNT_OCTETS - 1)
		return false;
	memcpy(nc, value, AUTH_COUNT_OCTETS);
	return true;
}

static enum auth_algorithm read_algorithm(const struct auth_server *s, const char *value)
{
	char text[AUTH_VALUE_OCTETS];
	enum auth_algorithm a = AUTH_MD5; /* RFC 7616 3.4: where it is not said */

	if (value)
		a = auth_unquote(value, text) ? AUTH_NONE : auth_algorithm_find(text);
	return (a == AUTH_MD5 && s->md5) || (a == AUTH_SHA256 && s->sha256) ? a : AUTH_NONE;
}

static bool read_one(const struct auth_server *s, const osip_authorization_t *a, struct auth_credentials *cp)
{
	struct auth_credentials c = {.algorithm = read_algorithm(s, a->algorithm)};
	char text[AUTH_VALUE_OCTETS];

	if (!a->auth_type || strcasecmp(a->auth_type, "Digest") || c.algorithm == AUTH_NONE)
		return false;
	if (auth_unquote(a->realm, text) || strcmp(text, s->realm))
		return false;
	if (auth_unquote(a->username, c.user) || auth_unquote(a->nonce, c.nonce) || auth_unquote(a->uri, c.uri) ||
	    auth_unquote(a->response, c.response) || auth_unquote(a->cnonce, c.cnonce))
		return false;
	if (!c.user[0] || !c.nonce[0] || !c.uri[0] || !c.response[0])
		return false;
	if (a->message_qop) {
		c.qop = true;
		if (auth_unquote(a->message_qop, text) || strcasecmp(text, "auth") || !c.cnonce[0] ||
		    !read_count(a->nonce_count, c.nc))
			return false;
	}
	*cp = c;
	return true;
}

bool auth_credentials_read(const struct auth_server *s, const osip_message_t *request, struct auth_credentials *cp)
{
	osip_authorization_t *a = NULL;

	for (int n = 0; osip_message_get_authorization(request, n, &a) >= 0 && a; n++) {
		if (read_one(s, a, cp))
			return true;
		a = NULL;
	}
	return false;
}

/* ---- the judgement ---- */

/* True if NONCE is of our making; when, and its number. */
static bool read_nonce(const struct auth_server *s, const char *nonce, uint32_t *made_sp, uint32_t *serialp)
{
	char number[TIME_DIGITS + 1], ours[NONCE_DIGITS + 1];
	uint32_t made_s, serial;

	if (strlen(nonce) != NONCE_DIGITS || strspn(nonce, HEX) != NONCE_DIGITS)
		return false;
	snprintf(number, sizeof(number), "%.*s", TIME_DIGITS, nonce);
	made_s = (uint32_t)strtoul(number, NULL, 16);
	snprintf(number, sizeof(number), "%.*s", SERIAL_DIGITS, nonce + TIME_DIGITS);
	serial = (uint32_t)strtoul(number, NULL, 16);
	if (write_nonce(s, made_s, serial, ours) || gnutls_memcmp(ours, nonce, NONCE_DIGITS))
		return false;
	*made_sp = made_s;
	*serialp = serial;
	return true;
}

/* Takes count NC of the nonce SERIAL. False: it was used, or may have been. Counts may overtake one another by 31
 * (UDP). */
static bool take_count(struct auth_server *s, uint32_t serial, uint32_t nc)
{
	struct auth_used *u = &s->used[serial % AUTH_USED_NONCES];

	if (!nc || (u->serial && (int32_t)(serial - u->serial) < 0))
		return false;
	if (u->serial != serial) {
		*u = (struct auth_used){.serial = serial, .highest = nc, .seen = 1};
		return true;
	}
	if (nc > u->highest) {
		u->seen = nc - u->highest < 32 ? u->seen << (nc - u->highest) : 0;
		u->highest = nc;
	}
	if (u->highest - nc >= 32 || u->seen >> (u->highest - nc) & 1)
		return false;
	u->seen |= 1u << (u->highest - nc);
	return true;
}

enum auth_verdict auth_server_check(struct auth_server *s, const struct auth_credentials *c, const char *method,
				    const char *user, const char *secret, int64_t now_us)
{
	struct auth_challenge asked = {.algorithm = c->algorithm, .qop = c->qop};
	struct auth_answer a = {
		.user = c->user, .secret = secret, .method = method, .uri = c->uri, .cnonce = c->cnonce, .nc = c->nc};
	char hex[AUTH_HEX_OCTETS];
	uint32_t made_s, serial, nc = c->qop ? (uint32_t)strtoul(c->nc, NULL, 16) : 1;
	bool good = !strcmp(c->user, user);

	snprintf(asked.realm, sizeof(asked.realm), "%s", s->realm);
	snprintf(asked.nonce, sizeof(asked.nonce), "%s", c->nonce);
	if (auth_digest(&asked, &a, hex))
		return AUTH_WRONG;
	if (strlen(hex) != strlen(c->response) || gnutls_memcmp(hex, c->response, strlen(hex)))
		good = false;
	if (!good || !read_nonce(s, c->nonce, &made_s, &serial))
		return good ? AUTH_STALE : AUTH_WRONG;
	if ((uint32_t)(now_us / SEC_US) - made_s > AUTH_NONCE_LIFE_S || !take_count(s, serial, nc))
		return AUTH_STALE;
	return AUTH_GOOD;
}

/* ---- the challenge ---- */

static int add_challenge(const struct auth_server *s, osip_message_t *m, enum auth_algorithm a, const char *nonce,
			 bool stale)
{
	return message_set_header(m, "WWW-Authenticate",
				  "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s", s->realm, nonce,
				  auth_algorithm_name(a), stale ? ", stale=true" : "");
}

int auth_server_challenge(struct auth_server *s, osip_message_t *response, bool stale, int64_t now_us)
{
	char nonce[NONCE_DIGITS + 1];
	int err;

	if (!++s->serial)
		s->serial = 1;
	err = write_nonce(s, (uint32_t)(now_us / SEC_US), s->serial, nonce);
	if (!err && s->sha256)
		err = add_challenge(s, response, AUTH_SHA256, nonce, stale);
	if (!err && s->md5)
		err = add_challenge(s, response, AUTH_MD5, nonce, stale);
	return err;
}

void auth_server_tag(const struct auth_server *s, const osip_message_t *request, char tag[17])
{
	char id[256] = "";

	message_call_id(request, id, sizeof(id));
	if (sign(s, tag, 16, "tag %s %.200s %u %.200s", id, message_from_tag(request), message_cseq(request),
		 message_branch(request)))
		memcpy(tag, "refused", 8);
}
