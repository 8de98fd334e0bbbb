/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls on the fake's devices: what the kernel answers, and when it refuses. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dahdi_fake_own.h"

#define FIRST_FD 1000

static struct fake_chan *chan_by_number(struct dahdi_fake *f, int number)
{
	for (unsigned n = 0; n < FAKE_SPANS; n++) {
		struct fake_span *s = &f->span[n];

		for (int ts = 1; s->assigned && ts <= s->channels; ts++) {
			if (s->chan[ts].number == (unsigned)number)
				return &s->chan[ts];
		}
	}
	return NULL;
}

static struct fake_fd *fd_at(struct dahdi_fake *f, int fd)
{
	if (fd < FIRST_FD || fd >= FIRST_FD + FAKE_FDS || !f->fd[fd - FIRST_FD].used)
		abort(); /* a descriptor that is not open is a fault of the driver */
	return &f->fd[fd - FIRST_FD];
}

static int chan_open(struct fake_fd *d, struct fake_chan *c)
{
	if (!c->sig)
		return ENXIO;
	if (c->open || c->taken)
		return EBUSY;
	c->open = true;
	c->audio = c->buffer_events = c->fax_mode = c->gain = c->was_over = c->was_under = false;
	c->alaw = c->default_alaw;
	c->taps = 0;
	c->nevents = 0;
	fake_set_buffers(c, 2, FAKE_OCTETS, DABI_POLICY_IMMEDIATE);
	d->chan = c;
	return 0;
}

static int call_open(const char *path, int flags, void *arg)
{
	struct dahdi_fake *f = arg;
	struct fake_chan *c = NULL;
	bool ctl = !strcmp(path, "/dev/dahdi/ctl"), node = !strcmp(path, "/dev/dahdi/channel");
	unsigned i = 0;
	int err;

	if (ctl && f->ctl_err)
		return -f->ctl_err;
	if (!ctl && (node ? f->no_channel_node : f->no_number_nodes))
		return -ENOENT;
	if (!ctl && !node) {
		c = chan_by_number(f, atoi(path + strlen("/dev/dahdi/")));
		if (!c)
			return -ENXIO;
	}
	while (i < FAKE_FDS && f->fd[i].used)
		i++;
	if (i == FAKE_FDS)
		return -EMFILE;
	f->fd[i] = (struct fake_fd){.ctl = ctl, .generation = f->fd[i].generation + 1};
	err = c ? chan_open(&f->fd[i], c) : 0;
	if (err)
		return -err;
	f->fd[i].used = true;
	return FIRST_FD + (int)i;
}

static void call_close(int fd, void *arg)
{
	struct fake_fd *d = fd_at(arg, fd);

	if (d->h)
		abort(); /* the loop would go on waiting for it */
	if (d->chan)
		d->chan->open = false;
	d->used = false;
	d->generation++;
}

static int get_params(struct dahdi_fake *f, struct fake_fd *d, struct dabi_params *p)
{
	const struct fake_chan *c = d->chan ? d->chan : chan_by_number(f, p->channo);

	if (!c)
		return EINVAL;
	p->channo = (int)c->number;
	p->spanno = (int)c->span;
	p->chanpos = (int)c->timeslot;
	p->sigtype = c->sig;
	p->curlaw = c->alaw ? DABI_LAW_ALAW : DABI_LAW_MULAW;
	return 0;
}

static int get_span(struct dahdi_fake *f, struct dabi_spaninfo *i)
{
	const struct fake_span *s;

	if (i->spanno < 1 || i->spanno > FAKE_SPANS || !f->span[i->spanno - 1].assigned)
		return EINVAL;
	s = &f->span[i->spanno - 1];
	snprintf(i->name, sizeof(i->name), "FAKE/%u", s->number);
	memcpy(i->spantype, s->type, sizeof(i->spantype));
	i->alarms = s->alarms;
	i->irqmisses = s->irqmisses;
	i->totalchans = s->channels;
	i->totalspans = FAKE_SPANS;
	i->numchans = 0;
	for (int ts = 1; ts <= s->channels; ts++)
		i->numchans += s->chan[ts].sig != DABI_SIG_NONE;
	return 0;
}

static int flush(struct dahdi_fake *f, struct fake_chan *c, int what)
{
	fake_flush(c, what);
	if (what & DABI_FLUSH_READ && f->slow_times) {
		f->slow_times--;
		for (unsigned i = 0; i < f->slow_samples; i += DABI_CHUNK_SAMPLES)
			fake_step(f);
		*f->slow_now_usp += (int64_t)f->slow_samples * SEC_US / LINE_RATE;
	}
	return 0;
}

static int get_event(struct fake_chan *c, int *eventp)
{
	*eventp = DABI_EVENT_NONE;
	if (!c->nevents)
		return 0;
	*eventp = c->events[0];
	memmove(c->events, c->events + 1, --c->nevents * sizeof(c->events[0]));
	return 0;
}

static int set_buffers(struct fake_chan *c, const struct dabi_bufferinfo *b)
{
	if (b->bufsize < 16 || b->bufsize > FAKE_OCTETS || b->bufsize * b->numbufs > 32768 ||
	    b->numbufs > DABI_MAX_BUFFERS)
		return EINVAL;
	fake_set_buffers(c, (unsigned)b->numbufs, (unsigned)b->bufsize, b->txbufpolicy);
	return 0;
}

static int echo(struct fake_chan *c, const struct dabi_echocancel *e)
{
	if (!c->audio)
		return EINVAL;
	c->taps = e->tap_length;
	c->fax_mode = false;
	return 0;
}

static int chan_ioctl(struct dahdi_fake *f, struct fake_chan *c, unsigned long request, void *p)
{
	int *value = p;

	switch (request) {
	case DABI_FLUSH:
		return flush(f, c, *value);
	case DABI_GETEVENT:
		return get_event(c, value);
	case DABI_SET_BUFINFO:
		return set_buffers(c, p);
	case DABI_AUDIOMODE:
		if (c->sig != DABI_SIG_CLEAR)
			return EINVAL;
		c->audio = *value;
		return 0;
	case DABI_SETLAW:
		c->alaw = *value == DABI_LAW_ALAW;
		return 0;
	case DABI_SETGAINS:
		if (!c->audio)
			return EINVAL;
		c->gains = *(struct dabi_gains *)p;
		c->gain = true;
		return 0;
	case DABI_ECHOCANCEL:
		return echo(c, p);
	case DABI_ECHOCANCEL_FAX:
		if (!c->taps)
			return EINVAL;
		c->fax_mode = *value;
		return 0;
	case DABI_BUFFER_EVENTS:
		c->buffer_events = *value;
		return 0;
	default:
		return ENOTTY;
	}
}

static int call_ioctl(int fd, unsigned long request, void *p, void *arg)
{
	struct dahdi_fake *f = arg;
	struct fake_fd *d = fd_at(f, fd);
	struct fake_chan *c;

	f->calls++;
	if (d->dead) {
		if (request == DABI_GETEVENT)
			*(int *)p = DABI_EVENT_REMOVED;
		return ENODEV;
	}
	if (f->refused_err && request == f->refused)
		return f->refused_err;
	if (request == DABI_GET_PARAMS)
		return get_params(f, d, p);
	if (request == DABI_SPANSTAT)
		return get_span(f, p);
	if (request == DABI_SPECIFY && !d->ctl && !d->chan) {
		c = chan_by_number(f, *(int *)p);
		return c ? chan_open(d, c) : EINVAL;
	}
	return d->chan ? chan_ioctl(f, d->chan, request, p) : ENOTTY;
}

static ssize_t call_read(int fd, void *p, size_t octets, void *arg)
{
	struct dahdi_fake *f = arg;
	struct fake_fd *d = fd_at(f, fd);
	struct fake_ring *r;
	struct fake_buffer *b;
	size_t n;

	f->calls++;
	if (d->dead || !d->chan)
		return -ENODEV;
	if (d->chan->nevents)
		return -DABI_ELAST;
	r = &d->chan->rx;
	if (!r->full)
		return -EAGAIN;
	b = &r->b[r->first];
	n = b->len < octets ? b->len : octets; /* the rest of the buffer is lost */
	memcpy(p, b->octet, n);
	r->first = (r->first + 1) % FAKE_BUFFERS;
	r->full--;
	return (ssize_t)n;
}

static ssize_t call_write(int fd, const void *p, size_t octets, void *arg)
{
	struct dahdi_fake *f = arg;
	struct fake_fd *d = fd_at(f, fd);
	struct fake_chan *c = d->chan;
	struct fake_buffer *b;

	f->calls++;
	if (d->dead || !c)
		return -ENODEV;
	if (c->nevents)
		return -DABI_ELAST;
	if (c->tx.full == c->tx.room)
		return -EAGAIN;
	b = &c->tx.b[(c->tx.first + c->tx.full) % FAKE_BUFFERS];
	b->len = octets < c->size ? (unsigned)octets : c->size;
	b->pos = 0;
	memcpy(b->octet, p, b->len);
	c->tx.full++;
	if (c->tx.full == c->tx.room || (c->policy == DABI_POLICY_HALF_FULL && c->tx.full >= c->tx.room / 2))
		c->tx_disabled = false;
	return (ssize_t)b->len;
}

static int call_watch(struct loop *l, int fd, uint32_t epoll_events, loop_fd_h *h, void *h_arg, void *arg)
{
	struct fake_fd *d = fd_at(arg, fd);

	if (d->h)
		return EEXIST;
	d->wanted = epoll_events;
	d->h = h;
	d->h_arg = h_arg;
	if (d->chan)
		d->chan->watched = true;
	return 0;
}

static void call_unwatch(struct loop *l, int fd, void *arg)
{
	struct fake_fd *d = fd_at(arg, fd);

	d->h = NULL;
	if (d->chan)
		d->chan->watched = false;
}

const struct line_dahdi_dev fake_calls = {
	.open = call_open,
	.close = call_close,
	.ioctl = call_ioctl,
	.read = call_read,
	.write = call_write,
	.watch = call_watch,
	.unwatch = call_unwatch,
};
