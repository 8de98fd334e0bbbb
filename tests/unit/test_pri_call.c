/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link: calls both ways, their messages, numbers and channels.
 */
#include "tests/unit/pri_rig.h"

static void test_call_out(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct seen *s;
		const struct xcall_result *x;

		behave(r,
		       (struct xcall_behaviour){
			       .alert_ms = 200, .progress_ms = 100, .answer_ms = 400, .hangup_ms = -1, .inband = true});
		s = call_out(r, 7, true);
		run_ms(r, 60);
		assert_int_equal(s->proceeding, 1);
		assert_int_equal(s->last_proceeding.channel, 7);
		assert_int_equal(s->alerting, 0);
		run_ms(r, 100);
		assert_int_equal(s->progress, 1);
		assert_true(s->last_progress.inband);
		run_ms(r, 100);
		assert_int_equal(s->alerting, 1);
		assert_true(s->last_alerting.inband);
		assert_int_equal(s->connected, 0);
		run_ms(r, 300);
		assert_int_equal(s->connected, 1);
		x = xcall_result(exchange_nth_call(r->x, 0));
		assert_int_equal(x->timeslot, 7);
		assert_int_equal(x->state, XCALL_CONNECTED);
		assert_string_equal(x->parties.called.digits, "493012345");
		assert_int_equal(x->parties.called.type, 1);
		assert_int_equal(x->parties.called.plan, 1);
		assert_string_equal(x->parties.calling.digits, "4989555");
		assert_int_equal(x->parties.calling.presentation, PRESENTATION_ALLOWED);
		pri_call_clear(s->call, Q850_NORMAL);
		assert_int_equal(s->gone, 0);
		run_ms(r, 100);
		assert_int_equal(s->gone, 1);
		assert_int_equal(s->clearing, 0);
		assert_int_equal(s->last_gone.cause, Q850_NORMAL);
		assert_int_equal(s->last_gone.channel, 7);
		assert_int_equal(x->state, XCALL_GONE);
		assert_int_equal(x->cause, Q850_NORMAL);
		assert_string_equal(r->ladder,
				    "<SETUP >CALL PROCEEDING >PROGRESS >ALERTING >CONNECT <CONNECT ACKNOWLEDGE "
				    "<DISCONNECT(16) >RELEASE(16) <RELEASE COMPLETE(16)");
		rig_close(r);
	}
}

static void test_call_in(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		const struct xcall_result *x;
		struct xcall *c;
		struct seen *s;

		c = call_in(r, 12, &s);
		x = xcall_result(c);
		assert_int_equal(s->last_setup.channel, 12);
		assert_true(s->last_setup.channel_exclusive);
		assert_true(s->last_setup.speech);
		assert_string_equal(s->last_setup.parties.called.digits, "493012345");
		assert_int_equal(s->last_setup.parties.called.type, 1);
		assert_int_equal(s->last_setup.parties.called.plan, 1);
		assert_string_equal(s->last_setup.parties.calling.digits, "4989555");
		run_ms(r, 40);
		assert_true(x->proceeding_ms >= 0);
		assert_int_equal(pri_call_progress(s->call, 0), 0);
		assert_int_equal(pri_call_alerting(s->call, true), 0);
		run_ms(r, 40);
		assert_int_equal(x->state, XCALL_ALERTING);
		assert_true(x->progress_ms >= 0);
		assert_true(x->inband);
		assert_int_equal(pri_call_answer(s->call), 0);
		assert_int_equal(s->connected, 0);
		run_ms(r, 40);
		assert_int_equal(s->connected, 1);
		assert_int_equal(x->state, XCALL_CONNECTED);
		assert_int_equal(pri_call_answer(s->call), EIO);
		assert_int_equal(pri_call_alerting(s->call, false), EIO);
		exchange_hangup(c, Q850_NORMAL);
		run_ms(r, 100);
		assert_int_equal(s->clearing, 1);
		assert_int_equal(s->last_clearing.cause, Q850_NORMAL);
		assert_int_equal(s->gone, 1);
		assert_int_equal(x->state, XCALL_GONE);
		assert_string_equal(r->ladder,
				    ">SETUP <CALL PROCEEDING <PROGRESS <ALERTING <CONNECT >CONNECT ACKNOWLEDGE "
				    ">DISCONNECT(16) <RELEASE(16) >RELEASE COMPLETE(16)");
		rig_close(r);
	}
}

static void test_numbers_in(void **state)
{
	struct exchange_call call = {.parties = parties, .timeslot = 3};
	struct rig *r = rig_open(ISDN_TE);
	struct pri_event_data *e;
	struct seen *s;

	r->reply = REPLY_CLEAR;
	r->reply_cause = Q850_UNALLOCATED;
	strcpy(call.parties.called.digits, "*21#");
	call.parties.called.type = 4;
	call.parties.called.plan = 9;
	strcpy(call.parties.calling_name, "M\xFCller\nFax");
	call_in_with(r, call, &s);
	e = &s->last_setup;
	assert_string_equal(e->parties.calling_name, "M\xC3\xBCllerFax");
	assert_int_equal(e->parties.calling.presentation, PRESENTATION_ALLOWED);
	call.parties.calling.presentation = PRESENTATION_RESTRICTED;
	call_in_with(r, call, &s);
	e = &s->last_setup;
	assert_string_equal(e->parties.called.digits, "*21#");
	assert_int_equal(e->parties.called.type, 4);
	assert_int_equal(e->parties.called.plan, 9);
	assert_int_equal(e->parties.calling.presentation, PRESENTATION_RESTRICTED);
	assert_string_equal(e->parties.calling_name, "");
	assert_false(e->channel_exclusive);

	strcpy(call.parties.called.digits, "12;<a>\r\n34");
	call.parties.calling = (struct isdn_number){.presentation = PRESENTATION_UNAVAILABLE};
	call.parties.calling_name[0] = '\0';
	call_in_with(r, call, &s);
	e = &s->last_setup;
	assert_string_equal(e->parties.called.digits, "1234");
	assert_string_equal(e->parties.calling.digits, "");
	assert_int_equal(e->parties.calling.presentation, PRESENTATION_UNAVAILABLE);
	assert_string_equal(e->parties.calling_name, "");

	/* As long as libpri takes. */
	strcpy(call.parties.called.digits, "1234567890123456789012345678901");
	call_in_with(r, call, &s);
	assert_string_equal(s->last_setup.parties.called.digits, "1234567890123456789012345678901");
	run_ms(r, 100);
	rig_close(r);
}

static void test_numbers_out(void **state)
{
	struct rig *r = rig_open(ISDN_NT);
	struct isdn_parties p = parties;
	const struct xcall_result *x;
	struct seen *s = seen_new(r, NULL);

	p.called = (struct isdn_number){.digits = "*99#", .type = 2, .plan = 1};
	p.calling.presentation = PRESENTATION_RESTRICTED;
	p.calling.type = 4;
	strcpy(p.calling_name, "M\xC3\xBCller \xE2\x82\xAC");
	assert_int_equal(pri_link_call(r->link, &p, 2, false, s, &s->call), 0);
	run_ms(r, 40);
	x = xcall_result(exchange_nth_call(r->x, 0));
	assert_string_equal(x->parties.called.digits, "*99#");
	assert_int_equal(x->parties.called.type, 2);
	assert_string_equal(x->parties.calling.digits, "4989555");
	assert_int_equal(x->parties.calling.type, 4);
	assert_int_equal(x->parties.calling.presentation, PRESENTATION_RESTRICTED);
	pri_call_clear(s->call, Q850_NORMAL);

	s = seen_new(r, NULL);
	p.calling.presentation = PRESENTATION_ALLOWED;
	assert_int_equal(pri_link_call(r->link, &p, 3, false, s, &s->call), 0);
	run_ms(r, 40);
	x = xcall_result(exchange_nth_call(r->x, 1));
	assert_string_equal(x->parties.calling_name, "M\xFCller ?");
	pri_call_clear(s->call, Q850_NORMAL);

	s = seen_new(r, NULL);
	p.called = (struct isdn_number){.digits = "+493012345"};
	p.calling = (struct isdn_number){.presentation = PRESENTATION_ALLOWED};
	p.calling_name[0] = '\0';
	assert_int_equal(pri_link_call(r->link, &p, 2, false, s, &s->call), 0);
	run_ms(r, 40);
	x = xcall_result(exchange_nth_call(r->x, 2));
	assert_string_equal(x->parties.called.digits, "493012345");
	assert_int_equal(x->parties.called.type, 1);
	assert_int_equal(x->parties.called.plan, 1);
	assert_string_equal(x->parties.calling.digits, "");
	assert_int_equal(x->parties.calling.presentation, PRESENTATION_UNAVAILABLE);
	pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 40);
	rig_close(r);
}

static void test_call_refused_before_libpri(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct isdn_parties p = parties;
	struct pri_call *c = NULL;

	strcpy(p.called.digits, "12a");
	assert_int_equal(pri_link_call(r->link, &p, 1, true, NULL, &c), EINVAL);
	p.called.digits[0] = '\0';
	assert_int_equal(pri_link_call(r->link, &p, 1, true, NULL, &c), EINVAL);
	strcpy(p.called.digits, "12345678901234567890123456789012");
	assert_int_equal(pri_link_call(r->link, &p, 1, true, NULL, &c), EINVAL);
	assert_int_equal(pri_link_call(r->link, &parties, 32, true, NULL, &c), EINVAL);
	assert_null(c);
	rig_close(r);
}

/* Our call is refused: which messages come, and which cause is told. */
static void refused(enum isdn_side side, struct xcall_behaviour b, unsigned cause, unsigned clearing,
		    const char *ladder)
{
	struct rig *r = rig_open(side);
	struct seen *s;

	behave(r, b);
	s = call_out(r, 1, true);
	run_ms(r, 1000);
	assert_int_equal(s->clearing, clearing);
	if (clearing)
		assert_int_equal(s->last_clearing.cause, cause);
	assert_int_equal(s->gone, 1);
	assert_int_equal(s->last_gone.cause, cause);
	assert_string_equal(r->ladder, ladder);
	rig_close(r);
}

static void test_refused(void **state)
{
	struct xcall_behaviour b = {.alert_ms = -1, .progress_ms = -1, .answer_ms = -1, .hangup_ms = -1};

	FOR_BOTH_SIDES(side)
	{
		b.refuse_ms = 0;
		b.refuse_cause = Q850_UNALLOCATED;
		refused(side, b, Q850_UNALLOCATED, 0, "<SETUP >RELEASE COMPLETE(1)");
		b.refuse_cause = Q850_BUSY;
		refused(side, b, Q850_BUSY, 1,
			"<SETUP >CALL PROCEEDING >DISCONNECT(17) <RELEASE(16) >RELEASE COMPLETE(16)");
		b.refuse_cause = Q850_CHANNEL_UNAVAILABLE;
		refused(side, b, Q850_CHANNEL_UNAVAILABLE, 0, "<SETUP >RELEASE COMPLETE(44)");
		b.refuse_ms = 500;
		b.alert_ms = 100;
		b.refuse_cause = Q850_REJECTED;
		refused(side, b, Q850_REJECTED, 1,
			"<SETUP >CALL PROCEEDING >ALERTING >DISCONNECT(21) <RELEASE(16) >RELEASE COMPLETE(16)");
		b.refuse_cause = Q850_UNALLOCATED;
		refused(side, b, Q850_UNALLOCATED, 1,
			"<SETUP >CALL PROCEEDING >ALERTING >DISCONNECT(1) <RELEASE(16) >RELEASE COMPLETE(16)");
		b.alert_ms = -1;
	}
}

/* Both ends take the same timeslot at once: ours is refused with cause 44, theirs lives. */
static void test_collision(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct xcall *c;
		struct seen *ours, *theirs;

		assert_int_equal(
			exchange_call(r->x,
				      &(struct exchange_call){.parties = parties, .timeslot = 1, .exclusive = true},
				      &c),
			0);
		ours = call_out(r, 1, true);
		run_ms(r, 100);
		assert_int_equal(ours->gone, 1);
		assert_int_equal(ours->last_gone.cause, Q850_CHANNEL_UNAVAILABLE);
		theirs = &r->seen[1];
		assert_int_equal(theirs->setup, 1);
		assert_int_equal(pri_call_answer(theirs->call), 0);
		run_ms(r, 100);
		assert_int_equal(theirs->connected, 1);
		pri_call_clear(theirs->call, Q850_NORMAL);
		run_ms(r, 100);
		assert_int_equal(exchange_stats(r->x).collisions, 1);
		rig_close(r);
	}
}

static void test_other_channel(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s, *any;
	struct xcall *c;

	/* The exchange may choose another for a preferred one. */
	behave(r, (struct xcall_behaviour){
			  .timeslot = 20, .alert_ms = 0, .answer_ms = 0, .progress_ms = -1, .hangup_ms = -1});
	s = call_out(r, 1, false);
	run_ms(r, 40);
	assert_int_equal(s->last_proceeding.channel, 20);
	assert_int_equal(s->last_connected.channel, 20);
	/* And when none is named it must. */
	r->behaviour.timeslot = 0;
	any = call_out(r, 0, false);
	run_ms(r, 40);
	assert_int_equal(any->last_proceeding.channel, 1);
	pri_call_clear(s->call, Q850_NORMAL);
	pri_call_clear(any->call, Q850_NORMAL);
	run_ms(r, 40);

	/* Theirs without a channel: we choose. */
	c = call_in_with(r, (struct exchange_call){.parties = parties, .any = true}, &s);
	assert_int_equal(s->last_setup.channel, 0);
	assert_false(s->last_setup.channel_exclusive);
	run_ms(r, 40);
	assert_int_equal(xcall_result(c)->timeslot, 9);
	pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 40);
	/* And refuse before we have. */
	r->reply = REPLY_CLEAR;
	r->reply_cause = Q850_BUSY;
	c = call_in_with(r, (struct exchange_call){.parties = parties, .any = true}, &s);
	run_ms(r, 100);
	assert_int_equal(xcall_result(c)->cause, Q850_BUSY);
	rig_close(r);
}

/* What is in our SETUP, octet by octet (Q.931 4.5.5, 4.5.13). */
static void test_setup_elements(void **state)
{
	static const uint8_t bearer[] = {0x04, 0x03, 0x90, 0x90, 0xA3}, any[] = {0x18, 0x01, 0xA3};
	static const uint8_t exclusive[] = {0x18, 0x03, 0xA9, 0x83, 0x9F}, preferred[] = {0x18, 0x03, 0xA1, 0x83, 0x9F};
	struct rig *r = rig_open(ISDN_TE);

	call_out(r, 31, true);
	assert_non_null(memmem(r->setup.p, r->setup.octets, bearer, sizeof(bearer)));
	assert_non_null(memmem(r->setup.p, r->setup.octets, exclusive, sizeof(exclusive)));
	call_out(r, 31, false);
	assert_non_null(memmem(r->setup.p, r->setup.octets, preferred, sizeof(preferred)));
	call_out(r, 0, true);
	assert_non_null(memmem(r->setup.p, r->setup.octets, any, sizeof(any)));
	for (unsigned i = 0; i < r->nseen; i++)
		pri_call_clear(r->seen[i].call, Q850_NORMAL);
	run_ms(r, 200);
	rig_close(r);
}

static void test_bearer(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s;
	struct xcall *c;

	r->reply = REPLY_CLEAR;
	r->reply_cause = Q850_BEARER_NOT_IMPLEMENTED;
	c = call_in_with(r, (struct exchange_call){.parties = parties, .timeslot = 2, .data = true}, &s);
	assert_false(s->last_setup.speech);
	run_ms(r, 100);
	assert_int_equal(xcall_result(c)->cause, Q850_BEARER_NOT_IMPLEMENTED);
	rig_close(r);
}

static void test_thirty_calls(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct xcall *c;

		for (unsigned ts = 1; ts < 32; ts++) {
			if (ts == 16)
				continue;
			if (ts & 1)
				call_out(r, ts, true);
			else
				assert_int_equal(exchange_call(r->x,
							       &(struct exchange_call){.parties = parties,
										       .timeslot = ts,
										       .exclusive = true},
							       &c),
						 0);
		}
		run_ms(r, 200);
		assert_int_equal(r->nseen, 30);
		for (unsigned i = 0; i < 30; i++) {
			if (r->seen[i].setup)
				assert_int_equal(pri_call_answer(r->seen[i].call), 0);
		}
		run_ms(r, 400);
		for (unsigned i = 0; i < 30; i++)
			assert_int_equal(r->seen[i].connected, 1);
		/* A 31st of theirs finds nothing free, on their side. */
		assert_int_equal(exchange_call(r->x, &(struct exchange_call){.parties = parties}, &c), EBUSY);
		for (unsigned i = 0; i < 30; i++)
			pri_call_clear(r->seen[i].call, Q850_NORMAL);
		run_ms(r, 1000);
		rig_close(r);
	}
}

/* More calls than the table holds, as only a broken exchange makes them. */
static void test_table_full(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct xcall *c = NULL;
	int err = 0;
	unsigned i;

	r->to_x.cut = true;
	for (i = 0; i < CALLS && !err; i++) {
		struct seen *s = seen_new(r, NULL);

		err = pri_link_call(r->link, &parties, 1, false, s, &s->call);
	}
	r->to_x.cut = false;
	assert_int_equal(err, ENOMEM);
	assert_int_equal(i, 65);
	r->nseen--;
	/* SETUPs are refused then, and nothing is told. */
	assert_int_equal(exchange_call(r->x, &(struct exchange_call){.parties = parties, .timeslot = 31}, &c), 0);
	run_ms(r, 2000);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_int_equal(xcall_result(c)->cause, Q850_NO_CHANNEL);
	assert_int_equal(r->nseen, 64);
	for (i = 0; i < r->nseen; i++)
		pri_call_clear(r->seen[i].call, Q850_NORMAL);
	run_ms(r, 45000);
	rig_close(r);
}

static void test_qsig(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = &the_rig;
		struct xcall *c;
		struct seen *s;

		rig_open_as(r, side, ISDN_QSIG);
		run_ms(r, 1500);
		assert_true(pri_link_is_up(r->link));
		c = call_in(r, 2, &s);
		assert_int_equal(pri_call_answer(s->call), 0);
		run_ms(r, 100);
		assert_int_equal(s->connected, 1);
		assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
		pri_call_clear(s->call, Q850_NORMAL);
		s = call_out(r, 3, true);
		run_ms(r, 300);
		assert_int_equal(s->connected, 1);
		pri_call_clear(s->call, Q850_NORMAL);
		run_ms(r, 100);
		rig_close(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_out),
		cmocka_unit_test(test_call_in),
		cmocka_unit_test(test_numbers_in),
		cmocka_unit_test(test_numbers_out),
		cmocka_unit_test(test_call_refused_before_libpri),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_collision),
		cmocka_unit_test(test_other_channel),
		cmocka_unit_test(test_setup_elements),
		cmocka_unit_test(test_bearer),
		cmocka_unit_test(test_thirty_calls),
		cmocka_unit_test(test_table_full),
		cmocka_unit_test(test_qsig),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
