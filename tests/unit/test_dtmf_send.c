/* SPDX-License-Identifier: GPL-2.0-only */
/* The line's digits as telephone events: what a bearer sends, read back octet by octet, and played again. */
#include <stdlib.h>

#include "tests/sim/spandsp_machine.h"

#include "bearer_rig.h"
#include "fault.h"

#define PT 96

static const struct media_policy events = {.dtmf = MEDIA_DTMF_EVENTS}, inband = {.dtmf = MEDIA_DTMF_INBAND};

/* What came to the peer. */
struct got {
	unsigned packets, events, markers, ends;
	char digits[64];
	uint32_t begin, samples, ts_after; /* of the last event; of the audio after it */
	unsigned volume;
	uint16_t seq;
	struct dtmf *dtmf;
};

static void take(struct got *g, const uint8_t *p, size_t n)
{
	uint32_t ts = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
	uint16_t seq = (uint16_t)(p[2] << 8 | p[3]);

	if (g->packets++)
		assert_int_equal((uint16_t)(g->seq + 1), seq); /* one numbering for both */
	g->seq = seq;
	if ((p[1] & 0x7F) != PT) {
		assert_int_equal(n, 12 + 160);
		g->ts_after = ts;
		return;
	}
	assert_int_equal(n, 12 + 4);
	g->events++;
	if (p[1] & 0x80) {
		g->markers++;
		g->digits[strlen(g->digits)] = "0123456789*#ABCD"[p[12]];
		assert_int_equal(p[13] & 0x80, 0);
	} else {
		assert_int_equal(g->begin, ts); /* 2.1: the beginning, in every packet */
	}
	g->begin = ts;
	g->ends += p[13] >> 7;
	g->volume = p[13] & 0x3F;
	g->samples = (uint32_t)p[14] << 8 | p[15];
	assert_null(dtmf_event(g->dtmf, 1, ts, p + 12, n - 12));
}

static void rig_up_events(struct rig *r, const struct media_policy *m, int pt)
{
	struct media_desc d;

	rig_up_media(r, true, m);
	d = r->bearer.agreed;
	d.audio.telephone_event_pt = pt;
	d.audio.our_telephone_event_pt = 101;
	bearer_agreed(&r->bearer, &d);
}

/* MS of what TX says on the line; NULL: of silence. What the peer gets goes to G. */
static void line_says(struct rig *r, dtmf_tx_state_t *tx, unsigned ms, struct got *g)
{
	for (; ms >= 20; ms -= 20) {
		int16_t linear[LINE_BLOCK] = {0};
		uint8_t rx[LINE_BLOCK], buf[RTP_MAX_OCTETS];
		ssize_t n;

		if (tx)
			dtmf_tx(tx, linear, LINE_BLOCK);
		for (unsigned i = 0; i < LINE_BLOCK; i++)
			rx[i] = linear_to_alaw(linear[i]);
		timers_run(&r->timers, r->timers.now_us + 20 * MS_US);
		bearer_block(&r->bearer, rx, r->to_line, sizeof(rx));
		net_sim_run(r->net, r->timers.now_us);
		while ((n = udp_recv(r->rtp, buf, sizeof(buf), NULL)) >= 0)
			take(g, buf, (size_t)n);
	}
}

static dtmf_tx_state_t *dial(const char *digits, int on_ms, int off_ms)
{
	dtmf_tx_state_t *tx = spandsp_dtmf_tx_init(NULL);

	assert_non_null(tx);
	dtmf_tx_set_timing(tx, on_ms, off_ms);
	dtmf_tx_set_level(tx, -10, 0);
	assert_int_equal(dtmf_tx_put(tx, digits, -1), 0);
	return tx;
}

static void got_open(struct got *g)
{
	*g = (struct got){.packets = 0};
	assert_int_equal(dtmf_alloc(&g->dtmf), 0);
}

static void test_digits(void **state)
{
	dtmf_tx_state_t *tx = dial("0123456789*#ABCD", 100, 100);
	struct got g;
	struct rig r;

	got_open(&g);
	rig_up_events(&r, &events, PT);
	line_says(&r, tx, 4000, &g);
	assert_string_equal(g.digits, "0123456789*#ABCD");
	assert_int_equal(g.markers, 16);
	assert_int_equal(g.ends, 3 * 16);
	assert_in_range(g.samples, 80 * 8, 120 * 8);
	assert_in_range(g.volume, 5, 12);
	assert_int_equal(g.packets, 200); /* one a block, sound or event */
	/* the clock of the audio has gone on */
	assert_in_range(g.ts_after - g.begin, 160 * 8, 4000 * 8);
	rig_close(&r);
	dtmf_tx_free(tx);
	dtmf_free(g.dtmf);
}

/* What we say, we understand: 60 digits as fast as they may come are the same again. */
static void test_there_and_back(void **state)
{
	static const char many[] = "1122334455667788990011**##AABBCCDD5550199";
	dtmf_tx_state_t *tx = dial(many, 60, 60);
	dtmf_rx_state_t *rx = dtmf_rx_init(NULL, NULL, NULL);
	char heard[100] = "";
	struct got g;
	struct rig r;

	got_open(&g);
	rig_up_events(&r, &events, PT);
	for (unsigned i = 0; i < 400; i++) {
		int16_t linear[LINE_BLOCK] = {0};

		line_says(&r, tx, 20, &g);
		dtmf_play(g.dtmf, linear, LINE_BLOCK);
		dtmf_rx(rx, linear, LINE_BLOCK);
		dtmf_rx_get(rx, heard + strlen(heard), 8);
	}
	assert_string_equal(g.digits, many);
	assert_string_equal(heard, many);
	rig_close(&r);
	dtmf_tx_free(tx);
	dtmf_rx_free(rx);
	dtmf_free(g.dtmf);
}

/* A digit held for 10 s is one event in two segments, without a gap (RFC 4733 2.5.1.3). */
static void test_held(void **state)
{
	struct dtmf_send_packet k, last = {.begin = 0};
	dtmf_tx_state_t *tx = dial("7", 10000, 100);
	struct dtmf_send *d;
	unsigned markers = 0, segments = 0, ends = 0;
	uint32_t now = 0xFFFFF000;

	assert_int_equal(dtmf_send_alloc(&d), 0);
	for (unsigned i = 0; i < 520; i++, now += LINE_BLOCK) {
		int16_t linear[LINE_BLOCK] = {0};

		dtmf_tx(tx, linear, LINE_BLOCK);
		if (!dtmf_send_block(d, linear, LINE_BLOCK, now, &k))
			continue;
		markers += k.marker;
		ends += k.payload[1] >> 7;
		if (!k.marker && k.begin != last.begin) {
			assert_int_equal(k.begin - last.begin, last.payload[2] << 8 | last.payload[3]);
			segments++;
		}
		last = k;
	}
	assert_int_equal(markers, 1);
	assert_int_equal(segments, 1);
	assert_int_equal(ends, 3);
	dtmf_send_free(d);
	dtmf_tx_free(tx);
}

/* In band: by policy, where the peer takes no events, and after a modem's answer tone. */
static void test_in_band(void **state)
{
	for (unsigned i = 0; i < 3; i++) {
		dtmf_tx_state_t *tx = dial("123", 100, 100);
		struct got g;
		struct rig r;

		got_open(&g);
		rig_up_events(&r, i == 0 ? &inband : &events, i == 1 ? -1 : PT);
		if (i == 2)
			bearer_heard(&r.bearer, HEARD_PEER, TONE_ANSAM);
		line_says(&r, tx, 2000, &g);
		assert_int_equal(g.events, 0);
		assert_int_equal(g.packets, 100);
		rig_close(&r);
		dtmf_tx_free(tx);
		dtmf_free(g.dtmf);
	}
}

/* On hold nothing is sent, and nothing comes late. */
static void test_on_hold(void **state)
{
	dtmf_tx_state_t *tx = dial("123", 100, 100);
	struct media_desc m;
	struct got g;
	struct rig r;

	got_open(&g);
	rig_up_events(&r, &events, PT);
	m = r.bearer.agreed;
	m.audio.direction = MEDIA_SENDONLY;
	bearer_agreed(&r.bearer, &m);
	line_says(&r, tx, 2000, &g);
	assert_int_equal(g.packets, 0);
	m.audio.direction = MEDIA_SENDRECV;
	bearer_agreed(&r.bearer, &m);
	line_says(&r, NULL, 1000, &g);
	assert_int_equal(g.events, 0);
	assert_int_equal(g.packets, 50);
	rig_close(&r);
	dtmf_tx_free(tx);
	dtmf_free(g.dtmf);
}

static int body_alloc(void *arg)
{
	struct dtmf_send *d = NULL;
	int err = dtmf_send_alloc(&d);

	dtmf_send_free(d);
	return err;
}

static void test_no_memory(void **state)
{
	assert_true(fault_run(body_alloc, NULL, 1) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),	cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_held),
		cmocka_unit_test(test_in_band), cmocka_unit_test(test_on_hold),	       cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
