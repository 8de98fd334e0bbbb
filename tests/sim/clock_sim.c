/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/clock_sim.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#include <osip2/osip_time.h>

#define EPOCH_SEC 1735689600 /* 2025-01-01 00:00 UTC */

static _Atomic int64_t sim_now_us = SEC_US;
static _Atomic bool in_use;

static int64_t sim_now(void *arg)
{
	return atomic_load(&sim_now_us);
}

const struct clock clock_sim = {sim_now, NULL};

void clock_sim_use(void)
{
	atomic_store(&in_use, true);
}

void clock_sim_leave(void)
{
	atomic_store(&in_use, false);
}

int64_t clock_sim_now_us(void)
{
	return atomic_load(&sim_now_us);
}

void clock_sim_set_us(int64_t now_us)
{
	atomic_store(&sim_now_us, now_us);
}

void clock_sim_advance_us(int64_t by_us)
{
	atomic_fetch_add(&sim_now_us, by_us);
}

static int tell(struct timeval *tv)
{
	int64_t now = atomic_load(&sim_now_us);
	struct timespec ts;

	if (atomic_load(&in_use)) {
		tv->tv_sec = EPOCH_SEC + now / SEC_US;
		tv->tv_usec = now % SEC_US;
		return 0;
	}
	if (clock_gettime(CLOCK_REALTIME, &ts))
		return -1;
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

/* The names libpri and osip call: the executable's definitions go before those of the shared libraries. */
int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	return tell(tv);
}

int osip_gettimeofday(struct timeval *tp, void *tz)
{
	return tell(tp);
}
