/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/base/clock.h"
#include "t38/t30/t30_echo.h"

static const uint8_t nsf[] = {0xFF, 0x03, 0x20, 0x00, 0x01};
static const uint8_t csi[] = {0xFF, 0x03, 0x40, '1'};
static const uint8_t dis[] = {0xFF, 0x13, 0x80, 0x00, 0xEE};
static const uint8_t dcn_caller[] = {0xFF, 0x13, 0xFB};
static const uint8_t dcn_called[] = {0xFF, 0x13, 0xFA};

#define IS(e, d, frame, ms) t30_echo_is(e, d, frame, sizeof(frame), (ms)*MS_US)

static void test_echo_of_a_burst(void **state)
{
	struct t30_echo e = {0};

	/* the echo comes while the burst still goes on */
	assert_false(IS(&e, T30_FROM_PEER, nsf, 5000));
	assert_false(IS(&e, T30_FROM_PEER, csi, 5200));
	assert_true(IS(&e, T30_FROM_LINE, nsf, 5400));
	assert_false(IS(&e, T30_FROM_PEER, dis, 5500));
	assert_true(IS(&e, T30_FROM_LINE, csi, 5600));
	assert_true(IS(&e, T30_FROM_LINE, dis, 5900));
}

static void test_repetition_of_the_same_side(void **state)
{
	struct t30_echo e = {0};

	assert_false(IS(&e, T30_FROM_LINE, dis, 1000));
	assert_false(IS(&e, T30_FROM_LINE, dis, 1300));
	assert_false(IS(&e, T30_FROM_LINE, dis, 4300));
}

/* Two sides may say the same, but not so soon: a preamble goes before it. */
static void test_the_same_later(void **state)
{
	struct t30_echo e = {0};

	assert_false(IS(&e, T30_FROM_LINE, dcn_caller, 1000));
	assert_true(IS(&e, T30_FROM_PEER, dcn_caller, 1849));
	assert_false(IS(&e, T30_FROM_PEER, dcn_caller, 1850));
}

static void test_other_frames(void **state)
{
	struct t30_echo e = {0};

	assert_false(IS(&e, T30_FROM_LINE, dcn_caller, 1000));
	assert_false(IS(&e, T30_FROM_PEER, dcn_called, 1100));
	assert_false(t30_echo_is(&e, T30_FROM_PEER, dcn_caller, 2, 1100 * MS_US));
}

static void test_many_frames(void **state)
{
	struct t30_echo e = {0};

	for (unsigned i = 0; i < 100; i++) {
		assert_false(IS(&e, i & 1 ? T30_FROM_LINE : T30_FROM_PEER, dis, 10000 + 2000 * (int64_t)i));
		assert_true(IS(&e, i & 1 ? T30_FROM_PEER : T30_FROM_LINE, dis, 10300 + 2000 * (int64_t)i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo_of_a_burst), cmocka_unit_test(test_repetition_of_the_same_side),
		cmocka_unit_test(test_the_same_later),	cmocka_unit_test(test_other_frames),
		cmocka_unit_test(test_many_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
