/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The media path: what each state of a bearer does with a block of its line. No allocation, no waiting; the sockets are read here, once a
 * block, so that a span wakes up for its line only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/config.h"
#include "dahdi/line.h"
#include "gateway/base/log.h"
#include "gateway/bearer.h"
#include "t38/g711.h"
#include "t38/ifp.h"

#define LINE_CODEC CODEC_PCMA
#define NO_SIGNALS_AT_START 3	/* the first datagrams open pinholes; one might be lost */

/* ---- what is dropped ---- */

static void drop(struct bearer *b, const char *kind, const struct addr *from, const char *why)
{
	char text[ADDR_TEXT_OCTETS];
	unsigned held;

	if (log_limit_pass(&b->drops, bearer_now_us(b), &held))
		log_warning(b->par.prefix, "%s from %s dropped: %s (%u more since the last such line)", kind,
			    addr_print(from, text), why, held);
}

/* BEFORE: what S had counted before it was read. */
static void tell_foreign(struct bearer *b, const char *kind, const struct media_socket *s, uint64_t before)
{
	if (s->foreign != before)
		drop(b, kind, &s->foreign_from, "not the address that the peer sends from");
}

/* ---- G.711 over RTP ---- */

/* False: it is of no type that was agreed. */
static bool rtp_take(struct bearer *b, const struct rtp_packet *k)
{
	int event = b->agreed.audio.telephone_event_pt;

	if (k->payload_type == media_codec_pt(b->codec)) {
		jitter_put(&b->jitter, k->ssrc, k->timestamp, k->payload, k->len);
		return true;
	}
	return event > 0 && k->payload_type == event && !dtmf_event(b->dtmf, k->ssrc, k->timestamp, k->payload, k->len);
}

static void rtp_receive(struct bearer *b)
{
	uint64_t foreign = b->rtp.foreign;
	uint8_t buf[RTP_MAX_OCTETS];
	struct rtp_packet k;
	struct addr from;
	ssize_t n;
	bool new;

	media_ports_look(b->par.ports, bearer_now_us(b));
	while ((n = media_socket_recv(&b->rtp, buf, sizeof(buf), &from, &new)) >= 0) {
		if (rtp_read(buf, (size_t)n, &k)) {
			drop(b, "RTP", &from, "not an RTP packet");
			continue;
		}
		if (!rtp_take(b, &k))
			continue;
		if (new)
			media_socket_latch(&b->rtp, &from);
		b->report.rtp_rx++;
	}
	tell_foreign(b, "RTP", &b->rtp, foreign);
}

static void rtp_send(struct bearer *b, const uint8_t *octets, size_t n)
{
	uint8_t buf[RTP_HEADER_OCTETS + LINE_BLOCK];
	size_t len = rtp_tx_build(&b->rtp_tx, media_codec_pt(b->codec), octets, n, buf, sizeof(buf));

	b->report.rtp_tx++;
	media_socket_send(&b->rtp, buf, len);
}

/* The line's octets go to the peer, or silence when they must not cross. */
static void audio_to_peer(struct bearer *b, const uint8_t *rx, size_t n)
{
	uint8_t octets[LINE_BLOCK];

	if (b->mute[HEARD_LINE])
		memset(octets, g711_silence(b->codec), n);
	else
		g711_convert(LINE_CODEC, b->codec, octets, rx, n);
	rtp_send(b, octets, n);
}

static void audio_to_line(struct bearer *b, uint8_t *tx, size_t n)
{
	uint8_t octets[LINE_BLOCK];
	int16_t linear[LINE_BLOCK];

	rtp_receive(b);
	jitter_get(&b->jitter, octets, n);
	if (dtmf_play(b->dtmf, linear, n))
		g711_encode(LINE_CODEC, tx, linear, n);
	else
		g711_convert(b->codec, LINE_CODEC, tx, octets, n);
}

static void listen_block(struct bearer *b, enum heard_from from, const uint8_t *octets, size_t n)
{
	int16_t linear[LINE_BLOCK];

	g711_decode(LINE_CODEC, linear, octets, n);
	tone_rx_samples(b->tones[from], linear, n);
	if (heard_fax(&b->heard))
		v21_listen_samples(b->v21[from], linear, n);
}

static void follow_block(struct bearer *b, enum heard_from from, const uint8_t *octets, size_t n)
{
	int16_t linear[LINE_BLOCK];

	g711_decode(LINE_CODEC, linear, octets, n);
	v21_listen_samples(b->v21[from], linear, n);
}

static void block_silent(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	memset(tx, LINE_IDLE, n);
}

static void block_audio(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	audio_to_line(b, tx, n);
	listen_block(b, HEARD_LINE, rx, n);
	listen_block(b, HEARD_PEER, tx, n);
	audio_to_peer(b, rx, n);
	if (b->mute[HEARD_PEER])
		memset(tx, LINE_IDLE, n);
}

static void block_switching(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	uint8_t silence[LINE_BLOCK];

	audio_to_line(b, tx, n);
	memset(tx, LINE_IDLE, n);
	memset(silence, g711_silence(b->codec), n);
	rtp_send(b, silence, n);
}

static void block_passthrough(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	audio_to_line(b, tx, n);
	follow_block(b, HEARD_LINE, rx, n);
	follow_block(b, HEARD_PEER, tx, n);
	audio_to_peer(b, rx, n);
}

void bearer_audio_start(struct bearer *b, bool fixed)
{
	const struct media_audio *a = &b->agreed.audio;
	uint8_t drop[RTP_MAX_OCTETS];
	struct addr from;
	bool new, first = !b->rtp_tx.ssrc;

	b->mute[HEARD_LINE] = b->mute[HEARD_PEER] = false;
	media_socket_set_remote(&b->rtp, &a->addr);
	if (first || b->codec != a->codecs[0]) {
		b->codec = a->codecs[0];
		jitter_init(&b->jitter, g711_silence(b->codec), b->par.jitter_min_ms, b->par.jitter_max_ms);
	}
	if (first)
		rtp_tx_init(&b->rtp_tx, (uint64_t)clock_wall_us() ^ (uintptr_t)b);
	if (fixed)
		jitter_fix(&b->jitter, b->par.jitter_fax_ms);
	/* what gathered in the socket while it was not read is old */
	while (b->report.t38_used && media_socket_recv(&b->rtp, drop, sizeof(drop), &from, &new) >= 0)
		;
}

/* ---- T.38 ---- */

static void udptl_send(struct bearer *b, size_t len)
{
	struct bearer_t38 *t = b->t38;

	t->last_octets = len;
	t->repeats_left = b->par.fax->tail_repeats;
	t->last_sent_us = bearer_now_us(b);
	media_socket_send(&b->udptl, t->last, len);
}

/* An image modem begins: the training check after a DCS, or a page. Its copies are passed over. */
static void note_indicator(struct bearer *b, enum t30_direction d, const uint8_t *ifp, size_t len)
{
	struct ifp i;

	if (ifp_read(ifp, len, b->agreed.image.version, &i) || !i.indicator || i.kind == b->t38->indicator[d])
		return;
	b->t38->indicator[d] = i.kind;
	if (i.kind >= IFP_IND_V27TER_2400 && i.kind <= IFP_IND_V17_14400_LONG)
		bearer_t30_image(b, d, ifp_indicator_name(i.kind));
}

static void note_image(struct bearer *b)
{
	t30_watch_image(&b->watch);
	bearer_t38_signs(b);
}

static void relay_sends(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
	struct bearer *b = arg;
	size_t n;

	if (control)
		note_indicator(b, T30_FROM_LINE, ifp, len);
	else
		note_image(b);
	/* copies are the same datagram again: with numbers of their own they would push what is older out of the redundancy */
	n = udptl_tx_build(&b->t38->tx, ifp, len, control, b->t38->last, sizeof(b->t38->last));
	while (n && copies--)
		udptl_send(b, n);
}

/* The last datagram of a burst has no successor to carry it again: repeat it while nothing new follows. */
static void repeat_tail(struct bearer *b)
{
	struct bearer_t38 *t = b->t38;
	int64_t now_us = bearer_now_us(b);

	if (!t->repeats_left || now_us - t->last_sent_us < b->par.fax->tail_interval_ms * MS_US)
		return;
	t->repeats_left--;
	t->last_sent_us = now_us;
	media_socket_send(&b->udptl, t->last, t->last_octets);
}

static void relay_saw_frame(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg)
{
	bearer_t30_frame(arg, d, frame, octets);
}

static void udptl_gives(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	struct bearer *b = arg;

	if (ifp_is_control(ifp, len))
		note_indicator(b, T30_FROM_PEER, ifp, len);
	else
		note_image(b);
	relay_ifp(b->t38->relay, ifp, len, seq);
}

static void udptl_receive(struct bearer *b)
{
	uint64_t foreign = b->udptl.foreign;
	uint8_t buf[UDPTL_READ_OCTETS];
	struct addr from;
	const char *bad;
	ssize_t n;
	bool new;

	media_ports_look(b->par.ports, bearer_now_us(b));
	while ((n = media_socket_recv(&b->udptl, buf, sizeof(buf), &from, &new)) >= 0) {
		bad = udptl_rx_datagram(&b->t38->rx, buf, (size_t)n, bearer_now_us(b));
		if (bad) {
			b->report.udptl_bad++;
			drop(b, "UDPTL", &from, bad);
			continue;
		}
		if (new)
			media_socket_latch(&b->udptl, &from);
	}
	tell_foreign(b, "UDPTL", &b->udptl, foreign);
	udptl_rx_tick(&b->t38->rx, bearer_now_us(b));
}

static void block_t38(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	int16_t linear[LINE_BLOCK];

	udptl_receive(b);
	g711_decode(LINE_CODEC, linear, rx, n);
	relay_rx(b->t38->relay, linear, n);
	relay_tx(b->t38->relay, linear, n);
	g711_encode(LINE_CODEC, tx, linear, n);
	repeat_tail(b);
}

int bearer_t38_start(struct bearer *b)
{
	const struct fax_params *fax = b->par.fax;
	const struct relay_handlers h = {relay_sends, relay_saw_frame, b};
	struct bearer_t38 *t = calloc(1, sizeof(*t));
	int err = t ? 0 : ENOMEM;

	if (!err)
		err = relay_alloc(&t->relay, fax, &b->agreed.image, b->par.prefix, &h);
	if (err) {
		free(t);
		return err;
	}
	b->t38 = t;
	udptl_tx_init(&t->tx, b->agreed.image.error_correction, fax->redundancy_control, fax->redundancy_image,
		      b->agreed.image.max_datagram_octets);
	udptl_rx_init(&t->rx, fax->rx_window_ms * MS_US, udptl_gives, b);
	t->described = b->agreed.image.addr;
	media_socket_set_remote(&b->udptl, &t->described);
	for (unsigned i = 0; i < NO_SIGNALS_AT_START; i++)
		relay_send_no_signal(t->relay);
	bearer_t38_signs(b);
	return timer_start(b->par.timers, &b->idle, 0);
}

static void t38_add_report(const struct bearer *b, struct bearer_report *rp)
{
	const struct udptl_rx_stats *s = &b->t38->rx.stats;

	rp->ifp_lost += (unsigned)s->lost;
	rp->recovered += (unsigned)(s->recovered_redundancy + s->recovered_fec);
}

void bearer_t38_redirect(struct bearer *b)
{
	struct bearer_t38 *t = b->t38;

	t38_add_report(b, &b->report);
	udptl_rx_init(&t->rx, b->par.fax->rx_window_ms * MS_US, udptl_gives, b);
	t->described = b->agreed.image.addr;
	media_socket_set_remote(&b->udptl, &t->described);
}

/* The fax lives: its idle timeout begins anew. */
void bearer_t38_signs(struct bearer *b)
{
	if (b->t38)
		b->t38->last_sign_us = bearer_now_us(b);
}

void bearer_t38_stop(struct bearer *b)
{
	if (!b->t38)
		return;
	t38_add_report(b, &b->report);
	relay_free(b->t38->relay);
	free(b->t38);
	b->t38 = NULL;
}

void bearer_report(const struct bearer *b, struct bearer_report *rp)
{
	*rp = b->report;
	rp->foreign = b->rtp.foreign + b->udptl.foreign;
	rp->rtp_lost = b->jitter.stats.lost_octets / LINE_BLOCK;
	if (b->t38)
		t38_add_report(b, rp);
}

bearer_block_h *const bearer_blocks[] = {
	[BEARER_OFF] = block_silent,
	[BEARER_AUDIO] = block_audio,
	[BEARER_SWITCHING] = block_switching,
	[BEARER_T38] = block_t38,
	[BEARER_PASSTHROUGH] = block_passthrough,
	[BEARER_CLOSED] = block_silent,
};
