/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A peer that puts no packet in order, and that redundancy does not help, on a network whose jitter is less than the 20
 * ms of a block: what we send must not overtake itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/call/fax.h"

#define SEEDS	  6
#define JITTER_US 18000

static const struct pace_case {
	const char *name, *fax_text, *peer_text;
	enum udptl_sim_kind kind;
	bool no_ecm;
} cases[] = {
	{"no error correction", "error_correction = none\n", "t38_ec = none\n", UDPTL_SIM_NONE, false},
	{"no error correction, no ECM", "error_correction = none\n", "t38_ec = none\n", UDPTL_SIM_NONE, true},
	{"FEC", "error_correction = fec\n", "t38_ec = fec\n", UDPTL_SIM_FEC, false},
};

static void test_pace(void **state)
{
	const struct pace_case *p = &cases[(size_t)*state / 2];
	bool from_line = (size_t)*state % 2;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct fax_case c = {
			.name = p->name,
			.from_line = from_line,
			.no_ecm = p->no_ecm,
			.lab = {.seed = seed,
				.fax_text = p->fax_text,
				.peer_text = p->peer_text,
				.peer = {.error_correction = p->kind, .hangup_done_ms = from_line ? 0 : 300}},
			.damage = {.jitter_us = JITTER_US},
		};
		struct fax_outcome o;

		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
	}
}

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	static char names[2 * N][80];
	struct CMUnitTest tests[2 * N];

	for (size_t i = 0; i < 2 * N; i++) {
		snprintf(names[i], sizeof(names[i]), "%s, %s the line", cases[i / 2].name, i % 2 ? "from" : "to");
		tests[i] = (struct CMUnitTest){names[i], test_pace, NULL, NULL, (void *)i};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
