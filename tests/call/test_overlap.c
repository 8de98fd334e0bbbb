/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole calls from the line whose called number comes in pieces. */
#include "tests/call/talk.h"

#define SPAN_TEXT "overlap = yes\ndigit_timeout = 3 s\n"

static struct lab *lab_with(const char *span_text)
{
	return talk_lab(&(struct lab_params){.span_text = span_text});
}

static struct talk_params begin_with(const char *digits)
{
	struct talk_params p = {
		.name = digits, .from_line = true, .overlap = true, .parties = {.calling = {.digits = LAB_CALLER}}};

	strcpy(p.parties.called.digits, digits);
	return p;
}

static void dial(struct talk *t, const char *digits)
{
	assert_int_equal(exchange_digits(t->line, digits), 0);
	lab_run(t->lab, 60);
}

static void expect_called(const struct talk *t, const char *number)
{
	struct sip_peer_result r;

	talk_until(t, PSTN_UP, BEARER_AUDIO, 5000);
	sip_peer_result(t->lab->peer, t->peer, &r);
	assert_string_equal(r.called, number);
	talk_hangup_line(t, Q850_NORMAL);
	talk_until_idle(t, TALK_CLEARED_MS);
}

/* As soon as a pattern takes the number and none takes a longer one. */
static void test_until_it_fits(void **state)
{
	const struct talk_params p = begin_with("62"), empty = begin_with("");
	struct lab *l = lab_with(SPAN_TEXT);
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 60);
	assert_true(xcall_result(t.line)->setup_acked);
	assert_int_equal(talk_leg(&t)->fsm.state, PSTN_COLLECTING);
	dial(&t, "12");
	lab_run(l, 2500);
	dial(&t, "34");
	lab_run(l, 2500); /* each digit begins the time anew */
	assert_int_equal(talk_leg(&t)->fsm.state, PSTN_COLLECTING);
	assert_false(t.has_peer);
	dial(&t, "5");
	expect_called(&t, LAB_NUMBER);
	talk_expect_text(&t, 0, "called=" LAB_NUMBER " peer=fax");
	talk_start(&t, l, &empty);
	lab_run(l, 60);
	dial(&t, LAB_NUMBER);
	expect_called(&t, LAB_NUMBER);
	lab_close(l);
}

/* A number that may be longer goes on to '#', or to the timeout. */
static void test_until_the_end(void **state)
{
	const struct talk_params p = begin_with("11");
	struct lab *l = lab_with(SPAN_TEXT "accept = 11X.\n");
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 60);
	dial(&t, "02#");
	expect_called(&t, "1102");
	talk_start(&t, l, &p);
	lab_run(l, 60);
	dial(&t, "0");
	lab_run(l, 2500);
	assert_false(t.has_peer);
	expect_called(&t, "110");
	lab_close(l);
}

static void test_refused(void **state)
{
	const struct talk_params p = begin_with("62"), wrong = begin_with("7");
	struct lab *l = lab_with(SPAN_TEXT);
	struct talk t;

	/* never whole */
	talk_start(&t, l, &p);
	lab_run(l, 60);
	dial(&t, "12");
	talk_until_idle(&t, 3000 + TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){28, 0, NULL, "cause=28(", "called=6212 "});
	/* wrong from the beginning, and from then on */
	talk_start(&t, l, &wrong);
	lab_run(l, 500);
	talk_expect_nth(&t, 1, &(struct talk_end){1, 0, NULL, "cause=1(", NULL});
	talk_start(&t, l, &p);
	lab_run(l, 60);
	dial(&t, "1*");
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_nth(&t, 2, &(struct talk_end){1, 0, NULL, "cause=1(", NULL});
	/* the caller gives up */
	talk_start(&t, l, &p);
	lab_run(l, 60);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_nth(&t, 3, &(struct talk_end){16, 0, NULL, "cause=16(", "cleared-by=line"});
	lab_close(l);
}

static void test_too_long(void **state)
{
	const struct talk_params p = begin_with("1");
	struct lab *l = lab_with(SPAN_TEXT "accept = 1.\n");
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 60);
	dial(&t, "2345678901234567890123456789012");
	expect_called(&t, "12345678901234567890123456789012");
	talk_start(&t, l, &p);
	lab_run(l, 60);
	dial(&t, "23456789012345678901234567890123");
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_text(&t, 1, "cause=28(");
	lab_close(l);
}

/* Without overlap, and when the exchange says that it is whole, the SETUP's number is all there is. */
static void test_whole(void **state)
{
	struct talk_params p = begin_with("62");
	struct lab *l = lab_with(NULL);
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 500);
	talk_expect(&t, &(struct talk_end){1, 0, NULL, "cause=1(", NULL});
	lab_close(l);
	l = lab_with(SPAN_TEXT "accept = 62.\n");
	p.overlap = false;
	talk_start(&t, l, &p);
	expect_called(&t, "62");
	assert_false(xcall_result(t.line)->setup_acked);
	lab_close(l);
}

/* To the line: the beginning in the SETUP, the rest when it is asked for; or all at once, where that is enough. */
static void test_sending(void **state)
{
	static const struct talk_params p = {.name = "in pieces", .line = {.setup_ack = true, .wants_digits = 7}},
					whole = {.name = "enough for it"};
	struct lab *l = lab_with("overlap_dial = 3\n");
	struct talk t;

	talk_start(&t, l, &p);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 5000);
	assert_string_equal(xcall_result(t.line)->parties.called.digits, LAB_OUT);
	assert_int_equal(xcall_result(t.line)->informations, strlen(LAB_OUT) - 3);
	assert_false(xcall_result(t.line)->complete);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_text(&t, 0, "called=" LAB_OUT " peer=fax");
	/* it proceeds with what the SETUP has: no more is said */
	talk_start(&t, l, &whole);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 5000);
	assert_string_equal(xcall_result(t.line)->parties.called.digits, "493");
	assert_int_equal(xcall_result(t.line)->informations, 0);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

/* It asks for more than there is, and then is silent: the call does not hang. */
static void test_sending_too_few(void **state)
{
	static const struct talk_params p = {.name = "too few", .line = {.setup_ack = true, .wants_digits = 20}};
	struct lab *l = lab_with("overlap_dial = 3\n");
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 1000);
	assert_int_equal(talk_leg(&t)->fsm.state, PSTN_DIALED);
	talk_until_idle(&t, 70000);
	talk_expect_text(&t, 0, "cause=102(");
	lab_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_until_it_fits), cmocka_unit_test(test_until_the_end),
		cmocka_unit_test(test_refused),	      cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_whole),	      cmocka_unit_test(test_sending),
		cmocka_unit_test(test_sending_too_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
