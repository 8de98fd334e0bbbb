/* SPDX-License-Identifier: GPL-2.0-only */
/* Mends of frames to the line whose octets come too late: packets are missing, or are waited for. */
#include "gateway/base/clock.h"

#include "mend.h"
#include "relay_own.h"

/* How long V.21 goes on with nothing from the peer: after the preamble's indicator, which is a second ahead of the frame
 * (15 % more or less), and of a peer that sends frames whole ahead of its end: of the longest answer, a PPR, 1 s more;
 * and after a piece of a frame. */
#define PREAMBLE_ALONE_US (2400 * MS_US)
#define PIECE_ALONE_US	  (800 * MS_US)

/* What spandsp's t38_gateway.c notes of a buffer of its queue towards the line. */
enum { KIND_MASK = 0xff, DATA = 0x200 };  /* contents */
enum { FINISHED = 0x01, PROCEED = 0x04 }; /* flags */

/*
 * Mend: a frame whose octets come too slowly (a packet is missing and is waited for) runs the transmitter dry, which
 * then ends the frame there, with a good FCS: the machine takes a cut PPR or a cut line of the page for a whole one.
 * The FCS of a frame that is about to run dry is spoilt, once, so that it is asked for again. In no version.
 */
void mend_dry_frame(struct relay *r, size_t samples)
{
	t38_gateway_hdlc_state_t *queue = &r->gw.core.hdlc_to_modem;
	hdlc_tx_state_t *tx = &r->gw.audio.modems.hdlc_tx;
	bool v21 = (queue->buf[queue->out].contents & 0xff) == T38_DATA_V21;
	size_t soon = v21 ? 0 : samples * (size_t)r->gw.core.fast_bit_rate / 64000 + 1;

	if (queue->out != r->spoilt)
		r->spoilt = -1;
	if (r->spoilt >= 0 || tx->len == 0 || (queue->buf[queue->out].flags & FINISHED))
		return;
	if (tx->pos > tx->len || tx->pos + soon < tx->len)
		return;
	/* not what hdlc_tx_corrupt_frame() does: spandsp's own may yet come on top, and both together must not be
	 * good */
	tx->crc ^= 0x5555;
	r->spoilt = queue->out;
	r->stats.frames_cut++;
}

int mend_dry_kind(const struct relay *r)
{
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;
	const t38_gateway_hdlc_buf_t *b = &u->buf[u->in];

	return u->in == u->out && (b->contents & DATA) && !(b->flags & FINISHED) ? b->contents & KIND_MASK : -1;
}

/*
 * Mend: the frame that ran dry was the last in the queue, still open: what is sent from is then one ahead of what is
 * filled. All that comes is put behind it: the end of the signal never comes to the line, whose machine waits 3 s for
 * the carrier to stop and gives the call up. What is sent from is put back; and the rest of that frame is to be left
 * out, or it would be a frame of its own, with a good FCS. In version 3 too.
 */
void mend_dry_end(struct relay *r, int kind)
{
	t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;

	if (kind < 0 || u->out != (u->in + 1) % T38_TX_HDLC_BUFS)
		return;
	u->out = u->in;
	r->dry = kind;
}

bool mend_dry_rest(struct relay *r, const struct ifp *ip)
{
	uint8_t end[IFP_END_OCTETS];
	bool signal_ends = false;

	if (r->dry < 0)
		return false;
	if (ip->indicator || (int)ip->kind != r->dry) {
		r->dry = -1;
		return false;
	}
	/* Another frame that begins in the same packet is left out with it. */
	for (unsigned i = 0; i < ip->nfields; i++) {
		unsigned type = ip->field[i].type;

		r->dry = type == IFP_HDLC_DATA ? (int)ip->kind : -1;
		signal_ends |=
			type == IFP_HDLC_SIG_END || type == IFP_HDLC_FCS_OK_SIG_END || type == IFP_HDLC_FCS_BAD_SIG_END;
	}
	limit_frame_broken(&r->limit, LIMIT_TO_LINE);
	if (signal_ends)
		relay_insert(r, end, ifp_write_end(end, r->version, ip->kind, IFP_HDLC_SIG_END));
	return true;
}

/*
 * Mend: where nothing more comes of a signal in V.21, neither its frame nor its end, it goes on in flags. A machine
 * waits 3 s for the carrier to stop (T.30 5.4.3.1, T2 and T4 do not run meanwhile) and then gives the call up, while
 * the other one is about to repeat its command. It ends in time; what comes late begins a signal of its own. In version
 * 3 too.
 */
void mend_lone_signal(struct relay *r)
{
	static const struct ifp no_signal = {.indicator = true, .kind = IFP_IND_NO_SIGNAL};
	static const uint8_t packet[] = {IFP_IND_NO_SIGNAL << 1};
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;
	int64_t most_us = r->heard_data ? PIECE_ALONE_US : PREAMBLE_ALONE_US;

	if (r->gw.t38x.t38.current_rx_indicator != T38_IND_V21_PREAMBLE || r->now_us - r->heard_us < most_us)
		return;
	if (u->in != u->out || (u->buf[u->in].flags & PROCEED))
		return;		   /* the line is behind */
	if (u->buf[u->in].len > 0) /* the first octets: a frame is begun when there are eight */
		r->dry = T38_DATA_V21;
	mend_open_frame(r, &no_signal);
	relay_insert(r, packet, sizeof(packet));
}
