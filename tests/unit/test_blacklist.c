/* SPDX-License-Identifier: GPL-2.0-only */
/* Who keeps being refused, from the first refusal until it is heard again; and what a stack makes of it. */
#include "wire_rig.h"

#include <errno.h>

#include "gateway/base/log.h"
#include "sip/blacklist.h"
#include "sip/session_own.h"

#define OPTIONS_OF(branch)                                                                                             \
	"OPTIONS sip:1@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK" branch "\nFrom: "              \
	"<sip:a@10.0.0.9>;tag=1\nTo: <sip:1@10.0.0.1>\nCall-ID: q\nCSeq: 1 OPTIONS\nMax-Forwards: 70\n" RIG_NO_SDP

static struct loop *loop;
static struct blacklist *list;
static char logged[20000];

static void keep(enum log_level level, const char *line, void *arg)
{
	size_t len = strlen(logged);

	snprintf(logged + len, sizeof(logged) - len, "%s\n", line);
}

static unsigned count(const char *text)
{
	unsigned n = 0;

	for (const char *p = logged; (p = strstr(p, text)); p++)
		n++;
	return n;
}

/* 3 refusals within 10 s: on the list for 60 s. */
static int set_up(void **state)
{
	const struct blacklist_params p = {.after = 3, .within_us = 10 * SEC_US, .hold_us = 60 * SEC_US};

	logged[0] = '\0';
	log_set_sink(keep, NULL);
	clock_sim_use();
	assert_int_equal(loop_alloc(&loop, &clock_sim), 0);
	assert_int_equal(blacklist_alloc(&list, &p, loop), 0);
	return 0;
}

static int tear_down(void **state)
{
	blacklist_free(list);
	list = NULL;
	loop_free(loop);
	clock_sim_leave();
	log_set_sink(NULL, NULL);
	return 0;
}

static void run(unsigned s)
{
	for (unsigned i = 0; i < s * 10; i++) {
		clock_sim_advance_us(100 * MS_US);
		loop_step(loop, 0);
	}
}

static struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 5060), 0);
	return a;
}

static void note(const char *source)
{
	struct addr a = address(source);

	blacklist_note(list, &a, "INVITE: not a peer");
}

static bool drops(const char *source)
{
	struct addr a = address(source);

	return blacklist_drops(list, &a);
}

static void on_and_off(void **state)
{
	note("192.0.2.9");
	note("192.0.2.9:7777"); /* a scanner changes its port */
	note("192.0.2.8");
	assert_false(drops("192.0.2.9"));
	note("192.0.2.9");
	assert_true(drops("192.0.2.9:1"));
	assert_true(drops("192.0.2.9:2"));
	assert_false(drops("192.0.2.8"));
	assert_int_equal(blacklist_count(list), 1);
	assert_int_equal(
		count("192.0.2.9 is on the blacklist for 60 s: refused 3 times in 0 s, the last was INVITE: not a "
		      "peer"),
		1);
	run(59);
	assert_true(drops("192.0.2.9"));
	run(2);
	assert_false(drops("192.0.2.9"));
	assert_int_equal(count("192.0.2.9 is off the blacklist, its time is over: 3 messages were dropped"), 1);
	assert_int_equal(blacklist_count(list), 0);
	/* and it begins anew */
	note("192.0.2.9");
	note("192.0.2.9");
	assert_false(drops("192.0.2.9"));
	note("192.0.2.9");
	assert_true(drops("192.0.2.9"));
}

/* Refusals that lie further apart are those of somebody who errs. */
static void slow(void **state)
{
	for (unsigned i = 0; i < 20; i++) {
		note("192.0.2.9");
		run(6);
	}
	assert_false(drops("192.0.2.9"));
	assert_string_equal(logged, "");
}

static void forgiven(void **state)
{
	struct addr a = address("192.0.2.9");
	const struct blacklist_entry *e;
	unsigned at = 0;

	assert_int_equal(blacklist_forgive(list, &a), ENOENT);
	note("192.0.2.9");
	assert_int_equal(blacklist_forgive(list, &a), ENOENT);
	note("192.0.2.9");
	note("192.0.2.9");
	assert_true(drops("192.0.2.9"));
	e = blacklist_next(list, &at);
	assert_non_null(e);
	assert_int_equal(e->refused, 3);
	assert_int_equal(e->dropped, 1);
	assert_string_equal(e->what, "INVITE: not a peer");
	assert_null(blacklist_next(list, &at));
	assert_int_equal(blacklist_forgive(list, &a), 0);
	assert_false(drops("192.0.2.9"));
	assert_int_equal(count("192.0.2.9 is off the blacklist, by the operator's will: 1 messages"), 1);
	at = 0;
	assert_null(blacklist_next(list, &at));
	run(100);
	assert_int_equal(count("off the blacklist"), 1);
}

/* Who is asked for credentials, and has them, may be asked as often as it likes; who has none may not. */
static void asked(void **state)
{
	struct addr a = address("192.0.2.9");

	for (unsigned i = 0; i < 50; i++) {
		for (unsigned j = 0; j < 14; j++)
			blacklist_note_asked(list, &a);
		assert_false(drops("192.0.2.9"));
		blacklist_absolve(list, &a);
	}
	blacklist_absolve(list, &a);
	note("192.0.2.9");
	for (unsigned j = 0; j < 9; j++)
		blacklist_note_asked(list, &a);
	assert_false(drops("192.0.2.9"));
	blacklist_note_asked(list, &a);
	assert_true(drops("192.0.2.9"));
	assert_int_equal(count("refused 1 times, asked in vain 10 times, in 0 s, the last was no credentials"), 1);
	/* it is on the list, and nothing but time and the operator takes it off */
	blacklist_absolve(list, &a);
	assert_true(drops("192.0.2.9"));
}

/* A host of IPv6 has all of its /64, and no more. */
static void ipv6(void **state)
{
	note("2001:db8:1:2::1");
	note("2001:db8:1:2:3:4:5:6");
	note("2001:db8:1:2:ffff::");
	assert_true(drops("2001:db8:1:2::77"));
	assert_false(drops("2001:db8:1:3::1"));
	assert_int_equal(count("2001:db8:1:2::/64 is on the blacklist"), 1);
}

static void text_is_tame(void **state)
{
	struct addr a = address("192.0.2.9");
	unsigned at = 0;

	blacklist_note(list, &a,
		       "INV\tITE\x1b[2J\xff: a very long reason that does not fit at all into the room there is");
	assert_string_equal(blacklist_next(list, &at)->what, "INV?ITE?[2J?: a very long reason that does not ");
}

static void note_number(unsigned i, unsigned times)
{
	char text[32];

	snprintf(text, sizeof(text), "10.%u.%u.1", i >> 8, i & 255);
	while (times--)
		note(text);
}

/* Forged sources by the thousand cost a blocked one nothing, and the memory is bounded. */
static void full_of_counted(void **state)
{
	unsigned at = 0, n = 0;

	note_number(0, 3);
	for (unsigned i = 1; i < 5 * BLACKLIST_ROOM; i++)
		note_number(i, 1);
	assert_true(drops("10.0.0.1"));
	while (blacklist_next(list, &at))
		n++;
	assert_int_equal(n, BLACKLIST_ROOM);
	assert_int_equal(blacklist_count(list), 1);
}

/* With the list itself full, who was heard of longest ago leaves it, and new ones still get onto it. */
static void full_of_listed(void **state)
{
	for (unsigned i = 0; i < 2 * BLACKLIST_ROOM; i++) {
		note_number(i, 3);
		clock_sim_advance_us(10);
		loop_step(loop, 0);
		assert_true(drops("10.0.0.1"));
	}
	assert_in_range(blacklist_count(list), BLACKLIST_ROOM / 4 * 3, BLACKLIST_ROOM);
	assert_false(drops("10.0.1.1"));
	assert_true(drops("10.7.255.1"));
	assert_in_range(count("\n"), 20, 60);
}

static uint32_t random_state;

static uint32_t random_below(uint32_t n)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % n;
}

/* Whatever comes in whatever order, of more sources than there is room for: its counts stay right, and each source that
 * it knows is found. */
static void at_random(void **state)
{
	random_state = 1;
	for (unsigned i = 0; i < 200000; i++) {
		struct addr a;
		char text[48];

		snprintf(text, sizeof(text), random_below(2) ? "10.1.%u.%u" : "2001:db8:%x:%x::1", random_below(8),
			 random_below(256));
		a = address(text);
		switch (random_below(8)) {
		case 0:
			blacklist_absolve(list, &a);
			break;
		case 1:
			blacklist_forgive(list, &a);
			break;
		case 2:
			blacklist_note_asked(list, &a);
			break;
		case 3:
			blacklist_drops(list, &a);
			break;
		default:
			blacklist_note(list, &a, "INVITE");
		}
		if (!random_below(1000))
			run(random_below(10));
		if (i % 5000)
			continue;
		const struct blacklist_entry *e;
		unsigned at = 0, listed = 0, known = 0;

		while ((e = blacklist_next(list, &at))) {
			known++;
			listed += e->until_us != 0;
			assert_int_equal(blacklist_drops(list, &e->source.addr), e->until_us != 0);
			assert_true(e->refused + e->asked > 0);
		}
		assert_true(known <= BLACKLIST_ROOM);
		assert_int_equal(blacklist_count(list), listed);
	}
}

/* The stack: a stranger is answered with 403 until it is on the list, then with nothing; a peer never gets there. */
static int guarded(void **state)
{
	struct wire *w;

	if (rig_open(state, &(struct sip_peer_params){.session_expires_s = 0}))
		return -1;
	w = *state;
	logged[0] = '\0';
	log_set_sink(keep, NULL);
	return peers_guard(&w->stack->peers,
			   &(struct blacklist_params){.after = 3, .within_us = 10 * SEC_US, .hold_us = 60 * SEC_US},
			   w->loop);
}

static int unguarded(void **state)
{
	log_set_sink(NULL, NULL);
	return rig_close(state);
}

static void stranger(void **state)
{
	struct wire *w = *state;

	for (unsigned i = 0; i < 3; i++) {
		wire_send_from(w, w->stranger, OPTIONS_OF("1"));
		wire_expect(w, "SIP/2.0 403 ", 10);
	}
	wire_send_from(w, w->stranger, OPTIONS_OF("1"));
	wire_send_from(w, w->stranger, "nonsense\n\n");
	wire_expect_nothing(w, 1000);
	assert_int_equal(count("bad message"), 0);
	assert_int_equal(count("10.0.0.9 is on the blacklist"), 1);
	wire_send(w, OPTIONS_OF("2"));
	wire_expect(w, "SIP/2.0 200 ", 10);
	wire_run(w, 60000);
	wire_send_from(w, w->stranger, OPTIONS_OF("1"));
	wire_expect(w, "SIP/2.0 403 ", 10);
	assert_int_equal(count("10.0.0.9 is off the blacklist, its time is over: 2 messages were dropped"), 1);
}

/* Nonsense counts too, but not a peer's. */
static void nonsense(void **state)
{
	struct wire *w = *state;
	struct addr peer = address("10.0.0.2:1");

	for (unsigned i = 0; i < 5; i++) {
		wire_send(w, "nonsense\n\n");
		peers_refuse(&w->stack->peers, &peer, "INVITE", "for a test", 0);
		peers_wrong_credentials(&w->stack->peers, &peer, "INVITE", "user", 0);
	}
	assert_int_equal(blacklist_count(sip_stack_blacklist(w->stack)), 0);
	for (unsigned i = 0; i < 3; i++)
		wire_send_from(w, w->stranger, "nonsense\n\n");
	assert_int_equal(blacklist_count(sip_stack_blacklist(w->stack)), 1);
}

/* Who guesses passwords, from whatever range, is a scanner. */
static void guesses(void **state)
{
	struct wire *w = *state;
	struct addr a = address("10.0.0.77:5060");

	for (unsigned i = 0; i < 3; i++) {
		assert_false(peers_drop(&w->stack->peers, &a));
		peers_wrong_credentials(&w->stack->peers, &a, "REGISTER", "admin", 0);
	}
	assert_true(peers_drop(&w->stack->peers, &a));
	assert_int_equal(count("the last was wrong user or password"), 1);
}

/* Connections: a handshake that fails counts against a stranger alone, and who is on the list gets none. */
static void connections(void **state)
{
	struct wire *w = *state;
	struct stream_loss l = {.inbound = true, .why = "handshake: no common cipher"};
	struct addr own = address("10.0.0.2:7777");

	l.hop.addr = own;
	for (unsigned i = 0; i < 5; i++)
		stack_stream_lost(&l, w->stack);
	assert_false(stack_stream_terms(&own, w->stack).unwelcome);
	l.hop.addr = address("10.0.0.77:7777");
	l.up = true;
	for (unsigned i = 0; i < 5; i++)
		stack_stream_lost(&l, w->stack);
	l.up = false;
	for (unsigned i = 0; i < 3; i++) {
		assert_false(stack_stream_terms(&l.hop.addr, w->stack).unwelcome);
		stack_stream_lost(&l, w->stack);
	}
	assert_true(stack_stream_terms(&l.hop.addr, w->stack).unwelcome);
	assert_int_equal(
		count("10.0.0.77 is on the blacklist for 60 s: refused 3 times in 0 s, the last was handshake: "), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(on_and_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(slow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forgiven, set_up, tear_down),
		cmocka_unit_test_setup_teardown(asked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ipv6, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_is_tame, set_up, tear_down),
		cmocka_unit_test_setup_teardown(full_of_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(full_of_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(at_random, set_up, tear_down),
		cmocka_unit_test_setup_teardown(stranger, guarded, unguarded),
		cmocka_unit_test_setup_teardown(nonsense, guarded, unguarded),
		cmocka_unit_test_setup_teardown(guesses, guarded, unguarded),
		cmocka_unit_test_setup_teardown(connections, guarded, unguarded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
