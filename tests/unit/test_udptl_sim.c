/* SPDX-License-Identifier: GPL-2.0-only */
/* The careful peer of the tests: it repeats the last datagram of a burst, and waits for a packet that is late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/base/clock.h"
#include "tests/sim/udptl_sim.h"

static char heard[32];

static void on_ifp(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	size_t n = strlen(heard);

	assert_true(len == 1 && n + 1 < sizeof(heard));
	heard[n] = (char)ifp[0];
	heard[n + 1] = '\0';
}

static void set_up(struct udptl_sim *u)
{
	heard[0] = '\0';
	udptl_sim_init(u, on_ifp, NULL);
	u->kind = UDPTL_SIM_NONE;
}

static void receive(struct udptl_sim *u, uint8_t seq, char ifp)
{
	const uint8_t datagram[] = {0, seq, 1, (uint8_t)ifp, 0, 0};

	assert_true(udptl_sim_receive(u, datagram, sizeof(datagram)));
}

static void test_tail(void **state)
{
	static struct udptl_sim u;
	uint8_t first[UDPTL_SIM_OCTETS], again[UDPTL_SIM_OCTETS];
	size_t n;

	set_up(&u);
	u.tail = 2;
	u.tail_us = 50 * MS_US;
	udptl_sim_tick(&u, 1 * SEC_US);
	assert_int_equal(udptl_sim_tail(&u, again), 0); /* nothing was sent yet */
	n = udptl_sim_send(&u, (const uint8_t *)"a", 1, first);
	udptl_sim_tick(&u, 1 * SEC_US + 49 * MS_US);
	assert_int_equal(udptl_sim_tail(&u, again), 0);
	for (unsigned i = 1; i <= 2; i++) {
		udptl_sim_tick(&u, 1 * SEC_US + i * 50 * MS_US);
		assert_int_equal(udptl_sim_tail(&u, again), n);
		assert_memory_equal(again, first, n);
		assert_int_equal(udptl_sim_tail(&u, again), 0);
	}
	udptl_sim_tick(&u, 2 * SEC_US);
	assert_int_equal(udptl_sim_tail(&u, again), 0); /* twice, and no more */
}

static void test_window(void **state)
{
	static struct udptl_sim u;

	set_up(&u);
	u.window_us = 100 * MS_US;
	udptl_sim_tick(&u, 1 * SEC_US);
	receive(&u, 1, 'a');
	receive(&u, 3, 'c');
	receive(&u, 4, 'd');
	assert_string_equal(heard, "a");
	udptl_sim_tick(&u, 1 * SEC_US + 90 * MS_US);
	receive(&u, 2, 'b'); /* late, and in time */
	assert_string_equal(heard, "abcd");
	receive(&u, 6, 'f');
	udptl_sim_tick(&u, 1 * SEC_US + 189 * MS_US);
	assert_string_equal(heard, "abcd");
	udptl_sim_tick(&u, 1 * SEC_US + 190 * MS_US);
	assert_string_equal(heard, "abcdf");
	assert_int_equal(u.stats.lost, 1);
	receive(&u, 5, 'e');
	assert_string_equal(heard, "abcdf");
	assert_int_equal(u.stats.late, 1);
}

static void test_no_window(void **state)
{
	static struct udptl_sim u;

	set_up(&u);
	receive(&u, 1, 'a');
	receive(&u, 3, 'c');
	receive(&u, 2, 'b');
	assert_string_equal(heard, "ac");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_no_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
