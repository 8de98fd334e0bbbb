/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v21_listen: hears the T.30 frames in one direction of a fax that passes in G.711. It only listens: nothing is
 * changed or delayed. Linear samples, 8 kHz.
 */
#ifndef T38_V21_LISTEN_H
#define T38_V21_LISTEN_H

#include <stddef.h>
#include <stdint.h>

struct v21_listen;

struct v21_listen_handlers {
	/* A frame with a good FCS, as t38/t30/t30.h wants it: address, control, FCF, FIF, without FCS. */
	void (*frame)(const uint8_t *frame, size_t octets, void *arg);
	/* May be NULL. A signal that is not V.21 has lasted for V21_LISTEN_SIGNAL_MS: in a fax a TCF or a page, but
	 * it may be anything. Once for each signal. */
	void (*signal)(void *arg);
	void *arg;
};

/* The training check lasts 1.5 s (T.30 table 2 note to TCF), with the modem's own training before it; a page longer. */
#define V21_LISTEN_SIGNAL_MS 1500

int v21_listen_alloc(struct v21_listen **vp, const struct v21_listen_handlers *h); /* 0 or ENOMEM */
void v21_listen_free(struct v21_listen *v);
/* Grows as long as there is any signal to be heard, of whatever kind. */
uint64_t v21_listen_heard(const struct v21_listen *v);
void v21_listen_samples(struct v21_listen *v, const int16_t *samples, size_t n);

#endif
