/* SPDX-License-Identifier: GPL-2.0-only */
/* The answers that are kept for requests that come again. */
#include <errno.h>

#include "gateway/base/log.h"
#include "sip/txn/answered.h"
#include "sip/session_own.h"
#include "wire_rig.h"

struct fixture {
	size_t alive;
	struct loop *loop;
	struct answered *a;
	struct sip_hop to;
};

static int setup(void **state)
{
	static struct fixture f;

	parser_init();
	f = (struct fixture){.alive = fault_alive()};
	clock_sim_use();
	assert_int_equal(loop_alloc(&f.loop, &clock_sim), 0);
	assert_int_equal(answered_alloc(&f.a, f.loop), 0);
	assert_int_equal(addr_parse(&f.to.addr, "10.0.0.2", 5060), 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	answered_free(f->a);
	loop_free(f->loop);
	clock_sim_leave();
	assert_int_equal(fault_alive(), f->alive);
	return 0;
}

static osip_message_t *request(const char *method, const char *sent_by, const char *branch)
{
	char text[1024];
	osip_message_t *m;
	int n = snprintf(text, sizeof(text),
			 "%s sip:1@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s%s%s\r\nFrom: <sip:a@b>;tag=1\r\n"
			 "To: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
			 method, sent_by, branch[0] ? ";branch=" : "", branch, method);

	assert_int_equal(osip_message_init(&m), 0);
	assert_int_equal(osip_message_parse(m, text, (size_t)n), 0);
	return m;
}

static int keep(struct fixture *f, const char *method, const char *sent_by, const char *branch, const char *text)
{
	osip_message_t *m = request(method, sent_by, branch);
	int err = answered_keep(f->a, m, text, strlen(text), &f->to);

	osip_message_free(m);
	return err;
}

/* "": there is none. */
static const char *find(struct fixture *f, const char *method, const char *sent_by, const char *branch)
{
	osip_message_t *m = request(method, sent_by, branch);
	const struct answered_response *r = answered_find(f->a, m);
	static char text[64];

	osip_message_free(m);
	snprintf(text, sizeof(text), "%.*s", r ? (int)r->len : 0, r ? r->text : "");
	return text;
}

static void by_branch_host_and_method(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(keep(f, "BYE", "10.0.0.2:5070", "z9hG4bKa", "one"), 0);
	assert_int_equal(keep(f, "BYE", "10.0.0.2:5070", "z9hG4bKb", "two"), 0);
	assert_int_equal(keep(f, "OPTIONS", "10.0.0.2:5070", "z9hG4bKa", "three"), 0);
	assert_string_equal(find(f, "BYE", "10.0.0.2:5070", "z9hG4bKa"), "one");
	assert_string_equal(find(f, "BYE", "10.0.0.2:5070", "z9hG4bKb"), "two");
	assert_string_equal(find(f, "OPTIONS", "10.0.0.2:5070", "z9hG4bKa"), "three");
	assert_string_equal(find(f, "BYE", "10.0.0.2:5071", "z9hG4bKa"), "");
	assert_string_equal(find(f, "BYE", "10.0.0.3:5070", "z9hG4bKa"), "");
	assert_string_equal(find(f, "BYE", "10.0.0.2:5070", "z9hG4bKc"), "");
	/* The newest of the same. */
	assert_int_equal(keep(f, "BYE", "10.0.0.2:5070", "z9hG4bKa", "four"), 0);
	assert_string_equal(find(f, "BYE", "10.0.0.2:5070", "z9hG4bKa"), "four");
}

static void old_requests(void **state)
{
	struct fixture *f = *state;
	char branch[600];

	assert_int_equal(keep(f, "BYE", "10.0.0.2", "", "x"), EINVAL);
	assert_int_equal(keep(f, "BYE", "10.0.0.2", "1", "x"), EINVAL);
	memset(branch, 'x', sizeof(branch));
	memcpy(branch, "z9hG4bK", 7);
	branch[sizeof(branch) - 1] = '\0';
	assert_int_equal(keep(f, "BYE", "10.0.0.2", branch, "x"), EINVAL);
	assert_string_equal(find(f, "BYE", "10.0.0.2", branch), "");
	assert_int_equal(answered_count(f->a), 0);
}

static void forgotten_in_time(void **state)
{
	struct fixture *f = *state;

	keep(f, "BYE", "h", "z9hG4bKa", "one");
	clock_sim_advance_us(20 * SEC_US);
	keep(f, "BYE", "h", "z9hG4bKb", "two");
	clock_sim_advance_us(ANSWERED_KEEP_MS * MS_US - 20 * SEC_US - 1000);
	assert_string_equal(find(f, "BYE", "h", "z9hG4bKa"), "one");
	clock_sim_advance_us(1000);
	assert_string_equal(find(f, "BYE", "h", "z9hG4bKa"), "");
	assert_string_equal(find(f, "BYE", "h", "z9hG4bKb"), "two");
	/* And where nothing happens any more. */
	clock_sim_advance_us(20 * SEC_US);
	timers_run(loop_timers(f->loop), loop_now_us(f->loop));
	assert_int_equal(answered_count(f->a), 0);
}

static void bounded(void **state)
{
	static char large[1 << 16];
	struct fixture *f = *state;
	char branch[32];
	unsigned i;

	for (i = 0; i < ANSWERED_MAX + 10; i++) {
		snprintf(branch, sizeof(branch), "z9hG4bK%u", i);
		assert_int_equal(keep(f, "BYE", "h", branch, "x"), 0);
	}
	assert_int_equal(answered_count(f->a), ANSWERED_MAX);
	assert_string_equal(find(f, "BYE", "h", "z9hG4bK9"), "");
	assert_string_equal(find(f, "BYE", "h", "z9hG4bK10"), "x");
	memset(large, 'y', sizeof(large) - 1);
	for (i = 0; i < 600; i++) {
		snprintf(branch, sizeof(branch), "z9hG4bKl%u", i);
		assert_int_equal(keep(f, "BYE", "h", branch, large), 0);
	}
	assert_true(answered_count(f->a) <= ANSWERED_OCTETS / sizeof(large));
	assert_true(answered_count(f->a) > 500);
}

/* ---- as the stack uses it ---- */

#define THEIR_HEAD(method, n, branch)                                                                                  \
	"Via: SIP/2.0/UDP 10.0.0.2:5060;rport;branch=z9hG4bK" branch                                                   \
	"\nMax-Forwards: 70\nFrom: <sip:+4930@10.0.0.2>;tag=theirs\nCall-ID: their-call\nCSeq: " n " " method          \
	"\nContact: <sip:x@10.0.0.2:5060>\n"

static int setup_wire(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.session_expires_s = 0});
}

/* A BYE that comes again has the same answer, long after its transaction and its call are gone. */
static void bye_again(void **state)
{
	struct media_desc audio = wire_audio(6000);
	struct wire *w = *state;
	char to[128], text[1024];

	wire_send(w, "INVITE sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD(
			     "INVITE", "1", "a") "To: <sip:1@10.0.0.1>\n" RIG_WITH(RIG_AUDIO("1")));
	wire_event(w, SESSION_INCOMING, 10);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_header(w, "To", to, sizeof(to));
	wire_send(w, "ACK sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "b") "To: {To}\n" RIG_NO_SDP);
	wire_event(w, SESSION_CONFIRMED, 10);
	snprintf(text, sizeof(text),
		 "BYE sip:faxspan@10.0.0.1 SIP/2.0\n" THEIR_HEAD("BYE", "2", "c") "To: %s\n" RIG_NO_SDP, to);
	wire_send(w, text);
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
	wire_run(w, 30);
	assert_int_equal(txns_count(w->stack->txns), 0);
	wire_run(w, 31000);
	wire_send(w, text);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, to));
	assert_int_equal(sip_stack_stats(w->stack).retransmissions, 1);
	wire_run(w, 1000);
	wire_send(w, text);
	wire_expect(w, "SIP/2.0 481 ", 10);
}

/* Nor does a refused INVITE stay once its ACK is there; it is no new call when it comes again. */
static void invite_again(void **state)
{
	static const char invite[] = "INVITE sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD(
		"INVITE", "1", "a") "To: <sip:1@10.0.0.1>\n" RIG_WITH(RIG_SDP_HEAD("1") "m=audio 7000 RTP/AVP 8\n");
	struct wire *w = *state;

	wire_send(w, invite);
	wire_event(w, SESSION_INCOMING, 10);
	session_close(w->session, 486, 17);
	wire_expect(w, "SIP/2.0 486 ", 10);
	wire_event(w, SESSION_CLOSED, 10);
	assert_int_equal(txns_count(w->stack->txns), 1);
	wire_send(w, "ACK sip:030123@10.0.0.1 SIP/2.0\n" THEIR_HEAD("ACK", "1", "a") "To: {To}\n" RIG_NO_SDP);
	wire_run(w, 30);
	assert_int_equal(txns_count(w->stack->txns), 0);
	wire_send(w, invite);
	wire_expect(w, "SIP/2.0 486 ", 10);
	wire_no_event(w, 10);
}

/* Ours: who has the answer to its BYE needs the transaction no more. */
static void our_bye(void **state)
{
	struct wire *w = *state;

	rig_call(w);
	wire_send(w, "SIP/2.0 200 OK\n" RIG_HEAD
		     "To: {INVITE To};tag=far\nContact: <sip:y@10.0.0.2:5060>\n" RIG_WITH(RIG_AUDIO("1")));
	wire_event(w, SESSION_ANSWERED, 10);
	session_close(w->session, 0, 16);
	wire_expect(w, "BYE ", 10);
	wire_send(w,
		  "SIP/2.0 200 OK\nVia: {Via}\nFrom: {From}\nTo: {To}\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" RIG_NO_SDP);
	wire_event(w, SESSION_CLOSED, 10);
	wire_run(w, 30);
	assert_int_equal(txns_count(w->stack->txns), 0);
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define WIRE(name) cmocka_unit_test_setup_teardown(name, setup_wire, rig_close)
	const struct CMUnitTest tests[] = {
		TEST(by_branch_host_and_method),
		TEST(old_requests),
		TEST(forgotten_in_time),
		TEST(bounded),
		WIRE(bye_again),
		WIRE(invite_again),
		WIRE(our_bye),
	};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
