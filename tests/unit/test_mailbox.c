/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/base/mailbox.h"
#include "tests/unit/fault.h"

#define POSTERS 4
#define EACH	20000

struct msg {
	unsigned from, number;
	char filler[21];
};

static int readable(const struct mailbox *m, int wait_ms)
{
	struct pollfd p = {.fd = mailbox_fd(m), .events = POLLIN};

	return poll(&p, 1, wait_ms);
}

static void test_fifo_and_full(void **state)
{
	struct mailbox *m;
	struct msg msg = {0};
	unsigned i, round;

	assert_int_equal(mailbox_alloc(&m, 5, sizeof(msg)), 0); /* becomes 8 */
	assert_false(mailbox_take(m, &msg));
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 8; i++) {
			msg.number = i;
			assert_int_equal(mailbox_post(m, &msg), 0);
		}
		assert_int_equal(mailbox_post(m, &msg), EAGAIN);
		assert_int_equal(mailbox_refused(m), round + 1);
		for (i = 0; i < 8; i++) {
			assert_true(mailbox_take(m, &msg));
			assert_int_equal(msg.number, i);
		}
		assert_false(mailbox_take(m, &msg));
	}
	mailbox_free(m);
	mailbox_free(NULL);
}

/* What may be done without leaves room to the rest, wherever in the ring it stands. */
static void test_spare(void **state)
{
	struct mailbox *m;
	int v = 0;

	assert_int_equal(mailbox_alloc(&m, 8, sizeof(v)), 0);
	for (unsigned round = 0; round < 10; round++) {
		for (unsigned i = 0; i < 5; i++)
			assert_int_equal(mailbox_post_leaving(m, &v, 3), 0);
		assert_int_equal(mailbox_post_leaving(m, &v, 3), EAGAIN);
		assert_int_equal(mailbox_post_leaving(m, &v, 2), 0);
		for (unsigned i = 0; i < 2; i++)
			assert_int_equal(mailbox_post(m, &v), 0);
		assert_int_equal(mailbox_post(m, &v), EAGAIN);
		assert_int_equal(mailbox_refused(m), 3 * round + 2);
		for (unsigned i = 0; i < 3; i++)
			assert_true(mailbox_take(m, &v));
		assert_int_equal(mailbox_post_leaving(m, &v, 3), EAGAIN);
		while (mailbox_take(m, &v))
			;
	}
	mailbox_free(m);
}

static void test_room_of_one(void **state)
{
	struct mailbox *m;
	int v = 1;

	assert_int_equal(mailbox_alloc(&m, 1, sizeof(v)), 0);
	assert_int_equal(mailbox_post(m, &v), 0);
	v = 2;
	assert_int_equal(mailbox_post(m, &v), 0);
	assert_int_equal(mailbox_post(m, &v), EAGAIN);
	assert_true(mailbox_take(m, &v));
	assert_int_equal(v, 1);
	assert_true(mailbox_take(m, &v));
	assert_int_equal(v, 2);
	assert_false(mailbox_take(m, &v));
	mailbox_free(m);
	assert_int_equal(mailbox_alloc(&m, SIZE_MAX, sizeof(v)), ENOMEM);
	assert_int_equal(mailbox_alloc(&m, 8, SIZE_MAX), ENOMEM);
	assert_int_equal(mailbox_alloc(&m, SIZE_MAX / 4, SIZE_MAX / 4), ENOMEM);
}

static void test_wake_up(void **state)
{
	struct mailbox *m;
	int v = 0;

	assert_int_equal(mailbox_alloc(&m, 4, sizeof(v)), 0);
	assert_int_equal(readable(m, 0), 0);
	mailbox_post(m, &v);
	mailbox_post(m, &v);
	assert_int_equal(readable(m, 0), 1);
	mailbox_quiet(m);
	assert_int_equal(readable(m, 0), 0);
	/* A post in the middle of a taking round rings again. */
	assert_true(mailbox_take(m, &v));
	mailbox_post(m, &v);
	assert_int_equal(readable(m, 0), 1);
	assert_true(mailbox_take(m, &v));
	assert_true(mailbox_take(m, &v));
	assert_false(mailbox_take(m, &v));
	mailbox_quiet(m);
	assert_int_equal(readable(m, 0), 0);
	mailbox_post(m, &v);
	assert_int_equal(readable(m, 0), 1);
	mailbox_free(m);
}

struct poster {
	struct mailbox *m;
	unsigned from;
	pthread_t thread;
};

static void *poster_main(void *arg)
{
	struct poster *p = arg;
	struct msg msg = {.from = p->from};

	while (msg.number < EACH) {
		if (mailbox_post(p->m, &msg))
			sched_yield();
		else
			msg.number++;
	}
	return NULL;
}

/* Each poster's messages come all, once, in order, and the taker that sleeps on the descriptor is always woken. */
static void test_threads(void **state)
{
	unsigned next[POSTERS] = {0}, total = 0, i;
	struct poster posters[POSTERS];
	struct mailbox *m;
	struct msg msg;

	assert_int_equal(mailbox_alloc(&m, 16, sizeof(msg)), 0);
	for (i = 0; i < POSTERS; i++) {
		posters[i] = (struct poster){.m = m, .from = i};
		assert_int_equal(pthread_create(&posters[i].thread, NULL, poster_main, &posters[i]), 0);
	}
	while (total < POSTERS * EACH) {
		assert_int_equal(readable(m, 10000), 1);
		mailbox_quiet(m);
		while (mailbox_take(m, &msg)) {
			assert_in_range(msg.from, 0, POSTERS - 1);
			assert_int_equal(msg.number, next[msg.from]);
			next[msg.from]++;
			total++;
		}
	}
	for (i = 0; i < POSTERS; i++)
		pthread_join(posters[i].thread, NULL);
	assert_false(mailbox_take(m, &msg));
	mailbox_free(m);
}

static int make_one(void *arg)
{
	struct mailbox *m;
	int err = mailbox_alloc(&m, 4, 4);

	if (!err)
		mailbox_free(m);
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(make_one, NULL, 0), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifo_and_full), cmocka_unit_test(test_spare),
		cmocka_unit_test(test_room_of_one),   cmocka_unit_test(test_wake_up),
		cmocka_unit_test(test_threads),	      cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("mailbox", tests, NULL, NULL);
}
