/* SPDX-License-Identifier: GPL-2.0-only */
#include "txn.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "sip/message/message.h"
#include "txn_own.h"

/* osip lets a timer fire only when it is past due. */
#define TXN_SLACK_US  1000
#define TXN_GATHER_US 10000

static void txns_arm(struct txns *x)
{
	struct timeval tv = {0};
	int64_t wait, now = loop_now_us(x->loop);
	const struct txn *t;
	int err;

	osip_timers_gettimeout(x->osip, &tv);
	wait = (int64_t)tv.tv_sec * SEC_US + tv.tv_usec + TXN_SLACK_US;
	for (t = x->first; t; t = t->next) {
		if (t->dead || t->failed)
			wait = 0;
		else if (t->give_up_us && t->give_up_us - now < wait)
			wait = t->give_up_us - now;
	}
	if (!x->count) {
		timer_stop(loop_timers(x->loop), &x->timer);
		return;
	}
	err = timer_start(loop_timers(x->loop), &x->timer, wait);
	if (err)
		log_error("sip", "transaction timer: %s", strerror(err));
}

/* Something happened: what is next due is looked for a little later, once for all that happens until then. The search
 * looks at every transaction. */
void txns_wake(struct txns *x)
{
	int err;

	if (timer_running(&x->timer) && x->timer.at_us <= loop_now_us(x->loop) + TXN_GATHER_US)
		return;
	err = timer_start(loop_timers(x->loop), &x->timer, TXN_GATHER_US);
	if (err)
		log_error("sip", "transaction timer: %s", strerror(err));
}

/* Nothing is freed here: callers may still hold it. */
void txn_drain(struct txn *t)
{
	osip_event_t *e;

	if (t->busy)
		return;
	t->busy = true;
	while ((e = osip_fifo_tryget(t->tr->transactionff)))
		osip_transaction_execute(t->tr, e);
	t->busy = false;
}

static void txn_free(struct txn *t)
{
	struct txns *x = t->x;

	if (t->prev)
		t->prev->next = t->next;
	else
		x->first = t->next;
	if (t->next)
		t->next->prev = t->prev;
	x->count--;
	if (t->branch)
		--*t->branch;
	osip_transaction_free(t->tr);
	free(t);
}

static void txn_tell(struct txn *t, enum txn_event e, const osip_message_t *msg)
{
	if (t->handler)
		t->handler(t, e, msg, t->arg);
}

static void txn_end(struct txn *t)
{
	if (t->failed && t->large && !t->heard && !t->give_up_us && !txn_large_by_udp(t))
		return;
	if (t->failed)
		txn_tell(t, TXN_ERROR, NULL);
	txn_tell(t, TXN_GONE, NULL);
	txn_free(t);
}

static bool txn_is_over(const struct txn *t, int64_t now_us)
{
	return t->dead || t->failed || (t->give_up_us && t->give_up_us <= now_us);
}

/* Handlers may open and abandon transactions, so the list is searched anew after each that ended. */
static void txns_reap(struct txns *x)
{
	int64_t now = loop_now_us(x->loop);
	struct txn *t;

	do {
		for (t = x->first; t && !txn_is_over(t, now); t = t->next)
			;
		if (t)
			txn_end(t);
	} while (t);
}

static void txns_tick(void *arg)
{
	struct txns *x = arg;
	struct txn *t, *next;

	osip_timers_ict_execute(x->osip);
	osip_timers_ist_execute(x->osip);
	osip_timers_nict_execute(x->osip);
	osip_timers_nist_execute(x->osip);
	/* Draining frees nothing (txns_reap does); new transactions are put in front. */
	for (t = x->first; t; t = next) {
		next = t->next;
		txn_drain(t);
		if (t->client && t->give_up_us)
			t->dead |= txn_is_settled(t);
	}
	txns_reap(x);
	txns_arm(x);
}

static void txns_send_failed(struct txns *x, const struct sip_hop *to, int err)
{
	char text[HOP_TEXT_OCTETS];
	unsigned held;

	x->stats.send_errors++;
	if (log_limit_pass(&x->errors, loop_now_us(x->loop), &held))
		log_warning("sip", "cannot send to %s: %s", hop_print(to, text), strerror(err));
}

static int txns_send(struct txns *x, const char *text, size_t len, const struct sip_hop *to, uint32_t *connectionp)
{
	int err = transports_send(x->transports, to, text, len, connectionp);

	if (err)
		txns_send_failed(x, to, err);
	else
		x->stats.sent++;
	return err;
}

int txn_send_text(struct txns *x, const char *text, size_t len, const struct sip_hop *to, bool again)
{
	uint32_t connection;
	int err = txns_send(x, text, len, to, &connection);

	if (!err && again)
		x->stats.retransmissions++;
	return err;
}

static int txns_send_message(struct txns *x, osip_message_t *msg, const struct sip_hop *to, uint32_t *connectionp)
{
	char *text;
	size_t len;
	int err = message_to_text(msg, &text, &len);

	if (err)
		return err;
	message_log("tx", msg, to);
	err = txns_send(x, text, len, to, connectionp);
	osip_free(text);
	return err;
}

int txn_send_stateless(struct txns *x, osip_message_t *msg, const struct sip_hop *to)
{
	uint32_t connection;

	return txns_send_message(x, msg, to, &connection);
}

/* osip's send callback. A failure is kept for txns_reap(): osip would end the transaction under its user's feet. */
static int txn_osip_send(osip_transaction_t *tr, osip_message_t *msg, char *host, int port, int sock)
{
	struct txn *t = osip_transaction_get_your_instance(tr);
	uint32_t connection;
	int err;

	if (!t)
		return 0;
	err = txns_send_message(t->x, msg, &t->to, &connection);
	if (!err && t->client)
		t->to.connection = connection;
	/* A full queue is a lost datagram, and ECONNREFUSED speaks of an earlier one: the timers take care of both. */
	if (!err || (t->to.transport == SIP_UDP && (err == EAGAIN || err == ENOBUFS || err == ECONNREFUSED)))
		return 0;
	snprintf(t->why, sizeof(t->why), "%s", strerror(err));
	t->failed = true;
	return 0;
}

static void txn_osip_response(int type, osip_transaction_t *tr, osip_message_t *msg)
{
	struct txn *t = osip_transaction_get_your_instance(tr);

	if (!t || !msg)
		return;
	t->heard = true;
	if (t->handler)
		t->handler(t, TXN_RESPONSE, msg, t->arg);
	else
		t->x->stray(msg, t->x->arg);
}

static void txn_osip_timeout(int type, osip_transaction_t *tr, osip_message_t *msg)
{
	struct txn *t = osip_transaction_get_your_instance(tr);

	if (t)
		txn_tell(t, TXN_NO_ANSWER, NULL);
}

static void txn_osip_again(int type, osip_transaction_t *tr, osip_message_t *msg)
{
	struct txn *t = osip_transaction_get_your_instance(tr);

	if (t)
		t->x->stats.retransmissions++;
}

static void txn_osip_kill(int type, osip_transaction_t *tr)
{
	struct txn *t = osip_transaction_get_your_instance(tr);

	if (t)
		t->dead = true;
}

static void txns_set_callbacks(osip_t *o)
{
	static const int responses[] = {
		OSIP_ICT_STATUS_1XX_RECEIVED,  OSIP_ICT_STATUS_2XX_RECEIVED,  OSIP_ICT_STATUS_3XX_RECEIVED,
		OSIP_ICT_STATUS_4XX_RECEIVED,  OSIP_ICT_STATUS_5XX_RECEIVED,  OSIP_ICT_STATUS_6XX_RECEIVED,
		OSIP_NICT_STATUS_1XX_RECEIVED, OSIP_NICT_STATUS_2XX_RECEIVED, OSIP_NICT_STATUS_3XX_RECEIVED,
		OSIP_NICT_STATUS_4XX_RECEIVED, OSIP_NICT_STATUS_5XX_RECEIVED, OSIP_NICT_STATUS_6XX_RECEIVED,
	};
	static const int again[] = {
		OSIP_ICT_INVITE_SENT_AGAIN,	    OSIP_ICT_ACK_SENT_AGAIN,	       OSIP_NICT_REQUEST_SENT_AGAIN,
		OSIP_IST_STATUS_2XX_SENT_AGAIN,	    OSIP_IST_STATUS_3456XX_SENT_AGAIN, OSIP_NIST_STATUS_2XX_SENT_AGAIN,
		OSIP_NIST_STATUS_3456XX_SENT_AGAIN,
	};
	size_t i;

	for (i = 0; i < sizeof(responses) / sizeof(responses[0]); i++)
		osip_set_message_callback(o, responses[i], txn_osip_response);
	for (i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		osip_set_message_callback(o, again[i], txn_osip_again);
	osip_set_message_callback(o, OSIP_ICT_STATUS_TIMEOUT, txn_osip_timeout);
	osip_set_message_callback(o, OSIP_NICT_STATUS_TIMEOUT, txn_osip_timeout);
	for (i = 0; i < OSIP_KILL_CALLBACK_COUNT; i++)
		osip_set_kill_transaction_callback(o, (int)i, txn_osip_kill);
	osip_set_cb_send_message(o, txn_osip_send);
}

/* osip would write its complaints to the standard output. */
static void txns_osip_trace(const char *file, int line, osip_trace_level_t level, const char *fmt, va_list ap)
{
	char text[256];

	if (!log_enabled(LOGL_DEBUG))
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\r\n")] = '\0';
	log_debug("sip", "osip: %s", text);
}

int txns_alloc(struct txns **xp, struct loop *loop, struct transports *transports, txn_stray_h *stray, void *arg)
{
	struct txns *x = calloc(1, sizeof(*x));

	if (!x)
		return ENOMEM;
	x->loop = loop;
	x->transports = transports;
	x->stray = stray;
	x->arg = arg;
	x->errors = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	timer_init(&x->timer, txns_tick, x);
	osip_trace_initialize_func(OSIP_WARNING, txns_osip_trace);
	if (answered_alloc(&x->answered, loop) || osip_init(&x->osip)) {
		answered_free(x->answered);
		free(x);
		return ENOMEM;
	}
	osip_set_application_context(x->osip, x);
	txns_set_callbacks(x->osip);
	*xp = x;
	return 0;
}

void txns_free(struct txns *x)
{
	if (!x)
		return;
	timer_stop(loop_timers(x->loop), &x->timer);
	while (x->first)
		txn_free(x->first);
	osip_release(x->osip);
	answered_free(x->answered);
	free(x);
}

void txns_use_tcp_above(struct txns *x, unsigned octets, const struct message_ua ua[ADDR_FAMILIES])
{
	x->tcp_above = octets;
	x->ua = ua;
}

void txns_lost(struct txns *x, const struct stream_loss *l)
{
	struct txn *t;

	for (t = x->first; t; t = t->next) {
		if (t->to.transport != l->hop.transport || t->to.connection != l->hop.connection || t->dead)
			continue;
		t->to.connection = 0;
		/* The answer to what has been heard may come by a connection that the other side opens (RFC 3261
		 * 18.2.2). */
		if (!t->client || t->heard)
			continue;
		snprintf(t->why, sizeof(t->why), "%s", l->why);
		t->failed = true;
	}
	txns_wake(x);
}

struct txn_stats txns_stats(const struct txns *x)
{
	return x->stats;
}

unsigned txns_count(const struct txns *x)
{
	return x->count;
}

/* A transaction for EVENT, which it takes over in every case, and its first step. */
static int txn_start(struct txns *x, osip_event_t *event, const struct txn *with, struct txn **tp)
{
	struct txn *t = malloc(sizeof(*t));

	if (!t) {
		osip_event_free(event);
		return ENOMEM;
	}
	*t = *with;
	t->tr = osip_create_transaction(x->osip, event);
	if (!t->tr) {
		osip_event_free(event);
		free(t);
		return EINVAL;
	}
	t->x = x;
	t->next = x->first;
	if (t->next)
		t->next->prev = t;
	x->first = t;
	x->count++;
	osip_transaction_set_your_instance(t->tr, t);
	osip_transaction_add_event(t->tr, event);
	txn_drain(t);
	txns_wake(x);
	*tp = t;
	return 0;
}

int txn_request(struct txns *x, osip_message_t *request, const struct sip_hop *to, txn_h *handler, void *arg,
		struct txn **tp)
{
	struct txn with = {.to = *to, .client = true, .handler = handler, .arg = arg};
	osip_event_t *event;

	if (to->transport == SIP_UDP && x->tcp_above)
		txn_large_begin(&with, x, request);
	event = osip_new_outgoing_sipmessage(request);
	if (!event) {
		osip_message_free(request);
		return ENOMEM;
	}
	return txn_start(x, event, &with, tp);
}

int txn_open(struct txns *x, osip_event_t *event, const struct sip_hop *to, struct txn **tp)
{
	uint16_t *branch = txns_branch(x, event->sip);
	const struct txn with = {.to = *to};
	int err = txn_start(x, event, &with, tp);

	if (!err && branch && *branch < UINT16_MAX) {
		(*tp)->branch = branch;
		++*branch;
	}
	return err;
}

void txn_attend(struct txn *t, txn_h *handler, void *arg)
{
	t->handler = handler;
	t->arg = arg;
}

bool txn_match(struct txns *x, osip_event_t *event)
{
	osip_transaction_t *tr;
	struct txn *t;

	if (MSG_IS_REQUEST(event->sip) && !MSG_IS_ACK(event->sip) && txns_answer_again(x, event->sip)) {
		osip_event_free(event);
		return true;
	}
	tr = txns_find(x, event);
	t = tr ? osip_transaction_get_your_instance(tr) : NULL;
	if (t && !t->dead) {
		osip_transaction_add_event(tr, event);
		txn_drain(t);
		/* The ACK of a refusal was all that it waited for. */
		if (!t->client && t->give_up_us)
			t->dead |= txn_is_settled(t);
		txns_wake(x);
		return true;
	}
	if (MSG_IS_REQUEST(event->sip))
		return false;
	x->stray(event->sip, x->arg);
	osip_event_free(event);
	return true;
}

int txn_respond(struct txn *t, osip_message_t *response)
{
	osip_event_t *event;

	if (t->dead) {
		osip_message_free(response);
		return 0;
	}
	event = osip_new_outgoing_sipmessage(response);
	if (!event) {
		osip_message_free(response);
		return ENOMEM;
	}
	osip_transaction_add_event(t->tr, event);
	txn_drain(t);
	txns_wake(t->x);
	return 0;
}

const osip_message_t *txn_original(const struct txn *t)
{
	return t->tr->orig_request;
}

const char *txn_why(const struct txn *t)
{
	return t->why;
}

const struct sip_hop *txn_peer(const struct txn *t)
{
	return &t->to;
}

void txn_abandon(struct txn *t)
{
	if (!t)
		return;
	t->handler = NULL;
	t->arg = NULL;
	t->give_up_us = loop_now_us(t->x->loop) + TXN_64T1_MS * MS_US;
	t->dead |= txn_is_settled(t);
	txns_wake(t->x);
}

void txn_drop(struct txn *t)
{
	if (!t)
		return;
	txn_abandon(t);
	t->give_up_us = loop_now_us(t->x->loop);
}
