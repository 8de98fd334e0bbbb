/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals towards the line that the peer does not end, or not as it should: each is ended, and what comes next is
 * heard. Each fails without its mend in t38/relay/mend_signal.c.
 */
#include <limits.h>

#include "tests/unit/relay_line.h"

/* The whole of a frame comes at once: it has to wait for its preamble, and is not forgotten there. */
static void test_frame_with_its_preamble(void **state)
{
	struct rig g;

	for (unsigned waits = 0; waits < 2; waits++) {
		rig_init(&g, true);
		if (waits) /* another signal is on the line when it comes */
			say_dcs(&g, true);
		assert_heard(&g);
		assert_int_equal(g.ear.good, waits + 1);
		rig_fini(&g);
	}
}

/* A preamble that nothing follows, as of a peer that took something else for V.21. */
static void test_preamble_alone(void **state)
{
	for (unsigned late = 0; late < 2; late++) {
		struct rig g;

		rig_init(&g, true);
		SAY(&g, IND(3));
		if (late)
			listen_to(&g, 1.5);
		SAY(&g, IND(0));
		assert_true(listen_to(&g, 2));
		assert_heard(&g);
		rig_fini(&g);
	}
}

/* A training that nothing follows: the TCF does not come, or the page. */
static void test_training_alone(void **state)
{
	static const uint8_t cfr[] = {DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x21};

	for (unsigned i = 0; i < 16; i++) {
		bool ecm = i & 1, page = i & 2, late = i & 4, straight = i & 8;
		struct rig g;

		rig_init(&g, ecm);
		say_dcs(&g, ecm);
		assert_true(listen_to(&g, 3));
		if (page) { /* as if the line's CFR had been heard: only what is expected changes */
			SAY(&g, IND(3));
			say(&g, cfr, sizeof(cfr));
			SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
			SAY(&g, IND(0));
			assert_true(listen_to(&g, 3));
		}
		SAY(&g, IND(page ? 14 : 15));
		if (late)
			listen_to(&g, 3);
		if (!straight) {
			SAY(&g, IND(0));
			assert_true(listen_to(&g, 3));
		}
		assert_heard(&g);
		rig_fini(&g);
	}
}

/* The end of a TCF is lost: the next signal begins all the same. */
static void test_tcf_without_end(void **state)
{
	uint8_t zeros[305] = {DATA(IFP_DATA_V17_14400), 1, 0x80 | IFP_NON_ECM_DATA << 4, 300 >> 8, (300 & 255) - 1};
	struct rig g;

	rig_init(&g, true);
	say_dcs(&g, true);
	assert_true(listen_to(&g, 3));
	SAY(&g, IND(15));
	for (unsigned i = 0; i < 9; i++)
		say(&g, zeros, sizeof(zeros));
	listen_to(&g, 4);
	SAY(&g, IND(0));
	assert_true(listen_to(&g, 1));
	assert_heard(&g);
	rig_fini(&g);
}

struct tcf {
	unsigned bits, ones; /* after the training */
};

static void on_tcf_bit(void *arg, int bit)
{
	struct tcf *t = arg;

	if (bit < 0)
		return;
	t->bits++;
	t->ones += (unsigned)bit;
}

/* The first octets of a TCF are late by MS (UINT_MAX: never come). Returns what the line has of it 1.6 s later. */
static struct tcf try_late_tcf(unsigned ms)
{
	uint8_t zeros[45] = {DATA(IFP_DATA_V29_9600), 1, 0x80 | IFP_NON_ECM_DATA << 4, 0, 39};
	struct tcf tcf = {0}, heard = {0};
	int16_t block[BLOCK] = {0};
	struct rig g;
	v29_rx_state_t *rx = v29_rx_init(NULL, 9600, (put_bit_func_t)on_tcf_bit, &tcf);

	rig_init(&g, true);
	say_dcs(&g, true);
	assert_true(listen_to(&g, 3));
	SAY(&g, IND(T38_IND_V29_9600_TRAINING));
	for (unsigned at = 0; at < 2000; at += 20) {
		if (ms != UINT_MAX && at >= 253 + ms && at < 253 + 1500 && (at / 20) % 2 == 0)
			say(&g, zeros, sizeof(zeros));
		relay_rx(g.relay, block, BLOCK);
		relay_tx(g.relay, block, BLOCK);
		v29_rx(rx, block, BLOCK);
		memset(block, 0, sizeof(block));
		if (at == 1600)
			heard = tcf;
	}
	v29_rx_free(rx);
	rig_fini(&g);
	return heard;
}

static void test_late_tcf(void **state)
{
	static const unsigned late_ms[] = {0, 60, 120, 200, 360};
	struct tcf tcf;

	for (size_t i = 0; i < sizeof(late_ms) / sizeof(late_ms[0]); i++) {
		tcf = try_late_tcf(late_ms[i]);
		assert_int_equal(tcf.ones, 0);
		assert_true(tcf.bits > 9000);
	}
	tcf = try_late_tcf(UINT_MAX); /* nothing comes: that is no good check */
	assert_true(tcf.ones > 5000);
}

/* The end of a frame is lost, and the signal's: its octets are not heard as a good frame, and what follows is heard. */
static void test_frame_without_end(void **state)
{
	static const uint8_t csi[] = {
		DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 12), 0xff, 0xc0, 0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9};

	for (unsigned i = 0; i < 8; i++) {
		bool line_waits = i & 1, straight = i & 2, whole = i & 4;
		struct rig g;

		rig_init(&g, true);
		if (!line_waits) /* something is before it in the queue */
			say_dcs(&g, true);
		SAY(&g, IND(3));
		if (whole)
			say(&g, csi, sizeof(csi));
		else
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x21);
		if (!straight)
			SAY(&g, IND(0));
		else
			SAY(&g, IND(15)); /* a training instead */
		assert_true(straight || listen_to(&g, 5));
		listen_to(&g, 5);
		SAY(&g, IND(0));
		assert_true(listen_to(&g, 3));
		assert_int_equal(g.ear.good, line_waits ? 0 : 1);
		assert_heard(&g);
		rig_fini(&g);
	}
}

/*
 * Octets of a frame come too late: it is broken off with a bad FCS. Neither its rest is heard as a frame, nor does the
 * signal go on for ever; and the next frame, of the same signal or of another, is heard.
 */
static void test_frame_runs_dry(void **state)
{
	static const uint8_t begin[] = {
		DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 12), 0xff, 0xc0, 0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9};

	for (unsigned i = 0; i < 8; i++) {
		bool rest = i & 1, end_apart = i & 2, another = i & 4;
		struct rig g;

		rig_init(&g, true);
		SAY(&g, IND(3));
		listen_to(&g, 0.9);
		say(&g, begin, sizeof(begin));
		assert_false(listen_to(&g, 0.7)); /* flags, after it has run dry */
		if (rest)
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x21);
		if (another) {
			SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK));
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x21);
		}
		if (end_apart) {
			SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK));
			SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_SIG_END));
		} else {
			SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
		}
		SAY(&g, IND(0));
		assert_true(listen_to(&g, 1));
		assert_int_equal(g.ear.good, another ? 1 : 0);
		assert_int_equal(relay_stats(g.relay).frames_cut, 1);
		assert_heard(&g);
		rig_fini(&g);
	}
}

/*
 * Nothing more comes of a signal, not even its end: it ends in time for a machine that waits 3 s for the carrier to
 * stop. What comes late is heard if it is a whole frame, and is none if it is the rest of one.
 */
static void test_lone_signal(void **state)
{
	static const uint8_t begin[] = {
		DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 9), 0xff, 0xc0, 0x40, 1, 2, 3, 4, 5, 6};

	for (unsigned i = 0; i < 4; i++) {
		struct rig g;

		rig_init(&g, true);
		SAY(&g, IND(3));
		if (i == 1)
			say(&g, begin, sizeof(begin));
		assert_false(listen_to(&g, 1.3));
		if (i == 2)
			say(&g, begin, sizeof(begin));
		if (i == 3)
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 2), 0xff, 0xc8);
		assert_true(listen_to(&g, 1.5));
		if (i > 0)
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x21);
		else
			SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x31);
		SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
		SAY(&g, IND(0));
		assert_true(listen_to(&g, 3));
		assert_int_equal(g.ear.good, i > 0 ? 0 : 1);
		assert_heard(&g);
		rig_fini(&g);
	}
}

/* Image data come while a frame in V.21 is still open. */
static void test_frame_broken_off_by_image(void **state)
{
	struct rig g;

	rig_init(&g, true);
	SAY(&g, IND(3));
	SAY(&g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x21);
	SAY(&g, DATA(IFP_DATA_V17_14400), 1, WITH(IFP_NON_ECM_DATA, 4), 0, 0, 0, 0);
	SAY(&g, DATA(IFP_DATA_V17_14400), 1, FIELD(IFP_NON_ECM_SIG_END));
	assert_true(listen_to(&g, 6));
	assert_heard(&g);
	rig_fini(&g);
}

/* A CNG, and what the peer says next does not wait for the end of its 3 s of silence. */
static void test_cng_ends(void **state)
{
	struct rig g;

	rig_init(&g, true);
	SAY(&g, IND(1));
	assert_true(listen_to(&g, 1));
	SAY(&g, IND(0));
	say_dcs(&g, true);
	assert_true(listen_to(&g, 2));
	assert_int_equal(g.ear.good, 1);
	rig_fini(&g);
}

/* A peer of version 3 with a Super-G3 machine: its ANSam is heard as CED; of CM, V.34 and V.33 nothing is. */
static void test_v8_and_v34(void **state)
{
	struct rig g;

	rig_init(&g, true);
	SAY(&g, 0x20, 0x00); /* v8-ansam */
	assert_false(listen_to(&g, 1.5));
	SAY(&g, IND(0));
	assert_true(listen_to(&g, 4));
	for (uint8_t i = 1; i < 7; i++) { /* v8-signal to v33-14400-training */
		SAY(&g, (uint8_t)(0x20 | i >> 2), (uint8_t)(i << 6));
		assert_true(listen_to(&g, 0.5));
		SAY(&g, 0xe0, 0x40, 1, 0x80 | IFP_HDLC_DATA << 3, 0, 1, 0xff, 0xc8); /* v34-pri-rate */
		assert_true(listen_to(&g, 0.5));
		assert_heard(&g);
	}
	rig_fini(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame_with_its_preamble),
		cmocka_unit_test(test_preamble_alone),
		cmocka_unit_test(test_training_alone),
		cmocka_unit_test(test_tcf_without_end),
		cmocka_unit_test(test_late_tcf),
		cmocka_unit_test(test_frame_without_end),
		cmocka_unit_test(test_frame_runs_dry),
		cmocka_unit_test(test_lone_signal),
		cmocka_unit_test(test_frame_broken_off_by_image),
		cmocka_unit_test(test_cng_ends),
		cmocka_unit_test(test_v8_and_v34),
	};

	log_set_level(LOGL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
