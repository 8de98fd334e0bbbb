/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets of the kernel that are looked at together. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/base/net.h"
#include "tests/sim/net_sim.h"
#include "tests/unit/fault.h"

#define MANY 150 /* more than one answer of the kernel holds */

static struct udp *open_socket(void)
{
	struct udp *u = NULL;
	struct addr a;

	assert_int_equal(addr_parse(&a, "127.0.0.1:0", 0), 0);
	assert_int_equal(udp_open(&net_kernel, &a, &u), 0);
	return u;
}

static void say(struct udp *from, struct udp *to, const char *text)
{
	assert_int_equal(udp_send(from, udp_local(to), text, strlen(text)), 0);
}

static void expect(struct udp *u, const char *text)
{
	char buf[32];

	if (!text) {
		assert_int_equal(udp_recv(u, buf, sizeof(buf), NULL), -EAGAIN);
		return;
	}
	assert_int_equal(udp_recv(u, buf, sizeof(buf), NULL), strlen(text));
	assert_memory_equal(buf, text, strlen(text));
}

static void test_look(void **state)
{
	struct udp *a = open_socket(), *b = open_socket(), *sender = open_socket();
	struct udp_group *g = NULL;

	assert_int_equal(udp_group_alloc(&g, &net_kernel), 0);
	assert_int_equal(udp_group_join(g, a), 0);
	assert_int_equal(udp_group_join(g, b), 0);
	say(sender, a, "one");
	say(sender, a, "two");
	expect(a, NULL); /* not looked yet */
	udp_group_look(g, &net_kernel);
	expect(b, NULL);
	expect(a, "one");
	expect(a, "two");
	expect(a, NULL);
	say(sender, b, "three");
	expect(b, NULL);
	udp_group_look(g, &net_kernel);
	expect(b, "three");
	udp_close(a);
	say(sender, b, "four");
	udp_group_look(g, &net_kernel); /* without the one that was closed */
	expect(b, "four");
	udp_close(b);
	udp_close(sender);
	udp_group_free(g, &net_kernel);
}

/* What is not read stays for the next look. */
static void test_left_over(void **state)
{
	struct udp *a = open_socket(), *sender = open_socket();
	struct udp_group *g = NULL;

	assert_int_equal(udp_group_alloc(&g, &net_kernel), 0);
	assert_int_equal(udp_group_join(g, a), 0);
	say(sender, a, "one");
	say(sender, a, "two");
	for (unsigned i = 0; i < 3; i++)
		udp_group_look(g, &net_kernel);
	expect(a, "one");
	udp_group_look(g, &net_kernel);
	expect(a, "two");
	udp_close(a);
	udp_close(sender);
	udp_group_free(g, &net_kernel);
}

static void test_many(void **state)
{
	struct udp *u[MANY], *sender = open_socket();
	struct udp_group *g = NULL;
	unsigned got = 0;
	char buf[8];

	assert_int_equal(udp_group_alloc(&g, &net_kernel), 0);
	for (unsigned i = 0; i < MANY; i++) {
		u[i] = open_socket();
		assert_int_equal(udp_group_join(g, u[i]), 0);
		say(sender, u[i], "x");
	}
	for (unsigned looks = 0; looks < 2; looks++) {
		udp_group_look(g, &net_kernel);
		for (unsigned i = 0; i < MANY; i++)
			got += udp_recv(u[i], buf, sizeof(buf), NULL) == 1;
	}
	assert_int_equal(got, MANY);
	for (unsigned i = 0; i < MANY; i++)
		udp_close(u[i]);
	udp_close(sender);
	udp_group_free(g, &net_kernel);
}

/* A net whose recv costs nothing has none; its sockets are read as ever. */
static void test_none(void **state)
{
	struct udp_group *g = NULL;
	struct net_sim *sim = NULL;

	assert_int_equal(net_sim_alloc(&sim, 1), 0);
	assert_int_equal(udp_group_alloc(&g, net_sim_net(sim)), ENOTSUP);
	assert_null(g);
	udp_group_free(g, net_sim_net(sim));
	net_sim_free(sim);
}

static int alloc_body(void *arg)
{
	struct udp_group *g = NULL;
	int err = udp_group_alloc(&g, &net_kernel);

	udp_group_free(g, &net_kernel);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(alloc_body, NULL, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look), cmocka_unit_test(test_left_over), cmocka_unit_test(test_many),
		cmocka_unit_test(test_none), cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
