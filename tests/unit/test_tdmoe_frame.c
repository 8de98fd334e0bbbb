/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dahdi/tdmoe_frame.h"

/* Three channels of two samples, no signalling bits. */
static const uint8_t plain[] = {2, 0, 0x12, 0x34, 0, 3, 11, 12, 21, 22, 31, 32};
/* As DAHDI sends it: five channels of one sample, two words of signalling bits, yellow alarm. */
static const uint8_t signalling[] = {1, 3, 0xFF, 0xFF, 0, 5, 0x43, 0x21, 0x00, 0x05, 1, 2, 3, 4, 5};

static void reads_plain(void **state)
{
	struct tdmoe_frame f;

	assert_null(tdmoe_frame_read(plain, sizeof(plain), &f));
	assert_int_equal(f.samples, 2);
	assert_int_equal(f.channels, 3);
	assert_int_equal(f.counter, 0x1234);
	assert_false(f.yellow);
	assert_ptr_equal(f.octets, plain + 6);
}

static void passes_signalling_over(void **state)
{
	struct tdmoe_frame f;

	assert_null(tdmoe_frame_read(signalling, sizeof(signalling), &f));
	assert_int_equal(f.samples, 1);
	assert_int_equal(f.channels, 5);
	assert_int_equal(f.counter, 0xFFFF);
	assert_true(f.yellow);
	assert_ptr_equal(f.octets, signalling + 10);
}

static void check_lengths(const uint8_t *frame, size_t len)
{
	struct tdmoe_frame untouched = {.samples = 99}, f;

	for (size_t n = 0; n < len; n++) {
		/* Of its own size, so that reading past its end is seen. */
		uint8_t *p = malloc(n ? n : 1);

		memcpy(p, frame, n);
		f = untouched;
		assert_string_equal(tdmoe_frame_read(p, n, &f),
				    n < 6 ? "shorter than its header" : "shorter than its header says");
		assert_memory_equal(&f, &untouched, sizeof(f));
		free(p);
	}
}

static void refuses_every_short_one(void **state)
{
	check_lengths(plain, sizeof(plain));
	check_lengths(signalling, sizeof(signalling));
}

static const char *read_changed(unsigned at, uint8_t value)
{
	uint8_t frame[sizeof(plain)];
	struct tdmoe_frame f;

	memcpy(frame, plain, sizeof(plain));
	frame[at] = value;
	return tdmoe_frame_read(frame, sizeof(frame), &f);
}

static void refuses_nonsense(void **state)
{
	uint8_t longer[sizeof(plain) + 1] = {0};
	struct tdmoe_frame f;

	memcpy(longer, plain, sizeof(plain));
	assert_string_equal(tdmoe_frame_read(longer, sizeof(longer), &f), "longer than its header says");
	assert_string_equal(read_changed(0, 0), "no samples");
	assert_string_equal(read_changed(0, 3), "shorter than its header says");
	assert_string_equal(read_changed(0, 1), "longer than its header says");
	assert_string_equal(read_changed(5, 0), "no channels");
	assert_string_equal(read_changed(5, 32), "more than 31 channels");
	assert_string_equal(read_changed(4, 1), "more than 31 channels");
	assert_string_equal(read_changed(1, 2), "shorter than its header says");
	/* Reserved flags are none of our business. */
	assert_null(read_changed(1, 0xFC));
}

static void writes_what_it_reads(void **state)
{
	struct tdmoe_frame f = {.samples = 255, .channels = 31, .counter = 0xABCD, .yellow = true}, g;
	static uint8_t frame[TDMOE_MAX_OCTETS];
	size_t len = tdmoe_frame_write_header(frame, &f);

	assert_int_equal(len, TDMOE_HEADER_OCTETS);
	assert_memory_equal(frame, "\xFF\x01\xAB\xCD\x00\x1F", 6);
	assert_null(tdmoe_frame_read(frame, len + 255 * 31, &g));
	assert_int_equal(g.samples, 255);
	assert_int_equal(g.channels, 31);
	assert_int_equal(g.counter, 0xABCD);
	assert_true(g.yellow);
	f.yellow = false;
	tdmoe_frame_write_header(frame, &f);
	assert_int_equal(frame[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plain),
		cmocka_unit_test(passes_signalling_over),
		cmocka_unit_test(refuses_every_short_one),
		cmocka_unit_test(refuses_nonsense),
		cmocka_unit_test(writes_what_it_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
