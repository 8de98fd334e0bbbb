/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/span_dchannel.h"

#include <stdio.h>
#include <string.h>

#include "gateway/route/route.h"
#include "gateway/span/span_restart.h"

/* Refuses a SETUP for which no leg was made; it gets its line in the log all the same. */
static void refuse_setup(struct span *s, const struct pri_event_data *e, unsigned rule, unsigned cause, const char *why)
{
	const struct call_id id = {(uint16_t)s->conf->number, ++s->next_serial};
	struct cdr c = {.from_line = true, .cleared_by = CDR_GATEWAY, .cause = cause};
	char prefix[64], name[CALL_ID_OCTETS], line[CDR_LINE_OCTETS];

	c.begin_us = c.end_us = span_now_us(s);
	memcpy(c.called, e->parties.called.digits, sizeof(c.called));
	memcpy(c.calling, e->parties.calling.digits, sizeof(c.calling));
	c.route = route_name(s->config, rule);
	snprintf(c.text, sizeof(c.text), "%s", why);
	snprintf(prefix, sizeof(prefix), "span %u ch %u call %s", s->conf->number, e->channel, call_id_print(id, name));
	log_notice(prefix, "%s", cdr_print(&c, line, sizeof(line)));
	pri_call_clear(e->call, cause);
}

/* Q.931 5.7: where two SETUPs meet on a channel the network's is the one that has it. Ours, which the network will
 * refuse or put elsewhere, makes way. */
static bool make_way(struct span *s, unsigned timeslot)
{
	struct leg_pstn *ours = s->by_timeslot[timeslot];

	return s->conf->side == ISDN_TE && ours && leg_pstn_yield(ours) && !chanmap_take(&s->channels, timeslot);
}

/* The channel for a SETUP: the one asked for, or any. Returns a Q.850 cause, 0 when *TIMESLOTP is taken. */
static unsigned take_channel(struct span *s, const struct pri_event_data *e, unsigned *timeslotp)
{
	unsigned timeslot = e->channel;

	if (timeslot && (!chanmap_take(&s->channels, timeslot) || make_way(s, timeslot))) {
		*timeslotp = timeslot;
		return 0;
	}
	if (timeslot && e->channel_exclusive)
		return Q850_CHANNEL_UNAVAILABLE;
	timeslot = chanmap_hunt(&s->channels, 0);
	*timeslotp = timeslot;
	return timeslot ? 0 : Q850_NO_CHANNEL;
}

/* True if the number of a SETUP may go on. */
static bool is_incomplete(const struct span *s, const struct pri_event_data *e)
{
	return s->conf->overlap && !e->complete && !strchr(e->parties.called.digits, ISDN_END_OF_NUMBER) &&
	       route_fit(s->config, s->index, &e->parties) & CONFIG_NUMBERS_MORE;
}

static void on_setup(struct span *s, struct pri_event_data *e)
{
	const struct route_query query = {.from_line = true, .from = s->index, .parties = &e->parties};
	const bool incomplete = is_incomplete(s, e);
	struct route_result route = {.rule = ROUTE_NONE};
	unsigned timeslot = 0, cause;

	if (s->conf->overlap && !e->complete && !incomplete)
		e->parties.called.digits[strcspn(e->parties.called.digits, (char[]){ISDN_END_OF_NUMBER, 0})] = '\0';
	if (s->stopping) {
		refuse_setup(s, e, route.rule, Q850_TEMPORARY_FAILURE, "the gateway is stopping");
		return;
	}
	if (!e->speech) {
		refuse_setup(s, e, route.rule, Q850_BEARER_NOT_IMPLEMENTED,
			     "the bearer is neither speech nor 3.1 kHz audio");
		return;
	}
	if (!incomplete)
		route_find(s->config, &query, &route);
	if (route.cause) {
		refuse_setup(s, e, route.rule, route.cause, route.why);
		return;
	}
	cause = take_channel(s, e, &timeslot);
	if (cause) {
		refuse_setup(s, e, route.rule, cause,
			     cause == Q850_NO_CHANNEL ? "no free channel" : "the channel asked for is in use");
		return;
	}
	if (leg_pstn_offer(s, e, timeslot, incomplete ? NULL : &route)) {
		chanmap_release(&s->channels, timeslot);
		refuse_setup(s, e, route.rule, Q850_RESOURCE_UNAVAILABLE, "no memory for the call");
	}
}

/* What the operator has blocked the other side must hear (again), where the switch has SERVICE. */
static void on_up(struct span *s)
{
	log_notice(s->prefix, "D channel is up");
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		if (chanmap_is_blocked(&s->channels, ts, CHAN_OPERATOR))
			pri_link_service(s->link, ts, false);
	span_restart_at_start(s);
}

static void on_down(struct span *s)
{
	log_warning(s->prefix, "D channel is down");
	span_restart_stop(s);
	/* what it has taken out of service it will say again */
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		chanmap_block(&s->channels, ts, CHAN_REMOTE, false);
}

/* The other side has restarted a channel (0: all of them): calls on it are no more. */
static void on_restarted(struct span *s, unsigned timeslot)
{
	log_notice(s->prefix, "the other side restarted %s%.0u", timeslot ? "ch " : "all channels", timeslot);
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		if (s->by_timeslot[ts] && (!timeslot || timeslot == ts))
			leg_pstn_drop_for_line(s->by_timeslot[ts], Q850_TEMPORARY_FAILURE,
					       "the other side restarted the channel");
}

/* SERVICE: a call that is on the channel goes on; no other comes to it. */
static void on_service(struct span *s, unsigned timeslot, bool in_service)
{
	if (chanmap_state(&s->channels, timeslot) == CHAN_ABSENT) {
		log_notice(s->prefix, "SERVICE for ch %u, which is none of ours: ignored", timeslot);
		return;
	}
	log_notice(s->prefix, "ch %u: the other side takes it %s service", timeslot,
		   in_service ? "back into" : "out of");
	chanmap_block(&s->channels, timeslot, CHAN_REMOTE, !in_service);
}

void span_dchannel_event(const struct pri_event_data *e, void *arg)
{
	struct pri_event_data setup;
	struct span *s = arg;

	switch (e->type) {
	case PRI_UP:
		on_up(s);
		break;
	case PRI_DOWN:
		on_down(s);
		break;
	case PRI_RESTARTED:
		on_restarted(s, e->channel);
		break;
	case PRI_RESTART_DONE:
		span_restart_acknowledged(s, e->channel);
		break;
	case PRI_SERVICE:
		on_service(s, e->channel, e->in_service);
		break;
	case PRI_SETUP:
		setup = *e;
		on_setup(s, &setup);
		break;
	default:
		if (e->call_arg)
			leg_pstn_pri_event(e->call_arg, e);
		else if (e->type == PRI_CLEARING)
			pri_call_clear(e->call, Q850_NORMAL);
	}
}
