/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control_client: one connection to the control socket: lines in, lines out, neither without bound.
 *
 * A line is read only while none is being answered. A client that does not take its answers is cut off.
 */
#ifndef GATEWAY_CONTROL_CLIENT_H
#define GATEWAY_CONTROL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/loop.h"
#include "gateway/call/command.h"

#define CONTROL_OUT_OCTETS (1024 * 1024) /* a client this far behind is cut off */

struct control_client;

struct control_client_handlers {
	void (*line)(struct control_client *c, const char *line, void *arg);
	void (*closed)(struct control_client *c, void *arg); /* it is gone when the handler returns */
	void *arg;
};

/* Takes FD over in every case; H is copied. 0, ENOMEM or epoll's errno. */
int control_client_alloc(struct control_client **cp, int fd, struct loop *loop,
			 const struct control_client_handlers *h);
void control_client_free(struct control_client *c);

/* Appends MARK, TEXT and the end of the line. Ends the connection later on, if it cannot. */
void control_client_say(struct control_client *c, char mark, const char *text);
/* The line given to the handler is answered: the next may come. Until then none does. */
void control_client_done(struct control_client *c);

#endif
