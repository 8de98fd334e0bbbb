/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may call, and how often: ranges of addresses, and the most calls with a peer and in all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/lab.h"
#include "tests/sim/clock_sim.h"

#define OTHER_HOST "10.0.0.3"
#define OTHER	   "[peer other]\naddress = " OTHER_HOST ":5060\n"

static struct sip_peer *other;

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

static void open_other(struct lab *l)
{
	struct sip_peer_setup p = {.incoming = {.answer = PEER_ANSWERS}, .seed = 7};

	assert_int_equal(addr_parse(&p.local, OTHER_HOST, 5060), 0);
	assert_int_equal(sip_peer_alloc(&other, &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
}

static void close_lab(struct lab *l)
{
	run(l, 3000);
	sip_peer_free(other);
	other = NULL;
	lab_close(l);
}

static struct xcall *call_out(struct lab *l)
{
	struct exchange_call params = {.hangup_ms = -1};
	struct xcall *c = NULL;

	strcpy(params.parties.called.digits, LAB_NUMBER);
	strcpy(params.parties.calling.digits, LAB_CALLER);
	assert_int_equal(exchange_call(l->spans[0].x, &params, &c), 0);
	run(l, 1000);
	return c;
}

static unsigned call_in(struct lab *l, struct sip_peer *from)
{
	const struct sip_peer_call_params p = {.to = LAB_OUT};
	unsigned id;

	assert_int_equal(sip_peer_call(from, &l->gateway, &p, &id), 0);
	run(l, 1000);
	return id;
}

static void expect_refused(struct sip_peer *from, unsigned id)
{
	struct sip_peer_result r;

	sip_peer_result(from, id, &r);
	assert_int_equal(r.state, PEER_OVER);
	assert_int_equal(r.status, 503);
}

static void expect_up(struct sip_peer *from, unsigned id)
{
	struct sip_peer_result r;

	sip_peer_result(from, id, &r);
	assert_int_equal(r.state, PEER_ANSWERED);
}

/* Both ways count together, and a call that ends makes room. */
static void test_from_peer(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.peer_text = "max_calls = 2", .main_text = OTHER});
	struct xcall *c = call_out(l);
	unsigned first, second;

	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	open_other(l);
	first = call_in(l, l->peer);
	expect_up(l->peer, first);
	second = call_in(l, l->peer);
	expect_refused(l->peer, second);
	expect_refused(l->peer, call_in(l, l->peer));
	assert_true(lab_peer_heard(l, "SIP/2.0 503 Service Unavailable\r\n"));
	assert_true(lab_peer_heard(l, "Reason: Q.850;cause=42"));
	assert_false(lab_peer_heard(l, "Retry-After"));
	assert_int_equal(lab_log_count(l, "peer fax: its max_calls = 2 is reached: a call from it is refused"), 1);
	assert_int_equal(lab_log_count(l, "END "), 2);
	assert_non_null(strstr(lab_log_end(l, 0), "its max_calls = 2 is reached"));
	/* another peer has room of its own */
	expect_up(other, call_in(l, other));
	sip_peer_hangup(l->peer, first);
	run(l, 1000);
	second = call_in(l, l->peer);
	expect_up(l->peer, second);
	sip_peer_hangup(l->peer, second);
	sip_peer_hangup(other, 0);
	exchange_hangup(c, 16);
	run(l, 1000);
	assert_int_equal(l->sip->use[0].calls_from, 2);
	assert_int_equal(l->sip->use[0].calls_to, 1);
	assert_int_equal(l->sip->use[0].refused, 2);
	close_lab(l);
}

/* One more to a full peer goes to the next at once; the full one has not failed. */
static void test_to_peer(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){
		.peer_text = "max_calls = 1", .span_peers = "fax, other", .main_text = OTHER "max_calls = 1"});
	struct xcall *a, *b, *c;

	open_other(l);
	a = call_out(l);
	b = call_out(l);
	assert_int_equal(xcall_result(a)->state, XCALL_CONNECTED);
	assert_int_equal(xcall_result(b)->state, XCALL_CONNECTED);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	assert_int_equal(sip_peer_calls(other), 1);
	assert_true(lab_log_has(l, "peer fax: its max_calls = 1 is reached: trying peer other"));
	assert_false(lab_log_has(l, "tried last"));
	/* and with both full the line hears that there is no channel */
	c = call_out(l);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_int_equal(xcall_result(c)->cause, Q850_NO_CHANNEL);
	assert_non_null(strstr(lab_log_end(l, 0), "fax: its max_calls = 1 is reached; other: its max_calls = 1 is"));
	exchange_hangup(a, 16);
	run(l, 1000);
	c = call_out(l);
	assert_int_equal(sip_peer_calls(l->peer), 2);
	assert_non_null(strstr(lab_log_end(l, 1), "peer=fax"));
	exchange_hangup(b, 16);
	exchange_hangup(c, 16);
	run(l, 1000);
	assert_non_null(strstr(lab_log_end(l, 2), "peer=other"));
	close_lab(l);
}

static void test_rate(void **state)
{
	struct lab *l = lab_open(
		&(struct lab_params){.peer_text = "max_calls_per_second = 2", .peer = {.answer = PEER_ANSWERS}});
	const struct sip_peer_call_params p = {.to = LAB_OUT};
	unsigned id[4];

	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(sip_peer_call(l->peer, &l->gateway, &p, &id[i]), 0);
	run(l, 500);
	expect_up(l->peer, id[0]);
	expect_up(l->peer, id[1]);
	expect_refused(l->peer, id[2]);
	expect_refused(l->peer, id[3]);
	assert_true(lab_log_has(l, "peer fax: its max_calls_per_second = 2 is reached: a call from it"));
	expect_up(l->peer, call_in(l, l->peer));
	for (unsigned i = 0; i < sip_peer_calls(l->peer); i++)
		sip_peer_hangup(l->peer, i);
	close_lab(l);
}

/* The gateway's own limits are of all peers and of both ways. */
static void test_in_all(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.sip_text = "max_calls = 2", .main_text = OTHER});
	struct xcall *a, *b;

	open_other(l);
	a = call_out(l);
	assert_int_equal(xcall_result(a)->state, XCALL_CONNECTED);
	expect_up(other, call_in(l, other));
	expect_refused(l->peer, call_in(l, l->peer));
	b = call_out(l);
	assert_int_equal(xcall_result(b)->state, XCALL_GONE);
	assert_int_equal(xcall_result(b)->cause, Q850_CONGESTION);
	assert_true(lab_log_has(l, "[sip] max_calls = 2 is reached: a call from it is refused"));
	sip_peer_hangup(other, 0);
	exchange_hangup(a, 16);
	close_lab(l);

	l = lab_open(&(struct lab_params){.sip_text = "max_calls_per_second = 1", .main_text = OTHER});
	a = call_out(l);
	assert_int_equal(xcall_result(a)->state, XCALL_CONNECTED);
	{
		const struct sip_peer_call_params p = {.to = LAB_OUT};
		unsigned first, second;

		assert_int_equal(sip_peer_call(l->peer, &l->gateway, &p, &first), 0);
		assert_int_equal(sip_peer_call(l->peer, &l->gateway, &p, &second), 0);
		run(l, 500);
		expect_up(l->peer, first);
		expect_refused(l->peer, second);
		sip_peer_hangup(l->peer, first);
	}
	exchange_hangup(a, 16);
	close_lab(l);
}

/* A peer may call from a range, and its calls are its own: they count with it. */
static void test_range(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.peer_text = "allow = 10.0.0.0/29\nmax_calls = 1"});
	unsigned id;

	open_other(l);
	id = call_in(l, other);
	expect_up(other, id);
	assert_true(lab_log_has(l, "INVITE from peer fax: "));
	expect_refused(other, call_in(l, other));
	sip_peer_hangup(other, id);
	close_lab(l);

	l = lab_open(&(struct lab_params){.peer_text = "allow = 10.0.0.4/30"});
	open_other(l);
	id = call_in(l, other);
	{
		struct sip_peer_result r;

		sip_peer_result(other, id, &r);
		assert_int_equal(r.status, 403);
	}
	close_lab(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_peer), cmocka_unit_test(test_to_peer), cmocka_unit_test(test_rate),
		cmocka_unit_test(test_in_all),	  cmocka_unit_test(test_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
