/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mend_v17: a mend for spandsp's V.17 receiver, which as Debian builds it fails about every fourth short training.
 *
 * In the short training it takes two symbols of ABAB and asks which was A by the difference of their angles. That
 * difference is of type int and may overflow, which C leaves undefined; compilers make it a plain comparison, wrong
 * for one starting phase in four. The receiver then looks for the end of ABAB half a turn off, "hears" it at once and
 * does not converge. On a line without drift every attempt begins at the same phase, so the fax is lost. In version 3
 * too, where it is left to -fwrapv: who builds it builds it so (README.md).
 *
 * The receiver reports each symbol to a handler; there the decision is checked, and taken again when it was wrong.
 */
#ifndef T38_MEND_V17_H
#define T38_MEND_V17_H

#include <stdbool.h>

#include "t38/spandsp_version.h"

struct mend_v17 {
	v17_rx_state_t *rx;
	bool deciding; /* the next symbol is the second of the two */
};

/* Watches RX from now on; both must live as long as it is used. It takes RX's only symbol handler. */
void mend_v17_init(struct mend_v17 *m, v17_rx_state_t *rx);

#endif
