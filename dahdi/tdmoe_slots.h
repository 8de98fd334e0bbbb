/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdmoe_slots: the samples of a tdmoe line that are under way: what has been received of the next block, and what the
 * blocks before it gave to be sent and has not been sent yet. Pure.
 */
#ifndef DAHDI_TDMOE_SLOTS_H
#define DAHDI_TDMOE_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "line.h"
#include "tdmoe_frame.h"

/* Before a frame is taken at most LINE_BLOCK - 1 samples are under way (see tdmoe_slots_prime()); a frame adds
 * TDMOE_MAX_SAMPLES, the block that is being filled one block. */
#define TDMOE_SLOTS_TX_ROOM (LINE_BLOCK - 1 + TDMOE_MAX_SAMPLES + LINE_BLOCK)

struct tdmoe_slots {
	unsigned timeslots;	 /* the highest */
	uint8_t idle;		 /* what is heard and sent where there is nothing else */
	uint32_t open;		 /* bits of the open ones: no other has samples here */
	unsigned fill;		 /* samples in rx */
	unsigned tx_pos, tx_len; /* the samples in tx from and to which are to be sent */
	uint8_t rx[TIMESLOT_COUNT][LINE_BLOCK];
	uint8_t tx[TIMESLOT_COUNT][TDMOE_SLOTS_TX_ROOM];
};

void tdmoe_slots_init(struct tdmoe_slots *s, unsigned timeslots, uint8_t idle);

static inline bool tdmoe_slots_is_open(const struct tdmoe_slots *s, unsigned timeslot)
{
	return s->open >> timeslot & 1;
}

void tdmoe_slots_open(struct tdmoe_slots *s, unsigned timeslot); /* nothing that was under way before is in it */
void tdmoe_slots_close(struct tdmoe_slots *s, unsigned timeslot);

/* Nothing is under way. */
void tdmoe_slots_reset(struct tdmoe_slots *s);
/* Sees to it that frames of N samples can always be answered; that is the line's delay. True: idle samples had to be
 * added. */
bool tdmoe_slots_prime(struct tdmoe_slots *s, unsigned n);

/* Takes, from the sample AT on, what a frame of N samples a timeslot has for the block that is being filled; OCTETS
 * NULL: they were lost. Returns how many samples were taken. */
unsigned tdmoe_slots_put(struct tdmoe_slots *s, const uint8_t *octets, unsigned n, unsigned at);
/* True if the block in rx is whole. */
static inline bool tdmoe_slots_has_block(const struct tdmoe_slots *s)
{
	return s->fill == LINE_BLOCK;
}

/* Makes room for a block to be sent; until tdmoe_slots_end_block(), tdmoe_slots_block() is where TIMESLOT's goes. */
void tdmoe_slots_begin_block(struct tdmoe_slots *s);
static inline uint8_t *tdmoe_slots_block(struct tdmoe_slots *s, unsigned timeslot)
{
	return s->tx[timeslot] + s->tx_len;
}
/* It is to be sent, and the one in rx is done with. */
void tdmoe_slots_end_block(struct tdmoe_slots *s);

/* The samples of TIMESLOT that are to be sent next. */
static inline const uint8_t *tdmoe_slots_next(const struct tdmoe_slots *s, unsigned timeslot)
{
	return s->tx[timeslot] + s->tx_pos;
}
/* N of each timeslot are sent, or dropped. */
static inline void tdmoe_slots_pass(struct tdmoe_slots *s, unsigned n)
{
	s->tx_pos += n;
}

#endif
