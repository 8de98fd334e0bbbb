/* SPDX-License-Identifier: GPL-2.0-only */
/* The servers of one peer: those that failed are tried last, whatever the DNS says in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/sipside/peer_targets.h"

static struct resolver_news news(const char *const *list)
{
	struct resolver_news n = {.outcome = DNS_FOUND};

	for (unsigned i = 0; list[i]; i++) {
		struct sip_target t = {.priority = (uint16_t)i, .group = (uint8_t)i};

		assert_int_equal(addr_parse(&t.hop.addr, list[i], 5060), 0);
		assert_true(targets_add(&n.targets, &t));
	}
	return n;
}

static struct sip_hop hop(const char *addr)
{
	struct sip_hop h = {0};

	assert_int_equal(addr_parse(&h.addr, addr, 5060), 0);
	return h;
}

/* "10.0.0.1 10.0.0.2": the hosts in the order in which a call at NOW_US tries them. */
static const char *course(const struct peer_targets *p, int64_t now_us)
{
	static char text[400];
	char host[ADDR_TEXT_OCTETS];
	uint64_t seed = 1;
	struct peer_course c = peer_targets_course(p, 0, now_us, &seed);

	text[0] = '\0';
	for (unsigned i = 0; i < c.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			 addr_print_host(&c.hops[i].addr, host));
	return text;
}

static void test_one_address(void **state)
{
	struct sip_hop a = hop("10.0.0.1");
	struct peer_targets p;

	peer_targets_init(&p, &a);
	assert_false(p.by_name);
	assert_string_equal(course(&p, 0), "10.0.0.1");
	assert_true(peer_targets_hold(&p, &a, 100, 0));
	assert_true(peer_targets_all_held(&p, 50));
	assert_string_equal(course(&p, 50), "10.0.0.1");
}

static void test_nothing_known(void **state)
{
	struct sip_hop a = hop("10.0.0.1");
	struct peer_targets p;

	peer_targets_init(&p, NULL);
	assert_true(p.by_name);
	assert_false(p.looked_up);
	assert_string_equal(course(&p, 0), "");
	assert_false(peer_targets_all_held(&p, 0));
	/* a server that is no more of it by now */
	peer_targets_hold(&p, &a, 100, 0);
	assert_false(peer_targets_release(&p, &a, 0));
}

static void test_held_until(void **state)
{
	struct resolver_news n = news((const char *[]){"10.0.0.1", "10.0.0.2", NULL});
	struct sip_hop a = hop("10.0.0.1"), b = hop("10.0.0.2");
	struct peer_targets p;

	peer_targets_init(&p, NULL);
	peer_targets_take(&p, &n);
	assert_true(peer_targets_hold(&p, &a, 100, 0));
	assert_false(peer_targets_hold(&p, &a, 120, 50)); /* it was held already */
	assert_string_equal(course(&p, 119), "10.0.0.2 10.0.0.1");
	assert_string_equal(course(&p, 120), "10.0.0.1 10.0.0.2");
	assert_false(peer_targets_all_held(&p, 60));
	peer_targets_hold(&p, &b, 200, 60);
	assert_true(peer_targets_all_held(&p, 60));
	assert_true(peer_targets_release(&p, &b, 60));
	assert_false(peer_targets_release(&p, &b, 60));
	assert_false(peer_targets_all_held(&p, 60));
}

static void test_hold_survives_news(void **state)
{
	struct resolver_news n = news((const char *[]){"10.0.0.1", "10.0.0.2", NULL}),
			     turned = news((const char *[]){"10.0.0.2", "10.0.0.3", "10.0.0.1", NULL}),
			     without = news((const char *[]){"10.0.0.2", NULL});
	struct sip_hop a = hop("10.0.0.1");
	struct peer_targets p;

	peer_targets_init(&p, NULL);
	peer_targets_take(&p, &n);
	peer_targets_hold(&p, &a, 100, 0);
	peer_targets_take(&p, &turned);
	assert_string_equal(course(&p, 50), "10.0.0.2 10.0.0.3 10.0.0.1");
	peer_targets_take(&p, &n);
	assert_string_equal(course(&p, 50), "10.0.0.2 10.0.0.1");
	/* gone from the DNS, and back: a new one */
	peer_targets_take(&p, &without);
	peer_targets_take(&p, &n);
	assert_string_equal(course(&p, 50), "10.0.0.1 10.0.0.2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_address),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_held_until),
		cmocka_unit_test(test_hold_survives_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
