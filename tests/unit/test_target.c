/* SPDX-License-Identifier: GPL-2.0-only */
/* The order in which the servers of a name are tried: RFC 2782. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/dns/target.h"

static void add(struct sip_targets *ts, const char *addr, unsigned priority, unsigned weight, unsigned group)
{
	struct sip_target t = {.priority = (uint16_t)priority, .weight = (uint16_t)weight, .group = (uint8_t)group};

	assert_int_equal(addr_parse(&t.hop.addr, addr, 5060), 0);
	assert_true(targets_add(ts, &t));
}

static void one_target_needs_no_lot(void **state)
{
	struct sip_hop hop = {.transport = SIP_TCP};
	struct sip_targets ts;
	uint8_t order[SIP_MAX_TARGETS] = {9};
	uint64_t seed = 1;

	addr_parse(&hop.addr, "192.0.2.1", 5060);
	ts = targets_of(&hop);
	targets_order(&ts, 1, &seed, order);
	assert_int_equal(order[0], 0);
	assert_int_equal(targets_find(&ts, &hop), 0);
	hop.transport = SIP_UDP;
	assert_int_equal(targets_find(&ts, &hop), -1);
}

static void no_hop_twice_and_no_more_than_there_is_room(void **state)
{
	struct sip_targets ts = {0};
	struct sip_target t = {0};
	char text[32];

	for (unsigned i = 0; i < SIP_MAX_TARGETS; i++) {
		snprintf(text, sizeof(text), "192.0.2.%u", i + 1);
		add(&ts, text, 0, 0, i);
	}
	t.hop = ts.list[3].hop;
	ts.count--;
	assert_false(targets_add(&ts, &t));
	t.hop = ts.list[15].hop;
	assert_true(targets_add(&ts, &t));
	addr_parse(&t.hop.addr, "192.0.2.99", 5060);
	assert_false(targets_add(&ts, &t));
	assert_int_equal(ts.count, SIP_MAX_TARGETS);
}

static void lower_priorities_come_first(void **state)
{
	struct sip_targets ts = {0};
	uint8_t order[SIP_MAX_TARGETS];

	add(&ts, "192.0.2.1", 30, 1, 0);
	add(&ts, "192.0.2.2", 10, 0, 1);
	add(&ts, "192.0.2.3", 65535, 1000, 2);
	add(&ts, "192.0.2.4", 20, 65535, 3);
	for (uint64_t seed = 0; seed < 1000; seed++) {
		uint64_t s = seed;

		targets_order(&ts, 0, &s, order);
		assert_memory_equal(order, ((uint8_t[]){1, 3, 0, 2}), 4);
	}
}

static void the_weights_are_the_shares(void **state)
{
	struct sip_targets ts = {0};
	unsigned first[4] = {0}, second_after_70[4] = {0}, n = 100000;
	uint8_t order[SIP_MAX_TARGETS];
	uint64_t seed = 20261121;

	add(&ts, "192.0.2.1", 1, 70, 0);
	add(&ts, "192.0.2.2", 1, 20, 1);
	add(&ts, "192.0.2.3", 1, 10, 2);
	add(&ts, "192.0.2.4", 1, 0, 3);
	for (unsigned i = 0; i < n; i++) {
		targets_order(&ts, 0, &seed, order);
		first[order[0]]++;
		if (!order[0])
			second_after_70[order[1]]++;
	}
	/* a number from 0 to 100 inclusive: 0 is the light one's, the rest goes by weight */
	assert_in_range(first[0], n * 68 / 100, n * 71 / 100);
	assert_in_range(first[1], n * 19 / 100, n * 21 / 100);
	assert_in_range(first[2], n * 9 / 100, n * 11 / 100);
	assert_in_range(first[3], n * 8 / 1000, n * 12 / 1000);
	/* of those that are left, again by their weights: 20 to 10 */
	assert_in_range(second_after_70[1], first[0] * 62 / 100, first[0] * 67 / 100);
}

static void without_weights_the_order_stands(void **state)
{
	struct sip_targets ts = {0};
	uint8_t order[SIP_MAX_TARGETS];
	unsigned lots = 0;

	add(&ts, "192.0.2.1", 1, 0, 0);
	add(&ts, "192.0.2.2", 1, 0, 1);
	/* RFC 2782 takes the first of several of weight 0: they are for where there is nothing to choose */
	for (uint64_t seed = 0; seed < 100; seed++) {
		uint64_t s = seed;

		targets_order(&ts, 0, &s, order);
		lots += order[0];
		assert_int_equal(order[0] + order[1], 1);
	}
	assert_int_equal(lots, 0);
}

static void the_addresses_of_a_server_stay_together(void **state)
{
	struct sip_targets ts = {0};
	uint8_t order[SIP_MAX_TARGETS];
	unsigned second_first = 0;
	uint64_t seed = 5;

	add(&ts, "192.0.2.1", 1, 50, 0);
	add(&ts, "192.0.2.2", 1, 50, 0);
	add(&ts, "192.0.2.3", 1, 50, 1);
	for (unsigned i = 0; i < 2000; i++) {
		targets_order(&ts, 0, &seed, order);
		if (order[0] == 2)
			assert_memory_equal(order, ((uint8_t[]){2, 0, 1}), 3);
		else
			assert_memory_equal(order, ((uint8_t[]){0, 1, 2}), 3);
		second_first += order[0] == 2;
	}
	assert_in_range(second_first, 900, 1100); /* its weight is the record's, however many addresses that has */
}

static void the_held_come_last_in_their_order(void **state)
{
	struct sip_targets ts = {0};
	uint8_t order[SIP_MAX_TARGETS];
	uint64_t seed = 7;

	add(&ts, "192.0.2.1", 1, 0, 0);
	add(&ts, "192.0.2.2", 2, 0, 1);
	add(&ts, "192.0.2.3", 3, 0, 2);
	targets_order(&ts, 1u << 0, &seed, order);
	assert_memory_equal(order, ((uint8_t[]){1, 2, 0}), 3);
	targets_order(&ts, 1u << 0 | 1u << 2, &seed, order);
	assert_memory_equal(order, ((uint8_t[]){1, 0, 2}), 3);
	targets_order(&ts, 7, &seed, order);
	assert_memory_equal(order, ((uint8_t[]){0, 1, 2}), 3);
}

static void the_same_seed_gives_the_same_order(void **state)
{
	struct sip_targets ts = {0}, other;
	uint8_t a[SIP_MAX_TARGETS], b[SIP_MAX_TARGETS];
	uint64_t s = 42, t = 42;
	char text[32];

	for (unsigned i = 0; i < SIP_MAX_TARGETS; i++) {
		snprintf(text, sizeof(text), "192.0.2.%u", i + 1);
		add(&ts, text, 65535, 65535, i);
	}
	for (unsigned i = 0; i < 50; i++) {
		targets_order(&ts, 0, &s, a);
		targets_order(&ts, 0, &t, b);
		assert_memory_equal(a, b, SIP_MAX_TARGETS);
	}
	other = ts;
	assert_true(targets_equal(&ts, &other));
	other.list[15].weight--;
	assert_false(targets_equal(&ts, &other));
	other = ts;
	other.count--;
	assert_false(targets_equal(&ts, &other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_target_needs_no_lot),
		cmocka_unit_test(no_hop_twice_and_no_more_than_there_is_room),
		cmocka_unit_test(lower_priorities_come_first),
		cmocka_unit_test(the_weights_are_the_shares),
		cmocka_unit_test(without_weights_the_order_stands),
		cmocka_unit_test(the_addresses_of_a_server_stay_together),
		cmocka_unit_test(the_held_come_last_in_their_order),
		cmocka_unit_test(the_same_seed_gives_the_same_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
