/* SPDX-License-Identifier: GPL-2.0-only */
#include "line_mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/counter.h"

#define STORE_OCTETS 32 /* an elastic store's room beside the block that passes, half of it filled */

/* The elastic stores of one direction, one a timeslot, all filled alike. */
struct store {
	bool used;
	unsigned fill; /* octets that are in it between blocks */
	unsigned left; /* samples until the next slip */
	unsigned slips;
	uint8_t octets[TIMESLOT_COUNT][STORE_OCTETS + LINE_BLOCK];
};

struct dframe {
	size_t octets;
	uint8_t frame[LINE_MEM_DFRAME_OCTETS];
};

struct mem {
	struct line line;
	const struct line_handlers *h; /* NULL: not started */
	line_mem_dframe_h *dframe;
	void *dframe_arg;
	uint32_t open, echo_off;
	bool los, yellow;
	unsigned slip_every;
	uint32_t slip_seed;
	unsigned loss_per_mille;
	uint32_t loss_seed;
	struct store rx, tx;
	unsigned nqueued;
	struct dframe queue[LINE_MEM_DFRAMES];
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static bool is_lost(struct mem *m)
{
	return m->los || (m->loss_per_mille && next_random(&m->loss_seed) % 1000 < m->loss_per_mille);
}

static unsigned next_slip(struct mem *m)
{
	unsigned n = m->slip_every;

	return n - n / 4 + next_random(&m->slip_seed) % (n / 2 + 1);
}

/* One octet of each timeslot, AT samples from the front, is doubled or lost. */
static void store_slip(struct mem *m, struct store *s, unsigned at)
{
	unsigned n = s->fill + LINE_BLOCK;
	bool twice = next_random(&m->slip_seed) & 1;

	/* The store decides when it is nearly empty or full. */
	if (s->fill <= 1)
		twice = true;
	if (s->fill >= STORE_OCTETS - 1)
		twice = false;
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		uint8_t *p = s->octets[ts] + at;

		if (twice)
			memmove(p + 1, p, n - at);
		else
			memmove(p, p + 1, n - at - 1);
	}
	s->fill += twice ? 1 : -1u;
	s->slips++;
}

/* A block passes through the store, in place. Returns the number of slips in it. */
static unsigned store_pass(struct mem *m, struct store *s, uint8_t block[TIMESLOT_COUNT][LINE_BLOCK])
{
	unsigned done = 0, slips = s->slips;

	if (!s->used && !m->slip_every)
		return 0;
	if (!s->used) {
		s->used = true;
		s->fill = STORE_OCTETS / 2;
		s->left = next_slip(m);
		memset(s->octets, LINE_IDLE, sizeof(s->octets));
	}
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		memcpy(s->octets[ts] + s->fill, block[ts], LINE_BLOCK);
	while (m->slip_every && s->left < LINE_BLOCK - done) {
		done += s->left;
		/* One octet may be put in a block at most so often as there is room for. */
		store_slip(m, s, done);
		s->left = next_slip(m);
	}
	s->left -= m->slip_every ? LINE_BLOCK - done : 0;
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		memcpy(block[ts], s->octets[ts], LINE_BLOCK);
		memmove(s->octets[ts], s->octets[ts] + LINE_BLOCK, s->fill);
	}
	return s->slips - slips;
}

static void mem_event(struct mem *m, enum line_event e, unsigned count)
{
	counter_add(&m->line.stats.events[e], count);
	if (m->h)
		m->h->event(e, count, m->h->arg);
}

static void mem_deliver(struct mem *m, uint8_t rx[TIMESLOT_COUNT][LINE_BLOCK], uint8_t tx[TIMESLOT_COUNT][LINE_BLOCK])
{
	uint32_t open = m->open;

	counter_inc(&m->line.stats.blocks);
	m->h->begin(LINE_BLOCK, m->h->arg);
	for (unsigned ts = 1; ts <= m->line.timeslots; ts++) {
		if ((open & m->open) >> ts & 1)
			m->h->timeslot(ts, rx[ts], tx[ts], LINE_BLOCK, m->h->arg);
	}
	m->h->end(m->h->arg);
}

/* Gives the far end what was queued up to now. */
static void mem_send_dframes(struct mem *m)
{
	unsigned n = m->nqueued;

	for (unsigned i = 0; i < n; i++) {
		const struct dframe *d = &m->queue[i];

		if (is_lost(m))
			counter_inc(&m->line.stats.dframes_dropped);
		else if (m->dframe)
			m->dframe(d->frame, d->octets, m->dframe_arg);
	}
	m->nqueued -= n;
	memmove(m->queue, m->queue + n, m->nqueued * sizeof(m->queue[0]));
}

void line_mem_block(struct line *l, uint8_t rx[TIMESLOT_COUNT][LINE_BLOCK], uint8_t tx[TIMESLOT_COUNT][LINE_BLOCK])
{
	struct mem *m = (struct mem *)l;
	uint8_t block[TIMESLOT_COUNT][LINE_BLOCK];
	unsigned slips;

	memset(tx, LINE_IDLE, sizeof(block));
	if (m->los || !m->h) {
		mem_send_dframes(m);
		return;
	}
	memcpy(block, rx, sizeof(block));
	slips = store_pass(m, &m->rx, block);
	if (slips)
		mem_event(m, LINE_SLIP, slips);
	mem_deliver(m, block, tx);
	store_pass(m, &m->tx, tx);
	mem_send_dframes(m);
}

void line_mem_dframe(struct line *l, const uint8_t *frame, size_t octets)
{
	struct mem *m = (struct mem *)l;

	if (!m->h || is_lost(m)) {
		counter_inc(&l->stats.dframes_dropped);
		return;
	}
	counter_inc(&l->stats.dframes_rx);
	m->h->dframe(frame, octets, m->h->arg);
}

void line_mem_on_dframe(struct line *l, line_mem_dframe_h *h, void *arg)
{
	struct mem *m = (struct mem *)l;

	m->dframe = h;
	m->dframe_arg = arg;
}

void line_mem_event(struct line *l, enum line_event e, unsigned count)
{
	struct mem *m = (struct mem *)l;

	/* with the yellow alarm there is a signal */
	if (e == LINE_LOS || e == LINE_CLEAR || e == LINE_YELLOW)
		m->los = e == LINE_LOS;
	mem_event(m, e, count);
}

void line_mem_set_los(struct line *l, bool los)
{
	if (((struct mem *)l)->los != los)
		line_mem_event(l, los ? LINE_LOS : LINE_CLEAR, 1);
}

void line_mem_set_slips(struct line *l, unsigned every_samples, uint32_t seed)
{
	struct mem *m = (struct mem *)l;

	m->slip_every = every_samples;
	m->slip_seed = seed;
	if (!every_samples)
		return;
	m->rx.left = next_slip(m);
	m->tx.left = next_slip(m);
}

void line_mem_set_dframe_loss(struct line *l, unsigned per_mille, uint32_t seed)
{
	struct mem *m = (struct mem *)l;

	m->loss_per_mille = per_mille;
	m->loss_seed = seed;
}

bool line_mem_is_open(const struct line *l, unsigned timeslot)
{
	return timeslot < TIMESLOT_COUNT && ((const struct mem *)l)->open >> timeslot & 1;
}

bool line_mem_is_echo_on(const struct line *l, unsigned timeslot)
{
	return line_mem_is_open(l, timeslot) && !(((const struct mem *)l)->echo_off >> timeslot & 1);
}

bool line_mem_is_yellow(const struct line *l)
{
	return ((const struct mem *)l)->yellow;
}

unsigned line_mem_slips(const struct line *l)
{
	const struct mem *m = (const struct mem *)l;

	return m->rx.slips + m->tx.slips;
}

static int mem_start(struct line *l, struct loop *loop, const struct line_handlers *h)
{
	struct mem *m = (struct mem *)l;

	if (m->h)
		return EALREADY;
	m->h = h;
	return 0;
}

static void mem_free(struct line *l)
{
	free(l);
}

static int mem_open(struct line *l, unsigned timeslot)
{
	struct mem *m = (struct mem *)l;

	if (!timeslot || timeslot > l->timeslots || timeslot == l->dchannel)
		return EINVAL;
	if (m->open >> timeslot & 1)
		return EBUSY;
	m->open |= 1u << timeslot;
	m->echo_off &= ~(1u << timeslot);
	return 0;
}

static void mem_close(struct line *l, unsigned timeslot)
{
	if (timeslot < TIMESLOT_COUNT)
		((struct mem *)l)->open &= ~(1u << timeslot);
}

static int mem_send_dframe(struct line *l, const uint8_t *frame, size_t octets)
{
	struct mem *m = (struct mem *)l;

	if (octets > LINE_MEM_DFRAME_OCTETS)
		return EMSGSIZE;
	if (m->nqueued == LINE_MEM_DFRAMES) {
		counter_inc(&l->stats.dframes_dropped);
		return ENOBUFS;
	}
	m->queue[m->nqueued].octets = octets;
	memcpy(m->queue[m->nqueued++].frame, frame, octets);
	counter_inc(&l->stats.dframes_tx);
	return 0;
}

static int mem_echo(struct line *l, unsigned timeslot, bool on)
{
	struct mem *m = (struct mem *)l;

	if (!line_mem_is_open(l, timeslot))
		return EINVAL;
	if (on)
		m->echo_off &= ~(1u << timeslot);
	else
		m->echo_off |= 1u << timeslot;
	return 0;
}

static void mem_yellow(struct line *l, bool on)
{
	((struct mem *)l)->yellow = on;
}

static const struct line_ops mem_ops = {
	.start = mem_start,
	.free = mem_free,
	.open = mem_open,
	.close = mem_close,
	.send_dframe = mem_send_dframe,
	.echo = mem_echo,
	.yellow = mem_yellow,
};

int line_mem_alloc(struct line **lp, unsigned timeslots, unsigned dchannel)
{
	struct mem *m;

	if (!timeslots || timeslots >= TIMESLOT_COUNT || !dchannel || dchannel > timeslots)
		return EINVAL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return ENOMEM;
	m->line = (struct line){.ops = &mem_ops, .timeslots = timeslots, .dchannel = dchannel};
	*lp = &m->line;
	return 0;
}
