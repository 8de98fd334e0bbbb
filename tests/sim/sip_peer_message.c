/* SPDX-License-Identifier: GPL-2.0-only */
/* Building and sending the peer's messages (RFC 3261 8.1.1, 8.2.6, 17.1.1.3). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sip_peer_priv.h"

#define ALLOW "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n"

struct text {
	char *buf;
	size_t room, len;
};

static void put(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->len, t->room - t->len, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->len = t->len + (size_t)n < t->room ? t->len + (size_t)n : t->room - 1;
}

static void put_body(struct text *t, const char *sdp)
{
	if (sdp && *sdp)
		put(t, "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s", strlen(sdp), sdp);
	else
		put(t, "Content-Length: 0\r\n\r\n");
}

static void put_request(struct text *t, struct peer_call *c, const char *method, unsigned cseq, const char *branch)
{
	const struct sip_peer *p = c->peer;

	put(t, "%s %s SIP/2.0\r\n", method, c->target);
	put(t, "Via: SIP/2.0/UDP %s;branch=%s;rport\r\nMax-Forwards: 70\r\n", p->sip_at, branch);
	put(t, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n", c->local, c->remote_name, c->call_id, cseq,
	    method);
}

void speer_request_build(struct peer_call *c, struct peer_sending *s, const char *method, const char *sdp)
{
	bool cancel = !strcmp(method, "CANCEL"), invite = !strcmp(method, "INVITE");
	struct text t = {s->text, sizeof(s->text), 0};

	if (cancel) {
		/* Of the INVITE it cancels (RFC 3261 9.1). */
		s->cseq = c->invite.cseq;
		strcpy(s->branch, c->invite.branch);
	} else {
		s->cseq = ++c->local_cseq;
		snprintf(s->branch, sizeof(s->branch), "z9hG4bK%llx", (unsigned long long)speer_random(c->peer));
	}
	snprintf(s->method, sizeof(s->method), "%s", method);
	put_request(&t, c, method, s->cseq, s->branch);
	if (invite)
		put(&t, "Contact: <sip:peer@%s>\r\n" ALLOW "User-Agent: sip_peer\r\n%s", c->peer->sip_at,
		    c->params.headers && !c->result.incoming ? c->params.headers : "");
	put_body(&t, sdp);
	s->len = t.len;
}

void speer_ack_send(struct peer_call *c, const struct sip_text *response, unsigned cseq)
{
	struct text t = {c->ack, sizeof(c->ack), 0};
	char name[PEER_NAME_OCTETS], branch[32], sdp[PEER_TEXT_OCTETS / 2] = "";
	bool success = response->status < 300;

	/* To a 2xx it is a request of its own, else part of the transaction with the response's To. */
	snprintf(name, sizeof(name), "%s", c->remote_name);
	snprintf(c->remote_name, sizeof(c->remote_name), "%.255s", sip_text_header(response, "To"));
	if (success)
		snprintf(branch, sizeof(branch), "z9hG4bK%llx", (unsigned long long)speer_random(c->peer));
	put_request(&t, c, "ACK", cseq, success ? branch : c->invite.branch);
	if (success && c->params.offer == PEER_OFFERS_NONE && !c->result.incoming && *response->body &&
	    c->result.state < PEER_ANSWERED) {
		struct peer_sdp offer;

		speer_sdp_read(response->body, &offer);
		speer_sdp_answer(c, &offer, true, true, sdp);
	}
	put_body(&t, sdp);
	c->ack_len = t.len;
	c->ack_cseq = cseq;
	if (!success)
		strcpy(c->remote_name, name);
	speer_send(c->peer, &c->remote, c->ack, c->ack_len);
}

static const struct {
	unsigned status;
	const char *text;
} reasons[] = {
	{100, "Trying"},
	{180, "Ringing"},
	{183, "Session Progress"},
	{200, "OK"},
	{404, "Not Found"},
	{408, "Request Timeout"},
	{415, "Unsupported Media Type"},
	{480, "Temporarily Unavailable"},
	{481, "Call/Transaction Does Not Exist"},
	{486, "Busy Here"},
	{487, "Request Terminated"},
	{488, "Not Acceptable Here"},
	{491, "Request Pending"},
	{501, "Not Implemented"},
	{503, "Service Unavailable"},
	{603, "Decline"},
	{606, "Not Acceptable"},
};

static const char *reason_of(unsigned status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].text;
	}
	return "Some Reason";
}

void speer_respond(struct sip_peer *p, struct peer_call *c, const struct sip_text *req, const struct addr *source,
		   unsigned status, const char *sdp, struct peer_sending *keep)
{
	char out[PEER_TEXT_OCTETS], tag[24];
	struct text t = {out, sizeof(out), 0};
	const char *to = sip_text_header(req, "To");

	put(&t, "SIP/2.0 %u %s\r\n", status, reason_of(status));
	for (unsigned i = 0; i < req->nheaders; i++) {
		if (sip_text_is(req->headers[i].name, "Via"))
			put(&t, "Via: %s\r\n", req->headers[i].value);
		else if (sip_text_is(req->headers[i].name, "Record-Route") && status > 100 && status < 300)
			put(&t, "Record-Route: %s\r\n", req->headers[i].value);
	}
	put(&t, "From: %s\r\nTo: %s", sip_text_header(req, "From"), to);
	if (status > 100 && !sip_text_param(to, "tag", tag, sizeof(tag)))
		put(&t, ";tag=%s", c ? c->local_tag : "none");
	put(&t, "\r\nCall-ID: %s\r\nCSeq: %s\r\n", sip_text_header(req, "Call-ID"), sip_text_header(req, "CSeq"));
	if (c && status > 100 && status < 300 && !strcmp(req->method, "INVITE"))
		put(&t, "Contact: <sip:peer@%s>\r\n", p->sip_at);
	if (status == 200)
		put(&t, ALLOW);
	if (c && status >= 300 && c->params.retry_after_s)
		put(&t, "Retry-After: %u (under test);duration=3600\r\n", c->params.retry_after_s);
	if (c && status >= 300 && c->params.refuse_reason)
		put(&t, "Reason: %s\r\n", c->params.refuse_reason);
	put_body(&t, sdp);
	if (keep) {
		memcpy(keep->text, out, t.len);
		keep->len = t.len;
	}
	speer_send(p, source, out, t.len);
}

void speer_sending_start(struct peer_call *c, struct peer_sending *s)
{
	s->interval_us = T1_US;
	s->at_us = c->peer->now_us + T1_US;
	s->until_us = c->peer->now_us + 64 * T1_US; /* timers B, F, H */
}

void speer_sending_stop(struct peer_sending *s)
{
	s->at_us = NEVER;
	s->until_us = NEVER;
}
