/* SPDX-License-Identifier: GPL-2.0-only */
/* UPDATE (RFC 3311) both ways, word by word. */
#include "wire_rig.h"

#define AUDIO	  RIG_AUDIO
#define IMAGE	  RIG_IMAGE
#define WITH(sdp) RIG_WITH(sdp)
#define NO_SDP	  RIG_NO_SDP
#define REPLY(status)                                                                                                  \
	"SIP/2.0 " status "\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\nContact: "          \
	"<sip:y@10.0.0.2:5060>\n"

static char theirs[1024]; /* From, To and Call-ID of requests of the peer within the call */

static int setup(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.session_expires_s = 200});
}

/* Our call, up with audio; MORE headers in the peer's 200. */
static void call_up(struct wire *w, const char *more)
{
	char from[256], to[256], id[128], text[2048];

	rig_call(w);
	snprintf(text, sizeof(text),
		 "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To};tag=far\nCall-ID: {Call-ID}\nCSeq: "
		 "{CSeq}\nContact: "
		 "<sip:y@10.0.0.2:5060>\n%s%s",
		 more, WITH(AUDIO("1")));
	wire_send(w, text);
	wire_expect(w, "ACK ", 10);
	wire_event(w, SESSION_ANSWERED, 10);
	wire_header(w, "From", to, sizeof(to));
	wire_header(w, "To", from, sizeof(from));
	wire_header(w, "Call-ID", id, sizeof(id));
	snprintf(theirs, sizeof(theirs), "From: %s\nTo: %s\nCall-ID: %s\n", from, to, id);
}

static void update(struct wire *w, unsigned cseq, const char *rest)
{
	char text[WIRE_OCTETS];

	snprintf(text, sizeof(text),
		 "UPDATE sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP "
		 "10.0.0.2:5060;rport;branch=z9hG4bK%u\n%sCSeq: "
		 "%u UPDATE\nContact: <sip:moved@10.0.0.2:5060>\nMax-Forwards: 70\n%s",
		 cseq, theirs, cseq, rest);
	wire_send(w, text);
}

/* Nothing but a sign of life, and where to find the peer. */
static void theirs_without_offer(void **state)
{
	struct wire *w = *state;

	call_up(w, "");
	update(w, 1, "Supported: timer\nSession-Expires: 100;refresher=uac\n" NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "Session-Expires: 100;refresher=uac\r\n"));
	assert_true(wire_has(w, "Contact: "));
	assert_false(wire_has(w, "m=audio"));
	wire_no_event(w, 10);
	/* the timer runs from here, and the next request goes where it said */
	wire_expect(w, "BYE sip:moved@10.0.0.2:5060 ", 69000);
}

static void theirs_too_short(void **state)
{
	struct wire *w = *state;

	call_up(w, "");
	update(w, 1, "Supported: timer\nSession-Expires: 50\n" NO_SDP);
	wire_expect(w, "SIP/2.0 422 ", 10);
	assert_true(wire_has(w, "Min-SE: 90\r\n"));
}

/* T.38 by UPDATE: answered in its 200, without an ACK; after it the call is free for ours. */
static void theirs_with_offer(void **state)
{
	struct media_desc image = wire_image(6002), audio = wire_audio(6000), agreed;
	struct wire *w = *state;

	call_up(w, "");
	update(w, 1, WITH(IMAGE("2")));
	assert_true(wire_event(w, SESSION_REOFFER, 10)->media.has_image);
	assert_int_equal(session_reaccept(w->session, &image, &agreed), 0);
	assert_true(agreed.has_image);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "CSeq: 1 UPDATE"));
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	wire_expect_nothing(w, 5000);
	/* the same again is a refresh, in mid-fax too */
	update(w, 2, WITH(IMAGE("2")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	wire_no_event(w, 10);
	assert_int_equal(session_reinvite(w->session, &audio), 0);
	wire_expect(w, "INVITE ", 10);
	/* ours is out: theirs must wait (RFC 3311 5.2) */
	update(w, 3, WITH(IMAGE("4")));
	wire_expect(w, "SIP/2.0 491 ", 10);
}

static void theirs_refused(void **state)
{
	struct wire *w = *state;

	call_up(w, "");
	update(w, 1, WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	/* one at a time */
	update(w, 2, WITH(IMAGE("3")));
	wire_expect(w, "SIP/2.0 500 ", 10);
	assert_true(wire_has(w, "Retry-After: "));
	assert_int_equal(session_rerefuse(w->session, 488, NULL), 0);
	wire_expect(w, "SIP/2.0 488 ", 10);
	assert_true(wire_has(w, "CSeq: 1 UPDATE"));
	update(w, 3, "Content-Type: application/sdp\nContent-Length: {len}\n\nv=0\nrubbish\n");
	wire_expect(w, "SIP/2.0 400 ", 10);
	update(w, 4, "Require: telepathy\n" NO_SDP);
	wire_expect(w, "SIP/2.0 420 ", 10);
	wire_no_event(w, 10);
}

/* A peer that has UPDATE is refreshed by it: its media is not touched. */
static void our_refresh(void **state)
{
	struct wire *w = *state;

	call_up(w, "Allow: INVITE, BYE, UPDATE\nSession-Expires: 200;refresher=uac\n");
	for (int i = 0; i < 3; i++) {
		wire_expect(w, "UPDATE sip:y@10.0.0.2:5060 ", 101000);
		assert_true(wire_has(w, "Session-Expires: 200;refresher=uac\r\n"));
		assert_false(wire_has(w, "m=audio"));
		wire_send(w, REPLY("200 OK") "Session-Expires: 200;refresher=uac\n" NO_SDP);
		wire_no_event(w, 99000);
	}
	/* it says that it has it, and has not */
	wire_expect(w, "UPDATE ", 2000);
	wire_send(w, REPLY("501 No") NO_SDP);
	wire_expect(w, "INVITE ", 100);
	assert_true(wire_has(w, "m=audio 6000 "));
}

/* A request without Allow says nothing of what the peer has (RFC 3261 20.5); an UPDATE says that it has that. */
static void our_refresh_after_theirs(void **state)
{
	struct wire *w = *state;
	char text[WIRE_OCTETS];

	call_up(w, "Allow: INVITE, BYE, UPDATE\nSession-Expires: 200;refresher=uac\n");
	snprintf(text, sizeof(text),
		 "INVITE sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKi\n%sCSeq: 1 "
		 "INVITE\nContact: <sip:y@10.0.0.2:5060>\nSupported: timer\nSession-Expires: 200;refresher=uas\n%s",
		 theirs, WITH(AUDIO("1")));
	wire_send(w, text);
	wire_expect(w, "SIP/2.0 200 ", 10);
	snprintf(text, sizeof(text),
		 "ACK sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKk\n%sCSeq: 1 "
		 "ACK\n%s",
		 theirs, NO_SDP);
	wire_send(w, text);
	wire_expect(w, "UPDATE sip:y@10.0.0.2:5060 ", 101000);
}

static void our_refresh_after_their_update(void **state)
{
	struct wire *w = *state;

	call_up(w, "");
	update(w, 1, "Supported: timer\nSession-Expires: 100;refresher=uas\n" NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "UPDATE sip:moved@10.0.0.2:5060 ", 51000);
}

/* Before the call is answered there is no session that it could refresh: what the INVITE asked for holds. */
static void theirs_before_the_answer(void **state)
{
	struct media_desc audio = wire_audio(6000);
	struct wire *w = *state;
	char to[256];

	wire_send(w, "INVITE sip:030@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKi\n"
		     "From: <sip:040@10.0.0.2>;tag=x\nTo: <sip:030@10.0.0.1>\nCall-ID: early\nCSeq: 1 INVITE\n"
		     "Contact: <sip:y@10.0.0.2:5060>\nSupported: timer\nSession-Expires: 300;refresher=uac\n" WITH(
			     AUDIO("1")));
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	wire_header(w, "To", to, sizeof(to));
	snprintf(theirs, sizeof(theirs), "From: <sip:040@10.0.0.2>;tag=x\nTo: %s\nCall-ID: early\n", to);
	update(w, 2, NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_false(wire_has(w, "Session-Expires"));
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "CSeq: 1 INVITE"));
	assert_true(wire_has(w, "Session-Expires: 300;refresher=uac\r\n"));
	assert_true(wire_has(w, "Require: timer\r\n"));
}

static void our_refresh_of_a_dead_call(void **state)
{
	struct wire *w = *state;

	call_up(w, "Allow: UPDATE\nSession-Expires: 200;refresher=uac\n");
	wire_expect(w, "UPDATE ", 101000);
	wire_send(w, REPLY("481 Who") NO_SDP);
	wire_expect(w, "BYE ", 10);
	wire_send(w, REPLY("200 OK") NO_SDP);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 481);
}

/* No answer at all: the call ends with the session. */
static void our_refresh_unheard(void **state)
{
	struct wire *w = *state;

	call_up(w, "Allow: UPDATE\nSession-Expires: 200;refresher=uac\n");
	wire_expect(w, "UPDATE ", 101000);
	wire_expect(w, "BYE ", 69000);
	wire_event(w, SESSION_CLOSED, 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(theirs_without_offer, setup, rig_close),
		cmocka_unit_test_setup_teardown(theirs_too_short, setup, rig_close),
		cmocka_unit_test_setup_teardown(theirs_with_offer, setup, rig_close),
		cmocka_unit_test_setup_teardown(theirs_refused, setup, rig_close),
		cmocka_unit_test_setup_teardown(our_refresh, setup, rig_close),
		cmocka_unit_test_setup_teardown(our_refresh_after_theirs, setup, rig_close),
		cmocka_unit_test_setup_teardown(our_refresh_after_their_update, setup, rig_close),
		cmocka_unit_test_setup_teardown(theirs_before_the_answer, setup, rig_close),
		cmocka_unit_test_setup_teardown(our_refresh_of_a_dead_call, setup, rig_close),
		cmocka_unit_test_setup_teardown(our_refresh_unheard, setup, rig_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
