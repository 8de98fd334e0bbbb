/* SPDX-License-Identifier: GPL-2.0-only */
#include "t30_echo.h"

#include "gateway/base/clock.h"

#define PREAMBLE_LEAST_US (850 * MS_US)

/* FNV-1a: frames that follow each other so closely are few. */
static uint32_t hash(const uint8_t *p, size_t n)
{
	uint32_t h = 2166136261u;

	while (n--)
		h = (h ^ *p++) * 16777619u;
	return h;
}

bool t30_echo_is(struct t30_echo *e, enum t30_direction d, const uint8_t *frame, size_t octets, int64_t now_us)
{
	uint32_t h = hash(frame, octets);

	for (unsigned i = 0; i < T30_ECHO_FRAMES; i++)
		if (e->last[i].octets == octets && e->last[i].hash == h && e->last[i].d != d &&
		    now_us - e->last[i].at_us < PREAMBLE_LEAST_US)
			return true;
	e->last[e->next].d = d;
	e->last[e->next].octets = octets;
	e->last[e->next].hash = h;
	e->last[e->next].at_us = now_us;
	e->next = (e->next + 1) % T30_ECHO_FRAMES;
	return false;
}
