/* SPDX-License-Identifier: GPL-2.0-only */
/* Every state of a call, ended by either side, by nobody (the timeouts), and by a side that has died. */
#include "tests/call/fax.h"
#include "tests/call/talk.h"

#define AT_ANSWER "t38_start = at-answer\n"

/* A call that has come to a state, from where it is ended. */
static const struct state_case {
	struct talk_params call;
	const char *fax_text;
	enum leg_pstn_state state;
	int bearer;
	struct talk_end by_line, by_peer;
} cases[] = {
	/* from the line */
	{{.name = "from the line, OFFERED", .from_line = true, .peer = {.answer = PEER_RINGS}},
	 NULL,
	 PSTN_OFFERED,
	 -1,
	 {16, 487, "Q.850;cause=16", "cleared-by=line", "media=none"},
	 {17, 486, NULL, "cause=17(user busy) cleared-by=peer", "media=none"}},
	{{.name = "from the line, ALERTING", .from_line = true, .peer = {.answer = PEER_RINGS, .provisional = 180}},
	 NULL,
	 PSTN_ALERTING,
	 -1,
	 {16, 487, "Q.850;cause=16", "cleared-by=line", NULL},
	 {17, 486, NULL, "cleared-by=peer", NULL}},
	{{.name = "from the line, early media",
	  .from_line = true,
	  .peer = {.answer = PEER_RINGS, .provisional = 183, .early_sdp = true}},
	 NULL,
	 PSTN_SIP_PROGRESS,
	 BEARER_AUDIO,
	 {16, 487, "Q.850;cause=16", "cleared-by=line", NULL},
	 {17, 486, NULL, "cleared-by=peer", NULL}},
	{{.name = "from the line, UP, audio", .from_line = true},
	 NULL,
	 PSTN_UP,
	 BEARER_AUDIO,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", "media=g711"},
	 {16, 200, NULL, "cause=16(normal call clearing) cleared-by=peer", "media=g711"}},
	{{.name = "from the line, UP, switching", .from_line = true, .peer = {.t38 = PEER_T38_IS_SILENT}},
	 AT_ANSWER,
	 PSTN_UP,
	 BEARER_SWITCHING,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", NULL},
	 {16, 200, NULL, "cleared-by=peer", NULL}},
	{{.name = "from the line, UP, T.38", .from_line = true},
	 AT_ANSWER,
	 PSTN_UP,
	 BEARER_T38,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", "media=t38"},
	 {16, 200, NULL, "cleared-by=peer", "media=t38"}},
	{{.name = "from the line, UP, pass-through", .from_line = true, .peer = {.t38 = PEER_T38_REFUSES}},
	 AT_ANSWER,
	 PSTN_UP,
	 BEARER_PASSTHROUGH,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", "media=g711-fax"},
	 {16, 200, NULL, "cleared-by=peer", "media=g711-fax"}},
	/* to the line */
	{{.name = "to the line, DIALED", .line = {.never_rings = true, .never_answers = true}},
	 NULL,
	 PSTN_DIALED,
	 -1,
	 {16, 480, "Q.850;cause=16", "cleared-by=line", "media=none"},
	 {16, 487, NULL, "cleared-by=peer", "media=none"}},
	{{.name = "to the line, early media", .line = {.progress_ms = 500, .never_rings = true, .never_answers = true}},
	 NULL,
	 PSTN_LINE_PROGRESS,
	 BEARER_AUDIO,
	 {16, 480, "Q.850;cause=16", "cleared-by=line", NULL},
	 {16, 487, NULL, "cleared-by=peer", NULL}},
	{{.name = "to the line, RINGING", .line = {.never_answers = true}},
	 NULL,
	 PSTN_RINGING,
	 -1,
	 {16, 480, "Q.850;cause=16", "cleared-by=line", NULL},
	 {16, 487, NULL, "cleared-by=peer", NULL}},
	{{.name = "to the line, RINGING audibly", .line = {.never_answers = true, .inband = true}},
	 NULL,
	 PSTN_RINGING,
	 BEARER_AUDIO,
	 {16, 480, "Q.850;cause=16", "cleared-by=line", NULL},
	 {16, 487, NULL, "cleared-by=peer", NULL}},
	{{.name = "to the line, UP, audio"},
	 NULL,
	 PSTN_UP,
	 BEARER_AUDIO,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", NULL},
	 {16, 200, NULL, "cleared-by=peer", NULL}},
	{{.name = "to the line, UP, switching", .peer = {.t38 = PEER_T38_IS_SILENT}},
	 AT_ANSWER,
	 PSTN_UP,
	 BEARER_SWITCHING,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", NULL},
	 {16, 200, NULL, "cleared-by=peer", NULL}},
	{{.name = "to the line, UP, T.38"},
	 AT_ANSWER,
	 PSTN_UP,
	 BEARER_T38,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", "media=t38"},
	 {16, 200, NULL, "cleared-by=peer", "media=t38"}},
	{{.name = "to the line, UP, pass-through", .peer = {.t38 = PEER_T38_PORT_ZERO}},
	 AT_ANSWER,
	 PSTN_UP,
	 BEARER_PASSTHROUGH,
	 {16, 200, "Q.850;cause=16", "cleared-by=line", "media=g711-fax"},
	 {16, 200, NULL, "cleared-by=peer", "media=g711-fax"}},
};

enum who { BY_LINE, BY_PEER, BY_BOTH, BY_LINE_THEN_PEER, BY_PEER_THEN_LINE, WHO };

static const char *const who_names[] = {"the line", "the peer", "both at once", "the line, then the peer",
					"the peer, then the line"};

static void end_it(struct talk *t, enum who who)
{
	switch (who) {
	case BY_LINE:
		talk_hangup_line(t, Q850_NORMAL);
		break;
	case BY_PEER:
		talk_hangup_peer(t);
		break;
	case BY_BOTH:
		talk_hangup_line(t, Q850_NORMAL);
		talk_hangup_peer(t);
		break;
	case BY_LINE_THEN_PEER:
		talk_hangup_line(t, Q850_NORMAL);
		lab_step(t->lab);
		talk_hangup_peer(t);
		break;
	default:
		talk_hangup_peer(t);
		lab_step(t->lab);
		talk_hangup_line(t, Q850_NORMAL);
	}
}

/* When both clear it does not matter who came first, but that the call is gone, with one record. */
static void expect_end(const struct talk *t, const struct state_case *c, enum who who)
{
	if (who == BY_LINE || who == BY_PEER)
		talk_expect(t, who == BY_LINE ? &c->by_line : &c->by_peer);
	else if (xcall_result(t->line)->state != XCALL_GONE)
		fail_msg("%s, ended by %s: not gone on the line", t->p->name, who_names[who]);
	if (lab_log_count(t->lab, ": END ") != 1)
		fail_msg("%s, ended by %s: %u END lines", t->p->name, who_names[who], lab_log_count(t->lab, ": END "));
}

static void test_hangup(void **state)
{
	const struct state_case *c = &cases[(size_t)*state];

	for (enum who who = BY_LINE; who < WHO; who++) {
		struct lab *l = talk_lab(&(struct lab_params){.fax_text = c->fax_text});
		struct talk t;

		talk_start(&t, l, &c->call);
		talk_until(&t, c->state, c->bearer, 3000);
		lab_run(l, 200);
		talk_until(&t, c->state, c->bearer, 0);
		end_it(&t, who);
		talk_until_idle(&t, TALK_CLEARED_MS);
		expect_end(&t, c, who);
		lab_close(l);
	}
}

/* ---- a side that has died ---- */

#define ABANDONED_MS 9000 /* the clearing timeout is 4 s, SIP's own 5 s, and 8 s stand behind them */

/* The peer says nothing any more: its BYE is not answered, but the line is free at once. */
static void test_peer_is_dead(void **state)
{
	const struct state_case *c = &cases[(size_t)*state];
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = c->fax_text});
	struct talk t;

	talk_start(&t, l, &c->call);
	talk_until(&t, c->state, c->bearer, 3000);
	lab_run(l, 200);
	lab_kill_peer(l, true);
	talk_hangup_line(&t, Q850_NORMAL);
	lab_run(l, 500);
	if (xcall_result(t.line)->state != XCALL_GONE)
		fail_msg("%s: the line is not free after 500 ms", c->call.name);
	assert_int_equal(chanmap_count(&l->spans[0].span->channels, CHAN_BUSY), 0);
	talk_until_idle(&t, ABANDONED_MS);
	talk_expect_text(&t, 0, "cause=16(normal call clearing) cleared-by=line");
	assert_int_equal(lab_log_count(l, ": END "), 1);
	lab_close(l);
}

/*
 * The exchange says nothing any more: DISCONNECT is not answered, but the peer is free at once; and when the
 * exchange is back, so are calls.
 */
static void test_exchange_is_dead(void **state)
{
	static const struct talk_params again = {.name = "the exchange is back"};
	const struct state_case *c = &cases[(size_t)*state];
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = c->fax_text});
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &c->call);
	talk_until(&t, c->state, c->bearer, 3000);
	lab_run(l, 200);
	lab_kill_exchange(l, 0, true);
	talk_hangup_peer(&t);
	lab_run(l, 500);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.state, PEER_OVER);
	talk_until_idle(&t, ABANDONED_MS);
	talk_expect_text(&t, 0, "cleared-by=peer");
	assert_true(lab_log_has(l, "not cleared in 4000 ms by the line: dropped"));
	assert_int_equal(lab_log_count(l, ": END "), 1);
	assert_int_equal(chanmap_count(&l->spans[0].span->channels, CHAN_BUSY), 0);

	lab_kill_exchange(l, 0, false);
	lab_run(l, 40000);
	talk_start(&t, l, &again);
	talk_until(&t, PSTN_UP, -1, 3000);
	talk_hangup_peer(&t);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* ---- the timeouts ---- */

static const struct timeout_case {
	struct talk_params call;
	const char *fax_text, *timeouts_text;
	unsigned least_ms, most_ms; /* until the call is gone */
	struct talk_end end;
} timeouts[] = {
	{{.name = "setup", .from_line = true, .peer = {.answer = PEER_RINGS}},
	 NULL,
	 "setup = 2 s\n",
	 1900,
	 3000,
	 {102, 487, "Q.850;cause=102", "cause=102(recovery on timer expiry) cleared-by=gateway",
	  "not answered: no answer in time\" fault=peer"}},
	{{.name = "alerting, from the line", .from_line = true, .peer = {.answer = PEER_RINGS, .provisional = 180}},
	 NULL,
	 "alerting = 5 s\n",
	 4900,
	 6000,
	 {19, 487, "Q.850;cause=19", "cleared-by=gateway", "not answered: no answer in time\" fault=peer"}},
	{{.name = "alerting, to the line", .line = {.never_answers = true}},
	 NULL,
	 "alerting = 5 s\n",
	 4900,
	 6000,
	 {19, 480, "Q.850;cause=19", "cleared-by=gateway", "not answered: no answer in time\" fault=line"}},
	{{.name = "outgoing", .line = {.never_rings = true, .never_answers = true}},
	 NULL,
	 "outgoing = 2 s\n",
	 1900,
	 3000,
	 {102, 504, "Q.850;cause=102", "cleared-by=gateway", "not answered: no answer in time\" fault=line"}},
	{{.name = "call, from the line", .from_line = true},
	 NULL,
	 "call = 1 min\n",
	 59900,
	 62000,
	 {102, 200, "Q.850;cause=102", "cleared-by=gateway", "media=g711"}},
	{{.name = "call, to the line"},
	 NULL,
	 "call = 1 min\n",
	 59900,
	 62000,
	 {102, 200, "Q.850;cause=102", "cleared-by=gateway", "media=g711"}},
	{{.name = "call, in T.38"},
	 AT_ANSWER,
	 "call = 1 min\nfax_idle = 2 min\n",
	 59900,
	 62000,
	 {102, 200, "Q.850;cause=102", "cleared-by=gateway", "media=t38"}},
	{{.name = "fax_idle, from the line", .from_line = true},
	 AT_ANSWER,
	 "fax_idle = 40 s\n",
	 40000,
	 46500,
	 {16, 200, "Q.850;cause=16", "cleared-by=gateway", "result=\"fax failed"}},
	{{.name = "fax_idle, to the line"},
	 AT_ANSWER,
	 "fax_idle = 40 s\n",
	 40000,
	 46500,
	 {16, 200, "Q.850;cause=16", "cleared-by=gateway", "result=\"fax failed"}},
};

static void test_timeout(void **state)
{
	const struct timeout_case *c = &timeouts[(size_t)*state];
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = c->fax_text, .timeouts_text = c->timeouts_text});
	int64_t begin_ms = lab_now_ms(l);
	struct talk t;

	talk_start(&t, l, &c->call);
	lab_run(l, 100);
	if (!lab_until(l, lab_is_idle, NULL, c->most_ms - 100))
		fail_msg("%s: not ended after %u ms", c->call.name, c->most_ms);
	if (lab_now_ms(l) - begin_ms < c->least_ms)
		fail_msg("%s: ended after %d ms already", c->call.name, (int)(lab_now_ms(l) - begin_ms));
	lab_run(l, TALK_SETTLE_MS);
	talk_expect(&t, &c->end);
	lab_close(l);
}

/* The re-INVITE is not answered: after its timeout the fax passes in G.711, and the call goes on. */
static void test_t38_switch_timeout(void **state)
{
	const struct talk_params p = {
		.name = "t38_switch", .from_line = *state != NULL, .peer = {.t38 = PEER_T38_IS_SILENT}};
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = AT_ANSWER, .timeouts_text = "t38_switch = 2 s\n"});
	struct talk t;

	talk_start(&t, l, &p);
	talk_until(&t, PSTN_UP, BEARER_SWITCHING, 3000);
	lab_run(l, 1900);
	talk_until(&t, PSTN_UP, BEARER_SWITCHING, 0);
	lab_run(l, 200);
	talk_until(&t, PSTN_UP, BEARER_PASSTHROUGH, 0);
	assert_true(lab_log_has(l, "no answer to the T.38 re-INVITE in 2000 ms"));
	lab_run(l, 40000);
	talk_until(&t, PSTN_UP, BEARER_PASSTHROUGH, 0);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){16, 200, "Q.850;cause=16", "media=g711-fax", NULL});
	lab_close(l);
}

/* The fax is over, its machines have said DCN, but nobody puts the receiver down. */
static void test_after_dcn_timeout(void **state)
{
	struct fax_case c = {
		.name = "after_dcn",
		.from_line = *state != NULL,
		.nobody_clears = true,
		.lab = {.timeouts_text = "after_dcn = 2 s\n"},
	};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	assert_int_equal(o.call.cause, 16);
	assert_non_null(strstr(o.peer.reason, "Q.850;cause=16"));
	fax_expect_end(&c, &o, "result=\"fax ok\"");
	fax_expect_end(&c, &o, "cause=16(normal call clearing) cleared-by=gateway");
	assert_true(o.line_ms < 60000);
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int main(void)
{
	static char names[2 * COUNT(cases)][80];
	struct CMUnitTest tests[3 * COUNT(cases) + COUNT(timeouts) + 4];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(names[2 * i], sizeof(names[0]), "the peer dies: %s", cases[i].call.name);
		snprintf(names[2 * i + 1], sizeof(names[0]), "the exchange dies: %s", cases[i].call.name);
		tests[n++] = (struct CMUnitTest){cases[i].call.name, test_hangup, NULL, NULL, (void *)i};
		tests[n++] = (struct CMUnitTest){names[2 * i], test_peer_is_dead, NULL, NULL, (void *)i};
		tests[n++] = (struct CMUnitTest){names[2 * i + 1], test_exchange_is_dead, NULL, NULL, (void *)i};
	}
	for (size_t i = 0; i < COUNT(timeouts); i++)
		tests[n++] = (struct CMUnitTest){timeouts[i].call.name, test_timeout, NULL, NULL, (void *)i};
	tests[n++] = (struct CMUnitTest){"t38_switch, to the line", test_t38_switch_timeout, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"t38_switch, from the line", test_t38_switch_timeout, NULL, NULL, (void *)1};
	tests[n++] = (struct CMUnitTest){"after_dcn, to the line", test_after_dcn_timeout, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"after_dcn, from the line", test_after_dcn_timeout, NULL, NULL, (void *)1};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
