/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stall: for how long the guest stood still because its host was busy with something else: a thread above all others
 * in the guest asks for a short sleep again and again, and notes the longest it got.
 */
#ifndef VM_STALL_H
#define VM_STALL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A buffer of the spans holds more than this: a shorter stall cannot be why a test failed. */
#define STALL_EXCUSE_MS 150

struct stall {
	pthread_t thread;
	atomic_uint worst_ms;
	atomic_bool end;
};

/* 0 or errno. */
int stall_begin(struct stall *s);
/* Returns the longest stall since then, in milliseconds. */
unsigned stall_end(struct stall *s);

#endif
