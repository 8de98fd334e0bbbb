/* SPDX-License-Identifier: GPL-2.0-only */
/* Mends of HDLC frames from the line. */
#include "mend.h"
#include "relay_own.h"

#define HDLC_LAG_OCTETS 2 /* spandsp keeps so many back, which may be the FCS */

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

/*
 * Mend: of a frame that is broken off (an abort, a click, too many octets, the end of the carrier) the peer has
 * some octets already. It is not told so, and takes the next frame's octets, with a good FCS, for the rest of it.
 * The frame is given a bad FCS. Not needed after 4f29e7b, but for the end of the carrier.
 */
bool mend_cut_frame(struct relay *r, const struct ifp *ip, uint8_t *packet)
{
	size_t have = (size_t)r->gw.audio.modems.hdlc_rx.len, n, was = r->cut.octets;
	unsigned kind = r->cut.kind;

	if (!ip->indicator && ip->nfields == 1 && ip->field[0].type == IFP_HDLC_DATA) {
		n = ip->field[0].len + HDLC_LAG_OCTETS;
		r->cut.octets = have > HDLC_LAG_OCTETS ? have - HDLC_LAG_OCTETS : 0;
		r->cut.kind = ip->kind;
		if (have >= n && have - n == was)
			return false;
	} else {
		r->cut.octets = 0;
		if (!ip->indicator && ip->nfields == 1 &&
		    (ip->field[0].type == IFP_HDLC_FCS_OK || ip->field[0].type == IFP_HDLC_FCS_BAD))
			return false;
	}
	if (was == 0)
		return false;
	ifp_write_end(packet, r->version, kind, IFP_HDLC_FCS_BAD);
	return true;
}
