/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/call/t30_call.h"
#include "tests/call/t30_bare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define T30_CALL_CASES	  100
#define LIMIT_MS	  (10 * 60 * 1000)
#define HANGUP_AFTER_MS	  400
#define CLEARED_LIMIT_MS  5000
#define PREAMBLE_MOST_MS  1200
#define PREAMBLE_WHOLE_MS 2400 /* it lasts until the frame has come, of 35 octets at most */

struct run {
	const struct t30_case *c;
	bool line_calls;
	char dir[64], sent[96], received[96];
	struct machine_params caller, called;
	struct machine *machine; /* on the line */
	struct xcall *call;
	int64_t done_ms;
	struct lab *lab;
	struct t30_call_outcome *o;
};

static void print_note(const char *line, void *arg)
{
	fprintf(stderr, "%s\n", line);
}

static void make_end(struct run *r, struct machine_params *p, struct t30_report *report, bool scripted)
{
	*p = (struct machine_params){.caller = p == &r->caller, .ident = "t30", .ecm = r->c->ecm};
	report->note = getenv("T30_TRACE") ? print_note : NULL;
	if (scripted) {
		p->script = r->c->turns;
		p->report = report;
		p->style = r->c->style;
	} else if (p->caller) {
		p->send_file = r->sent;
	} else {
		p->receive_file = r->received;
	}
}

static void prepare(struct run *r)
{
	snprintf(r->dir, sizeof(r->dir), "/tmp/faxspan-test-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->sent, sizeof(r->sent), "%s/sent.tif", r->dir);
	snprintf(r->received, sizeof(r->received), "%s/received.tif", r->dir);
	assert_int_equal(page_make(r->sent, r->c->pages ? r->c->pages : 1, 200, PAGE_TEXT, 1), 0);
	make_end(r, &r->caller, &r->o->caller, r->c->ends != T30_CALLED_ALONE);
	make_end(r, &r->called, &r->o->called, r->c->ends != T30_CALLER_ALONE);
}

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			   void *arg)
{
	struct run *r = arg;

	assert_int_equal(machine_alloc(&r->machine, &r->called), 0);
	r->call = c;
	b->answer_ms = 500;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = r->machine};
}

static void start(struct run *r)
{
	struct exchange_call call = {.timeslot = 0};
	struct sip_peer_call_params p = r->lab->par.peer;
	unsigned id;

	if (!r->line_calls) {
		p.fax = &r->caller;
		p.offer = r->c->in_audio ? PEER_OFFERS_AUDIO : PEER_OFFERS_IMAGE;
		p.t38_after_ms = 0;
		p.to = LAB_OUT;
		assert_int_equal(sip_peer_call(r->lab->peer, &r->lab->gateway, &p, &id), 0);
		return;
	}
	strcpy(call.parties.called.digits, LAB_NUMBER);
	strcpy(call.parties.calling.digits, LAB_CALLER);
	assert_int_equal(machine_alloc(&r->machine, &r->caller), 0);
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = r->machine};
	assert_int_equal(exchange_call(r->lab->spans[0].x, &call, &r->call), 0);
}

/* Who is done puts the receiver down: on the line here, the peer by itself. */
static bool all_done(struct lab *l, void *arg)
{
	struct run *r = arg;
	struct machine_result m;

	if (!r->call)
		return false;
	machine_result(r->machine, &m);
	if (m.done && !r->done_ms)
		r->done_ms = lab_now_ms(l);
	if (r->done_ms && lab_now_ms(l) - r->done_ms >= HANGUP_AFTER_MS &&
	    xcall_result(r->call)->state < XCALL_CLEARING)
		exchange_hangup(r->call, Q850_NORMAL);
	return xcall_result(r->call)->state == XCALL_GONE;
}

static void collect(struct run *r)
{
	struct sip_peer_result peer;
	struct page_report page;
	const bool machine_calls = r->c->ends == T30_CALLED_ALONE;

	if (r->c->ends == T30_BOTH_ENDS)
		return;
	if (machine_calls == r->line_calls) {
		machine_result(r->machine, &r->o->machine);
	} else {
		sip_peer_result(r->lab->peer, 0, &peer);
		r->o->machine = peer.fax;
	}
	r->o->whole = page_compare(r->sent, r->received, &page);
}

static unsigned setting(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

/* As much each way; a peer that waits for what is late. */
static void add_jitter(struct lab *l, unsigned jitter_ms)
{
	const struct net_sim_damage d = {.delay_us = 20000, .jitter_us = (int64_t)jitter_ms * 1000};

	if (jitter_ms)
		lab_damage_media(l, &d, &d);
}

void t30_call_run(const struct t30_case *c, bool line_calls, struct t30_call_outcome *op)
{
	const unsigned jitter_ms = setting("T30_JITTER_MS", c->jitter_ms);
	struct t30_call_outcome o = {0};
	struct run r = {.c = c, .line_calls = line_calls, .o = &o};
	struct lab_params lp = {.seed = setting("T30_SEED", 1),
				.fax_text = c->fax_text,
				.on_call = line_is_called,
				.arg = &r,
				.peer = {.error_correction = UDPTL_SIM_REDUNDANCY,
					 .t38_after_ms = c->in_audio ? 0 : 100,
					 .hangup_done_ms = HANGUP_AFTER_MS,
					 .window_ms = jitter_ms ? 240 : 0,
					 .fax = &r.called}};

	prepare(&r);
	r.lab = lab_open(&lp);
	add_jitter(r.lab, jitter_ms);
	start(&r);
	lab_until(r.lab, all_done, &r, LIMIT_MS);
	o.ended = lab_until(r.lab, lab_is_idle, NULL, CLEARED_LIMIT_MS);
	lab_run(r.lab, 1000);
	collect(&r);
	if (o.ended)
		lab_close(r.lab);
	else
		lab_free(r.lab);
	r.lab = NULL;
	machine_free(r.machine);
	unlink(r.sent);
	unlink(r.received);
	rmdir(r.dir);
	*op = o;
}

/* T.30 5.3.1: a preamble of 1 s, 15 % more or less; the relay's store may come on top of the peer's. 5.3.2: 75 ms of
 * silence, 20 more or less; what is measured is between carriers, so the silent parts of trainings count. */
static void check_times(const struct t30_report *r, unsigned preamble_most_ms)
{
	if (r->preamble_max_ms && (r->preamble_min_ms < 850 || r->preamble_max_ms > preamble_most_ms))
		fail_msg("preambles of %u to %u ms on the line", r->preamble_min_ms, r->preamble_max_ms);
	if (r->gap_max_ms && (r->gap_min_ms < 55 || r->gap_max_ms > 135))
		fail_msg("gaps of %u to %u ms between signals on the line", r->gap_min_ms, r->gap_max_ms);
	if (r->late_ms > 700)
		fail_msg("a signal came %d ms late", r->late_ms);
}

static void expect_kept(const struct t30_case *c, bool line_calls)
{
	struct t30_call_outcome o;
	bool caller, called, machine;

	if (getenv("T30_BARE") && c->ends != T30_BOTH_ENDS)
		skip();
	if (getenv("T30_BARE")) {
		o = (struct t30_call_outcome){.ended = true};
		t30_bare_run(c->turns, c->style, line_calls, &o.caller, &o.called);
	} else {
		t30_call_run(c, line_calls, &o);
	}
	caller = c->ends == T30_CALLED_ALONE || o.caller.success;
	called = c->ends == T30_CALLER_ALONE || o.called.success;
	machine = c->ends == T30_BOTH_ENDS || o.machine.success != c->machine_fails;
	if (!caller || !called || !machine || !o.ended)
		fail_msg("%s%s; %s%s%s", o.ended ? "" : "not cleared; ", o.caller.text, o.called.text,
			 machine ? "" : "; the machine: ", machine ? "" : o.machine.text);
	if (c->ends == T30_BOTH_ENDS && !c->jitter_ms && !getenv("T30_JITTER_MS")) /* a machine's times are its own */
		check_times(line_calls ? &o.caller : &o.called,
			    c->style && c->style->whole_frames ? PREAMBLE_WHOLE_MS : PREAMBLE_MOST_MS);
}

static void test_from_line(void **state)
{
	expect_kept(*state, true);
}

static void test_from_peer(void **state)
{
	expect_kept(*state, false);
}

/* The script is on the line where the call begins in audio. */
static bool is_possible(const struct t30_case *c, bool line_calls)
{
	return !c->in_audio || line_calls == (c->ends == T30_CALLER_ALONE);
}

int t30_call_main(const char *group, const struct t30_case *cases, size_t n, const char *only)
{
	static struct CMUnitTest tests[2 * T30_CALL_CASES];
	static char names[2 * T30_CALL_CASES][80];
	size_t k = 0;

	if (n > T30_CALL_CASES)
		return 1;
	for (size_t i = 0; i < 2 * n; i++) {
		if (!is_possible(&cases[i / 2], !(i & 1)))
			continue;
		snprintf(names[k], sizeof(names[k]), "%s, from the %s", cases[i / 2].name, i & 1 ? "peer" : "line");
		tests[k] = (struct CMUnitTest){.name = names[k],
					       .test_func = i & 1 ? test_from_peer : test_from_line,
					       .initial_state = (void *)&cases[i / 2]};
		k++;
	}
	cmocka_set_test_filter(only);
	return _cmocka_run_group_tests(group, tests, k, NULL, NULL);
}
