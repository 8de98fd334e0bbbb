/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dahdi/chanmap.h"

#define E1_MASK 0xFFFEFFFEu
#define BIT(ts) (1u << (ts))

static void starts_free_or_absent(void **state)
{
	struct chanmap m;

	chanmap_init(&m, E1_MASK | 1, HUNT_ASCENDING);
	assert_int_equal(chanmap_count(&m, CHAN_FREE), 30);
	assert_int_equal(chanmap_state(&m, 0), CHAN_ABSENT);
	assert_int_equal(chanmap_state(&m, 16), CHAN_ABSENT);
	assert_int_equal(chanmap_state(&m, 31), CHAN_FREE);
	assert_int_equal(chanmap_state(&m, 32), CHAN_ABSENT);
	assert_int_equal(chanmap_state(&m, 1000), CHAN_ABSENT);
}

static void hunts_ascending(void **state)
{
	struct chanmap m;
	unsigned ts;

	chanmap_init(&m, E1_MASK, HUNT_ASCENDING);
	for (ts = 1; ts < 32; ts++) {
		if (ts != 16)
			assert_int_equal(chanmap_hunt(&m, 0), ts);
	}
	assert_int_equal(chanmap_hunt(&m, 0), 0);
	assert_int_equal(chanmap_count(&m, CHAN_BUSY), 30);
	chanmap_release(&m, 9);
	chanmap_release(&m, 7);
	assert_int_equal(chanmap_hunt(&m, 0), 7);
	assert_int_equal(chanmap_hunt(&m, 0), 9);
}

static void hunts_descending(void **state)
{
	struct chanmap m;
	unsigned ts;

	chanmap_init(&m, E1_MASK, HUNT_DESCENDING);
	for (ts = 31; ts > 0; ts--) {
		if (ts != 16)
			assert_int_equal(chanmap_hunt(&m, 0), ts);
	}
	assert_int_equal(chanmap_hunt(&m, 0), 0);
}

static void hunts_round_robin(void **state)
{
	struct chanmap m;

	chanmap_init(&m, BIT(1) | BIT(2) | BIT(31), HUNT_ROUND_ROBIN);
	assert_int_equal(chanmap_hunt(&m, 0), 1);
	chanmap_release(&m, 1);
	assert_int_equal(chanmap_hunt(&m, 0), 2);
	chanmap_release(&m, 2);
	assert_int_equal(chanmap_hunt(&m, 0), 31);
	/* 31 is still busy: round to 1, then 2, then none. */
	assert_int_equal(chanmap_hunt(&m, 0), 1);
	assert_int_equal(chanmap_hunt(&m, 0), 2);
	assert_int_equal(chanmap_hunt(&m, 0), 0);
	chanmap_release(&m, 2);
	assert_int_equal(chanmap_hunt(&m, 0), 2);
}

static void hunts_around_collisions(void **state)
{
	struct chanmap m;

	chanmap_init(&m, BIT(1) | BIT(2) | BIT(3), HUNT_ASCENDING);
	assert_int_equal(chanmap_hunt(&m, BIT(1) | BIT(2)), 3);
	assert_int_equal(chanmap_hunt(&m, BIT(1) | BIT(2)), 0);
	assert_int_equal(chanmap_hunt(&m, 0), 1);
}

static void takes_what_is_asked_for(void **state)
{
	struct chanmap m;

	chanmap_init(&m, E1_MASK, HUNT_ASCENDING);
	assert_int_equal(chanmap_take(&m, 5), 0);
	assert_int_equal(chanmap_state(&m, 5), CHAN_BUSY);
	assert_int_equal(chanmap_take(&m, 5), EBUSY);
	assert_int_equal(chanmap_take(&m, 16), ENOENT);
	assert_int_equal(chanmap_take(&m, 0), ENOENT);
	assert_int_equal(chanmap_take(&m, 32), ENOENT);
	chanmap_release(&m, 5);
	assert_int_equal(chanmap_take(&m, 5), 0);
	chanmap_block(&m, 6, CHAN_REMOTE, true);
	assert_int_equal(chanmap_take(&m, 6), EBUSY);
}

static void restarts_only_free_ones(void **state)
{
	struct chanmap m;

	chanmap_init(&m, BIT(1) | BIT(2), HUNT_ASCENDING);
	assert_int_equal(chanmap_restart(&m, 1), 0);
	assert_int_equal(chanmap_restart(&m, 1), EBUSY);
	assert_int_equal(chanmap_take(&m, 1), EBUSY);
	assert_int_equal(chanmap_hunt(&m, 0), 2);
	assert_int_equal(chanmap_restart(&m, 2), EBUSY);
	assert_int_equal(chanmap_restart(&m, 3), EBUSY);
	assert_int_equal(chanmap_restart(&m, 77), EBUSY);
	chanmap_release(&m, 1);
	assert_int_equal(chanmap_state(&m, 1), CHAN_FREE);
}

static void blocks_now_or_after_the_call(void **state)
{
	struct chanmap m;

	chanmap_init(&m, BIT(1) | BIT(2) | BIT(3), HUNT_ASCENDING);
	chanmap_block(&m, 1, CHAN_REMOTE, true);
	assert_int_equal(chanmap_state(&m, 1), CHAN_BLOCKED);
	chanmap_release(&m, 1);
	assert_int_equal(chanmap_state(&m, 1), CHAN_BLOCKED);
	assert_int_equal(chanmap_hunt(&m, 0), 2);
	chanmap_block(&m, 2, CHAN_REMOTE, true);
	assert_int_equal(chanmap_state(&m, 2), CHAN_BUSY);
	chanmap_release(&m, 2);
	assert_int_equal(chanmap_state(&m, 2), CHAN_BLOCKED);
	chanmap_block(&m, 2, CHAN_REMOTE, false);
	assert_int_equal(chanmap_state(&m, 2), CHAN_FREE);
	/* Blocked and unblocked while busy: as if nothing had been. */
	assert_int_equal(chanmap_take(&m, 3), 0);
	chanmap_block(&m, 3, CHAN_REMOTE, true);
	chanmap_block(&m, 3, CHAN_REMOTE, false);
	chanmap_release(&m, 3);
	assert_int_equal(chanmap_state(&m, 3), CHAN_FREE);
	chanmap_restart(&m, 3);
	chanmap_block(&m, 3, CHAN_REMOTE, true);
	chanmap_release(&m, 3);
	assert_int_equal(chanmap_state(&m, 3), CHAN_BLOCKED);
	chanmap_block(&m, 16, CHAN_REMOTE, true);
	chanmap_block(&m, 40, CHAN_REMOTE, true);
	assert_int_equal(chanmap_count(&m, CHAN_BLOCKED), 2);
}

static void parses_lists(void **state)
{
	uint32_t mask = 0;
	const char *why = NULL;

	assert_int_equal(chanmap_parse("1-15,17-31", &mask, &why), 0);
	assert_int_equal(mask, E1_MASK);
	assert_int_equal(chanmap_parse(" 1 - 3 , 31\t", &mask, &why), 0);
	assert_int_equal(mask, BIT(1) | BIT(2) | BIT(3) | BIT(31));
	assert_int_equal(chanmap_parse("7", &mask, &why), 0);
	assert_int_equal(mask, BIT(7));
	assert_int_equal(chanmap_parse("9-9", &mask, &why), 0);
	assert_int_equal(mask, BIT(9));
	assert_null(why);
}

static void refuses_bad_lists(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "no timeslots"},
		{"  ", "no timeslots"},
		{"0-15", "timeslot 0 carries the framing"},
		{"1-32", "a timeslot is above 31"},
		{"99999999999999999999", "a timeslot is above 31"},
		{"15-1", "a range runs backwards"},
		{"1-5,5-9", "a timeslot is named twice"},
		{"1,", "a timeslot is missing at the end"},
		{"1-", "a timeslot is missing at the end"},
		{",1", "a timeslot must be a number"},
		{"-5", "a timeslot must be a number"},
		{"all", "a timeslot must be a number"},
		{"1-15;17-31", "timeslots are parted by ','"},
		{"1-2-3", "timeslots are parted by ','"},
		{"1 2", "timeslots are parted by ','"},
		{"0x1", "timeslot 0 carries the framing"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t mask = 77;
		const char *why = NULL;

		assert_int_equal(chanmap_parse(bad[i].text, &mask, &why), EINVAL);
		assert_string_equal(why, bad[i].why);
		assert_int_equal(mask, 77);
	}
}

static void names_its_states(void **state)
{
	assert_string_equal(chan_state_name(CHAN_ABSENT), "absent");
	assert_string_equal(chan_state_name(CHAN_BLOCKED), "blocked");
	assert_string_equal(chan_state_name((enum chan_state)77), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_free_or_absent),
		cmocka_unit_test(hunts_ascending),
		cmocka_unit_test(hunts_descending),
		cmocka_unit_test(hunts_round_robin),
		cmocka_unit_test(hunts_around_collisions),
		cmocka_unit_test(takes_what_is_asked_for),
		cmocka_unit_test(restarts_only_free_ones),
		cmocka_unit_test(blocks_now_or_after_the_call),
		cmocka_unit_test(parses_lists),
		cmocka_unit_test(refuses_bad_lists),
		cmocka_unit_test(names_its_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
