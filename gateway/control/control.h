/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control: the control socket, through which faxspanctl (or any program that can write a line) sees and steers the
 * running gateway. A thread of its own: it owns the socket and its clients, and asks the threads that own spans and
 * calls by MSG_COMMAND; their rows come back to its mailbox.
 *
 * On the socket, a command is a line (command.h). The answer is: "=" and the names of the columns; a "+" line for each
 * row, its fields parted by tabs; then "." when that was all, or "!" and what went wrong. A thread that does not answer
 * in time is named there; nothing waits for it for ever.
 */
#ifndef GATEWAY_CONTROL_H
#define GATEWAY_CONTROL_H

#include "conf/config.h"
#include "gateway/base/loop.h"
#include "gateway/control/answer.h"

struct control;

/* Opens the socket that C names, with its group and mode. Returns 0 or errno; the reason is logged. */
int control_alloc(struct control **cp, const struct config *c, const struct clock *clock);
void control_free(struct control *k); /* removes the socket; NULL is ignored */

/* Before the threads start: INBOX is where thread FROM (a span's index, or ANSWER_FROM_SIP) takes its messages. */
void control_connect(struct control *k, unsigned from, struct mailbox *inbox);
struct mailbox *control_inbox(struct control *k); /* of struct answer_row */

int control_run(struct control *k);   /* for its thread: until control_stop() */
void control_stop(struct control *k); /* from any thread */

/* For a test, which steps it itself. */
struct loop *control_loop(struct control *k);

#endif
