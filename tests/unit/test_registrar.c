/* SPDX-License-Identifier: GPL-2.0-only */
/* Endpoints: REGISTER by the rules of RFC 3261 10.3, calls to what is registered, calls from it, and who is not let
 * in. */
#include <errno.h>

#include "digest_rig.h"
#include "sip/session_own.h"

static unsigned serial;

static int setup_with(void **state, unsigned contacts)
{
	const struct sip_peer_params fax = {.endpoint = true,
					    .inbound_user = "fax1",
					    .inbound_secret = "s3cret",
					    .max_contacts = contacts,
					    .min_expires_s = 60,
					    .max_expires_s = 3600};

	serial = 0;
	return rig_open(state, &fax);
}

static int setup(void **state)
{
	return setup_with(state, 1);
}

static int setup_two(void **state)
{
	return setup_with(state, 2);
}

/* REGISTER with MORE headers, of Call-ID ID, from U, where its Via says it is. */
static void write_register(char *text, size_t room, const char *id, const char *more, const char *credentials)
{
	serial++;
	snprintf(text, room,
		 "REGISTER sip:10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bKr%u\nMax-Forwards: "
		 "70\n"
		 "From: <sip:fax1@10.0.0.1>;tag=r\nTo: <sip:fax1@10.0.0.1>\nCall-ID: %s\nCSeq: %u "
		 "REGISTER\n%s%s" RIG_NO_SDP,
		 serial, id, serial, more, credentials);
}

/* What comes back begins with STATUS. */
static void registers_from(struct wire *w, struct udp *u, const char *id, const char *more, const char *status)
{
	char text[WIRE_OCTETS], credentials[512];

	write_register(text, sizeof(text), id, more, "");
	wire_send_from(w, u, text);
	wire_expect(w, "SIP/2.0 401 ", 10);
	digest_answer(w, "REGISTER", "sip:10.0.0.1", "fax1", "s3cret", credentials, sizeof(credentials));
	write_register(text, sizeof(text), id, more, credentials);
	wire_send_from(w, u, text);
	wire_expect(w, status, 10);
}

static void registers(struct wire *w, const char *more, const char *status)
{
	registers_from(w, w->peer, "reg-a", more, status);
}

static unsigned contacts(const struct wire *w)
{
	struct sip_contact list[8];

	return sip_stack_contacts(w->stack, 0, list, 8);
}

static int call(struct wire *w)
{
	struct media_desc audio = wire_audio(6000);
	struct session_invite_params p = {.called = "4930", .calling = "040", .offer = &audio, .call_ref = "1-42"};

	return session_invite(w->stack, &p, NULL, &w->session);
}

static void registered(void **state)
{
	struct wire *w = *state;
	char text[512];

	assert_int_equal(call(w), EHOSTUNREACH);
	registers(w, "Contact: <sip:box@10.0.0.2:5060;line=7>;expires=600\n", "SIP/2.0 200 ");
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)),
			    "<sip:box@10.0.0.2:5060;line=7>;expires=600");
	assert_int_equal(contacts(w), 1);
	/* the call goes to the contact, for the number */
	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE sip:box@10.0.0.2:5060;line=7 SIP/2.0\r\n", 10);
	assert_string_equal(wire_header(w, "To", text, sizeof(text)), "<sip:4930@10.0.0.1>");
	wire_send(w, "SIP/2.0 486 Busy\n" RIG_HEAD "To: {INVITE To};tag=far\n" RIG_NO_SDP);
	wire_event(w, SESSION_CLOSED, 10);
	/* refreshed, asked for, taken back */
	wire_run(w, 100000);
	registers(w, "Contact: <sip:box@10.0.0.2:5060;line=7>\nExpires: 900\n", "SIP/2.0 200 ");
	wire_run(w, 100000);
	registers(w, "", "SIP/2.0 200 ");
	assert_non_null(strstr(wire_header(w, "Contact", text, sizeof(text)), ";expires=80"));
	registers(w, "Contact: <sip:box@10.0.0.2:5060;line=7>;expires=0\n", "SIP/2.0 200 ");
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "");
	assert_int_equal(contacts(w), 0);
	assert_int_equal(call(w), EHOSTUNREACH);
}

/* Without a time it is ours; a longer one is cut, a shorter refused. */
static void expiry(void **state)
{
	struct wire *w = *state;
	char text[256];

	registers(w, "Contact: <sip:b@10.0.0.2>\n", "SIP/2.0 200 ");
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:b@10.0.0.2>;expires=3600");
	registers(w, "Contact: <sip:b@10.0.0.2>;expires=999999999999\n", "SIP/2.0 200 ");
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:b@10.0.0.2>;expires=3600");
	registers(w, "Contact: <sip:b@10.0.0.2>;expires=59\n", "SIP/2.0 423 ");
	assert_string_equal(wire_header(w, "Min-Expires", text, sizeof(text)), "60");
	registers(w, "Contact: <sip:b@10.0.0.2>;expires=60\n", "SIP/2.0 200 ");
	wire_run(w, 59000);
	assert_int_equal(contacts(w), 1);
	wire_run(w, 2000);
	assert_int_equal(contacts(w), 0);
}

static void wildcard(void **state)
{
	struct wire *w = *state;

	registers(w, "Contact: <sip:a@10.0.0.2>, <sip:b@10.0.0.2>\n", "SIP/2.0 200 ");
	assert_int_equal(contacts(w), 2);
	registers(w, "Contact: *\n", "SIP/2.0 400 ");
	registers(w, "Contact: *\nExpires: 60\n", "SIP/2.0 400 ");
	registers(w, "Contact: *, <sip:a@10.0.0.2>\nExpires: 0\n", "SIP/2.0 400 ");
	registers(w, "Contact: <sip:a@10.0.0.2>, *\nExpires: 0\n", "SIP/2.0 400 ");
	assert_int_equal(contacts(w), 2);
	registers(w, "Contact: *\nExpires: 0\n", "SIP/2.0 200 ");
	assert_int_equal(contacts(w), 0);
}

/* The order of a client's requests is that of its CSeq; all of a request is done, or nothing. */
static void order(void **state)
{
	struct wire *w = *state;
	char text[512];

	serial = 100;
	registers(w, "Contact: <sip:a@10.0.0.2>;expires=600\n", "SIP/2.0 200 ");
	serial = 50;
	registers(w, "Contact: <sip:a@10.0.0.2>;expires=0\n", "SIP/2.0 400 ");
	serial = 60;
	registers(w, "Contact: <sip:b@10.0.0.2>, <sip:a@10.0.0.2>;expires=700\n", "SIP/2.0 400 ");
	assert_int_equal(contacts(w), 1);
	serial = 70;
	registers(w, "Contact: *\nExpires: 0\n", "SIP/2.0 400 ");
	serial = 10;
	/* it has started anew: another Call-ID */
	registers_from(w, w->peer, "reg-b", "Contact: <sip:a@10.0.0.2>;expires=700\n", "SIP/2.0 200 ");
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:a@10.0.0.2>;expires=700");
}

/* One more than may be: the oldest gives way. The best is called first, of equal ones the newest. */
static void several(void **state)
{
	struct wire *w = *state;
	struct sip_contact list[8];

	registers(w, "Contact: <sip:a@10.0.0.2>;q=0.5\n", "SIP/2.0 200 ");
	wire_run(w, 10);
	registers(w, "Contact: <sip:b@10.0.0.2:5062>;q=0.7\n", "SIP/2.0 200 ");
	assert_int_equal(sip_stack_contacts(w->stack, 0, list, 8), 2);
	assert_string_equal(list[0].uri, "sip:b@10.0.0.2:5062");
	wire_run(w, 10);
	registers(w, "Contact: <sip:c@10.0.0.2:5064>;q=0.7\n", "SIP/2.0 200 ");
	assert_int_equal(sip_stack_contacts(w->stack, 0, list, 8), 2);
	assert_string_equal(list[0].uri, "sip:c@10.0.0.2:5064");
	assert_string_equal(list[1].uri, "sip:b@10.0.0.2:5062");
	assert_int_equal(sip_stack_targets(w->stack, 0)->count, 2);
	assert_int_equal(addr_port(&sip_stack_targets(w->stack, 0)->list[0].hop.addr), 5064);
}

/* Behind a NAT its Contact is an address of nobody's: what it is sent goes where its REGISTER came from, within the
 * call too. */
static void behind_nat(void **state)
{
	struct wire *w = *state;

	registers(w, "Contact: <sip:a@192.168.1.20:5060>\n", "SIP/2.0 200 ");
	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE sip:a@192.168.1.20:5060 SIP/2.0\r\n", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RIG_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:a@192.168.1.20:5060>\n" RIG_WITH(RIG_AUDIO("1")));
	wire_expect(w, "ACK sip:a@192.168.1.20:5060 SIP/2.0\r\n", 10);
	wire_event(w, SESSION_ANSWERED, 10);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE sip:a@192.168.1.20:5060 SIP/2.0\r\n", 10);
}

/* It lapses, or is taken back, in the middle of a call: the call goes on. */
static void lapses_in_call(void **state)
{
	struct wire *w = *state;

	registers(w, "Contact: <sip:a@10.0.0.2>;expires=60\n", "SIP/2.0 200 ");
	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE sip:a@10.0.0.2 ", 10);
	wire_send(w, "SIP/2.0 200 OK\n" RIG_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:a@10.0.0.2>\n" RIG_WITH(RIG_AUDIO("1")));
	wire_expect(w, "ACK sip:a@10.0.0.2 ", 10);
	wire_event(w, SESSION_ANSWERED, 10);
	wire_run(w, 61000);
	assert_int_equal(contacts(w), 0);
	wire_no_event(w, 1000);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE sip:a@10.0.0.2 ", 10);
	wire_send(w,
		  "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" RIG_NO_SDP);
	wire_event(w, SESSION_CLOSED, 10);
}

#define INVITE_HEAD(method, n)                                                                                         \
	method " sip:030@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.20:5060;rport;branch=z9hG4bKi" n                 \
	       "\nMax-Forwards: "                                                                                      \
	       "70\nFrom: <sip:fax1@10.0.0.1>;tag=theirs\nCall-ID: their-call\nCSeq: " n " " method                    \
	       "\nContact: <sip:a@192.168.1.20:5060>\n"
#define TO_US "To: <sip:030@10.0.0.1>\n"

static void sends_invite(struct wire *w, struct udp *u, const char *user, const char *secret)
{
	char text[WIRE_OCTETS], credentials[512];

	wire_send_from(w, u, INVITE_HEAD("INVITE", "1") TO_US RIG_WITH(RIG_AUDIO("1")));
	wire_expect(w, "SIP/2.0 401 ", 10);
	digest_answer(w, "INVITE", "sip:030@10.0.0.1", user, secret, credentials, sizeof(credentials));
	snprintf(text, sizeof(text), INVITE_HEAD("INVITE", "2") TO_US "%s%s", credentials, RIG_WITH(RIG_AUDIO("1")));
	wire_send_from(w, u, text);
}

/* From any address, and whether it is registered or not; what follows comes back the way it came. */
static void calls(void **state)
{
	struct wire *w = *state;
	const struct session_event *e;
	struct media_desc audio = wire_audio(6000), agreed;

	sends_invite(w, w->stranger, "fax1", "s3cret");
	wire_expect(w, "SIP/2.0 100 ", 10);
	e = wire_event(w, SESSION_INCOMING, 10);
	assert_string_equal(e->peer, "fax1");
	assert_string_equal(e->called, "030");
	assert_int_equal(session_accept(w->session, &audio, &agreed), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_send_from(w, w->stranger, INVITE_HEAD("ACK", "2") "To: {To}\n" RIG_NO_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE sip:a@192.168.1.20:5060 ", 10);
}

static void cancels(void **state)
{
	struct wire *w = *state;

	sends_invite(w, w->stranger, "fax1", "s3cret");
	wire_event(w, SESSION_INCOMING, 10);
	wire_send_from(w, w->stranger, INVITE_HEAD("CANCEL", "2") TO_US RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 487 ", 10);
	wire_event(w, SESSION_CLOSED, 1000);
}

static void not_let_in(void **state)
{
	struct wire *w = *state;
	char text[WIRE_OCTETS], credentials[512];

	sends_invite(w, w->stranger, "fax1", "wrong");
	wire_expect(w, "SIP/2.0 401 ", 10);
	sends_invite(w, w->stranger, "fax2", "s3cret");
	wire_expect(w, "SIP/2.0 401 ", 10);
	sends_invite(w, w->stranger, "", "");
	wire_expect(w, "SIP/2.0 401 ", 10);
	wire_no_event(w, 10);
	write_register(text, sizeof(text), "x", "Contact: <sip:evil@10.0.0.9>\n",
		       digest_answer(w, "REGISTER", "sip:10.0.0.1", "fax1", "", credentials, sizeof(credentials)));
	wire_send_from(w, w->stranger, text);
	wire_expect(w, "SIP/2.0 401 ", 10);
	assert_int_equal(contacts(w), 0);
	wire_send_from(w, w->stranger, INVITE_HEAD("OPTIONS", "9") TO_US RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 403 ", 10);
	wire_send_from(w, w->stranger, INVITE_HEAD("CANCEL", "9") TO_US RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 403 ", 10);
	assert_int_equal(sip_stack_stats(w->stack).wrong_credentials, 3);
}

/* Its keep-alive, from where it is registered. */
static void is_there(void **state)
{
	struct wire *w = *state;

	registers(w, "Contact: <sip:a@192.168.1.20:5060>\n", "SIP/2.0 200 ");
	wire_send(w, INVITE_HEAD("OPTIONS", "9") TO_US RIG_NO_SDP);
	wire_expect(w, "SIP/2.0 200 ", 10);
}

static void nonsense(void **state)
{
	static const char *const bad[] = {
		"Contact: <tel:+4930>\n",
		"Contact: sip:a@10.0.0.2, <mailto:x@y>\n",
	};
	struct wire *w = *state;
	char text[700], uri[400];

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		registers(w, bad[i], "SIP/2.0 400 ");
	memset(uri, 'u', sizeof(uri) - 1);
	uri[sizeof(uri) - 1] = '\0';
	snprintf(text, sizeof(text), "Contact: <sip:%s@10.0.0.2>\n", uri);
	registers(w, text, "SIP/2.0 400 ");
	registers_from(w, w->peer, uri, "Contact: <sip:a@10.0.0.2>\n", "SIP/2.0 400 ");
	assert_int_equal(contacts(w), 0);
	/* odd, but it can be taken */
	registers(w, "Contact: <sip:a@10.0.0.2:0>;expires=abc\n", "SIP/2.0 200 ");
	registers(w, "Contact: <sip:a@nowhere.example>;expires=-1;q=7.5\nExpires: soon\n", "SIP/2.0 200 ");
	assert_int_equal(call(w), 0);
	wire_expect(w, "INVITE sip:a@nowhere.example ", 10);
}

static int with_faults(void *arg)
{
	struct wire *w = arg;
	static const struct sip_peer_params fax = {
		.endpoint = true, .inbound_user = "fax1", .inbound_secret = "s3cret"};
	char text[WIRE_OCTETS], credentials[512];
	int err = wire_open_with(w, &fax);

	if (err)
		return err;
	serial = 0;
	write_register(text, sizeof(text), "r", "Contact: <sip:a@10.0.0.2>\n", "");
	wire_send(w, text);
	if (wire_comes(w, "SIP/2.0 401 ", 10)) {
		digest_answer(w, "REGISTER", "sip:10.0.0.1", "fax1", "s3cret", credentials, sizeof(credentials));
		write_register(text, sizeof(text), "r", "Contact: <sip:a@10.0.0.2>\n", credentials);
		wire_send(w, text);
		wire_run(w, 10);
	}
	err = contacts(w) ? 0 : ENOMEM;
	wire_close(w);
	return err;
}

static void no_memory(void **state)
{
	static struct wire w;

	assert_true(fault_run(with_faults, &w, 1) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(registered, setup, rig_close),
		cmocka_unit_test_setup_teardown(expiry, setup, rig_close),
		cmocka_unit_test_setup_teardown(wildcard, setup_two, rig_close),
		cmocka_unit_test_setup_teardown(order, setup_two, rig_close),
		cmocka_unit_test_setup_teardown(several, setup_two, rig_close),
		cmocka_unit_test_setup_teardown(behind_nat, setup, rig_close),
		cmocka_unit_test_setup_teardown(lapses_in_call, setup, rig_close),
		cmocka_unit_test_setup_teardown(calls, setup, rig_close),
		cmocka_unit_test_setup_teardown(cancels, setup, rig_close),
		cmocka_unit_test_setup_teardown(not_let_in, setup, rig_close),
		cmocka_unit_test_setup_teardown(is_there, setup, rig_close),
		cmocka_unit_test_setup_teardown(nonsense, setup, rig_close),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
