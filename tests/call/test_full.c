/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Full mailboxes: what one thread wants to say does not reach the other. No call may hang, or go on by halves: each is
 * cleared on both sides, has one END line, and leaves nothing behind.
 */
#include "gateway/bearer/bearer_own.h"
#include "tests/call/talk.h"
#include "tests/sim/clock_sim.h"

#define FULL_MS		1000 /* so long a mailbox stays full */
#define CLEARED_FULL_MS 8000

enum full { FULL_SIP, FULL_SPAN };
enum act { ACT_NOTHING, ACT_LINE_CLEARS, ACT_PEER_CLEARS, ACT_FAX_IS_HEARD };

static const struct full_case {
	struct talk_params call;
	const char *fax_text;
	int state; /* a state of leg_pstn, in which the mailbox fills up; -1: before the call */
	enum full full;
	enum act act; /* what happens while it is full */
	const char *end, *end2;
} cases[] = {
	{{.name = "SETUP from the line, SIP is full", .from_line = true},
	 NULL,
	 -1,
	 FULL_SIP,
	 ACT_NOTHING,
	 "cause=42(",
	 "result=\"not answered: SIP thread overloaded\" fault=gateway"},
	{{.name = "INVITE, the span is full"},
	 NULL,
	 -1,
	 FULL_SPAN,
	 ACT_NOTHING,
	 "cause=42(",
	 "result=\"not answered: span thread overloaded\" fault=gateway"},
	{{.name = "the peer answers, the span is full",
	  .from_line = true,
	  .peer = {.provisional = 180, .answer_ms = 300}},
	 NULL,
	 PSTN_ALERTING,
	 FULL_SPAN,
	 ACT_NOTHING,
	 "cause=42(",
	 "cleared-by=gateway"},
	{{.name = "the line answers, SIP is full", .line = {.answer_ms = 300}},
	 NULL,
	 PSTN_RINGING,
	 FULL_SIP,
	 ACT_NOTHING,
	 "cause=42(",
	 "cleared-by=gateway"},
	{{.name = "T.38 is to be asked for, SIP is full", .from_line = true},
	 "t38_start = on-preamble\n",
	 PSTN_UP,
	 FULL_SIP,
	 ACT_FAX_IS_HEARD,
	 "cause=42(",
	 "result=\"fax failed: no T.30 frame was seen\" fault=gateway"},
	{{.name = "the line clears, SIP is full", .from_line = true},
	 NULL,
	 PSTN_UP,
	 FULL_SIP,
	 ACT_LINE_CLEARS,
	 "cause=16(",
	 "cleared-by=line"},
	{{.name = "the line clears, the span is full", .from_line = true},
	 NULL,
	 PSTN_UP,
	 FULL_SPAN,
	 ACT_LINE_CLEARS,
	 "cause=16(",
	 "cleared-by=line"},
	{{.name = "the peer clears, the span is full"},
	 NULL,
	 PSTN_UP,
	 FULL_SPAN,
	 ACT_PEER_CLEARS,
	 "cause=16(",
	 "cleared-by=peer"},
	{{.name = "the peer clears, SIP is full"},
	 NULL,
	 PSTN_UP,
	 FULL_SIP,
	 ACT_PEER_CLEARS,
	 "cause=16(",
	 "cleared-by=peer"},
};

/* With words about a call that nobody knows. */
static void fill(struct lab *l, enum full which)
{
	const struct msg m = {.type = MSG_ALERTING, .call = {999, 999}};

	while (!mailbox_post(which == FULL_SIP ? sipside_inbox(l->sip) : span_inbox(l->spans[0].span), &m))
		;
}

struct filler {
	struct lab *lab;
	enum full which;
};

/* Just before a datagram arrives: in between the threads have emptied their mailboxes. */
static bool fill_again(struct net_sim_datagram *d, void *arg)
{
	const struct filler *f = arg;

	fill(f->lab, f->which);
	return true;
}

static void act(const struct talk *t, enum act what)
{
	if (what == ACT_LINE_CLEARS)
		talk_hangup_line(t, Q850_NORMAL);
	else if (what == ACT_PEER_CLEARS)
		talk_hangup_peer(t);
	else if (what == ACT_FAX_IS_HEARD)
		bearer_heard(&t->lab->spans[0].span->legs[0]->bearer, HEARD_LINE, TONE_V21);
}

static void test_full(void **state)
{
	const struct full_case *c = &cases[(size_t)*state];
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = c->fax_text});
	struct filler f = {l, c->full};
	struct talk t;

	if (c->state < 0)
		fill(l, c->full);
	talk_start(&t, l, &c->call);
	if (c->state >= 0)
		talk_until(&t, (enum leg_pstn_state)c->state, -1, 3000);
	fill(l, c->full);
	net_sim_tap_arrivals(l->net, fill_again, &f);
	act(&t, c->act);
	for (unsigned ms = 0; ms < FULL_MS; ms += 20) {
		fill(l, c->full);
		lab_step(l);
	}
	net_sim_tap_arrivals(l->net, NULL, NULL);
	talk_until_idle(&t, CLEARED_FULL_MS);
	talk_expect_text(&t, 0, c->end);
	talk_expect_text(&t, 0, c->end2);
	if (lab_log_end(l, 1))
		fail_msg("%s: two END lines:\n%s", c->call.name, l->log);
	l->errors_expected = l->log_errors;
	lab_close(l);
}

/* One span has no channel, and its mailbox is full when it is to be told that the next one is asked: that is the one's
 * business, not the other's. */
static void test_next_span(void **state)
{
	static const struct talk_params call = {.name = "the next span is asked, the first is full", .span = 1};
	struct lab *l = talk_lab(&(struct lab_params){.nspans = 2});
	struct talk t;

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		chanmap_block(&l->spans[0].span->channels, ts, CHAN_OPERATOR, true);
	talk_start(&t, l, &call);
	for (unsigned ms = 0; !l->sip->nlegs || l->sip->legs[0]->span == 0; ms++) {
		assert_in_range(ms, 0, 1000);
		clock_sim_advance_us(MS_US);
		net_sim_run(l->net, clock_sim_now_us());
		sip_peer_run(l->peer, clock_sim_now_us());
		loop_step(l->spans[0].span->loop, 0);
		fill(l, FULL_SPAN);
		loop_step(l->sip->loop, 0);
	}
	talk_until(&t, PSTN_UP, -1, 1000);
	lab_run(l, 1000);
	talk_until(&t, PSTN_UP, -1, 0);
	talk_hangup_peer(&t);
	talk_until_idle(&t, CLEARED_FULL_MS);
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		chanmap_block(&l->spans[0].span->channels, ts, CHAN_OPERATOR, false);
	lab_close(l);
}

/* The span cannot say that it has the call: it ends it, and has its record; the SIP side has none of its own. */
static void test_proceeding_is_lost(void **state)
{
	static const struct talk_params call = {.name = "INVITE, SIP is full when the span proceeds"};
	struct lab *l = talk_lab(NULL);
	struct talk t;

	talk_start(&t, l, &call);
	for (unsigned ms = 0; !l->spans[0].span->nlegs; ms++) {
		assert_in_range(ms, 0, 1000);
		clock_sim_advance_us(MS_US);
		net_sim_run(l->net, clock_sim_now_us());
		sip_peer_run(l->peer, clock_sim_now_us());
		loop_step(l->sip->loop, 0);
		fill(l, FULL_SIP);
		loop_step(l->spans[0].span->loop, 0);
	}
	talk_until_idle(&t, CLEARED_FULL_MS);
	talk_expect_text(&t, 0, "cause=42(");
	assert_null(lab_log_end(l, 1));
	l->errors_expected = l->log_errors;
	lab_close(l);
}

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[N + 2] = {[N] = cmocka_unit_test(test_next_span),
					  [N + 1] = cmocka_unit_test(test_proceeding_is_lost)};

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){cases[i].call.name, test_full, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
