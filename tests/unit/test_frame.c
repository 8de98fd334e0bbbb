/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/transport/frame.h"

#define HEAD "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n"

static enum frame_kind find(const char *text, size_t *lenp, const char **whyp)
{
	struct frame f = {0};

	*whyp = "";
	return frame_find(&f, text, strlen(text), lenp, whyp);
}

static void expect_message(const char *text, size_t len)
{
	const char *why;
	size_t n = 0;

	if (find(text, &n, &why) != FRAME_MESSAGE || n != len)
		fail_msg("%zu octets (%s) of: %s", n, why, text);
}

static void expect_bad(const char *text, const char *what)
{
	const char *why;
	size_t n;

	if (find(text, &n, &why) != FRAME_BAD || strcmp(why, what))
		fail_msg("\"%s\" of: %s", why, text);
}

static void expect_more(const char *text)
{
	const char *why;
	size_t n;

	assert_int_equal(find(text, &n, &why), FRAME_MORE);
}

static void test_length(void **state)
{
	expect_message(HEAD "Content-Length: 0\r\n\r\n", sizeof(HEAD "Content-Length: 0\r\n\r\n") - 1);
	expect_message(HEAD "l : 3\r\n\r\nabcOPTIONS", sizeof(HEAD "l : 3\r\n\r\nabc") - 1);
	expect_message(HEAD "CONTENT-LENGTH:\t2 \r\n\r\nab", sizeof(HEAD "CONTENT-LENGTH:\t2 \r\n\r\nab") - 1);
	/* Folded; and a header that only looks like it. */
	expect_message(HEAD "Content-Length:\r\n 1\r\nX: y\r\n Content-Length: 9\r\n\r\na",
		       sizeof(HEAD "Content-Length:\r\n 1\r\nX: y\r\n Content-Length: 9\r\n\r\na") - 1);
	expect_message(HEAD "Content-Length-X: 9\r\nContent-Length: 0\r\n\r\n",
		       sizeof(HEAD "Content-Length-X: 9\r\nContent-Length: 0\r\n\r\n") - 1);
	expect_message(HEAD "l: 1\r\nContent-Length: 1\r\n\r\na",
		       sizeof(HEAD "l: 1\r\nContent-Length: 1\r\n\r\na") - 1);
}

static void test_bad(void **state)
{
	expect_bad(HEAD "\r\n", "no Content-Length in a stream");
	expect_bad(HEAD "Content-Length: -1\r\n\r\n", "Content-Length is no number");
	expect_bad(HEAD "Content-Length:\r\n\r\n", "Content-Length is no number");
	expect_bad(HEAD "Content-Length: 1 2\r\n\r\n", "Content-Length is no number");
	expect_bad(HEAD "Content-Length: 0x10\r\n\r\n", "Content-Length is no number");
	expect_bad(HEAD "Content-Length: 131073\r\n\r\n", "Content-Length is too great");
	expect_bad(HEAD "Content-Length: 99999999999999999999999999\r\n\r\n", "Content-Length is too great");
	expect_bad(HEAD "Content-Length: 131072\r\n\r\n", "the message is too long");
	expect_bad(HEAD "Content-Length: 0\r\nl: 4\r\n\r\n", "two Content-Length headers that differ");
}

static void test_line_ends(void **state)
{
	const char *why;
	size_t n;

	assert_int_equal(find("\r\n\r\nOPT", &n, &why), FRAME_PING);
	assert_int_equal(n, 4);
	assert_int_equal(find("\r\nOPT", &n, &why), FRAME_NOTHING);
	assert_int_equal(n, 2);
	assert_int_equal(find("\n\n\nO", &n, &why), FRAME_NOTHING);
	assert_int_equal(n, 3);
	/* A stray line end in front does not hide a ping, as it would not had it come alone. */
	assert_int_equal(find("\r\n\n\r\n\r\n", &n, &why), FRAME_NOTHING);
	assert_int_equal(n, 3);
	expect_more("\r\n");
	expect_more("\r\n\r");
	expect_more("");
	expect_more("OPTIONS");
	expect_more(HEAD "Content-Length: 3\r\n\r\nab");
}

static void test_header_limit(void **state)
{
	char *text = malloc(FRAME_HEADER_OCTETS + 100);
	struct frame f = {0};
	const char *why = "";
	size_t n;

	assert_non_null(text);
	memset(text, 'x', FRAME_HEADER_OCTETS + 100);
	assert_int_equal(frame_find(&f, text, FRAME_HEADER_OCTETS - 1, &n, &why), FRAME_MORE);
	assert_int_equal(frame_find(&f, text, FRAME_HEADER_OCTETS, &n, &why), FRAME_BAD);
	assert_string_equal(why, "the header is too long");
	/* Its end comes too late, in the same octets. */
	memcpy(text + FRAME_HEADER_OCTETS, "\r\n\r\n", 4);
	assert_int_equal(frame_find(&f, text, FRAME_HEADER_OCTETS + 4, &n, &why), FRAME_BAD);
	free(text);
}

/* However a stream is cut into pieces, the same messages come out. */
static void test_pieces(void **state)
{
	static const char text[] = "\r\n" HEAD "Content-Length: 5\r\n\r\nhello\r\n\r\n" HEAD "l: 0\r\n\r\n" HEAD
				   "Content-Length: 3\r\n\r\nabc";
	struct frame f = {0};
	unsigned messages = 0, pings = 0;
	size_t at = 0, have, n = 0;
	enum frame_kind kind;
	const char *why;

	for (have = 1; have < sizeof(text); have++) {
		do {
			kind = frame_find(&f, text + at, have - at, &n, &why);
			messages += kind == FRAME_MESSAGE;
			pings += kind == FRAME_PING;
			if (kind != FRAME_MORE)
				at += n;
		} while (kind != FRAME_MORE && at < have);
	}
	assert_int_equal(at, sizeof(text) - 1);
	assert_int_equal(messages, 3);
	assert_int_equal(pings, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),	     cmocka_unit_test(test_bad),    cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_header_limit), cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
