/* SPDX-License-Identifier: GPL-2.0-only */
#include "locate.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* RFC 3263 4.1: the services of NAPTR, and the prefixes where there are no NAPTR records, the one we like best
 * first. */
static const struct {
	enum sip_transport transport;
	const char *service, *prefix;
} transports[] = {
	{SIP_UDP, "SIP+D2U", "_sip._udp."},
	{SIP_TCP, "SIP+D2T", "_sip._tcp."},
	{SIP_TLS, "SIPS+D2T", "_sips._tcp."},
};

#define TRANSPORTS (sizeof(transports) / sizeof(transports[0]))

const char *locate_stage_name(enum locate_stage s)
{
	static const char *const names[] = {
		[LOCATE_NAPTR] = "NAPTR", [LOCATE_SRV] = "SRV", [LOCATE_ADDRESS] = "ADDRESS", [LOCATE_DONE] = "DONE"};

	return names[s];
}

static bool may_use(const struct locate *l, enum sip_transport transport)
{
	return l->params.any_transport ? l->params.have >> transport & 1u : transport == l->params.transport;
}

/* The name itself is the server. Without a word on the transport it is UDP (RFC 3263 4.1), if we speak it. */
static void take_host_itself(struct locate *l)
{
	struct locate_server *s = &l->servers[0];
	unsigned i;

	for (i = 0; i + 1 < TRANSPORTS && !may_use(l, transports[i].transport); i++)
		;
	memset(s, 0, sizeof(*s));
	snprintf(s->host, sizeof(s->host), "%s", l->params.host);
	s->transport = transports[i].transport;
	s->port = l->params.port ? l->params.port : sip_transport_port(s->transport);
	l->nservers = 1;
	l->server_at = 0;
	l->stage = LOCATE_ADDRESS;
}

static void add_service(struct locate *l, const char *prefix, const char *name, enum sip_transport transport)
{
	struct locate_service *s = &l->services[l->nservices];
	int n;

	if (l->nservices == DNS_MAX_RECORDS)
		return;
	n = snprintf(s->name, sizeof(s->name), "%s%s", prefix, name);
	s->transport = transport;
	l->nservices += n > 0 && (size_t)n < sizeof(s->name);
}

static void guess_services(struct locate *l)
{
	for (unsigned i = 0; i < TRANSPORTS; i++)
		if (may_use(l, transports[i].transport))
			add_service(l, transports[i].prefix, l->params.host, transports[i].transport);
	if (l->nservices)
		l->stage = LOCATE_SRV;
	else
		take_host_itself(l);
}

void locate_begin(struct locate *l, const struct locate_params *p)
{
	memset(l, 0, sizeof(*l));
	l->params = *p;
	l->ttl_s = UINT32_MAX;
	if (p->port || p->by_address)
		take_host_itself(l); /* RFC 3263 4.2: a port leaves nothing for SRV to say */
	else if (p->any_transport)
		l->stage = LOCATE_NAPTR;
	else
		guess_services(l);
}

bool locate_next(const struct locate *l, struct dns_question *qp)
{
	struct dns_question q = {0};

	switch (l->stage) {
	case LOCATE_NAPTR:
		q.type = DNS_NAPTR;
		snprintf(q.name, sizeof(q.name), "%s", l->params.host);
		break;
	case LOCATE_SRV:
		q.type = DNS_SRV;
		memcpy(q.name, l->services[l->service_at].name, sizeof(q.name));
		break;
	case LOCATE_ADDRESS:
		q.type = DNS_ADDRESS;
		memcpy(q.name, l->servers[l->server_at].host, sizeof(q.name));
		break;
	case LOCATE_DONE:
		return false;
	}
	*qp = q;
	return true;
}

/* The index in TRANSPORTS of what R offers and we can use, or -1. Flag "s" alone is meaningful for SIP (RFC 3263
 * 4.1). */
static int naptr_transport(const struct locate *l, const struct dns_naptr *r)
{
	if (strcasecmp(r->flags, "s") || !r->replacement[0])
		return -1;
	for (unsigned i = 0; i < TRANSPORTS; i++)
		if (!strcasecmp(r->service, transports[i].service) && may_use(l, transports[i].transport))
			return (int)i;
	return -1;
}

static bool naptr_before(const struct dns_naptr *a, const struct dns_naptr *b)
{
	return a->order != b->order ? a->order < b->order : a->preference < b->preference;
}

static void take_naptr(struct locate *l, const struct dns_answer *a)
{
	uint32_t done = 0;

	for (;;) {
		int best = -1;

		for (unsigned i = 0; i < a->count; i++)
			if (!(done >> i & 1u) && naptr_transport(l, &a->naptr[i]) >= 0 &&
			    (best < 0 || naptr_before(&a->naptr[i], &a->naptr[best])))
				best = (int)i;
		if (best < 0)
			break;
		done |= 1u << best;
		add_service(l, "", a->naptr[best].replacement,
			    transports[naptr_transport(l, &a->naptr[best])].transport);
	}
	if (l->nservices)
		l->stage = LOCATE_SRV;
	else
		guess_services(l);
}

/* By priority; of too many the last are left out. */
static void add_server(struct locate *l, const struct dns_srv *r, enum sip_transport transport)
{
	unsigned at = l->nservers;

	if (!r->target[0] || !r->port)
		return;
	while (at > 0 && l->servers[at - 1].priority > r->priority)
		at--;
	if (at == DNS_MAX_RECORDS)
		return;
	if (l->nservers == DNS_MAX_RECORDS)
		l->nservers--;
	memmove(&l->servers[at + 1], &l->servers[at], (l->nservers - at) * sizeof(l->servers[0]));
	memset(&l->servers[at], 0, sizeof(l->servers[at]));
	memcpy(l->servers[at].host, r->target, sizeof(r->target));
	l->servers[at].port = r->port;
	l->servers[at].priority = r->priority;
	l->servers[at].weight = r->weight;
	l->servers[at].transport = transport;
	l->nservers++;
}

/* The next transport, or the name itself; but not where SRV records name others (RFC 3263 4.2), or say that there is no
 * such service (RFC 2782). */
static void next_service(struct locate *l)
{
	l->nservers = l->server_at = 0;
	if (++l->service_at < l->nservices)
		l->stage = LOCATE_SRV;
	else if (l->srv_found)
		l->stage = LOCATE_DONE;
	else
		take_host_itself(l);
}

static void take_srv(struct locate *l, const struct dns_answer *a)
{
	l->nservers = l->server_at = 0;
	l->srv_found |= a->outcome == DNS_FOUND;
	for (unsigned i = 0; i < a->count; i++)
		add_server(l, &a->srv[i], l->services[l->service_at].transport);
	if (l->nservers)
		l->stage = LOCATE_ADDRESS;
	else
		next_service(l);
}

static bool is_usable(const struct addr *a)
{
	if (!addr_is_set(a) || addr_is_any(a))
		return false;
	if (a->sa.sa_family == AF_INET)
		return !IN_MULTICAST(ntohl(a->v4.sin_addr.s_addr)) && a->v4.sin_addr.s_addr != INADDR_BROADCAST;
	return !IN6_IS_ADDR_MULTICAST(&a->v6.sin6_addr);
}

static void take_addresses(struct locate *l, const struct dns_answer *a)
{
	const struct locate_server *s = &l->servers[l->server_at];

	for (unsigned i = 0; i < a->count; i++) {
		struct sip_target t = {.hop = {.transport = s->transport, .addr = a->addr[i]},
				       .priority = s->priority,
				       .weight = s->weight,
				       .group = (uint8_t)l->server_at};

		addr_set_port(&t.hop.addr, s->port);
		if (is_usable(&t.hop.addr))
			targets_add(&l->targets, &t);
	}
}

/* RFC 3263 4.1: the transport is chosen, if there are servers for it at all. */
static void after_address(struct locate *l)
{
	bool was_itself = l->service_at >= l->nservices;

	if (++l->server_at < l->nservers)
		return;
	if (l->targets.count || was_itself)
		l->stage = LOCATE_DONE;
	else
		next_service(l);
}

void locate_answer(struct locate *l, const struct dns_answer *a)
{
	static const struct dns_answer none = {.outcome = DNS_NONE};

	if (a->outcome == DNS_FAILED)
		l->failed = true;
	if (a->outcome != DNS_FOUND)
		a = &none;
	else if (a->ttl_s < l->ttl_s)
		l->ttl_s = a->ttl_s;
	switch (l->stage) {
	case LOCATE_NAPTR:
		take_naptr(l, a);
		break;
	case LOCATE_SRV:
		take_srv(l, a);
		break;
	case LOCATE_ADDRESS:
		take_addresses(l, a);
		after_address(l);
		break;
	case LOCATE_DONE:
		break;
	}
}

struct locate_result locate_result(const struct locate *l)
{
	struct locate_result r = {
		.outcome = DNS_FOUND, .targets = l->targets, .ttl_s = l->ttl_s, .doubtful = l->failed};

	if (!l->targets.count)
		r.outcome = l->failed ? DNS_FAILED : DNS_NONE;
	return r;
}
