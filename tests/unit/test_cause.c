/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/base/isdn.h"
#include "gateway/call/cause.h"
#include "sip/message/message.h"

/* RFC 3398 7.2.4.1, as it stands there. */
static void test_to_sip(void **state)
{
	static const unsigned table[][2] = {
		{1, 404},  {2, 404},  {3, 404},	 {17, 486}, {18, 408},	{19, 480},  {20, 480},	{21, 403},
		{22, 410}, {23, 410}, {26, 404}, {27, 502}, {28, 484},	{29, 501},  {31, 480},	{34, 503},
		{38, 503}, {41, 503}, {42, 503}, {47, 503}, {55, 403},	{57, 403},  {58, 503},	{65, 488},
		{70, 488}, {79, 501}, {87, 403}, {88, 503}, {102, 504}, {111, 500}, {127, 500},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(cause_to_sip(table[i][0]), table[i][1]);
}

static void test_to_sip_before_answer(void **state)
{
	assert_int_equal(cause_to_sip(Q850_NORMAL), 480);
}

/* Causes that the RFC has not go by their class. */
static void test_to_sip_class(void **state)
{
	assert_int_equal(cause_to_sip(0), 480);
	assert_int_equal(cause_to_sip(5), 480);
	assert_int_equal(cause_to_sip(25), 480);
	assert_int_equal(cause_to_sip(30), 480);
	assert_int_equal(cause_to_sip(Q850_CHANNEL_UNAVAILABLE), 503);
	assert_int_equal(cause_to_sip(32), 503);
	assert_int_equal(cause_to_sip(49), 500);
	assert_int_equal(cause_to_sip(63), 500);
	assert_int_equal(cause_to_sip(69), 501);
	assert_int_equal(cause_to_sip(81), 500);
	assert_int_equal(cause_to_sip(97), 500);
	assert_int_equal(cause_to_sip(113), 500);
	assert_int_equal(cause_to_sip(128), 480);
	assert_int_equal(cause_to_sip(UINT32_MAX), 480);
	for (unsigned c = 0; c < 300; c++)
		assert_in_range(cause_to_sip(c), 400, 606);
}

/* RFC 3398 8.2.6.1, as it stands there. */
static void test_from_sip(void **state)
{
	static const unsigned table[][2] = {
		{400, 41},  {401, 21},	{402, 21},  {403, 21},	{404, 1},   {405, 63}, {406, 79},
		{407, 21},  {408, 102}, {410, 22},  {413, 127}, {414, 127}, {415, 79}, {416, 127},
		{420, 127}, {421, 127}, {423, 127}, {480, 18},	{481, 41},  {482, 25}, {483, 25},
		{484, 28},  {485, 1},	{486, 17},  {500, 41},	{501, 79},  {502, 38}, {503, 41},
		{504, 102}, {505, 127}, {513, 127}, {600, 17},	{603, 21},  {604, 1},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(cause_from_sip(table[i][0]), table[i][1]);
}

static void test_from_sip_open(void **state)
{
	assert_int_equal(cause_from_sip(0), Q850_NORMAL);
	assert_int_equal(cause_from_sip(487), Q850_NORMAL);
	assert_int_equal(cause_from_sip(488), Q850_BEARER_NOT_IMPLEMENTED);
	assert_int_equal(cause_from_sip(606), Q850_BEARER_NOT_IMPLEMENTED);
	assert_int_equal(cause_from_sip(302), Q850_NORMAL_UNSPECIFIED);
	assert_int_equal(cause_from_sip(499), Q850_NORMAL_UNSPECIFIED);
	assert_int_equal(cause_from_sip(599), Q850_NORMAL_UNSPECIFIED);
	assert_int_equal(cause_from_sip(699), Q850_NORMAL_UNSPECIFIED);
	assert_int_equal(cause_from_sip(UINT32_MAX), Q850_NORMAL_UNSPECIFIED);
	for (unsigned s = 0; s < 800; s++)
		assert_in_range(cause_from_sip(s), 1, 127);
}

/* What crosses twice keeps its meaning. */
static void test_there_and_back(void **state)
{
	static const unsigned causes[] = {1, 17, 21, 22, 28, 41, 65, 79, 102};

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		assert_int_equal(cause_from_sip(cause_to_sip(causes[i])), causes[i]);
}

static void test_phrases(void **state)
{
	assert_string_equal(message_phrase(200), "OK");
	assert_string_equal(message_phrase(486), "Busy Here");
	assert_string_equal(message_phrase(488), "Not Acceptable Here");
	assert_string_equal(message_phrase(499), "Client Error");
	assert_string_equal(message_phrase(599), "Server Error");
	assert_string_equal(message_phrase(199), "Provisional");
	assert_string_equal(message_phrase(0), "Unknown");
	assert_string_equal(message_phrase(700), "Unknown");
	assert_string_equal(message_phrase(UINT32_MAX), "Unknown");
	/* Every status the causes lead to has its own words. */
	for (unsigned c = 1; c < 128; c++)
		assert_string_not_equal(message_phrase(cause_to_sip(c)),
					message_phrase(cause_to_sip(c) / 100 * 100 + 99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_to_sip),	      cmocka_unit_test(test_to_sip_before_answer),
		cmocka_unit_test(test_to_sip_class),  cmocka_unit_test(test_from_sip),
		cmocka_unit_test(test_from_sip_open), cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_phrases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
