/* SPDX-License-Identifier: GPL-2.0-only */
/* Their re-INVITE (RFC 3261 14.2): refreshes answered here, changes put to the gateway. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "session_own.h"

static void re_in_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	if (s->reinvite == t)
		s->reinvite = NULL;
	txn_abandon(t);
	if (e == TXN_ERROR && s->re.state == RE_THEIRS)
		session_re_step(s, RE_EV_DONE, NULL);
}

/* The status by which a re-INVITE at the wrong time is refused; 0: it is welcome. */
static unsigned re_in_untimely(const struct sip_session *s)
{
	if (s->fsm.state == CALL_INCOMING)
		return 500;
	if (s->fsm.state <= CALL_CANCELLING || s->fsm.state == CALL_ANSWERED)
		return 491;
	if (s->fsm.state != CALL_UP)
		return 481;
	if (s->re.state == RE_THEIRS)
		return 500;
	return s->re.state == RE_IDLE || s->re.state == RE_BACKOFF ? 0 : 491;
}

/* Our 2xx to their UPDATE: nothing more is to come. */
static int re_in_answer_update(struct sip_session *s)
{
	struct txn *t = s->reinvite;

	s->reinvite = NULL;
	dialog_refresh(&s->dialog, txn_original(t));
	session_respond(s, t, 200, &s->media.ours, NULL);
	txn_abandon(t);
	media_settle(&s->media, &s->media.result);
	session_timer_agree(s);
	fsm_event(&s->re, RE_EV_DONE, NULL);
	return 0;
}

/* Our 2xx to their re-INVITE, with .ours in it. */
static int re_in_answer(struct sip_session *s)
{
	struct txn *t = s->reinvite;
	int err;

	if (s->theirs_is_update)
		return re_in_answer_update(s);

	s->reinvite = NULL;
	err = session_answer_send(s, t, &s->media.ours);
	if (err) {
		log_error(s->prefix, "cannot answer a re-INVITE: %s", strerror(err));
		session_refuse(s, &t, 500, "out of memory");
		media_forget(&s->media);
		fsm_event(&s->re, RE_EV_DONE, NULL);
		return err;
	}
	txn_abandon(t);
	if (!s->offerless)
		media_settle(&s->media, &s->media.result);
	session_timer_agree(s);
	fsm_event(&s->re, RE_EV_ANSWERED, NULL);
	return 0;
}

/* Nothing new: what we are is said again, in mid-fax too. */
static void re_in_refresh(struct sip_session *s)
{
	log_debug(s->prefix, "re-INVITE: a refresh");
	s->media.ours = s->media.local;
	s->media.result = s->media.agreed;
	s->media.our_offer = s->offerless;
	re_in_answer(s);
}

static void re_in_take(struct sip_session *s, struct txn *t, const struct sdp *offer)
{
	s->reinvite = t;
	txn_attend(t, re_in_txn, s);
	if (!s->theirs_is_update) {
		session_note_invite(s, txn_original(t));
		session_respond(s, t, 100, NULL, NULL);
	}
	s->offerless = !offer;
	s->media.their_offer = offer != NULL;
	if (offer)
		s->media.theirs = *offer;
	session_re_step(s, RE_EV_OFFER, NULL);
}

void session_offered(struct sip_session *s, struct txn *t, const struct sdp *offer, bool in_update)
{
	unsigned status = re_in_untimely(s);

	if (!status)
		status = session_timer_take(s, txn_original(t));
	if (status) {
		session_refuse(s, &t, status, status == 422 ? "its Session-Expires is too short" : NULL);
		return;
	}
	s->theirs_is_update = in_update;
	re_in_take(s, t, offer);
	if (!offer || media_is_refresh(&s->media, offer)) {
		re_in_refresh(s);
		return;
	}
	offer_read(offer, &session_report(s, SESSION_REOFFER)->media);
	session_tell(s);
}

void session_reinvited(struct sip_session *s, struct txn *t)
{
	unsigned status = re_in_untimely(s);
	char why[200] = "";
	bool present = false;
	struct sdp offer;

	if (status) {
		session_refuse(s, &t, status, NULL);
		return;
	}
	status = media_read(s, txn_original(t), &offer, &present, why, sizeof(why));
	if (status) {
		log_notice(s->prefix, "re-INVITE refused with %u: %s", status, why);
		session_refuse(s, &t, status, why);
		return;
	}
	session_offered(s, t, present ? &offer : NULL, false);
}

int session_reaccept(struct sip_session *s, const struct media_desc *media, struct media_desc *agreedp)
{
	const char *fault;
	int err;

	if (s->re.state != RE_THEIRS || !s->reinvite || s->closing || !media)
		return EINVAL;
	err = media_answer(&s->media, media, NULL);
	if (err) {
		fault = offer_fault(&s->media.theirs);
		session_refuse(s, &s->reinvite, 488, fault ? fault : "no common media");
		media_forget(&s->media);
		fsm_event(&s->re, RE_EV_DONE, NULL);
		return err;
	}
	/* Both wanted the same: theirs has brought it about, ours need not go out any more. */
	if (s->wanted && media_same_kind(&s->wanted_media, &s->media.result)) {
		s->wanted = false;
		session_report(s, SESSION_REANSWERED)->media = s->media.result;
	}
	if (agreedp)
		*agreedp = s->media.result;
	return re_in_answer(s);
}

int session_rerefuse(struct sip_session *s, unsigned status, const char *warning)
{
	if (s->re.state != RE_THEIRS || s->closing || status < 300 || status > 699)
		return EINVAL;
	session_refuse(s, &s->reinvite, status, warning ? warning : status == 500 ? "refused" : NULL);
	media_forget(&s->media);
	fsm_event(&s->re, RE_EV_DONE, NULL);
	return 0;
}

void session_re_in_late(void *owner, const void *data)
{
	struct sip_session *s = owner;

	log_warning(s->prefix, "the gateway has not answered a re-INVITE in time");
	session_refuse(s, &s->reinvite, 488, NULL);
	media_forget(&s->media);
}

void session_re_in_unacked(void *owner, const void *data)
{
	struct sip_session *s = owner;

	session_answer_stop(s);
	session_end_with(s, 408, Q850_TIMER_EXPIRED, false, "our answer to a re-INVITE was never acknowledged");
	s->close_cause = Q850_TIMER_EXPIRED;
	fsm_event(&s->fsm, CALL_EV_HANG_UP, NULL);
}
