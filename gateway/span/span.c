/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/span.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "gateway/span/span_control.h"
#include "gateway/span/span_dchannel.h"
#include "gateway/span/span_line.h"
#include "gateway/span/span_restart.h"
#include "t38/rtp/g711.h"

#define INBOX_ROOM 1024
/* After so long without a block the line is dead, and so often span time is then looked after. */
#define FALLBACK_US	(100 * MS_US)
#define ALARM_CLEARS_US (2500 * MS_US) /* a shorter break costs a fax some lines at most, and those are sent again */
#define SAY_US		(200 * MS_US)  /* for what the D channel says last of a call */
#define US_PER_SAMPLE	(SEC_US / LINE_RATE)

/* ---- timeslots ---- */

int64_t span_now_us(const struct span *s)
{
	return s->timers.now_us;
}

void span_occupy_timeslot(struct span *s, struct leg_pstn *l, unsigned timeslot)
{
	l->timeslot = timeslot;
	s->by_timeslot[timeslot] = l;
	line_open(s->line, timeslot);
	line_echo(s->line, timeslot, true);
}

int span_move_timeslot(struct span *s, struct leg_pstn *l, unsigned timeslot)
{
	int err;

	if (timeslot >= TIMESLOT_COUNT)
		return ENOENT;
	if (s->by_timeslot[timeslot] == l)
		return 0;
	err = chanmap_take(&s->channels, timeslot);
	if (err)
		return err;
	span_release_timeslot(s, l);
	span_occupy_timeslot(s, l, timeslot);
	return 0;
}

int span_hunt_timeslot(struct span *s, struct leg_pstn *l, uint32_t except)
{
	unsigned timeslot = chanmap_hunt(&s->channels, except);

	if (!timeslot)
		return ENOSR;
	span_occupy_timeslot(s, l, timeslot);
	return 0;
}

void span_release_timeslot(struct span *s, struct leg_pstn *l)
{
	if (!l->timeslot || s->by_timeslot[l->timeslot] != l)
		return;
	line_close(s->line, l->timeslot);
	chanmap_release(&s->channels, l->timeslot);
	s->by_timeslot[l->timeslot] = NULL;
}

/* ---- legs ---- */

int span_post(struct span *s, const struct msg *m)
{
	int err = mailbox_post(s->sip, m);

	if (err)
		s->undelivered++;
	return err;
}

void span_reap(struct span *s)
{
	for (unsigned i = 0; i < s->nlegs;) {
		leg_pstn_retry(s->legs[i]);
		if (!leg_pstn_is_gone(s->legs[i])) {
			i++;
			continue;
		}
		leg_pstn_free(s->legs[i]);
		s->legs[i] = s->legs[--s->nlegs];
		s->freed_us = span_now_us(s);
	}
	if (span_is_over(s))
		loop_stop(s->loop);
}

/* The RELEASE COMPLETE of the last call is with the line's driver, no more: if that is closed now, the exchange waits
 * for it in vain, and may take the channel out of service (Q.931 5.3.3, T308). */
bool span_is_over(const struct span *s)
{
	return s->stopping && !s->nlegs && span_now_us(s) - s->freed_us >= SAY_US;
}

void span_forget(struct span *s, struct leg_pstn *l)
{
	if (!l)
		return;
	span_release_timeslot(s, l);
	for (unsigned i = 0; i < s->nlegs; i++)
		if (s->legs[i] == l)
			s->legs[i] = s->legs[--s->nlegs];
	leg_pstn_free(l);
}

void span_drop_all(struct span *s, unsigned cause, const char *why)
{
	for (unsigned i = 0; i < s->nlegs; i++)
		leg_pstn_drop(s->legs[i], cause, why);
}

/* ---- the D channel ---- */

static int send_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	return line_send_dframe(((struct span *)arg)->line, frame, octets);
}

/* ---- the line ---- */

static void on_begin(unsigned samples, void *arg)
{
	struct span *s = arg;

	timers_run(&s->timers, s->timers.now_us + samples * US_PER_SAMPLE);
}

/* The bearer speaks A-law, this line does not (G.711 tables 3 and 4). */
static void block_ulaw(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t octets)
{
	uint8_t alaw[LINE_BLOCK];

	for (size_t n; octets; rx += n, tx += n, octets -= n) {
		n = octets < sizeof(alaw) ? octets : sizeof(alaw);
		g711_convert(CODEC_PCMU, CODEC_PCMA, alaw, rx, n);
		bearer_block(b, alaw, tx, n);
		g711_convert(CODEC_PCMA, CODEC_PCMU, tx, tx, n);
	}
}

static void on_timeslot(unsigned timeslot, const uint8_t *rx, uint8_t *tx, size_t octets, void *arg)
{
	struct span *s = arg;
	struct leg_pstn *l = s->by_timeslot[timeslot];

	if (!l || !l->bearer.fsm.def)
		memset(tx, g711_silence(s->conf->law), octets);
	else if (s->conf->law == CODEC_PCMA)
		bearer_block(&l->bearer, rx, tx, octets);
	else
		block_ulaw(&l->bearer, rx, tx, octets);
}

/* The line lives: the fallback begins to wait anew, and so never wakes us. */
static void fallback_put_off(struct span *s)
{
	s->last_look_us = loop_now_us(s->loop);
	timer_start(loop_timers(s->loop), &s->fallback, FALLBACK_US);
}

static void on_end(void *arg)
{
	struct span *s = arg;

	pri_link_run(s->link);
	span_reap(s);
	fallback_put_off(s);
}

static void on_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	pri_link_receive(((struct span *)arg)->link, frame, octets);
}

static void line_lost(struct span *s, const char *why)
{
	if (s->nlegs)
		log_warning(s->prefix, "nothing is received any more: %u calls are cleared", s->nlegs);
	s->restart.done_at_start = false;
	for (unsigned i = 0; i < s->nlegs; i++)
		leg_pstn_drop_for_line(s->legs[i], Q850_NETWORK_OUT_OF_ORDER, why);
}

static void alarm_lasts(void *arg)
{
	line_lost(arg, "loss of signal on the span");
}

/* LOS may become AIS, or the other way round: the time runs on. */
static void signal_lost(struct span *s, enum line_event e)
{
	if (timer_running(&s->alarm_timer)) {
		log_error(s->prefix, "alarm: %s: nothing is received", line_event_name(e));
		return;
	}
	log_error(s->prefix, "alarm: %s: nothing is received; calls are cleared in %u ms if it lasts",
		  line_event_name(e), (unsigned)(ALARM_CLEARS_US / MS_US));
	timer_start(&s->timers, &s->alarm_timer, ALARM_CLEARS_US);
}

static void on_line_event(enum line_event e, unsigned count, void *arg)
{
	struct span *s = arg;

	switch (e) {
	case LINE_LOS:
	case LINE_BLUE:
		s->alarm = true;
		signal_lost(s, e);
		break;
	case LINE_GONE:
		log_error(s->prefix, "alarm: %s", line_event_name(e));
		s->alarm = true;
		line_lost(s, "the span's device is gone");
		break;
	case LINE_YELLOW:
		log_error(s->prefix, "alarm: %s: the other end does not receive us", line_event_name(e));
		s->alarm = true;
		/* if there was none, there is a signal now */
		timer_stop(&s->timers, &s->alarm_timer);
		break;
	case LINE_CLEAR:
		log_notice(s->prefix, "alarm cleared");
		s->alarm = false;
		timer_stop(&s->timers, &s->alarm_timer);
		if (pri_link_is_up(s->link))
			span_restart_at_start(s);
		break;
	default:
		log_debug(s->prefix, "%s (%u)", line_event_name(e), count);
	}
}

/* While the line is dead span time follows the monotonic clock, so that every timeout still comes. */
static void on_fallback(void *arg)
{
	struct span *s = arg;
	int64_t now_us = loop_now_us(s->loop);

	timers_run(&s->timers, s->timers.now_us + now_us - s->last_look_us);
	pri_link_run(s->link);
	span_reap(s);
	fallback_put_off(s);
}

/* ---- the mailbox ---- */

static void refuse_dial(struct span *s, const struct msg *m, unsigned cause, const char *why)
{
	struct msg r = {.type = MSG_RELEASE, .call = m->call, .span = s->index};

	r.release.cause = cause;
	snprintf(r.release.text, sizeof(r.release.text), "%s", why);
	span_post(s, &r); /* lost: leg_sip's own timeout ends the call */
}

static void on_dial(struct span *s, const struct msg *m)
{
	int err;

	if (s->stopping)
		refuse_dial(s, m, Q850_TEMPORARY_FAILURE, "the gateway is stopping");
	else if (s->alarm || !pri_link_is_up(s->link))
		refuse_dial(s, m, Q850_NETWORK_OUT_OF_ORDER,
			    s->alarm ? "the span is in alarm" : "the D channel is down");
	else if ((err = leg_pstn_dial(s, m)) == ENOSR)
		refuse_dial(s, m, Q850_NO_CHANNEL, "no free channel");
	else if (err)
		refuse_dial(s, m, Q850_RESOURCE_UNAVAILABLE, strerror(err));
}

static void on_stop(struct span *s, bool clear)
{
	s->stopping = true;
	if (clear)
		span_drop_all(s, Q850_NORMAL_UNSPECIFIED, "the gateway is stopping");
}

static void on_message(struct span *s, const struct msg *m)
{
	if (m->type == MSG_STOP) {
		on_stop(s, m->clear);
		return;
	}
	if (m->type == MSG_SETUP) {
		on_dial(s, m);
		return;
	}
	if (m->type == MSG_COMMAND) {
		span_control(s, m);
		return;
	}
	for (unsigned i = 0; i < s->nlegs; i++)
		if (call_id_equal(s->legs[i]->id, m->call)) {
			leg_pstn_message(s->legs[i], m);
			return;
		}
}

static void on_inbox(uint32_t epoll_events, void *arg)
{
	struct span *s = arg;
	struct msg m;

	mailbox_quiet(s->inbox);
	while (mailbox_take(s->inbox, &m))
		on_message(s, &m);
	span_reap(s);
}

/* ---- life ---- */

static int open_link(struct span *s)
{
	const struct pri_link_params p = {
		.side = s->conf->side,
		.switch_type = s->conf->switch_type,
		.ulaw = s->conf->law == CODEC_PCMU,
		.overlap_digits = s->conf->overlap_dial,
		.prefix = s->prefix,
		.debug = s->conf->pri_debug,
	};
	const struct pri_link_handlers h = {send_dframe, span_dchannel_event, s};
	int err = pri_link_alloc(&s->link, &p, &h);

	if (err)
		log_error(s->prefix, "cannot open the D channel: %s", strerror(err));
	return err;
}

static int start(struct span *s)
{
	s->handlers = (struct line_handlers){on_begin, on_timeslot, on_end, on_dframe, on_line_event, s};
	/* span time begins well above 0, which stands for "never" in records */
	s->timers.now_us = SEC_US;
	fallback_put_off(s);
	return line_start(s->line, s->loop, &s->handlers);
}

int span_thread_alloc(struct span **sp, const struct span_params *p)
{
	struct span *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s) {
		line_free(p->line);
		return err;
	}
	s->config = p->config;
	s->conf = &p->config->spans[p->index];
	s->index = p->index;
	s->line = p->line;
	s->sip = p->sip;
	snprintf(s->prefix, sizeof(s->prefix), "span %u", s->conf->number);
	timers_init(&s->timers);
	timer_init(&s->restart.timer, span_restart_timeout, s);
	timer_init(&s->alarm_timer, alarm_lasts, s);
	timer_init(&s->fallback, on_fallback, s);
	chanmap_init(&s->channels, s->conf->timeslots, s->conf->hunt);
	media_ports_init(&s->ports, p->net, p->config->media_address, p->config->port_min, p->config->port_max,
			 p->index, p->config->nspans);
	s->ports.dscp = p->config->media_dscp;
	err = loop_alloc(&s->loop, p->clock);
	if (!err)
		err = mailbox_alloc(&s->inbox, INBOX_ROOM, sizeof(struct msg));
	if (!err && !s->line)
		err = span_line_alloc(&s->line, s->conf, s->prefix, s->ports.net);
	if (!err)
		err = open_link(s);
	if (!err)
		err = loop_watch(s->loop, mailbox_fd(s->inbox), EPOLLIN, on_inbox, s);
	if (!err)
		err = start(s);
	if (err)
		span_thread_free(s);
	else
		*sp = s;
	return err;
}

void span_thread_free(struct span *s)
{
	if (!s)
		return;
	while (s->nlegs)
		leg_pstn_free(s->legs[--s->nlegs]);
	media_ports_fini(&s->ports);
	pri_link_free(s->link);
	line_free(s->line);
	if (s->loop)
		timer_stop(loop_timers(s->loop), &s->fallback);
	if (s->loop && s->inbox)
		loop_unwatch(s->loop, mailbox_fd(s->inbox));
	mailbox_free(s->inbox);
	timers_fini(&s->timers);
	loop_free(s->loop);
	free(s);
}

int span_run(struct span *s)
{
	return loop_run(s->loop);
}

struct mailbox *span_inbox(struct span *s)
{
	return s->inbox;
}

void span_connect_control(struct span *s, struct mailbox *control)
{
	s->control = control;
}
