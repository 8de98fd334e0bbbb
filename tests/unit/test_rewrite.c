/* SPDX-License-Identifier: GPL-2.0-only */
/* How numbers are written: every form of every type, in countries with and without prefixes and areas. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/route/rewrite.h"

enum { UNKNOWN = 0, INTERNATIONAL = 1, NATIONAL = 2, NETWORK = 3, SUBSCRIBER = 4 };

static const struct config_numbering berlin = {"49", "30", "00", "0"};
static const struct config_numbering spain = {"34", "", "00", ""};
static const struct config_numbering chicago = {"1", "312", "011", "1"};

struct form_case {
	const struct config_numbering *numbering;
	const char *digits;
	unsigned type;
	enum config_form form;
	const char *expected;
	unsigned expected_type;
};

static const struct form_case form_cases[] = {
	{&berlin, "30123456", NATIONAL, FORM_E164, "4930123456", INTERNATIONAL},
	{&berlin, "030123456", NATIONAL, FORM_E164, "4930123456", INTERNATIONAL}, /* its prefix was left on */
	{&berlin, "123456", SUBSCRIBER, FORM_E164, "4930123456", INTERNATIONAL},
	{&berlin, "4930123456", INTERNATIONAL, FORM_E164, "4930123456", INTERNATIONAL},
	{&berlin, "004930123456", UNKNOWN, FORM_E164, "4930123456", INTERNATIONAL},
	{&berlin, "003312345", UNKNOWN, FORM_E164, "3312345", INTERNATIONAL},
	{&berlin, "089123", UNKNOWN, FORM_E164, "4989123", INTERNATIONAL},
	{&berlin, "123456", UNKNOWN, FORM_E164, "4930123456", INTERNATIONAL},
	{&berlin, "4930123456", INTERNATIONAL, FORM_NATIONAL, "30123456", NATIONAL},
	{&berlin, "3312345", INTERNATIONAL, FORM_NATIONAL, "3312345", INTERNATIONAL},
	{&berlin, "123456", SUBSCRIBER, FORM_NATIONAL, "30123456", NATIONAL},
	{&berlin, "4930123456", INTERNATIONAL, FORM_LOCAL, "123456", SUBSCRIBER},
	{&berlin, "4989123456", INTERNATIONAL, FORM_LOCAL, "89123456", NATIONAL},
	{&berlin, "3312345", INTERNATIONAL, FORM_LOCAL, "3312345", INTERNATIONAL},
	{&berlin, "4930123456", INTERNATIONAL, FORM_DIALLED, "030123456", UNKNOWN},
	{&berlin, "3312345", INTERNATIONAL, FORM_DIALLED, "003312345", UNKNOWN},
	{&berlin, "30123", NATIONAL, FORM_DIALLED, "030123", UNKNOWN},
	{&berlin, "30123", NATIONAL, FORM_KEEP, "30123", NATIONAL},
	/* nobody can tell */
	{&berlin, "", UNKNOWN, FORM_E164, "", UNKNOWN},
	{&berlin, "*21#", UNKNOWN, FORM_E164, "*21#", UNKNOWN},
	{&berlin, "4711", NETWORK, FORM_E164, "4711", NETWORK},
	/* without areas, or without a prefix, what has none is national */
	{&spain, "912345678", UNKNOWN, FORM_E164, "34912345678", INTERNATIONAL},
	{&spain, "34912345678", INTERNATIONAL, FORM_DIALLED, "912345678", UNKNOWN},
	{&spain, "912345678", SUBSCRIBER, FORM_E164, "912345678", SUBSCRIBER},
	{&spain, "34912345678", INTERNATIONAL, FORM_LOCAL, "912345678", NATIONAL},
	{&chicago, "0114930123", UNKNOWN, FORM_E164, "4930123", INTERNATIONAL},
	{&chicago, "12125550100", UNKNOWN, FORM_E164, "12125550100", INTERNATIONAL},
	{&chicago, "5550100", UNKNOWN, FORM_E164, "13125550100", INTERNATIONAL},
	{&chicago, "13125550100", INTERNATIONAL, FORM_LOCAL, "5550100", SUBSCRIBER},
	/* nothing is cut off at 32 digits */
	{&berlin, "12345678901234567890123456789012", NATIONAL, FORM_E164, "12345678901234567890123456789012",
	 NATIONAL},
	{&berlin, "123456789012345678901234567890", NATIONAL, FORM_E164, "49123456789012345678901234567890",
	 INTERNATIONAL},
};

static struct isdn_number number(const char *digits, unsigned type)
{
	struct isdn_number n = {
		.type = (uint8_t)type, .presentation = PRESENTATION_RESTRICTED, .screening = SCREENING_PASSED};

	strcpy(n.digits, digits);
	return n;
}

static void test_forms(void **state)
{
	for (size_t i = 0; i < sizeof(form_cases) / sizeof(form_cases[0]); i++) {
		const struct form_case *c = &form_cases[i];
		struct isdn_number n = number(c->digits, c->type);

		rewrite_form(c->numbering, "", c->form, &n);
		if (strcmp(n.digits, c->expected) || n.type != c->expected_type)
			fail_msg("%s type %u as %s: %s type %u", c->digits, c->type, config_form_name(c->form),
				 n.digits, n.type);
		assert_int_equal(n.presentation, PRESENTATION_RESTRICTED);
		assert_int_equal(n.screening, SCREENING_PASSED);
	}
}

/* From E.164 to each form and back: the number is the same. */
static void test_forms_back(void **state)
{
	static const char *const numbers[] = {"4930123456", "4989123456", "3312345678", "12125550100", "4930"};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		for (unsigned form = FORM_E164; form <= FORM_DIALLED; form++) {
			struct isdn_number n = number(numbers[i], INTERNATIONAL);

			rewrite_form(&berlin, "", (enum config_form)form, &n);
			rewrite_form(&berlin, "", FORM_E164, &n);
			assert_string_equal(n.digits, numbers[i]);
			assert_int_equal(n.type, INTERNATIONAL);
			assert_int_equal(n.plan, ISDN_PLAN_E164);
		}
}

struct rewrite_case {
	struct config_rewrite called;
	const char *digits;
	unsigned type;
	int err;
	const char *expected;
	unsigned expected_type;
};

static const struct rewrite_case rewrite_cases[] = {
	{{.strip = 2}, "4930123", INTERNATIONAL, 0, "30123", UNKNOWN},
	{{.strip = 2, .type = TYPE_NATIONAL}, "4930123", INTERNATIONAL, 0, "30123", NATIONAL},
	{{.prepend = "0"}, "123", UNKNOWN, 0, "0123", UNKNOWN},
	{{.strip = 1, .prepend = "0049"}, "030", UNKNOWN, 0, "004930", UNKNOWN},
	{{.prepend = "4930123", .type = TYPE_INTERNATIONAL}, "45", UNKNOWN, 0, "493012345", INTERNATIONAL},
	{{.form = FORM_DIALLED, .prepend = "9"}, "4930123", INTERNATIONAL, 0, "9030123", UNKNOWN},
	{{.form = FORM_NATIONAL, .type = TYPE_UNKNOWN}, "4930123", INTERNATIONAL, 0, "30123", UNKNOWN},
	{{.type = TYPE_SUBSCRIBER}, "123", UNKNOWN, 0, "123", SUBSCRIBER},
	{{.strip = 3}, "112", UNKNOWN, ENODATA, "112", UNKNOWN},
	{{.strip = 9, .prepend = "0"}, "112", UNKNOWN, 0, "0", UNKNOWN},
	{{.prepend = "1"}, "", UNKNOWN, 0, "1", UNKNOWN},
	{{.strip = 1}, "", UNKNOWN, ENODATA, "", UNKNOWN},
	{{.prepend = "0"},
	 "12345678901234567890123456789012",
	 NATIONAL,
	 EMSGSIZE,
	 "12345678901234567890123456789012",
	 NATIONAL},
	{{.strip = 1, .prepend = "0"},
	 "12345678901234567890123456789012",
	 NATIONAL,
	 0,
	 "02345678901234567890123456789012",
	 UNKNOWN},
};

static void test_called(void **state)
{
	for (size_t i = 0; i < sizeof(rewrite_cases) / sizeof(rewrite_cases[0]); i++) {
		const struct rewrite_case *c = &rewrite_cases[i];
		struct isdn_parties p = {.called = number(c->digits, c->type)};
		struct config_route r = {.called_rewrite = c->called};

		if (rewrite_parties(&berlin, &r, &p) != c->err || strcmp(p.called.digits, c->expected) ||
		    p.called.type != c->expected_type)
			fail_msg("case %zu: %s type %u", i, p.called.digits, p.called.type);
	}
}

/* Not the called number alone: who calls, and who has sent the call on; of those only the form. */
static void test_others(void **state)
{
	struct config_route r = {.calling_rewrite = {.form = FORM_E164, .prepend = "9", .plan = PLAN_PRIVATE}};
	struct isdn_parties p = {.called = number("1", UNKNOWN), .calling = number("30123", NATIONAL)};

	p.redirecting.number = number("89456", NATIONAL);
	p.redirecting.original = number("777", SUBSCRIBER);
	assert_int_equal(rewrite_parties(&berlin, &r, &p), 0);
	assert_string_equal(p.called.digits, "1");
	assert_string_equal(p.calling.digits, "94930123");
	assert_int_equal(p.calling.type, UNKNOWN);
	assert_int_equal(p.calling.plan, 9);
	assert_int_equal(p.calling.presentation, PRESENTATION_RESTRICTED);
	assert_string_equal(p.redirecting.number.digits, "4989456");
	assert_string_equal(p.redirecting.original.digits, "4930777");
	/* in another area than [numbering] says */
	strcpy(r.area_code, "89");
	p.redirecting.original = number("777", SUBSCRIBER);
	assert_int_equal(rewrite_parties(&berlin, &r, &p), 0);
	assert_string_equal(p.redirecting.original.digits, "4989777");
}

/* A caller without a number gets none, and one of whom nothing is left has none. */
static void test_no_caller(void **state)
{
	struct config_route r = {.calling_rewrite = {.prepend = "9"}};
	struct isdn_parties p = {.called = number("1", UNKNOWN)};

	assert_int_equal(rewrite_parties(&berlin, &r, &p), 0);
	assert_string_equal(p.calling.digits, "");
	r.calling_rewrite = (struct config_rewrite){.strip = 4};
	p.calling = number("1234", UNKNOWN);
	assert_int_equal(rewrite_parties(&berlin, &r, &p), 0);
	assert_string_equal(p.calling.digits, "");
	assert_int_equal(p.calling.presentation, PRESENTATION_UNAVAILABLE);
	/* one that would be too long stays */
	r.calling_rewrite = (struct config_rewrite){.prepend = "9"};
	p.calling = number("12345678901234567890123456789012", UNKNOWN);
	assert_int_equal(rewrite_parties(&berlin, &r, &p), 0);
	assert_string_equal(p.calling.digits, "12345678901234567890123456789012");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),  cmocka_unit_test(test_forms_back), cmocka_unit_test(test_called),
		cmocka_unit_test(test_others), cmocka_unit_test(test_no_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
