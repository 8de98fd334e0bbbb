/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is promised of T.38 under network damage, with few seeds: each means (redundancy, the tail, the window) by what
 * fails without it, a peer that does the same, and two gateways back to back. `make fax-matrix` has the same with many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"

enum peer { PLAIN, CAREFUL, TWIN };

struct bar {
	const char *name;
	enum peer peer;
	unsigned seeds;
	bool no_ecm;
	struct net_sim_damage damage;
};

static const struct bar bars[] = {
	{"20 % loss, a plain peer", PLAIN, 3, false, {.loss = 0.2}},
	{"20 % loss, a careful peer", CAREFUL, 3, false, {.loss = 0.2}},
	{"30 % loss, a careful peer", CAREFUL, 3, false, {.loss = 0.3}},
	{"0 to 300 ms of jitter, a careful peer", CAREFUL, 3, false, {.jitter_us = 300000}},
	{"20 % loss, two gateways", TWIN, 3, false, {.loss = 0.2}},
	{"30 % loss, two gateways", TWIN, 3, false, {.loss = 0.3}},
	{"0 to 300 ms of jitter, two gateways", TWIN, 3, false, {.jitter_us = 300000}},
	{"10 % loss, no ECM, two gateways", TWIN, 3, true, {.loss = 0.1}},
	{"gaps of 250 ms, a plain peer",
	 PLAIN,
	 4,
	 false,
	 {.good_mean_us = 3000000, .bad_mean_us = 250000, .burst_loss = 1.0}},
	{"gaps of 100 ms, two gateways",
	 TWIN,
	 4,
	 false,
	 {.good_mean_us = 3000000, .bad_mean_us = 100000, .burst_loss = 1.0}},
};

static void run(const struct bar *b, const char *fax_text, bool from_line, uint64_t seed, struct fax_outcome *op)
{
	struct fax_case c = {
		.name = b->name,
		.from_line = from_line,
		.no_ecm = b->no_ecm,
		.rows = 200,
		.lab = {.seed = seed, .fax_text = fax_text, .far_fax_text = fax_text, .far_gateway = b->peer == TWIN},
		.damage = b->damage,
	};

	c.lab.peer.hangup_done_ms = from_line ? 0 : 300;
	if (b->peer == CAREFUL) {
		c.lab.peer.window_ms = 240;
		c.lab.peer.tail = 5;
	}
	fax_run(&c, NULL, op);
	if (!fax_text)
		fax_expect_whole(&c, op);
}

static void test_bar(void **state)
{
	const struct bar *b = *state;

	for (unsigned i = 0; i < 2 * b->seeds; i++) {
		struct fax_outcome o;

		run(b, NULL, i & 1, 300 + i, &o);
		assert_true(b->peer != TWIN || o.peer.status == 0); /* it was the other gateway indeed */
	}
}

/* Of six, how many pass with these keys, and how long they take together. */
static unsigned count(const struct bar *b, const char *fax_text, int64_t *msp)
{
	unsigned whole = 0;

	*msp = 0;
	for (unsigned i = 0; i < 6; i++) {
		struct fax_outcome o;

		run(b, fax_text, i & 1, 1000 + i, &o);
		whole += o.whole;
		*msp += o.line_ms;
	}
	return whole;
}

#define LITTLE "redundancy_control = 1\nredundancy_image = 1\nredundancy_most = 1\n"

static void test_each_means(void **state)
{
	static const struct bar loss = {"30 % loss", TWIN, 0, false, {.loss = 0.3}},
				jitter = {"0 to 300 ms of jitter", TWIN, 0, false, {.jitter_us = 300000}};
	int64_t with_ms, without_ms;

	assert_int_equal(count(&loss, "tail_repeats = 5\n", &with_ms), 6);
	assert_in_range(count(&loss, "redundancy_control = 0\nredundancy_image = 0\n", &without_ms), 0, 1);
	/* what the tail is worth beside a depth that counts times: test_tail.c */
	/* depth, which counts times, would mend some of it without the window */
	assert_int_equal(count(&jitter, LITTLE "rx_window = 240 ms\n", &with_ms), 6);
	assert_in_range(count(&jitter, LITTLE "rx_window = 0 ms\n", &without_ms), 0, 3);
}

int main(void)
{
	enum { N = sizeof(bars) / sizeof(bars[0]) };
	struct CMUnitTest tests[N + 1] = {cmocka_unit_test(test_each_means)};

	for (size_t i = 0; i < N; i++)
		tests[1 + i] = (struct CMUnitTest){bars[i].name, test_bar, NULL, NULL, (void *)&bars[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
