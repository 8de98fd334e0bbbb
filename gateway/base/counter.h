/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counter: named event counts described by a table. One thread adds, any thread reads.
 */
#ifndef BASE_COUNTER_H
#define BASE_COUNTER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct counter_desc {
	const char *name;	/* "frames_lost" */
	const char *help;	/* one line for people */
};

static inline void counter_add(_Atomic uint64_t *c, uint64_t n)
{
	atomic_store_explicit(c, atomic_load_explicit(c, memory_order_relaxed) + n, memory_order_relaxed);
}

static inline void counter_inc(_Atomic uint64_t *c)
{
	counter_add(c, 1);
}

static inline uint64_t counter_get(const _Atomic uint64_t *c)
{
	return atomic_load_explicit(c, memory_order_relaxed);
}

#endif
