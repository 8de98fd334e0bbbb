/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/dnsside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "gateway/base/log.h"
#include "sip/dns/resolver.h"

#define INBOX_ROOM 256

struct dnsside {
	struct loop *loop;
	struct mailbox *inbox;
	struct mailbox *news;
	struct resolver *resolver;
	struct resolver_name names[CONFIG_MAX_PEERS];
	unsigned peers[CONFIG_MAX_PEERS]; /* of each name */
	unsigned count;
};

bool dnsside_is_needed(const struct config *c)
{
	for (unsigned i = 0; i < c->npeers; i++)
		if (c->peers[i].host[0])
			return true;
	return false;
}

static int on_news(const struct resolver_news *news, void *arg)
{
	struct dnsside *d = arg;
	struct resolver_news n = *news;

	n.name = d->peers[news->name];
	return mailbox_post(d->news, &n); /* full: the resolver tells it again */
}

static void on_order(struct dnsside *d, const struct dns_order *o)
{
	if (o->stop) {
		loop_stop(d->loop);
		return;
	}
	for (unsigned i = 0; i < d->count; i++)
		if (d->peers[i] == o->peer)
			resolver_again(d->resolver, i);
}

static void on_inbox(uint32_t epoll_events, void *arg)
{
	struct dnsside *d = arg;
	struct dns_order o;

	mailbox_quiet(d->inbox);
	while (mailbox_take(d->inbox, &o))
		on_order(d, &o);
}

static void take_names(struct dnsside *d, const struct config *c)
{
	for (unsigned i = 0; i < c->npeers; i++) {
		const struct config_peer *p = &c->peers[i];

		if (!p->host[0])
			continue;
		d->names[d->count] = (struct resolver_name){.peer = p->name,
							    .host = p->host,
							    .port = p->port,
							    .any_transport = p->any_transport,
							    .transport = p->transport};
		d->peers[d->count++] = i;
	}
}

static int open_resolver(struct dnsside *d, const struct config *c)
{
	struct resolver_params p = {
		.nservers = c->nameservers.count,
		.have = 1u << SIP_UDP | (unsigned)addr_any_is_set(c->sip_listen_tcp) << SIP_TCP |
			(unsigned)addr_any_is_set(c->sip_listen_tls) << SIP_TLS,
		.ipv4 = addr_is_set(&c->sip_listen[ADDR_IPV4]),
		.ipv6 = addr_is_set(&c->sip_listen[ADDR_IPV6]),
		.refresh_min_ms = c->dns_refresh_min_ms,
		.refresh_max_ms = c->dns_refresh_max_ms,
		.names = d->names,
		.count = d->count,
		.handler = on_news,
		.arg = d,
	};

	for (unsigned i = 0; i < c->nameservers.count; i++)
		p.servers[i] = c->nameservers.list[i];
	return resolver_alloc(&d->resolver, &p, d->loop);
}

int dnsside_alloc(struct dnsside **dp, const struct config *c, const struct clock *clock, struct mailbox *news)
{
	struct dnsside *d = calloc(1, sizeof(*d));
	int err;

	if (!d)
		return ENOMEM;
	d->news = news;
	take_names(d, c);
	err = loop_alloc(&d->loop, clock);
	if (!err)
		err = mailbox_alloc(&d->inbox, INBOX_ROOM, sizeof(struct dns_order));
	if (!err)
		err = loop_watch(d->loop, mailbox_fd(d->inbox), EPOLLIN, on_inbox, d);
	if (!err)
		err = open_resolver(d, c);
	if (err) {
		log_error("dns", "cannot look up names: %s", strerror(err));
		dnsside_free(d);
	} else {
		*dp = d;
	}
	return err;
}

void dnsside_free(struct dnsside *d)
{
	if (!d)
		return;
	resolver_free(d->resolver);
	if (d->loop && d->inbox)
		loop_unwatch(d->loop, mailbox_fd(d->inbox));
	mailbox_free(d->inbox);
	loop_free(d->loop);
	free(d);
}

struct mailbox *dnsside_inbox(struct dnsside *d)
{
	return d->inbox;
}

int dnsside_run(struct dnsside *d)
{
	return loop_run(d->loop);
}
