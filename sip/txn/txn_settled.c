/* SPDX-License-Identifier: GPL-2.0-only */
/* Transactions that have done their work, and that osip would keep for what may come again. */
#include <stdlib.h>

#include "txn_own.h"

bool txn_is_settled(struct txn *t)
{
	const osip_transaction_t *tr = t->tr;
	char *text;
	size_t len;
	int err;

	if (t->dead || t->failed || t->to.transport != SIP_UDP)
		return false;
	if (t->client)
		return tr->state == NICT_COMPLETED;
	if (tr->state != NIST_COMPLETED && tr->state != IST_CONFIRMED)
		return false;
	if (!tr->last_response || message_to_text(tr->last_response, &text, &len))
		return false;
	err = answered_keep(t->x->answered, tr->orig_request, text, len, &t->to);
	osip_free(text);
	return !err;
}
