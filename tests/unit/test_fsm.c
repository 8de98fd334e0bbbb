/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/clock.h"
#include "gateway/base/fsm.h"
#include "gateway/base/log.h"

enum { SHUT, OPEN, LOCKED };
enum { PUSH, PULL, TURN, SLAM, TIMEOUT };

struct door {
	struct fsm fsm;
	char trace[200];
	const void *data;
	bool echo;
};

static void trace(struct door *d, const char *what)
{
	snprintf(d->trace + strlen(d->trace), sizeof(d->trace) - strlen(d->trace), "%s ", what);
}

static void do_open(void *owner, const void *data)
{
	struct door *d = owner;

	trace(d, "open");
	d->data = data;
	if (d->echo) {
		assert_true(fsm_event(&d->fsm, PULL, NULL));
		assert_true(fsm_event(&d->fsm, TURN, NULL));
		trace(d, "queued");
	}
}

static void do_close(void *owner, const void *data)
{
	trace(owner, "close");
}

static void do_flood(void *owner, const void *data)
{
	struct door *d = owner;
	int i;

	for (i = 0; i < FSM_QUEUE; i++)
		assert_true(fsm_event(&d->fsm, TIMEOUT, NULL));
	assert_false(fsm_event(&d->fsm, TIMEOUT, NULL));
	trace(d, "flood");
}

static void enter_open(void *owner)
{
	trace(owner, "+open");
}

static void leave_open(void *owner)
{
	trace(owner, "-open");
}

static const struct fsm_state states[] = {
	[SHUT] = {"SHUT", NULL, NULL}, [OPEN] = {"OPEN", enter_open, leave_open}, [LOCKED] = {"LOCKED", NULL, NULL}};
static const char *const events[] = {"push", "pull", "turn", "slam", "timeout"};
static const struct fsm_rule rules[] = {
	{SHUT, PUSH, do_open, OPEN},	 {OPEN, PULL, do_close, SHUT},	  {SHUT, TURN, NULL, LOCKED},
	{LOCKED, TURN, NULL, SHUT},	 {FSM_ANY, SLAM, do_close, SHUT}, {LOCKED, SLAM, do_flood, FSM_STAY},
	{OPEN, TIMEOUT, do_close, SHUT}, {OPEN, TURN, do_open, FSM_STAY}, {OPEN, PUSH, do_open, OPEN},
};
static const struct fsm_timeout timeouts[] = {{OPEN, TIMEOUT, 1}};
static const struct fsm_def door_def = {
	.name = "door",
	.states = states,
	.nstates = 3,
	.events = events,
	.nevents = 5,
	.rules = rules,
	.nrules = sizeof(rules) / sizeof(rules[0]),
	.timeouts = timeouts,
	.ntimeouts = 1,
};

static char last_line[LOG_LINE_OCTETS + 1];
static enum log_level last_level;

static void keep_line(enum log_level level, const char *line, void *arg)
{
	last_level = level;
	snprintf(last_line, sizeof(last_line), "%s", line);
}

static int set_up(void **state)
{
	log_set_sink(keep_line, NULL);
	log_set_level(LOGL_DEBUG);
	return 0;
}

static void test_transitions(void **state)
{
	struct door d = {.echo = false};
	int datum;

	fsm_init(&d.fsm, &door_def, SHUT, &d, "door 1", NULL, NULL);
	assert_string_equal(fsm_state_name(&d.fsm), "SHUT");
	assert_true(fsm_event(&d.fsm, PUSH, &datum));
	assert_string_equal(d.trace, "open +open ");
	assert_ptr_equal(d.data, &datum);
	assert_string_equal(fsm_state_name(&d.fsm), "OPEN");
	assert_string_equal(last_line, "door 1: door: SHUT --push--> OPEN");
	assert_int_equal(last_level, LOGL_DEBUG);
	assert_true(fsm_event(&d.fsm, PULL, NULL));
	assert_string_equal(d.trace, "open +open -open close ");
	assert_false(fsm_event(&d.fsm, PULL, NULL));
	assert_int_equal(d.fsm.unexpected, 1);
	assert_int_equal(d.fsm.state, SHUT);
	assert_int_equal(last_level, LOGL_NOTICE);
	assert_string_equal(last_line, "door 1: door: event pull not expected in state SHUT");
	fsm_fini(&d.fsm);
}

static void test_stay_self_and_any(void **state)
{
	struct door d = {.echo = false};

	fsm_init(&d.fsm, &door_def, OPEN, &d, NULL, NULL, NULL);
	assert_string_equal(d.trace, "");
	assert_true(fsm_event(&d.fsm, TURN, NULL));
	assert_string_equal(d.trace, "open "); /* neither left nor entered */
	assert_true(fsm_event(&d.fsm, PUSH, NULL));
	assert_string_equal(d.trace, "open -open open +open "); /* a rule back to itself leaves and enters */
	d.trace[0] = '\0';
	assert_true(fsm_event(&d.fsm, SLAM, NULL));
	assert_string_equal(d.trace, "-open close ");
	assert_int_equal(d.fsm.state, SHUT);
	/* A state's own rule goes before the one for any state; the queue is bounded. */
	fsm_event(&d.fsm, TURN, NULL);
	d.trace[0] = '\0';
	assert_true(fsm_event(&d.fsm, SLAM, NULL));
	assert_string_equal(d.trace, "flood ");
	assert_int_equal(d.fsm.state, LOCKED);
	assert_int_equal(d.fsm.unexpected, FSM_QUEUE + 1);
	assert_int_equal(d.fsm.nqueued, 0);
	fsm_fini(&d.fsm);
}

static void test_events_from_actions_wait(void **state)
{
	struct door d = {.echo = true};

	fsm_init(&d.fsm, &door_def, SHUT, &d, NULL, NULL, NULL);
	assert_true(fsm_event(&d.fsm, PUSH, NULL));
	assert_string_equal(d.trace, "open queued +open -open close ");
	assert_int_equal(d.fsm.state, LOCKED);
	fsm_fini(&d.fsm);
}

static void test_timeout(void **state)
{
	const uint32_t ms[] = {0, 100};
	const uint32_t none[] = {0, 0};
	struct door d = {.echo = false};
	struct timers q;

	timers_init(&q);
	fsm_init(&d.fsm, &door_def, OPEN, &d, NULL, &q, ms);
	timers_run(&q, 60 * MS_US);
	fsm_event(&d.fsm, TURN, NULL); /* stays: the timeout runs on */
	timers_run(&q, 99 * MS_US);
	assert_int_equal(d.fsm.state, OPEN);
	timers_run(&q, 100 * MS_US);
	assert_int_equal(d.fsm.state, SHUT);
	assert_int_equal(timers_next_us(&q), -1);
	fsm_event(&d.fsm, PUSH, NULL);
	timers_run(&q, 160 * MS_US);
	fsm_event(&d.fsm, PUSH, NULL); /* entered anew: the timeout begins anew */
	timers_run(&q, 259 * MS_US);
	assert_int_equal(d.fsm.state, OPEN);
	fsm_event(&d.fsm, PULL, NULL);
	assert_int_equal(timers_next_us(&q), -1);
	fsm_event(&d.fsm, PUSH, NULL);
	fsm_fini(&d.fsm);
	assert_int_equal(timers_next_us(&q), -1);
	fsm_init(&d.fsm, &door_def, OPEN, &d, NULL, &q, none);
	assert_int_equal(timers_next_us(&q), -1);
	fsm_fini(&d.fsm);
	timers_fini(&q);
}

static const char *check_with(const struct fsm_rule *r, size_t n)
{
	struct fsm_def d = door_def;

	d.rules = r;
	d.nrules = n;
	d.ntimeouts = 0;
	return fsm_check(&d, 0);
}

static void test_check(void **state)
{
	const struct fsm_rule twice[] = {{SHUT, PUSH, NULL, OPEN}, {SHUT, PUSH, NULL, LOCKED}};
	const struct fsm_rule range[] = {{SHUT, 9, NULL, OPEN}};
	const struct fsm_rule next[] = {{SHUT, PUSH, NULL, 3}};
	const struct fsm_rule from[] = {{-3, PUSH, NULL, 0}};
	const struct fsm_rule island[] = {{SHUT, PUSH, NULL, OPEN}, {OPEN, PULL, NULL, SHUT}};
	const struct fsm_rule trap[] = {{SHUT, PUSH, NULL, OPEN}, {OPEN, PULL, NULL, LOCKED}};
	const struct fsm_timeout dead[] = {{LOCKED, TIMEOUT, 0}};
	const struct fsm_timeout two[] = {{OPEN, TIMEOUT, 0}, {OPEN, TURN, 1}};
	struct fsm_def d = door_def;

	assert_null(fsm_check(&door_def, 0));
	assert_string_equal(check_with(twice, 2), "two rules for one state and event");
	assert_string_equal(check_with(range, 1), "a rule's event is out of range");
	assert_string_equal(check_with(next, 1), "a rule's next state is out of range");
	assert_string_equal(check_with(from, 1), "a rule's state is out of range");
	assert_string_equal(check_with(island, 2), "a state is never reached");
	assert_string_equal(check_with(trap, 2), "a state is never left");
	d.timeouts = dead;
	assert_string_equal(fsm_check(&d, 0), "a timeout's event has no rule in its state");
	d.timeouts = two;
	d.ntimeouts = 2;
	assert_string_equal(fsm_check(&d, 0), "two timeouts for one state");
	d = door_def;
	d.nrules = 3; /* LOCKED is not left, which its bit allows */
	d.ntimeouts = 0;
	assert_string_equal(fsm_check(&d, 0), "a state is never left");
	assert_null(fsm_check(&d, 1u << LOCKED));
	d.name = NULL;
	assert_non_null(fsm_check(&d, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transitions),
		cmocka_unit_test(test_stay_self_and_any),
		cmocka_unit_test(test_events_from_actions_wait),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests_name("fsm", tests, set_up, NULL);
}
