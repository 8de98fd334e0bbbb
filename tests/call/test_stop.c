/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of the daemon: calls are cleared or left to end, new ones are refused, and the threads end. */
#include "tests/call/fax.h"
#include "tests/call/talk.h"
#include "tests/sim/clock_sim.h"

static const struct talk_params from_line = {.name = "from the line", .from_line = true};
static const struct talk_params to_line = {.name = "to the line"};
static const struct talk_params from_line_rings = {
	.name = "from the line, rings", .from_line = true, .peer = {.answer = PEER_RINGS, .provisional = 180}};
static const struct talk_params to_line_rings = {.name = "to the line, rings", .line = {.never_answers = true}};

/* New calls from both sides are refused. */
static void expect_refusals(struct lab *l)
{
	unsigned ends = lab_log_count(l, ": END ");
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &from_line);
	lab_run(l, 1000);
	talk_expect_nth(&t, ends,
			&(struct talk_end){41, 0, NULL, "cause=41(temporary failure) cleared-by=gateway",
					   "the gateway is stopping"});
	talk_start(&t, l, &to_line);
	lab_run(l, 1000);
	assert_null(t.line);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.status, 503);
}

/* Once it has been told to, and no call is left, a thread's loop ends by itself. */
static void expect_threads_end(struct lab *l)
{
	assert_true(lab_is_idle(l, NULL));
	lab_stop(l, true);
	for (unsigned i = 0; i < l->nspans; i++)
		assert_int_equal(span_run(l->spans[i].span), 0);
	lab_stop_sip(l);
	assert_int_equal(sipside_run(l->sip), 0);
}

static void test_clear(void **state)
{
	static const struct talk_params *const params[] = {&from_line, &to_line, &from_line_rings, &to_line_rings};
	static const enum leg_pstn_state states[] = {PSTN_UP, PSTN_UP, PSTN_ALERTING, PSTN_RINGING};
	static const unsigned statuses[] = {200, 200, 487, 480};
	struct lab *l = talk_lab(&(struct lab_params){.nspans = 2});
	struct talk t[4];

	for (unsigned i = 0; i < 4; i++) {
		talk_start(&t[i], l, params[i]);
		talk_until(&t[i], states[i], -1, 3000);
	}
	lab_run(l, 500);
	lab_stop(l, true);
	talk_until_idle(&t[0], TALK_CLEARED_MS);
	for (unsigned i = 0; i < 4; i++)
		talk_expect_nth(&t[i], i,
				&(struct talk_end){31, statuses[i], "Q.850;cause=31",
						   "cause=31(normal, unspecified) cleared-by=gateway", NULL});
	assert_int_equal(lab_log_count(l, ": END "), 4);
	assert_int_equal(lab_log_count(l, "not answered: the gateway is stopping\" fault=gateway"), 2);
	expect_refusals(l);
	expect_threads_end(l);
	lab_close(l);
}

/* One from the line, one to it; both are up. */
static struct lab *lab_with_two_calls(struct talk t[2])
{
	struct lab *l = talk_lab(NULL);

	talk_start(&t[0], l, &from_line);
	talk_until(&t[0], PSTN_UP, BEARER_AUDIO, 3000);
	talk_start(&t[1], l, &to_line);
	talk_until(&t[1], PSTN_UP, BEARER_AUDIO, 3000);
	return l;
}

/* The SIP thread is told to end while it still has calls: it ends them itself. */
static void test_clear_from_sip(void **state)
{
	struct talk t[2];
	struct lab *l = lab_with_two_calls(t);

	lab_stop_sip(l);
	talk_until_idle(&t[0], TALK_CLEARED_MS);
	for (unsigned i = 0; i < 2; i++)
		talk_expect_nth(&t[i], i,
				&(struct talk_end){31, 200, "Q.850;cause=31",
						   "cause=31(normal, unspecified) cleared-by=gateway", NULL});
	expect_threads_end(l);
	lab_close(l);
}

/* The span's thread does not end with the last call: what it says of it has to go out. */
static void test_last_words(void **state)
{
	struct lab *l = talk_lab(NULL);
	const struct span *s = l->spans[0].span;
	struct talk t;

	talk_start(&t, l, &from_line);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	lab_stop(l, true);
	assert_true(lab_until(l, lab_is_idle, NULL, TALK_CLEARED_MS));
	assert_false(span_is_over(s));
	lab_run(l, 100);
	assert_false(span_is_over(s));
	lab_run(l, 200);
	assert_true(span_is_over(s));
	lab_run(l, TALK_SETTLE_MS);
	expect_threads_end(l);
	lab_close(l);
}

/* The SIP thread is told to end when a refused call is over, and not yet forgotten. */
static void test_over_already(void **state)
{
	static const struct talk_params refused = {.name = "refused", .peer = {.to = "999"}};
	struct lab *l = talk_lab(NULL);
	struct talk t;

	talk_start(&t, l, &refused);
	for (unsigned ms = 0; !l->sip->nlegs || !leg_sip_is_gone(l->sip->legs[0]); ms++) {
		assert_in_range(ms, 0, 1000);
		clock_sim_advance_us(MS_US);
		net_sim_run(l->net, clock_sim_now_us());
		sip_peer_run(l->peer, clock_sim_now_us());
		loop_step(l->sip->loop, 0);
	}
	lab_stop_sip(l);
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_int_equal(lab_log_count(l, ": END "), 1);
	lab_close(l);
}

static void test_drain(void **state)
{
	struct talk t[2];
	struct lab *l = lab_with_two_calls(t);

	lab_stop(l, false);
	lab_run(l, 10000);
	assert_int_equal(l->spans[0].span->nlegs, 2);
	assert_int_equal(xcall_result(t[0].line)->state, XCALL_CONNECTED);
	assert_int_equal(xcall_result(t[1].line)->state, XCALL_CONNECTED);
	expect_refusals(l);
	assert_int_equal(l->spans[0].span->nlegs, 2);
	talk_hangup_peer(&t[0]);
	talk_hangup_line(&t[1], Q850_NORMAL);
	talk_until_idle(&t[0], TALK_CLEARED_MS);
	assert_int_equal(lab_log_count(l, "cause=16("), 2);
	expect_threads_end(l);
	lab_close(l);
}

/* Drained too long: then the calls are cleared after all. */
static void test_drain_then_clear(void **state)
{
	struct lab *l = talk_lab(NULL);
	struct talk t;

	talk_start(&t, l, &from_line);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	lab_stop(l, false);
	lab_run(l, 10000);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 0);
	lab_stop(l, true);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){31, 200, "Q.850;cause=31", "cleared-by=gateway", NULL});
	expect_threads_end(l);
	lab_close(l);
}

/* ---- in mid-fax ---- */

struct stop {
	bool clear, told;
};

static void stop_in_mid_fax(struct lab *l, void *arg)
{
	const struct span *s = l->spans[0].span;
	struct stop *stop = arg;

	if (stop->told || !s->nlegs || !s->legs[0]->bearer.watch.rate)
		return;
	stop->told = true;
	lab_stop(l, stop->clear);
}

static void threads_end(struct lab *l, void *arg)
{
	expect_threads_end(l);
}

static void test_fax(void **state)
{
	struct stop stop = {.clear = *state != NULL};
	struct fax_case c = {
		.name = stop.clear ? "a fax, cleared" : "a fax, drained",
		.from_line = true,
		.lab = {.fax_text = "t38_start = on-preamble\n"},
		.on_step = stop_in_mid_fax,
		.on_end = threads_end,
		.arg = &stop,
	};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	assert_true(stop.told);
	assert_true(o.ended);
	if (!stop.clear) {
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, "result=\"fax ok\"");
		return;
	}
	assert_int_equal(o.whole, 0);
	assert_int_equal(o.call.cause, 31);
	assert_non_null(strstr(o.peer.reason, "Q.850;cause=31"));
	fax_expect_end(&c, &o, "result=\"fax failed");
	fax_expect_end(&c, &o, "cause=31(normal, unspecified) cleared-by=gateway");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_clear_from_sip),
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_over_already),
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_drain_then_clear),
		{"a fax, drained", test_fax, NULL, NULL, NULL},
		{"a fax, cleared", test_fax, NULL, NULL, (void *)1},
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
