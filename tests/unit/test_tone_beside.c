/* SPDX-License-Identifier: GPL-2.0-only */
/* The tones of a fax with something beside them or torn by a network; and what comes near to them but is none. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/tone_rig.h"

#define SECONDS_MAX 16
#define PACKET	    160

static int16_t samples[SECONDS_MAX * RATE];

static size_t at(double seconds)
{
	return (size_t)(seconds * RATE);
}

static void clear(void)
{
	memset(samples, 0, sizeof(samples));
	seed = 5;
}

static void add(double from_s, double seconds, double hz, double dbm0)
{
	double a = amplitude(dbm0);

	for (size_t i = 0; i < at(seconds); i++)
		samples[at(from_s) + i] = clip(samples[at(from_s) + i] + a * sin(2 * M_PI * hz * (double)i / RATE));
}

static void add_noise(double from_s, double seconds, double dbm0)
{
	double a = amplitude(dbm0) / sqrt(2);

	for (size_t i = at(from_s); i < at(from_s + seconds); i++)
		samples[i] = clip(samples[i] + a * noise());
}

/* 2100 Hz, turned every TURN_S (0: never), fading by FADE_DB in a second. */
static void add_answer(double from_s, double seconds, double hz, double turn_s, double fade_db)
{
	for (size_t i = 0; i < at(seconds); i++) {
		double t = (double)i / RATE, a = amplitude(-15 - fade_db * t);

		samples[at(from_s) + i] =
			clip(a * sin(2 * M_PI * hz * t + (turn_s > 0 ? M_PI * floor(t / turn_s) : 0)));
	}
}

static struct ear listen_in(const char *name, double seconds, unsigned expected)
{
	struct ear e = {0};
	struct tone_rx *t;

	assert_int_equal(tone_rx_alloc(&t, on_tone, &e), 0);
	hear(t, &e, samples, at(seconds));
	tone_rx_free(t);
	check(name, &e, expected);
	return e;
}

/* T.30 4.3.3: a caller's CNG, while the one who was called talks: its echo is as loud, and there when CNG ends. */
static void test_cng_beside(void **state)
{
	struct ear e;

	clear();
	for (unsigned i = 0; i < 3; i++)
		add(0.3 + i * 3.5, 0.5, 1090, -20);
	for (unsigned i = 0; i < 3; i++)
		add_noise(0.5 + i * 3.5, 1.5, -24);
	e = listen_in("CNG, noise after each", 10, 1u << TONE_CNG);
	assert_true(e.first_s[TONE_CNG] > 4.2 && e.first_s[TONE_CNG] < 4.6); /* the second one's end */

	clear();
	add(0.3, 0.5, 1090, -20);
	add_noise(0.5, 1.5, -24);
	listen_in("CNG, only one, noise after it", 10, 0);

	clear();
	add(0.3, 0.5, 1090, -20);
	add(5.3, 0.5, 1090, -20);
	add_noise(0.5, 8, -24);
	listen_in("two, but 5 s apart", 10, 0);

	clear();
	add(0.3, 0.5, 1070, -20);
	add(3.8, 0.5, 1130, -20);
	add_noise(0.5, 8, -24);
	listen_in("two, of two frequencies", 10, 0);
}

/* C sharp of the third octave above middle C is 1109 Hz: a note of a melody is no CNG, though silence follows. */
static void test_melody(void **state)
{
	clear();
	for (unsigned i = 0; i < 4; i++) {
		add(0.3 + i * 3, 0.5, 880, -15);
		add(0.8 + i * 3, 0.5, 1108.7, -15);
	}
	listen_in("a melody", 13, 0);
	clear();
	add_answer(0.3, 0.9, 2093, 0, 0);
	listen_in("a note, 0.9 s of 2093 Hz", 3, 0);
	clear();
	add_answer(0.3, 3, 2093, 0, 8);
	listen_in("a string that fades", 4, 0);
	clear();
	add_answer(0.3, 3, 2100, 0, 0);
	listen_in("but CED", 4, 1u << TONE_CED);
}

/* 300 bit/s around 1080 and 1170 Hz: V.21's low channel, and Bell 103's, of alarm panels. */
static void test_keyed(void **state)
{
	static const double hz[2][2] = {{1180, 980}, {1070, 1270}};

	for (unsigned k = 0; k < 2; k++) {
		double phase = 0, bit = 0;

		clear();
		for (size_t i = at(0.3); i < at(15); i++) {
			/* half a second of data every second */
			if (i % RATE > RATE / 2)
				continue;
			bit = (uint32_t)(i * 300 / RATE * 2654435761u) >> 31;
			phase += 2 * M_PI * hz[k][(unsigned)bit] / RATE;
			samples[i] = clip(amplitude(-15) * sin(phase));
		}
		listen_in(k ? "Bell 103" : "V.21, low channel", 15, 0);
	}
}

/* A packet with a turn in it is lost, and made up from the one before. */
static void lose(double from_s)
{
	size_t i = at(from_s);

	memcpy(samples + i, samples + i - PACKET, PACKET * sizeof(*samples));
}

static void test_turns_lost(void **state)
{
	for (int off_hz = -15; off_hz <= 15; off_hz += 5) {
		clear();
		add_answer(0.3, 3, 2100 + off_hz, 0.45, 0);
		lose(0.3 + 0.44); /* the first turn */
		assert_true(listen_in("CED/PR, a turn lost", 4, 1u << TONE_ANS_PR).first_s[TONE_ANS_PR] < 1.8);
		clear();
		add_answer(0.3, 3, 2100 + off_hz, 0, 0);
		for (unsigned i = 0; i < 6; i++)
			lose(0.5 + i * 0.45);
		listen_in("CED, packets made up every 450 ms", 4, 1u << TONE_CED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cng_beside),
		cmocka_unit_test(test_melody),
		cmocka_unit_test(test_keyed),
		cmocka_unit_test(test_turns_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
