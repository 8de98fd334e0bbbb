/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole calls: the operator's hand: channels taken out of service and put back, RESTART, calls seen and cleared. */
#include <string.h>

#include "gateway/control/answer.h"
#include "tests/call/talk.h"

#define ROWS 64

struct desk {
	struct lab *lab;
	struct mailbox *answers;
	uint32_t requests;
	struct answer_row rows[ROWS];
	unsigned count; /* without the last */
	struct answer_row last;
	bool ended;
};

static void desk_open(struct desk *d, const struct lab_params *p)
{
	memset(d, 0, sizeof(*d));
	d->lab = talk_lab(p);
	assert_int_equal(mailbox_alloc(&d->answers, ROWS, sizeof(struct answer_row)), 0);
	span_connect_control(d->lab->spans[0].span, d->answers);
}

static void desk_close(struct desk *d)
{
	span_connect_control(d->lab->spans[0].span, NULL);
	lab_close(d->lab);
	mailbox_free(d->answers);
}

static bool desk_take(struct lab *l, void *arg)
{
	struct desk *d = arg;
	struct answer_row r;

	while (mailbox_take(d->answers, &r)) {
		assert_int_equal(r.request, d->requests);
		if (!r.last) {
			assert_true(d->count < ROWS);
			d->rows[d->count++] = r;
			continue;
		}
		d->last = r;
		d->ended = true;
	}
	return d->ended;
}

/* What an operator writes, with LIMIT_MS for the answer. */
static void command(struct desk *d, const char *line, unsigned limit_ms)
{
	struct msg m = {.type = MSG_COMMAND};
	char why[COMMAND_WHY_OCTETS];

	assert_int_equal(command_parse(line, &m.command.what, why), 0);
	m.command.request = ++d->requests;
	d->count = 0;
	d->ended = false;
	assert_int_equal(mailbox_post(span_inbox(d->lab->spans[0].span), &m), 0);
	assert_true(lab_until(d->lab, desk_take, d, limit_ms));
	assert_int_equal(d->last.rows, d->count);
}

static bool has_row(const struct desk *d, const char *text)
{
	for (unsigned i = 0; i < d->count; i++)
		if (!strcmp(d->rows[i].text, text))
			return true;
	return false;
}

static bool has_row_with(const struct desk *d, const char *text)
{
	for (unsigned i = 0; i < d->count; i++)
		if (strstr(d->rows[i].text, text))
			return true;
	return false;
}

static void end(const struct talk *t)
{
	talk_hangup_peer(t);
	talk_until_idle(t, TALK_CLEARED_MS);
}

/* A call that is there goes on; no other comes to the channel, from neither side. */
static void test_block(void **state)
{
	static const struct talk_params out = {.name = "out"};
	static const struct talk_params in = {.name = "in", .from_line = true, .timeslot = 1, .exclusive = true};
	struct desk d;
	struct talk t, u;

	desk_open(&d, &(struct lab_params){.span_text = "hunt = ascending\n"});
	talk_start(&t, d.lab, &out);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	assert_int_equal(talk_leg(&t)->timeslot, 1);
	command(&d, "block span 1 timeslots 1-3", 100);
	assert_false(d.last.failed);
	assert_int_equal(d.count, 3);
	assert_true(has_row(&d, "1\t1\tbusy\toperator"));
	assert_true(has_row(&d, "1\t2\tblocked\toperator"));
	lab_run(d.lab, 1000);
	assert_int_equal(talk_leg(&t)->fsm.state, PSTN_UP);
	end(&t);
	command(&d, "show channels", 100);
	assert_true(has_row(&d, "1\t1\tblocked\toperator\t-"));
	assert_true(has_row(&d, "1\t4\tfree\t-\t-"));
	/* the line asks for a blocked one */
	talk_start(&u, d.lab, &in);
	talk_until_idle(&u, TALK_CLEARED_MS);
	assert_int_equal(xcall_result(u.line)->cause, Q850_CHANNEL_UNAVAILABLE);
	/* and we take the next */
	talk_start(&t, d.lab, &out);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	assert_int_equal(talk_leg(&t)->timeslot, 4);
	end(&t);
	command(&d, "unblock span 1", 100);
	assert_true(has_row(&d, "1\t1\tfree\t-"));
	talk_start(&u, d.lab, &in);
	talk_until(&u, PSTN_UP, BEARER_AUDIO, 8000);
	assert_int_equal(talk_leg(&u)->timeslot, 1);
	end(&u);
	desk_close(&d);
}

/* Nothing is left: the caller from SIP hears of it at once. */
static void test_block_all(void **state)
{
	static const struct talk_params out = {.name = "out"};
	struct desk d;
	struct talk t;

	desk_open(&d, &(struct lab_params){0});
	command(&d, "block span 1", 100);
	assert_int_equal(d.count, 30);
	talk_start(&t, d.lab, &out);
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_non_null(strstr(lab_log_end(d.lab, 0), "cause=34("));
	command(&d, "unblock span 1", 100);
	desk_close(&d);
}

/* The operator's and the other side's are two: what one gives back the other may still hold. */
static void test_block_by_both(void **state)
{
	struct desk d;
	struct chanmap *m;

	desk_open(&d, &(struct lab_params){0});
	m = &d.lab->spans[0].span->channels;
	chanmap_block(m, 5, CHAN_REMOTE, true);
	command(&d, "block span 1 timeslots 5", 100);
	assert_true(has_row(&d, "1\t5\tblocked\toperator, remote"));
	command(&d, "unblock span 1 timeslots 5", 100);
	assert_true(has_row(&d, "1\t5\tblocked\tremote"));
	command(&d, "block span 1 timeslots 5", 100);
	chanmap_block(m, 5, CHAN_REMOTE, false);
	assert_int_equal(chanmap_state(m, 5), CHAN_BLOCKED);
	command(&d, "unblock span 1 timeslots 5", 100);
	assert_true(has_row(&d, "1\t5\tfree\t-"));
	desk_close(&d);
}

static void test_restart(void **state)
{
	static const struct talk_params out = {.name = "out"};
	struct desk d;
	struct talk t;

	desk_open(&d, &(struct lab_params){.span_text = "hunt = ascending\n"});
	command(&d, "restart span 1 timeslots 31", 1000);
	assert_int_equal(d.count, 1);
	assert_true(has_row(&d, "1\t31\tacknowledged"));
	talk_start(&t, d.lab, &out);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	/* a call is not cleared unless the operator says so */
	command(&d, "restart span 1", 5000);
	assert_int_equal(d.count, 30);
	assert_true(has_row(&d, "1\t1\tnot restarted: in a call"));
	assert_true(has_row(&d, "1\t2\tacknowledged"));
	assert_int_equal(talk_leg(&t)->fsm.state, PSTN_UP);
	command(&d, "restart span 1 timeslots 1,2 force", 5000);
	assert_int_equal(d.count, 2);
	assert_true(has_row(&d, "1\t1\tacknowledged"));
	assert_true(has_row(&d, "1\t2\tacknowledged"));
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_non_null(strstr(lab_log_end(d.lab, 0), "cleared-by=gateway"));
	assert_non_null(strstr(lab_log_end(d.lab, 0), "why=\"the operator restarts the channel\""));
	desk_close(&d);
}

/* The other side is silent, then its D channel is lost: the operator is told, the channels are free. */
static void test_restart_unheard(void **state)
{
	struct desk d;

	desk_open(&d, &(struct lab_params){0});
	lab_kill_exchange(d.lab, 0, true);
	command(&d, "restart span 1 timeslots 4", 6000);
	assert_true(has_row(&d, "1\t4\tnot acknowledged") || d.last.failed);
	lab_run(d.lab, 30000);
	command(&d, "restart span 1 timeslots 4", 6000);
	assert_true(d.last.failed);
	assert_string_equal(d.last.text, "span 1: the D channel is down");
	lab_kill_exchange(d.lab, 0, false);
	lab_run(d.lab, 30000);
	command(&d, "show channels", 100);
	assert_true(has_row(&d, "1\t4\tfree\t-\t-"));
	desk_close(&d);
}

static void test_one_restart_at_a_time(void **state)
{
	struct msg m = {.type = MSG_COMMAND};
	struct desk d;
	char why[COMMAND_WHY_OCTETS];

	desk_open(&d, &(struct lab_params){0});
	assert_int_equal(command_parse("restart span 1", &m.command.what, why), 0);
	m.command.request = d.requests + 1;
	assert_int_equal(mailbox_post(span_inbox(d.lab->spans[0].span), &m), 0);
	command(&d, "restart span 1 timeslots 2", 100);
	assert_true(d.last.failed);
	assert_string_equal(d.last.text, "span 1: a RESTART is under way");
	d.ended = false;
	assert_true(lab_until(d.lab, desk_take, &d, 5000));
	assert_int_equal(d.last.rows, 30);
	desk_close(&d);
}

static void test_calls_are_seen_and_cleared(void **state)
{
	static const struct talk_params in = {.name = "in", .from_line = true};
	struct desk d;
	struct talk t;

	desk_open(&d, &(struct lab_params){0});
	command(&d, "show calls", 100);
	assert_int_equal(d.count, 0);
	talk_start(&t, d.lab, &in);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	command(&d, "show calls", 100);
	assert_int_equal(d.count, 1);
	assert_true(has_row_with(&d, "\tline\tUP\t"));
	assert_true(has_row_with(&d, "\tAUDIO\t0"));
	command(&d, "show call 1-1", 100);
	assert_true(has_row(&d, "state\tUP"));
	assert_true(has_row(&d, "T.30\t-"));
	assert_true(has_row(&d, "route\taccept"));
	command(&d, "clear call 1-2", 100);
	assert_int_equal(d.count, 0);
	command(&d, "clear call 1-1", 100);
	assert_true(has_row(&d, "1-1\tcleared"));
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_non_null(strstr(lab_log_end(d.lab, 0), "why=\"cleared by the operator\""));
	command(&d, "show span 1", 100);
	assert_true(has_row(&d, "state\tup"));
	assert_true(has_row(&d, "in calls\t0"));
	assert_true(has_row(&d, "calls begun by the line\t1"));
	desk_close(&d);
}

static void test_channels_not_ours(void **state)
{
	struct desk d;

	desk_open(&d, &(struct lab_params){0});
	command(&d, "block span 1 timeslots 15-17", 100);
	assert_true(d.last.failed);
	assert_string_equal(d.last.text, "span 1 has no B channel 16");
	command(&d, "show channels", 100);
	assert_true(has_row(&d, "1\t15\tfree\t-\t-"));
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_block_all),
		cmocka_unit_test(test_block_by_both),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_restart_unheard),
		cmocka_unit_test(test_one_restart_at_a_time),
		cmocka_unit_test(test_calls_are_seen_and_cleared),
		cmocka_unit_test(test_channels_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
