/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link: each way a call ends. Whatever happens, PRI_GONE comes once.
 */
#include "tests/unit/pri_rig.h"

static const unsigned causes[] = {1,  3,  16, 17, 18, 19, 21, 26, 27, 28, 31,  34,  38,
				  41, 42, 44, 47, 6,  7,  65, 81, 82, 88, 102, 111, 127};

#define CAUSE_COUNT (sizeof(causes) / sizeof(causes[0]))

static void bring_in_to(struct seen *s, enum when when)
{
	if (when >= AT_PROCEEDING)
		assert_int_equal(pri_call_proceeding(s->call, 5), 0);
	if (when >= AT_ALERTING)
		assert_int_equal(pri_call_alerting(s->call, false), 0);
	if (when >= AT_CONNECTED)
		assert_int_equal(pri_call_answer(s->call), 0);
}

/* Q.931 5.3.2: RELEASE COMPLETE refuses a SETUP (as far as libpri can), DISCONNECT or RELEASE clears after any other
 * message. */
static void check_clearing_message(const struct rig *r, enum when when, unsigned cause)
{
	static const unsigned refusals[] = {1, 34, 44, 81, 82, 88};
	char refusal[40];

	for (unsigned i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (cause != refusals[i] || cause == 81)
			continue;
		snprintf(refusal, sizeof(refusal), ">SETUP <RELEASE COMPLETE(%u)", cause);
		if (when == AT_SETUP)
			assert_string_equal(r->ladder, refusal);
		else
			assert_non_null(strstr(r->ladder, "<DISCONNECT"));
		return;
	}
	assert_true(cause == 81 || strstr(r->ladder, "<DISCONNECT") || strstr(r->ladder, "<RELEASE("));
}

/* We clear a call of theirs in each state with each cause: it is always told, with its cause, and the call is always
 * gone. */
static void test_we_clear_in(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		for (unsigned i = 0; i < CAUSE_COUNT * WHEN_COUNT; i++) {
			const unsigned cause = causes[i / WHEN_COUNT];
			struct rig *r = rig_open(side);
			const struct xcall_result *x;
			struct seen *s;

			r->reply = REPLY_NONE;
			x = xcall_result(call_in(r, 5, &s));
			bring_in_to(s, i % WHEN_COUNT);
			if (i & 1)
				run_ms(r, 40);
			pri_call_clear(s->call, cause);
			pri_call_clear(s->call, 99);
			assert_int_equal(s->gone, 0);
			run_ms(r, 100);
			assert_int_equal(s->gone, 1);
			assert_int_equal(s->last_gone.cause, cause);
			assert_int_equal(x->state, XCALL_GONE);
			assert_int_equal(x->cause, cause);
			assert_false(x->cleared_by_us);
			check_clearing_message(r, i % WHEN_COUNT, cause);
			rig_close(r);
		}
	}
}

static void test_we_clear_out(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		for (unsigned i = 0; i < CAUSE_COUNT * WHEN_COUNT; i++) {
			const unsigned cause = causes[i / WHEN_COUNT];
			struct rig *r = rig_open(side);
			struct seen *s = bring_out_to(r, i % WHEN_COUNT);

			pri_call_clear(s->call, cause);
			run_ms(r, 100);
			assert_int_equal(s->gone, 1);
			assert_int_equal(s->last_gone.cause, cause);
			assert_int_equal(xcall_result(exchange_nth_call(r->x, 0))->state, XCALL_GONE);
			assert_non_null(strstr(r->ladder, "<DISCONNECT") ?: strstr(r->ladder, "<RELEASE"));
			rig_close(r);
		}
	}
}

static void test_they_clear(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		for (unsigned i = 0; i < CAUSE_COUNT * WHEN_COUNT * 2; i++) {
			const unsigned cause = causes[i / 2 / WHEN_COUNT];
			const enum when when = i / 2 % WHEN_COUNT;
			struct rig *r = rig_open(side);
			struct xcall *c;
			struct seen *s;

			if (i & 1) {
				r->reply = REPLY_NONE;
				c = call_in(r, 5, &s);
				bring_in_to(s, when);
				run_ms(r, 40);
			} else {
				s = bring_out_to(r, when);
				c = exchange_nth_call(r->x, 0);
			}
			exchange_hangup(c, cause);
			run_ms(r, 100);
			assert_int_equal(s->gone, 1);
			assert_int_equal(s->last_gone.cause, cause);
			assert_true(s->clearing <= 1);
			assert_int_equal(xcall_result(c)->state, XCALL_GONE);
			rig_close(r);
		}
	}
}

/* Both clear at once: the messages cross. */
static void test_both_clear(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		for (enum when when = AT_PROCEEDING; when < WHEN_COUNT; when++) {
			struct rig *r = rig_open(side);
			struct seen *s = bring_out_to(r, when);

			pri_call_clear(s->call, Q850_NORMAL);
			exchange_hangup(exchange_nth_call(r->x, 0), Q850_NORMAL);
			run_ms(r, 200);
			assert_int_equal(s->gone, 1);
			assert_int_equal(xcall_result(exchange_nth_call(r->x, 0))->state, XCALL_GONE);
			rig_close(r);
		}
	}
}

/* They DISCONNECT and we do not answer: their T305 releases the call, and we get PRI_GONE even so. */
static void test_clearing_not_answered(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s = bring_out_to(r, AT_CONNECTED);

	r->hold_clearing = true;
	exchange_hangup(exchange_nth_call(r->x, 0), Q850_BUSY);
	run_ms(r, 1000);
	assert_int_equal(s->clearing, 1);
	assert_int_equal(s->gone, 0);
	run_ms(r, 30000);
	assert_int_equal(s->gone, 1);
	assert_int_equal(s->last_gone.cause, Q850_BUSY);
	rig_close(r);
}

/* We clear, and the other side never answers: T305, twice T308, 38 s in all. */
static void test_clear_not_answered(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct seen *s = bring_out_to(r, AT_CONNECTED);

		exchange_free(r->x);
		/* Another exchange knows nothing of the call, and its data link is new. */
		r->x = NULL;
		pri_call_clear(s->call, Q850_NORMAL);
		for (int i = 0; i < 41 * 50; i++) {
			static const uint8_t ua_te[] = {0x02, 0x01, 0x73}, ua_nt[] = {0x00, 0x01, 0x73};
			struct frame *f;

			clock_sim_advance_us(20 * MS_US);
			pri_link_run(r->link);
			/* All that is acknowledged is the data link. */
			while ((f = wire_get(&r->to_x))) {
				if (f->octets == 3 && (f->p[2] & 0xEF) == 0x6F)
					pri_link_receive(r->link, side == ISDN_NT ? ua_te : ua_nt, 3);
			}
		}
		assert_int_equal(s->gone, 1);
		rig_close(r);
	}
}

static void test_t303(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct seen *s;

		behave(r, (struct xcall_behaviour){.ignore = true});
		s = call_out(r, 3, true);
		run_ms(r, 7500);
		assert_int_equal(s->gone, 0);
		run_ms(r, 1000);
		assert_int_equal(s->gone, 1);
		assert_int_equal(s->last_gone.cause, Q850_NO_RESPONSE);
		assert_string_equal(r->ladder, "<SETUP <SETUP");
		run_ms(r, 60000);
		rig_close(r);
	}
}

static void test_t313(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct xcall *c;
	struct seen *s;

	c = call_in(r, 5, &s);
	run_ms(r, 40);
	/* CONNECT is lost on the way, and so is all that follows, for longer than T313. */
	r->to_x.cut = true;
	assert_int_equal(pri_call_answer(s->call), 0);
	run_ms(r, 1000);
	r->to_x.cut = false;
	run_ms(r, 10000);
	assert_int_equal(s->connected + s->gone > 0, 1);
	if (!s->gone)
		pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 1000);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	rig_close(r);
}

static void test_abandon(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		for (unsigned i = 0; i < WHEN_COUNT * 2; i++) {
			const enum when when = i / 2;
			struct rig *r = rig_open(side);
			struct xcall *c;
			struct seen *s;

			if (i & 1) {
				r->reply = REPLY_NONE;
				c = call_in(r, 5, &s);
				bring_in_to(s, when);
			} else {
				s = bring_out_to(r, when);
				c = exchange_nth_call(r->x, 0);
			}
			pri_call_abandon(s->call);
			if (side == ISDN_NT) {
				pri_call_abandon(s->call);
				pri_call_clear(s->call, Q850_BUSY);
				assert_int_equal(pri_call_answer(s->call), EIO);
			}
			run_ms(r, 100);
			assert_int_equal(s->gone, 0);
			assert_int_equal(xcall_result(c)->state, XCALL_GONE);
			run_ms(r, 60000);
			assert_int_equal(s->gone, 0);
			s->gone = 1; /* for rig_close() */
			rig_close(r);
		}
	}
}

static void test_abandon_in_clearing(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s = bring_out_to(r, AT_CONNECTED);

	pri_call_clear(s->call, Q850_NORMAL);
	pri_call_abandon(s->call);
	run_ms(r, 60000);
	assert_int_equal(s->gone, 0);
	s->gone = 1;
	assert_int_equal(xcall_result(exchange_nth_call(r->x, 0))->state, XCALL_GONE);
	rig_close(r);
}

/* The fate of 400 calls at random: each side does what it likes when it likes, frames are lost. Every call ends,
 * once. */
static void chaos_step(struct rig *r, uint32_t *seed)
{
	struct seen *s = r->nseen ? &r->seen[*seed % r->nseen] : NULL;
	struct xcall *c = exchange_nth_call(r->x, *seed / 7 % 40);

	*seed = *seed * 1103515245 + 12345;
	switch (*seed >> 16 & 15) {
	case 0:
		if (pri_link_is_up(r->link) && r->nseen < CALLS - 20)
			call_out(r, 1 + (*seed >> 20) % 15, *seed & 1 << 20);
		break;
	case 1:
		if (r->nseen < CALLS - 20)
			exchange_call(r->x,
				      &(struct exchange_call){.parties = parties, .timeslot = 17 + (*seed >> 20) % 15},
				      &c);
		break;
	case 2:
		if (s && s->call && !s->gone)
			pri_call_clear(s->call, 1 + (*seed >> 20) % 127);
		break;
	case 3:
		if (c)
			exchange_hangup(c, 1 + (*seed >> 20) % 127);
		break;
	case 4:
		if (s && s->setup && !s->gone)
			pri_call_alerting(s->call, true);
		break;
	case 5:
		if (s && s->setup && !s->gone)
			pri_call_answer(s->call);
		break;
	case 6:
		wire_get(&r->to_link);
		break;
	case 7:
		wire_get(&r->to_x);
		break;
	default:
		run_ms(r, 20);
		break;
	}
}

static void test_chaos(void **state)
{
	uint32_t seed = 1;

	for (int round = 0; round < 20; round++) {
		struct rig *r = rig_open(sides[round & 1]);

		r->reply = round & 2 ? REPLY_PROCEEDING : REPLY_NONE;
		behave(r,
		       (struct xcall_behaviour){
			       .alert_ms = 100, .answer_ms = round & 4 ? 300 : -1, .progress_ms = -1, .hangup_ms = -1});
		for (int i = 0; i < 1500; i++)
			chaos_step(r, &seed);
		run_ms(r, 2000);
		for (unsigned i = 0; i < r->nseen; i++) {
			if (r->seen[i].call && !r->seen[i].gone)
				pri_call_clear(r->seen[i].call, Q850_NORMAL);
		}
		run_ms(r, 45000);
		for (unsigned i = 0; i < 64; i++) {
			if (exchange_nth_call(r->x, i))
				assert_int_equal(xcall_result(exchange_nth_call(r->x, i))->state, XCALL_GONE);
		}
		rig_close(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_we_clear_in),
		cmocka_unit_test(test_we_clear_out),
		cmocka_unit_test(test_they_clear),
		cmocka_unit_test(test_both_clear),
		cmocka_unit_test(test_clearing_not_answered),
		cmocka_unit_test(test_clear_not_answered),
		cmocka_unit_test(test_t303),
		cmocka_unit_test(test_t313),
		cmocka_unit_test(test_abandon),
		cmocka_unit_test(test_abandon_in_clearing),
		cmocka_unit_test(test_chaos),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
