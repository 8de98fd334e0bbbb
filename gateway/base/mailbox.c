/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring of cells, each with a sequence number that says whose turn it is (D. Vyukov's bounded queue): a poster may
 * fill cell POS when its sequence is POS, the taker may empty it when it is POS + 1.
 */
#include "mailbox.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CACHE_LINE_OCTETS 64

struct cell {
	_Atomic size_t sequence;
	uint8_t msg[] __attribute__((aligned(sizeof(max_align_t))));
};

struct mailbox {
	uint8_t *cells;
	size_t mask, stride, msg_octets;
	int fd;
	/* Posters and taker each write a cache line of their own. */
	char pad1[CACHE_LINE_OCTETS];
	_Atomic bool rung; /* the eventfd has been written since mailbox_quiet() */
	_Atomic uint64_t refused;
	_Atomic size_t post_pos;
	char pad2[CACHE_LINE_OCTETS];
	size_t take_pos;
};

static struct cell *mailbox_cell(const struct mailbox *m, size_t pos)
{
	return (struct cell *)(void *)(m->cells + (pos & m->mask) * m->stride);
}

static int mailbox_init(struct mailbox *m, size_t room, size_t msg_octets)
{
	const size_t align = sizeof(max_align_t);
	size_t n = 2, i;

	/* One cell is too few: its sequence could not tell full from empty. */
	while (n < room && n <= SIZE_MAX / 4)
		n *= 2;
	if (n < room || msg_octets > SIZE_MAX / 2)
		return ENOMEM;
	m->mask = n - 1;
	m->msg_octets = msg_octets;
	m->stride = (sizeof(struct cell) + msg_octets + align - 1) / align * align;
	if (m->stride > SIZE_MAX / n)
		return ENOMEM;
	m->cells = calloc(n, m->stride);
	if (!m->cells)
		return ENOMEM;
	for (i = 0; i < n; i++)
		atomic_init(&mailbox_cell(m, i)->sequence, i);
	m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return m->fd < 0 ? errno : 0;
}

int mailbox_alloc(struct mailbox **mp, size_t room, size_t msg_octets)
{
	struct mailbox *m = calloc(1, sizeof(*m));
	int err;

	if (!m)
		return ENOMEM;
	m->fd = -1;
	err = mailbox_init(m, room, msg_octets);
	if (err)
		goto out;
	*mp = m;
	m = NULL;
out:
	mailbox_free(m);
	return err;
}

void mailbox_free(struct mailbox *m)
{
	if (!m)
		return;
	if (m->fd >= 0)
		close(m->fd);
	free(m->cells);
	free(m);
}

static void mailbox_ring(struct mailbox *m)
{
	const uint64_t one = 1;

	/* One write for all posts between two taking rounds. A taker that clears the flag after this exchange sees the
	 * message (the exchanges synchronise); one that cleared it before is rung. */
	if (atomic_exchange(&m->rung, true))
		return;
	while (write(m->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

/* True if the cell for POS has not been emptied yet. */
static bool mailbox_holds(const struct mailbox *m, size_t pos)
{
	size_t seq = atomic_load_explicit(&mailbox_cell(m, pos)->sequence, memory_order_acquire);

	return (ptrdiff_t)(seq - pos) < 0;
}

int mailbox_post(struct mailbox *m, const void *msg)
{
	return mailbox_post_leaving(m, msg, 0);
}

int mailbox_post_leaving(struct mailbox *m, const void *msg, size_t spare)
{
	size_t pos = atomic_load_explicit(&m->post_pos, memory_order_relaxed);
	struct cell *c;

	for (;;) {
		/* They are emptied in their order: where that one is free all before it are. */
		if (mailbox_holds(m, pos + spare)) {
			atomic_fetch_add_explicit(&m->refused, 1, memory_order_relaxed);
			return EAGAIN;
		}
		c = mailbox_cell(m, pos);
		if (atomic_load_explicit(&c->sequence, memory_order_acquire) != pos)
			pos = atomic_load_explicit(&m->post_pos, memory_order_relaxed);
		else if (atomic_compare_exchange_weak_explicit(&m->post_pos, &pos, pos + 1, memory_order_relaxed,
							       memory_order_relaxed))
			break;
	}
	memcpy(c->msg, msg, m->msg_octets);
	atomic_store_explicit(&c->sequence, pos + 1, memory_order_release);
	mailbox_ring(m);
	return 0;
}

bool mailbox_take(struct mailbox *m, void *msgp)
{
	size_t pos = m->take_pos;
	struct cell *c = mailbox_cell(m, pos);

	if (atomic_load_explicit(&c->sequence, memory_order_acquire) != pos + 1)
		return false;
	memcpy(msgp, c->msg, m->msg_octets);
	atomic_store_explicit(&c->sequence, pos + m->mask + 1, memory_order_release);
	m->take_pos = pos + 1;
	return true;
}

int mailbox_fd(const struct mailbox *m)
{
	return m->fd;
}

void mailbox_quiet(struct mailbox *m)
{
	uint64_t count;

	/* First the descriptor, then the flag: the other way round would swallow the ring of a post in between. */
	while (read(m->fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
	atomic_exchange(&m->rung, false);
}

uint64_t mailbox_refused(const struct mailbox *m)
{
	return atomic_load_explicit(&m->refused, memory_order_relaxed);
}
