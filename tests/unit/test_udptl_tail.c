/* SPDX-License-Identifier: GPL-2.0-only */
/* When the last datagram of a burst is sent again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/base/clock.h"
#include "t38/udptl/udptl_tail.h"

/* From NOW_MS for so long, asked each 10 ms: when it was due, in milliseconds from the beginning; the count. */
static unsigned ask(struct udptl_tail *t, unsigned now_ms, unsigned ms, unsigned at_ms[16])
{
	unsigned n = 0;

	for (unsigned passed_ms = 0; passed_ms <= ms; passed_ms += 10)
		if (udptl_tail_due(t, (now_ms + passed_ms) * MS_US) && n < 16)
			at_ms[n++] = passed_ms;
	return n;
}

static void test_times(void **state)
{
	static const unsigned wanted_ms[] = {30, 60, 90, 120, 180, 300, 540, 1020, 1500};
	unsigned at_ms[16];
	struct udptl_tail t;

	udptl_tail_init(&t, 9, 30 * MS_US);
	assert_int_equal(ask(&t, 0, 2000, at_ms), 0); /* nothing was sent yet */
	udptl_tail_sent(&t, 2000 * MS_US);
	assert_int_equal(ask(&t, 2000, 10000, at_ms), 9);
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(at_ms[i], wanted_ms[i]);
}

/* What follows takes its place, and is repeated from the beginning. */
static void test_new_one(void **state)
{
	unsigned at_ms[16];
	struct udptl_tail t;

	udptl_tail_init(&t, 2, 20 * MS_US);
	udptl_tail_sent(&t, 1000 * MS_US);
	assert_int_equal(ask(&t, 1000, 30, at_ms), 1);
	udptl_tail_sent(&t, 1030 * MS_US);
	assert_int_equal(ask(&t, 1030, 1000, at_ms), 2);
	assert_int_equal(at_ms[0], 20);
	assert_int_equal(at_ms[1], 40);
}

static void test_none(void **state)
{
	unsigned at_ms[16];
	struct udptl_tail t;

	udptl_tail_init(&t, 0, 20 * MS_US);
	udptl_tail_sent(&t, 1000 * MS_US);
	assert_int_equal(ask(&t, 1000, 1000, at_ms), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_new_one),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
