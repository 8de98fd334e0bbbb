/* SPDX-License-Identifier: GPL-2.0-only */
/* To which transaction a message belongs (RFC 3261 17.1.3, 17.2.3). */
#include <string.h>

#include "txn_own.h"

uint16_t *txns_branch(struct txns *x, const osip_message_t *m)
{
	const osip_via_t *via = osip_list_get(&m->vias, 0);
	osip_generic_param_t *p = NULL;
	uint32_t hash = 2166136261u; /* FNV-1a */

	if (!via || osip_via_param_get_byname((osip_via_t *)via, "branch", &p) || !p || !p->gvalue ||
	    strncmp(p->gvalue, "z9hG4bK", 7))
		return NULL;
	for (const char *c = p->gvalue; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	return &x->branches[(hash ^ hash >> 16) % BRANCHES];
}

/* osip's own search tells neither which transaction it found nor runs it. */
static osip_list_t *txns_list(struct txns *x, const osip_message_t *m)
{
	bool invite = !strcmp(m->cseq->method, "INVITE");

	if (MSG_IS_RESPONSE(m))
		return invite ? &x->osip->osip_ict_transactions : &x->osip->osip_nict_transactions;
	return invite || MSG_IS_ACK(m) ? &x->osip->osip_ist_transactions : &x->osip->osip_nist_transactions;
}

/* osip's search compares with every transaction: most requests are new, and their branch's counter says so. */
osip_transaction_t *txns_find(struct txns *x, osip_event_t *event)
{
	const uint16_t *branch = MSG_IS_REQUEST(event->sip) ? txns_branch(x, event->sip) : NULL;

	return branch && !*branch ? NULL : osip_transaction_find(txns_list(x, event->sip), event);
}

bool txns_answer_again(struct txns *x, const osip_message_t *request)
{
	const struct answered_response *r = answered_find(x->answered, request);

	if (r)
		txn_send_text(x, r->text, r->len, &r->to, true);
	return r;
}
