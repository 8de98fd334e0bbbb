/* SPDX-License-Identifier: GPL-2.0-only */
/* Our re-INVITE: waiting for the call to be free, sending, glare, giving up (RFC 3261 section 14). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_own.h"

#define PUT_OFF_MOST   2
#define PUT_OFF_MIN_MS TXN_T1_MS
#define PUT_OFF_MAX_MS 2000

static void re_wish(struct sip_session *s)
{
	if ((s->wanted || s->restore) && s->fsm.state == CALL_UP)
		fsm_event(&s->re, RE_EV_WANTED, NULL);
}

void session_re_wanted(void *owner)
{
	re_wish(owner);
}

void session_re_restore(struct sip_session *s)
{
	s->restore = true;
	re_wish(s);
}

/* 408 and 481 end the dialog and not only the request (RFC 3261 12.2.1.2). */
static bool re_is_fatal(int status)
{
	return status == 408 || status == 481;
}

/*
 * RFC 3261 14.2: who has not done with what came before puts a re-INVITE off with 500 and Retry-After, 0 to 10 s by
 * lot; so does a peer that our last ACK has not reached. Ten seconds no fax would wait, and soon it will have done.
 */
static bool re_is_put_off(struct sip_session *s, const osip_message_t *m)
{
	unsigned wait_ms = message_retry_after(m) * 1000;

	if (m->status_code != 500 || !message_header(m, "Retry-After", 0) || s->re_later == PUT_OFF_MOST)
		return false;
	s->re_later++;
	s->re_wait_ms = wait_ms < PUT_OFF_MIN_MS ? PUT_OFF_MIN_MS : wait_ms > PUT_OFF_MAX_MS ? PUT_OFF_MAX_MS : wait_ms;
	return true;
}

static void re_final(struct sip_session *s, const osip_message_t *m)
{
	int status = m->status_code;

	if (status < 300) {
		dialog_refresh(&s->dialog, m);
		session_send_ack(s, m);
		session_auth_accepted(s);
		session_timer_result(s, m);
		session_re_step(s, RE_EV_ANSWER, m);
		return;
	}
	if (session_may_repeat(s, m)) {
		s->re_wait_ms = 1;
		session_re_step(s, RE_EV_GLARE, NULL);
		return;
	}
	if (re_is_put_off(s, m)) {
		session_re_step(s, RE_EV_GLARE, NULL);
		return;
	}
	s->re_status = (unsigned)status;
	if (re_is_fatal(status)) {
		session_end_with(s, s->re_status, message_q850(m), true, "re-INVITE: the peer knows the call no more");
		session_step(s, CALL_EV_HANG_UP);
		return;
	}
	session_re_step(s, status == 491 ? RE_EV_GLARE : RE_EV_REFUSED, NULL);
}

static void re_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	if (e == TXN_RESPONSE && m->status_code < 200) {
		session_re_step(s, RE_EV_PROVISIONAL, NULL);
		return;
	}
	if (s->reinvite == t)
		s->reinvite = NULL;
	txn_abandon(t);
	if (e == TXN_RESPONSE) {
		re_final(s, m);
	} else if (e == TXN_NO_ANSWER) {
		session_re_step(s, RE_EV_NO_ANSWER, NULL);
	} else if (e == TXN_ERROR) {
		s->re_status = 503;
		session_re_step(s, RE_EV_REFUSED, NULL);
	}
}

void session_re_send(void *owner, const void *data)
{
	struct sip_session *s = owner;
	struct media_desc again;
	struct message_text extra = {.s = ""};
	int err;

	/* What the gateway wants now is newer than what was to be restored. */
	s->restoring = !s->wanted;
	s->restore = false;
	if (s->restoring) {
		memset(&again, 0, sizeof(again));
		offer_read(&s->media.local, &again);
	}
	media_offer(&s->media, s->restoring ? &again : &s->wanted_media);
	message_add(&extra, "Supported: timer\r\n");
	session_timer_ask(s, &extra);
	s->late_cseq = 0;
	s->re_wait_ms = 0;
	err = session_send_invite(s, extra.s, &s->reinvite, re_txn);
	if (!err)
		return;
	log_error(s->prefix, "cannot send a re-INVITE: %s", strerror(err));
	s->re_status = 500;
	fsm_event(&s->re, RE_EV_REFUSED, NULL);
}

/* RFC 3261 14.1: in units of 10 ms; 0 would be no timeout at all. */
void session_re_backoff(void *owner, const void *data)
{
	struct sip_session *s = owner;
	char random[5];
	uint32_t r;

	message_new_token(random, sizeof(random));
	r = (uint32_t)strtoul(random, NULL, 16);
	s->timeouts_ms[SESSION_T_RE_BACKOFF] = s->re_wait_ms ? s->re_wait_ms
					       : s->outgoing ? 2100 + r % 191 * 10
							     : 10 + r % 200 * 10;
	s->re_wait_ms = 0;
	media_forget(&s->media);
	if (s->restoring)
		s->restore = true;
	log_debug(s->prefix, "re-INVITE again in %u ms", s->timeouts_ms[SESSION_T_RE_BACKOFF]);
}

/* Tells the gateway, if it was its re-INVITE. */
static void re_over(struct sip_session *s, unsigned status)
{
	media_forget(&s->media);
	s->re_later = 0;
	if (!s->restoring && s->wanted) {
		s->wanted = false;
		session_report(s, SESSION_REREFUSED)->status = status;
	}
	s->restoring = false;
}

/* NULL: agreed. */
static const char *re_problem(struct sip_session *s, const osip_message_t *m, char *why, size_t room)
{
	bool present = false;
	const char *wrong;
	struct sdp sdp;

	if (media_read(s, m, &sdp, &present, why, room))
		return why;
	if (!present)
		return "no SDP in the answer";
	wrong = media_result(&s->media, &sdp);
	if (!wrong)
		media_settle(&s->media, &s->media.result);
	return wrong;
}

void session_re_answered(void *owner, const void *data)
{
	struct sip_session *s = owner;
	char why[200];
	const char *wrong = re_problem(s, data, why, sizeof(why));
	bool ours = !s->restoring && s->wanted;

	s->re_later = 0;
	if (wrong) {
		log_warning(s->prefix, "the answer to our re-INVITE is unusable: %s", wrong);
		re_over(s, 488);
		/* The peer thinks it agreed; but not for ever, should it answer nonsense each time. */
		s->restore = ours;
		return;
	}
	if (ours) {
		s->wanted = false;
		session_report(s, SESSION_REANSWERED)->media = s->media.agreed;
	}
	s->restoring = false;
}

void session_re_refused(void *owner, const void *data)
{
	struct sip_session *s = owner;

	re_over(s, s->re_status);
}

void session_re_expired(void *owner, const void *data)
{
	struct sip_session *s = owner;

	if (s->reinvite && s->re.state != RE_BACKOFF) {
		s->late_cseq = message_cseq(txn_original(s->reinvite));
		txn_abandon(s->reinvite);
		s->reinvite = NULL;
	}
	re_over(s, 408);
}

void session_re_send_cancel(void *owner, const void *data)
{
	struct sip_session *s = owner;
	osip_message_t *m;
	struct txn *t;

	if (!s->reinvite || message_cancel(session_ua(s), txn_original(s->reinvite), 0, &m)) {
		log_error(s->prefix, "cannot cancel a re-INVITE");
		return;
	}
	if (!txn_request(s->stack->txns, m, txn_peer(s->reinvite), NULL, NULL, &t))
		txn_abandon(t);
}

void session_re_stop(void *owner, const void *data)
{
	struct sip_session *s = owner;

	s->wanted = false;
	s->restore = false;
	/* RFC 3261 15.1.2: what still waits for an answer gets 487. */
	if (s->re.state == RE_THEIRS)
		session_refuse(s, &s->reinvite, 487, NULL);
	txn_abandon(s->reinvite);
	s->reinvite = NULL;
}

int session_reinvite(struct sip_session *s, const struct media_desc *media)
{
	if (s->closing || (s->fsm.state != CALL_UP && s->fsm.state != CALL_ANSWERED) ||
	    (!media->has_audio && !media->has_image))
		return EINVAL;
	if (s->wanted)
		return EBUSY;
	s->wanted = true;
	s->wanted_media = *media;
	re_wish(s);
	return 0;
}

void session_reinvite_cancel(struct sip_session *s)
{
	bool out = s->re.state >= RE_CALLING && s->re.state <= RE_CANCELLING;

	if (!s->wanted || s->closing)
		return;
	if (out && !s->restoring) {
		session_re_step(s, RE_EV_CANCEL, NULL);
		return;
	}
	s->wanted = false;
	if (s->re.state == RE_BACKOFF && !s->restoring)
		fsm_event(&s->re, RE_EV_CANCEL, NULL);
	/* Heard from the loop. */
	session_report(s, SESSION_REREFUSED)->status = 408;
}
