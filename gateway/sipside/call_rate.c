/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/call_rate.h"

#include "gateway/base/clock.h"

/* The generic cell rate algorithm (ITU-T I.371 annex A): a call takes 1/PER_SECOND of a second, and a whole second may
 * be owed. */
bool call_rate_has_room(const struct call_rate *r, unsigned per_second, int64_t now_us)
{
	return !per_second || r->full_until_us - now_us <= SEC_US - SEC_US / per_second;
}

void call_rate_count(struct call_rate *r, unsigned per_second, int64_t now_us)
{
	if (!per_second)
		return;
	if (r->full_until_us < now_us)
		r->full_until_us = now_us;
	r->full_until_us += SEC_US / per_second;
}
