/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every allocation of ours is kept in a table of addresses, so that freeing what a library allocated (or the other
 * way round) does not upset the count. Tests with threads come through here too: the table has a lock.
 */
#include "fault.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TABLE_ROOM (1u << 18)
#define GONE	   ((void *)1) /* the place of a freed address: the search goes on past it */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void __real_free(void *p);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
void __wrap_free(void *p);

static struct {
	pthread_mutex_t lock;
	void *table[TABLE_ROOM];
	size_t alive;
	unsigned count;	  /* allocations since the run began */
	unsigned fail_at; /* 0: none */
	bool failed;
} fault = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t slot_of(const void *p)
{
	return (size_t)((uintptr_t)p >> 4) * 2654435761u % TABLE_ROOM;
}

static void table_add(void *p)
{
	size_t i = slot_of(p);

	if (!p)
		return;
	pthread_mutex_lock(&fault.lock);
	if (fault.alive >= TABLE_ROOM / 2) {
		fputs("fault: too many allocations to keep\n", stderr);
		abort();
	}
	while (fault.table[i] && fault.table[i] != GONE)
		i = (i + 1) % TABLE_ROOM;
	fault.table[i] = p;
	fault.alive++;
	pthread_mutex_unlock(&fault.lock);
}

static void table_remove(const void *p)
{
	size_t i = slot_of(p), n;

	pthread_mutex_lock(&fault.lock);
	for (n = 0; n < TABLE_ROOM && fault.table[i]; n++, i = (i + 1) % TABLE_ROOM) {
		if (fault.table[i] != p)
			continue;
		/* With nothing behind it the place is free again, so that old marks do not fill the table. */
		fault.table[i] = fault.table[(i + 1) % TABLE_ROOM] ? GONE : NULL;
		fault.alive--;
		break;
	}
	pthread_mutex_unlock(&fault.lock);
}

static bool fails(void)
{
	bool now;

	pthread_mutex_lock(&fault.lock);
	now = ++fault.count == fault.fail_at;
	fault.failed |= now;
	pthread_mutex_unlock(&fault.lock);
	if (now)
		errno = ENOMEM;
	return now;
}

void *__wrap_malloc(size_t size)
{
	void *p = fails() ? NULL : __real_malloc(size);

	table_add(p);
	return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
	void *p = fails() ? NULL : __real_calloc(n, size);

	table_add(p);
	return p;
}

void *__wrap_realloc(void *old, size_t size)
{
	void *p;

	if (fails())
		return NULL;
	/* Taken out first: once it is freed another thread may be given the same address. */
	if (old)
		table_remove(old);
	p = __real_realloc(old, size);
	table_add(p ? p : old);
	return p;
}

char *__wrap_strdup(const char *s)
{
	char *p = fails() ? NULL : __real_strdup(s);

	table_add(p);
	return p;
}

char *__wrap_strndup(const char *s, size_t n)
{
	char *p = fails() ? NULL : __real_strndup(s, n);

	table_add(p);
	return p;
}

void __wrap_free(void *p)
{
	if (p)
		table_remove(p);
	__real_free(p);
}

size_t fault_alive(void)
{
	size_t n;

	pthread_mutex_lock(&fault.lock);
	n = fault.alive;
	pthread_mutex_unlock(&fault.lock);
	return n;
}

static void arm(unsigned fail_at)
{
	pthread_mutex_lock(&fault.lock);
	fault.count = 0;
	fault.fail_at = fail_at;
	fault.failed = false;
	pthread_mutex_unlock(&fault.lock);
}

unsigned fault_run(int (*body)(void *arg), void *arg, int tolerant)
{
	unsigned n;

	for (n = 1;; n++) {
		size_t before = fault_alive(), after;
		unsigned count;
		bool failed;
		int err;

		arm(n);
		err = body(arg);
		failed = fault.failed;
		count = fault.count;
		arm(0);
		after = fault_alive();
		if (before != after)
			fail_msg("with allocation %u failing %zd are left", n, (ssize_t)(after - before));
		if (!failed) {
			assert_int_equal(err, 0);
			return count;
		}
		if (err != ENOMEM && !(tolerant && !err))
			fail_msg("with allocation %u failing: error %d, not ENOMEM", n, err);
	}
}
