/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dahdi/g711_gain.h"

#define INVERT 0x55

static void test_none(void **state)
{
	uint8_t table[256];

	g711_gain_table(CODEC_PCMA, 0, table);
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(table[i], i);
}

/* Twice the amplitude is the same step of the next segment, from the second on. */
static void test_twice(void **state)
{
	uint8_t up[256], down[256];

	g711_gain_table(CODEC_PCMA, 60, up);
	g711_gain_table(CODEC_PCMA, -60, down);
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
	static const uint8_t inverts[CODEC_COUNT] = {[CODEC_PCMA] = INVERT, [CODEC_PCMU] = 0x7f};
	uint8_t table[256];

	for (int i = 0; i < 2 * 35; i++) {
		enum media_codec law = i & 1 ? CODEC_PCMU : CODEC_PCMA;
		unsigned invert = inverts[law];

		g711_gain_table(law, -120 + i / 2 * 7, table);
		for (unsigned code = 1; code < 128; code++) {
			unsigned before = table[(code - 1) ^ invert] ^ invert, now = table[code ^ invert] ^ invert;

			assert_true(now >= before && now < 128);
			assert_int_equal(table[(code | 0x80) ^ invert] ^ invert, now | 0x80);
		}
	}
}

/* Of mu-law, by its decoder's values (G.711 table 2b, times 4): 0xff is silence, 0x80 the loudest, 32124. */
static void test_ulaw(void **state)
{
	uint8_t up[256], none[256];

	g711_gain_table(CODEC_PCMU, 0, none);
	g711_gain_table(CODEC_PCMU, 60, up);
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(none[i], i);
	assert_int_equal(up[0xff], 0xff);
	assert_int_equal(up[0x7f], 0x7f);
	assert_int_equal(up[0x80], 0x80);
	assert_int_equal(up[0x00], 0x00);
	/* 0xbf is 1980; twice that is nearest to 0xb0, 3900 (0xaf is 4092) */
	assert_int_equal(up[0xbf], 0xb0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_ulaw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
