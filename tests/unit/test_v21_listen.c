/* SPDX-License-Identifier: GPL-2.0-only */
/* T.30 frames by spandsp's V.21 sender, through A-law: soft and loud, in noise, damaged, between pages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "t38/spandsp_version.h"

#include "t38/t30/t30.h"
#include "t38/tone/v21_listen.h"
#include "tests/unit/fault.h"

#define PREAMBLE_FLAGS 37 /* 1 s at 300 bit/s (T.30 5.3.1) */
#define MAX_FRAMES     16
#define HANGUP_OCTETS  2 /* flags after the last frame */

struct ear {
	struct v21_listen *v;
	unsigned count, signals;
	struct {
		uint8_t octets[300];
		size_t len;
	} frames[MAX_FRAMES];
	double noise_amplitude;
	uint32_t seed;
};

static void on_frame(const uint8_t *frame, size_t octets, void *arg)
{
	struct ear *e = arg;

	assert_true(e->count < MAX_FRAMES);
	assert_true(octets <= sizeof(e->frames[0].octets));
	memcpy(e->frames[e->count].octets, frame, octets);
	e->frames[e->count++].len = octets;
}

static void on_signal(void *arg)
{
	((struct ear *)arg)->signals++;
}

static void ear_open(struct ear *e)
{
	const struct v21_listen_handlers h = {on_frame, on_signal, e};

	*e = (struct ear){.seed = 1};
	assert_int_equal(v21_listen_alloc(&e->v, &h), 0);
}

static double hiss(struct ear *e)
{
	double s = 0;

	for (int i = 0; i < 6; i++) {
		e->seed = e->seed * 1664525u + 1013904223u;
		s += (double)(e->seed >> 8) / (1 << 24) - 0.5;
	}
	return s * sqrt(2.0);
}

/* Through A-law, as everything comes from a line, and in blocks of uneven lengths. */
static void hear(struct ear *e, const int16_t *samples, size_t n)
{
	int16_t linear[256];
	size_t k, step = 1;

	for (; n > 0; n -= k, samples += k) {
		step = step % 251 + 7;
		k = step < n ? step : n;
		for (size_t i = 0; i < k; i++)
			linear[i] =
				alaw_to_linear(linear_to_alaw((int)lrint(samples[i] + e->noise_amplitude * hiss(e))));
		v21_listen_samples(e->v, linear, k);
	}
}

static void hear_silence(struct ear *e, unsigned ms)
{
	static const int16_t nothing[80];

	for (; ms >= 10; ms -= 10)
		hear(e, nothing, 80);
}

static void at_underflow(void *arg)
{
}

struct sent {
	const uint8_t *octets;
	size_t len;
	bool corrupt;
};

/* One burst of frames behind a preamble, and the silence after it. */
static void hear_burst(struct ear *e, const struct sent *frames, unsigned count, float dbm0)
{
	fsk_tx_state_t fsk;
	hdlc_tx_state_t hdlc;
	int16_t block[160];
	int n = 160;

	hdlc_tx_init(&hdlc, FALSE, 1, FALSE, at_underflow, NULL);
	fsk_tx_init(&fsk, &preset_fsk_specs[FSK_V21CH2], (get_bit_func_t)hdlc_tx_get_bit, &hdlc);
	fsk_tx_power(&fsk, dbm0);
	hdlc_tx_flags(&hdlc, PREAMBLE_FLAGS);
	for (unsigned i = 0; i < count; i++) {
		assert_int_equal(hdlc_tx_frame(&hdlc, frames[i].octets, frames[i].len), 0);
		if (frames[i].corrupt)
			hdlc_tx_corrupt_frame(&hdlc);
		/* the sender takes what follows when this one has gone to the line */
		for (unsigned k = 0; hdlc.len && k < 1000; k++) {
			n = fsk_tx(&fsk, block, 160);
			hear(e, block, (size_t)n);
		}
	}
	hdlc_tx_flags(&hdlc, HANGUP_OCTETS);
	hdlc_tx_frame(&hdlc, NULL, 0);
	for (unsigned k = 0; n == 160 && k < 1000; k++) {
		n = fsk_tx(&fsk, block, 160);
		hear(e, block, (size_t)n);
	}
	hear_silence(e, 80);
}

static const uint8_t dis[] = {0xFF, 0x13, 0x80, 0x00, 0xEE, 0xF8, 0xC4, 0x80, 0x00};
static const uint8_t csi[] = {0xFF, 0x03, 0x40, '3', '2', '1', ' ', ' ', ' ', ' ', ' ', ' ',
			      ' ',  ' ',  ' ',	' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
static const uint8_t mcf[] = {0xFF, 0x13, 0x8C};
static const uint8_t ones[] = {0xFF, 0x13, 0xCE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7E, 0x7E, 0x7E};

static void expect_frame(const struct ear *e, unsigned i, const uint8_t *octets, size_t len)
{
	assert_true(i < e->count);
	assert_int_equal(e->frames[i].len, len);
	assert_memory_equal(e->frames[i].octets, octets, len);
}

static void test_levels(void **state)
{
	static const float levels[] = {-43, -40, -35, -30, -20, -13, -6, -3, 0};
	const struct sent burst[] = {{csi, sizeof(csi), false}, {dis, sizeof(dis), false}};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		struct ear e;

		ear_open(&e);
		hear_burst(&e, burst, 2, levels[i]);
		if (e.count != 2)
			fail_msg("%u frames of 2 at %.0f dBm0", e.count, (double)levels[i]);
		expect_frame(&e, 0, csi, sizeof(csi));
		expect_frame(&e, 1, dis, sizeof(dis));
		assert_int_equal(e.signals, 0);
		v21_listen_free(e.v);
	}
}

/* The order of bits is the one that t30.h reads. */
static void test_as_t30_reads(void **state)
{
	const struct sent burst[] = {{csi, sizeof(csi), false}, {dis, sizeof(dis), false}};
	struct ear e;

	ear_open(&e);
	hear_burst(&e, burst, 2, -13);
	assert_int_equal(e.count, 2);
	assert_string_equal(t30_frame_name(e.frames[0].octets, e.frames[0].len), "CSI");
	assert_string_equal(t30_frame_name(e.frames[1].octets, e.frames[1].len), "DIS");
	v21_listen_free(e.v);
}

/* Stuffed zeros, and flags within the data. */
static void test_any_octets(void **state)
{
	const struct sent burst = {ones, sizeof(ones), false};
	struct ear e;

	ear_open(&e);
	hear_burst(&e, &burst, 1, -13);
	assert_int_equal(e.count, 1);
	expect_frame(&e, 0, ones, sizeof(ones));
	v21_listen_free(e.v);
}

static void test_many_turns(void **state)
{
	const struct sent a = {dis, sizeof(dis), false}, b = {mcf, sizeof(mcf), false};
	struct ear e;

	ear_open(&e);
	for (unsigned i = 0; i < 6; i++) {
		hear_burst(&e, i & 1 ? &b : &a, 1, i & 1 ? -35 : -10);
		hear_silence(&e, 300 * i);
	}
	assert_int_equal(e.count, 6);
	expect_frame(&e, 4, dis, sizeof(dis));
	expect_frame(&e, 5, mcf, sizeof(mcf));
	v21_listen_free(e.v);
}

static void test_noise(void **state)
{
	const struct sent a = {dis, sizeof(dis), false};
	struct ear e;

	ear_open(&e);
	e.noise_amplitude = 32767 * pow(10, (-35 - 3.14) / 20) / sqrt(2);
	for (unsigned i = 0; i < 8; i++)
		hear_burst(&e, &a, 1, -20);
	assert_int_equal(e.count, 8);
	v21_listen_free(e.v);
}

static void test_bad_fcs(void **state)
{
	const struct sent bad = {csi, sizeof(csi), true}, good = {dis, sizeof(dis), false};
	struct ear e;

	ear_open(&e);
	hear_burst(&e, &bad, 1, -13);
	assert_int_equal(e.count, 0);
	hear_burst(&e, &good, 1, -13);
	assert_int_equal(e.count, 1);
	expect_frame(&e, 0, dis, sizeof(dis));
	v21_listen_free(e.v);
}

/* What has no FCF is no frame of T.30. */
static void test_too_short(void **state)
{
	const struct sent runt = {mcf, 2, false}, whole = {mcf, 3, false};
	struct ear e;

	ear_open(&e);
	hear_burst(&e, &runt, 1, -13);
	assert_int_equal(e.count, 0);
	hear_burst(&e, &whole, 1, -13);
	assert_int_equal(e.count, 1);
	v21_listen_free(e.v);
}

static int random_bit(void *arg)
{
	uint32_t *seed = arg;

	*seed = *seed * 1664525u + 1013904223u;
	return (int)(*seed >> 31);
}

static void hear_page(struct ear *e, unsigned ms)
{
	v17_tx_state_t v17;
	uint32_t seed = 5;
	int16_t block[160];

	v17_tx_init(&v17, 14400, FALSE, random_bit, &seed);
	for (; ms >= 20; ms -= 20)
		hear(e, block, (size_t)v17_tx(&v17, block, 160));
	hear_silence(e, 80);
}

/* A page is a signal of another kind, told once; no frame is heard in it, and those before and after it are. */
static void test_pages(void **state)
{
	const struct sent a = {dis, sizeof(dis), false}, b = {mcf, sizeof(mcf), false};
	struct ear e;

	ear_open(&e);
	for (unsigned i = 1; i <= 3; i++) {
		hear_burst(&e, &a, 1, -13);
		assert_int_equal(e.signals, i - 1);
		hear_page(&e, 30000);
		assert_int_equal(e.signals, i);
		assert_int_equal(e.count, 2 * i - 1);
		hear_burst(&e, &b, 1, -13);
		assert_int_equal(e.count, 2 * i);
	}
	v21_listen_free(e.v);
}

static void test_short_signal(void **state)
{
	struct ear e;

	ear_open(&e);
	hear_page(&e, 1000);
	hear_page(&e, 1000);
	assert_int_equal(e.signals, 0);
	v21_listen_free(e.v);
}

static void test_no_signal_handler(void **state)
{
	struct v21_listen_handlers h = {on_frame, NULL, NULL};
	struct ear e = {.seed = 1};

	h.arg = &e;
	assert_int_equal(v21_listen_alloc(&e.v, &h), 0);
	hear_page(&e, 3000);
	assert_int_equal(e.count, 0);
	v21_listen_free(e.v);
	v21_listen_free(NULL);
}

static int alloc_body(void *arg)
{
	const struct v21_listen_handlers h = {on_frame, on_signal, NULL};
	struct v21_listen *v = NULL;
	int err = v21_listen_alloc(&v, &h);

	v21_listen_free(v);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(alloc_body, NULL, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),	     cmocka_unit_test(test_as_t30_reads),
		cmocka_unit_test(test_any_octets),   cmocka_unit_test(test_many_turns),
		cmocka_unit_test(test_noise),	     cmocka_unit_test(test_bad_fcs),
		cmocka_unit_test(test_too_short),    cmocka_unit_test(test_pages),
		cmocka_unit_test(test_short_signal), cmocka_unit_test(test_no_signal_handler),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
