/* SPDX-License-Identifier: GPL-2.0-only */
/* Mend of a peer that is too far ahead of the line: its queues are finite. */
#include "gateway/base/log.h"

#include "mend.h"
#include "relay_own.h"

/* Of the 256 places in the queue of frames and signals: kept free for the ends of signals, and for what the other mends
 * put in. */
#define SIGNAL_PLACES 16
#define LAST_PLACES   4
#define PACKET_OCTETS 1024 /* more than one packet may bring */

static unsigned free_places(const t38_gateway_hdlc_state_t *u)
{
	return T38_TX_HDLC_BUFS - 1 - (unsigned)(u->in - u->out + T38_TX_HDLC_BUFS) % T38_TX_HDLC_BUFS;
}

static unsigned free_octets(const t38_non_ecm_buffer_state_t *b)
{
	return T38_NON_ECM_TX_BUF_LEN - 1 -
	       (unsigned)(b->in_ptr - b->out_ptr + T38_NON_ECM_TX_BUF_LEN) % T38_NON_ECM_TX_BUF_LEN;
}

static bool is_full(struct relay *r, const struct ifp *ip)
{
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;
	unsigned places = free_places(u);

	if (places <= LAST_PLACES)
		return true;
	if (ip->indicator || ip->nfields == 0)
		return false;
	if (ip->field[0].type == IFP_NON_ECM_DATA)
		return free_octets(&r->gw.core.non_ecm_to_modem) < PACKET_OCTETS;
	if (ip->field[0].type != IFP_HDLC_DATA || places > SIGNAL_PLACES || u->buf[u->in].len > 0)
		return false;
	r->dry = (int)ip->kind;
	return mend_dry_rest(r, ip); /* the frame is left out to its end, and that of its signal is not */
}

/*
 * Mend: what comes faster than the line can take it (a peer that does not keep a fax's pace, or one that sends at once
 * what a stalled network has held) is written over what is still to be sent, and the queue that has come round is taken
 * for an empty one: 256 frames are lost, or 16 thousand octets of a page, and nobody is told. New frames and data are
 * left out here, which T.30 asks for again or counts as damage, and the ends of signals still get through. In version 3
 * too.
 */
bool mend_full_queue(struct relay *r, const struct ifp *ip)
{
	unsigned held;

	if (!is_full(r, ip))
		return false;
	r->stats.ifp_overrun++;
	if (log_limit_pass(&r->full_log, r->now_us, &held))
		log_warning(r->prefix,
			    "peer sends faster than the line: packet dropped, its queue is full (%u more before it)",
			    held);
	return true;
}
