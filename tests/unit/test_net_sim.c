/* SPDX-License-Identifier: GPL-2.0-only */
/* The simulated network and the simulated clock. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include <cmocka.h>
#include <libpri.h>
#include <osip2/osip.h>
#include <osip2/osip_time.h>

#include "tests/sim/clock_sim.h"
#include "tests/sim/net_sim.h"
#include "tests/unit/fault.h"

struct host {
	struct udp *u;
	int calls;
	char got[4000]; /* the first octet of each datagram, in order */
	size_t ngot;
	bool answers, closes;
};

static struct addr at(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 0), 0);
	return a;
}

static void take(struct host *h)
{
	struct addr from;
	char buf[100];
	ssize_t n;

	while ((n = udp_recv(h->u, buf, sizeof(buf), &from)) >= 0) {
		assert_true(h->ngot < sizeof(h->got) - 1);
		h->got[h->ngot++] = n ? buf[0] : '-';
		if (h->answers)
			assert_int_equal(udp_send(h->u, &from, buf, (size_t)n), 0);
	}
	assert_int_equal(n, -EAGAIN);
}

static void heard(void *arg)
{
	struct host *h = arg;

	h->calls++;
	if (h->closes) {
		udp_close(h->u);
		h->u = NULL;
		return;
	}
	take(h);
}

static void host_open(struct host *h, struct net_sim *n, const char *text)
{
	struct addr a = at(text);

	memset(h, 0, sizeof(*h));
	assert_int_equal(udp_open(net_sim_net(n), &a, &h->u), 0);
	assert_int_equal(udp_watch(h->u, NULL, heard, h), 0);
}

static void say(struct host *from, struct host *to, const char *text)
{
	assert_int_equal(udp_send(from->u, udp_local(to->u), text, strlen(text)), 0);
}

static void test_delivery(void **state)
{
	struct host a, b, v6, v6b;
	struct net_sim *n;
	struct addr nobody = at("10.9.9.9:9");

	assert_int_equal(net_sim_alloc(&n, 1), 0);
	host_open(&a, n, "10.0.0.1:5060");
	host_open(&b, n, "10.0.0.2:5060");
	host_open(&v6, n, "[2001:db8::1]:5060");
	host_open(&v6b, n, "[2001:db8::2]:5060");
	say(&a, &b, "x");
	assert_int_equal(b.calls, 0); /* never within the send */
	assert_int_equal(net_sim_next_us(n), 0);
	assert_int_equal(net_sim_run(n, 1000), 1);
	assert_int_equal(b.calls, 1);
	assert_int_equal(net_sim_next_us(n), -1);
	b.answers = true;
	say(&a, &b, "y");
	say(&a, &b, "");
	assert_int_equal(net_sim_run(n, 1000), 4); /* and the answers */
	assert_string_equal(b.got, "xy-");
	assert_string_equal(a.got, "y-");
	say(&v6, &v6b, "6");
	net_sim_run(n, 1000);
	assert_string_equal(v6b.got, "6");
	assert_int_equal(udp_send(a.u, udp_local(v6.u), "x", 1), EAFNOSUPPORT);
	assert_int_equal(udp_send(a.u, &nobody, "x", 1), 0);
	addr_set_port(&nobody, 0);
	assert_int_equal(udp_send(a.u, &nobody, "x", 1), EINVAL);
	assert_int_equal(net_sim_run(n, 1001), 0);
	assert_int_equal(net_sim_stats(n).unbound, 1);
	assert_int_equal(net_sim_stats(n).sockets, 4);
	net_sim_free(n);
	net_sim_free(NULL);
}

static void test_binding(void **state)
{
	struct host a, b, any;
	struct addr x, from;
	struct net_sim *n;
	struct udp *u = NULL;
	char buf[4];

	assert_int_equal(net_sim_alloc(&n, 1), 0);
	host_open(&a, n, "10.0.0.1:5060");
	x = at("10.0.0.1:5060");
	assert_int_equal(udp_open(net_sim_net(n), &x, &u), EADDRINUSE);
	x = at("0.0.0.0:5060");
	assert_int_equal(udp_open(net_sim_net(n), &x, &u), EADDRINUSE);
	x = (struct addr){0};
	assert_int_equal(udp_open(net_sim_net(n), &x, &u), EAFNOSUPPORT);
	assert_null(u);
	host_open(&b, n, "10.0.0.1");
	assert_in_range(addr_port(udp_local(b.u)), 40000, 60999);
	host_open(&any, n, "0.0.0.0:6000");
	x = at("10.0.0.77:6000");
	udp_send(a.u, &x, "z", 1);
	net_sim_run(n, 1);
	assert_string_equal(any.got, "z");
	udp_send(any.u, udp_local(a.u), "z", 1);
	a.closes = true; /* in its handler, with the datagram still there */
	assert_int_equal(net_sim_run(n, 2), 1);
	assert_null(a.u);
	x = at("10.0.0.1:5060");
	assert_int_equal(udp_open(net_sim_net(n), &x, &u), 0); /* free again; not watched: it keeps what comes */
	udp_send(any.u, &x, "12", 2);
	net_sim_run(n, 3);
	assert_int_equal(udp_recv(u, buf, 1, &from), 1);
	assert_int_equal(buf[0], '1');
	x = at("127.0.0.1:6000");
	assert_true(addr_equal(&from, &x));
	assert_int_equal(udp_recv(u, buf, 1, &from), -EAGAIN);
	for (int i = 0; i < NET_SIM_QUEUE + 3; i++)
		udp_send(any.u, udp_local(u), "f", 1);
	assert_int_equal(net_sim_run(n, 4), NET_SIM_QUEUE);
	assert_int_equal(net_sim_stats(n).overflow, 3);
	net_sim_free(n);
}

#define PACKETS 2000

/* Sends PACKETS datagrams, 20 ms apart, one way through a rule; returns the number that came. */
static size_t send_many(const struct net_sim_damage *d, uint64_t seed, struct host *b, struct net_sim_rule_stats *rs)
{
	struct net_sim_match m = {.to = at("10.0.0.2"), .to_port_low = 100, .to_port_high = 200};
	struct net_sim *n;
	struct host a;
	unsigned id, i;

	assert_int_equal(net_sim_alloc(&n, seed), 0);
	host_open(&a, n, "10.0.0.1:150");
	host_open(b, n, "10.0.0.2:150");
	assert_int_equal(net_sim_add_rule(n, &m, d, &id), 0);
	for (i = 0; i < PACKETS; i++) {
		char c = (char)('0' + i % 70);

		udp_send(a.u, udp_local(b->u), &c, 1);
		udp_send(b->u, udp_local(a.u), &c, 1); /* the other way nothing happens */
		net_sim_run(n, (i + 1) * 20000LL);
	}
	net_sim_run(n, (PACKETS + 100) * 20000LL);
	assert_int_equal(a.ngot, PACKETS);
	*rs = net_sim_rule_stats(n, id);
	assert_int_equal(rs->seen, PACKETS);
	net_sim_free(n);
	return b->ngot;
}

static void test_loss_and_duplicates(void **state)
{
	const struct net_sim_damage d = {.loss = 0.1, .duplicate = 0.05};
	static struct host b, b2;
	struct net_sim_rule_stats rs;
	size_t came = send_many(&d, 42, &b, &rs);

	assert_in_range(rs.lost, PACKETS / 10 - 60, PACKETS / 10 + 60);
	assert_in_range(rs.duplicated, 50, 140);
	assert_int_equal(came, PACKETS - rs.lost + rs.duplicated);
	send_many(&d, 42, &b2, &rs);
	assert_memory_equal(b.got, b2.got, sizeof(b.got)); /* the same seed, the same run */
	send_many(&d, 43, &b2, &rs);
	assert_memory_not_equal(b.got, b2.got, sizeof(b.got));
}

static void test_bursts(void **state)
{
	const struct net_sim_damage d = {.burst_begin = 0.02, .burst_end = 0.25, .burst_loss = 1.0};
	struct net_sim_rule_stats rs;
	static struct host b;
	size_t came = send_many(&d, 7, &b, &rs);
	unsigned gaps = 0;

	assert_int_equal(came, PACKETS - rs.lost);
	/* In the bad state 0.02 / 0.27 = 7.4 % of the time, 4 datagrams at a time. */
	assert_in_range(rs.lost, 80, 230);
	for (size_t i = 1; i < came; i++)
		gaps += (b.got[i] - b.got[i - 1] + 70) % 70 != 1;
	assert_true(gaps > 0);
	assert_true((double)rs.lost / gaps > 2.5);
}

/* States that go by time: 20 ms between datagrams, 400 ms without loss and 100 ms of nothing but loss. */
static void test_bursts_by_time(void **state)
{
	const struct net_sim_damage d = {.good_mean_us = 400000, .bad_mean_us = 100000, .burst_loss = 1.0};
	struct net_sim_rule_stats rs;
	static struct host b;
	size_t came = send_many(&d, 7, &b, &rs);
	unsigned gaps = 0;

	assert_int_equal(came, PACKETS - rs.lost);
	assert_in_range(rs.lost, PACKETS / 10, PACKETS * 3 / 10);
	for (size_t i = 1; i < came; i++)
		gaps += (b.got[i] - b.got[i - 1] + 70) % 70 != 1;
	assert_true(gaps > PACKETS / 80 && gaps < PACKETS / 15);
}

static void test_outages(void **state)
{
	const struct net_sim_damage d = {.outage_every_us = 4000000, .outage_us = 400000};
	struct net_sim_rule_stats rs;
	static struct host b;
	size_t came = send_many(&d, 9, &b, &rs);
	unsigned gaps = 0;

	assert_int_equal(rs.lost, PACKETS / 10);
	for (size_t i = 1; i < came; i++) {
		unsigned gap = (unsigned)(b.got[i] - b.got[i - 1] + 70) % 70;

		gaps += gap != 1;
		assert_true(gap == 1 || gap == 21);
	}
	assert_in_range(gaps, PACKETS / 200 - 1, PACKETS / 200);
}

/* The way changes every 2 s: what was sent before it becomes shorter is overtaken. */
static void test_flaps(void **state)
{
	const struct net_sim_damage d = {.flap_every_us = 2000000, .flap_us = 100000};
	struct net_sim_rule_stats rs;
	static struct host b;
	unsigned swaps = 0;

	assert_int_equal(send_many(&d, 9, &b, &rs), PACKETS);
	for (size_t i = 1; i < b.ngot; i++)
		swaps += (b.got[i] - b.got[i - 1] + 70) % 70 > 35;
	assert_in_range(swaps, PACKETS / 200 * 3, PACKETS / 200 * 6);
}

static void test_delay_and_jitter(void **state)
{
	struct net_sim_damage d = {.delay_us = 30000, .jitter_us = 100000};
	struct net_sim_rule_stats rs;
	struct net_sim *n;
	static struct host a, b;
	size_t i, swaps = 0;

	assert_int_equal(send_many(&d, 3, &b, &rs), PACKETS);
	for (i = 1; i < b.ngot; i++)
		swaps += (b.got[i] - b.got[i - 1] + 70) % 70 > 35;
	assert_in_range(swaps, 300, 1500);
	d.keep_order = true;
	assert_int_equal(send_many(&d, 3, &b, &rs), PACKETS);
	for (i = 1; i < b.ngot; i++)
		assert_int_equal((b.got[i] - b.got[i - 1] + 70) % 70, 1);
	/* A fixed delay to the microsecond. */
	assert_int_equal(net_sim_alloc(&n, 0), 0);
	host_open(&a, n, "10.0.0.1:150");
	host_open(&b, n, "10.0.0.2:150");
	net_sim_run(n, 5000);
	d = (struct net_sim_damage){.delay_us = 30000};
	assert_int_equal(net_sim_add_rule(n, &(struct net_sim_match){0}, &d, NULL), 0);
	b.answers = true;
	say(&a, &b, "t");
	assert_int_equal(net_sim_next_us(n), 30000);
	assert_int_equal(net_sim_run(n, 34999), 0);
	assert_int_equal(net_sim_next_us(n), 1);
	/* Run far beyond: the answer is sent when its question came, not when the test looked. */
	assert_int_equal(net_sim_run(n, 64999), 1);
	assert_int_equal(net_sim_run(n, 65000), 1);
	d.delay_us = 0;
	net_sim_change_rule(n, 0, &d);
	say(&a, &b, "t");
	assert_int_equal(net_sim_run(n, 65000), 2);
	net_sim_free(n);
}

static bool tap_script(struct net_sim_datagram *d, void *arg)
{
	int *count = arg;

	++*count;
	if (d->data[0] == 'd')
		return false;
	if (d->data[0] == 'c') {
		d->data[0] = 'C';
		assert_true(d->room >= d->len + 1);
		d->len = d->room + 100; /* too much: cut to the room */
	}
	return true;
}

static void test_taps(void **state)
{
	struct host a, b;
	struct net_sim *n;
	int sent = 0, arrived = 0;
	const struct net_sim_damage all = {.loss = 1.0};

	assert_int_equal(net_sim_alloc(&n, 0), 0);
	host_open(&a, n, "10.0.0.1:150");
	host_open(&b, n, "10.0.0.2:150");
	net_sim_tap(n, tap_script, &sent);
	net_sim_tap_arrivals(n, tap_script, &arrived);
	say(&a, &b, "drop");
	say(&a, &b, "change");
	say(&a, &b, "keep");
	assert_int_equal(net_sim_run(n, 10), 2);
	assert_string_equal(b.got, "Ck");
	assert_int_equal(sent, 3);
	assert_int_equal(arrived, 2);
	assert_int_equal(net_sim_stats(n).dropped_by_tap, 1);
	net_sim_add_rule(n, &(struct net_sim_match){0}, &all, NULL);
	say(&a, &b, "lost");
	net_sim_run(n, 20);
	assert_int_equal(sent, 4);
	assert_int_equal(arrived, 2);
	net_sim_free(n);
}

static void bounce(void *arg)
{
	struct host *h = arg;
	struct addr from;
	char c;

	h->calls++;
	while (udp_recv(h->u, &c, 1, &from) == 1)
		udp_send(h->u, &from, &c, 1);
}

/* Two that answer each other at once must not hold the test for ever. */
static void test_ping_pong(void **state)
{
	const struct addr at_a = at("10.0.0.1:7"), at_b = at("10.0.0.2:7");
	struct host a = {0}, b = {0};
	struct net_sim *n;

	assert_int_equal(net_sim_alloc(&n, 0), 0);
	assert_int_equal(udp_open(net_sim_net(n), &at_a, &a.u), 0);
	assert_int_equal(udp_open(net_sim_net(n), &at_b, &b.u), 0);
	udp_watch(a.u, NULL, bounce, &a);
	udp_watch(b.u, NULL, bounce, &b);
	say(&a, &b, "p");
	assert_true(net_sim_run(n, 1000) > 1000);
	assert_int_equal(net_sim_next_us(n), 0); /* it goes on in the next run */
	assert_in_range(1 + a.calls - b.calls, 0, 2);
	net_sim_free(n);
}

#define WALL_SEC(us) (1735689600 + (us) / SEC_US)

static void test_clock(void **state)
{
	struct timeval real, tv, sip;
	int64_t begun = clock_sim_now_us();

	assert_true(begun > 0);
	assert_int_equal(gettimeofday(&real, NULL), 0);
	assert_int_not_equal(real.tv_sec, WALL_SEC(begun));
	clock_sim_use();
	gettimeofday(&tv, NULL);
	assert_int_equal(tv.tv_sec, WALL_SEC(begun));
	clock_sim_advance_us(90 * SEC_US + 7);
	assert_int_equal(clock_now_us(&clock_sim), begun + 90 * SEC_US + 7);
	gettimeofday(&tv, NULL);
	assert_int_equal(tv.tv_sec, WALL_SEC(begun) + 90);
	osip_gettimeofday(&sip, NULL);
	assert_int_equal(sip.tv_sec, tv.tv_sec);
	assert_int_equal(sip.tv_usec, tv.tv_usec);
	clock_sim_leave();
	gettimeofday(&tv, NULL);
	assert_true(tv.tv_sec >= real.tv_sec);
	clock_sim_set_us(begun);
}

static const char invite[] = "INVITE sip:1@10.0.0.2 SIP/2.0\r\n"
			     "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n"
			     "From: <sip:2@10.0.0.1>;tag=1\r\nTo: <sip:1@10.0.0.2>\r\n"
			     "Call-ID: 1\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";

/* Timer B of a transaction within the library counts on our time: osip calls the executable's function. */
static void test_osip_on_our_clock(void **state)
{
	osip_transaction_t *t;
	osip_message_t *m;
	struct timeval tv;
	osip_t *osip;

	clock_sim_use();
	assert_int_equal(osip_init(&osip), 0);
	assert_int_equal(osip_message_init(&m), 0);
	assert_int_equal(osip_message_parse(m, invite, sizeof(invite) - 1), 0);
	assert_int_equal(osip_transaction_init(&t, ICT, osip, m), 0);
	clock_sim_advance_us(10 * SEC_US);
	assert_int_equal(osip_gettimeofday(&tv, NULL), 0);
	assert_in_range(t->ict_context->timer_b_start.tv_sec - tv.tv_sec, 21, 22);
	osip_transaction_free(t);
	osip_message_free(m);
	osip_release(osip);
	clock_sim_leave();
}

static int pri_none(struct pri *pri, void *buf, int len)
{
	return len;
}

static void test_libpri_on_our_clock(void **state)
{
	static struct pri *pri; /* reachable for ever: libpri has no way to free it */
	struct timeval *tv;

	clock_sim_use();
	pri = pri_new_cb(0, PRI_CPE, PRI_SWITCH_EUROISDN_E1, pri_none, pri_none, NULL);
	assert_non_null(pri);
	tv = pri_schedule_next(pri);
	assert_non_null(tv);
	assert_in_range(tv->tv_sec, WALL_SEC(clock_sim_now_us()), WALL_SEC(clock_sim_now_us()) + 300);
	clock_sim_leave();
}

static int send_one(void *arg)
{
	const struct net_sim_damage twice = {.duplicate = 1.0};
	struct addr x = at("10.0.0.1:7");
	struct net_sim *n = NULL;
	struct udp *u;
	int err = net_sim_alloc(&n, 0);

	if (!err)
		err = net_sim_add_rule(n, &(struct net_sim_match){0}, &twice, NULL);
	if (!err)
		err = udp_open(net_sim_net(n), &x, &u);
	if (!err)
		err = udp_send(u, &x, "x", 1);
	net_sim_free(n);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(send_one, NULL, 0), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delivery),
		cmocka_unit_test(test_binding),
		cmocka_unit_test(test_loss_and_duplicates),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_bursts_by_time),
		cmocka_unit_test(test_outages),
		cmocka_unit_test(test_flaps),
		cmocka_unit_test(test_delay_and_jitter),
		cmocka_unit_test(test_taps),
		cmocka_unit_test(test_ping_pong),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_osip_on_our_clock),
		cmocka_unit_test(test_libpri_on_our_clock),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("net_sim", tests, NULL, NULL);
}
