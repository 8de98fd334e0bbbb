/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * relay_wire: a whole fax through the relay in memory: a fax machine on a line, the relay, a fax machine on T.38; and
 * what may happen to it. For the unit tests of the relay; each includes it once.
 */
#ifndef UNIT_RELAY_WIRE_H
#define UNIT_RELAY_WIRE_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/log.h"
#include "t38/relay/relay.h"
#include "t38/udptl/ifp.h"
#include "tests/sim/machine.h"
#include "tests/sim/page.h"

#define UNUSED	     __attribute__((unused))
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
	bool rtn;	   /* the peer's first MCF becomes RTN */
	bool x_bit;	   /* the peer's responses have it */
	bool double_end;   /* each FCS-OK-sig-end is followed by an hdlc-sig-end */
	bool clicks;	   /* on the line, during pages */
	double noise_dbm0; /* on the line; 0: none */
	/* what was seen */
	unsigned frames[2], dis, dcs, ftt, cfr, mcf, ppr, dcn;
	unsigned first_rate, rate;
	uint32_t seed;
	unsigned copies;
	bool tcf, spoiling;
	bool local;		 /* the peer does method 1: it carries no TCF, and makes one for its machine... */
	bool local_all_the_same; /* ...but carries its own */
	unsigned tcf_carried;	 /* packets of it that the relay sent */
	unsigned tcf_made;	 /* that the peer made; in the midst of one: */
	bool making;
	unsigned hurt;	      /* TCFs to be hurt on the line */
	unsigned untrained;   /* TCFs that are not understood at all, from their training on */
	unsigned page_spoilt; /* blocks of the first page that are not, from its training on */
	bool cut;	      /* the carrier, 0.3 s after the beginning of what follows the first page, for 100 ms */
	bool garbled;	      /* the frame that follows the first page, after its preamble... */
	bool talked_over;     /* ...while the peer begins to speak */
	unsigned signals, loud, quiet; /* of the line's, since CFR; blocks of the last, since it */
	unsigned ctc, ctc_rate;
	unsigned bad_bursts; /* ECM bursts, to either side, of which a frame is to be broken */
	bool breaking;
	unsigned preambles, trainings, last_training;
	unsigned at; /* in the peer's frame */
	unsigned rtns;
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
		w->hurt -= w->hurt > 0;
		w->untrained -= w->untrained > 0;
		w->tcf = false;
		break;
	case 0x4c:
		w->rtns++;
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

/* As a gateway that makes the TCF for its machine: it begins with the training, and ends with it. */
static void make_tcf(struct wire *w, const struct ifp *f)
{
	static const uint8_t end[] = {0xc0 | IFP_DATA_V17_14400 << 1, 1, IFP_NON_ECM_SIG_END << 4};
	uint8_t zeros[305] = {0xc0 | IFP_DATA_V17_14400 << 1, 1, 0x80 | IFP_NON_ECM_DATA << 4, 300 >> 8, 300 & 255};

	zeros[4]--;
	if (f->kind >= 4 && !w->making) {
		for (unsigned i = 0; i < 9; i++)
			push(&w->to_peer, zeros, sizeof(zeros));
		w->making = true;
		w->tcf_made++;
	} else if (f->kind == 0 && w->making) {
		push(&w->to_peer, end, sizeof(end));
		w->making = false;
	}
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
	w->tcf_carried += w->tcf && !f.indicator && f.kind != IFP_DATA_V21;
	spoil(w, packet, len);
	break_frame(w, packet, len);
	if (w->local && w->making && f.indicator)
		make_tcf(w, &f);
	push(&w->to_peer, packet, len);
	if (w->local && w->tcf && w->line_calls && f.indicator)
		make_tcf(w, &f);
}

/* The FCF of a frame of the peer's, the first bit highest. */
static uint8_t edit_fcf(struct wire *w, uint8_t fcf)
{
	if (w->rtn && fcf == 0x31 && w->cfr) { /* MCF */
		w->rtn = false;
		return 0x32;
	}
	/* As of one that has received a DIS: in all but the first frames it sends itself. */
	return w->x_bit && w->dcs ? fcf | 0x80 : fcf;
}

static void edit_frames(struct wire *w, uint8_t *ifp, size_t len)
{
	struct ifp f;

	if (ifp_read(ifp, len, w->version, &f) || f.indicator || f.kind != IFP_DATA_V21)
		return;
	for (unsigned i = 0; i < f.nfields; i++) {
		for (size_t o = 0; o < f.field[i].len; o++, w->at++)
			if (w->at == 2)
				ifp[f.field[i].at + o] = edit_fcf(w, ifp[f.field[i].at + o]);
		if (f.field[i].type != IFP_HDLC_DATA)
			w->at = 0;
	}
}

static void from_peer(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	static const uint8_t sig_end[] = {0xc0, 1, IFP_HDLC_SIG_END << 4};
	struct wire *w = arg;
	uint8_t packet[400];
	struct ifp f;

	if (w->local && !w->local_all_the_same && w->tcf && !ifp_read(ifp, len, w->version, &f) && !f.indicator &&
	    f.kind != IFP_DATA_V21)
		return;
	memcpy(packet, ifp, len);
	edit_frames(w, packet, len);
	spoil(w, packet, len);
	break_frame(w, packet, len);
	push(&w->to_relay, packet, len);
	if (!w->double_end || ifp_read(ifp, len, w->version, &f) || f.indicator || f.kind != IFP_DATA_V21)
		return;
	if (f.nfields && f.field[f.nfields - 1].type == IFP_HDLC_FCS_OK_SIG_END)
		push(&w->to_relay, sig_end, sizeof(sig_end));
}

/* What a span allows by default. */
UNUSED static const struct fax_params standard = {
	.t38 = true, .ecm = true, .max_rate = 14400, .modems = FAX_MODEM_ALL, .fill_bit_removal = false};

UNUSED static void wire_init(struct wire *w, bool line_calls, const struct fax_params *fax, bool ecm, unsigned modems)
{
	struct media_t38 peer = {.version = w->version,
				 .max_bit_rate = 14400,
				 .max_datagram_octets = 400,
				 .rate_management = w->local ? T38_LOCAL_TCF : T38_TRANSFERRED_TCF};
	struct relay_handlers h = {.ifp = from_relay, .frame = on_frame, .arg = w};
	struct machine_params send = {.send_file = sent, .ident = "111", .ecm = ecm, .modems = modems};
	struct machine_params recv = {.receive_file = received, .ident = "222", .ecm = ecm, .modems = modems};

	send.caller = true;
	send.t38_version = recv.t38_version = w->version;
	w->line_calls = line_calls;
	unlink(received);
	assert_int_equal(relay_alloc(&w->relay, fax, &peer, "test", &h), 0);
	assert_int_equal(machine_alloc(&w->line, line_calls ? &send : &recv), 0);
	assert_int_equal(machine_t38_alloc(&w->peer, line_calls ? &recv : &send, from_peer, w), 0);
}

UNUSED static void wire_fini(struct wire *w)
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

/* Turns the phase about, at random. */
static void untrain(struct wire *w, int16_t *samples)
{
	for (unsigned i = 0; i < BLOCK; i += 10)
		for (unsigned k = 0; k < 10 && dice(w) < 0; k++)
			samples[i + k] = (int16_t)-samples[i + k];
}

/* What befalls the first page, and what follows it: between them are 75 ms of silence. */
static void worsen_page(struct wire *w, int16_t *samples)
{
	bool loud = false;

	for (unsigned i = 0; i < BLOCK; i++)
		loud = loud || abs(samples[i]) > 500;
	if (loud && w->quiet >= 2) {
		w->signals++;
		w->loud = 0;
	}
	w->quiet = loud ? 0 : w->quiet + 1;
	w->loud += loud;
	if (w->signals == 1 && w->loud <= w->page_spoilt)
		untrain(w, samples);
	if (w->cut && w->signals == 2 && w->loud > 15 && w->loud <= 20)
		memset(samples, 0, BLOCK * sizeof(*samples));
	if (w->garbled && w->signals == 2 && w->loud > 48)
		untrain(w, samples);
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
	if (w->hurt && w->tcf && samples[0]) /* the TCF, not the silence after it */
		memset(samples + 40, 0x22, 12 * sizeof(*samples));
	if (w->untrained && w->tcf)
		untrain(w, samples);
	if (w->cfr && (w->page_spoilt || w->cut || w->garbled))
		worsen_page(w, samples);
	if (w->clicks && !w->tcf && w->cfr && dice(w) < -0.5 + 1.0 / 50) /* every second or so */
		memset(samples + 40, 0x22, 12 * sizeof(*samples));
}

static void wire_block(struct wire *w)
{
	int16_t up[BLOCK], down[BLOCK];
	unsigned i;

	machine_tx(w->line, up, BLOCK);
	worsen_line(w, up);
	if (w->talked_over && w->garbled && w->signals == 2 && w->loud == 50) {
		relay_ifp(w->relay, &(uint8_t){IFP_IND_V21_PREAMBLE << 1}, 1, w->to_relay.seq++);
		w->talked_over = false;
	}
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
UNUSED static double wire_run(struct wire *w)
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

UNUSED static void check(struct wire *w, unsigned pages)
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

/* The modems, as machines that can no more choose them. */
UNUSED static const struct {
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

/* Runs TESTS with files of their own. */
#define wire_run_group(tests)                                                                                          \
	(wire_files(true), wire_result = cmocka_run_group_tests(tests, NULL, NULL), wire_files(false), wire_result)

static int wire_result;

static void wire_files(bool begin)
{
	if (begin) {
		log_set_level(LOGL_ERROR);
		snprintf(sent, sizeof(sent), "/tmp/test_relay.%d.sent.tif", (int)getpid());
		snprintf(received, sizeof(received), "/tmp/test_relay.%d.received.tif", (int)getpid());
		return;
	}
	unlink(sent);
	unlink(received);
}

#endif
