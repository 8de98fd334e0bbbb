/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hold: one fax through the gateway, held to a speed until SIGUSR1 lets it go, and told event by event on standard
 * output: for tests that do something to the gateway in the middle of a fax.
 *
 *   up                     the D channel is up
 *   answered               the call is answered
 *   t38 ADDRESS            the media is T.38; where the gateway receives it
 *   frame NAME             a T.30 frame passed at the SIP peer (no name twice in succession)
 *   second call: cause N   SIGUSR2 let the exchange make another call; it is over
 *   gone                   the gateway answers its line no more
 *   over                   the call is over on both sides
 *   whole, or not whole: WHY
 */
#ifndef DEMO_HOLD_H
#define DEMO_HOLD_H

#include <stdbool.h>

#include "tests/demo/bank.h"

struct hold_params {
	const char *document; /* TIFF to send */
	const char *received; /* TIFF to write */
	bool from_line;	      /* E1 -> SIP, else SIP -> E1 */
	bool g711;	      /* the SIP peer refuses T.38 */
};

/* The handlers of the bank that hold_run() needs. */
void hold_prepare(struct bank_params *p);

/* Returns true when the fax came through whole. */
bool hold_run(struct bank *b, const struct hold_params *p);

#endif
