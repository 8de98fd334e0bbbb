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
	add(0.3, 0.5, 880, -21);
	add(1.1, 0.5, 1108.7, -15);
	add(1.9, 1, 880, -15);
	listen_in("a melody with rests", 7, 0);
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

/* A note that lasts as long as CED is told by those before it; what follows music all the same is heard later. */
static void test_after_music(void **state)
{
	struct ear e;

	clear();
	for (unsigned i = 0; i < 3; i++)
		add(0.3 + i * 0.4, 0.4, 1568 + 100 * i, -15);
	add(1.5, 2.2, 2093, -15);
	listen_in("a long note of a melody", 6, 0);
	clear();
	add(0.3, 1.2, 1760, -15);
	add_answer(1.5, 2.7, 2100, 0, 0);
	e = listen_in("CED after music", 6, CED);
	assert_true(e.first_s[TONE_CED] > 3.9);
	clear();
	add(0.3, 1.2, 1760, -15);
	add_answer(1.5, 0.95, 2093, 0.45, 0);
	listen_in("notes that join", 4, 0);
	clear();
	add(0.3, 1.2, 1760, -15);
	add_answer(1.5, 2.7, 2100, 0.45, 0);
	listen_in("CED/PR after music", 6, ANS_PR);
}

/* A tone of HZ, whose frequency swings by SWING_HZ five times a second, or which fades by FADE_DB in a second. */
static void add_note(double from_s, double seconds, double hz, double swing_hz, double fade_db)
{
	for (size_t i = 0; i < at(seconds); i++) {
		double t = (double)i / RATE, swing = swing_hz / 5 * sin(2 * M_PI * 5 * t);

		samples[at(from_s) + i] = clip(amplitude(-15 - fade_db * t) * sin(2 * M_PI * hz * t + swing));
	}
}

/* Alone between silences, as long as CNG and of its frequency: but an instrument's. */
static void test_instruments(void **state)
{
	clear();
	add_note(1.5, 0.5, 1108.7, 5, 0);
	listen_in("a flute", 4, 0);
	clear();
	add_note(1.5, 0.5, 1108.7, 0, 14);
	listen_in("a bell", 4, 0);
	clear();
	add_note(1.5, 3, 2100, 4, 0);
	listen_in("a flute, two octaves above", 6, 0);
	clear();
	add_note(1.5, 0.5, 1108.7, 0, 0);
	listen_in("nothing tells this from CNG", 4, CNG);
}

/* Of what goes on beside it (an echo of speech) CNG stands out, though some of it is nearly as loud for a moment. */
static void test_cng_in_speech(void **state)
{
	struct ear e;

	clear();
	for (unsigned i = 0; i < 8; i++)
		add_noise(0.1 + i * 0.5, 0.15, -23);
	add(1.75, 0.5, 1090, -20);
	e = listen_in("CNG, speech beside it", 5, CNG);
	assert_true(e.first_s[TONE_CNG] < 3.4);
	clear();
	for (unsigned i = 0; i < 8; i++)
		add_noise(0.1 + i * 0.5, 0.3, -18);
	add(1.75, 0.5, 1090, -20);
	listen_in("speech with a tone in it", 5, 0);
	clear();
	add(0.3, 0.6, 1109, -36);
	add(0.9, 0.5, 1109, -20);
	add(1.4, 0.6, 1109, -36);
	listen_in("CNG, an echo of its note", 4, CNG);
}

/* A tone that breaks off for so long that it counts as gone is the same when it is back: not one after others. */
static void test_gap(void **state)
{
	struct ear e;

	clear();
	add_answer(1.5, 3, 2100, 0, 0);
	memset(samples + at(2.3), 0, sizeof(*samples) * at(0.08));
	e = listen_in("CED, four packets lost", 6, CED);
	assert_true(e.first_s[TONE_CED] < 3.6);
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
		cmocka_unit_test(test_cng_beside),    cmocka_unit_test(test_melody),
		cmocka_unit_test(test_after_music),   cmocka_unit_test(test_instruments),
		cmocka_unit_test(test_cng_in_speech), cmocka_unit_test(test_gap),
		cmocka_unit_test(test_keyed),	      cmocka_unit_test(test_turns_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
