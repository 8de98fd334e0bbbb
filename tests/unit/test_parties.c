/* SPDX-License-Identifier: GPL-2.0-only */
/* Parties of a call between Q.931 and SIP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/route/parties.h"

static const struct config_span te = {.side = ISDN_TE}, nt = {.side = ISDN_NT};

static void test_numbers_to_sip(void **state)
{
	struct isdn_parties p = {.called = {.digits = "4930", .type = 1}, .calling = {.digits = "30", .type = 2}};
	struct session_invite_params ip = {0};
	struct parties_text text;

	strcpy(p.calling_name, "Office");
	parties_to_sip(&p, &te, &text, &ip);
	assert_string_equal(ip.called, "+4930");
	assert_string_equal(ip.calling, "30");
	assert_string_equal(ip.calling_name, "Office");
	assert_false(ip.calling_restricted);
	assert_int_equal(ip.diversion.count, 0);
	p = (struct isdn_parties){.calling = {.type = 1, .presentation = PRESENTATION_UNAVAILABLE}};
	parties_to_sip(&p, &te, &text, &ip);
	assert_string_equal(ip.calling, "");
	assert_null(ip.calling_name);
	assert_false(ip.calling_restricted);
}

/* The network's number is asserted; a user's own word only where we are his network. */
static void test_assertion(void **state)
{
	static const bool on_te[] = {[SCREENING_NONE] = false,
				     [SCREENING_PASSED] = true,
				     [SCREENING_FAILED] = false,
				     [SCREENING_NETWORK] = true};
	static const bool on_nt[] = {[SCREENING_NONE] = true,
				     [SCREENING_PASSED] = true,
				     [SCREENING_FAILED] = false,
				     [SCREENING_NETWORK] = true};

	for (int i = SCREENING_NONE; i <= SCREENING_NETWORK; i++) {
		struct isdn_parties p = {.calling = {.digits = "1",
						     .presentation = PRESENTATION_RESTRICTED,
						     .screening = (enum isdn_screening)i}};
		struct session_invite_params ip = {0};
		struct parties_text text;

		parties_to_sip(&p, &te, &text, &ip);
		assert_int_equal(ip.calling_asserted, on_te[i]);
		assert_true(ip.calling_restricted);
		parties_to_sip(&p, &nt, &text, &ip);
		assert_int_equal(ip.calling_asserted, on_nt[i]);
	}
}

static void test_from_sip(void **state)
{
	struct session_event e = {.called = "+4930", .calling = "0301", .calling_name = "Office"};
	struct isdn_parties p;

	parties_from_sip(&e, &p);
	assert_string_equal(p.called.digits, "4930");
	assert_int_equal(p.called.type, 1);
	assert_int_equal(p.called.plan, 1);
	assert_string_equal(p.calling.digits, "0301");
	assert_int_equal(p.calling.type, 0);
	assert_int_equal(p.calling.presentation, PRESENTATION_ALLOWED);
	assert_int_equal(p.calling.screening, SCREENING_NONE);
	assert_string_equal(p.calling_name, "Office");
	e.calling_restricted = e.calling_asserted = true;
	parties_from_sip(&e, &p);
	assert_int_equal(p.calling.presentation, PRESENTATION_RESTRICTED);
	assert_int_equal(p.calling.screening, SCREENING_NETWORK);
	/* No numbers: nothing, rather than something else. */
	strcpy(e.calling, "fax-1");
	strcpy(e.called, "++4930");
	parties_from_sip(&e, &p);
	assert_string_equal(p.calling.digits, "");
	assert_string_equal(p.called.digits, "");
	memset(e.called, '1', sizeof(e.called) - 1);
	parties_from_sip(&e, &p);
	assert_string_equal(p.called.digits, "");
}

/* A diversion comes back as it went. */
static void test_diversion(void **state)
{
	struct isdn_parties p = {.redirecting = {.count = 3,
						 .number = {.digits = "4930", .type = 1, .plan = 1},
						 .reason = REDIRECT_BUSY,
						 .original = {.digits = "301",
							      .plan = 1,
							      .presentation = PRESENTATION_RESTRICTED},
						 .original_reason = REDIRECT_NO_REPLY}},
			    back;
	struct session_invite_params ip = {0};
	struct session_event e = {0};
	struct parties_text text;

	parties_to_sip(&p, &te, &text, &ip);
	assert_string_equal(ip.diversion.number, "+4930");
	assert_string_equal(ip.diversion.original, "301");
	assert_true(ip.diversion.original_restricted);
	e.diversion = ip.diversion;
	parties_from_sip(&e, &back);
	assert_memory_equal(&back.redirecting, &p.redirecting, sizeof(p.redirecting));
	/* Not known, which is not the same as withheld. */
	e.diversion = (struct session_diversion){.count = 1};
	parties_from_sip(&e, &back);
	assert_int_equal(back.redirecting.number.presentation, PRESENTATION_UNAVAILABLE);
	e.diversion.restricted = true;
	parties_from_sip(&e, &back);
	assert_int_equal(back.redirecting.number.presentation, PRESENTATION_RESTRICTED);
}

/* What an endpoint may show of its caller. */
static void test_keep_own(void **state)
{
	static const struct {
		const char *own[2], *said, *shown;
	} cases[] = {
		{{"6212345"}, "6212345", "6212345"},
		{{"6212345"}, "+6212345", "+6212345"},
		{{"6212345"}, "110", "6212345"},
		{{"6212345"}, "fax1", "6212345"},
		{{"62123XX", "6212300"}, "6212399", "6212399"},
		{{"62123XX", "6212300"}, "4930", "6212300"},
		{{"62123.", "+4930"}, "", "+4930"},
		{{"62123."}, "4930", ""},
		{{NULL}, "4930", "4930"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config_numbers own = {0};
		struct isdn_number n;
		char shown[SIP_USER_OCTETS];

		for (unsigned j = 0; j < 2 && cases[i].own[j]; j++)
			snprintf(own.pattern[own.count++], sizeof(own.pattern[0]), "%s", cases[i].own[j]);
		parties_number_from_sip(cases[i].said, i % 2, &n);
		parties_keep_own(&own, &n);
		parties_number_to_sip(&n, shown, sizeof(shown));
		assert_string_equal(shown, cases[i].shown);
		if (n.digits[0])
			assert_int_equal(n.presentation, i % 2 ? PRESENTATION_RESTRICTED : PRESENTATION_ALLOWED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_to_sip), cmocka_unit_test(test_assertion),
		cmocka_unit_test(test_from_sip),       cmocka_unit_test(test_diversion),
		cmocka_unit_test(test_keep_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
