/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t38/udptl/udptl_rx.h"
#include "udptl_capture.h"

#define WAIT_US 200000

/* What came out: sequence numbers and the first number in each packet. */
static struct {
	unsigned n;
	struct {
		uint16_t seq;
		size_t len;
		uint8_t ifp[64];
	} packet[10000];
} got;

static struct udptl_rx rx;

static void gets(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	assert_ptr_equal(arg, &got);
	assert_true(got.n < 10000 && len <= 64);
	got.packet[got.n].seq = seq;
	got.packet[got.n].len = len;
	memcpy(got.packet[got.n++].ifp, ifp, len);
}

static void begin(int64_t wait_us)
{
	got.n = 0;
	udptl_rx_init(&rx, wait_us, gets, &got);
}

/* A V.21 packet (version 0) whose contents say which it is; its length differs from number to number. */
static size_t make_ifp(uint8_t *out, unsigned number, unsigned era)
{
	size_t n = 3 + number % 5;

	memcpy(out, (const uint8_t[]){0xC0, 1, 0x80, 0, (uint8_t)(n - 1)}, 5);
	memset(out + 5, 0x55, n);
	out[5] = (uint8_t)(number >> 8);
	out[6] = (uint8_t)number;
	out[7] = (uint8_t)(era + 1);
	return 5 + n;
}

/* Sends packet NUMBER of ERA with DEPTH before it. */
static void send_era(unsigned number, unsigned depth, unsigned era, int64_t now_us)
{
	uint8_t ifp[33][16], out[UDPTL_MAX_OCTETS];
	struct udptl_packet k = {.seq = (uint16_t)number, .kind = T38_EC_REDUNDANCY, .nsecondary = depth};
	size_t len;

	for (unsigned i = 0; i <= depth; i++) {
		struct udptl_field f = {ifp[i], make_ifp(ifp[i], (uint16_t)(number - i), era)};

		if (i)
			k.secondary[i - 1] = f;
		else
			k.primary = f;
	}
	len = udptl_write(&k, out, sizeof(out));
	assert_true(len);
	assert_null(udptl_rx_datagram(&rx, out, len, now_us));
}

static void give(unsigned number, unsigned depth, int64_t now_us)
{
	send_era(number, depth, 0, now_us);
}

static void got_is(unsigned n, const unsigned *numbers)
{
	assert_int_equal(got.n, n);
	for (unsigned i = 0; i < n; i++) {
		uint8_t want[16];
		size_t len = make_ifp(want, numbers[i], 0);

		assert_int_equal(got.packet[i].seq, numbers[i]);
		assert_int_equal(got.packet[i].len, len);
		assert_memory_equal(got.packet[i].ifp, want, len);
	}
}

#define GOT(...) got_is(sizeof((unsigned[]){__VA_ARGS__}) / sizeof(unsigned), (unsigned[]){__VA_ARGS__})

static void passes_in_order(void **state)
{
	begin(WAIT_US);
	for (unsigned i = 0; i < 5; i++)
		give(i, 0, i);
	GOT(0, 1, 2, 3, 4);
	assert_int_equal(rx.stats.packets, 5);
	assert_int_equal(rx.stats.lost, 0);
}

static void starts_with_the_first_seen(void **state)
{
	begin(WAIT_US);
	give(40000, 3, 0);
	give(40001, 3, 0);
	GOT(40000, 40001);
	begin(WAIT_US);
	give(3, 3, 0);
	give(4, 3, 0);
	GOT(0, 1, 2, 3, 4);
	assert_int_equal(rx.stats.recovered_redundancy, 3);
	begin(WAIT_US);
	give(3, 2, 0);
	GOT(1, 2, 3);
	/* What redundancy would bring from before 0 was sent in another sequence, if at all. */
	begin(WAIT_US);
	give(1, 3, 0);
	GOT(0, 1);
}

static void recovers_from_redundancy(void **state)
{
	begin(WAIT_US);
	give(0, 0, 0);
	give(4, 3, 10);
	GOT(0, 1, 2, 3, 4);
	assert_int_equal(rx.stats.recovered_redundancy, 3);
	assert_int_equal(rx.stats.lost, 0);
	give(2, 2, 20); /* too late, and had */
	give(4, 3, 30);
	GOT(0, 1, 2, 3, 4);
	assert_int_equal(rx.stats.duplicate, 2);
}

static void waits_for_a_gap_then_goes_on(void **state)
{
	begin(WAIT_US);
	give(0, 0, 0);
	give(2, 0, 1000);
	give(3, 0, 50000);
	GOT(0);
	udptl_rx_tick(&rx, 1000 + WAIT_US - 1);
	GOT(0);
	udptl_rx_tick(&rx, 1000 + WAIT_US);
	GOT(0, 2, 3);
	assert_int_equal(rx.stats.lost, 1);
	give(1, 0, 1000 + WAIT_US + 1);
	GOT(0, 2, 3);
	assert_int_equal(rx.stats.late, 1);
	give(4, 0, 300000);
	GOT(0, 2, 3, 4);
}

static void a_second_gap_waits_from_its_own_time(void **state)
{
	begin(WAIT_US);
	give(0, 0, 0);
	give(2, 0, 0);
	give(4, 0, 150000);
	udptl_rx_tick(&rx, WAIT_US);
	GOT(0, 2);
	udptl_rx_tick(&rx, 150000 + WAIT_US - 1);
	GOT(0, 2);
	udptl_rx_tick(&rx, 150000 + WAIT_US);
	GOT(0, 2, 4);
	begin(WAIT_US); /* a gap was seen when the first packet behind it came, whichever that is */
	give(0, 0, 0);
	give(3, 0, 0);
	give(2, 0, 100000);
	udptl_rx_tick(&rx, WAIT_US);
	GOT(0, 2, 3);
	begin(0);
	give(0, 0, 0);
	give(2, 0, 0);
	GOT(0, 2);
}

static void reorders(void **state)
{
	begin(WAIT_US);
	give(0, 0, 0);
	give(3, 0, 1);
	give(1, 0, 2);
	GOT(0, 1);
	give(2, 0, 3);
	GOT(0, 1, 2, 3);
	assert_false(rx.gap);
	assert_int_equal(rx.stats.lost + rx.stats.late + rx.stats.recovered_redundancy, 0);
}

static void numbers_wrap(void **state)
{
	begin(WAIT_US);
	give(65533, 0, 0);
	give(0, 1, 1);
	GOT(65533);
	give(65534, 0, 2);
	GOT(65533, 65534, 65535, 0);
	for (unsigned i = 1; i < 200000; i++) {
		got.n = 0;
		give(i & 0xFFFF, 0, 3);
		assert_int_equal(got.n, 1);
	}
	assert_int_equal(rx.stats.lost, 0);
	assert_int_equal(rx.stats.jumps, 0);
}

static void full_window_slides(void **state)
{
	begin(WAIT_US);
	give(0, 0, 0);
	for (unsigned i = 2; i < 100; i++)
		give(i, 0, 1); /* 1 never comes, and no time passes */
	assert_int_equal(got.n, 99);
	assert_int_equal(got.packet[98].seq, 99);
	assert_int_equal(rx.stats.lost, 1);
	assert_int_equal(rx.stats.jumps, 0);
}

static void one_wild_packet_changes_nothing(void **state)
{
	begin(WAIT_US);
	give(100, 0, 0);
	give(30000, 0, 1);
	give(101, 0, 2);
	give(50, 0, 3);
	give(65000, 0, 4);
	give(20000, 0, 5);
	give(5000, 0, 6); /* three in a row, but each elsewhere */
	give(102, 0, 7);
	give(20000, 0, 8);
	give(25000, 0, 9);
	give(30000, 0, 10);
	give(103, 0, 11);
	GOT(100, 101, 102, 103);
	assert_int_equal(rx.stats.jumps, 0);
}

static void late_packets_never_wind_back(void **state)
{
	begin(WAIT_US);
	for (unsigned i = 0; i < 400; i++)
		give(i + 1000, 3, i);
	got.n = 0;
	for (unsigned i = 0; i < 7; i++)
		give(1200 + i, 3, 500);
	for (unsigned i = 0; i < 60; i++)
		give(1340 + i, 3, 500);
	assert_int_equal(got.n, 0);
	assert_int_equal(rx.stats.jumps, 0);
	give(1400, 3, 600);
	assert_int_equal(got.n, 1);
}

static void follows_a_new_numbering(void **state)
{
	begin(WAIT_US);
	for (unsigned i = 0; i < 5; i++)
		give(7000 + i, 0, i);
	give(7006, 0, 10); /* waits behind a gap when the new numbering comes */
	got.n = 0;
	send_era(0, 0, 1, 20);
	send_era(1, 0, 1, 30);
	assert_int_equal(got.n, 0);
	send_era(2, 0, 1, 40);
	assert_int_equal(got.n, 4);
	assert_int_equal(got.packet[0].seq, 7006);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(got.packet[1 + i].seq, i);
	assert_int_equal(rx.stats.jumps, 1);
	assert_int_equal(rx.stats.duplicate, 0);
	send_era(3, 0, 1, 50);
	assert_int_equal(got.n, 5);
}

/* From 0 again while the old numbers are still low: only the contents tell. */
static void follows_a_new_numbering_over_the_old(void **state)
{
	for (unsigned old = 3; old < 120; old += 13) {
		begin(WAIT_US);
		for (unsigned i = 0; i < old; i++)
			give(i, 3, i);
		got.n = 0;
		for (unsigned i = 0; i < 12; i++)
			send_era(i, i < 3 ? i : 3, 1, 1000 + i);
		assert_int_equal(rx.stats.jumps, 1);
		assert_int_equal(got.n, 12);
		for (unsigned i = 0; i < 12; i++)
			assert_int_equal(got.packet[i].seq, i);
	}
}

static void follows_over_a_long_outage(void **state)
{
	begin(WAIT_US);
	give(0, 0, 0);
	for (unsigned i = 500; i < 505; i++)
		give(i, 0, i);
	GOT(0, 500, 501, 502, 503, 504);
}

static void empty_packets_take_a_number(void **state)
{
	const uint8_t empty[] = {0, 1, 0, 0, 0};
	const uint8_t filler[] = {0, 3, 1, 0, 0, 2, 0, 0}; /* redundant packets that say nothing */

	begin(WAIT_US);
	give(0, 0, 0);
	assert_null(udptl_rx_datagram(&rx, empty, sizeof(empty), 1));
	give(2, 0, 2);
	GOT(0, 2);
	begin(WAIT_US);
	give(1, 0, 0);
	assert_null(udptl_rx_datagram(&rx, filler, sizeof(filler), 1));
	assert_int_equal(got.n, 1);
	give(2, 0, 2);
	assert_int_equal(got.n, 3);
}

static void malformed_changes_nothing(void **state)
{
	struct udptl_rx before;

	begin(WAIT_US);
	give(0, 0, 0);
	before = rx;
	assert_non_null(udptl_rx_datagram(&rx, "\0\1\5", 3, 1));
	assert_int_equal(rx.stats.bad, 1);
	rx.stats.bad = 0;
	assert_memory_equal(&rx, &before, sizeof(rx));
}

/* ---- FEC ---- */

struct datagrams {
	unsigned n;
	struct {
		size_t len;
		uint8_t p[UDPTL_MAX_OCTETS];
	} d[3000];
};

static struct datagrams line;

static void tx_init(struct udptl_tx *t, enum t38_error_correction ec, unsigned depth)
{
	const struct udptl_tx_params p = {ec, depth, depth, 3, 3, 1400, 0};

	udptl_tx_init(t, &p);
}

/* N packets as our own sender makes them; MIXED: every third datagram with redundancy in place of FEC. */
static void build(enum t38_error_correction ec, unsigned depth, unsigned n, bool mixed, unsigned first)
{
	static struct udptl_tx tx;
	uint8_t ifp[16];

	tx_init(&tx, ec, depth);
	tx.seq = (uint16_t)first;
	for (line.n = 0; line.n < n; line.n++) {
		size_t len = make_ifp(ifp, (uint16_t)(first + line.n), 0);

		if (mixed)
			tx.ec = line.n % 3 ? T38_EC_FEC : T38_EC_REDUNDANCY;
		line.d[line.n].len = udptl_tx_build(&tx, ifp, len, false, line.d[line.n].p, UDPTL_MAX_OCTETS);
		assert_true(line.d[line.n].len);
	}
}

static void deliver(unsigned i, int64_t now_us)
{
	assert_null(udptl_rx_datagram(&rx, line.d[i].p, line.d[i].len, now_us));
}

static void fec_repairs_one_of_a_set(void **state)
{
	build(T38_EC_FEC, 0, 60, false, 0);
	begin(WAIT_US);
	for (unsigned i = 0; i < 60; i++)
		if (i < 20 || i > 22) /* a burst of three */
			deliver(i, i);
	assert_int_equal(got.n, 60);
	assert_int_equal(rx.stats.recovered_fec, 3);
	for (unsigned i = 0; i < 60; i++) {
		uint8_t want[16];

		assert_int_equal(got.packet[i].len, make_ifp(want, i, 0)); /* the fill is taken off again */
		assert_memory_equal(got.packet[i].ifp, want, got.packet[i].len);
	}
}

static void fec_leaves_two_of_a_set(void **state)
{
	build(T38_EC_FEC, 0, 40, false, 0);
	begin(WAIT_US);
	for (unsigned i = 0; i < 40; i++)
		if (i < 16 || i > 27)
			deliver(i, 0);
	assert_int_equal(got.n, 16);
	udptl_rx_tick(&rx, WAIT_US);
	assert_int_equal(got.n + rx.stats.lost, 40);
	assert_true(rx.stats.lost >= 3);
	for (unsigned i = 1; i < got.n; i++)
		assert_true(got.packet[i].seq > got.packet[i - 1].seq);
}

/* Two of a set are missing; when one comes after all, the parity kept gives the other. */
static void fec_is_kept_for_reordered_packets(void **state)
{
	build(T38_EC_FEC, 0, 22, false, 0);
	begin(WAIT_US);
	for (unsigned i = 0; i < 22; i++)
		if (i < 17 || i > 20)
			deliver(i, 0);
	assert_int_equal(got.n, 17);
	assert_int_equal(rx.stats.recovered_fec, 2); /* 18 and 19; 17 and 20 are in one set */
	give(20, 0, 1);
	assert_int_equal(got.n, 22);
	assert_int_equal(rx.stats.recovered_fec, 3);
}

static void fec_never_repairs_what_was_never_sent(void **state)
{
	uint8_t out[100], ifp[16];
	size_t len = make_ifp(ifp, 7, 0);
	struct udptl_packet k = {.seq = 2, .primary = {ifp, len}, .kind = T38_EC_FEC, .fec_span = 3, .nfec = 1};

	k.fec[0] = (struct udptl_field){ifp, len};
	begin(WAIT_US);
	give(0, 0, 0);
	give(1, 0, 0);
	len = udptl_write(&k, out, sizeof(out)); /* covers 1, 0 and 65535 */
	assert_null(udptl_rx_datagram(&rx, out, len, 1));
	assert_int_equal(got.n, 3);
	assert_int_equal(rx.stats.recovered_fec, 0);
}

static void fec_that_gives_no_packet_is_left(void **state)
{
	uint8_t out[100], ifp[16];
	size_t len = make_ifp(ifp, 2, 0);
	struct udptl_packet k = {.seq = 2, .primary = {ifp, len}, .kind = T38_EC_FEC, .fec_span = 1, .nfec = 1};

	k.fec[0] = (struct udptl_field){(const uint8_t *)"\xC0\x01\x80\x00\x09", 5};
	begin(WAIT_US);
	give(0, 0, 0);
	len = udptl_write(&k, out, sizeof(out));
	assert_null(udptl_rx_datagram(&rx, out, len, 1));
	assert_int_equal(got.n, 1);
	give(1, 0, 2);
	GOT(0, 1, 2);
}

/* ---- property: whatever the network does ---- */

/* Loses, delays and doubles the datagrams by SEED; 20 ms apart. Every packet comes at most once and in order, none
 * waits longer than the window does, and all come that could: those with some datagram in which they are, in time. */
static void storm(unsigned seed, enum t38_error_correction ec, unsigned depth, bool mixed, unsigned loss,
		  int64_t jitter_us)
{
	static int64_t at_us[6000], have_us[3000];
	static unsigned which[6000];
	unsigned n = 0, total = 3000, first = 65000;

	srand(seed);
	build(ec, depth, total, mixed, first);
	for (unsigned i = 0; i < total; i++)
		have_us[i] = INT64_MAX;
	for (unsigned i = 0; i < total; i++) {
		unsigned copies = rand() % 10 ? 1 : 2;

		if (i && (unsigned)rand() % 100 < loss)
			continue;
		while (copies--) {
			int64_t t = i * 20000LL + (jitter_us && i ? rand() % jitter_us : 0);
			unsigned at = n++;

			for (; at && at_us[at - 1] > t; at--) {
				at_us[at] = at_us[at - 1];
				which[at] = which[at - 1];
			}
			at_us[at] = t;
			which[at] = i;
			for (unsigned d = 0; d <= (ec == T38_EC_REDUNDANCY ? depth : 0) && d <= i; d++)
				if (t < have_us[i - d])
					have_us[i - d] = t;
		}
	}
	begin(WAIT_US + 40000);
	for (unsigned i = 0; i < n; i++) {
		udptl_rx_tick(&rx, at_us[i]);
		deliver(which[i], at_us[i]);
	}
	udptl_rx_tick(&rx, INT64_MAX / 2);
	for (unsigned i = 1; i < got.n; i++)
		assert_true((int16_t)(got.packet[i].seq - got.packet[i - 1].seq) > 0);
	for (unsigned i = 0; i < got.n; i++) {
		uint8_t want[16];

		assert_int_equal(got.packet[i].len, make_ifp(want, got.packet[i].seq, 0));
		assert_memory_equal(got.packet[i].ifp, want, got.packet[i].len);
	}
	assert_int_equal(rx.stats.jumps, 0);
	unsigned could = 0, at = 0;

	for (unsigned i = 0; i < total; i++) {
		/* In time: before the window has waited for it, whose wait begins with any later packet. */
		int64_t seen_us = INT64_MAX;

		for (unsigned m = i + 1; m < total && m < i + 40; m++)
			if (have_us[m] < seen_us)
				seen_us = have_us[m];
		bool in_time =
			have_us[i] != INT64_MAX &&
			(seen_us == INT64_MAX || have_us[i] < seen_us + WAIT_US + 40000 || have_us[i] <= seen_us);

		could += in_time;
		while (at < got.n && (int16_t)(got.packet[at].seq - (uint16_t)(first + i)) < 0)
			at++;
		if (in_time && !(at < got.n && got.packet[at].seq == (uint16_t)(first + i)))
			fail_msg("seed %u: packet %u could have been had", seed, i);
	}
	assert_true(got.n >= could);
}

static void redundancy_in_storms(void **state)
{
	for (unsigned seed = 1; seed <= 20; seed++)
		storm(seed, T38_EC_REDUNDANCY, seed % 6, false, seed * 2, seed % 4 * 70000);
}

static void fec_in_storms(void **state)
{
	for (unsigned seed = 1; seed <= 20; seed++) {
		storm(seed, T38_EC_FEC, 3, seed & 1, seed, seed % 4 * 60000);
		assert_true(rx.stats.recovered_fec > 0);
	}
}

/* ---- a real fax ---- */

static void whole_capture(void **state)
{
	static struct capture c;
	struct udptl_packet k;

	capture_read(&c);
	assert_int_equal(c.n, CAPTURE_DATAGRAMS);
	for (unsigned way = 0; way < 4; way++) {
		begin(WAIT_US);
		srand(way);
		if (!way)
			assert_non_null(udptl_rx_datagram(&rx, c.datagram[0].p, c.datagram[0].len, 0));
		for (unsigned i = 1; i < c.n; i++) {
			unsigned j = i;

			if (way == 1 && i % 2 == 0 && i + 1 < c.n)
				continue; /* every second one lost */
			if (way == 2 && rand() % 2 && i > 1 && i + 1 < c.n) {
				i++; /* any one lost, but not two in a row */
				j = i;
			}
			if (way == 3 && i > 1 && (i - 2) / 8 < (c.n - 2) / 8)
				j = (i - 2) / 8 * 8 + 2 + (7 - (i - 2) % 8); /* backwards by eights */
			if (j < c.n)
				assert_null(udptl_rx_datagram(&rx, c.datagram[j].p, c.datagram[j].len, i * 9000));
		}
		udptl_rx_tick(&rx, 100000000);
		assert_int_equal(rx.stats.lost, 0);
		assert_int_equal(got.n, CAPTURE_PACKETS);
		for (unsigned i = 0; i < got.n; i++) {
			assert_int_equal(got.packet[i].seq, i);
			assert_null(udptl_read(c.datagram[i + 1].p, c.datagram[i + 1].len, &k));
			assert_int_equal(got.packet[i].len, k.primary.len);
			assert_memory_equal(got.packet[i].ifp, k.primary.p, k.primary.len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_in_order),
		cmocka_unit_test(starts_with_the_first_seen),
		cmocka_unit_test(recovers_from_redundancy),
		cmocka_unit_test(waits_for_a_gap_then_goes_on),
		cmocka_unit_test(a_second_gap_waits_from_its_own_time),
		cmocka_unit_test(reorders),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(full_window_slides),
		cmocka_unit_test(one_wild_packet_changes_nothing),
		cmocka_unit_test(late_packets_never_wind_back),
		cmocka_unit_test(follows_a_new_numbering),
		cmocka_unit_test(follows_a_new_numbering_over_the_old),
		cmocka_unit_test(follows_over_a_long_outage),
		cmocka_unit_test(empty_packets_take_a_number),
		cmocka_unit_test(malformed_changes_nothing),
		cmocka_unit_test(fec_repairs_one_of_a_set),
		cmocka_unit_test(fec_leaves_two_of_a_set),
		cmocka_unit_test(fec_is_kept_for_reordered_packets),
		cmocka_unit_test(fec_never_repairs_what_was_never_sent),
		cmocka_unit_test(fec_that_gives_no_packet_is_left),
		cmocka_unit_test(redundancy_in_storms),
		cmocka_unit_test(fec_in_storms),
		cmocka_unit_test(whole_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
