/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UPDATE (RFC 3311): theirs, with or without an offer; ours, which refreshes a session without touching its media
 * (RFC 4028 7.4) where the peer has it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "session_own.h"

/* ---- theirs ---- */

/* Without an offer: a refresh, or a new target; it may come before the call is answered as well, where there is no
 * session yet to be refreshed: what the INVITE said of it holds. */
static void update_bare(struct sip_session *s, struct txn *t)
{
	const bool up = s->fsm.state == CALL_UP;
	unsigned status = up ? session_timer_take(s, txn_original(t)) : 0;

	if (status) {
		session_refuse(s, &t, status, "its Session-Expires is too short");
		return;
	}
	dialog_refresh(&s->dialog, txn_original(t));
	session_respond(s, t, 200, NULL, NULL);
	txn_abandon(t);
	if (up)
		session_timer_agree(s);
}

/* An offer before the call is answered. 0, or the status that refuses it (RFC 3311 5.2): the first offer has to be
 * settled, by a reliable response of ours, or by one of theirs. */
static unsigned update_move(struct sip_session *s, const struct sdp *offer)
{
	struct media_desc local;

	memset(&local, 0, sizeof(local));
	if (s->fsm.state != CALL_INCOMING && !s->media.early)
		return 491;
	if (s->fsm.state == CALL_INCOMING && !session_prack_is_settled(s))
		return s->offerless ? 491 : 500;
	if (s->fsm.state == CALL_INCOMING)
		local = s->prack.local;
	else
		offer_read(&s->media.ours, &local);
	return media_move(&s->media, offer, &local) ? 488 : 0;
}

static void update_early(struct sip_session *s, struct txn *t, const struct sdp *offer)
{
	unsigned status = update_move(s, offer);
	struct session_event *e;

	if (status) {
		session_refuse(s, &t, status, NULL);
		return;
	}
	dialog_refresh(&s->dialog, txn_original(t));
	session_respond(s, t, 200, &s->media.ours, NULL);
	txn_abandon(t);
	if (s->fsm.state == CALL_INCOMING)
		return;
	e = session_report(s, SESSION_PROGRESS);
	e->status = 183;
	e->has_early = true;
	e->media = s->media.result;
	session_tell(s);
}

void session_updated(struct sip_session *s, struct txn *t)
{
	unsigned status;
	char why[200] = "";
	bool present = false;
	struct sdp offer;

	status = media_read(s, txn_original(t), &offer, &present, why, sizeof(why));
	if (status) {
		log_notice(s->prefix, "UPDATE refused with %u: %s", status, why);
		session_refuse(s, &t, status, why);
	} else if (present &&
		   (s->fsm.state == CALL_INCOMING || s->fsm.state == CALL_CALLING || s->fsm.state == CALL_PROCEEDING)) {
		update_early(s, t, &offer);
	} else if (present) {
		session_offered(s, t, &offer, true);
	} else {
		update_bare(s, t);
	}
}

/* ---- ours ---- */

static void update_final(struct sip_session *s, const osip_message_t *m)
{
	if (m->status_code < 300) {
		dialog_refresh(&s->dialog, m);
		session_auth_accepted(s);
		session_timer_result(s, m);
	} else if (m->status_code == 405 || m->status_code == 501) {
		s->peer_updates = false;
		session_re_restore(s);
	} else if (m->status_code == 408 || m->status_code == 481) {
		session_end_with(s, (unsigned)m->status_code, message_q850(m), true,
				 "UPDATE: the peer knows the call no more");
		session_step(s, CALL_EV_HANG_UP);
	} else if (session_may_repeat(s, m)) {
		session_update_send(s);
	}
	/* any other refusal: the refresh timer tries again, as long as there is time */
}

static void update_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	if (e == TXN_RESPONSE && m->status_code < 200)
		return;
	if (s->update == t)
		s->update = NULL;
	txn_abandon(t);
	if (e == TXN_RESPONSE && s->fsm.state == CALL_UP)
		update_final(s, m);
}

void session_update_send(struct sip_session *s)
{
	struct message_text t;
	osip_message_t *m;
	int err;

	if (s->update)
		return;
	dialog_add_request(&s->dialog, &t, session_ua(s), "UPDATE", 0, true);
	session_auth_add(s, "UPDATE", &t);
	message_add(&t, "Supported: timer\r\n");
	session_timer_ask(s, &t);
	message_add_body(&t, NULL);
	err = message_finish(&t, &m);
	if (!err)
		err = txn_request(s->stack->txns, m, &s->dialog.next_hop, update_txn, s, &s->update);
	if (err)
		log_error(s->prefix, "cannot send UPDATE: %s", strerror(err));
}
