/* SPDX-License-Identifier: GPL-2.0-only */
#include "line_dahdi.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "g711_gain.h"
#include "gateway/base/counter.h"
#include "line_dahdi_own.h"

#define TICK_US	     SEC_US
#define LOG_BURST    3
#define LOG_US	     (10 * SEC_US)
#define BLOCK_US     (LINE_BLOCK * SEC_US / LINE_RATE)
#define DRIFT_US     2		    /* in a block, 100 ppm: the most the line's clock is slower than ours */
#define FRESH_US     (BLOCK_US / 2) /* a round between these after the last was waited for: there is no backlog */
#define FRESH_MAX_US (BLOCK_US + BLOCK_US / 10)

/* ---- blocks ---- */

/*
 * How late the block just read is, by the line's clock: the earliest of the blocks before it was on time, and one comes
 * every 20 ms. The kernel's clock has steps of its own (4 ms where its timer is the clock), which late_ms has to pass
 * over. Returns microseconds.
 */
static int64_t lateness_us(struct dahdi *d, int64_t now_us)
{
	int64_t gap_us = now_us - d->round_us, late_us;

	if (d->due_us)
		d->due_us += BLOCK_US + DRIFT_US;
	if (!d->due_us || now_us < d->due_us)
		d->due_us = now_us;
	late_us = now_us - d->due_us;
	/* It was waited for, and so is in time: blocks before it are lost. */
	if (late_us >= BLOCK_US && gap_us >= FRESH_US && gap_us <= FRESH_MAX_US) {
		d->due_us = now_us;
		late_us = 0;
	}
	if (late_us > d->late_worst_us)
		d->late_worst_us = late_us;
	if (late_us > d->params.late_ms * MS_US) {
		char text[80];

		snprintf(text, sizeof(text), "a block was served %lld ms after it was due",
			 (long long)(late_us / MS_US));
		dahdi_tell(d, LINE_LATE, 1, text);
	}
	return late_us;
}

/* Where the kernel does not tell of overrun and underrun: what must have happened to a block that is so late. */
static void presume_loss(struct dahdi *d, int64_t late_us)
{
	int64_t delay_us = (int64_t)d->delay_pieces * d->params.buffer_size * SEC_US / LINE_RATE;
	int64_t room_us = (int64_t)d->params.buffers * d->params.buffer_size * SEC_US / LINE_RATE;

	if (d->buffer_events || late_us <= delay_us)
		return;
	if (late_us >= room_us)
		dahdi_overrun(d);
	for (unsigned ts = 1; ts <= d->clock; ts++) {
		if (d->active >> ts & 1 && !d->chan[ts].tx_anew)
			dahdi_underrun(d, &d->chan[ts]);
	}
}

/* One opened by a handler of this round is served from the next on; one closed is no more. */
static int serve_channel(struct dahdi *d, struct dahdi_chan *c, bool active, bool backlog)
{
	uint8_t tx[LINE_BLOCK];
	/* The clock's block has been read. */
	int err = c->timeslot == d->clock ? 0 : dahdi_chan_read(d, c);

	if (err || !active || !(d->active >> c->timeslot & 1))
		return err;
	memset(tx, d->line.idle, sizeof(tx));
	d->h->timeslot(c->timeslot, c->rx, tx, LINE_BLOCK, d->h->arg);
	/* After an underrun: what should have been sent long ago is not; the delay is set anew with the first block
	 * that is in time. */
	if (!(backlog && c->tx_anew))
		dahdi_chan_write(d, c, tx);
	return 0;
}

static int serve_round(struct dahdi *d, bool backlog)
{
	uint32_t active = d->active;
	int err = 0;

	counter_inc(&d->line.stats.blocks);
	d->h->begin(LINE_BLOCK, d->h->arg);
	for (unsigned ts = 1; ts <= d->clock && err != ENODEV; ts++) {
		if (dahdi_chan_is_b(d, ts))
			err = serve_channel(d, &d->chan[ts], active >> ts & 1, backlog);
	}
	d->h->end(d->h->arg);
	return err == ENODEV ? err : 0;
}

/* The clock channel has octets. */
static int take_block(struct dahdi *d)
{
	int64_t now_us = loop_now_us(d->loop);
	int err = d->in_sync ? dahdi_chan_read(d, &d->chan[d->clock]) : 0;

	if (err)
		return err == EAGAIN ? 0 : err;
	if (d->in_sync) {
		d->late_us = lateness_us(d, now_us);
		presume_loss(d, d->late_us);
	}
	d->round_us = now_us;
	if (!d->in_sync) {
		dahdi_sync(d);
		return 0;
	}
	return serve_round(d, d->late_us >= BLOCK_US);
}

static void on_clock(uint32_t epoll_events, void *arg)
{
	struct dahdi *d = arg;
	int err = 0;

	if (epoll_events & EPOLLPRI)
		err = dahdi_events(d, &d->chan[d->clock]);
	if (!err && epoll_events & EPOLLIN)
		err = take_block(d);
	if (err || epoll_events & (EPOLLERR | EPOLLHUP))
		dahdi_gone(d, "its B channels cannot be read");
}

/* ---- the D channel ---- */

static int take_dframes(struct dahdi *d)
{
	struct dahdi_chan *c = &d->chan[d->params.dchannel];
	uint8_t frame[DAHDI_DFRAME_OCTETS];

	for (unsigned i = 0; i < DAHDI_DFRAME_BUFFERS; i++) {
		ssize_t n = c->fd < 0 ? -ENODEV : d->dev->read(c->fd, frame, sizeof(frame), d->dev->arg);

		if (n == -DABI_ELAST && !dahdi_events(d, c))
			continue;
		if (n == -EAGAIN || n == -EINTR)
			break;
		if (n < 0)
			return ENODEV;
		if (n <= DAHDI_FCS_OCTETS) {
			dahdi_tell(d, LINE_HDLC_FCS, 1, "a frame of the D channel was too short");
			continue;
		}
		d->settled = true;
		counter_inc(&d->line.stats.dframes_rx);
		d->h->dframe(frame, (size_t)n - DAHDI_FCS_OCTETS, d->h->arg);
	}
	return 0;
}

static void on_dchannel(uint32_t epoll_events, void *arg)
{
	struct dahdi *d = arg;
	int err = 0;

	if (epoll_events & EPOLLPRI)
		err = dahdi_events(d, &d->chan[d->params.dchannel]);
	if (!err && epoll_events & EPOLLIN)
		err = take_dframes(d);
	if (err || epoll_events & (EPOLLERR | EPOLLHUP))
		dahdi_gone(d, "its D channel cannot be read");
}

/* The kernel makes the FCS; it wants room for it. */
static int write_dframe(struct dahdi *d, const uint8_t *frame, size_t octets)
{
	struct dahdi_chan *c = &d->chan[d->params.dchannel];
	uint8_t out[DAHDI_DFRAME_OCTETS] = {0};

	memcpy(out, frame, octets);
	for (unsigned tries = 0; tries <= DABI_MAX_EVENTS; tries++) {
		ssize_t n = d->dev->write(c->fd, out, octets + DAHDI_FCS_OCTETS, d->dev->arg);

		if (n == -DABI_ELAST && !dahdi_events(d, c) && !d->gone)
			continue;
		if (n < 0 && n != -EAGAIN && n != -DABI_ELAST)
			return ENODEV;
		return n < 0 ? ENOBUFS : 0;
	}
	return ENOBUFS;
}

static int dahdi_send_dframe(struct line *l, const uint8_t *frame, size_t octets)
{
	struct dahdi *d = (struct dahdi *)l;
	bool dead = d->gone || !d->loop || d->alarm == LINE_LOS || d->alarm == LINE_BLUE;
	int err = 0;

	if (octets > DAHDI_DFRAME_OCTETS - DAHDI_FCS_OCTETS)
		err = EMSGSIZE;
	else if (!dead)
		err = write_dframe(d, frame, octets);
	if (dead || err)
		counter_inc(&l->stats.dframes_dropped);
	else
		counter_inc(&l->stats.dframes_tx);
	/* A dead line takes everything and delivers nothing. That the device is gone will be seen by the next round:
	 * here we may be in the middle of one. */
	return err == ENODEV ? 0 : err;
}

/* ---- life ---- */

static void on_tick(void *arg)
{
	struct dahdi *d = arg;
	uint64_t blocks = counter_get(&d->line.stats.blocks);

	if (d->gone) {
		dahdi_return(d);
	} else {
		/* In alarm, too: some drivers stop their clock with the signal. */
		d->stalled = blocks == d->blocks_seen;
		/* When its clock goes on, that is a new beginning: nobody was late. */
		if (d->stalled)
			dahdi_begin_anew(d);
		if (dahdi_alarms(d))
			dahdi_gone(d, "it does not answer");
	}
	d->blocks_seen = blocks;
	timer_start(loop_timers(d->loop), &d->timer, TICK_US);
}

int dahdi_watch(struct dahdi *d)
{
	const struct line_dahdi_dev *dev = d->dev;
	int b = d->chan[d->clock].fd, dch = d->chan[d->params.dchannel].fd;
	int err = dev->watch(d->loop, b, EPOLLIN | EPOLLPRI, on_clock, d, dev->arg);

	if (err)
		return err;
	err = dev->watch(d->loop, dch, EPOLLIN | EPOLLPRI, on_dchannel, d, dev->arg);
	if (err)
		dev->unwatch(d->loop, b, dev->arg);
	return err;
}

void dahdi_unwatch(struct dahdi *d)
{
	if (d->chan[d->clock].fd >= 0)
		d->dev->unwatch(d->loop, d->chan[d->clock].fd, d->dev->arg);
	if (d->chan[d->params.dchannel].fd >= 0)
		d->dev->unwatch(d->loop, d->chan[d->params.dchannel].fd, d->dev->arg);
}

static int dahdi_start(struct line *l, struct loop *loop, const struct line_handlers *h)
{
	struct dahdi *d = (struct dahdi *)l;
	int err;

	if (d->loop)
		return EALREADY;
	d->h = h;
	d->loop = loop;
	/* The first look at the alarms is at once: the line may be dead from the beginning. */
	err = timer_start(loop_timers(loop), &d->timer, d->gone ? TICK_US : 0);
	if (!err && !d->gone)
		err = dahdi_watch(d);
	if (err) {
		timer_stop(loop_timers(loop), &d->timer);
		d->loop = NULL;
	} else if (d->gone) {
		h->event(LINE_GONE, 1, h->arg);
	}
	return err;
}

static void dahdi_free(struct line *l)
{
	struct dahdi *d = (struct dahdi *)l;

	if (d->loop) {
		timer_stop(loop_timers(d->loop), &d->timer);
		if (!d->gone)
			dahdi_unwatch(d);
	}
	dahdi_close_all(d);
	free(d);
}

static int dahdi_open(struct line *l, unsigned timeslot)
{
	struct dahdi *d = (struct dahdi *)l;

	if (!dahdi_chan_is_b(d, timeslot))
		return EINVAL;
	if (d->active >> timeslot & 1)
		return EBUSY;
	d->active |= 1u << timeslot;
	d->chan[timeslot].tx_anew = true;
	return 0;
}

static void dahdi_close(struct line *l, unsigned timeslot)
{
	struct dahdi *d = (struct dahdi *)l;

	if (!dahdi_chan_is_b(d, timeslot) || !(d->active >> timeslot & 1))
		return;
	d->active &= ~(1u << timeslot);
	/* Nothing of this call may be heard in the next. */
	dahdi_chan_ioctl(d, &d->chan[timeslot], DABI_FLUSH, DABI_FLUSH_WRITE);
	if (d->chan[timeslot].echo)
		dahdi_chan_echo(d, &d->chan[timeslot], false);
}

static int dahdi_echo(struct line *l, unsigned timeslot, bool on)
{
	struct dahdi *d = (struct dahdi *)l;

	if (!dahdi_chan_is_b(d, timeslot))
		return EINVAL;
	if (on && !d->params.echo)
		return ENOTSUP;
	if (!on && d->params.echo_fax_mode && d->chan[timeslot].echo && !dahdi_chan_echo_fax(d, &d->chan[timeslot]))
		return 0;
	return dahdi_chan_echo(d, &d->chan[timeslot], on);
}

/* The drivers send the yellow alarm by themselves; there is no request for it. */
static void dahdi_yellow(struct line *l, bool on)
{
}

static const struct line_ops dahdi_ops = {
	.start = dahdi_start,
	.free = dahdi_free,
	.open = dahdi_open,
	.close = dahdi_close,
	.send_dframe = dahdi_send_dframe,
	.echo = dahdi_echo,
	.yellow = dahdi_yellow,
};

static bool params_fit(const struct line_dahdi_params *p)
{
	uint32_t b = p->timeslots;

	return b && !(b & 1) && p->dchannel && p->dchannel < TIMESLOT_COUNT && !(b >> p->dchannel & 1) && p->span &&
	       p->buffer_size >= 16 && p->buffer_size <= LINE_BLOCK && LINE_BLOCK % p->buffer_size == 0 &&
	       p->buffers >= 2 && p->buffers <= DABI_MAX_BUFFERS &&
	       p->buffers * p->buffer_size >= p->send_delay_ms * (LINE_RATE / 1000) + 2 * LINE_BLOCK;
}

int line_dahdi_alloc(struct line **lp, const struct line_dahdi_params *p, const struct line_dahdi_dev *dev, char *why)
{
	struct dahdi *d = params_fit(p) ? calloc(1, sizeof(*d)) : NULL;
	enum media_codec law = p->ulaw ? CODEC_PCMU : CODEC_PCMA;
	int err;

	if (!d) {
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 params_fit(p) ? "no memory" : "parameters that do not fit together");
		return params_fit(p) ? ENOMEM : EINVAL;
	}
	d->line = (struct line){.ops = &dahdi_ops,
				.timeslots = TIMESLOT_COUNT - 1,
				.dchannel = p->dchannel,
				.idle = p->ulaw ? LINE_IDLE_ULAW : LINE_IDLE};
	d->params = *p;
	d->dev = dev;
	d->alarm = LINE_CLEAR;
	d->blocks_seen = UINT64_MAX; /* before the first tick */
	d->clock = 31u - (unsigned)__builtin_clz(p->timeslots);
	d->pieces = LINE_BLOCK / p->buffer_size;
	d->delay_pieces = (p->send_delay_ms * (LINE_RATE / 1000) + p->buffer_size - 1) / p->buffer_size;
	g711_gain_table(law, p->rx_gain_ddb, d->gains.rxgain);
	g711_gain_table(law, p->tx_gain_ddb, d->gains.txgain);
	timer_init(&d->timer, on_tick, d);
	for (unsigned i = 0; i < LINE_EVENT_COUNT; i++)
		d->limit[i] = (struct log_limit){.burst = LOG_BURST, .interval_us = LOG_US};
	/* These come in heaps: of each block, of each channel. */
	d->limit[LINE_LATE].burst = d->limit[LINE_OVERRUN].burst = d->limit[LINE_UNDERRUN].burst = 1;
	for (unsigned ts = 0; ts < TIMESLOT_COUNT; ts++)
		d->chan[ts] = (struct dahdi_chan){.timeslot = ts, .fd = -1, .tx_anew = true};
	err = dahdi_open_all(d, why);
	if (err && p->patient && err != ENOMEM) {
		dahdi_wait(d, why);
		err = 0;
	}
	if (err)
		dahdi_free(&d->line);
	else
		*lp = &d->line;
	return err;
}

struct line_dahdi_state line_dahdi_state(const struct line *l)
{
	const struct dahdi *d = (const struct dahdi *)l;
	struct line_dahdi_state s = {
		.gone = d->gone,
		.alarms = d->alarm_bits,
		.late_worst_us = d->late_worst_us,
		.resyncs = d->resyncs,
	};

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		s.channels += d->chan[ts].fd >= 0;
	return s;
}
