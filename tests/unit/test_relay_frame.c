/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames to the line as some peers send them: whole, in odd fields, broken off. */
#include "tests/unit/relay_line.h"

/* What runs dry was a CSI, and the DIS behind it in the same signal is edited all the same: it offers no V.17 where 9600
 * bit/s are allowed. */
static void test_frame_after_dry_one_is_edited(void **state)
{
	static const uint8_t begin[] = {
		DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 12), 0xff, 0xc0, 0x02, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct rig g;

	rig_init_with(&g, 9600);
	SAY(&g, IND(3));
	listen_to(&g, 0.9);
	say(&g, begin, sizeof(begin));
	assert_false(listen_to(&g, 0.7));
	SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK));
	SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 6), 0xff, 0xc8, 0x01, 0x04, 0x74, 0x80);
	SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
	SAY(&g, IND(0));
	assert_true(listen_to(&g, 1));
	assert_int_equal(g.ear.good, 1);
	assert_int_equal(relay_stats(g.relay).frames_cut, 1);
	assert_int_equal(g.ear.last_len, 6);
	assert_int_equal(g.ear.last[2], 0x80);
	assert_int_equal(g.ear.last[4] & 0x3c, 0x0c); /* T.30 table 2, bits 11 to 14: V.29 and V.27ter */
	rig_fini(&g);
}

/* A frame whole in the field that says its FCS is good, as some gateways send it, and its preamble's indicator lost. */
static void test_frame_in_its_fcs(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		bool announced = i & 1, in_frame = i & 2;
		struct rig g;

		rig_init(&g, true);
		if (announced)
			SAY(&g, IND(3));
		if (in_frame)
			SAY(&g, DATA(IFP_DATA_V21), 2, WITH(IFP_HDLC_FCS_OK, 3), 0xff, 0xc0, 0x02,
			    WITH(IFP_HDLC_FCS_OK_SIG_END, 3), 0xff, 0xc8, 0x31);
		else
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_FCS_OK_SIG_END, 3), 0xff, 0xc8, 0x31);
		assert_true(listen_to(&g, 3));
		assert_int_equal(g.ear.good, in_frame ? 2 : 1);
		assert_heard(&g);
		rig_fini(&g);
	}
}

/* A peer that sends frames whole: a PPR comes 2.1 s after its preamble's indicator, and the preamble is one. */
static void test_whole_ppr(void **state)
{
	uint8_t ppr[] = {DATA(IFP_DATA_V21),
			 2,
			 WITH(IFP_HDLC_DATA, 35),
			 0xff,
			 0xc8,
			 0x3d,
			 [5 + 35] = FIELD(IFP_HDLC_FCS_OK_SIG_END)};
	struct rig g;

	rig_init(&g, true);
	SAY(&g, IND(3));
	listen_to(&g, 0.3);
	for (unsigned i = 3; i < 21; i++)
		assert_false(listen_to(&g, 0.1));
	say(&g, ppr, sizeof(ppr));
	for (unsigned i = 0; i < 8; i++)
		assert_false(listen_to(&g, 0.1));
	assert_true(listen_to(&g, 1));
	assert_int_equal(g.ear.good, 1);
	assert_int_equal(g.ear.last_len, 35);
	rig_fini(&g);
}

/* The signal ends in the midst of a frame, without its FCS: as a gateway says it whose line has lost the carrier. What the
 * line has heard of it is no good frame, and it does not wait. */
static void test_signal_ends_in_frame(void **state)
{
	static const uint8_t begin[] = {
		DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 12), 0xff, 0xc0, 0x02, 1, 2, 3, 4, 5, 6, 7, 8, 9};

	for (unsigned i = 0; i < 24; i++) {
		bool line_is_busy = i / 6 & 1, no_signal = i / 12;
		struct rig g;

		rig_init(&g, true);
		if (line_is_busy)
			say_dcs(&g, true);
		SAY(&g, IND(3));
		listen_to(&g, 0.9);
		say(&g, begin, sizeof(begin));
		listen_to(&g, (i % 6) * 0.1);
		SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_SIG_END));
		if (no_signal)
			SAY(&g, IND(0));
		assert_true(listen_to(&g, 3));
		assert_int_equal(g.ear.good, line_is_busy);
		assert_heard(&g);
		rig_fini(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame_after_dry_one_is_edited),
		cmocka_unit_test(test_frame_in_its_fcs),
		cmocka_unit_test(test_whole_ppr),
		cmocka_unit_test(test_signal_ends_in_frame),
	};

	log_set_level(LOGL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
