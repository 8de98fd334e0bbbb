/* SPDX-License-Identifier: GPL-2.0-only */
/* Fax machines face to face, on a line and on T.38: what the other tests' faxes are measured by. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <tiffio.h>

#include "tests/sim/machine.h"
#include "tests/sim/page.h"

#define BLOCK	     160
#define LIMIT_BLOCKS (50 * 600) /* 10 minutes of line time */
#define QUEUE	     64

struct queue {
	unsigned n, seq;
	struct {
		size_t len;
		uint8_t ifp[400];
	} packet[QUEUE];
};

static char sent[64], received[64];
static int ended_ms;

static void queue_ifp(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	struct queue *q = arg;

	assert_in_range(copies, 1, 10);
	assert_true(q->n < QUEUE && len <= sizeof(q->packet[0].ifp));
	q->packet[q->n].len = len;
	memcpy(q->packet[q->n++].ifp, ifp, len);
}

static void queue_deliver(struct queue *q, struct machine *to)
{
	unsigned i;

	for (i = 0; i < q->n; i++)
		machine_t38_ifp(to, q->packet[i].ifp, q->packet[i].len, (uint16_t)q->seq++);
	q->n = 0;
}

static bool ended(const struct machine *a, const struct machine *b)
{
	struct machine_result ra, rb;

	machine_result(a, &ra);
	machine_result(b, &rb);
	return ra.done && rb.done;
}

static void run_line(struct machine *a, struct machine *b)
{
	int16_t from_a[BLOCK] = {0}, from_b[BLOCK] = {0};
	unsigned i;

	for (i = 0; i < LIMIT_BLOCKS && !ended(a, b); i++) {
		machine_tx(a, from_a, BLOCK);
		machine_tx(b, from_b, BLOCK);
		machine_rx(a, from_b, BLOCK);
		machine_rx(b, from_a, BLOCK);
	}
	ended_ms = (int)i * 20;
}

static void run_t38(struct machine *a, struct machine *b, struct queue *qa, struct queue *qb)
{
	unsigned i;

	for (i = 0; i < LIMIT_BLOCKS && !ended(a, b); i++) {
		machine_t38_step(a, BLOCK);
		machine_t38_step(b, BLOCK);
		queue_deliver(qa, b);
		queue_deliver(qb, a);
	}
	ended_ms = (int)i * 20;
}

static void check(const struct machine *a, const struct machine *b, int pages, int rate, bool ecm)
{
	struct machine_result ra, rb;
	struct page_report rep;
	bool same;

	machine_result(a, &ra);
	machine_result(b, &rb);
	if (!ra.success || !rb.success)
		print_error("caller: %s; called: %s\n", ra.text, rb.text);
	assert_true(ra.success && rb.success);
	assert_int_equal(ra.pages_sent, pages);
	assert_int_equal(rb.pages_received, pages);
	assert_int_equal(ra.rate, rate);
	assert_int_equal(ra.ecm, ecm);
	/* no less than a TCF and the page, no more than all of the call; each has it for a DCS, or an MCF, when it
	 * begins to say it, or has heard it to its end */
	assert_in_range(ra.document_ms, 4000, ended_ms - 1);
	assert_in_range(rb.document_ms, ra.document_ms - 3000, ra.document_ms + 1000);
	same = page_compare(sent, received, &rep);
	if (!same)
		print_error("%s\n", rep.text);
	assert_true(same);
	assert_int_equal(rep.same, pages);
}

struct kind {
	const char *name;
	bool ecm;
	unsigned modems;
	enum page_kind kind;
	unsigned pages, rows;
	int rate;
};

static const struct kind kinds[] = {
	{"V.17, ECM, text", true, FAX_MODEM_ALL, PAGE_TEXT, 2, 300, 14400},
	{"V.17, text", false, FAX_MODEM_ALL, PAGE_TEXT, 2, 300, 14400},
	{"V.29, ECM, dither", true, FAX_MODEM_V27TER | FAX_MODEM_V29, PAGE_DITHER, 1, 200, 9600},
	{"V.27ter, white", false, FAX_MODEM_V27TER, PAGE_WHITE, 1, 400, 4800},
};

static void pair(const struct kind *k, bool t38)
{
	struct machine_params send = {
		.caller = true, .send_file = sent, .ident = "111", .ecm = k->ecm, .modems = k->modems};
	struct machine_params recv = {.receive_file = received, .ident = "222", .ecm = k->ecm, .modems = k->modems};
	struct queue *q = calloc(2, sizeof(*q));
	struct machine *a, *b;

	assert_non_null(q);
	assert_int_equal(page_make(sent, k->pages, k->rows, k->kind, 7), 0);
	if (t38) {
		assert_int_equal(machine_t38_alloc(&a, &send, queue_ifp, &q[0]), 0);
		assert_int_equal(machine_t38_alloc(&b, &recv, queue_ifp, &q[1]), 0);
		run_t38(a, b, &q[0], &q[1]);
	} else {
		assert_int_equal(machine_alloc(&a, &send), 0);
		assert_int_equal(machine_alloc(&b, &recv), 0);
		run_line(a, b);
	}
	check(a, b, (int)k->pages, k->rate, k->ecm);
	machine_free(a);
	machine_free(b);
	free(q);
}

static void test_line(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		print_message("line: %s\n", kinds[i].name);
		pair(&kinds[i], false);
	}
}

static void test_t38(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		print_message("T.38: %s\n", kinds[i].name);
		pair(&kinds[i], true);
	}
}

/* One Super-G3 machine alone falls back; two agree on V.34, which a gateway has to prevent. */
static void test_super_g3(void **state)
{
	for (unsigned who = 1; who <= 3; who++) {
		struct machine_params send = {.caller = true, .send_file = sent, .ident = "1", .super_g3 = who & 1};
		struct machine_params recv = {.receive_file = received, .ident = "2", .super_g3 = who & 2};
		struct machine_result r;
		struct machine *a, *b;

		assert_int_equal(page_make(sent, 1, 100, PAGE_TEXT, 3), 0);
		assert_int_equal(machine_alloc(&a, &send), 0);
		assert_int_equal(machine_alloc(&b, &recv), 0);
		run_line(a, b);
		machine_result(a, &r);
		assert_int_equal(r.v34, who == 3);
		machine_result(b, &r);
		assert_int_equal(r.v34, who == 3);
		if (who != 3)
			check(a, b, 1, 14400, false);
		machine_free(a);
		machine_free(b);
	}
}

struct seen {
	unsigned sent_dcs, received_dis, received_mcf;
};

static void see(bool out, const uint8_t *frame, size_t octets, void *arg)
{
	struct seen *s = arg;

	assert_true(octets >= 3 && frame[0] == 0xff);
	s->sent_dcs += out && (frame[2] & 0xfe) == 0x82; /* the X bit is first: 0x82 or 0x83 */
	s->received_dis += !out && (frame[2] & 0xfe) == 0x80;
	s->received_mcf += !out && (frame[2] & 0xfe) == 0x8c;
}

static void test_frames_are_seen(void **state)
{
	struct machine_params send = {.caller = true, .send_file = sent, .ident = "1", .ecm = true};
	struct machine_params recv = {.receive_file = received, .ident = "2", .ecm = true};
	struct seen seen = {0};
	struct machine *a, *b;

	assert_int_equal(page_make(sent, 2, 100, PAGE_TEXT, 3), 0);
	assert_int_equal(machine_alloc(&a, &send), 0);
	assert_int_equal(machine_alloc(&b, &recv), 0);
	machine_on_frame(a, see, &seen);
	run_line(a, b);
	check(a, b, 2, 14400, true);
	assert_int_equal(seen.sent_dcs, 1);
	assert_in_range(seen.received_dis, 1, 2);
	assert_int_equal(seen.received_mcf, 2);
	machine_free(a);
	machine_free(b);
}

static void test_hangup_in_mid_fax(void **state)
{
	struct machine_params send = {.caller = true, .send_file = sent, .ident = "1", .ecm = true};
	struct machine_params recv = {.receive_file = received, .ident = "2", .ecm = true};
	int16_t x[BLOCK] = {0}, y[BLOCK] = {0};
	struct machine_result r;
	struct machine *a, *b;
	unsigned i;

	assert_int_equal(page_make(sent, 1, 2000, PAGE_TEXT, 3), 0);
	assert_int_equal(machine_alloc(&a, &send), 0);
	assert_int_equal(machine_alloc(&b, &recv), 0);
	for (i = 0; i < 50 * 20; i++) {
		machine_tx(a, x, BLOCK);
		machine_tx(b, y, BLOCK);
		machine_rx(a, y, BLOCK);
		machine_rx(b, x, BLOCK);
	}
	machine_result(b, &r);
	assert_false(r.done);
	machine_hangup(b);
	machine_result(b, &r);
	assert_true(r.done);
	assert_false(r.success);
	machine_tx(b, y, BLOCK); /* silence, and nothing dies */
	for (i = 0; i < BLOCK; i++)
		assert_int_equal(y[i], 0);
	machine_free(a);
	machine_free(b);
}

static void test_missing_file(void **state)
{
	struct machine_params send = {.caller = true, .send_file = "/nonexistent/page.tif", .ident = "1"};
	struct machine *m = NULL;

	assert_int_equal(machine_alloc(&m, &send), EINVAL);
	assert_int_equal(machine_t38_alloc(&m, &send, queue_ifp, NULL), EINVAL);
	send.send_file = NULL;
	assert_int_equal(machine_t38_alloc(&m, &send, NULL, NULL), EINVAL);
	assert_null(m);
}

static void test_compare_tells(void **state)
{
	static const struct page_format standard = {.rows = 64, .resolution = PAGE_STANDARD};
	struct page_report rep;

	assert_int_equal(page_make(sent, 2, 64, PAGE_TEXT, 1), 0);
	assert_int_equal(page_make(received, 2, 64, PAGE_TEXT, 1), 0);
	assert_true(page_compare(sent, received, &rep));
	assert_string_equal(rep.text, "all 2 pages identical");

	assert_int_equal(page_make(received, 2, 64, PAGE_TEXT, 2), 0);
	assert_false(page_compare(sent, received, &rep));
	assert_int_equal(rep.first_bad_page, 1);
	assert_int_equal(rep.first_bad_line, 1);
	assert_string_equal(rep.text, "page 1: line 1 of 64 differs");

	assert_int_equal(page_make(received, 1, 64, PAGE_TEXT, 1), 0);
	assert_false(page_compare(sent, received, &rep));
	assert_int_equal(rep.same, 1);
	assert_string_equal(rep.text, "1 of 2 pages received");

	assert_int_equal(page_make(received, 2, 63, PAGE_TEXT, 1), 0);
	assert_false(page_compare(sent, received, &rep));
	assert_string_equal(rep.text, "page 1: 63 lines, sent 64");

	assert_int_equal(page_make_mixed(received, 2, &standard, 1, 1), 0);
	assert_false(page_compare(sent, received, &rep));
	assert_int_equal(rep.bad_lines, 0);
	assert_string_equal(rep.text, "page 1: 98 lines an inch, sent 196");

	assert_false(page_compare(sent, "/nonexistent/page.tif", &rep));
	assert_int_equal(rep.received, 0);
	assert_int_equal(page_make("/nonexistent/page.tif", 1, 8, PAGE_WHITE, 0), ENOENT);
	assert_int_equal(page_make(sent, 0, 8, PAGE_WHITE, 0), EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compare_tells),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_t38),
		cmocka_unit_test(test_super_g3),
		cmocka_unit_test(test_frames_are_seen),
		cmocka_unit_test(test_hangup_in_mid_fax),
		cmocka_unit_test(test_missing_file),
	};
	int failed;

	TIFFSetErrorHandler(NULL); /* for the files that are meant to be missing */
	snprintf(sent, sizeof(sent), "/tmp/test_machine.%d.sent.tif", (int)getpid());
	snprintf(received, sizeof(received), "/tmp/test_machine.%d.received.tif", (int)getpid());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(sent);
	unlink(received);
	return failed;
}
