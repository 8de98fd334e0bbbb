/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span_line: the line of a span, by the driver that its configuration names.
 */
#ifndef GATEWAY_SPAN_LINE_H
#define GATEWAY_SPAN_LINE_H

#include "conf/config.h"
#include "dahdi/line.h"
#include "gateway/base/net.h"

/* PREFIX and NET must outlive the line. Returns 0 or errno; the reason is logged. */
int span_line_alloc(struct line **lp, const struct config_span *s, const char *prefix, struct net *net);

#endif
