/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranges of addresses: how they are written, who is in them, how a configuration has them, and which peer they make. */
#include "config_text.h"
#include "gateway/base/addr_range.h"
#include "sip/peer.h"

static struct addr_range range(const char *text)
{
	struct addr_range r;
	const char *why;

	if (addr_range_parse(&r, text, &why))
		fail_msg("%s: %s", text, why);
	return r;
}

static struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 5060), 0);
	return a;
}

static bool has(const char *text, const char *addr)
{
	struct addr_range r = range(text);
	struct addr a = address(addr);

	return addr_range_has(&r, &a);
}

static void test_written(void **state)
{
	static const char *const good[][2] = {
		{"192.0.2.0/24", "192.0.2.0/24"},
		{"192.0.2.7", "192.0.2.7"},
		{"0.0.0.0/0", "0.0.0.0/0"},
		{"10.0.0.0/8", "10.0.0.0/8"},
		{"2001:DB8::/32", "2001:db8::/32"},
		{"2001:db8::1", "2001:db8::1"},
		{"192.0.2.254/31", "192.0.2.254/31"},
		{"::/0", "::/0"},
		{"2001:db8:8000::/33", "2001:db8:8000::/33"},
	};
	static const char *const bad[][2] = {
		{"", "it does not begin"},
		{"/24", "it does not begin"},
		{"example.com/24", "it does not begin"},
		{"192.0.2/24", "it does not begin"},
		{"192.0.2.0:5060/24", "a range has no port"},
		{"192.0.2.0:0", "a range has no port"},
		{"[2001:db8::]/32", "a range has no port"},
		{"192.0.2.0/", "behind the / stands a number from 0 to 32"},
		{"192.0.2.0/33", "behind the / stands a number from 0 to 32"},
		{"192.0.2.0/-1", "behind the / stands"},
		{"192.0.2.0/2 4", "behind the / stands"},
		{"192.0.2.0/0024", "behind the / stands"},
		{"192.0.2.0/255.255.255.0", "behind the / stands"},
		{"2001:db8::/129", "behind the / stands a number from 0 to 128"},
		{"192.0.2.1/24", "the address has bits beyond the range's"},
		{"2001:db8:8000::/32", "the address has bits beyond the range's"},
	};
	char buf[ADDR_TEXT_OCTETS];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct addr_range r = range(good[i][0]);

		assert_string_equal(addr_range_print(&r, buf), good[i][1]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct addr_range r;
		const char *why = "";

		assert_int_equal(addr_range_parse(&r, bad[i][0], &why), EINVAL);
		if (strncmp(why, bad[i][1], strlen(bad[i][1])))
			fail_msg("%s: %s", bad[i][0], why);
	}
}

static void test_has(void **state)
{
	const struct addr none = {.sa.sa_family = AF_UNSPEC};
	struct addr_range r = range("0.0.0.0/0");

	assert_true(has("192.0.2.0/24", "192.0.2.0"));
	assert_true(has("192.0.2.0/24", "192.0.2.255:9"));
	assert_false(has("192.0.2.0/24", "192.0.3.0"));
	assert_false(has("192.0.2.0/24", "192.0.1.255"));
	assert_true(has("192.0.2.8/29", "192.0.2.15"));
	assert_false(has("192.0.2.8/29", "192.0.2.16"));
	assert_true(has("192.0.2.7", "192.0.2.7"));
	assert_false(has("192.0.2.7", "192.0.2.6"));
	assert_true(has("0.0.0.0/0", "255.1.2.3"));
	assert_false(has("0.0.0.0/0", "2001:db8::1"));
	assert_true(has("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(has("2001:db8::/33", "2001:db8:8000::1"));
	assert_false(has("::/0", "192.0.2.1"));
	assert_false(addr_range_has(&r, &none));
}

static int load_main_text(const char *more)
{
	char text[4000];

	snprintf(text, sizeof(text), MAIN_HEAD "%s", more);
	return load(text, SPAN_HEAD);
}

static void refused(const char *keys, const char *expected)
{
	assert_int_equal(load_main_text(keys), EINVAL);
	assert_int_equal(errors.count, 1);
	if (strncmp(errors.list[0].text, expected, strlen(expected)))
		fail_msg("%s: %s", keys, errors.list[0].text);
}

static void test_config(void **state)
{
	assert_int_equal(load_main_text("[peer b]\naddress = 192.0.2.9\nallow = 198.51.100.0/24, 2001:db8::/32\n"
					"allow = 198.51.100.128/25\n[peer c]\naddress = 192.0.2.10\nallow = "
					"198.51.100.192/26\n"),
			 0);
	assert_int_equal(config->peers[0].allow.count, 0);
	assert_int_equal(config->peers[1].allow.count, 3);
	assert_int_equal(config->peers[1].allow.list[2].bits, 25);
	refused("[peer b]\naddress = 192.0.2.9\nallow = 192.0.2.0/24, 198.51.100.3/24\n",
		"m.conf:7: allow: 198.51.100.3/24 is not a range of addresses: the address has bits beyond");
	refused("[peer b]\naddress = 192.0.2.9\nallow = 192.0.2.0/24\nallow = 192.0.2.0/24\n",
		"m.conf:8: allow: 192.0.2.0/24 is there twice");
	refused("[peer b]\naddress = 192.0.2.9\nallow = 192.0.2.0/24\n[peer c]\naddress = 192.0.2.10\nallow = "
		"10.0.0.0/8\nallow = 192.0.2.0/24\n",
		"m.conf:11: allow: 192.0.2.0/24 belongs to [peer b] in line 5");
	refused("[peer b]\naddress = 192.0.2.9\nallow =\n", "m.conf:7: allow: has no value");
}

static void test_too_many(void **state)
{
	char text[3000] = "[peer b]\naddress = 192.0.2.9\n";

	for (unsigned i = 0; i <= CONFIG_MAX_RANGES; i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "allow = 198.51.%u.0/24\n", i);
	}
	refused(text, "m.conf:39: allow: 198.51.32.0/24 is one too many: there is room for 32 ranges");
}

/* The very address goes before every range, and of ranges the longest wins, however they are listed. */
static void test_peers(void **state)
{
	const struct addr_range wide[] = {range("10.0.0.0/8"), range("2001:db8::/32")},
				narrow[] = {range("10.1.0.0/16")}, narrowest[] = {range("10.1.2.0/24")};
	const struct sip_peer_params params[] = {
		{.name = "narrow", .addr = address("192.0.2.1"), .allow = narrow, .nallow = 1},
		{.name = "wide", .addr = address("192.0.2.2"), .allow = wide, .nallow = 2},
		{.name = "narrowest", .addr = address("192.0.2.3"), .allow = narrowest, .nallow = 1},
		{.name = "own", .addr = address("10.1.2.3")},
	};
	static const struct {
		const char *source;
		int peer;
	} cases[] = {{"10.1.2.3:9999", 3}, {"10.1.2.4", 2},  {"10.1.3.4", 0},	 {"10.2.0.1", 1},    {"192.0.2.2", 1},
		     {"192.0.2.4", -1},	   {"11.0.0.1", -1}, {"2001:db8::1", 1}, {"2001:db9::1", -1}};
	struct peers ps;

	assert_int_equal(peers_init(&ps, params, 4), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr a = address(cases[i].source);

		if (peers_find(&ps, &a) != cases[i].peer)
			fail_msg("%s: %d", cases[i].source, peers_find(&ps, &a));
	}
	peers_fini(&ps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_has),
		cmocka_unit_test_teardown(test_config, tear_down),
		cmocka_unit_test_teardown(test_too_many, tear_down),
		cmocka_unit_test(test_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
