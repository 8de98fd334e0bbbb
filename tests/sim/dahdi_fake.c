/* SPDX-License-Identifier: GPL-2.0-only */
#include "dahdi_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "dahdi_fake_own.h"

/* ---- buffers ---- */

static struct fake_buffer *ring_at(struct fake_ring *r, unsigned i)
{
	return &r->b[(r->first + i) % FAKE_BUFFERS];
}

static void ring_reset(struct fake_ring *r)
{
	r->first = r->full = 0;
	for (unsigned i = 0; i < FAKE_BUFFERS; i++)
		r->b[i].len = r->b[i].pos = 0;
}

void fake_flush(struct fake_chan *c, int what)
{
	if (what & DABI_FLUSH_READ)
		ring_reset(&c->rx);
	if (what & DABI_FLUSH_WRITE)
		ring_reset(&c->tx);
	if (what & DABI_FLUSH_EVENT)
		c->nevents = 0;
}

void fake_set_buffers(struct fake_chan *c, unsigned count, unsigned octets, int policy)
{
	c->rx.room = c->tx.room = count < 2 ? 2 : count;
	c->size = octets;
	c->policy = policy;
	c->tx_disabled = policy != DABI_POLICY_IMMEDIATE;
	fake_flush(c, DABI_FLUSH_READ | DABI_FLUSH_WRITE);
}

void fake_queue_event(struct fake_chan *c, int event)
{
	if (c->open && c->nevents < DABI_MAX_EVENTS - 1)
		c->events[c->nevents++] = event;
}

/* An octet from the line. A ring that is full takes nothing until it is read from. */
static void chan_receive(struct fake_chan *c, uint8_t octet, bool *overp, bool *kickp)
{
	struct fake_buffer *b = ring_at(&c->rx, c->rx.full);

	if (c->rx.full == c->rx.room) {
		*overp = true;
		return;
	}
	b->octet[b->len++] = octet;
	if (b->len == c->size) {
		c->rx.full++;
		ring_at(&c->rx, c->rx.full)->len = 0;
		*kickp |= c->watched;
	}
}

/* An octet for the line: silence when there is none. */
static uint8_t chan_send(struct fake_chan *c, bool *underp, bool *kickp)
{
	struct fake_buffer *b = ring_at(&c->tx, 0);
	uint8_t octet;

	if (!c->tx.full || c->tx_disabled) {
		*underp = true;
		return !c->audio ? 0xff : c->alaw ? 0xd5 : 0x7f;
	}
	octet = b->octet[b->pos++];
	if (b->pos == b->len) {
		c->tx.first = (c->tx.first + 1) % FAKE_BUFFERS;
		c->tx.full--;
		*kickp |= c->watched;
		c->tx_disabled = !c->tx.full && c->policy != DABI_POLICY_IMMEDIATE;
	}
	return octet;
}

static void flag_event(struct fake_chan *c, bool now, bool *flag, int event)
{
	if (now && !*flag && c->buffer_events)
		fake_queue_event(c, event);
	*flag = now;
}

static void step_b(struct dahdi_fake *f, struct fake_span *s, struct fake_chan *c)
{
	bool over = false, under = false;

	for (unsigned i = 0; i < DABI_CHUNK_SAMPLES; i++) {
		uint8_t rx = f->far.tx(s->number, c->timeslot, s->samples + i, f->far.arg);

		if (!c->open)
			continue;
		chan_receive(c, c->gain ? c->gains.rxgain[rx] : rx, &over, &f->kicked);
		if (!s->tx_held)
			f->far.rx(s->number, c->timeslot, s->samples + i, chan_send(c, &under, &f->kicked), f->far.arg);
	}
	flag_event(c, over, &c->was_over, DABI_EVENT_READ_OVERRUN);
	flag_event(c, under, &c->was_under, DABI_EVENT_WRITE_UNDERRUN);
}

/* A frame a step leaves the D channel. */
static void step_d(struct dahdi_fake *f, struct fake_span *s, struct fake_chan *c)
{
	struct fake_buffer b;

	if (!c->tx.full)
		return;
	b = *ring_at(&c->tx, 0);
	c->tx.first = (c->tx.first + 1) % FAKE_BUFFERS;
	c->tx.full--;
	if (f->far.dframe && b.len > 2)
		f->far.dframe(s->number, b.octet, b.len - 2, f->far.arg);
}

void fake_step(struct dahdi_fake *f)
{
	f->kicked = false;
	for (unsigned n = 0; n < FAKE_SPANS; n++) {
		struct fake_span *s = &f->span[n];

		if (!s->assigned || s->stopped)
			continue;
		for (unsigned ts = 1; ts <= FAKE_CHANNELS; ts++) {
			struct fake_chan *c = &s->chan[ts];

			if (c->sig == DABI_SIG_HDLCFCS)
				step_d(f, s, c);
			else
				step_b(f, s, c);
		}
		s->samples += DABI_CHUNK_SAMPLES;
	}
	f->kicks += f->kicked;
}

/* ---- waiting ---- */

static uint32_t fake_ready(const struct fake_fd *d)
{
	const struct fake_chan *c = d->chan;

	if (d->dead)
		return EPOLLERR | EPOLLHUP | EPOLLPRI;
	if (!c)
		return 0;
	return (c->rx.full ? (uint32_t)EPOLLIN : 0) | (c->nevents ? (uint32_t)EPOLLPRI : 0);
}

bool dahdi_fake_wake(struct dahdi_fake *f)
{
	struct {
		struct fake_fd *d;
		uint32_t ready, generation;
	} woken[FAKE_FDS];
	unsigned n = 0;

	for (unsigned i = 0; i < FAKE_FDS; i++) {
		struct fake_fd *d = &f->fd[i];
		uint32_t ready = d->h ? fake_ready(d) & (d->wanted | EPOLLERR | EPOLLHUP) : 0;

		if (ready) {
			woken[n].d = d;
			woken[n].ready = ready;
			woken[n++].generation = d->generation;
		}
	}
	for (unsigned i = 0; i < n; i++) {
		/* An earlier one may have closed it. */
		if (woken[i].d->h && woken[i].d->generation == woken[i].generation)
			woken[i].d->h(woken[i].ready, woken[i].d->h_arg);
	}
	f->wakeups += n > 0;
	return n > 0;
}

void dahdi_fake_run(struct dahdi_fake *f, unsigned samples, bool held)
{
	for (unsigned i = 0; i < samples; i += DABI_CHUNK_SAMPLES) {
		fake_step(f);
		if (!held)
			dahdi_fake_wake(f);
	}
}

/* ---- the world ---- */

static struct fake_chan *fake_chan_at(struct dahdi_fake *f, unsigned span, unsigned timeslot)
{
	return &f->span[span - 1].chan[timeslot];
}

void dahdi_fake_dframe(struct dahdi_fake *f, unsigned span, const uint8_t *frame, size_t octets)
{
	struct fake_chan *c = fake_chan_at(f, span, 16);
	struct fake_buffer *b = ring_at(&c->rx, c->rx.full);

	if (!c->open || c->rx.full == c->rx.room || octets + 2 > c->size)
		return;
	memcpy(b->octet, frame, octets);
	b->octet[octets] = 0x12; /* an FCS: nobody looks at it */
	b->octet[octets + 1] = 0x34;
	b->len = (unsigned)octets + 2;
	c->rx.full++;
	ring_at(&c->rx, c->rx.full)->len = 0;
}

void dahdi_fake_event(struct dahdi_fake *f, unsigned span, unsigned timeslot, int event)
{
	fake_queue_event(fake_chan_at(f, span, timeslot), event);
}

/* As the kernel: an event only where there was none before, or is none any more. */
void dahdi_fake_alarm(struct dahdi_fake *f, unsigned span, int bits)
{
	struct fake_span *s = &f->span[span - 1];

	for (unsigned ts = 1; !bits != !s->alarms && ts <= FAKE_CHANNELS; ts++)
		fake_queue_event(&s->chan[ts], bits ? DABI_EVENT_ALARM : DABI_EVENT_NOALARM);
	s->alarms = bits;
}

void dahdi_fake_assign(struct dahdi_fake *f, unsigned span, bool assign)
{
	struct fake_span *s = &f->span[span - 1];

	s->assigned = assign;
	for (unsigned i = 0; !assign && i < FAKE_FDS; i++) {
		struct fake_fd *d = &f->fd[i];

		if (d->chan && d->chan->span == span) {
			d->chan->open = false;
			d->chan = NULL;
			d->dead = true;
		}
	}
}

void dahdi_fake_stop_clock(struct dahdi_fake *f, unsigned span, bool stop)
{
	f->span[span - 1].stopped = stop;
}

void dahdi_fake_miss(struct dahdi_fake *f, unsigned span, int interrupts)
{
	f->span[span - 1].irqmisses += interrupts;
}

void dahdi_fake_hold_tx(struct dahdi_fake *f, unsigned span, bool hold)
{
	f->span[span - 1].tx_held = hold;
}

void dahdi_fake_slow_flush(struct dahdi_fake *f, unsigned samples, unsigned times, int64_t *now_usp)
{
	f->slow_now_usp = now_usp;
	f->slow_samples = samples;
	f->slow_times = times;
}

void dahdi_fake_load(struct dahdi_fake *f, int ctl_err)
{
	f->ctl_err = ctl_err;
}

void dahdi_fake_nodes(struct dahdi_fake *f, bool channel, bool numbers)
{
	f->no_channel_node = !channel;
	f->no_number_nodes = !numbers;
}

void dahdi_fake_configure(struct dahdi_fake *f, unsigned span, unsigned timeslot, int sig, bool alaw)
{
	struct fake_chan *c = fake_chan_at(f, span, timeslot);

	c->sig = sig;
	c->default_alaw = c->alaw = alaw;
}

void dahdi_fake_resize(struct dahdi_fake *f, unsigned span, int channels, const char *type)
{
	f->span[span - 1].channels = channels;
	snprintf(f->span[span - 1].type, sizeof(f->span[0].type), "%s", type);
}

void dahdi_fake_take(struct dahdi_fake *f, unsigned span, unsigned timeslot, bool taken)
{
	fake_chan_at(f, span, timeslot)->taken = taken;
}

void dahdi_fake_refuse(struct dahdi_fake *f, unsigned long request, int err)
{
	f->refused = request;
	f->refused_err = err;
}

struct dahdi_fake_chan dahdi_fake_chan(struct dahdi_fake *f, unsigned span, unsigned timeslot)
{
	const struct fake_chan *c = fake_chan_at(f, span, timeslot);
	struct dahdi_fake_chan r = {
		.open = c->open,
		.audio = c->audio,
		.alaw = c->alaw,
		.buffer_events = c->buffer_events,
		.fax_mode = c->fax_mode,
		.taps = c->taps,
		.policy = c->policy,
		.buffers = (int)c->rx.room,
		.buffer_size = (int)c->size,
		.queued = c->tx.full,
	};

	memcpy(r.rxgain, c->gains.rxgain, sizeof(r.rxgain));
	return r;
}

uint64_t dahdi_fake_wakeups(const struct dahdi_fake *f)
{
	return f->wakeups;
}

uint64_t dahdi_fake_kicks(const struct dahdi_fake *f)
{
	return f->kicks;
}

uint64_t dahdi_fake_calls(const struct dahdi_fake *f)
{
	return f->calls;
}

unsigned dahdi_fake_opened(const struct dahdi_fake *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FAKE_FDS; i++)
		n += f->fd[i].used;
	return n;
}

/* ---- life ---- */

int dahdi_fake_alloc(struct dahdi_fake **fp, const struct dahdi_fake_far *far)
{
	struct dahdi_fake *f = calloc(1, sizeof(*f));

	if (!f)
		return ENOMEM;
	f->far = *far;
	f->dev = fake_calls;
	f->dev.arg = f;
	for (unsigned n = 0; n < FAKE_SPANS; n++) {
		struct fake_span *s = &f->span[n];

		s->number = n + 1;
		s->assigned = true;
		s->channels = FAKE_CHANNELS;
		snprintf(s->type, sizeof(s->type), "E1");
		for (unsigned ts = 1; ts <= FAKE_CHANNELS; ts++) {
			s->chan[ts].span = n + 1;
			s->chan[ts].timeslot = ts;
			s->chan[ts].number = n * FAKE_CHANNELS + ts;
			s->chan[ts].sig = ts == 16 ? DABI_SIG_HDLCFCS : DABI_SIG_CLEAR;
			s->chan[ts].default_alaw = s->chan[ts].alaw = true;
		}
	}
	*fp = f;
	return 0;
}

void dahdi_fake_free(struct dahdi_fake *f)
{
	free(f);
}

const struct line_dahdi_dev *dahdi_fake_dev(struct dahdi_fake *f)
{
	return &f->dev;
}
