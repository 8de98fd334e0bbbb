/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t38/rtp/jitter.h"

#define SILENCE 0xD5
#define BLOCK	160
#define SSRC	0x1234

static struct jitter j;

/* What stands at time TS of the stream: loud, and never the same as near it. */
static uint8_t octet_at(uint32_t ts)
{
	uint8_t v = (uint8_t)(ts * 7 + (ts >> 8) * 13);

	return ((v ^ SILENCE) & 0x7F) < 0x20 ? v ^ 0x40 : v;
}

static void put_n(uint32_t ts, size_t n)
{
	uint8_t octets[2048];

	for (size_t i = 0; i < n; i++)
		octets[i] = octet_at(ts + (uint32_t)i);
	jitter_put(&j, SSRC, ts, octets, n);
}

static void put(uint32_t ts)
{
	put_n(ts, BLOCK);
}

/* True if the block played is the stream's from TS on. */
static bool plays(uint32_t ts)
{
	uint8_t out[BLOCK];

	jitter_get(&j, out, BLOCK);
	for (uint32_t i = 0; i < BLOCK; i++)
		if (out[i] != octet_at(ts + i))
			return false;
	return true;
}

static bool plays_silence(void)
{
	uint8_t out[BLOCK];

	jitter_get(&j, out, BLOCK);
	for (unsigned i = 0; i < BLOCK; i++)
		if (out[i] != SILENCE)
			return false;
	return true;
}

static void begin(unsigned min_ms, unsigned max_ms, unsigned fixed_ms)
{
	jitter_init(&j, SILENCE, min_ms, max_ms);
	if (fixed_ms)
		jitter_fix(&j, fixed_ms);
}

static void silence_before_anything(void **state)
{
	begin(20, 200, 0);
	assert_true(plays_silence());
	put(1000);
	assert_true(plays_silence()); /* the delay */
	assert_true(plays(1000));
	assert_int_equal(j.stats.lost_octets, 0);
	assert_int_equal(j.stats.packets, 1);
	assert_int_equal(j.stats.delay_ms, 20);
}

/* Nothing lost, in order: every octet comes out, once, after just the delay; across the wrap of timestamps too. */
static void bit_exact(void **state)
{
	for (unsigned fixed_ms = 0; fixed_ms <= 80; fixed_ms += 40) {
		uint32_t ts = 0xFFFFF000, delay = (fixed_ms ? fixed_ms : 20) / 20;

		begin(20, 200, fixed_ms);
		for (uint32_t i = 0; i < 20000; i++) {
			put(ts + i * BLOCK);
			if (i < delay)
				assert_true(plays_silence());
			else
				assert_true(plays(ts + (i - delay) * BLOCK));
		}
		assert_int_equal(
			j.stats.lost_octets + j.stats.late + j.stats.resets + j.stats.overflow + j.stats.duplicate, 0);
	}
}

/* Packets of 10, 20 and 30 ms, read in odd portions. */
static void any_size(void **state)
{
	uint8_t out[37];
	uint32_t ts = 0, sent = 0, at = 0;

	begin(40, 200, 40);
	for (unsigned i = 0; i < 10000; i++) {
		while (sent < at + 480) {
			uint32_t n = 80 * (1 + i % 3);

			put_n(ts + sent, n);
			sent += n;
		}
		jitter_get(&j, out, sizeof(out));
		for (unsigned o = 0; o < sizeof(out); o++, at++)
			assert_int_equal(out[o], at < 320 ? SILENCE : octet_at(at - 320));
	}
	assert_int_equal(j.stats.lost_octets, 0);
}

static void reordered_in_time(void **state)
{
	begin(60, 200, 60);
	for (uint32_t i = 0; i < 100; i++) {
		put((i ^ 1) * BLOCK); /* in pairs, turned round */
		if (i >= 2)	      /* three blocks behind the first seen, which is number 1 */
			assert_true(plays((i - 2) * BLOCK));
		else
			assert_true(plays_silence());
	}
	assert_int_equal(j.stats.late, 0);
	assert_int_equal(j.stats.lost_octets, 0);
}

/* Fax: a lost packet is filled, and everything else stays where it is. */
static bool plays_again(uint32_t ts)
{
	uint8_t out[BLOCK];

	jitter_get(&j, out, BLOCK);
	for (unsigned o = 0; o < BLOCK; o++)
		if (out[o] != octet_at(ts + o))
			return false;
	return true;
}

/* In a modem's signal for 60 ms: its receiver is not to think that the carrier is gone. */
static void fixed_fills_what_is_lost(void **state)
{
	begin(20, 200, 40);
	for (uint32_t i = 0; i < 1000; i++) {
		unsigned gap = i < 2 ? 0 : (i - 2) % 100; /* packets 5 to 8 of each hundred */

		if (i % 100 < 5 || i % 100 > 8)
			put(i * BLOCK);
		if (i < 2 || gap == 8)
			assert_true(plays_silence());
		else if (gap >= 5 && gap < 8)
			assert_true(plays_again((i - 2 - (gap - 4)) * BLOCK)); /* the octets before it again */
		else
			assert_true(plays((i - 2) * BLOCK));
	}
	assert_int_equal(j.stats.lost_octets, 40 * BLOCK);
	assert_int_equal(j.stats.resets, 0);
	assert_int_equal(j.stats.delay_ms, 40);
}

static void put_quiet(uint32_t ts)
{
	uint8_t quiet[BLOCK];

	memset(quiet, SILENCE, sizeof(quiet));
	jitter_put(&j, SSRC, ts, quiet, sizeof(quiet));
}

/* A packet too late for the fixed delay: it stays as it is as long as there is a signal, and grows in the next
 * pause. */
static void fixed_grows_in_a_pause(void **state)
{
	uint32_t i = 0;

	begin(20, 200, 40);
	for (; i < 50; i++) {
		if (i != 20)
			put(i * BLOCK);
		if (i == 24)
			put(20 * BLOCK); /* 60 ms after its turn */
		if (i >= 2 && i != 22)
			assert_true(plays((i - 2) * BLOCK));
		else
			plays(0);
	}
	assert_int_equal(j.stats.delay_ms, 40);
	for (; i < 60; i++) {
		put_quiet(i * BLOCK);
		plays(0);
	}
	assert_int_equal(j.stats.delay_ms, 90); /* 40 ms of its packet's delay, and a cushion of 10 */
	for (; i < 70; i++) {
		put(i * BLOCK);
		plays(0);
	}
	assert_int_equal(j.stats.delay_ms, 90);
	assert_int_equal(j.stats.lost_octets, BLOCK);
	assert_int_equal(j.stats.resets, 0);
}

/* Fax: one packet far too late, or a whole stall, changes nothing of the timing. */
static void fixed_keeps_its_time(void **state)
{
	begin(20, 200, 40);
	for (uint32_t i = 0; i < 500; i++) {
		if (i < 200 || i >= 210)
			put(i * BLOCK);
		if (i == 209)
			for (uint32_t k = 200; k < 210; k++)
				put(k * BLOCK); /* a stall of 200 ms, then all at once */
		if (i >= 2 && (i < 202 || i >= 210))
			assert_true(plays((i - 2) * BLOCK));
		else
			plays(0);
	}
	assert_int_equal(j.stats.late, 7); /* 200 to 206; 207 begins just now */
	assert_int_equal(j.stats.resets, 0);
	assert_int_equal(j.stats.delay_ms, 40);
}

/* After a fax the delay shrinks again where nobody needs it, and grows when packets come late. */
static void adapts_again(void **state)
{
	uint32_t ts = 1000;

	begin(20, 200, 100);
	for (unsigned i = 0; i < 300; i++, ts += BLOCK) {
		uint8_t quiet[BLOCK], out[BLOCK];

		memset(quiet, SILENCE, sizeof(quiet));
		if (i == 100)
			assert_int_equal(j.stats.delay_ms, 100);
		if (i == 100)
			jitter_adapt(&j);
		jitter_put(&j, SSRC, ts, quiet, sizeof(quiet));
		jitter_get(&j, out, sizeof(out));
	}
	assert_in_range(j.stats.delay_ms, 20, 40);
	jitter_fix(&j, 60);
	assert_int_equal(j.stats.delay_ms, 60);
}

static void fixed_is_set_once(void **state)
{
	uint32_t i = 0;

	begin(20, 200, 0);
	for (; i < 50; i++) {
		put(i * BLOCK);
		plays(0);
	}
	jitter_fix(&j, 60); /* two blocks more, inserted once */
	assert_int_equal(j.stats.delay_ms, 60);
	for (; i < 53; i++) {
		put(i * BLOCK);
		plays(0);
	}
	for (; i < 1000; i++) {
		put(i * BLOCK);
		assert_true(plays((i - 3) * BLOCK));
	}
	jitter_fix(&j, 200);
	assert_int_equal(j.stats.delay_ms, 60);
	put(i * BLOCK);
	assert_true(plays((i - 3) * BLOCK));
	assert_int_equal(j.stats.lost_octets, 0);
	begin(100, 200, 40);
	assert_int_equal(j.stats.delay_ms, 100); /* the present one was larger */
}

static void duplicates_change_nothing(void **state)
{
	for (unsigned fixed_ms = 0; fixed_ms <= 40; fixed_ms += 40) {
		unsigned delay = fixed_ms ? 2 : 1;

		begin(20, 200, fixed_ms);
		for (uint32_t i = 0; i < 500; i++) {
			put(i * BLOCK);
			put(i * BLOCK);
			if (i > 3)
				put((i - 4) * BLOCK); /* after it was played */
			if (i >= delay)
				assert_true(plays((i - delay) * BLOCK));
			else
				plays(0);
		}
		assert_int_equal(j.stats.duplicate, 500 + 496);
		assert_int_equal(j.stats.late, 0);
		assert_int_equal(j.stats.delay_ms, delay * 20);
	}
}

static void new_ssrc_starts_anew(void **state)
{
	uint8_t octets[BLOCK];

	begin(20, 200, 40);
	for (uint32_t i = 0; i < 10; i++) {
		put(i * BLOCK);
		plays(0);
	}
	memset(octets, 0x11, BLOCK);
	jitter_put(&j, SSRC + 1, 77, octets, BLOCK);
	assert_true(plays_silence() && plays_silence());
	jitter_get(&j, octets, BLOCK);
	assert_int_equal(octets[0], 0x11);
	assert_int_equal(octets[159], 0x11);
	assert_int_equal(j.stats.resets, 1);
}

/* A stray timestamp is dropped; a second one that goes on from it is a new timeline. */
static void timestamp_jumps(void **state)
{
	begin(20, 200, 40);
	for (uint32_t i = 0; i < 10; i++) {
		put(i * BLOCK);
		plays(0);
	}
	put(90000000);
	assert_true(plays(8 * BLOCK));
	put(11 * BLOCK);
	assert_true(plays(9 * BLOCK));
	assert_int_equal(j.stats.resets, 0);
	for (uint32_t i = 0; i < 20; i++) {
		put(0x80000000u + 9 * BLOCK + i * BLOCK); /* as far off as can be */
		if (i > 2)
			assert_true(plays(0x80000000u + (9 + i - 2) * BLOCK));
		else
			plays(0);
	}
	assert_int_equal(j.stats.resets, 1);
}

/* The sender stops for a while (its timestamps do not): nothing was lost, and the delay is the same after it. */
static void pauses_are_no_loss(void **state)
{
	for (unsigned fixed_ms = 0; fixed_ms <= 20; fixed_ms += 20) {
		begin(20, 200, fixed_ms);
		for (uint32_t i = 0; i < 1000; i++) {
			bool talks = i / 100 % 2 == 0;

			if (talks)
				put(i * BLOCK);
			if (talks && i % 100)
				assert_true(plays((i - 1) * BLOCK));
			else
				plays(0);
		}
		assert_int_equal(j.stats.lost_octets, 0);
		assert_int_equal(j.stats.late, 0);
		assert_int_equal(j.stats.delay_ms, 20);
	}
}

/* The sender's timeline slips by 300 ms and stays so: late ones are dropped for half a second, then it is followed. */
static void late_for_good(void **state)
{
	begin(20, 200, 40);
	for (uint32_t i = 0; i < 100; i++) {
		put(i * BLOCK);
		plays(0);
	}
	for (uint32_t i = 100; i < 200; i++) {
		put(i * BLOCK - 2400);
		if (i > 145)
			assert_true(plays((i - 2) * BLOCK - 2400));
		else
			plays(0);
	}
	assert_int_equal(j.stats.resets, 1);
	assert_int_equal(j.stats.duplicate, 15); /* the first ones have numbers that were had */
	assert_int_equal(j.stats.late, 24);
}

/* Speech over a network with jitter: the delay grows until little is lost, never over its bound, and shrinks again in
 * pauses when the network is calm. */
static void adapts(void **state)
{
	static int64_t at[6000];
	uint64_t late = 0;
	uint8_t out[BLOCK], quiet[BLOCK];
	bool sent[6000] = {false};

	memset(quiet, SILENCE, sizeof(quiet));
	srand(7);
	begin(20, 200, 0);
	for (int i = 0; i < 6000; i++)
		at[i] = i * 20 + (i < 3000 ? rand() % 100 : 0);
	for (int now = 0; now < 6000; now++) {
		for (int i = now > 10 ? now - 10 : 0; i <= now; i++) {
			if (sent[i] || at[i] > now * 20)
				continue;
			sent[i] = true;
			if (i % 50 < 25)
				put((uint32_t)i * BLOCK);
			else
				jitter_put(&j, SSRC, (uint32_t)i * BLOCK, quiet, BLOCK);
		}
		jitter_get(&j, out, BLOCK);
		assert_in_range(j.stats.delay_ms, 10, 200);
		if (now == 500)
			late = j.stats.late;
		if (now == 2999) {
			assert_in_range(j.stats.late - late, 0, 100); /* of 2500 */
			assert_in_range(j.stats.delay_ms, 80, 200);
		}
	}
	assert_in_range(j.stats.delay_ms, 10, 60);
	assert_int_equal(j.stats.resets, 0);
}

/* The peer's clock is 100 ppm fast, then slow, for ten minutes each: half a second in all, and never more than the ring
 * takes. */
static void drift(void **state)
{
	for (int way = -1; way <= 1; way += 2) {
		uint64_t sent = 0;

		begin(40, 200, 0);
		for (uint64_t i = 0; i < 30000; i++) {
			uint64_t due = (i + 1) * BLOCK;

			due += way * (int64_t)due / 10000;
			while (sent + BLOCK <= due) {
				put((uint32_t)sent);
				sent += BLOCK;
			}
			plays(0);
		}
		assert_in_range(j.stats.resets, 0, 2);
		assert_in_range(j.stats.late, 0, 60);
		assert_in_range(j.stats.lost_octets, 0, 30000 * BLOCK / 100);
	}
}

static void refuses_nonsense(void **state)
{
	static uint8_t big[5000];

	begin(20, 200, 0);
	jitter_put(&j, SSRC, 0, big, 0);
	assert_false(j.started);
	jitter_put(&j, SSRC, 0, big, sizeof(big));
	assert_false(j.started);
	assert_int_equal(j.stats.overflow, 1);
	jitter_get(&j, big, 0);
	begin(5000, 1, 0); /* bounds the wrong way round, and more than the ring has */
	assert_in_range(j.stats.delay_ms, 0, 512);
	jitter_fix(&j, 4000000000u);
	put(0);
	for (unsigned i = 0; i < 40; i++)
		plays(0);
}

static void any_order(void **state)
{
	for (unsigned seed = 0; seed < 30; seed++) {
		srand(seed);
		begin(20, 200, seed % 3 ? 0 : 60);
		for (unsigned i = 0; i < 3000; i++) {
			uint32_t ts = (uint32_t)rand() << (seed % 20);

			if (seed & 1)
				ts = i * BLOCK + (uint32_t)(rand() % 8000) - 4000;
			put_n(ts, 1 + (size_t)rand() % 2048);
			if (rand() % 2)
				plays(0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_before_anything),
		cmocka_unit_test(bit_exact),
		cmocka_unit_test(any_size),
		cmocka_unit_test(reordered_in_time),
		cmocka_unit_test(fixed_fills_what_is_lost),
		cmocka_unit_test(fixed_grows_in_a_pause),
		cmocka_unit_test(fixed_keeps_its_time),
		cmocka_unit_test(fixed_is_set_once),
		cmocka_unit_test(adapts_again),
		cmocka_unit_test(duplicates_change_nothing),
		cmocka_unit_test(new_ssrc_starts_anew),
		cmocka_unit_test(timestamp_jumps),
		cmocka_unit_test(pauses_are_no_loss),
		cmocka_unit_test(late_for_good),
		cmocka_unit_test(adapts),
		cmocka_unit_test(drift),
		cmocka_unit_test(refuses_nonsense),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
