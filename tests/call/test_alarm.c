/* SPDX-License-Identifier: GPL-2.0-only */
/* Alarms that end calls: each with its cause and reason; when the line is back its channels are restarted and calls
 * pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/lab.h"

#define B_CHANNELS 30

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_blue),
		cmocka_unit_test(test_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
