/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "bearer_rig.h"
#include "fault.h"

static void rig_tone(struct rig *r, enum heard_from from, enum tone t)
{
	bearer_heard(&r->bearer, from, t);
}

/* ---- T.38, and back ---- */

/* After its fax the peer goes back to audio: nobody may drag it into T.38 again for the tones of the fax that was. */
static void test_back_to_audio(void **state)
{
	bool line_answers = *state != NULL;
	struct rig r;

	rig_up(&r, line_answers);
	rig_tone(&r, HEARD_LINE, TONE_V21);
	rig_run(&r, 1200); /* the grace time, where there is one */
	rig_expect(&r, BEARER_SWITCHING);
	assert_int_equal(r.asks, 1);
	rig_image(&r);
	rig_run(&r, 3000);
	rig_audio(&r);
	rig_expect(&r, BEARER_AUDIO);
	rig_run(&r, 3000);
	rig_expect(&r, BEARER_AUDIO);
	assert_int_equal(r.asks, 1);

	/* but a second fax is asked for as the first was */
	rig_tone(&r, HEARD_LINE, TONE_V21);
	rig_run(&r, 1200);
	rig_expect(&r, BEARER_SWITCHING);
	assert_int_equal(r.asks, 2);
	rig_image(&r);
	rig_expect(&r, BEARER_T38);
	rig_close(&r);
}

/* With at-answer a peer that goes back to audio is not asked at once again, and again. */
static void test_at_answer_asks_once(void **state)
{
	struct rig r = {.asks = 0};

	assert_int_equal(rig_open(&r, true), 0);
	rig_sockets(&r);
	r.fax.t38_start = T38_START_AT_ANSWER;
	rig_audio(&r);
	bearer_answered(&r.bearer);
	assert_int_equal(r.asks, 1);
	rig_image(&r);
	rig_run(&r, 1000);
	rig_audio(&r);
	rig_run(&r, 1000);
	rig_expect(&r, BEARER_AUDIO);
	assert_int_equal(r.asks, 1);
	rig_close(&r);
}

/* The tail of an answer tone that comes back with the audio is no new fax, though CNG was heard before T.38. */
static void test_answer_tone_after_t38(void **state)
{
	struct rig r;

	rig_up(&r, true);
	rig_tone(&r, HEARD_PEER, TONE_CNG);
	rig_tone(&r, HEARD_LINE, TONE_CED);
	assert_int_equal(r.asks, 1);
	rig_image(&r);
	rig_run(&r, 1000);
	rig_audio(&r);
	rig_tone(&r, HEARD_LINE, TONE_CED);
	rig_run(&r, 5000);
	rig_expect(&r, BEARER_AUDIO);
	assert_int_equal(r.asks, 1);
	rig_close(&r);
}

/* Before any modem trains the delay is fixed, of a data modem too; when T.38 is over, talk has its adaptive one. */
static void test_jitter_is_fixed_for_modems(void **state)
{
	static const enum tone tones[] = {TONE_CED, TONE_ANS_PR, TONE_ANSAM, TONE_V21};

	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++) {
		struct rig r;

		rig_up(&r, true);
		rig_tone(&r, HEARD_LINE, TONE_CNG);
		assert_false(r.bearer.jitter.fixed);
		rig_tone(&r, i & 1 ? HEARD_LINE : HEARD_PEER, tones[i]);
		assert_true(r.bearer.jitter.fixed);
		rig_audio(&r); /* a session refresh */
		assert_true(r.bearer.jitter.fixed);
		rig_image(&r);
		rig_run(&r, 1000);
		rig_audio(&r);
		assert_false(r.bearer.jitter.fixed);
		rig_close(&r);
	}
}

/* Our question met theirs: they have T.38 already when the refusal of ours arrives. */
static void test_refused_too_late(void **state)
{
	struct rig r;

	rig_up(&r, true);
	rig_tone(&r, HEARD_LINE, TONE_V21);
	rig_image(&r);
	bearer_t38_refused(&r.bearer, 491);
	rig_expect(&r, BEARER_T38);
	assert_int_equal(r.bearer.fsm.unexpected, 0);
	rig_close(&r);
}

static void test_answer_after_the_timeout(void **state)
{
	struct rig r;

	rig_up(&r, true);
	rig_tone(&r, HEARD_LINE, TONE_V21);
	rig_run(&r, 5100);
	rig_expect(&r, BEARER_PASSTHROUGH);
	assert_int_equal(r.cancels, 1);
	bearer_t38_refused(&r.bearer, 487);
	rig_expect(&r, BEARER_PASSTHROUGH);
	rig_image(&r); /* the 200 crossed our CANCEL */
	rig_expect(&r, BEARER_T38);
	rig_run(&r, 100);
	assert_int_equal(r.bearer.fsm.unexpected, 0);
	rig_close(&r);
}

static int body_without_memory(void *arg)
{
	struct rig r = {.asks = 0};
	int err = rig_open(&r, true);

	if (!err) {
		rig_audio(&r);
		rig_image(&r);
		rig_run(&r, 100); /* until its owner has cleared */
		rig_image(&r);
		rig_run(&r, 100);
		rig_audio(&r);
		rig_image(&r);
		rig_run(&r, 100);
		err = r.overs ? ENOMEM : 0;
	}
	if (r.net)
		rig_close(&r);
	return err;
}

static void test_no_memory(void **state)
{
	assert_true(fault_run(body_without_memory, NULL, 1) > 5);
}

/* Whatever comes in whatever order: every event meets every state, and blocks pass between. */
static void test_any_order(void **state)
{
	static unsigned met[BEARER_CLOSED + 1][8];
	uint32_t seed = 1;

	for (unsigned call = 0; call < 60; call++) {
		struct rig r;

		rig_up(&r, call & 1);
		for (unsigned i = 0; i < 60; i++) {
			unsigned what;

			seed = seed * 1664525 + 1013904223;
			what = seed >> 24 & 7;
			met[bearer_state(&r.bearer)][what]++;
			if (what == 0)
				rig_audio(&r);
			else if (what == 1)
				rig_image(&r);
			else if (what == 2)
				bearer_t38_refused(&r.bearer, 488);
			else if (what == 3)
				rig_tone(&r, HEARD_LINE, TONE_V21);
			else if (what == 4)
				rig_frame(&r, T30_FROM_PEER, seed >> 20 & 1 ? FCF_DCN : FCF_DIS);
			else if (what == 5)
				bearer_answered(&r.bearer);
			else if (what == 6 && i > 50)
				bearer_close(&r.bearer);
			else
				rig_run(&r, seed >> 18 & 1 ? 6000 : 40);
		}
		assert_int_equal(r.bearer.fsm.unexpected, 0);
		rig_close(&r);
	}
	for (unsigned s = BEARER_AUDIO; s <= BEARER_CLOSED; s++)
		for (unsigned what = 0; what < 8; what++)
			assert_true(met[s][what] > 0);
}

/* ---- the end ---- */

static void to_passthrough(struct rig *r)
{
	rig_up(r, true);
	rig_tone(r, HEARD_LINE, TONE_V21);
	bearer_t38_refused(&r->bearer, 488);
	rig_expect(r, BEARER_PASSTHROUGH);
}

static void to_audio(struct rig *r)
{
	rig_up(r, true);
}

static void to_t38(struct rig *r)
{
	rig_up(r, true);
	rig_image(r);
}

/* DCN, and nobody clears: the gateway does, in whatever way the fax passed. */
static void test_after_dcn(void **state)
{
	void (*const ways[])(struct rig *) = {to_passthrough, to_audio, to_t38};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct rig r;

		ways[i](&r);
		rig_frame(&r, T30_FROM_LINE, FCF_MCF);
		rig_run(&r, 3000);
		assert_int_equal(r.overs, 0);
		rig_frame(&r, T30_FROM_PEER, FCF_DCN);
		rig_run(&r, 1900);
		assert_int_equal(r.overs, 0);
		rig_run(&r, 200);
		assert_int_equal(r.overs, 1);
		rig_run(&r, 60000);
		assert_int_equal(r.overs, 1);
		rig_close(&r);
	}
}

/* Another fax in the same call: the DCN of the first does not end it. */
static void test_fax_after_dcn(void **state)
{
	void (*const ways[])(struct rig *) = {to_passthrough, to_t38};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct rig r;

		ways[i](&r);
		rig_frame(&r, T30_FROM_PEER, FCF_DCN);
		rig_run(&r, 1000);
		rig_frame(&r, T30_FROM_LINE, FCF_DIS);
		rig_run(&r, 30000);
		assert_int_equal(r.overs, 0);
		rig_frame(&r, T30_FROM_PEER, FCF_DCN);
		rig_run(&r, 2100);
		assert_int_equal(r.overs, 1);
		rig_close(&r);
	}
}

static void test_idle_fax(void **state)
{
	struct rig r;

	to_t38(&r);
	rig_run(&r, 39000);
	rig_frame(&r, T30_FROM_LINE, FCF_DIS);
	rig_run(&r, 39900);
	assert_int_equal(r.overs, 0);
	rig_run(&r, 200);
	assert_int_equal(r.overs, 1);
	rig_close(&r);
}

/* ---- floods ---- */

/* The peer's packets come by the hundred at once: a block takes some, the span goes on. */
static void test_flood(void **state)
{
	struct rig r;

	rig_up(&r, true);
	for (unsigned i = 0; i < 400; i++)
		rig_rtp(&r, r.rtp, 0x2A);
	rig_step(&r);
	assert_in_range(r.bearer.report.rtp_rx, 10, 100);
	rig_image(&r);
	for (unsigned i = 0; i < 400; i++)
		udp_send(r.udptl, media_socket_local(&r.bearer.udptl, ADDR_IPV4), "xx", 2);
	rig_step(&r);
	assert_in_range(r.bearer.report.udptl_bad, 10, 100);
	rig_close(&r);
}

/* Frames, trainings, bad packets without end: the log stays readable. */
static void test_log_is_not_flooded(void **state)
{
	struct rig r;

	to_t38(&r);
	r.lines = 0;
	for (unsigned i = 0; i < 1000; i++) {
		rig_frame(&r, T30_FROM_PEER, FCF_CRP);
		bearer_t30_image(&r.bearer, T30_FROM_PEER, "V.29 9600");
		udp_send(r.udptl, media_socket_local(&r.bearer.udptl, ADDR_IPV4), NULL, 0);
		if (i % 10 == 0)
			rig_step(&r);
	}
	assert_in_range(r.lines, 10, 100);
	assert_int_equal(r.bearer.watch.frames, 1000);
	rig_close(&r);
}

/* ---- audio ---- */

/* Packets lost in talk before the fax are none of the fax's. */
static void test_lost_packets_count_from_the_fax(void **state)
{
	struct bearer_report report;
	struct rig r;

	rig_up(&r, false);
	for (unsigned i = 0; i < 100; i++) {
		if (i == 50)
			rig_tone(&r, HEARD_LINE, TONE_CNG);
		if (i % 10 == 5)
			rtp_tx_build(&r.tx, 8, r.to_line, LINE_BLOCK, (uint8_t[RTP_MAX_OCTETS]){0}, RTP_MAX_OCTETS);
		else
			rig_rtp(&r, r.rtp, 0x2A);
		rig_step(&r);
	}
	bearer_report(&r.bearer, &report);
	assert_in_range(r.bearer.jitter.stats.lost_octets / LINE_BLOCK, 9, 10);
	assert_in_range(report.rtp_lost, 4, 5);
	rig_close(&r);
}

/* What the peer says on hold ("I send only") is not answered with packets; its timestamps go on meanwhile. */
static void test_hold(void **state)
{
	struct media_desc m;
	struct rig r;
	uint32_t before = 0, after = 0;

	rig_up(&r, true);
	rig_run(&r, 100);
	assert_int_equal(rig_received(r.rtp, &before), 5);
	m = r.bearer.agreed;
	m.audio.direction = MEDIA_SENDONLY;
	bearer_agreed(&r.bearer, &m);
	rig_run(&r, 200);
	assert_int_equal(rig_received(r.rtp, NULL), 0);
	rig_audio(&r);
	rig_run(&r, 20);
	assert_int_equal(rig_received(r.rtp, &after), 1);
	assert_int_equal(after - before, 11 * LINE_BLOCK);
	rig_close(&r);
}

/* The clock of our RTP goes on while the media is T.38 (RFC 3550 5.1). */
static void test_timestamps_after_t38(void **state)
{
	struct rig r;
	uint32_t before = 0, after = 0;

	rig_up(&r, true);
	rig_run(&r, 100);
	rig_received(r.rtp, &before);
	rig_image(&r);
	rig_run(&r, 1000);
	rig_audio(&r);
	rig_run(&r, 20);
	rig_received(r.rtp, &after);
	assert_int_equal(after - before, 51 * LINE_BLOCK);
	rig_close(&r);
}

/* ANSam is kept from crossing, and goes on to be when the session is refreshed. */
static void test_refresh_keeps_the_mute(void **state)
{
	struct rig r;

	rig_up(&r, false);
	rig_tone(&r, HEARD_LINE, TONE_CNG);
	rig_tone(&r, HEARD_PEER, TONE_ANSAM);
	assert_true(r.bearer.mute[HEARD_PEER]);
	rig_audio(&r);
	assert_true(r.bearer.mute[HEARD_PEER]);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"back to audio, the peer answers", test_back_to_audio, NULL, NULL, NULL},
		{"back to audio, the line answers", test_back_to_audio, NULL, NULL, (void *)1},
		cmocka_unit_test(test_at_answer_asks_once),
		cmocka_unit_test(test_answer_tone_after_t38),
		cmocka_unit_test(test_jitter_is_fixed_for_modems),
		cmocka_unit_test(test_refused_too_late),
		cmocka_unit_test(test_answer_after_the_timeout),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_after_dcn),
		cmocka_unit_test(test_fax_after_dcn),
		cmocka_unit_test(test_idle_fax),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_log_is_not_flooded),
		cmocka_unit_test(test_lost_packets_count_from_the_fax),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_timestamps_after_t38),
		cmocka_unit_test(test_refresh_keeps_the_mute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
