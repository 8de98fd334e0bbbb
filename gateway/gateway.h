/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gateway: the spans and the SIP side together: one thread a span, one for SIP, one for the control
 * socket.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "conf/config.h"
#include "gateway/base/net.h"

struct gateway;

/* Builds everything: sockets are bound, links created; no thread runs yet. Returns 0 or errno; the reason is logged. */
int gateway_alloc(struct gateway **gp, const struct config *c, struct net *net);
void gateway_free(struct gateway *g);

/* Starts the threads. 0 or errno. */
int gateway_start(struct gateway *g);

/* Takes no more calls; clears those there are, or lets them end for at most drain_timeout (config stop=drain); then
 * ends the threads. Blocks until they have ended. CUT (may be NULL) is asked now and then: true ends the draining. */
void gateway_stop(struct gateway *g, bool (*cut)(void));

#endif
