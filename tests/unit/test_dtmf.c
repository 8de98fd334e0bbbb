/* SPDX-License-Identifier: GPL-2.0-only */
/* Telephone events in, DTMF out: heard by spandsp's receiver, and measured. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t38/spandsp_version.h"

#include "t38/tone/dtmf.h"
#include "tests/unit/fault.h"

#define BLOCK 160
#define SSRC  7

struct ear {
	struct dtmf *d;
	dtmf_rx_state_t *rx;
	char heard[64];
	unsigned on_samples, blocks_idle;
	int peak;
};

static void ear_open(struct ear *e)
{
	*e = (struct ear){0};
	assert_int_equal(dtmf_alloc(&e->d), 0);
	e->rx = dtmf_rx_init(NULL, NULL, NULL);
	assert_non_null(e->rx);
}

static void ear_close(struct ear *e)
{
	dtmf_free(e->d);
	dtmf_rx_free(e->rx);
}

static void hear(struct ear *e, unsigned ms)
{
	int16_t block[BLOCK];

	for (; ms >= 20; ms -= 20) {
		memset(block, 0x55, sizeof(block));
		if (!dtmf_play(e->d, block, BLOCK)) {
			e->blocks_idle++;
			for (unsigned i = 0; i < BLOCK; i++)
				assert_int_equal(block[i], 0x5555); /* left alone */
			memset(block, 0, sizeof(block));
		}
		for (unsigned i = 0; i < BLOCK; i++) {
			e->on_samples += block[i] != 0;
			e->peak = abs(block[i]) > e->peak ? abs(block[i]) : e->peak;
		}
		dtmf_rx(e->rx, block, BLOCK);
		dtmf_rx_get(e->rx, e->heard + strlen(e->heard), 8);
	}
}

static void packet(struct ear *e, uint32_t timestamp, uint8_t event, bool end, unsigned ms)
{
	const uint8_t p[4] = {event, (uint8_t)((end ? 0x80 : 0) | 10), (uint8_t)(ms * 8 >> 8), (uint8_t)(ms * 8)};

	assert_null(dtmf_event(e->d, SSRC, timestamp, p, sizeof(p)));
}

/* A digit as a phone sends it: a packet every 20 ms, the last one three times. */
static void press(struct ear *e, uint32_t timestamp, uint8_t event, unsigned ms)
{
	for (unsigned t = 20; t < ms; t += 20) {
		packet(e, timestamp, event, false, t);
		hear(e, 20);
	}
	for (unsigned i = 0; i < 3; i++) {
		packet(e, timestamp, event, true, ms);
		hear(e, 20);
	}
}

static void test_every_digit(void **state)
{
	struct ear e;

	ear_open(&e);
	for (uint8_t i = 0; i < 16; i++) {
		press(&e, 1000 + i * 4000u, i, 100);
		hear(&e, 100);
	}
	assert_string_equal(e.heard, "0123456789*#ABCD");
	ear_close(&e);
}

static void test_duration(void **state)
{
	static const unsigned lengths_ms[] = {100, 400, 2000};

	for (unsigned i = 0; i < 3; i++) {
		struct ear e;
		unsigned ms;

		ear_open(&e);
		press(&e, 5000, 5, lengths_ms[i]);
		hear(&e, 200);
		ms = e.on_samples / 8;
		assert_in_range(ms, lengths_ms[i] - 5, lengths_ms[i] + 5);
		assert_string_equal(e.heard, "5");
		ear_close(&e);
	}
}

/* All packets but the last were lost; or the digit was shorter than a receiver can hear. */
static void test_only_the_end(void **state)
{
	struct ear e;

	ear_open(&e);
	packet(&e, 5000, 1, true, 80);
	hear(&e, 200);
	assert_string_equal(e.heard, "1");
	assert_in_range(e.on_samples / 8, 75, 85);
	packet(&e, 9000, 2, true, 10);
	hear(&e, 200);
	assert_string_equal(e.heard, "12");
	ear_close(&e);
}

static void test_end_again(void **state)
{
	struct ear e;

	ear_open(&e);
	press(&e, 5000, 9, 60);
	hear(&e, 200);
	assert_string_equal(e.heard, "9");
	packet(&e, 5000, 9, true, 60);
	packet(&e, 4000, 8, true, 60); /* late, of an event before */
	hear(&e, 300);
	assert_string_equal(e.heard, "9");
	assert_in_range(e.blocks_idle, 15, 40);
	ear_close(&e);
}

/* The end was lost: the tone ends by itself. */
static void test_no_end(void **state)
{
	struct ear e;

	ear_open(&e);
	packet(&e, 5000, 3, false, 20);
	hear(&e, 1000);
	assert_string_equal(e.heard, "3");
	assert_in_range(e.on_samples / 8, 100, 250);
	assert_true(e.blocks_idle > 30);
	ear_close(&e);
}

/* Held for 20 s, longer than a packet can tell: segments of 8.19 s, the packets about the change may be lost. */
static void test_long(void **state)
{
	for (unsigned lost = 0; lost < 3; lost++) {
		uint32_t ts = 0xFFFF0000, into = 0;
		struct ear e;

		ear_open(&e);
		for (unsigned ms = 20; ms <= 20000; ms += 20) {
			uint32_t whole = ms * 8, segment = whole / 0xFFFF * 0xFFFF;
			uint8_t p[4] = {5, 10, 0, 0};

			into = whole - segment;
			p[1] = ms == 20000 ? 0x8A : 10;
			p[2] = (uint8_t)(into >> 8);
			p[3] = (uint8_t)into;
			if (into > lost * 400 && into < 0xFFFF - lost * 400)
				assert_null(dtmf_event(e.d, SSRC, ts + segment, p, sizeof(p)));
			hear(&e, 20);
		}
		hear(&e, 1000);
		assert_string_equal(e.heard, "5");
		assert_in_range(e.on_samples, 20000 * 8 - 1000, 20000 * 8 + 100);
		ear_close(&e);
	}
}

/* The same digit twice is two, however long the first was held, if its end was told or a pause shows it. */
static void test_long_then_again(void **state)
{
	for (unsigned told = 0; told < 2; told++) {
		struct ear e;

		ear_open(&e);
		for (unsigned ms = 20; ms <= 8180; ms += 20) {
			packet(&e, 1000, 5, told && ms == 8180, ms);
			hear(&e, 20);
		}
		hear(&e, 300);
		press(&e, 1000 + 8500 * 8, 5, 100);
		hear(&e, 1000);
		assert_string_equal(e.heard, "55");
		ear_close(&e);
	}
}

/* The end was lost, but the next digit shows that it was over. */
static void test_next_without_end(void **state)
{
	struct ear e;

	ear_open(&e);
	packet(&e, 5000, 3, false, 60);
	packet(&e, 7000, 4, true, 60);
	hear(&e, 400);
	assert_string_equal(e.heard, "34");
	assert_in_range(e.on_samples / 8, 115, 125);
	ear_close(&e);
}

/* Digits that come at once are played one after the other, with a pause; too many are dropped. */
static void test_queue(void **state)
{
	struct ear e;

	ear_open(&e);
	for (unsigned i = 0; i < 5; i++)
		packet(&e, 5000 + 1000 * i, 4, true, 60);
	hear(&e, 2000);
	assert_string_equal(e.heard, "44444");
	for (unsigned i = 0; i < 100; i++)
		packet(&e, 50000 + 1000 * i, 1, true, 60);
	hear(&e, 20000);
	assert_int_equal(strlen(e.heard), 5 + DTMF_QUEUE);
	ear_close(&e);
}

static void test_new_source(void **state)
{
	const uint8_t p[4] = {6, 0x8a, 0x02, 0x00};
	struct ear e;

	ear_open(&e);
	press(&e, 500000, 5, 60);
	hear(&e, 200);
	assert_null(dtmf_event(e.d, SSRC + 1, 1000, p, sizeof(p)));
	hear(&e, 200);
	assert_string_equal(e.heard, "56");
	ear_close(&e);
}

static void test_timestamp_wraps(void **state)
{
	struct ear e;

	ear_open(&e);
	press(&e, 0xFFFFFF00u, 5, 60);
	hear(&e, 200);
	press(&e, 0x00000400u, 6, 60);
	hear(&e, 200);
	assert_string_equal(e.heard, "56");
	ear_close(&e);
}

static void test_bad_packets(void **state)
{
	static const uint8_t cng[4] = {36, 0x0a, 1, 0}, digit[4] = {1, 0x8a, 1, 0};
	struct ear e;

	ear_open(&e);
	for (size_t n = 0; n < 4; n++)
		assert_non_null(dtmf_event(e.d, SSRC, 1, digit, n));
	assert_null(dtmf_event(e.d, SSRC, 1, cng, sizeof(cng)));
	hear(&e, 100);
	assert_int_equal(e.blocks_idle, 5);
	ear_close(&e);
}

/* The volume is that of both tones; absurd ones are bounded. */
static void test_volume(void **state)
{
	static const uint8_t volumes[] = {0, 10, 63};
	int peaks[3];

	for (unsigned i = 0; i < 3; i++) {
		const uint8_t p[4] = {1, (uint8_t)(0x80 | volumes[i]), 0x04, 0};
		struct ear e;

		ear_open(&e);
		assert_null(dtmf_event(e.d, SSRC, 1, p, sizeof(p)));
		hear(&e, 200);
		assert_string_equal(e.heard, "1");
		peaks[i] = e.peak;
		ear_close(&e);
	}
	assert_true(peaks[0] > peaks[1] && peaks[1] > peaks[2]);
	assert_in_range(peaks[0], 15000, 30000);
	assert_in_range(peaks[2], 2500, 6000);
}

static int alloc_body(void *arg)
{
	struct dtmf *d = NULL;
	int err = dtmf_alloc(&d);

	dtmf_free(d);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(alloc_body, NULL, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_digit),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_only_the_end),
		cmocka_unit_test(test_end_again),
		cmocka_unit_test(test_no_end),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_long_then_again),
		cmocka_unit_test(test_next_without_end),
		cmocka_unit_test(test_new_source),
		cmocka_unit_test(test_timestamp_wraps),
		cmocka_unit_test(test_bad_packets),
		cmocka_unit_test(test_volume),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
