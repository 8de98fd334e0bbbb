/* SPDX-License-Identifier: GPL-2.0-only */
/* What the other side asks of us. */
#include <stdio.h>
#include <string.h>

#include "sip_peer_priv.h"

static void respond(struct peer_call *c, unsigned status, const char *sdp)
{
	speer_respond(c->peer, c, &c->their_invite, &c->their_source, status, sdp, &c->response);
	if (status >= 200) {
		c->invite_open = false;
		speer_sending_start(c, &c->response);
	}
}

/* The final response to their first INVITE is due. */
void speer_answer_now(struct peer_call *c)
{
	char sdp[PEER_TEXT_OCTETS / 2] = "";
	unsigned status = 200;
	struct peer_sdp offer;

	c->ring_us = c->answer_us = NEVER;
	if (c->params.answer == PEER_REFUSES) {
		status = c->params.refuse_status ? c->params.refuse_status : 486;
	} else if (*c->their_invite.body) {
		speer_sdp_read(c->their_invite.body, &offer);
		status = speer_sdp_answer(c, &offer, true, true, sdp);
	} else {
		speer_sdp_offer(c, true, false, sdp);
		c->offered_in_200 = true;
	}
	if (!status)
		return;
	respond(c, status, status == 200 ? sdp : NULL);
	if (status == 200) {
		speer_call_answered(c);
		return;
	}
	c->result.status = status;
	speer_call_over(c);
}

static void respond_early(struct peer_call *c, unsigned status)
{
	char sdp[PEER_TEXT_OCTETS / 2] = "";
	struct peer_sdp offer;

	if (c->params.early_sdp && *c->their_invite.body) {
		speer_sdp_read(c->their_invite.body, &offer);
		if (speer_sdp_answer(c, &offer, true, false, sdp) != 200)
			sdp[0] = '\0';
	}
	respond(c, status, sdp);
}

static void provisional(struct peer_call *c)
{
	if (!c->params.provisional)
		return;
	respond_early(c, c->params.provisional);
	speer_call_enter(c, PEER_RINGING);
}

/* 180, after another provisional response. */
void speer_ring_now(struct peer_call *c)
{
	respond_early(c, 180);
}

static void learn_dialog(struct peer_call *c, const struct sip_text *t, const struct addr *source)
{
	char uri[PEER_NAME_OCTETS];

	c->remote = *source;
	snprintf(c->call_id, sizeof(c->call_id), "%.255s", sip_text_header(t, "Call-ID"));
	snprintf(c->remote_name, sizeof(c->remote_name), "%.255s", sip_text_header(t, "From"));
	snprintf(c->local, sizeof(c->local), "%.200s;tag=%s", sip_text_header(t, "To"), c->local_tag);
	sip_text_uri(sip_text_header(t, "Contact"), c->target, sizeof(c->target));
	sip_text_user(t->uri, c->result.called, sizeof(c->result.called));
	sip_text_uri(sip_text_header(t, "From"), uri, sizeof(uri));
	sip_text_user(uri, c->result.calling, sizeof(c->result.calling));
}

static void new_call(struct sip_peer *p, const struct sip_text *t, const struct addr *source)
{
	const struct sip_peer_handlers *h = &p->params.handlers;
	const struct sip_peer_call_params *params = NULL;
	char method[32], user[64];
	struct peer_call *c;

	sip_text_user(t->uri, user, sizeof(user));
	if (h->incoming)
		params = h->incoming(p->ncalls, user, h->arg);
	if (!params)
		params = &p->params.incoming;
	if (params->answer == PEER_IS_SILENT)
		return;
	if (speer_call_alloc(p, params, &c)) {
		speer_respond(p, NULL, t, source, 503, NULL, NULL);
		return;
	}
	c->result.incoming = true;
	c->their_source = *source;
	learn_dialog(c, t, source);
	sip_text_read(&c->their_invite, t->copy, t->copy_len);
	c->remote_cseq = sip_text_cseq(t, method);
	c->invite_open = true;
	respond(c, 100, NULL);
	provisional(c);
	if (params->ring_ms)
		c->ring_us = p->now_us + params->ring_ms * MS_US;
	if (params->answer != PEER_RINGS)
		c->answer_us = p->now_us + params->answer_ms * MS_US;
	if (c->answer_us <= p->now_us)
		speer_answer_now(c);
}

/* Refuses a re-INVITE that must not disturb the one before. */
static void reject(struct peer_call *c, const struct sip_text *t, const struct addr *source, unsigned status)
{
	c->rejected_cseq = c->remote_cseq;
	c->rejected_status = status;
	speer_respond(c->peer, c, t, source, status, NULL, NULL);
}

static void on_reinvite(struct peer_call *c, const struct sip_text *t, const struct addr *source)
{
	char sdp[PEER_TEXT_OCTETS / 2] = "";
	struct peer_sdp offer;
	unsigned status = 200;

	c->result.reinvites_received++;
	if (c->result.state != PEER_ANSWERED || c->invite_open || c->response.until_us != NEVER) {
		reject(c, t, source, c->result.state > PEER_ANSWERED ? 481 : 500);
		return;
	}
	if (c->invite.until_us != NEVER) {
		reject(c, t, source, 491);
		return;
	}
	c->their_source = *source;
	sip_text_read(&c->their_invite, t->copy, t->copy_len);
	if (*t->body) {
		speer_sdp_read(t->body, &offer);
		status = speer_sdp_answer(c, &offer, false, true, sdp);
	} else {
		speer_sdp_offer(c, c->media != PEER_MEDIA_T38, c->media == PEER_MEDIA_T38, sdp);
		c->offered_in_200 = true;
	}
	if (!status) {
		c->response.len = 0;
		return;
	}
	respond(c, status, status == 200 ? sdp : NULL);
}

static void on_invite(struct sip_peer *p, struct peer_call *c, const struct sip_text *t, const struct addr *source)
{
	char method[32], tag[64];
	unsigned cseq = sip_text_cseq(t, method);

	if (!c && !sip_text_param(sip_text_header(t, "To"), "tag", tag, sizeof(tag))) {
		new_call(p, t, source);
	} else if (!c) {
		speer_respond(p, NULL, t, source, 481, NULL, NULL);
	} else if (cseq == c->remote_cseq && sip_text_cseq(&c->their_invite, method) == cseq) {
		/* It was repeated, and so is what we said to it. */
		if (c->response.len)
			speer_send(p, source, c->response.text, c->response.len);
	} else if (cseq == c->rejected_cseq) {
		speer_respond(p, c, t, source, c->rejected_status, NULL, NULL);
	} else if (cseq <= c->remote_cseq) {
		speer_respond(p, c, t, source, 500, NULL, NULL);
	} else {
		c->remote_cseq = cseq;
		on_reinvite(c, t, source);
	}
}

static void on_ack(struct peer_call *c, const struct sip_text *t)
{
	struct peer_sdp answer;
	char method[32];

	if (sip_text_cseq(t, method) != sip_text_cseq(&c->their_invite, method))
		return;
	speer_sending_stop(&c->response);
	if (!c->offered_in_200 || c->result.state != PEER_ANSWERED)
		return;
	c->offered_in_200 = false;
	speer_sdp_read(t->body, &answer);
	speer_sdp_apply(c, &answer);
}

static void on_bye(struct peer_call *c, const struct sip_text *t, const struct addr *source)
{
	speer_respond(c->peer, c, t, source, 200, NULL, NULL);
	if (c->invite_open)
		respond(c, 487, NULL);
	if (c->result.state < PEER_CLEARING)
		c->result.ended_by_peer = true;
	speer_sending_stop(&c->response);
	speer_call_over(c);
}

static void on_cancel(struct peer_call *c, const struct sip_text *t, const struct addr *source)
{
	speer_respond(c->peer, c, t, source, 200, NULL, NULL);
	if (!c->invite_open)
		return; /* too late */
	respond(c, 487, NULL);
	if (c->result.answered_us)
		return;
	c->result.status = 487;
	c->result.ended_by_peer = true;
	speer_call_over(c);
}

static void note_reason(struct peer_call *c, const struct sip_text *t)
{
	const char *reason = sip_text_header(t, "Reason");

	if (*reason)
		snprintf(c->result.reason, sizeof(c->result.reason), "%s", reason);
}

void speer_request(struct sip_peer *p, struct peer_call *c, const struct sip_text *t, const struct addr *source)
{
	char method[32];

	if (c)
		note_reason(c, t);
	if (!strcmp(t->method, "INVITE")) {
		on_invite(p, c, t, source);
	} else if (!strcmp(t->method, "ACK")) {
		if (c)
			on_ack(c, t);
	} else if (!strcmp(t->method, "OPTIONS")) {
		speer_respond(p, c, t, source, 200, NULL, NULL);
	} else if (strcmp(t->method, "BYE") && strcmp(t->method, "CANCEL")) {
		speer_respond(p, c, t, source, 501, NULL, NULL);
	} else if (!c) {
		speer_respond(p, NULL, t, source, 481, NULL, NULL);
	} else if (!strcmp(t->method, "CANCEL")) {
		on_cancel(c, t, source);
	} else {
		c->remote_cseq = sip_text_cseq(t, method);
		on_bye(c, t, source);
	}
}
