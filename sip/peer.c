/* SPDX-License-Identifier: GPL-2.0-only */
#include "peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int peers_init(struct peers *ps, const struct sip_peer_params *params, unsigned count)
{
	unsigned i;

	memset(ps, 0, sizeof(*ps));
	ps->refused = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	ps->wrong = (struct log_limit){.burst = 3, .interval_us = 10 * SEC_US};
	for (i = 0; i < count; i++)
		if (!addr_is_set(&params[i].addr) && !params[i].host && !params[i].endpoint)
			return EINVAL;
	ps->list = calloc(count ? count : 1, sizeof(*ps->list));
	ps->targets = calloc(count ? count : 1, sizeof(*ps->targets));
	if (!ps->list || !ps->targets) {
		peers_fini(ps);
		return ENOMEM;
	}
	for (i = 0; i < count; i++) {
		const struct sip_hop hop = {.addr = params[i].addr, .transport = params[i].transport};

		ps->list[i] = params[i];
		if (addr_is_set(&hop.addr))
			ps->targets[i] = targets_of(&hop);
	}
	ps->count = count;
	return 0;
}

void peers_fini(struct peers *ps)
{
	blacklist_free(ps->blacklist);
	ps->blacklist = NULL;
	free(ps->list);
	free(ps->targets);
	ps->list = NULL;
	ps->targets = NULL;
	ps->count = 0;
}

/* Two peers at one address, which the configuration cannot have, but names may stand for. */
static void warn_shared(const struct peers *ps, unsigned peer, const struct sip_hop *hop)
{
	int owner = peers_find(ps, &hop->addr);
	char text[HOP_TEXT_OCTETS];

	if (owner >= 0 && (unsigned)owner != peer)
		log_warning("sip", "peer %s: %s is an address of peer %s too: who calls from there is that one",
			    ps->list[peer].name, hop_print(hop, text), ps->list[owner].name);
}

void peers_set_targets(struct peers *ps, unsigned peer, const struct sip_targets *targets)
{
	struct sip_targets before;

	if (peer >= ps->count)
		return;
	before = ps->targets[peer];
	ps->targets[peer] = *targets;
	for (unsigned i = 0; i < targets->count; i++)
		if (targets_find(&before, &targets->list[i].hop) < 0)
			warn_shared(ps, peer, &targets->list[i].hop);
}

int peers_hop(const struct peers *ps, unsigned peer, struct sip_hop *hp)
{
	if (peer >= ps->count || !ps->targets[peer].count)
		return EHOSTUNREACH;
	*hp = ps->targets[peer].list[0].hop;
	return 0;
}

const char *peers_uri_host(const struct peers *ps, unsigned peer, char *buf)
{
	const struct sip_peer_params *p = &ps->list[peer];

	if (!p->host)
		return addr_print(&p->addr, buf);
	if (p->port)
		snprintf(buf, PEER_HOST_OCTETS, "%s:%u", p->host, p->port);
	else
		snprintf(buf, PEER_HOST_OCTETS, "%s", p->host);
	return buf;
}

const char *peers_uri_transport(const struct sip_hop *hop, char *buf)
{
	buf[0] = '\0';
	if (hop->transport != SIP_UDP)
		snprintf(buf, PEER_HOST_OCTETS, ";transport=%s", sip_transport_name(hop->transport));
	return buf;
}

/* The peer with the longest range that SOURCE lies in. */
static int find_by_range(const struct peers *ps, const struct addr *source)
{
	unsigned longest = 0;
	int found = -1;

	for (unsigned i = 0; i < ps->count; i++) {
		const struct sip_peer_params *p = &ps->list[i];

		for (unsigned j = 0; j < p->nallow; j++)
			if (addr_range_has(&p->allow[j], source) && (found < 0 || p->allow[j].bits > longest)) {
				longest = p->allow[j].bits;
				found = (int)i;
			}
	}
	return found;
}

/* The peer that is at SOURCE itself. */
static int find_by_address(const struct peers *ps, const struct addr *source)
{
	int found = -1;

	for (unsigned i = 0; i < ps->count; i++)
		for (unsigned j = 0; j < ps->targets[i].count; j++) {
			const struct addr *a = &ps->targets[i].list[j].hop.addr;

			if (addr_equal(a, source))
				return (int)i;
			/* behind the NAT of an endpoint there may be anybody */
			if (found < 0 && !ps->list[i].endpoint && addr_same_host(a, source))
				found = (int)i;
		}
	return found;
}

int peers_find(const struct peers *ps, const struct addr *source)
{
	int found = find_by_address(ps, source);

	return found < 0 ? find_by_range(ps, source) : found;
}

int peers_guard(struct peers *ps, const struct blacklist_params *p, struct loop *loop)
{
	return p->after ? blacklist_alloc(&ps->blacklist, p, loop) : 0;
}

/* A peer that errs must be heard all the same, and whoever forges its address shall not silence it. */
bool peers_drop(struct peers *ps, const struct addr *source)
{
	return ps->blacklist && blacklist_drops(ps->blacklist, source) && find_by_address(ps, source) < 0;
}

void peers_suspect(struct peers *ps, const struct addr *source, const char *what)
{
	if (ps->blacklist && find_by_address(ps, source) < 0)
		blacklist_note(ps->blacklist, source, what);
}

void peers_refuse(struct peers *ps, const struct addr *source, const char *what, const char *why, int64_t now_us)
{
	char text[ADDR_TEXT_OCTETS], both[BLACKLIST_WHAT_OCTETS];
	unsigned held = 0;

	ps->refusals++;
	if (log_limit_pass(&ps->refused, now_us, &held)) {
		if (held)
			log_warning("sip", "%s from %s refused: %s (%u more refused since the last such line)", what,
				    addr_print(source, text), why, held);
		else
			log_warning("sip", "%s from %s refused: %s", what, addr_print(source, text), why);
	}
	snprintf(both, sizeof(both), "%.16s: %s", what, why);
	peers_suspect(ps, source, both);
}

void peers_wrong_credentials(struct peers *ps, const struct addr *source, const char *what, const char *user,
			     int64_t now_us)
{
	char text[ADDR_TEXT_OCTETS];
	unsigned held = 0;

	ps->wrong_credentials++;
	peers_suspect(ps, source, "wrong user or password");
	if (!log_limit_pass(&ps->wrong, now_us, &held))
		return;
	if (held)
		log_warning("sip",
			    "%s from %s: wrong user or password, user \"%.64s\" (%u more since the last such line)",
			    what, addr_print(source, text), user, held);
	else
		log_warning("sip", "%s from %s: wrong user or password, user \"%.64s\"", what, addr_print(source, text),
			    user);
}
