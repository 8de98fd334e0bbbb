/* SPDX-License-Identifier: GPL-2.0-only */
/* Our INVITE: sending it, its responses, its ACK, its CANCEL. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diversion.h"
#include "feature.h"
#include "identity.h"
#include "session_own.h"

/* The credentials of a (re-)INVITE, kept for its ACK. 0 or ENOMEM. */
static int add_proof(struct sip_session *s, struct message_text *t)
{
	const size_t before = t->len;

	session_auth_add(s, "INVITE", t);
	free(s->proof);
	s->proof = t->len > before ? strndup(t->s + before, t->len - before) : NULL;
	return t->len > before && !s->proof ? ENOMEM : 0;
}

int session_send_invite(struct sip_session *s, const char *extra, struct txn **tp, txn_h *handler)
{
	struct message_text t;
	osip_message_t *m;
	int err;

	dialog_add_request(&s->dialog, &t, session_ua(s), "INVITE", 0, true);
	err = add_proof(s, &t);
	if (err)
		return err;
	message_add(&t, "%s", extra);
	message_add_body(&t, &s->media.ours);
	err = message_finish(&t, &m);
	if (err)
		return err;
	return txn_request(s->stack->txns, m, &s->dialog.next_hop, handler, s, tp);
}

/* With the very credentials of its INVITE (RFC 3261 22.1): nobody can ask for others. It is kept, to be sent again
 * whenever that 2xx comes again (13.2.2.4). */
int session_send_ack(struct sip_session *s, const osip_message_t *response)
{
	struct message_text t;
	char *copy;

	dialog_add_request(&s->dialog, &t, session_ua(s), "ACK", message_cseq(response), false);
	message_add(&t, "%s", s->proof ? s->proof : "");
	message_add_body(&t, NULL);
	copy = t.bad ? NULL : strdup(t.s);
	if (!copy)
		return ENOMEM;
	free(s->ack);
	s->ack = copy;
	s->ack_len = t.len;
	s->ack_to = s->dialog.next_hop;
	s->ack_cseq = message_cseq(response);
	log_debug(s->prefix, "tx ACK cseq %u", s->ack_cseq);
	return txn_send_text(s->stack->txns, copy, t.len, &s->ack_to, false);
}

static void calling_provisional(struct sip_session *s, const osip_message_t *m)
{
	struct session_event *e;
	char why[200];
	struct sdp sdp;
	bool present = false;

	if (s->fsm.state != CALL_CALLING && s->fsm.state != CALL_PROCEEDING) {
		session_step(s, CALL_EV_PROVISIONAL);
		return;
	}
	if (m->status_code > 100 && !session_prack_is_due(s, m))
		return;
	if (m->status_code > 100 && dialog_establish(&s->dialog, m))
		log_warning(s->prefix, "%d from the peer: unusable Contact or Record-Route", m->status_code);
	if (m->status_code > 100) {
		session_prack_send(s, m);
		e = session_report(s, SESSION_PROGRESS);
		e->status = (unsigned)m->status_code;
		if (media_read(s, m, &sdp, &present, why, sizeof(why)))
			log_notice(s->prefix, "%d from the peer: %s", m->status_code, why);
		else if (present && !media_result(&s->media, &sdp)) {
			s->media.early = true;
			e->has_early = true;
			e->media = s->media.result;
		}
	}
	session_step(s, CALL_EV_PROVISIONAL);
}

/* The SDP of a 2xx. NULL: agreed. */
static const char *answer_problem(struct sip_session *s, const osip_message_t *m, char *why, size_t room)
{
	const char *wrong;
	bool present = false;
	struct sdp sdp;

	if (media_read(s, m, &sdp, &present, why, room))
		return why;
	if (!present && !s->media.early)
		return "no SDP in the answer";
	wrong = present ? media_result(&s->media, &sdp) : NULL;
	if (wrong)
		return wrong;
	if (!s->media.result.has_audio && !s->media.result.has_image)
		return "the answer declines all media";
	media_settle(&s->media, &s->media.result);
	return NULL;
}

static void calling_answered(struct sip_session *s, const osip_message_t *m)
{
	bool wanted = s->fsm.state == CALL_CALLING || s->fsm.state == CALL_PROCEEDING;
	char why[200];
	const char *wrong;
	int err;

	err = dialog_establish(&s->dialog, m);
	if (err)
		log_warning(s->prefix, "answer: unusable Contact or Record-Route");
	/* Acknowledged whatever becomes of it, or it would be sent for 32 s. */
	session_send_ack(s, m);
	if (!wanted) {
		session_step(s, CALL_EV_SPOILT);
		return;
	}
	wrong = err ? "unusable Contact or Record-Route" : answer_problem(s, m, why, sizeof(why));
	if (wrong) {
		log_warning(s->prefix, "the peer's answer is unusable: %s", wrong);
		session_end_with(s, 488, Q850_INCOMPATIBLE, false, wrong);
		s->close_cause = Q850_INCOMPATIBLE;
		session_step(s, CALL_EV_SPOILT);
		return;
	}
	session_report(s, SESSION_ANSWERED)->media = s->media.agreed;
	session_auth_accepted(s);
	session_timer_result(s, m);
	session_step(s, CALL_EV_ANSWER);
}

static void calling_failed(struct sip_session *s, unsigned status, unsigned cause, bool remote, const char *text)
{
	session_end_with(s, status, cause, remote, text);
	session_step(s, CALL_EV_FAILURE);
}

static void calling_refused(struct sip_session *s, const osip_message_t *m)
{
	unsigned status = (unsigned)m->status_code;

	/* RFC 3261 21.5.4: with a 503 it is about the server, with others about the one who is called */
	s->retry_after_s = status == 503 ? message_retry_after(m) : 0;
	calling_failed(s, status, message_q850(m), true, m->reason_phrase ? m->reason_phrase : message_phrase(status));
}

static void calling_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg);

/* The same INVITE with the headers that session timers want now. */
static int calling_send(struct sip_session *s)
{
	struct message_text *extra = malloc(sizeof(*extra));
	int err = extra ? 0 : ENOMEM;

	if (err)
		return err;
	extra->len = 0;
	extra->bad = false;
	message_add(extra, "%s", s->extra);
	session_timer_ask(s, extra);
	session_prack_ask(s, extra);
	err = extra->bad ? EMSGSIZE : session_send_invite(s, extra->s, &s->invite, calling_txn);
	free(extra);
	return err;
}

bool session_may_repeat(struct sip_session *s, const osip_message_t *m)
{
	if (m->status_code == 401 || m->status_code == 407)
		return session_auth_take(s, m);
	return m->status_code == 422 && session_timer_raise(s, m);
}

/* A refusal that says how it would be welcome. False: it is one. Of the new INVITE nothing has been heard: there may
 * be none yet that a CANCEL would end (RFC 3261 9.1). */
static bool calling_again(struct sip_session *s, const osip_message_t *m)
{
	bool waits = s->fsm.state == CALL_CALLING || s->fsm.state == CALL_PROCEEDING;

	if (!waits || s->closing || !session_may_repeat(s, m))
		return false;
	dialog_restart(&s->dialog);
	s->media.early = false;
	if (calling_send(s))
		return false;
	session_step(s, CALL_EV_AGAIN);
	return true;
}

static void calling_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	/* After the final response the transaction ends by itself; what comes again is a stray. */
	if (e != TXN_RESPONSE || m->status_code >= 200) {
		s->invite = NULL;
		txn_abandon(t);
	}
	switch (e) {
	case TXN_RESPONSE:
		if (m->status_code < 200)
			calling_provisional(s, m);
		else if (m->status_code < 300)
			calling_answered(s, m);
		else if (!calling_again(s, m))
			calling_refused(s, m);
		break;
	case TXN_NO_ANSWER:
		calling_failed(s, 408, 0, false, "no answer from the peer");
		break;
	case TXN_ERROR:
		calling_failed(s, 503, 0, false, txn_why(t)[0] ? txn_why(t) : "cannot send to the peer");
		break;
	case TXN_GONE:
		break;
	}
}

void session_send_cancel(void *owner, const void *data)
{
	struct sip_session *s = owner;
	osip_message_t *m;
	struct txn *t;

	if (s->fsm.state == CALL_PROCEEDING && !s->closing)
		session_end_with(s, 408, 0, false, "no final answer in time");
	if (!s->invite || message_cancel(session_ua(s), txn_original(s->invite), s->close_cause, &m)) {
		log_error(s->prefix, "cannot send a CANCEL");
		return;
	}
	/* Nobody waits for the response to a CANCEL: the INVITE's own is what counts. */
	if (!txn_request(s->stack->txns, m, txn_peer(s->invite), NULL, NULL, &t))
		txn_abandon(t);
}

/* An INVITE whose session is over without a response: one that comes yet ends what it speaks of. */
static void left_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_stack *k = arg;
	osip_message_t *cancel;
	struct txn *c;

	if (e == TXN_RESPONSE && m->status_code < 200 &&
	    !message_cancel(stack_ua(k, txn_peer(t)), txn_original(t), 0, &cancel) &&
	    !txn_request(k->txns, cancel, txn_peer(t), NULL, NULL, &c))
		txn_abandon(c);
	else if (e == TXN_RESPONSE)
		session_stray(k, m);
	txn_abandon(t);
}

void session_leave_invite(void *owner, const void *data)
{
	struct sip_session *s = owner;

	if (s->invite)
		txn_attend(s->invite, left_txn, s->stack);
	s->invite = NULL;
}

static int invite_dialog(struct sip_session *s, const struct session_invite_params *p, struct message_text *extra)
{
	const struct sip_peer_params *peer = &s->stack->peers.list[p->peer];
	const struct message_ua *ua;
	struct message_text from, to;
	char text[PEER_HOST_OCTETS], *target;
	struct identity_terms terms;
	const char *contact;
	struct sip_hop hop;
	int err = 0;

	if (p->to)
		hop = *p->to;
	else
		err = peers_hop(&s->stack->peers, p->peer, &hop);
	if (err)
		return err;
	ua = stack_ua(s->stack, &hop);
	terms = (struct identity_terms){.trusted = peer->trusted,
					.user = peer->from_user,
					.host = peer->from_domain && peer->from_domain[0] ? peer->from_domain
											  : ua->host};
	from.len = to.len = extra->len = 0;
	from.bad = to.bad = extra->bad = false;
	from.s[0] = to.s[0] = extra->s[0] = '\0';
	identity_write_from(p, &terms, &from);
	identity_write_to(p, peer->endpoint ? ua->host : peers_uri_host(&s->stack->peers, p->peer, text), &to);
	identity_write_headers(p, &terms, extra);
	diversion_write(&p->diversion, ua, peer->trusted, extra);
	message_add(extra, "%s", p->headers ? p->headers : "");
	if (from.bad || to.bad || extra->bad)
		return EINVAL;
	/* Without the brackets of To; what is not UDP is named, or it would be taken for it (RFC 3263 4.1). */
	contact = peer->endpoint ? stack_contact(s->stack, p->peer, &hop) : NULL;
	if (contact)
		target = strdup(contact);
	else if (asprintf(&target, "%.*s%s", (int)to.len - 2, to.s + 1, peers_uri_transport(&hop, text)) < 0)
		target = NULL;
	if (!target)
		return ENOMEM;
	err = dialog_init_uac(&s->dialog, from.s, to.s, target, &hop);
	s->dialog.contact_params = feature_contact_params(peer->fax);
	s->dialog.nat = peer->endpoint;
	free(target);
	return err;
}

int session_invite(struct sip_stack *k, const struct session_invite_params *p, void *arg, struct sip_session **sp)
{
	struct message_text *extra;
	struct sip_session *s;
	int err;

	if (p->peer >= k->peers.count || !p->called || !p->offer || (!p->offer->has_audio && !p->offer->has_image))
		return EINVAL;
	extra = malloc(sizeof(*extra));
	s = extra ? session_alloc(k, true, p->peer) : NULL;
	if (!s) {
		free(extra);
		return ENOMEM;
	}
	session_set_arg(s, arg, p->call_ref);
	err = invite_dialog(s, p, extra);
	if (!err) {
		media_offer(&s->media, p->offer);
		s->extra = strdup(extra->s);
		err = s->extra ? calling_send(s) : ENOMEM;
	}
	if (!err)
		log_info(s->prefix, "INVITE to %s, Call-ID %s", k->peers.list[p->peer].name, s->dialog.call_id);
	free(extra);
	if (err)
		session_free(s);
	else
		*sp = s;
	return err;
}

bool session_is_unheard(const struct sip_session *s)
{
	return s->fsm.state == CALL_CALLING;
}

void session_give_up(struct sip_session *s, unsigned cause)
{
	session_set_arg(s, NULL, NULL);
	s->given_up = true;
	s->stack->ngiven_up++;
	s->timeouts_ms[SESSION_T_CLOSING] = TXN_64T1_MS;
	session_close(s, 0, cause);
}
