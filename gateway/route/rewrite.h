/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rewrite: how a rule writes the numbers of a call. Pure.
 *
 * A form is made of what a number is in E.164: of type international it says so itself; national, subscriber and
 * unknown ones are read with [numbering]: its prefixes, country and area. A number that cannot be told (11X, *21#)
 * stays as it is. After the form digits are taken off the front, others are put there, and type and plan are set.
 */
#ifndef GATEWAY_REWRITE_H
#define GATEWAY_REWRITE_H

#include "conf/config.h"
#include "gateway/base/isdn.h"

/* N in FORM, with AREA (NUL-terminated, "": none) in place of that of NUMBERING. */
void rewrite_form(const struct config_numbering *numbering, const char *area, enum config_form form,
		  struct isdn_number *n);

/*
 * Rewrites the numbers of P as R says: the called one, the calling one, and by the calling one's form those who have
 * sent the call on. Presentation and screening stay. Returns 0; ENODATA when nothing is left of the called number,
 * EMSGSIZE when it is longer than 32 digits: P is then as it was. A calling number of which that is true is left out,
 * or is as it was.
 */
int rewrite_parties(const struct config_numbering *numbering, const struct config_route *r, struct isdn_parties *p);

#endif
