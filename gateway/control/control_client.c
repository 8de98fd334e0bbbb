/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/control/control_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define OUT_STEP 4096

struct control_client {
	int fd;
	struct loop *loop;
	struct control_client_handlers h;
	uint32_t watched;  /* events; 0: not watched */
	bool busy;	   /* a line is being answered */
	bool eof;	   /* it says nothing more */
	bool gone;	   /* it hears nothing more */
	struct timer turn; /* whatever happens, what follows is done from here: only here it may end */
	size_t in_octets;
	char in[COMMAND_LINE_OCTETS + 1];
	char *out;
	size_t out_octets, out_room;
};

static void client_turn_soon(struct control_client *c)
{
	timer_start(loop_timers(c->loop), &c->turn, 0);
}

static void client_read(struct control_client *c)
{
	ssize_t n = recv(c->fd, c->in + c->in_octets, COMMAND_LINE_OCTETS - c->in_octets, MSG_DONTWAIT);

	if (n > 0)
		c->in_octets += (size_t)n;
	else if (!n || (errno != EAGAIN && errno != EINTR))
		c->eof = true;
}

static void client_write(struct control_client *c)
{
	ssize_t n = send(c->fd, c->out, c->out_octets, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n > 0) {
		c->out_octets -= (size_t)n;
		memmove(c->out, c->out + n, c->out_octets);
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		c->gone = true;
	}
}

static void client_ready(uint32_t epoll_events, void *arg)
{
	struct control_client *c = arg;

	if (epoll_events & EPOLLIN)
		client_read(c);
	else if (epoll_events & (EPOLLHUP | EPOLLERR))
		c->gone = true;
	client_turn_soon(c);
}

static void client_watch(struct control_client *c)
{
	bool may_read = !c->busy && !c->eof && c->in_octets < COMMAND_LINE_OCTETS;
	uint32_t wanted = (may_read ? EPOLLIN : 0u) | (c->out_octets ? EPOLLOUT : 0u);

	if (wanted == c->watched)
		return;
	if (c->watched)
		loop_unwatch(c->loop, c->fd);
	c->watched = wanted;
	if (wanted && loop_watch(c->loop, c->fd, wanted, client_ready, c))
		c->gone = true;
}

/* Hands out the first line, if there is a whole one. */
static void client_next_line(struct control_client *c)
{
	char line[COMMAND_LINE_OCTETS + 1];
	char *end = memchr(c->in, '\n', c->in_octets);
	size_t octets;

	if (!end && c->in_octets < COMMAND_LINE_OCTETS)
		return;
	if (!end) {
		control_client_say(c, '!', "the line is too long");
		c->eof = true;
		c->in_octets = 0;
		return;
	}
	octets = (size_t)(end - c->in);
	memcpy(line, c->in, octets);
	line[octets] = '\0';
	c->in_octets -= octets + 1;
	memmove(c->in, end + 1, c->in_octets);
	c->busy = true;
	if (strlen(line) != octets) {
		control_client_say(c, '!', "a NUL in the line");
		control_client_done(c);
		return;
	}
	c->h.line(c, line, c->h.arg);
}

static void client_turn(void *arg)
{
	struct control_client *c = arg;

	if (!c->busy && !c->gone)
		client_next_line(c);
	if (c->out_octets && !c->gone)
		client_write(c);
	if (!c->gone)
		client_watch(c);
	if (!c->gone && (!c->eof || c->busy || c->out_octets || memchr(c->in, '\n', c->in_octets)))
		return;
	c->h.closed(c, c->h.arg);
	control_client_free(c);
}

int control_client_alloc(struct control_client **cp, int fd, struct loop *loop, const struct control_client_handlers *h)
{
	struct control_client *c = calloc(1, sizeof(*c));
	int err;

	if (!c) {
		close(fd);
		return ENOMEM;
	}
	c->fd = fd;
	c->loop = loop;
	c->h = *h;
	timer_init(&c->turn, client_turn, c);
	c->watched = EPOLLIN;
	err = loop_watch(loop, fd, EPOLLIN, client_ready, c);
	if (err) {
		c->watched = 0;
		control_client_free(c);
	} else {
		*cp = c;
	}
	return err;
}

void control_client_free(struct control_client *c)
{
	if (!c)
		return;
	timer_stop(loop_timers(c->loop), &c->turn);
	if (c->watched)
		loop_unwatch(c->loop, c->fd);
	close(c->fd);
	free(c->out);
	free(c);
}

static int client_room(struct control_client *c, size_t octets)
{
	size_t room = c->out_octets + octets;
	char *out;

	if (room <= c->out_room)
		return 0;
	if (room > CONTROL_OUT_OCTETS)
		return ENOBUFS;
	room = (room + OUT_STEP - 1) / OUT_STEP * OUT_STEP;
	out = realloc(c->out, room);
	if (!out)
		return ENOMEM;
	c->out = out;
	c->out_room = room;
	return 0;
}

void control_client_say(struct control_client *c, char mark, const char *text)
{
	size_t octets = strlen(text);

	client_turn_soon(c);
	if (client_room(c, octets + 2)) {
		c->gone = true;
		return;
	}
	c->out[c->out_octets++] = mark;
	memcpy(c->out + c->out_octets, text, octets);
	c->out_octets += octets;
	c->out[c->out_octets++] = '\n';
}

void control_client_done(struct control_client *c)
{
	c->busy = false;
	client_turn_soon(c);
}
