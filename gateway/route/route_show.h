/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route_show: which way a call would go, in words, each step with the file and line that decides it.
 */
#ifndef GATEWAY_ROUTE_SHOW_H
#define GATEWAY_ROUTE_SHOW_H

#include <stdio.h>

#include "conf/config.h"

struct route_show_params {
	const char *called, *calling; /* as in SIP: '+' is of type international; calling NULL: none */
	const char *type;	      /* of the called number, "national"; NULL: as it is written */
	const char *kind, *name;      /* where it comes from: "span" N or "peer" NAME; NULL: from everywhere */
};

/* Prints to F what becomes of a call. Returns 0: it goes on (from somewhere); ENOENT: it is refused; EINVAL: there is
 * no such span or peer; EDOM: there is no such type. */
int route_show(const struct config *c, const struct route_show_params *p, FILE *f);

#endif
