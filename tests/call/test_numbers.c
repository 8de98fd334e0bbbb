/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole calls: what each side learns of the parties: numbers, names, who vouches for them, who sent the call on. */
#include "tests/call/talk.h"

#define TRUST "trust = yes\n"

static struct lab *lab_with(const char *peer_text, const char *span_text)
{
	return talk_lab(&(struct lab_params){.peer_text = peer_text, .span_text = span_text});
}

/* The call is answered, and ended from the line. */
static void run(struct talk *t, struct lab *l, const struct talk_params *p)
{
	l->heard_octets = 0;
	l->heard[0] = '\0';
	talk_start(t, l, p);
	talk_until(t, PSTN_UP, BEARER_AUDIO, 8000);
	talk_hangup_line(t, Q850_NORMAL);
	talk_until_idle(t, TALK_CLEARED_MS);
}

static const struct isdn_parties *line_parties(const struct talk *t)
{
	return &xcall_result(t->line)->parties;
}

static void expect_heard(const struct lab *l, const char *text)
{
	if (!lab_peer_heard(l, text))
		fail_msg("the peer did not hear \"%s\" in:\n%s", text, l->heard);
}

#define FROM_ANONYMOUS "From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="

static void test_from_line(void **state)
{
	const struct talk_params p = {
		.name = "from the line",
		.from_line = true,
		.parties = {.called = {.digits = LAB_NUMBER, .type = 4, .plan = 1},
			    .calling = {.digits = "4930555", .type = 1, .plan = 1},
			    .calling_name = "Fax Office",
			    .called_subaddress = {3, {ISDN_AFI_IA5, '7', '7'}}},
	};
	struct lab *l = lab_with(TRUST, NULL);
	struct talk t;

	run(&t, l, &p);
	expect_heard(l, "INVITE sip:" LAB_NUMBER ";isub=77@" LAB_PEER ":5060;user=phone SIP/2.0");
	expect_heard(l, "From: \"Fax Office\" <sip:+4930555@" LAB_GATEWAY ">;tag=");
	expect_heard(l, "P-Asserted-Identity: \"Fax Office\" <sip:+4930555@" LAB_GATEWAY ">\r\n");
	assert_false(lab_peer_heard(l, "Privacy:"));
	assert_false(lab_peer_heard(l, "Diversion:"));
	lab_close(l);
}

static void test_from_line_restricted(void **state)
{
	struct talk_params p = {
		.name = "restricted, from the line",
		.from_line = true,
		.parties = {.called = {.digits = LAB_NUMBER},
			    .calling = {.digits = "30555", .type = 2, .presentation = PRESENTATION_RESTRICTED},
			    .calling_name = "Secret"},
	};
	struct lab *l = lab_with(TRUST, NULL);
	struct talk t;

	run(&t, l, &p);
	expect_heard(l, FROM_ANONYMOUS);
	expect_heard(l, "Privacy: id\r\n");
	expect_heard(l, "P-Asserted-Identity: <sip:30555@" LAB_GATEWAY ">\r\n");
	/* The caller's own word, which nobody has verified, is not asserted. */
	p.parties.calling.screening = SCREENING_FAILED;
	run(&t, l, &p);
	expect_heard(l, "Privacy: id\r\n");
	assert_false(lab_peer_heard(l, "30555"));
	lab_close(l);
	/* Nor does a peer hear it that is not trusted. */
	p.parties.calling.screening = SCREENING_NETWORK;
	l = lab_with(NULL, NULL);
	run(&t, l, &p);
	expect_heard(l, FROM_ANONYMOUS);
	expect_heard(l, "Privacy: id\r\n");
	assert_false(lab_peer_heard(l, "30555"));
	assert_false(lab_peer_heard(l, "Secret"));
	lab_close(l);
}

static void test_from_line_unknown(void **state)
{
	const struct talk_params p = {
		.name = "without a number, from the line",
		.from_line = true,
		.parties = {.called = {.digits = LAB_NUMBER}, .calling = {.presentation = PRESENTATION_UNAVAILABLE}},
	};
	struct lab *l = lab_with(TRUST, NULL);
	struct talk t;

	run(&t, l, &p);
	expect_heard(l, FROM_ANONYMOUS);
	assert_false(lab_peer_heard(l, "Privacy:"));
	assert_false(lab_peer_heard(l, "P-Asserted-Identity:"));
	lab_close(l);
}

static void test_from_line_diverted(void **state)
{
	struct talk_params p = {
		.name = "diverted, from the line",
		.from_line = true,
		.parties = {.called = {.digits = LAB_NUMBER},
			    .calling = {.digits = LAB_CALLER},
			    .redirecting = {.count = 2,
					    .number = {.digits = "49301", .type = 1, .plan = 1},
					    .reason = REDIRECT_NO_REPLY,
					    .original = {.digits = "302"},
					    .original_reason = REDIRECT_UNCONDITIONAL}},
	};
	struct lab *l = lab_with(NULL, NULL);
	struct talk t;

	run(&t, l, &p);
	expect_heard(l, "Diversion: <sip:+49301@" LAB_GATEWAY ">;reason=no-answer;counter=1;privacy=off\r\n");
	p.parties.redirecting.number.presentation = PRESENTATION_RESTRICTED;
	run(&t, l, &p);
	expect_heard(l, "Diversion: <sip:anonymous@anonymous.invalid>;reason=no-answer;counter=1;privacy=full\r\n");
	lab_close(l);
	/* Q.SIG tells the original number too. */
	l = lab_with(TRUST, "switch = qsig\n");
	run(&t, l, &p);
	expect_heard(l, "Diversion: <sip:+49301@" LAB_GATEWAY ">;reason=no-answer;counter=1;privacy=full\r\n");
	expect_heard(l, "Diversion: <sip:302@" LAB_GATEWAY ">;reason=unconditional;counter=1;privacy=off\r\n");
	lab_close(l);
}

/* "+49..." takes a number of type international, and no other. */
static void test_accept_international(void **state)
{
	struct talk_params p = {
		.name = "international, from the line",
		.from_line = true,
		.parties = {.called = {.digits = "4930111", .type = 1}, .calling = {.digits = LAB_CALLER}},
	};
	struct lab *l = lab_with(NULL, "accept = +4930.\n");
	struct talk t;

	run(&t, l, &p);
	expect_heard(l, "INVITE sip:+4930111@");
	p.parties.called.type = 2;
	talk_start(&t, l, &p);
	lab_run(l, 500);
	talk_expect_nth(&t, 1, &(struct talk_end){1, 0, NULL, "cause=1(", "called=4930111"});
	lab_close(l);
}

static const struct talk_params from_peer = {
	.name = "from the peer",
	.peer = {.user = "+4989;isub=12",
		 .name = "Caller",
		 .to = "+" LAB_OUT,
		 .headers = "P-Asserted-Identity: \"Asserted\" <sip:+49777@" LAB_PEER ";user=phone>\r\n"
			    "Diversion: <sip:+49301@h>;reason=user-busy;counter=1\r\n"},
};

static void test_from_peer(void **state)
{
	const struct isdn_parties *p;
	struct lab *l = lab_with(TRUST, "side = nt\n");
	struct talk t;

	run(&t, l, &from_peer);
	p = line_parties(&t);
	assert_string_equal(p->called.digits, LAB_OUT);
	assert_int_equal(p->called.type, 1);
	assert_string_equal(p->calling.digits, "49777");
	assert_int_equal(p->calling.type, 1);
	assert_int_equal(p->calling.screening, SCREENING_NETWORK);
	assert_string_equal(p->calling_name, "Asserted");
	assert_int_equal(p->redirecting.count, 1);
	assert_string_equal(p->redirecting.number.digits, "49301");
	assert_int_equal(p->redirecting.reason, REDIRECT_BUSY);
	lab_close(l);
	l = lab_with(NULL, "side = nt\n");
	run(&t, l, &from_peer);
	p = line_parties(&t);
	assert_string_equal(p->calling.digits, "4989");
	assert_string_equal(p->calling_name, "Caller");
	assert_int_equal(p->calling.screening, SCREENING_NONE);
	assert_int_equal(p->calling.presentation, PRESENTATION_ALLOWED);
	assert_memory_equal(p->calling_subaddress.octets,
			    "\x50"
			    "12",
			    3);
	lab_close(l);
}

static void test_from_peer_restricted(void **state)
{
	static const struct {
		const char *user, *headers, *digits, *trusted_digits;
	} cases[] = {
		{"+4989", "Privacy: id\r\nP-Asserted-Identity: <tel:+49777>\r\n", "4989", "49777"},
		{"anonymous", "P-Asserted-Identity: <sip:+49777@h>\r\n", "", "49777"},
		{"anonymous", NULL, "", ""},
	};

	for (int trusted = 0; trusted < 2; trusted++) {
		struct lab *l = lab_with(trusted ? TRUST : NULL, NULL);

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const struct talk_params p = {.name = "restricted, from the peer",
						      .peer = {.user = cases[i].user, .headers = cases[i].headers}};
			struct talk t;

			run(&t, l, &p);
			assert_string_equal(line_parties(&t)->calling.digits,
					    trusted ? cases[i].trusted_digits : cases[i].digits);
			assert_int_equal(line_parties(&t)->calling.presentation, PRESENTATION_RESTRICTED);
		}
		lab_close(l);
	}
}

/* Of a provider that writes something else into the Request-URI: here the number of the lab. */
static void test_from_peer_called(void **state)
{
	static const struct talk_params p = {
		.name = "P-Called-Party-ID",
		.peer = {.headers = "P-Called-Party-ID: <sip:+4940777@" LAB_PEER ";user=phone>\r\n"},
	};
	struct lab *l;
	struct talk t;

	for (int there = 0; there < 2; there++) {
		l = lab_with(there ? "called_number = p-called-party-id\n" : NULL, NULL);
		run(&t, l, &p);
		assert_string_equal(line_parties(&t)->called.digits, there ? "4940777" : LAB_OUT);
		lab_close(l);
	}
}

static void test_from_peer_history(void **state)
{
	static const struct talk_params p = {
		.name = "History-Info",
		.peer = {.headers = "History-Info: <sip:+49301@h>;index=1,<sip:" LAB_OUT
				    "@h;cause=302>;index=1.1;mp=1\r\n"},
	};
	struct lab *l = lab_with(NULL, "switch = qsig\n");
	const struct isdn_redirecting *r;
	struct talk t;

	run(&t, l, &p);
	r = &line_parties(&t)->redirecting;
	assert_int_equal(r->count, 1);
	assert_string_equal(r->number.digits, "49301");
	assert_int_equal(r->reason, REDIRECT_UNCONDITIONAL);
	lab_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_line),
		cmocka_unit_test(test_from_line_restricted),
		cmocka_unit_test(test_from_line_unknown),
		cmocka_unit_test(test_from_line_diverted),
		cmocka_unit_test(test_from_peer),
		cmocka_unit_test(test_from_peer_restricted),
		cmocka_unit_test(test_from_peer_history),
		cmocka_unit_test(test_from_peer_called),
		cmocka_unit_test(test_accept_international),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
