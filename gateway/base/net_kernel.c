/* SPDX-License-Identifier: GPL-2.0-only */
#include "net.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "dscp.h"

#define GROUP_EVENTS 128

struct kernel_udp {
	struct udp udp;
	int fd;
	struct addr local;
	struct loop *loop;   /* NULL: not watched */
	bool heeds;	     /* what comes back is kept */
	bool grouped, waits; /* in a group; at its last look there was something */
	void (*handler)(void *arg);
	void *arg;
};

static void kernel_close(struct udp *u)
{
	struct kernel_udp *k = (struct kernel_udp *)u;

	if (k->loop)
		loop_unwatch(k->loop, k->fd);
	if (k->fd >= 0)
		close(k->fd);
	free(k);
}

static int kernel_bind(struct kernel_udp *k, const struct addr *local)
{
	socklen_t len = sizeof(k->local);
	const int on = 1;

	k->fd = socket(local->sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (k->fd < 0)
		return errno;
	/* Else [::] would take IPv4 too, with sources written as ::ffff:192.0.2.1, equal to no address of ours. */
	if (local->sa.sa_family == AF_INET6 && setsockopt(k->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0)
		return errno;
	if (bind(k->fd, &local->sa, addr_len(local)) < 0 || getsockname(k->fd, &k->local.sa, &len) < 0)
		return errno;
	return 0;
}

static int kernel_open(struct net *n, const struct addr *local, struct udp **up)
{
	struct kernel_udp *k;
	int err;

	if (!addr_is_set(local))
		return EAFNOSUPPORT;
	k = calloc(1, sizeof(*k));
	if (!k)
		return ENOMEM;
	k->udp.net = n;
	err = kernel_bind(k, local);
	if (err)
		goto out;
	*up = &k->udp;
	k = NULL;
out:
	if (k)
		kernel_close(&k->udp);
	return err;
}

static int kernel_send(struct udp *u, const struct addr *to, const void *p, size_t len)
{
	struct kernel_udp *k = (struct kernel_udp *)u;
	bool again = k->heeds; /* the error of a datagram that came back ends the next send, whose own it is not */
	ssize_t n;

	do {
		n = sendto(k->fd, p, len, 0, &to->sa, addr_len(to));
	} while (n < 0 && (errno == EINTR || (again && errno != EAGAIN && !(again = false))));
	if (n >= 0)
		return 0;
	return errno == EWOULDBLOCK || errno == ENOBUFS ? EAGAIN : errno;
}

static ssize_t kernel_recv(struct udp *u, void *p, size_t room, struct addr *fromp)
{
	struct kernel_udp *k = (struct kernel_udp *)u;
	struct addr from = {0};
	socklen_t len = sizeof(from);
	ssize_t n;

	if (k->grouped && !k->waits)
		return -EAGAIN;
	do {
		n = recvfrom(k->fd, p, room, 0, &from.sa, &len);
	} while (n < 0 && errno == EINTR);
	k->waits = n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	if (fromp)
		*fromp = from;
	return n;
}

static void kernel_readable(uint32_t epoll_events, void *arg)
{
	struct kernel_udp *k = arg;

	k->handler(k->arg);
}

static int kernel_watch(struct udp *u, struct loop *l, void (*handler)(void *arg), void *arg)
{
	struct kernel_udp *k = (struct kernel_udp *)u;
	int err;

	if (k->loop)
		return EEXIST;
	k->handler = handler;
	k->arg = arg;
	err = loop_watch(l, k->fd, EPOLLIN, kernel_readable, k);
	if (!err)
		k->loop = l;
	return err;
}

static int kernel_mark(struct udp *u, unsigned dscp)
{
	struct kernel_udp *k = (struct kernel_udp *)u;

	return dscp_mark(k->fd, k->local.sa.sa_family, dscp);
}

static int kernel_heed(struct udp *u)
{
	struct kernel_udp *k = (struct kernel_udp *)u;
	const int on = 1;
	int err;

	if (k->local.sa.sa_family == AF_INET6)
		err = setsockopt(k->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
	else
		err = setsockopt(k->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	k->heeds = !err;
	return err ? errno : 0;
}

/* Whether E says that there is nobody: not that a datagram was too long, or on its way for too long (RFC 3261 18.4). */
static bool is_refusal(const struct sock_extended_err *e)
{
	if (e->ee_origin == SO_EE_ORIGIN_ICMP)
		return e->ee_type == ICMP_DEST_UNREACH && e->ee_code != ICMP_FRAG_NEEDED;
	return e->ee_origin == SO_EE_ORIGIN_ICMP6 && e->ee_type == ICMP6_DST_UNREACH;
}

static const struct sock_extended_err *find_error(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
			return (const struct sock_extended_err *)(const void *)CMSG_DATA(c);
	return NULL;
}

static bool kernel_refused(struct udp *u, struct udp_refusal *rp)
{
	struct kernel_udp *k = (struct kernel_udp *)u;
	_Alignas(struct cmsghdr) char control[512];
	struct iovec v = {.iov_base = rp->text, .iov_len = sizeof(rp->text)};

	if (!k->heeds)
		return false;
	for (;;) {
		struct addr to = {0};
		struct msghdr m = {.msg_name = &to.sa,
				   .msg_namelen = sizeof(to),
				   .msg_iov = &v,
				   .msg_iovlen = 1,
				   .msg_control = control,
				   .msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(k->fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);
		const struct sock_extended_err *e;

		if (n < 0)
			return false;
		e = find_error(&m);
		if (!e || !is_refusal(e))
			continue;
		rp->to = to;
		rp->err = (int)e->ee_errno;
		rp->octets = (size_t)n;
		return true;
	}
}

static const struct addr *kernel_local(const struct udp *u)
{
	return &((const struct kernel_udp *)u)->local;
}

struct udp_group {
	int fd;
};

static int kernel_group_alloc(struct udp_group **gp)
{
	struct udp_group *g = calloc(1, sizeof(*g));
	int err = 0;

	if (!g)
		return ENOMEM;
	g->fd = epoll_create1(EPOLL_CLOEXEC);
	if (g->fd < 0) {
		err = errno;
		free(g);
		return err;
	}
	*gp = g;
	return 0;
}

static void kernel_group_free(struct udp_group *g)
{
	close(g->fd);
	free(g);
}

static int kernel_group_join(struct udp_group *g, struct udp *u)
{
	struct kernel_udp *k = (struct kernel_udp *)u;
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = k};

	if (epoll_ctl(g->fd, EPOLL_CTL_ADD, k->fd, &e) < 0)
		return errno;
	k->grouped = true;
	return 0;
}

/* Those that do not fit into one answer come first in the next. */
static void kernel_group_look(struct udp_group *g)
{
	struct epoll_event e[GROUP_EVENTS];
	int n = epoll_wait(g->fd, e, GROUP_EVENTS, 0);

	for (int i = 0; i < n; i++)
		((struct kernel_udp *)e[i].data.ptr)->waits = true;
}

static const struct net_ops kernel_ops = {
	.open = kernel_open,
	.close = kernel_close,
	.send = kernel_send,
	.recv = kernel_recv,
	.watch = kernel_watch,
	.mark = kernel_mark,
	.heed = kernel_heed,
	.refused = kernel_refused,
	.local = kernel_local,
	.group_alloc = kernel_group_alloc,
	.group_free = kernel_group_free,
	.group_join = kernel_group_join,
	.group_look = kernel_group_look,
};

struct net net_kernel = {&kernel_ops};
