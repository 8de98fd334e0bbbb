/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dahdi_port: the far end of a DAHDI span, for an exchange in real time: the B channels by plain reads and writes of
 * 20 ms, the D channel by frames. It shares nothing with dahdi/line_dahdi.c, so that a mistake there is not answered
 * by the same mistake here.
 *
 * DAHDI is the clock: dahdi_port_wait() returns when every channel has a block.
 */
#ifndef DAHDI_VM_DAHDI_PORT_H
#define DAHDI_VM_DAHDI_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/isdn.h"

#define DAHDI_PORT_BLOCK    160 /* octets a timeslot: 20 ms */
#define DAHDI_PORT_DELAY_MS 240 /* what is written waits so long in the kernel's buffers */

struct dahdi_port;

struct dahdi_port_params {
	unsigned first;							/* DAHDI's number of timeslot 1 */
	uint32_t timeslots;						/* bit N: timeslot N is a B channel */
	unsigned dchannel;						/* timeslot; 0: none */
	void (*dframe)(const uint8_t *frame, size_t octets, void *arg); /* without FCS */
	void *arg;
};

struct dahdi_port_stats {
	uint64_t blocks, wakeups;
	uint64_t late;			    /* waits that ended more than 20 ms after their time */
	uint64_t short_reads, lost_writes;  /* blocks that were not whole; blocks for which DAHDI had no buffer */
	uint64_t alarms, underruns, events; /* DAHDI events: alarms, nothing left to send, all */
	uint64_t dframes_rx, dframes_tx, dframes_lost;
};

/* Opens every channel. Returns 0, ENOMEM or the errno of the device; the reason is written to stderr. */
int dahdi_port_alloc(struct dahdi_port **pp, const struct dahdi_port_params *params);
void dahdi_port_free(struct dahdi_port *p);

/* Waits for the next block and reads it to RX; D-channel frames go to the handler meanwhile. Returns 0, ETIMEDOUT,
 * or errno (ENODEV: the span is gone). */
int dahdi_port_wait(struct dahdi_port *p, int timeout_ms, uint8_t rx[TIMESLOT_COUNT][DAHDI_PORT_BLOCK]);

/* Writes a block to every B channel; to be called once for each dahdi_port_wait(). */
void dahdi_port_write(struct dahdi_port *p, uint8_t tx[TIMESLOT_COUNT][DAHDI_PORT_BLOCK]);

/* Returns 0 or errno. */
int dahdi_port_send_dframe(struct dahdi_port *p, const uint8_t *frame, size_t octets);

struct dahdi_port_stats dahdi_port_stats(const struct dahdi_port *p);

#endif
