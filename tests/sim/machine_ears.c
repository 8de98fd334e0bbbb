/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/machine_ears.h"

#define CUTOFF_DBM0  (-46.0f) /* spandsp begins 2.5 dB above */
#define POWER_SHARE  (1.0f / 64)
#define LEVEL_DECAY  (1.0f - 1.44e-5f) /* half a dB a second */
#define BELOW	     0.063f	       /* 12 dB below the level there is no signal */
#define HANG_SAMPLES 80

void machine_ears_init(struct machine_ears *e, fax_state_t *fax, bool good)
{
	fsk_rx_state_t *v21 = &fax->modems.v21_rx;

	*e = (struct machine_ears){.fax = good ? fax : NULL};
	if (!good)
		return;
	fsk_rx_signal_cutoff(v21, CUTOFF_DBM0);
	e->v21_on = v21->carrier_on_power;
	e->v21_off = v21->carrier_off_power;
	v17_rx_signal_cutoff(&fax->modems.fast_modems.v17_rx, CUTOFF_DBM0);
	v29_rx_signal_cutoff(&fax->modems.fast_modems.v29_rx, CUTOFF_DBM0);
	v27ter_rx_signal_cutoff(&fax->modems.fast_modems.v27ter_rx, CUTOFF_DBM0);
}

void machine_ears_hear(struct machine_ears *e, int16_t *samples, size_t n)
{
	fsk_rx_state_t *v21;

	if (!e->fax)
		return;
	v21 = &e->fax->modems.v21_rx;
	v21->carrier_on_power = e->v21_on; /* each restart of it sets its own again */
	v21->carrier_off_power = e->v21_off;
	for (size_t i = 0; i < n; i++) {
		e->power += ((float)samples[i] * samples[i] - e->power) * POWER_SHARE;
		e->level = e->power > e->level ? e->power : e->level * LEVEL_DECAY;
		if (e->power > e->level * BELOW)
			e->open = HANG_SAMPLES;
		else if (e->open > 0)
			e->open--;
		if (!e->open)
			samples[i] = 0;
	}
}
