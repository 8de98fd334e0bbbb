/* SPDX-License-Identifier: GPL-2.0-only */
/* The stack's part in the registrar: REGISTER of an endpoint, and what its contacts are good for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session_own.h"

static const struct sip_peer_params *params_of(const struct sip_stack *k, unsigned peer)
{
	return &k->peers.list[peer];
}

/* Calls go to the contacts as to the targets of any peer, the best first. */
static void publish(struct sip_stack *k, unsigned peer)
{
	const struct bindings *bs = &k->bindings[peer];
	struct sip_targets ts = {0};
	struct sip_target t = {0};

	for (unsigned i = 0; i < bs->count; i++) {
		t.hop = bs->list[i].hop;
		t.priority = (uint16_t)i;
		t.group = (uint8_t)i;
		targets_add(&ts, &t);
	}
	peers_set_targets(&k->peers, peer, &ts);
}

static void arm(struct sip_stack *k)
{
	int64_t next_us = 0, now_us = loop_now_us(k->loop), at_us;

	for (unsigned i = 0; i < k->peers.count; i++) {
		at_us = bindings_next_us(&k->bindings[i]);
		if (at_us && (!next_us || at_us < next_us))
			next_us = at_us;
	}
	if (!next_us)
		timer_stop(loop_timers(k->loop), &k->lapse);
	else if (timer_start(loop_timers(k->loop), &k->lapse, next_us > now_us ? next_us - now_us : 0))
		log_error("sip", "no memory for the timer of the registrations");
}

static void on_lapse(void *arg)
{
	struct sip_stack *k = arg;
	unsigned n;

	for (unsigned i = 0; i < k->peers.count; i++) {
		n = bindings_expire(&k->bindings[i], loop_now_us(k->loop));
		if (!n)
			continue;
		log_notice("sip", "endpoint %s: %u not refreshed in time, %u left", params_of(k, i)->name, n,
			   k->bindings[i].count);
		publish(k, i);
	}
	arm(k);
}

int stack_registrar_alloc(struct sip_stack *k)
{
	bool any = false;

	for (unsigned i = 0; i < k->peers.count; i++)
		any |= params_of(k, i)->endpoint;
	timer_init(&k->lapse, on_lapse, k);
	if (!any)
		return 0;
	k->bindings = calloc(k->peers.count, sizeof(*k->bindings));
	return k->bindings ? 0 : ENOMEM;
}

void stack_registrar_free(struct sip_stack *k)
{
	if (k->bindings)
		timer_stop(loop_timers(k->loop), &k->lapse);
	free(k->bindings);
	k->bindings = NULL;
}

int stack_endpoint_of_user(const struct sip_stack *k, const char *user)
{
	for (unsigned i = 0; k->bindings && i < k->peers.count; i++)
		if (params_of(k, i)->endpoint && !strcmp(params_of(k, i)->inbound_user, user))
			return (int)i;
	return -1;
}

int stack_endpoint_of_host(const struct sip_stack *k, const struct addr *host)
{
	for (unsigned i = 0; k->bindings && i < k->peers.count; i++)
		for (unsigned j = 0; j < k->bindings[i].count; j++)
			if (addr_same_host(&k->bindings[i].list[j].source.addr, host))
				return (int)i;
	return -1;
}

const char *stack_contact(const struct sip_stack *k, unsigned peer, const struct sip_hop *hop)
{
	const struct bindings *bs = k->bindings ? &k->bindings[peer] : NULL;

	for (unsigned i = 0; bs && i < bs->count; i++)
		if (bs->list[i].hop.transport == hop->transport && addr_equal(&bs->list[i].hop.addr, &hop->addr))
			return bs->list[i].uri;
	return NULL;
}

void stack_registrar_lost(struct sip_stack *k, uint32_t connection)
{
	unsigned n;

	for (unsigned i = 0; k->bindings && i < k->peers.count; i++) {
		if (!params_of(k, i)->endpoint)
			continue;
		n = bindings_lose(&k->bindings[i], connection);
		if (n)
			log_notice("sip",
				   "endpoint %s: its connection is gone, and with it %u of its contacts, %u left",
				   params_of(k, i)->name, n, k->bindings[i].count);
		publish(k, i);
	}
	if (k->bindings)
		arm(k);
}

static void reply(struct sip_stack *k, struct txn *t, unsigned peer, const struct registrar_result *r)
{
	const int64_t now_us = loop_now_us(k->loop);
	osip_message_t *m;
	char tag[17];
	int err;

	message_new_token(tag, sizeof(tag));
	err = message_response(stack_ua(k, txn_peer(t)), txn_original(t), r->status, tag, &m);
	if (!err) {
		if (r->status == 423)
			err = message_set_header(m, "Min-Expires", "%u", params_of(k, peer)->min_expires_s);
		else if (r->status == 200)
			err = bindings_write(&k->bindings[peer], m, now_us);
		else if (r->why)
			err = message_set_warning(m, stack_ua(k, txn_peer(t)), 399, r->why);
		if (err)
			osip_message_free(m);
		else
			err = txn_respond(t, m);
	}
	if (err)
		log_error("sip", "cannot send %u: %s", r->status, strerror(err));
	txn_abandon(t);
}

void stack_register(struct sip_stack *k, struct txn *t, const struct sip_hop *source, unsigned peer)
{
	const struct sip_peer_params *p = params_of(k, peer);
	const struct registrar_limits limits = {
		.max_contacts = p->max_contacts ? p->max_contacts : 1,
		.min_s = p->min_expires_s,
		.max_s = p->max_expires_s ? p->max_expires_s : 3600,
	};
	struct bindings *bs = &k->bindings[peer];
	struct registrar_result r = bindings_update(bs, &limits, txn_original(t), source, loop_now_us(k->loop));
	char hop[HOP_TEXT_OCTETS];

	hop_print(source, hop);
	if (r.status != 200)
		log_notice("sip", "REGISTER of endpoint %s from %s refused with %u%s%s", p->name, hop, r.status,
			   r.why ? ": " : "", r.why ? r.why : "");
	else if (r.added || r.moved)
		log_notice("sip", "endpoint %s: registered from %s: %u of %u contacts", p->name, hop, bs->count,
			   limits.max_contacts);
	else if (r.removed)
		log_notice("sip", "endpoint %s: %s has taken %u contacts back, %u left", p->name, hop, r.removed,
			   bs->count);
	if (r.status == 200) {
		publish(k, peer);
		arm(k);
	}
	reply(k, t, peer, &r);
}

unsigned sip_stack_contacts(const struct sip_stack *k, unsigned peer, struct sip_contact *list, unsigned room)
{
	const struct bindings *bs = k->bindings && peer < k->peers.count ? &k->bindings[peer] : NULL;
	unsigned n = bs ? bs->count : 0;

	for (unsigned i = 0; i < n && i < room; i++) {
		list[i] = (struct sip_contact){.hop = bs->list[i].hop, .until_us = bs->list[i].until_us};
		snprintf(list[i].uri, sizeof(list[i].uri), "%s", bs->list[i].uri);
	}
	return n < room ? n : room;
}
