/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line that breaks for a moment in mid-fax: the gateway clears no call. A fax from the line is whole. To the line
 * the machine there may lose the page's modem, and then gives up by itself (T.30, T2): so it would on any line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"

#define BREAKS_AT_MS 25000 /* in the page, in either direction */

struct interruption {
	int64_t begin_ms, end_ms;
	bool begun, ended;
};

static void on_step(struct lab *l, void *arg)
{
	struct interruption *b = arg;
	int64_t now_ms = lab_now_ms(l);

	if (!b->begin_ms) {
		b->begin_ms = now_ms + BREAKS_AT_MS;
		b->end_ms += b->begin_ms;
	}
	if (!b->begun && now_ms >= b->begin_ms) {
		b->begun = true;
		line_mem_set_los(l->spans[0].line, true);
		l->errors_expected++;
	}
	if (b->begun && !b->ended && now_ms >= b->end_ms) {
		b->ended = true;
		line_mem_set_los(l->spans[0].line, false);
	}
}

static void run(bool from_line, unsigned lasts_ms, struct fax_outcome *op)
{
	struct interruption b = {.end_ms = lasts_ms};
	struct fax_case c = {
		.name = from_line ? "a break, from the line" : "a break, from SIP",
		.from_line = from_line,
		.rows = 1500,
		.lab = {.fax_text = from_line ? "t38_start = on-preamble\n" : NULL,
			.peer = {.hangup_done_ms = from_line ? 0 : 300}},
		.on_step = on_step,
		.arg = &b,
	};

	fax_run(&c, "alarm: LOS", op);
	assert_true(op->has_text);
	assert_true(b.ended);
	assert_null(strstr(op->end, "cleared-by=gateway"));
	if (from_line)
		fax_expect_whole(&c, op);
}

static void test_from_line(void **state)
{
	struct fax_outcome o;

	run(true, 200, &o);
	run(true, 2000, &o);
}

static void test_from_sip(void **state)
{
	struct fax_outcome o;

	run(false, 200, &o);
	run(false, 2000, &o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_from_line), cmocka_unit_test(test_from_sip)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
