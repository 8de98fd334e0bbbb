/* SPDX-License-Identifier: GPL-2.0-only */
/* What is rare, and allowed: numbers that begin at 0, requests that come while we stop. */
#include "sip/session_own.h"
#include "wire_rig.h"

#define HEAD(method, cseq, branch)                                                                                     \
	method " sip:030@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK" branch                       \
	       "\nMax-Forwards: 70\nFrom: <sip:040@10.0.0.2>;tag=theirs\nCall-ID: odd\nCSeq: " cseq " " method         \
	       "\nContact: <sip:x@10.0.0.2:5060>\n"
#define FRESH(method, cseq, branch) HEAD(method, cseq, branch) "To: <sip:030@10.0.0.1>\n"
#define KNOWN(method, cseq, branch) HEAD(method, cseq, branch) "To: {To}\n"

static int setup(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.auth_user = ""});
}

static void their_call(struct wire *w, const char *invite, const char *ack)
{
	struct media_desc audio = wire_audio(6000);

	wire_send(w, invite);
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_send(w, ack);
	wire_event(w, SESSION_CONFIRMED, 10);
}

/* RFC 3261 8.1.1.5: any number below 2**31 may be the first. */
static void cseq_begins_at_0(void **state)
{
	struct wire *w = *state;

	wire_send(w, FRESH("INVITE", "0", "a") RIG_WITH(RIG_AUDIO("1")));
	wire_event(w, SESSION_INCOMING, 10);
	wire_send(w, FRESH("CANCEL", "0", "a") RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_expect(w, "SIP/2.0 487 ", 10);
	assert_int_equal(wire_event(w, SESSION_CLOSED, 10)->status, 487);
	wire_send(w, KNOWN("ACK", "0", "a") RIG_NO_SDP);
	their_call(w, FRESH("INVITE", "0", "b") RIG_WITH(RIG_AUDIO("1")), KNOWN("ACK", "0", "b2") RIG_NO_SDP);
	wire_send(w, KNOWN("BYE", "1", "b3") RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
}

/* ... in a call of ours too. */
static void cseq_of_a_reinvite_begins_at_0(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	wire_send(w, "SIP/2.0 200 OK\n" RIG_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" RIG_WITH(RIG_AUDIO("1")));
	wire_expect(w, "ACK ", 10);
	wire_event(w, SESSION_ANSWERED, 10);
	wire_send(w, "INVITE sip:faxspan@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKr\n"
		     "Max-Forwards: 70\nFrom: {To}\nTo: {From}\nCall-ID: {Call-ID}\nCSeq: 0 INVITE\n"
		     "Contact: <sip:y@10.0.0.2:5060>\n" RIG_WITH(RIG_IMAGE("2")));
	assert_true(wire_event(w, SESSION_REOFFER, 10)->media.has_image);
}

/* A peer that asks with OPTIONS whether the call still stands may clear it for anything but a 200. */
static void options_in_a_call_while_we_stop(void **state)
{
	struct wire *w = *state;

	their_call(w, FRESH("INVITE", "1", "a") RIG_WITH(RIG_AUDIO("1")), KNOWN("ACK", "1", "a2") RIG_NO_SDP);
	wire_send(w, KNOWN("OPTIONS", "2", "a3") RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	sip_stack_drain(w->stack);
	wire_send(w, KNOWN("OPTIONS", "3", "a4") RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
	/* but for new calls we are not there */
	wire_send(w, FRESH("OPTIONS", "4", "a5") RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 503 ", 10);
}

/* Whatever fails: who calls is told an end, or his call stands. */
static int accept_body(void *arg)
{
	struct wire *w = arg;
	const struct media_desc audio = wire_audio(6000);
	const struct sip_peer_params peer = {.auth_user = ""};
	int err = wire_open_with(w, &peer);

	if (err)
		return err;
	wire_send(w, FRESH("INVITE", "1", "a") RIG_WITH(RIG_AUDIO("1")));
	wire_run(w, 10);
	if (w->session && !session_accept(w->session, &audio, NULL)) {
		do
			assert_true(wire_comes(w, "SIP/2.0 ", 1000));
		while (wire_has(w, "SIP/2.0 100 "));
		assert_false(wire_comes(w, "BYE ", 100));
	}
	wire_close(w);
	return 0;
}

static void quiet(enum log_level level, const char *line, void *arg)
{
}

static void answering_without_memory(void **state)
{
	static struct wire w;

	fault_run(accept_body, &w, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cseq_begins_at_0, setup, rig_close),
		cmocka_unit_test_setup_teardown(cseq_of_a_reinvite_begins_at_0, setup, rig_close),
		cmocka_unit_test_setup_teardown(options_in_a_call_while_we_stop, setup, rig_close),
		cmocka_unit_test(answering_without_memory),
	};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
