/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests that came back by ICMP (RFC 3261 18.4). */
#include <stdio.h>
#include <string.h>

#include "txn_own.h"

#define REFUSALS 2

/* Whoever sends back what he has not seen does not know the branch. */
static bool has_branch(const struct txn *t, const char *text, size_t len)
{
	const osip_via_t *via = osip_list_get(&t->tr->orig_request->vias, 0);
	osip_generic_param_t *p = NULL;

	osip_via_param_get_byname((osip_via_t *)via, (char *)"branch", &p);
	return p && p->gvalue && memmem(text, len, p->gvalue, strlen(p->gvalue));
}

void txns_refused(struct txns *x, const struct addr *to, const char *text, size_t len, const char *why)
{
	struct txn *t;

	for (t = x->first; t; t = t->next) {
		if (!t->client || t->heard || t->dead || t->failed || t->to.transport != SIP_UDP ||
		    !addr_equal(&t->to.addr, to) || !t->tr->orig_request || !has_branch(t, text, len))
			continue;
		if (++t->refused < REFUSALS)
			continue;
		snprintf(t->why, sizeof(t->why), "%s", why);
		t->failed = true;
		txns_wake(x);
	}
}
