/* SPDX-License-Identifier: GPL-2.0-only */
/* The media of a call: RTP with G.711 or UDPTL, and the fax machine. */
#include <errno.h>
#include <string.h>

#include "t38/spandsp_version.h"

#include "sip_peer_priv.h"

#define RTP_OCTETS    12
#define BLOCK_SAMPLES 160
#define BUFFER_MS     40 /* what is received waits to be heard */
#define SAMPLES_MS    8
#define RX_SAMPLES    (sizeof(((struct peer_call *)0)->rx) / sizeof(int16_t))

static int open_any(struct peer_call *c, struct udp **up)
{
	struct addr a = c->peer->params.media;

	addr_set_port(&a, 0);
	return udp_open(c->peer->net, &a, up);
}

int speer_media_open(struct peer_call *c)
{
	int err = open_any(c, &c->rtp);

	/* the next port is RTCP's, of which nothing is heard here: no T.38 may be there */
	if (!err)
		err = open_any(c, &c->rtcp);
	if (!err && !c->params.same_port)
		err = open_any(c, &c->udptl_socket);
	c->rtp_seq = (uint16_t)speer_random(c->peer);
	c->rtp_time = (uint32_t)speer_random(c->peer);
	c->rtp_ssrc = (uint32_t)speer_random(c->peer);
	return err;
}

static void machine_end(struct peer_call *c)
{
	if (!c->machine)
		return;
	machine_hangup(c->machine);
	machine_result(c->machine, &c->result.fax);
	machine_free(c->machine);
	c->machine = NULL;
}

void speer_media_close(struct peer_call *c)
{
	machine_end(c);
	c->media = PEER_MEDIA_NONE;
	udp_close(c->rtp);
	udp_close(c->rtcp);
	udp_close(c->udptl_socket);
	c->rtp = NULL;
	c->rtcp = NULL;
	c->udptl_socket = NULL;
}

void speer_media_none(struct peer_call *c)
{
	c->media = PEER_MEDIA_NONE;
}

static void on_frame(bool sent, const uint8_t *frame, size_t octets, void *arg)
{
	struct peer_call *c = arg;
	const struct sip_peer_handlers *h = &c->peer->params.handlers;

	speer_tcf_frame(c, frame, octets);
	if (h->frame)
		h->frame(c->id, c->peer->now_us / MS_US, sent, frame, octets, h->arg);
}

static struct udp *udptl_at(const struct peer_call *c)
{
	return c->udptl_socket ? c->udptl_socket : c->rtp;
}

static void on_ifp(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	struct peer_call *c = arg;
	uint8_t out[UDPTL_SIM_OCTETS + 64];

	if (c->media != PEER_MEDIA_T38 || !addr_is_set(&c->udptl_to) || speer_tcf_stays(c, ifp, len))
		return;
	for (; copies; copies--) {
		size_t n = udptl_sim_send(&c->udptl, ifp, len, out);

		if (n)
			udp_send(udptl_at(c), &c->udptl_to, out, n);
	}
}

static void on_udptl(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	struct peer_call *c = arg;

	if (c->machine && len && c->local_tcf)
		speer_tcf_ifp(c, ifp, len, seq);
	else if (c->machine && len)
		machine_t38_ifp(c->machine, ifp, len, seq);
}

/* The fax is done, or given up. */
static void machine_is_done(struct peer_call *c)
{
	if (c->machine_done)
		return;
	c->machine_done = true;
	if (c->params.hangup_done_ms)
		c->hangup_us = c->peer->now_us + c->params.hangup_done_ms * MS_US;
	if (c->params.audio_after_done_ms && c->media == PEER_MEDIA_T38)
		c->audio_us = c->peer->now_us + c->params.audio_after_done_ms * MS_US;
}

static void machine_look(struct peer_call *c)
{
	struct machine_result r;

	if (!c->machine)
		return;
	machine_result(c->machine, &r);
	if (r.done)
		machine_is_done(c);
}

void speer_media_audio(struct peer_call *c, const struct peer_line *remote)
{
	c->rtp_to = remote->addr;
	c->codec = remote->codec;
	c->result.remote_vbd = remote->vbd;
	c->their_alaw_pt = c->params.vbd && remote->vbd ? remote->vbd_pt : remote->alaw_pt;
	c->their_event_pt = remote->event_pt;
	if (c->media == PEER_MEDIA_AUDIO)
		return;
	c->media = PEER_MEDIA_AUDIO;
	c->rx_started = false;
	/* After T.38 the fax is over or given up: what follows is silence. */
	if (c->result.t38_switches) {
		machine_end(c);
		machine_is_done(c);
	} else if (c->params.fax && !c->params.fax->script && !c->machine &&
		   machine_alloc(&c->machine, c->params.fax) == 0) {
		machine_on_frame(c->machine, on_frame, c);
	}
}

void speer_media_t38(struct peer_call *c, const struct peer_line *remote)
{
	const struct sip_peer_call_params *p = &c->params;
	struct machine_params mp = {.caller = false};

	c->udptl_to = remote->addr;
	c->result.remote_t38 = remote->t38;
	if (c->media == PEER_MEDIA_T38)
		return; /* a refresh */
	c->media = PEER_MEDIA_T38;
	c->result.t38 = true;
	c->result.t38_switches++;
	machine_end(c);
	c->machine_done = false;
	c->local_tcf = p->local_tcf && (!c->offered_image || remote->t38.rate_management == T38_LOCAL_TCF);
	udptl_sim_init(&c->udptl, on_udptl, c);
	c->udptl.kind = p->error_correction;
	if (remote->t38.error_correction == T38_EC_NONE)
		c->udptl.kind = UDPTL_SIM_NONE;
	else if (remote->t38.error_correction == T38_EC_REDUNDANCY && p->error_correction == UDPTL_SIM_FEC)
		c->udptl.kind = UDPTL_SIM_REDUNDANCY;
	c->udptl.mixed = p->mixed;
	c->udptl.window_us = p->window_ms * MS_US;
	c->udptl.tail = p->tail;
	c->udptl.tail_us = 50 * MS_US;
	c->udptl.now_us = c->peer->now_us;
	if (p->redundancy)
		c->udptl.depth = p->redundancy < UDPTL_SIM_MAX_DEPTH ? p->redundancy : UDPTL_SIM_MAX_DEPTH;
	if (remote->t38.max_datagram_octets >= 150 && remote->t38.max_datagram_octets < UDPTL_SIM_OCTETS)
		c->udptl.max_octets = remote->t38.max_datagram_octets;
	if (p->fax)
		mp = *p->fax;
	/* the lower of both, T.38 D.2.3 */
	mp.t38_version = c->t38_version = p->t38_version < remote->t38.version ? p->t38_version : remote->t38.version;
	if (p->fax && machine_t38_alloc(&c->machine, &mp, on_ifp, c) == 0)
		machine_on_frame(c->machine, on_frame, c);
}

/* Audio */

static void rtp_send(struct peer_call *c)
{
	uint8_t out[RTP_OCTETS + BLOCK_SAMPLES] = {0x80};
	size_t len;

	out[1] = c->codec == CODEC_PCMA ? (uint8_t)c->their_alaw_pt : 0;
	out[2] = (uint8_t)(c->rtp_seq >> 8);
	out[3] = (uint8_t)c->rtp_seq;
	for (unsigned i = 0; i < 4; i++) {
		out[4 + i] = (uint8_t)(c->rtp_time >> (24 - 8 * i));
		out[8 + i] = (uint8_t)(c->rtp_ssrc >> (24 - 8 * i));
	}
	for (size_t i = 0; i < BLOCK_SAMPLES; i++)
		out[RTP_OCTETS + i] = c->codec == CODEC_PCMA ? linear_to_alaw(c->tx[i]) : linear_to_ulaw(c->tx[i]);
	if (c->params.say)
		c->params.say(out + RTP_OCTETS, BLOCK_SAMPLES, c->params.audio_arg);
	len = speer_digit_packet(c, out);
	c->rtp_seq++;
	c->rtp_time += BLOCK_SAMPLES;
	c->result.rtp_sent++;
	if (addr_port(&c->rtp_to))
		udp_send(c->rtp, &c->rtp_to, out, len ? len : sizeof(out));
}

static void audio_send(struct peer_call *c, size_t samples)
{
	while (samples) {
		size_t n = BLOCK_SAMPLES - c->ntx;

		if (n > samples)
			n = samples;
		if (c->machine)
			machine_tx(c->machine, c->tx + c->ntx, n);
		else
			memset(c->tx + c->ntx, 0, n * sizeof(c->tx[0]));
		c->ntx += n;
		samples -= n;
		if (c->ntx == BLOCK_SAMPLES) {
			rtp_send(c);
			c->ntx = 0;
		}
	}
}

/* G.711; a UDPTL datagram looks so only when its number is far beyond those of any fax. */
static bool is_rtp(const struct peer_call *c, const uint8_t *p, size_t len)
{
	unsigned type = len >= RTP_OCTETS ? p[1] & 0x7f : 0x7f;

	return len >= RTP_OCTETS && p[0] >> 6 == 2 &&
	       (type == 8 || type == 0 || (c->params.alaw_pt && type == c->params.alaw_pt));
}

static void rtp_take(struct peer_call *c, const uint8_t *p, size_t len)
{
	size_t at = RTP_OCTETS, i;
	uint32_t time;
	bool alaw;

	if (!is_rtp(c, p, len))
		return; /* RTCP, telephone events, UDPTL that is too early or too late */
	at += 4u * (p[0] & 15);
	if (p[0] & 0x10 || at > len)
		return;
	c->result.rtp_type = p[1] & 0x7f;
	alaw = c->result.rtp_type != 0;
	time = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 | (uint32_t)p[6] << 8 | p[7];
	c->result.rtp_received++;
	if (c->params.hear)
		c->params.hear(p + at, len - at, c->params.audio_arg);
	if (!c->rx_started || (int32_t)(time - c->rx_time) > (int32_t)RX_SAMPLES - 1000 ||
	    (int32_t)(time - c->rx_time) < -(int32_t)RX_SAMPLES) {
		c->rx_started = true;
		c->rx_time = time - SAMPLES_MS * (c->params.rtp_buffer_ms ? c->params.rtp_buffer_ms : BUFFER_MS);
		memset(c->rx_present, 0, sizeof(c->rx_present));
	}
	if ((int32_t)(time - c->rx_time) < 0)
		c->result.rtp_late++;
	for (i = 0; i + at < len; i++, time++) {
		if ((int32_t)(time - c->rx_time) < 0 || time - c->rx_time >= RX_SAMPLES)
			continue;
		c->rx[time % RX_SAMPLES] = alaw ? alaw_to_linear(p[at + i]) : ulaw_to_linear(p[at + i]);
		c->rx_present[time % RX_SAMPLES] = true;
	}
}

static void audio_hear(struct peer_call *c, size_t samples)
{
	int16_t block[BLOCK_SAMPLES];

	while (samples && c->rx_started) {
		size_t n = samples < BLOCK_SAMPLES ? samples : BLOCK_SAMPLES, i;

		for (i = 0; i < n; i++, c->rx_time++) {
			block[i] = c->rx_present[c->rx_time % RX_SAMPLES] ? c->rx[c->rx_time % RX_SAMPLES] : 0;
			c->rx_present[c->rx_time % RX_SAMPLES] = false;
		}
		if (c->machine)
			machine_rx(c->machine, block, n);
		samples -= n;
	}
}

static void media_receive(struct peer_call *c)
{
	uint8_t buf[2048];
	ssize_t n;

	while ((n = udp_recv(c->rtp, buf, sizeof(buf), NULL)) >= 0) {
		if (c->media == PEER_MEDIA_AUDIO)
			rtp_take(c, buf, (size_t)n);
		else if (c->media == PEER_MEDIA_T38 && !c->udptl_socket && !is_rtp(c, buf, (size_t)n))
			udptl_sim_receive(&c->udptl, buf, (size_t)n);
	}
	/* What comes before we know of the switch waits in its own socket. */
	while (c->udptl_socket && c->media == PEER_MEDIA_T38 &&
	       (n = udp_recv(c->udptl_socket, buf, sizeof(buf), NULL)) >= 0)
		udptl_sim_receive(&c->udptl, buf, (size_t)n);
}

static void udptl_step(struct peer_call *c)
{
	uint8_t out[UDPTL_SIM_OCTETS];
	size_t n;

	udptl_sim_tick(&c->udptl, c->peer->now_us);
	n = udptl_sim_tail(&c->udptl, out);
	if (n)
		udp_send(udptl_at(c), &c->udptl_to, out, n);
}

void speer_media_step(struct peer_call *c, size_t samples)
{
	if (!c->rtp)
		return;
	media_receive(c);
	if (c->media == PEER_MEDIA_AUDIO) {
		audio_hear(c, samples);
		audio_send(c, samples);
	} else if (c->media == PEER_MEDIA_T38 && c->machine) {
		udptl_step(c);
		machine_t38_step(c->machine, samples);
	}
	machine_look(c);
}

void speer_media_result(const struct peer_call *c, struct sip_peer_result *rp)
{
	rp->udptl = c->udptl.stats;
	if (c->machine)
		machine_result(c->machine, &rp->fax);
}
