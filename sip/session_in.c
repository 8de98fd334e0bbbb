/* SPDX-License-Identifier: GPL-2.0-only */
/* Their INVITE: taking it, answering it, its ACK. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diversion.h"
#include "feature.h"
#include "identity.h"
#include "session_own.h"

static void incoming_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	if (s->invite == t)
		s->invite = NULL;
	txn_abandon(t);
	if (e != TXN_ERROR)
		return;
	session_end_with(s, 503, 0, false, "cannot send to the peer");
	session_step(s, CALL_EV_FAILURE);
}

void session_note_invite(struct sip_session *s, const osip_message_t *invite)
{
	snprintf(s->invite_branch, sizeof(s->invite_branch), "%s", message_branch(invite));
	s->invite_cseq = message_cseq(invite);
	s->invited = true;
}

struct sip_session *session_of_invite(struct sip_stack *k, const osip_message_t *m, bool by_branch)
{
	char id[DIALOG_CALL_ID_OCTETS];
	struct sip_session *s;

	if (!message_call_id(m, id, sizeof(id)))
		return NULL;
	for (s = k->first; s; s = s->next) {
		if (!s->invited || s->invite_cseq != message_cseq(m) || strcmp(s->dialog.call_id, id) ||
		    strcmp(s->dialog.remote_tag, message_from_tag(m)))
			continue;
		if (!by_branch || !strncmp(s->invite_branch, message_branch(m), sizeof(s->invite_branch) - 1))
			return s;
	}
	return NULL;
}

/* RFC 3261 8.2.2.2, and our own 2xx lost on its way: osip has forgotten that transaction. */
static bool is_duplicate(struct sip_stack *k, struct txn *t)
{
	const osip_message_t *m = txn_original(t);
	struct sip_session *s = session_of_invite(k, m, true);

	if (s) {
		if (s->answer.text)
			txn_send_text(k->txns, s->answer.text, s->answer.len, &s->answer.to, true);
		txn_abandon(t);
		return true;
	}
	if (!session_of_invite(k, m, false))
		return false;
	stack_reply(k, t, 482, NULL, NULL);
	return true;
}

static void incoming_report(struct sip_session *s, const osip_message_t *m)
{
	struct session_event *e = session_report(s, SESSION_INCOMING);

	const struct sip_peer_params *peer = &s->stack->peers.list[s->peer];

	identity_read(m, peer->called, peer->trusted, e);
	diversion_read(m, &e->diversion);
	if (s->media.their_offer)
		offer_read(&s->media.theirs, &e->media);
	e->is_fax = feature_wants_t38(m);
	log_info(s->prefix, "INVITE from %s for %s, Call-ID %s", e->peer, e->called[0] ? e->called : "-",
		 s->dialog.call_id);
	session_tell(s);
}

/* 0, or the status that refuses the INVITE. */
static unsigned incoming_begin(struct sip_session *s, const osip_message_t *m, const struct sip_hop *source, char *why,
			       size_t room)
{
	bool present = false;
	unsigned status;
	int err;

	err = dialog_init_uas(&s->dialog, m, source);
	s->dialog.contact_params = feature_contact_params(s->stack->peers.list[s->peer].fax);
	if (!err && s->stack->peers.list[s->peer].endpoint) {
		s->dialog.nat = true;
		err = dialog_refresh(&s->dialog, m);
	}
	if (err) {
		snprintf(why, room, "no usable Contact or Record-Route");
		return err == ENOMEM ? 500 : 400;
	}
	status = session_timer_take(s, m);
	if (status) {
		snprintf(why, room, "its Session-Expires is too short");
		return status;
	}
	status = session_prack_incoming(s, m);
	if (status) {
		snprintf(why, room, "it does not support 100rel, which its peer's configuration requires");
		return status;
	}
	status = media_read(s, m, &s->media.theirs, &present, why, room);
	if (status)
		return status;
	if (present && offer_fault(&s->media.theirs)) {
		snprintf(why, room, "%s", offer_fault(&s->media.theirs));
		return 488;
	}
	s->media.their_offer = present;
	s->offerless = !present;
	session_note_invite(s, m);
	return 0;
}

void session_incoming(struct sip_stack *k, struct txn *t, const struct sip_hop *source, unsigned peer)
{
	const osip_message_t *m = txn_original(t);
	char why[200] = "", id[DIALOG_CALL_ID_OCTETS] = "?";
	struct sip_session *s;
	unsigned status;

	if (is_duplicate(k, t))
		return;
	if (!message_accepts_sdp(m)) {
		stack_reply(k, t, 406, "Accept", "application/sdp");
		return;
	}
	s = k->draining ? NULL : session_alloc(k, false, peer);
	if (!s) {
		stack_reply(k, t, 503, "Retry-After", "30");
		return;
	}
	s->invite = t;
	txn_attend(t, incoming_txn, s);
	status = incoming_begin(s, m, source, why, sizeof(why));
	if (status) {
		message_call_id(m, id, sizeof(id));
		log_notice("sip", "INVITE from %s refused with %u: %s, Call-ID %s", k->peers.list[peer].name, status,
			   why, id);
		session_refuse(s, &s->invite, status, why);
		session_free(s);
		return;
	}
	session_respond(s, t, 100, NULL, NULL);
	incoming_report(s, m);
}

int session_progress(struct sip_session *s, unsigned status, const struct media_desc *media, struct media_desc *agreedp)
{
	const struct sdp *sdp = NULL;
	int err;

	if (s->fsm.state != CALL_INCOMING || !s->invite || s->closing || s->prack.accept_waits || status <= 100 ||
	    status >= 200 || (media && status != 183 && !s->offerless))
		return EINVAL;
	if (s->prack.reliable)
		return session_prack_progress(s, status, media, agreedp);
	/* Without their offer there is nothing to answer before the 200: 183 goes out bare. */
	if (media && !s->offerless) {
		err = media_answer(&s->media, media, agreedp);
		if (err)
			return err;
		sdp = &s->media.ours;
	}
	session_respond(s, s->invite, status, sdp, NULL);
	return 0;
}

/* What our 2xx says; with an offer or answer in a reliable response all is said. 0 or ENOTSUP. */
static int accept_media(struct sip_session *s, const struct media_desc *media, struct media_desc *agreedp)
{
	memset(agreedp, 0, sizeof(*agreedp));
	if (s->prack.sdp_sent) {
		if (!s->offerless)
			*agreedp = s->media.result;
		return 0;
	}
	if (!s->offerless)
		return media_answer(&s->media, media, agreedp);
	media_offer(&s->media, media);
	return 0;
}

int session_accept(struct sip_session *s, const struct media_desc *media, struct media_desc *agreedp)
{
	struct media_desc agreed;
	int err;

	if (s->fsm.state != CALL_INCOMING || !s->invite || s->closing || s->prack.accept_waits || !media)
		return EINVAL;
	err = accept_media(s, media, &agreed);
	if (err) {
		s->close_status = 488;
		session_end_with(s, 488, 0, false, "no common media");
		fsm_event(&s->fsm, CALL_EV_CLOSE, NULL);
		return err;
	}
	if (!s->offerless)
		media_settle(&s->media, &agreed);
	if (agreedp)
		*agreedp = agreed;
	s->prack.accept_waits = session_prack_must_wait(s);
	if (!s->prack.accept_waits)
		fsm_event(&s->fsm, CALL_EV_ACCEPT, NULL);
	return 0;
}

void session_in_accept(void *owner, const void *data)
{
	struct sip_session *s = owner;
	struct txn *t = s->invite;
	const struct sdp *sdp = s->offerless ? &s->media.ours : &s->media.local;
	int err;

	s->invite = NULL;
	session_prack_stop(s);
	err = session_answer_send(s, t, s->prack.sdp_sent ? NULL : sdp);
	if (!err) {
		txn_abandon(t);
		return;
	}
	log_error(s->prefix, "cannot answer: %s", strerror(err));
	session_answer_stop(s);
	session_refuse(s, &t, 500, "out of memory");
	session_end_with(s, 500, 0, false, "cannot answer");
	fsm_event(&s->fsm, CALL_EV_FAILURE, NULL);
}

void session_in_terminated(void *owner, const void *data)
{
	struct sip_session *s = owner;

	session_prack_stop(s);
	session_refuse(s, &s->invite, 487, NULL);
}

void session_in_refuse(void *owner, const void *data)
{
	struct sip_session *s = owner;

	if (!s->close_status)
		s->close_status = 480;
	session_end_with(s, s->close_status, 0, false, "not answered in time");
	session_prack_stop(s);
	session_refuse(s, &s->invite, s->close_status, NULL);
}

void session_ack_missing(void *owner, const void *data)
{
	struct sip_session *s = owner;

	session_end_with(s, 408, Q850_TIMER_EXPIRED, false, "our answer was never acknowledged");
	s->close_cause = Q850_TIMER_EXPIRED;
	session_send_bye(s, NULL);
}

/* The answer to our offer in the 2xx. NULL: agreed. */
static const char *ack_problem(struct sip_session *s, const osip_message_t *ack, char *why, size_t room)
{
	const char *wrong;
	bool present = false;
	struct sdp sdp;

	if (media_read(s, ack, &sdp, &present, why, room))
		return why;
	if (!present)
		return "no SDP in the ACK";
	wrong = media_result(&s->media, &sdp);
	if (wrong)
		return wrong;
	if (!s->media.result.has_audio && !s->media.result.has_image)
		return "the answer declines all media";
	media_settle(&s->media, &s->media.result);
	return NULL;
}

static void reinvite_acked(struct sip_session *s, const char *wrong)
{
	if (wrong)
		log_warning(s->prefix, "re-INVITE without offer: %s; all stays as it was", wrong);
	if (wrong)
		media_forget(&s->media);
	else if (s->offerless)
		session_report(s, SESSION_REANSWERED)->media = s->media.agreed;
	s->offerless = false;
	session_re_step(s, RE_EV_ACK, NULL);
}

void session_ack_received(struct sip_session *s, const osip_message_t *ack)
{
	const char *wrong;
	struct session_event *e;
	char why[200];

	if (!s->answer.text || s->answer.cseq != message_cseq(ack))
		return;
	session_answer_stop(s);
	wrong = s->offerless ? ack_problem(s, ack, why, sizeof(why)) : NULL;
	if (s->re.state == RE_THEIRS_ACK) {
		reinvite_acked(s, wrong);
		return;
	}
	if (wrong) {
		log_warning(s->prefix, "the peer's answer is unusable: %s", wrong);
		session_end_with(s, 488, Q850_INCOMPATIBLE, false, wrong);
		s->close_cause = Q850_INCOMPATIBLE;
		session_step(s, CALL_EV_HANG_UP);
		return;
	}
	e = session_report(s, SESSION_CONFIRMED);
	if (s->offerless || s->prack.tell)
		e->media = s->media.agreed;
	s->offerless = false;
	session_timer_agree(s);
	session_step(s, CALL_EV_ACK);
}
