/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link: what a SETUP says of the parties beyond their digits, both ways: screening, redirecting number, names,
 * subaddresses; and a subaddress that libpri cannot bear.
 */
#include "tests/unit/pri_rig.h"

static const struct isdn_redirecting diverted = {
	.count = 2,
	.number = {.digits = "4930111", .type = 1, .plan = 1, .presentation = PRESENTATION_RESTRICTED},
	.reason = REDIRECT_BUSY,
	.original = {.digits = "4930222", .type = 1, .plan = 1},
	.original_reason = REDIRECT_UNCONDITIONAL,
};

static const struct isdn_subaddress sub_1 = {5, {ISDN_AFI_IA5, '1', '2', '3', '4'}};
static const struct isdn_subaddress sub_20 = {20,
					      {0x49, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 0}};

static struct rig *open_as(enum isdn_side side, enum isdn_switch sw)
{
	struct rig *r = &the_rig;

	rig_open_as(r, side, sw);
	run_ms(r, 1500);
	assert_true(pri_link_is_up(r->link));
	r->reply = REPLY_CLEAR;
	r->reply_cause = Q850_UNALLOCATED;
	return r;
}

static const struct isdn_parties *send_out(struct rig *r, const struct isdn_parties *p)
{
	struct seen *s = seen_new(r, NULL);
	const unsigned n = r->nseen;
	struct xcall *c;

	assert_int_equal(pri_link_call(r->link, p, 2, false, s, &s->call), 0);
	run_ms(r, 40);
	c = exchange_nth_call(r->x, n - 1);
	assert_non_null(c);
	pri_call_clear(s->call, Q850_NORMAL);
	run_ms(r, 200);
	return &xcall_result(c)->parties;
}

static void test_screening_in(void **state)
{
	static const enum isdn_screening all[] = {SCREENING_NONE, SCREENING_PASSED, SCREENING_FAILED,
						  SCREENING_NETWORK};
	struct rig *r = open_as(ISDN_TE, ISDN_EUROISDN);
	struct seen *s;

	for (size_t i = 0; i < 4; i++) {
		struct exchange_call call = {.parties = parties, .timeslot = 3, .unscreened = true};

		call.parties.calling.screening = all[i];
		call_in_with(r, call, &s);
		assert_int_equal(s->last_setup.parties.calling.screening, all[i]);
		assert_true(s->last_setup.complete);
	}
	run_ms(r, 100);
	rig_close(r);
}

/* A user says "not screened"; the network, and a Q.SIG PBX on either side, what it knows. */
static void test_screening_out(void **state)
{
	struct isdn_parties p = parties;
	struct rig *r;

	p.calling.screening = SCREENING_NETWORK;
	r = open_as(ISDN_TE, ISDN_EUROISDN);
	assert_int_equal(send_out(r, &p)->calling.screening, SCREENING_NONE);
	rig_close(r);
	r = open_as(ISDN_NT, ISDN_EUROISDN);
	assert_int_equal(send_out(r, &p)->calling.screening, SCREENING_NETWORK);
	p.calling.screening = SCREENING_NONE;
	assert_int_equal(send_out(r, &p)->calling.screening, SCREENING_NONE);
	rig_close(r);
	p.calling.screening = SCREENING_PASSED;
	r = open_as(ISDN_TE, ISDN_QSIG);
	assert_int_equal(send_out(r, &p)->calling.screening, SCREENING_PASSED);
	rig_close(r);
}

static void expect_redirecting(const struct isdn_redirecting *r, const struct isdn_redirecting *want)
{
	assert_int_equal(r->count, want->count);
	assert_string_equal(r->number.digits, want->number.digits);
	assert_int_equal(r->number.type, want->number.type);
	assert_int_equal(r->number.presentation, want->number.presentation);
	assert_int_equal(r->reason, want->reason);
	assert_string_equal(r->original.digits, want->original.digits);
}

static void test_redirecting_in(void **state)
{
	struct exchange_call call = {.parties = parties, .timeslot = 3};
	struct isdn_redirecting last = diverted;
	struct rig *r = open_as(ISDN_TE, ISDN_EUROISDN);
	struct seen *s;

	call_in_with(r, call, &s);
	assert_int_equal(s->last_setup.parties.redirecting.count, 0);
	/* The element Redirecting number has neither count nor original number. */
	call.parties.redirecting = diverted;
	call_in_with(r, call, &s);
	last.count = 1;
	last.original = (struct isdn_number){.digits = ""};
	expect_redirecting(&s->last_setup.parties.redirecting, &last);
	for (int i = REDIRECT_UNKNOWN; i <= REDIRECT_UNCONDITIONAL; i++) {
		call.parties.redirecting.reason = (enum isdn_redirect)i;
		call_in_with(r, call, &s);
		assert_int_equal(s->last_setup.parties.redirecting.reason, i);
	}
	run_ms(r, 100);
	rig_close(r);
	/* Q.SIG's facility has both. */
	r = open_as(ISDN_TE, ISDN_QSIG);
	call.parties.redirecting = diverted;
	call_in_with(r, call, &s);
	expect_redirecting(&s->last_setup.parties.redirecting, &diverted);
	assert_int_equal(s->last_setup.parties.redirecting.original_reason, REDIRECT_UNCONDITIONAL);
	run_ms(r, 100);
	rig_close(r);
}

static void test_redirecting_out(void **state)
{
	struct isdn_parties p = parties;
	struct isdn_redirecting last = diverted, withheld = {.count = 1, .reason = REDIRECT_NO_REPLY};
	struct rig *r = open_as(ISDN_TE, ISDN_EUROISDN);

	last.count = 1;
	last.original = (struct isdn_number){.digits = ""};
	assert_int_equal(send_out(r, &p)->redirecting.count, 0);
	p.redirecting = diverted;
	expect_redirecting(&send_out(r, &p)->redirecting, &last);
	p.redirecting = withheld;
	expect_redirecting(&send_out(r, &p)->redirecting, &withheld);
	rig_close(r);
	r = open_as(ISDN_NT, ISDN_QSIG);
	p.redirecting = diverted;
	expect_redirecting(&send_out(r, &p)->redirecting, &diverted);
	rig_close(r);
}

static void test_subaddresses(void **state)
{
	struct exchange_call call = {.parties = parties, .timeslot = 3};
	struct isdn_parties p = parties;
	const struct isdn_parties *got;
	struct rig *r = open_as(ISDN_TE, ISDN_EUROISDN);
	struct seen *s;

	p.called_subaddress = sub_1;
	p.calling_subaddress = sub_20;
	got = send_out(r, &p);
	assert_memory_equal(&got->called_subaddress, &sub_1, sizeof(sub_1));
	assert_memory_equal(&got->calling_subaddress, &sub_20, sizeof(sub_20));
	call.parties = p;
	call_in_with(r, call, &s);
	assert_memory_equal(&s->last_setup.parties.called_subaddress, &sub_1, sizeof(sub_1));
	assert_memory_equal(&s->last_setup.parties.calling_subaddress, &sub_20, sizeof(sub_20));
	call.parties = parties;
	call_in_with(r, call, &s);
	assert_int_equal(s->last_setup.parties.called_subaddress.noctets, 0);
	run_ms(r, 100);
	rig_close(r);
}

/* Display goes from the network to the user; Q.SIG's name is a facility, both ways. */
static void test_names(void **state)
{
	static const struct {
		enum isdn_side side;
		enum isdn_switch sw;
		bool out;
	} cases[] = {{ISDN_TE, ISDN_EUROISDN, false}, {ISDN_NT, ISDN_EUROISDN, true}, {ISDN_TE, ISDN_QSIG, true},
		     {ISDN_NT, ISDN_QSIG, true},      {ISDN_NT, ISDN_DMS100, true},   {ISDN_TE, ISDN_5ESS, true}};
	struct isdn_parties p = parties;

	strcpy(p.calling_name, "Fax Office");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig *r = open_as(cases[i].side, cases[i].sw);
		struct exchange_call call = {.parties = p, .timeslot = 3};
		struct seen *s;

		assert_string_equal(send_out(r, &p)->calling_name, cases[i].out ? "Fax Office" : "");
		if (cases[i].sw != ISDN_EUROISDN || cases[i].side == ISDN_TE) {
			call_in_with(r, call, &s);
			assert_string_equal(s->last_setup.parties.calling_name, "Fax Office");
		}
		run_ms(r, 100);
		rig_close(r);
	}
}

static unsigned told;

static void count_subaddress(enum log_level level, const char *line, void *arg)
{
	told += strstr(line, "subaddress of type") != NULL;
}

/*
 * libpri would copy a subaddress of any length over what stands behind its own, and tell us the length. So it must not
 * see it; the rest of the SETUP must come through.
 */
static void test_long_subaddress(void **state)
{
	static const uint8_t head[] = {0x00, 0x01, 0x00, 0x00, 0x08, 0x02, 0x00, 0x01, 0x05, 0x04, 0x03, 0x90, 0x90,
				       0xA3, 0x18, 0x03, 0xA9, 0x83, 0x81, 0x70, 0x04, 0x81, '1',  '2',	 '3'};
	static const uint8_t elements[] = {0x71, 0x6D};
	static const size_t sizes[] = {22, 100, 200};

	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < 3; k++) {
			struct rig *r = open_as(ISDN_TE, ISDN_EUROISDN);
			const struct isdn_parties *p;
			uint8_t f[300];

			told = 0;
			log_set_sink(count_subaddress, NULL);
			log_set_level(LOGL_INFO);
			/* The link's own sequence numbers are those of the exchange, which has sent nothing yet. */
			memcpy(f, head, sizeof(head));
			f[0] = 0x02;
			f[sizeof(head)] = elements[i];
			f[sizeof(head) + 1] = (uint8_t)sizes[k];
			memset(f + sizeof(head) + 2, '7', sizes[k]);
			f[sizeof(head) + 2] = 0x80;
			pri_link_receive(r->link, f, sizeof(head) + 2 + sizes[k]);
			log_set_level(LOGL_ERROR);
			log_set_sink(NULL, NULL);
			assert_int_equal(r->nseen, 1);
			assert_int_equal(told, 0);
			p = &r->seen[0].last_setup.parties;
			assert_string_equal(p->called.digits, "123");
			assert_int_equal(p->called_subaddress.noctets, 0);
			assert_int_equal(p->calling_subaddress.noctets, 0);
			cut(r, true);
			run_ms(r, 100);
			if (!r->seen[0].gone)
				pri_call_abandon(r->seen[0].call);
			r->seen[0].gone = 1;
			rig_close(r);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_screening_in),	cmocka_unit_test(test_screening_out),
		cmocka_unit_test(test_redirecting_in),	cmocka_unit_test(test_redirecting_out),
		cmocka_unit_test(test_subaddresses),	cmocka_unit_test(test_names),
		cmocka_unit_test(test_long_subaddress),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
