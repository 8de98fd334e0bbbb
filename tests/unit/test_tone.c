/* SPDX-License-Identifier: GPL-2.0-only */
/* Tones made by the formula, at the edges of what the recommendations allow, and everything that must not be taken
 * for one. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/fault.h"
#include "tests/unit/tone_rig.h"

/* A signal: two sines, switched on and off, with phase reversals and amplitude modulation, in noise. */
struct signal {
	const char *name;
	double hz, hz2, dbm0;
	double on_s, off_s; /* 0: it does not stop */
	double reversal_s;  /* 0: none */
	double am_hz, am_depth;
	double noise_dbm0; /* 0: none */
	double seconds;
	unsigned expected; /* bits by enum tone */
};

static double signal_at(const struct signal *s, double t)
{
	double period = s->on_s + s->off_s, x, phase = 0;
	double in = period > 0 ? fmod(t, period) : t;

	if (s->on_s > 0 && in >= s->on_s)
		return 0;
	if (s->reversal_s > 0)
		phase = M_PI * floor(in / s->reversal_s);
	x = sin(2 * M_PI * s->hz * t + phase + 0.7);
	if (s->hz2 > 0)
		x += sin(2 * M_PI * s->hz2 * t + 0.3);
	return x * (1 + s->am_depth * sin(2 * M_PI * s->am_hz * t));
}

static struct ear run(const struct signal *s)
{
	struct ear e = {0};
	struct tone_rx *t = NULL;
	int16_t block[160];
	double a = amplitude(s->dbm0), na = s->noise_dbm0 != 0 ? amplitude(s->noise_dbm0) / sqrt(2) : 0;
	size_t i, n = 0, total = (size_t)(s->seconds * RATE);

	assert_int_equal(tone_rx_alloc(&t, on_tone, &e), 0);
	seed = 1;
	while (n < total) {
		for (i = 0; i < 160; i++, n++)
			block[i] = clip(a * signal_at(s, (double)n / RATE) + na * noise());
		hear(t, &e, block, 160);
	}
	tone_rx_free(t);
	return e;
}

static const struct signal tones[] = {
	{"CNG", 1100, 0, -14, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, loud", 1100, 0, 0, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, faint", 1100, 0, -43, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, 1062 Hz", 1062, 0, -14, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, 1138 Hz", 1138, 0, -14, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, 1062 Hz, faint", 1062, 0, -43, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, 1138 Hz, faint", 1138, 0, -43, 0.5, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, short", 1100, 0, -20, 0.425, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, long", 1100, 0, -20, 0.575, 3, 0, 0, 0, 0, 3.4, CNG},
	{"CNG, in noise", 1100, 0, -30, 0.5, 3, 0, 0, 0, -42, 10, CNG},
	{"CED", 2100, 0, -14, 3, 5, 0, 0, 0, 0, 4, CED},
	{"CED, loud", 2100, 0, 0, 3, 5, 0, 0, 0, 0, 4, CED},
	{"CED, faint", 2100, 0, -43, 3, 5, 0, 0, 0, 0, 4, CED},
	{"CED, 2085 Hz", 2085, 0, -14, 2.6, 5, 0, 0, 0, 0, 4, CED},
	{"CED, 2115 Hz", 2115, 0, -14, 2.6, 5, 0, 0, 0, 0, 4, CED},
	{"CED, 2085 Hz, faint", 2085, 0, -43, 2.6, 5, 0, 0, 0, 0, 4, CED},
	{"CED, 2115 Hz, faint", 2115, 0, -43, 2.6, 5, 0, 0, 0, 0, 4, CED},
	{"CED, in noise", 2100, 0, -30, 3, 5, 0, 0, 0, -42, 4, CED},
	{"ANS with reversals", 2100, 0, -14, 3.3, 5, 0.45, 0, 0, 0, 4, ANS_PR},
	{"ANS, reversals of 425 ms", 2085, 0, -14, 3.3, 5, 0.425, 0, 0, 0, 4, ANS_PR},
	{"ANS, reversals of 475 ms", 2115, 0, -14, 3.3, 5, 0.475, 0, 0, 0, 4, ANS_PR},
	{"ANS with reversals, faint", 2100, 0, -43, 3.3, 5, 0.45, 0, 0, 0, 4, ANS_PR},
	{"ANSam", 2100, 0, -14, 3.3, 5, 0, 15, 0.2, 0, 4, ANSAM},
	{"ANSam, loud", 2100, 0, -1, 3.3, 5, 0, 15, 0.2, 0, 4, ANSAM},
	{"ANSam, faint", 2100, 0, -43, 3.3, 5, 0, 15, 0.2, 0, 4, ANSAM},
	{"ANSam with reversals", 2100, 0, -14, 3.3, 5, 0.45, 15, 0.2, 0, 4, ANSAM},
	{"ANSam, reversals, 2085 Hz, faint", 2085, 0, -43, 3.3, 5, 0.425, 14.9, 0.2, 0, 4, ANSAM},
	{"ANSam, reversals, 2115 Hz, noise", 2115, 0, -30, 3.3, 5, 0.475, 15.1, 0.2, -45, 4, ANSAM},
};

static void test_tones(void **state)
{
	struct ear e;
	size_t i;

	for (i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
		e = run(&tones[i]);
		check(tones[i].name, &e, tones[i].expected);
	}
}

static const struct signal others[] = {
	{"silence", 0, 0, -90, 0, 0, 0, 0, 0, 0, 10, 0},
	{"white noise", 0, 0, -90, 0, 0, 0, 0, 0, -20, 60, 0},
	{"1000 Hz", 1000, 0, -10, 0.5, 3, 0, 0, 0, 0, 10, 0},
	{"1040 Hz", 1040, 0, -10, 0.5, 3, 0, 0, 0, 0, 10, 0},
	{"1160 Hz", 1160, 0, -10, 0.5, 3, 0, 0, 0, 0, 10, 0},
	{"1200 Hz", 1200, 0, -10, 0.5, 3, 0, 0, 0, 0, 10, 0},
	{"1100 Hz without end", 1100, 0, -10, 0, 0, 0, 0, 0, 0, 10, 0},
	{"1100 Hz, 0.3 s", 1100, 0, -10, 0.3, 0.3, 0, 0, 0, 0, 10, 0},
	{"1100 Hz, 0.8 s", 1100, 0, -10, 0.8, 1, 0, 0, 0, 0, 10, 0},
	{"ringback", 425, 0, -10, 1, 4, 0, 0, 0, 0, 20, 0},
	{"busy", 425, 0, -10, 0.5, 0.5, 0, 0, 0, 0, 20, 0},
	{"American dial tone", 350, 440, -13, 0, 0, 0, 0, 0, 0, 10, 0},
	{"American ringback", 440, 480, -16, 2, 4, 0, 0, 0, 0, 20, 0},
	{"DTMF 1", 697, 1209, -9, 0.5, 0.5, 0, 0, 0, 0, 5, 0},
	{"DTMF D", 941, 1633, -9, 0.5, 0.5, 0, 0, 0, 0, 5, 0},
	{"MF R1, 900 and 1100 Hz", 900, 1100, -10, 0.5, 1, 0, 0, 0, 0, 5, 0},
	{"MF R1, 1100 and 1700 Hz", 1100, 1700, -10, 0.5, 1, 0, 0, 0, 0, 5, 0},
	{"SIT, second", 1400, 0, -10, 0.33, 0.66, 0, 0, 0, 0, 5, 0},
	{"2225 Hz (Bell 103)", 2225, 0, -10, 3, 3, 0, 0, 0, 0, 10, 0},
	{"2250 Hz (V.22 guard)", 2250, 0, -10, 3, 3, 0, 0, 0, 0, 10, 0},
	{"2040 Hz", 2040, 0, -10, 3, 3, 0, 0, 0, 0, 10, 0},
	{"2130 Hz", 2130, 0, -10, 3, 3, 0, 0, 0, 0, 10, 0},
	{"2070 Hz", 2070, 0, -10, 3, 3, 0, 0, 0, 0, 10, 0},
	{"2160 Hz", 2160, 0, -10, 3, 3, 0, 0, 0, 0, 10, 0},
	{"2100 Hz, 0.4 s", 2100, 0, -10, 0.4, 1, 0, 0, 0, 0, 10, 0},
	{"2400 and 2600 Hz (SS5)", 2400, 2600, -10, 1, 1, 0, 0, 0, 0, 5, 0},
	{"V.21 mark of channel 2", 1650, 0, -10, 0, 0, 0, 0, 0, 0, 5, 0},
	{"1100 Hz at -52 dBm0", 1100, 0, -52, 0.5, 3, 0, 0, 0, 0, 10, 0},
};

static void test_others(void **state)
{
	struct ear e;
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		e = run(&others[i]);
		check(others[i].name, &e, others[i].expected);
	}
}

/* Voice by rule: a train of pulses of wandering pitch through three wandering resonances, in syllables, with pauses. */
static void test_speech(void **state)
{
	double y[3][2] = {{0}}, f[3] = {500, 1100, 2100}, pitch = 120, phase = 0, x, out;
	struct ear e = {0};
	struct tone_rx *t;
	int16_t block[160];
	unsigned n = 0, i, k;

	assert_int_equal(tone_rx_alloc(&t, on_tone, &e), 0);
	seed = 7;
	while (n < 600u * RATE) {
		for (i = 0; i < 160; i++, n++) {
			if (n % 1600 == 0) {
				pitch = 90 + 160 * fabs(noise());
				f[0] = 300 + 300 * fabs(noise());
				f[1] = 900 + 400 * fabs(noise());
				f[2] = 1900 + 400 * fabs(noise());
			}
			phase += pitch / RATE;
			x = phase >= 1 ? 1 : 0.02 * noise();
			phase -= phase >= 1;
			if (n / 4000 % 3 == 2)
				x = 0;
			for (k = 0, out = 0; k < 3; k++) {
				double r = 0.985, c = 2 * r * cos(2 * M_PI * f[k] / RATE);

				x = x + c * y[k][0] - r * r * y[k][1];
				y[k][1] = y[k][0];
				y[k][0] = x;
				x *= 0.05;
				out += x * 20;
			}
			block[i] = clip(out * 3000);
		}
		hear(t, &e, block, 160);
	}
	tone_rx_free(t);
	check("600 s of speech by rule", &e, 0);
}

/* HDLC flags in V.21, channel 2: 1 is 1650 Hz, 0 is 1850 Hz. */
static void make_flags(int16_t *out, size_t n, double dbm0, const char *bits)
{
	double phase = 0, bit = 0, a = amplitude(dbm0);
	size_t i, len = strlen(bits);

	for (i = 0; i < n; i++) {
		phase += 2 * M_PI * (bits[(size_t)bit % len] == '1' ? 1650 : 1850) / RATE;
		bit += 300.0 / RATE;
		out[i] = clip(a * sin(phase));
	}
}

static struct ear run_flags(double dbm0, double seconds, const char *bits)
{
	size_t n = (size_t)(seconds * RATE);
	int16_t *samples = calloc(n + RATE, sizeof(*samples));
	struct ear e = {0};
	struct tone_rx *t;

	assert_non_null(samples);
	make_flags(samples, n, dbm0, bits);
	assert_int_equal(tone_rx_alloc(&t, on_tone, &e), 0);
	hear(t, &e, samples, n + RATE);
	hear(t, &e, samples, n + RATE);
	tone_rx_free(t);
	free(samples);
	return e;
}

static void test_v21(void **state)
{
	static const double levels[] = {0, -10, -20, -30, -38, -43};
	char name[40];
	struct ear e;
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		snprintf(name, sizeof(name), "V.21 flags at %.0f dBm0", levels[i]);
		e = run_flags(levels[i], 1, "01111110");
		check(name, &e, V21);
		assert_int_equal(e.heard[TONE_V21], 2); /* came, went, came again */
	}
	e = run_flags(-15, 0.85, "01111110");
	check("V.21 flags, the shortest", &e, V21);
	e = run_flags(-15, 2, "0111111001111111");
	check("V.21, no flags back to back", &e, 0);
	e = run_flags(-15, 2, "10");
	check("V.21, reversals", &e, 0);
}

/* Noise that is there before, and loud enough to be taken for a carrier, does not cost the flags: wherever they
 * begin. */
static void test_v21_in_noise(void **state)
{
	double na = amplitude(-40) / sqrt(2);
	static int16_t samples[3 * RATE];
	struct tone_rx *t;
	struct ear e;
	unsigned start, i;

	seed = 3;
	for (start = RATE; start < RATE + 27; start += 2) {
		for (i = 0; i < 3 * RATE; i++)
			samples[i] = (int16_t)lrint(na * noise());
		make_flags(samples + start, RATE, -20, "01111110");
		for (i = start; i < start + RATE; i++)
			samples[i] = clip(samples[i] + na * noise());
		e = (struct ear){0};
		assert_int_equal(tone_rx_alloc(&t, on_tone, &e), 0);
		hear(t, &e, samples, 3 * RATE);
		tone_rx_free(t);
		check("V.21 flags in noise", &e, V21);
		assert_true(e.first_s[TONE_V21] < (double)start / RATE + 0.3);
	}
}

/* CNG comes every 3.5 s, and is said each time; an answer tone is said again after it stopped. */
static void test_again(void **state)
{
	struct signal s = {"CNG, 4 times", 1100, 0, -20, 0.5, 3, 0, 0, 0, 0, 14, CNG};
	struct ear e = run(&s);

	check(s.name, &e, CNG);
	assert_int_equal(e.heard[TONE_CNG], 4);
	s = (struct signal){"CED, twice", 2100, 0, -20, 3, 2, 0, 0, 0, 0, 10, CED};
	e = run(&s);
	check(s.name, &e, CED);
	assert_int_equal(e.heard[TONE_CED], 2);
}

static void test_names(void **state)
{
	assert_string_equal(tone_name(TONE_CNG), "CNG");
	assert_string_equal(tone_name(TONE_ANS_PR), "CED/PR");
	assert_string_equal(tone_name(TONE_ANSAM), "ANSam");
	assert_string_equal(tone_name(TONE_V21), "V.21 preamble");
	assert_string_equal(tone_name((enum tone)99), "unknown");
}

static int body(void *arg)
{
	struct tone_rx *t = NULL;
	int err = tone_rx_alloc(&t, on_tone, arg);

	tone_rx_free(t);
	return err;
}

static void test_allocation(void **state)
{
	struct ear e = {0};

	tone_rx_free(NULL);
	assert_int_equal(fault_run(body, &e, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tones),	   cmocka_unit_test(test_others),	cmocka_unit_test(test_speech),
		cmocka_unit_test(test_v21),	   cmocka_unit_test(test_again),	cmocka_unit_test(test_names),
		cmocka_unit_test(test_allocation), cmocka_unit_test(test_v21_in_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
