/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A request too long for UDP goes by TCP, or by UDP after all where the peer has no TCP (RFC 3261 18.1.1): a large
 * datagram comes in fragments, and many a firewall drops those.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "txn_own.h"

/* Its Via says how it goes. BRANCH NULL: as it is. 0 or ENOMEM. */
static int via_set(osip_message_t *m, enum sip_transport by, const char *sent_by, const char *branch)
{
	osip_via_t *via = osip_list_get(&m->vias, 0);
	char *protocol = osip_strdup(sip_transport_via(by)), *port = osip_strdup(strrchr(sent_by, ':') + 1);
	char *text = branch ? osip_strdup(branch) : NULL;
	osip_generic_param_t *p = NULL;

	osip_via_param_get_byname(via, (char *)"branch", &p);
	if (!protocol || !port || (branch && (!text || !p))) {
		osip_free(protocol);
		osip_free(port);
		osip_free(text);
		return ENOMEM;
	}
	osip_free(via->protocol);
	via->protocol = protocol;
	osip_free(via->port);
	via->port = port;
	if (branch) {
		osip_free(p->gvalue);
		p->gvalue = text;
	}
	osip_message_force_update(m);
	return 0;
}

void txn_large_begin(struct txn *t, const struct txns *x, osip_message_t *request)
{
	enum addr_family family = addr_family(&t->to.addr);
	char *text;
	size_t len;

	/* Only where the peer can call back. */
	if (!transports_local(x->transports, SIP_TCP, family))
		return;
	/* A CANCEL goes the way of its INVITE. */
	if (MSG_IS_CANCEL(request) || message_to_text(request, &text, &len))
		return;
	osip_free(text);
	if (len <= x->tcp_above || via_set(request, SIP_TCP, x->ua[family].sent_by[SIP_TCP], NULL))
		return;
	t->large = true;
	t->to.transport = SIP_TCP;
}

int txn_large_by_udp(struct txn *t)
{
	char token[MESSAGE_TOKEN_OCTETS], branch[MESSAGE_TOKEN_OCTETS + 8], text[HOP_TEXT_OCTETS];
	osip_transaction_t *tr;
	osip_message_t *m;
	osip_event_t *event;

	message_new_token(token, sizeof(token));
	snprintf(branch, sizeof(branch), "z9hG4bK%s", token);
	if (osip_message_clone(t->tr->orig_request, &m))
		return ENOMEM;
	event = via_set(m, SIP_UDP, t->x->ua[addr_family(&t->to.addr)].sent_by[SIP_UDP], branch)
			? NULL
			: osip_new_outgoing_sipmessage(m);
	if (!event) {
		osip_message_free(m);
		return ENOMEM;
	}
	tr = osip_create_transaction(t->x->osip, event);
	if (!tr) {
		osip_event_free(event);
		return ENOMEM;
	}
	log_info("sip", "%s to %s is long, but TCP cannot be had (%s): by UDP", m->sip_method, hop_print(&t->to, text),
		 t->why);
	osip_transaction_free(t->tr);
	t->tr = tr;
	t->to.transport = SIP_UDP;
	t->to.connection = 0;
	t->large = t->failed = t->dead = false;
	osip_transaction_set_your_instance(tr, t);
	osip_transaction_add_event(tr, event);
	txn_drain(t);
	return 0;
}
