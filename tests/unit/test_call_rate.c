/* SPDX-License-Identifier: GPL-2.0-only */
/* So many calls in a second: in a burst, evenly, and after a pause. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/base/clock.h"
#include "gateway/sipside/call_rate.h"

static struct call_rate rate;

static int set_up(void **state)
{
	rate = (struct call_rate){0};
	return 0;
}

/* How many of N calls at NOW_US pass. */
static unsigned passed(unsigned per_second, int64_t now_us, unsigned n)
{
	unsigned count = 0;

	while (n--)
		if (call_rate_has_room(&rate, per_second, now_us)) {
			call_rate_count(&rate, per_second, now_us);
			count++;
		}
	return count;
}

static void burst(void **state)
{
	const int64_t at = 1000 * SEC_US;

	assert_int_equal(passed(10, at, 100), 10);
	assert_int_equal(passed(10, at + 99 * MS_US, 100), 0);
	assert_int_equal(passed(10, at + 100 * MS_US, 100), 1);
	assert_int_equal(passed(10, at + 1100 * MS_US, 100), 10);
	/* a pause earns no more than a second's */
	assert_int_equal(passed(10, at + 3600 * SEC_US, 100), 10);
}

static void even(void **state)
{
	unsigned count = 0;

	for (unsigned i = 0; i < 1000; i++)
		count += passed(7, i * 10 * MS_US, 3);
	assert_in_range(count, 76, 77);
}

static void one_or_any(void **state)
{
	assert_int_equal(passed(1, 5 * SEC_US, 3), 1);
	assert_int_equal(passed(1, 6 * SEC_US - 1, 3), 0);
	assert_int_equal(passed(1, 6 * SEC_US, 3), 1);
	assert_int_equal(passed(0, 6 * SEC_US, 1000), 1000);
	assert_int_equal(passed(1000, 20 * SEC_US, 2000), 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(burst, set_up),
		cmocka_unit_test_setup(even, set_up),
		cmocka_unit_test_setup(one_or_any, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
