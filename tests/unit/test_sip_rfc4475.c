/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The torture messages of RFC 4475 (tests/data/sip/torture) into the stack, one after the other: what is valid is taken, what is not
 * is refused with the right status, and a call comes through after each. TORTURE_TABLE=1 prints what became of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "gateway/base/log.h"
#include "tests/sim/sip_wire.h"

#define DIR_DATA "tests/data/sip/torture"

struct expected {
	char name[16], section[16], verdict[16], status[8], why[128];
};

static struct wire w;

static size_t read_message(const char *name, char *text, size_t room)
{
	char path[300];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), DIR_DATA "/%s.dat", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(text, 1, room, f);
	fclose(f);
	assert_true(n > 100 && n < room);
	return n;
}

static void still_alive(void)
{
	wire_send(
		&w,
		"OPTIONS sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-alive\nMax-Forwards: 70\n"
		"From: <sip:a@b>;tag=q\nTo: <sip:1@10.0.0.1>\nCall-ID: alive\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n");
	wire_expect(&w, "SIP/2.0 200 OK", 10);
}

/* The first status that NAME is answered with, "-" for none; 100 only if it became a call. */
static void torture(const char *name, char status[8])
{
	char text[8192];
	struct addr to;
	size_t n = read_message(name, text, sizeof(text));

	assert_int_equal(wire_open(&w), 0);
	assert_int_equal(addr_parse(&to, "10.0.0.1", 5060), 0);
	udp_send(w.peer, &to, text, n);
	snprintf(status, 8, "-");
	if (wire_comes(&w, "SIP/2.0 ", 10))
		snprintf(status, 8, "%.3s", w.last + strlen("SIP/2.0 "));
	if (!strcmp(status, "100")) {
		wire_event(&w, SESSION_INCOMING, 10);
		session_close(w.session, 480, 0);
		wire_expect(&w, "SIP/2.0 480 ", 10);
	}
	if (!strcmp(status, "405") || !strcmp(status, "501"))
		assert_true(wire_has(&w, "\r\nAllow: INVITE"));
	if (!strcmp(status, "415") || !strcmp(status, "406"))
		assert_true(wire_has(&w, "\r\nAccept: application/sdp"));
	if (!strcmp(status, "420"))
		assert_true(wire_has(&w, "\r\nUnsupported: nothingSupportsThis, nothingSupportsThisEither"));
	still_alive();
	wire_close(&w);
}

static void test_messages(void **state)
{
	size_t before = fault_alive();
	unsigned n = 0, wrong = 0;
	struct expected e;
	char status[8];
	FILE *f = fopen(DIR_DATA "/expected", "r");

	assert_non_null(f);
	while (fscanf(f, "%15s %15s %15s %7s %127[^\n]", e.name, e.section, e.verdict, e.status, e.why) == 5) {
		torture(e.name, status);
		if (getenv("TORTURE_TABLE"))
			printf("%-10s %-8s %-7s %-3s %s\n", e.name, e.section, e.verdict, status, e.why);
		if (strcmp(status, e.status)) {
			print_error("%s: %s, not %s\n", e.name, status, e.status);
			wrong++;
		}
		n++;
	}
	fclose(f);
	assert_int_equal(n, 49);
	assert_int_equal(wrong, 0);
	assert_int_equal(fault_alive(), before);
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_messages)};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
