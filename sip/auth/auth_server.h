/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * auth_server: digest authentication as a server (RFC 3261 22, RFC 7616, RFC 8760). No I/O.
 *
 * A challenge leaves nothing behind: its nonce carries the time and a serial number, signed with a key that lives as
 * long as the process. Only a nonce that good credentials came with is remembered, for its counts (nc) to be taken
 * once each; the memory is bounded, and whoever falls out of it is asked again as for a stale nonce.
 */
#ifndef SIP_AUTH_SERVER_H
#define SIP_AUTH_SERVER_H

#include "auth.h"

#define AUTH_NONCE_LIFE_S 300
#define AUTH_REALM_OCTETS 64
#define AUTH_USED_NONCES  1024

struct auth_server {
	char realm[AUTH_REALM_OCTETS];
	bool sha256, md5; /* the algorithms that are offered and taken */
	unsigned char key[32];
	uint32_t serial; /* of the last nonce */
	struct auth_used {
		uint32_t serial;	/* of the nonce; 0: nothing here yet */
		uint32_t highest, seen; /* nc; bit N: HIGHEST - N was used */
	} used[AUTH_USED_NONCES];
};

/* What a request says of who sent it. */
struct auth_credentials {
	enum auth_algorithm algorithm;
	bool qop;
	char user[AUTH_VALUE_OCTETS], nonce[AUTH_VALUE_OCTETS], uri[AUTH_VALUE_OCTETS], cnonce[AUTH_VALUE_OCTETS];
	char response[AUTH_VALUE_OCTETS], nc[AUTH_COUNT_OCTETS];
};

enum auth_verdict {
	AUTH_GOOD,
	/* Good, but the nonce is too old, forgotten, not ours, or was used with this count: to be asked again. */
	AUTH_STALE,
	AUTH_WRONG, /* user or password */
};

/* REALM without quotes and backslashes; NULL or "": "faxspan". 0, EINVAL (too long), or EIO without random numbers. */
int auth_server_init(struct auth_server *s, const char *realm, bool sha256, bool md5);

/* The first Authorization of REQUEST for S's realm that can be judged. False: there is none. */
bool auth_credentials_read(const struct auth_server *s, const osip_message_t *request, struct auth_credentials *cp);

/* Judges C for METHOD against USER's SECRET; notes that its count was used. Takes as long for a wrong user as for a
 * wrong password. NOW_US: any monotonic clock, the same as for auth_server_challenge(). */
enum auth_verdict auth_server_check(struct auth_server *s, const struct auth_credentials *c, const char *method,
				    const char *user, const char *secret, int64_t now_us);

/* Adds the challenges to RESPONSE, the strongest first. 0, ENOMEM or EIO. */
int auth_server_challenge(struct auth_server *s, osip_message_t *response, bool stale, int64_t now_us);

/* A To tag for a response without a transaction: the same for each retransmission of REQUEST (RFC 3261 8.2.7). */
void auth_server_tag(const struct auth_server *s, const osip_message_t *request, char tag[17]);

#endif
