/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_dahdi: a span of the kernel's DAHDI drivers: a card, or a dynamic span.
 *
 * The files line_dahdi* are the only ones that know the kernel's interface; they reach it through struct
 * line_dahdi_dev, so that a test can stand in for it (tests/sim/dahdi_fake.h).
 *
 * Every B channel of the span is open from the beginning to the end, and is read in each round, call or not: so all of
 * them begin their blocks at the same time and stay together, and one of them, the clock (the highest timeslot), is
 * enough to be waited for: 50 wakeups a second serve the span. It is the last to be started, and so the last to have a
 * block complete: when it has one, all have. A channel without a call costs a read in 20 ms; nothing is written to it,
 * the kernel sends silence by itself.
 *
 * Delay: a block received is a block old (20 ms); one that is sent waits for send_delay in the kernel's buffers. So
 * long may the gateway be late before idle octets are sent in place of its own (LINE_UNDERRUN). What is received
 * stands in the kernel's buffers until it is read, up to buffers * buffer_size octets; more is lost (LINE_OVERRUN).
 * After an underrun the channel's delay is set anew, after an overrun all channels are, so that it does not grow.
 *
 * Alarms come as events and by asking once a second. When the device goes away (LINE_GONE), the driver tries to open it
 * again each second; LINE_CLEAR says that it is back.
 */
#ifndef DAHDI_LINE_DAHDI_H
#define DAHDI_LINE_DAHDI_H

#include <sys/types.h>

#include "line.h"

#define LINE_DAHDI_WHY_OCTETS 512

/* When the kernel begins to send what it has: at once, or when its buffers are half full, or full. */
enum line_dahdi_policy { LINE_DAHDI_IMMEDIATE, LINE_DAHDI_HALF, LINE_DAHDI_FULL };

struct line_dahdi_params {
	unsigned span;	    /* DAHDI's number of it: cat /proc/dahdi/N */
	uint32_t timeslots; /* bits of the B channels that are ours; no other is touched */
	unsigned dchannel;  /* the timeslot of the D channel */
	bool ulaw;	    /* the B channels are mu-law; else A-law */
	unsigned buffers;   /* of a B channel, for each direction: 2 to 32 */
	/* in octets: divides LINE_BLOCK. A smaller one than that costs wakeups, and makes send_delay finer */
	unsigned buffer_size;
	enum line_dahdi_policy policy;
	unsigned send_delay_ms;
	unsigned late_ms;   /* a block that is served later than this counts as late */
	bool echo;	    /* whether line_echo() may switch the canceller on */
	unsigned echo_taps; /* 32, 64, ... 1024; 8 a millisecond */
	bool echo_fax_mode; /* line_echo(false) asks for the fax mode first, and for off where there is none */
	int rx_gain_ddb, tx_gain_ddb; /* tenths of a decibel; both 0: octets pass unchanged */
	bool patient;		      /* a span that cannot be opened is waited for, as one that went away is */
	const char *prefix;	      /* log prefix, "span 1"; must outlive the line */
};

/* The system calls of the driver. */
struct line_dahdi_dev {
	int (*open)(const char *path, int flags, void *arg); /* a descriptor, or the negative errno */
	void (*close)(int fd, void *arg);
	int (*ioctl)(int fd, unsigned long request, void *p, void *arg); /* 0 or errno */
	ssize_t (*read)(int fd, void *p, size_t octets, void *arg);	 /* octets, or the negative errno */
	ssize_t (*write)(int fd, const void *p, size_t octets, void *arg);
	int (*watch)(struct loop *l, int fd, uint32_t epoll_events, loop_fd_h *h, void *h_arg,
		     void *arg); /* 0 or errno */
	void (*unwatch)(struct loop *l, int fd, void *arg);
	void *arg;
};

extern const struct line_dahdi_dev line_dahdi_kernel;

/*
 * Looks the span up, compares it with P, opens its channels. If P is patient, what is wrong is logged, and the line
 * begins with LINE_GONE: only ENOMEM and EINVAL are failures then. DEV must outlive the line. Returns 0 or errno; WHY
 * (LINE_DAHDI_WHY_OCTETS) then says in a line what is wrong and what would mend it. ENOENT: no driver, or no such
 * span; EACCES; EBUSY: another process has a channel; ENXIO: the span is not configured, or not so; EINVAL: P is
 * wrong; ENOMEM; or what the kernel said.
 */
int line_dahdi_alloc(struct line **lp, const struct line_dahdi_params *p, const struct line_dahdi_dev *dev, char *why);

/* For the status and tests. */
struct line_dahdi_state {
	bool gone;
	int alarms;	       /* DAHDI's bits, as last seen */
	unsigned channels;     /* that are open in the kernel */
	int64_t late_worst_us; /* of the blocks that were late */
	uint64_t resyncs;      /* so often all channels' buffers were set anew */
};
struct line_dahdi_state line_dahdi_state(const struct line *l);

#endif
