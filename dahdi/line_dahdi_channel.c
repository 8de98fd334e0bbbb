/* SPDX-License-Identifier: GPL-2.0-only */
/* The channels of a DAHDI span: opening, phase, reading and writing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "line_dahdi_own.h"

#define LATE_ERROR_US 100 /* how exactly we know how late we are */
#define SYNC_TRIES    5
#define LOST_MAX_US   SEC_US	  /* so much time is made up for; while the line was dead, the span has other means */
#define SYNC_US	      (2 * MS_US) /* in which all channels are to be started: two of the kernel's steps */

bool dahdi_chan_is_b(const struct dahdi *d, unsigned timeslot)
{
	return timeslot < TIMESLOT_COUNT && d->params.timeslots >> timeslot & 1;
}

int dahdi_chan_ioctl(struct dahdi *d, struct dahdi_chan *c, unsigned long request, int value)
{
	return c->fd < 0 ? ENODEV : d->dev->ioctl(c->fd, request, &value, d->dev->arg);
}

static int chan_set_buffers(struct dahdi *d, struct dahdi_chan *c, int policy, unsigned count, unsigned octets)
{
	struct dabi_bufferinfo b = {
		.txbufpolicy = policy,
		.rxbufpolicy = DABI_POLICY_IMMEDIATE,
		.numbufs = (int)count,
		.bufsize = (int)octets,
	};

	return d->dev->ioctl(c->fd, DABI_SET_BUFINFO, &b, d->dev->arg);
}

static int chan_set_up_b(struct dahdi *d, struct dahdi_chan *c)
{
	static const int policies[] = {
		[LINE_DAHDI_IMMEDIATE] = DABI_POLICY_IMMEDIATE,
		[LINE_DAHDI_HALF] = DABI_POLICY_HALF_FULL,
		[LINE_DAHDI_FULL] = DABI_POLICY_WHEN_FULL,
	};
	int err = chan_set_buffers(d, c, policies[d->params.policy], d->params.buffers, d->params.buffer_size);

	/* Audio mode is what gains, the canceller and silence on an idle channel need; octets pass unchanged. */
	if (!err)
		err = dahdi_chan_ioctl(d, c, DABI_AUDIOMODE, 1);
	if (!err)
		err = dahdi_chan_ioctl(d, c, DABI_SETLAW, d->params.ulaw ? DABI_LAW_MULAW : DABI_LAW_ALAW);
	if (!err && (d->params.rx_gain_ddb || d->params.tx_gain_ddb)) {
		d->gains.chan = 0; /* this one; the kernel writes its number here */
		err = d->dev->ioctl(c->fd, DABI_SETGAINS, &d->gains, d->dev->arg);
	}
	if (!err)
		d->buffer_events = !dahdi_chan_ioctl(d, c, DABI_BUFFER_EVENTS, 1) && d->buffer_events;
	return err;
}

static int chan_open(struct dahdi *d, struct dahdi_chan *c)
{
	char path[40];
	int fd = d->dev->open("/dev/dahdi/channel", O_RDWR | O_NONBLOCK, d->dev->arg), err = 0;
	int number = (int)c->channo;

	if (fd >= 0) {
		err = d->dev->ioctl(fd, DABI_SPECIFY, &number, d->dev->arg);
	} else {
		snprintf(path, sizeof(path), "/dev/dahdi/%u", c->channo);
		fd = d->dev->open(path, O_RDWR | O_NONBLOCK, d->dev->arg);
		if (fd < 0)
			return -fd;
	}
	c->fd = fd;
	if (!err)
		err = c->timeslot == d->params.dchannel
			      ? chan_set_buffers(d, c, DABI_POLICY_IMMEDIATE, DAHDI_DFRAME_BUFFERS, DAHDI_DFRAME_OCTETS)
			      : chan_set_up_b(d, c);
	return err;
}

static void chan_close(struct dahdi *d, struct dahdi_chan *c)
{
	if (c->fd >= 0)
		d->dev->close(c->fd, d->dev->arg);
	c->fd = -1;
	c->fill = 0;
	c->tx_anew = true;
	c->echo = false;
}

void dahdi_begin_anew(struct dahdi *d)
{
	d->in_sync = false;
	d->due_us = 0;
}

int dahdi_open_all(struct dahdi *d, char *why)
{
	uint32_t ours = d->params.timeslots | 1u << d->params.dchannel;
	struct dahdi_survey s;
	int err = dahdi_survey(d, &s, why);

	if (!err)
		err = dahdi_survey_check(d, &s, why);
	if (!err)
		dahdi_survey_warn(d, &s);
	d->buffer_events = true;
	for (unsigned ts = 1; !err && ts < TIMESLOT_COUNT; ts++) {
		if (!(ours >> ts & 1))
			continue;
		d->chan[ts].channo = s.channo[ts];
		err = chan_open(d, &d->chan[ts]);
		if (err)
			dahdi_survey_explain(d, &d->chan[ts], err, why);
	}
	if (err) {
		dahdi_close_all(d);
		return err;
	}
	d->line.timeslots =
		(unsigned)s.info.totalchans < TIMESLOT_COUNT ? (unsigned)s.info.totalchans : TIMESLOT_COUNT - 1;
	d->irqmisses = s.info.irqmisses;
	d->settled = false;
	dahdi_begin_anew(d);
	log_info(d->params.prefix,
		 "DAHDI span %u (%s): %d B channels open, %u buffers of %u octets, %u ms in them to send",
		 d->params.span, s.info.name, __builtin_popcount(d->params.timeslots), d->params.buffers,
		 d->params.buffer_size, d->delay_pieces * d->params.buffer_size * 1000 / LINE_RATE);
	return 0;
}

void dahdi_close_all(struct dahdi *d)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		chan_close(d, &d->chan[ts]);
}

/*
 * What the kernel has collected goes, and all channels begin a block now: the clock, the highest timeslot, last, so
 * that it is also the last to have a block complete. If we are held up on the way they would be too far apart: again.
 * Events go too: they would only say of each channel what is known of all; alarms come on the D channel as well.
 *
 * Beginning anew right after an overrun, and not when all that was kept has been served, is also what ends an overload.
 */
void dahdi_sync(struct dahdi *d)
{
	unsigned lost_samples;
	int64_t lost_us = d->due_us ? loop_now_us(d->loop) - d->due_us : 0;

	for (unsigned i = 0; i < SYNC_TRIES; i++) {
		int64_t begin_us = loop_now_us(d->loop);

		for (unsigned ts = 1; ts <= d->clock; ts++) {
			if (!dahdi_chan_is_b(d, ts))
				continue;
			dahdi_chan_ioctl(d, &d->chan[ts], DABI_FLUSH, DABI_FLUSH_READ | DABI_FLUSH_EVENT);
			d->chan[ts].fill = 0;
			d->chan[ts].tx_anew = true;
		}
		if (loop_now_us(d->loop) - begin_us <= SYNC_US)
			break;
	}
	if (lost_us > LOST_MAX_US)
		lost_us = LOST_MAX_US;
	d->in_sync = true;
	d->resyncs++;
	d->due_us = 0;
	/* Time does not shrink by what is lost. */
	lost_samples = (unsigned)(lost_us * LINE_RATE / SEC_US / LINE_BLOCK * LINE_BLOCK);
	if (!lost_samples)
		return;
	d->h->begin(lost_samples, d->h->arg);
	d->h->end(d->h->arg);
}

int dahdi_chan_read(struct dahdi *d, struct dahdi_chan *c)
{
	size_t piece = d->params.buffer_size;
	unsigned tries = 0;

	while (c->fill < LINE_BLOCK) {
		ssize_t n = c->fd < 0 ? -ENODEV : d->dev->read(c->fd, c->rx + c->fill, piece, d->dev->arg);

		if (n == -DABI_ELAST && tries++ < DABI_MAX_EVENTS) {
			if (dahdi_events(d, c))
				return ENODEV;
			continue;
		}
		if (n == -ENODEV || n == -ENXIO)
			return ENODEV;
		if (n <= 0)
			return EAGAIN;
		/* A buffer is always full in audio mode; should one not be, its gap is better than a shifted phase. */
		if ((size_t)n < piece)
			memset(c->rx + c->fill + n, d->line.idle, piece - (size_t)n);
		c->fill += (unsigned)piece;
	}
	c->fill = 0;
	return 0;
}

/* Returns 0; EAGAIN: there is no room; ENODEV. */
static int chan_write_piece(struct dahdi *d, struct dahdi_chan *c, const uint8_t *piece, size_t octets)
{
	for (unsigned tries = 0; tries <= DABI_MAX_EVENTS; tries++) {
		ssize_t n = c->fd < 0 ? -ENODEV : d->dev->write(c->fd, piece, octets, d->dev->arg);

		if (n == -DABI_ELAST && !dahdi_events(d, c))
			continue;
		if (n == -EAGAIN)
			return EAGAIN;
		return n < 0 ? ENODEV : 0;
	}
	return EAGAIN;
}

/* Idle octets for the delay. The kernel wakes who waits for a channel also when it has sent a buffer of it; on the
 * clock channel these should end with the blocks received, to cost no wakeup: so what this round is late is left out.
 * */
static int chan_write_delay(struct dahdi *d, struct dahdi_chan *c)
{
	uint8_t idle[LINE_BLOCK];
	size_t left = (size_t)d->delay_pieces * d->params.buffer_size;
	size_t late = (size_t)((d->late_us + LATE_ERROR_US) / MS_US) * (LINE_RATE / 1000) % d->params.buffer_size;
	int err = 0;

	memset(idle, d->line.idle, sizeof(idle));
	if (c->timeslot == d->clock)
		left -= late;
	while (left && !err) {
		size_t n = left % d->params.buffer_size ? left % d->params.buffer_size : d->params.buffer_size;

		err = chan_write_piece(d, c, idle, n);
		left -= n;
	}
	return err;
}

void dahdi_chan_write(struct dahdi *d, struct dahdi_chan *c, const uint8_t *block)
{
	int err = 0;

	if (c->tx_anew) {
		c->tx_anew = false;
		dahdi_chan_ioctl(d, c, DABI_FLUSH, DABI_FLUSH_WRITE);
		err = chan_write_delay(d, c);
	}
	for (unsigned i = 0; !err && i < d->pieces; i++)
		err = chan_write_piece(d, c, block + i * d->params.buffer_size, d->params.buffer_size);
	/* Full: what is sent lags behind what is received. */
	if (err == EAGAIN)
		c->tx_anew = true;
}

int dahdi_chan_echo(struct dahdi *d, struct dahdi_chan *c, bool on)
{
	struct dabi_echocancel e = {.tap_length = on ? d->params.echo_taps : 0};
	int err = c->fd < 0 ? ENODEV : d->dev->ioctl(c->fd, DABI_ECHOCANCEL, &e, d->dev->arg);

	if (!err)
		c->echo = on;
	return err;
}

/* EINVAL where the channel has no canceller, ENOTTY where the kernel does not know it. */
int dahdi_chan_echo_fax(struct dahdi *d, struct dahdi_chan *c)
{
	return dahdi_chan_ioctl(d, c, DABI_ECHOCANCEL_FAX, 1);
}
