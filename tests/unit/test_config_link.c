/* SPDX-License-Identifier: GPL-2.0-only */
/* A tdmoe line over Ethernet: its keys and their rules. */
#include "config_text.h"

#define LINK "[span 1]\npeer = ast\ninterface = eth1\nremote_mac = 00:50:c2:65:D0:01\n"

static int load2(const char *one, const char *two)
{
	struct load_text m = {"m.conf", MAIN_HEAD, strlen(MAIN_HEAD)};
	struct load_text s[2] = {{"s.conf", one, strlen(one)}, {"t.conf", two, strlen(two)}};

	tear_down(NULL);
	return load_texts(&m, s, 2, &config, &errors);
}

static void test_read(void **state)
{
	assert_int_equal(load(MAIN_HEAD, LINK "subaddress = 513\ngather = 4 ms\n"), 0);
	assert_string_equal(config->spans[0].tdmoe_interface, "eth1");
	assert_memory_equal(config->spans[0].tdmoe_mac, "\x00\x50\xc2\x65\xd0\x01", 6);
	assert_int_equal(config->spans[0].tdmoe_subaddress, 513);
	assert_int_equal(config->spans[0].tdmoe_gather_ms, 4);
	assert_int_equal(load(MAIN_HEAD, LINK "gather = 0 ms\n"), 0);
	assert_int_equal(config->spans[0].tdmoe_gather_ms, 0);
	/* "none" is UDP, as ever. */
	load_span_ok("interface = none\nremote_mac = none\n");
	assert_string_equal(config->spans[0].tdmoe_interface, "");
	assert_int_equal(config->spans[0].tdmoe_gather_ms, 20);
}

static void test_bad_values(void **state)
{
	static const char *const macs[] = {"00:50:c2:65:d0",	"00:50:c2:65:d0:01:02", "0:50:c2:65:d0:01",
					   "00:50:c2:65:d0:0g", "00-50-c2-65-d0-01",	"00:50:c2:65:d0:01 x",
					   "005:0:c2:65:d0:01", "00:50:c2:65:d0:001"};
	static const char *const interfaces[] = {"eth/1", "eth:1", "e th", ".", "..", "sixteen-letters-"};
	char text[300];

	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		snprintf(text, sizeof(text), "[span 1]\npeer = ast\ninterface = eth1\nremote_mac = %s\n", macs[i]);
		assert_int_equal(load(MAIN_HEAD, text), EINVAL);
		snprintf(text, sizeof(text),
			 "s.conf:4: remote_mac: %s is not six octets in hexadecimal, 00:50:c2:65:d0:01, or none",
			 macs[i]);
		EXPECT(text);
	}
	for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++) {
		snprintf(text, sizeof(text), SPAN_HEAD "interface = %s\n", interfaces[i]);
		assert_int_equal(load(MAIN_HEAD, text), EINVAL);
		assert_int_equal(errors.count, 1);
		assert_non_null(
			strstr(errors.list[0].text, "the name of a network interface, up to 15 characters, or none"));
	}
	assert_int_equal(load(MAIN_HEAD, "[span 1]\npeer = ast\ninterface = eth1\nremote_mac = 01:00:5e:00:00:01\n"),
			 EINVAL);
	assert_int_equal(errors.count, 1);
	assert_non_null(strstr(errors.list[0].text, "is not the address of one host"));
	assert_int_equal(load(MAIN_HEAD, LINK "subaddress = 65536\ngather = 21 ms\n"), EINVAL);
	assert_int_equal(errors.count, 2);
}

static void test_udp_or_ethernet(void **state)
{
	assert_int_equal(load(MAIN_HEAD, SPAN_HEAD "interface = eth1\nremote_mac = 00:50:c2:65:d0:01\n"), EINVAL);
	EXPECT("s.conf:2: local: is for UDP, but interface is set: the line is over Ethernet",
	       "s.conf:3: remote: is for UDP, but interface is set: the line is over Ethernet");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\npeer = ast\ninterface = eth1\n"), EINVAL);
	EXPECT("s.conf:3: [span 1]: remote_mac is missing, a line over Ethernet needs it");
	assert_int_equal(load(MAIN_HEAD, SPAN_HEAD "remote_mac = 00:50:c2:65:d0:01\n"), EINVAL);
	EXPECT("s.conf:5: remote_mac: is for Ethernet, and needs interface");
}

static void test_taken(void **state)
{
	const char *two = "[span 2]\npeer = ast\ninterface = eth1\nremote_mac = 00:50:c2:65:d0:01\nsubaddress = 1\n";

	assert_int_equal(load2(LINK, two), 0);
	assert_int_equal(load2(LINK "subaddress = 1\n", two), EINVAL);
	EXPECT("t.conf:5: subaddress: 1 at that remote_mac is taken in s.conf:1");
	assert_int_equal(load2(LINK "subaddress = 1\nenabled = no\n", two), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_read, tear_down),
		cmocka_unit_test_teardown(test_bad_values, tear_down),
		cmocka_unit_test_teardown(test_udp_or_ethernet, tear_down),
		cmocka_unit_test_teardown(test_taken, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
