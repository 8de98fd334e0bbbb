/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t38/udptl/udptl.h"
#include "udptl_capture.h"

#define READS(...)                                                                                                     \
	do {                                                                                                           \
		static const uint8_t d[] = {__VA_ARGS__};                                                              \
		assert_null(udptl_read(d, sizeof(d), &k));                                                             \
	} while (0)
#define REFUSES(...)                                                                                                   \
	do {                                                                                                           \
		static const uint8_t d[] = {__VA_ARGS__};                                                              \
		assert_non_null(udptl_read(d, sizeof(d), &k));                                                         \
	} while (0)

static void reads_redundancy(void **state)
{
	struct udptl_packet k;

	READS(0x12, 0x34, 2, 0xAA, 0xBB, 0x00, 2, 1, 0xCC, 3, 1, 2, 3);
	assert_int_equal(k.seq, 0x1234);
	assert_int_equal(k.primary.len, 2);
	assert_int_equal(k.primary.p[1], 0xBB);
	assert_int_equal(k.kind, T38_EC_REDUNDANCY);
	assert_int_equal(k.nsecondary, 2);
	assert_int_equal(k.secondary[0].p[0], 0xCC);
	assert_int_equal(k.secondary[1].len, 3);
	assert_int_equal(k.secondary[1].p[2], 3);
}

static void reads_fec(void **state)
{
	struct udptl_packet k;

	READS(0, 9, 1, 0x06, 0x80, 1, 3, 2, 2, 5, 6, 1, 7);
	assert_int_equal(k.kind, T38_EC_FEC);
	assert_int_equal(k.fec_span, 3);
	assert_int_equal(k.nfec, 2);
	assert_int_equal(k.fec[0].p[1], 6);
	assert_int_equal(k.fec[1].p[0], 7);
	/* What senders start with, before there is anything to cover. */
	READS(0, 0, 1, 0x06, 0x80, 1, 0, 0);
	assert_int_equal(k.kind, T38_EC_NONE);
}

static void reads_what_is_tolerated(void **state)
{
	struct udptl_packet k;

	READS(0, 1, 0, 0, 0); /* an empty IFP packet */
	assert_int_equal(k.primary.len, 0);
	READS(0, 1, 1, 0x06, 0, 1, 0); /* an empty redundant one */
	assert_int_equal(k.nsecondary, 1);
	assert_int_equal(k.secondary[0].len, 0);
	READS(0, 1, 1, 0x06); /* no error recovery */
	assert_int_equal(k.kind, T38_EC_NONE);
	READS(0, 1, 1, 0x06, 0, 0, 0xFF, 0xFF); /* octets behind the end */
	assert_int_equal(k.kind, T38_EC_NONE);
}

static void refuses_malformed(void **state)
{
	struct udptl_packet k = {.seq = 77};

	assert_non_null(udptl_read("", 0, &k));
	REFUSES(0);
	REFUSES(0, 1);
	REFUSES(0, 1, 2, 0x06);		       /* primary cut off */
	REFUSES(0, 1, 0xC1, 0x06, 0, 0);       /* fragmented */
	REFUSES(0, 1, 0x80);		       /* length cut off */
	REFUSES(0, 1, 1, 6, 0);		       /* no count */
	REFUSES(0, 1, 1, 6, 0, 1);	       /* entry missing */
	REFUSES(0, 1, 1, 6, 0, 1, 4, 1, 2, 3); /* entry cut off */
	REFUSES(0, 1, 1, 6, 0, 65);	       /* count beyond our arrays */
	REFUSES(0, 1, 1, 6, 0, 0xBF, 0xFF);    /* far beyond */
	REFUSES(0, 1, 1, 6, 0, 0xC1);	       /* count fragmented */
	REFUSES(0, 1, 1, 6, 0x80);	       /* FEC header cut off */
	REFUSES(0, 1, 1, 6, 0x80, 1, 3);
	REFUSES(0, 1, 1, 6, 0x80, 2, 0, 3, 1, 1, 7); /* span of two octets */
	REFUSES(0, 1, 1, 6, 0x80, 1, 33, 1, 1, 7);   /* span too wide */
	REFUSES(0, 1, 1, 6, 0x80, 1, 0xFF, 1, 1, 7); /* negative */
	REFUSES(0, 1, 1, 6, 0x80, 1, 0, 1, 1, 7);    /* entries that cover nothing */
	REFUSES(0, 1, 1, 6, 0x80, 1, 3, 33);	     /* count beyond our arrays */
	REFUSES(0, 1, 1, 6, 0x80, 1, 3, 2, 1, 7);    /* entry missing */
	assert_int_equal(k.seq, 77);		     /* written on success only */
}

static void refuses_what_is_too_long(void **state)
{
	static uint8_t d[UDPTL_READ_OCTETS + 1];
	uint8_t many[100] = {0, 1, 1, 6, 0, UDPTL_MAX_SECONDARY}; /* and so many empty ones */
	struct udptl_packet k;
	size_t len = UDPTL_MAX_IFP;

	assert_null(udptl_read(many, sizeof(many), &k));
	assert_int_equal(k.nsecondary, UDPTL_MAX_SECONDARY);
	many[5]++;
	assert_non_null(udptl_read(many, sizeof(many), &k));
	memcpy(many + 4, (const uint8_t[]){0x80, 1, 3, UDPTL_MAX_FEC_ENTRIES}, 4);
	assert_null(udptl_read(many, sizeof(many), &k));
	many[7]++;
	assert_non_null(udptl_read(many, sizeof(many), &k));

	d[2] = (uint8_t)(0x80 | len >> 8);
	d[3] = (uint8_t)len;
	assert_null(udptl_read(d, sizeof(d) - 1, &k));
	assert_int_equal(k.primary.len, len);
	assert_non_null(udptl_read(d, sizeof(d), &k));
	d[3]++;
	assert_non_null(udptl_read(d, sizeof(d) - 1, &k));
	/* cut off everywhere, in a block of just that size: nothing may be read behind it */
	for (size_t n = 0; n < 40; n++) {
		const uint8_t whole[] = {0, 9, 1, 0x06, 0, 2, 2, 5, 6, 1, 7};
		uint8_t *cut = malloc(n + 1);

		if (n < sizeof(whole)) {
			memcpy(cut, whole, n);
			if (n == 4)
				assert_null(udptl_read(cut, n, &k));
			else
				assert_non_null(udptl_read(cut, n, &k));
		}
		free(cut);
	}
}

static void writes_what_it_reads(void **state)
{
	uint8_t data[300] = {1, 2, 3}, out[1400], again[1400];
	struct udptl_packet k = {.seq = 65535, .primary = {data, 300}, .kind = T38_EC_REDUNDANCY, .nsecondary = 3}, r;
	size_t len;

	k.secondary[0] = (struct udptl_field){data, 127};
	k.secondary[1] = (struct udptl_field){data, 128};
	k.secondary[2] = (struct udptl_field){data, 0};
	len = udptl_write(&k, out, sizeof(out));
	assert_int_equal(len, 2 + 302 + 2 + 128 + 130 + 1);
	assert_null(udptl_read(out, len, &r));
	assert_int_equal(r.secondary[1].len, 128);
	assert_int_equal(udptl_write(&r, again, sizeof(again)), len);
	assert_memory_equal(out, again, len);
	assert_int_equal(udptl_write(&k, out, len - 1), 0);
	k.kind = T38_EC_FEC;
	k.fec_span = 5;
	k.nfec = 2;
	k.fec[0] = (struct udptl_field){data, 10};
	k.fec[1] = (struct udptl_field){data, 200};
	len = udptl_write(&k, out, sizeof(out));
	assert_null(udptl_read(out, len, &r));
	assert_int_equal(r.fec_span, 5);
	assert_int_equal(r.nfec, 2);
	assert_int_equal(r.fec[1].len, 200);
	k.nfec = 33;
	assert_int_equal(udptl_write(&k, out, sizeof(out)), 0);
	k.kind = T38_EC_REDUNDANCY;
	k.nsecondary = 65;
	assert_int_equal(udptl_write(&k, out, sizeof(out)), 0);
	k.nsecondary = 0;
	k.primary.len = 16384;
	assert_int_equal(udptl_write(&k, out, sizeof(out)), 0);
}

static void reads_the_capture(void **state)
{
	static struct capture c;
	struct udptl_packet k, before = {0};

	capture_read(&c);
	assert_int_equal(c.n, CAPTURE_DATAGRAMS);
	assert_non_null(udptl_read(c.datagram[0].p, c.datagram[0].len, &k));
	for (unsigned i = 1; i < c.n; i++) {
		assert_null(udptl_read(c.datagram[i].p, c.datagram[i].len, &k));
		assert_int_equal(k.seq, i - 1);
		assert_int_equal(k.nsecondary, i > 1);
		if (i > 1) {
			assert_int_equal(k.secondary[0].len, before.primary.len);
			assert_memory_equal(k.secondary[0].p, before.primary.p, before.primary.len);
		}
		before = k;
	}
}

static struct udptl_tx tx;
static uint8_t sent[UDPTL_MAX_OCTETS + 100];

static unsigned depth_of(size_t len)
{
	struct udptl_packet k;

	assert_null(udptl_read(sent, len, &k));
	return k.nsecondary;
}

static void tx_init(struct udptl_tx *t, enum t38_error_correction ec, unsigned control, unsigned image, unsigned max)
{
	const struct udptl_tx_params p = {ec, control, image, 3, 3, max, 0};

	udptl_tx_init(t, &p);
}

static void tx_repeats_as_deep_as_asked(void **state)
{
	uint8_t ifp[50] = {0};
	struct udptl_packet k;
	size_t len;

	tx_init(&tx, T38_EC_REDUNDANCY, 100, 3, 1400);
	for (unsigned i = 0; i < 100; i++) {
		ifp[0] = (uint8_t)i;
		len = udptl_tx_build(&tx, ifp, 5, true, sent, sizeof(sent));
		assert_null(udptl_read(sent, len, &k));
		assert_int_equal(k.seq, i);
		assert_int_equal(k.nsecondary, i < 31 ? i : 31);
		for (unsigned n = 0; n < k.nsecondary; n++)
			assert_int_equal(k.secondary[n].p[0], i - 1 - n);
	}
	len = udptl_tx_build(&tx, ifp, 50, false, sent, sizeof(sent));
	assert_int_equal(depth_of(len), 3);
}

/* Sent at once: each carries all of those before it, as the first one of the next time does, and what is older as deep
 * as wished for. */
static void tx_depth_counts_times(void **state)
{
	static const unsigned expected[] = {0, 1, 1, 2, 3, 4, 4, 1};
	static const bool together[] = {false, false, false, true, true, true, false, false};
	uint8_t ifp[5] = {0};

	tx_init(&tx, T38_EC_REDUNDANCY, 1, 1, 1400);
	for (unsigned i = 0; i < 8; i++) {
		udptl_tx_next(&tx, together[i]);
		assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 5, true, sent, sizeof(sent))), expected[i]);
	}
	for (unsigned i = 0; i < 30; i++) {
		udptl_tx_next(&tx, true);
		assert_in_range(depth_of(udptl_tx_build(&tx, ifp, 5, false, sent, sizeof(sent))), 1, 14);
	}
	tx_init(&tx, T38_EC_REDUNDANCY, 0, 0, 1400);
	for (unsigned i = 0; i < 8; i++) {
		udptl_tx_next(&tx, i > 0);
		assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 5, true, sent, sizeof(sent))), 0);
	}
}

static void tx_deepens(void **state)
{
	struct udptl_tx_params p = {.ec = T38_EC_REDUNDANCY, .depth_control = 8, .depth_image = 3, .depth_most = 10};
	uint8_t ifp[50] = {0};

	p.max_datagram = 1400;
	udptl_tx_init(&tx, &p);
	for (unsigned i = 0; i < 20; i++)
		udptl_tx_build(&tx, ifp, 50, true, sent, sizeof(sent));
	udptl_tx_deepen(&tx, 6, 0);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, false, sent, sizeof(sent))), 6);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, true, sent, sizeof(sent))), 8);
	udptl_tx_deepen(&tx, 0, 1);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, false, sent, sizeof(sent))), 4);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, true, sent, sizeof(sent))), 9);
	udptl_tx_deepen(&tx, 14, 3);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, false, sent, sizeof(sent))), 10);
	/* as the datagram has room; and another agreement changes nothing about the network */
	p.max_datagram = 400;
	udptl_tx_renew(&tx, &p);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, false, sent, sizeof(sent))), 6);
	/* what is forbidden is not begun, and what is fixed higher stays */
	p.depth_image = 0;
	p.depth_most = 5;
	p.max_datagram = 1400;
	udptl_tx_renew(&tx, &p);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 50, false, sent, sizeof(sent))), 0);
	assert_int_equal(depth_of(udptl_tx_build(&tx, ifp, 5, true, sent, sizeof(sent))), 8);
}

static enum t38_error_correction next_kind(bool control)
{
	struct udptl_packet k;
	size_t len = udptl_tx_build(&tx, (const uint8_t *)"abc", 3, control, sent, sizeof(sent));

	assert_null(udptl_read(sent, len, &k));
	return k.kind;
}

/* FEC of 3 times 3 mends one packet of each three, and reaches nine back: where that is too little, there is
 * redundancy. */
static void tx_beyond_fec(void **state)
{
	struct udptl_tx_params p = {.ec = T38_EC_FEC, .depth_control = 8, .depth_image = 3, .depth_most = 14};

	p.fec_span = p.fec_entries = 3;
	udptl_tx_init(&tx, &p);
	for (unsigned i = 0; i < 20; i++)
		next_kind(true);
	udptl_tx_deepen(&tx, 3, 0);
	assert_int_equal(next_kind(true), T38_EC_FEC);
	udptl_tx_deepen(&tx, 0, 1);
	assert_int_equal(next_kind(true), T38_EC_REDUNDANCY);
	assert_int_equal(next_kind(false), T38_EC_FEC);
	udptl_tx_deepen(&tx, 9, 0);
	assert_int_equal(next_kind(true), T38_EC_REDUNDANCY);
	assert_int_equal(next_kind(false), T38_EC_FEC);
	udptl_tx_deepen(&tx, 10, 0);
	assert_int_equal(next_kind(false), T38_EC_REDUNDANCY);
	/* not where it is forbidden: FEC stays */
	p.depth_image = 0;
	udptl_tx_renew(&tx, &p);
	assert_int_equal(next_kind(false), T38_EC_FEC);
	p.depth_most = 0;
	udptl_tx_renew(&tx, &p);
	assert_int_equal(next_kind(true), T38_EC_FEC);
}

static void tx_numbers_wrap(void **state)
{
	struct udptl_packet k;
	size_t len;

	tx_init(&tx, T38_EC_REDUNDANCY, 2, 2, 1400);
	tx.seq = 65535;
	udptl_tx_build(&tx, (const uint8_t *)"a", 1, true, sent, sizeof(sent));
	len = udptl_tx_build(&tx, (const uint8_t *)"b", 1, true, sent, sizeof(sent));
	assert_null(udptl_read(sent, len, &k));
	assert_int_equal(k.seq, 0);
	assert_int_equal(k.nsecondary, 1);
	assert_int_equal(k.secondary[0].p[0], 'a');
}

static void tx_keeps_the_limit(void **state)
{
	static uint8_t ifp[UDPTL_MAX_IFP + 1];
	size_t len;

	for (int fec = 0; fec < 2; fec++) {
		tx_init(&tx, fec ? T38_EC_FEC : T38_EC_REDUNDANCY, 31, 31, 200);
		assert_int_equal(tx.max_octets, 200);
		for (unsigned i = 0; i < 40; i++) {
			len = udptl_tx_build(&tx, ifp, 60, false, sent, sizeof(sent));
			assert_in_range(len, 60, 200);
		}
		/* The newest always goes, alone if need be. */
		len = udptl_tx_build(&tx, ifp, 500, false, sent, sizeof(sent));
		assert_int_equal(len, 2 + 502 + 2);
	}
	tx_init(&tx, T38_EC_REDUNDANCY, 31, 31, 200);
	udptl_tx_build(&tx, ifp, 60, false, sent, sizeof(sent));
	udptl_tx_build(&tx, ifp, 60, false, sent, sizeof(sent));
	udptl_tx_build(&tx, ifp, 60, false, sent, sizeof(sent));
	len = udptl_tx_build(&tx, ifp, 60, false, sent, sizeof(sent));
	assert_int_equal(depth_of(len), 2); /* 5 + 3 * 61; another would be 249 */
	assert_int_equal(udptl_tx_build(&tx, ifp, UDPTL_MAX_IFP + 1, false, sent, sizeof(sent)), 0);
	assert_int_equal(tx.seq, 4); /* what was not sent has no number */
	assert_int_equal(udptl_tx_build(&tx, ifp, 60, false, sent, 10), 0);
	assert_int_equal(tx.seq, 4);
}

static void tx_takes_the_peers_limit_sanely(void **state)
{
	tx_init(&tx, T38_EC_REDUNDANCY, 3, 3, 0);
	assert_int_equal(tx.max_octets, 400);
	tx_init(&tx, T38_EC_REDUNDANCY, 3, 3, 72);
	assert_in_range(tx.max_octets, 4 * 73 + 5, 4 * 76 + 5);
	tx_init(&tx, T38_EC_NONE, 3, 3, 1);
	assert_int_equal(tx.max_octets, 150);
	tx_init(&tx, T38_EC_REDUNDANCY, 3, 3, 150);
	assert_int_equal(tx.max_octets, 150);
	tx_init(&tx, T38_EC_REDUNDANCY, 31, 31, 149);
	assert_int_equal(tx.max_octets, UDPTL_MAX_OCTETS);
	tx_init(&tx, T38_EC_REDUNDANCY, 3, 3, 4000000000u);
	assert_int_equal(tx.max_octets, UDPTL_MAX_OCTETS);
	tx_init(&tx, T38_EC_NONE, 3, 3, 400);
	udptl_tx_build(&tx, (const uint8_t *)"a", 1, true, sent, sizeof(sent));
	assert_int_equal(depth_of(udptl_tx_build(&tx, (const uint8_t *)"b", 1, true, sent, sizeof(sent))), 0);
}

/* Every entry of K, the packet after those in IFP, must be the exclusive or of just the packets udptl_fec_member()
 * names. */
static void expect_parity(const struct udptl_packet *k, uint8_t ifp[][40])
{
	uint8_t want[40];

	for (unsigned e = 0; e < k->nfec; e++) {
		memset(want, 0, sizeof(want));
		for (unsigned m = 0; m < k->fec_span; m++) {
			unsigned s = udptl_fec_member(k->seq, k->nfec, e, m);

			assert_true(s < k->seq); /* nothing that was never sent */
			for (unsigned o = 0; o < 40; o++)
				want[o] ^= ifp[s][o];
		}
		assert_memory_equal(k->fec[e].p, want, k->fec[e].len);
		for (size_t o = k->fec[e].len; o < 40; o++)
			assert_int_equal(want[o], 0);
	}
}

/* From SURE on each packet has SPAN times ENTRIES of parity (0 entries: as many as can be). */
static void check_parity(unsigned span, unsigned entries, unsigned sure, unsigned room)
{
	const struct udptl_tx_params p = {T38_EC_FEC, 0, 0, span, entries, 1400, 0};
	uint8_t ifp[200][40] = {{0}};
	struct udptl_packet k;

	udptl_tx_init(&tx, &p);
	srand(1);
	for (unsigned i = 0; i < 200; i++) {
		size_t len = 1 + (size_t)rand() % 40;

		for (unsigned o = 0; o < len; o++)
			ifp[i][o] = (uint8_t)rand();
		len = udptl_tx_build(&tx, ifp[i], len, false, sent, sizeof(sent));
		assert_null(udptl_read(sent, len, &k));
		assert_int_equal(k.nsecondary, 0);
		if (i >= sure) {
			assert_int_equal(k.fec_span, span);
			assert_int_equal(k.nfec, room);
		}
		if (i)
			assert_true(k.nfec > 0);
		expect_parity(&k, ifp);
	}
}

static void tx_fec_covers_what_it_says(void **state)
{
	check_parity(3, 3, 9, 3);
	check_parity(1, 1, 1, 1);
	check_parity(1, 8, 8, 8);
	check_parity(8, 1, 8, 1);
	check_parity(4, 2, 8, 2);
	check_parity(5, 3, 15, 3);
	check_parity(8, 8, 31, 3); /* no more than is remembered */
	assert_int_equal(udptl_fec_member(10, 3, 0, 0), 7);
	assert_int_equal(udptl_fec_member(10, 3, 2, 0), 9);
	assert_int_equal(udptl_fec_member(10, 3, 0, 2), 1);
	assert_int_equal(udptl_fec_member(1, 3, 0, 0), 65534);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_redundancy),
		cmocka_unit_test(reads_fec),
		cmocka_unit_test(reads_what_is_tolerated),
		cmocka_unit_test(refuses_malformed),
		cmocka_unit_test(refuses_what_is_too_long),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(reads_the_capture),
		cmocka_unit_test(tx_repeats_as_deep_as_asked),
		cmocka_unit_test(tx_depth_counts_times),
		cmocka_unit_test(tx_deepens),
		cmocka_unit_test(tx_beyond_fec),
		cmocka_unit_test(tx_numbers_wrap),
		cmocka_unit_test(tx_keeps_the_limit),
		cmocka_unit_test(tx_takes_the_peers_limit_sanely),
		cmocka_unit_test(tx_fec_covers_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
