/* SPDX-License-Identifier: GPL-2.0-only */
/* The DNS thread: it has the peers with a name, tells of each by its index, and ends when told. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/log.h"
#include "gateway/sipside/dnsside.h"
#include "sip/dns/resolver.h"
#include "tests/unit/fault.h"

static struct config *config;
static struct mailbox *news;

static void no_log(enum log_level level, const char *line, void *arg)
{
}

/* Three peers: an address; a name of the hosts file; a name that no server answers for. */
static int setup(void **state)
{
	config = calloc(1, sizeof(*config));
	if (!config || mailbox_alloc(&news, 2, sizeof(struct resolver_news)))
		return -1;
	config->npeers = 3;
	strcpy(config->peers[0].name, "address");
	strcpy(config->peers[1].name, "hosts");
	strcpy(config->peers[1].host, "localhost");
	config->peers[1].port = 5070;
	strcpy(config->peers[2].name, "lost");
	strcpy(config->peers[2].host, "lost.test");
	config->nameservers.count = 1;
	config->dns_refresh_min_ms = 20;
	config->dns_refresh_max_ms = 1000;
	log_set_sink(no_log, NULL);
	return addr_parse(&config->peers[0].addr, "192.0.2.1:5060", 0) |
	       addr_parse(&config->nameservers.list[0], "127.0.0.1:1", 0) |
	       addr_parse(&config->sip_listen[ADDR_IPV4], "127.0.0.1:5060", 0);
}

static int teardown(void **state)
{
	log_set_sink(NULL, NULL);
	mailbox_free(news);
	free(config);
	return 0;
}

static void *run(void *arg)
{
	dnsside_run(arg);
	return NULL;
}

static struct resolver_news next_news(void)
{
	struct resolver_news n = {.name = 99};
	struct pollfd p = {.fd = mailbox_fd(news), .events = POLLIN};

	while (!mailbox_take(news, &n)) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		mailbox_quiet(news);
	}
	return n;
}

static void test_tells(void **state)
{
	const struct dns_order again = {.peer = 1}, stop = {.stop = true};
	struct resolver_news hosts = {.name = 0}, lost = {.name = 0};
	struct dnsside *d;
	pthread_t thread;

	assert_true(dnsside_is_needed(config));
	assert_int_equal(dnsside_alloc(&d, config, &clock_monotonic, news), 0);
	assert_int_equal(pthread_create(&thread, NULL, run, d), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct resolver_news n = next_news();

		*(n.name == 1 ? &hosts : &lost) = n;
	}
	assert_int_equal(hosts.name, 1);
	assert_int_equal(hosts.outcome, DNS_FOUND);
	assert_int_equal(hosts.targets.count, 1);
	assert_int_equal(addr_port(&hosts.targets.list[0].hop.addr), 5070);
	assert_int_equal(lost.name, 2);
	assert_int_equal(lost.outcome, DNS_FAILED);
	assert_int_equal(lost.targets.count, 0);
	assert_int_equal(mailbox_post(dnsside_inbox(d), &again), 0);
	assert_int_equal(mailbox_post(dnsside_inbox(d), &stop), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	dnsside_free(d);
}

/* A full mailbox loses nothing: it is told again when there is room. */
static void test_full_mailbox(void **state)
{
	const struct resolver_news stuffing = {.name = 77};
	const struct dns_order stop = {.stop = true};
	struct dnsside *d;
	pthread_t thread;
	unsigned seen = 0;

	while (!mailbox_post(news, &stuffing))
		;
	assert_int_equal(dnsside_alloc(&d, config, &clock_monotonic, news), 0);
	assert_int_equal(pthread_create(&thread, NULL, run, d), 0);
	while (mailbox_refused(news) < 3)
		sched_yield();
	while (seen != 3) {
		struct resolver_news n = next_news();

		if (n.name != 77)
			seen |= n.name;
	}
	assert_int_equal(mailbox_post(dnsside_inbox(d), &stop), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	dnsside_free(d);
}

static void test_not_needed(void **state)
{
	config->peers[1].host[0] = config->peers[2].host[0] = '\0';
	assert_false(dnsside_is_needed(config));
}

static int make_and_free(void *arg)
{
	struct dnsside *d = NULL;
	int err = dnsside_alloc(&d, config, &clock_monotonic, news);

	dnsside_free(d);
	return err;
}

static void test_no_memory(void **state)
{
	assert_in_range(fault_run(make_and_free, NULL, 0), 5, 30);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_tells),
		TEST(test_full_mailbox),
		TEST(test_not_needed),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
