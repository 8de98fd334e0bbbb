/* SPDX-License-Identifier: GPL-2.0-only */
/* The connections together: listening, connecting, which one a message goes by, and those that are gone. */
#include "streams.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/addr_range.h"
#include "gateway/base/dscp.h"
#include "stream.h"

#define HOLD_MOST_MS	30000
#define RESUME_MS	1000  /* no descriptor for one more connection: the listener rests */
#define UNACKED_MS	20000 /* TCP itself gives up on octets that nobody acknowledges */
#define LISTEN_BACKLOG	128
#define KEEPALIVE_S	60
#define KEEPALIVE_GAP_S 10
#define KEEPALIVE_TRIES 3
#define IPV6_SITE_BITS	64

static void streams_link(struct streams *s, struct stream *st)
{
	st->next = s->first;
	if (st->next)
		st->next->prev = st;
	s->first = st;
	s->count++;
	s->strangers += !st->terms.known;
}

static void streams_unlink(struct streams *s, struct stream *st)
{
	if (st->prev)
		st->prev->next = st->next;
	else
		s->first = st->next;
	if (st->next)
		st->next->prev = st->prev;
	s->count--;
	s->strangers -= !st->terms.known;
}

static struct stream_hold *hold_find(struct streams *s, const struct sip_hop *to)
{
	for (unsigned i = 0; i < STREAM_HOLDS; i++)
		if (addr_equal(&s->holds[i].addr, &to->addr) && s->holds[i].transport == to->transport)
			return &s->holds[i];
	return NULL;
}

/* A connection could not be made: the next attempt waits, the longer the more have failed. */
static void hold_failed(struct streams *s, const struct sip_hop *to, int err)
{
	struct stream_hold *h = hold_find(s, to);

	if (!h) {
		h = &s->holds[0];
		for (unsigned i = 1; i < STREAM_HOLDS; i++)
			if (s->holds[i].until_us < h->until_us)
				h = &s->holds[i];
		*h = (struct stream_hold){.addr = to->addr, .transport = to->transport};
	}
	h->wait_ms = !h->wait_ms ? s->times.retry : h->wait_ms * 2 < HOLD_MOST_MS ? h->wait_ms * 2 : HOLD_MOST_MS;
	h->until_us = loop_now_us(s->loop) + h->wait_ms * MS_US;
	h->err = err;
}

void streams_made(struct streams *s, const struct sip_hop *to)
{
	struct stream_hold *h = hold_find(s, to);

	if (h)
		*h = (struct stream_hold){0};
}

/* Tells of those that are over, from the loop, and frees them. Handlers may open and end others. */
static void streams_reap(void *arg)
{
	struct streams *s = arg;
	struct stream_loss loss;
	struct stream *st;

	for (;;) {
		for (st = s->first; st && st->state != STREAM_OVER; st = st->next)
			;
		if (!st)
			break;
		streams_unlink(s, st);
		if (!st->inbound && !st->up)
			hold_failed(s, &st->hop, st->err);
		loss = (struct stream_loss){.hop = st->hop, .inbound = st->inbound, .up = st->up, .why = st->why};
		s->handlers.lost(&loss, s->handlers.arg);
		stream_free(st);
	}
}

static void socket_tune(const struct streams *s, int fd, int family)
{
	const int on = 1, idle = KEEPALIVE_S, gap = KEEPALIVE_GAP_S, tries = KEEPALIVE_TRIES, unacked = UNACKED_MS;

	/* None of them can fail on a TCP socket, and a connection without them still works. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &gap, sizeof(gap));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof(tries));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unacked, sizeof(unacked));
	dscp_mark(fd, family, s->dscp);
}

/* The strangers' connections from the source of REMOTE: a host, a site of IPv6. */
static unsigned strangers_from(const struct streams *s, const struct addr *remote)
{
	const unsigned bits = remote->sa.sa_family == AF_INET6 ? IPV6_SITE_BITS : 32;
	const struct addr_range source = addr_range_of(remote, bits);
	unsigned n = 0;

	for (const struct stream *st = s->first; st; st = st->next)
		n += !st->terms.known && addr_range_has(&source, &st->hop.addr);
	return n;
}

/* True if one more may come from REMOTE: a stranger never takes what the peers need, nor what other strangers do, who
 * may be endpoints. */
static bool streams_have_room(struct streams *s, const struct addr *remote, bool known)
{
	unsigned own = known ? 0 : strangers_from(s, remote), held;
	char text[ADDR_TEXT_OCTETS];

	if (s->count < STREAMS_MAX && (known || (s->strangers < STREAMS_STRANGERS && own < STREAMS_OF_STRANGER)))
		return true;
	if (log_limit_pass(&s->crowded, loop_now_us(s->loop), &held))
		log_warning("sip",
			    "connection with %s refused: %u there are, %u of strangers, %u of this one (%u more "
			    "refused since the last such line)",
			    addr_print(remote, text), s->count, s->strangers, own, held);
	return false;
}

static void streams_take(struct stream_listener *l, int fd, const struct addr *remote)
{
	struct streams *s = l->owner;
	const struct stream_terms terms = s->handlers.terms(remote, s->handlers.arg);
	struct sip_hop hop = {.addr = *remote, .transport = l->transport};
	char text[HOP_TEXT_OCTETS];
	struct stream *st;
	int err;

	if (terms.unwelcome || !streams_have_room(s, remote, terms.known)) {
		close(fd);
		return;
	}
	socket_tune(s, fd, remote->sa.sa_family);
	hop.connection = ++s->last_id;
	err = stream_alloc(&st, s, fd, &hop, true);
	if (err)
		log_error("sip", "connection from %s: %s", hop_print(&hop, text), strerror(err));
	else
		streams_link(s, st);
}

static void streams_accept(uint32_t events, void *arg)
{
	struct stream_listener *l = arg;
	struct addr remote = {0};
	socklen_t len = sizeof(remote);
	int fd = accept4(l->fd, &remote.sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		streams_take(l, fd, &remote);
	} else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
		/* It stays in the queue, and would be reported again at once. */
		log_error("sip", "cannot take a connection: %s; trying again in %u ms", strerror(errno), RESUME_MS);
		loop_unwatch(l->owner->loop, l->fd);
		l->paused = true;
		timer_start(loop_timers(l->owner->loop), &l->owner->resume, RESUME_MS * MS_US);
	}
}

static void streams_resume(void *arg)
{
	struct streams *s = arg;

	for (unsigned i = 0; i < STREAM_LISTENERS; i++) {
		if (s->listeners[i].paused)
			loop_watch(s->loop, s->listeners[i].fd, EPOLLIN, streams_accept, &s->listeners[i]);
		s->listeners[i].paused = false;
	}
}

static const struct streams_times usual_times = {
	.connect = 4000, .message = 10000, .stranger = 32000, .idle = 1800000, .keepalive = 90000, .retry = 500};

int streams_alloc(struct streams **sp, const struct streams_handlers *h, const struct streams_times *times,
		  struct tls *tls, struct loop *loop)
{
	struct streams *s = calloc(1, sizeof(*s));

	if (!s)
		return ENOMEM;
	s->loop = loop;
	s->handlers = *h;
	s->times = times ? *times : usual_times;
	s->tls = tls;
	s->crowded = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	for (unsigned i = 0; i < STREAM_LISTENERS; i++)
		s->listeners[i] = (struct stream_listener){.owner = s, .transport = i / ADDR_FAMILIES, .fd = -1};
	timer_init(&s->reap, streams_reap, s);
	timer_init(&s->resume, streams_resume, s);
	*sp = s;
	return 0;
}

void streams_free(struct streams *s)
{
	struct stream *st;

	if (!s)
		return;
	while ((st = s->first)) {
		streams_unlink(s, st);
		stream_free(st);
	}
	for (unsigned i = 0; i < STREAM_LISTENERS; i++) {
		if (s->listeners[i].fd < 0)
			continue;
		loop_unwatch(s->loop, s->listeners[i].fd);
		close(s->listeners[i].fd);
	}
	timer_stop(loop_timers(s->loop), &s->reap);
	timer_stop(loop_timers(s->loop), &s->resume);
	free(s);
}

static int listener_open(struct stream_listener *l, const struct addr *local)
{
	socklen_t len = sizeof(l->local);
	const int on = 1;

	l->fd = socket(local->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return errno;
	/* A gateway that is started again finds its port at once. */
	if (setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return errno;
	if (local->sa.sa_family == AF_INET6 && setsockopt(l->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0)
		return errno;
	if (bind(l->fd, &local->sa, addr_len(local)) < 0 || listen(l->fd, LISTEN_BACKLOG) < 0 ||
	    getsockname(l->fd, &l->local.sa, &len) < 0)
		return errno;
	return loop_watch(l->owner->loop, l->fd, EPOLLIN, streams_accept, l);
}

static unsigned listener_index(enum sip_transport transport, enum addr_family family)
{
	return (unsigned)transport * ADDR_FAMILIES + (unsigned)family;
}

int streams_listen(struct streams *s, enum sip_transport transport, const struct addr *local)
{
	struct stream_listener *l = &s->listeners[listener_index(transport, addr_family(local))];
	char text[ADDR_TEXT_OCTETS];
	int err;

	if (transport == SIP_UDP || l->fd >= 0)
		return EINVAL;
	err = listener_open(l, local);
	if (!err)
		return 0;
	log_error("sip", "cannot listen on %s %s: %s", sip_transport_name(transport), addr_print(local, text),
		  strerror(err));
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	return err;
}

const struct addr *streams_local(const struct streams *s, enum sip_transport transport, enum addr_family family)
{
	const struct stream_listener *l = &s->listeners[listener_index(transport, family)];

	return l->fd >= 0 ? &l->local : NULL;
}

void streams_alias(struct streams *s, uint32_t connection, const struct addr *alias)
{
	for (struct stream *st = s->first; st; st = st->next)
		if (st->hop.connection == connection && st->inbound)
			st->alias = *alias;
}

void streams_welcome(struct streams *s, uint32_t connection)
{
	for (struct stream *st = s->first; st; st = st->next) {
		if (st->hop.connection != connection || st->terms.known)
			continue;
		st->terms.known = true;
		s->strangers--;
	}
}

int streams_mark(struct streams *s, unsigned dscp)
{
	int err = 0;

	s->dscp = dscp;
	/* The answer to a SYN goes out before there is a connection to be marked. */
	for (unsigned i = 0; i < STREAM_LISTENERS && !err; i++)
		if (s->listeners[i].fd >= 0)
			err = dscp_mark(s->listeners[i].fd, s->listeners[i].local.sa.sa_family, dscp);
	return err;
}

unsigned streams_count(const struct streams *s)
{
	return s->count;
}

/* From the address we listen on, so that the peer knows us by it. */
static int socket_connect(const struct streams *s, const struct sip_hop *to, int *fdp)
{
	const struct addr *own = streams_local(s, to->transport, addr_family(&to->addr));
	struct addr local = own ? *own : (struct addr){0};
	int fd = socket(to->addr.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err = 0;

	if (fd < 0)
		return errno;
	socket_tune(s, fd, to->addr.sa.sa_family);
	addr_set_port(&local, 0);
	if (own && !addr_is_any(&local) && bind(fd, &local.sa, addr_len(&local)) < 0)
		err = errno;
	if (!err && connect(fd, &to->addr.sa, addr_len(&to->addr)) < 0 && errno != EINPROGRESS)
		err = errno;
	if (err)
		close(fd);
	else
		*fdp = fd;
	return err;
}

static int streams_connect(struct streams *s, const struct sip_hop *to, struct stream **stp)
{
	struct stream_hold *h = hold_find(s, to);
	struct sip_hop hop = *to;
	int fd = -1, err;

	if (to->transport == SIP_TLS && !s->tls)
		return ENOTSUP;
	if (h && h->until_us > loop_now_us(s->loop))
		return h->err;
	/* Whoever is no peer has to connect to us. */
	if (to->connection && !s->handlers.terms(&to->addr, s->handlers.arg).known)
		return EPIPE;
	if (s->count >= STREAMS_MAX)
		return ENOBUFS;
	err = socket_connect(s, to, &fd);
	if (err) {
		hold_failed(s, to, err);
		return err;
	}
	hop.connection = ++s->last_id;
	err = stream_alloc(stp, s, fd, &hop, false);
	if (!err)
		streams_link(s, *stp);
	return err;
}

/* The one that TO names, else one to its address. */
static struct stream *streams_find(struct streams *s, const struct sip_hop *to)
{
	struct stream *st, *found = NULL;

	for (st = s->first; st; st = st->next) {
		if (st->state == STREAM_OVER || st->hop.transport != to->transport)
			continue;
		if (to->connection && st->hop.connection == to->connection)
			return st;
		if (!found && (addr_equal(&st->hop.addr, &to->addr) || addr_equal(&st->alias, &to->addr)))
			found = st;
	}
	return found;
}

int streams_send(struct streams *s, const struct sip_hop *to, const char *text, size_t len, uint32_t *connectionp)
{
	struct stream *st = streams_find(s, to);
	int err = 0;

	if (!st)
		err = streams_connect(s, to, &st);
	if (err)
		return err;
	*connectionp = st->hop.connection;
	return stream_send(st, text, len);
}
