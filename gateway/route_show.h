/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route_show: which way a call would go, in words, each step with the file and line that decides it.
 */
#ifndef GATEWAY_ROUTE_SHOW_H
#define GATEWAY_ROUTE_SHOW_H

#include <stdio.h>

#include "conf/config.h"

/*
 * Prints to F what becomes of a call for CALLED from "span" N or "peer" NAME; KIND NULL: from every enabled span and from
 * the peers. Returns 0: it goes on (from one of them); ENOENT: it is refused; EINVAL: there is no such span or peer.
 */
int route_show(const struct config *c, const char *called, const char *kind, const char *name, FILE *f);

#endif
