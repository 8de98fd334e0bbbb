/* SPDX-License-Identifier: GPL-2.0-only */
/* Re-INVITEs both ways: T.38, refreshes, glare, cancelling, what comes at the wrong time. */
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

#define SDP_HEAD(version) "v=0\no=- 1 " version " IN IP4 10.0.0.2\ns=-\nc=IN IP4 10.0.0.2\nt=0 0\n"
#define AUDIO(version)	  SDP_HEAD(version) "m=audio 7000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\n"
#define IMAGE(version)	  SDP_HEAD(version) "m=image 7002 udptl t38\na=T38FaxVersion:0\na=T38FaxMaxDatagram:200\n"
#define RESPONSE_HEAD	  "Via: {INVITE Via}\nFrom: {INVITE From}\nCall-ID: {INVITE Call-ID}\nCSeq: {INVITE CSeq}\n"
#define ANSWER		  "SIP/2.0 200 OK\n" RESPONSE_HEAD "To: {INVITE To}\nContact: <sip:y@10.0.0.2:5060>\n"
#define REFUSE(status)	  "SIP/2.0 " status " No\n" RESPONSE_HEAD "To: {INVITE To}\n" WITHOUT_SDP
#define WITH(sdp)	  "Content-Type: application/sdp\nContent-Length: {len}\n\n" sdp
#define WITHOUT_SDP	  "Content-Length: 0\n\n"

static size_t alive_before;
static char theirs[1024]; /* From, To and Call-ID of requests of the peer within the call */
static char request_text[WIRE_OCTETS];

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

/* Our call, up with audio. */
static void call_up(struct wire *w)
{
	struct media_desc audio = wire_audio(6000);
	struct session_invite_params p = {.called = "030", .calling = "040", .offer = &audio, .call_ref = "1-42"};
	char from[256], to[256], id[128];

	assert_int_equal(session_invite(w->stack, &p, NULL, &w->session), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH(AUDIO("1")));
	wire_expect(w, "ACK sip:y@10.0.0.2:5060 SIP/2.0", 10);
	wire_event(w, SESSION_ANSWERED, 10);
	wire_header(w, "From", to, sizeof(to));
	wire_header(w, "To", from, sizeof(from));
	wire_header(w, "Call-ID", id, sizeof(id));
	snprintf(theirs, sizeof(theirs), "From: %s\nTo: %s\nCall-ID: %s\n", from, to, id);
}

/* Our re-INVITE for T.38 is on its way. */
static void ask_for_image(struct wire *w)
{
	struct media_desc image = wire_image(6002);

	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE ", 10);
}

/* A request of the peer within the call. */
static void request(struct wire *w, const char *method, unsigned cseq, const char *branch, const char *rest)
{
	snprintf(request_text, sizeof(request_text),
		 "%s sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bK%s\n%sCSeq: "
		 "%u %s\n"
		 "Contact: <sip:y@10.0.0.2:5060>\nMax-Forwards: 70\n%s",
		 method, branch, theirs, cseq, method, rest);
	wire_send(w, request_text);
}

/* To T.38 by our re-INVITE. */
static void to_t38(struct wire *w)
{
	struct media_desc image = wire_image(6002);
	const struct session_event *e;

	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE sip:y@10.0.0.2:5060 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	assert_true(wire_has(w, "CSeq: 2 INVITE"));
	assert_true(wire_has(w, ";tag=far"));
	wire_send(w, ANSWER WITH(IMAGE("2")));
	wire_expect(w, "ACK ", 10);
	assert_true(wire_has(w, "CSeq: 2 ACK"));
	e = wire_event(w, SESSION_REANSWERED, 10);
	assert_true(e->media.has_image);
	assert_false(e->media.has_audio);
	assert_int_equal(addr_port(&e->media.image.addr), 7002);
}

static void test_ours(void **state)
{
	struct wire *w = *state;

	call_up(w);
	to_t38(w);
	/* Their 2xx again: our ACK again. */
	wire_send(w, ANSWER WITH(IMAGE("2")));
	wire_expect(w, "ACK ", 10);
	wire_no_event(w, 100);
}

static void test_ours_busy(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002), none = {0};

	call_up(w);
	assert_int_equal(session_reinvite(w->session, &none), EINVAL);
	assert_int_equal(session_reinvite(w->session, &image), 0);
	assert_int_equal(session_reinvite(w->session, &image), EBUSY);
	wire_expect(w, "INVITE ", 10);
	/* Theirs at the same time. */
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_expect(w, "SIP/2.0 491 ", 10);
	wire_send(w, REFUSE("488"));
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 488);
	assert_int_equal(session_reinvite(w->session, &image), 0);
}

static void test_ours_declined(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;

	call_up(w);
	ask_for_image(w);
	wire_send(w, ANSWER WITH(SDP_HEAD("2") "m=image 0 udptl t38\n"));
	wire_expect(w, "ACK ", 10);
	e = wire_event(w, SESSION_REANSWERED, 10);
	assert_false(e->media.has_image);
	assert_false(e->media.has_audio);
}

static void test_ours_nonsense(void **state)
{
	struct wire *w = *state;

	call_up(w);
	ask_for_image(w);
	wire_send(w, ANSWER WITH("v=0\nm=image x\n"));
	wire_expect(w, "ACK ", 10);
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 488);
	/* What was agreed is offered back, once. */
	wire_expect(w, "INVITE ", 10);
	assert_true(wire_has(w, "m=audio 6000"));
	wire_send(w, ANSWER WITH("v=0\nm=image x\n"));
	wire_expect(w, "ACK ", 10);
	wire_expect_nothing(w, 3000);
	wire_no_event(w, 10);
}

static void test_glare(void **state)
{
	struct wire *w = *state;

	call_up(w);
	ask_for_image(w);
	wire_send(w, REFUSE("491"));
	wire_expect(w, "ACK ", 10);
	/* The Call-ID is ours: 2.1 to 4 s. */
	assert_false(wire_comes(w, "INVITE ", 2050));
	wire_expect(w, "INVITE ", 2000);
	assert_true(wire_has(w, "CSeq: 3 INVITE"));
	wire_send(w, ANSWER WITH(IMAGE("2")));
	wire_event(w, SESSION_REANSWERED, 10);
}

#define LATER(s) "SIP/2.0 500 Later\n" RESPONSE_HEAD "To: {INVITE To}\nRetry-After: " s "\n" WITHOUT_SDP

/* RFC 3261 14.2: a 500 with Retry-After is no refusal, but not for ever. */
static void test_put_off(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002);

	call_up(w);
	ask_for_image(w);
	wire_send(w, LATER("1"));
	wire_expect(w, "ACK ", 10);
	assert_false(wire_comes(w, "INVITE ", 980));
	wire_expect(w, "INVITE ", 40);
	wire_send(w, LATER("9"));
	wire_expect(w, "ACK ", 10);
	wire_expect(w, "INVITE ", 2010);
	wire_no_event(w, 10);
	wire_send(w, LATER("0"));
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 500);
	/* the next is another matter; a 500 alone is a refusal */
	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, LATER("0"));
	wire_expect(w, "INVITE ", 510);
	wire_send(w, REFUSE("500"));
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 500);
}

/* What was put off and given up has no say in when the next goes out again. */
static void test_put_off_given_up(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002);

	call_up(w);
	ask_for_image(w);
	session_reinvite_cancel(w->session);
	wire_send(w, LATER("1"));
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 408);
	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, REFUSE("491"));
	wire_expect(w, "ACK ", 10);
	assert_false(wire_comes(w, "INVITE ", 2050));
	wire_expect(w, "INVITE ", 2000);
}

static void test_glare_theirs_wins(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002), agreed;

	call_up(w);
	ask_for_image(w);
	wire_send(w, REFUSE("491"));
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	assert_int_equal(session_reaccept(w->session, &image, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	request(w, "ACK", 1, "g2", WITHOUT_SDP);
	/* Ours is thereby done. */
	assert_true(wire_event(w, SESSION_REANSWERED, 10)->media.has_image);
	assert_false(wire_comes(w, "INVITE ", 5000));
}

static void test_fatal(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;

	call_up(w);
	ask_for_image(w);
	wire_send(w, REFUSE("481"));
	wire_expect(w, "BYE ", 10);
	wire_send(w,
		  "SIP/2.0 481 No\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" WITHOUT_SDP);
	e = wire_event(w, SESSION_CLOSED, 10);
	assert_int_equal(e->status, 481);
	assert_true(e->remote);
}

static void test_no_answer(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002);

	call_up(w);
	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_no_event(w, 31500);
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 1000)->status, 408);
	assert_int_equal(sip_stack_sessions(w->stack), 1);
}

static void test_cancelled(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002);

	call_up(w);
	session_reinvite_cancel(w->session);
	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE ", 10);
	session_reinvite_cancel(w->session);
	assert_false(wire_comes(w, "CANCEL ", 100));
	wire_send(w, "SIP/2.0 100 Trying\n" RESPONSE_HEAD "To: {INVITE To}\n" WITHOUT_SDP);
	wire_expect(w, "CANCEL ", 10);
	assert_true(wire_has(w, "CSeq: 2 CANCEL"));
	wire_send(w, REFUSE("487"));
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 10)->status, 408);
	/* Once more, and the 2xx wins. */
	assert_int_equal(session_reinvite(w->session, &image), 0);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, "SIP/2.0 100 Trying\n" RESPONSE_HEAD "To: {INVITE To}\n" WITHOUT_SDP);
	session_reinvite_cancel(w->session);
	wire_send(w, ANSWER WITH(IMAGE("2")));
	wire_expect(w, "ACK ", 10);
	wire_event(w, SESSION_REANSWERED, 10);
}

static void test_cancelled_too_late(void **state)
{
	struct wire *w = *state;

	call_up(w);
	ask_for_image(w);
	session_reinvite_cancel(w->session);
	wire_no_event(w, 4900);
	assert_int_equal(wire_event(w, SESSION_REREFUSED, 200)->status, 408);
	wire_send(w, ANSWER WITH(IMAGE("2")));
	wire_expect(w, "ACK ", 10);
	assert_true(wire_has(w, "CSeq: 2 ACK"));
	/* The peer is in T.38 and nobody here knows: back to audio. */
	wire_expect(w, "INVITE ", 10);
	assert_true(wire_has(w, "m=audio 6000"));
	wire_send(w, ANSWER WITH(AUDIO("3")));
	wire_expect(w, "ACK ", 10);
	wire_no_event(w, 100);
}

static void test_theirs(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002), agreed;
	const struct session_event *e;

	call_up(w);
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	e = wire_event(w, SESSION_REOFFER, 10);
	assert_true(e->media.has_image);
	/* Another before the answer; one of ours waits. */
	request(w, "INVITE", 2, "h", WITH(IMAGE("3")));
	wire_expect(w, "SIP/2.0 500 ", 10);
	assert_true(wire_has(w, "Retry-After: "));
	assert_int_equal(session_reaccept(w->session, &image, &agreed), 0);
	assert_int_equal(addr_port(&agreed.image.addr), 7002);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	/* Another before the ACK. */
	request(w, "INVITE", 3, "i", WITH(IMAGE("3")));
	wire_expect(w, "SIP/2.0 491 ", 10);
	wire_expect(w, "SIP/2.0 200 ", 510);
	request(w, "ACK", 1, "g2", WITHOUT_SDP);
	assert_false(wire_comes(w, "SIP/2.0 200 ", 5000));
	/* And back; a refusal changes nothing. */
	request(w, "INVITE", 4, "j", WITH(AUDIO("5")));
	wire_event(w, SESSION_REOFFER, 10);
	assert_int_equal(session_rerefuse(w->session, 488, NULL), 0);
	wire_expect(w, "SIP/2.0 488 ", 10);
	assert_int_equal(session_rerefuse(w->session, 488, NULL), EINVAL);
	request(w, "INVITE", 5, "k", WITH(AUDIO("5")));
	wire_event(w, SESSION_REOFFER, 10);
	assert_int_equal(session_reaccept(w->session, &image, &agreed), ENOTSUP);
	wire_expect(w, "SIP/2.0 488 ", 10);
}

static void test_theirs_cancelled(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002), agreed;

	call_up(w);
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	request(w, "CANCEL", 1, "g", WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 487 ", 10);
	assert_int_equal(session_reaccept(w->session, &image, &agreed), EINVAL);
	wire_no_event(w, 10);
}

static void test_theirs_unanswered(void **state)
{
	struct wire *w = *state;

	call_up(w);
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	wire_expect(w, "SIP/2.0 488 ", 31000);
	/* Their BYE while another waits: 487. */
	request(w, "INVITE", 2, "h", WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	request(w, "BYE", 3, "i", WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 487 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
}

static void test_theirs_unacked(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002);

	call_up(w);
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	assert_int_equal(session_reaccept(w->session, &image, NULL), 0);
	assert_false(wire_comes(w, "BYE ", 31900));
	wire_expect(w, "BYE ", 200);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 5100)->status, 408);
}

static void test_refresh(void **state)
{
	struct wire *w = *state;
	char before[64], after[64];

	call_up(w);
	to_t38(w);
	/* In mid-fax: the same words, and the same media under another version. */
	request(w, "INVITE", 1, "g", "Require: timer\nSession-Expires: 1800\n" WITH(IMAGE("2")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	assert_true(wire_has(w, "Session-Expires: 1800;refresher=uac\r\n"));
	assert_true(wire_has(w, "Require: timer\r\n"));
	snprintf(before, sizeof(before), "%.40s", strstr(w->last, "\r\no="));
	request(w, "ACK", 1, "g2", WITHOUT_SDP);
	request(w, "INVITE", 2, "h", WITH(IMAGE("9")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	snprintf(after, sizeof(after), "%.40s", strstr(w->last, "\r\no="));
	assert_string_equal(before, after);
	request(w, "ACK", 2, "h2", WITHOUT_SDP);
	/* Without an offer: ours is what we are. */
	request(w, "INVITE", 3, "i", WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
	wire_no_event(w, 10);
	request(w, "ACK", 3, "i2", WITH(IMAGE("9")));
	assert_true(wire_event(w, SESSION_REANSWERED, 10)->media.has_image);
}

/* Another media under the same version of o=: RFC 3264 8 forbids it, and there are peers that do it. */
static void test_forgotten_version(void **state)
{
	struct wire *w = *state;
	struct media_desc image = wire_image(6002), agreed;
	const struct session_event *e;

	call_up(w);
	request(w, "INVITE", 1, "g", WITH(IMAGE("1")));
	e = wire_event(w, SESSION_REOFFER, 10);
	assert_true(e->media.has_image && !e->media.has_audio);
	assert_int_equal(session_reaccept(w->session, &image, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 udptl t38"));
}

static void test_refresher_us(void **state)
{
	struct wire *w = *state;

	call_up(w);
	request(w, "INVITE", 1, "g", "Require: timer\nSession-Expires: 100;refresher=uas\n" WITH(AUDIO("1")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "refresher=uas"));
	request(w, "ACK", 1, "g2", WITHOUT_SDP);
	assert_false(wire_comes(w, "INVITE ", 49000));
	wire_expect(w, "INVITE ", 2000);
	assert_true(wire_has(w, "m=audio 6000"));
	assert_true(wire_has(w, "Session-Expires: 100;refresher=uac"));
	wire_send(w, ANSWER WITH(AUDIO("1")));
	wire_expect(w, "ACK ", 10);
	wire_no_event(w, 10);
}

/* Our call: theirs has overtaken their 200, then comes right behind it, before our ACK is there. */
static void test_before_their_answer(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000), image = wire_image(6002), agreed;
	struct session_invite_params p = {.called = "030", .calling = "040", .offer = &audio, .call_ref = "1-42"};
	char tag[256], id[128];

	assert_int_equal(session_invite(w->stack, &p, NULL, &w->session), 0);
	wire_expect(w, "INVITE ", 10);
	snprintf(theirs, sizeof(theirs), "From: <sip:030@10.0.0.2:5060>;tag=far\nTo: %s\nCall-ID: %s\n",
		 wire_header(w, "From", tag, sizeof(tag)), wire_header(w, "Call-ID", id, sizeof(id)));
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_expect(w, "SIP/2.0 491 ", 10);
	request(w, "BYE", 2, "h", WITHOUT_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RESPONSE_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" WITH(AUDIO("1")));
	request(w, "INVITE", 3, "i", WITH(IMAGE("2")));
	wire_expect(w, "ACK sip:y@10.0.0.2:5060 SIP/2.0", 10);
	wire_event(w, SESSION_ANSWERED, 10);
	wire_event(w, SESSION_REOFFER, 10);
	assert_int_equal(session_reaccept(w->session, &image, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=image 6002 "));
}

/* Their call: our re-INVITE must wait for the ACK, theirs before it is refused; after 491 we wait 0 to 2 s. */
static void test_before_ack(void **state)
{
	struct wire *w = *state;
	struct media_desc audio = wire_audio(6000), image = wire_image(6002);

	wire_send(w, "INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKa\nFrom: "
		     "<sip:a@10.0.0.2>;tag=far\n"
		     "To: <sip:1@10.0.0.1>\nCall-ID: q\nCSeq: 1 INVITE\nContact: <sip:y@10.0.0.2:5060>\n" WITH(
			     AUDIO("1")));
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_reinvite(w->session, &image), EINVAL);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	snprintf(theirs, sizeof(theirs), "From: <sip:a@10.0.0.2>;tag=far\nTo: %.200s\nCall-ID: q\n",
		 wire_header(w, "To", request_text, sizeof(request_text)));
	assert_int_equal(session_reinvite(w->session, &image), 0);
	assert_false(wire_comes(w, "INVITE ", 100));
	request(w, "INVITE", 2, "g", WITH(IMAGE("2")));
	wire_expect(w, "SIP/2.0 491 ", 10);
	request(w, "ACK", 1, "a2", WITHOUT_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, REFUSE("491"));
	wire_expect(w, "INVITE ", 2050);
	session_close(w->session, 0, 0);
	wire_expect(w, "BYE ", 10);
	/* The re-INVITE is answered all the same: acknowledged, and nobody hears of it. */
	wire_send(w, ANSWER WITH(IMAGE("2")));
	wire_event(w, SESSION_CLOSED, 5100);
}

/* A handler may do anything at once. */
static void eager(struct wire *w, struct sip_session *s, const struct session_event *e)
{
	struct media_desc image = wire_image(6002), agreed;

	if (e->type == SESSION_ANSWERED)
		assert_int_equal(session_reinvite(s, &image), 0);
	if (e->type == SESSION_REOFFER)
		assert_int_equal(session_reaccept(s, &image, &agreed), 0);
	if (e->type == SESSION_REANSWERED)
		session_close(s, 0, 16);
}

static void test_eager(void **state)
{
	struct wire *w = *state;

	w->on_event = eager;
	call_up(w);
	wire_expect(w, "INVITE ", 10);
	wire_send(w, REFUSE("491"));
	request(w, "INVITE", 1, "g", WITH(IMAGE("2")));
	wire_event(w, SESSION_REOFFER, 10);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "BYE ", 10);
	wire_event(w, SESSION_REANSWERED, 10);
	wire_event(w, SESSION_CLOSED, 5100);
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_ours),
		T(test_ours_busy),
		T(test_ours_declined),
		T(test_ours_nonsense),
		T(test_glare),
		T(test_put_off),
		T(test_put_off_given_up),
		T(test_glare_theirs_wins),
		T(test_fatal),
		T(test_no_answer),
		T(test_cancelled),
		T(test_cancelled_too_late),
		T(test_theirs),
		T(test_theirs_cancelled),
		T(test_theirs_unanswered),
		T(test_theirs_unacked),
		T(test_refresh),
		T(test_forgotten_version),
		T(test_refresher_us),
		T(test_before_their_answer),
		T(test_before_ack),
		T(test_eager),
	};

	log_set_sink(quiet, NULL);
	if (getenv("TEST_LOG"))
		log_set_level(LOGL_DEBUG);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
