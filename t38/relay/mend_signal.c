/* SPDX-License-Identifier: GPL-2.0-only */
/* Mends of the signals towards the line: their frames and their ends. */
#include "local_tcf.h"
#include "mend.h"
#include "relay_own.h"

/* What spandsp's t38_gateway.c notes of a buffer of its queue towards the line. */
enum { KIND_MASK = 0xff, INDICATOR = 0x100, DATA = 0x200 }; /* contents */
enum { FINISHED = 0x01, CORRUPT = 0x02, PROCEED = 0x04 };   /* flags */
/* ...and t38_non_ecm_buffer.c of the input of its own */
enum { TCF_NOTHING_YET = 0 };

/* A gap in the packets is waited for 300 ms at most as it is installed, and jitter comes on top. */
#define LATE_ZEROS_MS 400

/*
 * Mend: what a peer of T.38 version 3 says of V.8, V.33 and V.34 is queued as a signal, and is none: the line is
 * silent, and keeps what was before it. ANSam becomes the CED that it is to a machine of Group 3, which goes on without
 * V.8; the rest is left out, so that the peer hears no answer to it and does the same.
 */
bool mend_foreign(struct ifp *ip, uint8_t *packet)
{
	if (ip->kind <= (ip->indicator ? T38_IND_V17_14400_LONG_TRAINING : T38_DATA_V17_14400))
		return false;
	if (!ip->indicator || ip->kind != T38_IND_V8_ANSAM)
		return true;
	ip->kind = T38_IND_CED;
	ip->octets = 1;
	packet[0] = T38_IND_CED << 1;
	return false;
}

/*
 * Mend: an end of signal that comes again, or on its own after one that came with the FCS, made spandsp invent a
 * preamble or a training on the line. True if the packet is such an end. In version 3 too (its pull request 86).
 */
bool mend_second_sig_end(const struct relay *r, const struct ifp *ip)
{
	return !ip->indicator && ip->nfields == 1 && ip->field[0].len == 0 &&
	       (ip->field[0].type == IFP_HDLC_SIG_END || ip->field[0].type == IFP_NON_ECM_SIG_END) &&
	       r->gw.t38x.t38.current_rx_indicator == T38_IND_NO_SIGNAL;
}

/*
 * Mend: a CNG towards the line goes on for ever, half a second of every 3.5, and what the peer sends next waits
 * for the end of its silence: a DCS came 3 s late, when the machine on the line had given up waiting and sent its
 * DIS again. The tone ends when another signal begins. In version 3 too.
 */
void mend_cng(struct relay *r, const struct ifp *ip)
{
	fax_modems_state_t *m = &r->gw.audio.modems;

	if (!ip->indicator || ip->kind == T38_IND_NO_SIGNAL || ip->kind == T38_IND_CNG ||
	    m->tx_handler != SPANDSP_TX_HANDLER(modem_connect_tones_tx) ||
	    m->connect_tx.tone_type != MODEM_CONNECT_TONES_FAX_CNG)
		return;
	silence_gen_alter(&m->silence_gen, 0);
	m->tx_handler = SPANDSP_TX_HANDLER(silence_gen);
	m->tx_user_data = &m->silence_gen;
}

/*
 * Mend: an indicator, or data of another kind, that comes before a frame's FCS leaves the frame in the queue for
 * good, and nothing behind it is ever sent. The frame is given an FCS, a bad one, first.
 */
void mend_open_frame(struct relay *r, const struct ifp *ip)
{
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;
	int contents = u->buf[u->in].contents, kind = contents & KIND_MASK;
	t38_core_state_t *core = &r->gw.t38x.t38;
	uint8_t packet[IFP_END_OCTETS];
	size_t len;

	if (!(contents & DATA) || u->buf[u->in].len == 0)
		return;
	if (ip->indicator ? (int)ip->kind == core->current_rx_indicator : (int)ip->kind == kind)
		return;
	if (kind == T38_DATA_V21)
		limit_frame_broken(&r->limit, LIMIT_TO_LINE);
	len = ifp_write_end(packet, r->version, (unsigned)kind, IFP_HDLC_FCS_BAD);
	relay_insert(r, packet, len);
}

/* The indicator of the signal that data of KIND are of (T.38 7.2.3, 7.2.4). */
static unsigned indicator_of(unsigned kind, bool is_short)
{
	if (kind == IFP_DATA_V21)
		return IFP_IND_V21_PREAMBLE;
	if (kind < IFP_DATA_V17_7200)
		return IFP_IND_V27TER_2400 + kind - IFP_DATA_V27TER_2400;
	return IFP_IND_V17_7200_SHORT + 2 * (kind - IFP_DATA_V17_7200) + !is_short;
}

/*
 * Mend: where an indicator is lost, data that come show what it was; but not those of a frame that comes whole in the
 * field that ends it, as some gateways send it: that frame is put into the queue without a signal, and never sent. The
 * indicator is put before it. In version 3 too.
 */
void mend_unannounced(struct relay *r, const struct ifp *ip)
{
	unsigned now = (unsigned)r->gw.t38x.t38.current_rx_indicator, type;
	uint8_t packet[1];

	if (ip->indicator || !ip->nfields || !ip->field[0].len)
		return;
	type = ip->field[0].type;
	if (type < IFP_HDLC_FCS_OK || type > IFP_HDLC_FCS_BAD_SIG_END || now == indicator_of(ip->kind, true) ||
	    now == indicator_of(ip->kind, false))
		return;
	packet[0] = (uint8_t)(indicator_of(ip->kind, r->gw.core.short_train) << 1);
	relay_insert(r, packet, sizeof(packet));
}

/*
 * Mend: a frame that waits in the queue before its signal begins (the line was busy with another one, or the
 * peer's packets came all at once) is taken for sent when the preamble ends, and is lost: the only DCS of a call,
 * or the first frame of an ECM page. It is handed over while the preamble is sent.
 */
void mend_first_frame(struct relay *r)
{
	t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;
	t38_gateway_hdlc_buf_t *b = &u->buf[u->out];
	hdlc_tx_state_t *hdlc = &r->gw.audio.modems.hdlc_tx;

	if (!hdlc->report_flag_underflow || hdlc->len != 0 || !(b->contents & DATA) || !(b->flags & PROCEED))
		return;
	hdlc_tx_frame(hdlc, b->buf, (size_t)b->len);
	if (b->flags & CORRUPT)
		hdlc_tx_corrupt_frame(hdlc);
}

int mend_coming_octets(const struct relay *r)
{
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;

	return u->buf[u->in].len;
}

/*
 * Mend: where a preamble of V.21 begins on the line, spandsp forgets what has come so far of the frame that is
 * coming in. The line was still busy with a page and is behind the peer, and of a PPS its last octet was left, with
 * a good FCS. The octets themselves are still there. In version 3 too.
 */
void mend_wiped_frame(struct relay *r, int octets)
{
	t38_gateway_hdlc_buf_t *b = &r->gw.core.hdlc_to_modem.buf[r->gw.core.hdlc_to_modem.in];

	if (octets == 0 || b->len != 0 || !(b->contents & DATA))
		return; /* a frame that was sent has no contents either */
	b->len = octets;
	mend_first_frame(r); /* else the next octet would begin the frame */
}

/* The image modem that sends now without ECM has come to its data, and to none that ends them. */
static bool sends_non_ecm(const struct relay *r)
{
	const fax_modems_state_t *m = &r->gw.audio.modems;
	get_bit_func_t now = NULL;

	if (m->tx_handler == SPANDSP_TX_HANDLER(v17_tx))
		now = m->fast_modems.v17_tx.current_get_bit;
	else if (m->tx_handler == SPANDSP_TX_HANDLER(v29_tx))
		now = m->fast_modems.v29_tx.current_get_bit;
	else if (m->tx_handler == SPANDSP_TX_HANDLER(v27ter_tx))
		now = m->fast_modems.v27ter_tx.current_get_bit;
	return now == (get_bit_func_t)t38_non_ecm_buffer_get_bit && !r->gw.core.non_ecm_to_modem.data_finished;
}

/*
 * Mend: a signal ends by what the peer says within it: a preamble or a training that nothing follows but the next
 * indicator (the peer took something else for it, or the packets with the data are lost) goes on for ever, in
 * flags or fill, and the call with it. It ends when the next one waits.
 */
void mend_no_end(struct relay *r)
{
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;
	hdlc_tx_state_t *hdlc = &r->gw.audio.modems.hdlc_tx;

	if (u->in == u->out || !(u->buf[u->out].contents & INDICATOR))
		return;
	if (sends_non_ecm(r))
		t38_non_ecm_buffer_push(&r->gw.core.non_ecm_to_modem);
	else if (hdlc->len == 0)
		hdlc_tx_frame(hdlc, NULL, 0);
}

/*
 * Mend: between the training and the first octets of its TCF, when those are late, spandsp sends ones, and the machine
 * finds a hundred wrong bits or more in a check that has none: FTT, or a call given up. A line that had nothing to
 * send before has none of V.21's delay in reserve, so that 60 ms of jitter do. Zeros are what it is made of (T.30
 * 5.3.6.1). But a check of which nothing comes must not pass. In version 3 too.
 */
void mend_late_zeros(struct relay *r)
{
	t38_non_ecm_buffer_state_t *b = &r->gw.core.non_ecm_to_modem;
	int sent_ms = r->gw.audio.modems.tx_bit_rate
			      ? b->flow_control_fill_octets * 8000 / r->gw.audio.modems.tx_bit_rate
			      : 0;

	if (!r->gw.core.image_data_mode && b->input_phase == TCF_NOTHING_YET)
		b->flow_control_fill_octet = sent_ms < LATE_ZEROS_MS ? 0 : 0xff;
}
