/* SPDX-License-Identifier: GPL-2.0-only */
/* Mend of frames in V.21 from the line whose carrier is cut. */
#include "gateway/base/clock.h"

#include "mend.h"
#include "relay_own.h"

/* What is silent for longer is the end. A cut of 100 ms, the carrier found again, a flag of 27 ms. */
#define HOLD_US (250 * MS_US)

void mend_cut_signal_frame(struct relay *r)
{
	r->hold.has_frame = true;
}

/* The end that was kept is one. */
static void end(struct relay *r)
{
	uint8_t packet[IFP_END_OCTETS], no_signal[1] = {T38_IND_NO_SIGNAL << 1};

	r->hold.until_us = 0;
	relay_insert_out(r, packet, ifp_write_end(packet, r->version, IFP_DATA_V21, IFP_HDLC_SIG_END));
	relay_insert_out(r, no_signal, sizeof(no_signal));
}

/*
 * Mend: where the carrier is lost before the first frame of a signal, the peer is told at once that the signal is over,
 * and of a new one, after a preamble of five flags, when it comes back. A terminal of spandsp's waits 200 ms for that
 * (T2B): a cut of 100 ms in the preamble of a PPS, and the fax was lost, by a DIS into the PPS. The end is kept back
 * for a while, and does not count if V.21 goes on. After a frame it is none of ours: a TSI may have a burst of its own.
 * In version 3 too.
 */
enum mend_cut mend_cut_signal(struct relay *r, const struct ifp *ip)
{
	if (ip->indicator && ip->kind == T38_IND_V21_PREAMBLE) {
		bool goes_on = r->hold.until_us;

		r->hold.until_us = 0;
		r->hold.has_frame = false;
		return goes_on ? MEND_CUT_DROP : MEND_CUT_PASS;
	}
	if (r->hold.until_us) {
		if (ip->indicator && ip->kind == T38_IND_NO_SIGNAL)
			return MEND_CUT_DROP;
		end(r);
		return MEND_CUT_PASS_LATER;
	}
	if (ip->indicator || ip->kind != IFP_DATA_V21 || ip->nfields != 1 || ip->field[0].type != IFP_HDLC_SIG_END ||
	    r->hold.has_frame)
		return MEND_CUT_PASS;
	r->hold.until_us = r->now_us + HOLD_US;
	return MEND_CUT_DROP;
}

void mend_cut_signal_end(struct relay *r)
{
	if (r->hold.until_us && r->now_us >= r->hold.until_us)
		end(r);
}

void mend_cut_signal_framing(struct relay *r)
{
	hdlc_rx_state_t *hdlc = &r->gw.audio.modems.hdlc_rx;

	if (r->hold.until_us && !hdlc->framing_ok_announced && r->gw.t38x.current_tx_data_type == T38_DATA_V21)
		hdlc->framing_ok_threshold = 1;
}
