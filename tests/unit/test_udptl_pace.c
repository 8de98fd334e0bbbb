/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "t38/udptl/udptl_pace.h"

static struct udptl_pace p;

static void hold(uint8_t n)
{
	const uint8_t datagram[] = {n, n, n};

	assert_false(udptl_pace_is_full(&p));
	udptl_pace_hold(&p, datagram, sizeof(datagram), n);
}

static void expect(uint8_t n)
{
	const struct udptl_pace_datagram *d = udptl_pace_take(&p);

	assert_non_null(d);
	assert_int_equal(d->octets, 3);
	assert_int_equal(d->copies, n);
	assert_int_equal(d->p[0], n);
	assert_int_equal(d->p[2], n);
}

/* The first of an instant goes at once; the others wait for the instants that follow, and what is new for them. */
static void one_an_instant(void **state)
{
	udptl_pace_init(&p);
	assert_int_equal(udptl_pace_due(&p), 0);
	assert_true(udptl_pace_is_free(&p));
	assert_false(udptl_pace_is_free(&p));
	hold(1);
	hold(2);
	assert_int_equal(udptl_pace_due(&p), 1);
	expect(1);
	assert_false(udptl_pace_is_free(&p));
	hold(3);
	assert_int_equal(udptl_pace_due(&p), 1);
	expect(2);
	assert_int_equal(udptl_pace_due(&p), 1);
	expect(3);
	assert_false(udptl_pace_is_free(&p)); /* it was sent in this instant */
	assert_int_equal(udptl_pace_due(&p), 0);
	assert_true(udptl_pace_is_free(&p));
	assert_null(udptl_pace_take(&p));
}

static void many_go_two_at_a_time(void **state)
{
	unsigned sent = 0;

	udptl_pace_init(&p);
	for (unsigned round = 0; round < 3; round++) { /* around the ring */
		for (uint8_t i = 0; i < UDPTL_PACE_HELD; i++)
			hold(i + 1);
		assert_true(udptl_pace_is_full(&p));
		for (unsigned n; (n = udptl_pace_due(&p)); sent++) {
			assert_int_equal(n, p.count > UDPTL_PACE_LONG ? 2 : 1);
			while (n--)
				expect((uint8_t)(UDPTL_PACE_HELD - p.count + 1));
		}
	}
	assert_int_equal(sent, 3 * (UDPTL_PACE_LONG + (UDPTL_PACE_HELD - UDPTL_PACE_LONG) / 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_an_instant),
		cmocka_unit_test(many_go_two_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
