/* SPDX-License-Identifier: GPL-2.0-only */
/* An endpoint that registers: faxes to its number go to its contact; without one, and when it lapses in mid-fax. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <gnutls/crypto.h>

#include "tests/call/fax.h"

/* It registers from another port than that which its contact names, on the same host. */
#define SOURCE	 LAB_PEER ":5999"
#define URI	 "sip:" LAB_GATEWAY
#define ENDPOINT "[endpoint box]\nuser = box\nsecret = s3cret\nnumbers = " LAB_NUMBER "\n"

static const char *contact = "<sip:box@" LAB_PEER ":5060>";
static char challenge[600], answer[600];

/* Sees what goes to where it registers from; nobody is there to take it. */
static bool see(struct net_sim_datagram *d, void *arg)
{
	char *to = challenge;

	if (addr_port(&d->to) != 5999)
		return true;
	if (d->len > 12 && memcmp(d->data, "SIP/2.0 401 ", 12))
		to = answer;
	snprintf(to, sizeof(challenge), "%.*s", (int)d->len, (const char *)d->data);
	return true;
}

static void say_register(struct lab *l, unsigned cseq, const char *credentials)
{
	char text[1500];
	int n = snprintf(text, sizeof(text),
			 "REGISTER " URI " SIP/2.0\r\nVia: SIP/2.0/UDP " SOURCE ";rport;branch=z9hG4bKr%u\r\n"
			 "From: <sip:box@" LAB_GATEWAY ">;tag=r\r\nTo: <sip:box@" LAB_GATEWAY ">\r\nCall-ID: reg\r\n"
			 "CSeq: %u REGISTER\r\nContact: %s\r\nExpires: 60\r\n%s"
			 "Content-Length: 0\r\n\r\n",
			 cseq, cseq, contact, credentials);

	lab_inject(l, SOURCE, &l->gateway, text, (size_t)n);
	lab_run(l, 40);
}

/* By hand, from RFC 7616 3.4.1, not by the gateway's own code. */
static void hash(const char *text, char hex[65])
{
	unsigned char d[32];

	assert_int_equal(gnutls_hash_fast(GNUTLS_DIG_SHA256, text, strlen(text), d), 0);
	for (unsigned i = 0; i < sizeof(d); i++)
		snprintf(hex + 2 * i, 3, "%02x", d[i]);
}

static void registers(struct lab *l, void *unused)
{
	char nonce[101], a1[65], a2[65], text[500], response[65], credentials[500];
	const char *at;

	challenge[0] = answer[0] = '\0';
	lab_tap(l, see, NULL);
	say_register(l, 1, "");
	at = strstr(challenge, "nonce=\"");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "nonce=\"%100[0-9a-f]", nonce), 1);
	hash("box:faxspan:s3cret", a1);
	hash("REGISTER:" URI, a2);
	snprintf(text, sizeof(text), "%s:%s:00000001:c:auth:%s", a1, nonce, a2);
	hash(text, response);
	snprintf(credentials, sizeof(credentials),
		 "Authorization: Digest username=\"box\", realm=\"faxspan\", nonce=\"%s\", uri=\"" URI
		 "\", response=\"%s\", algorithm=SHA-256, cnonce=\"c\", qop=auth, nc=00000001\r\n",
		 nonce, response);
	say_register(l, 2, credentials);
	assert_memory_equal(answer, "SIP/2.0 200 ", 12);
	lab_tap(l, NULL, NULL);
}

/* The contact lapses while the fax is under way: nobody notices. */
static void test_fax(void **state)
{
	struct fax_case c = {.name = "fax to an endpoint",
			     .from_line = true,
			     .pages = 5,
			     .lab = {.main_text = ENDPOINT, .peer = {.answer = PEER_ANSWERS, .t38 = PEER_T38_ACCEPTS}},
			     .on_begin = registers};
	struct fax_outcome o;

	fax_run(&c, "endpoint box: 1 not refreshed in time, 0 left", &o);
	fax_expect_whole(&c, &o);
	assert_true(o.has_text);
	fax_expect_end(&c, &o, "peer=box route=endpoint");
	fax_expect_end(&c, &o, "media=t38");
}

static struct xcall *call(struct lab *l)
{
	struct exchange_call params = {.hangup_ms = -1};
	struct xcall *c;

	strcpy(params.parties.called.digits, LAB_NUMBER);
	assert_int_equal(exchange_call(l->spans[0].x, &params, &c), 0);
	lab_run(l, 500);
	return c;
}

static void test_not_registered(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.main_text = ENDPOINT, .peer = {.answer = PEER_ANSWERS}});
	struct xcall *c = call(l);

	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_int_equal(xcall_result(c)->cause, 20);
	assert_non_null(strstr(lab_log_end(l, 0), "peer=box route=endpoint"));
	assert_non_null(strstr(lab_log_end(l, 0), "endpoint box is not registered\" fault=peer"));
	assert_int_equal(sip_peer_calls(l->peer), 0);
	lab_close(l);
}

/* With another peer behind it, it is passed over. */
static void test_passed_over(void **state)
{
	static const char main_text[] = "[endpoint box]\nuser = box\nsecret = s3cret\n";
	struct lab *l = lab_open(&(struct lab_params){
		.main_text = main_text, .span_peers = "box, fax", .peer = {.answer = PEER_ANSWERS}});
	struct xcall *c = call(l);

	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	exchange_hangup(c, 16);
	lab_run(l, 2000);
	assert_non_null(strstr(lab_log_end(l, 0), "peer=fax"));
	lab_close(l);
}

/* Two contacts: the better one says nothing, and the call goes on to the other. */
static void test_next_contact(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){
		.main_text = ENDPOINT "max_contacts = 2\nfailover_timeout = 1 s\n", .peer = {.answer = PEER_ANSWERS}});
	const char *one = contact;
	struct xcall *c;

	contact = "<sip:box@" LAB_PEER ":5060>;q=0.3, <sip:box@" LAB_PEER ":5080>;q=0.8";
	registers(l, NULL);
	contact = one;
	c = call(l);
	assert_int_equal(sip_peer_calls(l->peer), 0);
	lab_run(l, 1000);
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	assert_true(lab_log_has(l, "peer box at 10.0.0.2:5080: no response in 1000 ms: trying 10.0.0.2:5060"));
	exchange_hangup(c, 16);
	lab_run(l, 2000);
	lab_close(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fax),
		cmocka_unit_test(test_not_registered),
		cmocka_unit_test(test_passed_over),
		cmocka_unit_test(test_next_contact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
