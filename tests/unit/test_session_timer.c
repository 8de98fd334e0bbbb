/* SPDX-License-Identifier: GPL-2.0-only */
/* Session timers (RFC 4028), word by word. */
#include "wire_rig.h"

#define SDP(version) RIG_WITH(RIG_AUDIO(version))
#define NO_SDP	     RIG_NO_SDP
#define HEAD	     RIG_HEAD
#define OK(more)     "SIP/2.0 200 OK\n" HEAD "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" more
#define RE_OK(more)  "SIP/2.0 200 OK\n" HEAD "To: {INVITE To}\nContact: <sip:y@10.0.0.2:5060>\n" more
#define THEIRS(cseq, more)                                                                                             \
	"INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK" cseq "\nFrom: "                 \
	"<sip:a@10.0.0.2>;tag=far\nTo: <sip:1@10.0.0.1>\nCall-ID: q\nCSeq: " cseq                                      \
	" INVITE\nContact: <sip:y@10.0.0.2:5060>\n" more SDP("1")

static int asking(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.session_expires_s = 300});
}

static int accepting(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.min_se_s = 120});
}

static void answered(struct wire *w, const char *ok)
{
	wire_send(w, ok);
	wire_expect(w, "ACK ", 10);
	wire_event(w, SESSION_ANSWERED, 10);
}

/* Their call, up. */
static void taken(struct wire *w, const char *invite)
{
	struct media_desc audio = wire_audio(6000);
	char ack[1024], to[256];

	wire_send(w, invite);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	snprintf(ack, sizeof(ack),
		 "ACK sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKack\nFrom: "
		 "<sip:a@10.0.0.2>;tag=far\nTo: %s\nCall-ID: q\nCSeq: 1 ACK\n" NO_SDP,
		 wire_header(w, "To", to, sizeof(to)));
	wire_send(w, ack);
	wire_event(w, SESSION_CONFIRMED, 10);
}

/* We are to refresh, and do at half of it; each that comes through begins the interval anew. */
static void we_refresh(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	assert_true(wire_has(w, "Supported: timer\r\n"));
	assert_true(wire_has(w, "Session-Expires: 300\r\n"));
	answered(w, OK("Require: timer\nSession-Expires: 200;refresher=uac\n") SDP("1"));
	for (int i = 0; i < 3; i++) {
		assert_false(wire_comes(w, "INVITE ", 99000));
		wire_expect(w, "INVITE ", 2000);
		assert_true(wire_has(w, "Session-Expires: 200;refresher=uac\r\n"));
		assert_true(wire_has(w, "m=audio 6000 "));
		wire_send(w, RE_OK("Require: timer\nSession-Expires: 200;refresher=uac\n") SDP("1"));
		wire_expect(w, "ACK ", 10);
		wire_no_event(w, 10);
	}
}

/* The peer is gone: its silence ends the call by itself. */
static void nobody_answers_the_refresh(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	answered(w, OK("Session-Expires: 100;refresher=uac\n") SDP("1"));
	wire_expect(w, "INVITE ", 51000);
	wire_expect(w, "BYE ", 33000);
	wire_event(w, SESSION_CLOSED, 6000);
}

/* A refusal is no end yet: it is tried again, until there is no more time. */
static void the_refresh_is_refused(void **state)
{
	struct wire *w = *state;
	unsigned tries = 0;

	rig_call(w);
	answered(w, OK("Session-Expires: 180;refresher=uac\n") SDP("1"));
	while (wire_comes(w, "INVITE ", 92000) && tries < 9) {
		wire_send(w, "SIP/2.0 500 No\n" HEAD "To: {INVITE To}\n" NO_SDP);
		wire_expect(w, "ACK ", 10);
		tries++;
		if (tries == 3)
			break;
	}
	assert_int_equal(tries, 3);
	wire_expect(w, "BYE ", 33000);
	assert_true(wire_has(w, "cause=102"));
	wire_send(w, "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" NO_SDP);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 6000)->cause, 102);
}

/* The peer is to refresh, and does not: shortly before the end we hang up (section 10). */
static void they_do_not_refresh(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	answered(w, OK("Require: timer\nSession-Expires: 300;refresher=uas\n") SDP("1"));
	assert_false(wire_comes(w, "BYE ", 267000));
	assert_false(wire_has(w, "INVITE sip:y"));
	wire_expect(w, "BYE ", 2000);
	wire_event(w, SESSION_CLOSED, 6000);
}

static void they_do_not_know_timers(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	answered(w, OK("") SDP("1"));
	wire_expect_nothing(w, 400000);
}

/* 422: the same call once more, with what it wants; but not for ever. */
static void too_short_for_them(void **state)
{
	struct wire *w = *state;
	char id[128], again[128];

	rig_call(w);
	wire_header(w, "Call-ID", id, sizeof(id));
	wire_send(w, "SIP/2.0 422 Too Small\n" HEAD "To: {INVITE To};tag=p\nMin-SE: 900\n" NO_SDP);
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "INVITE ", 10);
	wire_header(w, "Call-ID", again, sizeof(again));
	assert_string_equal(id, again);
	assert_true(wire_has(w, "CSeq: 2 INVITE\r\n"));
	assert_true(wire_has(w, "Session-Expires: 900\r\n"));
	assert_true(wire_has(w, "Min-SE: 900\r\n"));
	assert_false(wire_has(w, "tag=p"));
	wire_no_event(w, 10);
	wire_send(w, "SIP/2.0 422 Too Small\n" HEAD "To: {INVITE To};tag=p\nMin-SE: 900\n" NO_SDP);
	wire_expect(w, "ACK ", 10);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 422);
}

static void too_short_for_us(void **state)
{
	struct wire *w = *state;

	wire_send(w, THEIRS("2", "Supported: timer\nSession-Expires: 100\n"));
	wire_expect(w, "SIP/2.0 422 ", 10);
	assert_true(wire_has(w, "Min-SE: 120\r\n"));
	wire_no_event(w, 10);
	/* one that does not know timers cannot ask for more: a proxy has put it there */
	taken(w, THEIRS("1", "Session-Expires: 100\n"));
}

/* They ask and leave it to us who refreshes: they do. */
static void they_refresh(void **state)
{
	struct wire *w = *state;

	taken(w, THEIRS("1", "Supported: 100rel, timer\nSession-Expires: 200\n"));
	assert_false(wire_comes(w, "BYE ", 167000));
	wire_expect(w, "BYE ", 2000);
}

/* They want us to, or they cannot themselves. */
static void we_refresh_for_them(void **state)
{
	struct wire *w = *state;

	taken(w, THEIRS("1", "Supported: timer\nSession-Expires: 200;refresher=uas\n"));
	assert_false(wire_comes(w, "INVITE ", 99000));
	wire_expect(w, "INVITE ", 2000);
	assert_true(wire_has(w, "Session-Expires: 200;refresher=uac\r\n"));
	assert_true(wire_has(w, "Min-SE: 120\r\n"));
}

/* We ask even those who do not: what they do not know, we do alone. */
static void we_ask_on_their_call(void **state)
{
	struct wire *w = *state;

	taken(w, THEIRS("1", ""));
	wire_expect(w, "INVITE ", 151000);
	assert_true(wire_has(w, "Session-Expires: 300;refresher=uac\r\n"));
}

/* A re-INVITE that is refused changes nothing of the timer. */
static void a_refused_offer(void **state)
{
	struct wire *w = *state;
	char text[1024], from[256], to[256], id[128];

	rig_call(w);
	answered(w, OK("Session-Expires: 200;refresher=uac\n") SDP("1"));
	snprintf(text, sizeof(text),
		 "INVITE sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKre\nFrom: "
		 "%s\nTo: "
		 "%s\nCall-ID: %s\nCSeq: 1 INVITE\nContact: <sip:y@10.0.0.2:5060>\nSupported: timer\nSession-Expires: "
		 "900;refresher=uac\n" RIG_WITH(RIG_IMAGE("2")),
		 wire_header(w, "To", to, sizeof(to)), wire_header(w, "From", from, sizeof(from)),
		 wire_header(w, "Call-ID", id, sizeof(id)));
	wire_send(w, text);
	wire_event(w, SESSION_REOFFER, 10);
	assert_int_equal(session_rerefuse(w->session, 488, NULL), 0);
	wire_expect(w, "SIP/2.0 488 ", 10);
	wire_expect(w, "INVITE ", 101000);
	assert_true(wire_has(w, "Session-Expires: 200;refresher=uac\r\n"));
}

static void nonsense(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	answered(w, OK("Session-Expires: soon;refresher=uac\n") SDP("1"));
	wire_expect_nothing(w, 200000);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE ", 10);
	wire_send(w, "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" NO_SDP);
	wire_event(w, SESSION_CLOSED, 10);
	rig_call(w);
	/* far too short, and far too long */
	answered(w, OK("Session-Expires: 1;refresher=uac\n") SDP("1"));
	assert_false(wire_comes(w, "INVITE ", 44000));
	wire_expect(w, "INVITE ", 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(we_refresh, asking, rig_close),
		cmocka_unit_test_setup_teardown(nobody_answers_the_refresh, asking, rig_close),
		cmocka_unit_test_setup_teardown(the_refresh_is_refused, asking, rig_close),
		cmocka_unit_test_setup_teardown(they_do_not_refresh, asking, rig_close),
		cmocka_unit_test_setup_teardown(they_do_not_know_timers, asking, rig_close),
		cmocka_unit_test_setup_teardown(too_short_for_them, asking, rig_close),
		cmocka_unit_test_setup_teardown(too_short_for_us, accepting, rig_close),
		cmocka_unit_test_setup_teardown(they_refresh, accepting, rig_close),
		cmocka_unit_test_setup_teardown(we_refresh_for_them, accepting, rig_close),
		cmocka_unit_test_setup_teardown(we_ask_on_their_call, asking, rig_close),
		cmocka_unit_test_setup_teardown(a_refused_offer, asking, rig_close),
		cmocka_unit_test_setup_teardown(nonsense, asking, rig_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
