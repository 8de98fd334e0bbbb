/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls whose far end says that it is under way, but not, or not yet, that it rings: 183 and PROGRESS. From then on
 * it is no longer silent: the call may wait for its answer as long as one that rings.
 */
#include "tests/call/talk.h"

#define SILENT_MS   3000 /* setup and outgoing below */
#define RINGING_MS  9000 /* alerting below */
#define ANSWERED_MS 6000
#define TIMEOUTS    "setup = 3 s\noutgoing = 3 s\nalerting = 9 s\n"

static const struct progress_case {
	struct talk_params call;
	struct talk_end end; /* of a call that is not answered */
} cases[] = {
	{{.name = "183 with media, then the answer",
	  .from_line = true,
	  .peer = {.provisional = 183, .early_sdp = true, .answer_ms = ANSWERED_MS}},
	 {0}},
	{{.name = "183 without media, then the answer",
	  .from_line = true,
	  .peer = {.provisional = 183, .answer_ms = ANSWERED_MS}},
	 {0}},
	{{.name = "183, and no more",
	  .from_line = true,
	  .peer = {.answer = PEER_RINGS, .provisional = 183, .early_sdp = true}},
	 {18, 487, "Q.850;cause=18", "cause=18(", "cleared-by=gateway"}},
	{{.name = "183, then 180, and no answer",
	  .from_line = true,
	  .peer = {.answer = PEER_RINGS, .provisional = 183, .early_sdp = true, .ring_ms = RINGING_MS - 2000}},
	 {19, 487, "Q.850;cause=19", "why=\"no answer in time\"", "fault=peer"}},
	{{.name = "PROGRESS, then the answer",
	  .line = {.never_rings = true, .progress_ms = 500, .answer_ms = ANSWERED_MS}},
	 {0}},
	{{.name = "CALL PROCEEDING with tones in band, then the answer",
	  .line = {.never_rings = true, .proceeds_inband = true, .answer_ms = ANSWERED_MS}},
	 {0}},
	{{.name = "PROGRESS, and no more", .line = {.never_rings = true, .progress_ms = 500, .never_answers = true}},
	 {18, 408, "Q.850;cause=18", "cause=18(", "cleared-by=gateway"}},
};

static void test_progress(void **state)
{
	const struct progress_case *c = &cases[(size_t)*state];
	struct lab *l = talk_lab(&(struct lab_params){.timeouts_text = TIMEOUTS});
	struct talk t;

	talk_start(&t, l, &c->call);
	lab_run(l, SILENT_MS + 1000);
	assert_false(lab_is_idle(l, NULL));
	if (c->end.cause) {
		talk_until_idle(&t, 2 * RINGING_MS);
		talk_expect(&t, &c->end);
	} else {
		talk_until(&t, PSTN_UP, BEARER_AUDIO, ANSWERED_MS);
		talk_hangup_line(&t, Q850_NORMAL);
		talk_until_idle(&t, TALK_CLEARED_MS);
		talk_expect_text(&t, 0, "cause=16(");
	}
	lab_close(l);
}

/* 180 after 183 rings on the line, and goes on to do so until it is answered. */
static void test_peer_rings_later(void **state)
{
	static const struct talk_params call = {
		.name = "183, then 180",
		.from_line = true,
		.peer = {.provisional = 183, .early_sdp = true, .ring_ms = 1000, .answer_ms = 8000},
	};
	struct lab *l = talk_lab(&(struct lab_params){.timeouts_text = TIMEOUTS});
	struct talk t;

	talk_start(&t, l, &call);
	lab_run(l, 500);
	assert_true(xcall_result(t.line)->inband);
	assert_int_equal(xcall_result(t.line)->alerting_ms, -1);
	lab_run(l, 1000);
	assert_true(xcall_result(t.line)->alerting_ms > 0);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* The same of ALERTING after PROGRESS. */
static void test_line_rings_later(void **state)
{
	static const struct talk_params call = {.name = "PROGRESS, then ALERTING",
						.line = {.progress_ms = 500, .alert_ms = 1000, .answer_ms = 8000}};
	struct lab *l = talk_lab(&(struct lab_params){.timeouts_text = TIMEOUTS});
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &call);
	lab_run(l, 800);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.early_status, 183);
	lab_run(l, 1000);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.early_status, 180);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

static bool move_media(struct net_sim_datagram *d, void *arg)
{
	char *m = memmem(d->data, d->len, "m=audio ", 8);

	if (m && !strncmp((const char *)d->data, "SIP/2.0 180", 11)) {
		d->data[10] = '3';
		m[10] = m[10] == '2' ? '4' : '2';
	}
	return true;
}

/* What is heard first comes from one place, what follows (183 again) from another. */
static void test_early_media_moves(void **state)
{
	static const struct talk_params call = {
		.name = "early media moves",
		.from_line = true,
		.peer = {.provisional = 183, .early_sdp = true, .ring_ms = 1000, .answer_ms = 3000},
	};
	struct lab *l = talk_lab(NULL);
	struct addr first;
	struct talk t;

	lab_tap(l, move_media, NULL);
	talk_start(&t, l, &call);
	talk_until(&t, PSTN_SIP_PROGRESS, BEARER_AUDIO, 1000);
	first = talk_leg(&t)->bearer.agreed.audio.addr;
	lab_run(l, 1500);
	assert_false(addr_equal(&talk_leg(&t)->bearer.agreed.audio.addr, &first));
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	assert_true(addr_equal(&talk_leg(&t)->bearer.agreed.audio.addr, &first));
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* An exchange that lets something be heard at once need not say PROGRESS too (Q.931 3.1.2). */
static void test_line_is_heard_at_once(void **state)
{
	static const struct talk_params call = {.name = "CALL PROCEEDING with tones in band",
						.line = {.proceeds_inband = true, .alert_ms = 1000, .answer_ms = 3000}};
	struct lab *l = talk_lab(NULL);
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &call);
	lab_run(l, 500);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.early_status, 183);
	assert_true(r.early_sdp);
	talk_until(&t, PSTN_RINGING, BEARER_AUDIO, 1000);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[N + 4] = {[N] = cmocka_unit_test(test_peer_rings_later),
					  [N + 1] = cmocka_unit_test(test_line_rings_later),
					  [N + 2] = cmocka_unit_test(test_line_is_heard_at_once),
					  [N + 3] = cmocka_unit_test(test_early_media_moves)};

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){cases[i].call.name, test_progress, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
