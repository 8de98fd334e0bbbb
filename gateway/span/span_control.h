/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span_control: what an operator sees of a span, and does to it: channels, calls, counters; blocking, RESTART,
 * clearing.
 */
#ifndef GATEWAY_SPAN_CONTROL_H
#define GATEWAY_SPAN_CONTROL_H

#include "gateway/span/span.h"

/* Carries out M, a MSG_COMMAND for a span, and answers it: at once, but for RESTART. Columns: control.c. */
void span_control(struct span *s, const struct msg *m);

#endif
