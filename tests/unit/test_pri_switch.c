/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link in every dialect, on both sides: calls both ways, refusals, RESTART, SERVICE; T1's mu-law; overlap.
 */
#include "tests/unit/pri_rig.h"

static const enum isdn_switch switches[] = {ISDN_EUROISDN, ISDN_QSIG, ISDN_NI2, ISDN_DMS100, ISDN_5ESS, ISDN_4ESS};

static bool has_service(enum isdn_switch sw)
{
	return sw != ISDN_EUROISDN && sw != ISDN_QSIG;
}

static struct rig *open_as(enum isdn_side side, enum isdn_switch sw)
{
	struct rig *r = &the_rig;

	rig_open_as(r, side, sw);
	run_ms(r, 1500);
	if (!pri_link_is_up(r->link) || !exchange_is_up(r->x))
		fail_msg("%s %s: not up", isdn_side_name(side), isdn_switch_name(sw));
	return r;
}

/* Runs CHECK for each dialect, on both sides. */
static void for_all(void (*check)(struct rig *r, enum isdn_side side, enum isdn_switch sw))
{
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		FOR_BOTH_SIDES(side)
		{
			struct rig *r = open_as(side, switches[i]);

			check(r, side, switches[i]);
			rig_close(r);
		}
	}
}

static void check_out(struct rig *r, enum isdn_side side, enum isdn_switch sw)
{
	const struct xcall_result *x;
	struct seen *s;

	behave(r, (struct xcall_behaviour){.alert_ms = 100, .progress_ms = -1, .answer_ms = 200, .hangup_ms = -1});
	s = call_out(r, 7, true);
	run_ms(r, 400);
	x = xcall_result(exchange_nth_call(r->x, 0));
	assert_int_equal(s->proceeding, 1);
	assert_int_equal(s->alerting, 1);
	assert_int_equal(s->connected, 1);
	assert_int_equal(s->last_connected.channel, 7);
	assert_int_equal(x->timeslot, 7);
	assert_string_equal(x->parties.called.digits, "493012345");
	assert_int_equal(x->parties.called.type, 1);
	assert_string_equal(x->parties.calling.digits, "4989555");
	/* Who may not send it in pieces is known to send it whole. */
	assert_int_equal(x->complete, !has_service(sw));
	pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 200);
	assert_int_equal(s->gone, 1);
	assert_int_equal(x->state, XCALL_GONE);
	assert_int_equal(x->cause, Q850_NORMAL);
}

static void check_in(struct rig *r, enum isdn_side side, enum isdn_switch sw)
{
	const struct xcall_result *x;
	struct seen *s;
	struct xcall *c = call_in(r, 12, &s);

	x = xcall_result(c);
	assert_int_equal(s->last_setup.channel, 12);
	assert_true(s->last_setup.channel_exclusive);
	assert_true(s->last_setup.speech);
	assert_string_equal(s->last_setup.parties.called.digits, "493012345");
	assert_string_equal(s->last_setup.parties.calling.digits, "4989555");
	run_ms(r, 40);
	assert_int_equal(pri_call_alerting(s->call, false), 0);
	run_ms(r, 40);
	assert_int_equal(x->state, XCALL_ALERTING);
	assert_int_equal(pri_call_answer(s->call), 0);
	run_ms(r, 60);
	assert_int_equal(s->connected, 1);
	assert_int_equal(x->state, XCALL_CONNECTED);
	exchange_hangup(c, Q850_NORMAL);
	run_ms(r, 200);
	assert_int_equal(s->gone, 1);
	assert_int_equal(s->last_gone.cause, Q850_NORMAL);
	assert_int_equal(x->state, XCALL_GONE);
}

static void check_refused(struct rig *r, enum isdn_side side, enum isdn_switch sw)
{
	static const unsigned causes[] = {Q850_UNALLOCATED, Q850_BUSY, Q850_NO_CHANNEL, Q850_CHANNEL_UNAVAILABLE};

	for (size_t i = 0; i < 4; i++) {
		struct xcall *c;
		struct seen *s;

		r->reply = REPLY_CLEAR;
		r->reply_cause = causes[i];
		c = call_in(r, 3, &s);
		run_ms(r, 200);
		assert_int_equal(xcall_result(c)->state, XCALL_GONE);
		assert_int_equal(xcall_result(c)->cause, causes[i]);
		behave(r, (struct xcall_behaviour){.refuse_cause = causes[i], .hangup_ms = -1});
		s = call_out(r, 4, true);
		run_ms(r, 200);
		assert_int_equal(s->gone, 1);
		assert_int_equal(s->last_gone.cause, causes[i]);
	}
}

static void check_restart(struct rig *r, enum isdn_side side, enum isdn_switch sw)
{
	assert_int_equal(pri_link_restart(r->link, 5), 0);
	run_ms(r, 100);
	assert_int_equal(exchange_stats(r->x).restarts, 1);
	assert_int_equal(r->restart_done, 1);
	assert_int_equal(exchange_restart(r->x, 6), 0);
	run_ms(r, 100);
	assert_int_equal(r->restarted, 1);
	assert_int_equal(r->last_restart, 6);
}

static void check_service(struct rig *r, enum isdn_side side, enum isdn_switch sw)
{
	if (!has_service(sw)) {
		assert_int_equal(pri_link_service(r->link, 5, false), ENOTSUP);
		return;
	}
	assert_int_equal(pri_link_service(r->link, 0, false), EIO);
	assert_int_equal(pri_link_service(r->link, TIMESLOT_COUNT, false), EIO);
	assert_int_equal(pri_link_service(r->link, 5, false), 0);
	run_ms(r, 100);
	assert_int_equal(exchange_stats(r->x).out_of_service, 1u << 5);
	assert_int_equal(pri_link_service(r->link, 5, true), 0);
	assert_int_equal(exchange_service(r->x, 7, false), 0);
	assert_int_equal(exchange_service(r->x, 8, false), 0);
	run_ms(r, 100);
	assert_int_equal(exchange_stats(r->x).out_of_service, 0);
	assert_int_equal(exchange_stats(r->x).service_acks, 2);
	assert_int_equal(r->out_of_service, 1u << 7 | 1u << 8);
	assert_int_equal(exchange_service(r->x, 7, true), 0);
	run_ms(r, 100);
	assert_int_equal(r->services, 3);
	assert_int_equal(r->out_of_service, 1u << 8);
	/* Not a call's business. */
	check_in(r, side, sw);
}

static void test_out(void **state)
{
	for_all(check_out);
}

static void test_in(void **state)
{
	for_all(check_in);
}

static void test_refused(void **state)
{
	for_all(check_refused);
}

static void test_restart(void **state)
{
	for_all(check_restart);
}

static void test_service(void **state)
{
	for_all(check_service);
}

/* A Q.931 (or maintenance) message from the network, the NSth I frame; it acknowledges one of ours. */
static void inject(struct rig *r, unsigned ns, const uint8_t *message, size_t octets)
{
	uint8_t f[64] = {0x02, 0x01, (uint8_t)(ns << 1), 2};

	assert_true(octets + 4 <= sizeof(f));
	memcpy(f + 4, message, octets);
	pri_link_receive(r->link, f, octets + 4);
}

#define INJECT(r, ns, ...) inject(r, ns, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* SERVICE on a call's reference, for the whole D channel, without a channel or a status, cut: nothing comes of it. */
static void test_bad_service(void **state)
{
	struct rig *r = open_as(ISDN_TE, ISDN_NI2);
	struct seen *s;
	unsigned ns = 1;

	call_in(r, 12, &s);
	run_ms(r, 40);
	cut(r, true);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x01, 0x07, 0x01, 1, 0xC2, 0x18, 3, 0xA9, 0x83, 0x85);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2, 0x18, 3, 0xAC, 0x83, 0x85);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2, 0x18, 3, 0xA8, 0x83, 0x85);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x18, 3, 0xA9, 0x83, 0x85);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2, 0x18, 3, 0xA9, 0x83);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2, 0x18, 3, 0xA9, 0x83, 0x80 | 77);
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07);
	/* Of another interface; and its RESTART. */
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2, 0x18, 4, 0xE9, 0x81, 0x83, 0x85);
	INJECT(r, ns++, 0x08, 2, 0x00, 0x00, 0x46, 0x18, 4, 0xE9, 0x81, 0x83, 0x8C, 0x79, 1, 0x80);
	run_ms(r, 40);
	assert_int_equal(r->services, 0);
	assert_int_equal(r->restarted, 0);
	assert_int_equal(r->downs, 0);
	assert_int_equal(s->gone, 0);
	assert_int_equal(pri_call_alerting(s->call, false), 0);
	/* A sound one is heard. */
	INJECT(r, ns++, 0x43, 2, 0x00, 0x00, 0x07, 0x01, 1, 0xC2, 0x18, 3, 0xA9, 0x83, 0x85);
	assert_int_equal(r->services, 1);
	assert_int_equal(r->out_of_service, 1u << 5);
	pri_call_abandon(s->call);
	s->gone = 1;
	rig_close(r);
}

/* Digits one by one after a SETUP that says that its number is not whole. */
static void test_overlap(void **state)
{
	struct exchange_call call = {.parties = parties, .timeslot = 3, .overlap = true};

	strcpy(call.parties.called.digits, "49");
	for (size_t i = 0; i < 2; i++) {
		FOR_BOTH_SIDES(side)
		{
			struct rig *r = open_as(side, switches[i]);
			struct xcall *c;
			struct seen *s;

			r->reply = REPLY_MORE;
			c = call_in_with(r, call, &s);
			assert_string_equal(s->last_setup.parties.called.digits, "49");
			assert_false(s->last_setup.complete);
			run_ms(r, 40);
			assert_true(xcall_result(c)->setup_acked);
			assert_int_equal(exchange_digits(c, "30*1#"), 0);
			run_ms(r, 40);
			assert_int_equal(s->digits, 5);
			assert_string_equal(s->number, "30*1#");
			assert_false(s->complete);
			assert_int_equal(pri_call_more(s->call, 3), EIO);
			assert_int_equal(pri_call_proceeding(s->call, 3), 0);
			run_ms(r, 40);
			assert_int_equal(xcall_result(c)->state, XCALL_PROCEEDING);
			/* Too late. */
			exchange_digits(c, "7");
			run_ms(r, 40);
			assert_int_equal(s->digits, 5);
			assert_int_equal(pri_call_answer(s->call), 0);
			run_ms(r, 40);
			assert_int_equal(s->connected, 1);
			exchange_hangup(c, Q850_NORMAL);
			run_ms(r, 200);
			rig_close(r);
		}
	}
}

/* Cleared while digits are gathered, from either side, with any cause. */
static void test_overlap_cleared(void **state)
{
	static const unsigned causes[] = {Q850_UNALLOCATED, Q850_INVALID_NUMBER, Q850_NORMAL, Q850_INCOMPATIBLE};
	struct exchange_call call = {.parties = parties, .timeslot = 3, .overlap = true};

	for (size_t i = 0; i < 2 * 4; i++) {
		struct rig *r = open_as(ISDN_TE, ISDN_EUROISDN);
		struct xcall *c;
		struct seen *s;

		r->reply = REPLY_MORE;
		c = call_in_with(r, call, &s);
		run_ms(r, 40);
		if (i % 2)
			exchange_hangup(c, causes[i / 2]);
		else
			pri_call_clear(s->call, causes[i / 2]);
		run_ms(r, 200);
		assert_int_equal(s->gone, 1);
		assert_int_equal(s->last_gone.cause, causes[i / 2]);
		assert_int_equal(xcall_result(c)->state, XCALL_GONE);
		assert_int_equal(xcall_result(c)->cause, causes[i / 2]);
		rig_close(r);
	}
}

/* Our number is whole: a SETUP ACKNOWLEDGE before CALL PROCEEDING changes nothing. */
static void test_overlap_sending(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct rig *r = open_as(ISDN_TE, switches[i]);
		struct seen *s;

		behave(r, (struct xcall_behaviour){.setup_ack = true,
						   .alert_ms = -1,
						   .progress_ms = -1,
						   .answer_ms = 100,
						   .hangup_ms = -1});
		s = call_out(r, 7, false);
		run_ms(r, 200);
		assert_int_equal(s->proceeding, 2);
		assert_int_equal(s->last_proceeding.channel, 7);
		assert_int_equal(s->connected, 1);
		assert_true(xcall_result(exchange_nth_call(r->x, 0))->complete);
		pri_call_clear(s->call, Q850_NORMAL);
		run_ms(r, 200);
		rig_close(r);
	}
}

/* A mu-law line says so in its SETUP, and takes no A-law. */
static void test_ulaw(void **state)
{
	struct rig *r = &the_rig;
	const struct pri_link_handlers lh = {.send = link_send, .event = link_event, .arg = r};
	const struct pri_link_params lp = {.side = ISDN_TE, .switch_type = ISDN_NI2, .ulaw = true, .prefix = "span 1"};
	struct seen *s;

	rig_open_as(r, ISDN_TE, ISDN_NI2);
	pri_link_free(r->link);
	assert_int_equal(pri_link_alloc(&r->link, &lp, &lh), 0);
	run_ms(r, 1500);
	s = call_out(r, 7, true);
	run_ms(r, 60);
	assert_int_equal(xcall_result(exchange_nth_call(r->x, 0))->layer_1, 0x22);
	pri_call_clear(s->call, Q850_NORMAL);
	r->reply = REPLY_CLEAR;
	r->reply_cause = Q850_BEARER_NOT_IMPLEMENTED;
	call_in(r, 3, &s);
	assert_false(s->last_setup.speech);
	run_ms(r, 200);
	rig_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_in),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_bad_service),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_overlap_cleared),
		cmocka_unit_test(test_overlap_sending),
		cmocka_unit_test(test_ulaw),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
