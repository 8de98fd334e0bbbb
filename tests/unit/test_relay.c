/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole faxes through the relay in memory: a fax machine on a line, the relay, a fax machine on T.38. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <spandsp.h>
#include <tiffio.h>

#include "gateway/base/log.h"
#include "t38/ifp.h"
#include "t38/relay.h"
#include "tests/sim/machine.h"
#include "tests/sim/page.h"
#include "tests/unit/fault.h"

#define BLOCK	     160
#define LIMIT_BLOCKS (50 * 600)
#define QUEUE	     256

struct queue {
	unsigned n;
	uint16_t seq;
	struct {
		size_t len;
		uint8_t ifp[400];
	} packet[QUEUE];
};

/* What a test may do to the call under way. */
struct wire {
	struct machine *line, *peer;
	struct relay *relay;
	struct queue to_peer, to_relay;
	bool line_calls;
	unsigned version;
	/* what happens to it */
	double gain;	   /* of the line to the relay; 0: 1 */
	unsigned spoil;	   /* TCFs to be spoilt on the way to the receiver */
	bool double_end;   /* each FCS-OK-sig-end is followed by an hdlc-sig-end */
	bool clicks;	   /* on the line, during pages */
	double noise_dbm0; /* on the line; 0: none */
	/* what was seen */
	unsigned frames[2], dis, dcs, ftt, cfr, mcf, ppr, dcn;
	unsigned first_rate, rate;
	uint8_t dis_at_line[32], dis_at_peer[32];
	uint32_t seed;
	unsigned copies;
	unsigned dcs_at_peer;
	bool tcf, spoiling;
	unsigned ctc, ctc_rate;
	unsigned bad_bursts; /* ECM bursts, to either side, of which a frame is to be broken */
	bool breaking;
	unsigned preambles, trainings, last_training;
};

static char sent[64], received[64];

static unsigned dcs_rate(const uint8_t *frame, size_t octets)
{
	static const unsigned rate[16] = {2400, 9600, 4800, 7200, 0, 0, 0, 0, 14400, 9600, 12000, 7200, 0, 0, 0, 0};

	return octets > 4 ? rate[frame[4] >> 2 & 15] : 0;
}

static void on_frame(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg)
{
	struct wire *w = arg;

	assert_true(octets >= 3 && frame[0] == 0xff);
	w->frames[d]++;
	switch (frame[2] & 0xfe) {
	case 0x80:
		w->dis++;
		break;
	case 0x82:
		w->dcs++;
		w->tcf = true;
		w->rate = dcs_rate(frame, octets);
		if (!w->first_rate)
			w->first_rate = w->rate;
		break;
	case 0x12:
		w->ctc++;
		w->ctc_rate = dcs_rate(frame, octets);
		break;
	case 0x44:
		w->ftt++;
		break;
	case 0x84:
		w->cfr++;
		w->tcf = false;
		break;
	case 0x8c:
		w->mcf++;
		break;
	case 0xbc:
		w->ppr++;
		break;
	case 0xfa:
		w->dcn++;
		break;
	}
}

static void push(struct queue *q, const uint8_t *ifp, size_t len)
{
	assert_true(q->n < QUEUE && len <= sizeof(q->packet[0].ifp));
	q->packet[q->n].len = len;
	memcpy(q->packet[q->n++].ifp, ifp, len);
}

/* Fails a training as a bad line would: the zeros of the TCF are no zeros any more. */
static void spoil(struct wire *w, uint8_t *ifp, size_t len)
{
	struct ifp f;

	if (ifp_read(ifp, len, w->version, &f))
		return;
	if (f.indicator && w->spoiling) {
		w->spoiling = false;
		w->spoil--;
	}
	if (f.indicator || !w->tcf || w->spoil == 0 || f.kind == IFP_DATA_V21 || f.nfields != 1)
		return;
	memset(ifp + f.field[0].at, 0xa5, f.field[0].len);
	w->spoiling = true;
}

/* Breaks one ECM frame of a burst: its FCS is said to be bad. */
static void break_frame(struct wire *w, uint8_t *ifp, size_t len)
{
	struct ifp f;

	if (w->bad_bursts == 0 || ifp_read(ifp, len, w->version, &f))
		return;
	if (f.indicator) {
		w->bad_bursts -= w->breaking;
		w->breaking = false;
		return;
	}
	if (f.kind == IFP_DATA_V21 || f.nfields != 1 || f.field[0].type != IFP_HDLC_FCS_OK || w->breaking)
		return;
	ifp[2] = IFP_HDLC_FCS_BAD << 4;
	w->breaking = true;
}

static void see_indicator(struct wire *w, unsigned indicator)
{
	w->preambles += indicator == 3;
	if (indicator < 4)
		return;
	w->trainings++;
	w->last_training = indicator;
}

static void from_relay(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
	struct wire *w = arg;
	uint8_t packet[400];
	struct ifp f;

	assert_true(len > 0 && len <= 72); /* the smallest T38FaxMaxDatagram in the wild, taken as an IFP's size */
	memcpy(packet, ifp, len);
	assert_null(ifp_read(ifp, len, w->version, &f));
	assert_int_equal(control, f.indicator || f.kind == IFP_DATA_V21);
	w->copies += copies;
	if (f.indicator)
		see_indicator(w, f.kind);
	spoil(w, packet, len);
	break_frame(w, packet, len);
	push(&w->to_peer, packet, len);
}

static void from_peer(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	static const uint8_t sig_end[] = {0xc0, 1, IFP_HDLC_SIG_END << 4};
	struct wire *w = arg;
	uint8_t packet[400];
	struct ifp f;

	memcpy(packet, ifp, len);
	spoil(w, packet, len);
	break_frame(w, packet, len);
	push(&w->to_relay, packet, len);
	if (!w->double_end || ifp_read(ifp, len, w->version, &f) || f.indicator || f.kind != IFP_DATA_V21)
		return;
	if (f.nfields && f.field[f.nfields - 1].type == IFP_HDLC_FCS_OK_SIG_END)
		push(&w->to_relay, sig_end, sizeof(sig_end));
}

static void see_dis(bool out, const uint8_t *frame, size_t octets, uint8_t *dis)
{
	if (!out && octets > 4 && octets <= 32 && frame[2] == 0x80)
		memcpy(dis, frame, octets);
}

static void at_line(bool out, const uint8_t *frame, size_t octets, void *arg)
{
	see_dis(out, frame, octets, ((struct wire *)arg)->dis_at_line);
}

static void at_peer(bool out, const uint8_t *frame, size_t octets, void *arg)
{
	see_dis(out, frame, octets, ((struct wire *)arg)->dis_at_peer);
}

static const struct fax_params standard = {
    .t38 = true, .ecm = true, .max_rate = 14400, .modems = FAX_MODEM_ALL, .fill_bit_removal = false};

static void wire_init(struct wire *w, bool line_calls, const struct fax_params *fax, bool ecm, unsigned modems)
{
	struct media_t38 peer = {.version = 0, .max_bit_rate = 14400, .max_datagram_octets = 400};
	struct relay_handlers h = {.ifp = from_relay, .frame = on_frame, .arg = w};
	struct machine_params send = {.send_file = sent, .ident = "111", .ecm = ecm, .modems = modems};
	struct machine_params recv = {.receive_file = received, .ident = "222", .ecm = ecm, .modems = modems};

	send.caller = true;
	w->line_calls = line_calls;
	unlink(received);
	assert_int_equal(relay_alloc(&w->relay, fax, &peer, "test", &h), 0);
	assert_int_equal(machine_alloc(&w->line, line_calls ? &send : &recv), 0);
	assert_int_equal(machine_t38_alloc(&w->peer, line_calls ? &recv : &send, from_peer, w), 0);
	machine_on_frame(w->line, at_line, w);
	machine_on_frame(w->peer, at_peer, w);
}

static void wire_fini(struct wire *w)
{
	relay_free(w->relay);
	machine_free(w->line);
	machine_free(w->peer);
}

static double dice(struct wire *w) /* -0.5 to 0.5 */
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return (w->seed >> 8) / 16777216.0 - 0.5;
}

static void worsen_line(struct wire *w, int16_t *samples)
{
	double noise = w->noise_dbm0 != 0 ? 23170 * pow(10, (w->noise_dbm0 - 3.14) / 20) : 0, n;
	unsigned i, k;

	for (i = 0; i < BLOCK; i++) {
		for (k = 0, n = 0; k < 12 && noise > 0; k++)
			n += dice(w);
		samples[i] = (int16_t)lrint(samples[i] * (w->gain != 0 ? w->gain : 1) + n * noise);
	}
	if (w->clicks && !w->tcf && w->cfr && dice(w) < -0.5 + 1.0 / 50) /* every second or so */
		memset(samples + 40, 0x22, 12 * sizeof(*samples));
}

static void wire_block(struct wire *w)
{
	int16_t up[BLOCK], down[BLOCK];
	unsigned i;

	machine_tx(w->line, up, BLOCK);
	worsen_line(w, up);
	relay_rx(w->relay, up, BLOCK);
	machine_t38_step(w->peer, BLOCK);
	for (i = 0; i < w->to_peer.n; i++)
		machine_t38_ifp(w->peer, w->to_peer.packet[i].ifp, w->to_peer.packet[i].len, w->to_peer.seq++);
	w->to_peer.n = 0;
	for (i = 0; i < w->to_relay.n; i++)
		relay_ifp(w->relay, w->to_relay.packet[i].ifp, w->to_relay.packet[i].len, w->to_relay.seq++);
	w->to_relay.n = 0;
	relay_tx(w->relay, down, BLOCK);
	machine_rx(w->line, down, BLOCK);
}

/* Runs the call out; returns how long it took, in seconds. */
static double wire_run(struct wire *w)
{
	struct machine_result line, peer;
	unsigned i;

	for (i = 0; i < LIMIT_BLOCKS; i++) {
		wire_block(w);
		machine_result(w->line, &line);
		machine_result(w->peer, &peer);
		if (line.done && peer.done)
			break;
	}
	return i / 50.0;
}

static void check(struct wire *w, unsigned pages)
{
	struct machine_result line, peer;
	struct page_report rep;
	bool same;

	machine_result(w->line, &line);
	machine_result(w->peer, &peer);
	same = page_compare(sent, received, &rep);
	if (!line.success || !peer.success || !same)
		print_error("line: %s; peer: %s; %s\n", line.text, peer.text, rep.text);
	assert_true(line.success && peer.success && same);
	assert_int_equal(rep.same, pages);
	assert_int_equal(w->mcf, pages);
	assert_true(w->dis > 0 && w->dcs > 0 && w->cfr > 0 && w->dcn > 0);
	assert_true(w->frames[T30_FROM_LINE] > 0 && w->frames[T30_FROM_PEER] > 0);
}

static const struct {
	const char *name;
	bool ecm;
	unsigned modems;
	enum page_kind kind;
	unsigned rate;
} plain[] = {
    {"V.17, ECM", true, FAX_MODEM_ALL, PAGE_TEXT, 14400},
    {"V.17", false, FAX_MODEM_ALL, PAGE_TEXT, 14400},
    {"V.29, ECM", true, FAX_MODEM_V27TER | FAX_MODEM_V29, PAGE_TEXT, 9600},
    {"V.29", false, FAX_MODEM_V27TER | FAX_MODEM_V29, PAGE_DITHER, 9600},
    {"V.27ter, ECM", true, FAX_MODEM_V27TER, PAGE_TEXT, 4800},
    {"V.27ter", false, FAX_MODEM_V27TER, PAGE_WHITE, 4800},
};

static void test_plain(void **state)
{
	size_t i;
	int line_calls;
	struct wire w;
	double took;

	assert_int_equal(page_make(sent, 3, 150, PAGE_TEXT, 5), 0);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		for (line_calls = 0; line_calls < 2; line_calls++) {
			memset(&w, 0, sizeof(w));
			assert_int_equal(page_make(sent, 3, 120, plain[i].kind, 5), 0);
			wire_init(&w, line_calls, &standard, plain[i].ecm, plain[i].modems);
			took = wire_run(&w);
			print_message("%s from the %s: %.1f s, %u bit/s, %u FTT\n", plain[i].name,
				      line_calls ? "line" : "peer", took, w.rate, w.ftt);
			check(&w, 3);
			assert_int_equal(w.rate, plain[i].rate);
			assert_int_equal(relay_stats(w.relay).rate, plain[i].rate);
			assert_int_equal(w.ftt, 0);
			assert_int_equal(relay_stats(w.relay).ifp_bad, 0);
			wire_fini(&w);
		}
	}
}

static const struct {
	unsigned max_rate, modems, first_rate, rate, ftt;
} rates[] = {
    {14400, FAX_MODEM_ALL, 14400, 14400, 0},
    {12000, FAX_MODEM_ALL, 14400, 12000, 1},
    {9600, FAX_MODEM_ALL, 9600, 9600, 0},
    {7200, FAX_MODEM_ALL, 9600, 7200, 1},
    {4800, FAX_MODEM_ALL, 4800, 4800, 0},
    {2400, FAX_MODEM_ALL, 2400, 2400, 0},
    {14400, FAX_MODEM_V27TER | FAX_MODEM_V29, 9600, 9600, 0},
    {14400, FAX_MODEM_V27TER, 4800, 4800, 0},
};

/* Two machines that can do everything are kept within what the span allows. */
static void test_limits(void **state)
{
	struct fax_params fax = standard;
	size_t i;
	int line_calls;
	struct wire w;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		for (line_calls = 0; line_calls < 2; line_calls++) {
			memset(&w, 0, sizeof(w));
			fax.max_rate = rates[i].max_rate;
			fax.modems = rates[i].modems;
			assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
			wire_init(&w, line_calls, &fax, true, FAX_MODEM_ALL);
			wire_run(&w);
			print_message("limit %u from the %s: DCS %u, then %u, %u FTT\n", rates[i].max_rate,
				      line_calls ? "line" : "peer", w.first_rate, w.rate, w.ftt);
			check(&w, 1);
			assert_int_equal(w.rate, rates[i].rate);
			assert_int_equal(w.first_rate, rates[i].first_rate);
			assert_int_equal(w.ftt, rates[i].ftt);
			wire_fini(&w);
		}
	}
}

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

static int ones(void *arg)
{
	return 1;
}

/* After FTT only DCS may follow: a signal that looks like a short training is none, and is not announced. */
static void test_ftt_ends_short_training(void **state)
{
	struct wire w = {.spoil = 1};
	int16_t up[BLOCK] = {0}, down[BLOCK];
	v17_tx_state_t *v17 = v17_tx_init(NULL, 14400, 0, ones, NULL);
	unsigned i;

	assert_non_null(v17);
	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	for (i = 0; i < LIMIT_BLOCKS && !w.ftt; i++)
		wire_block(&w);
	for (i = 0; i < 150; i++) { /* FTT goes out on the line, which is silent */
		relay_rx(w.relay, up, BLOCK);
		relay_tx(w.relay, down, BLOCK);
	}
	assert_int_equal(w.ftt, 1);
	assert_int_equal(w.trainings, 1);
	v17_tx_restart(v17, 14400, 0, 1);
	for (i = 0; i < 50; i++) {
		v17_tx(v17, up, BLOCK);
		relay_rx(w.relay, up, BLOCK);
		w.to_peer.n = 0;
	}
	assert_int_equal(w.trainings, 1);
	v17_tx_free(v17);
	wire_fini(&w);
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
		print_message("CTC from the %s: %u PPR, %u CTC to %u bit/s\n", line_calls ? "line" : "peer", w.ppr, w.ctc,
			      w.ctc_rate);
		check(&w, 1);
		assert_int_equal(w.ctc, 1);
		assert_int_equal(w.ppr, 4);
		if (line_calls)
			assert_int_equal(w.last_training, 15); /* V.17 14400, long */
		wire_fini(&w);
	}
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
				print_error("%s at %d dBm0 from the %s\n", plain[i].name, db - 14, line_calls ? "line" : "peer");
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

/* A caller that hangs up, packets that are nothing, and all the sizes a block may have. */
static void test_malformed(void **state)
{
	static const struct {
		const char *octets;
		size_t len;
	} bad[] = {
	    {"", 0},			 {"\x80", 1},	   {"\xc0", 1},	    {"\xc0\x01", 2},	{"\xc0\x01\x80\x00", 4},
	    {"\xc0\x01\x80\xff\xff\x00", 6}, {"\xc0\xff\x10", 3}, {"\x3f\xff", 2}, {"\xd4\x00", 2},	{"\xff\xff\xff\xff", 4},
	};
	struct wire w = {.line_calls = true};
	uint8_t big[2000] = {0xc0, 1, 0x80, 0x07, 0xcf - 5};
	int16_t samples[400] = {0};
	size_t i;

	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		relay_ifp(w.relay, (const uint8_t *)bad[i].octets, bad[i].len, (uint16_t)i);
		assert_int_equal(relay_stats(w.relay).ifp_bad, i + 1);
	}
	relay_ifp(w.relay, big, sizeof(big), 50);
	assert_int_equal(relay_stats(w.relay).ifp_bad, i + 1);
	assert_int_equal(relay_stats(w.relay).ifp_in, i + 1);
	for (i = 0; i <= 400; i += 37) {
		relay_rx(w.relay, samples, i);
		relay_tx(w.relay, samples, i);
	}
	wire_fini(&w);
}

static void test_no_signal(void **state)
{
	struct wire w = {.line_calls = true};
	int16_t silence[BLOCK] = {0};

	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	relay_send_no_signal(w.relay);
	relay_send_no_signal(w.relay);
	assert_int_equal(w.to_peer.n, 2);
	assert_int_equal(w.to_peer.packet[0].len, 1);
	assert_int_equal(w.to_peer.packet[0].ifp[0], 0);
	relay_rx(w.relay, silence, BLOCK);
	assert_int_equal(w.to_peer.n, 2);
	assert_int_equal(relay_stats(w.relay).ifp_out, 2);
	wire_fini(&w);
}

static int body(void *arg)
{
	static const struct media_t38 peer = {.max_bit_rate = 14400};
	struct relay_handlers h = {.ifp = from_relay, .arg = arg};
	struct relay *r = NULL;
	int err = relay_alloc(&r, &standard, &peer, "test", &h);

	relay_free(r);
	return err;
}

static void test_allocation(void **state)
{
	struct wire w = {0};

	relay_free(NULL);
	assert_int_equal(fault_run(body, &w, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_ftt),
	    cmocka_unit_test(test_ftt_ends_short_training),
	    cmocka_unit_test(test_dcs_in_mid_fax),
	    cmocka_unit_test(test_ctc),
	    cmocka_unit_test(test_second_sig_end),
	    cmocka_unit_test(test_faint_line),
	    cmocka_unit_test(test_noisy_line),
	    cmocka_unit_test(test_clicks),
	    cmocka_unit_test(test_malformed),
	    cmocka_unit_test(test_no_signal),
	    cmocka_unit_test(test_allocation),
	};
	int failed;

	log_set_level(LOGL_ERROR);
	snprintf(sent, sizeof(sent), "/tmp/test_relay.%d.sent.tif", (int)getpid());
	snprintf(received, sizeof(received), "/tmp/test_relay.%d.received.tif", (int)getpid());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(sent);
	unlink(received);
	return failed;
}
