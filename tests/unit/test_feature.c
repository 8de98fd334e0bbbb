/* SPDX-License-Identifier: GPL-2.0-only */
/* The feature tag sip.fax (RFC 6913), as it is written by those who have read RFC 3840, and by those who have not. */
#include "sip/feature.h"
#include "wire_rig.h"

static void test_has(void **state)
{
	static const struct {
		const char *text;
		bool has;
	} cases[] = {
		{"*;+sip.fax=\"t38\"", true},
		{"*;+SIP.FAX=\"T38\";require;explicit", true},
		{"* ; +sip.fax = \"t38\" ", true},
		{"*;audio;+sip.fax=\"passthrough,t38\"", true},
		{"*;+sip.fax=\" passthrough , t38 \"", true},
		{"*;+sip.fax=t38", true},
		{"<sip:a@192.0.2.1>;+sip.fax=\"t38\"", true},
		{"\"x;y\" <sip:a@192.0.2.1;x=1>;q=1;+sip.fax=\"t38\"", true},
		{"*;+sip.fax=\"passthrough\";+sip.fax=\"t38\"", true},
		{"*;+sip.fax=\"passthrough\"", false},
		{"*;+sip.fax=\"!t38\"", false},
		{"*;+sip.fax=\"t380\"", false},
		{"*;+sip.fax", false},
		{"*;+sip.fax=", false},
		{"*;+sip.fax=\"\"", false},
		{"*;+sip.fax=\",,\"", false},
		{"*;sip.fax=\"t38\"", false},
		{"*;+sip.faxes=\"t38\"", false},
		{"*;x=\";+sip.fax=\\\"t38\\\"\"", false},
		{"<sip:a@192.0.2.1;+sip.fax=\"t38\">", false},
		{"\";+sip.fax=t38\"", false},
		{"", false},
		{";", false},
		{";;;", false},
		{"*;+sip.fax=\"t38", true}, /* not closed */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (feature_has(cases[i].text, "+sip.fax", "t38") != cases[i].has)
			fail_msg("%s", cases[i].text);
}

static int open_wire(void **state)
{
	static const struct sip_peer_params peer = {.name = "p", .fax = SIP_FAX_T38};

	return rig_open(state, &peer);
}

/* Calls with HEADER; our 200 says in its Contact what we can. */
static void expect_call(struct wire *w, unsigned n, const char *header, bool is_fax)
{
	struct media_desc audio = wire_audio(6000);
	char text[1000];

	snprintf(text, sizeof(text),
		 "INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK%u\nFrom: "
		 "<sip:x@y>;tag=t%u\n"
		 "To: <sip:1@10.0.0.1>\nCall-ID: %u\nCSeq: 1 INVITE\nContact: "
		 "<sip:x@10.0.0.2>;+sip.fax=\"t38\"\n%s" RIG_WITH(RIG_AUDIO("1")),
		 n, n, n, header);
	wire_send(w, text);
	assert_int_equal(wire_event(w, SESSION_INCOMING, 10)->is_fax, is_fax);
	assert_int_equal(session_accept(w->session, &audio, NULL), 0);
	wire_expect(w, "SIP/2.0 200 ", 10);
	assert_true(wire_has(w, "\r\nContact: <sip:faxspan@10.0.0.1:5060>;+sip.fax=\"t38\"\r\n"));
}

static void test_calls(void **state)
{
	struct wire *w = *state;

	expect_call(w, 1, "", false);
	expect_call(w, 2, "Accept-Contact: *;+sip.fax=\"t38\"\n", true);
	expect_call(w, 3, "a: *;audio, *;+sip.fax=\"passthrough,t38\";require\n", true);
	expect_call(w, 4, "Accept-Contact: *;+sip.fax=\"passthrough\"\n", false);
	expect_call(w, 5, "Reject-Contact: *;+sip.fax=\"t38\"\n", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has),
		cmocka_unit_test_setup_teardown(test_calls, open_wire, rig_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
