/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/bearer/media_socket.h"
#include "tests/sim/net_sim.h"

struct fixture {
	struct net_sim *sim;
	struct media_ports ports;
	struct udp *peer, *stranger;
	int64_t now_us;
};

static int setup(void **state)
{
	static struct fixture f;
	struct addr a, local[ADDR_FAMILIES] = {0};

	f = (struct fixture){0};
	assert_int_equal(net_sim_alloc(&f.sim, 1), 0);
	assert_int_equal(addr_parse(&local[ADDR_IPV4], "192.0.2.1", 0), 0);
	media_ports_init(&f.ports, net_sim_net(f.sim), local, 4000, 4007, 0, 1);
	assert_int_equal(addr_parse(&a, "192.0.2.9:7000", 0), 0);
	assert_int_equal(udp_open(net_sim_net(f.sim), &a, &f.peer), 0);
	assert_int_equal(addr_parse(&a, "192.0.2.66:6666", 0), 0);
	assert_int_equal(udp_open(net_sim_net(f.sim), &a, &f.stranger), 0);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	net_sim_free(f->sim);
	return 0;
}

static void run(struct fixture *f)
{
	f->now_us += 20000;
	net_sim_run(f->sim, f->now_us);
}

static void open_with(struct fixture *f, struct media_socket *s, enum media_nat nat)
{
	const struct media_policy m = {.nat = nat, .nat_relatch_ms = 5000};

	assert_int_equal(media_socket_open(s, &f->ports), 0);
	media_socket_set_policy(s, &m);
}

/* A datagram from U, and whether it is taken; a new source is latched. */
static bool is_taken(struct fixture *f, struct media_socket *s, struct udp *u)
{
	struct addr from;
	uint8_t buf[16];
	bool new;

	udp_send(u, media_socket_local(s, ADDR_IPV4), "x", 1);
	run(f);
	if (media_socket_recv(s, f->now_us, buf, sizeof(buf), &from, &new) != 1)
		return false;
	if (new)
		media_socket_latch(s, &from, f->now_us);
	return true;
}

static struct udp *socket_at(struct fixture *f, const char *text)
{
	struct udp *u;
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 0), 0);
	assert_int_equal(udp_open(net_sim_net(f->sim), &a, &u), 0);
	return u;
}

static struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 0), 0);
	return a;
}

static void test_ports_are_even_and_run_out(void **state)
{
	struct fixture *f = *state;
	struct media_socket s[5];

	for (int i = 0; i < 4; i++) {
		assert_int_equal(media_socket_open(&s[i], &f->ports), 0);
		assert_int_equal(addr_port(media_socket_local(&s[i], ADDR_IPV4)), 4000 + 2 * i);
	}
	assert_int_equal(media_socket_open(&s[4], &f->ports), EADDRINUSE);
	media_socket_close(&s[2]);
	assert_int_equal(media_socket_open(&s[4], &f->ports), 0);
	assert_int_equal(addr_port(media_socket_local(&s[4], ADDR_IPV4)), 4004);
	for (int i = 0; i < 5; i++)
		media_socket_close(&s[i]);
}

/* 4000 is taken in one family: the next port that is free in both is. */
static void test_both_families_on_one_port(void **state)
{
	struct fixture *f = *state;
	struct udp *taken, *peer;
	struct media_socket s;
	struct addr a, from;
	uint8_t buf[8];
	bool new;

	assert_int_equal(addr_parse(&f->ports.address[ADDR_IPV6], "2001:db8::1", 0), 0);
	assert_int_equal(addr_parse(&a, "[2001:db8::1]:4000", 0), 0);
	assert_int_equal(udp_open(f->ports.net, &a, &taken), 0);
	open_with(f, &s, MEDIA_NAT_LATCH);
	assert_int_equal(addr_port(media_socket_local(&s, ADDR_IPV4)), 4002);
	assert_int_equal(addr_port(media_socket_local(&s, ADDR_IPV6)), 4002);
	assert_int_equal(addr_parse(&a, "[2001:db8::9]:7000", 0), 0);
	assert_int_equal(udp_open(f->ports.net, &a, &peer), 0);
	/* what comes by the one goes back by the one, and the other is heard too */
	media_socket_set_remote(&s, &a);
	udp_send(peer, media_socket_local(&s, ADDR_IPV6), "six", 3);
	udp_send(f->peer, media_socket_local(&s, ADDR_IPV4), "four", 4);
	run(f);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), 3);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), 4);
	assert_true(new);
	media_socket_send(&s, "a", 1);
	run(f);
	assert_int_equal(udp_recv(peer, buf, sizeof(buf), &from), 1);
	assert_true(addr_equal(&from, media_socket_local(&s, ADDR_IPV6)));
	media_socket_close(&s);
	assert_null(media_socket_local(&s, ADDR_IPV4));
	/* neither is left behind by the port that was not free in both */
	assert_int_equal(addr_parse(&a, "192.0.2.1:4000", 0), 0);
	udp_close(taken);
	assert_int_equal(udp_open(f->ports.net, &a, &taken), 0);
	udp_close(taken);
	udp_close(peer);
}

static void test_threads_start_apart(void **state)
{
	struct fixture *f = *state;
	struct media_ports p;

	media_ports_init(&p, f->ports.net, f->ports.address, 4000, 4099, 1, 2);
	assert_int_equal(p.next, 4050);
	media_ports_init(&p, f->ports.net, f->ports.address, 4001, 4099, 0, 2);
	assert_int_equal(p.next, 4002);
}

/* RTCP has the odd port beside, of every family; somebody else may have it. */
static void test_beside(void **state)
{
	struct fixture *f = *state;
	struct media_socket rtp, rtcp, other;

	assert_int_equal(media_socket_open(&rtp, &f->ports), 0);
	assert_int_equal(media_socket_open_beside(&rtcp, &rtp, &f->ports), 0);
	assert_int_equal(addr_port(media_socket_local(&rtcp, ADDR_IPV4)),
			 addr_port(media_socket_local(&rtp, ADDR_IPV4)) + 1);
	assert_int_equal(media_socket_open_beside(&other, &rtp, &f->ports), EADDRINUSE);
	assert_null(media_socket_local(&other, ADDR_IPV4));
	media_socket_close(&other);
	media_socket_close(&rtcp);
	media_socket_close(&rtp);
	assert_int_equal(media_socket_open_beside(&rtcp, &rtp, &f->ports), ENOTCONN);
}

/* Without NAT only the host of the SDP is heard, from whatever port it sends first; ours goes where its SDP says. */
static void test_no_nat(void **state)
{
	struct fixture *f = *state;
	struct udp *port = socket_at(f, "192.0.2.9:7777"), *port2 = socket_at(f, "192.0.2.9:8888");
	struct media_socket s;
	uint8_t buf[16];

	open_with(f, &s, MEDIA_NAT_NO);
	media_socket_set_remote(&s, udp_local(f->peer));
	assert_false(is_taken(f, &s, f->stranger));
	assert_int_equal(s.foreign, 1);
	assert_true(addr_equal(&s.foreign_from, udp_local(f->stranger)));
	assert_true(is_taken(f, &s, port));
	assert_false(is_taken(f, &s, port2)); /* another call's of the same host */
	assert_false(is_taken(f, &s, f->stranger));
	assert_int_equal(s.foreign, 3);
	media_socket_send(&s, "a", 1);
	run(f);
	assert_int_equal(udp_recv(f->peer, buf, sizeof(buf), NULL), 1);
	/* the very address of the SDP has it back */
	assert_true(is_taken(f, &s, f->peer));
	assert_false(is_taken(f, &s, port));
	media_socket_close(&s);
}

/* The peer's host is as its SDP says, but its port is a NAT's. */
static void test_symmetric(void **state)
{
	struct fixture *f = *state;
	struct udp *port = socket_at(f, "192.0.2.9:7777");
	struct media_socket s;
	uint8_t buf[16];

	open_with(f, &s, MEDIA_NAT_SYMMETRIC);
	media_socket_set_remote(&s, udp_local(f->peer));
	assert_false(is_taken(f, &s, f->stranger));
	assert_true(is_taken(f, &s, port));
	media_socket_send(&s, "a", 1);
	run(f);
	assert_int_equal(udp_recv(port, buf, sizeof(buf), NULL), 1);
	media_socket_close(&s);
}

static void test_latches_once(void **state)
{
	const struct addr sdp = address("10.1.1.1:9999"); /* behind a NAT: not where it sends from */
	struct fixture *f = *state;
	struct media_socket s;
	struct addr from;
	uint8_t buf[16];
	bool new;

	open_with(f, &s, MEDIA_NAT_LATCH);
	media_socket_set_remote(&s, &sdp);
	udp_send(f->peer, media_socket_local(&s, ADDR_IPV4), "a", 1);
	run(f);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), 1);
	assert_true(new);
	assert_false(s.latched); /* it was not found valid yet */
	media_socket_latch(&s, &from, f->now_us);

	/* from now on nobody else is heard, and the peer is answered where it is */
	udp_send(f->stranger, media_socket_local(&s, ADDR_IPV4), "x", 1);
	udp_send(f->peer, media_socket_local(&s, ADDR_IPV4), "bb", 2);
	run(f);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), 2);
	assert_false(new);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), -EAGAIN);
	assert_int_equal(s.foreign, 1);
	media_socket_send(&s, "ccc", 3);
	run(f);
	assert_int_equal(udp_recv(f->peer, buf, sizeof(buf), &from), 3);

	/* the same description again, a session refresh, keeps what was latched; a new one begins anew */
	media_socket_set_remote(&s, &sdp);
	assert_true(s.latched && addr_equal(&s.remote, udp_local(f->peer)));
	from = address("10.1.1.1:9000");
	media_socket_set_remote(&s, &from);
	assert_false(s.latched);
	assert_true(is_taken(f, &s, f->stranger));
	media_socket_close(&s);
}

/* A stranger was quicker than the peer: the address of the SDP has the socket back with its first packet, for good. */
static void test_described_address_wins(void **state)
{
	struct fixture *f = *state;
	struct media_socket s;

	open_with(f, &s, MEDIA_NAT_LATCH);
	media_socket_set_remote(&s, udp_local(f->peer));
	assert_true(is_taken(f, &s, f->stranger));
	assert_true(is_taken(f, &s, f->peer));
	assert_false(is_taken(f, &s, f->stranger));
	assert_int_equal(s.foreign, 1);
	media_socket_close(&s);
}

static void be_silent(struct fixture *f, int64_t ms)
{
	f->now_us += ms * 1000;
	net_sim_run(f->sim, f->now_us);
}

/* Who sent one packet and no more was hardly the peer: when it is silent, the next one is heard. */
static void test_relatch_after_a_stray(void **state)
{
	const struct addr sdp = address("10.1.1.1:9999");
	struct fixture *f = *state;
	struct media_socket s;

	open_with(f, &s, MEDIA_NAT_LATCH);
	media_socket_set_remote(&s, &sdp);
	assert_true(is_taken(f, &s, f->stranger));
	be_silent(f, 4900);
	assert_false(is_taken(f, &s, f->peer));
	be_silent(f, 100);
	assert_true(is_taken(f, &s, f->peer));
	assert_false(is_taken(f, &s, f->stranger));
	media_socket_close(&s);
}

/* Who is known for the peer may be silent for pages on end: only its own host may come again from another port. */
static void test_relatch_of_the_known(void **state)
{
	const struct addr sdp = address("10.1.1.1:9999");
	struct fixture *f = *state;
	struct udp *port = socket_at(f, "192.0.2.9:7777");
	struct media_socket s;

	open_with(f, &s, MEDIA_NAT_LATCH);
	media_socket_set_remote(&s, &sdp);
	for (unsigned i = 0; i < MEDIA_SOCKET_KNOWN; i++)
		assert_true(is_taken(f, &s, f->peer));
	assert_false(is_taken(f, &s, port));
	be_silent(f, 60000);
	assert_false(is_taken(f, &s, f->stranger));
	assert_true(is_taken(f, &s, port));
	assert_true(addr_equal(&s.remote, udp_local(port)));
	assert_false(is_taken(f, &s, f->peer));
	media_socket_close(&s);
}

static void test_never_relatch(void **state)
{
	const struct media_policy never = {.nat = MEDIA_NAT_LATCH};
	struct fixture *f = *state;
	struct media_socket s;

	open_with(f, &s, MEDIA_NAT_LATCH);
	media_socket_set_policy(&s, &never);
	assert_true(is_taken(f, &s, f->stranger));
	be_silent(f, 3600000);
	assert_false(is_taken(f, &s, f->peer));
	media_socket_close(&s);
}

/* An empty datagram is one. */
static void test_empty_datagram(void **state)
{
	struct fixture *f = *state;
	struct media_socket s;
	struct addr from;
	uint8_t buf[16];
	bool new;

	open_with(f, &s, MEDIA_NAT_LATCH);
	udp_send(f->peer, media_socket_local(&s, ADDR_IPV4), NULL, 0);
	run(f);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), 0);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), -EAGAIN);
	media_socket_close(&s);
}

static void test_sends_nothing_to_nowhere(void **state)
{
	struct fixture *f = *state;
	struct media_socket s;

	assert_int_equal(media_socket_open(&s, &f->ports), 0);
	media_socket_send(&s, "a", 1);
	assert_int_equal(s.sent, 0);
	media_socket_close(&s);
	media_socket_send(&s, "a", 1);
	media_socket_close(&s);
}

/* A flood of strangers does not hold the caller up. */
static void test_flood(void **state)
{
	struct fixture *f = *state;
	struct media_socket s;
	struct addr from;
	uint8_t buf[16];
	bool new;

	assert_int_equal(media_socket_open(&s, &f->ports), 0);
	media_socket_latch(&s, udp_local(f->peer), f->now_us);
	for (int i = 0; i < 200; i++)
		udp_send(f->stranger, media_socket_local(&s, ADDR_IPV4), "x", 1);
	run(f);
	assert_int_equal(media_socket_recv(&s, f->now_us, buf, sizeof(buf), &from, &new), -EAGAIN);
	assert_true(s.foreign > 0 && s.foreign < 200);
	media_socket_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ports_are_even_and_run_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_both_families_on_one_port, setup, teardown),
		cmocka_unit_test_setup_teardown(test_threads_start_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_latches_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_described_address_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(test_beside, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_nat, setup, teardown),
		cmocka_unit_test_setup_teardown(test_symmetric, setup, teardown),
		cmocka_unit_test_setup_teardown(test_relatch_after_a_stray, setup, teardown),
		cmocka_unit_test_setup_teardown(test_relatch_of_the_known, setup, teardown),
		cmocka_unit_test_setup_teardown(test_never_relatch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_datagram, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sends_nothing_to_nowhere, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flood, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
