/* SPDX-License-Identifier: GPL-2.0-only */
/* The bits of spandsp's V.21 transmitter, wherever they begin, faint, off frequency, and out of noise that was
 * there before. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "t38/spandsp_version.h"

#include "t38/tone/v21_rx.h"

#define BITS	 300
#define LEAD	 4000 /* samples before the first bit */
#define SAMPLES	 (LEAD + BITS * 8000 / 300 + 800)
#define GOT_MAX	 600
#define SETTLING 12 /* bits until the clock has taken hold */

struct ear {
	char got[GOT_MAX + 1];
	unsigned n;
	float purity; /* the last one */
};

struct tape {
	char sent[BITS + 1];
	unsigned at;
};

static void on_bit(unsigned bit, float purity, void *arg)
{
	struct ear *e = arg;

	assert_in_range(bit, 0, 1);
	e->purity = purity;
	if (e->n < GOT_MAX)
		e->got[e->n++] = bit ? '1' : '0';
}

static int next_bit(void *arg)
{
	struct tape *t = arg;

	return t->at < BITS ? t->sent[t->at++] == '1' : SIG_STATUS_END_OF_DATA;
}

/* NOISE_DBM0: -90: none. Begins SHIFT samples late. */
static void send(struct tape *t, struct ear *e, enum v21_channel c, double dbm0, int off_hz, int noise_dbm0,
		 unsigned shift)
{
	fsk_spec_t spec = preset_fsk_specs[c == V21_LOW ? FSK_V21CH1 : FSK_V21CH2];
	static int16_t x[SAMPLES];
	static awgn_state_t noise;
	struct v21_rx v;
	fsk_tx_state_t tx;
	uint32_t seed = 1 + shift;
	size_t i;

	spec.freq_zero += off_hz;
	spec.freq_one += off_hz;
	memset(x, 0, sizeof(x));
	for (i = 0; i < BITS; i++) {
		seed = seed * 1664525u + 1013904223u;
		t->sent[i] = seed >> 24 & 1 ? '1' : '0';
	}
	t->at = 0;
	fsk_tx_init(&tx, &spec, next_bit, t);
	fsk_tx_power(&tx, (float)dbm0);
	fsk_tx(&tx, x + LEAD + shift, SAMPLES - LEAD - (int)shift);
	awgn_init_dbm0(&noise, 7 + (int)shift, (float)noise_dbm0);
	for (i = 0; noise_dbm0 > -90 && i < SAMPLES; i++)
		x[i] = (int16_t)(x[i] + awgn(&noise));
	memset(e, 0, sizeof(*e));
	v21_rx_init(&v, c, -46, on_bit, e);
	for (i = 0; i < SAMPLES; i += 100)
		v21_rx_samples(&v, x + i, SAMPLES - i < 100 ? SAMPLES - i : 100);
}

/* All that was sent after the first few bits is there, in one piece. */
static void check(const struct tape *t, const struct ear *e, const char *what, unsigned shift)
{
	bool whole = strstr(e->got, t->sent + SETTLING) != NULL;

	if (!whole)
		print_error("%s, %u samples late: bits are wrong\n", what, shift);
	assert_true(whole);
}

static void test_bits(void **state)
{
	static const struct {
		const char *name;
		enum v21_channel channel;
		double dbm0;
		int off_hz, noise_dbm0;
	} cases[] = {
		{"low channel", V21_LOW, -14, 0, -90},
		{"high channel", V21_HIGH, -14, 0, -90},
		{"loud", V21_HIGH, 0, 0, -90},
		{"low channel, faint", V21_LOW, -43, 0, -90},
		{"high channel, faint", V21_HIGH, -43, 0, -90},
		{"low channel, 12 Hz low", V21_LOW, -20, -12, -90},
		{"high channel, 12 Hz high", V21_HIGH, -20, 12, -90},
		{"low channel, in noise", V21_LOW, -20, 6, -38},
		{"high channel, in noise", V21_HIGH, -20, -6, -38},
	};
	struct tape t = {0};
	struct ear e;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned shift = 0; shift < 27; shift += 3) {
			send(&t, &e, cases[i].channel, cases[i].dbm0, cases[i].off_hz, cases[i].noise_dbm0, shift);
			check(&t, &e, cases[i].name, shift);
		}
}

static float purity_of(const int16_t *x, size_t n)
{
	struct ear e = {.purity = 9};
	struct v21_rx v;

	v21_rx_init(&v, V21_HIGH, -46, on_bit, &e);
	v21_rx_samples(&v, x, n);
	return e.purity;
}

static void test_purity(void **state)
{
	static int16_t x[8000];
	static awgn_state_t noise;
	size_t i;

	for (i = 0; i < 8000; i++)
		x[i] = (int16_t)lrint(3000 * sin(2 * M_PI * 1650 / 8000 * (double)i));
	assert_true(purity_of(x, 8000) > 0.9f);
	for (i = 0; i < 8000; i++)
		x[i] = (int16_t)lrint(3000 * sin(2 * M_PI * 1400 / 8000 * (double)i));
	assert_true(purity_of(x, 8000) < 0.3f);
	awgn_init_dbm0(&noise, 1, -10);
	for (i = 0; i < 8000; i++)
		x[i] = awgn(&noise);
	assert_true(purity_of(x, 8000) < 0.3f);
	/* -52 dBm0 is silence */
	for (i = 0; i < 8000; i++)
		x[i] = (int16_t)lrint(57 * sin(2 * M_PI * 1650 / 8000 * (double)i));
	assert_true(purity_of(x, 8000) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_bits), cmocka_unit_test(test_purity)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
