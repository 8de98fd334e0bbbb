/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mailbox: a bounded queue of fixed-size messages by value. Any thread may post, one thread takes.
 *
 * Posting never blocks and takes no lock. A full mailbox refuses (EAGAIN) and counts it; what then happens
 * is the poster's to define. The taker watches mailbox_fd() in its loop.
 */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mailbox;

/* ROOM messages (rounded up to a power of two) of MSG_OCTETS each. Returns 0, ENOMEM or eventfd's errno. */
int mailbox_alloc(struct mailbox **mp, size_t room, size_t msg_octets);
void mailbox_free(struct mailbox *m);

/* Copies MSG in. Returns 0, or EAGAIN when the mailbox is full. */
int mailbox_post(struct mailbox *m, const void *msg);
/* The same of a message that may be done without: SPARE places (less than ROOM) are left to others. */
int mailbox_post_leaving(struct mailbox *m, const void *msg, size_t spare);

/* Copies the oldest message out. False when there is none (or its poster has not finished; it will ring). */
bool mailbox_take(struct mailbox *m, void *msgp);

/* Readable while something may be waiting. mailbox_quiet() clears it: call it before the taking round, and take until
 * mailbox_take() says false: what is left lying rings no more. */
int mailbox_fd(const struct mailbox *m);
void mailbox_quiet(struct mailbox *m);

uint64_t mailbox_refused(const struct mailbox *m);	/* posts refused since the start */

#endif
