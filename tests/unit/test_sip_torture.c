/* SPDX-License-Identifier: GPL-2.0-only */
/* Every message of tests/data/sip, and ugly ones of our own, into the stack: none crashes it, leaks, or keeps it
 * from the next call. */
#include <dirent.h>
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

#define DIR_DATA "tests/data/sip/osip-res"

/* A call still comes through. */
static void still_alive(struct wire *w, unsigned n)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "OPTIONS sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-alive%u\nFrom: "
		 "<sip:a@b>;tag=q\n"
		 "To: <sip:1@10.0.0.1>\nCall-ID: alive%u\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n",
		 n, n);
	wire_send(w, text);
	wire_expect(w, "SIP/2.0 200 OK", 10);
}

static void feed_file(struct wire *w, const char *name)
{
	struct addr to;
	char path[300], *text = malloc(65536);
	size_t n;
	FILE *f;

	assert_non_null(text);
	snprintf(path, sizeof(path), DIR_DATA "/%s", name);
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(text, 1, 65000, f);
	fclose(f);
	assert_int_equal(addr_parse(&to, "10.0.0.1", 5060), 0);
	udp_send(w->peer, &to, text, n);
	wire_run(w, 2);
	free(text);
	w->nqueued = 0;
}

static void test_files(void **state)
{
	static struct wire w;
	size_t before = fault_alive();
	struct dirent *e;
	unsigned files = 0;
	DIR *d;

	assert_int_equal(wire_open(&w), 0);
	d = opendir(DIR_DATA);
	if (!d) {
		wire_close(&w);
		skip();
	}
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		feed_file(&w, e->d_name);
		files++;
	}
	closedir(d);
	assert_true(files > 100);
	still_alive(&w, 0);
	assert_true(sip_stack_stats(w.stack).bad_rx > 5);
	wire_close(&w);
	assert_int_equal(fault_alive(), before);
}

#define HEAD "Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKt\nFrom: <sip:a@b>;tag=q\nTo: <sip:1@10.0.0.1>\nCall-ID: t\n"

static const char *const ugly[] = {
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 INVITE\nContact: *\nContent-Length: 0\n\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 INVITE\nContent-Length: 0\n\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 BYE\nContact: <sip:x@y>\nContent-Length: 0\n\n",
	"INVITE sip:1@10.0.0.1 SIP/7.0\n" HEAD "CSeq: 1 INVITE\nContact: <sip:x@y>\nContent-Length: 0\n\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD
	"CSeq: 1 INVITE\nContact: <sip:x@y>\nContent-Type: application/sdp\nContent-Length: 9999\n\nv=0\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD
	"CSeq: 1 INVITE\nContact: <sip:x@y>\nContent-Type: application/sdp\nContent-Length: -5\n\nv=0\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD
	"CSeq: 1 INVITE\nContact: <sip:x@y>\nContent-Type: multipart/mixed\nContent-Length: 4\n\nv=0\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\n" HEAD
	"CSeq: 1 INVITE\nContact: <sip:x@y>\nRecord-Route: <tel:1>\nContent-Length: 0\n\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP\nFrom: a\nTo: b\nCall-ID: t\nCSeq: 1 INVITE\n\n",
	"INVITE sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.2;rport=1;maddr=10.9.9.9;branch=z9hG4bKv\nFrom: "
	"<sip:a@b>;tag=q\nTo: x\n"
	"Call-ID: u\nCSeq: 0 INVITE\nContact: <sip:x@y>\nContent-Length: 0\n\n",
	"ACK sip:1@10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 ACK\nContent-Length: 0\n\n",
	"CANCEL sip:1@10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 CANCEL\nContent-Length: 0\n\n",
	"BYE sip:1@10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 BYE\nContent-Length: 0\n\n",
	"SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKnone\nFrom: <sip:a@b>;tag=q\nTo: "
	"<sip:c@d>\nCall-ID: t\nCSeq: 1 INVITE\n\n",
	"SIP/2.0 999 No\n" HEAD "CSeq: 1 INVITE\n\n",
	"SIP/2.0 -1 No\n" HEAD "CSeq: 1 INVITE\n\n",
	"SIP/2.0 200\n\n",
	"REGISTER sip:10.0.0.1 SIP/2.0\n" HEAD "CSeq: 1 REGISTER\nContent-Length: 0\n\n",
	"\n",
	"INVITE",
	"INVITE sip: SIP/2.0\n\n",
	" INVITE sip:1@2 SIP/2.0\n\n",
	"GET / HTTP/1.1\nHost: x\n\n",
};

static void test_ugly(void **state)
{
	static struct wire w;
	size_t before = fault_alive();
	unsigned i;

	assert_int_equal(wire_open(&w), 0);
	for (i = 0; i < sizeof(ugly) / sizeof(ugly[0]); i++) {
		wire_send(&w, ugly[i]);
		still_alive(&w, i);
	}
	wire_run(&w, 11000);
	wire_close(&w);
	assert_int_equal(fault_alive(), before);
}

static void quiet(enum log_level level, const char *line, void *arg)
{
	if (getenv("TEST_LOG"))
		fprintf(stderr, "%s\n", line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_files), cmocka_unit_test(test_ugly)};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
