/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reliable provisional responses and their PRACK (RFC 3262), both roles.
 *
 * Ours: one at a time is out, sent again until its PRACK comes; what follows waits for that. An offer or answer in one
 * is the call's: the 200 waits for its PRACK and has no SDP (section 5, RFC 6337 3.1.1). Without a PRACK in 64 T1 the
 * call is refused with 504. Theirs: each is acknowledged once and in order, in each early dialog of a forked INVITE by
 * itself; what is out of order is not heard.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "session_own.h"

static enum sip_100rel peer_100rel(const struct sip_session *s)
{
	return s->stack->peers.list[s->peer].reliable;
}

/* ---- ours ---- */

unsigned session_prack_incoming(struct sip_session *s, const osip_message_t *invite)
{
	bool requires = message_has_option(invite, "Require", "100rel");
	bool supports = requires || message_has_option(invite, "Supported", "100rel");

	s->prack.reliable = requires || peer_100rel(s) == SIP_100REL_REQUIRED;
	return s->prack.reliable && !supports ? 421 : 0;
}

static void prack_stop(struct sip_session *s)
{
	timer_stop(loop_timers(s->stack->loop), &s->prack.timer);
	free(s->prack.text);
	s->prack.text = NULL;
}

static void prack_arm(struct sip_session *s)
{
	struct session_prack *p = &s->prack;
	uint32_t left = TXN_64T1_MS - p->elapsed_ms, wait = p->interval_ms < left ? p->interval_ms : left;

	p->elapsed_ms += wait;
	p->interval_ms *= 2;
	if (timer_start(loop_timers(s->stack->loop), &p->timer, wait * MS_US))
		log_error(s->prefix, "no memory for a provisional response's timer");
}

/* Section 3: refused with a 5xx when nobody acknowledges. */
static void prack_missing(struct sip_session *s)
{
	prack_stop(s);
	if (s->fsm.state != CALL_INCOMING)
		return;
	log_warning(s->prefix, "a provisional response was never acknowledged");
	s->close_status = 504;
	s->close_cause = Q850_TIMER_EXPIRED;
	session_end_with(s, 504, Q850_TIMER_EXPIRED, false, "our provisional response was never acknowledged");
	session_step(s, CALL_EV_TIMEOUT);
}

static void prack_due(void *arg)
{
	struct sip_session *s = arg;

	if (s->prack.elapsed_ms >= TXN_64T1_MS || !s->invite) {
		prack_missing(s);
		return;
	}
	txn_send_text(s->stack->txns, s->prack.text, s->prack.len, txn_peer(s->invite), true);
	prack_arm(s);
}

/* The first number leaves room for all that may follow (section 3). */
static uint32_t prack_first(void)
{
	char random[8];

	message_new_token(random, sizeof(random));
	return 1 + (uint32_t)strtoul(random, NULL, 16);
}

static int prack_send(struct sip_session *s, unsigned status, bool sdp)
{
	struct session_prack *p = &s->prack;
	osip_message_t *m;
	char *text = NULL;
	int err;

	err = session_build(s, s->invite, status, sdp ? &s->media.ours : NULL, &m);
	if (err)
		return err;
	p->rseq = p->rseq ? p->rseq + 1 : prack_first();
	err = message_set_header(m, "Require", "100rel");
	if (!err)
		err = message_set_header(m, "RSeq", "%u", p->rseq);
	if (!err)
		err = message_to_text(m, &text, &p->len);
	if (!err)
		p->text = strndup(text, p->len);
	osip_free(text);
	if (!p->text) {
		osip_message_free(m);
		return err ? err : ENOMEM;
	}
	p->sdp_sent |= sdp;
	p->sdp_out = sdp;
	p->acknowledged = false;
	p->interval_ms = TXN_T1_MS;
	p->elapsed_ms = 0;
	prack_arm(s);
	return txn_respond(s->invite, m);
}

static int prack_queue(struct sip_session *s, unsigned status, bool sdp)
{
	struct session_prack *p = &s->prack;

	if (!p->text)
		return prack_send(s, status, sdp);
	if (p->nwaiting == SESSION_PRACKS_WAITING)
		return ENOBUFS;
	p->waiting[p->nwaiting++] = (struct session_prack_waiting){status, sdp};
	return 0;
}

static bool prack_sdp_is_queued(const struct session_prack *p)
{
	for (unsigned i = 0; i < p->nwaiting; i++)
		if (p->waiting[i].sdp)
			return true;
	return p->sdp_sent;
}

int session_prack_progress(struct sip_session *s, unsigned status, const struct media_desc *media,
			   struct media_desc *agreedp)
{
	bool sdp = media && !prack_sdp_is_queued(&s->prack);
	int err;

	/* RFC 3261 13.2.1: without an offer in the INVITE, ours is in the first reliable response. */
	if (s->offerless && !media && !s->prack.sdp_sent)
		return EINVAL;
	if (sdp && s->offerless) {
		media_offer(&s->media, media);
	} else if (sdp) {
		err = media_answer(&s->media, media, NULL);
		if (err)
			return err;
	}
	if (sdp)
		s->prack.local = *media;
	if (media && agreedp)
		*agreedp = s->media.result;
	err = prack_queue(s, status, sdp);
	if (err)
		log_error(s->prefix, "cannot send %u reliably: %s", status, strerror(err));
	return 0;
}

bool session_prack_must_wait(const struct sip_session *s)
{
	return s->prack.text && s->prack.sdp_out;
}

bool session_prack_is_settled(const struct sip_session *s)
{
	return s->prack.sdp_sent && !session_prack_must_wait(s) && !s->offerless;
}

void session_prack_stop(struct sip_session *s)
{
	s->prack.nwaiting = 0;
	prack_stop(s);
}

/* "RAck: 776656 1 INVITE" */
static bool prack_is_for(const struct sip_session *s, const osip_message_t *prack)
{
	const char *v = message_header(prack, "RAck", 0);
	unsigned long rseq, cseq;
	char method[8];

	return v && s->prack.rseq && !s->prack.acknowledged && sscanf(v, "%lu %lu %7s", &rseq, &cseq, method) == 3 &&
	       rseq == s->prack.rseq && cseq == s->invite_cseq && !strcmp(method, "INVITE");
}

/* The answer to our offer, or a new offer of theirs, which *ANSWERP is for. 0, or the status that refuses the PRACK:
 * then the response stays unacknowledged, and the peer may think better of it. */
static unsigned prack_media(struct sip_session *s, const struct sdp *theirs, const struct sdp **answerp, char *why,
			    size_t room)
{
	const char *wrong;

	if (s->offerless && s->prack.sdp_out) {
		wrong = theirs ? media_result(&s->media, theirs) : "no answer to our offer in the PRACK";
		if (!wrong && !s->media.result.has_audio && !s->media.result.has_image)
			wrong = "the answer declines all media";
		if (wrong)
			snprintf(why, room, "%s", wrong);
		else
			s->offerless = false;
		return wrong ? 488 : 0;
	}
	if (!theirs)
		return 0;
	/* A second offer needs the first to be settled; a bare 180 settles nothing (RFC 3261 13.2.1). */
	if (s->fsm.state != CALL_INCOMING || !s->prack.sdp_sent)
		return 491;
	if (media_move(&s->media, theirs, &s->prack.local)) {
		snprintf(why, room, "no common media");
		return 488;
	}
	*answerp = &s->media.ours;
	return 0;
}

/* What has waited for the PRACK: the 200, or the next provisional response. */
static void prack_go_on(struct sip_session *s)
{
	struct session_prack *p = &s->prack;
	struct session_prack_waiting next;

	if (p->accept_waits) {
		media_settle(&s->media, &s->media.result);
		p->tell = true;
		session_step(s, CALL_EV_ACCEPT);
		return;
	}
	if (!p->nwaiting)
		return;
	next = p->waiting[0];
	p->nwaiting--;
	memmove(p->waiting, p->waiting + 1, p->nwaiting * sizeof(p->waiting[0]));
	if (prack_send(s, next.status, next.sdp))
		log_error(s->prefix, "cannot send %u reliably", next.status);
}

void session_pracked(struct sip_session *s, struct txn *t)
{
	const struct sdp *answer = NULL;
	bool present = false;
	char why[200] = "";
	struct sdp theirs;
	unsigned status;

	if (!prack_is_for(s, txn_original(t))) {
		session_refuse(s, &t, 481, NULL);
		return;
	}
	status = media_read(s, txn_original(t), &theirs, &present, why, sizeof(why));
	if (!status)
		status = prack_media(s, present ? &theirs : NULL, &answer, why, sizeof(why));
	if (status) {
		log_notice(s->prefix, "PRACK refused with %u: %s", status, why);
		session_refuse(s, &t, status, why);
		return;
	}
	s->prack.acknowledged = true;
	prack_stop(s);
	session_respond(s, t, 200, answer, NULL);
	txn_abandon(t);
	if (s->fsm.state == CALL_INCOMING)
		prack_go_on(s);
}

/* ---- theirs ---- */

void session_prack_ask(struct sip_session *s, struct message_text *t)
{
	message_add(t, "Supported: timer%s\r\n", peer_100rel(s) == SIP_100REL_OFF ? "" : ", 100rel");
	if (peer_100rel(s) == SIP_100REL_REQUIRED)
		message_add(t, "Require: 100rel\r\n");
	s->prack.nforks = 0;
}

/* 0: it is not a reliable one. */
static uint32_t read_rseq(const osip_message_t *m)
{
	const char *v = message_header(m, "RSeq", 0);

	return v && message_has_option(m, "Require", "100rel") ? (uint32_t)strtoul(v, NULL, 10) : 0;
}

static struct session_prack_fork *find_fork(struct session_prack *p, const char *tag)
{
	for (unsigned i = 0; i < p->nforks; i++)
		if (!strncmp(p->forks[i].tag, tag, sizeof(p->forks[i].tag) - 1))
			return &p->forks[i];
	if (p->nforks == SESSION_PRACK_FORKS)
		return NULL;
	p->forks[p->nforks].rseq = 0;
	snprintf(p->forks[p->nforks].tag, sizeof(p->forks[0].tag), "%s", tag);
	return &p->forks[p->nforks++];
}

/* Section 4. One that comes again is not acknowledged again: its PRACK is on its way, and is sent again by itself. */
bool session_prack_is_due(struct sip_session *s, const osip_message_t *response)
{
	uint32_t rseq = read_rseq(response);
	struct session_prack_fork *f = rseq ? find_fork(&s->prack, message_to_tag(response)) : NULL;

	if (!rseq)
		return true;
	if (!f) {
		log_notice(s->prefix, "%d from yet another branch is not heard: there are %d", response->status_code,
			   SESSION_PRACK_FORKS);
		return false;
	}
	if (f->rseq && rseq != f->rseq + 1) {
		log_debug(s->prefix, "%d with RSeq %u after %u is not heard", response->status_code, rseq, f->rseq);
		return false;
	}
	f->rseq = rseq;
	return true;
}

static int prack_request(struct sip_session *s);

static void prack_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct sip_session *s = arg;

	if (e == TXN_RESPONSE && m->status_code < 200)
		return;
	if (s->prack.txn == t)
		s->prack.txn = NULL;
	txn_abandon(t);
	if (e != TXN_RESPONSE || m->status_code < 300)
		return;
	if ((m->status_code == 401 || m->status_code == 407) && session_auth_take(s, m) && !prack_request(s))
		return;
	/* Whether the call comes about all the same is the peer's to say, in its answer to the INVITE. */
	log_notice(s->prefix, "PRACK refused by the peer with %d", m->status_code);
}

static int prack_request(struct sip_session *s)
{
	struct message_text t;
	osip_message_t *m;
	int err;

	dialog_add_request(&s->dialog, &t, session_ua(s), "PRACK", 0, false);
	message_add(&t, "RAck: %u %u INVITE\r\n", s->prack.their_rseq, s->prack.their_cseq);
	session_auth_add(s, "PRACK", &t);
	message_add_body(&t, NULL);
	err = message_finish(&t, &m);
	if (err)
		return err;
	/* That of an earlier response goes on without us. */
	txn_abandon(s->prack.txn);
	s->prack.txn = NULL;
	return txn_request(s->stack->txns, m, &s->dialog.next_hop, prack_txn, s, &s->prack.txn);
}

void session_prack_send(struct sip_session *s, const osip_message_t *response)
{
	uint32_t rseq = read_rseq(response);
	int err;

	if (!rseq)
		return;
	s->prack.their_rseq = rseq;
	s->prack.their_cseq = message_cseq(response);
	err = prack_request(s);
	if (err)
		log_error(s->prefix, "cannot send PRACK: %s", strerror(err));
}

/* ---- life ---- */

void session_prack_init(struct sip_session *s)
{
	timer_init(&s->prack.timer, prack_due, s);
}

void session_prack_fini(struct sip_session *s)
{
	session_prack_stop(s);
	txn_abandon(s->prack.txn);
	s->prack.txn = NULL;
}
