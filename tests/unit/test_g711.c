/* SPDX-License-Identifier: GPL-2.0-only */
/* Coding and decoding are checked against spandsp's. So are the conversion tables, but their values agree with
 * spandsp's by origin: what checks them independently is their nearness to decoding and coding again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* spandsp has functions of the same names as ours. */
#define g711_decode spandsp_decode
#define g711_encode spandsp_encode
#include "t38/spandsp_version.h"
#undef g711_decode
#undef g711_encode

#include "t38/rtp/g711.h"

static void decodes_every_octet(void **state)
{
	for (unsigned i = 0; i < 256; i++) {
		uint8_t octet = (uint8_t)i;
		int16_t a, u;

		g711_decode(CODEC_PCMA, &a, &octet, 1);
		g711_decode(CODEC_PCMU, &u, &octet, 1);
		assert_int_equal(a, alaw_to_linear(octet));
		assert_int_equal(u, ulaw_to_linear(octet));
	}
}

static void encodes_every_sample(void **state)
{
	for (int i = -32768; i < 32768; i++) {
		int16_t sample = (int16_t)i;
		uint8_t a, u;

		g711_encode(CODEC_PCMA, &a, &sample, 1);
		g711_encode(CODEC_PCMU, &u, &sample, 1);
		if (a != linear_to_alaw(i) || u != linear_to_ulaw(i))
			fail_msg("sample %d: A %02x for %02x, mu %02x for %02x", i, a, linear_to_alaw(i), u,
				 linear_to_ulaw(i));
	}
}

static void round_trips(void **state)
{
	for (enum media_codec c = 0; c < CODEC_COUNT; c++)
		for (unsigned i = 0; i < 256; i++) {
			uint8_t octet = (uint8_t)i, back;
			int16_t sample;

			g711_decode(c, &sample, &octet, 1);
			g711_encode(c, &back, &sample, 1);
			if (c == CODEC_PCMU && octet == 0x7F) /* mu-law has two zeros */
				octet = 0xFF;
			assert_int_equal(back, octet);
		}
}

static int distance(enum media_codec from, enum media_codec to, uint8_t in, uint8_t out)
{
	int16_t a, b;

	g711_decode(from, &a, &in, 1);
	g711_decode(to, &b, &out, 1);
	return abs(a - b);
}

/* G.711's tables 3 and 4, and never further from the value than one step from the nearest. */
static void converts_by_the_tables(void **state)
{
	for (unsigned i = 0; i < 256; i++) {
		uint8_t in = (uint8_t)i, a, u, near_a, near_u;
		int16_t sample;

		g711_convert(CODEC_PCMA, CODEC_PCMU, &u, &in, 1);
		g711_convert(CODEC_PCMU, CODEC_PCMA, &a, &in, 1);
		assert_int_equal(u, alaw_to_ulaw(in));
		assert_int_equal(a, ulaw_to_alaw(in));
		g711_decode(CODEC_PCMA, &sample, &in, 1);
		g711_encode(CODEC_PCMU, &near_u, &sample, 1);
		assert_in_range(abs(u - near_u), 0, 1);
		assert_true(distance(CODEC_PCMA, CODEC_PCMU, in, u) <= abs(sample) / 16 + 8);
		g711_decode(CODEC_PCMU, &sample, &in, 1);
		g711_encode(CODEC_PCMA, &near_a, &sample, 1);
		assert_true(distance(CODEC_PCMU, CODEC_PCMA, in, a) <= abs(sample) / 16 + 16);
	}
}

/* Going there and back, the first conversion loses what is lost: the second round changes nothing more. */
static void converts_stably(void **state)
{
	for (unsigned i = 0; i < 256; i++) {
		uint8_t in = (uint8_t)i, u, a, u2, a2;

		g711_convert(CODEC_PCMA, CODEC_PCMU, &u, &in, 1);
		g711_convert(CODEC_PCMU, CODEC_PCMA, &a, &u, 1);
		g711_convert(CODEC_PCMA, CODEC_PCMU, &u2, &a, 1);
		g711_convert(CODEC_PCMU, CODEC_PCMA, &a2, &u2, 1);
		assert_int_equal(a2, a);
		assert_int_equal(u2, u);
	}
}

static void copies_within_a_codec(void **state)
{
	uint8_t in[256], out[256];

	for (unsigned i = 0; i < 256; i++)
		in[i] = (uint8_t)i;
	for (enum media_codec c = 0; c < CODEC_COUNT; c++) {
		g711_convert(c, c, out, in, sizeof(in));
		assert_memory_equal(out, in, sizeof(in));
		g711_convert(c, c, in, in, sizeof(in)); /* in place */
		assert_memory_equal(out, in, sizeof(in));
		g711_convert(c, c, NULL, NULL, 0);
	}
}

static void silence_is_the_smallest_value(void **state)
{
	for (enum media_codec c = 0; c < CODEC_COUNT; c++) {
		uint8_t octet = g711_silence(c), encoded;
		int16_t sample, zero = 0;

		g711_decode(c, &sample, &octet, 1);
		assert_in_range(abs(sample), 0, 8);
		g711_encode(c, &encoded, &zero, 1);
		assert_int_equal(encoded, octet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_every_octet),
		cmocka_unit_test(encodes_every_sample),
		cmocka_unit_test(round_trips),
		cmocka_unit_test(converts_by_the_tables),
		cmocka_unit_test(converts_stably),
		cmocka_unit_test(copies_within_a_codec),
		cmocka_unit_test(silence_is_the_smallest_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
