/* SPDX-License-Identifier: GPL-2.0-only */
/* Faxes over bad networks: loss, reordering, duplicates; NAT; strangers. And the same seed gives the same run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"

#define FEC_FAX	 "error_correction = fec\n"
#define FEC_PEER "t38_ec = fec\n"

/*
 * Each is run both ways with several seeds. The peer is of the common sort: it does not wait for packets that are
 * late, so that more is asked of us (IN) than of it (OUT), whom our redundancy must help.
 */
static const struct net_case {
	const char *name;
	unsigned seeds;
	bool fec, no_ecm;
	struct net_sim_damage out, in;
} cases[] = {
	{"5 % loss", 6, false, false, {.loss = 0.05}, {.loss = 0.05}},
	{"5 % loss, no ECM", 4, false, true, {.loss = 0.05}, {.loss = 0.05}},
	{"10 % loss", 6, false, false, {.loss = 0.10}, {.loss = 0.10}},
	{"20 % loss", 4, false, false, {.loss = 0.20}, {.loss = 0.20}},
	{"5 % loss, FEC", 4, true, false, {.loss = 0.05}, {.loss = 0.05}},
	{"jitter of 100 ms, reordered", 6, false, false, {.jitter_us = 50000}, {.jitter_us = 100000}},
	{"jitter of 200 ms, reordered", 6, false, false, {.jitter_us = 50000}, {.jitter_us = 200000}},
	{"jitter of 100 ms, reordered, no ECM", 4, false, true, {.jitter_us = 25000}, {.jitter_us = 100000}},
	{"jitter of 300 ms, reordered, FEC", 4, true, false, {.jitter_us = 300000}, {.jitter_us = 300000}},
	{"a third is doubled",
	 3,
	 false,
	 false,
	 {.duplicate = 0.33, .jitter_us = 40000},
	 {.duplicate = 0.33, .jitter_us = 40000}},
	{"a third is doubled, FEC",
	 3,
	 true,
	 false,
	 {.duplicate = 0.33, .jitter_us = 10000},
	 {.duplicate = 0.33, .jitter_us = 40000}},
	{"bursts of two or three",
	 4,
	 false,
	 false,
	 {.burst_begin = 0.01, .burst_end = 0.7, .burst_loss = 1.0},
	 {.burst_begin = 0.01, .burst_end = 0.7, .burst_loss = 1.0}},
	{"all of it",
	 4,
	 false,
	 false,
	 {.loss = 0.05, .jitter_us = 30000},
	 {.loss = 0.05, .duplicate = 0.05, .delay_us = 30000, .jitter_us = 60000}},
	{"300 ms of delay", 2, false, false, {.delay_us = 300000}, {.delay_us = 300000}},
	{"500 ms of delay", 2, false, false, {.delay_us = 500000}, {.delay_us = 500000}},
};

static struct fax_case fax_through(const struct net_case *n, bool from_line, uint64_t seed)
{
	struct fax_case c = {
		.name = n->name,
		.from_line = from_line,
		.no_ecm = n->no_ecm,
		.lab = {.seed = seed, .peer = {.hangup_done_ms = from_line ? 0 : 300}},
		.damage = n->out,
		.damage_in = &n->in,
	};

	if (n->fec) {
		c.lab.fax_text = FEC_FAX;
		c.lab.peer_text = FEC_PEER;
		c.lab.peer.error_correction = UDPTL_SIM_FEC;
	}
	return c;
}

static void test_network(void **state)
{
	const struct net_case *n = &cases[(size_t)*state];
	unsigned recovered = 0, doubled = 0;

	for (unsigned i = 0; i < 2 * n->seeds; i++) {
		struct fax_case c = fax_through(n, i & 1, 100 + i);
		struct fax_outcome o;
		char name[80];

		snprintf(name, sizeof(name), "%s, %s the line, seed %u", n->name, i & 1 ? "from" : "to", 100 + i);
		c.name = name;
		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38");
		if (n->in.loss > 0)
			assert_true(o.net.lost > 10);
		assert_true(o.ended);
		doubled += (unsigned)o.net.duplicated;
		recovered += !strstr(o.end, "recovered=0 ");
	}
	if (n->in.duplicate > 0)
		assert_true(doubled > 10 * n->seeds);
	if (n->in.loss > 0 && !recovered)
		fail_msg("%s: no END line tells of recovered packets", n->name);
}

/*
 * The end of a page gives many packets at once (the last frame's FCS, RCP three times), and these overtake each other.
 * A plain peer waits for none: nothing is to be sent again all the same.
 */
static void test_sent_at_once(void **state)
{
	for (unsigned i = 0; i < 6; i++) {
		struct fax_case c = {
			.name = "15 ms of reordering, redundancy 1",
			.from_line = true,
			.lab = {.seed = 300 + i, .fax_text = "redundancy_image = 1\nredundancy_most = 0\n"},
			.damage = {.delay_us = 20000, .jitter_us = 15000}};
		struct fax_outcome o;

		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, " resent=0 ");
	}
}

/* Our answer to the peer's re-INVITE is lost twice: the re-INVITE comes again meanwhile, and is no other one. */
static bool lose_answers(struct net_sim_datagram *d, void *arg)
{
	unsigned *lost = arg;
	static const char cseq[] = "CSeq: 2 INVITE";
	bool answer = d->len > 8 && !memcmp(d->data, "SIP/2.0 ", 8) && memmem(d->data, d->len, cseq, sizeof(cseq) - 1);

	if (addr_port(&d->from) != 5060 || !answer)
		return true;
	return ++*lost > 3; /* 100 and 200; 200 again, and for the INVITE that comes again */
}

static void lose_begin(struct lab *l, void *arg)
{
	lab_tap(l, lose_answers, arg);
}

static void test_answer_lost(void **state)
{
	unsigned lost = 0;
	struct fax_case c = {
		.name = "the answer to a re-INVITE is lost",
		.on_begin = lose_begin,
		.arg = &lost,
		.lab = {.fax_text = "t38_start = wait\n", .peer = {.t38_after_ms = 1000, .hangup_done_ms = 300}}};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	assert_true(lost > 3);
	assert_int_equal(o.peer.reinvite_status, 200);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38");
}

/* A peer that sends redundancy and FEC in turn, whichever was agreed. */
static void test_mixed(void **state)
{
	for (unsigned i = 0; i < 8; i++) {
		const struct net_case n = {
			"redundancy and FEC mixed, 8 % loss", 1, i & 1, i & 2, {.loss = 0.05}, {.loss = 0.08}};
		struct fax_case c = fax_through(&n, i & 4, 200 + i);
		struct fax_outcome o;

		c.lab.peer.mixed = true;
		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38");
		assert_true(o.net.lost > 10 && !strstr(o.end, "recovered=0 "));
	}
}

/* ---- SIP that is lost: it is sent again (RFC 3261 17), and the fax passes all the same ---- */

static void test_sip_loss(void **state)
{
	for (unsigned i = 0; i < 8; i++) {
		struct fax_case c = {
			.name = "10 % of SIP is lost",
			.from_line = *state != NULL,
			.lab = {.seed = i, .peer = {.hangup_done_ms = *state ? 0 : 300}},
			.damage_sip = {.loss = 0.1},
		};
		struct fax_outcome o;

		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, "cause=16(");
	}
}

/*
 * Packets of a V.21 frame that are lost for good: the relay must spoil the frame's FCS. What it says on the line while
 * it waits for them must not end in a good one: the machine would take the beginning of a frame for all of it.
 */
static void test_frame_with_a_gap(void **state)
{
	struct net_sim_damage bursts = {.burst_begin = 0.02, .burst_end = 0.5, .burst_loss = 1.0};
	struct net_case n = {"bursts of loss", 1, false, false, bursts, bursts};
	struct fax_case c = fax_through(&n, true, 101);
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	if (o.line.text && strstr(o.line.text, "Invalid"))
		fail_msg("the machine on the line got a cut frame: %s; %s", o.line.text, o.end);
	fax_expect_whole(&c, &o);
}

/* ---- NAT: the peer's SDP names an address that cannot be reached; its media come from another ---- */

#define OUTSIDE	    "203.0.113.5"
#define MEDIA_PORTS 40000 /* the peer's and above */

struct nat {
	struct addr outside, peer;
	unsigned to_inside, to_outside;
};

/* As a NAT would: from inside out with another address, from outside in by that address only. */
static bool nat_tap(struct net_sim_datagram *d, void *arg)
{
	struct nat *n = arg;
	uint16_t port;

	if (addr_same_host(&d->from, &n->peer) && addr_port(&d->from) >= MEDIA_PORTS) {
		port = (uint16_t)(addr_port(&d->from) - 30000);
		d->from = n->outside;
		addr_set_port(&d->from, port);
		n->to_outside++;
	} else if (addr_same_host(&d->to, &n->outside)) {
		port = (uint16_t)(addr_port(&d->to) + 30000);
		d->to = n->peer;
		addr_set_port(&d->to, port);
		n->to_inside++;
	} else if (addr_same_host(&d->to, &n->peer) && addr_port(&d->to) >= MEDIA_PORTS) {
		return false;
	}
	return true;
}

static void nat_begin(struct lab *l, void *arg)
{
	lab_tap(l, nat_tap, arg);
}

static void test_nat(void **state)
{
	struct nat n = {0};
	struct fax_case c = {.name = "NAT", .from_line = *state != NULL, .on_begin = nat_begin, .arg = &n};
	struct fax_outcome o;

	c.lab.peer_text = "nat = latch\n";
	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	assert_int_equal(addr_parse(&n.outside, OUTSIDE, 0), 0);
	assert_int_equal(addr_parse(&n.peer, LAB_PEER, 0), 0);
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "media=t38");
	fax_expect_end(&c, &o, "foreign=0 ");
	assert_true(n.to_inside > 100 && n.to_outside > 100);
}

/* ---- nothing is heard of the peer's machine ---- */

static bool is_not_from_peer_in_audio(struct net_sim_datagram *d, void *arg)
{
	return !(addr_same_host(&d->from, arg) && addr_port(&d->from) >= MEDIA_PORTS && d->data[0] & 0x80);
}

static void deaf_begin(struct lab *l, void *arg)
{
	lab_tap(l, is_not_from_peer_in_audio, arg);
}

/* None of its CED and DIS comes in audio, and it does not ask for T.38: the line's CNG goes on, and is enough. */
static void test_peer_unheard(void **state)
{
	struct addr peer;
	struct fax_case c = {.name = "nothing comes in RTP", .from_line = true, .on_begin = deaf_begin, .arg = &peer};
	struct fax_outcome o;

	assert_int_equal(addr_parse(&peer, LAB_PEER, 0), 0);
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38");
}

/* ---- strangers ---- */

/* Sends what the peer has sent last, and noise, from elsewhere to the media sockets of the first call. */
struct stranger {
	uint8_t last[1500];
	size_t octets;
	unsigned injected, in_t38;
};

static bool stranger_listens(struct net_sim_datagram *d, void *arg)
{
	struct stranger *s = arg;

	if (addr_port(&d->from) >= MEDIA_PORTS && d->len <= sizeof(s->last) && !(d->data[0] & 0x80))
		memcpy(s->last, d->data, s->octets = d->len);
	return true;
}

static void stranger_begin(struct lab *l, void *arg)
{
	lab_tap(l, stranger_listens, arg);
}

static void stranger_step(struct lab *l, void *arg)
{
	const struct span *span = l->spans[0].span;
	struct stranger *s = arg;
	struct addr to;

	if (!span->nlegs || bearer_state(&span->legs[0]->bearer) != BEARER_T38 || !s->octets || ++s->in_t38 < 50 ||
	    s->injected >= 200)
		return;
	to = *media_socket_local(&span->legs[0]->bearer.udptl, ADDR_IPV4);
	lab_inject(l, "10.0.0.66:4444", &to, s->last, s->octets);
	/* the host is the peer's, the port is not; and the number is the next that is due */
	s->last[1] = (uint8_t)(s->last[1] + 1);
	lab_inject(l, LAB_PEER ":39999", &to, s->last, s->octets);
	s->injected += 2;
}

static struct stranger_case {
	bool from_line;
	const char *peer_text;
} stranger_cases[] = {{false, NULL}, {true, NULL}, {false, "nat = latch\n"}};

static void test_stranger(void **state)
{
	const struct stranger_case *w = *state;
	struct stranger s = {.octets = 0};
	struct fax_case c = {.name = "a stranger's packets",
			     .from_line = w->from_line,
			     .lab = {.peer_text = w->peer_text},
			     .on_begin = stranger_begin,
			     .on_step = stranger_step,
			     .arg = &s};
	struct fax_outcome o;
	char text[40];

	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	fax_run(&c, NULL, &o);
	assert_int_equal(s.injected, 200);
	fax_expect_whole(&c, &o);
	snprintf(text, sizeof(text), "foreign=%u ", s.injected);
	fax_expect_end(&c, &o, text);
}

/* ---- the same again ---- */

/* All but the Call-ID, which is random as it must be (RFC 3261 8.1.1.4). */
static void keep_log(struct lab *l, void *arg)
{
	char **logp = arg;

	*logp = strdup(l->log);
	for (char *p = *logp; (p = strstr(p, "Call-ID "));)
		for (p += 8; *p && *p != '\n'; p++)
			*p = 'x';
}

static void test_same_seed(void **state)
{
	char *logs[3] = {NULL, NULL, NULL};

	for (unsigned i = 0; i < 3; i++) {
		struct fax_case c = fax_through(&cases[2], *state != NULL, i < 2 ? 5 : 6);
		struct fax_outcome o;

		c.on_end = keep_log;
		c.arg = &logs[i];
		fax_run(&c, NULL, &o);
		assert_non_null(logs[i]);
		assert_in_range(strlen(logs[i]), 1000, 100000);
	}
	assert_string_equal(logs[0], logs[1]);
	/* another seed, another run: what is compared is not the same whatever happens */
	assert_string_not_equal(logs[0], logs[2]);
	for (unsigned i = 0; i < 3; i++)
		free(logs[i]);
}

#define BOTH(name, test)                                                                                               \
	{name ", to the line", test, NULL, NULL, NULL},                                                                \
	{                                                                                                              \
		name ", from the line", test, NULL, NULL, (void *)1                                                    \
	}

static const struct CMUnitTest others[] = {
	BOTH("SIP is lost", test_sip_loss),
	cmocka_unit_test(test_frame_with_a_gap),
	cmocka_unit_test(test_sent_at_once),
	cmocka_unit_test(test_answer_lost),
	cmocka_unit_test(test_mixed),
	BOTH("NAT", test_nat),
	{"nothing is heard of the peer", test_peer_unheard, NULL, NULL, NULL},
	{"strangers, to the line", test_stranger, NULL, NULL, &stranger_cases[0]},
	{"strangers, from the line", test_stranger, NULL, NULL, &stranger_cases[1]},
	{"strangers, to the line, a peer behind a NAT", test_stranger, NULL, NULL, &stranger_cases[2]},
	BOTH("the same seed", test_same_seed),
};

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]), OTHERS = sizeof(others) / sizeof(others[0]) };
	struct CMUnitTest tests[N + OTHERS];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < N; i++)
		tests[OTHERS + i] = (struct CMUnitTest){cases[i].name, test_network, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
