/* SPDX-License-Identifier: GPL-2.0-only */
#include "net.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct kernel_udp {
	struct udp udp;
	int fd;
	struct addr local;
	struct loop *loop; /* NULL: not watched */
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
	ssize_t n;

	do {
		n = sendto(k->fd, p, len, 0, &to->sa, addr_len(to));
	} while (n < 0 && errno == EINTR);
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

	do {
		n = recvfrom(k->fd, p, room, 0, &from.sa, &len);
	} while (n < 0 && errno == EINTR);
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

static const struct addr *kernel_local(const struct udp *u)
{
	return &((const struct kernel_udp *)u)->local;
}

static const struct net_ops kernel_ops = {
	.open = kernel_open,
	.close = kernel_close,
	.send = kernel_send,
	.recv = kernel_recv,
	.watch = kernel_watch,
	.local = kernel_local,
};

struct net net_kernel = {&kernel_ops};
