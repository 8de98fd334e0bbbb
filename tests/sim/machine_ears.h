/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine_ears: a machine on a line that hears as a good one does: down to -43 dBm0 (spandsp's own hears V.21 from -30
 * dBm0 on), and with a squelch that follows the level of what it hears: spandsp's own, on a noisy line, waits for ever
 * for the other side to be still.
 */
#ifndef SIM_MACHINE_EARS_H
#define SIM_MACHINE_EARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "t38/spandsp_version.h"

struct machine_ears {
	fax_state_t *fax; /* NULL: as spandsp hears */
	int32_t v21_on, v21_off;
	float power, level; /* squares: now, and of the signals */
	unsigned open;	    /* samples until the squelch closes */
};

void machine_ears_init(struct machine_ears *e, fax_state_t *fax, bool good);
/* N samples that the machine is about to hear, in place. */
void machine_ears_hear(struct machine_ears *e, int16_t *samples, size_t n);

#endif
