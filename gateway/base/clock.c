/* SPDX-License-Identifier: GPL-2.0-only */
#include "clock.h"

#include <stddef.h>
#include <time.h>

static int64_t now_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * SEC_US + ts.tv_nsec / 1000;
}

static int64_t monotonic_now_us(void *arg)
{
	return now_us(CLOCK_MONOTONIC);
}

const struct clock clock_monotonic = {monotonic_now_us, NULL};

int64_t clock_wall_us(void)
{
	return now_us(CLOCK_REALTIME);
}
