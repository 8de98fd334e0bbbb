/* SPDX-License-Identifier: GPL-2.0-only */
/* line_tdmoe: what passes over the line, and in which time. */
#include "tests/unit/line_tdmoe_fixture.h"

static void whole_blocks_pass_at_once(void **state)
{
	open_all();
	for (unsigned k = 0; k < 100; k++) {
		exchange(LINE_BLOCK);
		assert_int_equal(begins, k + 1);
	}
	assert_int_equal(rx_len[16], 0);
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		if (ts == 16)
			continue;
		assert_int_equal(rx_len[ts], 16000);
		assert_rx(ts, 0, 16000, 0);
		assert_answered(ts, 0, 16000, 0);
	}
	assert_int_equal(event_calls, 0);
	assert_int_equal(stat_of(&l->stats.frames_rx), 100);
	assert_int_equal(stat_of(&l->stats.frames_tx), 100);
	assert_int_equal(stat_of(&l->stats.blocks), 100);
	assert_int_equal(tdm_port_stats(port).lost, 0);
}

static void any_size_passes(void **state)
{
	static const struct {
		unsigned samples, delay;
	} sizes[] = {{1, 159}, {8, 152},   {24, 152},  {7, 159},   {80, 80},
		     {160, 0}, {159, 159}, {255, 155}, {161, 159}, {240, 80}};

	for (unsigned k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		unsigned n = sizes[k].samples, delay = sizes[k].delay;

		open_all();
		while (sent_len < 4000)
			exchange(n);
		for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
			if (ts == 16)
				continue;
			assert_int_equal(rx_len[ts], sent_len / LINE_BLOCK * LINE_BLOCK);
			assert_rx(ts, 0, rx_len[ts], 0);
			assert_idle(answered[ts], delay);
			assert_answered(ts, delay, answered_len, delay);
		}
		assert_int_equal(event_calls, 0);
		teardown(state);
		setup(state);
	}
}

static void size_may_change(void **state)
{
	static const unsigned sizes[] = {160, 8, 8, 8, 24, 255, 1, 1, 1, 80, 80, 33, 160, 8, 160, 3};
	unsigned first = 0, idle = 0;

	assert_int_equal(line_open(l, 5), 0);
	for (unsigned k = 0; sent_len < 20000; k++)
		exchange(sizes[k % (sizeof(sizes) / sizeof(sizes[0]))]);
	assert_rx(5, 0, rx_len[5], 0);
	/* Nothing of what the gateway said is lost; a block of idle at most was put in, and said so. */
	for (unsigned i = 0; i < answered_len; i++) {
		if (answered[5][i] == near_octet(5, first))
			first++;
		else
			idle++;
	}
	assert_in_range(idle, 1, LINE_BLOCK);
	assert_in_range(events[LINE_UNDERRUN], 1, 3);
	assert_int_equal(event_calls, events[LINE_UNDERRUN]);
	assert_int_equal(first + idle, answered_len);
}

static void closed_timeslots_idle(void **state)
{
	assert_int_equal(line_open(l, 0), EINVAL);
	assert_int_equal(line_open(l, 16), EINVAL);
	assert_int_equal(line_open(l, 32), EINVAL);
	assert_int_equal(line_open(l, 3), 0);
	assert_int_equal(line_open(l, 3), EBUSY);
	assert_int_equal(line_echo(l, 3, false), ENOTSUP);
	line_close(l, 4);
	line_close(l, 99);
	exchange(8);
	for (unsigned k = 0; k < 40; k++)
		exchange(8);
	assert_int_equal(rx_len[3], 320);
	assert_int_equal(rx_len[4], 0);
	assert_idle(answered[4], answered_len);
	/* Closed and opened in the midst of a block: nothing from before is heard on either side. */
	line_close(l, 3);
	exchange(8);
	assert_idle(answered[3] + answered_len - 8, 8);
	assert_int_equal(line_open(l, 3), 0);
	rx_len[3] = tx_len[3] = 0;
	for (unsigned k = 0; k < 20; k++)
		exchange(8);
	assert_int_equal(rx_len[3], 160);
	assert_idle(rx[3], 16);
	assert_rx(3, 16, 160, 16 - 336);
	/* 16 samples of the block were gathered before. */
	assert_idle(answered[3] + 336, 136);
	assert_answered(3, 336 + 136, 336 + 160, 336 + 136);
}

static void handlers_may_open_and_close(void **state)
{
	open_all();
	line_close(l, 20);
	close_in_handler = 7;
	open_in_begin = 20;
	exchange(LINE_BLOCK);
	assert_int_equal(rx_len[7], 160);
	assert_int_equal(rx_len[8], 0);
	assert_int_equal(rx_len[20], 0);
	assert_idle(answered[7], 160);
	assert_idle(answered[8], 160);
	assert_idle(answered[20], 160);
	assert_answered(9, 0, 160, 0);
	exchange(LINE_BLOCK);
	assert_int_equal(rx_len[7], 160);
	assert_int_equal(rx_len[20], 160);
	assert_rx(20, 0, 160, -160);
}

static void sizes_out_of_step(void **state)
{
	/* Neither divides the other: what the first has left makes the second wait longer than it would alone. */
	assert_int_equal(line_open(l, 5), 0);
	exchange(32);
	while (sent_len < 2000)
		exchange(40);
	assert_rx(5, 0, rx_len[5], 0);
	assert_idle(answered[5], 152);
	assert_answered(5, 152, answered_len, 152);
	assert_int_equal(events[LINE_UNDERRUN], 1);
}

static void a_handler_may_say_nothing(void **state)
{
	open_all();
	for (silent = 1; silent < 16; silent++) {
		exchange(LINE_BLOCK);
		assert_idle(answered[silent] + answered_len - LINE_BLOCK, LINE_BLOCK);
	}
}

static void dframes_pass_both_ways(void **state)
{
	static const unsigned sizes[] = {1, 8, 160, 255};
	uint8_t frame[260];

	for (unsigned k = 0; k < 4; k++) {
		for (unsigned i = 0; i < 20; i++) {
			for (unsigned j = 0; j < sizeof(frame); j++)
				frame[j] = j % 5 ? 0xFF : (uint8_t)(i + j + k);
			assert_int_equal(line_send_dframe(l, frame, i * 10 + 4), 0);
			assert_int_equal(tdm_port_send_dframe(port, frame, 260 - i * 10), 0);
		}
		from_line.n = from_port.n = 0;
		for (sent_len = answered_len = 0; sent_len < 6000;)
			exchange(sizes[k]);
		assert_int_equal(from_line.n, 20);
		assert_int_equal(from_port.n, 20);
		for (unsigned i = 0; i < 20; i++) {
			assert_int_equal(from_line.frame[i].len, i * 10 + 4);
			assert_int_equal(from_port.frame[i].len, 260 - i * 10);
			assert_int_equal(from_line.frame[i].octets[0], (uint8_t)(i + k));
			assert_int_equal(from_port.frame[i].octets[0], (uint8_t)(i + k));
		}
	}
	assert_int_equal(stat_of(&l->stats.dframes_rx), 80);
	assert_int_equal(stat_of(&l->stats.dframes_tx), 80);
	assert_int_equal(events[LINE_HDLC_ABORT] + events[LINE_HDLC_FCS], 0);
	assert_int_equal(tdm_port_stats(port).dframes_bad, 0);
	for (unsigned i = 0; i < 32; i++)
		assert_int_equal(line_send_dframe(l, frame, 4), 0);
	assert_int_equal(line_send_dframe(l, frame, 4), ENOBUFS);
	assert_int_equal(line_send_dframe(l, frame, 2), EMSGSIZE);
	assert_int_equal(stat_of(&l->stats.dframes_dropped), 2);
}

/* SAMPLES a frame, LOST of them lost. */
static void check_gap(unsigned n, unsigned lost, unsigned delay)
{
	unsigned before, gap = n * lost;

	assert_int_equal(line_open(l, 9), 0);
	while (sent_len < 3 * LINE_BLOCK)
		exchange(n);
	before = sent_len;
	tdm_port_skip(port, (int)lost);
	sent_len += gap;
	for (unsigned k = 0; k * n < 3 * LINE_BLOCK; k++)
		exchange(n);
	assert_int_equal(begins, sent_len / LINE_BLOCK);
	assert_int_equal(rx_len[9], sent_len / LINE_BLOCK * LINE_BLOCK);
	assert_rx(9, 0, before, 0);
	assert_idle(rx[9] + before, gap < rx_len[9] - before ? gap : rx_len[9] - before);
	assert_rx(9, before + gap, rx_len[9], 0);
	/* What the gateway said in the gap is gone, the delay is as it was, and the far end can count it. */
	assert_answered(9, delay, before, delay);
	for (unsigned i = before; i < answered_len; i++)
		assert_int_equal(answered[9][i], near_octet(9, i + gap - delay));
	assert_int_equal(tdm_port_stats(port).lost, lost);
	assert_int_equal(stat_of(&l->stats.frames_lost), lost);
	assert_int_equal(events[LINE_OVERRUN], lost);
	assert_int_equal(event_calls, 1);
}

static void gaps_are_filled(void **state)
{
	check_gap(160, 3, 0);
	teardown(state);
	setup(state);
	check_gap(8, 1, 152);
	teardown(state);
	setup(state);
	check_gap(8, 1000, 152);
	teardown(state);
	setup(state);
	check_gap(255, 31, 155);
	teardown(state);
	setup(state);
	check_gap(160, 50, 0);
}

static void gap_drops_the_dframe_it_hits(void **state)
{
	uint8_t frame[100] = {0x00, 0x01, 0x7F};

	assert_int_equal(tdm_port_send_dframe(port, frame, sizeof(frame)), 0);
	exchange(50);
	tdm_port_skip(port, 1);
	assert_int_equal(tdm_port_send_dframe(port, frame, 50), 0);
	for (unsigned k = 0; k < 10; k++)
		exchange(50);
	assert_int_equal(from_port.n, 1);
	assert_int_equal(from_port.frame[0].len, 50);
}

static void far_jumps_start_anew(void **state)
{
	assert_int_equal(line_open(l, 9), 0);
	for (unsigned k = 0; k < 3; k++)
		exchange(LINE_BLOCK);
	tdm_port_skip(port, 51);
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_SLIP], 1);
	assert_int_equal(event_calls, 1);
	assert_int_equal(begins, 4);
	tdm_port_skip(port, -51 - LINE_BLOCK);
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_SLIP], 2);
	assert_int_equal(begins, 5);
	assert_rx(9, 0, 5 * LINE_BLOCK, 0);
	assert_answered(9, 0, 5 * LINE_BLOCK, 0);
	assert_int_equal(stat_of(&l->stats.frames_lost), 0);
}

static void counters_wrap(void **state)
{
	assert_int_equal(line_open(l, 1), 0);
	tdm_port_skip(port, 65530);
	for (unsigned k = 0; k < 20; k++)
		exchange(LINE_BLOCK);
	assert_int_equal(begins, 20);
	assert_int_equal(event_calls, 0);
	/* And a gap over the wrap, got near to in two jumps. */
	tdm_port_skip(port, 30000);
	exchange(LINE_BLOCK);
	tdm_port_skip(port, 65530 - 30015);
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_SLIP], 2);
	tdm_port_skip(port, 10);
	exchange(LINE_BLOCK);
	assert_int_equal(stat_of(&l->stats.frames_lost), 10);
	assert_int_equal(begins, 20 + 2 + 11);
}

static void late_and_double_frames_are_dropped(void **state)
{
	assert_int_equal(line_open(l, 9), 0);
	for (unsigned k = 0; k < 10; k++)
		exchange(LINE_BLOCK);
	for (unsigned k = 1; k <= 30; k++) {
		/* The one before again, then on. */
		tdm_port_skip(port, -1);
		send_samples(LINE_BLOCK);
		step(0);
		expect_no_answer();
		sent_len -= LINE_BLOCK;
		exchange(LINE_BLOCK);
		assert_int_equal(stat_of(&l->stats.frames_late), k);
	}
	assert_int_equal(begins, 40);
	assert_rx(9, 0, 40 * LINE_BLOCK, 0);
	assert_int_equal(event_calls, 0);
}

static void counter_set_back_is_understood(void **state)
{
	unsigned k;

	for (k = 0; k < 40; k++)
		exchange(LINE_BLOCK);
	/* The far end starts again from 0. */
	tdm_port_skip(port, -40);
	for (k = 0; k < 15; k++) {
		send_samples(LINE_BLOCK);
		step(1);
		expect_no_answer();
	}
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_SLIP], 1);
	exchange(LINE_BLOCK);
	assert_int_equal(begins, 42);
	assert_int_equal(event_calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_blocks_pass_at_once),
		TEST(any_size_passes),
		TEST(size_may_change),
		TEST(closed_timeslots_idle),
		TEST(handlers_may_open_and_close),
		TEST(sizes_out_of_step),
		TEST(a_handler_may_say_nothing),
		TEST(dframes_pass_both_ways),
		TEST(gaps_are_filled),
		TEST(gap_drops_the_dframe_it_hits),
		TEST(far_jumps_start_anew),
		TEST(counters_wrap),
		TEST(late_and_double_frames_are_dropped),
		TEST(counter_set_back_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
