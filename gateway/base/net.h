/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net: datagram sockets behind a small interface, so that a whole call runs over the kernel's sockets in the product
 * and over a simulated network (with loss, jitter and reordering by seed) in the tests.
 */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "addr.h"
#include "loop.h"

struct udp;			/* one bound socket */
struct udp_group;
struct net;

#define UDP_REFUSAL_OCTETS 1024

/* A datagram of ours that came back by ICMP: nobody takes it. */
struct udp_refusal {
	struct addr to;
	int err;	/* ECONNREFUSED: nobody is at the port; EHOSTUNREACH ...: nor at the address */
	size_t octets;	/* of it, as far as it was sent back */
	uint8_t text[UDP_REFUSAL_OCTETS];
};

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
	/* What is sent carries DSCP (0 to 63). Returns 0 or errno. NULL: there are no routers to read it. */
	int (*mark)(struct udp *u, unsigned dscp);
	/* Keeps what comes back from now on, and takes the oldest. See udp_heed(). NULL: nothing comes back. */
	int (*heed)(struct udp *u);
	bool (*refused)(struct udp *u, struct udp_refusal *rp);
	/* The bound address. */
	const struct addr *(*local)(const struct udp *u);
	/* Groups: see below. NULL where a recv that finds nothing costs nothing. */
	int (*group_alloc)(struct udp_group **gp);
	void (*group_free)(struct udp_group *g);
	int (*group_join)(struct udp_group *g, struct udp *u);
	void (*group_look)(struct udp_group *g);
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

static inline int udp_mark(struct udp *u, unsigned dscp)
{
	return u->net->ops->mark ? u->net->ops->mark(u, dscp) : 0;
}

/* From now on datagrams that come back are kept, to be taken with udp_refused() in the handler of udp_watch(), which
 * must take them all. 0 or errno. */
static inline int udp_heed(struct udp *u)
{
	return u->net->ops->heed ? u->net->ops->heed(u) : 0;
}

/* False: there is none, or no more. */
static inline bool udp_refused(struct udp *u, struct udp_refusal *rp)
{
	return u->net->ops->refused && u->net->ops->refused(u, rp);
}

static inline const struct addr *udp_local(const struct udp *u)
{
	return u->net->ops->local(u);
}

/*
 * A group: sockets of one thread that are read at times of its own, not watched. One look asks the kernel for all of
 * them; a socket in which nothing waited at the last look has nothing to recv. Returns 0, ENOTSUP (this net needs
 * none) or errno.
 */
static inline int udp_group_alloc(struct udp_group **gp, struct net *n)
{
	return n->ops->group_alloc ? n->ops->group_alloc(gp) : ENOTSUP;
}

/* After its sockets are closed. */
static inline void udp_group_free(struct udp_group *g, struct net *n)
{
	if (g)
		n->ops->group_free(g);
}

/* Until it is closed. Returns 0 or errno: then it is read as if there were no group. */
static inline int udp_group_join(struct udp_group *g, struct udp *u)
{
	return u->net->ops->group_join(g, u);
}

static inline void udp_group_look(struct udp_group *g, struct net *n)
{
	n->ops->group_look(g);
}

#endif
