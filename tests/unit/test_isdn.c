/* SPDX-License-Identifier: GPL-2.0-only */
/* The plain data of gateway/base: isdn, and the names in media and fax. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/fax.h"
#include "gateway/base/isdn.h"
#include "gateway/base/media.h"

static void test_causes(void **state)
{
	unsigned c, named = 0;
	const char *p;

	assert_string_equal(q850_name(Q850_BUSY), "user busy");
	assert_string_equal(q850_name(Q850_NORMAL), "normal call clearing");
	assert_string_equal(q850_name(Q850_NO_CHANNEL), "no circuit/channel available");
	assert_string_equal(q850_name(Q850_INTERWORKING), "interworking, unspecified");
	assert_string_equal(q850_name(0), "unassigned cause");
	assert_string_equal(q850_name(127 + 1), "unassigned cause");
	assert_string_equal(q850_name(~0u), "unassigned cause");
	for (c = 0; c < 130; c++) {
		for (p = q850_name(c); *p; p++)
			assert_false(isupper((unsigned char)*p));
		named += strcmp(q850_name(c), "unassigned cause") != 0;
	}
	assert_int_equal(named, 71);
}

static void test_digits(void **state)
{
	assert_true(isdn_digits_valid("0", false));
	assert_true(isdn_digits_valid("*31#0891234", false));
	assert_true(isdn_digits_valid("+49891234", true));
	assert_true(isdn_digits_valid("49891234", true));
	assert_true(isdn_digits_valid("12345678901234567890123456789012", false));
	assert_true(isdn_digits_valid("+2345678901234567890123456789012", true));
	assert_false(isdn_digits_valid("+23456789012345678901234567890123", true));
	assert_false(isdn_digits_valid("123456789012345678901234567890123", false));
	assert_false(isdn_digits_valid("", false));
	assert_false(isdn_digits_valid("", true));
	assert_false(isdn_digits_valid("+", true));
	assert_false(isdn_digits_valid("+1", false));
	assert_false(isdn_digits_valid("++1", true));
	assert_false(isdn_digits_valid("1+1", true));
	assert_false(isdn_digits_valid("12 34", true));
	assert_false(isdn_digits_valid("12a", false));
}

static void test_names(void **state)
{
	enum media_codec c = CODEC_PCMU;

	assert_string_equal(isdn_side_name(ISDN_TE), "te");
	assert_string_equal(isdn_side_name(ISDN_NT), "nt");
	assert_string_equal(isdn_side_name((enum isdn_side)7), "?");
	assert_string_equal(isdn_switch_name(ISDN_EUROISDN), "euroisdn");
	assert_string_equal(isdn_switch_name(ISDN_4ESS), "4ess");
	assert_string_equal(isdn_switch_name((enum isdn_switch)77), "?");
	assert_string_equal(isdn_hunt_name(HUNT_ROUND_ROBIN), "round-robin");
	assert_string_equal(t38_start_name(T38_START_ANSWERING_SIDE), "answering-side");
	assert_string_equal(t38_start_name(T38_START_WAIT), "wait");
	assert_string_equal(t38_error_correction_name(T38_EC_FEC), "fec");
	assert_string_equal(media_codec_name(CODEC_PCMA), "PCMA");
	assert_int_equal(media_codec_pt(CODEC_PCMA), 8);
	assert_int_equal(media_codec_pt(CODEC_PCMU), 0);
	assert_true(media_codec_parse("alaw", &c));
	assert_int_equal(c, CODEC_PCMA);
	assert_true(media_codec_parse("pcmu", &c));
	assert_int_equal(c, CODEC_PCMU);
	assert_false(media_codec_parse("G729", &c));
	assert_false(media_codec_parse("", &c));
	assert_int_equal(c, CODEC_PCMU);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("isdn", tests, NULL, NULL);
}
