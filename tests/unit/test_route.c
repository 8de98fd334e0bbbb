/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/route/parties.h"
#include "gateway/route/route.h"

static struct config *conf;

static void patterns(struct config_numbers *n, const char *list)
{
	char text[400], *save = NULL;

	strcpy(text, list);
	n->count = 0;
	for (char *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save))
		strcpy(n->pattern[n->count++], p);
}

static struct config_span *span(unsigned i, unsigned number, const char *dial)
{
	struct config_span *s = &conf->spans[i];

	s->number = number;
	s->enabled = true;
	patterns(&s->dial, dial);
	if (conf->nspans <= i)
		conf->nspans = i + 1;
	return s;
}

static int setup(void **state)
{
	conf = calloc(1, sizeof(*conf));
	conf->npeers = 2;
	strcpy(conf->peers[0].name, "carrier");
	strcpy(conf->peers[1].name, "fax");
	return conf ? 0 : -1;
}

static int teardown(void **state)
{
	free(conf);
	return 0;
}

static struct route_result from_sip(const char *called)
{
	struct isdn_parties p = {0};
	const struct route_query q = {.from = 1, .parties = &p, .said = called};
	struct route_result r;

	parties_number_from_sip(called, false, &p.called);
	memset(&r, 0xff, sizeof(r));
	config_make_rules(conf);
	route_find(conf, &q, &r);
	return r;
}

static struct route_result from_line(const char *called)
{
	struct isdn_parties p = {0};
	const struct route_query q = {.from_line = true, .parties = &p};
	struct route_result r;

	parties_number_from_sip(called, false, &p.called);
	memset(&r, 0xff, sizeof(r));
	config_make_rules(conf);
	route_find(conf, &q, &r);
	return r;
}

static void assert_spans(const char *called, unsigned n, unsigned first, unsigned second, unsigned third)
{
	struct route_result r = from_sip(called);

	assert_int_equal(r.nspans, n);
	assert_int_equal(r.cause, n ? 0 : 1);
	assert_int_equal(r.status, n ? 0 : 404);
	if (n > 0)
		assert_int_equal(r.spans[0], first);
	if (n > 1)
		assert_int_equal(r.spans[1], second);
	if (n > 2)
		assert_int_equal(r.spans[2], third);
}

static void test_line_accepted(void **state)
{
	struct route_result r;

	span(0, 3, "");
	conf->spans[0].to.list[0].peer = 1;
	patterns(&conf->spans[0].accept, "49X. 110 0301234XX");
	r = from_line("4930");
	assert_int_equal(r.cause, 0);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.peer, 1);
	assert_string_equal(r.why, "span 3: accept pattern 49X.: peer fax");
	assert_int_equal(from_line("110").cause, 0);
	assert_int_equal(from_line("+110").cause, 0);
	assert_string_equal(from_line("030123456").why, "span 3: accept pattern 0301234XX: peer fax");
}

static void test_line_refused(void **state)
{
	struct route_result r;

	span(0, 3, "");
	patterns(&conf->spans[0].accept, "49X. 110");
	r = from_line("49");
	assert_int_equal(r.cause, Q850_UNALLOCATED);
	assert_int_equal(r.status, 404);
	assert_string_equal(r.why, "span 3: no accept pattern takes 49");
	assert_int_equal(from_line("1101").cause, Q850_UNALLOCATED);
	assert_string_equal(from_line("").why, "span 3: no accept pattern takes a call without a number");
	patterns(&conf->spans[0].accept, "");
	assert_int_equal(from_line("110").cause, Q850_UNALLOCATED);
	/* "." takes even a call without a number. */
	patterns(&conf->spans[0].accept, ".");
	assert_int_equal(from_line("").cause, 0);
}

static void test_sip_longest_first(void **state)
{
	span(0, 1, ".");
	span(1, 2, "49X.");
	span(2, 3, "4930. 112");
	assert_spans("4930123", 3, 2, 1, 0);
	assert_spans("4940123", 2, 1, 0, 0);
	assert_spans("112", 2, 2, 0, 0);
	assert_spans("33", 1, 0, 0, 0);
	assert_string_equal(from_sip("4930123").why, "span 3: dial pattern 4930., else span 2, 1");
	assert_string_equal(from_sip("4940123").why, "span 2: dial pattern 49X., else span 1");
	assert_string_equal(from_sip("33").why, "span 1: dial pattern .");
}

/* Equal matches go by span number, whatever the order in the files. */
static void test_sip_number_order(void **state)
{
	span(0, 9, "49.");
	span(1, 2, "49.");
	span(2, 5, "49.");
	assert_spans("4930", 3, 1, 2, 0);
}

static void test_sip_disabled(void **state)
{
	span(0, 1, "49.");
	span(1, 2, "49.");
	conf->spans[0].enabled = false;
	assert_spans("4930", 1, 1, 0, 0);
	conf->spans[1].enabled = false;
	assert_spans("4930", 0, 0, 0, 0);
}

static void test_sip_plus(void **state)
{
	span(0, 1, "49X.");
	span(1, 2, "+49X.");
	span(2, 3, "+493X.");
	/* The '+' of a pattern is no digit: spans 1 and 2 match equally well. */
	assert_spans("+4930", 3, 2, 0, 1);
	assert_string_equal(from_sip("+4930").why, "span 3: dial pattern +493X., else span 1, 2");
	assert_spans("4930", 1, 0, 0, 0);
	patterns(&conf->spans[0].dial, ".");
	assert_spans("+1", 1, 0, 0, 0);
	/* One pattern of several; the better one counts. */
	patterns(&conf->spans[1].dial, "+4. 493.");
	conf->spans[2].enabled = false;
	assert_string_equal(from_sip("+4930").why, "span 2: dial pattern 493., else span 1");
}

static void test_sip_refused(void **state)
{
	struct route_result r;

	span(0, 1, "49X.");
	r = from_sip("33123");
	assert_int_equal(r.nspans, 0);
	assert_int_equal(r.cause, Q850_UNALLOCATED);
	assert_int_equal(r.status, 404);
	assert_string_equal(r.why, "peer fax: no span's dial patterns take 33123");
	/* Names and nothing at all are no numbers, though "." would take them. */
	patterns(&conf->spans[0].dial, ".");
	assert_string_equal(from_sip("alice").why, "peer fax: not a number: alice");
	assert_int_equal(from_sip("alice").status, 404);
	assert_string_equal(from_sip("").why, "peer fax: not a number: (none)");
	assert_int_equal(from_sip("+").cause, 1);
	assert_int_equal(from_sip("123456789012345678901234567890123").cause, 1);
	assert_int_equal(from_sip("12345678901234567890123456789012").cause, 0);
	conf->nspans = 0;
	assert_int_equal(from_sip("1").cause, 1);
}

static void test_sip_all_spans(void **state)
{
	struct route_result r;

	for (unsigned i = 0; i < CONFIG_MAX_SPANS; i++)
		span(i, 1000000 + CONFIG_MAX_SPANS - i, ".");
	r = from_sip("1");
	assert_int_equal(r.nspans, CONFIG_MAX_SPANS);
	for (unsigned i = 0; i < CONFIG_MAX_SPANS; i++)
		assert_int_equal(r.spans[i], CONFIG_MAX_SPANS - 1 - i);
	assert_int_equal(strlen(r.why), ROUTE_WHY_OCTETS - 1);
}

/* A number of type international is one with '+', for patterns with and without it. */
static void test_line_fit(void **state)
{
	struct config_span *s = span(0, 1, "");
	struct isdn_parties national = {.called = {.digits = "493", .type = 2}};
	struct isdn_parties international = {.called = {.digits = "493", .type = 1}};

	patterns(&s->accept, "+4930 12X");
	config_make_rules(conf);
	assert_int_equal(route_fit(conf, 0, &national), 0);
	assert_int_equal(route_fit(conf, 0, &international), CONFIG_NUMBERS_MORE);
	strcpy(international.called.digits, "4930");
	assert_int_equal(route_fit(conf, 0, &international), CONFIG_NUMBERS_TAKEN);
	strcpy(international.called.digits, "123");
	assert_int_equal(route_fit(conf, 0, &international), CONFIG_NUMBERS_TAKEN);
	/* As long as one can be. */
	memset(international.called.digits, '4', ISDN_NUMBER_OCTETS - 1);
	assert_int_equal(route_fit(conf, 0, &international), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_line_accepted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_line_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_line_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sip_longest_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sip_number_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sip_disabled, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sip_plus, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sip_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sip_all_spans, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
