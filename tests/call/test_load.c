/* SPDX-License-Identifier: GPL-2.0-only */
/* Many calls at once, and one after the other: each comes through, and nothing is left of them. */
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/call/fax.h"
#include "tests/call/talk.h"
#include "tests/sim/clock_sim.h"
#include "tests/sim/sip_peer_priv.h"

#define E1_CHANNELS  30
#define ALL_CHANNELS (LAB_MAX_SPANS * E1_CHANNELS)

/* ---- faxes ---- */

static const struct fax_case many[] = {
	{.name = "30 faxes from the line",
	 .from_line = true,
	 .count = E1_CHANNELS,
	 .lab = {.fax_text = "t38_start = on-preamble\n"}},
	{.name = "30 faxes to the line", .count = E1_CHANNELS, .lab = {.peer = {.hangup_done_ms = 300}}},
	{.name = "15 faxes each way", .mixed = true, .count = E1_CHANNELS, .lab = {.peer = {.hangup_done_ms = 300}}},
	{.name = "8 spans",
	 .mixed = true,
	 .count = 24,
	 .lab = {.nspans = LAB_MAX_SPANS, .peer = {.hangup_done_ms = 300}}},
};

static void test_many_faxes(void **state)
{
	const struct fax_case *c = &many[(size_t)*state];
	struct fax_outcome o;

	fax_run(c, NULL, &o);
	fax_expect_whole(c, &o);
	assert_int_equal(o.call.state, XCALL_GONE);
}

/* ---- every channel of eight spans, by calls without a fax ---- */

#define PEERS 4 /* one has room for 64 calls */

static const struct sip_peer_call_params *peer_hangs_up(unsigned id, const char *called, void *arg)
{
	static const struct sip_peer_call_params p = {.hangup_ms = 3000};

	return &p;
}

static void open_peers(struct lab *l, struct sip_peer **peers)
{
	for (unsigned i = 0; i < PEERS; i++) {
		struct sip_peer_setup p = {.seed = i + 1};

		assert_int_equal(addr_parse(&p.local, LAB_PEER, (uint16_t)(5070 + i)), 0);
		assert_int_equal(sip_peer_alloc(&peers[i], &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
	}
}

static void run_peers(struct lab *l, struct sip_peer **peers, unsigned ms)
{
	for (unsigned t = 0; t < ms; t += 20) {
		for (unsigned i = 0; i < PEERS; i++) {
			sip_peer_run(peers[i], clock_sim_now_us());
			sip_peer_step(peers[i], LINE_BLOCK);
		}
		lab_step(l);
	}
}

/* 60 calls from the line, and 180 from the peer to whatever is left. */
static void start_calls(struct lab *l, struct sip_peer **peers)
{
	static const struct sip_peer_call_params from_peer = {.to = LAB_OUT, .hangup_ms = 3000};
	struct exchange_call from_line = {.parties = {.called = {.digits = LAB_NUMBER}}};
	struct xcall *c;
	unsigned id;

	for (unsigned i = 0; i < ALL_CHANNELS / 4; i++) {
		assert_int_equal(exchange_call(l->spans[i % LAB_MAX_SPANS].x, &from_line, &c), 0);
		for (unsigned n = 0; n < 3; n++)
			assert_int_equal(sip_peer_call(peers[(3 * i + n) % PEERS], &l->gateway, &from_peer, &id), 0);
	}
}

static unsigned answered(const struct sip_peer *p)
{
	struct sip_peer_result r;
	unsigned n = 0;

	for (unsigned i = 0; i < sip_peer_calls(p); i++) {
		sip_peer_result(p, i, &r);
		n += r.status == 200 && r.state == PEER_OVER && r.rtp_received > 100;
	}
	return n;
}

static void test_every_channel(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.nspans = LAB_MAX_SPANS, .on_peer_call = peer_hangs_up});
	struct sip_peer *peers[PEERS];
	struct sip_peer_result r;
	unsigned busy = 0, over = 0;

	open_peers(l, peers);
	start_calls(l, peers);
	run_peers(l, peers, 2000);
	for (unsigned i = 0; i < LAB_MAX_SPANS; i++)
		busy += chanmap_count(&l->spans[i].span->channels, CHAN_BUSY);
	assert_int_equal(busy, ALL_CHANNELS);
	/* one more: there is no channel */
	assert_int_equal(sip_peer_call(peers[0], &l->gateway, &(struct sip_peer_call_params){.to = LAB_OUT}, &over), 0);
	run_peers(l, peers, 6000);
	assert_true(lab_is_idle(l, NULL));
	sip_peer_result(peers[0], over, &r);
	assert_int_equal(r.status, 503);
	for (unsigned i = 0; i < PEERS; i++) {
		assert_int_equal(answered(peers[i]), 3 * ALL_CHANNELS / 4 / PEERS);
		sip_peer_free(peers[i]);
	}
	assert_int_equal(answered(l->peer), ALL_CHANNELS / 4);
	assert_int_equal(lab_log_count(l, ": END "), ALL_CHANNELS + 1);
	assert_int_equal(lab_log_count(l, "cause=16("), ALL_CHANNELS);
	lab_close(l);
}

/* ---- memory ---- */

static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

/* What malloc takes for a block of so many octets. */
static size_t chunk(size_t octets)
{
	void *p = malloc(octets);
	size_t n = malloc_usable_size(p) + sizeof(size_t);

	free(p);
	return n;
}

static const struct talk_params short_calls[] = {
	{.name = "from the line", .from_line = true, .peer = {.provisional = 180}},
	{.name = "to the line"},
	{.name = "from the line, busy", .from_line = true, .peer = {.answer = PEER_REFUSES, .refuse_status = 486}},
	{.name = "to the line, busy", .line = {.refuses = 17}},
};

#define ROUNDS 15 /* of four calls each: what a peer has room for */

static void short_call(struct lab *l, const struct talk_params *p)
{
	struct talk t;

	talk_start(&t, l, p);
	lab_run(l, 1000);
	if (talk_leg(&t))
		talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_run(l, 40000); /* SIP's transactions end, RFC 3261 table 4 */
	xcall_free(t.line);
}

/*
 * Calls in T.38 and not, one after the other: after the first ones not an octet more is in use than the peer keeps
 * of each.
 */
static void test_memory_of_calls(void **state)
{
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = "t38_start = at-answer\n"});
	size_t before = 0, calls = 0, after, expected;

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (i == 3) {
			before = in_use();
			calls = sip_peer_calls(l->peer);
		}
		for (unsigned n = 0; n < 4; n++)
			short_call(l, &short_calls[n]);
	}
	after = in_use();
	expected = before + (sip_peer_calls(l->peer) - calls) * chunk(sizeof(struct peer_call));
	if (before && after > expected)
		fail_msg("%zu octets more after %u rounds", after - expected, ROUNDS - 3);
	lab_close(l);
}

/* The same for whole gateways, with a fax each way through each. */
static void test_memory_of_labs(void **state)
{
	static const struct fax_case c = {
		.name = "memory", .mixed = true, .count = 2, .lab = {.peer = {.hangup_done_ms = 300}}};
	struct fax_outcome o;
	size_t before = 0, after;

	for (unsigned i = 0; i < 6; i++) {
		if (i == 2)
			before = in_use();
		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
	}
	after = in_use();
	if (before && after > before)
		fail_msg("%zu octets more after four gateways", after - before);
}

/* The freed blocks that malloc keeps at hand for a thread count as used: it shall keep none. */
static void without_cache(char **argv)
{
	if (getenv("GLIBC_TUNABLES"))
		return;
	setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
	execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
	enum { N = sizeof(many) / sizeof(many[0]) };
	struct CMUnitTest tests[N + 3] = {
		cmocka_unit_test(test_every_channel),
		cmocka_unit_test(test_memory_of_calls),
		cmocka_unit_test(test_memory_of_labs),
	};

	without_cache(argv);
	for (size_t i = 0; i < N; i++)
		tests[3 + i] = (struct CMUnitTest){many[i].name, test_many_faxes, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
