/* SPDX-License-Identifier: GPL-2.0-only */
/* One test for each of spandsp's faults that the relay mends: each fails without its mend. */
#include "tests/unit/relay_wire.h"

#include "t38/spandsp_version.h"
#include <tiffio.h>

/* The far end fails a training: the sender begins again, one step slower, and nobody is confused. */
static void test_ftt(void **state)
{
	static const double gain_db[] = {0, -12, -24};
	unsigned fails, i;
	int line_calls;
	struct wire w;
	double took;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	for (i = 0; i < 18 + 6; i++) {
		fails = i / 6 + 1;
		line_calls = i % 2;
		memset(&w, 0, sizeof(w));
		wire_init(&w, line_calls, &standard, true, FAX_MODEM_ALL);
		w.gain = pow(10, gain_db[i / 2 % 3] / 20);
		w.noise_dbm0 = -60;
		w.spoil = fails;
		took = wire_run(&w);
		print_message("%u FTT, from the %s, %.0f dB: %.1f s, %u DCS, %u bit/s, %u trainings\n", w.ftt,
			      line_calls ? "line" : "peer", gain_db[i / 2 % 3], took, w.dcs, w.rate, w.trainings);
		check(&w, 1);
		assert_int_equal(w.ftt, fails);
		assert_int_equal(w.dcs, fails + 1);
		if (line_calls)
			assert_int_equal(w.trainings, fails + 2); /* each TCF, and the page */
		wire_fini(&w);
	}
}

/* The line spoils the training of the first TCFs: the peer has to hear of a bad one to say FTT. */
static void test_lost_tcf(void **state)
{
	struct wire w;
	double took;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	for (unsigned i = 0; i < 2 * sizeof(plain) / sizeof(plain[0]); i++) {
		memset(&w, 0, sizeof(w));
		w.version = i % 2 ? 3 : 0;
		wire_init(&w, true, &standard, plain[i / 2].ecm, plain[i / 2].modems);
		w.untrained = i / 2 / 2 < 2 ? 2 : 1; /* V.27ter has but one slower rate */
		took = wire_run(&w);
		print_message("%s, version %u: %u FTT, %.1f s, %u bit/s\n", plain[i / 2].name, w.version, w.ftt, took,
			      w.rate);
		check(&w, 1);
		assert_int_equal(w.ftt, i / 2 / 2 < 2 ? 2 : 1);
		assert_int_equal(w.dcs, w.ftt + 1);
		wire_fini(&w);
	}
}

/* The line spoils the training of a page, which takes longer than T2: the peer has to hear of the page to ask for it
 * again, or, without ECM, to refuse it. */
static void test_lost_page(void **state)
{
	struct wire w;
	double took;

	assert_int_equal(page_make(sent, 1, 900, PAGE_TEXT, 5), 0);
	for (unsigned i = 0; i < 2 * sizeof(plain) / sizeof(plain[0]); i++) {
		memset(&w, 0, sizeof(w));
		w.version = i % 2 ? 3 : 0;
		w.page_spoilt = 60;
		wire_init(&w, true, &standard, plain[i / 2].ecm, plain[i / 2].modems);
		took = wire_run(&w);
		print_message("%s, version %u: %u PPR, %u RTN, %u DIS, %u DCS, %u trainings, %.1f s\n",
			      plain[i / 2].name, w.version, w.ppr, w.rtns, w.dis, w.dcs, w.trainings, took);
		assert_int_equal(w.dis, 1);
		assert_int_equal(relay_stats(w.relay).line_pages_lost, 1);
		if (plain[i / 2].ecm)
			check(&w, 1);
		assert_int_equal(plain[i / 2].ecm ? w.ppr : w.rtns, 1);
		wire_fini(&w);
	}
}

/* The preamble of a PPS or EOP is cut: it is one signal all the same. */
static void test_cut_preamble(void **state)
{
	struct wire w;
	double took;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	for (unsigned i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		memset(&w, 0, sizeof(w));
		w.cut = true;
		wire_init(&w, true, &standard, plain[i].ecm, plain[i].modems);
		took = wire_run(&w);
		print_message("%s: %u DIS, %u preambles, %.1f s\n", plain[i].name, w.dis, w.preambles, took);
		check(&w, 1);
		assert_int_equal(w.dis, 1);
		wire_fini(&w);
	}
}

static int ones(void *arg)
{
	return 1;
}

/* After FTT and RTN only DCS may follow: a signal that looks like a short training is none, and is not announced. */
static void test_retraining_ends_short_training(void **state)
{
	for (unsigned rtn = 0; rtn < 2; rtn++) {
		struct wire w = {.spoil = !rtn, .rtn = rtn};
		int16_t up[BLOCK] = {0}, down[BLOCK];
		v17_tx_state_t *v17 = v17_tx_init(NULL, 14400, 0, ones, NULL);
		unsigned i;

		assert_non_null(v17);
		assert_int_equal(page_make(sent, 2, 60, PAGE_TEXT, 5), 0);
		wire_init(&w, true, &standard, !rtn, FAX_MODEM_ALL);
		for (i = 0; i < LIMIT_BLOCKS && !w.ftt && !w.rtns; i++)
			wire_block(&w);
		for (i = 0; i < 150; i++) { /* it goes out on the line, which is silent */
			relay_rx(w.relay, up, BLOCK);
			relay_tx(w.relay, down, BLOCK);
		}
		assert_int_equal(rtn ? w.rtns : w.ftt, 1);
		assert_int_equal(w.trainings, 1 + rtn);
		v17_tx_restart(v17, 14400, 0, 1);
		for (i = 0; i < 50; i++) {
			v17_tx(v17, up, BLOCK);
			relay_rx(w.relay, up, BLOCK);
			w.to_peer.n = 0;
		}
		assert_int_equal(w.trainings, 1 + rtn);
		v17_tx_free(v17);
		wire_fini(&w);
	}
}

/* A second page of another resolution: back to DCS and TCF in the middle of a fax. */
static void test_dcs_in_mid_fax(void **state)
{
	int line_calls, ecm;
	struct wire w;
	TIFF *t;

	for (ecm = 0; ecm < 2; ecm++) {
		for (line_calls = 0; line_calls < 2; line_calls++) {
			memset(&w, 0, sizeof(w));
			assert_int_equal(page_make(sent, 3, 60, PAGE_TEXT, 5), 0);
			t = TIFFOpen(sent, "r+");
			assert_non_null(t);
			assert_true(TIFFSetDirectory(t, 1));
			TIFFSetField(t, TIFFTAG_YRESOLUTION, 98.0);
			assert_true(TIFFRewriteDirectory(t));
			TIFFClose(t);
			wire_init(&w, line_calls, &standard, ecm, FAX_MODEM_ALL);
			wire_run(&w);
			print_message("DCS in mid-fax from the %s, ECM %d: %u DCS, %u FTT, %u bit/s\n",
				      line_calls ? "line" : "peer", ecm, w.dcs, w.ftt, w.rate);
			check(&w, 3);
			assert_int_equal(w.dcs, 3);
			assert_int_equal(w.ftt, 0);
			wire_fini(&w);
		}
	}
}

/* Four PPRs: the sender goes on with CTC, and trains long (T.30 5.3.6.1.7). */
static void test_ctc(void **state)
{
	int line_calls;
	struct wire w;

	for (line_calls = 0; line_calls < 2; line_calls++) {
		memset(&w, 0, sizeof(w));
		assert_int_equal(page_make(sent, 1, 200, PAGE_TEXT, 5), 0);
		wire_init(&w, line_calls, &standard, true, FAX_MODEM_ALL);
		w.bad_bursts = 4;
		wire_run(&w);
		print_message("CTC from the %s: %u PPR, %u CTC to %u bit/s\n", line_calls ? "line" : "peer", w.ppr,
			      w.ctc, w.ctc_rate);
		check(&w, 1);
		assert_int_equal(w.ctc, 1);
		assert_int_equal(w.ppr, 4);
		if (line_calls)
			assert_true(w.last_training > 8 && w.last_training % 2); /* V.17, long */
		wire_fini(&w);
	}
}

/* A receiver that has had a DIS says so in its responses: FTT, CFR, MCF; PPR and CTR. */
static void test_x_bit(void **state)
{
	struct wire w;
	double took;

	assert_int_equal(page_make(sent, 1, 200, PAGE_TEXT, 5), 0);
	for (unsigned i = 0; i < 4; i++) {
		memset(&w, 0, sizeof(w));
		wire_init(&w, true, &standard, i & 1, FAX_MODEM_ALL);
		w.x_bit = true;
		w.spoil = 1;
		w.bad_bursts = i == 3 ? 4 : 0;
		took = wire_run(&w);
		print_message("X bit, ECM %u: %.1f s, %u FTT, %u PPR, %u CTC\n", i & 1, took, w.ftt, w.ppr, w.ctc);
		check(&w, 1);
		assert_int_equal(w.ftt, 1);
		if (w.ctc)
			assert_int_equal(w.last_training & 1, 1); /* long */
		wire_fini(&w);
	}
}

/* RTN, too, is followed by DCS in V.21 and a TCF with long training. */
static void test_rtn(void **state)
{
	struct wire w;

	assert_int_equal(page_make(sent, 2, 200, PAGE_TEXT, 5), 0);
	for (unsigned i = 0; i < 4; i++) {
		memset(&w, 0, sizeof(w));
		wire_init(&w, true, &standard, false, FAX_MODEM_ALL);
		w.gain = pow(10, -6.0 * i / 20);
		w.rtn = true;
		wire_run(&w);
		print_message("RTN: %u DCS, %u FTT, %u trainings\n", w.dcs, w.ftt, w.trainings);
		assert_int_equal(w.dcs, 2);
		assert_int_equal(w.ftt, 0);
		assert_int_equal(w.mcf, 2);
		assert_int_equal(w.trainings, 5); /* two TCFs, the first page twice */
		assert_int_equal(w.dcn, 1);
		wire_fini(&w);
	}
}

/* Bits that are played to the relay in V.21, and what it tells the peer of them: each frame's octets, and whether it
 * was good. */
struct tape {
	unsigned nbits, at;
	uint8_t bits[4000];
	unsigned nframes, noctets;
	struct {
		unsigned octets;
		bool good;
	} frame[8];
};

static int play(void *arg)
{
	struct tape *t = arg;

	return t->at < t->nbits ? t->bits[t->at++] : SIG_STATUS_END_OF_DATA;
}

/* The first N bits of a preamble and FRAME; 0: all, and some flags. */
static void record(struct tape *t, unsigned flags, const uint8_t *frame, size_t octets, unsigned n)
{
	hdlc_tx_state_t *hdlc = hdlc_tx_init(NULL, FALSE, 2, FALSE, NULL, NULL);

	hdlc_tx_flags(hdlc, (int)flags);
	hdlc_tx_frame(hdlc, frame, octets);
	for (n = n ? n : (flags + (unsigned)octets + 6) * 8; n > 0; n--)
		t->bits[t->nbits++] = (uint8_t)hdlc_tx_get_bit(hdlc);
	hdlc_tx_free(hdlc);
}

static void take_frames(const uint8_t *packet, size_t len, bool control, unsigned copies, void *arg)
{
	struct tape *t = arg;
	struct ifp f;

	assert_null(ifp_read(packet, len, 0, &f));
	if (f.indicator) {
		assert_int_equal(t->noctets, 0);
		return;
	}
	assert_int_equal(f.nfields, 1);
	if (f.field[0].type == IFP_HDLC_DATA) {
		t->noctets += (unsigned)f.field[0].len;
	} else if (f.field[0].type == IFP_HDLC_FCS_OK || f.field[0].type == IFP_HDLC_FCS_BAD) {
		t->frame[t->nframes].octets = t->noctets;
		t->frame[t->nframes++].good = f.field[0].type == IFP_HDLC_FCS_OK;
		t->noctets = 0;
	}
}

/* A frame breaks off on the line: by an abort, or because the carrier ends. It is no part of the frame after it. */
static void test_cut_frame(void **state)
{
	static const uint8_t nsf[24] = {0xff, 0x03, 0x20, 1, 2, 3}, dis[] = {0xff, 0x13, 0x80, 0x00, 0x6e, 0xf8, 0x44};
	struct media_t38 peer = {.max_bit_rate = 14400};

	for (unsigned carrier = 0; carrier < 2; carrier++) {
		struct tape *t = calloc(1, sizeof(*t));
		struct relay_handlers h = {take_frames, NULL, t};
		fsk_tx_state_t *v21 = fsk_tx_init(NULL, &preset_fsk_specs[FSK_V21CH2], play, t);
		int16_t up[BLOCK];
		struct relay *r;
		int n;

		assert_int_equal(relay_alloc(&r, &standard, &peer, "test", &h), 0);
		record(t, 40, nsf, sizeof(nsf), (40 + 12) * 8);
		for (unsigned i = 0; i < 12 && !carrier; i++)
			t->bits[t->nbits++] = 1;
		if (!carrier)
			record(t, 2, dis, sizeof(dis), 0);
		for (unsigned i = 0; i < 250; i++) {
			n = fsk_tx(v21, up, BLOCK);
			memset(up + n, 0, (size_t)(BLOCK - n) * sizeof(*up));
			relay_rx(r, up, BLOCK);
		}
		assert_int_equal(t->nframes, carrier ? 1 : 2);
		assert_false(t->frame[0].good);
		assert_in_range(t->frame[0].octets, 6, 13);
		if (!carrier) {
			assert_true(t->frame[1].good);
			assert_int_equal(t->frame[1].octets, sizeof(dis));
		}
		relay_free(r);
		fsk_tx_free(v21);
		free(t);
	}
}

static int flags_and_dtc(void *arg)
{
	return hdlc_tx_get_bit(arg);
}

/* A machine that polls: no training follows its DTC. */
static void test_dtc(void **state)
{
	static const uint8_t dtc[] = {0xff, 0x13, 0x81, 0x00, 0x6e, 0xf8, 0xc4};
	struct wire w = {.line_calls = true};
	int16_t up[BLOCK], down[BLOCK];
	hdlc_tx_state_t *hdlc = hdlc_tx_init(NULL, FALSE, 2, FALSE, NULL, NULL);
	fsk_tx_state_t *v21 = fsk_tx_init(NULL, &preset_fsk_specs[FSK_V21CH2], flags_and_dtc, hdlc);
	int n;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	hdlc_tx_flags(hdlc, 40);
	hdlc_tx_frame(hdlc, dtc, sizeof(dtc));
	for (unsigned i = 0; i < 150; i++) {
		n = i < 68 ? fsk_tx(v21, up, BLOCK) : 0; /* 40 flags, 9 octets, and some flags */
		memset(up + n, 0, (size_t)(BLOCK - n) * sizeof(*up));
		relay_rx(w.relay, up, BLOCK);
		relay_tx(w.relay, down, BLOCK);
		w.to_peer.n = 0;
	}
	assert_int_equal(w.frames[T30_FROM_LINE], 1);
	assert_int_equal(w.preambles, 1);
	assert_int_equal(w.trainings, 0);
	fsk_tx_free(v21);
	hdlc_tx_free(hdlc);
	wire_fini(&w);
}

static void test_second_sig_end(void **state)
{
	int line_calls;
	struct wire w;
	double took[2];

	for (line_calls = 0; line_calls < 2; line_calls++) {
		memset(&w, 0, sizeof(w));
		assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
		wire_init(&w, line_calls, &standard, true, FAX_MODEM_ALL);
		w.double_end = true;
		took[line_calls] = wire_run(&w);
		check(&w, 1);
		wire_fini(&w);
	}
	print_message("with second ends: %.1f s and %.1f s\n", took[0], took[1]);
	assert_true(took[0] < 20 && took[1] < 20);
}

/* What a receiver must hear (T.30: -43 dBm0), and every phase of V.17's short training on the way there. */
static void test_faint_line(void **state)
{
	int db, line_calls;
	struct wire w;
	size_t i;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i += 2) {
		for (db = 0; db >= -28; db -= 2) {
			line_calls = db % 4 != 0 || i == 0;
			memset(&w, 0, sizeof(w));
			wire_init(&w, line_calls, &standard, true, plain[i].modems);
			w.gain = pow(10, db / 20.0);
			w.noise_dbm0 = -70;
			wire_run(&w);
			if (w.mcf != 1 || w.ppr || !w.dcn || w.trainings > 2)
				print_error("%s at %d dBm0 from the %s\n", plain[i].name, db - 14,
					    line_calls ? "line" : "peer");
			check(&w, 1);
			assert_int_equal(w.ppr, 0);
			assert_int_equal(w.rate, plain[i].rate);
			if (line_calls)
				assert_int_equal(w.trainings, 2); /* the TCF, and the page: V.21 is not taken for one */
			wire_fini(&w);
		}
	}
}

/* A carrier ends even where the line is never silent. */
static void test_noisy_line(void **state)
{
	size_t i;
	int line_calls;
	struct wire w;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i += 2) {
		for (line_calls = 0; line_calls < 2; line_calls++) {
			memset(&w, 0, sizeof(w));
			wire_init(&w, line_calls, &standard, true, plain[i].modems);
			w.noise_dbm0 = -42;
			wire_run(&w);
			check(&w, 1);
			wire_fini(&w);
		}
	}
}

/* Clicks break single ECM frames, not the rest of the page. */
static void test_clicks(void **state)
{
	struct wire w = {.clicks = true, .seed = 5};
	double took;

	assert_int_equal(page_make(sent, 1, 1145, PAGE_TEXT, 5), 0);
	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	took = wire_run(&w);
	print_message("clicks: %.1f s, %u PPR, %u CTC\n", took, w.ppr, w.ctc);
	check(&w, 1);
	assert_int_equal(w.ctc, 0);
	wire_fini(&w);
}

static void take_first(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg)
{
	uint8_t *copy = arg;

	assert_in_range(octets, 6, 32);
	memcpy(copy, frame, octets);
}

static void drop_ifp(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
}

/* NSF is cut off in the middle; the DIS after it comes through whole. (The first bit is the highest: 0xC0 is 0x03.) */
static void test_frame_after_nsf(void **state)
{
	static const uint8_t packets[][16] = {
		{1, 0x06},
		{9, 0xc0, 1, 0x80, 0, 3, 0xff, 0xc0, 0x04, 0xb5},
		{1, 0x00},
		{1, 0x06},
		{11, 0xc0, 1, 0x80, 0, 5, 0xff, 0xc8, 0x01, 0x00, 0x74, 0x80},
		{3, 0xc0, 1, 0x40},
	};
	static const uint8_t dis[] = {0xff, 0x13, 0x80, 0x00, 0x2e, 0x01};
	struct media_t38 peer = {.max_bit_rate = 14400};
	uint8_t copy[32] = {0};
	struct relay_handlers h = {drop_ifp, take_first, copy};
	struct relay *r;
	size_t i;

	assert_int_equal(relay_alloc(&r, &standard, &peer, "test", &h), 0);
	for (i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		relay_ifp(r, packets[i] + 1, packets[i][0], (uint16_t)i);
	assert_int_equal(relay_stats(r).ifp_bad, 0);
	assert_memory_equal(copy, dis, sizeof(dis));
	relay_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ftt),
		cmocka_unit_test(test_lost_tcf),
		cmocka_unit_test(test_lost_page),
		cmocka_unit_test(test_cut_preamble),
		cmocka_unit_test(test_retraining_ends_short_training),
		cmocka_unit_test(test_dcs_in_mid_fax),
		cmocka_unit_test(test_ctc),
		cmocka_unit_test(test_x_bit),
		cmocka_unit_test(test_rtn),
		cmocka_unit_test(test_cut_frame),
		cmocka_unit_test(test_dtc),
		cmocka_unit_test(test_second_sig_end),
		cmocka_unit_test(test_faint_line),
		cmocka_unit_test(test_noisy_line),
		cmocka_unit_test(test_clicks),
		cmocka_unit_test(test_frame_after_nsf),
	};

	return wire_run_group(tests);
}
