/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's sockets behind net.h; tests/unit/test_net_sim.c has the simulated ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/net.h"
#include "tests/unit/fault.h"

struct listener {
	struct udp *u;
	int calls, datagrams;
	char last[64];
	struct addr from;
};

static struct udp *open_at(const char *text)
{
	struct udp *u = NULL;
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 0), 0);
	if (udp_open(&net_kernel, &a, &u))
		return NULL;
	return u;
}

static void heard(void *arg)
{
	struct listener *l = arg;
	ssize_t n;

	l->calls++;
	while ((n = udp_recv(l->u, l->last, sizeof(l->last) - 1, &l->from)) >= 0) {
		l->last[n] = '\0';
		l->datagrams++;
	}
	assert_int_equal(n, -EAGAIN);
}

static void exchange(const char *host)
{
	struct udp *a = open_at(host);
	struct listener l = {.u = open_at(host)};
	struct loop *loop;

	if (!a || !l.u) {
		udp_close(a);
		udp_close(l.u);
		skip(); /* a machine without IPv6 */
	}
	assert_int_not_equal(addr_port(udp_local(a)), 0);
	assert_int_equal(loop_alloc(&loop, &clock_monotonic), 0);
	assert_int_equal(udp_watch(l.u, loop, heard, &l), 0);
	assert_int_equal(udp_watch(l.u, loop, heard, &l), EEXIST);
	assert_int_equal(udp_send(a, udp_local(l.u), "one", 3), 0);
	assert_int_equal(udp_send(a, udp_local(l.u), "two", 3), 0);
	assert_int_equal(loop_step(loop, 1000000), 1);
	assert_int_equal(l.datagrams, 2);
	assert_string_equal(l.last, "two");
	assert_true(addr_equal(&l.from, udp_local(a)));
	assert_int_equal(udp_send(l.u, &l.from, "", 0), 0);
	assert_int_equal(udp_recv(a, l.last, sizeof(l.last), NULL), 0); /* an empty datagram is one */
	assert_int_equal(udp_recv(a, l.last, sizeof(l.last), NULL), -EAGAIN);
	udp_send(l.u, udp_local(a), "cut short", 9);
	assert_int_equal(udp_recv(a, l.last, 3, NULL), 3);
	udp_close(l.u); /* while watched */
	assert_int_equal(loop_step(loop, 0), 0);
	l.u = open_at(host); /* gets the same descriptor, which the loop must have let go */
	assert_int_equal(udp_watch(l.u, loop, heard, &l), 0);
	udp_close(l.u);
	loop_free(loop);
	udp_close(a);
	udp_close(NULL);
}

static void test_ipv4(void **state)
{
	exchange("127.0.0.1");
}

static void test_ipv6(void **state)
{
	exchange("::1");
}

static void test_errors(void **state)
{
	struct udp *a = open_at("127.0.0.1"), *b = NULL;
	struct addr none = {0}, v6;
	static char big[70000];

	assert_int_equal(udp_open(&net_kernel, udp_local(a), &b), EADDRINUSE);
	assert_int_equal(udp_open(&net_kernel, &none, &b), EAFNOSUPPORT);
	assert_null(b);
	addr_parse(&v6, "[::1]:9", 0);
	assert_int_not_equal(udp_send(a, &v6, "x", 1), 0);
	assert_int_equal(udp_send(a, udp_local(a), big, sizeof(big)), EMSGSIZE);
	udp_close(a);
}

struct heeder {
	struct udp *u;
	unsigned refused;
	struct udp_refusal last;
};

static void heeds(void *arg)
{
	struct heeder *h = arg;
	char text[64];

	while (udp_recv(h->u, text, sizeof(text), NULL) != -EAGAIN)
		;
	while (udp_refused(h->u, &h->last))
		h->refused++;
}

/* What comes back is told, with its text; and the error of one datagram costs no other its way. */
static void test_refused(void **state)
{
	struct udp *there = open_at("127.0.0.1"), *gone = open_at("127.0.0.1");
	struct heeder h = {.u = open_at("127.0.0.1")};
	struct addr nobody = *udp_local(gone), from;
	struct loop *loop;
	char text[64];

	udp_close(gone);
	assert_int_equal(loop_alloc(&loop, &clock_monotonic), 0);
	assert_int_equal(udp_heed(h.u), 0);
	assert_int_equal(udp_watch(h.u, loop, heeds, &h), 0);
	assert_false(udp_refused(h.u, &h.last));
	assert_int_equal(udp_send(h.u, &nobody, "is anybody there", 16), 0);
	assert_int_equal(udp_send(h.u, udp_local(there), "one", 3), 0);
	assert_int_equal(udp_send(h.u, udp_local(there), "two", 3), 0);
	for (unsigned i = 0; !h.refused && i < 100; i++)
		loop_step(loop, 100 * MS_US);
	assert_int_equal(h.refused, 1);
	assert_int_equal(h.last.err, ECONNREFUSED);
	assert_true(addr_equal(&h.last.to, &nobody));
	assert_int_equal(h.last.octets, 16);
	assert_memory_equal(h.last.text, "is anybody there", 16);
	assert_int_equal(udp_recv(there, text, sizeof(text), &from), 3);
	assert_int_equal(udp_recv(there, text, sizeof(text), &from), 3);
	assert_int_equal(loop_step(loop, 0), 0); /* nothing is left to wake for */
	udp_close(h.u);
	/* who does not heed hears nothing of it */
	assert_false(udp_refused(there, &h.last));
	udp_close(there);
	loop_free(loop);
}

static int open_one(void *arg)
{
	struct addr a;
	struct udp *u = NULL;
	int err;

	addr_parse(&a, "127.0.0.1", 0);
	err = udp_open(&net_kernel, &a, &u);
	udp_close(u);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(open_one, NULL, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
