/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a session: BYE and CANCEL, and 2xx that nobody waits for. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "session_own.h"

static int send_bye(struct sip_session *s);

static void bye_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	if (e == TXN_RESPONSE && m->status_code < 200)
		return;
	s->bye = NULL;
	txn_abandon(t);
	if (e == TXN_RESPONSE && (m->status_code == 401 || m->status_code == 407) && session_auth_take(s, m) &&
	    !send_bye(s))
		return;
	session_step(s, CALL_EV_BYE_DONE);
}

/* S: for its credentials; NULL: of a dialog that is nobody's. */
static int bye_build(struct dialog *d, struct sip_session *s, const struct message_ua *ua, unsigned cause,
		     osip_message_t **mp)
{
	struct message_text t;

	dialog_add_request(d, &t, ua, "BYE", 0, false);
	message_add_reason(&t, cause);
	if (s)
		session_auth_add(s, "BYE", &t);
	message_add_body(&t, NULL);
	return message_finish(&t, mp);
}

static int send_bye(struct sip_session *s)
{
	osip_message_t *m;
	int err = bye_build(&s->dialog, s, session_ua(s), s->close_cause, &m);

	return err ? err : txn_request(s->stack->txns, m, &s->dialog.next_hop, bye_txn, s, &s->bye);
}

void session_send_bye(void *owner, const void *data)
{
	struct sip_session *s = owner;
	int err;

	session_answer_stop(s);
	session_end_with(s, 408, 0, false, "the call has lasted too long");
	err = send_bye(s);
	if (!err)
		return;
	log_error(s->prefix, "cannot send BYE: %s", strerror(err));
	fsm_event(&s->fsm, CALL_EV_BYE_DONE, NULL);
}

void session_bye_received(struct sip_session *s, struct txn *t)
{
	unsigned cause = message_q850(txn_original(t));

	session_respond(s, t, 200, NULL, NULL);
	txn_abandon(t);
	session_end_with(s, s->fsm.state == CALL_INCOMING ? 487 : 0, cause, true, "BYE");
	session_step(s, CALL_EV_BYE);
}

void session_cancel_received(struct sip_session *s, const osip_message_t *cancel)
{
	if (s->fsm.state == CALL_INCOMING) {
		session_end_with(s, 487, message_q850(cancel), true, "CANCEL");
		session_step(s, CALL_EV_CANCEL);
	} else if (s->re.state == RE_THEIRS) {
		log_notice(s->prefix, "the peer cancelled its re-INVITE");
		session_refuse(s, &s->reinvite, 487, NULL);
		media_forget(&s->media);
		session_re_step(s, RE_EV_DONE, NULL);
	}
}

/* A 2xx of a call that is gone, or of another branch of a forked one: acknowledged, then ended (RFC 3261 13.2.2.4). */
static void stray_end(struct sip_stack *k, const osip_message_t *response, const struct sip_hop *peer)
{
	struct message_text t;
	osip_message_t *bye;
	struct dialog d;
	struct txn *txn;

	if (dialog_init_stray(&d, response, peer)) {
		log_notice("sip", "2xx for no call of ours: cannot be acknowledged");
		return;
	}
	log_notice("sip", "2xx for no call of ours, Call-ID %s: acknowledged and ended", d.call_id);
	dialog_add_request(&d, &t, stack_ua(k, &d.next_hop), "ACK", message_cseq(response), false);
	message_add_body(&t, NULL);
	if (!t.bad)
		txn_send_text(k->txns, t.s, t.len, &d.next_hop, false);
	if (!bye_build(&d, NULL, stack_ua(k, &d.next_hop), 0, &bye) &&
	    !txn_request(k->txns, bye, &d.next_hop, NULL, NULL, &txn))
		txn_abandon(txn);
	dialog_fini(&d);
}

/* Our own Via alone makes a response ours; then a peer it came from, for a dialog that is to be made from it. */
static bool stray_is_ours(const struct sip_stack *k, const osip_message_t *m)
{
	const osip_via_t *via = osip_list_get(&m->vias, 0);

	return osip_list_size(&m->vias) == 1 && via && via->host && stack_is_host(k, via->host);
}

void session_stray(struct sip_stack *k, const osip_message_t *m)
{
	struct sip_session *s;
	struct sip_hop peer;

	if (m->status_code < 200 || m->status_code > 299 || !message_is_for(m, "INVITE") || !stray_is_ours(k, m))
		return;
	for (s = k->first; s; s = s->next)
		if (dialog_has_response(&s->dialog, m))
			break;
	if (!s || strcmp(s->dialog.remote_tag, message_to_tag(m))) {
		if (k->stray_from >= 0 && !peers_hop(&k->peers, (unsigned)k->stray_from, &peer))
			stray_end(k, m, &peer);
		return;
	}
	if (s->ack && s->ack_cseq == message_cseq(m)) {
		txn_send_text(k->txns, s->ack, s->ack_len, &s->ack_to, true);
	} else if (s->late_cseq && s->late_cseq == message_cseq(m)) {
		/* A re-INVITE we had given up: the peer believes in it, so it is offered back. */
		log_notice(s->prefix, "a re-INVITE given up was accepted after all: offering back what is agreed");
		dialog_refresh(&s->dialog, m);
		session_send_ack(s, m);
		session_re_restore(s);
	}
}
