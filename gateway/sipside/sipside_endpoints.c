/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/sipside_endpoints.h"

#include <stdio.h>

#include "sip/registration.h"

#define MAX_CONTACTS 8

static unsigned count_calls(const struct sipside *s, unsigned peer)
{
	unsigned calls = 0;

	for (unsigned i = 0; i < s->nlegs; i++)
		calls += s->legs[i]->peer == peer;
	return calls;
}

static long long left_s(const struct sipside *s, int64_t at_us)
{
	int64_t left_us = at_us - loop_now_us(s->loop);

	return left_us > 0 ? (long long)(left_us / SEC_US) : 0;
}

static void show_endpoint(const struct sipside *s, unsigned peer, struct answer *a)
{
	const struct config_peer *p = &s->config->peers[peer];
	struct sip_contact contacts[MAX_CONTACTS];
	unsigned n = sip_stack_contacts(s->stack, peer, contacts, MAX_CONTACTS);
	char hop[HOP_TEXT_OCTETS];

	if (!n)
		answer_row(a, "%s\t%s\t-\t-\t-\t%u", p->name, p->inbound_user, count_calls(s, peer));
	for (unsigned i = 0; i < n; i++)
		answer_row(a, "%s\t%s\t%s\t%lld\t%s\t%u", p->name, p->inbound_user, hop_print(&contacts[i].hop, hop),
			   left_s(s, contacts[i].until_us), contacts[i].uri, count_calls(s, peer));
}

void sipside_show_endpoints(const struct sipside *s, struct answer *a)
{
	for (unsigned i = 0; i < s->config->npeers; i++)
		if (s->config->peers[i].endpoint)
			show_endpoint(s, i, a);
}

void sipside_show_registrations(const struct sipside *s, struct answer *a)
{
	for (unsigned i = 0; i < s->config->npeers; i++) {
		const struct config_peer *p = &s->config->peers[i];
		struct sip_registration r;
		char left[24] = "-", next[24] = "-";

		if (!p->register_user[0])
			continue;
		r = sip_stack_registration(s->stack, i);
		if (r.until_us)
			snprintf(left, sizeof(left), "%lld", left_s(s, r.until_us));
		if (r.next_us)
			snprintf(next, sizeof(next), "%lld s", left_s(s, r.next_us));
		answer_row(a, "%s\t%s\t%s\t%s\t%s\t%s", p->name, p->register_user, sip_registered_name(r.state), left,
			   next, r.why[0] ? r.why : "-");
	}
}
