/* SPDX-License-Identifier: GPL-2.0-only */
/* TLS between two stacks' connections, with certificates made here: who is believed, and what is said when not. */
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <time.h>

#include "streams_rig.h"

#define DAY 86400

/* A folder of files in PEM: ca, and for each name its certificate and key. */
static char folder[] = "/tmp/faxspan-tls-XXXXXX";
static gnutls_x509_privkey_t ca_key;
static gnutls_x509_crt_t ca;

static void path(char *buf, size_t room, const char *name, const char *what)
{
	snprintf(buf, room, "%s/%s.%s", folder, name, what);
}

static void save(const char *name, const char *what, gnutls_datum_t *pem)
{
	char file[100];
	FILE *f;

	path(file, sizeof(file), name, what);
	f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(pem->data, 1, pem->size, f), pem->size);
	assert_int_equal(fclose(f), 0);
	gnutls_free(pem->data);
}

static gnutls_x509_privkey_t make_key(void)
{
	gnutls_x509_privkey_t key;

	assert_int_equal(gnutls_x509_privkey_init(&key), 0);
	assert_int_equal(
		gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
		0);
	return key;
}

static gnutls_x509_crt_t make_crt(gnutls_x509_privkey_t key, const char *cn, time_t from, time_t to)
{
	static unsigned char serial;
	gnutls_x509_crt_t crt;

	serial++;
	assert_int_equal(gnutls_x509_crt_init(&crt), 0);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, &serial, 1);
	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, cn, (unsigned)strlen(cn));
	gnutls_x509_crt_set_activation_time(crt, from);
	gnutls_x509_crt_set_expiration_time(crt, to);
	assert_int_equal(gnutls_x509_crt_set_key(crt, key), 0);
	return crt;
}

/* NAME.crt and NAME.key, for the host HOST, from DAYS days ago for one; signed by the authority, or by itself. */
static void make(const char *name, const char *host, int days_ago, bool own)
{
	time_t from = time(NULL) - days_ago * DAY - DAY / 2;
	gnutls_x509_privkey_t key = make_key();
	gnutls_x509_crt_t crt = make_crt(key, name, from, from + DAY);
	gnutls_datum_t pem;

	assert_int_equal(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, host, (unsigned)strlen(host),
							      GNUTLS_FSAN_SET),
			 0);
	assert_int_equal(gnutls_x509_crt_sign2(crt, own ? crt : ca, own ? key : ca_key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem), 0);
	save(name, "crt", &pem);
	assert_int_equal(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem), 0);
	save(name, "key", &pem);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static int make_all(void **state)
{
	time_t now = time(NULL);
	gnutls_datum_t pem;

	if (!mkdtemp(folder))
		return -1;
	ca_key = make_key();
	ca = make_crt(ca_key, "authority", now - DAY, now + DAY);
	gnutls_x509_crt_set_ca_status(ca, 1);
	assert_int_equal(gnutls_x509_crt_sign2(ca, ca, ca_key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(gnutls_x509_crt_export2(ca, GNUTLS_X509_FMT_PEM, &pem), 0);
	save("ca", "crt", &pem);
	make("good", "gw.example.net", 0, false);
	make("old", "gw.example.net", 3, false);
	make("own", "gw.example.net", 0, true);
	return 0;
}

static int remove_all(void **state)
{
	static const char *const files[] = {"ca.crt",  "good.crt", "good.key", "old.crt",
					    "old.key", "own.crt",  "own.key"};
	char file[100];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(file, sizeof(file), "%s/%s", folder, files[i]);
		unlink(file);
	}
	gnutls_x509_crt_deinit(ca);
	gnutls_x509_privkey_deinit(ca_key);
	return rmdir(folder);
}

static int load(const char *name, const char *authority, enum tls_clients clients, struct tls **tp, char *why)
{
	char crt[100], key[100], believed[100];
	struct tls_params p = {.certificate = crt, .key = key, .ca = believed, .clients = clients};

	path(crt, sizeof(crt), name, "crt");
	path(key, sizeof(key), name, "key");
	path(believed, sizeof(believed), authority, "crt");
	return tls_alloc(tp, &p, why, TLS_WHY_OCTETS);
}

/* The certificates of two ends, and how they take each other's. */
struct meeting {
	const char *server, *client; /* whose */
	const char *server_believes, *client_believes;
	const char *name; /* whom the client wants */
	bool trusting;	  /* it checks nothing */
	enum tls_clients clients;
	const char *server_says, *client_says; /* why it failed; NULL: it did not */
};

static void meet(const struct meeting *m)
{
	char why[TLS_WHY_OCTETS];
	struct tls *a, *b;
	struct sip_hop hop;
	struct rig *r;

	assert_int_equal(load(m->server, m->server_believes, m->clients, &a, why), 0);
	assert_int_equal(load(m->client, m->client_believes, TLS_CLIENTS_ANY, &b, why), 0);
	r = rig_open(NULL, a, b);
	r->a.terms.check = true;
	r->b.terms.check = !m->trusting;
	r->b.terms.name = m->name;
	hop = rig_listen(r, SIP_TLS);
	assert_int_equal(end_send(&r->b, &hop, MESSAGE), 0);
	if (m->server_says || m->client_says) {
		rig_until(r, &r->b.losses, 1);
		rig_until(r, &r->a.losses, 1);
		if (!strstr(r->a.why, m->server_says) || !strstr(r->b.why, m->client_says))
			fail_msg("server: %s\nclient: %s", r->a.why, r->b.why);
		assert_int_equal(r->a.messages, 0);
	} else {
		rig_until(r, &r->a.messages, 1);
		assert_int_equal(r->a.from.transport, SIP_TLS);
		assert_int_equal(end_send(&r->a, &r->a.from, MESSAGE2), 0);
		rig_until(r, &r->b.messages, 1);
		assert_string_equal(r->b.last, MESSAGE2);
	}
	rig_close(r);
	tls_free(a);
	tls_free(b);
}

static void test_believed(void **state)
{
	static const struct meeting meetings[] = {
		{"good", "good", "ca", "ca", "gw.example.net", false, TLS_CLIENTS_ANY, NULL, NULL},
		{"good", "good", "ca", "ca", NULL, false, TLS_CLIENTS_REQUIRED, NULL, NULL},
		{"old", "own", "ca", "ca", "other.example.net", true, TLS_CLIENTS_ANY, NULL, NULL},
		{"own", "good", "ca", "own", "gw.example.net", false, TLS_CLIENTS_CHECKED, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(meetings) / sizeof(meetings[0]); i++)
		meet(&meetings[i]);
}

static void test_refused(void **state)
{
	static const struct meeting meetings[] = {
		/* the name is another's */
		{"good", "good", "ca", "ca", "other.example.net", false, TLS_CLIENTS_ANY, "TLS alert",
		 "for other.example.net: The certificate is NOT trusted. The name in the certificate does not match"},
		/* expired */
		{"old", "good", "ca", "ca", "gw.example.net", false, TLS_CLIENTS_ANY, "TLS alert", "expired"},
		/* an authority nobody knows */
		{"own", "good", "ca", "ca", "gw.example.net", false, TLS_CLIENTS_ANY, "TLS alert", "issuer is unknown"},
		/* the client's own: whether it is asked for or must be shown, a bad one is refused */
		{"good", "old", "ca", "ca", NULL, false, TLS_CLIENTS_CHECKED, "expired", ""},
		/* one that the server would not believe is not even shown */
		{"good", "own", "ca", "ca", NULL, false, TLS_CLIENTS_REQUIRED, "Certificate is required", ""},
	};

	for (size_t i = 0; i < sizeof(meetings) / sizeof(meetings[0]); i++)
		meet(&meetings[i]);
}

/* A client that has no certificate at all, and so is none of ours. */
static ssize_t bare_client(struct rig *r, const struct sip_hop *to)
{
	gnutls_certificate_credentials_t credentials;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc;
	gnutls_session_t session;
	char octet;

	assert_int_equal(connect(fd, &to->addr.sa, addr_len(&to->addr)), 0);
	assert_int_equal(gnutls_certificate_allocate_credentials(&credentials), 0);
	assert_int_equal(gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL), 0);
	gnutls_set_default_priority(session);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(session, fd);
	gnutls_handshake_set_timeout(session, 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	do {
		loop_step(r->loop, 10 * MS_US);
		rc = gnutls_handshake(session);
	} while (rc == GNUTLS_E_AGAIN);
	if (!rc)
		gnutls_record_send(session, MESSAGE, sizeof(MESSAGE) - 1);
	do {
		loop_step(r->loop, 10 * MS_US);
		rc = rc ? rc : (int)gnutls_record_recv(session, &octet, 1);
	} while (rc == GNUTLS_E_AGAIN && !r->a.messages && !r->a.losses);
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(credentials);
	close(fd);
	return r->a.messages;
}

static void test_no_certificate(void **state)
{
	static const enum tls_clients ways[] = {TLS_CLIENTS_ANY, TLS_CLIENTS_CHECKED, TLS_CLIENTS_REQUIRED};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		char why[TLS_WHY_OCTETS];
		struct sip_hop hop;
		struct tls *a;
		struct rig *r;

		assert_int_equal(load("good", "ca", ways[i], &a, why), 0);
		r = rig_open(NULL, a, NULL);
		r->a.terms.check = true;
		hop = rig_listen(r, SIP_TLS);
		assert_int_equal(bare_client(r, &hop), ways[i] != TLS_CLIENTS_REQUIRED);
		if (ways[i] == TLS_CLIENTS_REQUIRED)
			assert_non_null(strstr(r->a.why, "ertificate"));
		rig_close(r);
		tls_free(a);
	}
}

/* Somebody who talks SIP, or nothing, where TLS is spoken. */
static void test_no_tls(void **state)
{
	static const struct streams_times times = {
		.connect = 100, .message = 1000, .idle = 1000, .keepalive = 1000, .retry = 1000};
	char why[TLS_WHY_OCTETS];
	struct sip_hop hop;
	struct tls *a;
	struct rig *r;
	int fd;

	assert_int_equal(load("good", "ca", TLS_CLIENTS_ANY, &a, why), 0);
	r = rig_open(&times, a, NULL);
	hop = rig_listen(r, SIP_TLS);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, &hop.addr.sa, addr_len(&hop.addr)), 0);
	assert_int_equal(send(fd, MESSAGE, sizeof(MESSAGE) - 1, MSG_NOSIGNAL), sizeof(MESSAGE) - 1);
	rig_until(r, &r->a.losses, 1);
	assert_false(r->a.loss.up);
	assert_non_null(strstr(r->a.why, "TLS: "));
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, &hop.addr.sa, addr_len(&hop.addr)), 0);
	rig_until(r, &r->a.losses, 2);
	assert_string_equal(r->a.why, "no end of the TLS handshake for 100 ms");
	close(fd);
	/* And we have none, so we do not call by it. */
	assert_int_equal(end_send(&r->b, &hop, MESSAGE), ENOTSUP);
	rig_close(r);
	tls_free(a);
}

/* Many large messages: records, the socket's queue and ours. */
static void test_much(void **state)
{
	char why[TLS_WHY_OCTETS], *big = malloc(60001);
	unsigned wanted = 3;
	struct sip_hop hop;
	struct tls *a, *b;
	struct rig *r;
	int n;

	assert_non_null(big);
	n = snprintf(big, 60001, "INFO sip:a@b SIP/2.0\r\nContent-Length: 59900\r\n\r\n");
	memset(big + n, 'x', 59900);
	big[n + 59900] = '\0';
	assert_int_equal(load("good", "ca", TLS_CLIENTS_ANY, &a, why), 0);
	assert_int_equal(load("good", "ca", TLS_CLIENTS_ANY, &b, why), 0);
	r = rig_open(NULL, a, b);
	hop = rig_listen(r, SIP_TLS);
	for (unsigned i = 0; i < wanted; i++)
		assert_int_equal(end_send(&r->b, &hop, big), 0);
	rig_until(r, &r->a.messages, wanted);
	assert_int_equal(r->a.losses + r->b.losses, 0);
	rig_close(r);
	tls_free(a);
	tls_free(b);
	free(big);
}

static void expect_unloaded(const char *name, const char *authority, const char *what)
{
	char why[TLS_WHY_OCTETS] = "";
	struct tls *t = NULL;

	assert_int_equal(load(name, authority, TLS_CLIENTS_ANY, &t, why), EINVAL);
	assert_null(t);
	if (!strstr(why, what))
		fail_msg("%s", why);
}

static void test_files(void **state)
{
	char crt[100], key[100], why[TLS_WHY_OCTETS];
	struct tls_params p = {.certificate = crt, .key = key};
	struct tls *t = NULL;

	expect_unloaded("missing", "ca", "missing.crt: Error while reading file.");
	expect_unloaded("good", "missing", "missing.crt: Error while reading file.");
	/* A key of another certificate; a key where the certificate should be. */
	path(crt, sizeof(crt), "good", "crt");
	path(key, sizeof(key), "old", "key");
	assert_int_equal(tls_alloc(&t, &p, why, sizeof(why)), EINVAL);
	path(crt, sizeof(crt), "good", "key");
	assert_int_equal(tls_alloc(&t, &p, why, sizeof(why)), EINVAL);
	assert_null(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_believed), cmocka_unit_test(test_refused), cmocka_unit_test(test_no_certificate),
		cmocka_unit_test(test_no_tls),	 cmocka_unit_test(test_much),	 cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, make_all, remove_all);
}
