/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole calls by the rules of [route NAME], both ways: who gets them, what numbers they see, what the record says; and
 * that faxspand --route would have said the same. */
#include <stdlib.h>

#include "gateway/route/route_show.h"
#include "tests/call/talk.h"

enum { UNKNOWN = 0, INTERNATIONAL = 1, NATIONAL = 2, SUBSCRIBER = 4 };

#define RULES                                                                                                          \
	"[numbering]\ncountry_code = 49\narea_code = 30\n"                                                             \
	"[group west]\nspans = 1-2\nhunt = round-robin\n"                                                              \
	"[route blocked]\ncalled = 110, 0900., +49900.\nreject = 21\n"                                                 \
	"[route premium]\nfrom = peer fax\ncalling = +4966.\nreject = 57\n"                                            \
	"[route did]\nfrom = span 1\ncalled = 30123400-30123449, 4930123400-4930123449\nto = peer fax\n"               \
	"called_form = e164\ncalling_form = e164\n"                                                                    \
	"[route extension]\nfrom = span 2\ncalled = XX\nton = subscriber\nto = peer fax\n"                             \
	"called_prepend = 493012345\ncalled_type = international\n"                                                    \
	"[route emptied]\nfrom = span 2\ncalled = 88.\nto = peer fax\ncalled_strip = 4\n"                              \
	"[route short]\ncalled = 7XX\nto = span 2\ncalled_prepend = 9\ncalled_type = subscriber\n"                     \
	"called_plan = private\n"                                                                                      \
	"[route out]\ncalled = +.\nto = group west\ncalled_form = national\ncalling_form = local\n"

static struct lab *open_lab(const char *span_text)
{
	return talk_lab(&(struct lab_params){.nspans = 2, .main_text = RULES, .span_text = span_text});
}

/* What faxspand --route says. */
static char *show(const struct lab *l, const struct route_show_params *p)
{
	static char *text;
	size_t octets;
	FILE *f;

	free(text);
	text = NULL;
	f = open_memstream(&text, &octets);
	assert_non_null(f);
	route_show(l->config, p, f);
	fclose(f);
	return text;
}

static void expect_shown(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("--route does not say \"%s\" but:\n%s", part, text);
}

struct line_case {
	const char *name;
	unsigned span; /* index */
	struct isdn_number called, calling;
	unsigned cause; /* 0: it is answered */
	const char *rule, *invite, *from;
};

static const struct line_case line_cases[] = {
	{"a DID number, national",
	 0,
	 {.digits = "30123407", .type = NATIONAL},
	 {.digits = "89555", .type = NATIONAL},
	 0,
	 "did",
	 "INVITE sip:+4930123407@",
	 "From: <sip:+4989555@"},
	{"a DID number, international",
	 0,
	 {.digits = "4930123449", .type = INTERNATIONAL},
	 {.digits = "33155", .type = INTERNATIONAL},
	 0,
	 "did",
	 "INVITE sip:+4930123449@",
	 "From: <sip:+33155@"},
	{"another number", 0, {.digits = "30123450", .type = NATIONAL}, {.digits = "89555"}, 1, "-", NULL, NULL},
	{"by the span's accept",
	 0,
	 {.digits = LAB_NUMBER},
	 {.digits = "89555", .type = NATIONAL},
	 0,
	 "accept",
	 "INVITE sip:" LAB_NUMBER "@",
	 "From: <sip:89555@"},
	{"an extension",
	 1,
	 {.digits = "42", .type = SUBSCRIBER},
	 {.digits = "89555"},
	 0,
	 "extension",
	 "INVITE sip:+49301234542@",
	 "From: <sip:89555@"},
	{"two digits of another type", 1, {.digits = "42"}, {.digits = "89555"}, 1, "-", NULL, NULL},
	{"a blocked number", 1, {.digits = "0900123"}, {.digits = "89555"}, 21, "blocked", NULL, NULL},
	{"nothing is left of the number", 1, {.digits = "8812"}, {.digits = "89555"}, 28, "emptied", NULL, NULL},
};

static const char *type_text(unsigned type)
{
	return type == NATIONAL ? "national" : type == SUBSCRIBER ? "subscriber" : NULL;
}

static void line_shown(const struct lab *l, const struct line_case *c)
{
	char called[40], span[2] = {(char)('1' + c->span), 0}, part[80];
	char *text;

	snprintf(called, sizeof(called), "%s%s", c->called.type == INTERNATIONAL ? "+" : "", c->called.digits);
	text = show(l, &(struct route_show_params){
			       .called = called, .type = type_text(c->called.type), .kind = "span", .name = span});
	if (strcmp(c->rule, "-") && strcmp(c->rule, "accept")) {
		snprintf(part, sizeof(part), "[route %s] takes it", c->rule);
		expect_shown(text, part);
	}
	if (c->cause) {
		snprintf(part, sizeof(part), ": cause %u, SIP status ", c->cause);
		expect_shown(text, part);
		return;
	}
	expect_shown(text, "[peer fax]: INVITE to " LAB_PEER ":5060");
	if (strcmp(c->rule, "accept")) {
		snprintf(part, sizeof(part), "the called number %s becomes %.*s\n", called,
			 (int)strcspn(c->invite + 11, "@"), c->invite + 11);
		if (strncmp(c->invite + 11, called, strlen(called)))
			expect_shown(text, part);
	}
}

static void test_from_line(void **state)
{
	struct lab *l = open_lab(NULL);
	char end[200];

	for (size_t i = 0; i < sizeof(line_cases) / sizeof(line_cases[0]); i++) {
		const struct line_case *c = &line_cases[i];
		const struct talk_params p = {.name = c->name,
					      .from_line = true,
					      .span = c->span,
					      .parties = {.called = c->called, .calling = c->calling}};
		struct talk t;

		l->heard_octets = 0;
		l->heard[0] = '\0';
		talk_start(&t, l, &p);
		if (!c->cause) {
			talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
			talk_hangup_line(&t, Q850_NORMAL);
		} else {
			lab_run(l, 500);
		}
		talk_until_idle(&t, TALK_CLEARED_MS);
		/* the record has the numbers as they came */
		snprintf(end, sizeof(end), "calling=%s called=%s peer=%s route=%s ", c->calling.digits,
			 c->called.digits, c->cause ? "-" : "fax", c->rule);
		talk_expect_nth(&t, (unsigned)i,
				&(struct talk_end){c->cause ? c->cause : 16, c->cause ? 0 : 200, NULL, end, NULL});
		if (c->invite && (!lab_peer_heard(l, c->invite) || !lab_peer_heard(l, c->from)))
			fail_msg("%s: no %s, %s in:\n%s", c->name, c->invite, c->from, l->heard);
		line_shown(l, c);
	}
	assert_true(lab_log_has(l, "route did: peer fax, called becomes +4930123407, calling becomes +4989555"));
	lab_close(l);
}

struct peer_case {
	const char *name, *to, *user;
	unsigned status; /* 200: it is answered */
	const char *rule;
	struct isdn_number called, calling;
	const char *shown;
};

static const struct peer_case peer_cases[] = {
	{"national",
	 "+49301234",
	 "+498955",
	 200,
	 "out",
	 {.digits = "301234", .type = NATIONAL, .plan = 1},
	 {.digits = "8955", .type = NATIONAL},
	 "+49301234 becomes 301234, type national, plan 1\n"},
	{"abroad, from here",
	 "+331234",
	 "+493055",
	 200,
	 "out",
	 {.digits = "331234", .type = INTERNATIONAL, .plan = 1},
	 {.digits = "55", .type = SUBSCRIBER},
	 "group west\n"},
	{"a short number",
	 "712",
	 "12",
	 200,
	 "short",
	 {.digits = "9712", .type = SUBSCRIBER, .plan = 9},
	 {.digits = "12", .type = UNKNOWN},
	 "712 becomes 9712, type subscriber, plan 9\n"},
	{"by dial",
	 "4912",
	 "12",
	 200,
	 "dial",
	 {.digits = "4912", .type = UNKNOWN, .plan = 1},
	 {.digits = "12", .type = UNKNOWN},
	 "span 1: dial pattern 49. takes it"},
	{"a blocked number",
	 "+49900123",
	 "12",
	 403,
	 "blocked",
	 {.digits = ""},
	 {.digits = ""},
	 "refused: route blocked: rejected: cause 21, SIP status 403"},
	{"a caller nobody wants",
	 "+4930123",
	 "+4966123",
	 403,
	 "premium",
	 {.digits = ""},
	 {.digits = ""},
	 "cause 57, SIP status 403"},
	{"more digits are needed",
	 "71",
	 "12",
	 484,
	 "-",
	 {.digits = ""},
	 {.digits = ""},
	 "refused: peer fax: 71 is not complete: cause 28, SIP status 484"},
	{"nobody has it", "81", "12", 404, "-", {.digits = ""}, {.digits = ""}, "cause 1, SIP status 404"},
};

static void expect_number(const char *name, const struct isdn_number *n, const struct isdn_number *expected)
{
	if (strcmp(n->digits, expected->digits) || n->type != expected->type ||
	    (expected->plan && n->plan != expected->plan))
		fail_msg("%s: the line has %s, type %u, plan %u", name, n->digits, n->type, n->plan);
}

static void test_from_peer(void **state)
{
	struct lab *l = open_lab("side = nt\n");
	char end[200];

	for (size_t i = 0; i < sizeof(peer_cases) / sizeof(peer_cases[0]); i++) {
		const struct peer_case *c = &peer_cases[i];
		const struct talk_params p = {.name = c->name,
					      .peer = {.to = c->to, .user = c->user, .hangup_ms = 300}};
		const char *from = c->user + (c->user[0] == '+'), *to = c->to + (c->to[0] == '+');
		struct talk t;

		talk_start(&t, l, &p);
		lab_run(l, 1500);
		talk_until_idle(&t, TALK_CLEARED_MS);
		snprintf(end, sizeof(end), "calling=%s called=%s peer=fax route=%s ", from, to, c->rule);
		talk_expect_nth(&t, (unsigned)i,
				&(struct talk_end){c->status == 200 ? 16 : 0, c->status, NULL, end, NULL});
		if (c->status == 200) {
			expect_number(c->name, &xcall_result(t.line)->parties.called, &c->called);
			expect_number(c->name, &xcall_result(t.line)->parties.calling, &c->calling);
		}
		expect_shown(show(l,
				  &(struct route_show_params){
					  .called = c->to, .calling = c->user, .kind = "peer", .name = "fax"}),
			     c->shown);
	}
	lab_close(l);
}

/* The peers of a rule stand in for each other as those of a span do: the first is dead. */
static void test_failover(void **state)
{
	const struct talk_params p = {.name = "to the second peer",
				      .from_line = true,
				      .parties = {.called = {.digits = "555"}, .calling = {.digits = "89555"}}};
	struct lab *l = talk_lab(&(struct lab_params){
		.main_text = "[peer dead]\naddress = 10.0.0.9\nfailover_timeout = 1 s\n"
			     "[route two]\ncalled = 55X\nto = peer dead, fax\ncalled_prepend = 62\n"});
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 900);
	assert_false(lab_peer_heard(l, "INVITE"));
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 2000);
	assert_true(lab_peer_heard(l, "INVITE sip:62555@"));
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect(&t, &(struct talk_end){16, 200, NULL, "called=555 peer=fax route=two ", NULL});
	lab_run(l, 40000);
	lab_close(l);
}

/* Who has sent the call on is written in the form of the caller, withheld or not. */
static void test_diverted(void **state)
{
	const struct talk_params p = {
		.name = "sent on",
		.from_line = true,
		.parties = {.called = {.digits = "30123407", .type = NATIONAL},
			    .calling = {.digits = "89555", .type = NATIONAL, .presentation = PRESENTATION_RESTRICTED},
			    .redirecting = {.count = 1,
					    .number = {.digits = "89777", .type = NATIONAL},
					    .reason = REDIRECT_BUSY}}};
	struct lab *l = talk_lab(&(struct lab_params){.nspans = 2, .main_text = RULES, .peer_text = "trust = yes\n"});
	struct talk t;

	talk_start(&t, l, &p);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_true(lab_peer_heard(l, "Diversion: <sip:+4989777@"));
	assert_true(lab_peer_heard(l, "Privacy: id\r\n"));
	assert_true(lab_peer_heard(l, "P-Asserted-Identity: <sip:+4989555@"));
	assert_false(lab_peer_heard(l, "From: <sip:+4989555"));
	lab_close(l);
}

/* By which the peer's log and ours are laid side by side; a peer that is not to know does not hear of it, nor the other
 * side of what a peer has of the kind. */
static void test_x_headers(void **state)
{
	const struct talk_params p = {.name = "X-headers",
				      .from_line = true,
				      .timeslot = 7,
				      .parties = {.called = {.digits = "30123407", .type = NATIONAL},
						  .calling = {.digits = "89555", .type = NATIONAL}}};
	static const char *const headers[] = {"\r\nX-Faxspan-Call: 1-1\r\n", "\r\nX-Faxspan-Span: 1\r\n",
					      "\r\nX-Faxspan-Timeslot: 7\r\n", "\r\nX-Faxspan-Route: did\r\n"};

	for (unsigned on = 0; on < 2; on++) {
		struct lab *l = talk_lab(&(struct lab_params){
			.peer_text = on ? "x_headers = yes\n" : NULL, .main_text = RULES, .nspans = 2});
		struct talk t;

		talk_start(&t, l, &p);
		talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
		talk_hangup_line(&t, Q850_NORMAL);
		talk_until_idle(&t, TALK_CLEARED_MS);
		for (size_t i = 0; on && i < sizeof(headers) / sizeof(headers[0]); i++)
			if (!lab_peer_heard(l, headers[i]))
				fail_msg("no %s in:\n%s", headers[i], l->heard);
		assert_int_equal(lab_peer_heard(l, "X-Faxspan"), on);
		lab_close(l);
	}
}

/* Of a group in turn; and when the one whose turn it is has no channel, the other has the call. */
static void test_round_robin(void **state)
{
	const struct talk_params p = {.name = "in turn", .peer = {.to = "+4930123", .hangup_ms = 300}};
	struct lab *l = talk_lab(&(struct lab_params){
		.nspans = 2, .main_text = RULES, .span_texts = {"timeslots = 1-15,17-31\n", "timeslots = 1\n"}});
	struct talk t[3];

	for (unsigned i = 0; i < 4; i++) {
		talk_start(&t[0], l, &p);
		lab_run(l, 1500);
		assert_int_equal(exchange_stats(l->spans[0].x).calls_in, i / 2 + 1);
		assert_int_equal(exchange_stats(l->spans[1].x).calls_in, (i + 1) / 2);
	}
	/* three at a time: span 1, span 2, span 1, and then span 2 is full */
	for (unsigned i = 0; i < 3; i++) {
		talk_start(&t[i], l, &(struct talk_params){.name = "at a time", .peer = {.to = "+4930123"}});
		lab_run(l, 300);
	}
	assert_int_equal(exchange_stats(l->spans[1].x).calls_in, 3);
	assert_int_equal(exchange_stats(l->spans[0].x).calls_in, 4);
	talk_start(&t[0], l, &p);
	lab_run(l, 300);
	assert_int_equal(exchange_stats(l->spans[1].x).calls_in, 3);
	assert_int_equal(exchange_stats(l->spans[0].x).calls_in, 5);
	assert_true(lab_log_has(l, "trying span 1"));
	for (unsigned i = 0; i < sip_peer_calls(l->peer); i++)
		sip_peer_hangup(l->peer, i);
	lab_run(l, 3000);
	lab_close(l);
}

/* Digits that come one by one are gathered until a rule takes the number: rejected too. */
static void test_overlap(void **state)
{
	struct talk_params p = {.name = "in pieces",
				.from_line = true,
				.overlap = true,
				.parties = {.called = {.digits = "301234", .type = NATIONAL},
					    .calling = {.digits = "89555", .type = NATIONAL}}};
	struct lab *l = open_lab("overlap = yes\n");
	struct talk t;

	talk_start(&t, l, &p);
	lab_run(l, 300);
	exchange_digits(t.line, "0");
	lab_run(l, 300);
	assert_false(lab_peer_heard(l, "INVITE"));
	exchange_digits(t.line, "7");
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 8000);
	assert_true(lab_peer_heard(l, "INVITE sip:+4930123407@"));
	assert_true(lab_peer_heard(l, "From: <sip:+4989555@"));
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_text(&t, 0, "called=30123407 peer=fax route=did ");
	strcpy(p.parties.called.digits, "11");
	p.parties.called.type = UNKNOWN;
	talk_start(&t, l, &p);
	lab_run(l, 300);
	exchange_digits(t.line, "0");
	lab_run(l, 500);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_nth(&t, 1,
			&(struct talk_end){21, 0, NULL, "called=110 peer=- route=blocked ", "route blocked: rejected"});
	lab_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_line), cmocka_unit_test(test_from_peer), cmocka_unit_test(test_round_robin),
		cmocka_unit_test(test_overlap),	  cmocka_unit_test(test_x_headers), cmocka_unit_test(test_failover),
		cmocka_unit_test(test_diverted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
