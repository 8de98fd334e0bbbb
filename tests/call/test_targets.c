/* SPDX-License-Identifier: GPL-2.0-only */
/* A peer that is configured by name: its servers are what the DNS thread says, here the test, and may be several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/control/answer.h"
#include "gateway/sipside/dnsside.h"
#include "tests/call/lab.h"
#include "tests/sim/clock_sim.h"

#define NAMED "[peer named]\naddress = trunk.example\n"
#define A     "10.0.0.3"
#define B     "10.0.0.4"

static struct sip_peer *servers[2];
static char heard[2000]; /* what they received */

static void on_line(bool sent, const char *line, void *arg)
{
	size_t len = strlen(heard);

	if (!sent)
		snprintf(heard + len, sizeof(heard) - len, "%s\n", line);
}

static void run(struct lab *l, unsigned ms)
{
	for (unsigned t = 0; t < ms; t += 20) {
		for (unsigned i = 0; i < 2; i++)
			if (servers[i])
				sip_peer_run(servers[i], clock_sim_now_us());
		lab_step(l);
		for (unsigned i = 0; i < 2; i++)
			if (servers[i])
				sip_peer_step(servers[i], LINE_BLOCK);
	}
}

static struct lab *open_lab(const char *peers, const char *more)
{
	static char text[400];

	snprintf(text, sizeof(text), NAMED "%s", more);
	servers[0] = servers[1] = NULL;
	heard[0] = '\0';
	return lab_open(&(struct lab_params){.span_peers = peers, .main_text = text, .peer = {.answer = PEER_ANSWERS}});
}

/* There is a server at A (0) or B (1). */
static void serve(struct lab *l, unsigned i, enum peer_answer answer, unsigned status)
{
	struct sip_peer_setup p = {
		.incoming = {.answer = answer, .refuse_status = status}, .seed = 7 + i, .handlers.log = on_line};

	assert_int_equal(addr_parse(&p.local, i ? B : A, 5060), 0);
	assert_int_equal(sip_peer_alloc(&servers[i], &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
}

static void close_lab(struct lab *l)
{
	run(l, 3000);
	for (unsigned i = 0; i < 2; i++) {
		sip_peer_free(servers[i]);
		servers[i] = NULL;
	}
	lab_close(l);
}

/* What the DNS says: SERVERS, of descending priority; none: there is no such name. */
static void found(struct lab *l, const char *const *list)
{
	struct resolver_news n = {.name = l->config->npeers, .outcome = DNS_NONE};

	for (unsigned i = 0; i < l->config->npeers; i++)
		if (l->config->peers[i].host[0])
			n.name = i;
	for (unsigned i = 0; list[i]; i++) {
		struct sip_target t = {.priority = (uint16_t)(i + 1), .group = (uint8_t)i};

		assert_int_equal(addr_parse(&t.hop.addr, list[i], 5060), 0);
		assert_true(targets_add(&n.targets, &t));
		n.outcome = DNS_FOUND;
	}
	assert_int_equal(mailbox_post(sipside_news(l->sip), &n), 0);
	run(l, 40);
}

static struct xcall *call(struct lab *l)
{
	struct exchange_call params = {.hangup_ms = -1};
	struct xcall *c = NULL;

	strcpy(params.parties.called.digits, LAB_NUMBER);
	strcpy(params.parties.calling.digits, LAB_CALLER);
	assert_int_equal(exchange_call(l->spans[0].x, &params, &c), 0);
	return c;
}

static void hang_up(struct lab *l, struct xcall *c)
{
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	exchange_hangup(c, 16);
	run(l, 1000);
}

static unsigned calls(unsigned i)
{
	return servers[i] ? sip_peer_calls(servers[i]) : 0;
}

/* How many rows of "faxspanctl show peers" begin so. */
static unsigned shown(struct lab *l, const char *row)
{
	struct msg m = {.type = MSG_COMMAND, .command = {.request = 1, .what.type = COMMAND_SHOW_PEERS}};
	struct answer_row r = {.last = false};
	struct mailbox *answers;
	unsigned n = 0;

	assert_int_equal(mailbox_alloc(&answers, 32, sizeof(r)), 0);
	sipside_connect_control(l->sip, answers);
	assert_int_equal(mailbox_post(sipside_inbox(l->sip), &m), 0);
	run(l, 40);
	while (mailbox_take(answers, &r))
		n += !strncmp(r.text, row, strlen(row));
	sipside_connect_control(l->sip, NULL);
	mailbox_free(answers);
	assert_true(r.last);
	return n;
}

/* Not found yet: the next peer has the call, at once. Found: it has the next one, by its name in the URI. */
static void test_unknown_then_found(void **state)
{
	struct lab *l = open_lab("named, fax", "");
	struct xcall *c = call(l);

	serve(l, 0, PEER_ANSWERS, 0);
	run(l, 500);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	assert_true(lab_log_has(l, "peer named: its name is not found: left out"));
	hang_up(l, c);
	assert_non_null(strstr(lab_log_end(l, 0), "peer=fax"));
	assert_int_equal(shown(l, "named\ttrunk.example, is being looked up\t0\t"), 1);
	found(l, (const char *[]){NULL});
	assert_int_equal(shown(l, "named\ttrunk.example, has no address\t0\t"), 1);
	found(l, (const char *[]){A, NULL});
	assert_int_equal(shown(l, "named\ttrunk.example\t0\t"), 1);
	assert_int_equal(shown(l, "named/1\t" A ":5060\t"), 1);
	c = call(l);
	run(l, 500);
	assert_int_equal(calls(0), 1);
	assert_non_null(strstr(heard, "INVITE sip:" LAB_NUMBER "@trunk.example"));
	hang_up(l, c);
	assert_non_null(strstr(lab_log_end(l, 1), "peer=named"));
	close_lab(l);
}

/* Alone and not found: cause 38, and the record says why. */
static void test_unknown_alone(void **state)
{
	struct lab *l = open_lab("named", "");
	struct xcall *c = call(l);

	run(l, 500);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_int_equal(xcall_result(c)->cause, 38);
	assert_non_null(strstr(lab_log_end(l, 0), "the name trunk.example of peer named is not found\" fault=peer"));
	close_lab(l);
}

/* A server that is dead: the next of the same peer has the call after failover_timeout, and the one after that at
 * once. */
static void test_dead_server(void **state)
{
	struct lab *l = open_lab("named, fax", "failover_timeout = 2 s\n");
	struct xcall *c;
	unsigned ms;

	serve(l, 1, PEER_ANSWERS, 0);
	found(l, (const char *[]){A, B, NULL});
	c = call(l);
	for (ms = 0; !calls(1) && ms < 30000; ms += 20)
		run(l, 20);
	print_message("failover time within a peer, failover_timeout = 2 s: %u ms\n", ms);
	assert_in_range(ms, 2000, 2100);
	assert_true(lab_log_has(l, "peer named at " A ":5060: no response in 2000 ms: trying " B ":5060"));
	assert_int_equal(shown(l, "named/1\t" A ":5060\t\tfailed, tried last for "), 1);
	run(l, 500);
	hang_up(l, c);
	assert_non_null(strstr(lab_log_end(l, 0), "peer=named"));
	c = call(l);
	for (ms = 0; calls(1) < 2 && ms < 30000; ms += 20)
		run(l, 20);
	assert_in_range(ms, 0, 200);
	run(l, 500);
	hang_up(l, c);
	assert_int_equal(sip_peer_calls(l->peer), 0);
	assert_int_equal(lab_log_count(l, "it is tried last for"), 1);
	close_lab(l);
}

/* 503 of one server: the next one of the peer; of both: the next peer, and the whole peer is tried last. */
static void test_overloaded_servers(void **state)
{
	struct lab *l = open_lab("named, fax", "");
	struct xcall *c;

	serve(l, 0, PEER_REFUSES, 503);
	serve(l, 1, PEER_REFUSES, 503);
	found(l, (const char *[]){A, B, NULL});
	c = call(l);
	run(l, 1000);
	assert_int_equal(calls(0), 1);
	assert_int_equal(calls(1), 1);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	hang_up(l, c);
	assert_true(lab_log_has(l, "peer named at " B ":5060: 503 "));
	assert_true(lab_log_has(l, "trying peer fax"));
	c = call(l);
	run(l, 1000);
	assert_int_equal(calls(0) + calls(1), 2);
	assert_int_equal(sip_peer_calls(l->peer), 2);
	hang_up(l, c);
	close_lab(l);
}

/* Another 5xx is the peer's word, whichever of its servers says it: the next peer (RFC 3263 4.3). */
static void test_refusing_server(void **state)
{
	struct lab *l = open_lab("named, fax", "");
	struct xcall *c;

	serve(l, 0, PEER_REFUSES, 500);
	serve(l, 1, PEER_ANSWERS, 0);
	found(l, (const char *[]){A, B, NULL});
	c = call(l);
	run(l, 1000);
	assert_int_equal(calls(0), 1);
	assert_int_equal(calls(1), 0);
	assert_int_equal(sip_peer_calls(l->peer), 1);
	hang_up(l, c);
	close_lab(l);
}

/* It rings at one server, which then fails: the next one is waited for no longer than if it had been the first. */
static void test_rings_then_fails(void **state)
{
	struct lab *l = open_lab("named, fax", "failover_timeout = 1 s\n");
	struct sip_peer_setup p = {
		.incoming = {.answer = PEER_REFUSES, .refuse_status = 503, .provisional = 180, .answer_ms = 2000}};
	struct xcall *c;

	assert_int_equal(addr_parse(&p.local, A, 5060), 0);
	assert_int_equal(sip_peer_alloc(&servers[0], &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
	found(l, (const char *[]){A, B, NULL}); /* nobody is at B */
	c = call(l);
	run(l, 1000);
	assert_int_equal(xcall_result(c)->state, XCALL_ALERTING);
	run(l, 2500);
	assert_true(lab_log_has(l, "peer named at " B ":5060: no response in 1000 ms"));
	assert_int_equal(sip_peer_calls(l->peer), 1);
	hang_up(l, c);
	close_lab(l);
}

/* A server that does not answer OPTIONS is known to be dead before anybody calls: nobody waits for it. */
static void test_known_to_be_down(void **state)
{
	struct lab *l = open_lab("named", "options_interval = 2 s\noptions_misses = 1\nfailover_timeout = 2 s\n");
	struct xcall *c;
	unsigned ms;

	serve(l, 1, PEER_ANSWERS, 0);
	found(l, (const char *[]){A, B, NULL});
	run(l, 6000);
	assert_int_equal(shown(l, "named/1\t" A ":5060\t\tdown\t"), 1);
	assert_int_equal(shown(l, "named/2\t" B ":5060\t\tusual\t"), 1);
	c = call(l);
	for (ms = 0; !calls(1) && ms < 30000; ms += 20)
		run(l, 20);
	print_message("failover time within a peer, a server known to be down by OPTIONS: %u ms\n", ms);
	assert_in_range(ms, 0, 200);
	run(l, 500);
	hang_up(l, c);
	close_lab(l);
}

/* A peer alone in its span fails over among its servers too, and the caller hears of the last. */
static void test_alone_with_two_servers(void **state)
{
	struct lab *l = open_lab("named", "failover_timeout = 1 s\n");
	struct xcall *c;

	serve(l, 1, PEER_ANSWERS, 0);
	found(l, (const char *[]){A, B, NULL});
	c = call(l);
	run(l, 1500);
	assert_int_equal(calls(1), 1);
	hang_up(l, c);
	found(l, (const char *[]){A, "10.0.0.9", NULL});
	c = call(l);
	run(l, 2500);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_non_null(strstr(lab_log_end(l, 1), "no response in 1000 ms"));
	close_lab(l);
}

/* The name moves while a call is up: that call ends where it is, the next one goes to the new place. */
static void test_moves(void **state)
{
	struct lab *l = open_lab("named", "");
	struct xcall *first, *second;

	serve(l, 0, PEER_ANSWERS, 0);
	serve(l, 1, PEER_ANSWERS, 0);
	found(l, (const char *[]){A, NULL});
	first = call(l);
	run(l, 500);
	found(l, (const char *[]){B, NULL});
	second = call(l);
	run(l, 500);
	assert_int_equal(calls(0), 1);
	assert_int_equal(calls(1), 1);
	hang_up(l, first);
	hang_up(l, second);
	close_lab(l);
}

/* Servers of one priority have the calls by their weights. */
static void test_weights(void **state)
{
	struct lab *l = open_lab("named", "");
	struct resolver_news n = {.outcome = DNS_FOUND, .targets.count = 2};

	for (n.name = 0; !l->config->peers[n.name].host[0]; n.name++)
		;
	for (unsigned i = 0; i < 2; i++) {
		serve(l, i, PEER_ANSWERS, 0);
		n.targets.list[i] = (struct sip_target){.priority = 1, .weight = i ? 10 : 30, .group = (uint8_t)i};
		assert_int_equal(addr_parse(&n.targets.list[i].hop.addr, i ? B : A, 5060), 0);
	}
	assert_int_equal(mailbox_post(sipside_news(l->sip), &n), 0);
	run(l, 40);
	l->sip->seed = 2782;
	for (unsigned i = 0; i < 24; i++) {
		struct xcall *c = call(l);

		run(l, 300);
		hang_up(l, c);
	}
	assert_int_equal(calls(0) + calls(1), 24);
	assert_in_range(calls(0), 15, 21);
	close_lab(l);
}

/* When every server has failed, the DNS thread is told to look again. */
static void test_looks_again(void **state)
{
	struct lab *l = open_lab("named", "");
	struct mailbox *orders;
	struct dns_order o = {.stop = true};
	struct xcall *c;

	assert_int_equal(mailbox_alloc(&orders, 4, sizeof(o)), 0);
	sipside_connect_dns(l->sip, orders);
	serve(l, 0, PEER_REFUSES, 503);
	found(l, (const char *[]){A, NULL});
	c = call(l);
	run(l, 1000);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_true(mailbox_take(orders, &o));
	assert_false(o.stop);
	assert_string_equal(l->config->peers[o.peer].name, "named");
	sipside_connect_dns(l->sip, NULL);
	mailbox_free(orders);
	close_lab(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_then_found),
		cmocka_unit_test(test_unknown_alone),
		cmocka_unit_test(test_dead_server),
		cmocka_unit_test(test_overloaded_servers),
		cmocka_unit_test(test_rings_then_fails),
		cmocka_unit_test(test_known_to_be_down),
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_refusing_server),
		cmocka_unit_test(test_alone_with_two_servers),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_looks_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
