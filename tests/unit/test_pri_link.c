/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link: the data link, restarts, malformed frames.
 */
#include "tests/unit/pri_rig.h"

static void test_up(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);

		assert_int_equal(r->downs, 0);
		rig_close(r);
	}
}

static void test_up_again_with_the_same_libpri(void **state)
{
	for (int i = 0; i < 3; i++) {
		struct rig *r = rig_open(ISDN_TE);
		struct seen *s = call_out(r, 4, true);

		run_ms(r, 300);
		assert_int_equal(s->connected, 1);
		pri_call_clear(s->call, Q850_NORMAL);
		run_ms(r, 100);
		rig_close(r);
	}
}

/* What one link had still to send is not sent by the next. */
static void test_nothing_left_for_the_next(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s = bring_out_to(r, AT_CONNECTED);

	cut(r, true);
	for (unsigned t = 0; pri_link_is_up(r->link); t++) {
		assert_true(t < 20000 / STEP_MS);
		run_ms(r, STEP_MS);
	}
	pri_call_clear(s->call, Q850_NORMAL);
	pri_link_free(r->link);
	exchange_free(r->x);
	r = rig_open(ISDN_TE);
	assert_string_equal(r->ladder, "");
	rig_close(r);
}

static void test_bad_params(void **state)
{
	const struct pri_link_handlers lh = {.send = link_send, .event = link_event};
	struct pri_link *l = NULL;

	assert_int_equal(pri_link_alloc(&l, &(struct pri_link_params){.side = 7}, &lh), EINVAL);
	assert_int_equal(pri_link_alloc(&l, &(struct pri_link_params){.switch_type = 77}, &lh), EINVAL);
	assert_int_equal(
		pri_link_alloc(&l, &(struct pri_link_params){.side = ISDN_TE}, &(struct pri_link_handlers){.arg = l}),
		EINVAL);
	assert_null(l);
	pri_link_free(NULL);
}

static void test_restart(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct seen *s;

		assert_int_equal(pri_link_restart(r->link, 0), EIO);
		assert_int_equal(pri_link_restart(r->link, 32), EIO);
		assert_int_equal(pri_link_restart(r->link, 17), 0);
		run_ms(r, 40);
		assert_int_equal(r->restart_done, 1);
		assert_int_equal(r->last_restart, 17);
		assert_int_equal(exchange_stats(r->x).restarts, 1);
		assert_int_equal(exchange_restart(r->x, 4), 0);
		run_ms(r, 40);
		assert_int_equal(r->restarted, 1);
		assert_int_equal(r->last_restart, 4);
		assert_int_equal(exchange_stats(r->x).restart_acks, 1);
		/* RESTART of a channel with a call: the gateway clears it; the exchange has forgotten it. */
		s = bring_out_to(r, AT_CONNECTED);
		assert_int_equal(pri_link_restart(r->link, 5), 0);
		run_ms(r, 40);
		assert_int_equal(r->restart_done, 2);
		pri_call_clear(s->call, Q850_TEMPORARY_FAILURE);
		run_ms(r, 100);
		assert_int_equal(s->gone, 1);
		rig_close(r);
	}
}

/* The D channel is lost: active calls wait for T309 (6 s in libpri), others are cleared. */
static void test_dchannel_lost(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct rig *r = rig_open(side);
		struct seen *active = bring_out_to(r, AT_CONNECTED), *early, *in;
		struct pri_call *c;

		behave(r, (struct xcall_behaviour){.alert_ms = 0, .answer_ms = -1, .progress_ms = -1, .hangup_ms = -1});
		early = call_out(r, 6, true);
		run_ms(r, 40);
		r->reply = REPLY_NONE;
		call_in(r, 8, &in);
		cut(r, true);
		run_ms(r, 60000);
		assert_int_equal(r->downs, 1);
		assert_false(pri_link_is_up(r->link));
		assert_int_equal(active->gone, 1);
		assert_int_equal(active->last_gone.cause, Q850_DESTINATION_OUT_OF_ORDER);
		assert_int_equal(early->gone, 1);
		assert_int_equal(in->gone, 1);
		assert_int_equal(pri_link_call(r->link, &parties, 1, true, NULL, &c), ENOTCONN);
		assert_int_equal(pri_link_restart(r->link, 1), EIO);
		cut(r, false);
		run_ms(r, 5000);
		assert_true(pri_link_is_up(r->link));
		assert_int_equal(r->ups, 2);
		assert_int_equal(r->downs, 1);
		rig_close(r);
	}
}

/* A short loss: the active call lives on. */
static void test_dchannel_lost_shortly(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s = bring_out_to(r, AT_CONNECTED);

	cut(r, true);
	run_ms(r, 9000);
	cut(r, false);
	run_ms(r, 8000);
	assert_int_equal(s->gone, 0);
	pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 2000);
	assert_int_equal(s->gone, 1);
	rig_close(r);
}

/* The D channel is lost while we clear, and never comes back. */
static void test_dchannel_lost_in_clearing(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		for (enum when when = AT_SETUP; when < WHEN_COUNT; when++) {
			struct rig *r = rig_open(side);
			struct seen *s = bring_out_to(r, when);

			cut(r, true);
			pri_call_clear(s->call, Q850_NORMAL);
			run_ms(r, 45000);
			assert_int_equal(s->gone, 1);
			rig_close(r);
		}
	}
}

/* Frames that libpri must not see, or that it may not act on. */
static void test_malformed(void **state)
{
	static const struct {
		size_t n;
		uint8_t p[12];
	} bad[] = {
		{0, {0}},
		{1, {0x02}},
		{2, {0x02, 0x01}},
		{3, {0x02, 0x01, 0x00}},				      /* I frame cut */
		{3, {0x02, 0x01, 0x01}},				      /* RR cut */
		{4, {0x02, 0x03, 0x01, 0x01}},				      /* TEI 1 */
		{8, {0xFE, 0xFF, 0x03, 0x0F, 0x00, 0x00, 0x01, 0xFF}},	      /* TEI management */
		{10, {0x02, 0x01, 0x03, 0x08, 0x02, 0x00, 0x01, 0x05, 0xA1}}, /* UI */
		{4, {0x02, 0x01, 0x0D, 0x00}},				      /* unknown supervisory */
	};
	uint8_t longest[400] = {0x02, 0x01, 0x00, 0x00, 0x08, 0x02, 0x00, 0x01, 0x05};
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s = bring_out_to(r, AT_CONNECTED);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		pri_link_receive(r->link, bad[i].p, bad[i].n);
	pri_link_receive(r->link, longest, sizeof(longest));
	run_ms(r, 5000);
	assert_true(pri_link_is_up(r->link));
	assert_int_equal(r->downs, 0);
	assert_int_equal(s->gone, 0);
	pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 100);
	rig_close(r);
}

static void test_both_ends_network(void **state)
{
	static const uint8_t sabme[] = {0x02, 0x01, 0x7F};
	struct rig *r = &the_rig;

	rig_open_as(r, ISDN_NT, ISDN_EUROISDN);
	pri_link_run(r->link);
	pri_link_receive(r->link, sabme, sizeof(sabme));
	run_ms(r, 3000);
	rig_close(r);
}

/* A link freed in the middle of calls leaves nothing, and says nothing more. */
static void test_free_with_calls(void **state)
{
	struct rig *r = rig_open(ISDN_TE);
	struct seen *s = bring_out_to(r, AT_CONNECTED), *in;

	call_in(r, 8, &in);
	pri_link_free(r->link);
	assert_int_equal(s->gone + in->gone, 0);
	exchange_free(r->x);
	assert_int_equal(fault_alive(), r->alive);
}

static int alloc_body(void *arg)
{
	const struct pri_link_params lp = {.side = ISDN_TE, .prefix = "span 1"};
	const struct pri_link_handlers lh = {.send = link_send, .event = link_event, .arg = arg};
	struct pri_link *l;
	int err = pri_link_alloc(&l, &lp, &lh);

	if (!err)
		pri_link_free(l);
	return err;
}

static void test_no_memory(void **state)
{
	assert_true(fault_run(alloc_body, &the_rig, 0) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up),
		cmocka_unit_test(test_up_again_with_the_same_libpri),
		cmocka_unit_test(test_nothing_left_for_the_next),
		cmocka_unit_test(test_bad_params),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_dchannel_lost),
		cmocka_unit_test(test_dchannel_lost_shortly),
		cmocka_unit_test(test_dchannel_lost_in_clearing),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_both_ends_network),
		cmocka_unit_test(test_free_with_calls),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
