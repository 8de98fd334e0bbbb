/* SPDX-License-Identifier: GPL-2.0-only */
#include "stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define STREAM_READ_OCTETS 16384

static void stream_ready(uint32_t events, void *arg);

void stream_end(struct stream *st, int err, const char *why, ...)
{
	va_list ap;

	if (st->state == STREAM_OVER)
		return;
	va_start(ap, why);
	vsnprintf(st->why, sizeof(st->why), why, ap);
	va_end(ap);
	st->err = err;
	st->state = STREAM_OVER;
	if (st->watched)
		loop_unwatch(st->owner->loop, st->fd);
	st->watched = 0;
	timer_stop(loop_timers(st->owner->loop), &st->timer);
	timer_start(loop_timers(st->owner->loop), &st->owner->reap, 0);
}

/* The loop reports what the state waits for. */
static void stream_watch(struct stream *st)
{
	uint32_t events = EPOLLIN;
	int err;

	if (st->state == STREAM_CONNECTING)
		events = EPOLLOUT;
	else if (st->state == STREAM_HANDSHAKE)
		events = tls_wants_write(st->tls) ? EPOLLOUT : EPOLLIN;
	else if (st->tx_len)
		events |= EPOLLOUT;
	if (st->state == STREAM_OVER || events == st->watched)
		return;
	if (st->watched)
		loop_unwatch(st->owner->loop, st->fd);
	st->watched = 0;
	err = loop_watch(st->owner->loop, st->fd, events, stream_ready, st);
	if (err)
		stream_end(st, err, "%s", strerror(err));
	else
		st->watched = events;
}

/* Line ends alone are no message: they are a ping, or the answer to one. */
static bool stream_is_half(const struct stream *st)
{
	return st->rx_len && st->rx[0] != '\r' && st->rx[0] != '\n';
}

/* How long a stranger has in all, whatever it sends; 0: it is none. */
static uint32_t stream_patience_ms(const struct stream *st)
{
	const struct streams_times *t = &st->owner->times;

	if (!st->inbound || st->terms.known)
		return 0;
	return st->spoke ? t->stranger : t->message;
}

/* When the connection is looked at next if nothing happens. */
static int64_t stream_deadline_us(const struct stream *st)
{
	const struct streams_times *t = &st->owner->times;
	int64_t last = st->last_rx_us > st->last_tx_us ? st->last_rx_us : st->last_tx_us, at;
	int64_t end_us = st->up_us + stream_patience_ms(st) * MS_US;

	if (st->state != STREAM_UP)
		return st->begun_us + t->connect * MS_US;
	at = last + t->idle * MS_US;
	if (!st->inbound && last + t->keepalive * MS_US < at)
		at = last + t->keepalive * MS_US;
	if (stream_is_half(st) || st->tx_len)
		at = st->begun_us + t->message * MS_US;
	return stream_patience_ms(st) && end_us < at ? end_us : at;
}

static void stream_arm(struct stream *st)
{
	int64_t wait = stream_deadline_us(st) - loop_now_us(st->owner->loop);

	if (st->state != STREAM_OVER && timer_start(loop_timers(st->owner->loop), &st->timer, wait > 0 ? wait : 0))
		stream_end(st, ENOMEM, "no memory");
}

static void stream_timeout(void *arg)
{
	struct stream *st = arg;
	int64_t now = loop_now_us(st->owner->loop);

	if (stream_deadline_us(st) > now)
		stream_arm(st);
	else if (st->state == STREAM_CONNECTING)
		stream_end(st, ETIMEDOUT, "no answer to the connection for %u ms", st->owner->times.connect);
	else if (st->state == STREAM_HANDSHAKE)
		stream_end(st, ETIMEDOUT, "no end of the TLS handshake for %u ms", st->owner->times.connect);
	else if (st->tx_len)
		stream_end(st, ETIMEDOUT, "it takes nothing for %u ms", st->owner->times.message);
	else if (stream_is_half(st))
		stream_end(st, ETIMEDOUT, "half a message for %u ms", st->owner->times.message);
	else if (stream_patience_ms(st))
		stream_end(st, ETIMEDOUT, st->spoke ? "a stranger for %u ms" : "a stranger that says nothing for %u ms",
			   stream_patience_ms(st));
	else if (!st->inbound && now - st->last_rx_us < st->owner->times.idle * MS_US)
		stream_send(st, "\r\n\r\n", 4); /* RFC 5626 4.4.1 */
	else
		stream_end(st, ETIMEDOUT, "nothing for %u s", st->owner->times.idle / 1000);
}

/* 0, EAGAIN or errno; the octets taken are in *NP. */
static int stream_write(struct stream *st, const char *text, size_t len, size_t *np)
{
	char why[TLS_WHY_OCTETS] = "";
	ssize_t n;
	int err;

	*np = 0;
	do {
		n = st->tls ? tls_write(st->tls, text, len, why, sizeof(why)) : send(st->fd, text, len, MSG_NOSIGNAL);
	} while (!st->tls && n < 0 && errno == EINTR);
	if (n >= 0) {
		*np = (size_t)n;
		st->last_tx_us = loop_now_us(st->owner->loop);
		return 0;
	}
	err = st->tls ? (int)-n : errno == EWOULDBLOCK ? EAGAIN : errno;
	if (err != EAGAIN)
		stream_end(st, err, "%s", why[0] ? why : strerror(err));
	return err;
}

static void stream_flush(struct stream *st)
{
	size_t n, done = 0;

	while (st->state == STREAM_UP && done < st->tx_len) {
		if (stream_write(st, st->tx + done, st->tx_len - done, &n))
			break;
		done += n;
		st->begun_us = loop_now_us(st->owner->loop);
	}
	if (done)
		memmove(st->tx, st->tx + done, st->tx_len - done);
	st->tx_len -= done;
}

static int buffer_grow(char **bufp, size_t *roomp, size_t need, size_t most)
{
	size_t room = *roomp ? *roomp : 4096;
	char *p;

	while (room < need)
		room *= 2;
	if (room > most)
		room = most;
	if (room < need)
		return EAGAIN;
	if (room == *roomp)
		return 0;
	p = realloc(*bufp, room);
	if (!p)
		return ENOMEM;
	*bufp = p;
	*roomp = room;
	return 0;
}

int stream_send(struct stream *st, const char *text, size_t len)
{
	size_t n = 0;
	int err;

	if (st->state == STREAM_OVER)
		return EPIPE;
	/* TLS wants what it could not send again as it was: it goes through the queue alone. */
	if (st->state == STREAM_UP && !st->tx_len && !st->tls) {
		err = stream_write(st, text, len, &n);
		if (err && err != EAGAIN)
			return err;
	}
	if (n < len) {
		err = buffer_grow(&st->tx, &st->tx_room, st->tx_len + len - n, STREAMS_QUEUE_OCTETS);
		if (err) {
			stream_end(st, err, err == EAGAIN ? "it does not read what is sent" : "no memory");
			return err;
		}
		if (!st->tx_len && st->state == STREAM_UP)
			st->begun_us = loop_now_us(st->owner->loop);
		memcpy(st->tx + st->tx_len, text + n, len - n);
		st->tx_len += len - n;
		stream_flush(st);
	}
	stream_watch(st);
	stream_arm(st);
	return 0;
}

static void stream_up(struct stream *st)
{
	st->state = STREAM_UP;
	st->up = true;
	if (!st->inbound)
		streams_made(st->owner, &st->hop);
	st->up_us = st->begun_us = st->last_rx_us = st->last_tx_us = loop_now_us(st->owner->loop);
	stream_flush(st);
}

static void stream_handshake(struct stream *st)
{
	char why[TLS_WHY_OCTETS] = "";
	int err = tls_handshake(st->tls, why, sizeof(why));

	if (!err)
		stream_up(st);
	else if (err != EAGAIN)
		stream_end(st, EPROTO, "%s", why);
}

/* TCP stands. */
static void stream_connected(struct stream *st)
{
	bool tls = st->hop.transport == SIP_TLS;
	int err;

	if (!tls) {
		stream_up(st);
		return;
	}
	err = tls_session_alloc(&st->tls, st->owner->tls, st->fd, st->inbound, st->terms.name, st->terms.check);
	if (err) {
		stream_end(st, err, "%s", strerror(err));
		return;
	}
	st->state = STREAM_HANDSHAKE;
	st->begun_us = loop_now_us(st->owner->loop);
	stream_handshake(st);
}

static void stream_connecting(struct stream *st)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(st->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	if (err)
		stream_end(st, err, "%s", strerror(err));
	else
		stream_connected(st);
}

/* Octets, 0: nothing there, -1: it is over. */
static ssize_t stream_read(struct stream *st)
{
	size_t most = FRAME_HEADER_OCTETS + FRAME_OCTETS;
	char why[TLS_WHY_OCTETS] = "";
	ssize_t n;
	int err;

	err = buffer_grow(&st->rx, &st->rx_room, st->rx_len + 1024, most);
	if (err) {
		stream_end(st, err, "%s", strerror(err));
		return -1;
	}
	n = (ssize_t)(st->rx_room - st->rx_len - 1);
	if (n > STREAM_READ_OCTETS)
		n = STREAM_READ_OCTETS;
	if (st->tls) {
		n = tls_read(st->tls, st->rx + st->rx_len, (size_t)n, why, sizeof(why));
		err = n < 0 ? (int)-n : 0;
	} else {
		n = recv(st->fd, st->rx + st->rx_len, (size_t)n, 0);
		err = n < 0 ? errno : 0;
	}
	if (n > 0)
		return n;
	if (err == EAGAIN || err == EWOULDBLOCK || err == EINTR)
		return 0;
	if (!n)
		stream_end(st, EPIPE, "the other side closed it%s",
			   stream_is_half(st) ? " in the middle of a message" : "");
	else
		stream_end(st, err, "%s", why[0] ? why : strerror(err));
	return -1;
}

static void stream_message(struct stream *st, char *text, size_t len)
{
	char after = text[len];

	st->spoke = true;
	text[len] = '\0';
	st->owner->handlers.message(text, len, &st->hop, st->owner->handlers.arg);
	text[len] = after;
}

/* Hands out the messages that are whole; what is left moves to the front. */
static void stream_cut(struct stream *st)
{
	enum frame_kind kind = FRAME_NOTHING;
	const char *why = "";
	size_t at = 0, n = 0;

	while (kind != FRAME_MORE && st->state == STREAM_UP) {
		kind = frame_find(&st->frame, st->rx + at, st->rx_len - at, &n, &why);
		if (kind == FRAME_BAD) {
			st->rx[st->rx_len] = '\0';
			st->owner->handlers.bad(st->rx + at, st->rx_len - at, &st->hop, why, st->owner->handlers.arg);
			stream_end(st, EPROTO, "%s", why);
		} else if (kind == FRAME_MESSAGE) {
			stream_message(st, st->rx + at, n);
		} else if (kind == FRAME_PING) {
			stream_send(st, "\r\n", 2);
		}
		if (kind != FRAME_MORE && kind != FRAME_BAD)
			at += n;
	}
	if (at)
		st->begun_us = loop_now_us(st->owner->loop);
	memmove(st->rx, st->rx + at, st->rx_len - at);
	st->rx_len -= at;
}

static void stream_readable(struct stream *st)
{
	ssize_t n;

	do {
		n = stream_read(st);
		if (n <= 0)
			break;
		if (!st->rx_len)
			st->begun_us = loop_now_us(st->owner->loop);
		st->rx_len += (size_t)n;
		st->last_rx_us = loop_now_us(st->owner->loop);
		stream_cut(st);
	} while (st->state == STREAM_UP && st->tls && tls_has_more(st->tls));
}

static void stream_ready(uint32_t events, void *arg)
{
	struct stream *st = arg;

	if (st->state == STREAM_CONNECTING) {
		stream_connecting(st);
	} else if (st->state == STREAM_HANDSHAKE) {
		stream_handshake(st);
	} else {
		if (events & EPOLLOUT)
			stream_flush(st);
		if (st->state == STREAM_UP && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			stream_readable(st);
	}
	stream_watch(st);
	stream_arm(st);
}

int stream_alloc(struct stream **sp, struct streams *owner, int fd, const struct sip_hop *hop, bool inbound)
{
	struct stream *st = calloc(1, sizeof(*st));

	if (!st) {
		close(fd);
		return ENOMEM;
	}
	st->owner = owner;
	st->fd = fd;
	st->hop = *hop;
	st->inbound = inbound;
	st->terms = owner->handlers.terms(&hop->addr, owner->handlers.arg);
	st->begun_us = loop_now_us(owner->loop);
	timer_init(&st->timer, stream_timeout, st);
	if (inbound)
		stream_connected(st);
	stream_watch(st);
	stream_arm(st);
	*sp = st;
	return 0;
}

void stream_free(struct stream *st)
{
	if (!st)
		return;
	timer_stop(loop_timers(st->owner->loop), &st->timer);
	if (st->watched)
		loop_unwatch(st->owner->loop, st->fd);
	tls_session_free(st->tls);
	close(st->fd);
	free(st->rx);
	free(st->tx);
	free(st);
}
