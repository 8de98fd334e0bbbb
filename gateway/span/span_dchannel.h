/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span_dchannel: what a span does with its D channel's events: SETUPs are given a channel and a leg, or refused;
 * channels are taken out of service and back.
 */
#ifndef GATEWAY_SPAN_DCHANNEL_H
#define GATEWAY_SPAN_DCHANNEL_H

#include "gateway/span/span.h"

/* The handler for pri_link; ARG is the span. */
void span_dchannel_event(const struct pri_event_data *e, void *arg);

#endif
