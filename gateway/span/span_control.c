/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/span_control.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gateway/span/span_restart.h"

static const char *service_state(const struct span *s)
{
	if (s->alarm)
		return "alarm";
	return pri_link_is_up(s->link) ? "up" : "D channel down";
}

static unsigned count_calls(const struct span *s)
{
	unsigned n = 0;

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		n += s->by_timeslot[ts] != NULL;
	return n;
}

static void show_status(struct span *s, struct answer *a)
{
	answer_row(a, "span %u\t%s, %u in calls, %u free, %u blocked", s->conf->number, service_state(s),
		   count_calls(s), chanmap_count(&s->channels, CHAN_FREE), chanmap_count(&s->channels, CHAN_BLOCKED));
}

static void show_spans(struct span *s, struct answer *a)
{
	const struct chanmap *m = &s->channels;

	answer_row(a, "%u\t%s\t%s\t%s\t%u\t%u\t%u\t%u\t%" PRIu32, s->conf->number, config_line_name(s->conf->line_kind),
		   s->alarm ? "yes" : "no", pri_link_is_up(s->link) ? "up" : "down", count_calls(s),
		   chanmap_count(m, CHAN_FREE), chanmap_count(m, CHAN_RESTARTING), chanmap_count(m, CHAN_BLOCKED),
		   s->next_serial);
}

static void show_counters(const struct line_stats *st, struct answer *a)
{
	const struct {
		const char *name;
		const _Atomic uint64_t *count;
	} list[] = {
		{"blocks", &st->blocks},
		{"frames received", &st->frames_rx},
		{"frames sent", &st->frames_tx},
		{"frames lost", &st->frames_lost},
		{"frames late", &st->frames_late},
		{"frames bad", &st->frames_bad},
		{"D-channel frames received", &st->dframes_rx},
		{"D-channel frames sent", &st->dframes_tx},
		{"D-channel frames dropped", &st->dframes_dropped},
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		answer_row(a, "%s\t%" PRIu64, list[i].name, *list[i].count);
	for (int e = 0; e < LINE_EVENT_COUNT; e++)
		if (e != LINE_CLEAR)
			answer_row(a, "%s\t%" PRIu64, line_event_name((enum line_event)e), st->events[e]);
}

static void show_span(struct span *s, struct answer *a)
{
	const struct loop_stats loop = loop_stats(s->loop);

	answer_row(a, "span\t%u", s->conf->number);
	answer_row(a, "line\t%s", config_line_name(s->conf->line_kind));
	answer_row(a, "side\t%s", isdn_side_name(s->conf->side));
	answer_row(a, "switch type\t%s", isdn_switch_name(s->conf->switch_type));
	answer_row(a, "state\t%s", service_state(s));
	answer_row(a, "in calls\t%u", count_calls(s));
	for (int c = CHAN_FREE; c <= CHAN_BLOCKED; c++)
		if (c != CHAN_BUSY)
			answer_row(a, "%s\t%u", chan_state_name((enum chan_state)c),
				   chanmap_count(&s->channels, (enum chan_state)c));
	answer_row(a, "calls begun by the line\t%" PRIu32, s->next_serial);
	answer_row(a, "messages undelivered\t%" PRIu64, s->undelivered);
	answer_row(a, "wakeups\t%" PRIu64, loop.wakeups);
	show_counters(&s->line->stats, a);
}

static const char *blocked_by(const struct span *s, unsigned ts)
{
	bool operator= chanmap_is_blocked(&s->channels, ts, CHAN_OPERATOR);
	bool remote = chanmap_is_blocked(&s->channels, ts, CHAN_REMOTE);

	return operator&& remote ? "operator, remote" : operator? "operator" : remote ? "remote" : "-";
}

static void show_channels(struct span *s, struct answer *a)
{
	char id[CALL_ID_OCTETS];

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		const struct leg_pstn *l = s->by_timeslot[ts];

		if (chanmap_state(&s->channels, ts) == CHAN_ABSENT)
			continue;
		answer_row(a, "%u\t%u\t%s\t%s\t%s", s->conf->number, ts,
			   chan_state_name(chanmap_state(&s->channels, ts)), blocked_by(s, ts),
			   l ? call_id_print(l->id, id) : "-");
	}
}

static const char *or_dash(const char *text)
{
	return text[0] ? text : "-";
}

/* None is known while the number is not whole. */
static const char *peer_name(const struct leg_pstn *l)
{
	return l->cdr.peer ? l->cdr.peer : "-";
}

static void show_call_line(struct span *s, const struct leg_pstn *l, struct answer *a)
{
	char id[CALL_ID_OCTETS];

	answer_row(a, "%s\t%u\t%u\t%s\t%s\t%.0f\t%s\t%s\t%s\t%s\t%u", call_id_print(l->id, id), s->conf->number,
		   l->timeslot, l->from_line ? "line" : "sip", fsm_state_name(&l->fsm),
		   (double)(span_now_us(s) - l->cdr.begin_us) / SEC_US, or_dash(l->cdr.calling),
		   or_dash(l->cdr.called), peer_name(l), fsm_state_name(&l->bearer.fsm),
		   l->bearer.watch.pages);
}

static void show_call(struct span *s, const struct leg_pstn *l, struct answer *a)
{
	const struct t30_watch *w = &l->bearer.watch;
	char id[CALL_ID_OCTETS], why[160];
	struct bearer_report r;

	bearer_report(&l->bearer, &r);
	answer_row(a, "call\t%s", call_id_print(l->id, id));
	answer_row(a, "span\t%u", s->conf->number);
	answer_row(a, "timeslot\t%u", l->timeslot);
	answer_row(a, "from\t%s", l->from_line ? "line" : "sip");
	answer_row(a, "state\t%s", fsm_state_name(&l->fsm));
	answer_row(a, "seconds\t%.1f", (double)(span_now_us(s) - l->cdr.begin_us) / SEC_US);
	answer_row(a, "calling\t%s", or_dash(l->cdr.calling));
	answer_row(a, "called\t%s", or_dash(l->cdr.called));
	answer_row(a, "peer\t%s", peer_name(l));
	answer_row(a, "route\t%s", l->cdr.route ? l->cdr.route : "-");
	answer_row(a, "media\t%s", fsm_state_name(&l->bearer.fsm));
	answer_row(a, "T.30\t%s", w->frames ? t30_watch_reason(w, why, sizeof(why)) : "-");
	answer_row(a, "last frame of the line\t%s", or_dash(w->last_line));
	answer_row(a, "last frame of the peer\t%s", or_dash(w->last_peer));
	answer_row(a, "modem\t%s", w->modem ? w->modem : "-");
	answer_row(a, "rate\t%u", w->rate);
	answer_row(a, "ECM\t%s", w->ecm ? "yes" : "no");
	answer_row(a, "pages\t%u", w->pages);
	answer_row(a, "UDPTL received\t%" PRIu64, r.udptl_rx);
	answer_row(a, "IFP recovered\t%u", r.recovered);
	answer_row(a, "IFP lost\t%u", r.ifp_lost);
	answer_row(a, "IFP overrun\t%u", r.ifp_overrun);
	answer_row(a, "RTP received\t%" PRIu64, r.rtp_rx);
	answer_row(a, "RTP lost\t%" PRIu64, r.rtp_lost);
}

static struct leg_pstn *find_call(struct span *s, const struct command *c)
{
	const struct call_id id = {c->origin, c->serial};

	for (unsigned i = 0; i < s->nlegs; i++)
		if (call_id_equal(s->legs[i]->id, id))
			return s->legs[i];
	return NULL;
}

static void clear_call(struct leg_pstn *l, struct answer *a)
{
	char id[CALL_ID_OCTETS];

	leg_pstn_drop(l, Q850_NORMAL_UNSPECIFIED, "cleared by the operator");
	answer_row(a, "%s\tcleared", call_id_print(l->id, id));
}

/* A call that is on the channel goes on. */
static void block(struct span *s, uint32_t timeslots, bool block, struct answer *a)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		if (!(timeslots >> ts & 1) || chanmap_is_blocked(&s->channels, ts, CHAN_OPERATOR) == block)
			continue;
		chanmap_block(&s->channels, ts, CHAN_OPERATOR, block);
		/* only some switches have SERVICE: to the others the channel is refused when it is asked for */
		if (pri_link_is_up(s->link))
			pri_link_service(s->link, ts, !block);
		log_notice(s->prefix, "ch %u: the operator takes it %s service", ts, block ? "out of" : "back into");
	}
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		if (timeslots >> ts & 1)
			answer_row(a, "%u\t%u\t%s\t%s", s->conf->number, ts,
				   chan_state_name(chanmap_state(&s->channels, ts)), blocked_by(s, ts));
}

/* The timeslots C names, all there are if it names none. False: one is not ours, and the answer is given. */
static bool named_timeslots(struct span *s, const struct command *c, uint32_t *timeslotsp, struct answer *a)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		if (!(c->timeslots >> ts & 1) || s->conf->timeslots >> ts & 1)
			continue;
		answer_fail(a, "span %u has no B channel %u", s->conf->number, ts);
		return false;
	}
	*timeslotsp = c->timeslots ? c->timeslots : s->conf->timeslots;
	return true;
}

static void control_channels(struct span *s, const struct command *c, struct answer *a)
{
	uint32_t timeslots;

	if (!named_timeslots(s, c, &timeslots, a))
		return;
	if (c->type == COMMAND_RESTART) {
		span_restart_ask(s, timeslots, c->force, a);
		return;
	}
	block(s, timeslots, c->type == COMMAND_BLOCK, a);
	answer_end(a);
}

static void control_call(struct span *s, const struct command *c, struct answer *a)
{
	struct leg_pstn *l = find_call(s, c);

	if (l && c->type == COMMAND_CLEAR)
		clear_call(l, a);
	else if (l)
		show_call(s, l, a);
	answer_end(a);
}

void span_control(struct span *s, const struct msg *m)
{
	struct answer a = {.to = s->control, .request = m->command.request, .from = s->index};
	const struct command *c = &m->command.what;

	switch (c->type) {
	case COMMAND_SHOW_STATUS:
		show_status(s, &a);
		break;
	case COMMAND_SHOW_SPANS:
		show_spans(s, &a);
		break;
	case COMMAND_SHOW_SPAN:
		show_span(s, &a);
		break;
	case COMMAND_SHOW_CHANNELS:
		show_channels(s, &a);
		break;
	case COMMAND_SHOW_CALLS:
		for (unsigned i = 0; i < s->nlegs; i++)
			show_call_line(s, s->legs[i], &a);
		break;
	case COMMAND_SHOW_CALL:
	case COMMAND_CLEAR:
		control_call(s, c, &a);
		return;
	case COMMAND_BLOCK:
	case COMMAND_UNBLOCK:
	case COMMAND_RESTART:
		control_channels(s, c, &a);
		return;
	default:
		break;
	}
	answer_end(&a);
}
