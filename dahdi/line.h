/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line: what a span is to the gateway, whatever carries it: the driver interface.
 *
 * A driver delivers, from one thread's loop:
 *  - blocks of LINE_BLOCK samples: first begin() once for the block, then timeslot() for every open timeslot with the
 *    octets received and room for as many to send (reading paces writing), then end();
 *  - frames of the D channel, without FCS;
 *  - alarms and other events.
 * The clock of a span is its line: begin() says how many samples have passed; where octets were lost there may be a
 * begin() and end() for their time, with nothing between them. When the line is dead no block comes and the span falls
 * back on the monotonic clock.
 */
#ifndef DAHDI_LINE_H
#define DAHDI_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/isdn.h"
#include "gateway/base/loop.h"

#define LINE_BLOCK 160		/* samples (octets a timeslot) in a block: 20 ms */
#define LINE_RATE 8000		/* samples a second */
#define LINE_IDLE 0xD5		/* A-law silence, sent on closed timeslots */
#define LINE_IDLE_ULAW 0xFF	/* mu-law silence */

enum line_event {
	LINE_LOS,		/* nothing is received any more: red alarm */
	LINE_YELLOW,		/* the other end does not receive us (RAI) */
	LINE_CLEAR,		/* the last alarm is gone */
	LINE_SLIP,		/* octets lost or doubled by a clock difference */
	LINE_OVERRUN,		/* received octets were lost because we read too late */
	LINE_UNDERRUN,		/* idle octets were sent because we wrote too late */
	LINE_HDLC_ABORT,	/* a D-channel frame was aborted */
	LINE_HDLC_FCS,		/* a D-channel frame had a bad FCS (or was too short or too long) */
	LINE_GONE,		/* the device is gone */
	LINE_BLUE,		/* all ones are received (AIS): blue alarm */
	LINE_LATE,		/* a block was served well after it was due */
	LINE_TONE,		/* the card itself has heard a fax tone */
	LINE_EVENT_COUNT
};

const char *line_event_name(enum line_event e);		/* "LOS", "yellow alarm", ... */

struct line;

struct line_handlers {
	void (*begin)(unsigned samples, void *arg);
	void (*timeslot)(unsigned timeslot, const uint8_t *rx, uint8_t *tx, size_t octets, void *arg);
	void (*end)(void *arg);
	void (*dframe)(const uint8_t *frame, size_t octets, void *arg);
	void (*event)(enum line_event e, unsigned count, void *arg);
	void *arg;
};

struct line_stats {
	_Atomic uint64_t blocks;		/* blocks delivered */
	_Atomic uint64_t frames_rx, frames_tx;	/* tdmoe frames */
	_Atomic uint64_t frames_lost;		/* sequence gaps, filled with idle octets */
	_Atomic uint64_t frames_late;		/* came after their place had been filled, dropped */
	_Atomic uint64_t frames_bad;		/* malformed, or from an address that is not the peer's */
	_Atomic uint64_t dframes_rx, dframes_tx, dframes_dropped;
	_Atomic uint64_t events[LINE_EVENT_COUNT];
};

struct line_ops {
	int (*start)(struct line *l, struct loop *loop, const struct line_handlers *h);
	void (*free)(struct line *l);
	int (*open)(struct line *l, unsigned timeslot);
	void (*close)(struct line *l, unsigned timeslot);
	int (*send_dframe)(struct line *l, const uint8_t *frame, size_t octets);
	int (*echo)(struct line *l, unsigned timeslot, bool on);
	void (*yellow)(struct line *l, bool on);
};

/* Drivers embed this as their first member. */
struct line {
	const struct line_ops *ops;
	unsigned timeslots;		/* highest timeslot: 31 for E1, 24 for T1 */
	unsigned dchannel;		/* the D channel's timeslot: 16 or 24 */
	uint8_t idle;			/* silence in the line's law: LINE_IDLE or LINE_IDLE_ULAW */
	struct line_stats stats;
};

/* Starts delivering to H in LOOP's thread; H and LOOP must outlive the line. A handler may call any function below,
 * but not line_free(). Returns 0 or errno; EALREADY if it was started. */
static inline int line_start(struct line *l, struct loop *loop, const struct line_handlers *h)
{
	return l->ops->start(l, loop, h);
}

static inline void line_free(struct line *l)
{
	if (l)
		l->ops->free(l);
}

/* Opens a B channel: timeslot() is called for it from the next block on. EBUSY if open, EINVAL if it is no B
 * channel. */
static inline int line_open(struct line *l, unsigned timeslot)
{
	return l->ops->open(l, timeslot);
}

static inline void line_close(struct line *l, unsigned timeslot)
{
	l->ops->close(l, timeslot);
}

/* Queues a D-channel frame (no FCS). Returns 0, EMSGSIZE, or ENOBUFS when too many wait. */
static inline int line_send_dframe(struct line *l, const uint8_t *frame, size_t octets)
{
	return l->ops->send_dframe(l, frame, octets);
}

/* Sets or clears the yellow alarm (RAI) in what is sent. The driver sets it by itself while it receives nothing. */
static inline void line_yellow(struct line *l, bool on)
{
	l->ops->yellow(l, on);
}

/* Echo canceller of an open timeslot. ENOTSUP where the line has none. */
static inline int line_echo(struct line *l, unsigned timeslot, bool on)
{
	return l->ops->echo(l, timeslot, on);
}

#endif
