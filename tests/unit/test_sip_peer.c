/* SPDX-License-Identifier: GPL-2.0-only */
/* The test's SIP peer, and its UDPTL, against themselves. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/sim/net_sim.h"
#include "tests/sim/page.h"
#include "tests/sim/sip_peer.h"
#include "tests/sim/sip_text.h"
#include "tests/unit/fault.h"

#define BLOCK_US (20 * MS_US)

/* One peer that calls and one that is called. */
struct pair {
	struct net_sim *n;
	struct sip_peer *a, *b;
	struct addr at_a, at_b;
	int64_t now_us;
	char log[8000]; /* of A: what it sent and received */
	unsigned frames;
	unsigned damage; /* rule for all SIP */
};

static char dir[] = "/tmp/sip_peer_XXXXXX";
static char sent_file[64], received_file[64];

static void keep_log(bool sent, const char *line, void *arg)
{
	struct pair *w = arg;
	size_t at = strlen(w->log);

	snprintf(w->log + at, sizeof(w->log) - at, "%s %s\n", sent ? ">" : "<", strchr(line, ' ') + 1);
}

static void count_frame(unsigned id, int64_t now_ms, bool sent, const uint8_t *frame, size_t octets, void *arg)
{
	struct pair *w = arg;

	assert_int_equal(now_ms, w->now_us / MS_US);
	w->frames++;
}

static void pair_open(struct pair *w, const struct sip_peer_call_params *incoming)
{
	struct sip_peer_setup p = {.seed = 1};
	const struct net_sim_match sip = {.to_port_low = 5060, .to_port_high = 5060};

	memset(w, 0, sizeof(*w));
	w->now_us = SEC_US;
	assert_int_equal(net_sim_alloc(&w->n, 5), 0);
	net_sim_run(w->n, w->now_us);
	assert_int_equal(addr_parse(&w->at_a, "10.0.0.1:5060", 0), 0);
	assert_int_equal(addr_parse(&w->at_b, "10.0.0.2:5060", 0), 0);
	assert_int_equal(net_sim_add_rule(w->n, &sip, &(struct net_sim_damage){0}, &w->damage), 0);
	p.local = w->at_a;
	p.handlers = (struct sip_peer_handlers){.log = keep_log, .frame = count_frame, .arg = w};
	assert_int_equal(sip_peer_alloc(&w->a, &p, net_sim_net(w->n), NULL, w->now_us), 0);
	p = (struct sip_peer_setup){.local = w->at_b, .incoming = *incoming, .seed = 2};
	assert_int_equal(sip_peer_alloc(&w->b, &p, net_sim_net(w->n), NULL, w->now_us), 0);
}

static void pair_close(struct pair *w)
{
	assert_int_equal(sip_peer_active(w->a), 0);
	assert_int_equal(sip_peer_active(w->b), 0);
	sip_peer_free(w->a);
	sip_peer_free(w->b);
	assert_int_equal(net_sim_stats(w->n).sockets, 0);
	net_sim_free(w->n);
}

static void pair_run(struct pair *w, int64_t ms)
{
	int64_t end = w->now_us + ms * MS_US;

	while (w->now_us < end) {
		w->now_us += BLOCK_US;
		net_sim_run(w->n, w->now_us);
		sip_peer_run(w->a, w->now_us);
		sip_peer_run(w->b, w->now_us);
		sip_peer_step(w->a, 160);
		sip_peer_step(w->b, 160);
		net_sim_run(w->n, w->now_us);
	}
}

static void pair_run_out(struct pair *w, int64_t most_ms)
{
	for (; most_ms > 0 && (sip_peer_active(w->a) || sip_peer_active(w->b)); most_ms -= 100)
		pair_run(w, 100);
}

static unsigned call_b(struct pair *w, const struct sip_peer_call_params *params)
{
	unsigned id = 99;

	assert_int_equal(sip_peer_call(w->a, &w->at_b, params, &id), 0);
	return id;
}

static struct sip_peer_result result(const struct sip_peer *p, unsigned id)
{
	struct sip_peer_result r;

	sip_peer_result(p, id, &r);
	return r;
}

static void test_answer_and_hang_up(void **state)
{
	const struct sip_peer_call_params in = {.provisional = 180, .answer_ms = 1000, .hangup_ms = 2000};
	const struct sip_peer_call_params out = {.user = "77", .to = "100"};
	struct sip_peer_result a, b;
	struct pair w;

	pair_open(&w, &in);
	call_b(&w, &out);
	assert_int_equal(result(w.a, 0).state, PEER_CALLING);
	pair_run(&w, 500);
	assert_int_equal(result(w.a, 0).state, PEER_RINGING);
	assert_int_equal(result(w.a, 0).early_status, 180);
	pair_run(&w, 1000);
	assert_int_equal(result(w.a, 0).state, PEER_ANSWERED);
	assert_int_equal(result(w.b, 0).state, PEER_ANSWERED);
	pair_run_out(&w, 5000);
	a = result(w.a, 0);
	b = result(w.b, 0);
	assert_string_equal(b.called, "100");
	assert_string_equal(b.calling, "77");
	assert_true(b.incoming);
	assert_int_equal(a.status, 200);
	assert_true(a.ended_by_peer);
	assert_false(b.ended_by_peer);
	assert_in_range(b.over_us - b.answered_us, 2 * SEC_US, 2 * SEC_US + 50 * MS_US);
	assert_in_range(a.rtp_received, 95, 101);
	assert_string_equal(w.log, "> INVITE sip:100@10.0.0.2:5060 CSeq 1 INVITE audio\n"
				   "< 100 Trying CSeq 1 INVITE\n"
				   "< 180 Ringing CSeq 1 INVITE\n"
				   "< 200 OK CSeq 1 INVITE audio\n"
				   "> ACK sip:peer@10.0.0.2:5060 CSeq 1 ACK\n"
				   "< BYE sip:peer@10.0.0.1:5060 CSeq 1 BYE\n"
				   "> 200 OK CSeq 1 BYE\n");
	pair_close(&w);
}

static void test_refusals(void **state)
{
	struct sip_peer_call_params in = {
		.answer = PEER_REFUSES, .refuse_status = 603, .refuse_reason = "Q.850;cause=21", .answer_ms = 300};
	const struct sip_peer_call_params out = {.to = "100"};
	struct pair w;

	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run(&w, 40000);
	assert_int_equal(result(w.a, 0).status, 603);
	assert_int_equal(result(w.b, 0).status, 603);
	assert_non_null(strstr(w.log, "> ACK sip:100@10.0.0.2:5060 CSeq 1 ACK\n"));
	pair_close(&w);

	in = (struct sip_peer_call_params){.answer = PEER_IS_SILENT};
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run(&w, 31500);
	assert_int_equal(result(w.a, 0).state, PEER_CALLING);
	pair_run(&w, 1000);
	assert_int_equal(result(w.a, 0).status, 408);
	assert_int_equal(net_sim_rule_stats(w.n, w.damage).seen, 7); /* timer A: 0, .5, 1.5, 3.5, 7.5, 15.5, 31.5 s */
	pair_close(&w);
}

static void test_cancel(void **state)
{
	const struct sip_peer_call_params in = {.answer = PEER_RINGS, .provisional = 183, .early_sdp = true};
	const struct sip_peer_call_params out = {.to = "100", .cancel_ms = 700};
	struct pair w;

	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run(&w, 600);
	assert_true(result(w.a, 0).early_sdp);
	pair_run_out(&w, 3000);
	assert_int_equal(result(w.a, 0).status, 487);
	assert_int_equal(result(w.b, 0).status, 487);
	assert_true(result(w.b, 0).ended_by_peer);
	pair_run(&w, 1000);
	pair_close(&w);
}

static bool drop_acks(struct net_sim_datagram *d, void *arg)
{
	unsigned *left = arg;

	if (d->len < 4 || memcmp(d->data, "ACK ", 4) || !*left)
		return true;
	--*left;
	return false;
}

/* The 200 is repeated until its ACK arrives; if it never does the call is ended (RFC 3261 13.3.1.4). */
static void test_lost_ack(void **state)
{
	const struct sip_peer_call_params in = {0};
	const struct sip_peer_call_params out = {.to = "100", .hangup_ms = 40000};
	unsigned left = 2;
	struct pair w;

	pair_open(&w, &in);
	net_sim_tap(w.n, drop_acks, &left);
	call_b(&w, &out);
	pair_run(&w, 39000);
	assert_int_equal(left, 0);
	assert_int_equal(result(w.b, 0).state, PEER_ANSWERED);
	assert_int_equal(result(w.b, 0).unacked, 0);
	pair_run_out(&w, 3000);
	pair_close(&w);

	left = 1000;
	pair_open(&w, &in);
	net_sim_tap(w.n, drop_acks, &left);
	call_b(&w, &out);
	pair_run(&w, 34000);
	assert_int_equal(result(w.b, 0).unacked, 1);
	assert_true(result(w.a, 0).ended_by_peer);
	pair_close(&w);
}

/* The same over the kernel's sockets and the real clock. */
static void test_real_sockets(void **state)
{
	struct sip_peer_setup p = {.seed = 1, .incoming = {.answer_ms = 20, .hangup_ms = 60}};
	const struct sip_peer_call_params out = {.to = "100", .t38_after_ms = 10};
	struct sip_peer *a, *b;
	struct addr at_b;
	struct loop *l;
	unsigned id, i;

	assert_int_equal(loop_alloc(&l, &clock_monotonic), 0);
	addr_parse(&p.local, "127.0.0.1:0", 0);
	assert_int_equal(sip_peer_alloc(&a, &p, &net_kernel, l, loop_now_us(l)), 0);
	assert_int_equal(sip_peer_alloc(&b, &p, &net_kernel, l, loop_now_us(l)), 0);
	at_b = *sip_peer_local(b);
	assert_int_equal(sip_peer_call(a, &at_b, &out, &id), 0);
	for (i = 0; i < 2000 && (sip_peer_active(a) || sip_peer_active(b) || !i); i++) {
		loop_step(l, 5 * MS_US);
		sip_peer_run(a, loop_now_us(l));
		sip_peer_run(b, loop_now_us(l));
		sip_peer_step(a, 40);
		sip_peer_step(b, 40);
	}
	assert_int_equal(result(a, id).status, 200);
	assert_int_equal(result(a, id).reinvite_status, 200);
	assert_true(result(a, id).ended_by_peer);
	assert_true(result(b, 0).t38);
	sip_peer_free(a);
	sip_peer_free(b);
	loop_free(l);
}

/* Every message may be lost: what is repeated arrives in the end, and nothing hangs. */
static void test_lossy_signalling(void **state)
{
	const struct net_sim_damage lossy = {.loss = 0.3, .duplicate = 0.2, .jitter_us = 300000};
	const struct sip_peer_call_params in = {.answer_ms = 500, .provisional = 180};
	const struct sip_peer_call_params out = {.to = "100", .hangup_ms = 9000, .t38_after_ms = 1000};
	struct pair w;
	unsigned i, switched = 0;

	pair_open(&w, &in);
	net_sim_change_rule(w.n, w.damage, &lossy);
	for (i = 0; i < 20; i++) {
		call_b(&w, &out);
		pair_run(&w, 500);
	}
	pair_run_out(&w, 150000);
	for (i = 0; i < 20; i++) {
		assert_int_equal(result(w.a, i).status, 200);
		switched += result(w.a, i).reinvite_status == 200 && result(w.a, i).t38;
	}
	/* Not all: one whose ACK has not come yet refuses the re-INVITE with 500. */
	assert_in_range(switched, 15, 20);
	pair_run(&w, 40000);
	pair_close(&w);
}

static void test_t38_policies(void **state)
{
	const struct sip_peer_call_params out = {.to = "100", .t38_after_ms = 500, .hangup_ms = 3000};
	struct sip_peer_call_params in = {.t38 = PEER_T38_ACCEPTS};
	struct pair w;

	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run(&w, 2000);
	assert_true(result(w.a, 0).t38);
	assert_true(result(w.b, 0).t38);
	assert_int_equal(result(w.b, 0).reinvites_received, 1);
	assert_int_equal(result(w.b, 0).remote_t38.max_datagram_octets, 400);
	pair_run_out(&w, 5000);
	pair_close(&w);

	in.t38 = PEER_T38_REFUSES;
	in.t38_refuse_status = 606;
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run(&w, 2000);
	assert_int_equal(result(w.a, 0).reinvite_status, 606);
	assert_int_equal(result(w.a, 0).state, PEER_ANSWERED);
	pair_run_out(&w, 5000);
	assert_false(result(w.a, 0).t38);
	pair_close(&w);

	in.t38 = PEER_T38_PORT_ZERO;
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run_out(&w, 5000);
	assert_int_equal(result(w.a, 0).reinvite_status, 200);
	assert_false(result(w.a, 0).t38);
	assert_non_null(strstr(w.log, "< 200 OK CSeq 2 INVITE image=0\n"));
	pair_close(&w);

	in.t38 = PEER_T38_IS_SILENT;
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run_out(&w, 5000);
	assert_int_equal(result(w.a, 0).reinvite_status, 0);
	assert_int_equal(result(w.a, 0).status, 200);
	pair_close(&w);
}

static void test_offers(void **state)
{
	struct sip_peer_call_params in = {.hangup_ms = 500};
	struct sip_peer_call_params out = {.to = "100", .offer = PEER_OFFERS_BOTH};
	struct pair w;

	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run_out(&w, 3000);
	assert_non_null(strstr(w.log, "200 OK CSeq 1 INVITE audio image=0"));
	pair_close(&w);

	in.take_image_of_both = true;
	in.same_port = true;
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run_out(&w, 3000);
	assert_non_null(strstr(w.log, "200 OK CSeq 1 INVITE audio=0 image"));
	assert_true(result(w.a, 0).t38);
	pair_close(&w);

	out.offer = PEER_OFFERS_NONE;
	out.codec = CODEC_PCMU;
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run_out(&w, 3000);
	assert_non_null(strstr(w.log, "< 200 OK CSeq 1 INVITE audio\n> ACK sip:peer@10.0.0.2:5060 CSeq 1 ACK audio\n"));
	assert_in_range(result(w.a, 0).rtp_received, 20, 27);
	assert_in_range(result(w.b, 0).rtp_received, 20, 27);
	pair_close(&w);

	out = (struct sip_peer_call_params){.to = "100", .reinvite_two_lines = true, .t38_after_ms = 200};
	pair_open(&w, &in);
	call_b(&w, &out);
	pair_run_out(&w, 3000);
	assert_non_null(strstr(w.log, "> INVITE sip:peer@10.0.0.2:5060 CSeq 2 INVITE audio=0 image\n"));
	assert_non_null(strstr(w.log, "< 200 OK CSeq 2 INVITE audio=0 image\n"));
	pair_close(&w);
}

/* Both ask at the same moment: 491 to both, and each asks again in its time. */
static void test_glare(void **state)
{
	const struct sip_peer_call_params in = {.t38_after_ms = 500};
	const struct sip_peer_call_params out = {.to = "100", .t38_after_ms = 500, .hangup_ms = 9000};
	const struct net_sim_damage slow = {.delay_us = 50000};
	struct pair w;

	pair_open(&w, &in);
	net_sim_change_rule(w.n, w.damage, &slow);
	call_b(&w, &out);
	pair_run(&w, 8000);
	assert_true(result(w.a, 0).t38);
	assert_true(result(w.b, 0).t38);
	assert_non_null(strstr(w.log, "> 491"));
	assert_non_null(strstr(w.log, "< 491"));
	pair_run_out(&w, 9000);
	pair_close(&w);
}

static void test_requests_out_of_place(void **state)
{
	static const char bye[] = "BYE sip:x@10.0.0.2 SIP/2.0\r\nv: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx\r\n"
				  "f: <sip:a@10.0.0.1>;tag=q\r\nt: <sip:x@10.0.0.2>;tag=zz\r\ni: nobody\r\n"
				  "CSeq: 9 BYE\r\nl: 0\r\n\r\n";
	const struct sip_peer_call_params in = {0};
	struct addr x;
	struct udp *u;
	struct pair w;
	char text[1000];
	ssize_t n;

	pair_open(&w, &in);
	assert_int_equal(sip_peer_options(w.a, &w.at_b), 0);
	pair_run(&w, 100);
	assert_non_null(strstr(w.log, "< 200 OK CSeq 1 OPTIONS"));
	addr_parse(&x, "10.0.0.3:5060", 0);
	assert_int_equal(udp_open(net_sim_net(w.n), &x, &u), 0);
	udp_send(u, &w.at_b, "\r\n\r\n", 4);
	udp_send(u, &w.at_b, "SIP/2.0", 7);
	udp_send(u, &w.at_b, "", 0);
	udp_send(u, &w.at_b, bye, sizeof(bye) - 1);
	pair_run(&w, 100);
	n = udp_recv(u, text, sizeof(text) - 1, NULL);
	assert_true(n > 0);
	text[n] = '\0';
	assert_non_null(strstr(text, "SIP/2.0 481 "));
	assert_int_equal(udp_recv(u, text, sizeof(text), NULL), -EAGAIN);
	udp_close(u);
	pair_close(&w);
}

/* Faxes */

static void check_fax(struct pair *w, unsigned pages, bool t38)
{
	struct sip_peer_result a = result(w->a, 0), b = result(w->b, 0);
	struct page_report report;

	if (!a.fax.success || !b.fax.success)
		fail_msg("caller: %s; called: %s\n%s", a.fax.text, b.fax.text, w->log);
	assert_int_equal(a.fax.pages_sent, pages);
	assert_int_equal(b.fax.pages_received, pages);
	assert_int_equal(a.t38, t38);
	assert_int_equal(b.t38, t38);
	assert_true(w->frames > 4);
	if (!page_compare(sent_file, received_file, &report))
		fail_msg("%s", report.text);
	assert_int_equal(report.received, pages);
}

static void fax(unsigned pages, struct sip_peer_call_params *out, struct sip_peer_call_params *in,
		const struct net_sim_damage *damage, struct sip_peer_result r[2])
{
	const struct machine_params sender = {.caller = true, .send_file = sent_file, .ident = "1", .ecm = true};
	const struct machine_params receiver = {.receive_file = received_file, .ident = "2", .ecm = true};
	const struct net_sim_match media = {.to_port_low = 40000, .to_port_high = 65535};
	struct pair w;

	unlink(received_file);
	assert_int_equal(page_make(sent_file, pages, 200, PAGE_TEXT, 3), 0);
	out->to = "100";
	out->fax = &sender;
	out->hangup_done_ms = 200;
	in->fax = &receiver;
	pair_open(&w, in);
	if (damage)
		assert_int_equal(net_sim_add_rule(w.n, &media, damage, NULL), 0);
	call_b(&w, out);
	pair_run_out(&w, 400000);
	check_fax(&w, pages, out->offer == PEER_OFFERS_IMAGE || in->t38_after_ms || out->t38_after_ms);
	r[0] = result(w.a, 0);
	r[1] = result(w.b, 0);
	pair_run(&w, 1000);
	pair_close(&w);
}

static void test_fax_direct_t38(void **state)
{
	struct sip_peer_call_params in = {.error_correction = UDPTL_SIM_REDUNDANCY};
	struct sip_peer_call_params out = {.offer = PEER_OFFERS_IMAGE, .error_correction = UDPTL_SIM_REDUNDANCY};
	struct sip_peer_result r[2];

	fax(3, &out, &in, NULL, r);
	assert_int_equal(r[0].udptl.lost + r[1].udptl.lost, 0);
	assert_int_equal(r[1].fax.rate, 14400);
}

static void test_fax_reinvite(void **state)
{
	struct sip_peer_call_params in = {.t38_after_ms = 1500};
	struct sip_peer_call_params out = {.provisional = 0};
	struct sip_peer_result r[2];

	fax(1, &out, &in, NULL, r);
	assert_int_equal(r[0].reinvites_received, 1);
	assert_int_equal(r[1].udptl.recovered, 0);
}

static void test_fax_lossy(void **state)
{
	const struct net_sim_damage lossy = {.loss = 0.03};
	struct sip_peer_call_params in = {.error_correction = UDPTL_SIM_REDUNDANCY, .t38_after_ms = 1000};
	struct sip_peer_call_params out = {.error_correction = UDPTL_SIM_REDUNDANCY};
	struct sip_peer_result r[2];

	fax(1, &out, &in, &lossy, r);
	assert_true(r[1].udptl.recovered > 0);
}

static void test_fax_audio(void **state)
{
	const struct net_sim_damage jitter = {.delay_us = 10000, .jitter_us = 35000};
	struct sip_peer_call_params in = {.codec = CODEC_PCMU};
	struct sip_peer_call_params out = {.codec = CODEC_PCMA};
	struct sip_peer_result r[2];

	fax(1, &out, &in, &jitter, r);
	assert_int_equal(r[0].rtp_late + r[1].rtp_late, 0);
	out.codec = CODEC_PCMU;
	fax(1, &out, &in, NULL, r);
}

static void test_fax_back_to_audio(void **state)
{
	struct sip_peer_call_params in = {
		.t38_after_ms = 1500,
		.audio_after_done_ms = 100,
	};
	struct sip_peer_call_params out = {.provisional = 0};
	struct sip_peer_result r[2];

	fax(1, &out, &in, NULL, r);
	assert_int_equal(r[0].reinvites_received, 2);
	assert_int_equal(r[1].reinvite_status, 200);
}

/* UDPTL by itself */

struct ear {
	unsigned count;
	uint16_t last;
	bool good;
};

static void hear(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	struct ear *e = arg;
	size_t want = 3 + seq % 40;

	e->good &= !e->count || (int16_t)(seq - e->last) > 0;
	/* What FEC mended may have zeros behind it. */
	e->good &= len >= want;
	for (size_t i = 0; i < want && i < len; i++)
		e->good &= ifp[i] == (uint8_t)(seq + i + 1);
	e->count++;
	e->last = seq;
}

/* Sends 400 packets, those of the pattern (bit N: packet N of 16) lost; returns how many were heard. */
static unsigned udptl_run(enum udptl_sim_kind kind, unsigned depth, unsigned pattern, struct udptl_sim_stats *sp)
{
	struct ear e = {.good = true};
	static struct udptl_sim tx, rx;
	uint8_t ifp[64], out[UDPTL_SIM_OCTETS + 64];

	udptl_sim_init(&tx, NULL, NULL);
	udptl_sim_init(&rx, hear, &e);
	tx.kind = kind;
	tx.depth = depth;
	tx.tx_seq = 65400; /* it wraps */
	for (unsigned n = 0; n < 400; n++) {
		size_t len = 3 + tx.tx_seq % 40, octets;

		for (size_t i = 0; i < len; i++)
			ifp[i] = (uint8_t)(tx.tx_seq + i + 1);
		octets = udptl_sim_send(&tx, ifp, len, out);
		assert_true(octets > len);
		if (!(pattern >> n % 16 & 1))
			assert_true(udptl_sim_receive(&rx, out, octets));
	}
	assert_true(e.good);
	*sp = rx.stats;
	return e.count;
}

static void test_udptl(void **state)
{
	struct udptl_sim_stats s;

	assert_int_equal(udptl_run(UDPTL_SIM_NONE, 0, 0, &s), 400);
	assert_int_equal(udptl_run(UDPTL_SIM_NONE, 0, 0x10, &s), 375);
	assert_int_equal(s.lost, 25);
	assert_int_equal(udptl_run(UDPTL_SIM_REDUNDANCY, 3, 0x0070, &s), 400);
	assert_int_equal(s.recovered, 75);
	assert_int_equal(udptl_run(UDPTL_SIM_REDUNDANCY, 3, 0x00f0, &s), 375);
	assert_int_equal(s.lost, 25);
	/* FEC: three entries mend three in a row, and one entry no two of its own. */
	assert_int_equal(udptl_run(UDPTL_SIM_FEC, 3, 0x8000, &s), 399); /* the last of all */
	assert_int_equal(s.recovered, 24);
	assert_int_equal(udptl_run(UDPTL_SIM_FEC, 3, 0x7000, &s), 400);
	assert_int_equal(s.recovered, 75);
	udptl_run(UDPTL_SIM_FEC, 3, 0x7800, &s);
	assert_true(s.lost > 0);
}

static void test_udptl_bad(void **state)
{
	static const struct {
		uint8_t p[12];
		size_t len;
	} bad[] = {
		{{0, 1}, 2},
		{{0, 1, 5, 1, 2}, 5},			   /* cut in the primary */
		{{0, 1, 1, 9}, 4},			   /* nothing about error recovery */
		{{0, 1, 1, 9, 0}, 5},			   /* no count */
		{{0, 1, 1, 9, 0, 1}, 6},		   /* no entry */
		{{0, 1, 1, 9, 0, 1, 9, 9}, 8},		   /* cut in the entry */
		{{0, 1, 1, 9, 0x80, 1, 3}, 7},		   /* cut in FEC */
		{{0, 1, 1, 9, 0x80, 2, 3, 3, 1, 1}, 10},   /* length of the span */
		{{0, 1, 1, 9, 0x80, 1, 200, 1, 1, 1}, 10}, /* absurd span */
		{{0, 1, 0xc1, 9, 0, 0}, 6},		   /* a fragment */
	};
	static struct udptl_sim u;
	uint8_t long_ifp[UDPTL_SIM_IFP_OCTETS + 1] = {0}, out[UDPTL_SIM_OCTETS + 64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t *exact = malloc(bad[i].len);

		udptl_sim_init(&u, NULL, NULL);
		memcpy(exact, bad[i].p, bad[i].len);
		if (udptl_sim_receive(&u, exact, bad[i].len))
			fail_msg("bad[%zu] was taken", i);
		assert_int_equal(u.stats.bad, 1);
		free(exact);
	}
	udptl_sim_init(&u, NULL, NULL);
	assert_int_equal(udptl_sim_send(&u, long_ifp, sizeof(long_ifp), out), 0);
}

static void test_text(void **state)
{
	static const char folded[] = "SIP/2.0 200 All is well\r\nv: SIP/2.0/UDP h\r\n ;branch=1;rport\r\n"
				     "From: \"a;tag=no\" <sip:u;x=1@h;lr>;tag=yes\r\nCSeq:  7   INVITE\r\n\r\nbody";
	static struct sip_text t;
	char out[64];

	assert_true(sip_text_read(&t, folded, sizeof(folded) - 1));
	assert_int_equal(t.status, 200);
	assert_string_equal(t.reason, "All is well");
	assert_true(sip_text_param(sip_text_header(&t, "Via"), "branch", out, sizeof(out)));
	assert_string_equal(out, "1");
	assert_true(sip_text_param(sip_text_header(&t, "Via"), "rport", out, sizeof(out)));
	assert_string_equal(out, "");
	assert_false(sip_text_param(sip_text_header(&t, "Via"), "port", out, sizeof(out)));
	assert_true(sip_text_param(sip_text_header(&t, "From"), "tag", out, sizeof(out)));
	assert_string_equal(out, "yes");
	assert_int_equal(sip_text_cseq(&t, out), 7);
	assert_string_equal(out, "INVITE");
	sip_text_uri(sip_text_header(&t, "From"), out, sizeof(out));
	assert_string_equal(out, "sip:u;x=1@h;lr");
	assert_string_equal(t.body, "body");
	assert_string_equal(sip_text_header(&t, "Contact"), "");
	assert_false(sip_text_read(&t, "INVITE sip:x SIP/3.0\r\n\r\n", 24));
	assert_false(sip_text_read(&t, "INVITE\r\n\r\n", 10));
	assert_false(sip_text_read(&t, "SIP/2.0 99 x\r\n\r\n", 16));
	assert_false(sip_text_read(&t, "INVITE sip:x SIP/2.0\r\nno colon\r\n\r\n", 34));
}

static int alloc_peer(void *arg)
{
	struct sip_peer_setup p = {.seed = 1};
	struct sip_peer_call_params out = {.to = "1"};
	struct net_sim *n = NULL;
	struct sip_peer *peer = NULL;
	unsigned id;
	int err = net_sim_alloc(&n, 1);

	addr_parse(&p.local, "10.0.0.1:5060", 0);
	if (!err)
		err = sip_peer_alloc(&peer, &p, net_sim_net(n), NULL, 0);
	if (!err)
		err = sip_peer_call(peer, &p.local, &out, &id);
	sip_peer_free(peer);
	net_sim_free(n);
	return err;
}

static void test_no_memory(void **state)
{
	fault_run(alloc_peer, NULL, 1); /* a datagram that cannot be sent is as good as lost */
}

static int set_up(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	snprintf(sent_file, sizeof(sent_file), "%s/sent.tif", dir);
	snprintf(received_file, sizeof(received_file), "%s/received.tif", dir);
	return 0;
}

static int tear_down(void **state)
{
	unlink(sent_file);
	unlink(received_file);
	rmdir(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_udptl),
		cmocka_unit_test(test_udptl_bad),
		cmocka_unit_test(test_answer_and_hang_up),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_lost_ack),
		cmocka_unit_test(test_real_sockets),
		cmocka_unit_test(test_lossy_signalling),
		cmocka_unit_test(test_t38_policies),
		cmocka_unit_test(test_offers),
		cmocka_unit_test(test_glare),
		cmocka_unit_test(test_requests_out_of_place),
		cmocka_unit_test(test_fax_direct_t38),
		cmocka_unit_test(test_fax_reinvite),
		cmocka_unit_test(test_fax_lossy),
		cmocka_unit_test(test_fax_audio),
		cmocka_unit_test(test_fax_back_to_audio),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("sip_peer", tests, set_up, tear_down);
}
