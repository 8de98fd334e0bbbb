/* SPDX-License-Identifier: GPL-2.0-only */
#include "transport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"

struct transports {
	struct udp *udp;
	transport_message_h *message;
	void *arg;
	char rx[TRANSPORT_MESSAGE_OCTETS + 1];
};

static void transports_udp_readable(void *arg)
{
	struct transports *t = arg;
	struct sip_hop from = {.transport = SIP_UDP};
	ssize_t n;

	for (;;) {
		n = udp_recv(t->udp, t->rx, TRANSPORT_MESSAGE_OCTETS, &from.addr);
		/* An ICMP error of an earlier datagram comes out here too; it must not end the reading. */
		if (n == -EAGAIN || n == -EBADF || n == -ENOMEM)
			break;
		if (n < 0)
			continue;
		t->rx[n] = '\0';
		t->message(t->rx, (size_t)n, &from, t->arg);
	}
}

static int transports_udp_open(struct transports *t, const struct addr *listen, struct loop *loop, struct net *net)
{
	char text[ADDR_TEXT_OCTETS];
	int err = udp_open(net, listen, &t->udp);

	if (!err)
		err = udp_watch(t->udp, loop, transports_udp_readable, t);
	if (err)
		log_error("sip", "cannot listen on %s: %s", addr_print(listen, text), strerror(err));
	return err;
}

int transports_alloc(struct transports **tp, const struct transports_params *p, struct loop *loop, struct net *net)
{
	struct transports *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return ENOMEM;
	t->message = p->message;
	t->arg = p->arg;
	err = transports_udp_open(t, &p->listen[SIP_UDP], loop, net);
	if (err)
		transports_free(t);
	else
		*tp = t;
	return err;
}

void transports_free(struct transports *t)
{
	if (!t)
		return;
	udp_close(t->udp);
	free(t);
}

int transports_send(struct transports *t, const struct sip_hop *to, const char *text, size_t len)
{
	return to->transport == SIP_UDP ? udp_send(t->udp, &to->addr, text, len) : ENOTSUP;
}

const struct addr *transports_local(const struct transports *t, enum sip_transport transport)
{
	return transport == SIP_UDP ? udp_local(t->udp) : NULL;
}
