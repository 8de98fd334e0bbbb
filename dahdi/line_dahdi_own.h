/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_dahdi_own: the driver's state, and what its files say to each other. Only they include it.
 */
#ifndef DAHDI_LINE_DAHDI_OWN_H
#define DAHDI_LINE_DAHDI_OWN_H

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "line_dahdi.h"
#include "line_dahdi_abi.h"

#define DAHDI_DFRAME_OCTETS  1024 /* the D channel's buffers, FCS included */
#define DAHDI_DFRAME_BUFFERS 32
#define DAHDI_FCS_OCTETS     2

struct dahdi_chan {
	unsigned timeslot;
	unsigned channo; /* DAHDI's number; 0: not ours */
	int fd;		 /* -1: closed */
	unsigned fill;	 /* octets in rx: a block that is not complete */
	bool tx_anew;	 /* before the next block is written, what is queued is thrown away and the delay set anew */
	bool echo;	 /* the canceller was switched on in this call */
	uint8_t rx[LINE_BLOCK];
};

/* What DAHDI has of the span. */
struct dahdi_survey {
	struct dabi_spaninfo info;
	unsigned channo[TIMESLOT_COUNT]; /* 0: none */
	int sigtype[TIMESLOT_COUNT];
	bool mulaw[TIMESLOT_COUNT];
};

struct dahdi {
	struct line line;
	struct line_dahdi_params params;
	const struct line_dahdi_dev *dev;
	struct loop *loop; /* NULL: not started */
	const struct line_handlers *h;
	struct timer timer;
	struct dahdi_chan chan[TIMESLOT_COUNT];
	unsigned clock;	 /* the timeslot that is waited for */
	uint32_t active; /* bits of the timeslots with a call */
	unsigned pieces; /* buffers in a block */
	unsigned delay_pieces;
	struct dabi_gains gains; /* the tables, if there is a gain */
	bool buffer_events;	 /* the kernel tells of overrun and underrun */

	bool gone;
	bool in_sync;	  /* all channels begin their blocks at the same time, and none is lost since */
	int64_t round_us; /* the last round */
	int64_t late_us;  /* the last block's lateness */
	int64_t due_us;	  /* of the last block, by the line's clock */
	int64_t late_worst_us;
	uint64_t resyncs;

	enum line_event alarm; /* LINE_CLEAR: none */
	int alarm_bits;
	uint64_t blocks_seen; /* by the last tick */
	bool stalled;	      /* no block in a whole tick */
	int irqmisses;
	bool settled;			      /* the D channel has begun with a frame, or with the rest of one */
	char why_gone[LINE_DAHDI_WHY_OCTETS]; /* why it cannot be opened again, as last logged */
	struct log_limit limit[LINE_EVENT_COUNT];
};

/* line_dahdi_survey.c */
/* Returns 0, or errno with WHY. */
int dahdi_survey(struct dahdi *d, struct dahdi_survey *s, char *why);
/* Compares S with the configuration. Returns 0, or ENXIO with WHY. */
int dahdi_survey_check(const struct dahdi *d, const struct dahdi_survey *s, char *why);
/* Logs what is not as it should be, but can be done without. */
void dahdi_survey_warn(const struct dahdi *d, const struct dahdi_survey *s);
/* Why a channel cannot be opened. */
void dahdi_survey_explain(const struct dahdi *d, const struct dahdi_chan *c, int err, char *why);

/* line_dahdi_channel.c */
bool dahdi_chan_is_b(const struct dahdi *d, unsigned timeslot);
/* Survey, check and open all channels. Returns 0 or errno with WHY; nothing is open then. */
int dahdi_open_all(struct dahdi *d, char *why);
void dahdi_close_all(struct dahdi *d);
int dahdi_chan_ioctl(struct dahdi *d, struct dahdi_chan *c, unsigned long request, int value);
/* The next octet is the first of a new beginning. */
void dahdi_begin_anew(struct dahdi *d);
/* Sets all B channels' buffers anew, so that they begin their blocks together. */
void dahdi_sync(struct dahdi *d);
/* Reads on to a complete block in C->rx. Returns 0; EAGAIN: there is none yet; ENODEV: the device is gone. */
int dahdi_chan_read(struct dahdi *d, struct dahdi_chan *c);
/* Writes a block. */
void dahdi_chan_write(struct dahdi *d, struct dahdi_chan *c, const uint8_t *block);
int dahdi_chan_echo(struct dahdi *d, struct dahdi_chan *c, bool on);
int dahdi_chan_echo_fax(struct dahdi *d, struct dahdi_chan *c);

/* line_dahdi_event.c */
/* Fetches and treats the events of C. Returns 0, or ENODEV: the device is gone. */
int dahdi_events(struct dahdi *d, struct dahdi_chan *c);
/* Asks for the span's alarms and tells a change. Returns 0 or ENODEV. */
int dahdi_alarms(struct dahdi *d);
/* Counts and tells COUNT events E, and logs DETAIL now and then. */
void dahdi_tell(struct dahdi *d, enum line_event e, unsigned count, const char *detail);
/* What is received has been lost: all channels are to be set anew. */
void dahdi_overrun(struct dahdi *d);
/* C has sent idle octets in the middle of a call: its delay is to be set anew. */
void dahdi_underrun(struct dahdi *d, struct dahdi_chan *c);
/* The device is gone: closes everything and tells. */
void dahdi_gone(struct dahdi *d, const char *how);
void dahdi_wait(struct dahdi *d, const char *why); /* it could not be opened from the beginning */
/* Once a second: looks whether it is back. */
void dahdi_return(struct dahdi *d);

/* line_dahdi.c */
int dahdi_watch(struct dahdi *d);
void dahdi_unwatch(struct dahdi *d);

#endif
