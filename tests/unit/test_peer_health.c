/* SPDX-License-Identifier: GPL-2.0-only */
/* OPTIONS to a peer, word by word, and what its answers and its silence make of it. */
#include "wire_rig.h"

#include "gateway/base/log.h"
#include "sip/peer_health.h"
#include "sip/peer_health_own.h"

#define ANSWER(first)                                                                                                  \
	"SIP/2.0 " first "\nVia: {Via}\nFrom: {From}\nTo: {To};tag=far\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n" RIG_NO_SDP

static char logged[4000];

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

static int asking(void **state)
{
	logged[0] = '\0';
	log_set_sink(keep, NULL);
	return rig_open(state, &(struct sip_peer_params){
				       .options_interval_ms = 30000, .options_timeout_ms = 4000, .options_misses = 2});
}

static int silent(void **state)
{
	return rig_open(state, &(struct sip_peer_params){.options_timeout_ms = 4000, .options_misses = 2});
}

static int done(void **state)
{
	log_set_sink(NULL, NULL);
	return rig_close(state);
}

static struct sip_peer_health health(const struct wire *w)
{
	return sip_stack_peer_health(w->stack, 0);
}

static void assert_state(const struct wire *w, enum sip_health expected)
{
	if (health(w).state != expected)
		fail_msg("%s in place of %s", sip_health_name(health(w).state), sip_health_name(expected));
}

/* Nothing but silence until the peer is down: 2 OPTIONS, 4 s each and 30 s between them. */
static void go_down(struct wire *w)
{
	wire_expect(w, "OPTIONS ", 31000);
	wire_run(w, 36000);
	assert_state(w, SIP_HEALTH_UNKNOWN);
	wire_run(w, 3000);
	assert_state(w, SIP_HEALTH_DOWN);
	while (wire_comes(w, "OPTIONS ", 0))
		;
}

static void written(void **state)
{
	struct wire *w = *state;
	char value[200];

	assert_state(w, SIP_HEALTH_UNKNOWN);
	wire_expect(w, "OPTIONS sip:10.0.0.2:5060 SIP/2.0\r\n", 200);
	assert_true(strstr(wire_header(w, "Via", value, sizeof(value)), "10.0.0.1:5060;rport;branch=z9hG4bK") != NULL);
	assert_string_equal(wire_header(w, "To", value, sizeof(value)), "<sip:10.0.0.2:5060>");
	assert_ptr_equal(strstr(wire_header(w, "From", value, sizeof(value)), "<sip:faxspan@10.0.0.1>;tag="), value);
	assert_string_equal(wire_header(w, "Max-Forwards", value, sizeof(value)), "70");
	assert_string_equal(wire_header(w, "Accept", value, sizeof(value)), "application/sdp");
	assert_true(wire_has(w, "\r\nContact: <sip:faxspan@10.0.0.1:5060>\r\n"));
	assert_true(wire_has(w, "\r\nContent-Length: 0\r\n\r\n"));
}

/* It is asked again when the interval is over, under another Call-ID, and not before. */
static void up(void **state)
{
	struct wire *w = *state;
	char first[200], second[200];

	wire_expect(w, "OPTIONS ", 200);
	wire_header(w, "Call-ID", first, sizeof(first));
	wire_send(w, ANSWER("100 Trying"));
	assert_state(w, SIP_HEALTH_UNKNOWN);
	wire_send(w, ANSWER("200 OK"));
	assert_state(w, SIP_HEALTH_UP);
	assert_string_equal(health(w).why, "200 OK");
	assert_int_equal(count("peer carrier: up: "), 1);
	wire_expect_nothing(w, 29900);
	wire_expect(w, "OPTIONS ", 200);
	wire_header(w, "Call-ID", second, sizeof(second));
	assert_string_not_equal(first, second);
	wire_send(w, ANSWER("200 OK"));
	assert_int_equal(count("up"), 1);
	assert_int_equal(health(w).asked, 2);
	assert_int_equal(health(w).missed, 0);
}

/* Who refuses is there: a challenge, a method it does not have, a loop. */
static void refusals_are_life(void **state)
{
	static const char *const alive[] = {"401 Unauthorized", "407 Proxy", "403 No", "404 No", "405 No",
					    "481 No",		"486 Busy",  "500 No", "501 No", "603 No"};
	struct wire *w = *state;

	go_down(w);
	for (size_t i = 0; i < sizeof(alive) / sizeof(alive[0]); i++) {
		char text[600];

		wire_expect(w, "OPTIONS ", 31000);
		snprintf(text, sizeof(text), ANSWER("%s"), alive[i]);
		wire_send(w, text);
		assert_state(w, SIP_HEALTH_UP);
	}
	assert_int_equal(count("up again after 30 s: it answers OPTIONS with 401 "), 1);
	assert_int_equal(count("up"), 1);
}

/* 503 and 408 are misses; so many in a row that a single one does nothing. */
static void misses(void **state)
{
	static const char *const said[] = {"503 Busy", "200 OK", "408 Timeout", "200 OK", "408 Timeout", "503 Busy"};
	struct wire *w = *state;

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		char text[600];

		assert_true(health(w).state != SIP_HEALTH_DOWN);
		wire_expect(w, "OPTIONS ", 31000);
		snprintf(text, sizeof(text), ANSWER("%s"), said[i]);
		wire_send(w, text);
	}
	assert_state(w, SIP_HEALTH_DOWN);
	assert_int_equal(health(w).missed, 4);
	assert_int_equal(count("peer carrier: down: OPTIONS: 503 Service Unavailable, 2 in a row"), 1);
}

/* Silence makes it down, which is said once; what comes too late changes nothing; the first answer makes it up. */
static void silence(void **state)
{
	struct wire *w = *state;

	go_down(w);
	assert_string_equal(health(w).why, "no response in 4000 ms");
	wire_expect(w, "OPTIONS ", 31000);
	wire_run(w, 5000);
	wire_send(w, ANSWER("200 OK"));
	assert_state(w, SIP_HEALTH_DOWN);
	wire_run(w, 200000);
	assert_int_equal(count("down"), 1);
	while (wire_comes(w, "OPTIONS ", 0))
		;
	wire_expect(w, "OPTIONS ", 40000);
	wire_send(w, ANSWER("200 OK"));
	assert_state(w, SIP_HEALTH_UP);
	assert_int_equal(count("up again"), 1);
}

static void not_asked(void **state)
{
	struct wire *w = *state;

	wire_expect_nothing(w, 120000);
	assert_state(w, SIP_HEALTH_UNPROBED);
	assert_int_equal(sip_stack_peer_health(w->stack, 1).state, SIP_HEALTH_UNPROBED);
	assert_string_equal(sip_health_name(SIP_HEALTH_UNPROBED), "not probed");
}

/* One that cannot be asked for want of memory is a miss, and no harm. */
static int body(void *arg)
{
	const struct sip_peer_params p = {.options_interval_ms = 1000, .options_timeout_ms = 500, .options_misses = 1};
	struct wire *w = arg;
	int err = wire_open_with(w, &p);

	if (err)
		return err;
	wire_run(w, 1200);
	if (wire_comes(w, "OPTIONS ", 1000))
		wire_send(w, ANSWER("200 OK"));
	wire_run(w, 100);
	wire_close(w);
	return 0;
}

static void memory(void **state)
{
	struct wire *w = malloc(sizeof(*w));

	assert_non_null(w);
	log_set_sink(keep, NULL);
	logged[0] = '\0';
	fault_run(body, w, 1);
	log_set_sink(NULL, NULL);
	free(w);
}

static void table(void **state)
{
	const char *wrong = fsm_check(&health_fsm, 0);

	if (wrong)
		fail_msg("%s", wrong);
}

/* Two servers, the first of which is dead: it is known to be down, and the peer is up until the other is silent too. */
static void servers_in_turn(void **state)
{
	struct wire *w = *state;
	struct sip_targets ts = {.count = 2};
	const struct sip_hop *dead = &ts.list[0].hop, *alive = &ts.list[1].hop;

	addr_parse(&ts.list[0].hop.addr, "10.0.0.7", 5060);
	addr_parse(&ts.list[1].hop.addr, "10.0.0.2", 5060);
	sip_stack_set_targets(w->stack, 0, &ts); /* the dead one is asked at once, and silent for 4 s */
	wire_expect(w, "OPTIONS ", 20000);
	wire_send(w, ANSWER("200 OK"));
	wire_run(w, 5);
	assert_state(w, SIP_HEALTH_UP);
	assert_false(sip_stack_target_is_down(w->stack, 0, dead));
	wire_run(w, 19500); /* its turn comes again after 15 s */
	assert_true(sip_stack_target_is_down(w->stack, 0, dead));
	assert_false(sip_stack_target_is_down(w->stack, 0, alive));
	assert_state(w, SIP_HEALTH_UP);
	assert_int_equal(count("its server at 10.0.0.7:5060 is down: OPTIONS: no response in 4000 ms, 2 in a row"), 1);
	wire_run(w, 2 * 19500 * 2); /* now nobody answers */
	assert_state(w, SIP_HEALTH_DOWN);
	assert_true(sip_stack_target_is_down(w->stack, 0, alive));
	assert_int_equal(count("is down: OPTIONS"), 2);
	while (wire_comes(w, "OPTIONS ", 0))
		;
	wire_expect(w, "OPTIONS ", 39000);
	wire_send(w, ANSWER("200 OK"));
	wire_run(w, 5);
	assert_state(w, SIP_HEALTH_UP);
	assert_int_equal(count("its server at 10.0.0.2:5060 is up again: 200 OK"), 1);
}

/* A peer that was not there to be asked is asked at once when it is found. */
static void found_and_asked(void **state)
{
	struct wire *w = *state;
	struct sip_targets ts = {.count = 0};

	sip_stack_set_targets(w->stack, 0, &ts);
	wire_run(w, 61000);
	assert_state(w, SIP_HEALTH_DOWN);
	wire_expect_nothing(w, 0);
	addr_parse(&ts.list[0].hop.addr, "10.0.0.2", 5060);
	ts.count = 1;
	sip_stack_set_targets(w->stack, 0, &ts);
	wire_expect(w, "OPTIONS ", 10);
	wire_send(w, ANSWER("200 OK"));
	wire_run(w, 5);
	assert_state(w, SIP_HEALTH_UP);
	sip_stack_set_targets(w->stack, 0, &ts); /* the same is no news */
	wire_expect_nothing(w, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(written, asking, done),
		cmocka_unit_test_setup_teardown(up, asking, done),
		cmocka_unit_test_setup_teardown(refusals_are_life, asking, done),
		cmocka_unit_test_setup_teardown(misses, asking, done),
		cmocka_unit_test_setup_teardown(silence, asking, done),
		cmocka_unit_test_setup_teardown(servers_in_turn, asking, done),
		cmocka_unit_test_setup_teardown(found_and_asked, asking, done),
		cmocka_unit_test_setup_teardown(not_asked, silent, done),
		cmocka_unit_test(memory),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
