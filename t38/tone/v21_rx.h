/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v21_rx: the bits of V.21, 300 bit/s, of either channel, out of whatever else is on the line. It is there to
 * recognise a signal, soon and beside noise and echoes, not to read frames: it has no carrier to find first, and
 * its clock takes hold within a few bits wherever the signal begins. Linear samples, 8 kHz.
 */
#ifndef T38_V21_RX_H
#define T38_V21_RX_H

#include <stddef.h>
#include <stdint.h>

enum v21_channel {
	V21_LOW = 1080, /* Hz, its middle: 980 is 1, 1180 is 0 (V.21 3) */
	V21_HIGH = 1750 /* 1650 is 1, 1850 is 0 */
};

#define V21_RX_STEP   4 /* samples: half a millisecond */
#define V21_RX_WINDOW 6 /* steps: nearly a bit, which is 26.7 samples */

/* PURITY: how much of the energy of the last 30 ms is this signal, 0 to 1. Where there is next to none, the bits
 * are 0. */
typedef void(v21_rx_h)(unsigned bit, float purity, void *arg);

struct v21_rx {
	v21_rx_h *handler;
	void *arg;
	float floor;	      /* energy of a window */
	uint32_t phase, turn; /* of the channel's middle; 2^32 is a cycle */
	unsigned fill;	      /* of the present step */
	int32_t re, im;
	float energy;
	float res[V21_RX_WINDOW], ims[V21_RX_WINDOW], energies[V21_RX_WINDOW]; /* of the steps */
	unsigned at;
	float soft;	    /* 1: a one; -1: a zero */
	unsigned unchanged; /* steps since a change of bits */
	float clock;	    /* of the bits; 0.5 is the middle of one */
	float all, signal;  /* energies, smoothed */
};

/* What is fainter than FLOOR_DBM0 is silence. */
void v21_rx_init(struct v21_rx *v, enum v21_channel c, float floor_dbm0, v21_rx_h *handler, void *arg);
void v21_rx_samples(struct v21_rx *v, const int16_t *samples, size_t n);

#endif
