/* SPDX-License-Identifier: GPL-2.0-only */
/* Alarms that end calls: each with its cause and reason; when the line is back its channels are restarted and calls
 * pass. */
#include "tests/call/talk.h"

#define B_CHANNELS  30
#define CLEARS_MS   2500 /* an alarm that lasts so long clears the calls */
#define CLEARING_MS 4000 /* [timeouts] clearing, as it is by default */

static struct xcall *call_up(struct lab *l)
{
	struct exchange_call call = {.hangup_ms = -1};
	struct xcall *c = NULL;

	strcpy(call.parties.called.digits, LAB_NUMBER);
	strcpy(call.parties.calling.digits, LAB_CALLER);
	assert_int_equal(exchange_call(l->spans[0].x, &call, &c), 0);
	lab_run(l, 2000);
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	return c;
}

static void run(enum line_event e, const char *span_text, unsigned restarts)
{
	struct lab *l = lab_open(&(struct lab_params){.span_text = span_text});
	unsigned before = exchange_stats(l->spans[0].x).restarts;
	struct xcall *c = call_up(l);

	line_mem_event(l->spans[0].line, e, 1);
	l->errors_expected++;
	lab_run(l, 5000);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_true(lab_log_has(l, "cause=38(network out of order) cleared-by=gateway"));
	assert_true(lab_is_idle(l, NULL));
	assert_true(lab_peer_heard(l, "Q.850;cause=38"));
	assert_int_equal(exchange_stats(l->spans[0].x).restarts, before);
	line_mem_event(l->spans[0].line, LINE_CLEAR, 1);
	lab_run(l, 5000);
	assert_int_equal(exchange_stats(l->spans[0].x).restarts, before + restarts);
	exchange_hangup(call_up(l), 16);
	lab_run(l, 3000);
	lab_close(l);
}

static void test_gone(void **state)
{
	run(LINE_GONE, NULL, B_CHANNELS);
}

static void test_blue(void **state)
{
	run(LINE_BLUE, NULL, B_CHANNELS);
	run(LINE_BLUE, "restart = no\n", 0);
}

/* Neither yellow nor a short red alarm ends a call, and nothing is restarted under it. */
static void test_short(void **state)
{
	static const enum line_event alarms[] = {LINE_YELLOW, LINE_BLUE};

	for (unsigned i = 0; i < 2; i++) {
		struct lab *l = lab_open(&(struct lab_params){0});
		unsigned before = exchange_stats(l->spans[0].x).restarts;
		struct xcall *c = call_up(l);

		line_mem_event(l->spans[0].line, alarms[i], 1);
		l->errors_expected++;
		lab_run(l, 2000);
		line_mem_event(l->spans[0].line, LINE_CLEAR, 1);
		lab_run(l, 3000);
		assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
		assert_int_equal(exchange_stats(l->spans[0].x).restarts, before);
		exchange_hangup(c, 16);
		lab_run(l, 3000);
		lab_close(l);
	}
}

/* The signal is back, but the other end does not receive ours yet: that is no loss of signal any more. */
static void test_los_becomes_yellow(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){0});
	struct xcall *c = call_up(l);

	line_mem_event(l->spans[0].line, LINE_LOS, 1);
	lab_run(l, 1000);
	line_mem_event(l->spans[0].line, LINE_YELLOW, 1);
	l->errors_expected += 2;
	lab_run(l, 10000);
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	line_mem_event(l->spans[0].line, LINE_CLEAR, 1);
	exchange_hangup(c, 16);
	lab_run(l, 3000);
	lab_close(l);
}

/* One kind of nothing gives way to another: the time runs on. */
static void test_los_becomes_blue(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){0});

	call_up(l);
	for (unsigned i = 0; i < 2; i++) {
		line_mem_event(l->spans[0].line, i % 2 ? LINE_BLUE : LINE_LOS, 1);
		l->errors_expected++;
		lab_run(l, CLEARS_MS - 500);
	}
	assert_true(lab_log_has(l, "nothing is received any more: 1 calls are cleared"));
	line_mem_event(l->spans[0].line, LINE_CLEAR, 1);
	lab_run(l, 5000);
	lab_close(l);
}

/* Calls are cleared in the very moment in which one is given up: that one has ended already. */
static void test_over_already(void **state)
{
	static const struct talk_params from_line = {.name = "given up", .from_line = true};
	struct lab *l = talk_lab(NULL);
	struct talk t;

	talk_start(&t, l, &from_line);
	talk_until(&t, PSTN_UP, -1, 3000);
	lab_kill_exchange(l, 0, true);
	talk_hangup_peer(&t);
	talk_until(&t, PSTN_CLEARING, -1, 1000);
	lab_run(l, CLEARING_MS - CLEARS_MS);
	line_mem_event(l->spans[0].line, LINE_LOS, 1);
	l->errors_expected++;
	lab_run(l, CLEARS_MS);
	assert_int_equal(lab_log_count(l, ": END "), 1);
	assert_true(lab_is_idle(l, NULL));
	lab_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_blue),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_los_becomes_yellow),
		cmocka_unit_test(test_los_becomes_blue),
		cmocka_unit_test(test_over_already),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
