/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_mem: a line in memory for tests in one process: the test is the far end and owns the time. One call of
 * line_mem_block() is 20 ms. It can be damaged: slips, D-channel frames lost, LOS.
 */
#ifndef SIM_LINE_MEM_H
#define SIM_LINE_MEM_H

#include "dahdi/line.h"

#define LINE_MEM_DFRAMES 64	  /* frames the gateway may send within a block */
#define LINE_MEM_DFRAME_OCTETS 300 /* longest frame */

/* TIMESLOTS: the highest one (31); DCHANNEL 16. The line is freed with line_free(). Returns 0, ENOMEM or EINVAL. */
int line_mem_alloc(struct line **lp, unsigned timeslots, unsigned dchannel);

/* 20 ms pass: each open timeslot is given RX[ts] and gives TX[ts]; the closed ones give idle. What the gateway has
 * sent on the D channel up to the end of the block then goes to the far end's handler; what it sends because of that
 * goes with the next block. While the line is in LOS nothing of this happens: TX is idle, D-channel frames are lost. */
void line_mem_block(struct line *l, uint8_t rx[TIMESLOT_COUNT][LINE_BLOCK], uint8_t tx[TIMESLOT_COUNT][LINE_BLOCK]);

/* A D-channel frame (without FCS) comes from the far end, now. Lost (and counted) in LOS. */
void line_mem_dframe(struct line *l, const uint8_t *frame, size_t octets);

/* The far end's handler for D-channel frames; NULL: they are dropped. It may call line_mem_dframe(). */
typedef void (line_mem_dframe_h)(const uint8_t *frame, size_t octets, void *arg);
void line_mem_on_dframe(struct line *l, line_mem_dframe_h *h, void *arg);

/* The gateway sees event E, as often as COUNT says. LINE_LOS and LINE_CLEAR do what line_mem_set_los() does. */
void line_mem_event(struct line *l, enum line_event e, unsigned count);
void line_mem_set_los(struct line *l, bool los);	/* LINE_LOS or LINE_CLEAR, if it changes */

/* Both directions pass through elastic stores of some octets, where every EVERY_SAMPLES samples (by SEED, +-25 %) one
 * octet of each timeslot is lost or doubled, all timeslots at once, as in an exchange's store; LINE_SLIP is raised
 * for those we receive. 0: none (any delay the stores have got stays). */
void line_mem_set_slips(struct line *l, unsigned every_samples, uint32_t seed);
/* So many of a thousand D-channel frames are lost in each direction. */
void line_mem_set_dframe_loss(struct line *l, unsigned per_mille, uint32_t seed);

/* What the gateway has done to the line. */
bool line_mem_is_open(const struct line *l, unsigned timeslot);
bool line_mem_is_echo_on(const struct line *l, unsigned timeslot);	/* true from open on, as a card's */
bool line_mem_is_yellow(const struct line *l);
unsigned line_mem_slips(const struct line *l);	/* so far, both directions */

#endif
