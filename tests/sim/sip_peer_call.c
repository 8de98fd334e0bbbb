/* SPDX-License-Identifier: GPL-2.0-only */
/* A call's course as its caller sees it, and the requests within it that are ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip_peer_priv.h"

const char *sip_peer_state_name(enum peer_call_state s)
{
	static const char *const names[] = {"CALLING", "RINGING", "ANSWERED", "CLEARING", "OVER"};

	return (size_t)s < sizeof(names) / sizeof(names[0]) ? names[s] : "?";
}

void speer_call_over(struct peer_call *c)
{
	if (c->result.state == PEER_OVER)
		return;
	speer_sending_stop(&c->invite);
	speer_sending_stop(&c->request);
	c->ring_us = c->answer_us = c->hangup_us = c->cancel_us = c->t38_us = c->audio_us = c->retry_us = NEVER;
	c->result.over_us = c->peer->now_us;
	speer_media_close(c);
	speer_call_enter(c, PEER_OVER);
}

void speer_call_answered(struct peer_call *c)
{
	int64_t now = c->peer->now_us;

	c->result.answered_us = now;
	c->result.status = 200;
	c->cancel_us = NEVER;
	if (c->params.hangup_ms)
		c->hangup_us = now + c->params.hangup_ms * MS_US;
	if (c->params.t38_after_ms)
		c->t38_us = now + c->params.t38_after_ms * MS_US;
	speer_call_enter(c, PEER_ANSWERED);
}

static void send_new(struct peer_call *c, struct peer_sending *s)
{
	speer_sending_start(c, s);
	speer_send(c->peer, &c->remote, s->text, s->len);
}

static void first_invite(struct peer_call *c)
{
	enum peer_offer o = c->params.offer;
	char sdp[PEER_TEXT_OCTETS / 2] = "";

	if (o != PEER_OFFERS_NONE)
		speer_sdp_offer(c, o != PEER_OFFERS_IMAGE, o != PEER_OFFERS_AUDIO, sdp);
	speer_request_build(c, &c->invite, "INVITE", sdp);
	if (c->params.cancel_ms)
		c->cancel_us = c->peer->now_us + c->params.cancel_ms * MS_US;
	send_new(c, &c->invite);
}

int sip_peer_call(struct sip_peer *p, const struct addr *remote, const struct sip_peer_call_params *params,
		  unsigned *idp)
{
	const char *user = params->user ? params->user : "peer";
	char at[ADDR_TEXT_OCTETS];
	struct peer_call *c;
	int err = speer_call_alloc(p, params, &c);

	if (err)
		return err;
	c->remote = *remote;
	addr_print(remote, at);
	snprintf(c->call_id, sizeof(c->call_id), "%llx@%s", (unsigned long long)speer_random(p), p->host);
	snprintf(c->local, sizeof(c->local), "%s%.60s%s<sip:%.60s@%s>;tag=%s", params->name ? "\"" : "",
		 params->name ? params->name : "", params->name ? "\" " : "", user, p->host, c->local_tag);
	snprintf(c->target, sizeof(c->target), "sip:%.60s@%s", params->to ? params->to : "", at);
	snprintf(c->remote_name, sizeof(c->remote_name), "<%.200s>", c->target);
	snprintf(c->result.called, sizeof(c->result.called), "%s", params->to ? params->to : "");
	snprintf(c->result.calling, sizeof(c->result.calling), "%s", user);
	first_invite(c);
	*idp = c->id;
	return 0;
}

static void cancel(struct peer_call *c)
{
	c->cancel_us = NEVER;
	c->cancel_wanted = true;
	speer_call_enter(c, PEER_CLEARING);
	if (!c->provisional)
		return; /* not before the first response (RFC 3261 9.1) */
	speer_request_build(c, &c->request, "CANCEL", NULL);
	send_new(c, &c->request);
}

static void bye(struct peer_call *c)
{
	c->hangup_us = c->t38_us = c->audio_us = c->retry_us = NEVER;
	speer_media_close(c);
	speer_sending_stop(&c->response);
	c->invite.at_us = NEVER; /* a re-INVITE under way is not repeated; its answer is acknowledged */
	speer_call_enter(c, PEER_CLEARING);
	speer_request_build(c, &c->request, "BYE", NULL);
	send_new(c, &c->request);
}

void speer_call_hangup(struct peer_call *c)
{
	if (c->result.state >= PEER_CLEARING)
		return;
	if (c->result.state == PEER_ANSWERED) {
		bye(c);
	} else if (!c->result.incoming) {
		cancel(c);
	} else {
		c->result.status = 486;
		c->invite_open = false;
		speer_respond(c->peer, c, &c->their_invite, &c->their_source, 486, NULL, &c->response);
		speer_sending_start(c, &c->response);
		speer_call_over(c);
	}
}

void sip_peer_hangup(struct sip_peer *p, unsigned id)
{
	speer_call_hangup(p->calls[id]);
}

int speer_call_reinvite(struct peer_call *c, bool image)
{
	char sdp[PEER_TEXT_OCTETS / 2];

	if (c->result.state != PEER_ANSWERED || c->invite.until_us != NEVER || c->invite_open ||
	    c->response.until_us != NEVER)
		return EBUSY;
	c->reinvite_image = image;
	c->provisional = false;
	speer_sdp_offer(c, !image, image, sdp);
	speer_request_build(c, &c->invite, "INVITE", sdp);
	send_new(c, &c->invite);
	return 0;
}

int sip_peer_reinvite(struct sip_peer *p, unsigned id, bool image)
{
	return speer_call_reinvite(p->calls[id], image);
}

static void learn_target(struct peer_call *c, const struct sip_text *t)
{
	const char *contact = sip_text_header(t, "Contact");

	if (*contact)
		sip_text_uri(contact, c->target, sizeof(c->target));
}

static void on_provisional(struct peer_call *c, const struct sip_text *t)
{
	struct peer_sdp sdp;

	c->provisional = true;
	c->invite.at_us = NEVER; /* no more repetitions; the end of patience goes on in the proceeding state */
	if (c->result.state != PEER_ANSWERED)
		c->invite.until_us = c->peer->now_us + 180 * SEC_US; /* timer C's, so that no test hangs */
	if (c->cancel_wanted && c->request.until_us == NEVER) {
		speer_request_build(c, &c->request, "CANCEL", NULL);
		send_new(c, &c->request);
	}
	if (t->status == 100 || c->result.state > PEER_RINGING)
		return;
	c->result.early_status = t->status;
	if (*t->body) {
		c->result.early_sdp = true;
		speer_sdp_read(t->body, &sdp);
		speer_sdp_apply(c, &sdp);
	}
	speer_call_enter(c, PEER_RINGING);
}

static void on_first_answer(struct peer_call *c, const struct sip_text *t)
{
	struct peer_sdp sdp;

	learn_target(c, t);
	speer_ack_send(c, t, c->invite.cseq);
	if (c->params.offer != PEER_OFFERS_NONE) {
		speer_sdp_read(t->body, &sdp);
		speer_sdp_apply(c, &sdp);
	}
	if (c->cancel_wanted) {
		/* It crossed our CANCEL: the call is there and must be ended (RFC 3261 9.1). */
		c->result.status = 200;
		bye(c);
		return;
	}
	speer_call_answered(c);
}

static void on_reanswer(struct peer_call *c, const struct sip_text *t)
{
	struct peer_sdp sdp;

	learn_target(c, t);
	speer_ack_send(c, t, c->invite.cseq);
	c->result.reinvite_status = t->status;
	speer_sdp_read(t->body, &sdp);
	speer_sdp_apply(c, &sdp);
}

static void on_refusal(struct peer_call *c, const struct sip_text *t)
{
	int64_t wait_ms;

	speer_ack_send(c, t, c->invite.cseq);
	if (!c->result.answered_us) {
		c->result.status = t->status;
		speer_call_over(c);
		return;
	}
	c->result.reinvite_status = t->status;
	if (t->status == 481 || t->status == 408) {
		speer_call_over(c);
	} else if (t->status == 491) {
		/* RFC 3261 14.1: who owns the Call-ID waits longer. */
		wait_ms = c->result.incoming ? (int64_t)(speer_random(c->peer) % 200) * 10
					     : 2100 + (int64_t)(speer_random(c->peer) % 190) * 10;
		c->retry_us = c->peer->now_us + wait_ms * MS_US;
	}
}

static void on_invite_response(struct peer_call *c, const struct sip_text *t, unsigned cseq)
{
	if (cseq != c->invite.cseq)
		return;
	if (c->invite.until_us == NEVER) {
		/* Our ACK was lost. */
		if (t->status >= 200 && c->ack_len && c->ack_cseq == cseq)
			speer_send(c->peer, &c->remote, c->ack, c->ack_len);
		return;
	}
	if (t->status < 200) {
		on_provisional(c, t);
		return;
	}
	speer_sending_stop(&c->invite);
	if (t->status >= 300)
		on_refusal(c, t);
	else if (c->result.answered_us)
		on_reanswer(c, t);
	else
		on_first_answer(c, t);
}

void speer_response(struct peer_call *c, const struct sip_text *t)
{
	char method[32];
	unsigned cseq = sip_text_cseq(t, method);

	if (!strcmp(method, "INVITE")) {
		on_invite_response(c, t, cseq);
		return;
	}
	if (t->status < 200 || strcmp(method, c->request.method) || cseq != c->request.cseq)
		return;
	speer_sending_stop(&c->request);
	if (!strcmp(method, "BYE"))
		speer_call_over(c);
}
