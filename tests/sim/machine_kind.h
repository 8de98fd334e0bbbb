/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine_kind: what makes a fax machine old or odd, set on spandsp's T.30, or done behind its back where it has no
 * setting for it.
 */
#ifndef SIM_MACHINE_KIND_H
#define SIM_MACHINE_KIND_H

#include "tests/sim/spandsp_machine.h"

#include "tests/sim/machine.h"

/* K must outlive T30. TURNS: it sends first, and polls when that is done. */
struct machine_kind_state {
	const struct machine_kind *kind;
	t30_state_t *t30;
	bool turns, sent;
	bool nonstandard; /* has come */
};

void machine_kind_init(struct machine_kind_state *s, const struct machine_kind *k, t30_state_t *t30, bool turns);
/* After each block that the machine has heard. */
void machine_kind_heard(struct machine_kind_state *s);
/* A frame has come. */
void machine_kind_frame(struct machine_kind_state *s, const uint8_t *frame, size_t octets);
/* True while what it would say is a tone that this machine does not send. */
bool machine_kind_is_mute(const struct machine_kind_state *s);

#endif
