/* SPDX-License-Identifier: GPL-2.0-only */
#include "tdm_port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "t38/spandsp_version.h"

#include "gateway/base/net.h"

#define HEADER_OCTETS 6
#define SIG_OCTETS    16
#define IDLE	      0xD5
#define FRAME_OCTETS  (HEADER_OCTETS + SIG_OCTETS + TDM_PORT_MAX_SAMPLES * (TIMESLOT_COUNT - 1))
#define DFRAME_OCTETS 300

struct dframe {
	size_t octets;
	uint8_t frame[DFRAME_OCTETS];
};

struct tdm_port {
	struct tdm_port_params params;
	struct loop *loop; /* to wait in */
	struct udp *udp;
	struct tdm_port_stats stats;
	uint16_t tx_counter, rx_counter;
	bool hdlc_idle; /* a frame may be given to hdlc_tx */
	bool rx_synced, tx_yellow, rx_yellow, signalling;
	unsigned samples; /* of the frame sent last */
	unsigned due;	  /* answers */
	hdlc_rx_state_t *hdlc_rx;
	hdlc_tx_state_t *hdlc_tx;
	tdm_port_dframe_h *dframe;
	void *dframe_arg;
	unsigned head, count;
	struct dframe queue[TDM_PORT_DFRAMES];
	uint8_t frame[FRAME_OCTETS + 1];
};

static void port_dframe(void *arg, const uint8_t *frame, int len, int ok)
{
	struct tdm_port *p = arg;

	/* A negative length is a change of spandsp's carrier or framing status. */
	if (len < 0) {
		p->stats.dframes_bad += len == SIG_STATUS_ABORT;
		return;
	}
	if (!ok) {
		p->stats.dframes_bad++;
		return;
	}
	p->stats.dframes_rx++;
	if (p->dframe)
		p->dframe(frame, (size_t)len, p->dframe_arg);
}

/* spandsp has sent its frame, or its first flags. */
static void port_underflow(void *arg)
{
	((struct tdm_port *)arg)->hdlc_idle = true;
}

static void port_next_dframe(struct tdm_port *p)
{
	const struct dframe *d = &p->queue[p->head];

	if (hdlc_tx_frame(p->hdlc_tx, d->frame, d->octets))
		return;
	p->hdlc_idle = false;
	p->head = (p->head + 1) % TDM_PORT_DFRAMES;
	p->count--;
	p->stats.dframes_tx++;
}

/* spandsp's octets are, as a timeslot's, sent most significant bit first. */
static void port_dchannel_send(struct tdm_port *p, uint8_t *line, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (p->count && p->hdlc_idle)
			port_next_dframe(p);
		line[i] = (uint8_t)hdlc_tx_get_byte(p->hdlc_tx);
	}
}

int tdm_port_send(struct tdm_port *p, const uint8_t *tx, unsigned n)
{
	size_t len = HEADER_OCTETS;
	int err;

	if (!n || n > TDM_PORT_MAX_SAMPLES)
		return EINVAL;
	if (!p->due)
		tdm_port_drain(p);
	p->frame[0] = (uint8_t)n;
	p->frame[1] = (uint8_t)(p->tx_yellow | p->signalling << 1);
	p->frame[2] = (uint8_t)(p->tx_counter >> 8);
	p->frame[3] = (uint8_t)p->tx_counter++;
	p->frame[4] = 0;
	p->frame[5] = (uint8_t)p->params.timeslots;
	if (p->signalling) {
		memset(p->frame + len, 0xDD, SIG_OCTETS);
		len += (p->params.timeslots + 3) / 4 * 2;
	}
	for (unsigned ts = 1; ts <= p->params.timeslots; ts++, len += n) {
		if (ts == p->params.dchannel)
			port_dchannel_send(p, p->frame + len, n);
		else
			memcpy(p->frame + len, tx + ts * n, n);
	}
	err = udp_send(p->udp, &p->params.peer, p->frame, len);
	if (err)
		return err;
	p->samples = n;
	p->due++;
	p->stats.sent++;
	return 0;
}

/* The length of the header and signalling words of what was received, or 0 if it is no frame. */
static size_t port_check(struct tdm_port *p, size_t len)
{
	const uint8_t *f = p->frame;
	size_t start = HEADER_OCTETS;

	if (len < HEADER_OCTETS || f[4] || f[5] != p->params.timeslots)
		return 0;
	if (f[1] & 2)
		start += (f[5] + 3u) / 4 * 2;
	return f[0] && len == start + (size_t)f[0] * f[5] ? start : 0;
}

/* Takes one frame from the socket. Returns 0, EAGAIN when there is none, or errno; *startp: where its samples begin. */
static int port_take(struct tdm_port *p, size_t *startp)
{
	for (;;) {
		struct addr from;
		ssize_t len = udp_recv(p->udp, p->frame, sizeof(p->frame), &from);
		uint16_t counter, gap;

		if (len < 0)
			return (int)-len;
		*startp = addr_equal(&from, &p->params.peer) ? port_check(p, (size_t)len) : 0;
		if (!*startp) {
			p->stats.bad++;
			continue;
		}
		counter = (uint16_t)(p->frame[2] << 8 | p->frame[3]);
		gap = (uint16_t)(counter - p->rx_counter);
		if (p->rx_synced)
			p->stats.lost += gap;
		p->rx_synced = true;
		p->rx_counter = (uint16_t)(counter + 1);
		p->rx_yellow = p->frame[1] & 1;
		p->stats.received++;
		if (p->params.dchannel)
			hdlc_rx_put(p->hdlc_rx, p->frame + *startp + (p->params.dchannel - 1) * p->frame[0],
				    p->frame[0]);
		return 0;
	}
}

unsigned tdm_port_drain(struct tdm_port *p)
{
	unsigned n = 0;
	size_t start;

	while (!port_take(p, &start))
		n++;
	p->stats.keepalives += n;
	return n;
}

static void port_nothing(void *arg)
{
	/* The socket is read by port_take(). */
}

int tdm_port_wait(struct tdm_port *p, int timeout_ms, uint8_t *rx)
{
	int64_t until = clock_now_us(&clock_monotonic) + timeout_ms * MS_US;
	size_t start;
	int err;

	for (;;) {
		int64_t left;

		err = port_take(p, &start);
		if (!err && p->frame[0] == p->samples)
			break;
		if (!err) {
			p->stats.keepalives++;
			continue;
		}
		left = until - clock_now_us(&clock_monotonic);
		if (err == EAGAIN && left > 0 && loop_step(p->loop, left) >= 0)
			continue;
		p->due = 0;
		return err == EAGAIN ? ETIMEDOUT : err;
	}
	if (p->due)
		p->due--;
	if (!rx)
		return 0;
	memset(rx, IDLE, p->samples);
	memcpy(rx + p->samples, p->frame + start, (size_t)p->samples * p->params.timeslots);
	return 0;
}

int tdm_port_send_raw(struct tdm_port *p, const void *datagram, size_t len)
{
	return udp_send(p->udp, &p->params.peer, datagram, len);
}

int tdm_port_send_dframe(struct tdm_port *p, const uint8_t *frame, size_t octets)
{
	struct dframe *d = &p->queue[(p->head + p->count) % TDM_PORT_DFRAMES];

	if (!octets || octets > DFRAME_OCTETS)
		return EMSGSIZE;
	if (p->count == TDM_PORT_DFRAMES)
		return ENOBUFS;
	d->octets = octets;
	memcpy(d->frame, frame, octets);
	p->count++;
	return 0;
}

void tdm_port_on_dframe(struct tdm_port *p, tdm_port_dframe_h *h, void *arg)
{
	p->dframe = h;
	p->dframe_arg = arg;
}

void tdm_port_skip(struct tdm_port *p, int frames)
{
	p->tx_counter = (uint16_t)(p->tx_counter + frames);
}

void tdm_port_set_yellow(struct tdm_port *p, bool on)
{
	p->tx_yellow = on;
}

void tdm_port_set_signalling(struct tdm_port *p, bool on)
{
	p->signalling = on;
}

bool tdm_port_is_yellow(const struct tdm_port *p)
{
	return p->rx_yellow;
}

struct tdm_port_stats tdm_port_stats(const struct tdm_port *p)
{
	return p->stats;
}

const struct addr *tdm_port_local(const struct tdm_port *p)
{
	return udp_local(p->udp);
}

void tdm_port_set_peer(struct tdm_port *p, const struct addr *peer)
{
	p->params.peer = *peer;
}

void tdm_port_free(struct tdm_port *p)
{
	if (!p)
		return;
	udp_close(p->udp);
	loop_free(p->loop);
	if (p->hdlc_rx)
		hdlc_rx_free(p->hdlc_rx);
	if (p->hdlc_tx)
		hdlc_tx_free(p->hdlc_tx);
	free(p);
}

int tdm_port_alloc(struct tdm_port **pp, const struct tdm_port_params *params)
{
	struct tdm_port *p;
	int err = ENOMEM;

	if (!params->timeslots || params->timeslots >= TIMESLOT_COUNT || params->dchannel > params->timeslots)
		return EINVAL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return ENOMEM;
	p->params = *params;
	p->hdlc_rx = hdlc_rx_init(NULL, 0, 1, 1, port_dframe, p);
	p->hdlc_tx = hdlc_tx_init(NULL, 0, 1, 0, port_underflow, p);
	if (!p->hdlc_rx || !p->hdlc_tx)
		goto out;
	hdlc_tx_flags(p->hdlc_tx, 2);
	err = loop_alloc(&p->loop, &clock_monotonic);
	if (err)
		goto out;
	err = udp_open(&net_kernel, &params->local, &p->udp);
	if (err)
		goto out;
	err = udp_watch(p->udp, p->loop, port_nothing, p);
	if (err)
		goto out;
	*pp = p;
	p = NULL;
out:
	tdm_port_free(p);
	return err;
}
