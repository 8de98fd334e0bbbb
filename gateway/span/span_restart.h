/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span_restart: RESTART of a span's B channels (Q.931 5.5), one after the other: all of them when the line comes up,
 * and those an operator names.
 */
#ifndef GATEWAY_SPAN_RESTART_H
#define GATEWAY_SPAN_RESTART_H

#include "gateway/span/span.h"

/* Restarts every B channel, if the configuration wants it and it was not done since the line or the D channel was
 * lost. */
void span_restart_at_start(struct span *s);
/* Restarts TIMESLOTS (all B channels of S) for an operator. Those in a call are left out, or with FORCE their call is
 * cleared. The answer gets a row for each channel as it is done, and its end. */
void span_restart_ask(struct span *s, uint32_t timeslots, bool force, const struct answer *to);
/* The other side has acknowledged the RESTART of TIMESLOT (0: of whichever is out). */
void span_restart_acknowledged(struct span *s, unsigned timeslot);
/* The D channel is down: what is not restarted yet will not be. */
void span_restart_stop(struct span *s);
/* The handler of the span's timer. */
void span_restart_timeout(void *arg);

#endif
