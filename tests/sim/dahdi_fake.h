/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dahdi_fake: stands in for the kernel's DAHDI: spans of channels with buffers, events and alarms as the kernel keeps
 * them, in steps of 8 samples. The test is the far end and owns the time.
 */
#ifndef SIM_DAHDI_FAKE_H
#define SIM_DAHDI_FAKE_H

#include "dahdi/line_dahdi.h"

#define FAKE_SPANS 2

struct dahdi_fake;

/* The far end: the octet it sends in sample I of a channel, and what it receives. */
typedef uint8_t(dahdi_fake_tx_h)(unsigned span, unsigned timeslot, uint64_t i, void *arg);
typedef void(dahdi_fake_rx_h)(unsigned span, unsigned timeslot, uint64_t i, uint8_t octet, void *arg);
typedef void(dahdi_fake_dframe_h)(unsigned span, const uint8_t *frame, size_t octets, void *arg); /* without FCS */

struct dahdi_fake_far {
	dahdi_fake_tx_h *tx;
	dahdi_fake_rx_h *rx;
	dahdi_fake_dframe_h *dframe;
	void *arg;
};

/* Two spans, E1 with channels 1-31 and 32-62, timeslot 16 a D channel, set up and assigned. Returns 0 or ENOMEM. */
int dahdi_fake_alloc(struct dahdi_fake **fp, const struct dahdi_fake_far *far);
void dahdi_fake_free(struct dahdi_fake *f);
const struct line_dahdi_dev *dahdi_fake_dev(struct dahdi_fake *f);

/* So many samples pass on all spans (whole steps of 8). After each step those who wait for a descriptor that is ready
 * are called, once each; with HELD they are not: their thread is held up. */
void dahdi_fake_run(struct dahdi_fake *f, unsigned samples, bool held);
/* Calls those who wait, once, with no time passing: a thread that wakes up again at once. True if there was one. */
bool dahdi_fake_wake(struct dahdi_fake *f);
uint64_t dahdi_fake_wakeups(const struct dahdi_fake *f); /* rounds in which anybody was called */
uint64_t dahdi_fake_kicks(
	const struct dahdi_fake *f); /* steps in which the kernel wakes a waiting thread, for an event or not */
uint64_t dahdi_fake_calls(const struct dahdi_fake *f);	/* system calls but opening and closing */
unsigned dahdi_fake_opened(const struct dahdi_fake *f); /* descriptors that are open now */

/* What the far end and the world do. Spans from 1, timeslots from 1. */
void dahdi_fake_dframe(struct dahdi_fake *f, unsigned span, const uint8_t *frame, size_t octets);
void dahdi_fake_event(struct dahdi_fake *f, unsigned span, unsigned timeslot, int event);
void dahdi_fake_alarm(struct dahdi_fake *f, unsigned span, int bits);
void dahdi_fake_assign(struct dahdi_fake *f, unsigned span, bool assign);
void dahdi_fake_stop_clock(struct dahdi_fake *f, unsigned span, bool stop); /* no octet passes any more */
void dahdi_fake_miss(struct dahdi_fake *f, unsigned span, int interrupts);
void dahdi_fake_hold_tx(struct dahdi_fake *f, unsigned span, bool hold); /* what is written is not sent */
/* Each time a channel is flushed to read (which begins its blocks) so many samples pass, and time: we were held up. */
void dahdi_fake_slow_flush(struct dahdi_fake *f, unsigned samples, unsigned times, int64_t *now_usp);

/* How the machine is set up. */
void dahdi_fake_load(struct dahdi_fake *f, int ctl_err);		 /* what opening ctl says; 0: it is there */
void dahdi_fake_nodes(struct dahdi_fake *f, bool channel, bool numbers); /* /dev/dahdi/channel, /dev/dahdi/N */
void dahdi_fake_configure(struct dahdi_fake *f, unsigned span, unsigned timeslot, int sig, bool alaw);
void dahdi_fake_resize(struct dahdi_fake *f, unsigned span, int channels, const char *type);
void dahdi_fake_take(struct dahdi_fake *f, unsigned span, unsigned timeslot, bool taken); /* by another process */
void dahdi_fake_refuse(struct dahdi_fake *f, unsigned long request, int err); /* that ioctl answers ERR; 0: as before */

/* What the driver did to a channel. */
struct dahdi_fake_chan {
	bool open, audio, alaw, buffer_events, fax_mode;
	unsigned taps;
	int policy, buffers, buffer_size;
	uint8_t rxgain[256];
	unsigned queued; /* blocks waiting to be sent */
};
struct dahdi_fake_chan dahdi_fake_chan(struct dahdi_fake *f, unsigned span, unsigned timeslot);

#endif
