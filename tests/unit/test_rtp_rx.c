/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t38/rtp/rtp_rx.h"

#define PACKET_US 20000

static struct rtp_rx r;
static int64_t now_us;

static int begin(void **state)
{
	r = (struct rtp_rx){0};
	now_us = 1000000;
	return 0;
}

/* A packet of SSRC with number SEQ and the timestamp that belongs to it. */
static bool take(uint32_t ssrc, uint16_t seq)
{
	struct rtp_packet k = {.ssrc = ssrc, .seq = seq, .timestamp = seq * 160u};

	return rtp_rx_take(&r, &k, now_us);
}

static void stream(uint32_t ssrc, uint16_t seq, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		assert_true(take(ssrc, (uint16_t)(seq + i)));
		now_us += PACKET_US;
	}
}

static void counts_what_is_lost(void **state)
{
	struct rtp_rx_report p;

	stream(7, 65500, 50); /* over the wrap */
	assert_int_equal(rtp_rx_expected(&r), 50);
	assert_int_equal(rtp_rx_lost(&r), 0);
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.fraction_256, 0);
	assert_int_equal(p.highest, 65536 + 13);
	stream(7, 24, 30); /* ten are missing */
	assert_int_equal(rtp_rx_lost(&r), 10);
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.fraction_256, 10 * 256 / 40);
	assert_int_equal(p.lost, 10);
	/* nothing new: nothing lost since */
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.fraction_256, 0);
	/* a late one is one less */
	assert_true(take(7, 20));
	assert_int_equal(rtp_rx_lost(&r), 9);
	/* more than were sent */
	for (unsigned i = 0; i < 20; i++)
		assert_true(take(7, 53));
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.fraction_256, 0);
	assert_int_equal(p.lost, -11);
	assert_int_equal(rtp_rx_lost(&r), 0);
}

static void nothing_to_report(void **state)
{
	struct rtp_rx_report p;

	assert_false(rtp_rx_report(&r, &p));
	assert_int_equal(rtp_rx_expected(&r), 0);
}

/* All but one of an interval are lost: no more than 255 of 256. */
static void nearly_all_lost(void **state)
{
	struct rtp_rx_report p;

	stream(7, 0, 1);
	assert_true(rtp_rx_report(&r, &p));
	stream(7, 2900, 1);
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.fraction_256, 255);
}

/* A single packet with a number far off is passed over, a second in a row is believed. */
static void jump_of_the_numbers(void **state)
{
	stream(7, 100, 10);
	assert_false(take(7, 40000));
	assert_true(take(7, 110));
	assert_false(take(7, 50000));
	assert_false(take(7, 50002));
	assert_int_equal(r.strange, 3);
	assert_true(take(7, 50003));
	assert_int_equal(rtp_rx_lost(&r), 0); /* of the numbers between nothing is known */
	assert_int_equal(rtp_rx_expected(&r), 12);
	/* the first number is not believed twice */
	assert_false(take(7, 0));
	stream(7, 50004, 10);
}

/* Who does not know the SSRC does not get through, in sequence or not, as long as the stream goes on. */
static void guessed_ssrc(void **state)
{
	uint32_t guess = 1000;

	stream(7, 100, 10);
	for (uint16_t i = 0; i < 200; i++) {
		assert_false(take(guess, i));
		assert_false(take(guess, (uint16_t)(i + 1)));
		guess += i % 3 == 0;
		stream(7, (uint16_t)(110 + i), 1);
	}
	assert_int_equal(r.strange, 400);
	assert_int_equal(rtp_rx_lost(&r), 0);
	assert_int_equal(rtp_rx_expected(&r), 210);
}

/* The peer begins another stream (a transfer, music on hold): it is heard as soon as the first has stopped. */
static void another_stream(void **state)
{
	struct rtp_rx_report p;

	stream(7, 100, 10);
	stream(7, 112, 10);
	now_us += PACKET_US;
	assert_false(take(8, 5000));
	now_us += PACKET_US;
	assert_true(take(8, 5001));
	stream(8, 5002, 7);
	assert_int_equal(rtp_rx_lost(&r), 2);
	assert_int_equal(rtp_rx_expected(&r), 22 + 8);
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.lost, 0); /* of this one */
	assert_int_equal(p.highest, 5008);
}

/* T.38 was between, or the peer has another address. */
static void restart(void **state)
{
	stream(7, 100, 10);
	rtp_rx_restart(&r);
	now_us += 60 * 1000000ll;
	stream(7, 30000, 10); /* it went on sending */
	assert_int_equal(rtp_rx_lost(&r), 0);
	assert_int_equal(rtp_rx_expected(&r), 20);
	rtp_rx_restart(&r);
	stream(9, 1, 10); /* at once */
	assert_int_equal(rtp_rx_expected(&r), 30);
	assert_int_equal(r.strange, 0);
	assert_false(take(10, 5));
}

/* RFC 3550 A.8: every other packet 16 ms late comes to a jitter near 16 ms. */
static void jitter(void **state)
{
	struct rtp_rx_report p;

	stream(7, 0, 100);
	assert_true(rtp_rx_report(&r, &p));
	assert_int_equal(p.jitter, 0);
	for (uint16_t i = 100; i < 300; i++) {
		now_us += i & 1 ? 16000 : 0;
		assert_true(take(7, i));
		now_us += i & 1 ? PACKET_US - 16000 : PACKET_US;
	}
	assert_true(rtp_rx_report(&r, &p));
	assert_in_range(p.jitter, 110, 128);
}

/* An event's packets have its beginning's time, all of them; a clock that jumps is no jitter. */
static void no_jitter(void **state)
{
	struct rtp_packet k = {.ssrc = 7, .timestamp = 100 * 160};

	stream(7, 0, 100);
	for (uint16_t i = 100; i < 110; i++) {
		k.seq = i;
		assert_true(rtp_rx_take(&r, &k, now_us));
		now_us += PACKET_US;
	}
	stream(7, 110, 10);
	k.seq = 120;
	k.timestamp = 0x80000000;
	assert_true(rtp_rx_take(&r, &k, now_us));
	assert_int_equal(r.jitter_16, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(counts_what_is_lost), TEST(nothing_to_report), TEST(nearly_all_lost), TEST(jump_of_the_numbers),
		TEST(guessed_ssrc),	   TEST(another_stream),    TEST(restart),	   TEST(jitter),
		TEST(no_jitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
