/* SPDX-License-Identifier: GPL-2.0-only */
/* The registrations of all peers together: begun, looked at, taken back. What one of them does: registration.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "registration_own.h"
#include "session_own.h"

/* Timer F ends a transaction; this stands behind it. */
#define ASKING_MS (TXN_64T1_MS + 3000)
/* Between the first REGISTERs of two peers, that a start with many is no burst. */
#define FIRST_APART_MS 50

int registrations_alloc(struct registration **rp, struct sip_stack *k)
{
	struct registration *list = calloc(k->peers.count ? k->peers.count : 1, sizeof(*list)), *r;
	uint32_t first_ms = 1;

	if (!list)
		return ENOMEM;
	for (unsigned i = 0; i < k->peers.count; i++) {
		const struct sip_peer_params *p = &k->peers.list[i];

		r = &list[i];
		r->stack = k;
		r->peer = i;
		r->expires_s = p->register_expires_s;
		snprintf(r->prefix, sizeof(r->prefix), "sip peer %.36s", p->name);
		fsm_init(&r->fsm, &registration_fsm, REGISTRATION_OFF, r, r->prefix, loop_timers(k->loop),
			 r->timeouts_ms);
		r->timeouts_ms[REGISTRATION_T_ASKING] = ASKING_MS;
		r->timeouts_ms[REGISTRATION_T_LEAVING] = REGISTRATION_LEAVE_MS;
		if (!p->register_user || !p->register_user[0])
			continue;
		r->timeouts_ms[REGISTRATION_T_WAITING] = first_ms;
		first_ms += FIRST_APART_MS;
		r->known.state = SIP_REGISTERED_TRYING;
		r->known.since_us = loop_now_us(k->loop);
		fsm_event(&r->fsm, REGISTRATION_EV_START, NULL);
	}
	*rp = list;
	return 0;
}

void registrations_stop(struct registration *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (list[i].known.state != SIP_REGISTERED_NEVER)
			fsm_event(&list[i].fsm, REGISTRATION_EV_STOP, NULL);
}

void registrations_lost(struct registration *list, unsigned count, const struct sip_hop *hop)
{
	for (unsigned i = 0; i < count; i++) {
		const struct sip_hop *own = &list[i].dialog.next_hop;

		if (list[i].fsm.state == REGISTRATION_HELD && own->transport == hop->transport &&
		    addr_equal(&own->addr, &hop->addr))
			fsm_event(&list[i].fsm, REGISTRATION_EV_DUE, NULL);
	}
}

bool registrations_are_leaving(const struct registration *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (list[i].fsm.state == REGISTRATION_LEAVING)
			return true;
	return false;
}

void registrations_free(struct registration *list, unsigned count)
{
	if (!list)
		return;
	for (unsigned i = 0; i < count; i++) {
		txn_abandon(list[i].asking);
		fsm_fini(&list[i].fsm);
		dialog_fini(&list[i].dialog);
	}
	free(list);
}

struct sip_registration sip_stack_registration(const struct sip_stack *k, unsigned peer)
{
	struct sip_registration known;

	if (peer >= k->peers.count)
		return (struct sip_registration){.state = SIP_REGISTERED_NEVER};
	known = k->registrations[peer].known;
	if (known.state == SIP_REGISTERED_YES && known.until_us <= loop_now_us(k->loop))
		known.state = SIP_REGISTERED_FAILED; /* it was not refreshed in time */
	return known;
}
