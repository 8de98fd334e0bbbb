/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole faxes over IPv6, and with signalling of one IP version and media of the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"
#include "tests/call/talk.h"

#define GATEWAY6 "2001:db8::1"
#define PEER6	 "2001:db8::2"

#define OVER_IPV6 .listen = "[" GATEWAY6 "]:5060", .peer_sip = "[" PEER6 "]:5060"
#define BOTH	  .listen = LAB_GATEWAY ", [" GATEWAY6 "]:5060"
#define MIXED	  .media = LAB_GATEWAY ", " GATEWAY6, .peer_media = PEER6

static void expect_heard(const struct lab *l, const char *text)
{
	if (!lab_peer_heard(l, text))
		fail_msg("the peer did not hear \"%s\" in:\n%s", text, l->heard);
}

static void expect_not_heard(const struct lab *l, const char *text)
{
	if (lab_peer_heard(l, text))
		fail_msg("the peer heard \"%s\"", text);
}

static void all_ipv6(struct lab *l, void *arg)
{
	expect_heard(l, "Via: SIP/2.0/UDP [" GATEWAY6 "]:5060;");
	expect_heard(l, "Contact: <sip:faxspan@[" GATEWAY6 "]:5060>");
	expect_heard(l, "o=faxspan ");
	expect_heard(l, "c=IN IP6 " GATEWAY6 "\r\n");
	expect_not_heard(l, "IN IP4");
}

static void all_ipv4(struct lab *l, void *arg)
{
	expect_heard(l, "Contact: <sip:faxspan@" LAB_GATEWAY ":5060>");
	expect_heard(l, "c=IN IP4 " LAB_GATEWAY "\r\n");
	expect_not_heard(l, GATEWAY6);
}

static void media_ipv6(struct lab *l, void *arg)
{
	expect_heard(l, "c=IN IP6 " GATEWAY6 "\r\n");
}

static const struct fax_case cases[] = {
	{.name = "E1 to SIP over IPv6, we ask",
	 .from_line = true,
	 .pages = 2,
	 .lab = {OVER_IPV6, .fax_text = "t38_start = on-preamble\n"},
	 .on_end = all_ipv6},
	{.name = "E1 to SIP over IPv6, the peer asks",
	 .from_line = true,
	 .lab = {OVER_IPV6, .fax_text = "t38_start = wait\n", .peer = {.t38_after_ms = 3000}},
	 .on_end = all_ipv6},
	{.name = "SIP to E1 over IPv6", .lab = {OVER_IPV6, .peer = {.hangup_done_ms = 300}}, .on_end = all_ipv6},
	{.name = "SIP to E1 over IPv6, refused T.38",
	 .lab = {OVER_IPV6, .peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES}},
	 .on_end = all_ipv6},
	{.name = "SIP to E1 over IPv6, T.38 in the first INVITE",
	 .lab = {OVER_IPV6, .peer = {.hangup_done_ms = 300, .offer = PEER_OFFERS_IMAGE}},
	 .on_end = all_ipv6},
	/* Each peer knows us by its own family. */
	{.name = "SIP to E1, the gateway is in both, the peer in IPv6",
	 .lab = {BOTH, .peer_sip = PEER6, .peer = {.hangup_done_ms = 300}},
	 .on_end = all_ipv6},
	{.name = "SIP to E1, the gateway is in both, the peer in IPv4",
	 .lab = {BOTH, .peer = {.hangup_done_ms = 300}},
	 .on_end = all_ipv4},
	{.name = "E1 to SIP, from a peer in IPv4 that is dead to one in IPv6",
	 .from_line = true,
	 .lab = {BOTH, .peer_sip = PEER6, .span_peers = "dead, fax",
		 .main_text = "[peer dead]\naddress = 10.0.0.3\nfailover_timeout = 1 s\n",
		 .fax_text = "t38_start = on-preamble\n"},
	 .on_end = all_ipv6},
	/* The offer says which family it is, whatever the signalling goes by; what we offer later goes by it too. */
	{.name = "SIP to E1, signalling over IPv4, media over IPv6",
	 .lab = {MIXED, .peer = {.hangup_done_ms = 300}},
	 .on_end = media_ipv6},
	/* Our offer is of the peer's own family; its T.38 offer is not. */
	{.name = "E1 to SIP, IPv4 until the peer offers T.38 over IPv6",
	 .from_line = true,
	 .lab = {MIXED, .fax_text = "t38_start = wait\n", .peer = {.t38_after_ms = 3000}},
	 .on_end = media_ipv6},
};

static void test_faxes(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fax_outcome o;

		fax_run(&cases[i], NULL, &o);
		fax_expect_whole(&cases[i], &o);
		fax_expect_end(&cases[i], &o, "result=\"fax ok\"");
	}
}

static bool is_refused(struct lab *l, void *arg)
{
	struct sip_peer_result r;

	sip_peer_result(l->peer, *(unsigned *)arg, &r);
	return r.status != 0;
}

/* An offer of a family in which we have no media is refused, and the refusal says why (RFC 3261 20.43). */
static void test_no_media_of_that_family(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.peer_media = PEER6});
	const struct sip_peer_call_params call = {.to = LAB_OUT};
	struct sip_peer_result r;
	unsigned id;

	assert_int_equal(sip_peer_call(l->peer, &l->gateway, &call, &id), 0);
	assert_true(lab_until(l, is_refused, &id, 5000));
	sip_peer_result(l->peer, id, &r);
	assert_int_equal(r.status, 488);
	expect_heard(l, "Warning: 301 " LAB_GATEWAY " \"no media over IPv6 here\"");
	assert_true(lab_until(l, lab_is_idle, NULL, 60000));
	lab_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faxes),
		cmocka_unit_test(test_no_media_of_that_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
