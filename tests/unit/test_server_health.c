/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose turn it is among a peer's servers, and which of them miss. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sip/server_health.h"

static struct sip_targets targets(const char *const *list)
{
	struct sip_targets ts = {0};

	for (unsigned i = 0; list[i]; i++) {
		struct sip_target t = {.group = (uint8_t)i};

		assert_int_equal(addr_parse(&t.hop.addr, list[i], 5060), 0);
		assert_true(targets_add(&ts, &t));
	}
	return ts;
}

static void expect_next(struct server_health *s, const char *host)
{
	char text[ADDR_TEXT_OCTETS];

	assert_string_equal(addr_print_host(&server_health_next(s)->addr, text), host);
}

static void test_turns(void **state)
{
	struct sip_targets ts = targets((const char *[]){"10.0.0.1", "10.0.0.2", "10.0.0.3", NULL});
	struct server_health s = {0};

	assert_true(server_health_take(&s, &ts));
	expect_next(&s, "10.0.0.1");
	expect_next(&s, "10.0.0.2");
	assert_false(server_health_take(&s, &ts));
	expect_next(&s, "10.0.0.3");
	expect_next(&s, "10.0.0.1");
}

static void test_least(void **state)
{
	struct sip_targets ts = targets((const char *[]){"10.0.0.1", "10.0.0.2", NULL});
	struct server_health s = {0};

	assert_int_equal(server_health_least(&s), 0);
	server_health_take(&s, &ts);
	server_health_next(&s);
	assert_int_equal(server_health_missed(&s), 1);
	assert_int_equal(server_health_least(&s), 0);
	server_health_next(&s);
	assert_int_equal(server_health_missed(&s), 1);
	assert_int_equal(server_health_least(&s), 1);
	server_health_next(&s);
	assert_int_equal(server_health_missed(&s), 2);
	assert_int_equal(server_health_least(&s), 1);
	assert_int_equal(server_health_of(&s, &ts.list[0].hop), 2);
	assert_int_equal(server_health_of(&s, &ts.list[1].hop), 1);
	server_health_next(&s);
	assert_int_equal(server_health_answered(&s), 1);
	assert_int_equal(server_health_least(&s), 0);
}

static void test_moves(void **state)
{
	struct sip_targets ts = targets((const char *[]){"10.0.0.1", "10.0.0.2", NULL}),
			   turned = targets((const char *[]){"10.0.0.2", "10.0.0.1", NULL}),
			   other = targets((const char *[]){"10.0.0.9", "10.0.0.2", NULL}), none = {0};
	struct server_health s = {0};

	server_health_take(&s, &ts);
	server_health_next(&s);
	server_health_missed(&s);
	assert_false(server_health_take(&s, &turned)); /* the same ones */
	assert_int_equal(server_health_of(&s, &ts.list[0].hop), 1);
	expect_next(&s, "10.0.0.2"); /* .1 was the last */
	server_health_missed(&s);
	assert_true(server_health_take(&s, &other));
	assert_int_equal(server_health_of(&s, &ts.list[0].hop), 0);
	assert_int_equal(server_health_of(&s, &ts.list[1].hop), 1);
	expect_next(&s, "10.0.0.9");
	assert_false(server_health_take(&s, &none));
	assert_int_equal(server_health_least(&s), 0);
	assert_true(server_health_take(&s, &ts));
	expect_next(&s, "10.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
