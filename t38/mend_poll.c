/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mends of polling (T.30 DTC) and of turning round, where the station that had the DIS is the receiver, so that its responses have the
 * X bit (T.30 5.3.6.1).
 */
#include "mend.h"
#include "relay_own.h"

#define X_BIT	0x01
#define FCF_DTC 0x81
#define FCF_CFR 0x84
#define FCF_CTR 0xc4
#define FCF_RTP 0xcc
#define FCF_RTN 0x4c

/* Spandsp's TIMED_MODE_IDLE, which it keeps to itself: no training is going to be announced before it is heard. */
#define TIMED_MODE_IDLE 1

/*
 * Mend: DTC is taken for a DCS: what the machine could receive (V.17 "7200"), for what it will send. A training was announced to the
 * peer that did not come, and the receiver did not hear the next frames of V.21.
 */
static void mend_dtc(struct relay *r)
{
	r->gw.core.timed_mode = TIMED_MODE_IDLE;
	r->gw.core.fast_rx_modem = FAX_MODEM_NONE;
	r->gw.core.fast_bit_rate = 0;
	r->gw.core.min_row_bits = 0;
	r->gw.core.ecm_mode = FALSE;
}

/* The receiver of the page that is coming is already waiting, with the bits of a TCF in mind. Spandsp's own way of starting anew
 * cannot be called from here; what it would do with ECM is to read the bits as it reads those of V.21. */
static void read_frames(struct relay *r)
{
	fax_modems_state_t *m = &r->gw.audio.modems;
	put_bit_func_t put_bit = m->v21_rx.put_bit;
	void *arg = m->v21_rx.put_bit_user_data;

	switch (r->gw.core.fast_rx_active) {
	case FAX_MODEM_V27TER_RX:
		v27ter_rx_set_put_bit(&m->fast_modems.v27ter_rx, put_bit, arg);
		break;
	case FAX_MODEM_V29_RX:
		v29_rx_set_put_bit(&m->fast_modems.v29_rx, put_bit, arg);
		break;
	case FAX_MODEM_V17_RX:
		v17_rx_restart(&m->fast_modems.v17_rx, r->gw.core.fast_bit_rate, TRUE);
		v17_rx_set_put_bit(&m->fast_modems.v17_rx, put_bit, arg);
		break;
	}
}

/*
 * Mend: responses are only known without the X bit. After a CFR with it the page was taken for another TCF, its short training and its
 * ECM frames were not expected; after CTR, RTP and RTN the next training was not a long one.
 */
static void mend_response(struct relay *r, bool from_line, uint8_t fcf)
{
	switch (fcf) {
	case FCF_CFR:
		r->gw.core.image_data_mode = TRUE;
		r->gw.core.short_train = TRUE;
		if (!from_line && r->gw.core.ecm_mode)
			read_frames(r);
		break;
	case FCF_CTR:
		r->gw.core.short_train = FALSE;
		break;
	case FCF_RTP:
	case FCF_RTN:
		r->gw.core.image_data_mode = FALSE;
		r->gw.core.short_train = FALSE;
		break;
	}
}

void mend_poll(struct relay *r, bool from_line, const uint8_t *frame)
{
	if (frame[2] == FCF_DTC)
		mend_dtc(r);
	else if (frame[2] & X_BIT)
		mend_response(r, from_line, frame[2] & (uint8_t)~X_BIT);
}
