/* SPDX-License-Identifier: GPL-2.0-only */
#include "transport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"

struct transports {
	struct udp *udp;
	struct streams *streams;
	struct tls *tls;
	struct streams_handlers handlers;
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
		t->handlers.message(t->rx, (size_t)n, &from, t->handlers.arg);
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

static int transports_streams_open(struct transports *t, const struct transports_params *p, struct loop *loop)
{
	char why[TLS_WHY_OCTETS];
	int err = 0;

	if (p->tls.certificate)
		err = tls_alloc(&t->tls, &p->tls, why, sizeof(why));
	if (err) {
		log_error("sip", "TLS: %s", why);
		return err;
	}
	err = streams_alloc(&t->streams, &t->handlers, NULL, t->tls, loop);
	for (enum sip_transport i = SIP_TCP; !err && i < SIP_TRANSPORTS; i++)
		if (addr_is_set(&p->listen[i]))
			err = streams_listen(t->streams, i, &p->listen[i]);
	return err;
}

int transports_alloc(struct transports **tp, const struct transports_params *p, struct loop *loop, struct net *net)
{
	struct transports *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return ENOMEM;
	t->handlers = p->handlers;
	err = transports_udp_open(t, &p->listen[SIP_UDP], loop, net);
	if (!err)
		err = transports_streams_open(t, p, loop);
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
	streams_free(t->streams);
	tls_free(t->tls);
	free(t);
}

int transports_send(struct transports *t, const struct sip_hop *to, const char *text, size_t len, uint32_t *connectionp)
{
	if (to->transport != SIP_UDP)
		return streams_send(t->streams, to, text, len, connectionp);
	*connectionp = 0;
	return udp_send(t->udp, &to->addr, text, len);
}

void transports_alias(struct transports *t, const struct sip_hop *hop, const struct addr *alias)
{
	if (hop->transport != SIP_UDP)
		streams_alias(t->streams, hop->connection, alias);
}

const struct addr *transports_local(const struct transports *t, enum sip_transport transport)
{
	return transport == SIP_UDP ? udp_local(t->udp) : streams_local(t->streams, transport);
}

void transports_mark(struct transports *t, unsigned dscp)
{
	int err = udp_mark(t->udp, dscp);

	if (!err)
		err = streams_mark(t->streams, dscp);
	if (err)
		log_warning("sip", "cannot mark packets with DSCP %u: %s", dscp, strerror(err));
}
