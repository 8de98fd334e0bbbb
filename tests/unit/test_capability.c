/* SPDX-License-Identifier: GPL-2.0-only */
/* What a span and a peer can do together: the peer's words in place of the span's. */
#include "config_text.h"
#include "gateway/call/capability.h"

#define SPAN_FAX                                                                                                       \
	SPAN_HEAD "[fax]\nt38_start = on-cng\nt38_grace = 2 s\nmax_rate = 9600\nredundancy_control = 5\n"              \
		  "redundancy_image = 2\nfec_span = 4\nfec_entries = 2\nno_signals = 1\nerror_correction = fec\n"

static struct fax_params fax_with(const char *peer_keys)
{
	struct fax_params f;
	char text[1000];

	snprintf(text, sizeof(text), "%s%s", MAIN_HEAD, peer_keys);
	if (load(text, SPAN_FAX))
		fail_msg("%s", errors.count ? errors.list[0].text : "?");
	capability_fax(&config->spans[0], &config->peers[0], &f);
	return f;
}

static void test_as_the_span_says(void **state)
{
	struct fax_params f = fax_with("");

	assert_true(f.t38);
	assert_int_equal(f.t38_start, T38_START_ON_CNG);
	assert_int_equal(f.t38_grace_ms, 2000);
	assert_int_equal(f.max_rate, 9600);
	assert_int_equal(f.redundancy_control, 5);
	assert_int_equal(f.redundancy_image, 2);
	assert_int_equal(f.fec_span, 4);
	assert_int_equal(f.fec_entries, 2);
	assert_int_equal(f.no_signals, 1);
	assert_int_equal(f.assumed_datagram_octets, 0);
	assert_int_equal(f.error_correction, T38_EC_REDUNDANCY);
}

static void test_as_the_peer_says(void **state)
{
	struct fax_params f =
		fax_with("t38_start = answering-side\nt38_grace = 0\nt38_max_rate = 4800\nt38_redundancy_control = 0\n"
			 "t38_redundancy_image = 8\nt38_fec_span = 1\nt38_fec_entries = 8\nt38_no_signals = 0\n"
			 "t38_assume_datagram = 300\nt38_ec = fec\n");

	assert_int_equal(f.t38_start, T38_START_ANSWERING_SIDE);
	assert_int_equal(f.t38_grace_ms, 0);
	assert_int_equal(f.max_rate, 4800);
	assert_int_equal(f.redundancy_control, 0);
	assert_int_equal(f.redundancy_image, 8);
	assert_int_equal(f.fec_span, 1);
	assert_int_equal(f.fec_entries, 8);
	assert_int_equal(f.no_signals, 0);
	assert_int_equal(f.assumed_datagram_octets, 300);
	assert_int_equal(f.error_correction, T38_EC_FEC);
}

static void test_what_neither_can_lift(void **state)
{
	assert_int_equal(fax_with("t38_max_rate = 14400\n").max_rate, 9600);
	assert_int_equal(fax_with("t38_ec = none\n").error_correction, T38_EC_NONE);
	assert_false(fax_with("t38 = no\n").t38);
}

static void test_description(void **state)
{
	const struct msg_ports ports = {.rtp = {{.v4.sin_family = AF_INET}}};
	struct media_desc m;

	fax_with("t38_max_rate = 7200\nt38_version = 3\nt38_ec = fec\nt38_max_datagram = 320\n");
	capability_media(&config->spans[0], &config->peers[0], &ports, ADDR_IPV4, false, true, &m);
	assert_false(m.has_audio);
	assert_true(m.has_image);
	assert_int_equal(m.image.max_bit_rate, 7200);
	assert_int_equal(m.image.version, 3);
	assert_int_equal(m.image.error_correction, T38_EC_FEC);
	assert_int_equal(m.image.max_datagram_octets, 320);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_as_the_span_says, tear_down),
		cmocka_unit_test_teardown(test_as_the_peer_says, tear_down),
		cmocka_unit_test_teardown(test_what_neither_can_lift, tear_down),
		cmocka_unit_test_teardown(test_description, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
