/* SPDX-License-Identifier: GPL-2.0-only */
/* The resolver against a server in its own loop, which says what a test wants, sense or nonsense. */
#include <arpa/nameser.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#include "fault.h"
#include "gateway/base/log.h"
#include "sip/dns/resolver.h"

#define WAIT_US (10 * SEC_US)
#define UDP	(1u << SIP_UDP)
#define TCP	(1u << SIP_TCP)

struct record {
	const char *name;
	unsigned type;
	const char *text; /* "ORDER PREFERENCE FLAGS SERVICE REPLACEMENT", "PRIORITY WEIGHT PORT TARGET", an address */
	uint32_t ttl_s;
};

enum mood { SENSE, SILENCE, TROUBLE, TROUBLE_WITH_NAPTR, GARBAGE, CUT_SHORT };

struct rig {
	struct loop *loop;
	struct resolver *resolver;
	int fd;
	struct addr server;
	const struct record *zone;
	enum mood mood;
	unsigned asked;
	struct resolver_news news[2];
	unsigned told, refusals; /* calls of the handler; how often it refuses first */
	char log[4096];
};

static void put16(uint8_t *m, size_t *at, unsigned v)
{
	m[(*at)++] = (uint8_t)(v >> 8);
	m[(*at)++] = (uint8_t)v;
}

static void put_name(uint8_t *m, size_t *at, const char *name)
{
	while (*name && strcmp(name, ".")) {
		size_t n = strcspn(name, ".");

		m[(*at)++] = (uint8_t)n;
		memcpy(m + *at, name, n);
		*at += n;
		name += n + (name[n] == '.');
	}
	m[(*at)++] = 0;
}

static void put_text(uint8_t *m, size_t *at, const char *text)
{
	m[(*at)++] = (uint8_t)strlen(text);
	memcpy(m + *at, text, strlen(text));
	*at += strlen(text);
}

static void put_data(uint8_t *m, size_t *at, const struct record *r)
{
	char flags[16], service[16], name[256];
	unsigned x, y, z;
	struct addr a;

	switch (r->type) {
	case ns_t_a:
		assert_int_equal(addr_parse(&a, r->text, 0), 0);
		memcpy(m + *at, &a.v4.sin_addr, 4);
		*at += 4;
		break;
	case ns_t_srv:
		assert_int_equal(sscanf(r->text, "%u %u %u %255s", &x, &y, &z, name), 4);
		put16(m, at, x);
		put16(m, at, y);
		put16(m, at, z);
		put_name(m, at, name);
		break;
	case ns_t_naptr:
		assert_int_equal(sscanf(r->text, "%u %u %15s %15s %255s", &x, &y, flags, service, name), 5);
		put16(m, at, x);
		put16(m, at, y);
		put_text(m, at, flags);
		put_text(m, at, service);
		put_text(m, at, "");
		put_name(m, at, name);
		break;
	}
}

static void read_question(const uint8_t *m, size_t len, char *name, unsigned *typep)
{
	size_t at = 12, n = 0;

	while (at < len && m[at]) {
		memcpy(name + n, m + at + 1, m[at]);
		n += m[at];
		name[n++] = '.';
		at += 1u + m[at];
	}
	name[n ? n - 1 : 0] = '\0';
	*typep = (unsigned)m[at + 1] << 8 | m[at + 2];
}

/* Returns the length of the reply that is made of the question in M. */
static size_t reply(const struct rig *g, uint8_t *m, size_t len)
{
	unsigned type, answers = 0;
	char name[256];
	size_t at = len;

	read_question(m, len, name, &type);
	m[2] = 0x85;
	m[3] = 0x80;
	for (const struct record *r = g->zone; r->name; r++) {
		size_t data;

		if (r->type != type || strcasecmp(r->name, name))
			continue;
		answers++;
		put16(m, &at, 0xC00C);
		put16(m, &at, type);
		put16(m, &at, ns_c_in);
		put16(m, &at, r->ttl_s >> 16);
		put16(m, &at, r->ttl_s & 0xFFFF);
		data = at;
		at += 2;
		put_data(m, &at, r);
		m[data] = (uint8_t)((at - data - 2) >> 8);
		m[data + 1] = (uint8_t)(at - data - 2);
	}
	m[7] = (uint8_t)answers;
	if (!answers)
		m[3] |= 3; /* NXDOMAIN */
	return at;
}

static bool is_naptr(const uint8_t *m, size_t len)
{
	char name[256];
	unsigned type;

	read_question(m, len, name, &type);
	return type == ns_t_naptr;
}

static void on_question(uint32_t epoll_events, void *arg)
{
	struct rig *g = arg;
	struct addr from;
	socklen_t fromlen = sizeof(from);
	uint8_t m[4096] = {0};
	ssize_t len = recvfrom(g->fd, m, 512, MSG_DONTWAIT, &from.sa, &fromlen);
	size_t out;

	if (len < 12)
		return;
	g->asked++;
	if (g->mood == SILENCE)
		return;
	out = reply(g, m, (size_t)len);
	if (g->mood == TROUBLE || (g->mood == TROUBLE_WITH_NAPTR && is_naptr(m, (size_t)len))) {
		m[3] = 0x82; /* SERVFAIL */
		m[7] = 0;
		out = (size_t)len;
	} else if (g->mood == GARBAGE) {
		for (size_t i = (size_t)len; i < out + 20; i++)
			m[i] = (uint8_t)(i * 37 + g->asked);
		out += 20;
	} else if (g->mood == CUT_SHORT) {
		out -= out > (size_t)len + 4 ? 3 : 0;
	}
	sendto(g->fd, m, out, 0, &from.sa, fromlen);
}

static int on_news(const struct resolver_news *news, void *arg)
{
	struct rig *g = arg;

	if (g->refusals) {
		g->refusals--;
		return EAGAIN;
	}
	g->told++;
	g->news[news->name] = *news;
	return 0;
}

static void on_log(enum log_level level, const char *line, void *arg)
{
	struct rig *g = arg;
	size_t len = strlen(g->log);

	snprintf(g->log + len, sizeof(g->log) - len, "%s\n", line);
}

static int setup(void **state)
{
	struct rig *g = calloc(1, sizeof(*g));
	socklen_t len = sizeof(g->server);
	struct timer warm;

	if (!g || loop_alloc(&g->loop, &clock_monotonic) || addr_parse(&g->server, "127.0.0.1:0", 0))
		return -1;
	g->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(g->fd, &g->server.sa, addr_len(&g->server)) || getsockname(g->fd, &g->server.sa, &len) ||
	    loop_watch(g->loop, g->fd, EPOLLIN, on_question, g))
		return -1;
	/* what the loop itself keeps is there before anything is counted */
	timer_init(&warm, NULL, NULL);
	if (timer_start(loop_timers(g->loop), &warm, SEC_US))
		return -1;
	timer_stop(loop_timers(g->loop), &warm);
	log_set_sink(on_log, g);
	*state = g;
	return 0;
}

static int teardown(void **state)
{
	struct rig *g = *state;

	resolver_free(g->resolver);
	loop_unwatch(g->loop, g->fd);
	close(g->fd);
	loop_free(g->loop);
	log_set_sink(NULL, NULL);
	free(g);
	return 0;
}

static const struct resolver_name names[] = {
	{"carrier", "carrier.faxspan.example", 0, true, SIP_UDP},
	{"pbx", "pbx.faxspan.example", 5070, false, SIP_TCP},
};

static int begin(struct rig *g, const struct record *zone, unsigned count)
{
	const struct resolver_params p = {
		.servers = {g->server},
		.nservers = 1,
		.have = UDP | TCP,
		.ipv4 = true,
		.refresh_min_ms = 20,
		.refresh_max_ms = 100,
		.names = names,
		.count = count,
		.handler = on_news,
		.arg = g,
	};

	g->zone = zone;
	return resolver_alloc(&g->resolver, &p, g->loop);
}

static void wait_until_told(struct rig *g, unsigned times)
{
	int64_t until_us = clock_now_us(&clock_monotonic) + WAIT_US;

	while (g->told < times && clock_now_us(&clock_monotonic) < until_us)
		assert_true(loop_step(g->loop, SEC_US) >= 0);
	assert_in_range(g->told, times, UINT32_MAX);
}

static void wait_until_asked(struct rig *g, unsigned times)
{
	int64_t until_us = clock_now_us(&clock_monotonic) + WAIT_US;

	while (g->asked < times && clock_now_us(&clock_monotonic) < until_us)
		assert_true(loop_step(g->loop, SEC_US) >= 0);
	assert_in_range(g->asked, times, UINT32_MAX);
}

static unsigned lines(const struct rig *g, const char *with)
{
	unsigned n = 0;

	for (const char *p = g->log; (p = strstr(p, with)); p++)
		n++;
	return n;
}

static void assert_at(const struct resolver_news *n, const char *expected)
{
	char text[512] = "", hop[HOP_TEXT_OCTETS];

	for (unsigned i = 0; i < n->targets.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? ", " : "",
			 hop_print(&n->targets.list[i].hop, hop));
	assert_string_equal(text, expected);
}

static const struct record zone[] = {
	{"carrier.faxspan.example", ns_t_naptr, "10 10 s SIP+D2T _sip._tcp.faxspan.example", 3600},
	{"carrier.faxspan.example", ns_t_naptr, "20 10 s SIP+D2U _sip._udp.faxspan.example", 3600},
	{"_sip._tcp.faxspan.example", ns_t_srv, "20 0 5062 b.faxspan.example", 3600},
	{"_sip._tcp.faxspan.example", ns_t_srv, "10 5 5061 a.faxspan.example", 3600},
	{"a.faxspan.example", ns_t_a, "192.0.2.1", 3600},
	{"b.faxspan.example", ns_t_a, "192.0.2.2", 3600},
	{"pbx.faxspan.example", ns_t_a, "192.0.2.3", 3600},
	{0},
};

static const struct record moved[] = {
	{"_sip._udp.carrier.faxspan.example", ns_t_srv, "10 0 5066 c.faxspan.example", 3600},
	{"c.faxspan.example", ns_t_a, "192.0.2.9", 3600},
	{0},
};

static const struct record nothing[] = {{0}};

static void two_names_are_found(void **state)
{
	struct rig *g = *state;

	assert_int_equal(begin(g, zone, 2), 0);
	wait_until_told(g, 2);
	assert_int_equal(g->news[0].outcome, DNS_FOUND);
	assert_at(&g->news[0], "tcp 192.0.2.1:5061, tcp 192.0.2.2:5062");
	assert_int_equal(g->news[0].targets.list[0].weight, 5);
	assert_at(&g->news[1], "tcp 192.0.2.3:5070");
	assert_int_equal(lines(g, "peer carrier: carrier.faxspan.example is at tcp 192.0.2.1:5061, tcp 192.0.2.2:5062"),
			 1);
}

static void what_moves_is_found_again(void **state)
{
	struct rig *g = *state;

	assert_int_equal(begin(g, zone, 1), 0);
	wait_until_told(g, 1);
	g->zone = moved;
	wait_until_told(g, 2); /* an hour is believed for 100 ms here */
	assert_at(&g->news[0], "192.0.2.9:5066");
	assert_int_equal(lines(g, "is at 192.0.2.9:5066"), 1);
}

static void the_same_answer_is_no_news(void **state)
{
	struct rig *g = *state;

	assert_int_equal(begin(g, zone, 1), 0);
	wait_until_told(g, 1);
	wait_until_asked(g, 12); /* four questions a lookup */
	assert_int_equal(g->told, 1);
	assert_int_equal(lines(g, "is at"), 1);
}

static void a_short_ttl_is_believed_for_the_least_time(void **state)
{
	static const struct record brief[] = {{"pbx.faxspan.example", ns_t_a, "192.0.2.3", 0}, {0}};
	struct rig *g = *state;
	struct resolver_params p = {.servers = {g->server},
				    .nservers = 1,
				    .have = TCP,
				    .ipv4 = true,
				    .refresh_min_ms = 50,
				    .refresh_max_ms = 3600000,
				    .names = &names[1],
				    .count = 1,
				    .handler = on_news,
				    .arg = g};
	int64_t at_us;

	g->zone = brief;
	assert_int_equal(resolver_alloc(&g->resolver, &p, g->loop), 0);
	wait_until_told(g, 1);
	at_us = clock_now_us(&clock_monotonic);
	wait_until_asked(g, 4);
	assert_true(clock_now_us(&clock_monotonic) - at_us >= 3 * 49 * MS_US);
}

static void a_name_that_vanishes_keeps_its_servers(void **state)
{
	struct rig *g = *state;

	assert_int_equal(begin(g, zone, 1), 0);
	wait_until_told(g, 1);
	g->zone = nothing;
	wait_until_told(g, 2);
	assert_int_equal(g->news[0].outcome, DNS_NONE);
	assert_at(&g->news[0], "tcp 192.0.2.1:5061, tcp 192.0.2.2:5062");
	wait_until_asked(g, g->asked + 8);
	assert_int_equal(lines(g, "has no address: it stays at the addresses found before"), 1);
	g->zone = zone;
	wait_until_told(g, 3);
	assert_int_equal(g->news[0].outcome, DNS_FOUND);
	assert_int_equal(lines(g, "carrier.faxspan.example is found again"), 1);
}

static void a_server_in_trouble_is_asked_until_it_answers(void **state)
{
	struct rig *g = *state;

	g->mood = TROUBLE;
	assert_int_equal(begin(g, zone, 1), 0);
	wait_until_told(g, 1);
	assert_int_equal(g->news[0].outcome, DNS_FAILED);
	assert_int_equal(g->news[0].targets.count, 0);
	assert_int_equal(lines(g, "it is not called until it is found"), 1);
	g->mood = SENSE;
	wait_until_told(g, 2);
	assert_at(&g->news[0], "tcp 192.0.2.1:5061, tcp 192.0.2.2:5062");
}

static void half_an_answer_does_not_replace_a_whole_one(void **state)
{
	static const struct record half[] = {{"carrier.faxspan.example", ns_t_a, "192.0.2.7", 3600}, {0}};
	struct rig *g = *state;

	assert_int_equal(begin(g, zone, 1), 0);
	wait_until_told(g, 1);
	g->zone = half;
	g->mood = TROUBLE_WITH_NAPTR;
	wait_until_told(g, 2);
	assert_int_equal(g->news[0].outcome, DNS_FAILED);
	assert_at(&g->news[0], "tcp 192.0.2.1:5061, tcp 192.0.2.2:5062");
	g->mood = SENSE; /* now it is whole: there is no more NAPTR */
	wait_until_told(g, 3);
	assert_at(&g->news[0], "192.0.2.7:5060");
}

/* A server that cannot do NAPTR at all is no reason to find nothing, nor to stay where it once was. */
static void a_server_without_naptr_is_good_enough(void **state)
{
	static const struct record one[] = {{"carrier.faxspan.example", ns_t_a, "192.0.2.7", 3600}, {0}},
				   other[] = {{"carrier.faxspan.example", ns_t_a, "192.0.2.8", 3600}, {0}};
	struct rig *g = *state;

	g->mood = TROUBLE_WITH_NAPTR;
	assert_int_equal(begin(g, one, 1), 0);
	wait_until_told(g, 1);
	assert_int_equal(g->news[0].outcome, DNS_FOUND);
	assert_at(&g->news[0], "192.0.2.7:5060");
	g->zone = other;
	wait_until_told(g, 2);
	assert_at(&g->news[0], "192.0.2.8:5060");
}

static void nonsense_is_a_failure(void **state)
{
	struct rig *g = *state;

	g->mood = CUT_SHORT;
	assert_int_equal(begin(g, zone, 2), 0);
	wait_until_told(g, 2);
	assert_int_equal(g->news[0].targets.count, 0);
	assert_int_equal(g->news[1].targets.count, 0);
	g->mood = GARBAGE;
	wait_until_asked(g, g->asked + 20);
	assert_int_equal(g->news[0].targets.count, 0);
	g->mood = SENSE;
	wait_until_told(g, g->told + 2);
	assert_at(&g->news[1], "tcp 192.0.2.3:5070");
}

static void news_that_found_no_room_come_again(void **state)
{
	struct rig *g = *state;

	g->refusals = 2;
	assert_int_equal(begin(g, zone, 1), 0);
	wait_until_told(g, 1);
	assert_at(&g->news[0], "tcp 192.0.2.1:5061, tcp 192.0.2.2:5062");
}

static void again_asks_before_its_time(void **state)
{
	struct rig *g = *state;
	const struct resolver_params p = {.servers = {g->server},
					  .nservers = 1,
					  .have = TCP,
					  .ipv4 = true,
					  .refresh_min_ms = 30,
					  .refresh_max_ms = 3600000,
					  .names = &names[1],
					  .count = 1,
					  .handler = on_news,
					  .arg = g};

	g->zone = zone;
	assert_int_equal(resolver_alloc(&g->resolver, &p, g->loop), 0);
	wait_until_told(g, 1);
	assert_int_equal(g->asked, 1);
	resolver_again(g->resolver, 0);
	resolver_again(g->resolver, 0);
	resolver_again(g->resolver, 7); /* there is none */
	wait_until_asked(g, 2);
}

static void it_can_be_ended_at_any_time(void **state)
{
	struct rig *g = *state;

	g->mood = SILENCE;
	for (unsigned asked = 0; asked < 4; asked++) {
		size_t before = fault_alive();

		assert_int_equal(begin(g, zone, 2), 0);
		for (unsigned i = 0; i < asked; i++)
			loop_step(g->loop, 10 * MS_US);
		resolver_free(g->resolver);
		g->resolver = NULL;
		assert_int_equal(fault_alive(), before);
	}
	assert_int_equal(g->told, 0);
}

/* Whatever the hosts file has of it, and nobody is asked (RFC 6761 6.3). */
static void localhost_is_the_loopback(void **state)
{
	static const struct resolver_name here = {
		.peer = "here", .host = "localhost", .port = 5070, .transport = SIP_UDP};
	struct rig *g = *state;
	const struct resolver_params p = {
		.servers = {g->server},
		.nservers = 1,
		.have = UDP,
		.ipv6 = true,
		.refresh_min_ms = 20,
		.refresh_max_ms = 100,
		.names = &here,
		.count = 1,
		.handler = on_news,
		.arg = g,
	};

	g->zone = zone;
	assert_int_equal(resolver_alloc(&g->resolver, &p, g->loop), 0);
	wait_until_told(g, 1);
	assert_at(&g->news[0], "[::1]:5070");
	assert_int_equal(g->asked, 0);
}

static int make_and_free(void *arg)
{
	struct rig *g = arg;
	int err = begin(g, zone, 2);

	if (!err)
		resolver_free(g->resolver);
	g->resolver = NULL;
	return err;
}

static void no_memory_is_an_error(void **state)
{
	assert_in_range(fault_run(make_and_free, *state, 0), 2, 10);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_names_are_found),
		TEST(what_moves_is_found_again),
		TEST(the_same_answer_is_no_news),
		TEST(a_short_ttl_is_believed_for_the_least_time),
		TEST(a_name_that_vanishes_keeps_its_servers),
		TEST(a_server_in_trouble_is_asked_until_it_answers),
		TEST(half_an_answer_does_not_replace_a_whole_one),
		TEST(a_server_without_naptr_is_good_enough),
		TEST(nonsense_is_a_failure),
		TEST(news_that_found_no_room_come_again),
		TEST(again_asks_before_its_time),
		TEST(it_can_be_ended_at_any_time),
		TEST(localhost_is_the_loopback),
		TEST(no_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
