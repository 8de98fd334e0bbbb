/* SPDX-License-Identifier: GPL-2.0-only */
/* How much of a document was spoilt: lines that are gone, changed, too many; and pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/sim/page.h"
#include "tests/sim/page_damage.h"

/* A line is a letter. */
static unsigned count(const char *sent, const char *received)
{
	uint64_t a[64], b[64];
	size_t na = strlen(sent), nb = strlen(received);

	for (size_t i = 0; i < na; i++)
		a[i] = (uint64_t)sent[i];
	for (size_t i = 0; i < nb; i++)
		b[i] = (uint64_t)received[i];
	return page_damage_count(a, na, b, nb);
}

static void test_count(void **state)
{
	assert_int_equal(count("abcdefgh", "abcdefgh"), 0);
	assert_int_equal(count("abcdefgh", "abcxefgh"), 1);  /* changed */
	assert_int_equal(count("abcdefgh", "abcefgh"), 1);   /* gone: not the five behind it */
	assert_int_equal(count("abcdefgh", "abccdefgh"), 1); /* too many */
	assert_int_equal(count("abcdefgh", "abxyzfgh"), 3);  /* three changed */
	assert_int_equal(count("abcdefgh", "abxgh"), 4);     /* four became one */
	assert_int_equal(count("abcdefgh", "abcde"), 3);     /* the end is missing */
	assert_int_equal(count("abcdefgh", ""), 8);
	assert_int_equal(count("", "ab"), 2);
	assert_int_equal(count("a bcd efg", "xa bcd eyg"), 2);
	assert_int_equal(count("abcdefgh", "stuvwxyz"), 8);
	/* letters of three lines: a line is gone, another changed, and not one of each letter behind them */
	assert_int_equal(count("aaabbbcccdddeeefffggg", "aabxbcccdddeeefffggg"), 2);
	assert_int_equal(count("aaabbbcccdddeeefffggg", "aaxccdddeeefffggg"), 5);
}

static void test_files(void **state)
{
	char one[64], two[64], other[64];
	struct page_damage d;

	snprintf(one, sizeof(one), "/tmp/page-damage.%d.1.tif", (int)getpid());
	snprintf(two, sizeof(two), "/tmp/page-damage.%d.2.tif", (int)getpid());
	snprintf(other, sizeof(other), "/tmp/page-damage.%d.3.tif", (int)getpid());
	assert_int_equal(page_make(one, 1, 120, PAGE_TEXT, 7), 0);
	assert_int_equal(page_make(two, 2, 120, PAGE_TEXT, 7), 0);
	assert_int_equal(page_make(other, 2, 120, PAGE_DITHER, 8), 0);
	assert_int_equal(page_damage_measure(two, two, &d), 0);
	assert_int_equal(d.pages_sent, 2);
	assert_int_equal(d.lines, 240);
	assert_int_equal(d.damaged, 0);
	assert_int_equal(page_damage_measure(two, one, &d),
			 0); /* a page is not there; and each page has its number on it */
	assert_int_equal(d.pages_received, 1);
	assert_in_range(d.damaged, 120, 239);
	assert_int_equal(page_damage_measure(two, other, &d), 0);
	assert_in_range(d.damaged, 200, 240);
	assert_int_equal(page_damage_measure(two, "/nowhere.tif", &d), 0);
	assert_int_equal(d.damaged, 240);
	assert_int_not_equal(page_damage_measure("/nowhere.tif", two, &d), 0);
	unlink(one);
	unlink(two);
	unlink(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
