/* SPDX-License-Identifier: GPL-2.0-only */
/* Mends of HDLC frames from the line. */
#include "mend.h"
#include "relay_own.h"

/*
 * Mend: after an HDLC abort or a broken frame five flags in a row were needed to find the framing again. Between ECM
 * frames there is but one, so one click cost the rest of the partial page. Once a signal is known to be HDLC one flag
 * is enough. Not needed after fcf32d6.
 */
void mend_hdlc_framing(struct relay *r)
{
	hdlc_rx_state_t *hdlc = &r->gw.audio.modems.hdlc_rx;

	if (!hdlc->framing_ok_announced || hdlc->framing_ok_threshold == 1)
		return;
	if (hdlc->flags_seen >= hdlc->framing_ok_threshold) {
		hdlc->framing_ok_threshold = 1;
		hdlc->flags_seen = 1;
	}
}
