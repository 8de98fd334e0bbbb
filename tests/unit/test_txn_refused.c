/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that come back by ICMP (RFC 3261 18.4). The simulated network sends nothing back: the test does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/session_own.h"
#include "tests/sim/sip_wire.h"

static void call(struct wire *w)
{
	struct media_desc audio = wire_audio(4000);
	struct session_invite_params p = {.called = "4930", .calling = "5550100", .offer = &audio, .call_ref = "1-1"};

	assert_int_equal(wire_open(w), 0);
	assert_int_equal(session_invite(w->stack, &p, NULL, &w->session), 0);
	wire_expect(w, "INVITE ", 100);
}

static void comes_back(struct wire *w, const char *to, const char *text, size_t len)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, to, 5060), 0);
	stack_refused(&a, text, len, "Connection refused", w->stack);
}

static void test_twice_is_the_end(void **state)
{
	struct wire w = {0};
	const struct session_event *e;

	call(&w);
	comes_back(&w, "10.0.0.2", w.last, strlen(w.last));
	wire_no_event(&w, 300);
	wire_expect(&w, "INVITE ", 600); /* T1 later: it may be there by now */
	comes_back(&w, "10.0.0.2", w.last, strlen(w.last));
	e = wire_event(&w, SESSION_CLOSED, 100);
	assert_int_equal(e->status, 503);
	assert_false(e->remote);
	wire_close(&w);
}

/* Once, and then it answers. */
static void test_begins_anew(void **state)
{
	struct wire w = {0};

	call(&w);
	comes_back(&w, "10.0.0.2", w.last, strlen(w.last));
	wire_expect(&w, "INVITE ", 600);
	wire_send(&w,
		  "SIP/2.0 180 Ringing\nVia: {Via}\nFrom: {From}\nTo: {To};tag=p\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n"
		  "Contact: <sip:p@10.0.0.2>\nContent-Length: 0\n\n");
	assert_int_equal(wire_event(&w, SESSION_PROGRESS, 100)->status, 180);
	/* what comes back late is of no account once there was a response */
	comes_back(&w, "10.0.0.2", w.invite, strlen(w.invite));
	comes_back(&w, "10.0.0.2", w.invite, strlen(w.invite));
	wire_no_event(&w, 300);
	wire_close(&w);
}

/* Who has not seen the request, and whoever it did not go to, ends no call. */
static void test_forged(void **state)
{
	struct wire w = {0};
	char *branch;

	call(&w);
	for (unsigned i = 0; i < 3; i++) {
		comes_back(&w, "10.0.0.3", w.last, strlen(w.last));
		comes_back(&w, "10.0.0.2", w.last, 28); /* too little of it */
		comes_back(&w, "10.0.0.2", "", 0);
	}
	branch = strstr(w.last, "z9hG4bK");
	assert_non_null(branch);
	branch[10] ^= 1;
	comes_back(&w, "10.0.0.2", w.last, strlen(w.last));
	comes_back(&w, "10.0.0.2", w.last, strlen(w.last));
	wire_no_event(&w, 300);
	wire_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twice_is_the_end),
		cmocka_unit_test(test_begins_anew),
		cmocka_unit_test(test_forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
