/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls both ways while everything around them goes wrong at random: either side hangs up in any state, refuses, rings
 * for ever or is silent; SIP messages are lost, doubled and overtaken; alarms come and go, an exchange or the peer is
 * dead for a while, mailboxes are full, the operator clears, blocks and restarts; every other time the gateway is told
 * to stop in the midst of it. When all is well again no call is left, every channel is free, and each call has one END
 * line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/bearer/bearer_own.h"
#include "tests/call/lab.h"

#define RUNS	   32
#define STORM_MS   20000
#define CALM_MS	   100000 /* longer than any timeout below */
#define TIMEOUTS   "setup = 4 s\noutgoing = 4 s\nalerting = 8 s\ncall = 1 min\n"
#define SESSION_MS 70000 /* twice 64 * T1 of SIP, and a little */
#define UP_MS	   60000
#define SPANS	   2
#define MOST	   200 /* calls of the peer's */

struct storm {
	struct lab *lab;
	uint64_t random;
	bool alarm[SPANS];
	unsigned spoils;  /* of a thousand frames of the D channel */
	unsigned busy;	  /* calls in a thousand steps, from each side */
	unsigned stop_ms; /* 0: never */
};

static unsigned draw(struct storm *s, unsigned n)
{
	/* xorshift64 */
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (unsigned)(s->random >> 33) % n;
}

static bool chance(struct storm *s, unsigned per_mille)
{
	return draw(s, 1000) < per_mille;
}

/* ---- what the called do ---- */

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			   void *arg)
{
	static const unsigned causes[] = {1, 17, 34, 44, 38, 21};
	struct storm *s = arg;

	b->ignore = chance(s, 100);
	if (chance(s, 200))
		b->refuse_cause = causes[draw(s, sizeof(causes) / sizeof(causes[0]))];
	b->refuse_ms = (int32_t)draw(s, 3000);
	b->proceeds_inband = chance(s, 200);
	b->progress_ms = chance(s, 300) ? (int32_t)draw(s, 2000) : -1;
	b->alert_ms = chance(s, 700) ? (int32_t)draw(s, 3000) : -1;
	b->inband = chance(s, 300);
	b->answer_ms = chance(s, 700) ? (int32_t)draw(s, 6000) : -1;
	b->hangup_ms = chance(s, 500) ? (int32_t)draw(s, 6000) : -1;
	b->timeslot = chance(s, 200) ? 1 + draw(s, 31) : 0;
	if (b->timeslot == 16)
		b->timeslot = 0;
}

/* Some frames of the D channel come with what the exchange never meant. */
static void spoil_dframe(uint8_t *frame, size_t octets, void *arg)
{
	struct storm *s = arg;

	if (chance(s, s->spoils))
		frame[draw(s, (unsigned)octets)] ^= (uint8_t)(1u << draw(s, 8));
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	static const unsigned refusals[] = {404, 480, 486, 500, 503, 603};
	static struct sip_peer_call_params p;
	struct storm *s = arg;
	unsigned what = draw(s, 10);

	p = (struct sip_peer_call_params){
		.answer = what < 6   ? PEER_ANSWERS
			  : what < 8 ? PEER_REFUSES
			  : what < 9 ? PEER_RINGS
				     : PEER_IS_SILENT,
		.provisional = (unsigned[]){0, 180, 183}[draw(s, 3)],
		.early_sdp = chance(s, 500),
		.ring_ms = chance(s, 200) ? 1 + draw(s, 3000) : 0,
		.answer_ms = draw(s, 6000),
		.refuse_status = refusals[draw(s, sizeof(refusals) / sizeof(refusals[0]))],
		.hangup_ms = chance(s, 500) ? 1 + (int32_t)draw(s, 6000) : 0,
		.t38 = (enum peer_t38)draw(s, 4),
		.t38_after_ms = chance(s, 300) ? 1 + (int32_t)draw(s, 4000) : 0,
	};
	return &p;
}

/* ---- what goes wrong ---- */

static void call_from_line(struct storm *s)
{
	struct exchange_call call = {.hangup_ms = chance(s, 500) ? 1 + (int32_t)draw(s, 6000) : -1,
				     .any = chance(s, 200),
				     .exclusive = chance(s, 300),
				     .data = chance(s, 30)};
	struct xcall *c;

	strcpy(call.parties.called.digits, chance(s, 900) ? LAB_NUMBER : "7712345");
	strcpy(call.parties.calling.digits, LAB_CALLER);
	exchange_call(s->lab->spans[draw(s, SPANS)].x, &call, &c); /* the D channel may be down */
}

static void call_from_peer(struct storm *s)
{
	struct sip_peer_call_params p = {.to = chance(s, 900) ? LAB_OUT : "7712345",
					 .cancel_ms = chance(s, 300) ? 1 + (int32_t)draw(s, 4000) : 0,
					 .hangup_ms = chance(s, 500) ? 1 + (int32_t)draw(s, 6000) : 0,
					 .offer = (enum peer_offer)draw(s, 4),
					 .t38 = (enum peer_t38)draw(s, 4),
					 .t38_after_ms = chance(s, 300) ? 1 + (int32_t)draw(s, 4000) : 0};
	unsigned id;

	if (sip_peer_calls(s->lab->peer) < MOST)
		assert_int_equal(sip_peer_call(s->lab->peer, &s->lab->gateway, &p, &id), 0);
}

static void hang_up(struct storm *s)
{
	struct exchange *x = s->lab->spans[draw(s, SPANS)].x;
	unsigned calls = 0;

	if (chance(s, 500) && sip_peer_calls(s->lab->peer)) {
		sip_peer_hangup(s->lab->peer, draw(s, sip_peer_calls(s->lab->peer)));
		return;
	}
	while (exchange_nth_call(x, calls))
		calls++;
	if (calls)
		exchange_hangup(exchange_nth_call(x, draw(s, calls)), Q850_NORMAL);
}

static void alarm_of_line(struct storm *s)
{
	static const enum line_event alarms[] = {LINE_LOS, LINE_BLUE, LINE_YELLOW, LINE_GONE};
	unsigned i = draw(s, SPANS);

	s->alarm[i] = !s->alarm[i] || chance(s, 300);
	line_mem_event(s->lab->spans[i].line, s->alarm[i] ? alarms[draw(s, 4)] : LINE_CLEAR, 1);
}

static void fill(struct mailbox *m)
{
	const struct msg nobody = {.type = MSG_ALERTING, .call = {999, 999}};

	while (!mailbox_post(m, &nobody))
		;
}

static void operate(struct storm *s)
{
	static const enum command_type commands[] = {COMMAND_CLEAR, COMMAND_RESTART, COMMAND_BLOCK, COMMAND_UNBLOCK};
	const struct span *span = s->lab->spans[draw(s, SPANS)].span;
	struct msg m = {.type = MSG_COMMAND};

	m.command.what = (struct command){.type = commands[draw(s, 4)],
					  .timeslots = 0x7FFE & (1u << draw(s, 16) | 1u << draw(s, 16)),
					  .force = chance(s, 500)};
	if (span->nlegs) {
		m.command.what.origin = span->legs[0]->id.origin;
		m.command.what.serial = span->legs[0]->id.serial;
	}
	mailbox_post(span->inbox, &m);
}

static void hear_fax(struct storm *s)
{
	const struct span *span = s->lab->spans[draw(s, SPANS)].span;
	struct leg_pstn *l = span->nlegs ? span->legs[draw(s, span->nlegs)] : NULL;

	if (l && l->fsm.state == PSTN_UP)
		bearer_heard(&l->bearer, (enum heard_from)draw(s, 2), TONE_V21);
}

/* As the main thread does it; where a mailbox is full it is told again. */
static void stop(struct storm *s)
{
	const struct msg to_sip = {.type = MSG_STOP}, to_span = {.type = MSG_STOP, .clear = chance(s, 500)};

	mailbox_post(sipside_inbox(s->lab->sip), &to_sip);
	for (unsigned i = 0; i < SPANS; i++)
		mailbox_post(span_inbox(s->lab->spans[i].span), &to_span);
}

static void step(struct storm *s)
{
	struct lab *l = s->lab;

	if (chance(s, s->busy))
		call_from_line(s);
	if (chance(s, s->busy))
		call_from_peer(s);
	if (chance(s, s->busy))
		hang_up(s);
	if (chance(s, 4))
		alarm_of_line(s);
	if (chance(s, 3))
		lab_kill_exchange(l, draw(s, SPANS), chance(s, 500));
	if (chance(s, 3))
		lab_kill_peer(l, chance(s, 500));
	if (chance(s, 10))
		fill(chance(s, 500) ? sipside_inbox(l->sip) : span_inbox(l->spans[draw(s, SPANS)].span));
	if (chance(s, 10))
		operate(s);
	if (chance(s, 5))
		exchange_restart(l->spans[draw(s, SPANS)].x, 1 + draw(s, TIMESLOT_COUNT - 1));
	if (chance(s, 20))
		hear_fax(s);
	lab_step(l);
}

/* ---- what must be in the end ---- */

static bool no_session(struct lab *l, void *arg)
{
	return !sip_stack_sessions(l->sip->stack);
}

static bool are_up(struct lab *l, void *arg)
{
	for (unsigned i = 0; i < SPANS; i++)
		if (!exchange_is_up(l->spans[i].x) || !pri_link_is_up(l->spans[i].span->link))
			return false;
	return true;
}

static void calm(struct storm *s)
{
	s->spoils = 0;
	lab_kill_peer(s->lab, false);
	for (unsigned i = 0; i < SPANS; i++) {
		lab_kill_exchange(s->lab, i, false);
		line_mem_event(s->lab->spans[i].line, LINE_CLEAR, 1);
	}
	/* a SETUP that the line had kept may come when it is up again */
	assert_true(lab_until(s->lab, are_up, NULL, UP_MS));
	lab_run(s->lab, 1000);
	if (!lab_until(s->lab, lab_is_idle, NULL, CALM_MS))
		fail_msg("%u half-calls are left on SIP, %u and %u on the lines", s->lab->sip->nlegs,
			 s->lab->spans[0].span->nlegs, s->lab->spans[1].span->nlegs);
	assert_true(lab_until(s->lab, no_session, NULL, SESSION_MS));
}

/* The call that LINE is about: "call 1-42", up to BUF's room. */
static bool read_id(const char *line, const char *before, char buf[CALL_ID_OCTETS])
{
	const char *at = memmem(line, (size_t)(before - line), "call ", 5);

	return at && sscanf(at, "call %23[^: ]", buf) == 1;
}

/* Each line with WHAT is of another call; returns how many. */
static unsigned count_calls(const struct lab *l, const char *what)
{
	char(*ids)[CALL_ID_OCTETS] = calloc(4096, CALL_ID_OCTETS), id[CALL_ID_OCTETS];
	unsigned n = 0;

	for (const char *line = l->log, *at; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		at = memmem(line, strcspn(line, "\n"), what, strlen(what));
		if (!at || !read_id(line, at, id))
			continue;
		for (unsigned i = 0; i < n; i++)
			if (!strcmp(ids[i], id))
				fail_msg("two lines \"%s\" of call %s", what, id);
		assert_in_range(n, 0, 4095);
		memcpy(ids[n++], id, sizeof(id));
	}
	free(ids);
	return n;
}

static void test_storm(void **state)
{
	struct storm s = {.random = 0x9E3779B97F4A7C15u * (uintptr_t)*state};
	unsigned ends;

	s.lab = lab_open(&(struct lab_params){.nspans = SPANS,
					      .timeouts_text = TIMEOUTS,
					      .on_call = line_is_called,
					      .on_peer_call = peer_is_called,
					      .on_dframe = spoil_dframe,
					      .arg = &s});
	s.spoils = chance(&s, 300) ? draw(&s, 100) : 0;
	s.busy = 20 + draw(&s, 100);
	if (chance(&s, 500))
		lab_damage_sip(s.lab, &(struct net_sim_damage){.loss = draw(&s, 30) / 100.0,
							       .duplicate = draw(&s, 30) / 100.0,
							       .delay_us = draw(&s, 100) * MS_US,
							       .jitter_us = draw(&s, 300) * MS_US});
	s.stop_ms = chance(&s, 500) ? STORM_MS / 2 + draw(&s, STORM_MS / 2) : 0;
	for (unsigned ms = 0; ms < STORM_MS; ms += 20) {
		if (s.stop_ms && ms >= s.stop_ms && ms % 1000 == 0)
			stop(&s);
		step(&s);
	}
	calm(&s);
	assert_true(s.lab->log_octets < LAB_LOG_OCTETS - 1);
	ends = count_calls(s.lab, ": END ");
	assert_true(ends >= count_calls(s.lab, ": SETUP from the line") + count_calls(s.lab, ": INVITE from peer"));
	for (unsigned i = 0; i < SPANS; i++) {
		assert_int_equal(chanmap_count(&s.lab->spans[i].span->channels, CHAN_BUSY), 0);
		for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
			assert_null(s.lab->spans[i].span->by_timeslot[ts]);
	}
	lab_free(s.lab);
}

int main(void)
{
	struct CMUnitTest tests[RUNS];
	static char names[RUNS][16];

	for (size_t i = 0; i < RUNS; i++) {
		snprintf(names[i], sizeof(names[i]), "storm %zu", i + 1);
		tests[i] = (struct CMUnitTest){names[i], test_storm, NULL, NULL, (void *)(i + 1)};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
