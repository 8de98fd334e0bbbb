/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tls: SIP over TLS by GnuTLS (RFC 3261 26.2, RFC 5922): one set of credentials, a session for each connection. TLS 1.2
 * and 1.3.
 *
 * Nothing here blocks: sockets are non-blocking, and what cannot go on says EAGAIN.
 */
#ifndef SIP_TLS_H
#define SIP_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define TLS_WHY_OCTETS 256

struct tls;
struct tls_session;

enum tls_clients { TLS_CLIENTS_ANY, TLS_CLIENTS_CHECKED, TLS_CLIENTS_REQUIRED };

struct tls_params {
	const char *certificate, *key; /* files in PEM; the certificate's chain after it */
	const char *ca;		       /* whom we believe, a file in PEM; NULL or "": whom the system believes */
	enum tls_clients clients;      /* who connects to us: needs no certificate; a valid one if any; a valid one */
};

/* Reads the files. 0, ENOMEM, or EINVAL with the file and what is wrong with it in WHY. */
int tls_alloc(struct tls **tp, const struct tls_params *p, char *why, size_t room);
void tls_free(struct tls *t);

/*
 * A session over the connected socket FD, which stays the caller's. NAME: what the other side's certificate must be
 * for, a host name or an address (RFC 5922 7.1); NULL: for anything. CHECK false: it is believed whoever it is. 0 or
 * ENOMEM.
 */
int tls_session_alloc(struct tls_session **sp, struct tls *t, int fd, bool server, const char *name, bool check);
void tls_session_free(struct tls_session *s); /* says good-bye if the socket takes it at once */

/* One step. 0: it is done; EAGAIN; EPROTO: it failed, and WHY says why. */
int tls_handshake(struct tls_session *s, char *why, size_t room);
/* What EAGAIN waits for: to write, else to read. */
bool tls_wants_write(const struct tls_session *s);
/* Octets; 0: the other side has ended it; -EAGAIN; -EPROTO with WHY. */
ssize_t tls_read(struct tls_session *s, void *p, size_t room, char *why, size_t why_room);
ssize_t tls_write(struct tls_session *s, const void *p, size_t len, char *why, size_t why_room);
/* True if octets have come that tls_read() has not handed out, which the socket will not tell of. */
bool tls_has_more(const struct tls_session *s);

#endif
