/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_call.c: the calls of a link: their table, and what the gateway does with them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pri_priv.h"

#define ANY_CHANNEL 0xFF /* libpri's "any channel", Q.931 4.5.13 */

static int call_cref(struct pri_link *l, q931_call *q)
{
	int low = 0, high = pri_get_crv(l->pri, q, &low);

	return high < 0 ? -1 : high << 3 | low;
}

/* Asks libpri whether it still has the call; it says so in its log when not. */
static bool call_is_known(struct pri_call *c)
{
	const bool quiet = c->link->quiet;
	bool known;

	if (!c->q)
		return false;
	c->link->quiet = true;
	known = call_cref(c->link, c->q) == c->cref;
	c->link->quiet = quiet;
	return known;
}

/* After each step that may free the call, and before libpri can put another at its address. */
static void call_check(struct pri_call *c)
{
	if (!call_is_known(c))
		c->q = NULL;
}

struct pri_call *pri_call_new(struct pri_link *l, q931_call *q, bool incoming)
{
	for (size_t i = 0; i < PRI_CALLS; i++) {
		struct pri_call *c = &l->calls[i];

		if (c->used)
			continue;
		*c = (struct pri_call){.link = l, .q = q, .cref = call_cref(l, q), .used = true, .incoming = incoming};
		return c;
	}
	return NULL;
}

void pri_call_release(struct pri_call *c)
{
	*c = (struct pri_call){.used = false};
}

struct pri_call *pri_call_find(struct pri_link *l, const q931_call *q)
{
	for (size_t i = 0; q && i < PRI_CALLS; i++) {
		if (l->calls[i].used && l->calls[i].q == q)
			return &l->calls[i];
	}
	return NULL;
}

void pri_call_raise(struct pri_call *c, enum pri_event_type type, struct pri_event_data *e)
{
	if (c->orphan)
		return;
	e->type = type;
	e->call = c;
	e->call_arg = c->arg;
	pri_link_raise(c->link, e);
}

void pri_call_forget(struct pri_call *c)
{
	if (call_is_known(c))
		pri_destroycall(c->link->pri, c->q);
	c->q = NULL;
}

void pri_call_lost(struct pri_link *l, unsigned cref, unsigned cause)
{
	for (size_t i = 0; i < PRI_CALLS; i++) {
		struct pri_call *c = &l->calls[i];

		if (!c->used || !c->incoming || c->collecting || c->proceeding || c->clearing || c->cref != (int)cref)
			continue;
		if (!c->cause)
			c->cause = cause;
		pri_call_forget(c);
	}
}

/*
 * Q.931 5.3.2 a: a SETUP that was not answered with another message may be refused with RELEASE COMPLETE. For these
 * causes libpri does; for others it notes a DISCONNECT, but sends nothing at all.
 */
static bool refusal_is_sent(unsigned cause)
{
	switch (cause) {
	case PRI_CAUSE_UNALLOCATED:
	case PRI_CAUSE_NORMAL_CIRCUIT_CONGESTION:
	case PRI_CAUSE_REQUESTED_CHAN_UNAVAIL:
	case PRI_CAUSE_INVALID_CALL_REFERENCE:
	case PRI_CAUSE_IDENTIFIED_CHANNEL_NOTEXIST:
	case PRI_CAUSE_INCOMPATIBLE_DESTINATION:
		return true;
	}
	return false;
}

void pri_call_hangup(struct pri_call *c, unsigned cause)
{
	struct pri *pri = c->link->pri;

	if (!c->clearing)
		c->forced_us = pri_link_now_us() + PRI_CLEAR_US;
	c->clearing = true;
	if (!c->cause)
		c->cause = cause;
	if (!c->q)
		return;
	if (c->incoming && !c->collecting && !c->proceeding && !refusal_is_sent(cause)) {
		c->proceeding = true;
		pri_proceeding(pri, c->q, (int)c->channel, 0);
	}
	pri_hangup(pri, c->q, (int)cause);
	call_check(c);
}

static void call_gone(struct pri_call *c)
{
	struct pri_event_data e = {.type = PRI_GONE,
				   .call = c,
				   .call_arg = c->arg,
				   .channel = c->channel,
				   .cause = c->cause ? c->cause : Q850_NORMAL_UNSPECIFIED};
	struct pri_link *l = c->link;
	const bool orphan = c->orphan;

	/* First, so that the handler may place a new call at once. */
	pri_call_release(c);
	if (!orphan)
		pri_link_raise(l, &e);
}

/*
 * Q.931 5.1.8: the calling user need not acknowledge CONNECT, so on the network side (and for libpri's Q.SIG, which
 * does not wait either) the call is connected when CONNECT is sent. It is told from here, not from inside
 * pri_call_answer().
 */
static bool needs_no_ack(const struct pri_link *l)
{
	return l->params.side == ISDN_NT || l->params.switch_type == ISDN_QSIG;
}

static void call_reap(struct pri_call *c)
{
	struct pri_event_data e = {.channel = c->channel};

	call_check(c);
	if (c->q && c->clearing && pri_link_now_us() >= c->forced_us) {
		log_notice(c->link->params.prefix, "call reference %d: the other side does not release it; dropped",
			   c->cref & 0x7FFF);
		pri_call_forget(c);
	}
	if (!c->q) {
		call_gone(c);
	} else if (c->answered && !c->connected && !c->clearing && needs_no_ack(c->link)) {
		c->connected = true;
		pri_call_raise(c, PRI_CONNECTED, &e);
	}
}

void pri_call_reap(struct pri_link *l)
{
	for (size_t i = 0; i < PRI_CALLS; i++) {
		if (l->calls[i].used)
			call_reap(&l->calls[i]);
	}
}

void pri_call_drop_all(struct pri_link *l)
{
	for (size_t i = 0; i < PRI_CALLS; i++) {
		if (!l->calls[i].used)
			continue;
		pri_call_forget(&l->calls[i]);
		pri_call_release(&l->calls[i]);
	}
}

/* Overlap sending: leaves the beginning of the called number in PARTIES and the rest in C. */
static void call_split_number(struct pri_call *c, struct isdn_parties *parties)
{
	char *digits = parties->called.digits;
	size_t first = c->link->params.overlap_digits + (digits[0] == '+');

	c->digits_left[0] = '\0';
	if (!c->link->params.overlap_digits || strlen(digits) <= first)
		return;
	snprintf(c->digits_left, sizeof(c->digits_left), "%s", digits + first);
	digits[first] = '\0';
}

void pri_call_send_digits(struct pri_call *c)
{
	for (const char *p = c->digits_left; *p; p++)
		pri_information(c->link->pri, c->q, *p);
	c->digits_left[0] = '\0';
}

static int call_setup(struct pri_call *c, const struct isdn_parties *all, unsigned channel, bool exclusive)
{
	struct isdn_parties parties = *all;
	struct pri_link *l = c->link;
	struct pri_sr *sr = pri_sr_new();
	int err;

	if (!sr)
		return ENOMEM;
	call_split_number(c, &parties);
	pri_party_send(l, &parties, !c->digits_left[0], sr);
	pri_sr_set_channel(sr, channel ? (int)channel : ANY_CHANNEL, channel && exclusive, 0);
	pri_sr_set_bearer(sr, PRI_TRANS_CAP_3_1K_AUDIO, pri_link_layer_1(l));
	err = pri_setup(l->pri, c->q, sr) ? EINVAL : 0;
	pri_sr_free(sr);
	return err;
}

int pri_link_call(struct pri_link *l, const struct isdn_parties *parties, unsigned channel, bool exclusive, void *arg,
		  struct pri_call **cp)
{
	const char *called = parties->called.digits;
	struct pri_call *c;
	q931_call *q;
	int err;

	if (channel >= TIMESLOT_COUNT || !isdn_digits_valid(called, true) ||
	    strlen(called) - (called[0] == '+') > PRI_NUMBER_MAX)
		return EINVAL;
	if (!l->up)
		return ENOTCONN;
	q = pri_new_call(l->pri);
	if (!q)
		return ENOMEM;
	c = pri_call_new(l, q, false);
	if (!c) {
		pri_destroycall(l->pri, q);
		return ENOMEM;
	}
	c->channel = channel;
	c->arg = arg;
	err = call_setup(c, parties, channel, exclusive);
	if (err) {
		pri_call_forget(c);
		pri_call_release(c);
		return err;
	}
	*cp = c;
	return 0;
}

void pri_call_set_arg(struct pri_call *c, void *arg)
{
	if (c->used)
		c->arg = arg;
}

/* True if the gateway may still send a message of theirs. */
static bool can_answer(const struct pri_call *c)
{
	return c->used && !c->orphan && c->q && c->incoming && !c->clearing && !c->answered;
}

int pri_call_proceeding(struct pri_call *c, unsigned channel)
{
	if (!can_answer(c) || c->proceeding || !channel || channel >= TIMESLOT_COUNT)
		return EIO;
	c->channel = channel;
	c->proceeding = true;
	return pri_proceeding(c->link->pri, c->q, (int)channel, 0) ? EIO : 0;
}

int pri_call_more(struct pri_call *c, unsigned channel)
{
	if (!can_answer(c) || c->collecting || c->proceeding || !channel || channel >= TIMESLOT_COUNT)
		return EIO;
	c->channel = channel;
	c->collecting = true;
	return pri_need_more_info(c->link->pri, c->q, (int)channel, 0) ? EIO : 0;
}

int pri_call_alerting(struct pri_call *c, bool inband)
{
	if (!can_answer(c))
		return EIO;
	c->proceeding = true;
	return pri_acknowledge(c->link->pri, c->q, (int)c->channel, inband) ? EIO : 0;
}

int pri_call_progress(struct pri_call *c, unsigned cause)
{
	struct pri *pri = c->used ? c->link->pri : NULL;
	int res;

	if (!can_answer(c))
		return EIO;
	c->proceeding = true;
	if (cause)
		res = pri_progress_with_cause(pri, c->q, (int)c->channel, 1, (int)cause);
	else
		res = pri_progress(pri, c->q, (int)c->channel, 1);
	return res ? EIO : 0;
}

int pri_call_answer(struct pri_call *c)
{
	if (!can_answer(c))
		return EIO;
	c->proceeding = true;
	if (pri_answer(c->link->pri, c->q, (int)c->channel, 0))
		return EIO;
	c->answered = true;
	return 0;
}

void pri_call_clear(struct pri_call *c, unsigned cause)
{
	if (!c->used || c->orphan || c->clearing)
		return;
	pri_call_hangup(c, cause >= 1 && cause <= 127 ? cause : Q850_NORMAL);
}

void pri_call_abandon(struct pri_call *c)
{
	if (!c->used || c->orphan)
		return;
	c->orphan = true;
	c->arg = NULL;
	/* Once more would not help: libpri has sent what there is to send. */
	if (c->clearing)
		pri_call_forget(c);
	else
		pri_call_hangup(c, c->cause ? c->cause : Q850_NORMAL);
	if (!c->q)
		pri_call_release(c);
}
