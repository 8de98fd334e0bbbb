/* SPDX-License-Identifier: GPL-2.0-only */
#include "tdmoe_udp.h"

#include <errno.h>
#include <stdlib.h>

#include "tdmoe_frame.h"

struct tdmoe_udp {
	struct tdmoe_port port;
	struct udp *udp;
	struct addr peer, from;
	uint8_t in[TDMOE_MAX_OCTETS + 1]; /* one more, to see that a datagram is too long */
};

static void tdmoe_udp_close(struct tdmoe_port *p)
{
	struct tdmoe_udp *u = (struct tdmoe_udp *)p;

	udp_close(u->udp);
	free(u);
}

static ssize_t tdmoe_udp_recv(struct tdmoe_port *p, const uint8_t **framep, const char **whyp)
{
	struct tdmoe_udp *u = (struct tdmoe_udp *)p;
	ssize_t n = udp_recv(u->udp, u->in, sizeof(u->in), &u->from);

	if (n < 0)
		return n;
	*framep = u->in;
	*whyp = addr_equal(&u->from, &u->peer) ? NULL : "not the peer";
	return n;
}

static int tdmoe_udp_send(struct tdmoe_port *p, const uint8_t *frame, size_t octets)
{
	struct tdmoe_udp *u = (struct tdmoe_udp *)p;

	return udp_send(u->udp, &u->peer, frame, octets);
}

static int tdmoe_udp_flush(struct tdmoe_port *p)
{
	return 0;
}

static int tdmoe_udp_watch(struct tdmoe_port *p, struct loop *l, void (*handler)(void *arg), void *arg)
{
	return udp_watch(((struct tdmoe_udp *)p)->udp, l, handler, arg);
}

static const char *tdmoe_udp_from(const struct tdmoe_port *p, char *buf)
{
	_Static_assert(ADDR_TEXT_OCTETS <= TDMOE_FROM_OCTETS, "an address fits");

	return addr_print(&((const struct tdmoe_udp *)p)->from, buf);
}

const struct addr *tdmoe_udp_local(const struct tdmoe_port *p)
{
	return udp_local(((const struct tdmoe_udp *)p)->udp);
}

static const struct tdmoe_port_ops udp_ops = {
	.close = tdmoe_udp_close,
	.recv = tdmoe_udp_recv,
	.send = tdmoe_udp_send,
	.flush = tdmoe_udp_flush,
	.watch = tdmoe_udp_watch,
	.from = tdmoe_udp_from,
};

int tdmoe_udp_open(struct tdmoe_port **pp, const struct addr *local, const struct addr *peer, struct net *net)
{
	struct tdmoe_udp *u;
	int err;

	if (!addr_is_set(peer) || addr_is_any(peer) || !addr_port(peer))
		return EINVAL;
	u = calloc(1, sizeof(*u));
	if (!u)
		return ENOMEM;
	u->port.ops = &udp_ops;
	u->peer = *peer;
	err = udp_open(net, local, &u->udp);
	if (err)
		tdmoe_udp_close(&u->port);
	else
		*pp = &u->port;
	return err;
}
