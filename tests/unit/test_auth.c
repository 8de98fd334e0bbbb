/* SPDX-License-Identifier: GPL-2.0-only */
/* Digest authentication: the RFCs' own examples, and challenges good and bad, in messages and in calls. */
#include "sip/auth/auth.h"
#include "wire_rig.h"

#define NO_SDP			      RIG_NO_SDP
#define HEAD			      RIG_HEAD
#define OK			      "SIP/2.0 200 OK\n" HEAD "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" RIG_WITH(RIG_AUDIO("1"))
#define REFUSE(status, to, challenge) "SIP/2.0 " status " Who\n" HEAD "To: {INVITE To}" to "\n" challenge "\n" NO_SDP
#define DIGEST(nonce)		      "Digest realm=\"fax\", nonce=\"" nonce "\", qop=\"auth\", algorithm=MD5"

/* ---- the digest ---- */

static void expect_digest(const struct auth_challenge *c, const struct auth_answer *a, const char *expected)
{
	char hex[AUTH_HEX_OCTETS];

	assert_int_equal(auth_digest(c, a, hex), 0);
	assert_string_equal(hex, expected);
}

/* RFC 2617 3.5, RFC 7616 3.9.1. */
static void examples(void **state)
{
	struct auth_challenge c = {.algorithm = AUTH_MD5,
				   .qop = true,
				   .realm = "testrealm@host.com",
				   .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"};
	struct auth_answer a = {.user = "Mufasa",
				.secret = "Circle Of Life",
				.method = "GET",
				.uri = "/dir/index.html",
				.count = 1,
				.cnonce = "0a4f113b"};

	expect_digest(&c, &a, "6629fae49393a05397450978507c4ef1");
	strcpy(c.realm, "http-auth@example.org");
	strcpy(c.nonce, "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v");
	a.secret = "Circle of Life";
	a.cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
	expect_digest(&c, &a, "8ca523f5e9506fed4657c9700eebdbec");
	c.algorithm = AUTH_SHA256;
	expect_digest(&c, &a, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

/* What the Python line hashlib.md5(...) gives for the same texts: without qop, and of a session. */
static void other_forms(void **state)
{
	struct auth_challenge c = {.algorithm = AUTH_MD5, .realm = "fax", .nonce = "n1"};
	struct auth_answer a = {
		.user = "u", .secret = "p", .method = "INVITE", .uri = "sip:1@h", .count = 10, .cnonce = "c1"};

	expect_digest(&c, &a, "5b3cf55fe45c3398b8c54bc3ad0132a9");
	c.qop = true;
	expect_digest(&c, &a, "9f13359afab834867d91348bb59cb571");
	c.algorithm = AUTH_MD5_SESS;
	expect_digest(&c, &a, "391a8dd5d7ab285375a0ae33c1cd290a");
	c.algorithm = AUTH_SHA256_SESS;
	expect_digest(&c, &a, "318ff800e0564cbe6dbaba12d252e2f7c4f741cf8dd67e3f5a90bd03f23b954c");
}

/* ---- challenges ---- */

static const char *read_challenge(const char *status, const char *headers, struct auth_challenge *cp)
{
	osip_message_t *m;
	const char *wrong;
	char text[2048];

	snprintf(text, sizeof(text),
		 "SIP/2.0 %s No\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: "
		 "<sip:c@d>;tag=2\r\n"
		 "Call-ID: x\r\nCSeq: 1 INVITE\r\n%sContent-Length: 0\r\n\r\n",
		 status, headers);
	osip_message_init(&m);
	assert_int_equal(osip_message_parse(m, text, strlen(text)), 0);
	wrong = auth_challenge_read(m, cp);
	osip_message_free(m);
	return wrong;
}

static void challenges(void **state)
{
	struct auth_challenge c;

	assert_null(read_challenge("401", "WWW-Authenticate: Digest realm=\"a b\", nonce=\"n\", opaque=\"o\"\r\n", &c));
	assert_int_equal(c.algorithm, AUTH_MD5);
	assert_false(c.algorithm_said || c.qop || c.proxy || c.stale);
	assert_string_equal(c.realm, "a b");
	assert_string_equal(c.opaque, "o");
	/* the strongest we can do; of several qop, auth */
	assert_null(read_challenge(
		"407",
		"Proxy-Authenticate: Digest realm=\"r\",nonce=\"1\",algorithm=MD5,qop=\"auth-int,auth\"\r\n"
		"Proxy-Authenticate: Digest realm=\"r\",nonce=\"2\",algorithm=SHA-256,qop=\"auth\",stale=TRUE\r\n"
		"Proxy-Authenticate: Digest realm=\"r\",nonce=\"3\",algorithm=SHA-512-256,qop=\"auth\"\r\n",
		&c));
	assert_int_equal(c.algorithm, AUTH_SHA256);
	assert_string_equal(c.nonce, "2");
	assert_true(c.qop && c.proxy && c.stale);
}

static void bad_challenges(void **state)
{
	static const char *const bad[][2] = {
		{"", "there is no challenge in it"},
		{"WWW-Authenticate: Basic realm=\"r\"\r\n", "the peer wants another authentication than Digest"},
		{"WWW-Authenticate: Digest realm=\"r\"\r\n", "the challenge has no realm or no nonce"},
		{"WWW-Authenticate: Digest nonce=\"r\"\r\n", "the challenge has no realm or no nonce"},
		{"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=ROT13\r\n",
		 "the challenge wants an algorithm that we do not have"},
		{"WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"\r\n",
		 "the challenge does not offer qop=auth"},
	};
	struct auth_challenge c = {.nonce = "as it was"};
	char longest[600];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_string_equal(read_challenge("401", bad[i][0], &c), bad[i][1]);
	snprintf(longest, sizeof(longest), "WWW-Authenticate: Digest realm=\"r\", nonce=\"%0500d\"\r\n", 0);
	assert_string_equal(read_challenge("401", longest, &c),
			    "a value of the challenge is too long, or has control characters");
	assert_string_equal(c.nonce, "as it was");
}

/* ---- calls ---- */

static int known(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.auth_user = "faxspan", .auth_secret = "secret"});
}

static int unknown(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.auth_user = "", .auth_secret = "secret"});
}

static void call(struct wire *w)
{
	rig_call(w);
	assert_false(wire_has(w, "Authorization"));
}

/* The response within the last request that was found is that of the secret. */
static void expect_credentials(struct wire *w, const char *header, const char *method, const char *uri,
			       const char *nonce, unsigned count)
{
	struct auth_challenge c = {.algorithm = AUTH_MD5, .qop = true, .realm = "fax"};
	struct auth_answer a = {.user = "faxspan", .secret = "secret", .method = method, .uri = uri, .count = count};
	char text[600], cnonce[64], hex[AUTH_HEX_OCTETS], expected[600];
	const char *at;

	strcpy(c.nonce, nonce);
	wire_header(w, header, text, sizeof(text));
	at = strstr(text, "cnonce=\"");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "cnonce=\"%63[0-9a-f]\"", cnonce), 1);
	a.cnonce = cnonce;
	assert_int_equal(auth_digest(&c, &a, hex), 0);
	snprintf(expected, sizeof(expected), "response=\"%s\"", hex);
	assert_non_null(strstr(text, expected));
	snprintf(expected, sizeof(expected), "nc=%08x", count);
	assert_non_null(strstr(text, expected));
	snprintf(expected, sizeof(expected), "uri=\"%s\"", uri);
	assert_non_null(strstr(text, expected));
}

static void expect_same(const char *a, const char *b, const char *parameter)
{
	a = strstr(a, parameter);
	b = strstr(b, parameter);
	assert_true(a && b);
	assert_int_equal(strcspn(a, ","), strcspn(b, ","));
	assert_memory_equal(a, b, strcspn(a, ","));
}

static void a_call_with_credentials(void **state)
{
	struct media_desc image = wire_image(6002);
	char credentials[600], ack[600];
	struct wire *w = *state;

	call(w);
	wire_send(w, REFUSE("407", ";tag=p", "Proxy-Authenticate: " DIGEST("n1")));
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "INVITE ", 10);
	assert_true(wire_has(w, "CSeq: 2 INVITE\r\n"));
	assert_false(wire_has(w, "tag=p"));
	expect_credentials(w, "Proxy-Authorization", "INVITE", "sip:030@10.0.0.2:5060", "n1", 1);
	wire_header(w, "Proxy-Authorization", credentials, sizeof(credentials));
	wire_send(w, OK);
	wire_expect(w, "ACK ", 10);
	/* RFC 3261 22.1: the ACK has those of its INVITE, and no new ones */
	wire_header(w, "Proxy-Authorization", ack, sizeof(ack));
	expect_same(credentials, ack, "response=");
	expect_same(credentials, ack, "cnonce=");
	expect_same(credentials, ack, "nc=");
	wire_event(w, SESSION_ANSWERED, 10);
	/* the T.38 re-INVITE has them from the first; an old nonce costs no second */
	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE ", 10);
	expect_credentials(w, "Proxy-Authorization", "INVITE", "sip:y@10.0.0.2:5060", "n1", 2);
	wire_send(w, REFUSE("407", "", "Proxy-Authenticate: " DIGEST("n2") ", stale=true"));
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "INVITE ", 50);
	expect_credentials(w, "Proxy-Authorization", "INVITE", "sip:y@10.0.0.2:5060", "n2", 1);
	wire_send(w, "SIP/2.0 488 No\n" HEAD "To: {INVITE To}\n" NO_SDP);
	wire_expect(w, "ACK ", 10);
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 488);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE ", 10);
	expect_credentials(w, "Proxy-Authorization", "BYE", "sip:y@10.0.0.2:5060", "n2", 2);
	wire_send(w, "SIP/2.0 407 Again\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n"
		     "Proxy-Authenticate: " DIGEST("n3") ", stale=true\n" NO_SDP);
	wire_expect(w, "BYE ", 10);
	expect_credentials(w, "Proxy-Authorization", "BYE", "sip:y@10.0.0.2:5060", "n3", 1);
	wire_send(w, "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" NO_SDP);
	wire_event(w, SESSION_CLOSED, 10);
}

/* The same nonce again means no; and so does one new nonce after the other. */
static void wrong_credentials(void **state)
{
	struct wire *w = *state;

	call(w);
	wire_send(w, REFUSE("401", ";tag=p", "WWW-Authenticate: " DIGEST("n1")));
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "INVITE ", 10);
	expect_credentials(w, "Authorization", "INVITE", "sip:030@10.0.0.2:5060", "n1", 1);
	wire_send(w, REFUSE("401", ";tag=p", "WWW-Authenticate: " DIGEST("n1")));
	wire_expect(w, "ACK ", 10);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 401);
	wire_expect_nothing(w, 100);
	call(w);
	for (int i = 0; i < 3; i++) {
		char text[1024];

		snprintf(text, sizeof(text),
			 REFUSE("401", ";tag=p", "WWW-Authenticate: Digest realm=\"fax\", nonce=\"m%d\", qop=\"auth\""),
			 i);
		wire_send(w, text);
		wire_expect(w, "ACK ", 10);
		wire_expect(w, "INVITE ", 10);
	}
	wire_send(w, REFUSE("401", ";tag=p", "WWW-Authenticate: " DIGEST("m9")));
	wire_expect(w, "ACK ", 10);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 401);
}

static void no_credentials(void **state)
{
	struct wire *w = *state;

	call(w);
	wire_send(w, REFUSE("401", ";tag=p", "WWW-Authenticate: " DIGEST("n1")));
	wire_expect(w, "ACK ", 10);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 401);
}

/* Hung up while the challenge is on its way: no second INVITE. */
static void closed_meanwhile(void **state)
{
	struct wire *w = *state;

	call(w);
	wire_send(w, "SIP/2.0 100 Trying\n" HEAD "To: {INVITE To}\n" NO_SDP);
	wire_run(w, 10);
	session_close(w->session, 0, 16);
	wire_expect(w, "CANCEL ", 10);
	wire_send(w, REFUSE("401", ";tag=p", "WWW-Authenticate: " DIGEST("n1")));
	wire_expect(w, "ACK ", 10);
	wire_event(w, SESSION_CLOSED, 6000);
	assert_false(wire_comes(w, "INVITE ", 1000));
}

/* Another branch of a forked INVITE has rung: with the refusal its dialog is gone, and the INVITE begins anew. */
static void challenge_after_ringing(void **state)
{
	struct wire *w = *state;

	call(w);
	wire_send(w, "SIP/2.0 180 Ringing\n" HEAD "To: {INVITE To};tag=early\nContact: <sip:z@10.0.0.2:5061>\n"
		     "Record-Route: <sip:10.0.0.2:5062;lr>\n" NO_SDP);
	wire_event(w, SESSION_PROGRESS, 10);
	wire_send(w, REFUSE("407", ";tag=p", "Proxy-Authenticate: " DIGEST("n1")));
	wire_expect(w, "INVITE sip:030@10.0.0.2:5060 ", 20);
	assert_false(wire_has(w, "tag=early"));
	assert_false(wire_has(w, "Route: "));
	expect_credentials(w, "Proxy-Authorization", "INVITE", "sip:030@10.0.0.2:5060", "n1", 1);
	wire_send(w, OK);
	wire_expect(w, "ACK sip:y@10.0.0.2:5060 ", 10);
	assert_true(wire_has(w, "tag=far"));
	wire_event(w, SESSION_ANSWERED, 10);
}

/* RFC 3261 9.1: what was heard of the first INVITE says nothing of the second, which may not be there yet. */
static void closed_after_challenge(void **state)
{
	struct wire *w = *state;

	call(w);
	wire_send(w, "SIP/2.0 100 Trying\n" HEAD "To: {INVITE To}\n" NO_SDP);
	wire_run(w, 10);
	wire_send(w, REFUSE("407", ";tag=p", "Proxy-Authenticate: " DIGEST("n1")));
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "INVITE ", 10);
	session_close(w->session, 0, 16);
	assert_false(wire_comes(w, "CANCEL ", 300));
	wire_send(w, "SIP/2.0 100 Trying\n" HEAD "To: {INVITE To}\n" NO_SDP);
	wire_expect(w, "CANCEL ", 10);
	wire_send(w, "SIP/2.0 487 Gone\n" HEAD "To: {INVITE To};tag=q\n" NO_SDP);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 487);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(other_forms),
		cmocka_unit_test(challenges),
		cmocka_unit_test(bad_challenges),
		cmocka_unit_test_setup_teardown(a_call_with_credentials, known, rig_close),
		cmocka_unit_test_setup_teardown(wrong_credentials, known, rig_close),
		cmocka_unit_test_setup_teardown(no_credentials, unknown, rig_close),
		cmocka_unit_test_setup_teardown(closed_meanwhile, known, rig_close),
		cmocka_unit_test_setup_teardown(closed_after_challenge, known, rig_close),
		cmocka_unit_test_setup_teardown(challenge_after_ringing, known, rig_close),
	};
	int failed;

	parser_init();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
