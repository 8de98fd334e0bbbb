/* SPDX-License-Identifier: GPL-2.0-only */
/* Reliable provisional responses and PRACK (RFC 3262), word by word. */
#include <errno.h>

#include "gateway/base/log.h"
#include "wire_rig.h"

#define AUDIO			RIG_AUDIO
#define WITH(sdp)		RIG_WITH(sdp)
#define NO_SDP			RIG_NO_SDP
#define AUDIO_AT(port, version) RIG_SDP_HEAD(version) "m=audio " port " RTP/AVP 8\na=rtpmap:8 PCMA/8000\n"
#define OK_REPLY		"SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n"
#define CONTACT			"Contact: <sip:y@10.0.0.2:5060>\n"
/* To our INVITE, by the branch TAG of a fork. */
#define RELIABLE(status, tag, rseq)                                                                                    \
	"SIP/2.0 " status "\n" RIG_HEAD "To: {INVITE To};tag=" tag "\nRequire: 100rel\nRSeq: " rseq "\n" CONTACT
#define THEIR_HEAD(method, n, branch)                                                                                  \
	"Via: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bK" branch                                                   \
	"\nMax-Forwards: 70\nFrom: <sip:+4930@10.0.0.2>;tag=theirs\nCall-ID: their-call\nCSeq: " n " " method          \
	"\nContact: <sip:x@10.0.0.2:5060>\n"
#define THEIR_INVITE(more)                                                                                             \
	"INVITE sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("INVITE", "1", "a") "To: <sip:030123@10.0.0.1>\n" more

static int setup(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.reliable = SIP_100REL_SUPPORTED});
}

static int setup_required(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.reliable = SIP_100REL_REQUIRED});
}

static int setup_off(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.reliable = SIP_100REL_OFF});
}

static int setup_secret(void **state)
{
	return rig_open(state, &(struct sip_peer_params){
				       .reliable = SIP_100REL_SUPPORTED, .auth_user = "fax", .auth_secret = "s"});
}

static void expect_header(struct wire *w, const char *name, const char *value)
{
	char text[256];

	assert_string_equal(wire_header(w, name, text, sizeof(text)), value);
}

/* ---- theirs ---- */

static void theirs_in_order(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;

	rig_call(w);
	assert_true(wire_has(w, "\r\nSupported: 100rel\r\n"));
	assert_false(wire_has(w, "\r\nRequire:"));
	wire_send(w, RELIABLE("183 Progress", "far", "41") WITH(AUDIO("1")));
	wire_expect(w, "PRACK sip:y@10.0.0.2:5060 SIP/2.0\r\n", 10);
	assert_true(wire_has(w, "\r\nRAck: 41 1 INVITE\r\n"));
	expect_header(w, "CSeq", "2 PRACK");
	expect_header(w, "Content-Length", "0");
	wire_send(w, OK_REPLY NO_SDP);
	e = wire_event(w, SESSION_PROGRESS, 10);
	assert_true(e->has_early);
	/* The same again, and one that has overtaken another: neither is acknowledged nor heard. */
	wire_send(w, RELIABLE("183 Progress", "far", "41") WITH(AUDIO("1")));
	wire_send(w, RELIABLE("180 Ringing", "far", "43") NO_SDP);
	wire_expect_nothing(w, 300);
	wire_no_event(w, 10);
	wire_send(w, RELIABLE("180 Ringing", "far", "42") NO_SDP);
	wire_expect(w, "PRACK ", 10);
	expect_header(w, "RAck", "42 1 INVITE");
	assert_int_equal(wire_event(w, SESSION_PROGRESS, 10)->status, 180);
	/* The answer was in the 183, so the 200 has none. */
	wire_send(w, "SIP/2.0 200 OK\n" RIG_HEAD "To: {INVITE To};tag=far\n" CONTACT NO_SDP);
	wire_expect(w, "ACK ", 10);
	expect_header(w, "CSeq", "1 ACK");
	assert_int_equal(addr_port(&wire_event(w, SESSION_ANSWERED, 10)->media.audio.addr), 7000);
	/* That PRACK was never answered: nothing comes of it. */
	wire_no_event(w, 40000);
}

static void theirs_forked(void **state)
{
	struct wire *w = *state;
	char to[128];

	rig_call(w);
	wire_send(w, RELIABLE("180 Ringing", "one", "5") NO_SDP);
	wire_expect(w, "PRACK ", 10);
	assert_non_null(strstr(wire_header(w, "To", to, sizeof(to)), ";tag=one"));
	wire_send(w, RELIABLE("180 Ringing", "two", "9") NO_SDP);
	wire_expect(w, "PRACK ", 10);
	assert_non_null(strstr(wire_header(w, "To", to, sizeof(to)), ";tag=two"));
	expect_header(w, "RAck", "9 1 INVITE");
	wire_send(w, RELIABLE("183 Progress", "one", "6") WITH(AUDIO("1")));
	wire_expect(w, "PRACK ", 10);
	assert_non_null(strstr(wire_header(w, "To", to, sizeof(to)), ";tag=one"));
	expect_header(w, "RAck", "6 1 INVITE");
	expect_header(w, "CSeq", "4 PRACK");
	wire_send(w, RELIABLE("183 Progress", "two", "9") WITH(AUDIO("1")));
	wire_expect_nothing(w, 100);
}

static void theirs_challenged(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	wire_send(w, RELIABLE("180 Ringing", "far", "7") NO_SDP);
	wire_expect(w, "PRACK ", 10);
	wire_send(w, "SIP/2.0 407 Who\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n"
		     "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\"\n" NO_SDP);
	wire_expect(w, "PRACK ", 10);
	assert_true(wire_has(w, "Proxy-Authorization: Digest username=\"fax\""));
	expect_header(w, "RAck", "7 1 INVITE");
	expect_header(w, "CSeq", "3 PRACK");
}

/* ---- ours ---- */

static unsigned rseq(struct wire *w)
{
	char text[64];

	assert_true(wire_has(w, "\r\nRequire: 100rel\r\n"));
	return (unsigned)strtoul(wire_header(w, "RSeq", text, sizeof(text)), NULL, 10);
}

static void prack(struct wire *w, unsigned number, unsigned cseq, const char *rest)
{
	char text[WIRE_OCTETS];

	snprintf(text, sizeof(text),
		 "PRACK sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bKp%u\n"
		 "Max-Forwards: 70\nFrom: <sip:+4930@10.0.0.2>;tag=theirs\nTo: {To}\nCall-ID: their-call\n"
		 "CSeq: %u PRACK\nRAck: %u 1 INVITE\n%s",
		 cseq, cseq, number, rest);
	wire_send(w, text);
}

static void incoming(struct wire *w, const char *invite)
{
	wire_send(w, invite);
	wire_expect(w, "SIP/2.0 100 ", 10);
	wire_event(w, SESSION_INCOMING, 10);
}

/* One is out at a time, sent again until it is acknowledged. */
static void ours_in_order(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed = {.has_audio = false};
	struct wire *w = *state;
	unsigned first;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	first = rseq(w);
	assert_true(first >= 1 && first < 0x80000000u);
	assert_true(wire_has(w, "Contact: "));
	assert_int_equal(session_progress(w->session, 183, &audio, &agreed), 0);
	assert_true(agreed.has_audio);
	assert_true(wire_comes(w, "SIP/2.0 180 ", 510));
	assert_false(wire_comes(w, "SIP/2.0 ", 980));
	assert_true(wire_comes(w, "SIP/2.0 180 ", 30));
	prack(w, first + 1, 2, NO_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
	prack(w, first, 3, NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 183 ", 10);
	assert_true(wire_has(w, "m=audio 6000 "));
	assert_int_equal(rseq(w), first + 1);
	prack(w, first, 4, NO_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
	prack(w, first + 1, 5, NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_false(wire_has(w, "Session-Expires"));
	wire_expect_nothing(w, 2000);
	prack(w, first + 1, 6, NO_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_int_equal(addr_port(&agreed.audio.addr), 7000);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_false(wire_has(w, "m=audio"));
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "b") "To: {To}\n" NO_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
}

/* The 200 waits for the PRACK of an answer that is out (section 3); what is bare does not hold it up. */
static void answer_waits(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed;
	struct wire *w = *state;
	unsigned n;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 183, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 183 ", 10);
	n = rseq(w);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_true(agreed.has_audio);
	assert_int_equal(session_accept(w->session, &audio, &agreed), EINVAL);
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), EINVAL);
	assert_false(wire_comes(w, "SIP/2.0 200 ", 300));
	prack(w, n, 2, NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	expect_header(w, "CSeq", "2 PRACK");
	wire_expect(w, "SIP/2.0 200 ", 10);
	expect_header(w, "CSeq", "1 INVITE");
	assert_false(wire_has(w, "m=audio"));
}

static void bare_does_not_wait(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed;
	struct wire *w = *state;
	unsigned n;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	n = rseq(w);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=audio 6000 "));
	assert_false(wire_comes(w, "SIP/2.0 180 ", 450));
	/* It was on its way. */
	prack(w, n, 2, NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	expect_header(w, "CSeq", "2 PRACK");
}

static void nobody_acknowledges(void **state)
{
	struct wire *w = *state;
	unsigned n = 0;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	while (n < 20 && wire_comes(w, "SIP/2.0 ", 32100) && wire_has(w, "SIP/2.0 180 "))
		n++;
	assert_int_equal(n, 7);
	assert_true(wire_has(w, "SIP/2.0 504 "));
	assert_true(wire_has(w, "\r\nReason: Q.850;cause=102;"));
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 504);
}

static void cancelled_meanwhile(void **state)
{
	struct wire *w = *state;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	wire_send(w, "CANCEL sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("CANCEL", "1",
								       "a") "To: <sip:030123@10.0.0.1>\n" NO_SDP);
	wire_expect(w, "SIP/2.0 487 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
	assert_false(wire_comes(w, "SIP/2.0 180 ", 1500));
}

/* ---- offers and answers ---- */

/* An INVITE without an offer: ours is in the 183, the answer in the PRACK. */
static void offer_in_183(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed;
	struct wire *w = *state;
	unsigned n;

	incoming(w, THEIR_INVITE("Require: 100rel\n") NO_SDP);
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), EINVAL);
	assert_int_equal(session_progress(w->session, 183, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 183 ", 10);
	assert_true(wire_has(w, "m=audio 6000 "));
	n = rseq(w);
	/* No answer in it: it counts as none. */
	prack(w, n, 2, NO_SDP);
	wire_expect(w, "SIP/2.0 488 ", 10);
	assert_true(wire_comes(w, "SIP/2.0 183 ", 500));
	prack(w, n, 3, WITH(RIG_SDP_HEAD("1") "m=audio 0 RTP/AVP 8\n"));
	wire_expect(w, "SIP/2.0 488 ", 10);
	prack(w, n, 4, WITH(AUDIO("1")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_int_equal(addr_port(&agreed.audio.addr), 7000);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_false(wire_has(w, "m=audio"));
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "b") "To: {To}\n" NO_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
}

/* The same, answered by the gateway before the PRACK is there: what is agreed is told afterwards. */
static void offer_in_183_and_answer_waits(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed;
	const struct session_event *e;
	struct wire *w = *state;

	incoming(w, THEIR_INVITE("Require: 100rel\n") NO_SDP);
	assert_int_equal(session_progress(w->session, 183, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 183 ", 10);
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_false(agreed.has_audio);
	prack(w, rseq(w), 2, WITH(AUDIO("1")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 200 ", 10);
	expect_header(w, "CSeq", "1 INVITE");
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "b") "To: {To}\n" NO_SDP);
	e = wire_event(w, SESSION_CONFIRMED, 10);
	assert_true(e->media.has_audio);
	assert_int_equal(addr_port(&e->media.audio.addr), 7000);
}

/* Their media moves in the PRACK; a video call is not what we have. */
static void offer_in_prack(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed;
	struct wire *w = *state;
	unsigned n;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 183, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 183 ", 10);
	n = rseq(w);
	prack(w, n, 2, WITH(RIG_SDP_HEAD("2") "m=video 7000 RTP/AVP 34\n"));
	wire_expect(w, "SIP/2.0 488 ", 10);
	prack(w, n, 3, WITH("nonsense"));
	wire_expect(w, "SIP/2.0 400 ", 10);
	prack(w, n, 4, WITH(AUDIO_AT("7100", "2")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=audio 6000 "));
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_int_equal(addr_port(&agreed.audio.addr), 7100);
}

/* Nothing is agreed yet: a bare 180 was out. */
static void offer_too_early(void **state)
{
	struct wire *w = *state;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	prack(w, rseq(w), 2, WITH(AUDIO_AT("7100", "2")));
	wire_expect(w, "SIP/2.0 491 ", 10);
}

/* ---- UPDATE before the call is answered (RFC 3311) ---- */

static void update(struct wire *w, const char *who, unsigned cseq, const char *rest)
{
	char text[WIRE_OCTETS];

	snprintf(text, sizeof(text),
		 "UPDATE sip:faxspan@10.0.0.1:5060 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bKu%u\n"
		 "Max-Forwards: 70\n%sCSeq: %u UPDATE\nContact: <sip:x@10.0.0.2:5060>\n%s",
		 cseq, who, cseq, rest);
	wire_send(w, text);
}

static void update_of_theirs(void **state)
{
	struct media_desc audio = wire_audio(6000), agreed;
	struct wire *w = *state;
	char who[512], to[128];
	unsigned n;

	incoming(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 183, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 183 ", 10);
	n = rseq(w);
	snprintf(who, sizeof(who), "From: <sip:+4930@10.0.0.2>;tag=theirs\nTo: %s\nCall-ID: their-call\n",
		 wire_header(w, "To", to, sizeof(to)));
	/* Nothing is settled yet. */
	update(w, who, 2, WITH(AUDIO_AT("7100", "2")));
	wire_expect(w, "SIP/2.0 500 ", 10);
	prack(w, n, 3, NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	update(w, who, 4, WITH(RIG_SDP_HEAD("2") "m=video 7000 RTP/AVP 34\n"));
	wire_expect(w, "SIP/2.0 488 ", 10);
	update(w, who, 5, WITH(AUDIO_AT("7100", "2")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=audio 6000 "));
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	assert_int_equal(addr_port(&agreed.audio.addr), 7100);
}

static void update_on_our_call(void **state)
{
	const struct session_event *e;
	struct wire *w = *state;
	char who[512], from[128], id[128];

	rig_call(w);
	snprintf(who, sizeof(who), "From: <sip:030@10.0.0.2>;tag=far\nTo: %s\nCall-ID: %s\n",
		 wire_header(w, "From", from, sizeof(from)), wire_header(w, "Call-ID", id, sizeof(id)));
	wire_send(w, RELIABLE("180 Ringing", "far", "1") NO_SDP);
	wire_expect(w, "PRACK ", 10);
	wire_event(w, SESSION_PROGRESS, 10);
	update(w, who, 1, WITH(AUDIO_AT("7100", "2")));
	wire_expect(w, "SIP/2.0 491 ", 10);
	wire_send(w, RELIABLE("183 Progress", "far", "2") WITH(AUDIO("1")));
	wire_expect(w, "PRACK ", 10);
	wire_event(w, SESSION_PROGRESS, 10);
	update(w, who, 2, WITH(AUDIO_AT("7100", "2")));
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "m=audio 6000 "));
	e = wire_event(w, SESSION_PROGRESS, 10);
	assert_true(e->has_early);
	assert_int_equal(addr_port(&e->media.audio.addr), 7100);
	wire_send(w, "SIP/2.0 200 OK\n" RIG_HEAD "To: {INVITE To};tag=far\n" CONTACT NO_SDP);
	assert_int_equal(addr_port(&wire_event(w, SESSION_ANSWERED, 10)->media.audio.addr), 7100);
}

/* ---- by configuration ---- */

static void not_asked(void **state)
{
	struct wire *w = *state;

	incoming(w, THEIR_INVITE("Supported: 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	assert_false(wire_has(w, "RSeq"));
	prack(w, 1, 2, NO_SDP);
	wire_expect(w, "SIP/2.0 481 ", 10);
}

static void required(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	assert_true(wire_has(w, "\r\nRequire: 100rel\r\n"));
	wire_send(w, THEIR_INVITE("Supported: timer\n") WITH(AUDIO("1")));
	wire_expect(w, "SIP/2.0 421 ", 10);
	assert_true(wire_has(w, "\r\nRequire: 100rel\r\n"));
}

static void required_and_supported(void **state)
{
	struct wire *w = *state;

	incoming(w, THEIR_INVITE("Supported: timer, 100rel\n") WITH(AUDIO("1")));
	assert_int_equal(session_progress(w->session, 180, NULL, NULL), 0);
	wire_expect(w, "SIP/2.0 180 ", 10);
	assert_true(rseq(w));
}

static void off(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	assert_false(wire_has(w, "100rel"));
	wire_send(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	wire_expect(w, "SIP/2.0 420 ", 10);
	assert_true(wire_has(w, "\r\nUnsupported: 100rel\r\n"));
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

/* ---- without memory ---- */

static const struct sip_peer_params starved = {.reliable = SIP_100REL_REQUIRED};

/* Both roles, as far as they come. */
static int body(void *arg)
{
	struct media_desc audio = wire_audio(6000), agreed;
	struct session_invite_params p = {.called = "030", .calling = "040", .offer = &audio, .call_ref = "1-42"};
	struct wire *w = arg;
	int err = wire_open_with(w, &starved);

	if (err)
		return err;
	err = session_invite(w->stack, &p, NULL, &w->session);
	if (!err && wire_comes(w, "INVITE ", 10)) {
		wire_send(w, RELIABLE("183 Progress", "far", "41") WITH(AUDIO("1")));
		wire_comes(w, "PRACK ", 10);
	}
	w->session = NULL;
	wire_send(w, THEIR_INVITE("Require: 100rel\n") WITH(AUDIO("1")));
	wire_run(w, 10);
	if (w->session && !session_progress(w->session, 183, &audio, &agreed) && wire_comes(w, "SIP/2.0 183 ", 10)) {
		session_progress(w->session, 180, NULL, NULL);
		prack(w, rseq(w), 2, NO_SDP);
		wire_run(w, 10);
	}
	wire_close(w);
	return err;
}

static void allocations(void **state)
{
	static struct wire w;

	fault_run(body, &w, 1);
}

int main(void)
{
#define TEST(name)	     cmocka_unit_test_setup_teardown(name, setup, rig_close)
#define TEST_WITH(name, how) cmocka_unit_test_setup_teardown(name, how, rig_close)
	const struct CMUnitTest tests[] = {
		TEST(theirs_in_order),
		TEST(theirs_forked),
		TEST_WITH(theirs_challenged, setup_secret),
		TEST(ours_in_order),
		TEST(answer_waits),
		TEST(bare_does_not_wait),
		TEST(nobody_acknowledges),
		TEST(cancelled_meanwhile),
		TEST(offer_in_183),
		TEST(offer_in_183_and_answer_waits),
		TEST(offer_in_prack),
		TEST(offer_too_early),
		TEST(update_of_theirs),
		TEST(update_on_our_call),
		TEST(not_asked),
		TEST_WITH(required, setup_required),
		TEST_WITH(required_and_supported, setup_required),
		TEST_WITH(off, setup_off),
		cmocka_unit_test(allocations),
	};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
