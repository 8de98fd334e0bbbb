/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dahdi_fake_own: the fake's state. Only dahdi_fake*.c include it.
 */
#ifndef SIM_DAHDI_FAKE_OWN_H
#define SIM_DAHDI_FAKE_OWN_H

#include "dahdi/line_dahdi_abi.h"
#include "dahdi_fake.h"

#define FAKE_CHANNELS 31
#define FAKE_FDS      80
#define FAKE_BUFFERS  (DABI_MAX_BUFFERS + 1) /* one more, which is being filled */
#define FAKE_OCTETS   1024

struct fake_buffer {
	unsigned len, pos;
	uint8_t octet[FAKE_OCTETS];
};

struct fake_ring {
	unsigned room, first, full; /* from FIRST on, FULL buffers are; in a receiver the next is being filled */
	struct fake_buffer b[FAKE_BUFFERS];
};

struct fake_chan {
	unsigned span, timeslot, number;
	int sig;
	bool default_alaw;
	bool taken;
	bool open;
	bool audio, alaw, buffer_events, fax_mode, gain;
	unsigned taps, size;
	int policy;
	bool watched;
	bool tx_disabled, was_over, was_under;
	struct dabi_gains gains;
	struct fake_ring rx, tx;
	int events[DABI_MAX_EVENTS];
	unsigned nevents;
};

struct fake_span {
	unsigned number;
	bool assigned, stopped, tx_held;
	int channels, alarms, irqmisses;
	char type[6];
	uint64_t samples;
	struct fake_chan chan[FAKE_CHANNELS + 1];
};

struct fake_fd {
	bool used, ctl, dead;
	struct fake_chan *chan; /* NULL: none yet */
	uint32_t wanted, generation;
	loop_fd_h *h; /* NULL: nobody waits */
	void *h_arg;
};

struct dahdi_fake {
	struct line_dahdi_dev dev;
	struct dahdi_fake_far far;
	struct fake_span span[FAKE_SPANS];
	struct fake_fd fd[FAKE_FDS];
	int ctl_err;
	bool no_channel_node, no_number_nodes;
	unsigned long refused;
	int refused_err;
	unsigned slow_samples, slow_times;
	int64_t *slow_now_usp;
	uint64_t wakeups, kicks, calls;
	bool kicked; /* in this step */
};

/* dahdi_fake_calls.c: the system calls; .arg is to be set. */
extern const struct line_dahdi_dev fake_calls;

/* dahdi_fake.c */
void fake_flush(struct fake_chan *c, int what);
void fake_set_buffers(struct fake_chan *c, unsigned count, unsigned octets, int policy);
void fake_queue_event(struct fake_chan *c, int event);
void fake_step(struct dahdi_fake *f); /* 8 samples */

#endif
