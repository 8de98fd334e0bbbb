/* SPDX-License-Identifier: GPL-2.0-only */
#include "tdmoe_slots.h"

#include <string.h>

void tdmoe_slots_init(struct tdmoe_slots *s, unsigned timeslots, uint8_t idle)
{
	memset(s, 0, sizeof(*s));
	s->timeslots = timeslots;
	s->idle = idle;
}

void tdmoe_slots_open(struct tdmoe_slots *s, unsigned timeslot)
{
	memset(s->rx[timeslot], s->idle, sizeof(s->rx[timeslot]));
	memset(s->tx[timeslot], s->idle, sizeof(s->tx[timeslot]));
	s->open |= 1u << timeslot;
}

void tdmoe_slots_close(struct tdmoe_slots *s, unsigned timeslot)
{
	s->open &= ~(1u << timeslot);
}

void tdmoe_slots_reset(struct tdmoe_slots *s)
{
	s->fill = s->tx_pos = s->tx_len = 0;
}

/* Moves what is still to be sent to the front. */
static void compact(struct tdmoe_slots *s)
{
	unsigned len = s->tx_len - s->tx_pos;

	for (unsigned ts = 1; s->tx_pos && len && ts <= s->timeslots; ts++) {
		if (tdmoe_slots_is_open(s, ts))
			memmove(s->tx[ts], s->tx[ts] + s->tx_pos, len);
	}
	s->tx_pos = 0;
	s->tx_len = len;
}

bool tdmoe_slots_prime(struct tdmoe_slots *s, unsigned n)
{
	unsigned need = tdmoe_frame_under_way(n, LINE_BLOCK, s->fill);
	unsigned have = s->fill + s->tx_len - s->tx_pos;

	if (have >= need)
		return false;
	compact(s);
	for (unsigned ts = 1; ts <= s->timeslots; ts++) {
		if (tdmoe_slots_is_open(s, ts))
			memset(s->tx[ts] + s->tx_len, s->idle, need - have);
	}
	s->tx_len += need - have;
	return true;
}

unsigned tdmoe_slots_put(struct tdmoe_slots *s, const uint8_t *octets, unsigned n, unsigned at)
{
	unsigned room = LINE_BLOCK - s->fill;
	unsigned k = n - at < room ? n - at : room;

	for (unsigned ts = 1; ts <= s->timeslots; ts++) {
		if (!tdmoe_slots_is_open(s, ts))
			continue;
		if (octets)
			memcpy(s->rx[ts] + s->fill, octets + (ts - 1) * n + at, k);
		else
			memset(s->rx[ts] + s->fill, s->idle, k);
	}
	s->fill += k;
	return k;
}

void tdmoe_slots_begin_block(struct tdmoe_slots *s)
{
	compact(s);
}

void tdmoe_slots_end_block(struct tdmoe_slots *s)
{
	s->tx_len += LINE_BLOCK;
	s->fill = 0;
}
