/* SPDX-License-Identifier: GPL-2.0-only */
/* Who calls whom in an INVITE, both ways: From, P-Asserted-Identity, Privacy, isub; Diversion, History-Info. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/diversion.h"
#include "sip/identity.h"

static osip_message_t *message;

static int tear_down(void **state)
{
	osip_message_free(message);
	message = NULL;
	return 0;
}

/* An INVITE to URI from FROM, with more HEADERS, lines ended by '\n'. */
static const char *to = "<sip:c@d>";

static const osip_message_t *invite(const char *uri, const char *from, const char *headers)
{
	struct message_text t = {0};

	tear_down(NULL);
	message_add(&t, "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2:5070;branch=z9hG4bKx\r\nFrom: %s;tag=f\r\n",
		    uri, from);
	message_add(&t, "To: %s\r\nCall-ID: i@h\r\nCSeq: 7 INVITE\r\n", to);
	for (; *headers; headers++)
		message_add(&t, *headers == '\n' ? "\r\n" : "%c", *headers);
	message_add(&t, "Content-Length: 0\r\n\r\n");
	assert_int_equal(message_finish(&t, &message), 0);
	return message;
}

static struct session_event read_it(const char *from, const char *headers, bool trusted)
{
	struct session_event e = {0};

	identity_read(invite("sip:+4930@10.0.0.1", from, headers), SIP_CALLED_REQUEST_URI, trusted, &e);
	return e;
}

#define ANONYMOUS "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
#define PAI	  "P-Asserted-Identity: \"Fax Office\" <sip:+49301@10.0.0.2>\n"

static void test_caller(void **state)
{
	struct session_event e = read_it("\"A \\\"B\\\"\" <sip:+4940@h>", "", false);

	assert_string_equal(e.called, "+4930");
	assert_string_equal(e.calling, "+4940");
	assert_string_equal(e.calling_name, "A \"B\"");
	assert_false(e.calling_restricted || e.calling_asserted);
	e = read_it("<sip:+49-(30)-12.3;phone-context=x@h>", "Privacy: none\n", false);
	assert_string_equal(e.calling, "+4930123");
	assert_false(e.calling_restricted);
	e = read_it("<sip:fax-1@h>", "", false);
	assert_string_equal(e.calling, "fax-1");
	e = read_it("<tel:+49-30-7>", "Privacy: header;id\n", false);
	assert_string_equal(e.calling, "+49307");
	assert_true(e.calling_restricted);
	e = read_it("<sip:4940@h>", "Privacy: session; critical\n", false);
	assert_false(e.calling_restricted);
	e = read_it("<sip:4940@h>", "Privacy: user\n", false);
	assert_true(e.calling_restricted);
}

static void test_asserted(void **state)
{
	struct session_event e = read_it("<sip:99@h>", PAI, true);

	assert_string_equal(e.calling, "+49301");
	assert_string_equal(e.calling_name, "Fax Office");
	assert_true(e.calling_asserted);
	assert_false(e.calling_restricted);
	/* It is nothing of a peer that is not trusted. */
	e = read_it("<sip:99@h>", PAI, false);
	assert_string_equal(e.calling, "99");
	assert_string_equal(e.calling_name, "");
	assert_false(e.calling_asserted);
	e = read_it(ANONYMOUS, PAI, true);
	assert_string_equal(e.calling, "+49301");
	assert_true(e.calling_restricted && e.calling_asserted);
	e = read_it(ANONYMOUS, PAI, false);
	assert_string_equal(e.calling, "");
	assert_string_equal(e.calling_name, "");
	assert_true(e.calling_restricted);
	/* Of two the one that is a number; a tel URI; what cannot be read is passed over. */
	e = read_it(ANONYMOUS, "P-Asserted-Identity: <sip:office@h>, <tel:+49-302>\n", true);
	assert_string_equal(e.calling, "+49302");
	e = read_it("<sip:99@h>", "P-Asserted-Identity: <<<\nP-Asserted-Identity: <sip:h>\n", true);
	assert_string_equal(e.calling, "99");
	assert_false(e.calling_asserted);
}

static void expect_called(enum sip_called where, const char *in_to, const char *headers, const char *number)
{
	struct session_event e = {0};

	to = in_to;
	identity_read(invite("sip:account@10.0.0.1", "<sip:1@h>", headers), where, false, &e);
	to = "<sip:c@d>";
	assert_string_equal(e.called, number);
}

static void test_called(void **state)
{
	const char *dialled = "\"Fax\" <sip:+49-30-5;isub=1@provider.example>;x=y";
	const char *party = "P-Called-Party-ID: <tel:+49306>\n";

	expect_called(SIP_CALLED_REQUEST_URI, dialled, party, "account");
	expect_called(SIP_CALLED_TO, dialled, party, "+49305");
	expect_called(SIP_CALLED_TO, "<tel:+49307>", party, "+49307");
	expect_called(SIP_CALLED_PARTY_ID, dialled, party, "+49306");
	/* No number there. */
	expect_called(SIP_CALLED_TO, "<sip:fax@provider.example>", party, "account");
	expect_called(SIP_CALLED_TO, "<sip:provider.example>", party, "account");
	expect_called(SIP_CALLED_PARTY_ID, dialled, "", "account");
	expect_called(SIP_CALLED_PARTY_ID, dialled, "P-Called-Party-ID: <<<\n", "account");
	expect_called(SIP_CALLED_PARTY_ID, dialled, "P-Called-Party-ID: <sip:h>\n", "account");
}

static void expect_isub(const char *uri, const char *octets, size_t n)
{
	struct session_event e = {0};

	identity_read(invite(uri, "<sip:1@h>", ""), SIP_CALLED_REQUEST_URI, false, &e);
	assert_string_equal(e.called, "+49");
	assert_int_equal(e.called_subaddress.noctets, n);
	assert_memory_equal(e.called_subaddress.octets, octets, n);
	assert_int_equal(e.calling_subaddress.noctets, 0);
}

static void test_isub_read(void **state)
{
	expect_isub("sip:+49;isub=1234@h;user=phone",
		    "\x50"
		    "1234",
		    5);
	expect_isub("sip:+49;phone-context=x;ISUB=ab@h",
		    "\x50"
		    "ab",
		    3);
	expect_isub("sip:+49@h;isub=12;isub-encoding=nsap-ia5",
		    "\x50"
		    "12",
		    3);
	expect_isub("sip:+49;isub=4901fF;isub-encoding=nsap@h", "\x49\x01\xFF", 3);
	expect_isub("sip:+49;isub=4901f;isub-encoding=nsap@h", "", 0);
	expect_isub("sip:+49;isub=zz;isub-encoding=nsap@h", "", 0);
	expect_isub("sip:+49;isub=12;isub-encoding=nsap-bcd@h", "", 0);
	expect_isub("sip:+49;isub=@h", "", 0);
	expect_isub("sip:+49;isub=1234567890123456789@h",
		    "\x50"
		    "1234567890123456789",
		    20);
	expect_isub("sip:+49;isub=12345678901234567890@h", "", 0);
	expect_isub("sip:+49;isub=1%0d2@h", "", 0);
}

static const struct message_ua ua = {.host = "10.0.0.1"};
static struct identity_terms terms = {.host = "10.0.0.1"};

static const char *written(const struct session_invite_params *p, char what, bool trusted)
{
	static struct message_text t;

	terms.trusted = trusted;
	t.len = 0;
	t.bad = false;
	t.s[0] = '\0';
	if (what == 'f')
		identity_write_from(p, &terms, &t);
	else if (what == 't')
		identity_write_to(p, "10.0.0.2:5060", &t);
	else if (what == 'h')
		identity_write_headers(p, &terms, &t);
	else
		diversion_write(&p->diversion, &ua, trusted, &t);
	assert_false(t.bad);
	return t.s;
}

static void test_write(void **state)
{
	struct session_invite_params p = {
		.called = "12#", .calling = "+4940", .calling_name = "F", .calling_asserted = true};

	assert_string_equal(written(&p, 'f', false), "\"F\" <sip:+4940@10.0.0.1>");
	assert_string_equal(written(&p, 't', false), "<sip:12%23@10.0.0.2:5060>");
	assert_string_equal(written(&p, 'h', false), "");
	assert_string_equal(written(&p, 'h', true), "P-Asserted-Identity: \"F\" <sip:+4940@10.0.0.1>\r\n");
	p.calling_restricted = true;
	assert_string_equal(written(&p, 'f', true), ANONYMOUS);
	assert_string_equal(written(&p, 'h', false), "Privacy: id\r\n");
	assert_string_equal(written(&p, 'h', true),
			    "Privacy: id\r\nP-Asserted-Identity: \"F\" <sip:+4940@10.0.0.1>\r\n");
	p.calling_asserted = false;
	assert_string_equal(written(&p, 'h', true), "Privacy: id\r\n");
	p = (struct session_invite_params){.called = "1", .calling_asserted = true};
	assert_string_equal(written(&p, 'f', true), ANONYMOUS);
	assert_string_equal(written(&p, 'h', true), "");
}

/* A provider that knows accounts alone. */
static void test_write_account(void **state)
{
	struct session_invite_params p = {
		.called = "1", .calling = "+4940", .calling_name = "F", .calling_asserted = true};

	terms = (struct identity_terms){.user = "fax 1", .host = "provider.example"};
	assert_string_equal(written(&p, 'f', false), "<sip:fax%201@provider.example>");
	assert_string_equal(written(&p, 'h', false), "P-Preferred-Identity: \"F\" <sip:+4940@provider.example>\r\n");
	assert_string_equal(written(&p, 'h', true), "P-Asserted-Identity: \"F\" <sip:+4940@provider.example>\r\n");
	p.calling_asserted = false;
	assert_string_equal(written(&p, 'h', true), "P-Preferred-Identity: \"F\" <sip:+4940@provider.example>\r\n");
	p.calling_restricted = true;
	assert_string_equal(written(&p, 'f', false), "<sip:fax%201@provider.example>");
	assert_string_equal(written(&p, 'h', false), "Privacy: id\r\n");
	assert_string_equal(written(&p, 'h', true), "Privacy: id\r\n");
	p.calling_asserted = true;
	assert_string_equal(written(&p, 'h', true),
			    "Privacy: id\r\nP-Asserted-Identity: \"F\" <sip:+4940@provider.example>\r\n");
	p = (struct session_invite_params){.called = "1"};
	assert_string_equal(written(&p, 'f', false), "<sip:fax%201@provider.example>");
	assert_string_equal(written(&p, 'h', false), "");
	/* The domain alone; an address of IPv6, with and without brackets. */
	p.calling = "+4940";
	terms = (struct identity_terms){.user = "", .host = "2001:db8::1"};
	assert_string_equal(written(&p, 'f', false), "<sip:+4940@[2001:db8::1]>");
	assert_string_equal(written(&p, 'h', false), "");
	terms.host = "[2001:db8::1]";
	assert_string_equal(written(&p, 'f', false), "<sip:+4940@[2001:db8::1]>");
	terms = (struct identity_terms){.host = "10.0.0.1"};
}

static void test_isub_write(void **state)
{
	struct session_invite_params p = {.called = "1",
					  .calling = "2",
					  .called_subaddress = {4, {ISDN_AFI_IA5, '1', ';', '@'}},
					  .calling_subaddress = {3, {0x49, 0, 0xAB}}};
	struct session_event e = {0};

	assert_string_equal(written(&p, 't', false), "<sip:1;isub=1%3B%40@10.0.0.2:5060;user=phone>");
	assert_string_equal(written(&p, 'f', false), "<sip:2;isub=4900ab;isub-encoding=nsap@10.0.0.1;user=phone>");
	/* And read again. */
	identity_read(invite("sip:1@h", written(&p, 'f', false), ""), SIP_CALLED_REQUEST_URI, false, &e);
	assert_string_equal(e.calling, "2");
	assert_memory_equal(&e.calling_subaddress, &p.calling_subaddress, sizeof(p.calling_subaddress));
}

static struct session_diversion diversion(const char *headers)
{
	struct session_diversion d;

	diversion_read(invite("sip:1@h", "<sip:2@h>", headers), &d);
	return d;
}

static void test_diversion_read(void **state)
{
	struct session_diversion d = diversion("");

	assert_int_equal(d.count, 0);
	d = diversion("Diversion: \"X\" <sip:+49301@h>;reason=no-answer;counter=1;screen=no;privacy=off\n");
	assert_int_equal(d.count, 1);
	assert_string_equal(d.number, "+49301");
	assert_int_equal(d.reason, REDIRECT_NO_REPLY);
	assert_false(d.restricted);
	assert_string_equal(d.original, "");
	d = diversion("Diversion: <sip:301@h>;reason=\"user-busy\";privacy=full, "
		      "<tel:+49-302>;counter=3;reason=unconditional\n"
		      "Diversion: <sip:303@h>;reason=deflection\n");
	assert_int_equal(d.count, 5);
	assert_string_equal(d.number, "301");
	assert_true(d.restricted);
	assert_int_equal(d.reason, REDIRECT_BUSY);
	assert_string_equal(d.original, "303");
	assert_int_equal(d.original_reason, REDIRECT_DEFLECTION);
	assert_false(d.original_restricted);
	/* One that does not say who, or says nonsense. */
	d = diversion("Diversion: <sip:anonymous@anonymous.invalid>;reason=follow-me;counter=4\n");
	assert_int_equal(d.count, 4);
	assert_string_equal(d.number, "");
	assert_true(d.restricted);
	assert_int_equal(d.reason, REDIRECT_UNKNOWN);
	d = diversion("Diversion: <sip:1@h>;counter=4000000000\nDiversion: <sip:2@h>;counter=-5\n");
	assert_int_equal(d.count, 100);
	d = diversion("Diversion: ;;;\nDiversion: <\n");
	assert_int_equal(d.count, 0);
}

static void test_history_read(void **state)
{
	struct session_diversion d;

	/* Routed only. */
	d = diversion("History-Info: <sip:1@a>;index=1, <sip:1@b>;index=1.1;rc=1\n");
	assert_int_equal(d.count, 0);
	/* RFC 7044: mp names who it was; RFC 4458: cause says why. */
	d = diversion(
		"History-Info: <sip:+491@a>;index=1\nHistory-Info: <sip:+491@b?Privacy=history>;index=1.1;rc=1,"
		" <sip:+492@a;cause=302>;index=1.2;mp=1\nHistory-Info: <sip:+493@a;cause=486>;index=1.3;mp=1.2\n");
	assert_int_equal(d.count, 2);
	assert_string_equal(d.number, "+492");
	assert_int_equal(d.reason, REDIRECT_BUSY);
	assert_string_equal(d.original, "+491");
	assert_int_equal(d.original_reason, REDIRECT_UNCONDITIONAL);
	/* RFC 4244: the Reason stands with him who diverted. */
	d = diversion(
		"History-Info: <sip:491@a?Reason=SIP%3Bcause%3D408&Privacy=history>;index=1, <sip:492@b>;index=2\n");
	assert_int_equal(d.count, 1);
	assert_string_equal(d.number, "491");
	assert_int_equal(d.reason, REDIRECT_NO_REPLY);
	assert_true(d.restricted);
	/* Not when there is a Diversion; nor from one alone; nor from nonsense. */
	d = diversion("Diversion: <sip:7@h>\nHistory-Info: <sip:1@a>;index=1, <sip:2@a;cause=302>;index=1.1\n");
	assert_string_equal(d.number, "7");
	assert_int_equal(d.count, 1);
	d = diversion("History-Info: <sip:2@a;cause=302>;index=1.1;mp=7\n");
	assert_int_equal(d.count, 0);
	d = diversion("History-Info: ,,,\nHistory-Info: <sip:?>;index=\n");
	assert_int_equal(d.count, 0);
}

static void test_diversion_write(void **state)
{
	struct session_invite_params p = {.called = "1"};
	struct session_diversion d;

	assert_string_equal(written(&p, 'd', true), "");
	p.diversion = (struct session_diversion){.count = 1, .number = "+491", .reason = REDIRECT_UNCONDITIONAL};
	assert_string_equal(written(&p, 'd', false),
			    "Diversion: <sip:+491@10.0.0.1>;reason=unconditional;counter=1;privacy=off\r\n");
	p.diversion = (struct session_diversion){.count = 3,
						 .number = "491",
						 .restricted = true,
						 .reason = REDIRECT_BUSY,
						 .original = "492",
						 .original_reason = REDIRECT_NO_REPLY};
	assert_string_equal(written(&p, 'd', true),
			    "Diversion: <sip:491@10.0.0.1>;reason=user-busy;counter=2;privacy=full\r\n"
			    "Diversion: <sip:492@10.0.0.1>;reason=no-answer;counter=1;privacy=off\r\n");
	assert_string_equal(written(&p, 'd', false),
			    "Diversion: <sip:anonymous@anonymous.invalid>;reason=user-busy;counter=2;privacy=full\r\n"
			    "Diversion: <sip:492@10.0.0.1>;reason=no-answer;counter=1;privacy=off\r\n");
	/* Every reason is read as it was written. */
	for (int i = REDIRECT_UNKNOWN; i <= REDIRECT_UNCONDITIONAL; i++) {
		char text[200];

		p.diversion = (struct session_diversion){.count = 1, .number = "1", .reason = (enum isdn_redirect)i};
		snprintf(text, sizeof(text), "%.*s\n", (int)strcspn(written(&p, 'd', true), "\r"),
			 written(&p, 'd', true));
		d = diversion(text);
		assert_int_equal(d.reason, i);
		assert_memory_equal(&d, &p.diversion, sizeof(d));
	}
}

static int set_up(void **state)
{
	return parser_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_caller, tear_down),
		cmocka_unit_test_teardown(test_called, tear_down),
		cmocka_unit_test_teardown(test_asserted, tear_down),
		cmocka_unit_test_teardown(test_isub_read, tear_down),
		cmocka_unit_test_teardown(test_write, tear_down),
		cmocka_unit_test_teardown(test_write_account, tear_down),
		cmocka_unit_test_teardown(test_isub_write, tear_down),
		cmocka_unit_test_teardown(test_diversion_read, tear_down),
		cmocka_unit_test_teardown(test_history_read, tear_down),
		cmocka_unit_test_teardown(test_diversion_write, tear_down),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
