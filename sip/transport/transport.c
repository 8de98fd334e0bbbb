/* SPDX-License-Identifier: GPL-2.0-only */
#include "transport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"

struct transports_udp {
	struct transports *owner;
	struct udp *udp; /* NULL: none of this address family */
};

struct transports {
	struct transports_udp udp[ADDR_FAMILIES];
	struct streams *streams;
	struct tls *tls;
	struct streams_handlers handlers;
	transport_refused_h *refused;
	char rx[TRANSPORT_MESSAGE_OCTETS + 1];
};

static void transports_udp_refused(const struct transports_udp *u)
{
	const struct transports *t = u->owner;
	struct udp_refusal r;

	while (udp_refused(u->udp, &r))
		if (t->refused)
			t->refused(&r.to, (const char *)r.text, r.octets, strerror(r.err), t->handlers.arg);
}

static void transports_udp_readable(void *arg)
{
	struct transports_udp *u = arg;
	struct transports *t = u->owner;
	struct sip_hop from = {.transport = SIP_UDP};
	ssize_t n;

	for (;;) {
		n = udp_recv(u->udp, t->rx, TRANSPORT_MESSAGE_OCTETS, &from.addr);
		/* An ICMP error of an earlier datagram comes out here too; it must not end the reading. */
		if (n == -EAGAIN || n == -EBADF || n == -ENOMEM)
			break;
		if (n < 0)
			continue;
		t->rx[n] = '\0';
		t->handlers.message(t->rx, (size_t)n, &from, t->handlers.arg);
	}
	transports_udp_refused(u);
}

static int transports_udp_open(struct transports *t, const struct addr *listen, struct loop *loop, struct net *net)
{
	struct transports_udp *u = &t->udp[addr_family(listen)];
	char text[ADDR_TEXT_OCTETS];
	int err = udp_open(net, listen, &u->udp);

	u->owner = t;
	if (!err)
		err = udp_heed(u->udp);
	if (!err)
		err = udp_watch(u->udp, loop, transports_udp_readable, u);
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
	for (enum sip_transport i = SIP_TCP; i < SIP_TRANSPORTS; i++)
		for (unsigned f = 0; f < ADDR_FAMILIES && !err; f++)
			if (p->listen[i] && addr_is_set(&p->listen[i][f]))
				err = streams_listen(t->streams, i, &p->listen[i][f]);
	return err;
}

int transports_alloc(struct transports **tp, const struct transports_params *p, struct loop *loop, struct net *net)
{
	struct transports *t = calloc(1, sizeof(*t));
	int err = 0;

	if (!t)
		return ENOMEM;
	t->handlers = p->handlers;
	t->refused = p->refused;
	for (unsigned f = 0; f < ADDR_FAMILIES && !err; f++)
		if (addr_is_set(&p->listen[SIP_UDP][f]))
			err = transports_udp_open(t, &p->listen[SIP_UDP][f], loop, net);
	if (!err && !t->udp[ADDR_IPV4].udp && !t->udp[ADDR_IPV6].udp)
		err = EINVAL;
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
	for (unsigned f = 0; f < ADDR_FAMILIES; f++)
		udp_close(t->udp[f].udp);
	streams_free(t->streams);
	tls_free(t->tls);
	free(t);
}

int transports_send(struct transports *t, const struct sip_hop *to, const char *text, size_t len, uint32_t *connectionp)
{
	struct udp *u;

	if (to->transport != SIP_UDP)
		return streams_send(t->streams, to, text, len, connectionp);
	u = t->udp[addr_family(&to->addr)].udp;
	*connectionp = 0;
	return u ? udp_send(u, &to->addr, text, len) : EAFNOSUPPORT;
}

void transports_alias(struct transports *t, const struct sip_hop *hop, const struct addr *alias)
{
	if (hop->transport != SIP_UDP)
		streams_alias(t->streams, hop->connection, alias);
}

void transports_welcome(struct transports *t, const struct sip_hop *hop)
{
	if (hop->transport != SIP_UDP)
		streams_welcome(t->streams, hop->connection);
}

const struct addr *transports_local(const struct transports *t, enum sip_transport transport, enum addr_family family)
{
	if (transport != SIP_UDP)
		return streams_local(t->streams, transport, family);
	return t->udp[family].udp ? udp_local(t->udp[family].udp) : NULL;
}

void transports_mark(struct transports *t, unsigned dscp)
{
	int err = 0;

	for (unsigned f = 0; f < ADDR_FAMILIES && !err; f++)
		if (t->udp[f].udp)
			err = udp_mark(t->udp[f].udp, dscp);
	if (!err)
		err = streams_mark(t->streams, dscp);
	if (err)
		log_warning("sip", "cannot mark packets with DSCP %u: %s", dscp, strerror(err));
}
