/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "gateway/base/clock.h"
#include "gateway/base/timer.h"
#include "tests/unit/fault.h"

#define MANY 200

struct probe {
	struct timers *q;
	struct timer t;
	int fired;
	int order;	  /* the how-manieth of all to fire */
	int64_t again_us; /* -1: does not restart itself */
	struct probe *stops;
};

static int fired_total;

static void probe_fired(void *arg)
{
	struct probe *p = arg;

	p->fired++;
	p->order = ++fired_total;
	if (p->again_us >= 0)
		assert_int_equal(timer_start(p->q, &p->t, p->again_us), 0);
	if (p->stops)
		timer_stop(p->q, &p->stops->t);
}

static void probe_init(struct probe *p, struct timers *q)
{
	*p = (struct probe){.q = q, .again_us = -1};
	timer_init(&p->t, probe_fired, p);
}

static void test_order(void **state)
{
	static const int delays[] = {30, 10, 20, 10, 0};
	static const int orders[] = {5, 2, 4, 3, 1};
	struct timers q;
	struct probe p[5];
	size_t i;

	timers_init(&q);
	fired_total = 0;
	assert_int_equal(timers_next_us(&q), -1);
	for (i = 0; i < 5; i++) {
		probe_init(&p[i], &q);
		assert_false(timer_running(&p[i].t));
		assert_int_equal(timer_start(&q, &p[i].t, delays[i]), 0);
		assert_true(timer_running(&p[i].t));
	}
	assert_int_equal(timers_next_us(&q), 0);
	timers_run(&q, 9);
	assert_int_equal(fired_total, 1);
	assert_int_equal(timers_next_us(&q), 1);
	timers_run(&q, 100);
	for (i = 0; i < 5; i++) {
		assert_int_equal(p[i].order, orders[i]);
		assert_false(timer_running(&p[i].t));
	}
	timers_fini(&q);
}

static void test_move_and_stop(void **state)
{
	struct timers q;
	struct probe a, b;

	timers_init(&q);
	probe_init(&a, &q);
	probe_init(&b, &q);
	timer_stop(&q, &a.t);
	timer_start(&q, &a.t, 10);
	timer_start(&q, &b.t, 20);
	timer_start(&q, &a.t, 50);
	timers_run(&q, 30);
	assert_int_equal(a.fired, 0);
	assert_int_equal(b.fired, 1);
	timer_stop(&q, &a.t);
	assert_int_equal(timers_next_us(&q), -1);
	timers_run(&q, 1000);
	assert_int_equal(a.fired, 0);
	/* Delays count from the queue's time; a time that went back is not believed. */
	timers_run(&q, 500);
	timer_start(&q, &a.t, 10);
	timers_run(&q, 1009);
	assert_int_equal(a.fired, 0);
	timers_run(&q, 1010);
	assert_int_equal(a.fired, 1);
	timers_fini(&q);
}

static void test_handlers_change_the_queue(void **state)
{
	struct timers q;
	struct probe every, zero, stopper, victim;

	timers_init(&q);
	probe_init(&every, &q);
	probe_init(&zero, &q);
	probe_init(&stopper, &q);
	probe_init(&victim, &q);
	every.again_us = 10;
	zero.again_us = 0;
	stopper.stops = &victim;
	timer_start(&q, &every.t, 10);
	timer_start(&q, &zero.t, 5);
	timer_start(&q, &stopper.t, 20);
	timer_start(&q, &victim.t, 20);
	timers_run(&q, 20);
	assert_int_equal(zero.fired, 1); /* not for ever */
	assert_int_equal(every.fired, 1);
	assert_int_equal(stopper.fired, 1);
	assert_int_equal(victim.fired, 0);
	timers_run(&q, 30);
	assert_int_equal(zero.fired, 2);
	assert_int_equal(every.fired, 2);
	timers_fini(&q);
	assert_false(timer_running(&every.t));
}

static void test_many(void **state)
{
	static struct probe p[MANY];
	struct timers q;
	uint32_t x = 1;
	int64_t now;
	int i, alive = 0;

	timers_init(&q);
	for (i = 0; i < MANY; i++)
		probe_init(&p[i], &q);
	for (i = 0; i < MANY * 20; i++) {
		struct probe *one = &p[x % MANY];

		x = x * 1664525u + 1013904223u;
		if (x >> 28 < 4)
			timer_stop(&q, &one->t);
		else
			timer_start(&q, &one->t, 1 + (x >> 12) % 1000);
	}
	for (i = 0; i < MANY; i++)
		alive += timer_running(&p[i].t);
	assert_true(alive > MANY / 2);
	assert_int_equal(q.count, alive);
	/* Each fires at its own time and no other. */
	for (now = 1; now <= 1000; now++) {
		timers_run(&q, now);
		for (i = 0; i < MANY; i++) {
			if (timer_running(&p[i].t))
				assert_true(p[i].t.at_us > now);
		}
	}
	fired_total = 0;
	for (i = 0; i < MANY; i++)
		fired_total += p[i].fired;
	assert_int_equal(fired_total, alive);
	assert_int_equal(q.count, 0);
	timers_fini(&q);
}

static int start_many(void *arg)
{
	static struct probe p[40];
	struct timers q;
	int err = 0;
	size_t i;

	timers_init(&q);
	for (i = 0; i < 40 && !err; i++) {
		probe_init(&p[i], &q);
		err = timer_start(&q, &p[i].t, 10);
		assert_int_equal(timer_running(&p[i].t), !err);
	}
	timers_fini(&q);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(start_many, NULL, 0), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_move_and_stop),
		cmocka_unit_test(test_handlers_change_the_queue),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("timer", tests, NULL, NULL);
}
