/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals towards the line that the peer does not end, or not as it should: each is ended, and what comes next is
 * heard. Each fails without its mend in t38/relay/mend_signal.c.
 */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "t38/spandsp_version.h"

#include "gateway/base/log.h"
#include "t38/relay/relay.h"
#include "t38/udptl/ifp.h"

#define BLOCK	      160
#define BLOCKS_A_S    50
#define SILENT_DBM0   (-60.0f)
#define MAX_FRAMES    16
#define IND(n)	      ((uint8_t)((n) << 1))
#define DATA(kind)    ((uint8_t)(0xc0 | (kind) << 1))
#define FIELD(type)   ((uint8_t)((type) << 4))
#define WITH(type, n) ((uint8_t)(0x80 | (type) << 4)), 0, ((uint8_t)((n)-1))

/* What is heard on the line. */
struct ear {
	fsk_rx_state_t *v21;
	hdlc_rx_state_t *hdlc;
	power_meter_t power;
	unsigned good, bad;
	uint8_t last[300];
	int last_len;
	int32_t level;
};

struct rig {
	struct relay *relay;
	struct ear ear;
	uint16_t seq;
};

static void on_hdlc(void *arg, const uint8_t *frame, int len, int ok)
{
	struct ear *e = arg;

	if (len < 0)
		return;
	if (!ok) {
		e->bad++;
		return;
	}
	e->good++;
	e->last_len = len;
	memcpy(e->last, frame, (size_t)len);
}

static void drop_ifp(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
}

static void rig_init_with(struct rig *g, unsigned max_rate)
{
	struct fax_params fax = {.t38 = true, .ecm = true, .max_rate = max_rate, .modems = FAX_MODEM_ALL};
	struct media_t38 peer = {.max_bit_rate = 14400};
	struct relay_handlers h = {drop_ifp, NULL, NULL};

	memset(g, 0, sizeof(*g));
	assert_int_equal(relay_alloc(&g->relay, &fax, &peer, "test", &h), 0);
	g->ear.hdlc = hdlc_rx_init(NULL, FALSE, TRUE, 5, on_hdlc, &g->ear);
	g->ear.v21 = fsk_rx_init(NULL, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC,
				 (put_bit_func_t)hdlc_rx_put_bit, g->ear.hdlc);
	power_meter_init(&g->ear.power, 7);
}

static void rig_init(struct rig *g, bool ecm)
{
	rig_init_with(g, 14400);
}

static void rig_fini(struct rig *g)
{
	relay_free(g->relay);
	fsk_rx_free(g->ear.v21);
	hdlc_rx_free(g->ear.hdlc);
}

/* Time passes; true if the line is silent at its end. */
static bool listen_to(struct rig *g, double seconds)
{
	int16_t block[BLOCK] = {0};
	unsigned n;

	for (n = 0; n < seconds * BLOCKS_A_S; n++) {
		memset(block, 0, sizeof(block));
		relay_rx(g->relay, block, BLOCK);
		relay_tx(g->relay, block, BLOCK);
		fsk_rx(g->ear.v21, block, BLOCK);
		for (unsigned i = 0; i < BLOCK; i++)
			g->ear.level = power_meter_update(&g->ear.power, block[i]);
	}
	return g->ear.level < power_meter_level_dbm0(SILENT_DBM0);
}

static void say(struct rig *g, const uint8_t *ifp, size_t len)
{
	relay_ifp(g->relay, ifp, len, g->seq++);
	assert_int_equal(relay_stats(g->relay).ifp_bad, 0);
}
#define SAY(g, ...) say(g, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void say_dcs(struct rig *g, bool ecm)
{
	SAY(g, IND(3));
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 7), 0xff, 0xc8, 0x41, 0x00, 0x84, 0x08, ecm ? 0x20 : 0x00);
	SAY(g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
	SAY(g, IND(0));
}

/* A frame of the peer's is heard on the line, whole. */
static void assert_heard(struct rig *g)
{
	static const uint8_t dcn[] = {0xff, 0x13, 0xfa};
	SAY(g, IND(3));
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x5f);
	SAY(g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
	SAY(g, IND(0));
	assert_true(listen_to(g, 5));
	assert_int_equal(g->ear.last_len, sizeof(dcn));
	assert_memory_equal(g->ear.last, dcn, sizeof(dcn));
}

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
		cmocka_unit_test(test_frame_after_dry_one_is_edited),
		cmocka_unit_test(test_frame_in_its_fcs),
		cmocka_unit_test(test_whole_ppr),
		cmocka_unit_test(test_lone_signal),
		cmocka_unit_test(test_frame_broken_off_by_image),
		cmocka_unit_test(test_cng_ends),
		cmocka_unit_test(test_v8_and_v34),
	};

	log_set_level(LOGL_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
