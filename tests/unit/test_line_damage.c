/* SPDX-License-Identifier: GPL-2.0-only */
/* The bad line of the tests does what it says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/sim/line_damage.h"
#include "tests/unit/fault.h"

#define RATE	8000
#define BLOCK	160
#define LONGEST (4 * RATE)

static int16_t said[LONGEST], heard[LONGEST], back[LONGEST];

static void make_tone(double hz)
{
	for (size_t i = 0; i < LONGEST; i++)
		said[i] = (int16_t)lrint(8000 * sin(2 * M_PI * hz * (double)i / RATE));
}

/* What is said by the machine, and to it, and what becomes of it. */
static void pass(const struct line_damage *d, bool machine_says)
{
	struct damaged_line *l;

	assert_int_equal(damaged_line_alloc(&l, d, 1), 0);
	memcpy(machine_says ? heard : back, said, sizeof(said));
	memset(machine_says ? back : heard, 0, sizeof(said));
	if (!machine_says)
		memcpy(heard, said, sizeof(said));
	for (size_t i = 0; i < LONGEST; i += BLOCK) {
		int16_t quiet[BLOCK] = {0};

		if (machine_says) {
			damaged_line_to_machine(l, quiet, BLOCK);
			memcpy(back + i, quiet, sizeof(quiet));
			damaged_line_from_machine(l, heard + i, BLOCK);
		} else {
			damaged_line_to_machine(l, heard + i, BLOCK);
			damaged_line_from_machine(l, quiet, BLOCK);
			memcpy(back + i, quiet, sizeof(quiet));
		}
	}
	damaged_line_free(l);
}

/* Amplitude of HZ in the second half. */
static double amplitude(const int16_t *x, double hz)
{
	double re = 0, im = 0;

	for (size_t i = LONGEST / 2; i < LONGEST; i++) {
		re += x[i] * cos(2 * M_PI * hz * (double)i / RATE);
		im += x[i] * sin(2 * M_PI * hz * (double)i / RATE);
	}
	return 2 * hypot(re, im) / (LONGEST / 2);
}

static double loss_db(double hz, const struct line_damage *d, bool machine_says)
{
	make_tone(hz);
	pass(d, machine_says);
	return 20 * log10(8000 / amplitude(heard, hz));
}

static void test_levels(void **state)
{
	const struct line_damage d = {.gain_db = -10, .gain_from_db = -5};

	assert_false(line_damage_is_any(&(struct line_damage){.seed = 5}));
	assert_true(line_damage_is_any(&d));
	assert_float_equal(loss_db(1000, &d, false), 10, 0.1);
	assert_float_equal(loss_db(1000, &d, true), 15, 0.1);
}

static void test_spectrum(void **state)
{
	const struct line_damage bad = {.filter = LINE_BAD}, loaded = {.filter = LINE_LOADED};

	assert_float_equal(loss_db(1000, &bad, true), 0, 0.5);
	assert_float_equal(loss_db(300, &bad, true), 8, 1.5);
	assert_float_equal(loss_db(3000, &bad, false), 12, 1);
	assert_float_equal(loss_db(1800, &loaded, false), 0.4, 0.5);
	assert_float_equal(loss_db(3400, &loaded, false), 9, 1.5);
}

static void test_shift(void **state)
{
	make_tone(1000);
	pass(&(struct line_damage){.shift_hz = 7}, true);
	assert_float_equal(amplitude(heard, 1007), 8000, 100);
	assert_true(amplitude(heard, 1000) < 100);
	assert_true(amplitude(heard, 993) < 100);
}

static double rms(const int16_t *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)x[i] * x[i];
	return sqrt(sum / (double)n);
}

/* A sine of full scale, 32768, has 3.14 dBm0. */
static double dbm0(double level)
{
	return 20 * log10(level * M_SQRT2 / 32768) + 3.14;
}

static void test_noise(void **state)
{
	static int16_t once[LONGEST];

	memset(said, 0, sizeof(said));
	pass(&(struct line_damage){.seed = 1, .noise_dbm0 = -45}, true);
	assert_float_equal(dbm0(rms(heard, LONGEST)), -45, 0.3);
	assert_float_equal(dbm0(rms(back, LONGEST)), -45, 0.3);
	assert_memory_not_equal(heard, back, sizeof(heard));
	memcpy(once, heard, sizeof(once));
	pass(&(struct line_damage){.seed = 1, .noise_dbm0 = -45}, true);
	assert_memory_equal(heard, once, sizeof(once));
	pass(&(struct line_damage){.seed = 2, .noise_dbm0 = -45}, true);
	assert_memory_not_equal(heard, once, sizeof(once));
}

static void test_impulses(void **state)
{
	unsigned bursts = 0, quiet = 1000;

	memset(said, 0, sizeof(said));
	pass(&(struct line_damage){.seed = 1, .impulse_dbm0 = -20, .impulse_s = 0.25f}, true);
	for (size_t i = 0; i < LONGEST; i++) {
		bursts += heard[i] && quiet > 20;
		quiet = heard[i] ? 0 : quiet + 1;
	}
	assert_in_range(bursts, 8, 30);
}

/* A saw tooth shows which octets are there. */
static void test_slips(void **state)
{
	unsigned lost = 0, doubled = 0;

	for (size_t i = 0; i < LONGEST; i++)
		said[i] = (int16_t)i;
	pass(&(struct line_damage){.seed = 4, .slip_s = 0.25f}, true);
	for (size_t i = 100; i < LONGEST; i++) {
		lost += heard[i] - heard[i - 1] == 2;
		doubled += heard[i] == heard[i - 1];
		assert_in_range(heard[i] - heard[i - 1], 0, 2);
	}
	assert_int_equal(lost + doubled, 16);
	assert_true(lost > 0);
	assert_true(doubled > 0);
}

static void test_cuts(void **state)
{
	unsigned quiet = 0;

	for (size_t i = 0; i < LONGEST; i++)
		said[i] = 1000;
	pass(&(struct line_damage){.seed = 3, .cut_s = 1, .cut_ms = 100}, false);
	for (size_t i = 0; i < LONGEST; i++)
		quiet += heard[i] == 0;
	assert_int_equal(quiet, 4 * 100 * (RATE / 1000));
}

/* Where the first cut is of a tone that begins so late. */
static size_t first_cut(size_t begins, bool machine_says)
{
	const struct line_damage d = {.seed = 3,
				      .cut_s = 1,
				      .cut_ms = 100,
				      .since = machine_says ? LINE_SINCE_MACHINE_SPEAKS : LINE_SINCE_E1_SPEAKS};
	size_t i = begins;

	for (size_t k = 0; k < LONGEST; k++)
		said[k] = k < begins ? 8 : 1000; /* 8: A-law has nothing smaller */
	pass(&d, machine_says);
	while (i < LONGEST && heard[i])
		i++;
	for (size_t k = 0; k < begins; k++)
		assert_int_equal(heard[k], 8);
	return i;
}

static void test_cuts_since_sound(void **state)
{
	for (unsigned machine_says = 0; machine_says < 2; machine_says++) {
		size_t at = first_cut(0, machine_says);

		assert_in_range(at, 1, RATE);
		assert_int_equal(first_cut(12345, machine_says), 12345 + at);
		assert_int_equal(first_cut(20000, machine_says), 20000 + at);
	}
}

static size_t first_sound(const int16_t *x)
{
	size_t i = 0;

	while (i < LONGEST && abs(x[i]) < 100)
		i++;
	return i;
}

static void test_echo(void **state)
{
	memset(said, 0, sizeof(said));
	said[1000] = 10000;
	pass(&(struct line_damage){.echo_db = -20, .echo_ms = 50}, false);
	assert_int_equal(first_sound(back), 1000 + 50 * 8);
	assert_int_equal(back[1400], 1000);
	/* the machine is asked for its block after it has heard the exchange's: its echo is a block later */
	pass(&(struct line_damage){.own_echo_db = -20, .own_echo_ms = 50}, true);
	assert_int_equal(first_sound(back), 1000 + 50 * 8 + BLOCK);
	assert_int_equal(first_sound(heard), 1000);
	/* shorter than a block too, and no more than a second */
	pass(&(struct line_damage){.own_echo_db = -20, .own_echo_ms = 1}, true);
	assert_int_equal(first_sound(back), 1000 + 8 + BLOCK);
	pass(&(struct line_damage){.echo_db = -20, .echo_ms = 1500}, false);
	assert_int_equal(first_sound(back), LONGEST);
}

static void test_codes(void **state)
{
	unsigned differ = 0;

	make_tone(1000);
	pass(&(struct line_damage){.ulaw = true}, true);
	assert_float_equal(amplitude(heard, 1000), 8000, 100);
	assert_memory_not_equal(heard, said, sizeof(said));
	memcpy(said, heard, sizeof(said));
	pass(&(struct line_damage){.robbed = true}, true);
	for (size_t i = 0; i < LONGEST; i++) {
		assert_true(heard[i] == said[i] || i % 6 == 0);
		differ += heard[i] != said[i];
	}
	assert_in_range(differ, LONGEST / 6 / 3, LONGEST / 6 * 2 / 3);
}

static int make_line(void *unused)
{
	struct damaged_line *l = NULL;
	int err = damaged_line_alloc(&l, &(struct line_damage){.seed = 1}, 1);

	damaged_line_free(l);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(make_line, NULL, false), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels), cmocka_unit_test(test_spectrum),		cmocka_unit_test(test_shift),
		cmocka_unit_test(test_noise),  cmocka_unit_test(test_impulses),		cmocka_unit_test(test_slips),
		cmocka_unit_test(test_cuts),   cmocka_unit_test(test_cuts_since_sound), cmocka_unit_test(test_echo),
		cmocka_unit_test(test_codes),  cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
