/* SPDX-License-Identifier: GPL-2.0-only */
/* Digest authentication of who calls us: the nonce and its counts, and INVITEs with good, bad and stale credentials. */
#include "sip/auth/auth_server.h"
#include "sip/session_own.h"
#include "wire_rig.h"

#define SIGNED_URI "sip:030@10.0.0.1"

/* ---- the server itself, on a clock of its own ---- */

static const int64_t now_us = 1000 * SEC_US;

/* The value of parameter NAME in a challenge, without quotes. */
static void param(const char *challenge, const char *name, char *to, size_t room)
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

/* What a client answers to a challenge with NONCE. NC 0: without qop. */
static struct auth_credentials credentials(enum auth_algorithm a, const char *nonce, const char *user,
					   const char *secret, unsigned nc)
{
	struct auth_challenge ch = {.algorithm = a, .qop = nc > 0, .realm = "faxspan"};
	struct auth_answer an = {
		.user = user, .secret = secret, .method = "INVITE", .uri = SIGNED_URI, .count = nc, .cnonce = "c"};
	struct auth_credentials c = {.algorithm = a, .qop = nc > 0};

	strcpy(ch.nonce, nonce);
	strcpy(c.nonce, nonce);
	strcpy(c.user, user);
	strcpy(c.uri, SIGNED_URI);
	strcpy(c.cnonce, "c");
	snprintf(c.nc, sizeof(c.nc), "%08x", nc);
	assert_int_equal(auth_digest(&ch, &an, c.response), 0);
	return c;
}

static osip_message_t *request(void)
{
	static const char text[] =
		"INVITE sip:1@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		"To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n";
	osip_message_t *m = NULL;

	assert_int_equal(osip_message_init(&m), 0);
	assert_int_equal(osip_message_parse(m, text, strlen(text)), 0);
	return m;
}

static void new_nonce(struct auth_server *s, int64_t at_us, char nonce[AUTH_VALUE_OCTETS])
{
	osip_message_t *m = request();

	assert_int_equal(auth_server_challenge(s, m, false, at_us), 0);
	param(message_header(m, "WWW-Authenticate", 0), "nonce", nonce, AUTH_VALUE_OCTETS);
	osip_message_free(m);
}

static enum auth_verdict judge(struct auth_server *s, const char *nonce, unsigned nc, int64_t at_us)
{
	struct auth_credentials c = credentials(AUTH_SHA256, nonce, "pbx", "s3cret", nc);

	return auth_server_check(s, &c, "INVITE", "pbx", "s3cret", at_us);
}

static struct auth_server server;

static int parser_setup(void **state)
{
	parser_init();
	return auth_server_init(&server, NULL, true, true);
}

static void counts(void **state)
{
	char nonce[AUTH_VALUE_OCTETS];

	new_nonce(&server, now_us, nonce);
	assert_int_equal(judge(&server, nonce, 1, now_us), AUTH_GOOD);
	assert_int_equal(judge(&server, nonce, 1, now_us), AUTH_STALE);
	assert_int_equal(judge(&server, nonce, 3, now_us), AUTH_GOOD);
	assert_int_equal(judge(&server, nonce, 2, now_us), AUTH_GOOD); /* overtaken on its way */
	assert_int_equal(judge(&server, nonce, 2, now_us), AUTH_STALE);
	assert_int_equal(judge(&server, nonce, 100, now_us), AUTH_GOOD);
	assert_int_equal(judge(&server, nonce, 69, now_us), AUTH_GOOD);
	assert_int_equal(judge(&server, nonce, 68, now_us), AUTH_STALE); /* too far back to be known */
	assert_int_equal(judge(&server, nonce, 100, now_us), AUTH_STALE);
	/* without qop there is no count: once */
	new_nonce(&server, now_us, nonce);
	assert_int_equal(judge(&server, nonce, 0, now_us), AUTH_GOOD);
	assert_int_equal(judge(&server, nonce, 0, now_us), AUTH_STALE);
}

static void age(void **state)
{
	char nonce[AUTH_VALUE_OCTETS];

	new_nonce(&server, now_us, nonce);
	assert_int_equal(judge(&server, nonce, 1, now_us + AUTH_NONCE_LIFE_S * SEC_US), AUTH_GOOD);
	assert_int_equal(judge(&server, nonce, 2, now_us + (AUTH_NONCE_LIFE_S + 1) * SEC_US), AUTH_STALE);
	assert_int_equal(judge(&server, nonce, 3, now_us - SEC_US), AUTH_STALE); /* from the future */
}

/* A nonce that is not ours, whole or in part; another server's (before a restart); the password alone does not do. */
static void forged(void **state)
{
	struct auth_server other;
	char nonce[AUTH_VALUE_OCTETS];

	new_nonce(&server, now_us, nonce);
	assert_int_equal(auth_server_init(&other, NULL, true, true), 0);
	assert_int_equal(judge(&other, nonce, 1, now_us), AUTH_STALE);
	nonce[7] = nonce[7] == '0' ? '1' : '0';
	assert_int_equal(judge(&server, nonce, 1, now_us), AUTH_STALE);
	assert_int_equal(judge(&server, "x", 1, now_us), AUTH_STALE);
	assert_int_equal(judge(&server, "", 1, now_us), AUTH_STALE);
}

static void wrong(void **state)
{
	char nonce[AUTH_VALUE_OCTETS];
	struct auth_credentials c;

	new_nonce(&server, now_us, nonce);
	c = credentials(AUTH_MD5, nonce, "pbx", "s3cret", 1);
	assert_int_equal(auth_server_check(&server, &c, "INVITE", "pbx", "other", now_us), AUTH_WRONG);
	assert_int_equal(auth_server_check(&server, &c, "INVITE", "fax", "s3cret", now_us), AUTH_WRONG);
	assert_int_equal(auth_server_check(&server, &c, "BYE", "pbx", "s3cret", now_us), AUTH_WRONG);
	c.response[3]++;
	assert_int_equal(auth_server_check(&server, &c, "INVITE", "pbx", "s3cret", now_us), AUTH_WRONG);
	c.response[3]--;
	strcpy(c.uri, "sip:0900@10.0.0.1");
	assert_int_equal(auth_server_check(&server, &c, "INVITE", "pbx", "s3cret", now_us), AUTH_WRONG);
	strcpy(c.uri, SIGNED_URI);
	/* nothing of this has used the count up */
	assert_int_equal(auth_server_check(&server, &c, "INVITE", "pbx", "s3cret", now_us), AUTH_GOOD);
}

/* The memory is bounded: what falls out of it is stale, not good once more. */
static void forgotten(void **state)
{
	char first[AUTH_VALUE_OCTETS], nonce[AUTH_VALUE_OCTETS];

	new_nonce(&server, now_us, first);
	assert_int_equal(judge(&server, first, 1, now_us), AUTH_GOOD);
	for (unsigned i = 0; i < AUTH_USED_NONCES; i++) {
		new_nonce(&server, now_us, nonce);
		assert_int_equal(judge(&server, nonce, 1, now_us), AUTH_GOOD);
	}
	assert_int_equal(judge(&server, first, 1, now_us), AUTH_STALE);
	assert_int_equal(judge(&server, first, 2, now_us), AUTH_STALE);
	assert_int_equal(judge(&server, nonce, 2, now_us), AUTH_GOOD);
}

/* ---- INVITEs ---- */

#define HEAD(method, n, branch)                                                                                        \
	"Via: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bK" branch "\nMax-Forwards: 70\n"                            \
	"From: <sip:+4930@10.0.0.2>;tag=theirs\nCall-ID: their-call\nCSeq: " n " " method                              \
	"\nContact: <sip:x@10.0.0.2:5060>\n"
#define INVITE(n, branch) "INVITE sip:030@10.0.0.1 SIP/2.0\n" HEAD("INVITE", n, branch) "To: <sip:030@10.0.0.1>\n"

static int setup(void **state)
{
	static const struct sip_peer_params peer = {.inbound_user = "pbx", .inbound_secret = "s3cret"};

	return rig_open(state, &peer);
}

/* Sends REQUEST with the answer to the challenge in W's last message. */
static void send_with(struct wire *w, const char *request, enum auth_algorithm a, const char *user, const char *secret,
		      unsigned nc, const char *tail)
{
	char text[WIRE_OCTETS], nonce[AUTH_VALUE_OCTETS], challenge[512];
	struct auth_credentials c;

	wire_header(w, "WWW-Authenticate", challenge, sizeof(challenge));
	param(challenge, "nonce", nonce, sizeof(nonce));
	c = credentials(a, nonce, user, secret, nc);
	snprintf(text, sizeof(text),
		 "%sAuthorization: Digest username=\"%s\", realm=\"faxspan\", nonce=\"%s\", uri=\"" SIGNED_URI
		 "\", response=\"%s\", algorithm=%s, cnonce=\"c\", qop=auth, nc=%08x\n%s",
		 request, user, nonce, c.response, auth_algorithm_name(a), nc, tail);
	wire_send(w, text);
}

#define SDP RIG_WITH(RIG_AUDIO("1"))

static void accepted(void **state)
{
	static const enum auth_algorithm algorithms[] = {AUTH_MD5, AUTH_SHA256};
	struct wire *w = *state;
	char text[512], tag[64];

	for (unsigned i = 0; i < 2; i++) {
		wire_send(w, INVITE("1", "a") SDP);
		wire_expect(w, "SIP/2.0 401 ", 10);
		assert_non_null(strstr(wire_header(w, "WWW-Authenticate", text, sizeof(text)),
				       ", algorithm=SHA-256, qop=\"auth\", Digest realm=\"faxspan\", nonce=\""));
		assert_null(strstr(text, "stale"));
		wire_header(w, "To", tag, sizeof(tag));
		wire_send(w, INVITE("1", "a") SDP); /* the 401 was lost: another nonce, but the same tag */
		wire_expect(w, "SIP/2.0 401 ", 10);
		assert_string_equal(wire_header(w, "To", text, sizeof(text)), tag);
		wire_send(w, "ACK sip:030@10.0.0.1 SIP/2.0\n" HEAD("ACK", "1", "a") "To: {To}\n" RIG_NO_SDP);
		wire_no_event(w, 10);
		send_with(w, INVITE("2", "b"), algorithms[i], "pbx", "s3cret", 1, SDP);
		wire_expect(w, "SIP/2.0 100 ", 10);
		wire_event(w, SESSION_INCOMING, 10);
		session_close(w->session, 486, 17);
		wire_expect(w, "SIP/2.0 486 ", 10);
		wire_send(w, "ACK sip:030@10.0.0.1 SIP/2.0\n" HEAD("ACK", "2", "b") "To: {To}\n" RIG_NO_SDP);
		wire_event(w, SESSION_CLOSED, 10);
		wire_run(w, 40000);
	}
	assert_int_equal(sip_stack_stats(w->stack).challenges, 4);
	assert_int_equal(sip_stack_stats(w->stack).wrong_credentials, 0);
}

static void refused(void **state)
{
	struct wire *w = *state;

	wire_send(w, INVITE("1", "a") SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	send_with(w, INVITE("2", "b"), AUTH_MD5, "pbx", "wrong", 1, SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	assert_false(wire_has(w, "stale"));
	send_with(w, INVITE("3", "c"), AUTH_SHA256, "nobody", "s3cret", 1, SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	wire_no_event(w, 100);
	assert_int_equal(sip_stack_stats(w->stack).wrong_credentials, 2);
	assert_int_equal(sip_stack_sessions(w->stack), 0);
}

static void stale(void **state)
{
	struct wire *w = *state;

	wire_send(w, INVITE("1", "a") SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	clock_sim_advance_us((AUTH_NONCE_LIFE_S + 2) * SEC_US);
	send_with(w, INVITE("2", "b"), AUTH_MD5, "pbx", "s3cret", 1, SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	assert_true(wire_has(w, ", stale=true"));
	send_with(w, INVITE("3", "c"), AUTH_MD5, "pbx", "s3cret", 1, SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(sip_stack_stats(w->stack).wrong_credentials, 0);
}

/* Credentials that say nothing to us count as none. */
static void unread(void **state)
{
	static const char *const lines[] = {
		"Basic cGJ4OnMzY3JldA==",
		"Digest username=\"pbx\", realm=\"other\", nonce=\"1\", uri=\"sip:1\", response=\"1\"",
		"Digest username=\"pbx\", realm=\"faxspan\", nonce=\"1\", uri=\"sip:1\", response=\"1\", "
		"algorithm=SHA-512",
		"Digest username=\"pbx\", realm=\"faxspan\", nonce=\"1\", uri=\"sip:1\", response=\"1\", qop=auth, "
		"nc=1, cnonce=\"1\"",
		"Digest username=\"pbx\", realm=\"faxspan\", nonce=\"1\", uri=\"sip:1\", response=\"1\", qop=auth-int, "
		"nc=00000001, "
		"cnonce=\"1\"",
		"Digest realm=\"faxspan\", nonce=\"1\"",
		"Digest",
		"",
	};
	struct wire *w = *state;
	char text[WIRE_OCTETS];

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), INVITE("%u", "%u") "Authorization: %s\n" SDP, i + 1, i, lines[i]);
		wire_send(w, text);
		wire_expect(w, "SIP/2.0 401 ", 10);
		assert_false(wire_has(w, "stale"));
	}
	assert_int_equal(sip_stack_stats(w->stack).wrong_credentials, 0);
	wire_no_event(w, 10);
}

/* OPTIONS is the peer's look whether we are there; the rest is asked, or has nothing to lose. */
static void methods(void **state)
{
	struct wire *w = *state;

	wire_send(w, "OPTIONS sip:10.0.0.1 SIP/2.0\n" HEAD("OPTIONS", "1", "o") "To: <sip:10.0.0.1>\n" RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_send(w, "MESSAGE sip:10.0.0.1 SIP/2.0\n" HEAD("MESSAGE", "2", "m") "To: <sip:10.0.0.1>\n" RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	wire_send(w, "CANCEL sip:10.0.0.1 SIP/2.0\n" HEAD("CANCEL", "3", "c") "To: <sip:10.0.0.1>\n" RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
}

/* Our 2xx was lost, its transaction is over: the INVITE with its used credentials brings the 2xx again. And what
 * follows within the call is not asked. */
static void within(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000), agreed;
	char challenged[WIRE_OCTETS];

	wire_send(w, INVITE("1", "a") SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	strcpy(challenged, w->last);
	send_with(w, INVITE("2", "b"), AUTH_MD5, "pbx", "s3cret", 1, SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	strcpy(w->last, challenged);
	send_with(w, INVITE("2", "b"), AUTH_MD5, "pbx", "s3cret", 1, SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" HEAD("ACK", "2", "d") "To: {To}\n" RIG_NO_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
	wire_send(w, "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" HEAD("BYE", "3", "e") "To: {To}\n" RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
}

/* CANCEL, which goes without credentials, finds its INVITE. */
static void cancelled(void **state)
{
	struct wire *w = *state;

	wire_send(w, INVITE("1", "a") SDP);
	wire_expect(w, "SIP/2.0 401 ", 10);
	send_with(w, INVITE("2", "b"), AUTH_SHA256, "pbx", "s3cret", 1, SDP);
	wire_event(w, SESSION_INCOMING, 10);
	wire_send(w,
		  "CANCEL sip:030@10.0.0.1 SIP/2.0\n" HEAD("CANCEL", "2", "b") "To: <sip:030@10.0.0.1>\n" RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 487 ", 10);
	wire_event(w, SESSION_CLOSED, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(counts, parser_setup),
		cmocka_unit_test_setup(age, parser_setup),
		cmocka_unit_test_setup(forged, parser_setup),
		cmocka_unit_test_setup(wrong, parser_setup),
		cmocka_unit_test_setup(forgotten, parser_setup),
		cmocka_unit_test_setup_teardown(accepted, setup, rig_close),
		cmocka_unit_test_setup_teardown(refused, setup, rig_close),
		cmocka_unit_test_setup_teardown(stale, setup, rig_close),
		cmocka_unit_test_setup_teardown(unread, setup, rig_close),
		cmocka_unit_test_setup_teardown(methods, setup, rig_close),
		cmocka_unit_test_setup_teardown(within, setup, rig_close),
		cmocka_unit_test_setup_teardown(cancelled, setup, rig_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
