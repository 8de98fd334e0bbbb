/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a request goes: to its session, to a new one, or back with a refusal (RFC 3261 section 8.2). */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "session_own.h"

void stack_reply(struct sip_stack *k, struct txn *t, unsigned status, const char *header, const char *value)
{
	osip_message_t *m;
	char tag[17];
	int err;

	message_new_token(tag, sizeof(tag));
	err = message_response(stack_ua(k, txn_peer(t)), txn_original(t), status, tag, &m);
	if (!err && header) {
		err = message_set_header(m, header, "%s", value);
		if (err)
			osip_message_free(m);
	}
	if (!err)
		err = txn_respond(t, m);
	if (err)
		log_error("sip", "cannot send %u: %s", status, strerror(err));
	txn_abandon(t);
}

/* RFC 3261 8.2.2.3: of every request but ACK and CANCEL. */
static bool stack_check_require(struct sip_stack *k, struct txn *t, int peer)
{
	bool reliable = peer >= 0 && k->peers.list[peer].reliable != SIP_100REL_OFF;
	char list[200];

	if (!message_unsupported(txn_original(t), reliable, list, sizeof(list)))
		return true;
	log_notice("sip", "%s refused: it requires %s", txn_original(t)->sip_method, list);
	stack_reply(k, t, 420, "Unsupported", list);
	return false;
}

static struct sip_session *find_session(struct sip_stack *k, const osip_message_t *m)
{
	struct sip_session *s;

	for (s = k->first; s; s = s->next)
		if (dialog_has_request(&s->dialog, m))
			return s;
	return NULL;
}

static bool method_is_known(const char *method)
{
	static const char *const known[] = {"UPDATE", "INFO",	 "REFER",    "SUBSCRIBE",
					    "NOTIFY", "MESSAGE", "REGISTER", "PUBLISH"};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i], method))
			return true;
	return false;
}

static void reply_options(struct sip_stack *k, struct txn *t)
{
	stack_reply(k, t, k->draining ? 503 : 200, "Accept", "application/sdp");
}

/* An INVITE that was answered comes again, for our 2xx was lost or is late (RFC 6026 7.1); osip has forgotten that
 * transaction. */
static bool is_answered(struct sip_session *s, struct txn *t)
{
	const struct session_answer *a = &s->answer;

	if (!MSG_IS_INVITE(txn_original(t)) || !a->sent || a->cseq != message_cseq(txn_original(t)) ||
	    a->cseq != s->dialog.remote_cseq)
		return false;
	if (a->text)
		txn_send_text(s->stack->txns, a->text, a->len, &a->to, true);
	txn_abandon(t);
	return true;
}

/* RFC 3261 12.2.2. */
static void request_in_dialog(struct sip_stack *k, struct sip_session *s, struct txn *t)
{
	const osip_message_t *m = txn_original(t);

	if (is_answered(s, t))
		return;
	if (!dialog_take_cseq(&s->dialog, m)) {
		log_notice(s->prefix, "%s with CSeq %u after %u refused", m->sip_method, message_cseq(m),
			   s->dialog.remote_cseq);
		session_refuse(s, &t, 500, "CSeq out of order");
	} else if (MSG_IS_INVITE(m)) {
		session_reinvited(s, t);
	} else if (MSG_IS_BYE(m)) {
		session_bye_received(s, t);
	} else if (!strcmp(m->sip_method, "UPDATE")) {
		session_updated(s, t);
	} else if (!strcmp(m->sip_method, "PRACK")) {
		session_pracked(s, t);
	} else if (MSG_IS_OPTIONS(m)) {
		/* in a call it is the call that is asked for, and that lives while we stop (11.2) */
		stack_reply(k, t, 200, "Accept", "application/sdp");
	} else {
		session_refuse(s, &t, method_is_known(m->sip_method) ? 405 : 501, NULL);
	}
}

/* It has overtaken the 2xx to our INVITE: 481 would end, at the other side, a call that has just begun. */
static bool request_is_early(const struct sip_stack *k, const osip_message_t *m)
{
	const struct sip_session *s;

	for (s = k->first; s; s = s->next)
		if ((s->fsm.state == CALL_CALLING || s->fsm.state == CALL_PROCEEDING) &&
		    dialog_is_awaited_by(&s->dialog, m))
			return MSG_IS_INVITE(m) || !strcmp(m->sip_method, "UPDATE");
	return false;
}

static void request_outside(struct sip_stack *k, struct txn *t, const struct sip_hop *source, int peer)
{
	const osip_message_t *m = txn_original(t);
	const char *scheme = m->req_uri->scheme;

	if (message_to_tag(m)[0])
		stack_reply(k, t, request_is_early(k, m) ? 491 : 481, NULL, NULL);
	else if (!scheme || !m->req_uri->host ||
		 (strcasecmp(scheme, "sip") && (strcasecmp(scheme, "sips") || source->transport != SIP_TLS)))
		stack_reply(k, t, 416, NULL, NULL);
	else if (MSG_IS_INVITE(m))
		session_incoming(k, t, source, (unsigned)peer);
	else if (MSG_IS_REGISTER(m) && k->peers.list[peer].endpoint)
		stack_register(k, t, source, (unsigned)peer);
	else if (MSG_IS_OPTIONS(m))
		reply_options(k, t);
	else if (MSG_IS_BYE(m) || !strcmp(m->sip_method, "PRACK"))
		stack_reply(k, t, 481, NULL, NULL);
	else
		stack_reply(k, t, method_is_known(m->sip_method) ? 405 : 501, NULL, NULL);
}

static void request_cancel(struct sip_stack *k, struct txn *t)
{
	const osip_message_t *m = txn_original(t);
	struct sip_session *s = session_of_invite(k, m, true);

	if (!s) {
		stack_reply(k, t, 481, NULL, NULL);
		return;
	}
	session_respond(s, t, 200, NULL, NULL);
	session_cancel_received(s, m);
	txn_abandon(t);
}

void stack_request(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source)
{
	struct sip_session *s = find_session(k, event->sip);
	int peer = k->stray_from;
	struct txn *t;
	struct sip_hop to;

	if (txn_match(k->txns, event))
		return;
	if (MSG_IS_ACK(event->sip)) {
		if (s)
			session_ack_received(s, event->sip);
		osip_event_free(event);
		return;
	}
	/* Within a call the tags prove who it is, wherever its proxy has moved. */
	if (s)
		transports_welcome(k->transports, source);
	else if (!stack_admit(k, event, source, &peer))
		return;
	to = message_reply_to(event->sip, source);
	if (txn_open(k->txns, event, &to, &t))
		return;
	if (strcasecmp(txn_original(t)->sip_version, "SIP/2.0"))
		stack_reply(k, t, 505, NULL, NULL);
	else if (MSG_IS_CANCEL(txn_original(t)))
		request_cancel(k, t);
	else if (!stack_check_require(k, t, s ? (int)s->peer : peer))
		return;
	else if (s)
		request_in_dialog(k, s, t);
	else
		request_outside(k, t, source, peer);
}
