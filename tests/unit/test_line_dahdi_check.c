/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong with a DAHDI span's set-up: the exact words, and what would mend it. */
#include "line_dahdi_fixture.h"

static int set_up_first(void **state)
{
	int err = set_up(state);

	/* Tear-down frees what was never made. */
	l = NULL;
	return err;
}

static void expect_why(const struct line_dahdi_params *p, int err, const char *text)
{
	memset(why, 'x', sizeof(why) - 1);
	assert_int_equal(line_dahdi_alloc(&l, p, dahdi_fake_dev(fake), why), err);
	assert_string_equal(why, text);
	assert_int_equal(dahdi_fake_opened(fake), 0);
}

static void expect_std(int err, const char *text)
{
	const struct line_dahdi_params p = std_params();

	expect_why(&p, err, text);
}

static void test_no_driver(void **state)
{
	dahdi_fake_load(fake, ENOENT);
	expect_std(ENOENT,
		   "there is no /dev/dahdi/ctl: load DAHDI and the card's module (modprobe dahdi; dahdi_scan shows "
		   "what is found)");
	dahdi_fake_load(fake, ENXIO);
	expect_std(ENOENT,
		   "there is no /dev/dahdi/ctl: load DAHDI and the card's module (modprobe dahdi; dahdi_scan shows "
		   "what is found)");
	dahdi_fake_load(fake, EACCES);
	expect_std(EACCES, "no permission for /dev/dahdi/ctl: make the user one of the group dahdi");
	dahdi_fake_load(fake, EIO);
	expect_std(EIO, "/dev/dahdi/ctl: Input/output error");
	dahdi_fake_load(fake, 0);
	dahdi_fake_refuse(fake, DABI_SPANSTAT, ENOTTY);
	expect_std(ENOTTY, "the kernel's DAHDI has another interface than Faxspan was built for (2.4 to 3.x)");
}

static void test_no_span(void **state)
{
	struct line_dahdi_params p = std_params();

	p.span = 3;
	expect_why(&p, ENOENT,
		   "DAHDI has no span 3, but only 1, 2: is its card there (dahdi_scan), and is it assigned "
		   "(dahdi_span_assignments auto)?");
	dahdi_fake_assign(fake, 1, false);
	expect_std(ENOENT, "DAHDI has no span 1, but only 2: is its card there (dahdi_scan), and is it assigned "
			   "(dahdi_span_assignments auto)?");
	dahdi_fake_assign(fake, 2, false);
	expect_std(ENOENT, "DAHDI has no span 1, but none at all: is its card there (dahdi_scan), and is it assigned "
			   "(dahdi_span_assignments auto)?");
}

static void test_unconfigured(void **state)
{
	struct line_dahdi_params p = std_params();

	for (unsigned ts = 1; ts <= 31; ts++)
		dahdi_fake_configure(fake, 2, ts, DABI_SIG_NONE, true);
	p.span = 2;
	expect_why(
		&p, ENXIO,
		"DAHDI span 2 (FAKE/2) is not configured: write \"span=2,1,0,ccs,hdb3,crc4\", \"bchan=32-46,48-62\", "
		"\"dchan=47\" and \"alaw=32-62\" into /etc/dahdi/system.conf, then run dahdi_cfg");
	dahdi_fake_resize(fake, 2, 31, "DYNAM");
	p.timeslots = 0x106;
	expect_why(&p, ENXIO,
		   "DAHDI span 2 (FAKE/2) is not configured: write \"bchan=32-33,39\", \"dchan=47\" and "
		   "\"alaw=32-33,39,47\" into /etc/dahdi/system.conf, then run dahdi_cfg");
	dahdi_fake_resize(fake, 2, 24, "T1");
	p.timeslots = 0x02000000;
	expect_why(&p, ENXIO, "DAHDI span 2 (FAKE/2) has 24 channels: there is no timeslot 25");
}

static void test_wrong_signalling(void **state)
{
	static const struct {
		int sig;
		const char *is;
	} b[] = {
		{DABI_SIG_NONE, "not set up"},
		{DABI_SIG_HDLCFCS, "set up as a D channel"},
		{DABI_SIG_HARDHDLC, "set up as a D channel (HDLC by the card)"},
		{DABI_SIG_HDLCRAW, "set up for HDLC without FCS"},
		{DABI_SIG_HDLCNET, "set up as a network interface"},
		{DABI_SIG_MTP2, "set up for MTP2 (SS7)"},
		{DABI_SIG_CAS, "set up for channel associated signalling"},
		{DABI_SIG_EM, "set up for channel associated signalling"},
		{DABI_SIG_EM_E1, "set up for channel associated signalling"},
		{DABI_SIG_FXO | 1, "set up as an analogue port"},
		{DABI_SIG_DACS | DABI_SIG_CLEAR, "cross-connected to another channel"},
		{DABI_SIG_SLAVE, "part of another channel"},
		{1 << 30, "set up for something else"},
	};
	char text[300];

	for (unsigned i = 0; i < sizeof(b) / sizeof(b[0]); i++) {
		dahdi_fake_configure(fake, 1, 20, b[i].sig, true);
		snprintf(text, sizeof(text),
			 "channel 20 (timeslot 20) is %s: write \"bchan=1-15,17-31\" into /etc/dahdi/system.conf, then "
			 "run "
			 "dahdi_cfg",
			 b[i].is);
		expect_std(ENXIO, text);
	}
	dahdi_fake_configure(fake, 1, 20, DABI_SIG_CLEAR, true);
	dahdi_fake_configure(fake, 1, 16, DABI_SIG_CLEAR, true);
	expect_std(ENXIO, "channel 16 (timeslot 16) is set up as a B channel: the D channel needs \"dchan=16\" in "
			  "/etc/dahdi/system.conf, then run dahdi_cfg");
	dahdi_fake_configure(fake, 1, 16, DABI_SIG_HARDHDLC, true);
	start();
}

static void test_taken(void **state)
{
	dahdi_fake_take(fake, 1, 9, true);
	expect_std(EBUSY, "channel 9 (timeslot 9) is in use by another process: fuser -v /dev/dahdi/* shows which");
	dahdi_fake_take(fake, 1, 9, false);
	dahdi_fake_refuse(fake, DABI_SPECIFY, EACCES);
	expect_std(EACCES, "no permission for channel 1 (timeslot 1): make the user one of the group dahdi");
	dahdi_fake_refuse(fake, DABI_SET_BUFINFO, ENOMEM);
	expect_std(ENOMEM, "channel 1 (timeslot 1): Cannot allocate memory");
	dahdi_fake_refuse(fake, DABI_SETLAW, EINVAL);
	expect_std(EINVAL, "channel 1 (timeslot 1): Invalid argument");
}

static void test_mulaw(void **state)
{
	for (unsigned ts = 1; ts <= 31; ts++)
		dahdi_fake_configure(fake, 1, ts, ts == 16 ? DABI_SIG_HDLCFCS : DABI_SIG_CLEAR, ts < 5);
	start();
	assert_non_null(strstr(
		all_log, "span 1: DAHDI takes channels 5-15,17-31 for mu-law and is noisy on them while they "
			 "are closed: write \"alaw=5-15,17-31\" into /etc/dahdi/system.conf, then run dahdi_cfg; we "
			 "set A-law ourselves"));
	assert_true(dahdi_fake_chan(fake, 1, 20).alaw);
}

/* A T1: mu-law is asked for, whatever DAHDI takes the channels for, and silence is mu-law's. */
static void test_t1_mulaw(void **state)
{
	struct line_dahdi_params p = std_params();

	p.ulaw = true;
	start_with(&p);
	assert_non_null(strstr(all_log, "for A-law and is noisy on them while they are closed: write \"mulaw="));
	assert_false(dahdi_fake_chan(fake, 1, 20).alaw);
	assert_int_equal(l->idle, LINE_IDLE_ULAW);
}

static void test_nodes(void **state)
{
	dahdi_fake_nodes(fake, false, true);
	start();
	assert_int_equal(line_dahdi_state(l).channels, 31);
	line_free(l);
	l = NULL;
	dahdi_fake_nodes(fake, true, false);
	start();
	assert_int_equal(line_dahdi_state(l).channels, 31);
	assert_non_null(strstr(all_log,
			       "DAHDI span 1 (FAKE/1): 30 B channels open, 16 buffers of 160 octets, 40 ms in them "
			       "to send"));
	line_free(l);
	l = NULL;
	dahdi_fake_nodes(fake, false, false);
	expect_std(ENOENT, "channel 1 (timeslot 1): No such file or directory");
	dahdi_fake_nodes(fake, false, true);
	dahdi_fake_take(fake, 1, 31, true);
	expect_std(EBUSY, "channel 31 (timeslot 31) is in use by another process: fuser -v /dev/dahdi/* shows which");
}

static void test_params(void **state)
{
	static const struct {
		uint32_t timeslots;
		unsigned span, dchannel, buffers, size, delay;
	} bad[] = {
		{0, 1, 16, 16, 160, 40}, {0x10002, 1, 16, 16, 160, 40}, {3, 1, 16, 16, 160, 40},
		{2, 0, 16, 16, 160, 40}, {2, 1, 0, 16, 160, 40},	{2, 1, 32, 16, 160, 40},
		{2, 1, 16, 1, 160, 40},	 {2, 1, 16, 33, 160, 40},	{2, 1, 16, 16, 15, 40},
		{2, 1, 16, 16, 150, 40}, {2, 1, 16, 16, 320, 40},	{2, 1, 16, 4, 160, 41},
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct line_dahdi_params p = std_params();

		p.timeslots = bad[i].timeslots;
		p.span = bad[i].span;
		p.dchannel = bad[i].dchannel;
		p.buffers = bad[i].buffers;
		p.buffer_size = bad[i].size;
		p.send_delay_ms = bad[i].delay;
		expect_why(&p, EINVAL, "parameters that do not fit together");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_driver, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_no_span, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_unconfigured, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_wrong_signalling, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_taken, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_mulaw, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_t1_mulaw, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_nodes, set_up_first, tear_down),
		cmocka_unit_test_setup_teardown(test_params, set_up_first, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
