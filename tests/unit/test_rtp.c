/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t38/rtp/rtp.h"

static const uint8_t plain[] = {0x80, 0x88, 0x12, 0x34, 0, 0, 1, 0, 0xDE, 0xAD, 0xBE, 0xEF, 0xD5, 0x55, 0xAA};

static void reads_a_packet(void **state)
{
	struct rtp_packet k;

	assert_null(rtp_read(plain, sizeof(plain), &k));
	assert_true(k.marker);
	assert_int_equal(k.payload_type, 8);
	assert_int_equal(k.seq, 0x1234);
	assert_int_equal(k.timestamp, 256);
	assert_int_equal(k.ssrc, 0xDEADBEEF);
	assert_int_equal(k.len, 3);
	assert_ptr_equal(k.payload, plain + 12);
}

/* Two contributing sources, an extension of one word, three octets of padding. */
static void passes_over_the_rest(void **state)
{
	uint8_t p[] = {0xB2, 0, 0, 1,	 0,    0, 0, 2, 0, 0, 0, 3,   1,   1, 1, 1, 2,
		       2,    2, 2, 0xBE, 0xDE, 0, 1, 9, 9, 9, 9, 'a', 'b', 0, 0, 3};
	struct rtp_packet k;

	assert_null(rtp_read(p, sizeof(p), &k));
	assert_false(k.marker);
	assert_int_equal(k.len, 2);
	assert_memory_equal(k.payload, "ab", 2);
	p[sizeof(p) - 1] = 5; /* padding only */
	assert_null(rtp_read(p, sizeof(p), &k));
	assert_int_equal(k.len, 0);
	p[sizeof(p) - 1] = 6;
	assert_non_null(rtp_read(p, sizeof(p), &k));
	p[sizeof(p) - 1] = 0;
	assert_non_null(rtp_read(p, sizeof(p), &k));
	/* cut off anywhere before the payload */
	p[0] = 0x92;
	for (size_t n = 0; n <= sizeof(p); n++) {
		uint8_t *cut = malloc(n + 1);

		memcpy(cut + 1, p, n);
		if (n < 28)
			assert_non_null(rtp_read(cut + 1, n, &k));
		else
			assert_null(rtp_read(cut + 1, n, &k));
		free(cut);
	}
}

static void refuses_what_is_not_rtp(void **state)
{
	uint8_t p[sizeof(plain)];
	struct rtp_packet k = {.seq = 7};

	memcpy(p, plain, sizeof(p));
	assert_non_null(rtp_read(p, 11, &k));
	p[0] = 0x40;
	assert_non_null(rtp_read(p, sizeof(p), &k));
	p[0] = 0xA0; /* padding without payload */
	assert_non_null(rtp_read(p, 12, &k));
	assert_int_equal(k.seq, 7);
	p[0] = 0x80;
	assert_null(rtp_read(p, 12, &k));
	assert_int_equal(k.len, 0);
}

static void writes_what_it_reads(void **state)
{
	struct rtp_packet k;
	uint8_t out[sizeof(plain)];

	assert_null(rtp_read(plain, sizeof(plain), &k));
	assert_int_equal(rtp_write(&k, out, sizeof(out)), sizeof(plain));
	assert_memory_equal(out, plain, sizeof(plain));
	assert_int_equal(rtp_write(&k, out, sizeof(out) - 1), 0);
	assert_int_equal(rtp_write(&k, out, 5), 0);
}

static void numbers_and_times(void **state)
{
	uint8_t octets[160] = {0}, out[RTP_MAX_OCTETS];
	struct rtp_packet a, b;
	struct rtp_tx tx;

	rtp_tx_init(&tx, 42);
	tx.seq = 65535;
	tx.timestamp = 0xFFFFFFF0;
	assert_int_equal(rtp_tx_build(&tx, 0, octets, 160, out, sizeof(out)), 172);
	assert_null(rtp_read(out, 172, &a));
	assert_true(a.marker);
	assert_int_equal(a.payload_type, 0);
	assert_int_equal(rtp_tx_build(&tx, 8, octets, 160, out, sizeof(out)), 172);
	assert_null(rtp_read(out, 172, &b));
	assert_false(b.marker);
	assert_int_equal(b.seq, 0);
	assert_int_equal(b.timestamp, 144);
	assert_int_equal(b.ssrc, a.ssrc);
	rtp_tx_skip(&tx, 80);
	rtp_tx_skip(&tx, 0);
	assert_int_equal(rtp_tx_build(&tx, 8, octets, 80, out, sizeof(out)), 92);
	assert_null(rtp_read(out, 92, &b));
	assert_true(b.marker);
	assert_int_equal(b.timestamp, 144 + 160 + 80);
	/* what does not fit is not numbered, but its time passes */
	assert_int_equal(rtp_tx_build(&tx, 8, octets, 160, out, 100), 0);
	assert_int_equal(tx.seq, 2);
	assert_int_equal(tx.timestamp, 144 + 160 + 80 + 80 + 160);
}

static void seeds_differ(void **state)
{
	struct rtp_tx a, b, c;

	rtp_tx_init(&a, 1);
	rtp_tx_init(&b, 2);
	rtp_tx_init(&c, 1);
	assert_int_not_equal(a.ssrc, b.ssrc);
	assert_int_not_equal(a.timestamp, b.timestamp);
	assert_int_not_equal(a.seq, b.seq);
	assert_int_equal(a.ssrc, c.ssrc);
	assert_int_not_equal(a.ssrc, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_packet),	   cmocka_unit_test(passes_over_the_rest),
		cmocka_unit_test(refuses_what_is_not_rtp), cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(numbers_and_times),	   cmocka_unit_test(seeds_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
