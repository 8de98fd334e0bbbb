/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine_v8: the V.8 of a Super-G3 fax machine (T.30 annex F), by spandsp: it answers with ANSam, or answers ANSam
 * with CM, and ends in V.34 if the other machine does the same, else in T.30 by V.21.
 */
#ifndef SIM_MACHINE_V8_H
#define SIM_MACHINE_V8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum machine_v8_state {
	MACHINE_V8_WAITS, /* a caller that has heard no ANSam: its T.30 goes on */
	MACHINE_V8_TALKS, /* nothing else is sent */
	MACHINE_V8_FELL_BACK,
	MACHINE_V8_V34, /* both agreed: no T.30 as we know it */
};

struct machine_v8;

/* DATA: it is no fax but a data modem (V.34, V.90...). 0 or ENOMEM. */
int machine_v8_alloc(struct machine_v8 **vp, bool caller, bool data);
void machine_v8_free(struct machine_v8 *v);

void machine_v8_rx(struct machine_v8 *v, const int16_t *samples, size_t n);
/* False: it says nothing of its own, and SAMPLES are as they were. */
bool machine_v8_tx(struct machine_v8 *v, int16_t *samples, size_t n);

enum machine_v8_state machine_v8_state(const struct machine_v8 *v);

#endif
