/* SPDX-License-Identifier: GPL-2.0-only */
/* What a calling modem asks for, by spandsp's V.8 on both ends: heard in its first CM, at any level, in noise; and
 * nowhere else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "t38/tone/v8_listen.h"
#include "tests/sim/machine.h"
#include "tests/sim/machine_v8.h"
#include "tests/sim/page.h"

#define BLOCK 160

struct ear {
	unsigned heard[8];
};

static void on_call(enum v8_call c, void *arg)
{
	((struct ear *)arg)->heard[c]++;
}

/* White noise of so many dBm0 by a generator of its own: the same each time. */
static void add_noise(int16_t *samples, size_t n, double dbm0, uint32_t *seed)
{
	double peak = pow(10, (dbm0 - 3.14) / 20) * 32767 * sqrt(3.0); /* evenly spread */

	for (size_t i = 0; i < n; i++) {
		*seed = *seed * 1664525 + 1013904223;
		samples[i] = (int16_t)(samples[i] + peak * ((int32_t)*seed / 2147483648.0));
	}
}

/* How many CMs of each kind are heard of a caller that has been answered by ANSam; MS: when the first was. */
static struct ear listen_in(bool data, double gain_db, double noise_dbm0, unsigned *ms)
{
	struct machine_v8 *caller, *called;
	int16_t a[BLOCK], b[BLOCK];
	struct v8_listen *v;
	struct ear ear = {{0}};
	unsigned talked = 0;
	uint32_t seed = 1;

	assert_int_equal(machine_v8_alloc(&caller, true, data), 0);
	assert_int_equal(machine_v8_alloc(&called, false, data), 0);
	assert_int_equal(v8_listen_alloc(&v, on_call, &ear), 0);
	*ms = 0;
	for (unsigned i = 0; i < 50 * 8; i++) {
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		talked += machine_v8_tx(caller, a, BLOCK);
		machine_v8_tx(called, b, BLOCK);
		machine_v8_rx(caller, b, BLOCK);
		/* The called one never hears it: it is told nothing, as with a gateway that keeps it off. */
		for (unsigned k = 0; k < BLOCK; k++)
			a[k] = (int16_t)(a[k] * pow(10, gain_db / 20));
		add_noise(a, BLOCK, noise_dbm0, &seed);
		v8_listen_samples(v, a, BLOCK);
		if (!*ms && (ear.heard[V8_LISTEN_FAX_SEND] || ear.heard[V8_LISTEN_DATA]))
			*ms = talked * 20;
	}
	v8_listen_free(v);
	machine_v8_free(caller);
	machine_v8_free(called);
	return ear;
}

static void test_calls(void **state)
{
	static const struct {
		double gain_db, noise_dbm0;
	} lines[] = {{0, -70}, {-25, -70}, {0, -33}, {-15, -50}};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		for (unsigned data = 0; data < 2; data++) {
			unsigned ms;
			struct ear e = listen_in(data, lines[i].gain_db, lines[i].noise_dbm0, &ms);
			unsigned wanted = data ? V8_LISTEN_DATA : V8_LISTEN_FAX_SEND;

			print_message("%s, %.0f dB, noise %.0f dBm0: %u CMs heard, the first after %u ms\n",
				      data ? "data" : "fax", lines[i].gain_db, lines[i].noise_dbm0, e.heard[wanted],
				      ms);
			assert_true(e.heard[wanted] >= 3);
			/* Two alike are needed at the other end (V.8 7.2), of at least 200 ms each with four octets. */
			assert_in_range(ms, 20, 380);
			for (unsigned c = 0; c < 8; c++)
				assert_true(c == wanted || !e.heard[c]);
		}
	}
}

/* A whole G3 fax, both its directions, and noise: nobody calls for anything. */
static void test_nothing_else(void **state)
{
	struct machine_params p[2] = {{.caller = true, .send_file = "/tmp/faxspan-v8-test.tif", .ident = "1"},
				      {.receive_file = "/tmp/faxspan-v8-test-received.tif", .ident = "2"}};
	struct v8_listen *v[2];
	struct machine *m[2];
	int16_t x[2][BLOCK];
	struct ear ear = {{0}};
	struct machine_result r;
	uint32_t seed = 2;

	assert_int_equal(page_make(p[0].send_file, 1, 200, PAGE_TEXT, 3), 0);
	for (unsigned k = 0; k < 2; k++) {
		assert_int_equal(machine_alloc(&m[k], &p[k]), 0);
		assert_int_equal(v8_listen_alloc(&v[k], on_call, &ear), 0);
	}
	for (unsigned i = 0; i < 50 * 60; i++) {
		for (unsigned k = 0; k < 2; k++) {
			machine_tx(m[k], x[k], BLOCK);
			add_noise(x[k], BLOCK, -60, &seed);
			v8_listen_samples(v[k], x[k], BLOCK);
		}
		machine_rx(m[0], x[1], BLOCK);
		machine_rx(m[1], x[0], BLOCK);
	}
	machine_result(m[0], &r);
	assert_true(r.done);
	for (unsigned i = 0; i < 50 * 600; i++) { /* ten minutes of noise */
		memset(x[0], 0, sizeof(x[0]));
		add_noise(x[0], BLOCK, -20, &seed);
		v8_listen_samples(v[0], x[0], BLOCK);
	}
	for (unsigned c = 0; c < 8; c++)
		assert_int_equal(ear.heard[c], 0);
	for (unsigned k = 0; k < 2; k++) {
		machine_free(m[k]);
		v8_listen_free(v[k]);
	}
	remove(p[0].send_file);
	remove(p[1].receive_file);
}

static void test_names(void **state)
{
	assert_string_equal(v8_call_name(V8_LISTEN_FAX_SEND), "fax (it sends)");
	assert_string_equal(v8_call_name(V8_LISTEN_DATA), "data");
	assert_string_equal(v8_call_name((enum v8_call)0), "something else");
	assert_string_equal(v8_call_name((enum v8_call)7), "something else");
	assert_true(v8_call_is_fax(V8_LISTEN_FAX_RECEIVE));
	assert_false(v8_call_is_fax(V8_LISTEN_DATA));
}

static int alloc_one(void *arg)
{
	struct v8_listen *v = NULL;
	int err = v8_listen_alloc(&v, on_call, NULL);

	v8_listen_free(v);
	return err;
}

static void test_memory(void **state)
{
	assert_true(fault_run(alloc_one, NULL, 0) >= 1);
	v8_listen_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_nothing_else),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
