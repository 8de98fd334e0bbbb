/* SPDX-License-Identifier: GPL-2.0-only */
/* A span with several peers: one that is dead, fails or is busy, and what becomes of the caller and of the record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/control/answer.h"
#include "tests/call/lab.h"
#include "tests/sim/clock_sim.h"

#define OTHER_HOST "10.0.0.3"
#define OTHER	   "[peer other]\naddress = " OTHER_HOST ":5060\n"

static struct sip_peer *other;
static const struct sip_peer_call_params *fax_does; /* the peer "fax", where it does more than to answer or refuse */

static void run(struct lab *l, unsigned ms)
{
	for (unsigned t = 0; t < ms; t += 20) {
		if (other)
			sip_peer_run(other, clock_sim_now_us());
		lab_step(l);
		if (other)
			sip_peer_step(other, LINE_BLOCK);
	}
}

/* The lab with the peers in PEERS; "other" does as INCOMING says, or is dead. */
static struct lab *open_lab(const char *peers, const char *more, const struct sip_peer_call_params *incoming,
			    enum peer_answer fax)
{
	static char text[400];
	struct lab *l;

	snprintf(text, sizeof(text), OTHER "%s", more);
	l = lab_open(&(struct lab_params){
		.span_peers = peers,
		.main_text = text,
		.peer = fax_does ? *fax_does : (struct sip_peer_call_params){.answer = fax, .refuse_status = 500}});
	other = NULL;
	if (incoming) {
		struct sip_peer_setup p = {.incoming = *incoming, .seed = 7};

		assert_int_equal(addr_parse(&p.local, OTHER_HOST, 5060), 0);
		assert_int_equal(sip_peer_alloc(&other, &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
	}
	return l;
}

static void close_lab(struct lab *l)
{
	run(l, 3000);
	sip_peer_free(other);
	other = NULL;
	lab_close(l);
}

static struct xcall *call(struct lab *l)
{
	struct exchange_call params = {.hangup_ms = -1};
	struct xcall *c = NULL;

	strcpy(params.parties.called.digits, LAB_NUMBER);
	strcpy(params.parties.calling.digits, LAB_CALLER);
	assert_int_equal(exchange_call(l->spans[0].x, &params, &c), 0);
	return c;
}

/* Milliseconds from the caller's SETUP until the peer "fax" has its INVITE, printed. */
static unsigned failover_ms(struct lab *l, const char *what)
{
	unsigned calls = sip_peer_calls(l->peer), ms = 0;

	for (; sip_peer_calls(l->peer) == calls && ms < 30000; ms += 20)
		run(l, 20);
	print_message("failover time, %s: %u ms\n", what, ms);
	return ms;
}

static void hang_up(struct lab *l, struct xcall *c)
{
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	exchange_hangup(c, 16);
	run(l, 1000);
}

/* "faxspanctl show peers" has a row that begins so, or (ANYWHERE) has this in it. */
static void expect_row(struct lab *l, const char *row, bool anywhere)
{
	struct msg m = {.type = MSG_COMMAND, .command = {.request = 1, .what.type = COMMAND_SHOW_PEERS}};
	struct answer_row r = {.last = false};
	struct mailbox *answers;
	bool shown = false;

	assert_int_equal(mailbox_alloc(&answers, 16, sizeof(r)), 0);
	sipside_connect_control(l->sip, answers);
	assert_int_equal(mailbox_post(sipside_inbox(l->sip), &m), 0);
	run(l, 40);
	while (mailbox_take(answers, &r))
		shown |= anywhere ? strstr(r.text, row) != NULL : !strncmp(r.text, row, strlen(row));
	sipside_connect_control(l->sip, NULL);
	mailbox_free(answers);
	assert_true(r.last && shown);
}

static void expect_shown(struct lab *l, const char *row)
{
	expect_row(l, row, false);
}

static void expect_word(struct lab *l, const char *text)
{
	expect_row(l, text, true);
}

/* No response: after failover_timeout the next peer has the call, and the record has the peer that took it. */
static void test_dead(void **state)
{
	struct lab *l = open_lab("other, fax", "failover_timeout = 2 s\n", NULL, PEER_ANSWERS);
	struct xcall *c = call(l);

	assert_in_range(failover_ms(l, "a dead peer, failover_timeout = 2 s"), 2000, 2100);
	assert_true(lab_log_has(l, "peer other: no response in 2000 ms: trying peer fax"));
	run(l, 500);
	hang_up(l, c);
	assert_non_null(strstr(lab_log_end(l, 0), "peer=fax"));
	expect_shown(l,
		     "other\t" OTHER_HOST ":5060\t0\tfailed, tried last for 29 s\tno response in 2000 ms\t0\t1\t0\t1");
	expect_shown(l, "fax\t" LAB_PEER ":5060\t0\tnot probed\t-\t0\t1\t0\t0");
	/* the dead one is tried last now, so nobody waits for it; and that was said once */
	c = call(l);
	run(l, 500);
	assert_int_equal(sip_peer_calls(l->peer), 2);
	hang_up(l, c);
	assert_int_equal(lab_log_count(l, "it is tried last for 30 s"), 1);
	/* until its time is over */
	run(l, 30000);
	c = call(l);
	run(l, 1000);
	assert_int_equal(sip_peer_calls(l->peer), 2);
	run(l, 1500);
	assert_int_equal(sip_peer_calls(l->peer), 3);
	hang_up(l, c);
	close_lab(l);
}

/* A peer that does not answer OPTIONS is known to be down before anybody calls, and costs no caller any time. */
static void test_down(void **state)
{
	const struct sip_peer_call_params answers = {.answer = PEER_ANSWERS};
	struct sip_peer_setup p = {.incoming = answers, .seed = 9};
	struct lab *l = open_lab("other, fax", "options_interval = 5 s\nfailover_timeout = 1 s\n", NULL, PEER_ANSWERS);
	struct xcall *c;

	run(l, 10000);
	expect_shown(l, "other\t" OTHER_HOST ":5060\t0\tdown for ");
	expect_word(l, "\tOPTIONS: no response in 1000 ms\t0\t0\t0\t0");
	assert_int_equal(lab_log_count(l, "peer other: down: OPTIONS: no response in 1000 ms, 2 in a row"), 1);
	c = call(l);
	assert_in_range(failover_ms(l, "a peer known to be down by OPTIONS"), 20, 100);
	run(l, 500);
	hang_up(l, c);
	/* it answers, and so it is tried first again */
	assert_int_equal(addr_parse(&p.local, OTHER_HOST, 5060), 0);
	assert_int_equal(sip_peer_alloc(&other, &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
	run(l, 6500);
	assert_true(lab_log_has(l, "peer other: up again after"));
	expect_shown(l, "other\t" OTHER_HOST ":5060\t0\tup for ");
	c = call(l);
	run(l, 500);
	assert_int_equal(sip_peer_calls(other), 1);
	hang_up(l, c);
	close_lab(l);
}

/* 503 moves the call at once, also after it has rung there; the caller hears it ring on. */
static void test_refused(void **state)
{
	const struct sip_peer_call_params refuses = {.answer = PEER_REFUSES, .refuse_status = 503},
					  rings_first = {.answer = PEER_REFUSES,
							 .provisional = 180,
							 .answer_ms = 3000,
							 .refuse_status = 503};
	struct lab *l = open_lab("other, fax", "", &refuses, PEER_ANSWERS);
	struct xcall *c = call(l);

	assert_in_range(failover_ms(l, "a peer that says 503"), 20, 100);
	run(l, 500);
	hang_up(l, c);
	assert_int_equal(sip_peer_calls(other), 1);
	assert_true(lab_log_has(l, "peer other: 503 "));
	assert_non_null(strstr(lab_log_end(l, 0), "peer=fax"));
	close_lab(l);

	l = open_lab("other, fax", "", &rings_first, PEER_ANSWERS);
	c = call(l);
	run(l, 1000);
	assert_int_equal(xcall_result(c)->state, XCALL_ALERTING);
	run(l, 3000);
	hang_up(l, c);
	close_lab(l);
}

static bool spoil_phrase(struct net_sim_datagram *d, void *arg)
{
	static const char usual[] = "Service Unavailable", bad[] = "Ser\t\x1b[2Javailable!.";
	char *p = memmem(d->data, d->len, usual, sizeof(usual) - 1);

	_Static_assert(sizeof(bad) == sizeof(usual), "the datagram keeps its length");
	if (p)
		memcpy(p, bad, sizeof(bad) - 1);
	return true;
}

/* A peer's words are no fields of ours, and no commands to the operator's terminal. */
static void test_unclean_phrase(void **state)
{
	const struct sip_peer_call_params refuses = {.answer = PEER_REFUSES, .refuse_status = 503};
	struct lab *l = open_lab("other, fax", "", &refuses, PEER_ANSWERS);
	struct xcall *c;

	lab_tap(l, spoil_phrase, NULL);
	c = call(l);
	run(l, 1000);
	expect_row(l, "\t503 Ser ?[2Javailable!.\t", true);
	hang_up(l, c);
	close_lab(l);
}

/* Where the caller has heard the first peer's early media, he hears the next one's. */
static void test_early_media(void **state)
{
	const struct sip_peer_call_params fails = {.answer = PEER_REFUSES,
						   .provisional = 183,
						   .early_sdp = true,
						   .answer_ms = 1000,
						   .refuse_status = 503},
					  rings = {.provisional = 183, .early_sdp = true, .answer_ms = 3000};
	struct addr peer;
	struct lab *l;
	struct xcall *c;

	assert_int_equal(addr_parse(&peer, LAB_PEER, 0), 0);
	fax_does = &rings;
	l = open_lab("other, fax", "", &fails, PEER_ANSWERS);
	c = call(l);
	run(l, 2000);
	assert_int_equal(sip_peer_calls(other), 1);
	assert_int_equal(l->spans[0].span->nlegs, 1);
	assert_true(addr_same_host(&l->spans[0].span->legs[0]->bearer.agreed.audio.addr, &peer));
	run(l, 3000);
	hang_up(l, c);
	close_lab(l);
	fax_does = NULL;
}

/* A 503 may say how long the peer is to be left alone; up to an hour, and never where hold_down is 0. */
static void test_retry_after(void **state)
{
	static const struct {
		unsigned says_s;
		const char *more, *logged;
	} cases[] = {
		{120, "", "it is tried last for 120 s"},
		{10, "", "it is tried last for 30 s"},
		{1000000, "", "it is tried last for 3600 s"},
		{120, "hold_down = 0 s\n", NULL},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sip_peer_call_params p = {
			.answer = PEER_REFUSES, .refuse_status = 503, .retry_after_s = cases[i].says_s};
		struct lab *l = open_lab("other, fax", cases[i].more, &p, PEER_ANSWERS);
		struct xcall *c = call(l);

		run(l, 1000);
		hang_up(l, c);
		assert_int_equal(lab_log_has(l, "it is tried last"), cases[i].logged != NULL);
		assert_true(!cases[i].logged || lab_log_has(l, cases[i].logged));
		close_lab(l);
	}
}

/* Busy, not found and the like are the called side's word: no other peer is asked. */
static void test_busy(void **state)
{
	static const struct {
		unsigned status;
		const char *reason;
	} words[] = {{486, NULL}, {404, NULL}, {600, NULL}, {603, NULL}, {488, NULL}, {503, "Q.850;cause=17"}};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const struct sip_peer_call_params p = {
			.answer = PEER_REFUSES, .refuse_status = words[i].status, .refuse_reason = words[i].reason};
		struct lab *l = open_lab("other, fax", "", &p, PEER_ANSWERS);

		call(l);
		run(l, 3000);
		assert_int_equal(sip_peer_calls(l->peer), 0);
		assert_non_null(strstr(lab_log_end(l, 0), "peer=other"));
		assert_false(lab_log_has(l, "tried last"));
		close_lab(l);
	}
}

/* All fail: one record, which names every attempt. */
static void test_all_fail(void **state)
{
	struct lab *l = open_lab("other, fax", "", NULL, PEER_REFUSES);
	struct xcall *c = call(l);

	run(l, 6000);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_int_equal(lab_log_count(l, "END "), 1);
	assert_non_null(strstr(lab_log_end(l, 0), "other: no response in 4000 ms; fax: "));
	close_lab(l);
}

/* 100 and then nothing: after progress_timeout the INVITE is cancelled and the next peer has the call. */
static void test_only_100(void **state)
{
	const struct sip_peer_call_params trying = {.answer = PEER_RINGS};
	struct lab *l =
		open_lab("other, fax", "failover_timeout = 2 s\nprogress_timeout = 6 s\n", &trying, PEER_ANSWERS);
	struct xcall *c = call(l);
	struct sip_peer_result r;

	assert_in_range(failover_ms(l, "a peer that says 100 and no more, progress_timeout = 6 s"), 6000, 6100);
	assert_true(lab_log_has(l, "peer other: nothing but 100 in 6000 ms: trying peer fax"));
	assert_true(lab_log_has(l, "peer other: nothing but 100 in 6000 ms: it is tried last for 30 s"));
	run(l, 1000);
	sip_peer_result(other, 0, &r);
	assert_int_equal(r.state, PEER_OVER);
	assert_int_equal(r.status, 487);
	assert_non_null(strstr(r.reason, "Q.850;cause=102"));
	hang_up(l, c);
	close_lab(l);

	/* without it, and where it rings, the call stays */
	for (unsigned rings = 0; rings < 2; rings++) {
		const struct sip_peer_call_params p = {.answer = PEER_RINGS, .provisional = rings ? 180 : 0};

		l = open_lab("other, fax", rings ? "progress_timeout = 6 s\n" : "", &p, PEER_ANSWERS);
		c = call(l);
		run(l, 10000);
		assert_int_equal(sip_peer_calls(l->peer), 0);
		exchange_hangup(c, 16);
		run(l, 1000);
		close_lab(l);
	}
}

/* "other" comes to life so long after the INVITE that it did not hear. Returns the call on the line. */
static struct xcall *call_before_life(struct lab *l, unsigned ms)
{
	struct sip_peer_setup p = {.incoming = {.answer = PEER_ANSWERS}, .seed = 9};
	struct xcall *c = call(l);

	run(l, ms);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	assert_int_equal(addr_parse(&p.local, OTHER_HOST, 5060), 0);
	assert_int_equal(sip_peer_alloc(&other, &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
	return c;
}

/*
 * A 2xx of a peer that was given up long ago is acknowledged and ended: nobody is left with an open call. The INVITE
 * lives for 64 T1, 32 s, from when it was sent (RFC 3261 17.1.1.2, timer B), and is sent for the last time after 31.5
 * s: that one is heard, and after it nothing.
 */
static void test_late_answer(void **state)
{
	struct lab *l = open_lab("other, fax", "", NULL, PEER_ANSWERS);
	struct xcall *c = call_before_life(l, 31000);
	struct sip_peer_result r;

	assert_int_equal(sip_peer_calls(other), 0);
	run(l, 400);
	assert_int_equal(sip_peer_calls(other), 0);
	run(l, 400);
	assert_int_equal(sip_peer_calls(other), 1);
	run(l, 1000);
	sip_peer_result(other, 0, &r);
	assert_int_equal(r.state, PEER_OVER);
	assert_true(r.ended_by_peer);
	assert_int_equal(r.unacked, 0);
	/* the BYE is of the call that was given up and says why; a stray's would not */
	assert_non_null(strstr(r.reason, "Q.850;cause=102"));
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	hang_up(l, c);
	close_lab(l);

	l = open_lab("other, fax", "", NULL, PEER_ANSWERS);
	c = call_before_life(l, 32000);
	run(l, 60000);
	assert_int_equal(sip_peer_calls(other), 0);
	hang_up(l, c);
	close_lab(l);
}

/* By weight: of eight calls six and two. */
static void test_weights(void **state)
{
	const struct sip_peer_call_params answers = {.answer = PEER_ANSWERS};
	struct lab *l = open_lab("other:25, fax:75", "", &answers, PEER_ANSWERS);

	for (unsigned i = 0; i < 8; i++) {
		struct xcall *c = call(l);

		run(l, 500);
		hang_up(l, c);
	}
	assert_int_equal(sip_peer_calls(other), 2);
	assert_int_equal(sip_peer_calls(l->peer), 6);
	assert_int_equal(lab_log_count(l, "peer=other"), 2);
	close_lab(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dead),	    cmocka_unit_test(test_down),
		cmocka_unit_test(test_refused),	    cmocka_unit_test(test_unclean_phrase),
		cmocka_unit_test(test_early_media), cmocka_unit_test(test_busy),
		cmocka_unit_test(test_retry_after), cmocka_unit_test(test_all_fail),
		cmocka_unit_test(test_late_answer), cmocka_unit_test(test_only_100),
		cmocka_unit_test(test_weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
