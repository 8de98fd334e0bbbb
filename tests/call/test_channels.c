/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole calls: which B channel a call is on: preferred and exclusive, glare, channels taken out of service; T1. */
#include "tests/call/talk.h"

static struct lab *lab_with(const char *span_text)
{
	return talk_lab(&(struct lab_params){.span_text = span_text});
}

static unsigned count_busy(struct lab *l)
{
	return chanmap_count(&l->spans[0].span->channels, CHAN_BUSY);
}

/* The call is up, on TIMESLOT at both ends, and what is said at one end is heard at the other. */
static void expect_on(const struct talk *t, unsigned timeslot)
{
	static const struct xcall_source tone = {.kind = XAUDIO_TONE};
	const uint8_t *heard = t->lab->spans[0].to_gateway[timeslot];
	const struct leg_pstn *leg;

	talk_until(t, PSTN_UP, BEARER_AUDIO, 8000);
	leg = talk_leg(t);
	assert_int_equal(leg->timeslot, timeslot);
	assert_ptr_equal(t->lab->spans[0].span->by_timeslot[timeslot], leg);
	assert_int_equal(xcall_result(t->line)->timeslot, timeslot);
	xcall_set_source(t->line, &tone);
	lab_run(t->lab, 200);
	assert_int_not_equal(heard[0] ^ heard[1] ^ heard[2] ^ heard[3], 0);
}

static void end(const struct talk *t)
{
	talk_hangup_peer(t);
	talk_until_idle(t, TALK_CLEARED_MS);
}

/* The line puts the call on another channel: it goes on there. */
static void test_moved(void **state)
{
	static const struct talk_params p = {.name = "moved", .line = {.timeslot = 7}};
	static const struct talk_params acked = {.name = "moved, SETUP ACK",
						 .line = {.timeslot = 8, .setup_ack = true}};
	struct lab *l = lab_with("channel = preferred\n");
	struct talk t;

	talk_start(&t, l, &p);
	expect_on(&t, 7);
	assert_int_equal(count_busy(l), 1);
	assert_int_equal(chanmap_state(&l->spans[0].span->channels, 31), CHAN_FREE);
	assert_true(lab_log_has(l, "the other side has put the call on channel 7, not 31"));
	end(&t);
	talk_start(&t, l, &acked);
	expect_on(&t, 8);
	assert_true(xcall_result(t.line)->complete);
	end(&t);
	lab_close(l);
}

/* ... unless it is not free here: then the call is cleared with cause 6 and tried on another channel. */
static void test_moved_onto_a_used_one(void **state)
{
	static const struct talk_params p = {.name = "moved onto a used one", .line = {.timeslot = 7}};
	struct lab *l = lab_with("channel = preferred\n");
	struct chanmap *m = &l->spans[0].span->channels;
	struct talk t;

	chanmap_block(m, 7, CHAN_REMOTE, true);
	talk_start(&t, l, &p);
	lab_run(l, 500);
	assert_int_equal(xcall_result(exchange_nth_call(l->spans[0].x, 0))->cause, Q850_CHANNEL_UNACCEPTABLE);
	assert_int_equal(t.tries, 3);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){6, 503, "Q.850;cause=34", "cause=34(", "cleared-by=gateway"});
	assert_int_equal(count_busy(l), 0);
	lab_close(l);
}

/*
 * Both sides take the same channel in the same moment, and we are the user: the network's call has it, and ours goes
 * on elsewhere. EXCLUSIVE or not, theirs and ours.
 */
static void glare(const char *span_text, bool exclusive)
{
	static const struct talk_params from_peer = {.name = "from the peer"};
	const struct talk_params from_line = {
		.name = "from the line", .from_line = true, .timeslot = 31, .exclusive = exclusive};
	struct lab *l = lab_with(span_text);
	struct talk ours, theirs;

	talk_start(&ours, l, &from_peer);
	lab_step(l);
	assert_int_equal(chanmap_state(&l->spans[0].span->channels, 31), CHAN_BUSY);
	assert_null(ours.line);
	talk_start(&theirs, l, &from_line);
	talk_last = &ours;
	talk_until(&theirs, PSTN_UP, BEARER_AUDIO, 8000);
	talk_until(&ours, PSTN_UP, BEARER_AUDIO, 8000);
	assert_int_equal(xcall_result(theirs.line)->timeslot, 31);
	assert_int_equal(talk_leg(&theirs)->timeslot, 31);
	assert_int_not_equal(talk_leg(&ours)->timeslot, 31);
	assert_int_equal(count_busy(l), 2);
	assert_true(lab_log_has(l, "a SETUP of the network takes the channel from ours"));
	talk_hangup_line(&theirs, Q850_NORMAL);
	talk_hangup_line(&ours, Q850_NORMAL);
	talk_until_idle(&ours, TALK_CLEARED_MS);
	lab_close(l);
}

static void test_glare(void **state)
{
	glare(NULL, true);
	glare(NULL, false);
	glare("channel = preferred\n", true);
	glare("channel = preferred\n", false);
}

/* A channel that the other side takes out of service is not used until it is back, but its call goes on. */
static void test_service(void **state)
{
	static const struct talk_params p[2] = {{.name = "first"}, {.name = "second"}};
	struct lab *l = lab_with("switch = ni2\ntimeslots = 1-23\ndchannel = 24\nhunt = ascending\n");
	struct exchange *x = l->spans[0].x;
	struct chanmap *m = &l->spans[0].span->channels;
	struct talk t[2];

	talk_start(&t[0], l, &p[0]);
	expect_on(&t[0], 1);
	assert_int_equal(exchange_service(x, 1, false), 0);
	assert_int_equal(exchange_service(x, 2, false), 0);
	lab_run(l, 100);
	assert_int_equal(exchange_stats(x).service_acks, 2);
	assert_int_equal(chanmap_state(m, 1), CHAN_BUSY);
	assert_int_equal(chanmap_state(m, 2), CHAN_BLOCKED);
	talk_start(&t[1], l, &p[1]);
	expect_on(&t[1], 3);
	talk_hangup_peer(&t[0]);
	lab_run(l, 500);
	assert_int_equal(chanmap_state(m, 1), CHAN_BLOCKED);
	assert_int_equal(exchange_service(x, 1, true), 0);
	lab_run(l, 100);
	assert_int_equal(chanmap_state(m, 1), CHAN_FREE);
	end(&t[1]);
	/* What it has not taken back is free again when the D channel is new. */
	lab_kill_exchange(l, 0, true);
	lab_run(l, 40000);
	assert_int_equal(chanmap_state(m, 2), CHAN_FREE);
	lab_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_moved_onto_a_used_one),
		cmocka_unit_test(test_glare),
		cmocka_unit_test(test_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
