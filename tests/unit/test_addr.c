/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/addr.h"

static void test_good(void **state)
{
	static const struct {
		const char *text, *full, *host;
	} good[] = {
		{"192.0.2.1", "192.0.2.1:5060", "192.0.2.1"},
		{"192.0.2.1:0", "192.0.2.1:0", "192.0.2.1"},
		{"255.255.255.255:65535", "255.255.255.255:65535", "255.255.255.255"},
		{"2001:db8::1", "[2001:db8::1]:5060", "2001:db8::1"},
		{"[2001:DB8::1]", "[2001:db8::1]:5060", "2001:db8::1"},
		{"[2001:db8::1]:7", "[2001:db8::1]:7", "2001:db8::1"},
		{"::", "[::]:5060", "::"},
		{"[2001:db8:1111:2222:3333:4444:5555:6666]:65535", "[2001:db8:1111:2222:3333:4444:5555:6666]:65535",
		 "2001:db8:1111:2222:3333:4444:5555:6666"},
		{"::ffff:192.0.2.1", "[::ffff:192.0.2.1]:5060", "::ffff:192.0.2.1"},
	};
	char buf[ADDR_TEXT_OCTETS];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct addr a;

		assert_int_equal(addr_parse(&a, good[i].text, 5060), 0);
		assert_string_equal(addr_print(&a, buf), good[i].full);
		assert_string_equal(addr_print_host(&a, buf), good[i].host);
	}
}

static void test_bad(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"192.0.2",
		"192.0.2.256",
		"192.0.2.1:",
		"192.0.2.1:65536",
		"192.0.2.1:1x",
		"192.0.2.1:-1",
		"192.0.2.1: 1",
		"192.0.2.1:000001",
		"[192.0.2.1]:5",
		"[2001:db8::1",
		"[2001:db8::1]5",
		"[2001:db8::1]:",
		"[]",
		"[]:5",
		":5060",
		"2001:db8::g",
		"[[::1]]",
		"example.org",
		"192.0.2.1 ",
		"1111111111111111111111111111111111111111111111111111111111111111111111111111111111",
	};
	struct addr a;

	memset(&a, 0x55, sizeof(a));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!addr_parse(&a, bad[i], 5060))
			fail_msg("\"%s\" was taken", bad[i]);
		assert_int_equal(((uint8_t *)&a)[0], 0x55); /* written only on success */
	}
}

static void test_questions(void **state)
{
	struct addr none = {0}, a, b, c;
	char buf[ADDR_TEXT_OCTETS];

	addr_parse(&a, "192.0.2.1:10", 0);
	addr_parse(&b, "192.0.2.1:11", 0);
	addr_parse(&c, "[::ffff:192.0.2.1]:10", 0);
	assert_false(addr_is_set(&none));
	assert_string_equal(addr_print(&none, buf), "-");
	assert_string_equal(addr_print_host(&none, buf), "-");
	assert_int_equal(addr_port(&none), 0);
	assert_true(addr_is_set(&a));
	assert_true(addr_same_host(&a, &b));
	assert_false(addr_equal(&a, &b));
	assert_true(addr_equal(&a, &a));
	assert_false(addr_same_host(&a, &c));
	assert_false(addr_same_host(&a, &none));
	assert_true(addr_equal(&none, &none));
	addr_set_port(&b, 10);
	assert_true(addr_equal(&a, &b));
	addr_parse(&b, "192.0.2.2:10", 0);
	assert_false(addr_equal(&a, &b));
	assert_false(addr_is_any(&a));
	assert_false(addr_is_any(&none));
	addr_parse(&b, "0.0.0.0", 0);
	assert_true(addr_is_any(&b));
	addr_parse(&b, "::", 9);
	assert_true(addr_is_any(&b));
	assert_int_equal(addr_port(&b), 9);
	assert_int_equal(addr_len(&b), sizeof(struct sockaddr_in6));
	assert_int_equal(addr_len(&a), sizeof(struct sockaddr_in));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_questions),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
