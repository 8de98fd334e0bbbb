/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/bearer/bearer_own.h"

#include <string.h>

#include "conf/config.h"

#define T30_LINES 60 /* in 10 s; a fax has not half as many, however it goes */

/* ---- the T.30 of the call: does it still live? ---- */

/* How long T.30 may be silent; 0: as long as it likes, for it was never heard. */
static uint32_t idle_limit_ms(const struct bearer *b)
{
	if (b->fsm.state == BEARER_CLOSED)
		return 0;
	if (b->dcn_last)
		return b->par.timeouts_ms[TIMEOUT_AFTER_DCN];
	return b->fsm.state == BEARER_T38 || b->watch.frames ? b->par.timeouts_ms[TIMEOUT_FAX_IDLE] : 0;
}

/* In G.711 a page is no frame, nor is what people say after a fax: there it must be silence on both sides. */
static bool is_heard(struct bearer *b)
{
	uint64_t then = b->heard_then;

	if (b->fsm.state == BEARER_T38 || b->dcn_last)
		return false;
	b->heard_then = v21_listen_heard(b->v21[HEARD_LINE]) + v21_listen_heard(b->v21[HEARD_PEER]);
	return b->heard_then != then;
}

static void idle_over(void *arg)
{
	struct bearer *b = arg;
	uint32_t limit_ms = idle_limit_ms(b);
	int64_t left_us = b->last_sign_us + limit_ms * MS_US - bearer_now_us(b);

	if (!limit_ms)
		return;
	if (left_us <= 0 && is_heard(b))
		left_us = limit_ms * MS_US;
	if (left_us > 0) { /* page data move the time, but not the timer */
		timer_start(b->par.timers, &b->idle, left_us);
		return;
	}
	b->over_why = b->dcn_last ? "DCN, and nobody cleared" : "no sign of T.30 any more";
	b->handlers.fax_over(b->over_why, b->handlers.arg);
}

void bearer_sign(struct bearer *b, bool dcn)
{
	uint32_t limit_ms;
	int err;

	b->last_sign_us = bearer_now_us(b);
	b->dcn_last = dcn;
	limit_ms = idle_limit_ms(b);
	if (!limit_ms || (!dcn && timer_running(&b->idle)))
		return;
	err = timer_start(b->par.timers, &b->idle, limit_ms * MS_US);
	if (err)
		log_error(b->par.prefix, "no limit to the silence of T.30: %s", strerror(err));
}

/* Two Super-G3 machines that agree on V.34 are lost to T.38, and to G.711 whose clocks are not the same. */
static void keep_from_v8(struct bearer *b)
{
	b->mute[HEARD_LINE] = heard_must_not_cross(&b->heard, HEARD_LINE);
	b->mute[HEARD_PEER] = heard_must_not_cross(&b->heard, HEARD_PEER);
}

/* ---- states ---- */

static void enter_audio(void *owner)
{
	struct bearer *b = owner;

	b->mute[HEARD_LINE] = b->mute[HEARD_PEER] = false;
	jitter_adapt(&b->jitter);
	bearer_audio_start(b, false);
}

static void enter_passthrough(void *owner)
{
	struct bearer *b = owner;

	b->report.passthrough = true;
	keep_from_v8(b);
	bearer_audio_start(b, true);
}

static void enter_switching(void *owner)
{
	struct bearer *b = owner;

	timer_stop(b->par.timers, &b->grace);
	b->report.t38_asked = true;
	b->handlers.t38_ask(b->handlers.arg);
}

static void enter_t38(void *owner)
{
	struct bearer *b = owner;
	int err;

	timer_stop(b->par.timers, &b->grace);
	b->report.t38_used = true;
	err = bearer_t38_start(b);
	if (err) {
		log_error(b->par.prefix, "cannot start the T.38 relay: %s", strerror(err));
		b->over_why = "no memory for the relay";
		b->handlers.fax_over(b->over_why, b->handlers.arg);
	}
}

static void leave_t38(void *owner)
{
	struct bearer *b = owner;

	bearer_t38_stop(b);
	b->rtp_stale = true;
	heard_t38_over(&b->heard);
	tone_rx_reset(b->tones[HEARD_LINE]);
	tone_rx_reset(b->tones[HEARD_PEER]);
}

static void enter_closed(void *owner)
{
	struct bearer *b = owner;

	timer_stop(b->par.timers, &b->grace);
	timer_stop(b->par.timers, &b->idle);
	media_socket_close(&b->rtp);
	media_socket_close(&b->rtcp);
	media_socket_close(&b->udptl);
}

static void refused(void *owner, const void *data)
{
	struct bearer *b = owner;
	const unsigned *status = data;

	b->report.t38_refused = true;
	b->report.t38_status = status ? *status : 0;
	if (b->report.t38_status)
		log_notice(b->par.prefix, "T.38 refused by the peer (status %u): the fax passes in G.711",
			   b->report.t38_status);
	else
		log_notice(b->par.prefix, "T.38 refused by the peer (in its answer): the fax passes in G.711");
}

static void switch_timeout(void *owner, const void *data)
{
	struct bearer *b = owner;

	b->report.t38_refused = true;
	b->report.t38_status = 408;
	log_warning(b->par.prefix, "no answer to the T.38 re-INVITE in %u ms: the fax passes in G.711",
		    b->par.timeouts_ms[TIMEOUT_T38_SWITCH]);
	b->handlers.t38_cancel(b->handlers.arg);
}

static void renew_t38(void *owner, const void *data)
{
	struct bearer *b = owner;

	if (b->t38)
		bearer_t38_renew(b);
}

static void renew_audio(void *owner, const void *data)
{
	struct bearer *b = owner;

	bearer_audio_start(b, b->fsm.state == BEARER_PASSTHROUGH);
}

/* There is no RTCP beside T.38. */
static void end_audio(void *owner, const void *data)
{
	struct bearer *b = owner;

	if (b->fsm.state != BEARER_T38)
		bearer_rtcp_bye(b);
}

static const struct fsm_state states[] = {
	[BEARER_OFF] = {"OFF", NULL, NULL},
	[BEARER_AUDIO] = {"AUDIO", enter_audio, NULL},
	[BEARER_SWITCHING] = {"SWITCHING", enter_switching, NULL},
	[BEARER_T38] = {"T38", enter_t38, leave_t38},
	[BEARER_PASSTHROUGH] = {"PASSTHROUGH", enter_passthrough, NULL},
	[BEARER_CLOSED] = {"CLOSED", enter_closed, NULL},
};

static const char *const events[] = {
	[BEARER_E_AUDIO] = "audio-agreed",
	[BEARER_E_IMAGE] = "image-agreed",
	[BEARER_E_ASK] = "ask",
	[BEARER_E_REFUSED] = "refused",
	[BEARER_E_TIMEOUT] = "timeout",
	[BEARER_E_CLOSE] = "close",
};

static const struct fsm_rule rules[] = {
	{BEARER_OFF, BEARER_E_AUDIO, NULL, BEARER_AUDIO},
	{BEARER_OFF, BEARER_E_IMAGE, NULL, BEARER_T38},

	{BEARER_AUDIO, BEARER_E_AUDIO, renew_audio, FSM_STAY},
	{BEARER_AUDIO, BEARER_E_IMAGE, NULL, BEARER_T38},
	{BEARER_AUDIO, BEARER_E_ASK, NULL, BEARER_SWITCHING},
	{BEARER_AUDIO, BEARER_E_REFUSED, NULL, FSM_STAY},

	{BEARER_SWITCHING, BEARER_E_IMAGE, NULL, BEARER_T38},
	{BEARER_SWITCHING, BEARER_E_AUDIO, refused, BEARER_PASSTHROUGH},
	{BEARER_SWITCHING, BEARER_E_REFUSED, refused, BEARER_PASSTHROUGH},
	{BEARER_SWITCHING, BEARER_E_TIMEOUT, switch_timeout, BEARER_PASSTHROUGH},

	{BEARER_T38, BEARER_E_IMAGE, renew_t38, FSM_STAY},
	{BEARER_T38, BEARER_E_AUDIO, NULL, BEARER_AUDIO},
	{BEARER_T38, BEARER_E_REFUSED, NULL, FSM_STAY}, /* ours met theirs */

	{BEARER_PASSTHROUGH, BEARER_E_IMAGE, NULL, BEARER_T38},
	{BEARER_PASSTHROUGH, BEARER_E_AUDIO, renew_audio, FSM_STAY},
	{BEARER_PASSTHROUGH, BEARER_E_REFUSED, NULL, FSM_STAY},

	{BEARER_CLOSED, BEARER_E_AUDIO, NULL, FSM_STAY},
	{BEARER_CLOSED, BEARER_E_IMAGE, NULL, FSM_STAY},
	{BEARER_CLOSED, BEARER_E_REFUSED, NULL, FSM_STAY},
	{BEARER_CLOSED, BEARER_E_CLOSE, NULL, FSM_STAY},

	{FSM_ANY, BEARER_E_CLOSE, end_audio, BEARER_CLOSED},
};

static const struct fsm_timeout timeouts[] = {
	{BEARER_SWITCHING, BEARER_E_TIMEOUT, TIMEOUT_T38_SWITCH},
};

const struct fsm_def bearer_fsm = FSM_DEF("bearer", states, events, rules, timeouts);

/* ---- when T.38 is asked for ---- */

static void grace_over(void *arg)
{
	struct bearer *b = arg;

	if (b->fsm.state != BEARER_AUDIO || !heard_fax(&b->heard)) /* a CM for data came meanwhile */
		return;
	log_info(b->par.prefix, "the peer did not ask for T.38 in %u ms: asking", b->par.fax->t38_grace_ms);
	fsm_event(&b->fsm, BEARER_E_ASK, NULL);
}

static void decide(struct bearer *b)
{
	if (b->fsm.state != BEARER_AUDIO || !b->par.t38_allowed || !b->par.fax->t38)
		return;
	switch (t38_start_decide(b->par.fax->t38_start, &b->heard)) {
	case T38_NOW:
		fsm_event(&b->fsm, BEARER_E_ASK, NULL);
		break;
	case T38_AFTER_GRACE:
		if (!timer_running(&b->grace))
			timer_start(b->par.timers, &b->grace, b->par.fax->t38_grace_ms * MS_US);
		break;
	case T38_NOT_YET:
		break;
	}
}

void bearer_tell_fax(struct bearer *b)
{
	if (b->fax_told)
		return;
	b->fax_told = true;
	b->lost_before_octets = b->jitter.stats.lost_octets;
	b->handlers.fax_heard(b->handlers.arg);
}

void bearer_heard(struct bearer *b, enum heard_from from, enum tone t)
{
	log_info(b->par.prefix, "t=%.2fs heard %s from the %s", bearer_seconds(b), tone_name(t),
		 from == HEARD_LINE ? "line" : "peer");
	heard_tone(&b->heard, from, t);
	bearer_tell_fax(b);
	/* From now on a step in the delay would cost a modem its carrier: of a fax that passes in G.711, or of data. */
	if (heard_modem(&b->heard))
		jitter_fix(&b->jitter, b->par.jitter_fax_ms);
	keep_from_v8(b);
	decide(b);
}

/* A CM is heard once; the same one comes again and again. */
static void modem_calls(struct bearer *b, enum heard_from from, enum v8_call c)
{
	enum tone t = v8_call_is_fax(c) ? TONE_CM : TONE_CM_DATA;

	if (!(b->heard.tones[from] & (1u << t)))
		bearer_heard(b, from, t);
}

static void line_calls(enum v8_call c, void *arg)
{
	modem_calls(arg, HEARD_LINE, c);
}

static void peer_calls(enum v8_call c, void *arg)
{
	modem_calls(arg, HEARD_PEER, c);
}

static void line_tone(enum tone t, void *arg)
{
	bearer_heard(arg, HEARD_LINE, t);
}

static void peer_tone(enum tone t, void *arg)
{
	bearer_heard(arg, HEARD_PEER, t);
}

/* ---- life ---- */

int bearer_open(struct bearer *b, const struct bearer_params *p, const struct bearer_handlers *h)
{
	int err;

	memset(b, 0, sizeof(*b));
	b->par = *p;
	b->handlers = *h;
	b->heard.line_answers = p->line_answers;
	b->heard.told = p->is_fax;
	b->opened_us = bearer_now_us(b);
	b->drops = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	b->t30_lines = (struct log_limit){.burst = T30_LINES, .interval_us = 10 * SEC_US};
	timer_init(&b->grace, grace_over, b);
	timer_init(&b->idle, idle_over, b);
	fsm_init(&b->fsm, &bearer_fsm, BEARER_OFF, b, p->prefix, p->timers, p->timeouts_ms);
	err = tone_rx_alloc(&b->tones[HEARD_LINE], line_tone, b);
	if (!err)
		err = v8_listen_alloc(&b->v8[HEARD_LINE], line_calls, b);
	if (!err)
		err = v8_listen_alloc(&b->v8[HEARD_PEER], peer_calls, b);
	if (!err)
		err = tone_rx_alloc(&b->tones[HEARD_PEER], peer_tone, b);
	if (!err)
		err = bearer_t30_open(b);
	if (!err)
		err = dtmf_alloc(&b->dtmf);
	if (!err)
		err = media_socket_open(&b->rtp, p->ports);
	if (!err)
		err = media_socket_open(&b->udptl, p->ports);
	if (err)
		bearer_fini(b);
	else
		bearer_set_policy(b, p->media);
	return err;
}

void bearer_set_policy(struct bearer *b, const struct media_policy *m)
{
	if (!b->fsm.def || b->fsm.state == BEARER_CLOSED)
		return;
	b->par.media = m;
	media_socket_set_policy(&b->rtp, m);
	media_socket_set_policy(&b->udptl, m);
	b->rtp_in_t38 = m->rtp_in_t38 == MEDIA_RTP_GOES_ON ? bearer_rtp_silence : bearer_rtp_pass;
	bearer_rtcp_set_policy(b, m->rtcp);
	bearer_digits_set_policy(b, m->dtmf);
}

void bearer_fini(struct bearer *b)
{
	if (!b->fsm.def)
		return;
	bearer_close(b);
	fsm_fini(&b->fsm);
	/* not at the close, which may come from within their handlers */
	for (unsigned i = 0; i < 2; i++) {
		v8_listen_free(b->v8[i]);
		b->v8[i] = NULL;
		tone_rx_free(b->tones[i]);
		b->tones[i] = NULL;
	}
	bearer_t30_close(b);
	dtmf_free(b->dtmf);
	b->dtmf = NULL;
	dtmf_send_free(b->digits);
	b->digits = NULL;
}

static struct addr port_address(const struct media_socket *s, enum addr_family f, const struct addr *external)
{
	const struct addr *local = media_socket_local(s, f);
	struct addr a = {0};

	if (!local)
		return a;
	a = addr_is_set(external) ? *external : *local;
	addr_set_port(&a, addr_port(local));
	return a;
}

void bearer_ports(const struct bearer *b, const struct addr external[ADDR_FAMILIES], struct msg_ports *pp)
{
	for (unsigned f = 0; f < ADDR_FAMILIES; f++) {
		pp->rtp[f] = port_address(&b->rtp, f, &external[f]);
		pp->udptl[f] = port_address(&b->udptl, f, &external[f]);
	}
}

void bearer_answered(struct bearer *b)
{
	b->heard.answered = true;
	decide(b);
}

void bearer_agreed(struct bearer *b, const struct media_desc *m)
{
	if (!m->has_audio && !m->has_image)
		return;
	b->agreed = *m;
	fsm_event(&b->fsm, m->has_image ? BEARER_E_IMAGE : BEARER_E_AUDIO, NULL);
	decide(b);
}

void bearer_t38_refused(struct bearer *b, unsigned status)
{
	fsm_event(&b->fsm, BEARER_E_REFUSED, &status);
}

void bearer_close(struct bearer *b)
{
	if (!b->fsm.def)
		return; /* never opened */
	fsm_event(&b->fsm, BEARER_E_CLOSE, NULL);
}

void bearer_block(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	bearer_blocks[b->fsm.state](b, rx, tx, n);
}

enum bearer_state bearer_state(const struct bearer *b)
{
	return (enum bearer_state)b->fsm.state;
}

int64_t bearer_now_us(const struct bearer *b)
{
	return b->par.timers->now_us;
}

double bearer_seconds(const struct bearer *b)
{
	return (double)(bearer_now_us(b) - b->opened_us) / SEC_US;
}
