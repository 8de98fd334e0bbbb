/* SPDX-License-Identifier: GPL-2.0-only */
/* Mends of how the line's carriers are found: their levels, and V.29 where there is only V.21. */
#include <math.h>

#include "mend.h"
#include "relay_own.h"

/* Where a signal ends: spandsp begins 2.5 dB above this and stops 2.5 dB below, so at first -43 dBm0 is heard, as
 * T.30 wants. */
#define CUTOFF_LOWEST_DBM0  (-46.0f)
#define CUTOFF_HIGHEST_DBM0 (-28.0f)
#define CUTOFF_BELOW_DB	    9.0f /* below the line's V.21, whose meter shows 6 too few: 15 dB in truth */

static void set_image_cutoff(struct relay *r)
{
	fax_modems_state_t *m = &r->gw.audio.modems;
	bool all = !SPANDSP_3; /* there they are in one place, and each begins with the old level */
	int active = r->gw.core.fast_rx_active;

	if (all || active == FAX_MODEM_V17_RX)
		v17_rx_signal_cutoff(&m->fast_modems.v17_rx, r->cutoff_dbm0);
	if (all || active == FAX_MODEM_V29_RX)
		v29_rx_signal_cutoff(&m->fast_modems.v29_rx, r->cutoff_dbm0);
	if (all || active == FAX_MODEM_V27TER_RX)
		v27ter_rx_signal_cutoff(&m->fast_modems.v27ter_rx, r->cutoff_dbm0);
}

static void set_cutoff(struct relay *r, float dbm0)
{
	fax_modems_state_t *m = &r->gw.audio.modems;

	r->cutoff_dbm0 = dbm0;
	fsk_rx_signal_cutoff(&m->v21_rx, dbm0);
	r->v21_on_power = m->v21_rx.carrier_on_power;
	r->v21_off_power = m->v21_rx.carrier_off_power;
	set_image_cutoff(r);
}

void mend_cutoff_begin(struct relay *r)
{
	set_cutoff(r, CUTOFF_LOWEST_DBM0);
}

/*
 * Mend: the thresholds are fixed, each modem's at another level. V.21 fainter than -30 dBm0 is not heard (every
 * restart of the receivers sets that again); and on a line noisier than -48 dBm0 the carrier of V.17 and V.27ter
 * never ends, however loud the fax. Here they begin low and follow the level of the frames the line sends. Version
 * 3 hears V.21 down to -39 dBm0; the rest is the same there.
 */
void mend_cutoff(struct relay *r)
{
	float dbm0 = fsk_rx_signal_power(&r->gw.audio.modems.v21_rx) - CUTOFF_BELOW_DB;

	dbm0 = fmaxf(CUTOFF_LOWEST_DBM0, fminf(CUTOFF_HIGHEST_DBM0, dbm0));
	if (fabsf(dbm0 - r->cutoff_dbm0) > 2.0f)
		set_cutoff(r, dbm0);
}

void mend_keep_cutoff(struct relay *r)
{
	fsk_rx_state_t *v21 = &r->gw.audio.modems.v21_rx;

	v21->carrier_on_power = r->v21_on_power;
	v21->carrier_off_power = r->v21_off_power;
	if (SPANDSP_3)
		set_image_cutoff(r);
}

/* V.21's channel 2 lies between 1550 and 1950 Hz, where 2 samples make nearly half a turn and 4 nearly a whole one;
 * V.29 fills 2400 Hz. Pure tones (CED, the talker echo protection tone) look like V.21 here, and are no image. */
bool relay_is_v21(const int16_t *x, size_t n)
{
	float r0 = 0, r2 = 0, r4 = 0;
	size_t i;

	for (i = 4; i < n; i++) {
		r0 += (float)x[i] * x[i];
		r2 += (float)x[i] * x[i - 2];
		r4 += (float)x[i] * x[i - 4];
	}
	return r2 < -0.78f * r0 && r4 > 0.42f * r0;
}

/*
 * Mend: while both V.21 and V.29 may come, the receiver of V.29 at times trains on V.21: the peer is told of a
 * training that is none, and a frame is lost. As long as what comes can only be V.21 it is put back to its beginning.
 * In version 3 it is rarer (a478265).
 */
void mend_false_training(struct relay *r, const int16_t *block, size_t n)
{
	fax_modems_state_t *m = &r->gw.audio.modems;
	v29_rx_state_t *v29 = &m->fast_modems.v29_rx;
	power_meter_t power = v29->power;
	int present = v29->signal_present;

	if (r->gw.core.fast_rx_active != FAX_MODEM_V29_RX || m->rx_trained || m->rx_handler == span_dummy_rx)
		return;
	if (!relay_is_v21(block, n))
		return;
	v29_rx_restart(v29, r->gw.core.fast_bit_rate, FALSE);
	v29->power = power; /* else it would report the carrier again, and that begins V.21's frame anew */
	v29->signal_present = present;
}
