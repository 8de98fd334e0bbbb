/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens to a DAHDI span: each event is counted, told and logged in words; the span heals by itself. */
#include "line_dahdi_fixture.h"

static void assert_alarm(enum line_event e, unsigned times, const char *words)
{
	assert_int_equal(last_event, e);
	assert_int_equal(events[e], times);
	assert_int_equal(counted(e), times);
	if (!strstr(last_log, words))
		fail_msg("\"%s\" does not say \"%s\"", last_log, words);
}

static void test_alarms(void **state)
{
	static const struct {
		int bits;
		enum line_event e;
		const char *words;
	} cases[] = {
		{DABI_ALARM_RED, LINE_LOS, "red alarm: nothing valid is received"},
		{DABI_ALARM_RED | DABI_ALARM_LOS, LINE_LOS, "no signal: cable, or the other end is off"},
		{DABI_ALARM_RED | DABI_ALARM_LFA, LINE_LOS, "no frame alignment"},
		{DABI_ALARM_RED | DABI_ALARM_LMFA, LINE_LOS, "no multiframe alignment: the other end has no CRC4"},
		{DABI_ALARM_NOTOPEN, LINE_LOS, "the span has been shut down"},
		{DABI_ALARM_LOOPBACK, LINE_LOS, "looped back for a test"},
		{DABI_ALARM_BLUE, LINE_BLUE, "the other end sends all ones (AIS)"},
		{DABI_ALARM_RED | DABI_ALARM_BLUE, LINE_BLUE, "the other end sends all ones (AIS)"},
		{DABI_ALARM_YELLOW, LINE_YELLOW, "remote alarm (RAI): the other end does not receive us"},
	};

	start();
	run_ms(100);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned before = events[cases[i].e], lines = log_lines;

		dahdi_fake_alarm(fake, 1, cases[i].bits);
		run_ms(2);
		assert_alarm(cases[i].e, before + 1, cases[i].words);
		assert_int_equal(line_dahdi_state(l).alarms, cases[i].bits);
		run_ms(3000); /* it is said once */
		assert_int_equal(log_lines, lines + 1);
		assert_int_equal(events[cases[i].e], before + 1);
		dahdi_fake_alarm(fake, 1, 0);
		run_ms(2);
		assert_alarm(LINE_CLEAR, i + 1, "DAHDI: no more alarm");
	}
	assert_true(begins > 1000); /* blocks went on */
}

/* From one alarm to another there is no event: it is seen by asking. */
static void test_alarm_changes(void **state)
{
	start();
	run_ms(100);
	dahdi_fake_alarm(fake, 1, DABI_ALARM_RED);
	run_ms(2);
	dahdi_fake_alarm(fake, 1, DABI_ALARM_YELLOW);
	run_ms(1001);
	assert_alarm(LINE_YELLOW, 1, "remote alarm");
	dahdi_fake_alarm(fake, 1, DABI_ALARM_RECOVER | DABI_ALARM_YELLOW);
	run_ms(1001);
	dahdi_fake_alarm(fake, 1, DABI_ALARM_RECOVER);
	run_ms(1001);
	assert_int_equal(last_event, LINE_YELLOW);
	dahdi_fake_alarm(fake, 1, 0);
	run_ms(1001);
	assert_alarm(LINE_CLEAR, 1, "no more alarm");
	assert_int_equal(events[LINE_LOS], 1);
}

/* In alarm from the beginning. */
static void test_alarm_at_start(void **state)
{
	dahdi_fake_alarm(fake, 1, DABI_ALARM_RED);
	start();
	run_ms(1);
	assert_int_equal(events[LINE_LOS], 1);
	dahdi_fake_alarm(fake, 1, 0);
	run_ms(2);
	assert_int_equal(events[LINE_CLEAR], 1);
}

static void test_dead_line_frames(void **state)
{
	const uint8_t frame[4] = {2, 1, 0x7f};

	start();
	run_ms(100);
	dahdi_fake_stop_clock(fake, 1, true);
	assert_int_equal(line_send_dframe(l, frame, 3), 0);
	dahdi_fake_alarm(fake, 1, DABI_ALARM_RED);
	run_ms(2);
	assert_int_equal(line_send_dframe(l, frame, 3), 0);
	assert_int_equal(l->stats.dframes_dropped, 1);
	dahdi_fake_alarm(fake, 1, 0);
	dahdi_fake_stop_clock(fake, 1, false);
	run_ms(10);
	assert_int_equal(dframes_out, 0); /* that from before is old: it was thrown away */
	line_send_dframe(l, frame, 3);
	run_ms(2);
	assert_int_equal(dframes_out, 1);
}

/* No octet comes and nobody says why. */
static void test_stalled(void **state)
{
	start();
	open_all();
	run_ms(1500);
	dahdi_fake_stop_clock(fake, 1, true);
	run_ms(2100);
	assert_alarm(LINE_LOS, 1, "the driver delivers nothing: its clock has stopped");
	run_ms(3000);
	assert_int_equal(events[LINE_LOS], 1);
	dahdi_fake_stop_clock(fake, 1, false);
	run_ms(1100);
	assert_alarm(LINE_CLEAR, 1, "no more alarm");
	run_ms(1000);
	/* a block was under way when it stopped, no more is lost, and nobody is blamed for being late */
	assert_true(heard[1].lost <= LINE_BLOCK);
	assert_int_equal(events[LINE_LATE], 0);
	/* the span has counted that time by its own clock */
	assert_int_equal(passed, begins * LINE_BLOCK);
	/* never a block from the start */
	tear_down(NULL);
	set_up(NULL);
	dahdi_fake_stop_clock(fake, 1, true);
	start();
	run_ms(1100);
	assert_int_equal(events[LINE_LOS], 1);
}

static void test_dchannel_events(void **state)
{
	const uint8_t frame[4] = {2, 1, 0x7f};

	start();
	run_ms(100);
	dahdi_fake_event(fake, 1, 16, DABI_EVENT_ABORT);
	run_ms(1);
	assert_int_equal(events[LINE_HDLC_ABORT], 0); /* the rest of what was there before us */
	dahdi_fake_event(fake, 1, 16, DABI_EVENT_ABORT);
	run_ms(1);
	assert_alarm(LINE_HDLC_ABORT, 1, "HDLC abort: a frame of the D channel was aborted");
	dahdi_fake_event(fake, 1, 16, DABI_EVENT_BADFCS);
	run_ms(1);
	assert_alarm(LINE_HDLC_FCS, 1, "HDLC bad frame: a frame of the D channel came damaged: bad FCS");
	dahdi_fake_event(fake, 1, 16, DABI_EVENT_OVERRUN);
	run_ms(1);
	assert_alarm(LINE_HDLC_FCS, 2, "too long");
	/* a storm is not a storm of lines */
	for (unsigned i = 0; i < 500; i++) {
		dahdi_fake_event(fake, 1, 16, DABI_EVENT_BADFCS);
		run_ms(1);
	}
	assert_int_equal(events[LINE_HDLC_FCS], 502);
	assert_true(log_lines < 10);
	/* and frames pass between them */
	dahdi_fake_event(fake, 1, 16, DABI_EVENT_BADFCS);
	dahdi_fake_dframe(fake, 1, frame, 3);
	run_ms(1);
	assert_int_equal(dframes_in, 1);
}

static void test_bchannel_events(void **state)
{
	static const int tones[] = {DABI_EVENT_TX_CED, DABI_EVENT_RX_CED, DABI_EVENT_TX_CNG, DABI_EVENT_RX_CNG};

	start();
	open_all();
	run_ms(1000);
	for (unsigned i = 0; i < 4; i++) {
		dahdi_fake_event(fake, 1, 5 + i, tones[i]);
		run_ms(21);
		assert_alarm(LINE_TONE, i + 1, "fax tone: the card has heard a fax machine");
		now_us += 20 * SEC_US;
		run_ms(20);
	}
	/* others are passed over, none costs an octet */
	for (int e = 1; e < 40; e++) {
		if (e != DABI_EVENT_REMOVED && e != DABI_EVENT_READ_OVERRUN && e != DABI_EVENT_WRITE_UNDERRUN)
			dahdi_fake_event(fake, 1, 31, e);
	}
	run_ms(1000);
	for (unsigned ts = 1; ts <= 31; ts++) {
		assert_int_equal(heard[ts].jumps, 0);
		assert_int_equal(sent[ts].jumps, 0);
	}
	dahdi_fake_miss(fake, 1, 3);
	run_ms(1001);
	assert_alarm(LINE_SLIP, 3, "slip: the card's interrupts were missed");
	/* without a call an underrun is what should be */
	line_close(l, 9);
	run_ms(200);
	assert_int_equal(events[LINE_UNDERRUN], 0);
}

static void removed_and_back(unsigned away_ms)
{
	unsigned gone = events[LINE_GONE], cleared = events[LINE_CLEAR], blocks;

	dahdi_fake_assign(fake, 1, false);
	run_ms(3);
	assert_int_equal(events[LINE_GONE], gone + 1);
	assert_true(line_dahdi_state(l).gone);
	assert_int_equal(line_dahdi_state(l).channels, 0);
	assert_int_equal(dahdi_fake_opened(fake), 0);
	blocks = begins;
	run_ms(away_ms);
	assert_int_equal(begins, blocks);
	assert_int_equal(events[LINE_GONE], gone + 1);
	dahdi_fake_assign(fake, 1, true);
	run_ms(1001);
	assert_int_equal(events[LINE_CLEAR], cleared + 1);
	assert_false(line_dahdi_state(l).gone);
}

static void test_removed(void **state)
{
	const uint8_t frame[4] = {2, 1, 0x7f};
	unsigned lines;

	start();
	open_all();
	run_ms(1000);
	removed_and_back(5500);
	assert_non_null(strstr(all_log, "DAHDI span 1 is gone"));
	assert_non_null(strstr(all_log, "not back yet: DAHDI has no span 1, but only 2"));
	assert_non_null(strstr(all_log, "DAHDI span 1 is back"));
	lines = log_lines;
	assert_true(lines < 10);
	/* blocks flow on the timeslots that stayed open, and frames */
	for (unsigned ts = 1; ts <= 31; ts++) {
		uint64_t good = heard[ts].good, answered = sent[ts].good;

		run_ms(100);
		assert_true(ts == 16 || heard[ts].good >= good + 800);
		assert_true(ts == 16 || sent[ts].good >= answered + 800);
		assert_true(heard[ts].jumps <= 1 && sent[ts].jumps <= 1);
	}
	line_send_dframe(l, frame, 3);
	dahdi_fake_dframe(fake, 1, frame, 3);
	run_ms(1);
	assert_int_equal(dframes_in, 1);
	assert_int_equal(dframes_out, 1);
	for (unsigned i = 0; i < 10; i++)
		removed_and_back(10 + 333 * i);
	/* with nothing to be done on a span that is away */
	dahdi_fake_assign(fake, 1, false);
	run_ms(3);
	assert_int_equal(line_send_dframe(l, frame, 3), 0);
	line_close(l, 4);
	assert_int_equal(line_open(l, 4), 0);
	assert_int_equal(line_echo(l, 4, true), ENODEV);
}

/* Not there when we start: it is waited for, and what is wrong is said once for each thing that is wrong. */
static void test_missing_at_start(void **state)
{
	struct line_dahdi_params p = std_params();
	unsigned lines;

	p.patient = true;
	dahdi_fake_load(fake, ENOENT);
	start_with(&p);
	assert_int_equal(events[LINE_GONE], 1);
	assert_true(line_dahdi_state(l).gone);
	assert_non_null(strstr(all_log, ": trying to open it each second"));
	lines = log_lines;
	assert_int_equal(line_open(l, 4), 0);
	run_ms(5000);
	assert_int_equal(log_lines, lines);
	assert_int_equal(begins, 0);
	dahdi_fake_load(fake, 0);
	dahdi_fake_assign(fake, 1, false);
	run_ms(3000);
	assert_non_null(strstr(last_log, "not back yet: DAHDI has no span 1, but only 2"));
	assert_int_equal(log_lines, lines + 1);
	dahdi_fake_assign(fake, 1, true);
	run_ms(1001);
	assert_int_equal(events[LINE_CLEAR], 1);
	assert_false(line_dahdi_state(l).gone);
	assert_int_equal(line_dahdi_state(l).channels, 31);
	run_ms(1000);
	assert_true(begins >= 48);
	/* one that was not asked to be patient is refused, as before; so is nonsense */
	tear_down(NULL);
	set_up(NULL);
	p.buffers = 1;
	assert_int_equal(line_dahdi_alloc(&l, &p, dahdi_fake_dev(fake), why), EINVAL);
	p = std_params();
	dahdi_fake_load(fake, ENOENT);
	assert_int_equal(line_dahdi_alloc(&l, &p, dahdi_fake_dev(fake), why), ENOENT);
	dahdi_fake_load(fake, 0);
	start();
}

/* It is back, but not as it was: said once, until it is. */
static void test_back_unconfigured(void **state)
{
	unsigned lines;

	start();
	run_ms(100);
	dahdi_fake_assign(fake, 1, false);
	run_ms(3);
	for (unsigned ts = 1; ts <= 31; ts++)
		dahdi_fake_configure(fake, 1, ts, DABI_SIG_NONE, true);
	dahdi_fake_assign(fake, 1, true);
	run_ms(1500);
	assert_non_null(
		strstr(last_log, "not back yet: DAHDI span 1 (FAKE/1) is not configured: write \"span=1,1,0,ccs"));
	lines = log_lines;
	run_ms(5000);
	assert_int_equal(log_lines, lines);
	dahdi_fake_alarm(fake, 1, DABI_ALARM_NOTOPEN);
	dahdi_fake_configure(fake, 1, 1, DABI_SIG_CLEAR, true);
	run_ms(1000);
	assert_non_null(strstr(last_log, "not back yet: DAHDI span 1 (FAKE/1) is shut down, or about to be unassigned: "
					 "dahdi_cfg starts it"));
	dahdi_fake_alarm(fake, 1, 0);
	for (unsigned ts = 1; ts <= 31; ts++)
		dahdi_fake_configure(fake, 1, ts, ts == 16 ? DABI_SIG_HDLCFCS : DABI_SIG_CLEAR, true);
	dahdi_fake_take(fake, 1, 3, true);
	run_ms(1100);
	assert_non_null(strstr(last_log, "not back yet: channel 3 (timeslot 3) is in use by another process"));
	dahdi_fake_take(fake, 1, 3, false);
	dahdi_fake_alarm(fake, 1, DABI_ALARM_RED);
	run_ms(1100);
	assert_int_equal(events[LINE_LOS], 1);
	assert_int_equal(events[LINE_CLEAR], 0);
	dahdi_fake_alarm(fake, 1, 0);
	run_ms(5);
	assert_int_equal(events[LINE_CLEAR], 1);
}

/* The event alone, and the answer to a question alone: each shows that it is gone. */
static void test_removed_by_event(void **state)
{
	start();
	run_ms(100);
	dahdi_fake_event(fake, 1, 31, DABI_EVENT_REMOVED);
	run_ms(1);
	assert_int_equal(events[LINE_GONE], 1);
	run_ms(1100);
	assert_int_equal(events[LINE_CLEAR], 1);
	dahdi_fake_event(fake, 1, 16, DABI_EVENT_REMOVED);
	run_ms(1);
	assert_int_equal(events[LINE_GONE], 2);
	run_ms(1100);
	dahdi_fake_event(fake, 1, 4, DABI_EVENT_REMOVED);
	run_ms(21);
	assert_int_equal(events[LINE_GONE], 3);
	run_ms(1100);
	assert_int_equal(events[LINE_CLEAR], 3);
	dahdi_fake_refuse(fake, DABI_SPANSTAT, EINVAL);
	run_ms(1100);
	assert_int_equal(events[LINE_GONE], 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_alarms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_alarm_changes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_alarm_at_start, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dead_line_frames, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stalled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_dchannel_events, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bchannel_events, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missing_at_start, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_back_unconfigured, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_removed_by_event, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
