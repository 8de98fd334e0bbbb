/* SPDX-License-Identifier: GPL-2.0-only */
/* spandsp's t38_gateway between the line and IFP packets. What is mended of it is listed in mend.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"

#include "mend.h"
#include "relay_own.h"

#define SAMPLE_US      125
#define BLOCK_SAMPLES  160
#define MAX_IFP_OCTETS 1024

/* spandsp 0.0.6 gives its messages no owner; the one whose call is running on this thread is meant. */
static __thread const struct relay *running;

static void on_spandsp_message(SPANDSP_LOG_ARG int level, const char *text)
{
	int n = (int)strcspn(text, "\n");

	log_debug(running ? running->prefix : NULL, "spandsp: %.*s", n, text);
}

static void set_up_log(logging_state_t *l)
{
	spandsp_log_to(l, on_spandsp_message);
	span_log_set_level(l, SPAN_LOG_PROTOCOL_WARNING);
}

static int modems_of(unsigned modems)
{
	return (modems & FAX_MODEM_V27TER ? T30_SUPPORT_V27TER : 0) | (modems & FAX_MODEM_V29 ? T30_SUPPORT_V29 : 0) |
	       (modems & FAX_MODEM_V17 ? T30_SUPPORT_V17 : 0);
}

static void on_frame(SPANDSP_OWNER(t38_gateway_state_t) void *arg, SPANDSP_BOOL incoming, const uint8_t *msg, int len)
{
	struct relay *r = arg;
	uint8_t refused[3];

	if (len < 3)
		return;
	if (incoming) {
		mend_cutoff(r);
		mend_cut_signal_frame(r);
	}
	if (incoming && (msg[2] & 0xfe) == FCF_CFR && limit_refuses(&r->limit, LIMIT_TO_PEER)) {
		/* the peer gets FTT: what is from the peer has been edited here, what is from the line not yet */
		memcpy(refused, msg, 2);
		refused[2] = FCF_FTT | (msg[2] & 1);
		msg = refused;
		len = sizeof(refused);
	}
	if ((msg[2] & 0xfe) == FCF_DCS) {
		relay_tcf_dcs(r, incoming);
		relay_quality_dcs(r, msg, (size_t)len);
	}
	if (!incoming && (msg[2] & 0xfe) == FCF_FTT)
		relay_quality_ftt(r);
	mend_frame(r, incoming, msg, len);
	if (r->gw.core.fast_bit_rate > 0)
		r->stats.rate = (unsigned)r->gw.core.fast_bit_rate;
	if (r->h.frame)
		r->h.frame(incoming ? T30_FROM_LINE : T30_FROM_PEER, msg, (size_t)len, r->h.arg);
}

/* A packet for the peer, as read into r->out if it is READABLE. */
static void pass_to_peer(struct relay *r, uint8_t *packet, size_t len, bool readable, unsigned copies)
{
	bool control = true;

	if (readable) {
		limit_packet(&r->limit, LIMIT_TO_PEER, packet, &r->out);
		relay_note_breach(r);
		control = r->out.indicator || r->out.kind == IFP_DATA_V21;
		relay_quality_packet(r, T30_FROM_LINE, packet, &r->out);
		if (relay_is_tcf(r, &r->out))
			return;
	}
	r->stats.ifp_out++;
	r->h.ifp(packet, len, control, copies, r->h.arg);
}

void relay_insert_out(struct relay *r, uint8_t *packet, size_t len)
{
	pass_to_peer(r, packet, len, !ifp_read(packet, len, r->version, &r->out), 1);
}

static int on_ifp(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	struct relay *r = arg;
	uint8_t packet[MAX_IFP_OCTETS], end[IFP_END_OCTETS];
	enum mend_cut cut;
	bool readable;

	if (len <= 0 || len > MAX_IFP_OCTETS || count <= 0)
		return 0;
	memcpy(packet, buf, (size_t)len);
	readable = !ifp_read(packet, (size_t)len, r->version, &r->out);
	if (readable && mend_cut_frame(r, &r->out, end)) {
		relay_insert_out(r, end, sizeof(end));
		readable = !ifp_read(packet, (size_t)len, r->version, &r->out);
	}
	cut = readable ? mend_cut_signal(r, &r->out) : MEND_CUT_PASS;
	if (cut == MEND_CUT_DROP)
		return 0;
	if (cut == MEND_CUT_PASS_LATER)
		readable = !ifp_read(packet, (size_t)len, r->version, &r->out);
	if (readable && mend_lost_tcf(r, &r->out))
		readable = !ifp_read(packet, (size_t)len, r->version, &r->out);
	pass_to_peer(r, packet, (size_t)len, readable, (unsigned)count);
	return 0;
}

static void set_up_gateway(struct relay *r, const struct fax_params *fax, const struct media_t38 *peer)
{
	t38_core_state_t *core = t38_gateway_get_t38_core_state(&r->gw);

	t38_set_t38_version(core, (int)r->version);
	t38_set_data_rate_management_method(core, r->local ? 1 : 2); /* what this gateway makes of it is nothing */
	t38_set_max_datagram_size(core, (int)peer->max_datagram_octets);
	t38_gateway_set_ecm_capability(&r->gw, r->limit.ecm);
	t38_gateway_set_supported_modems(&r->gw, modems_of(r->limit.modems | FAX_MODEM_V27TER));
	t38_set_fastest_image_data_rate(core, (int)r->limit.max_rate);
	/* Spandsp's own way of emptying NSF, NSC and NSS does not know the X bit, which every NSS has, writes into the
	 * next frame when one is cut off, and reads beyond what it is given. In version 3 too. limit.h does it. */
	r->gw.t38x.suppress_nsx_len[0] = r->gw.t38x.suppress_nsx_len[1] = 0;
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
	r->dry = -1;
	r->version = peer->version;
	r->local = peer->rate_management == T38_LOCAL_TCF;
	r->bad_log = (struct log_limit){.burst = 5, .interval_us = 60 * SEC_US};
	r->full_log = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	limit_init(&r->limit, fax->ecm, rate_limit(fax->max_rate, peer->max_bit_rate), fax->modems);
	r->limit.nonstandard = fax->nonstandard;
	running = r;
	t38_gateway_init(&r->gw, on_ifp, r);
	set_up_gateway(r, fax, peer);
	mend_cutoff_begin(r);
	mend_v17_init(&r->v17, &r->gw.audio.modems.fast_modems.v17_rx);
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
		mend_shared_memory(r);
		mend_keep_cutoff(r);
		mend_hdlc_framing(r);
		mend_false_training(r, block, k);
		mend_lost_page(r, block, k);
		mend_cut_signal_framing(r);
		t38_gateway_rx(&r->gw, block, (int)k);
		mend_late_tcf(r);
		mend_cut_signal_end(r);
	}
	running = NULL;
}

void relay_tx(struct relay *r, int16_t *samples, size_t n)
{
	int k, coming, dry;

	running = r;
	mend_first_frame(r);
	mend_dry_frame(r, n);
	mend_no_end(r);
	mend_late_zeros(r);
	mend_lone_signal(r);
	coming = mend_coming_octets(r);
	dry = mend_dry_kind(r);
	k = n > 0 ? t38_gateway_tx(&r->gw, samples, (int)n) : 0;
	mend_dry_end(r, dry);
	mend_wiped_frame(r, coming);
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
	r->heard_us = r->now_us;
	r->heard_data = !r->in.indicator;
	memcpy(packet, ifp, r->in.octets);
	if (mend_foreign(&r->in, packet) || mend_second_sig_end(r, &r->in) || mend_dry_rest(r, &r->in) ||
	    mend_full_queue(r, &r->in) || relay_is_beside_tcf(r, &r->in)) {
		relay_pass_over(r, seq);
		return;
	}
	r->limit.refuse_training = r->local && r->line_sends && !local_tcf_is_good(&r->tcf);
	limit_packet(&r->limit, LIMIT_TO_LINE, packet, &r->in);
	relay_note_breach(r);
	relay_quality_packet(r, T30_FROM_PEER, packet, &r->in);
	running = r;
	mend_open_frame(r, &r->in);
	mend_cng(r, &r->in);
	mend_unannounced(r, &r->in);
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
