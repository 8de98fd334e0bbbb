/* SPDX-License-Identifier: GPL-2.0-only */
#include "transport.h"

#include <errno.h>
#include <stdlib.h>

struct transport_udp {
	struct sip_transport t;
	struct udp *udp;
	transport_message_h *handler;
	void *arg;
	char rx[TRANSPORT_MESSAGE_OCTETS + 1];
};

static int transport_udp_send(struct sip_transport *t, const struct addr *to, const char *text, size_t len)
{
	return udp_send(((struct transport_udp *)t)->udp, to, text, len);
}

static const struct addr *transport_udp_local(const struct sip_transport *t)
{
	return udp_local(((const struct transport_udp *)t)->udp);
}

static void transport_udp_free(struct sip_transport *t)
{
	struct transport_udp *u = (struct transport_udp *)t;

	udp_close(u->udp);
	free(u);
}

static const struct transport_ops transport_udp_ops = {
	.name = "UDP",
	.reliable = false,
	.send = transport_udp_send,
	.local = transport_udp_local,
	.free = transport_udp_free,
};

static void transport_udp_readable(void *arg)
{
	struct transport_udp *u = arg;
	struct addr from;
	ssize_t n;

	for (;;) {
		n = udp_recv(u->udp, u->rx, TRANSPORT_MESSAGE_OCTETS, &from);
		/* An ICMP error of an earlier datagram comes out here too; it must not end the reading. */
		if (n == -EAGAIN || n == -EBADF || n == -ENOMEM)
			break;
		if (n < 0)
			continue;
		u->rx[n] = '\0';
		u->handler(u->rx, (size_t)n, &from, u->arg);
	}
}

int transport_udp_alloc(struct sip_transport **tp, const struct addr *listen, struct loop *loop, struct net *net,
			transport_message_h *handler, void *arg)
{
	struct transport_udp *u = calloc(1, sizeof(*u));
	int err;

	if (!u)
		return ENOMEM;
	u->t.ops = &transport_udp_ops;
	u->handler = handler;
	u->arg = arg;
	err = udp_open(net, listen, &u->udp);
	if (err)
		goto out;
	err = udp_watch(u->udp, loop, transport_udp_readable, u);
out:
	if (err)
		transport_udp_free(&u->t);
	else
		*tp = &u->t;
	return err;
}
