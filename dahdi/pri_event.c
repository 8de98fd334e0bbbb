/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_event.c: libpri's events into the gateway's.
 */
#include <string.h>

#include "pri_priv.h"

#define CHANNEL_CIS	     (1 << 17) /* libpri's channel: a connection for signalling only, no B channel */
#define CHANNEL_MASK	     0xFF
#define CHANNEL_DS1_EXPLICIT (1 << 16)
#define CHANNEL_DS1_MASK     0xFF00
#define CHANNEL_ANY	     0xFF
#define SERVICE_IN	     0 /* Change status: in service; 1 is maintenance, 2 out of service */

/* True if the channel is one of another interface of a group that shares this D channel (NFAS, Q.931 4.5.13, octet
 * 3.1), which we have not. Interface 0 is the one with the D channel. */
static bool is_elsewhere(int encoded)
{
	return encoded != -1 && encoded & CHANNEL_DS1_EXPLICIT && encoded & CHANNEL_DS1_MASK;
}

/* The timeslot in libpri's channel; 0: none, or any. */
static unsigned channel_of(int encoded)
{
	const unsigned n = (unsigned)encoded & CHANNEL_MASK;

	return encoded == -1 || n == CHANNEL_ANY ? 0 : n;
}

static unsigned cause_of(int cause)
{
	return cause >= 1 && cause <= 127 ? (unsigned)cause : 0;
}

/* Q.931 4.5.23: 8 is "in-band information now available"; with 1, "not end-to-end ISDN", it may be. */
static bool is_inband(int mask)
{
	return mask & (PRI_PROG_INBAND_AVAILABLE | PRI_PROG_CALL_NOT_E2E_ISDN);
}

/* A SETUP that does not say its coding (Q.931 4.5.5, octet 5) means the network's own, and so the line's. */
static bool is_speech(const struct pri_link *l, const pri_event_ring *r)
{
	if (r->ctype != PRI_TRANS_CAP_SPEECH && r->ctype != PRI_TRANS_CAP_3_1K_AUDIO)
		return false;
	return r->layer1 == pri_link_layer_1(l) || r->layer1 <= 0;
}

static void on_ring(struct pri_link *l, const pri_event_ring *r)
{
	struct pri_event_data e = {.channel = channel_of(r->channel)};
	struct pri_call *c = pri_call_find(l, r->call);

	/* libpri freed one without a word and put this one in its place: reap tells. */
	if (c)
		c->q = NULL;
	c = pri_call_new(l, r->call, true);
	if (!c) {
		log_warning(l->params.prefix, "more than %d calls: a SETUP is refused", PRI_CALLS);
		pri_hangup(l->pri, r->call, PRI_CAUSE_NORMAL_CIRCUIT_CONGESTION);
		return;
	}
	if ((r->channel != -1 && r->channel & CHANNEL_CIS) || e.channel >= TIMESLOT_COUNT) {
		log_notice(l->params.prefix, "SETUP without a B channel, or on one that no E1 has: refused");
		c->orphan = true;
		pri_call_hangup(c, PRI_CAUSE_IDENTIFIED_CHANNEL_NOTEXIST);
		return;
	}
	if (is_elsewhere(r->channel)) {
		log_notice(l->params.prefix,
			   "SETUP for a channel of another interface: refused; one D channel for several "
			   "spans (NFAS) is not supported");
		c->orphan = true;
		pri_call_hangup(c, PRI_CAUSE_IDENTIFIED_CHANNEL_NOTEXIST);
		return;
	}
	c->channel = e.channel;
	e.channel_exclusive = e.channel && !r->flexible;
	e.speech = is_speech(l, r);
	e.inband = is_inband(r->progressmask);
	e.complete = r->complete;
	pri_party_receive(l, &e.parties, r);
	pri_call_raise(c, PRI_SETUP, &e);
}

/* INFORMATION: more of the called number, or that no more comes. */
static void on_digits(struct pri_link *l, const q931_call *q, const char *digits, bool complete)
{
	struct pri_call *c = pri_call_find(l, q);
	struct pri_event_data e = {.complete = complete};

	if (!c || !c->collecting || c->proceeding || c->clearing)
		return;
	e.channel = c->channel;
	pri_number_copy(e.parties.called.digits, sizeof(e.parties.called.digits), digits);
	pri_call_raise(c, PRI_DIGITS, &e);
}

/* An event of an outgoing call on its way: CHANNEL is libpri's. */
static void on_progress(struct pri_link *l, const q931_call *q, enum pri_event_type type, int channel, int mask,
			int cause)
{
	struct pri_event_data e = {.inband = is_inband(mask), .cause = cause_of(cause)};
	struct pri_call *c = pri_call_find(l, q);

	if (!c || c->clearing)
		return;
	if (channel_of(channel))
		c->channel = channel_of(channel);
	e.channel = c->channel;
	pri_call_raise(c, type, &e);
}

/* More of the number is wanted; what there is goes now. */
static void on_setup_ack(struct pri_link *l, const struct pri_event_setup_ack *a)
{
	struct pri_call *c = pri_call_find(l, a->call);

	if (c && !c->clearing && !c->incoming)
		pri_call_send_digits(c);
}

static void on_answer(struct pri_link *l, const pri_event_answer *a)
{
	struct pri_call *c = pri_call_find(l, a->call);

	if (!c || c->clearing || c->incoming)
		return;
	pri_connect_ack(l->pri, c->q, 0);
	if (c->connected)
		return;
	c->connected = true;
	on_progress(l, a->call, PRI_CONNECTED, a->channel, a->progressmask, 0);
}

static void on_connect_ack(struct pri_link *l, const struct pri_event_connect_ack *a)
{
	struct pri_call *c = pri_call_find(l, a->call);

	if (!c || c->clearing || c->connected || !c->answered)
		return;
	c->connected = true;
	on_progress(l, a->call, PRI_CONNECTED, a->channel, 0, 0);
}

/* DISCONNECT: the gateway answers it, so that it can finish with the B channel first. */
static void on_disconnect(struct pri_link *l, const pri_event_hangup *h)
{
	struct pri_call *c = pri_call_find(l, h->call);
	struct pri_event_data e = {.cause = cause_of(h->cause), .inband = false};

	if (!c) {
		if (!pri_is_dummy_call(h->call))
			pri_hangup(l->pri, h->call, h->cause);
		return;
	}
	if (!c->cause)
		c->cause = e.cause ? e.cause : Q850_NORMAL_UNSPECIFIED;
	if (c->clearing) {
		pri_call_hangup(c, c->cause);
		return;
	}
	e.cause = c->cause;
	e.channel = c->channel;
	pri_call_raise(c, PRI_CLEARING, &e);
}

/* RELEASE, RELEASE COMPLETE, or libpri has given up: nothing is left to the gateway; reap tells that the call is
 * gone. */
static void on_release(struct pri_link *l, const pri_event_hangup *h)
{
	struct pri_call *c = pri_call_find(l, h->call);

	if (!c) {
		if (!pri_is_dummy_call(h->call))
			pri_hangup(l->pri, h->call, h->cause);
		return;
	}
	if (!c->cause)
		c->cause = cause_of(h->cause) ? cause_of(h->cause) : Q850_NORMAL_UNSPECIFIED;
	c->proceeding = true;
	pri_call_hangup(c, c->cause);
	pri_call_forget(c);
}

/* libpri has freed the call already. */
static void on_release_ack(struct pri_link *l, const pri_event_hangup *h)
{
	struct pri_call *c = pri_call_find(l, h->call);

	if (!c)
		return;
	if (!c->cause)
		c->cause = cause_of(h->cause) ? cause_of(h->cause) : Q850_NORMAL_UNSPECIFIED;
	pri_call_forget(c);
}

static void on_up_down(struct pri_link *l, bool up)
{
	if (l->up == up)
		return;
	l->up = up;
	pri_link_raise_own(l, up ? PRI_UP : PRI_DOWN, 0);
}

static void on_restart(struct pri_link *l, enum pri_event_type type, int channel)
{
	const unsigned n = channel_of(channel);

	/* Q.931 5.5.2: without a Channel identification the whole interface is meant. */
	if (channel == -1 || (n && n < TIMESLOT_COUNT && !is_elsewhere(channel)))
		pri_link_raise_own(l, type, n);
	else
		log_notice(l->params.prefix, "RESTART of channel %u, which this span does not have: ignored", n);
}

static void on_service(struct pri_link *l, int channel, int status)
{
	const struct pri_event_data e = {
		.type = PRI_SERVICE, .channel = channel_of(channel), .in_service = status == SERVICE_IN};

	if (e.channel && e.channel < TIMESLOT_COUNT && !is_elsewhere(channel))
		pri_link_raise(l, &e);
	else
		log_notice(l->params.prefix, "SERVICE of channel %u, which this span does not have: ignored",
			   e.channel);
}

static void on_config_error(struct pri_link *l, const pri_event_error *err)
{
	unsigned held;

	if (log_limit_pass(&l->errors, pri_link_now_us(), &held))
		log_warning(l->params.prefix, "D channel: both ends are %s side: %s", isdn_side_name(l->params.side),
			    err->err);
}

static void handle_call_event(struct pri_link *l, const pri_event *e)
{
	switch (e->e) {
	case PRI_EVENT_RING:
		on_ring(l, &e->ring);
		break;
	case PRI_EVENT_INFO_RECEIVED:
		on_digits(l, e->ring.call, e->ring.callednum, e->ring.complete);
		break;
	case PRI_EVENT_KEYPAD_DIGIT:
		on_digits(l, e->digit.call, e->digit.digits, false);
		break;
	case PRI_EVENT_SETUP_ACK:
		on_setup_ack(l, &e->setup_ack);
		/* what may be heard with it is a dialling tone, and not for the caller (Q.931 5.1.3) */
		on_progress(l, e->setup_ack.call, PRI_PROCEEDING, e->setup_ack.channel, 0, 0);
		break;
	case PRI_EVENT_PROCEEDING:
		on_progress(l, e->proceeding.call, PRI_PROCEEDING, e->proceeding.channel, e->proceeding.progressmask,
			    0);
		break;
	case PRI_EVENT_PROGRESS:
		on_progress(l, e->proceeding.call, PRI_PROGRESS, e->proceeding.channel, e->proceeding.progressmask,
			    e->proceeding.cause);
		break;
	case PRI_EVENT_RINGING:
		on_progress(l, e->ringing.call, PRI_ALERTING, e->ringing.channel, e->ringing.progressmask, 0);
		break;
	case PRI_EVENT_ANSWER:
		on_answer(l, &e->answer);
		break;
	case PRI_EVENT_CONNECT_ACK:
		on_connect_ack(l, &e->connect_ack);
		break;
	case PRI_EVENT_HANGUP_REQ:
		on_disconnect(l, &e->hangup);
		break;
	case PRI_EVENT_HANGUP:
		on_release(l, &e->hangup);
		break;
	case PRI_EVENT_HANGUP_ACK:
		on_release_ack(l, &e->hangup);
		break;
	}
}

void pri_event_handle(struct pri_link *l, const pri_event *e)
{
	if (!e)
		return;
	switch (e->e) {
	case PRI_EVENT_DCHAN_UP:
		on_up_down(l, true);
		break;
	case PRI_EVENT_DCHAN_DOWN:
		on_up_down(l, false);
		break;
	case PRI_EVENT_RESTART:
		on_restart(l, PRI_RESTARTED, e->restart.channel);
		break;
	case PRI_EVENT_RESTART_ACK:
		on_restart(l, PRI_RESTART_DONE, e->restartack.channel);
		break;
	case PRI_EVENT_SERVICE:
		on_service(l, e->service.channel, e->service.changestatus);
		break;
	case PRI_EVENT_SERVICE_ACK: /* we do as we said in any case */
		break;
	case PRI_EVENT_CONFIG_ERR:
		on_config_error(l, &e->err);
		break;
	default:
		/* What supplementary services bring (FACILITY, NOTIFY, HOLD) is not for a fax. */
		handle_call_event(l, e);
		break;
	}
}
