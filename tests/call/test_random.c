/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of which everything is drawn by chance: whatever comes of the fax, nothing is left over, and the END line says
 * what the machines saw. `make random-calls` has thousands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/matrix/random.h"

#define SCENES 25

/* What bare spandsp is asked to do is the same fax: one with ECM beside one without tells nothing. */
static void check_bare(uint64_t seed, unsigned call, const struct random_verdict *v)
{
	if (v->whole && v->bare_known && v->bare_whole && v->bare_ecm != v->ecm)
		fail_msg("seed %u, call %u: ECM: %d, by bare spandsp %d", (unsigned)seed, call, v->ecm, v->bare_ecm);
}

static void test_random(void **state)
{
	struct random_verdict v[RANDOM_CALLS];
	unsigned calls = 0, whole = 0;
	struct random_scene s;

	for (uint64_t seed = 1; seed <= SCENES; seed++) {
		random_draw(seed, &s);
		assert_int_equal(random_run(&s, v), 0);
		for (unsigned i = 0; i < s.ncalls; i++) {
			calls++;
			whole += v[i].kind == RANDOM_WHOLE;
			check_bare(seed, i, &v[i]);
			if (random_verdict_is_fault(v[i].kind))
				fail_msg("seed %u, call %u: %s: \"%s\" fault=%s; %s", (unsigned)seed, i,
					 random_verdict_name(v[i].kind), v[i].result, v[i].fault, v[i].note);
		}
	}
	assert_true(whole * 2 > calls);
}

/* The same seed draws, and gives, the same. */
static void test_same_seed(void **state)
{
	struct random_verdict a[RANDOM_CALLS], b[RANDOM_CALLS];
	struct random_scene s, again;

	random_draw(7, &s);
	random_draw(7, &again);
	assert_memory_equal(&s, &again, sizeof(s));
	assert_int_equal(random_run(&s, a), 0);
	assert_int_equal(random_run(&again, b), 0);
	for (unsigned i = 0; i < s.ncalls; i++) {
		assert_int_equal(a[i].kind, b[i].kind);
		assert_string_equal(a[i].result, b[i].result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_same_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
