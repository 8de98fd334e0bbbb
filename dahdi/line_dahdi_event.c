/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens to a DAHDI span: alarms, events, the device going away and coming back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/counter.h"
#include "line_dahdi_own.h"

void dahdi_tell(struct dahdi *d, enum line_event e, unsigned count, const char *detail)
{
	unsigned held;

	counter_add(&d->line.stats.events[e], count);
	if (log_limit_pass(&d->limit[e], loop_now_us(d->loop), &held))
		log_warning(d->params.prefix, "%s: %s (%u in all, %u lines held back)", line_event_name(e), detail,
			    (unsigned)counter_get(&d->line.stats.events[e]), held);
	d->h->event(e, count, d->h->arg);
}

/* ---- alarms ---- */

/* The gravest alarm of BITS: LINE_LOS, LINE_BLUE, LINE_YELLOW, or LINE_CLEAR. */
static enum line_event alarm_of(int bits, enum line_event before)
{
	if (bits & (DABI_ALARM_LOS | DABI_ALARM_LOOPBACK | DABI_ALARM_NOTOPEN))
		return LINE_LOS;
	if (bits & DABI_ALARM_BLUE)
		return LINE_BLUE;
	if (bits & (DABI_ALARM_RED | DABI_ALARM_LFA | DABI_ALARM_LMFA))
		return LINE_LOS;
	if (bits & DABI_ALARM_YELLOW)
		return LINE_YELLOW;
	return bits & DABI_ALARM_RECOVER ? before : LINE_CLEAR;
}

static const char *alarm_meaning(int bits, bool stalled)
{
	if (bits & DABI_ALARM_LOS)
		return "no signal: cable, or the other end is off";
	if (bits & DABI_ALARM_NOTOPEN)
		return "the span has been shut down";
	if (bits & DABI_ALARM_LOOPBACK)
		return "the span is looped back for a test: no calls";
	if (bits & DABI_ALARM_BLUE)
		return "the other end sends all ones (AIS): it has lost its own line behind it";
	if (bits & DABI_ALARM_LFA)
		return "no frame alignment: framing (CRC4 or not) differs, or the line is disturbed";
	if (bits & DABI_ALARM_LMFA)
		return "no multiframe alignment: the other end has no CRC4";
	if (bits & DABI_ALARM_RED)
		return "red alarm: nothing valid is received";
	if (bits & DABI_ALARM_YELLOW)
		return "remote alarm (RAI): the other end does not receive us";
	return stalled ? "the driver delivers nothing: its clock has stopped" : "recovering";
}

static void alarm_change(struct dahdi *d, enum line_event to)
{
	enum line_event from = d->alarm;

	if (from == to)
		return;
	d->alarm = to;
	counter_inc(&d->line.stats.events[to]);
	if (to == LINE_CLEAR)
		log_notice(d->params.prefix, "DAHDI: no more alarm");
	else
		log_warning(d->params.prefix, "DAHDI: %s", alarm_meaning(d->alarm_bits, d->stalled));
	/* What waits would be old when the line is back; the data link asks for what it misses. */
	if (to == LINE_LOS || to == LINE_BLUE)
		dahdi_chan_ioctl(d, &d->chan[d->params.dchannel], DABI_FLUSH, DABI_FLUSH_WRITE);
	d->h->event(to, 1, d->h->arg);
}

int dahdi_alarms(struct dahdi *d)
{
	struct dahdi_chan *c = &d->chan[d->params.dchannel];
	struct dabi_spaninfo i = {.spanno = (int)d->params.span};
	enum line_event alarm;

	if (c->fd < 0 || d->dev->ioctl(c->fd, DABI_SPANSTAT, &i, d->dev->arg))
		return ENODEV;
	if (i.irqmisses > d->irqmisses)
		dahdi_tell(d, LINE_SLIP, (unsigned)(i.irqmisses - d->irqmisses),
			   "the card's interrupts were missed: octets of all channels are lost");
	d->irqmisses = i.irqmisses;
	d->alarm_bits = i.alarms;
	alarm = alarm_of(i.alarms, d->alarm);
	alarm_change(d, d->stalled && alarm != LINE_BLUE ? LINE_LOS : alarm);
	return 0;
}

/* ---- events ---- */

static void event_of_dchannel(struct dahdi *d, int event)
{
	switch (event) {
	case DABI_EVENT_ABORT:
		/* The first may be the rest of what was on the line when we opened. */
		if (d->settled)
			dahdi_tell(d, LINE_HDLC_ABORT, 1, "a frame of the D channel was aborted");
		break;
	case DABI_EVENT_BADFCS:
		dahdi_tell(d, LINE_HDLC_FCS, 1, "a frame of the D channel came damaged: bad FCS");
		break;
	case DABI_EVENT_OVERRUN:
		dahdi_tell(d, LINE_HDLC_FCS, 1, "a frame of the D channel was too long");
		break;
	default:
		log_debug(d->params.prefix, "ch %u: DAHDI event %d", d->params.dchannel, event);
	}
	d->settled = true;
}

void dahdi_overrun(struct dahdi *d)
{
	if (!d->in_sync)
		return;
	d->in_sync = false;
	dahdi_tell(
		d, LINE_OVERRUN, 1,
		"received octets are lost on all channels: the gateway was held up for longer than the buffers hold");
}

void dahdi_underrun(struct dahdi *d, struct dahdi_chan *c)
{
	c->tx_anew = true;
	dahdi_tell(d, LINE_UNDERRUN, 1, "idle octets were sent: the gateway was held up for longer than send_delay");
}

static void event_of_bchannel(struct dahdi *d, struct dahdi_chan *c, int event)
{
	bool active = d->active >> c->timeslot & 1;

	switch (event) {
	case DABI_EVENT_READ_OVERRUN:
		dahdi_overrun(d);
		break;
	case DABI_EVENT_WRITE_UNDERRUN:
		/* Without a call there is nothing to send, and that is right. */
		if (active && !c->tx_anew)
			dahdi_underrun(d, c);
		break;
	case DABI_EVENT_TX_CED:
	case DABI_EVENT_RX_CED:
		dahdi_tell(d, LINE_TONE, 1, "the card has heard a fax machine answer (CED)");
		break;
	case DABI_EVENT_TX_CNG:
	case DABI_EVENT_RX_CNG:
		dahdi_tell(d, LINE_TONE, 1, "the card has heard a fax machine call (CNG)");
		break;
	case DABI_EVENT_EC_DISABLED:
	case DABI_EVENT_EC_NLP_DISABLED:
	case DABI_EVENT_EC_NLP_ENABLED:
		log_debug(d->params.prefix, "ch %u: the echo canceller %s", c->timeslot,
			  event == DABI_EVENT_EC_DISABLED	? "switched itself off"
			  : event == DABI_EVENT_EC_NLP_DISABLED ? "let go of its non-linear part"
								: "uses its non-linear part again");
		break;
	default:
		log_debug(d->params.prefix, "ch %u: DAHDI event %d", c->timeslot, event);
	}
}

int dahdi_events(struct dahdi *d, struct dahdi_chan *c)
{
	bool dchannel = c->timeslot == d->params.dchannel;
	int event, err;

	for (unsigned i = 0; i < DABI_MAX_EVENTS; i++) {
		event = DABI_EVENT_NONE;
		err = c->fd < 0 ? ENODEV : d->dev->ioctl(c->fd, DABI_GETEVENT, &event, d->dev->arg);
		if (err || event == DABI_EVENT_REMOVED)
			return ENODEV;
		if (event == DABI_EVENT_NONE)
			break;
		if (event != DABI_EVENT_ALARM && event != DABI_EVENT_NOALARM) {
			if (dchannel)
				event_of_dchannel(d, event);
			else
				event_of_bchannel(d, c, event);
		} else if ((dchannel || c->timeslot == d->clock) && dahdi_alarms(d)) {
			/* Every channel of the span has it; it is enough to ask at those that wake us. */
			return ENODEV;
		}
	}
	return 0;
}

/* ---- gone and back ---- */

void dahdi_gone(struct dahdi *d, const char *how)
{
	if (d->gone)
		return;
	d->gone = true;
	dahdi_unwatch(d);
	dahdi_close_all(d);
	d->in_sync = d->stalled = false;
	d->alarm = LINE_GONE;
	d->why_gone[0] = '\0';
	counter_inc(&d->line.stats.events[LINE_GONE]);
	log_error(d->params.prefix, "DAHDI span %u is gone (%s): trying to open it again each second", d->params.span,
		  how);
	d->h->event(LINE_GONE, 1, d->h->arg);
}

void dahdi_wait(struct dahdi *d, const char *why)
{
	d->gone = true;
	d->alarm = LINE_GONE;
	snprintf(d->why_gone, sizeof(d->why_gone), "%s", why);
	counter_inc(&d->line.stats.events[LINE_GONE]);
	log_error(d->params.prefix, "%s: trying to open it each second", why);
}

void dahdi_return(struct dahdi *d)
{
	char why[LINE_DAHDI_WHY_OCTETS];
	int err = dahdi_open_all(d, why);

	if (!err) {
		d->gone = false;
		err = dahdi_watch(d);
		snprintf(why, sizeof(why), "cannot wait for it: %s", strerror(err));
	}
	if (err) {
		dahdi_close_all(d);
		d->gone = true;
		if (strcmp(why, d->why_gone))
			log_warning(d->params.prefix, "not back yet: %s", why);
		memcpy(d->why_gone, why, sizeof(why));
		return;
	}
	log_notice(d->params.prefix, "DAHDI span %u is back", d->params.span);
	if (dahdi_alarms(d))
		dahdi_gone(d, "again");
}
