/* SPDX-License-Identifier: GPL-2.0-only */
/* What we read of a DNS reply ourselves. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sip/dns/dns.h"

/* "a.b. SRV" asked for; two SRV records, with pointers to the question's name */
static const uint8_t reply[] = {
	0x12, 0x34, 0x81, 0x80, 0, 1, 0,  2, 0,	 0,  0, 0,				      /* header */
	1,    'a',  1,	  'b',	0, 0, 33, 0, 1,						      /* question */
	0xC0, 12,   0,	  33,	0, 1, 0,  0, 14, 16, 0, 9, 0, 1, 0, 2, 0x13, 0xC4, 1, 'x', 0, /* 3600 s */
	0xC0, 12,   0,	  33,	0, 1, 0,  0, 0,	 60, 0, 9, 0, 1, 0, 2, 0x13, 0xC4, 1, 'y', 0, /* 60 s */
};

/* From a block of just its size, so that a sanitizer sees the octet too many. */
static int ttl(const uint8_t *p, size_t len, uint32_t *ttl_sp)
{
	uint8_t *exact = malloc(len ? len : 1);
	int err;

	assert_non_null(exact);
	memcpy(exact, p, len);
	err = dns_reply_ttl(exact, len, ttl_sp);
	free(exact);
	return err;
}

static void the_least_ttl_counts(void **state)
{
	uint32_t s = 7;

	assert_int_equal(ttl(reply, sizeof(reply), &s), 0);
	assert_int_equal(s, 60);
}

static void whatever_is_cut_off_is_no_reply(void **state)
{
	uint32_t s = 7;

	for (size_t len = 0; len < sizeof(reply); len++)
		assert_int_equal(ttl(reply, len, &s), EBADMSG);
	assert_int_equal(s, 7);
}

static void absurd_ttls_are_bounded(void **state)
{
	uint8_t m[sizeof(reply)];
	uint32_t s;

	memcpy(m, reply, sizeof(m));
	m[21 + 21 + 6] = 0x80; /* RFC 2181 8: the top bit set is 0 */
	assert_int_equal(ttl(m, sizeof(m), &s), 0);
	assert_int_equal(s, 0);
	for (unsigned i = 0; i < 2; i++) {
		m[21 + 21 * i + 6] = 0x7F;
		m[21 + 21 * i + 7] = 0xFF;
	}
	assert_int_equal(ttl(m, sizeof(m), &s), 0);
	assert_int_equal(s, 7 * 24 * 3600);
}

static void no_answers_have_no_ttl(void **state)
{
	uint8_t m[sizeof(reply)];
	uint32_t s;

	memcpy(m, reply, sizeof(m));
	m[7] = 0;
	assert_int_equal(ttl(m, sizeof(m), &s), EBADMSG);
	m[6] = 0xFF; /* far more than there are */
	assert_int_equal(ttl(m, sizeof(m), &s), EBADMSG);
	m[4] = 0xFF;
	assert_int_equal(ttl(m, sizeof(m), &s), EBADMSG);
}

static void a_bad_label_or_length_is_seen(void **state)
{
	uint8_t m[sizeof(reply)];
	uint32_t s;

	memcpy(m, reply, sizeof(m));
	m[12] = 64; /* neither a length nor a pointer */
	assert_int_equal(ttl(m, sizeof(m), &s), EBADMSG);
	memcpy(m, reply, sizeof(m));
	m[21 + 10] = 0xFF; /* of the data: beyond the end */
	assert_int_equal(ttl(m, sizeof(m), &s), EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_ttl_counts),		 cmocka_unit_test(whatever_is_cut_off_is_no_reply),
		cmocka_unit_test(absurd_ttls_are_bounded),	 cmocka_unit_test(no_answers_have_no_ttl),
		cmocka_unit_test(a_bad_label_or_length_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
