/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net: datagram sockets behind a small interface, so that a whole call runs over the kernel's sockets in the product and
 * over a simulated network (with loss, jitter and reordering by seed) in the tests.
 */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "addr.h"
#include "loop.h"

struct udp;			/* one bound socket */
struct net;

struct net_ops {
	/* Binds LOCAL (port 0: any). Returns 0 or errno (EADDRINUSE, ...). */
	int (*open)(struct net *n, const struct addr *local, struct udp **up);
	void (*close)(struct udp *u);
	/* Sends one datagram. Returns 0 or errno; EAGAIN when the socket's queue is full (datagram dropped). */
	int (*send)(struct udp *u, const struct addr *to, const void *p, size_t len);
	/* Takes one datagram that has arrived. Returns its length (it is cut to ROOM) or -EAGAIN when there is none, or
	 * another negative errno. */
	ssize_t (*recv)(struct udp *u, void *p, size_t room, struct addr *fromp);
	/* Calls HANDLER in LOOP's thread whenever datagrams wait. HANDLER must recv until -EAGAIN. */
	int (*watch)(struct udp *u, struct loop *l, void (*handler)(void *arg), void *arg);
	/* The bound address. */
	const struct addr *(*local)(const struct udp *u);
};

/* Implementations embed struct net and struct udp as their first member. */
struct net {
	const struct net_ops *ops;
};

struct udp {
	struct net *net;
};

/* The kernel's sockets: non-blocking, close-on-exec. */
extern struct net net_kernel;

static inline int udp_open(struct net *n, const struct addr *local, struct udp **up)
{
	return n->ops->open(n, local, up);
}

static inline void udp_close(struct udp *u)
{
	if (u)
		u->net->ops->close(u);
}

static inline int udp_send(struct udp *u, const struct addr *to, const void *p, size_t len)
{
	return u->net->ops->send(u, to, p, len);
}

static inline ssize_t udp_recv(struct udp *u, void *p, size_t room, struct addr *fromp)
{
	return u->net->ops->recv(u, p, room, fromp);
}

static inline int udp_watch(struct udp *u, struct loop *l, void (*handler)(void *arg), void *arg)
{
	return u->net->ops->watch(u, l, handler, arg);
}

static inline const struct addr *udp_local(const struct udp *u)
{
	return u->net->ops->local(u);
}

#endif
