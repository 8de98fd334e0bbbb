/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls: the INVITE both ways, its ends, the wire's text against ours. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "sip/session_own.h"
#include "tests/sim/sip_wire.h"

#define AUDIO                                                                                                          \
	"v=0\no=- 1 1 IN IP4 10.0.0.2\ns=-\nc=IN IP4 10.0.0.2\nt=0 0\nm=audio 7000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\n"
#define RESPONSE_HEAD "Via: {INVITE Via}\nFrom: {INVITE From}\nCall-ID: {INVITE Call-ID}\nCSeq: {INVITE CSeq}\n"
#define WITH_SDP      "Content-Type: application/sdp\nContent-Length: {len}\n\n" AUDIO
#define WITHOUT_SDP   "Content-Length: 0\n\n"
#define THEIR_HEAD(method, n, branch)                                                                                  \
	"Via: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bK" branch                                                   \
	"\nMax-Forwards: 70\nFrom: \"Fax \\\"One\\\"\" <sip:+4930@10.0.0.2>;tag=theirs\nCall-ID: their-call\nCSeq: " n \
	" " method "\nContact: <sip:x@10.0.0.2:5060>\n"
#define THEIR_INVITE(branch)                                                                                           \
	"INVITE sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("INVITE", "1", branch) "To: <sip:030123@10.0.0.1>\n"

static size_t alive_before;

static int setup(void **state)
{
	struct wire *w;

	alive_before = fault_alive();
	w = malloc(sizeof(*w));
	assert_non_null(w);
	assert_int_equal(wire_open(w), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct wire *w = *state;

	wire_close(w);
	free(w);
	assert_int_equal(fault_alive(), alive_before);
	return 0;
}

static int call(struct wire *w)
{
	struct media_desc audio = wire_audio(6000);
	struct session_invite_params p = {
		.called = "030#1", .calling = "+4940", .calling_name = "A \"B\"", .offer = &audio, .call_ref = "1-42"};

	return session_invite(w->stack, &p, NULL, &w->session);
}

/* Our call, up. */
static void call_up(struct wire *w)
{
	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	wire_expect(w, "ACK sip:y@10.0.0.2:5060 SIP/2.0", 10);
	wire_event(w, SESSION_ANSWERED, 10);
}

/* Their call, up; our To tag is in w->last then. */
static void call_in(struct wire *w)
{
	struct media_desc audio = wire_audio(6000), agreed;

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_expect(w, "SIP/2.0 100 ", 10);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a2") "To: {To}\n" WITHOUT_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
}

static void test_out(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;
	char text[256];

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE sip:030%231@10.0.0.2:5060 SIP/2.0\r\n", 10);
	assert_string_equal(wire_header(w, "Max-Forwards", text, sizeof(text)), "70");
	assert_string_equal(wire_header(w, "CSeq", text, sizeof(text)), "1 INVITE");
	assert_non_null(strstr(wire_header(w, "Via", text, sizeof(text)), "10.0.0.1:5060;rport;branch=z9hG4bK"));
	assert_non_null(
		strstr(wire_header(w, "From", text, sizeof(text)), "\"A \\\"B\\\"\" <sip:+4940@10.0.0.1>;tag="));
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:faxspan@10.0.0.1:5060>");
	assert_true(wire_has(w, "m=audio 6000 RTP/AVP 8 0"));
	assert_true(wire_has(w, "\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK\r\n"));
	assert_true(wire_has(w, "\r\nMax-Forwards: 70\r\n"));
	assert_true(wire_has(w, "\r\nUser-Agent: Faxspan/test\r\n"));
	wire_send(w, "SIP/2.0 180 Ringing\n" RESPONSE_HEAD "To: {INVITE To};tag=far\n" WITHOUT_SDP);
	e = wire_event(w, SESSION_PROGRESS, 10);
	assert_int_equal(e->status, 180);
	assert_false(e->has_early);
	wire_send(w, "SIP/2.0 183 Progress\n" RESPONSE_HEAD "To: {INVITE To};tag=far\n" WITH_SDP);
	e = wire_event(w, SESSION_PROGRESS, 10);
	assert_true(e->has_early);
	assert_int_equal(addr_port(&e->media.audio.addr), 7000);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	e = wire_event(w, SESSION_ANSWERED, 10);
	assert_true(e->media.has_audio);
	wire_expect(w, "ACK sip:y@10.0.0.2:5060 SIP/2.0\r\n", 10);
	assert_string_equal(wire_header(w, "CSeq", text, sizeof(text)), "1 ACK");
	/* The ACK was lost: the same 2xx again, the same ACK again, nothing told. */
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	wire_expect(w, "ACK sip:y@10.0.0.2:5060 SIP/2.0\r\n", 10);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE sip:y@10.0.0.2:5060 SIP/2.0\r\n", 10);
	assert_true(wire_has(w, "Reason: Q.850;cause=16;text="));
	assert_string_equal(wire_header(w, "CSeq", text, sizeof(text)), "2 BYE");
	wire_no_event(w, 100);
	wire_send(w,
		  "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" WITHOUT_SDP);
	e = wire_event(w, SESSION_CLOSED, 10);
	assert_false(e->remote);
	assert_int_equal(e->status, 0);
	assert_int_equal(sip_stack_sessions(w->stack), 0);
}

static void test_out_refused(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 486 Busy\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nReason: SIP;cause=486, Q.850;cause=17\n" WITHOUT_SDP);
	wire_expect(w, "ACK sip:030%231@10.0.0.2:5060", 10);
	e = wire_event(w, SESSION_CLOSED, 10);
	assert_int_equal(e->status, 486);
	assert_int_equal(e->cause, 17);
	assert_true(e->remote);
}

static void test_out_silence(void **state)
{
	struct wire *w = *state;
	unsigned n = 0;

	assert_int_equal(call(w), 0);
	while (wire_comes(w, "INVITE ", 33000) && n < 20)
		n++;
	assert_int_equal(n, 7);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 1000)->status, 408);
}

static void test_out_spoilt(void **state)
{
	struct wire *w = *state;

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITHOUT_SDP);
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "BYE ", 10);
	/* No answer to the BYE either: 5 s. */
	wire_no_event(w, 4900);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 200)->status, 488);
}

static void test_out_routes(void **state)
{
	struct wire *w = *state;
	char text[256];

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD "Record-Route: <sip:10.0.0.7;lr>, <sip:10.0.0.2;lr>\n"
		     "To: {INVITE To};tag=far\nContact: <sip:y@192.0.2.1:5070>\n" WITH_SDP);
	wire_expect(w, "ACK sip:y@192.0.2.1:5070 SIP/2.0", 10);
	assert_string_equal(wire_header(w, "Route", text, sizeof(text)), "<sip:10.0.0.2;lr>, <sip:10.0.0.7;lr>");
	session_close(w->session, 0, 0);
	wire_expect(w, "BYE sip:y@192.0.2.1:5070 SIP/2.0", 10);
	assert_false(wire_has(w, "Reason:"));
}

static void test_out_strict_route(void **state)
{
	struct wire *w = *state;
	char text[256];

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD "Record-Route: <sip:10.0.0.7;lr>\nRecord-Route: <sip:10.0.0.2>\n"
		     "To: {INVITE To};tag=far\nContact: <sip:y@192.0.2.1:5070>\n" WITH_SDP);
	wire_expect(w, "ACK sip:10.0.0.2 SIP/2.0", 10);
	assert_string_equal(wire_header(w, "Route", text, sizeof(text)), "<sip:10.0.0.7;lr>, <sip:y@192.0.2.1:5070>");
}

static void test_cancel(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	session_close(w->session, 0, 16);
	/* Not before a provisional response. */
	assert_false(wire_comes(w, "CANCEL", 400));
	wire_send(w, "SIP/2.0 100 Trying\n" RESPONSE_HEAD "To: {INVITE To}\n" WITHOUT_SDP);
	wire_expect(w, "CANCEL sip:030%231@10.0.0.2:5060", 10);
	assert_true(wire_has(w, "cause=16"));
	wire_send(w,
		  "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" WITHOUT_SDP);
	wire_no_event(w, 10);
	wire_send(w, "SIP/2.0 487 Terminated\n" RESPONSE_HEAD "To: {INVITE To};tag=far\n" WITHOUT_SDP);
	wire_expect(w, "ACK ", 10);
	e = wire_event(w, SESSION_CLOSED, 10);
	assert_int_equal(e->status, 487);
	assert_false(e->remote);
}

static void test_cancel_race(void **state)
{
	struct wire *w = *state;

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 180 Ringing\n" RESPONSE_HEAD "To: {INVITE To};tag=far\n" WITHOUT_SDP);
	session_close(w->session, 0, 0);
	wire_expect(w, "CANCEL ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "BYE ", 10);
	wire_event(w, SESSION_PROGRESS, 10);
	wire_event(w, SESSION_CLOSED, 5100);
	/* Later than that it is nobody's call: acknowledged and ended all the same. */
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "BYE ", 10);
}

static void test_cancel_unanswered(void **state)
{
	struct wire *w = *state;

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 180 Ringing\n" RESPONSE_HEAD "To: {INVITE To};tag=far\n" WITHOUT_SDP);
	wire_event(w, SESSION_PROGRESS, 10);
	session_close(w->session, 0, 0);
	wire_no_event(w, 4900);
	wire_event(w, SESSION_CLOSED, 200);
	wire_run(w, 40000);
	assert_int_equal(txns_count(w->stack->txns), 0);
}

static void test_forked(void **state)
{
	struct wire *w = *state;

	call_up(w);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=other\nContact: <sip:z@10.0.0.2:5060>\n" WITH_SDP);
	wire_expect(w, "ACK sip:z@10.0.0.2:5060", 10);
	assert_true(wire_has(w, "tag=other"));
	wire_expect(w, "BYE sip:z@10.0.0.2:5060", 10);
	assert_true(wire_has(w, "tag=other"));
	wire_no_event(w, 100);
	assert_int_equal(sip_stack_sessions(w->stack), 1);
}

/* After the 200's To in w->last. */
static void their_bye(struct wire *w)
{
	const struct session_event *e;

	wire_send(w, "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD(
			     "BYE", "2", "b") "To: {To}\nReason: Q.850 ;cause=18\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 OK", 10);
	e = wire_event(w, SESSION_CLOSED, 10);
	assert_true(e->remote);
	assert_int_equal(e->cause, 18);
	/* The BYE again: the same transaction, the same answer. */
	wire_send(w, "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("BYE", "2", "b") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 OK", 10);
}

/* The call is long gone when the peer says that it rings. */
static void test_cancel_late(void **state)
{
	struct wire *w = *state;

	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE ", 10);
	session_close(w->session, 0, 16);
	wire_event(w, SESSION_CLOSED, 5100);
	wire_send(w, "SIP/2.0 180 Ringing\n" RESPONSE_HEAD "To: {INVITE To};tag=far\n" WITHOUT_SDP);
	wire_expect(w, "CANCEL sip:030%231@10.0.0.2:5060", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	wire_expect(w, "ACK sip:y@10.0.0.2:5060", 10);
	wire_expect(w, "BYE sip:y@10.0.0.2:5060", 10);
}

static void test_in(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;
	struct media_desc audio = wire_audio(6000), agreed;
	char text[256];

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_expect(w, "SIP/2.0 100 ", 10);
	e = wire_event(w, SESSION_INCOMING, 10);
	assert_string_equal(e->called, "030123");
	assert_string_equal(e->calling, "+4930");
	assert_string_equal(e->calling_name, "Fax \"One\"");
	assert_string_equal(e->peer, "carrier");
	assert_true(e->media.has_audio);
	session_set_arg(w->session, w, "2-1");
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 Ringing", 10);
	assert_int_equal(session_progress(w->session, 180, &audio, NULL), EINVAL);
	assert_int_equal(session_progress(w->session, 183, &audio, &agreed), 0);
	assert_int_equal(addr_port(&agreed.audio.addr), 7000);
	wire_expect(w, "SIP/2.0 183 ", 10);
	assert_true(wire_has(w, "m=audio 6000"));
	/* The INVITE again brings the last response again. */
	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_expect(w, "SIP/2.0 183 ", 10);
	/* The same answer is the same to the letter, o= and all. */
	snprintf(text, sizeof(text), "%.50s", strstr(w->last, "\r\no="));
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_int_equal(agreed.audio.codecs[0], CODEC_PCMA);
	wire_expect(w, "SIP/2.0 200 OK", 10);
	assert_true(wire_has(w, text));
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:faxspan@10.0.0.1:5060>");
	assert_non_null(strstr(wire_header(w, "To", text, sizeof(text)), ";tag="));
	/* No ACK: after T1 again, after 2 T1 again. */
	wire_expect_nothing(w, 480);
	wire_expect(w, "SIP/2.0 200 OK", 50);
	wire_expect_nothing(w, 950);
	wire_expect(w, "SIP/2.0 200 OK", 70);
	/* The INVITE again now brings the 200 as well. */
	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_expect(w, "SIP/2.0 200 OK", 10);
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a2") "To: {To}\n" WITHOUT_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
	wire_expect_nothing(w, 5000);
	their_bye(w);
}

static void test_in_no_ack(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000);

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	assert_false(wire_comes(w, "BYE ", 31900));
	wire_expect(w, "BYE ", 200);
	assert_true(wire_has(w, "\r\nReason: Q.850;cause=102;"));
	assert_int_equal(wire_event(w, SESSION_CLOSED, 5100)->status, 408);
}

static void test_in_closed_before_ack(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000);

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	session_close(w->session, 0, 16);
	wire_expect(w, "SIP/2.0 200 OK", 10);
	assert_false(wire_comes(w, "BYE ", 400));
	wire_expect(w, "SIP/2.0 200 OK", 200);
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a2") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "BYE ", 10);
	wire_event(w, SESSION_CLOSED, 5100);
}

static void test_in_cancelled(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	wire_send(w, "CANCEL sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD(
			     "CANCEL", "1", "other") "To: <sip:030123@10.0.0.1>\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
	wire_send(w, "CANCEL sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("CANCEL", "1",
								       "a") "To: <sip:030123@10.0.0.1>\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 487 ", 10);
	e = wire_event(w, SESSION_CLOSED, 10);
	assert_int_equal(e->status, 487);
	assert_true(e->remote);
	wire_send(w, "ACK sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a") "To: {To}\n" WITHOUT_SDP);
	wire_expect_nothing(w, 2000);
}

static void test_in_refused(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6000);

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	session_close(w->session, 503, 34);
	wire_expect(w, "SIP/2.0 503 ", 10);
	assert_true(wire_has(w, "Reason: Q.850;cause=34;"));
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 503);
	wire_send(w, "ACK sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a") "To: {To}\n" WITHOUT_SDP);

	wire_send(w, THEIR_INVITE("b") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &image, NULL), ENOTSUP);
	wire_expect(w, "SIP/2.0 488 ", 10);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 488);
}

static void test_in_offerless(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000), agreed;
	const struct session_event *e;

	wire_send(w, THEIR_INVITE("a") WITHOUT_SDP);
	e = wire_event(w, SESSION_INCOMING, 10);
	assert_false(e->media.has_audio);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_false(agreed.has_audio);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=audio 6000"));
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a2") "To: {To}\n" WITH_SDP);
	e = wire_event(w, SESSION_CONFIRMED, 10);
	assert_true(e->media.has_audio);
	assert_int_equal(addr_port(&e->media.audio.addr), 7000);
}

static void test_in_offerless_unanswered(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000), agreed;

	wire_send(w, THEIR_INVITE("a") WITHOUT_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a2") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "BYE ", 10);
	assert_true(wire_has(w, "\r\nReason: Q.850;cause=88;"));
	assert_int_equal(wire_event(w, SESSION_CLOSED, 5100)->status, 488);
}

static void test_in_bye_early(void **state)
{
	struct wire *w = *state;

	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	wire_send(w, "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("BYE", "2", "b") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 487 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
}

static void test_in_odd(void **state)
{
	struct wire *w = *state;

	wire_send(w, THEIR_INVITE("a") "Require: 100rel, timer\n" WITH_SDP);
	wire_expect(w, "SIP/2.0 420 ", 10);
	assert_true(wire_has(w, "Unsupported: 100rel\r\n"));
	wire_send(w, THEIR_INVITE("b") "Content-Type: text/plain\nContent-Length: {len}\n\nhello");
	wire_expect(w, "SIP/2.0 415 ", 10);
	assert_true(wire_has(w, "Accept: application/sdp"));
	wire_send(w, THEIR_INVITE("c") "Content-Type: application/sdp\nContent-Length: {len}\n\nv=0\nm=audio what\n");
	wire_expect(w, "SIP/2.0 400 ", 10);
	assert_true(wire_has(w, "Warning: 399 10.0.0.1 \"SDP line "));
	wire_send(w,
		  "INVITE tel:030123 SIP/2.0\n" THEIR_HEAD("INVITE", "1", "d") "To: <sip:030123@10.0.0.1>\n" WITH_SDP);
	wire_expect(w, "SIP/2.0 416 ", 10);
	wire_no_event(w, 10);
	assert_int_equal(sip_stack_sessions(w->stack), 0);
	wire_send(w, THEIR_INVITE("e") WITH_SDP);
	wire_event(w, SESSION_INCOMING, 10);
	/* The same request by another way (RFC 3261 8.2.2.2). */
	wire_send(w, THEIR_INVITE("f") WITH_SDP);
	wire_expect(w, "SIP/2.0 482 ", 10);
	wire_no_event(w, 10);
	sip_stack_drain(w->stack);
	wire_send(w, "INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKq\nFrom: <sip:a@b>;tag=q\n"
		     "To: <sip:1@10.0.0.1>\nCall-ID: q\nCSeq: 1 INVITE\nContact: <sip:x@10.0.0.2>\n" WITH_SDP);
	wire_expect(w, "SIP/2.0 503 ", 10);
}

static void test_in_dialog_odd(void **state)
{
	struct wire *w = *state;
	char to[256];

	call_in(w);
	wire_header(w, "To", to, sizeof(to));
	wire_send(w, "INFO sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("INFO", "5", "i") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 405 ", 10);
	assert_true(wire_has(w, "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK\r\n"));
	wire_send(w, "FOO sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("FOO", "6", "j") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 501 ", 10);
	wire_send(w, "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("BYE", "3", "k") "To: {To}\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 500 ", 10);
	wire_send(w, "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("BYE", "7",
								     "l") "To: <sip:1@x>;tag=wrong\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
	wire_no_event(w, 10);
	wire_send(w, "OPTIONS sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("OPTIONS", "8",
									 "m") "To: <sip:1@x>\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "Accept: application/sdp"));
}

static void test_stranger(void **state)
{
	struct wire *w = *state;

	wire_send_from(w, w->stranger, THEIR_INVITE("a") WITH_SDP);
	wire_expect(w, "SIP/2.0 403 ", 10);
	wire_no_event(w, 10);
	assert_int_equal(sip_stack_stats(w->stack).forbidden_rx, 1);
	assert_int_equal(txns_count(w->stack->txns), 0);
}

static void test_malformed(void **state)
{
	struct wire *w = *state;

	wire_send(w, "\n\n");
	wire_expect_nothing(w, 10);
	wire_send(w, "INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2\nf: <sip:a@b>\nTo: <sip:1@x>\ni: q\n"
		     "CSeq: 99999999999 INVITE\n" WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 400 ", 10);
	assert_true(wire_has(w, "Warning: 399 10.0.0.1"));
	wire_send(w, "INVITE\n\n");
	wire_send(w, "SIP/2.0 200 OK\n\n");
	wire_expect_nothing(w, 10);
	assert_int_equal(sip_stack_stats(w->stack).bad_rx, 3);
}

static void test_identity(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000);
	struct session_invite_params p = {
		.called = "1",
		.calling = "+4940",
		.calling_restricted = true,
		.calling_asserted = true,
		.offer = &audio};
	const struct session_event *e;
	char text[256];

	assert_int_equal(session_invite(w->stack, &p, NULL, &w->session), 0);
	wire_expect(w, "INVITE ", 10);
	assert_null(strstr(wire_header(w, "From", text, sizeof(text)), "4940"));
	assert_string_equal(wire_header(w, "Privacy", text, sizeof(text)), "id");
	assert_string_equal(wire_header(w, "P-Asserted-Identity", text, sizeof(text)), "<sip:+4940@10.0.0.1>");
	wire_send(w, "INVITE sip:%2b1%0d%0a2;phone-context=x@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP "
		     "10.0.0.2;branch=z9hG4bKp\nFrom: "
		     "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=q\nP-Asserted-Identity: <sip:77@10.0.0.2>\n"
		     "To: <sip:1@10.0.0.1>\nCall-ID: q\nCSeq: 1 INVITE\nContact: <sip:x@10.0.0.2>\n" WITH_SDP);
	e = wire_event(w, SESSION_INCOMING, 10);
	assert_true(e->calling_restricted);
	assert_string_equal(e->calling, "77");
	assert_string_equal(e->called, "+12");
	p.called = NULL;
	assert_int_equal(session_invite(w->stack, &p, NULL, &w->session), EINVAL);
}

static void test_tables(void **state)
{
	assert_null(fsm_check(&call_fsm, 1u << CALL_GONE));
	assert_null(fsm_check(&re_fsm, 1u << RE_OVER));
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

static int body(void *arg)
{
	struct wire *w = arg;
	int err = wire_open(w);

	if (err)
		return err;
	err = call(w);
	if (!err && wire_comes(w, "INVITE ", 10))
		wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
			     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH_SDP);
	wire_send(w, THEIR_INVITE("a") WITH_SDP);
	wire_run(w, 20);
	wire_close(w);
	return err;
}

static void test_allocations(void **state)
{
	static struct wire space, *w = &space;

	fault_run(body, w, 1);
}

int main(void)
{
	log_set_sink(quiet, NULL);
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_out),
		T(test_out_refused),
		T(test_out_silence),
		T(test_out_spoilt),
		T(test_out_routes),
		T(test_out_strict_route),
		T(test_cancel),
		T(test_cancel_race),
		T(test_cancel_unanswered),
		T(test_cancel_late),
		T(test_forked),
		T(test_in),
		T(test_in_no_ack),
		T(test_in_closed_before_ack),
		T(test_in_cancelled),
		T(test_in_refused),
		T(test_in_offerless),
		T(test_in_offerless_unanswered),
		T(test_in_bye_early),
		T(test_in_odd),
		T(test_in_dialog_odd),
		T(test_stranger),
		T(test_malformed),
		T(test_identity),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
