/* SPDX-License-Identifier: GPL-2.0-only */
/* A session's responses; its 2xx, sent again until the ACK comes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feature.h"
#include "session_own.h"

/* RFC 4028 9: the 2xx to what sets up or refreshes a session; an UPDATE before that does neither. */
static bool is_session(const struct sip_session *s, const osip_message_t *response)
{
	if (response->status_code < 200 || response->status_code > 299)
		return false;
	return message_is_for(response, "INVITE") || (message_is_for(response, "UPDATE") && s->fsm.state == CALL_UP);
}

int session_build(struct sip_session *s, const struct txn *t, unsigned status, const struct sdp *sdp,
		  osip_message_t **mp)
{
	osip_message_t *m;
	int err = message_response(stack_ua(s->stack, txn_peer(t)), txn_original(t), status, s->dialog.local_tag, &m);

	if (err)
		return err;
	err = feature_set_fax(m, s->stack->peers.list[s->peer].fax);
	if (!err && sdp)
		err = message_set_sdp(m, sdp);
	if (!err && is_session(s, m))
		err = session_timer_answer(s, m);
	if (err)
		osip_message_free(m);
	else
		*mp = m;
	return err;
}

/* RFC 3261 20.43. */
static unsigned warning_code(unsigned status, const char *warning)
{
	unsigned code = offer_fault_code(warning);

	if (code)
		return code;
	return status == 488 && !strncmp(warning, MEDIA_NO_FAMILY, strlen(MEDIA_NO_FAMILY)) ? 301 : 399;
}

/* What the status itself asks for, and the words that go with it. */
static int answer_explain(struct sip_session *s, osip_message_t *m, unsigned status, const char *warning)
{
	int err = 0;

	if (warning)
		err = message_set_warning(m, session_ua(s), warning_code(status, warning), warning);
	if (!err && status == 415)
		err = message_set_header(m, "Accept", "application/sdp");
	if (!err && status == 421)
		err = message_set_header(m, "Require", "100rel");
	if (!err && status == 422)
		err = session_timer_refuse(s, m);
	/* RFC 3261 14.2: 0 to 10 s. */
	if (!err && status == 500 && !warning)
		err = message_set_header(m, "Retry-After", "%u",
					 1 + (unsigned)(loop_now_us(s->stack->loop) / 1000 % 9));
	if (!err && status >= 300)
		err = message_set_reason(m, s->close_cause);
	return err;
}

void session_respond(struct sip_session *s, struct txn *t, unsigned status, const struct sdp *sdp, const char *warning)
{
	osip_message_t *m;
	int err;

	if (!t)
		return;
	err = session_build(s, t, status, sdp, &m);
	if (err)
		goto out;
	err = answer_explain(s, m, status, warning);
	if (err) {
		osip_message_free(m);
		goto out;
	}
	err = txn_respond(t, m);
out:
	if (err)
		log_error(s->prefix, "cannot send %u: %s", status, strerror(err));
}

void session_refuse(struct sip_session *s, struct txn **tp, unsigned status, const char *warning)
{
	struct txn *t = *tp;

	*tp = NULL;
	session_respond(s, t, status, NULL, warning);
	txn_abandon(t);
}

static void answer_arm(struct sip_session *s)
{
	int err = timer_start(loop_timers(s->stack->loop), &s->answer.timer, s->answer.interval_ms * MS_US);

	if (err)
		log_error(s->prefix, "the answer's timer: %s", strerror(err));
}

void session_answer_again(void *arg)
{
	struct sip_session *s = arg;
	struct session_answer *a = &s->answer;

	if (!a->text)
		return;
	txn_send_text(s->stack->txns, a->text, a->len, &a->to, true);
	a->interval_ms = a->interval_ms * 2 > TXN_T2_MS ? TXN_T2_MS : a->interval_ms * 2;
	answer_arm(s);
}

void session_answer_stop(struct sip_session *s)
{
	timer_stop(loop_timers(s->stack->loop), &s->answer.timer);
	free(s->answer.text);
	s->answer.text = NULL;
}

int session_answer_send(struct sip_session *s, struct txn *t, const struct sdp *sdp)
{
	char *text = NULL;
	osip_message_t *m;
	size_t len;
	int err;

	if (!t)
		return EINVAL;
	err = session_build(s, t, 200, sdp, &m);
	if (err)
		return err;
	err = message_to_text(m, &text, &len);
	if (err) {
		osip_message_free(m);
		return err;
	}
	session_answer_stop(s);
	s->answer.text = strndup(text, len);
	osip_free(text);
	if (!s->answer.text) {
		osip_message_free(m);
		return ENOMEM;
	}
	s->answer.len = len;
	s->answer.to = *txn_peer(t);
	s->answer.cseq = message_cseq(txn_original(t));
	s->answer.sent = true;
	s->answer.interval_ms = TXN_T1_MS;
	dialog_refresh(&s->dialog, txn_original(t));
	answer_arm(s);
	return txn_respond(t, m);
}
