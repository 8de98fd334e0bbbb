/* SPDX-License-Identifier: GPL-2.0-only */
/* The peer itself: its socket, its calls and their times. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip_peer_priv.h"

uint64_t speer_random(struct sip_peer *p)
{
	/* G. Marsaglia's xorshift64. */
	p->random ^= p->random << 13;
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return p->random;
}

static void log_message(struct sip_peer *p, bool sent, const struct addr *other, const char *text, size_t len)
{
	const struct sip_peer_handlers *h = &p->params.handlers;
	char at[ADDR_TEXT_OCTETS], line[400];
	struct sip_text t;
	struct peer_sdp sdp;

	if (h->message)
		h->message(sent, text, len, h->arg);
	if (!h->log)
		return;
	if (!sip_text_read(&t, text, len)) {
		snprintf(line, sizeof(line), "%s: not SIP, %zu octets", addr_print(other, at), len);
		h->log(sent, line, h->arg);
		return;
	}
	speer_sdp_read(t.body, &sdp);
	snprintf(line, sizeof(line), "%s ", addr_print(other, at));
	if (t.request)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), "%.16s %.100s", t.method, t.uri);
	else
		snprintf(line + strlen(line), sizeof(line) - strlen(line), "%u %.60s", t.status, t.reason);
	snprintf(line + strlen(line), sizeof(line) - strlen(line), " CSeq %.40s", sip_text_header(&t, "CSeq"));
	for (unsigned i = 0; i < sdp.nlines; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s%s", sdp.lines[i].media,
			 sdp.lines[i].used ? "" : "=0");
	h->log(sent, line, h->arg);
}

void speer_send(struct sip_peer *p, const struct addr *to, const char *text, size_t len)
{
	log_message(p, true, to, text, len);
	udp_send(p->udp, to, text, len);
}

void speer_call_enter(struct peer_call *c, enum peer_call_state s)
{
	const struct sip_peer_handlers *h = &c->peer->params.handlers;

	if (c->result.state == s)
		return;
	c->result.state = s;
	if (h->state)
		h->state(c->id, s, h->arg);
}

int speer_call_alloc(struct sip_peer *p, const struct sip_peer_call_params *params, struct peer_call **cp)
{
	struct peer_call *c;
	int err;

	if (p->ncalls == SIP_PEER_CALLS)
		return ENOSPC;
	c = calloc(1, sizeof(*c));
	if (!c)
		return ENOMEM;
	c->peer = p;
	c->id = p->ncalls;
	c->params = *params;
	speer_sending_stop(&c->invite);
	speer_sending_stop(&c->request);
	speer_sending_stop(&c->response);
	c->ring_us = c->answer_us = c->hangup_us = c->cancel_us = c->t38_us = c->audio_us = c->retry_us = NEVER;
	snprintf(c->local_tag, sizeof(c->local_tag), "%llx", (unsigned long long)speer_random(p));
	err = speer_media_open(c);
	if (err) {
		speer_media_close(c);
		free(c);
		return err;
	}
	p->calls[p->ncalls++] = c;
	*cp = c;
	return 0;
}

/* By Call-ID and, when it has one, our tag. */
static struct peer_call *find_call(struct sip_peer *p, const struct sip_text *t)
{
	const char *id = sip_text_header(t, "Call-ID");
	char tag[24];

	for (unsigned i = 0; i < p->ncalls; i++) {
		struct peer_call *c = p->calls[i];

		if (strcmp(c->call_id, id))
			continue;
		if (sip_text_param(sip_text_header(t, t->request ? "To" : "From"), "tag", tag, sizeof(tag)) &&
		    strcmp(tag, c->local_tag))
			continue;
		return c;
	}
	return NULL;
}

static void on_readable(void *arg)
{
	static struct sip_text t; /* large; tests have one thread */
	struct sip_peer *p = arg;
	char buf[SIP_TEXT_MAX_OCTETS];
	struct peer_call *c;
	struct addr from;
	ssize_t n;

	while ((n = udp_recv(p->udp, buf, sizeof(buf), &from)) >= 0) {
		log_message(p, false, &from, buf, (size_t)n);
		if (!sip_text_read(&t, buf, (size_t)n))
			continue;
		t.copy = buf;
		t.copy_len = (size_t)n;
		c = find_call(p, &t);
		if (t.request)
			speer_request(p, c, &t, &from);
		else if (c)
			speer_response(c, &t);
	}
}

int sip_peer_alloc(struct sip_peer **pp, const struct sip_peer_setup *params, struct net *net, struct loop *loop,
		   int64_t now_us)
{
	struct sip_peer *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return ENOMEM;
	p->params = *params;
	p->net = net;
	p->loop = loop;
	p->now_us = now_us;
	p->random = params->seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	err = udp_open(net, &params->local, &p->udp);
	if (!err)
		err = udp_watch(p->udp, loop, on_readable, p);
	if (err) {
		sip_peer_free(p);
		return err;
	}
	if (!addr_is_set(&p->params.media))
		p->params.media = params->local;
	addr_print(udp_local(p->udp), p->sip_at);
	memcpy(p->host, p->sip_at, sizeof(p->host));
	*strrchr(p->host, ':') = '\0';
	*pp = p;
	return 0;
}

void sip_peer_free(struct sip_peer *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->ncalls; i++) {
		speer_media_close(p->calls[i]);
		free(p->calls[i]);
	}
	udp_close(p->udp);
	free(p);
}

int sip_peer_options(struct sip_peer *p, const struct addr *remote)
{
	char text[1000], at[ADDR_TEXT_OCTETS];
	unsigned long long r = speer_random(p);
	int n;

	addr_print(remote, at);
	n = snprintf(text, sizeof(text),
		     "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%llx;rport\r\nMax-Forwards: 70\r\n"
		     "From: <sip:peer@%s>;tag=%llx\r\nTo: <sip:%s>\r\nCall-ID: %llx\r\nCSeq: 1 OPTIONS\r\n"
		     "Content-Length: 0\r\n\r\n",
		     at, p->sip_at, r, p->host, r, at, r);
	log_message(p, true, remote, text, (size_t)n);
	return udp_send(p->udp, remote, text, (size_t)n);
}

/* Time */

static bool due(int64_t *at_us, int64_t now_us)
{
	if (*at_us > now_us)
		return false;
	*at_us = NEVER;
	return true;
}

static void send_again(struct peer_call *c, struct peer_sending *s, const struct addr *to, int64_t most_us)
{
	if (s->at_us > c->peer->now_us)
		return;
	speer_send(c->peer, to, s->text, s->len);
	s->interval_us = 2 * s->interval_us < most_us ? 2 * s->interval_us : most_us;
	s->at_us = c->peer->now_us + s->interval_us;
}

static void run_sending(struct peer_call *c)
{
	int64_t now = c->peer->now_us;

	if (c->invite.until_us <= now) {
		speer_sending_stop(&c->invite);
		if (c->result.answered_us) {
			c->result.reinvite_status = 408;
			speer_call_hangup(c);
		} else {
			c->result.status = 408;
			speer_call_over(c);
		}
	}
	if (c->request.until_us <= now)
		speer_call_over(c);
	if (c->response.until_us <= now) {
		speer_sending_stop(&c->response);
		if (c->result.state == PEER_ANSWERED) {
			c->result.unacked++;
			speer_call_hangup(c); /* RFC 3261 13.3.1.4 */
		}
	}
	send_again(c, &c->invite, &c->remote, NEVER / 4);
	send_again(c, &c->request, &c->remote, T2_US);
	send_again(c, &c->response, &c->their_source, T2_US);
}

static void run_call(struct peer_call *c)
{
	int64_t now = c->peer->now_us;

	run_sending(c);
	if (due(&c->ring_us, now))
		speer_ring_now(c);
	if (c->answer_us <= now)
		speer_answer_now(c);
	if (due(&c->t38_us, now) && c->media != PEER_MEDIA_T38 && speer_call_reinvite(c, true))
		c->t38_us = now + 100 * MS_US; /* something else is under way: a little later */
	if (due(&c->audio_us, now) && speer_call_reinvite(c, false) && c->result.state == PEER_ANSWERED)
		c->audio_us = now + 100 * MS_US;
	if (due(&c->retry_us, now) && !(c->reinvite_image && c->media == PEER_MEDIA_T38))
		speer_call_reinvite(c, c->reinvite_image);
	if (due(&c->cancel_us, now) || due(&c->hangup_us, now))
		speer_call_hangup(c);
}

void sip_peer_run(struct sip_peer *p, int64_t now_us)
{
	if (now_us > p->now_us)
		p->now_us = now_us;
	for (unsigned i = 0; i < p->ncalls; i++)
		run_call(p->calls[i]);
}

int64_t sip_peer_next_us(const struct sip_peer *p)
{
	int64_t next = NEVER;

	for (unsigned i = 0; i < p->ncalls; i++) {
		const struct peer_call *c = p->calls[i];
		const int64_t at[] = {c->invite.at_us,	 c->invite.until_us,   c->request.at_us, c->request.until_us,
				      c->response.at_us, c->response.until_us, c->ring_us,	 c->answer_us,
				      c->hangup_us,	 c->cancel_us,	       c->t38_us,	 c->audio_us,
				      c->retry_us};

		for (size_t j = 0; j < sizeof(at) / sizeof(at[0]); j++)
			next = at[j] < next ? at[j] : next;
	}
	if (next == NEVER)
		return -1;
	return next > p->now_us ? next - p->now_us : 0;
}

void sip_peer_step(struct sip_peer *p, size_t samples)
{
	for (unsigned i = 0; i < p->ncalls; i++)
		speer_media_step(p->calls[i], samples);
}

const struct addr *sip_peer_local(const struct sip_peer *p)
{
	return udp_local(p->udp);
}

unsigned sip_peer_calls(const struct sip_peer *p)
{
	return p->ncalls;
}

unsigned sip_peer_active(const struct sip_peer *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->ncalls; i++)
		n += p->calls[i]->result.state != PEER_OVER;
	return n;
}

void sip_peer_result(const struct sip_peer *p, unsigned id, struct sip_peer_result *rp)
{
	*rp = p->calls[id]->result;
	speer_media_result(p->calls[id], rp);
}
