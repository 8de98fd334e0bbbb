/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dahdi/alaw_gain.h"

#define INVERT 0x55

static void test_none(void **state)
{
	uint8_t table[256];

	alaw_gain_table(0, table);
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(table[i], i);
}

/* Twice the amplitude is the same step of the next segment, from the second on. */
static void test_twice(void **state)
{
	uint8_t up[256], down[256];

	alaw_gain_table(60, up);
	alaw_gain_table(-60, down);
	for (unsigned code = 0x20; code < 0x70; code++) {
		for (unsigned sign = 0; sign <= 0x80; sign += 0x80) {
			assert_int_equal(up[(code | sign) ^ INVERT], ((code + 0x10) | sign) ^ INVERT);
			assert_int_equal(down[((code + 0x10) | sign) ^ INVERT], (code | sign) ^ INVERT);
		}
	}
	for (unsigned code = 0x70; code < 0x80; code++)
		assert_int_equal(up[(code | 0x80) ^ INVERT], 0xff ^ INVERT);
}

/* Louder is never quieter, and both signs are the same. */
static void test_order(void **state)
{
	uint8_t table[256];

	for (int ddb = -120; ddb <= 120; ddb += 7) {
		alaw_gain_table(ddb, table);
		for (unsigned code = 1; code < 128; code++) {
			unsigned before = table[(code - 1) ^ INVERT] ^ INVERT, now = table[code ^ INVERT] ^ INVERT;

			assert_true(now >= before && now < 128);
			assert_int_equal(table[(code | 0x80) ^ INVERT] ^ INVERT, now | 0x80);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
