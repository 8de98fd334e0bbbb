/* SPDX-License-Identifier: GPL-2.0-only */
#include "line_tdmoe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/counter.h"
#include "gateway/base/log.h"
#include "hdlc.h"
#include "tdmoe_frame.h"
#include "tdmoe_slots.h"
#include "tdmoe_udp.h"

#define ROUND_FRAMES	  64	    /* taken from the socket before the loop has its turn again */
#define GAP_SAMPLES	  LINE_RATE /* the longest gap that is filled, and how late a late frame may be */
#define LATE_FRAMES	  16	    /* late ones in a row and no other: the peer's counter was set back */
#define KEEPALIVE_SAMPLES 8	    /* what DAHDI sends; used until the peer has shown its own */
#define BAD_LOG_US	  (10 * SEC_US)
#define LOOK_LEAST_US	  (5 * MS_US) /* frames that are a little late are not asked for again at once */
#define LOOK_MARGIN_US	  (3 * MS_US)

struct tdmoe {
	struct line line;
	struct line_tdmoe_params params;
	struct tdmoe_port *port;
	struct loop *loop; /* NULL: not started */
	const struct line_handlers *h;
	struct timer timer;
	struct log_limit bad_limit, send_limit;

	bool synced;	     /* rx_counter is valid */
	uint16_t rx_counter; /* of the next frame */
	uint16_t tx_counter;
	unsigned late;	  /* late frames since the last good one */
	unsigned samples; /* a channel, in the last good frame */
	int64_t good_us;  /* when that came */
	int64_t keepalive_us;

	bool los;
	bool rx_yellow, tx_yellow;

	struct tdmoe_slots slots;
	struct dhdlc_rx hdlc_rx;
	struct dhdlc_tx hdlc_tx;
	uint8_t out[TDMOE_MAX_OCTETS];
};

static void tdmoe_event(struct tdmoe *t, enum line_event e, unsigned count)
{
	counter_add(&t->line.stats.events[e], count);
	t->h->event(e, count, t->h->arg);
}

static void tdmoe_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	struct tdmoe *t = arg;

	counter_inc(&t->line.stats.dframes_rx);
	t->h->dframe(frame, octets, t->h->arg);
}

static void tdmoe_hdlc_error(enum hdlc_error e, void *arg)
{
	tdmoe_event(arg, e == HDLC_ABORT ? LINE_HDLC_ABORT : LINE_HDLC_FCS, 1);
}

static void deliver_block(struct tdmoe *t)
{
	struct tdmoe_slots *s = &t->slots;
	uint32_t open = s->open;

	tdmoe_slots_begin_block(s);
	counter_inc(&t->line.stats.blocks);
	t->h->begin(LINE_BLOCK, t->h->arg);
	for (unsigned ts = 1; ts <= t->line.timeslots; ts++) {
		uint8_t *tx = tdmoe_slots_block(s, ts);

		/* One opened by a handler of this block is served from the next on; one closed is no more. */
		if (!((open & s->open) >> ts & 1))
			continue;
		memset(tx, t->line.idle, LINE_BLOCK);
		t->h->timeslot(ts, s->rx[ts], tx, LINE_BLOCK, t->h->arg);
	}
	t->h->end(t->h->arg);
	tdmoe_slots_end_block(s);
}

/* Gathers N samples a channel and delivers the blocks that they complete. OCTETS NULL: they were lost. */
static void gather(struct tdmoe *t, const uint8_t *octets, unsigned n)
{
	for (unsigned taken = 0; taken < n;) {
		taken += tdmoe_slots_put(&t->slots, octets, n, taken);
		if (tdmoe_slots_has_block(&t->slots))
			deliver_block(t);
	}
}

static void note_sending(struct tdmoe *t, int err)
{
	unsigned held;

	if (!err)
		return;
	tdmoe_event(t, LINE_UNDERRUN, 1);
	if (log_limit_pass(&t->send_limit, loop_now_us(t->loop), &held))
		log_warning(t->params.prefix, "tdmoe frames not sent: %s (%u more since the last such line)",
			    strerror(err), held);
}

/* Sends the next N samples a channel; IDLE: B channels are not served. */
static void send_frame(struct tdmoe *t, unsigned n, bool idle)
{
	struct tdmoe_frame f = {
		.samples = n,
		.channels = t->line.timeslots,
		.counter = t->tx_counter++,
		.yellow = t->tx_yellow || t->los,
	};
	size_t len = tdmoe_frame_write_header(t->out, &f);
	int err;

	for (unsigned ts = 1; ts <= t->line.timeslots; ts++, len += n) {
		if (ts == t->line.dchannel)
			dhdlc_tx_octets(&t->hdlc_tx, t->out + len, n);
		else if (!idle && tdmoe_slots_is_open(&t->slots, ts))
			memcpy(t->out + len, tdmoe_slots_next(&t->slots, ts), n);
		else
			memset(t->out + len, t->line.idle, n);
	}
	err = t->port->ops->send(t->port, t->out, len);
	if (!err)
		counter_inc(&t->line.stats.frames_tx);
	note_sending(t, err);
}

/* Frames of N samples come from now on. */
static void tdmoe_prime(struct tdmoe *t, unsigned n)
{
	t->samples = n;
	if (tdmoe_slots_prime(&t->slots, n) && t->synced)
		tdmoe_event(t, LINE_UNDERRUN, 1);
}

static void resync(struct tdmoe *t, unsigned n)
{
	bool jump = t->synced;

	t->synced = false;
	tdmoe_slots_reset(&t->slots);
	dhdlc_rx_reset(&t->hdlc_rx);
	tdmoe_prime(t, n);
	t->synced = true;
	if (jump)
		tdmoe_event(t, LINE_SLIP, 1);
}

static void fill_gap(struct tdmoe *t, unsigned frames)
{
	counter_add(&t->line.stats.frames_lost, frames);
	tdmoe_event(t, LINE_OVERRUN, frames);
	dhdlc_rx_reset(&t->hdlc_rx);
	for (unsigned i = 0; i < frames; i++) {
		gather(t, NULL, t->samples);
		tdmoe_slots_pass(&t->slots, t->samples);
		t->tx_counter++;
	}
}

/* Brings the receiver in step with the counter of F. False: F is late, or came twice. */
static bool follow_counter(struct tdmoe *t, const struct tdmoe_frame *f)
{
	uint16_t ahead = (uint16_t)(f->counter - t->rx_counter);
	uint16_t behind = (uint16_t)-ahead;
	unsigned limit = GAP_SAMPLES / (t->samples ? t->samples : 1);

	if (!t->synced) {
		resync(t, f->samples);
	} else if (ahead && ahead <= limit) {
		fill_gap(t, ahead);
	} else if (ahead && behind <= limit && ++t->late < LATE_FRAMES) {
		counter_inc(&t->line.stats.frames_late);
		return false;
	} else if (ahead) {
		resync(t, f->samples);
	}
	t->late = 0;
	t->rx_counter = (uint16_t)(f->counter + 1);
	return true;
}

static void follow_alarms(struct tdmoe *t, bool yellow)
{
	bool alarm = t->los || t->rx_yellow;
	bool changed = t->los || t->rx_yellow != yellow;

	t->los = false;
	t->rx_yellow = yellow;
	if (changed && yellow)
		tdmoe_event(t, LINE_YELLOW, 1);
	else if (changed && alarm)
		tdmoe_event(t, LINE_CLEAR, 1);
}

static void receive_good(struct tdmoe *t, const struct tdmoe_frame *f)
{
	counter_inc(&t->line.stats.frames_rx);
	if (!follow_counter(t, f))
		return;
	t->good_us = loop_now_us(t->loop);
	follow_alarms(t, f->yellow);
	if (f->samples != t->samples)
		tdmoe_prime(t, f->samples);
	dhdlc_rx_octets(&t->hdlc_rx, f->octets + (t->line.dchannel - 1) * f->samples, f->samples);
	gather(t, f->octets, f->samples);
	send_frame(t, f->samples, false);
	tdmoe_slots_pass(&t->slots, f->samples);
}

static void receive_bad(struct tdmoe *t, const char *why)
{
	char text[TDMOE_FROM_OCTETS];
	unsigned held;

	counter_inc(&t->line.stats.frames_bad);
	if (log_limit_pass(&t->bad_limit, loop_now_us(t->loop), &held))
		log_warning(t->params.prefix, "tdmoe frame from %s dropped: %s (%u more since the last such line)",
			    t->port->ops->from(t->port, text), why, held);
}

static void receive_frame(struct tdmoe *t, const uint8_t *frame, size_t octets, const char *why)
{
	struct tdmoe_frame f;
	char buf[64];

	if (!why)
		why = tdmoe_frame_read(frame, octets, &f);
	if (!why && f.channels != t->line.timeslots) {
		snprintf(buf, sizeof(buf), "has %u channels, not %u", f.channels, t->line.timeslots);
		why = buf;
	}
	if (why)
		receive_bad(t, why);
	else
		receive_good(t, &f);
}

static void receive_round(void *arg)
{
	struct tdmoe *t = arg;
	const uint8_t *frame;
	const char *why;
	unsigned i;

	for (i = 0; i < ROUND_FRAMES; i++) {
		ssize_t n = t->port->ops->recv(t->port, &frame, &why);

		/* Errors belong to what was sent before, if to anything: the loop will call again. */
		if (n < 0)
			break;
		receive_frame(t, frame, (size_t)n, why);
	}
	note_sending(t, t->port->ops->flush(t->port));
	/* There may be more, and no other word of it. */
	if (i == ROUND_FRAMES)
		timer_start(loop_timers(t->loop), &t->timer, 0);
}

/* A line that gathers looks again when its next block should have come. */
static int64_t look_us(const struct tdmoe *t)
{
	int64_t gather_us = t->port->gather_us;
	int64_t us = (LINE_BLOCK - t->slots.fill) * SEC_US / LINE_RATE + LOOK_MARGIN_US;

	if (!gather_us)
		return INT64_MAX;
	if (us < LOOK_LEAST_US)
		us = LOOK_LEAST_US;
	return us < gather_us && t->synced ? us : gather_us;
}

static void enter_los(struct tdmoe *t)
{
	t->los = true;
	t->synced = false;
	dhdlc_rx_reset(&t->hdlc_rx);
	/* When the line is back these would be old, and the data link will ask for what it misses. */
	counter_add(&t->line.stats.dframes_dropped, dhdlc_tx_waiting(&t->hdlc_tx));
	dhdlc_tx_init(&t->hdlc_tx);
	tdmoe_event(t, LINE_LOS, 1);
}

/* Two loop-timed ends would wait for each other for ever, and a clock must hear that we do not: say it. */
static void send_keepalive(struct tdmoe *t)
{
	if (loop_now_us(t->loop) < t->keepalive_us)
		return;
	t->keepalive_us = loop_now_us(t->loop) + TDMOE_KEEPALIVE_MS * MS_US;
	send_frame(t, t->samples ? t->samples : KEEPALIVE_SAMPLES, true);
	note_sending(t, t->port->ops->flush(t->port));
}

static void tdmoe_timeout(void *arg)
{
	struct tdmoe *t = arg;
	int64_t left, look;

	/* If this thread was held up the line is not dead: frames wait in the socket. */
	receive_round(t);
	left = t->good_us + TDMOE_LOS_MS * MS_US - loop_now_us(t->loop);
	if (!t->los && left <= 0)
		enter_los(t);
	if (t->los) {
		send_keepalive(t);
		left = t->keepalive_us - loop_now_us(t->loop);
	}
	look = look_us(t);
	if (look < left)
		left = look;
	/* Unless receive_round() wants to come back at once. */
	if (!timer_running(&t->timer))
		timer_start(loop_timers(t->loop), &t->timer, left > 0 ? left : 0);
}

static int tdmoe_start(struct line *l, struct loop *loop, const struct line_handlers *h)
{
	struct tdmoe *t = (struct tdmoe *)l;
	bool gathers = t->port->gather_us > 0;
	int err;

	if (t->loop)
		return EALREADY;
	t->h = h;
	t->good_us = loop_now_us(loop);
	err = timer_start(loop_timers(loop), &t->timer, gathers ? t->port->gather_us : TDMOE_LOS_MS * MS_US);
	if (err)
		return err;
	t->loop = loop;
	if (!gathers)
		err = t->port->ops->watch(t->port, loop, receive_round, t);
	if (err) {
		timer_stop(loop_timers(loop), &t->timer);
		t->loop = NULL;
	}
	return err;
}

static void tdmoe_free(struct line *l)
{
	struct tdmoe *t = (struct tdmoe *)l;

	if (t->loop)
		timer_stop(loop_timers(t->loop), &t->timer);
	tdmoe_port_close(t->port);
	free(t);
}

static int tdmoe_open(struct line *l, unsigned timeslot)
{
	struct tdmoe *t = (struct tdmoe *)l;

	if (!timeslot || timeslot > l->timeslots || timeslot == l->dchannel)
		return EINVAL;
	if (tdmoe_slots_is_open(&t->slots, timeslot))
		return EBUSY;
	/* Nothing of the last call may be heard in this one. */
	tdmoe_slots_open(&t->slots, timeslot);
	return 0;
}

static void tdmoe_close(struct line *l, unsigned timeslot)
{
	struct tdmoe *t = (struct tdmoe *)l;

	if (timeslot < TIMESLOT_COUNT)
		tdmoe_slots_close(&t->slots, timeslot);
}

static int tdmoe_send_dframe(struct line *l, const uint8_t *frame, size_t octets)
{
	struct tdmoe *t = (struct tdmoe *)l;
	int err = 0;

	/* A dead line takes everything and delivers nothing. */
	if (!t->los)
		err = dhdlc_tx_frame(&t->hdlc_tx, frame, octets);
	if (t->los || err)
		counter_inc(&l->stats.dframes_dropped);
	else
		counter_inc(&l->stats.dframes_tx);
	return err;
}

static int tdmoe_echo(struct line *l, unsigned timeslot, bool on)
{
	return ENOTSUP;
}

static void tdmoe_yellow(struct line *l, bool on)
{
	struct tdmoe *t = (struct tdmoe *)l;

	t->tx_yellow = on;
}

static const struct line_ops tdmoe_ops = {
	.start = tdmoe_start,
	.free = tdmoe_free,
	.open = tdmoe_open,
	.close = tdmoe_close,
	.send_dframe = tdmoe_send_dframe,
	.echo = tdmoe_echo,
	.yellow = tdmoe_yellow,
};

int line_tdmoe_alloc_port(struct line **lp, const struct line_tdmoe_params *p, struct tdmoe_port *port)
{
	struct tdmoe *t = calloc(1, sizeof(*t));

	if (!t) {
		tdmoe_port_close(port);
		return ENOMEM;
	}
	t->line = (struct line){.ops = &tdmoe_ops,
				.timeslots = p->timeslots,
				.dchannel = p->dchannel,
				.idle = p->ulaw ? LINE_IDLE_ULAW : LINE_IDLE};
	tdmoe_slots_init(&t->slots, p->timeslots, t->line.idle);
	t->params = *p;
	t->port = port;
	t->bad_limit = t->send_limit = (struct log_limit){.burst = 1, .interval_us = BAD_LOG_US};
	timer_init(&t->timer, tdmoe_timeout, t);
	dhdlc_rx_init(&t->hdlc_rx, tdmoe_dframe, tdmoe_hdlc_error, t);
	dhdlc_tx_init(&t->hdlc_tx);
	*lp = &t->line;
	return 0;
}

int line_tdmoe_alloc(struct line **lp, const struct line_tdmoe_params *p, struct net *net)
{
	struct tdmoe_port *port = NULL;
	int err;

	if (!p->timeslots || p->timeslots > TDMOE_MAX_CHANNELS || !p->dchannel || p->dchannel > p->timeslots ||
	    p->eth.gather_ms > TDMOE_GATHER_MAX_MS)
		return EINVAL;
	if (p->eth.interface && *p->eth.interface)
		err = tdmoe_eth_open(&port, &p->eth);
	else
		err = tdmoe_udp_open(&port, &p->local, &p->peer, net);
	return err ? err : line_tdmoe_alloc_port(lp, p, port);
}

const struct addr *line_tdmoe_local(const struct line *l)
{
	return tdmoe_udp_local(((const struct tdmoe *)l)->port);
}
