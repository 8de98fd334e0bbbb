/* SPDX-License-Identifier: GPL-2.0-only */
/* What befalls a line in mid-fax: alarms, a D channel that is lost, RESTART, slips. And the RESTARTs at the start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"

#define E1_CHANNELS   30
#define IN_MID_FAX_MS 12000 /* from the beginning of T.38: in the middle of the first page */

/* Does something to the line once the fax is in the middle of its page, and takes it back some time later. */
struct mishap {
	void (*begin)(struct lab *l);
	void (*end)(struct lab *l);
	int64_t lasts_ms;
	int64_t begun_ms, t38_ms;
	bool ended;
};

static void mishap_step(struct lab *l, void *arg)
{
	struct mishap *m = arg;
	const struct span *s = l->spans[0].span;
	int64_t now_ms = lab_now_ms(l);

	if (!m->t38_ms && s->nlegs && bearer_state(&s->legs[0]->bearer) == BEARER_T38)
		m->t38_ms = now_ms;
	if (!m->begun_ms && m->t38_ms && now_ms - m->t38_ms >= IN_MID_FAX_MS) {
		m->begun_ms = now_ms;
		m->begin(l);
	}
	if (m->begun_ms && m->end && !m->ended && now_ms - m->begun_ms >= m->lasts_ms) {
		m->ended = true;
		m->end(l);
	}
}

static bool peer_is_answered(struct lab *l, void *arg)
{
	struct sip_peer_result r;

	if (!sip_peer_calls(l->peer))
		return false;
	sip_peer_result(l->peer, sip_peer_calls(l->peer) - 1, &r);
	return r.state == PEER_ANSWERED && r.rtp_received > 10;
}

/* A call passes, from the line and to it. */
static void expect_calls(struct lab *l)
{
	struct exchange_call call = {.parties = {.called = {.digits = LAB_NUMBER}}};
	struct sip_peer_call_params peer = {.to = LAB_OUT};
	struct xcall *c;
	unsigned id;

	assert_int_equal(exchange_call(l->spans[0].x, &call, &c), 0);
	if (!lab_until(l, peer_is_answered, NULL, 3000))
		fail_msg("no call from the line passes afterwards");
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	exchange_hangup(c, Q850_NORMAL);
	assert_true(lab_until(l, lab_is_idle, NULL, 5000));
	lab_run(l, 1000);
	assert_int_equal(sip_peer_call(l->peer, &l->gateway, &peer, &id), 0);
	if (!lab_until(l, peer_is_answered, NULL, 3000))
		fail_msg("no call to the line passes afterwards");
	sip_peer_hangup(l->peer, id);
	assert_true(lab_until(l, lab_is_idle, NULL, 5000));
	lab_run(l, 1000);
}

static bool line_is_ready(struct lab *l, void *arg)
{
	const struct span *s = l->spans[0].span;

	return exchange_is_up(l->spans[0].x) && pri_link_is_up(s->link) && !s->restart.running;
}

static void calls_pass_again(struct lab *l, void *arg)
{
	struct mishap *m = arg;

	if (m && m->end && !m->ended)
		m->end(l);
	if (!lab_until(l, line_is_ready, NULL, 60000))
		fail_msg("the D channel does not come up again");
	expect_calls(l);
}

static struct fax_case fax_with(const char *name, bool from_line, struct mishap *m)
{
	return (struct fax_case){
		.name = name,
		.from_line = from_line,
		.pages = 2,
		.rows = 1500,
		.lab = {.fax_text = from_line ? "t38_start = on-preamble\n" : NULL,
			.peer = {.hangup_done_ms = from_line ? 0 : 300}},
		.on_step = mishap_step,
		.on_end = calls_pass_again,
		.arg = m,
	};
}

static void expect_happened(const struct fax_case *c, const struct mishap *m, const struct fax_outcome *o)
{
	if (!m->begun_ms)
		fail_msg("%s: the fax ended before: %s", c->name, o->end);
	if (!o->ended)
		fail_msg("%s: not everything was cleared", c->name);
}

/* ---- loss of signal ---- */

static void los(struct lab *l)
{
	line_mem_set_los(l->spans[0].line, true);
	l->errors_expected++;
}

static void los_clears(struct lab *l)
{
	/* it has all been cleared long since on the SIP side; the exchange does not know */
	assert_int_equal(l->spans[0].span->nlegs, 0);
	assert_int_equal(l->sip->nlegs, 0);
	assert_int_equal(sip_peer_active(l->peer), 0);
	line_mem_set_los(l->spans[0].line, false);
}

static void test_los(void **state)
{
	bool from_line = *state != NULL;
	struct mishap m = {.begin = los, .end = los_clears, .lasts_ms = 10000};
	struct fax_case c = fax_with("LOS in mid-fax", from_line, &m);
	struct fax_outcome o;

	fax_run(&c, "alarm: LOS: nothing is received; calls are cleared", &o);
	expect_happened(&c, &m, &o);
	assert_true(o.has_text);
	assert_true(o.peer.ended_by_peer);
	assert_non_null(strstr(o.peer.reason, "Q.850;cause=38"));
	assert_int_equal(o.call.state, XCALL_GONE);
	fax_expect_end(&c, &o, "cause=38(network out of order) cleared-by=gateway");
	fax_expect_end(&c, &o, "result=\"fax failed");
	fax_expect_end(&c, &o, " fault=line "); /* whatever the frames say of who was silent */
	assert_int_equal(o.whole, 0);
}

static bool peer_is_over(struct lab *l, void *arg)
{
	return !sip_peer_active(l->peer);
}

/* While there is LOS no call comes about, and none hangs. */
static void test_call_in_los(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){0});
	struct sip_peer_call_params peer = {.to = LAB_OUT};
	struct sip_peer_result r;
	unsigned id;

	line_mem_set_los(l->spans[0].line, true);
	l->errors_expected++;
	lab_run(l, 1000);
	assert_int_equal(sip_peer_call(l->peer, &l->gateway, &peer, &id), 0);
	assert_true(lab_until(l, peer_is_over, NULL, 1000));
	sip_peer_result(l->peer, id, &r);
	assert_int_equal(r.status, 503);
	assert_true(lab_peer_heard(l, "Q.850;cause=38"));
	lab_run(l, 1000);
	line_mem_set_los(l->spans[0].line, false);
	assert_true(lab_log_has(l, "alarm cleared"));
	lab_run(l, 1000);
	calls_pass_again(l, NULL);
	lab_close(l);
}

/* The second span has LOS: the first is not troubled. */
static void other_los(struct lab *l)
{
	line_mem_set_los(l->spans[1].line, true);
	l->errors_expected++;
}

static void test_los_elsewhere(void **state)
{
	struct mishap m = {.begin = other_los};
	struct fax_case c = fax_with("LOS on another span", true, &m);
	struct fax_outcome o;

	c.lab.nspans = 2;
	fax_run(&c, NULL, &o);
	expect_happened(&c, &m, &o);
	fax_expect_whole(&c, &o);
}

/*
 * ---- yellow alarm: the other end does not receive us, but we it. It may be short: the fax is left alone, new
 * calls to the line are not made ----
 */

static void yellow(struct lab *l)
{
	struct sip_peer_call_params peer = {.to = LAB_OUT};
	unsigned id;

	line_mem_event(l->spans[0].line, LINE_YELLOW, 1);
	l->errors_expected++;
	assert_int_equal(sip_peer_call(l->peer, &l->gateway, &peer, &id), 0);
	assert_int_equal(id, 1);
}

static void yellow_clears(struct lab *l)
{
	struct sip_peer_result r;

	sip_peer_result(l->peer, 1, &r);
	assert_int_equal(r.status, 503);
	assert_true(lab_peer_heard(l, "Q.850;cause=38"));
	line_mem_event(l->spans[0].line, LINE_CLEAR, 1);
}

static void test_yellow(void **state)
{
	struct mishap m = {.begin = yellow, .end = yellow_clears, .lasts_ms = 5000};
	struct fax_case c = fax_with("yellow alarm in mid-fax", *state != NULL, &m);
	struct fax_outcome o;

	fax_run(&c, "alarm: yellow alarm: the other end does not receive us", &o);
	expect_happened(&c, &m, &o);
	assert_true(o.has_text);
	fax_expect_whole(&c, &o);
}

/* ---- the D channel ---- */

static void dchannel_dies(struct lab *l)
{
	lab_kill_exchange(l, 0, true);
}

static void dchannel_revives(struct lab *l)
{
	if (!lab_log_has(l, "D channel is down"))
		fail_msg("the D channel is not down");
	lab_kill_exchange(l, 0, false);
}

static void dchannel_comes(struct lab *l, void *arg)
{
	mishap_step(l, arg);
	if (l->spans[0].dead && lab_log_has(l, "D channel is down"))
		lab_kill_exchange(l, 0, false);
}

/* Q.931 5.8.9: what is up stays up while the data link is away for a short time (T309), and the fax with it. */
static void test_dchannel_down(void **state)
{
	struct mishap m = {.begin = dchannel_dies};
	struct fax_case c = fax_with("D channel lost in mid-fax", *state != NULL, &m);
	struct fax_outcome o;

	c.on_step = dchannel_comes;
	fax_run(&c, "D channel is down", &o);
	expect_happened(&c, &m, &o);
	assert_true(o.has_text);
	fax_expect_whole(&c, &o);
	assert_int_equal(o.call.cause, 16);
	fax_expect_end(&c, &o, "result=\"fax ok\"");
	fax_expect_end(&c, &o, "cause=16(");
}

/* When it does not come back in time, both sides clear. */
static void test_dchannel_lost(void **state)
{
	struct mishap m = {.begin = dchannel_dies, .end = dchannel_revives, .lasts_ms = 60000};
	struct fax_case c = fax_with("D channel lost for good", *state != NULL, &m);
	struct fax_outcome o;

	fax_run(&c, "D channel is down", &o);
	expect_happened(&c, &m, &o);
	assert_true(o.has_text);
	assert_int_equal(o.whole, 0);
	assert_int_equal(o.call.state, XCALL_GONE);
	assert_true(o.peer.ended_by_peer);
	assert_non_null(strstr(o.peer.reason, "Q.850;cause=27"));
	fax_expect_end(&c, &o, "cause=27(destination out of order)");
}

static void dframes_lost(struct lab *l)
{
	line_mem_set_dframe_loss(l->spans[0].line, 200, 7);
}

static void dframes_pass(struct lab *l)
{
	line_mem_set_dframe_loss(l->spans[0].line, 0, 7);
}

/* Every fifth frame of the D channel is lost: Q.921 sends it again, and calls begin and end as ever. */
static void test_dframe_loss(void **state)
{
	struct mishap m = {.begin = dframes_lost, .end = dframes_pass, .lasts_ms = 600000};
	struct fax_case c = fax_with("D-channel frames lost", *state != NULL, &m);
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	expect_happened(&c, &m, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "cause=16(");
}

/* ---- RESTART ---- */

static void restart(struct lab *l)
{
	assert_int_equal(exchange_restart(l->spans[0].x, l->spans[0].span->legs[0]->timeslot), 0);
}

static void test_restart(void **state)
{
	struct mishap m = {.begin = restart};
	struct fax_case c = fax_with("RESTART in mid-fax", *state != NULL, &m);
	struct fax_outcome o;

	fax_run(&c, "the other side restarted ch ", &o);
	expect_happened(&c, &m, &o);
	assert_true(o.has_text);
	assert_true(o.peer.ended_by_peer);
	assert_non_null(strstr(o.peer.reason, "Q.850;cause=41"));
	fax_expect_end(&c, &o, "cause=41(temporary failure) cleared-by=gateway");
	fax_expect_end(&c, &o, " fault=line ");
	assert_int_equal(o.call.state, XCALL_GONE);
}

static void restart_other(struct lab *l)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		if (ts != 16 && ts != l->spans[0].span->legs[0]->timeslot)
			assert_int_equal(exchange_restart(l->spans[0].x, ts), 0);
}

static void test_restart_elsewhere(void **state)
{
	struct mishap m = {.begin = restart_other};
	struct fax_case c = fax_with("RESTART of the other channels in mid-fax", *state != NULL, &m);
	struct fax_outcome o;

	fax_run(&c, "the other side restarted ch ", &o);
	expect_happened(&c, &m, &o);
	assert_true(o.has_text);
	fax_expect_whole(&c, &o);
}

/*
 * Every channel is restarted once when the D channel comes up, unless the configuration says no; the exchange
 * acknowledges.
 */
static void test_restart_at_start(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.nspans = 2});

	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(exchange_stats(l->spans[i].x).restarts, E1_CHANNELS);
	assert_int_equal(lab_log_count(l, "RESTART of the B channels is done"), 2);
	expect_calls(l);
	lab_close(l);
	l = lab_open(&(struct lab_params){.span_text = "restart = no\n"});
	assert_int_equal(exchange_stats(l->spans[0].x).restarts, 0);
	expect_calls(l);
	lab_close(l);
}

/* ---- slips ---- */

static void slips(struct lab *l)
{
	line_mem_set_slips(l->spans[0].line, 4000, 3);
}

static void slips_end(struct lab *l)
{
	assert_in_range(line_mem_slips(l->spans[0].line), 20, 200);
	line_mem_set_slips(l->spans[0].line, 0, 3);
}

/* Two slips a second for 15 s: the fax may fail or not, but it ends, and says how. With ECM it gets over a few. */
static void test_slips(void **state)
{
	struct mishap m = {.begin = slips, .end = slips_end, .lasts_ms = 15000};
	struct fax_case c = fax_with("slips in mid-fax", *state != NULL, &m);
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	expect_happened(&c, &m, &o);
	assert_int_equal(o.call.state, XCALL_GONE);
	fax_expect_end(&c, &o, o.whole ? "result=\"fax ok\"" : "result=\"fax failed");
	fax_expect_end(&c, &o, "cause=16(");
}

#define BOTH(name, test)                                                                                               \
	{name ", to the line", test, NULL, NULL, NULL},                                                                \
	{                                                                                                              \
		name ", from the line", test, NULL, NULL, (void *)1                                                    \
	}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		BOTH("LOS", test_los),
		cmocka_unit_test(test_call_in_los),
		cmocka_unit_test(test_los_elsewhere),
		BOTH("yellow alarm", test_yellow),
		BOTH("D channel down", test_dchannel_down),
		BOTH("D channel lost", test_dchannel_lost),
		BOTH("D-channel frames lost", test_dframe_loss),
		BOTH("RESTART", test_restart),
		BOTH("RESTART elsewhere", test_restart_elsewhere),
		cmocka_unit_test(test_restart_at_start),
		BOTH("slips", test_slips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
