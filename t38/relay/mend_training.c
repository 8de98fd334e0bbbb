/* SPDX-License-Identifier: GPL-2.0-only */
/* Mends of what a T.30 frame means for the trainings and signals that follow it. */
#include "mend.h"
#include "relay_own.h"

#define TIMED_MODE_IDLE 1 /* as spandsp's t38_gateway.c has it: no training is to be announced before it is heard */

static int v21_alone(void *v21, const int16_t samples[], int n)
{
	return fsk_rx(v21, samples, n);
}

static int v21_alone_fillin(void *v21, int n)
{
	return fsk_rx_fillin(v21, n);
}

/* What spandsp does itself when no image modem is expected. */
static void listen_to_v21_alone(t38_gateway_audio_state_t *a)
{
#if SPANDSP_3
	fax_modems_set_rx_handler(&a->modems, v21_alone, &a->modems.v21_rx, v21_alone_fillin, &a->modems.v21_rx);
#else
	a->base_rx_handler = v21_alone;
	a->base_rx_fillin_handler = v21_alone_fillin;
	a->modems.rx_user_data = &a->modems.v21_rx;
	if (a->modems.rx_handler != span_dummy_rx) { /* deaf while it sends; then the base handler takes over */
		a->modems.rx_handler = v21_alone;
		a->modems.rx_fillin_handler = v21_alone_fillin;
	}
#endif
}

static void forget_image_modem(struct relay *r)
{
	r->gw.core.fast_rx_active = FAX_MODEM_NONE;
	listen_to_v21_alone(&r->gw.audio);
}

/*
 * Mend: in version 3 alone all image modems share one memory. A CTC or a DCS from the line names another one, and while
 * the one before still runs its end of carrier begins the new one, in the midst of the old one's samples, which then
 * writes into it; a training that the peer sends while the line's receiver waits overwrites that. The old one is not
 * run any more.
 */
void mend_shared_memory(struct relay *r)
{
#if SPANDSP_3
	int active = r->gw.core.fast_rx_active;

	if (active != FAX_MODEM_NONE && (r->gw.core.fast_rx_modem != active || r->gw.audio.modems.fast_modem != active))
		forget_image_modem(r);
#endif
}

/*
 * Mend: FTT is not looked at, and RTN and RTP only half. The receiver then waits with V.17's short training for
 * what is DCS in V.21 and a TCF with long training: it takes the DCS for a signal of its own and the next training
 * fails too. Not needed after 227b312, but for the receiver that is already running, and RTN and RTP.
 */
void mend_retrain(struct relay *r, bool from_line)
{
	r->gw.core.image_data_mode = FALSE;
	r->gw.core.short_train = FALSE;
	if (from_line)
		return;
	r->gw.core.fast_rx_modem = FAX_MODEM_NONE;
	forget_image_modem(r);
}

/*
 * Mend: CFR is only known without the X bit, which a receiver sets who has received DIS (T.30 5.3.6.1: one that
 * polls, or after a turnaround): the page after it was taken for one more TCF, and in ECM nothing of it came
 * through. So is CTC. In version 3 too.
 */
void mend_cfr(struct relay *r, bool from_line)
{
	fax_modems_state_t *m = &r->gw.audio.modems;

	r->gw.core.image_data_mode = TRUE;
	r->gw.core.short_train = TRUE;
	/* the only way from outside to have the receivers begin anew, for a page */
	if (!from_line && !m->hdlc_rx.framing_ok_announced)
		m->v21_rx.put_bit(m->v21_rx.put_bit_user_data, SIG_STATUS_CARRIER_DOWN);
}

/*
 * Mend: DTC is taken for a DCS: its capabilities for a rate, and a training is announced to the peer 75 ms after
 * it that does not come. What comes is the peer's DCS. In version 3 the peer's DTC does it.
 */
void mend_dtc(struct relay *r)
{
	r->gw.core.fast_bit_rate = 0;
	r->gw.core.fast_rx_modem = FAX_MODEM_NONE;
	r->gw.core.min_row_bits = 0;
	r->gw.core.ecm_mode = FALSE;
	r->gw.core.timed_mode = TIMED_MODE_IDLE;
}

/*
 * Mend: CTC (T.30 5.3.6.1.7) is only known without the X bit, which a sender who has received DIS sets. Its rate was
 * missed, and the long training after it. In version 3 too.
 */
void mend_ctc(struct relay *r, bool from_line, const uint8_t *frame, int len)
{
	static const struct {
		uint8_t code;
		int modem, rate;
	} codes[] = {
		{0x20, FAX_MODEM_V17_RX, 14400},   {0x28, FAX_MODEM_V17_RX, 12000},   {0x24, FAX_MODEM_V17_RX, 9600},
		{0x2c, FAX_MODEM_V17_RX, 7200},	   {0x04, FAX_MODEM_V29_RX, 9600},    {0x0c, FAX_MODEM_V29_RX, 7200},
		{0x08, FAX_MODEM_V27TER_RX, 4800}, {0x00, FAX_MODEM_V27TER_RX, 2400},
	}; /* T.30 table 2, bits 11 to 14 of a DCS */
	size_t i;

	r->gw.core.short_train = FALSE;
	if (len < 5)
		return;
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if ((frame[4] & 0x3c) != codes[i].code)
			continue;
		r->gw.core.fast_bit_rate = codes[i].rate;
		if (from_line)
			r->gw.core.fast_rx_modem = codes[i].modem;
	}
}

/*
 * Mend: the buffer towards the line starts each signal as the last one ended: after a page a new DCS's TCF went
 * through the rules for pages and came out mangled. Not needed after 0c0d76d.
 */
void mend_buffer_mode(struct relay *r)
{
	t38_non_ecm_buffer_state_t *b = &r->gw.core.non_ecm_to_modem;

	if (!b->image_data_mode != !r->gw.core.image_data_mode)
		t38_non_ecm_buffer_init(b, r->gw.core.image_data_mode, r->gw.core.min_row_bits);
}
