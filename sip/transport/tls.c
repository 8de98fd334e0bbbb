/* SPDX-License-Identifier: GPL-2.0-only */
#include "tls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/addr.h"

#define TLS_PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct tls {
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
	enum tls_clients clients;
};

struct tls_session {
	gnutls_session_t session;
	char name[256]; /* "": any */
	bool check;
	bool up;
	bool half;		      /* a record of ours waits for the socket */
	char refused[TLS_WHY_OCTETS]; /* what is wrong with their certificate */
};

static int file_error(char *why, size_t room, const char *what, const char *file, int rc)
{
	snprintf(why, room, "%s %s: %s", what, file, gnutls_strerror(rc));
	return rc == GNUTLS_E_MEMORY_ERROR ? ENOMEM : EINVAL;
}

int tls_alloc(struct tls **tp, const struct tls_params *p, char *why, size_t room)
{
	bool system = !p->ca || !p->ca[0];
	struct tls *t = calloc(1, sizeof(*t));
	int rc, err = ENOMEM;

	snprintf(why, room, "no memory");
	if (!t)
		return ENOMEM;
	t->clients = p->clients;
	if (gnutls_certificate_allocate_credentials(&t->credentials) ||
	    gnutls_priority_init(&t->priority, TLS_PRIORITY, NULL))
		goto out;
	rc = gnutls_certificate_set_x509_key_file(t->credentials, p->certificate, p->key, GNUTLS_X509_FMT_PEM);
	err = 0;
	if (rc < 0)
		err = file_error(why, room, "certificate and key", p->certificate, rc);
	if (err)
		goto out;
	rc = system ? gnutls_certificate_set_x509_system_trust(t->credentials)
		    : gnutls_certificate_set_x509_trust_file(t->credentials, p->ca, GNUTLS_X509_FMT_PEM);
	/* The system may have none: then nobody is believed, and each handshake will say so. */
	if (rc < 0 && !system)
		err = file_error(why, room, "certificates of the authorities", p->ca, rc);
	else if (!rc && !system) {
		snprintf(why, room, "certificates of the authorities %s: none in it", p->ca);
		err = EINVAL;
	}
out:
	if (err)
		tls_free(t);
	else
		*tp = t;
	return err;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	if (t->credentials)
		gnutls_certificate_free_credentials(t->credentials);
	if (t->priority)
		gnutls_priority_deinit(t->priority);
	free(t);
}

/* GnuTLS calls it when their certificate has come; anything but 0 ends the handshake with an alert. */
static int session_verify(gnutls_session_t session)
{
	struct tls_session *s = gnutls_session_get_ptr(session);
	gnutls_datum_t text = {0};
	unsigned status = 0, certificates = 0;
	int rc;

	/* None was shown, and none had to be: GnuTLS sees to that. */
	if (!s->check || !gnutls_certificate_get_peers(session, &certificates))
		return 0;
	rc = gnutls_certificate_verify_peers3(session, s->name[0] ? s->name : NULL, &status);
	if (!rc && !status)
		return 0;
	if (rc)
		snprintf(s->refused, sizeof(s->refused), "%s", gnutls_strerror(rc));
	else if (!gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0))
		snprintf(s->refused, sizeof(s->refused), "%s", (const char *)text.data);
	gnutls_free(text.data);
	return GNUTLS_E_CERTIFICATE_ERROR;
}

static int session_begin(struct tls_session *s, const struct tls *t, int fd, bool server)
{
	struct addr a;

	if (gnutls_init(&s->session, (server ? GNUTLS_SERVER : GNUTLS_CLIENT) | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) ||
	    gnutls_priority_set(s->session, t->priority) ||
	    gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE, t->credentials))
		return ENOMEM;
	gnutls_session_set_ptr(s->session, s);
	gnutls_session_set_verify_function(s->session, session_verify);
	gnutls_transport_set_int(s->session, fd);
	if (server && t->clients != TLS_CLIENTS_ANY)
		gnutls_certificate_server_set_request(
			s->session, t->clients == TLS_CLIENTS_REQUIRED ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST);
	/* An address is no server name (RFC 6066 3). */
	if (!server && s->name[0] && addr_parse(&a, s->name, 0) &&
	    gnutls_server_name_set(s->session, GNUTLS_NAME_DNS, s->name, strlen(s->name)))
		return ENOMEM;
	return 0;
}

int tls_session_alloc(struct tls_session **sp, struct tls *t, int fd, bool server, const char *name, bool check)
{
	struct tls_session *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return ENOMEM;
	s->check = check;
	snprintf(s->name, sizeof(s->name), "%s", name ? name : "");
	err = session_begin(s, t, fd, server);
	if (err)
		tls_session_free(s);
	else
		*sp = s;
	return err;
}

void tls_session_free(struct tls_session *s)
{
	if (!s)
		return;
	if (s->session) {
		if (s->up)
			gnutls_bye(s->session, GNUTLS_SHUT_WR);
		gnutls_deinit(s->session);
	}
	free(s);
}

static int session_failed(struct tls_session *s, int rc, char *why, size_t room)
{
	s->up = false;
	if (s->refused[0])
		snprintf(why, room, "its certificate is refused%s%s: %s", s->name[0] ? " for " : "", s->name,
			 s->refused);
	else if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
		snprintf(why, room, "the other side refused: TLS alert \"%s\"",
			 gnutls_alert_get_name(gnutls_alert_get(s->session)));
	else
		snprintf(why, room, "TLS: %s", gnutls_strerror(rc));
	return EPROTO;
}

int tls_handshake(struct tls_session *s, char *why, size_t room)
{
	int rc = gnutls_handshake(s->session);

	if (!rc) {
		s->up = true;
		return 0;
	}
	if (!gnutls_error_is_fatal(rc))
		return EAGAIN;
	/* The one who is refused is told why, if the socket takes it. */
	gnutls_alert_send_appropriate(s->session, rc);
	return session_failed(s, rc, why, room);
}

bool tls_wants_write(const struct tls_session *s)
{
	return gnutls_record_get_direction(s->session) == 1;
}

static ssize_t session_result(struct tls_session *s, ssize_t n, char *why, size_t room)
{
	if (n >= 0)
		return n;
	/* A renegotiation is not wanted; it is ignored, and the other side may go on without. */
	if (!gnutls_error_is_fatal((int)n))
		return -EAGAIN;
	/* Ended without good-bye, as many do. */
	if (n == GNUTLS_E_PREMATURE_TERMINATION) {
		s->up = false;
		return 0;
	}
	return -session_failed(s, (int)n, why, room);
}

ssize_t tls_read(struct tls_session *s, void *p, size_t room, char *why, size_t why_room)
{
	return session_result(s, gnutls_record_recv(s->session, p, room), why, why_room);
}

ssize_t tls_write(struct tls_session *s, const void *p, size_t len, char *why, size_t why_room)
{
	/* What the socket would not take lies with GnuTLS: it is asked for with nothing new. */
	ssize_t n = gnutls_record_send(s->session, s->half ? NULL : p, s->half ? 0 : len);

	s->half = n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED;
	return session_result(s, n, why, why_room);
}

bool tls_has_more(const struct tls_session *s)
{
	return gnutls_record_check_pending(s->session) > 0;
}
