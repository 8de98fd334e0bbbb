/* SPDX-License-Identifier: GPL-2.0-only */
/* The tests' own line: what it says of damage must be true, or the tests that rely on it prove nothing. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/line_mem.h"
#include "tests/unit/fault.h"

#define BLOCKS 500

static struct line *l;
static unsigned events[LINE_EVENT_COUNT], dframes, far_dframes, blocks;
static uint8_t heard[BLOCKS * LINE_BLOCK];
static uint8_t rx[TIMESLOT_COUNT][LINE_BLOCK], tx[TIMESLOT_COUNT][LINE_BLOCK];

static void on_begin(unsigned samples, void *arg)
{
}

static void on_timeslot(unsigned ts, const uint8_t *octets, uint8_t *out, size_t n, void *arg)
{
	if (ts == 3)
		memcpy(heard + blocks * LINE_BLOCK, octets, n);
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(ts + octets[i]);
}

static void on_end(void *arg)
{
	blocks++;
}

static void on_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	dframes++;
	/* Answered: the answer goes with this block, or with the next one if this one is over. */
	assert_int_equal(line_send_dframe(l, frame, octets), 0);
}

static void on_far_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	far_dframes++;
	if (arg)
		line_mem_dframe(l, frame, octets);
}

static void on_event(enum line_event e, unsigned count, void *arg)
{
	events[e] += count;
}

static const struct line_handlers handlers = {
	.begin = on_begin,
	.timeslot = on_timeslot,
	.end = on_end,
	.dframe = on_dframe,
	.event = on_event,
};

static int setup(void **state)
{
	memset(events, 0, sizeof(events));
	dframes = far_dframes = blocks = 0;
	assert_int_equal(line_mem_alloc(&l, 31, 16), 0);
	assert_int_equal(line_start(l, NULL, &handlers), 0);
	return 0;
}

static int teardown(void **state)
{
	line_free(l);
	return 0;
}

static void block(void)
{
	for (unsigned ts = 0; ts < TIMESLOT_COUNT; ts++) {
		for (unsigned i = 0; i < LINE_BLOCK; i++)
			rx[ts][i] = (uint8_t)(blocks * LINE_BLOCK + i);
	}
	line_mem_block(l, rx, tx);
}

static void passes_open_timeslots(void **state)
{
	assert_int_equal(line_open(l, 16), EINVAL);
	assert_int_equal(line_open(l, 0), EINVAL);
	assert_int_equal(line_open(l, 32), EINVAL);
	assert_int_equal(line_open(l, 3), 0);
	assert_int_equal(line_open(l, 3), EBUSY);
	assert_true(line_mem_is_open(l, 3));
	assert_true(line_mem_is_echo_on(l, 3));
	assert_int_equal(line_echo(l, 3, false), 0);
	assert_false(line_mem_is_echo_on(l, 3));
	line_yellow(l, true);
	assert_true(line_mem_is_yellow(l));
	block();
	for (unsigned i = 0; i < LINE_BLOCK; i++) {
		assert_int_equal(heard[i], i);
		assert_int_equal(tx[3][i], (uint8_t)(3 + i));
		assert_int_equal(tx[4][i], LINE_IDLE);
	}
	line_close(l, 3);
	block();
	assert_int_equal(tx[3][0], LINE_IDLE);
	assert_int_equal(blocks, 2);
}

static void dframes_go_with_the_blocks(void **state)
{
	uint8_t frame[4] = {0};

	line_mem_on_dframe(l, on_far_dframe, l);
	assert_int_equal(line_send_dframe(l, frame, 4), 0);
	assert_int_equal(far_dframes, 0);
	/* Each is answered by the far end at once, and by the near end in the next block. */
	for (unsigned k = 1; k <= 5; k++) {
		block();
		assert_int_equal(far_dframes, k);
		assert_int_equal(dframes, k);
	}
	for (unsigned k = 1; k < LINE_MEM_DFRAMES; k++)
		assert_int_equal(line_send_dframe(l, frame, 4), 0);
	assert_int_equal(line_send_dframe(l, frame, 4), ENOBUFS);
	assert_int_equal(line_send_dframe(l, frame, 301), EMSGSIZE);
}

static void los_stops_everything(void **state)
{
	uint8_t frame[4] = {0};

	line_mem_on_dframe(l, on_far_dframe, NULL);
	line_open(l, 3);
	block();
	line_mem_set_los(l, true);
	line_mem_set_los(l, true);
	assert_int_equal(events[LINE_LOS], 1);
	line_send_dframe(l, frame, 4);
	block();
	line_mem_dframe(l, frame, 4);
	assert_int_equal(blocks, 1);
	assert_int_equal(tx[3][7], LINE_IDLE);
	assert_int_equal(dframes + far_dframes, 0);
	line_mem_event(l, LINE_CLEAR, 1);
	assert_int_equal(events[LINE_CLEAR], 1);
	block();
	assert_int_equal(blocks, 2);
	assert_int_equal(far_dframes, 0);
	line_mem_event(l, LINE_OVERRUN, 5);
	assert_int_equal(events[LINE_OVERRUN], 5);
}

static void slips_are_what_they_say(void **state)
{
	unsigned doubled = 0, lost = 0, i;

	line_open(l, 3);
	line_mem_set_slips(l, 1000, 7);
	while (blocks < BLOCKS)
		block();
	/* The store's idle comes first. */
	for (i = 0; heard[i] == LINE_IDLE; i++)
		;
	assert_in_range(i, 1, 32);
	for (i++; i < sizeof(heard); i++) {
		uint8_t d = (uint8_t)(heard[i] - heard[i - 1]);

		assert_in_range(d, 0, 2);
		doubled += d == 0;
		lost += d == 2;
	}
	assert_int_equal(doubled + lost, events[LINE_SLIP]);
	assert_in_range(events[LINE_SLIP], 70, 90);
	assert_in_range(doubled, 20, 60);
	assert_in_range(line_mem_slips(l), 140, 180);
}

static void the_same_seed_slips_alike(void **state)
{
	static uint8_t first[sizeof(heard)];

	line_open(l, 3);
	line_mem_set_slips(l, 777, 3);
	while (blocks < BLOCKS)
		block();
	memcpy(first, heard, sizeof(heard));
	teardown(state);
	setup(state);
	line_open(l, 3);
	line_mem_set_slips(l, 777, 3);
	while (blocks < BLOCKS)
		block();
	assert_memory_equal(first, heard, sizeof(heard));
	/* As often as can be: nothing is overrun. */
	line_mem_set_slips(l, 1, 3);
	for (blocks = 0; blocks < 20;)
		block();
}

static void dframes_get_lost(void **state)
{
	uint8_t frame[4] = {0};

	line_mem_on_dframe(l, on_far_dframe, NULL);
	line_mem_set_dframe_loss(l, 200, 5);
	for (unsigned k = 0; k < 1000; k++) {
		line_send_dframe(l, frame, 4);
		line_mem_block(l, rx, tx);
	}
	assert_in_range(far_dframes, 750, 850);
}

static int body(void *arg)
{
	struct line *line = NULL;
	int err = line_mem_alloc(&line, 31, 16);

	line_free(line);
	return err;
}

static void survives_failing_allocations(void **state)
{
	struct line *line;

	assert_int_equal(fault_run(body, NULL, 0), 1);
	assert_int_equal(line_mem_alloc(&line, 32, 16), EINVAL);
	assert_int_equal(line_mem_alloc(&line, 15, 16), EINVAL);
	assert_int_equal(line_mem_alloc(&line, 31, 0), EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(passes_open_timeslots),
		TEST(dframes_go_with_the_blocks),
		TEST(los_stops_everything),
		TEST(slips_are_what_they_say),
		TEST(the_same_seed_slips_alike),
		TEST(dframes_get_lost),
		cmocka_unit_test(survives_failing_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
