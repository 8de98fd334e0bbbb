/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is mended here was found in spandsp 0.0.6. Where a mend names a commit, that is the one in
 * github.com/freeswitch/spandsp (towards version 3) after which it is no longer needed.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"

#include "relay_own.h"

#define SAMPLE_US      125
#define BLOCK_SAMPLES  160
#define MAX_IFP_OCTETS 1024
/* Where a signal ends: spandsp begins 2.5 dB above this and stops 2.5 dB below, so at first -43 dBm0 is heard, as
 * T.30 wants. */
#define CUTOFF_LOWEST_DBM0  (-46.0f)
#define CUTOFF_HIGHEST_DBM0 (-28.0f)
#define CUTOFF_BELOW_DB	    9.0f /* below the line's V.21, whose meter shows 6 too few: 15 dB in truth */

#define FRAME_FCF    2 /* address, control, FCF */
#define FCF_CTC	     0x12
#define FCF_FTT	     0x44
#define FCF_DCS	     0x82
#define V21_CONTENTS (0x200 | T38_DATA_V21) /* what spandsp notes of a buffer with V.21 in it */

/* spandsp 0.0.6 gives its messages no owner; the one whose call is running on this thread is meant. */
static __thread const struct relay *running;

static void on_spandsp_message(int level, const char *text)
{
	int n = (int)strcspn(text, "\n");

	log_debug(running ? running->prefix : NULL, "spandsp: %.*s", n, text);
}

static void set_up_log(logging_state_t *l)
{
	span_log_set_message_handler(l, on_spandsp_message);
	span_log_set_level(l, SPAN_LOG_PROTOCOL_WARNING);
}

static int modems_of(unsigned modems)
{
	return (modems & FAX_MODEM_V27TER ? T30_SUPPORT_V27TER : 0) | (modems & FAX_MODEM_V29 ? T30_SUPPORT_V29 : 0) |
	       (modems & FAX_MODEM_V17 ? T30_SUPPORT_V17 : 0);
}

static void set_cutoff(struct relay *r, float dbm0)
{
	fax_modems_state_t *m = &r->gw.audio.modems;

	r->cutoff_dbm0 = dbm0;
	fsk_rx_signal_cutoff(&m->v21_rx, dbm0);
	r->v21_on_power = m->v21_rx.carrier_on_power;
	r->v21_off_power = m->v21_rx.carrier_off_power;
	v17_rx_signal_cutoff(&m->fast_modems.v17_rx, dbm0);
	v29_rx_signal_cutoff(&m->fast_modems.v29_rx, dbm0);
	v27ter_rx_signal_cutoff(&m->fast_modems.v27ter_rx, dbm0);
}

/*
 * Mend: the thresholds are fixed, each modem's at another level. V.21 fainter than -30 dBm0 is not heard (every restart
 * of the receivers sets that again); and on a line noisier than -48 dBm0 the carrier of V.17 and V.27ter never ends,
 * however loud the fax. Here they begin low and follow the level of the frames the line sends. Version 3 hears V.21
 * down to -39 dBm0; the rest is the same there.
 */
static void mend_cutoff(struct relay *r)
{
	float dbm0 = fsk_rx_signal_power(&r->gw.audio.modems.v21_rx) - CUTOFF_BELOW_DB;

	dbm0 = fmaxf(CUTOFF_LOWEST_DBM0, fminf(CUTOFF_HIGHEST_DBM0, dbm0));
	if (fabsf(dbm0 - r->cutoff_dbm0) > 2.0f)
		set_cutoff(r, dbm0);
}

static void keep_v21_cutoff(struct relay *r)
{
	fsk_rx_state_t *v21 = &r->gw.audio.modems.v21_rx;

	v21->carrier_on_power = r->v21_on_power;
	v21->carrier_off_power = r->v21_off_power;
}

/*
 * Mend: after an HDLC abort or a broken frame five flags in a row were needed to find the framing again. Between ECM
 * frames there is but one, so one click cost the rest of the partial page. Once a signal is known to be HDLC one flag
 * is enough. Not needed after fcf32d6.
 */
static void mend_hdlc_framing(struct relay *r)
{
	hdlc_rx_state_t *hdlc = &r->gw.audio.modems.hdlc_rx;

	if (!hdlc->framing_ok_announced || hdlc->framing_ok_threshold == 1)
		return;
	if (hdlc->flags_seen >= hdlc->framing_ok_threshold) {
		hdlc->framing_ok_threshold = 1;
		hdlc->flags_seen = 1;
	}
}

/* V.21's channel 2 lies between 1550 and 1950 Hz, where 2 samples make nearly half a turn and 4 nearly a whole one;
 * V.29 fills 2400 Hz. Pure tones (CED, the talker echo protection tone) look like V.21 here, and are no image. */
static bool narrow_as_v21(const int16_t *x, size_t n)
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
static void mend_false_training(struct relay *r, const int16_t *block, size_t n)
{
	fax_modems_state_t *m = &r->gw.audio.modems;
	v29_rx_state_t *v29 = &m->fast_modems.v29_rx;
	power_meter_t power = v29->power;
	int present = v29->signal_present;

	if (r->gw.core.fast_rx_active != FAX_MODEM_V29_RX || m->rx_trained || m->rx_handler == span_dummy_rx)
		return;
	if (!narrow_as_v21(block, n))
		return;
	v29_rx_restart(v29, r->gw.core.fast_bit_rate, FALSE);
	v29->power = power; /* else it would report the carrier again, and that begins V.21's frame anew */
	v29->signal_present = present;
}

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
	a->base_rx_handler = v21_alone;
	a->base_rx_fillin_handler = v21_alone_fillin;
	a->modems.rx_user_data = &a->modems.v21_rx;
	if (a->modems.rx_handler != span_dummy_rx) { /* deaf while it sends; then the base handler takes over */
		a->modems.rx_handler = v21_alone;
		a->modems.rx_fillin_handler = v21_alone_fillin;
	}
}

/*
 * Mend: FTT is not looked at. The receiver then waits with V.17's short training for what is DCS in V.21 and a TCF
 * with long training: it takes the DCS for a signal of its own and the next training fails too. Not needed after
 * 227b312, but for the receiver that is already running.
 */
static void mend_ftt(struct relay *r, bool from_line)
{
	r->gw.core.image_data_mode = FALSE;
	r->gw.core.short_train = FALSE;
	if (from_line)
		return;
	r->gw.core.fast_rx_modem = FAX_MODEM_NONE;
	r->gw.core.fast_rx_active = FAX_MODEM_NONE;
	listen_to_v21_alone(&r->gw.audio);
}

/*
 * Mend: CTC (T.30 5.3.6.1.7) is only known without the X bit, which a sender who has received DIS sets. Its rate was
 * missed, and the long training after it. In version 3 too.
 */
static void mend_ctc(struct relay *r, bool from_line, const uint8_t *frame, int len)
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
static void mend_buffer_mode(struct relay *r)
{
	t38_non_ecm_buffer_state_t *b = &r->gw.core.non_ecm_to_modem;

	if (!b->image_data_mode != !r->gw.core.image_data_mode)
		t38_non_ecm_buffer_init(b, r->gw.core.image_data_mode, r->gw.core.min_row_bits);
}

/*
 * Mend: an end of signal that comes again, or on its own after one that came with the FCS, made spandsp invent a
 * preamble or a training on the line. True if the packet is such an end. In version 3 too (its pull request 86).
 */
static bool mend_second_sig_end(const struct relay *r, const struct ifp *ip)
{
	return !ip->indicator && ip->nfields == 1 && ip->field[0].len == 0 &&
	       (ip->field[0].type == IFP_HDLC_SIG_END || ip->field[0].type == IFP_NON_ECM_SIG_END) &&
	       r->gw.t38x.t38.current_rx_indicator == T38_IND_NO_SIGNAL;
}

/*
 * Mend: a CNG towards the line goes on for ever, half a second of every 3.5, and what the peer sends next waits for the end of its
 * silence: a DCS came 3 s late, when the machine on the line had given up waiting and sent its DIS again. The tone ends when
 * another signal begins. In version 3 too.
 */
static void mend_cng(struct relay *r, const struct ifp *ip)
{
	fax_modems_state_t *m = &r->gw.audio.modems;

	if (!ip->indicator || ip->kind == T38_IND_NO_SIGNAL || ip->kind == T38_IND_CNG ||
	    m->tx_handler != (span_tx_handler_t *)&modem_connect_tones_tx ||
	    m->connect_tx.tone_type != MODEM_CONNECT_TONES_FAX_CNG)
		return;
	silence_gen_alter(&m->silence_gen, 0);
	m->tx_handler = (span_tx_handler_t *)&silence_gen;
	m->tx_user_data = &m->silence_gen;
}

/*
 * Mend: where NSF, NSS or NSC are cut off by an indicator the overwriting goes on in the next frame, and begins before
 * the pattern it is done with: the frame is destroyed, and memory read that is not meant. It ends with the frame here.
 * In version 3 too.
 */
static void mend_overwriting(struct relay *r)
{
	const t38_gateway_hdlc_state_t *u = &r->gw.core.hdlc_to_modem;

	if (u->buf[u->in].contents != V21_CONTENTS || u->buf[u->in].len <= FRAME_FCF)
		r->gw.t38x.corrupt_current_frame[0] = FALSE;
}

/*
 * Mend: a frame whose octets come too slowly (a packet is missing and is waited for) runs the transmitter dry, which
 * then ends the frame there, with a good FCS: the machine takes a cut PPR or a cut line of the page for a whole one.
 * The FCS of a frame that is about to run dry is spoilt, once, so that it is asked for again. In no version.
 */
static void mend_dry_frame(struct relay *r, size_t samples)
{
	enum { FINISHED = 0x01 }; /* spandsp's HDLC_FLAG_FINISHED */
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

static void on_frame(t38_gateway_state_t *gw, void *arg, int incoming, const uint8_t *msg, int len)
{
	struct relay *r = arg;

	if (len < 3)
		return;
	if (incoming)
		mend_cutoff(r);
	if ((msg[2] & 0xfe) == FCF_DCS)
		relay_tcf_dcs(r, incoming);
	if ((msg[2] & 0xfe) == FCF_FTT)
		mend_ftt(r, incoming);
	if (msg[2] == (FCF_CTC | 1))
		mend_ctc(r, incoming, msg, len);
	mend_buffer_mode(r);
	if (gw->core.fast_bit_rate > 0)
		r->stats.rate = (unsigned)gw->core.fast_bit_rate;
	if (r->h.frame)
		r->h.frame(incoming ? T30_FROM_LINE : T30_FROM_PEER, msg, (size_t)len, r->h.arg);
}

static int on_ifp(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	struct relay *r = arg;
	uint8_t packet[MAX_IFP_OCTETS];
	bool control = true;

	if (len <= 0 || len > MAX_IFP_OCTETS || count <= 0)
		return 0;
	memcpy(packet, buf, (size_t)len);
	if (!ifp_read(packet, (size_t)len, r->version, &r->out)) {
		limit_packet(&r->limit, LIMIT_TO_PEER, packet, &r->out);
		control = r->out.indicator || r->out.kind == IFP_DATA_V21;
		if (relay_is_tcf(r, &r->out)) {
			local_tcf_take(&r->tcf, packet, &r->out);
			return 0;
		}
	}
	r->stats.ifp_out++;
	r->h.ifp(packet, (size_t)len, control, (unsigned)count, r->h.arg);
	return 0;
}

static void set_up_gateway(struct relay *r, const struct fax_params *fax, const struct media_t38 *peer)
{
	static const uint8_t nobody[16]; /* NSF, NSS, NSC of no manufacturer; longer than any version reads */
	t38_core_state_t *core = t38_gateway_get_t38_core_state(&r->gw);

	t38_set_t38_version(core, (int)r->version);
	t38_set_data_rate_management_method(core, r->local ? 1 : 2); /* what this gateway makes of it is nothing */
	t38_set_max_datagram_size(core, (int)peer->max_datagram_octets);
	t38_gateway_set_ecm_capability(&r->gw, r->limit.ecm);
	t38_gateway_set_supported_modems(&r->gw, modems_of(r->limit.modems | FAX_MODEM_V27TER));
	t38_set_fastest_image_data_rate(core, (int)r->limit.max_rate);
	t38_gateway_set_nsx_suppression(&r->gw, nobody, 7, nobody, 7);
	t38_gateway_set_fill_bit_removal(&r->gw, fax->fill_bit_removal && peer->fill_bit_removal);
	t38_gateway_set_transmit_on_idle(&r->gw, TRUE);
	t38_gateway_set_tep_mode(&r->gw, FALSE);
	t38_gateway_set_real_time_frame_handler(&r->gw, on_frame, r);
	set_up_log(t38_gateway_get_logging_state(&r->gw));
	set_up_log(t38_core_get_logging_state(core));
}

/* The slower of the two; a rate no fax has is not a limit. */
static unsigned rate_limit(unsigned ours, unsigned peers)
{
	if (ours == 0)
		ours = 14400;
	return peers >= 2400 && peers < ours ? peers : ours;
}

int relay_alloc(struct relay **rp, const struct fax_params *fax, const struct media_t38 *peer, const char *prefix,
		const struct relay_handlers *h)
{
	struct relay *r = calloc(1, sizeof(*r));

	if (!r)
		return ENOMEM;
	r->h = *h;
	r->prefix = prefix;
	r->spoilt = -1;
	r->version = peer->version;
	r->local = peer->rate_management == T38_LOCAL_TCF;
	r->bad_log = (struct log_limit){.burst = 5, .interval_us = 60 * SEC_US};
	limit_init(&r->limit, fax->ecm, rate_limit(fax->max_rate, peer->max_bit_rate), fax->modems);
	running = r;
	t38_gateway_init(&r->gw, on_ifp, r);
	set_up_gateway(r, fax, peer);
	set_cutoff(r, CUTOFF_LOWEST_DBM0);
	v17_mend_init(&r->v17, &r->gw.audio.modems.fast_modems.v17_rx);
	running = NULL;
	*rp = r;
	return 0;
}

void relay_renew(struct relay *r, const struct fax_params *fax, const struct media_t38 *peer)
{
	r->version = peer->version;
	r->local = peer->rate_management == T38_LOCAL_TCF;
	r->limit.max_rate = rate_limit(fax->max_rate, peer->max_bit_rate);
	t38_set_t38_version(&r->gw.t38x.t38, (int)r->version);
}

void relay_free(struct relay *r)
{
	if (!r)
		return;
	t38_gateway_release(&r->gw);
	free(r);
}

void relay_rx(struct relay *r, const int16_t *samples, size_t n)
{
	int16_t block[BLOCK_SAMPLES]; /* spandsp takes the offset out in place */
	size_t k;

	running = r;
	r->now_us += (int64_t)n * SAMPLE_US;
	for (; n > 0; samples += k, n -= k) {
		k = n < BLOCK_SAMPLES ? n : BLOCK_SAMPLES;
		memcpy(block, samples, k * sizeof(*samples));
		keep_v21_cutoff(r);
		mend_hdlc_framing(r);
		mend_false_training(r, block, k);
		t38_gateway_rx(&r->gw, block, (int)k);
	}
	running = NULL;
}

void relay_tx(struct relay *r, int16_t *samples, size_t n)
{
	int k;

	running = r;
	mend_dry_frame(r, n);
	k = n > 0 ? t38_gateway_tx(&r->gw, samples, (int)n) : 0;
	if (k < 0 || (size_t)k < n)
		memset(samples + (k > 0 ? k : 0), 0, (n - (size_t)(k > 0 ? k : 0)) * sizeof(*samples));
	running = NULL;
}

static void refuse(struct relay *r, const char *why, size_t len, uint16_t seq)
{
	unsigned held;

	r->stats.ifp_bad++;
	if (log_limit_pass(&r->bad_log, r->now_us, &held))
		log_warning(r->prefix, "IFP packet %u of %zu octets dropped: %s (%u more before it)", seq, len, why,
			    held);
}

void relay_ifp(struct relay *r, const uint8_t *ifp, size_t len, uint16_t seq)
{
	uint8_t packet[MAX_IFP_OCTETS];
	const char *why;

	r->stats.ifp_in++;
	why = len > MAX_IFP_OCTETS ? "too long" : ifp_read(ifp, len, r->version, &r->in);
	if (why) {
		refuse(r, why, len, seq);
		return;
	}
	if (mend_second_sig_end(r, &r->in) || relay_is_beside_tcf(r, &r->in)) {
		relay_pass_over(r, seq);
		return;
	}
	memcpy(packet, ifp, r->in.octets);
	r->limit.refuse_training = r->local && r->line_sends && !local_tcf_is_good(&r->tcf);
	limit_packet(&r->limit, LIMIT_TO_LINE, packet, &r->in);
	mend_overwriting(r);
	mend_cng(r, &r->in);
	running = r;
	t38_core_rx_ifp_packet(&r->gw.t38x.t38, packet, (int)r->in.octets, seq);
	relay_tcf_follow(r, &r->in);
	running = NULL;
}

void relay_send_no_signal(struct relay *r)
{
	t38_core_state_t *core = &r->gw.t38x.t38;

	/* In the middle of a signal it would mean the signal's end. */
	if (core->current_tx_indicator != T38_IND_NO_SIGNAL && core->current_tx_indicator != -1)
		return;
	running = r;
	t38_core_send_indicator(core, 0x100 | T38_IND_NO_SIGNAL); /* 0x100: even if it is no change */
	running = NULL;
}

struct relay_stats relay_stats(const struct relay *r)
{
	return r->stats;
}
