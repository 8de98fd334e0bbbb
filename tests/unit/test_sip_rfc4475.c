/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The torture messages of RFC 4475 (tests/data/sip/torture) into the stack, one after the other: what is valid is
 * taken, what is not is refused with the right status, and a call comes through after each; and what osip loses memory
 * at. TORTURE_TABLE=1 prints what became of them.
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

/* What one call lives on must not be eaten up by what a stranger sends. */
static void test_types_of_a_part(void **state)
{
	static const struct {
		const char *part, *status;
	} cases[] = {
		{"--x\nContent-Type: text/plain\n\nhello\n--x--\n", "415"},
		{"--x\nContent-Type: text/plain\nContent-Type: text/html\n\nhello\n--x--\n", "400"},
		{"--x\nContent-Type: text/plain\nContent-ID: 1\ncontent-type:a/b\n\nhello\n--x--\n", "400"},
		{"--x\nContent-Type: text/plain\n\nhello\n--x\nContent-Type: text/html\n\nhello\n--x--\n", "415"},
		{"--x\nContent-Type: text/plain\n\nhello\n--x Content-Type: a/b\nContent-Type: c/d\n\nhello\n--x--\n",
		 "400"},
	};
	size_t before = fault_alive();
	char text[1024], line[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(wire_open(&w), 0);
		snprintf(text, sizeof(text),
			 "INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-p%zu\nMax-Forwards: "
			 "70\n"
			 "From: <sip:a@b>;tag=q\nTo: <sip:1@10.0.0.1>\nCall-ID: part%zu\nCSeq: 1 INVITE\n"
			 "Contact: <sip:a@10.0.0.2>\nContent-Type: multipart/mixed;boundary=x\n\n%s",
			 i, i, cases[i].part);
		snprintf(line, sizeof(line), "SIP/2.0 %s ", cases[i].status);
		wire_send(&w, text);
		wire_expect(&w, line, 10);
		still_alive();
		wire_close(&w);
	}
	assert_int_equal(fault_alive(), before);
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_messages), cmocka_unit_test(test_types_of_a_part)};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
