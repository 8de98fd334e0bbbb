/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls both ways, as far as signalling goes: numbers, refusals, timeouts, channels. */
#include <stdlib.h>

#include "tests/call/talk.h"

#define LONGEST_TIMEOUT_MS 6000 /* of those configured below */

/* A call that does not come about. */
static const struct refused {
	struct talk_params call;
	struct lab_params lab;
	struct talk_end end;
} refused[] = {
	/* the peer will not: its status is a cause on the line (RFC 3398 8.2.6.1) */
	{{.name = "the peer is busy", .from_line = true, .peer = {.answer = PEER_REFUSES, .refuse_status = 486}},
	 {0},
	 {17, 486, NULL, "cause=17(user busy) cleared-by=peer sip=486", "fault=peer"}},
	{{.name = "the peer is busy everywhere",
	  .from_line = true,
	  .peer = {.answer = PEER_REFUSES, .refuse_status = 600}},
	 {0},
	 {17, 600, NULL, "cleared-by=peer sip=600", NULL}},
	{{.name = "the peer is not there", .from_line = true, .peer = {.answer = PEER_REFUSES, .refuse_status = 480}},
	 {0},
	 {18, 480, NULL, "cause=18(no user responding)", NULL}},
	{{.name = "no such number at the peer",
	  .from_line = true,
	  .peer = {.answer = PEER_REFUSES, .refuse_status = 404}},
	 {0},
	 {1, 404, NULL, "cause=1(", NULL}},
	{{.name = "the peer rejects", .from_line = true, .peer = {.answer = PEER_REFUSES, .refuse_status = 603}},
	 {0},
	 {21, 603, NULL, "cause=21(", NULL}},
	{{.name = "the peer is overloaded", .from_line = true, .peer = {.answer = PEER_REFUSES, .refuse_status = 503}},
	 {0},
	 {41, 503, NULL, "cause=41(", NULL}},
	{{.name = "the peer knows the cause itself",
	  .from_line = true,
	  .peer = {.answer = PEER_REFUSES, .refuse_status = 503, .refuse_reason = "Q.850;cause=27"}},
	 {0},
	 {27, 503, NULL, "cause=27(", NULL}},
	{{.name = "the peer rings, then refuses",
	  .from_line = true,
	  .peer = {.answer = PEER_REFUSES, .refuse_status = 486, .provisional = 180, .answer_ms = 2000}},
	 {0},
	 {17, 486, NULL, "cause=17(", NULL}},
	{{.name = "the peer is silent", .from_line = true, .peer = {.answer = PEER_IS_SILENT}},
	 {.timeouts_text = "setup = 3 s\n"},
	 {102, 0, NULL, "fault=peer", "cause=102(recovery on timer expiry) cleared-by=gateway"}},
	{{.name = "the peer says no more than 100", .from_line = true, .peer = {.answer = PEER_RINGS}},
	 {.timeouts_text = "setup = 3 s\n"},
	 {102, 487, "Q.850;cause=102", "cause=102(", NULL}},
	{{.name = "nobody answers at the peer", .from_line = true, .peer = {.answer = PEER_RINGS, .provisional = 180}},
	 {.timeouts_text = "alerting = 6 s\n"},
	 {19, 487, "Q.850;cause=19", "fault=peer", "cause=19(no answer from user (user alerted)) cleared-by=gateway"}},
	/* the line will not: its cause is a status at the peer (RFC 3398 7.2.4.1) */
	{{.name = "the line is busy", .line = {.refuses = 17}},
	 {0},
	 {17, 486, "Q.850;cause=17", "cause=17(user busy) cleared-by=line", "fault=line"}},
	{{.name = "no such number on the line", .line = {.refuses = 1}},
	 {0},
	 {1, 404, "Q.850;cause=1;", "cause=1(", NULL}},
	{{.name = "the line rejects", .line = {.refuses = 21}}, {0}, {21, 403, "Q.850;cause=21", "cause=21(", NULL}},
	{{.name = "nobody answers, says the exchange", .line = {.refuses = 19}},
	 {0},
	 {19, 480, "Q.850;cause=19", "cause=19(", NULL}},
	{{.name = "the line is out of order", .line = {.refuses = 27}},
	 {0},
	 {27, 502, "Q.850;cause=27", "cause=27(", NULL}},
	{{.name = "the exchange has no circuit", .line = {.refuses = 34}},
	 {0},
	 {34, 503, "Q.850;cause=34", "cause=34(", NULL}},
	{{.name = "the exchange says normal", .line = {.refuses = 16}},
	 {0},
	 {16, 480, "Q.850;cause=16", "cause=16(", NULL}},
	{{.name = "the exchange is silent", .line = {.ignores = true}},
	 {.timeouts_text = "outgoing = 2 s\n"},
	 {0, 504, "Q.850;cause=102", "fault=line", "cause=102(recovery on timer expiry) cleared-by=gateway"}},
	{{.name = "the line does not ring", .line = {.never_rings = true, .never_answers = true}},
	 {.timeouts_text = "outgoing = 2 s\n"},
	 {102, 504, "Q.850;cause=102", "fault=line", "cause=102(recovery on timer expiry) cleared-by=gateway"}},
	{{.name = "nobody answers on the line", .line = {.never_answers = true}},
	 {.timeouts_text = "alerting = 6 s\n"},
	 {19, 480, "Q.850;cause=19", "fault=line", "cause=19(no answer from user (user alerted)) cleared-by=gateway"}},
	/* we will not */
	{{.name = "a number not accepted from the line",
	  .from_line = true,
	  .parties = {.called = {.digits = "7712345"}, .calling = {.digits = "5550100"}}},
	 {0},
	 {1, 0, NULL, "calling=5550100 called=7712345", "cause=1("}},
	{{.name = "a number that no span dials", .peer = {.to = "7712345"}},
	 {0},
	 {0, 404, "Q.850;cause=1;", "called=7712345", "sip=404"}},
	{{.name = "not a number", .peer = {.to = "alice"}}, {0}, {0, 404, "Q.850;cause=1;", "cause=1(", NULL}},
	{{.name = "data", .from_line = true, .data = true}, {0}, {65, 0, NULL, "cause=65(", "cleared-by=gateway"}},
	/* a channel the exchange has and we have not: any other will do, but there is none; or it will not do */
	{{.name = "an unknown channel, exclusive", .from_line = true, .timeslot = 3, .exclusive = true},
	 {.span_text = "timeslots = 1-2\n", .exchange_timeslots = 0xE},
	 {44, 0, NULL, "cause=44(", NULL}},
	/* the peer thinks better of it */
	{{.name = "CANCEL before the line rings",
	  .line = {.never_rings = true, .never_answers = true},
	  .peer = {.cancel_ms = 1000}},
	 {0},
	 {16, 487, NULL, "cause=16(", "cleared-by=peer"}},
	{{.name = "CANCEL at once", .peer = {.cancel_ms = 1}}, {0}, {16, 487, NULL, "cause=16(", "cleared-by=peer"}},
	{{.name = "CANCEL while the line is silent", .line = {.ignores = true}, .peer = {.cancel_ms = 1000}},
	 {0},
	 {0, 487, NULL, "cause=16(", "cleared-by=peer"}},
	{{.name = "CANCEL while it rings", .line = {.never_answers = true}, .peer = {.cancel_ms = 2000}},
	 {0},
	 {16, 487, NULL, "cause=16(", "cleared-by=peer"}},
	{{.name = "CANCEL while it rings audibly",
	  .line = {.never_answers = true, .inband = true},
	  .peer = {.cancel_ms = 2000}},
	 {0},
	 {16, 487, NULL, "cause=16(", "cleared-by=peer"}},
};

static void test_refused(void **state)
{
	const struct refused *r = &refused[(size_t)*state];
	struct lab *l = talk_lab(&r->lab);
	struct talk t;

	talk_start(&t, l, &r->call);
	lab_run(l, 100);
	talk_until_idle(&t, r->lab.timeouts_text ? LONGEST_TIMEOUT_MS + TALK_CLEARED_MS : TALK_CLEARED_MS);
	talk_expect(&t, &r->end);
	lab_close(l);
}

/* ---- calls that come about ---- */

static void expect_up(struct talk *t)
{
	talk_until(t, PSTN_UP, BEARER_AUDIO, 3000);
	lab_run(t->lab, 1000);
	if (xcall_result(t->line)->state != XCALL_CONNECTED)
		fail_msg("%s: not connected on the line", t->p->name);
}

static void expect_media(const struct talk *t)
{
	struct sip_peer_result r;

	sip_peer_result(t->lab->peer, t->peer, &r);
	assert_int_equal(r.state, PEER_ANSWERED);
	assert_int_equal(r.status, 200);
	assert_in_range(r.rtp_received, 45, 60);
	assert_in_range(xcall_result(t->line)->samples, 7000, 100000);
}

static void test_from_line(void **state)
{
	static const struct talk_params p = {
		.name = "from the line",
		.from_line = true,
		.parties = {.called = {.digits = LAB_NUMBER, .type = 1, .plan = 1},
			    .calling = {.digits = "4930555", .type = 1, .plan = 1},
			    .calling_name = "Fax Office"},
		.peer = {.provisional = 180, .answer_ms = 500},
	};
	struct lab *l = talk_lab(NULL);
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &p);
	expect_up(&t);
	expect_media(&t);
	sip_peer_result(l->peer, t.peer, &r);
	assert_string_equal(r.called, "+" LAB_NUMBER);
	assert_string_equal(r.calling, "+4930555");
	assert_true(lab_peer_heard(l, "\"Fax Office\""));
	assert_false(lab_peer_heard(l, "Privacy:"));
	assert_true(xcall_result(t.line)->alerting_ms >= 0);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){16, 200, "Q.850;cause=16",
					   "direction=e1-to-sip calling=4930555 called=" LAB_NUMBER " peer=fax",
					   "result=\"no fax\" fault=- media=g711"});
	lab_close(l);
}

static void test_from_peer(void **state)
{
	static const struct talk_params p = {
		.name = "from the peer",
		.line = {.answer_ms = 500},
		.peer = {.user = "+390612", .to = "+" LAB_OUT},
	};
	struct lab *l = talk_lab(NULL);
	const struct isdn_parties *parties;
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &p);
	expect_up(&t);
	expect_media(&t);
	parties = &xcall_result(t.line)->parties;
	assert_string_equal(parties->called.digits, LAB_OUT);
	assert_int_equal(parties->called.type, 1);
	assert_string_equal(parties->calling.digits, "390612");
	assert_int_equal(parties->calling.type, 1);
	assert_int_equal(parties->calling.presentation, PRESENTATION_ALLOWED);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.early_status, 180);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t,
		    &(struct talk_end){16, 200, NULL, "direction=sip-to-e1 calling=390612 called=" LAB_OUT " peer=fax",
				       "cause=16(normal call clearing) cleared-by=peer sip=0"});
	lab_close(l);
}

static void test_restricted(void **state)
{
	static const struct talk_params from_line = {
		.name = "restricted, from the line",
		.from_line = true,
		.parties = {.called = {.digits = LAB_NUMBER},
			    .calling = {.digits = "4930555", .presentation = PRESENTATION_RESTRICTED}},
	};
	static const struct talk_params from_peer = {.name = "restricted, from the peer",
						     .peer = {.user = "anonymous"}};
	struct lab *l = talk_lab(&(struct lab_params){.peer_text = "trust = yes\n"});
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &from_line);
	expect_up(&t);
	sip_peer_result(l->peer, t.peer, &r);
	assert_string_equal(r.calling, "anonymous");
	assert_true(lab_peer_heard(l, "Privacy: id"));
	assert_true(lab_peer_heard(l, "P-Asserted-Identity: <sip:4930555@"));
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_start(&t, l, &from_peer);
	expect_up(&t);
	assert_string_equal(xcall_result(t.line)->parties.calling.digits, "");
	assert_int_equal(xcall_result(t.line)->parties.calling.presentation, PRESENTATION_RESTRICTED);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* Ringing tone in band: both sides hear each other before the answer. */
static void test_early_media(void **state)
{
	static const struct talk_params from_line = {
		.name = "early media from the peer",
		.from_line = true,
		.peer = {.provisional = 183, .early_sdp = true, .answer_ms = 3000},
	};
	static const struct talk_params from_peer = {.name = "early media from the line",
						     .line = {.inband = true, .answer_ms = 3000}};
	struct lab *l = talk_lab(NULL);
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &from_line);
	lab_run(l, 2000);
	assert_true(xcall_result(t.line)->inband);
	assert_true(xcall_result(t.line)->connect_ms < 0);
	assert_int_equal(talk_leg(&t)->bearer.fsm.state, BEARER_AUDIO);
	expect_up(&t);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);

	talk_start(&t, l, &from_peer);
	lab_run(l, 2000);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.early_status, 183);
	assert_true(r.early_sdp);
	assert_int_equal(r.status, 0);
	assert_true(r.rtp_received > 50);
	expect_up(&t);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* ---- channels ---- */

/* Both channels of a small span are in use: the next call is refused, from either side. */
static void test_no_channel(void **state)
{
	static const struct talk_params up[2] = {{.name = "first", .from_line = true, .timeslot = 1},
						 {.name = "second"}};
	static const struct talk_params more[2] = {{.name = "third, from the peer"},
						   {.name = "third, from the line", .from_line = true, .timeslot = 3}};
	struct lab *l = talk_lab(&(struct lab_params){.span_text = "timeslots = 1-2\n", .exchange_timeslots = 0xE});
	struct talk running[2], t;

	for (unsigned i = 0; i < 2; i++) {
		talk_start(&running[i], l, &up[i]);
		expect_up(&running[i]);
	}
	talk_start(&t, l, &more[0]);
	lab_run(l, 2000);
	talk_expect(&t, &(struct talk_end){0, 503, "Q.850;cause=34", "cause=34(", "sip=503"});
	talk_start(&t, l, &more[1]);
	lab_run(l, 2000);
	talk_expect_nth(&t, 1, &(struct talk_end){34, 0, NULL, "cause=34(", "cleared-by=gateway"});
	assert_int_equal(l->spans[0].span->nlegs, 2);
	talk_hangup_line(&running[0], Q850_NORMAL);
	talk_hangup_peer(&running[1]);
	talk_until_idle(&t, TALK_CLEARED_MS);
	/* and one ended makes room for another */
	talk_start(&t, l, &up[1]);
	expect_up(&t);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* The line names a channel that we have not, but does not insist: it gets another. */
static void test_other_channel(void **state)
{
	static const struct talk_params p = {.name = "a channel of ours", .from_line = true, .timeslot = 3};
	static const struct talk_params any = {.name = "any channel", .from_line = true, .any = true};
	struct lab *l = talk_lab(&(struct lab_params){.span_text = "timeslots = 1-2\n", .exchange_timeslots = 0xE});
	struct talk t, t2;

	talk_start(&t, l, &p);
	expect_up(&t);
	assert_int_equal(xcall_result(t.line)->timeslot, 2);
	talk_start(&t2, l, &any);
	expect_up(&t2);
	assert_int_equal(xcall_result(t2.line)->timeslot, 1);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_hangup_line(&t2, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* Cause 44: the call goes on, on another channel; three times is enough. */
static void test_collision(void **state)
{
	static const struct talk_params once = {.name = "one collision", .line = {.collides = 1}};
	static const struct talk_params always = {.name = "nothing but collisions", .line = {.collides = 100}};
	struct lab *l = talk_lab(NULL);
	struct talk t;

	talk_start(&t, l, &once);
	expect_up(&t);
	assert_int_equal(t.tries, 2);
	assert_int_equal(xcall_result(t.line)->timeslot, 30);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){16, 200, NULL, "cause=16(", NULL});

	talk_start(&t, l, &always);
	lab_run(l, 100);
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_int_equal(t.tries, 3);
	talk_expect_nth(&t, 1, &(struct talk_end){44, 503, "Q.850;cause=34", "cause=34(", "cleared-by=gateway"});
	lab_close(l);
}

/*
 * Both sides take the same channel in the same moment, the line's SETUP exclusively, and we are the network: it gets
 * 44, and so does ours from this exchange, which goes on elsewhere. (Where we are the user: test_channels.c.)
 */
static void test_glare(void **state)
{
	static const struct talk_params from_peer = {.name = "from the peer"};
	static const struct talk_params from_line = {
		.name = "from the line", .from_line = true, .timeslot = 31, .exclusive = true};
	struct lab *l = talk_lab(&(struct lab_params){.span_text = "side = nt\n"});
	struct talk ours, theirs;

	talk_start(&ours, l, &from_peer);
	lab_step(l);
	assert_int_equal(chanmap_state(&l->spans[0].span->channels, 31), CHAN_BUSY);
	assert_null(ours.line);
	talk_start(&theirs, l, &from_line);
	talk_last = &ours;
	expect_up(&ours);
	assert_int_equal(xcall_result(theirs.line)->cause, Q850_CHANNEL_UNAVAILABLE);
	assert_int_equal(xcall_result(theirs.line)->state, XCALL_GONE);
	assert_int_equal(xcall_result(ours.line)->timeslot, 30);
	talk_expect_text(&theirs, 0, "cause=44(");
	talk_hangup_peer(&ours);
	talk_until_idle(&ours, TALK_CLEARED_MS);
	lab_close(l);
}

/* The first span is full, or its D channel is down: the second is tried. */
static void test_next_span(void **state)
{
	static const struct talk_params p[3] = {{.name = "first"}, {.name = "second", .span = 1}, {.name = "third"}};
	struct lab *l = talk_lab(&(struct lab_params){.nspans = 2, .span_text = "timeslots = 1\n"});
	struct talk t[3];

	for (unsigned i = 0; i < 2; i++) {
		talk_start(&t[i], l, &p[i]);
		expect_up(&t[i]);
		assert_int_equal(l->spans[i].span->nlegs, 1);
	}
	assert_true(lab_log_has(l, "span 1: no free channel"));
	assert_true(lab_log_has(l, "trying span 2"));
	talk_start(&t[2], l, &p[2]);
	lab_run(l, 1000);
	talk_expect(&t[2], &(struct talk_end){0, 503, "Q.850;cause=34", "cause=34(", NULL});
	talk_hangup_peer(&t[0]);
	talk_hangup_line(&t[1], Q850_NORMAL);
	talk_until_idle(&t[0], TALK_CLEARED_MS);
	assert_int_equal(lab_log_count(l, ": END "), 3);
	lab_close(l);
}

/* Channels that collide on the first span, until it is given up: the second is tried. */
static void test_next_span_after_collisions(void **state)
{
	static const struct talk_params p = {.name = "collisions on a span", .span = 1, .line = {.collides = 3}};
	struct lab *l = talk_lab(&(struct lab_params){.nspans = 2});
	struct talk t;

	talk_start(&t, l, &p);
	expect_up(&t);
	assert_int_equal(t.tries, 4);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_int_equal(lab_log_count(l, ": END "), 1);
	assert_int_equal(lab_log_count(l, "no channel of this span for it: cause=34("), 1);
	lab_close(l);
}

/* The last span takes the call and has no channel, or will not even take it: one record all the same. */
static void test_no_span_after_collisions(void **state)
{
	static const struct talk_params p = {.name = "collisions everywhere", .line = {.collides = 99}};
	static const struct lab_params labs[] = {{.nspans = 2}, {.nspans = 2, .span_texts = {[1] = "timeslots = 1\n"}}};

	for (size_t i = 0; i < 2; i++) {
		struct lab *l = talk_lab(&labs[i]);
		struct talk t;

		if (i)
			chanmap_block(&l->spans[1].span->channels, 1, CHAN_OPERATOR, true);
		talk_start(&t, l, &p);
		talk_until_idle(&t, 8000);
		talk_expect_text(&t, 0, "cause=34(");
		assert_int_equal(lab_log_count(l, ": END "), 1);
		if (i)
			chanmap_block(&l->spans[1].span->channels, 1, CHAN_OPERATOR, false);
		lab_close(l);
	}
}

#define REFUSED (sizeof(refused) / sizeof(refused[0]))

static const struct CMUnitTest others[] = {
	cmocka_unit_test(test_from_line),
	cmocka_unit_test(test_from_peer),
	cmocka_unit_test(test_restricted),
	cmocka_unit_test(test_early_media),
	cmocka_unit_test(test_no_channel),
	cmocka_unit_test(test_other_channel),
	cmocka_unit_test(test_collision),
	cmocka_unit_test(test_glare),
	cmocka_unit_test(test_next_span),
	cmocka_unit_test(test_next_span_after_collisions),
	cmocka_unit_test(test_no_span_after_collisions),
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

int main(void)
{
	struct CMUnitTest tests[OTHERS + REFUSED];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < REFUSED; i++)
		tests[OTHERS + i] = (struct CMUnitTest){refused[i].call.name, test_refused, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
