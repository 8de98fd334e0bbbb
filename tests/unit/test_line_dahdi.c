/* SPDX-License-Identifier: GPL-2.0-only */
/* Blocks and frames of a DAHDI span: every octet passes, in phase, with few wakeups and the delay that was asked for.
 * */
#include "line_dahdi_fixture.h"

#include "fault.h"

#define SECONDS 30

static void assert_exact(unsigned ts, unsigned ms)
{
	assert_true(heard[ts].good >= (uint64_t)ms * 8 - 2000);
	assert_int_equal(heard[ts].jumps, 0);
	assert_int_equal(heard[ts].idle, 0);
	assert_true(sent[ts].good >= (uint64_t)ms * 8 - 2000);
	assert_int_equal(sent[ts].jumps, 0);
	assert_int_equal(sent[ts].idle, 0);
}

static void test_exact(void **state)
{
	uint64_t wakeups, calls;

	start();
	open_all();
	run_ms(1000);
	wakeups = dahdi_fake_wakeups(fake);
	calls = dahdi_fake_calls(fake);
	run_ms(SECONDS * 1000);
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts != 16)
			assert_exact(ts, SECONDS * 1000);
	}
	assert_int_equal(heard[16].good, 0);
	/* 50 a second, and nothing but a read and a write for each channel and block. */
	assert_int_equal(dahdi_fake_wakeups(fake) - wakeups, SECONDS * 50);
	assert_true(dahdi_fake_calls(fake) - calls <= SECONDS * (50 * 60 + 1));
	assert_int_equal(begins, ends);
	assert_int_equal(begins, l->stats.blocks);
	assert_int_equal(line_dahdi_state(l).resyncs, 1);
	for (unsigned e = 0; e < LINE_EVENT_COUNT; e++)
		assert_int_equal(events[e], 0);
	assert_int_equal(line_dahdi_state(l).late_worst_us, 0);
}

/* Calls come and go at any time: each is exact from its beginning, and nothing of the last is heard. */
static void test_phases(void **state)
{
	start();
	for (unsigned i = 0; i < 30; i++) {
		unsigned ts = i < 15 ? i + 1 : i + 2;

		run_ms(7 + i);
		assert_int_equal(line_open(l, ts), 0);
	}
	run_ms(3000);
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts != 16)
			assert_exact(ts, 3000);
	}
	for (unsigned i = 0; i < 5; i++) {
		line_close(l, 7);
		run_ms(33 + i);
		assert_int_equal(dahdi_fake_chan(fake, 1, 7).queued, 0);
		heard[7] = sent[7] = (struct stream){.next = heard[7].next};
		sent[7].next = said[7];
		assert_int_equal(line_open(l, 7), 0);
		run_ms(500);
		assert_exact(7, 500);
	}
	assert_int_equal(line_dahdi_state(l).resyncs, 1);
	assert_int_equal(events[LINE_UNDERRUN], 0);
}

/* A block is received a block after its first octet came, and its answer leaves send_delay later. */
static void test_delay(void **state)
{
	static const struct {
		unsigned size, delay_ms, want_samples;
	} cases[] = {{160, 40, 320}, {160, 20, 160}, {160, 100, 800}, {40, 5, 40}, {40, 12, 120}, {20, 20, 160}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_dahdi_params p = std_params();

		p.buffer_size = cases[i].size;
		p.buffers = 32;
		p.send_delay_ms = cases[i].delay_ms;
		start_with(&p);
		open_all();
		run_ms(2000);
		/* What was said but not yet sent, right after a block: the delay and the block itself. */
		for (unsigned before = begins; begins == before;)
			run_ms(1);
		assert_int_equal(said[1] - sent[1].next, cases[i].want_samples + LINE_BLOCK);
		assert_int_equal(said[31] - sent[31].next, cases[i].want_samples + LINE_BLOCK);
		assert_exact(1, 2000);
		assert_exact(31, 2000);
		tear_down(NULL);
		set_up(NULL);
	}
	start();
}

/* Calls that begin in a round that is late: what is sent still ends with what is received, and wakes nobody. */
static void test_late_open(void **state)
{
	uint64_t kicks;

	start();
	for (unsigned late = 0; late < 20; late++) {
		run_ms(1000);
		for (unsigned before = begins; begins == before;)
			run_ms(1);
		pass(20 + late, true);
		open_all();
		run_ms(200);
		kicks = dahdi_fake_kicks(fake);
		run_ms(2000);
		assert_int_equal(dahdi_fake_kicks(fake) - kicks, 100);
		for (unsigned ts = 1; ts <= 31; ts++)
			line_close(l, ts);
	}
	assert_int_equal(events[LINE_UNDERRUN], 0);
}

/* Channels that were not started in one go: the clock is the last, so no block is missing. Too far apart, it is done
 * again, and they are together: no channel's octets are older than another's. */
static void run_slow_start(unsigned samples, unsigned times)
{
	uint64_t apart = 0;

	start();
	open_all();
	dahdi_fake_slow_flush(fake, samples, times, &now_us);
	run_ms(5000);
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts != 16)
			assert_exact(ts, 4500);
		if (ts != 16 && heard[31].next - heard[ts].next > apart)
			apart = heard[31].next - heard[ts].next;
	}
	assert_int_equal(begins, timeslot_calls / 30);
	assert_int_equal(events[LINE_UNDERRUN] + events[LINE_OVERRUN], 0);
	assert_true(apart <= 8 * 16);
}

static void test_slow_start(void **state)
{
	run_slow_start(8, 2); /* interrupts came between */
	assert_int_equal(heard[31].next - heard[1].next, 16);
}

static void test_very_slow_start(void **state)
{
	run_slow_start(8 * 25, 3); /* for 75 ms on the way */
	assert_int_equal(heard[31].next - heard[1].next, 0);
}

/* The kernel takes nothing any more for a while: then the delay is set anew. */
static void test_full(void **state)
{
	start();
	open_all();
	run_ms(1000);
	dahdi_fake_hold_tx(fake, 1, true);
	run_ms(1000);
	dahdi_fake_hold_tx(fake, 1, false);
	run_ms(1000);
	assert_int_equal(heard[1].jumps, 0);
	for (unsigned before = begins; begins == before;)
		run_ms(1);
	assert_true(said[1] - sent[1].next <= 13 * 160);
	assert_true(sent[1].jumps >= 1);
}

/* Where the kernel waits until its buffers are full, nothing is lost either. */
static void test_policy(void **state)
{
	struct line_dahdi_params p = std_params();

	p.policy = LINE_DAHDI_FULL;
	start_with(&p);
	open_all();
	run_ms(3000);
	assert_exact(1, 2600);
	assert_exact(31, 2600);
	for (unsigned before = begins; begins == before;)
		run_ms(1);
	assert_int_equal(said[1] - sent[1].next, 16 * 160);
}

/* Held up for less than send_delay nothing is lost; the answers catch up. */
static void test_held_short(void **state)
{
	start();
	open_all();
	run_ms(1000);
	for (unsigned i = 0; i < 20; i++) {
		pass(39, true);
		run_ms(100 + i);
	}
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts != 16)
			assert_exact(ts, 3000);
	}
	assert_int_equal(events[LINE_UNDERRUN] + events[LINE_OVERRUN], 0);
	assert_true(events[LINE_LATE] >= 20);
	assert_true(line_dahdi_state(l).late_worst_us >= 18000);
	assert_non_null(strstr(all_log, "late block: a block was served"));
	assert_true(log_lines < 30);
}

/* Held up for longer: nothing that was received is lost; idle was sent, and the delay is what it was. */
static void test_held_long(void **state)
{
	start();
	open_all();
	run_ms(1000);
	pass(250, true);
	run_ms(1000);
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts == 16)
			continue;
		assert_int_equal(heard[ts].jumps, 0);
		assert_true(heard[ts].good > 16000);
		assert_int_equal(sent[ts].jumps, 1);
		assert_true(sent[ts].lost >= 8 * 180 && sent[ts].lost <= 8 * 280);
		assert_true(sent[ts].idle >= 8 * 180 && sent[ts].idle <= 8 * 280);
	}
	assert_int_equal(events[LINE_UNDERRUN], 30);
	assert_int_equal(events[LINE_OVERRUN], 0);
	for (unsigned before = begins; begins == before;)
		run_ms(1);
	assert_true(said[1] - sent[1].next >= 480 && said[1] - sent[1].next <= 480 + 160);
	/* and it stays so */
	pass(35, true);
	run_ms(500);
	assert_int_equal(sent[1].jumps, 1);
	assert_non_null(strstr(all_log, "underrun: idle octets were sent"));
}

/* Held up for longer than the buffers hold: all channels begin anew, once, and time does not shrink. */
static void assert_begun_anew(void)
{
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts == 16)
			continue;
		assert_int_equal(heard[ts].jumps, 1);
		assert_int_equal(sent[ts].jumps, 0);
		assert_true(sent[ts].idle > 8 * 800 && sent[ts].idle < 8 * 1000);
		assert_int_equal(heard[ts].idle, 0);
		assert_true(heard[ts].good > 8 * 2700);
		assert_true(sent[ts].good > 8 * 2700);
	}
	assert_int_equal(events[LINE_OVERRUN], 1);
	assert_int_equal(line_dahdi_state(l).resyncs, 2);
	assert_non_null(strstr(all_log, "overrun: received octets are lost on all channels"));
	for (unsigned before = begins; begins == before;)
		run_ms(1);
	assert_int_equal(said[1] - sent[1].next, 480);
	assert_true(passed >= (now_us / 1000 - 1000 - 60) * 8 && passed <= (now_us / 1000 - 1000) * 8);
}

static void test_held_too_long(void **state)
{
	start();
	open_all();
	run_ms(1000);
	pass(900, true);
	run_ms(2000);
	assert_begun_anew();
	pass(39, true);
	run_ms(500);
	assert_int_equal(sent[1].jumps, 0);
	assert_int_equal(heard[1].jumps, 1);
}

/* A kernel that does not tell of overrun and underrun: the same, by the clock. */
static void test_no_buffer_events(void **state)
{
	dahdi_fake_refuse(fake, DABI_BUFFER_EVENTS, ENOTTY);
	start();
	open_all();
	run_ms(1000);
	pass(900, true);
	run_ms(2000);
	assert_begun_anew();
	pass(250, true);
	run_ms(1000);
	assert_int_equal(heard[1].jumps, 1);
	assert_int_equal(sent[1].jumps, 1);
	for (unsigned before = begins; begins == before;)
		run_ms(1);
	assert_true(said[1] - sent[1].next >= 480 && said[1] - sent[1].next <= 480 + 160);
}

/* A machine that is too slow, for a while: three blocks' time for each two. It sheds load, and recovers. */
static void test_overload(void **state)
{
	start();
	open_all();
	run_ms(1000);
	for (unsigned i = 0; i < 500; i++) {
		pass(30, true);
		dahdi_fake_wake(fake);
		loop_step(loop, 0);
	}
	assert_true(counted(LINE_OVERRUN) >= 5 && counted(LINE_OVERRUN) <= 30);
	assert_true(log_lines < 20);
	memset(heard, 0, sizeof(heard));
	run_ms(3000);
	assert_true(said[1] - sent[1].next <= 480 + 160);
	events[LINE_UNDERRUN] = events[LINE_OVERRUN] = 0;
	run_ms(3000);
	assert_int_equal(events[LINE_UNDERRUN] + events[LINE_OVERRUN], 0);
}

static void test_dframes(void **state)
{
	uint8_t frame[1023];

	memset(frame, 0x7e, sizeof(frame));
	start();
	run_ms(100);
	dahdi_fake_dframe(fake, 1, frame, 4);
	run_ms(1);
	assert_int_equal(dframes_in, 1);
	assert_int_equal(last_dframe_len, 4);
	assert_memory_equal(last_dframe, frame, 4);
	assert_int_equal(line_send_dframe(l, frame, 300), 0);
	run_ms(1);
	assert_int_equal(dframes_out, 1);
	assert_int_equal(last_dframe_len, 300);
	assert_int_equal(line_send_dframe(l, frame, 1022), 0);
	assert_int_equal(line_send_dframe(l, frame, 1023), EMSGSIZE);
	run_ms(1);
	/* 32 wait at most */
	for (unsigned i = 0; i < 32; i++)
		assert_int_equal(line_send_dframe(l, frame, 10), 0);
	assert_int_equal(line_send_dframe(l, frame, 10), ENOBUFS);
	assert_int_equal(l->stats.dframes_dropped, 2);
	assert_int_equal(l->stats.dframes_tx, 34);
	/* an event in the way holds up neither */
	run_ms(40);
	dahdi_fake_event(fake, 1, 16, 99);
	assert_int_equal(line_send_dframe(l, frame, 10), 0);
	dahdi_fake_event(fake, 1, 16, 99);
	dahdi_fake_dframe(fake, 1, frame, 7);
	run_ms(1);
	assert_int_equal(dframes_in, 2);
	/* a D channel alone wakes us for its frames */
	dahdi_fake_dframe(fake, 1, frame, 0);
	run_ms(1);
	assert_int_equal(events[LINE_HDLC_FCS], 1);
}

static void test_params(void **state)
{
	struct line_dahdi_params p = std_params();

	p.rx_gain_ddb = 60;
	p.policy = LINE_DAHDI_HALF;
	p.buffers = 10;
	p.buffer_size = 80;
	start_with(&p);
	assert_int_equal(dahdi_fake_chan(fake, 1, 5).buffers, 10);
	assert_int_equal(dahdi_fake_chan(fake, 1, 5).buffer_size, 80);
	assert_int_equal(dahdi_fake_chan(fake, 1, 5).policy, DABI_POLICY_HALF_FULL);
	assert_int_equal(dahdi_fake_chan(fake, 1, 16).buffers, 32);
	assert_int_equal(dahdi_fake_chan(fake, 1, 16).buffer_size, 1024);
	assert_true(dahdi_fake_chan(fake, 1, 5).audio && dahdi_fake_chan(fake, 1, 5).alaw);
	assert_int_equal(dahdi_fake_chan(fake, 2, 5).open, false);
	assert_int_equal(line_dahdi_state(l).channels, 31);
	raw = true;
	raw_tx = LINE_IDLE ^ 0x30;
	line_open(l, 5);
	run_ms(200);
	/* 6 dB is twice the amplitude, which in A-law is the next segment */
	assert_int_equal(raw_rx, LINE_IDLE ^ 0x40);
}

static void test_open(void **state)
{
	struct line_dahdi_params p = std_params();

	p.timeslots = 0x1e;
	start_with(&p);
	assert_int_equal(line_start(l, loop, &handlers), EALREADY);
	assert_int_equal(line_dahdi_state(l).channels, 5);
	assert_int_equal(line_open(l, 0), EINVAL);
	assert_int_equal(line_open(l, 16), EINVAL);
	assert_int_equal(line_open(l, 5), EINVAL);
	assert_int_equal(line_open(l, 32), EINVAL);
	assert_int_equal(line_open(l, 4), 0);
	assert_int_equal(line_open(l, 4), EBUSY);
	line_close(l, 5);
	line_close(l, 99);
	line_close(l, 4);
	line_close(l, 4);
	assert_int_equal(line_open(l, 4), 0);
	run_ms(1000);
	assert_exact(4, 1000);
}

static void test_echo(void **state)
{
	struct line_dahdi_params p = std_params();

	start();
	line_open(l, 3);
	assert_int_equal(line_echo(l, 3, true), 0);
	assert_int_equal(dahdi_fake_chan(fake, 1, 3).taps, 128);
	assert_int_equal(line_echo(l, 3, false), 0);
	assert_int_equal(dahdi_fake_chan(fake, 1, 3).taps, 0);
	assert_int_equal(line_echo(l, 16, true), EINVAL);
	line_echo(l, 3, true);
	line_close(l, 3);
	assert_int_equal(dahdi_fake_chan(fake, 1, 3).taps, 0);
	tear_down(NULL);
	set_up(NULL);
	p.echo_fax_mode = true;
	p.echo_taps = 256;
	start_with(&p);
	line_open(l, 3);
	line_echo(l, 3, true);
	assert_int_equal(line_echo(l, 3, false), 0);
	assert_int_equal(dahdi_fake_chan(fake, 1, 3).taps, 256);
	assert_true(dahdi_fake_chan(fake, 1, 3).fax_mode);
	line_close(l, 3);
	assert_int_equal(dahdi_fake_chan(fake, 1, 3).taps, 0);
	/* a driver without it: off */
	dahdi_fake_refuse(fake, DABI_ECHOCANCEL_FAX, ENOTTY);
	line_open(l, 3);
	line_echo(l, 3, true);
	assert_int_equal(line_echo(l, 3, false), 0);
	assert_int_equal(dahdi_fake_chan(fake, 1, 3).taps, 0);
	tear_down(NULL);
	set_up(NULL);
	p.echo = false;
	start_with(&p);
	assert_int_equal(line_echo(l, 3, true), ENOTSUP);
	assert_int_equal(line_echo(l, 3, false), 0);
}

static int life(void *arg)
{
	const struct line_dahdi_params p = std_params();
	struct line *line = NULL;
	struct loop *lp = NULL;
	int err = loop_alloc(&lp, &test_clock);

	if (!err)
		err = line_dahdi_alloc(&line, &p, dahdi_fake_dev(fake), why);
	if (!err)
		err = line_start(line, lp, &handlers);
	line_free(line);
	loop_free(lp);
	return err;
}

static void test_no_memory(void **state)
{
	assert_true(fault_run(life, NULL, 0) >= 2);
	assert_int_equal(dahdi_fake_opened(fake), 0);
	start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_exact, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_phases, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_delay, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_late_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_slow_start, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_very_slow_start, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_policy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_held_short, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_held_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_held_too_long, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_buffer_events, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_overload, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dframes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_params, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_echo, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_memory, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
