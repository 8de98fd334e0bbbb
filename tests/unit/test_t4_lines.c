/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of T.4, as libtiff codes them: those that are whole, and those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <tiffio.h>

#include "t38/t30/t4_lines.h"
#include "tests/sim/page.h"

#define ROWS	    120
#define MOST_OCTETS (1 << 20)

struct coded {
	unsigned width;
	bool two_d;
	uint8_t octets[MOST_OCTETS];
	size_t n;
};

static char made[] = "/tmp/t4-made-XXXXXX", recoded[] = "/tmp/t4-coded-XXXXXX";
static struct coded coded;
static struct t4_lines lines;

static void recode(TIFF *in, TIFF *out)
{
	uint8_t row[T4_MOST_PIXELS / 8];

	TIFFSetField(out, TIFFTAG_IMAGEWIDTH, coded.width);
	TIFFSetField(out, TIFFTAG_IMAGELENGTH, ROWS);
	TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, 1);
	TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, 1);
	TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, ROWS);
	TIFFSetField(out, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
	TIFFSetField(out, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
	TIFFSetField(out, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX3);
	TIFFSetField(out, TIFFTAG_GROUP3OPTIONS, coded.two_d ? GROUP3OPT_2DENCODING : 0);
	for (uint32_t i = 0; i < ROWS; i++) {
		assert_int_equal(TIFFReadScanline(in, row, i, 0), 1);
		assert_int_equal(TIFFWriteScanline(out, row, i, 0), 1);
	}
}

/* libtiff leaves it out. T.4 4.1.4 and 4.2.6: six EOL. */
static void add_rtc(void)
{
	const unsigned bits = coded.two_d ? 13 : 12;

	memset(coded.octets + coded.n, 0, 10);
	for (unsigned i = 1; i <= 6; i++) {
		coded.octets[coded.n + (i * bits - 1 - coded.two_d) / 8] |=
			(uint8_t)(0x80 >> (i * bits - 1 - coded.two_d) % 8);
		coded.octets[coded.n + (i * bits - 1) / 8] |= (uint8_t)(0x80 >> (i * bits - 1) % 8);
	}
	coded.n += 10;
}

/* Makes the page that is in CODED. */
static void code(enum page_kind kind, unsigned width, bool two_d)
{
	struct page_format format = {.width = width, .rows = ROWS, .kind = kind};
	TIFF *in, *out;

	coded.width = width;
	coded.two_d = two_d;
	assert_int_equal(page_make_mixed(made, 1, &format, 1, 7), 0);
	in = TIFFOpen(made, "r");
	out = TIFFOpen(recoded, "w");
	assert_true(in && out);
	recode(in, out);
	TIFFClose(in);
	TIFFClose(out);
	out = TIFFOpen(recoded, "r");
	assert_non_null(out);
	coded.n = (size_t)TIFFReadRawStrip(out, 0, coded.octets, sizeof(coded.octets));
	TIFFClose(out);
	assert_in_range(coded.n, ROWS, sizeof(coded.octets) - 10);
	add_rtc();
}

static void put_page(void)
{
	t4_lines_begin(&lines, coded.width, coded.two_d);
	t4_lines_put(&lines, coded.octets, coded.n);
	t4_lines_end(&lines);
}

static void flip(size_t bit)
{
	coded.octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
}

static void test_good_pages(void **state)
{
	static const unsigned width[] = {PAGE_A4_PIXELS, PAGE_B4_PIXELS, PAGE_A3_PIXELS};
	static const enum page_kind kind[] = {PAGE_TEXT, PAGE_WHITE, PAGE_DITHER, PAGE_NOISE};

	memset(&lines, 0, sizeof(lines));
	for (unsigned i = 0; i < 24; i++) {
		code(kind[i % 4], width[i / 4 % 3], i / 12);
		put_page();
		assert_int_equal(lines.bad, 0);
		assert_int_equal(lines.lines, (i + 1) * ROWS);
	}
}

/* Octet by octet, behind what a modem's training leaves, with fill before each octet that ends an EOL. */
static void test_filled_page(void **state)
{
	static const uint8_t before[] = {0xff, 0x5a, 0x13}, fill[5];

	for (unsigned two_d = 0; two_d < 2; two_d++) {
		memset(&lines, 0, sizeof(lines));
		code(PAGE_TEXT, PAGE_A4_PIXELS, two_d);
		t4_lines_begin(&lines, coded.width, coded.two_d);
		t4_lines_put(&lines, before, sizeof(before));
		for (size_t i = 0; i < coded.n; i++) {
			if (i > 2 && !coded.octets[i - 1] && coded.octets[i] && coded.octets[i] < 0x10)
				t4_lines_put(&lines, fill, i % sizeof(fill));
			t4_lines_put(&lines, coded.octets + i, 1);
		}
		t4_lines_end(&lines);
		assert_int_equal(lines.bad, 0);
		assert_int_equal(lines.lines, ROWS);
	}
}

/* Of bits that are wrong, nearly none goes unseen; and each spoils no more than its line and those that refer to it. */
static void test_wrong_bits(void **state)
{
	unsigned tried = 0, seen = 0, most;

	for (unsigned two_d = 0; two_d < 2; two_d++) {
		code(PAGE_TEXT, PAGE_A4_PIXELS, two_d);
		most = two_d ? 4 : 2;
		for (size_t bit = 100; bit < coded.n * 8 - 100; bit += 31) {
			memset(&lines, 0, sizeof(lines));
			flip(bit);
			put_page();
			flip(bit);
			tried++;
			seen += lines.bad > 0 || lines.lines < ROWS;
			assert_in_range(lines.bad, 0, most);
			assert_in_range(lines.lines, ROWS - 4, ROWS + 1);
		}
	}
	print_message("%u of %u wrong bits seen\n", seen, tried);
	assert_in_range(seen * 100ul, tried * 95ul, tried * 100ul);
}

/* Octets are missing in the midst of the page, or its rest: what they cut is bad. */
static void test_missing_octets(void **state)
{
	size_t third;

	for (unsigned two_d = 0; two_d < 2; two_d++) {
		memset(&lines, 0, sizeof(lines));
		code(PAGE_TEXT, PAGE_A4_PIXELS, two_d);
		third = coded.n / 3;
		t4_lines_begin(&lines, coded.width, coded.two_d);
		t4_lines_put(&lines, coded.octets, third);
		t4_lines_put(&lines, coded.octets + third + 40, third);
		assert_in_range(lines.bad, 1, two_d ? 4 : 2);
		t4_lines_end(&lines);
		assert_in_range(lines.bad, 2, two_d ? 5 : 3);
		assert_in_range(lines.lines, ROWS / 2, ROWS * 2 / 3);
	}
}

/* What comes behind RTC, before the next page begins, or of a page that is too wide, is not looked at. */
static void test_no_page(void **state)
{
	memset(&lines, 0, sizeof(lines));
	code(PAGE_TEXT, PAGE_A4_PIXELS, false);
	put_page();
	t4_lines_put(&lines, coded.octets, coded.n / 2);
	assert_int_equal(lines.lines, ROWS);
	t4_lines_begin(&lines, coded.width, false);
	t4_lines_put(&lines, coded.octets, coded.n);
	t4_lines_put(&lines, coded.octets, coded.n / 2);
	t4_lines_end(&lines);
	t4_lines_begin(&lines, T4_MOST_PIXELS + 1, false);
	t4_lines_put(&lines, coded.octets, coded.n);
	t4_lines_end(&lines);
	assert_int_equal(lines.lines, 2 * ROWS);
	assert_int_equal(lines.bad, 0);
}

static int set_up(void **state)
{
	int a = mkstemp(made), b = mkstemp(recoded);

	close(a);
	close(b);
	return a < 0 || b < 0;
}

static int tear_down(void **state)
{
	unlink(made);
	unlink(recoded);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_pages), cmocka_unit_test(test_filled_page),
		cmocka_unit_test(test_wrong_bits), cmocka_unit_test(test_missing_octets),
		cmocka_unit_test(test_no_page),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
