/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/loop.h"
#include "tests/unit/fault.h"

struct pipe_end {
	struct loop *l;
	int fd[2];
	int served;
	struct pipe_end *unwatches;
};

static void pipe_readable(uint32_t events, void *arg)
{
	struct pipe_end *p = arg;
	char c;

	assert_true(events & EPOLLIN);
	assert_int_equal(read(p->fd[0], &c, 1), 1);
	p->served++;
	if (p->unwatches)
		loop_unwatch(p->l, p->unwatches->fd[0]);
}

static void pipe_open(struct pipe_end *p, struct loop *l)
{
	*p = (struct pipe_end){.l = l};
	assert_int_equal(pipe2(p->fd, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(loop_watch(l, p->fd[0], EPOLLIN, pipe_readable, p), 0);
}

static void pipe_close(struct pipe_end *p)
{
	loop_unwatch(p->l, p->fd[0]);
	close(p->fd[0]);
	close(p->fd[1]);
}

static void pipe_say(struct pipe_end *p)
{
	assert_int_equal(write(p->fd[1], "x", 1), 1);
}

static int64_t test_now_us(void *arg)
{
	return *(int64_t *)arg;
}

static void count_timer(void *arg)
{
	++*(int *)arg;
}

static void stop_timer(void *arg)
{
	loop_stop(arg);
}

static void test_descriptors(void **state)
{
	struct pipe_end a, b;
	struct loop *l;

	assert_int_equal(loop_alloc(&l, &clock_monotonic), 0);
	pipe_open(&a, l);
	pipe_open(&b, l);
	assert_int_equal(loop_watch(l, a.fd[0], EPOLLIN, pipe_readable, &a), EEXIST);
	assert_int_equal(loop_watch(l, -1, EPOLLIN, pipe_readable, &a), EBADF);
	assert_int_equal(loop_step(l, 0), 0);
	pipe_say(&a);
	assert_int_equal(loop_step(l, 0), 1);
	assert_int_equal(a.served, 1);
	pipe_say(&a);
	pipe_say(&a);
	pipe_say(&b);
	assert_int_equal(loop_step(l, 0), 2);
	assert_int_equal(loop_step(l, 0), 1); /* level-triggered: what was left is not lost */
	assert_int_equal(a.served, 3);
	assert_int_equal(b.served, 1);
	assert_int_equal(loop_stats(l).served, 4);
	loop_unwatch(l, a.fd[0]);
	loop_unwatch(l, a.fd[0]);
	loop_unwatch(l, 4000);
	pipe_say(&a);
	assert_int_equal(loop_step(l, 0), 0);
	assert_int_equal(loop_watch(l, a.fd[0], EPOLLIN, pipe_readable, &a), 0);
	assert_int_equal(loop_step(l, 0), 1);
	pipe_close(&a);
	pipe_close(&b);
	loop_free(l);
	loop_free(NULL);
}

/* An event already fetched for a descriptor that an earlier handler unwatched must not be delivered. */
static void test_unwatch_in_the_round(void **state)
{
	struct pipe_end a, b;
	struct loop *l;

	assert_int_equal(loop_alloc(&l, &clock_monotonic), 0);
	pipe_open(&a, l);
	pipe_open(&b, l);
	a.unwatches = &b;
	b.unwatches = &a;
	pipe_say(&a);
	pipe_say(&b);
	assert_int_equal(loop_step(l, 0), 1);
	assert_int_equal(a.served + b.served, 1);
	pipe_close(&a);
	pipe_close(&b);
	loop_free(l);
}

static void test_timers_on_a_clock_of_ours(void **state)
{
	int64_t now = 5 * SEC_US;
	const struct clock clock = {test_now_us, &now};
	struct timer t;
	struct loop *l;
	int fired = 0;

	assert_int_equal(loop_alloc(&l, &clock), 0);
	timer_init(&t, count_timer, &fired);
	now += SEC_US; /* a long set-up before the first round: the delay counts from now, not from then */
	assert_int_equal(timer_start(loop_timers(l), &t, SEC_US / 2), 0);
	loop_step(l, 0);
	assert_int_equal(fired, 0);
	now += SEC_US / 2 - 1;
	loop_step(l, 0);
	assert_int_equal(fired, 0);
	now++;
	loop_step(l, -1); /* due: does not wait */
	assert_int_equal(fired, 1);
	assert_int_equal(loop_now_us(l), now);
	loop_free(l);
}

static void test_run_waits_and_stops(void **state)
{
	struct timer t;
	struct loop *l;
	int64_t begun;

	assert_int_equal(loop_alloc(&l, &clock_monotonic), 0);
	timer_init(&t, stop_timer, l);
	begun = loop_now_us(l);
	assert_int_equal(timer_start(loop_timers(l), &t, 20 * MS_US), 0);
	assert_int_equal(loop_run(l), 0);
	assert_in_range(loop_now_us(l) - begun, 20 * MS_US, 2 * SEC_US);
	assert_in_range(loop_stats(l).wakeups, 1, 3); /* it slept */
	begun = loop_now_us(l);
	assert_int_equal(loop_step(l, 10 * MS_US), 0);
	assert_in_range(loop_now_us(l) - begun, 9 * MS_US, 2 * SEC_US);
	loop_free(l);
}

static int watch_one(void *arg)
{
	struct loop *l = NULL;
	int err = loop_alloc(&l, &clock_monotonic);

	if (!err)
		err = loop_watch(l, STDERR_FILENO + 40, EPOLLIN, pipe_readable, NULL);
	loop_free(l);
	return err == EBADF ? 0 : err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(watch_one, NULL, 0), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_unwatch_in_the_round),
		cmocka_unit_test(test_timers_on_a_clock_of_ours),
		cmocka_unit_test(test_run_waits_and_stops),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
