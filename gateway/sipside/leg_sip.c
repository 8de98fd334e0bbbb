/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/leg_sip_own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/base/log.h"
#include "gateway/call/cause.h"
#include "gateway/route/parties.h"
#include "gateway/sipside/sipside.h"

/* The line side's timeouts end a call; these stand behind them, should it be silent. */
#define BEHIND_LINE_MS 5000

static uint32_t behind_ms(uint32_t line_ms)
{
	return line_ms ? line_ms + BEHIND_LINE_MS : 0;
}

static struct leg_sip *leg_alloc(struct sipside *s, struct call_id id, unsigned span, unsigned peer, bool from_line)
{
	struct leg_sip *l = s->nlegs < SIPSIDE_MAX_LEGS ? calloc(1, sizeof(*l)) : NULL;
	const uint32_t *t = s->config->spans[span].timeouts_ms;
	char name[CALL_ID_OCTETS];

	if (!l)
		return NULL;
	l->side = s;
	l->id = id;
	l->span = span;
	l->peer = peer;
	l->from_line = from_line;
	l->begin_us = loop_now_us(s->loop);
	l->family = addr_is_set(&s->config->media_address[ADDR_IPV4]) ? ADDR_IPV4 : ADDR_IPV6;
	l->timeouts_ms[LEG_SIP_OFFERED] = behind_ms(from_line ? t[TIMEOUT_SETUP] : t[TIMEOUT_OUTGOING]);
	l->timeouts_ms[LEG_SIP_RINGING] = behind_ms(t[TIMEOUT_ALERTING]);
	l->timeouts_ms[LEG_SIP_CALL] = behind_ms(t[TIMEOUT_CALL]);
	l->timeouts_ms[LEG_SIP_CLOSING] = LEG_SIP_CLOSING_MS;
	snprintf(l->prefix, sizeof(l->prefix), "call %s", call_id_print(id, name));
	fsm_init(&l->fsm, &leg_sip_fsm, SIP_IDLE, l, l->prefix, loop_timers(s->loop), l->timeouts_ms);
	s->legs[s->nlegs++] = l;
	return l;
}

int leg_sip_invite(struct sipside *s, const struct msg *m)
{
	struct leg_sip *l = leg_alloc(s, m->call, m->span, m->setup.peer, true);

	if (!l)
		return ENOMEM;
	l->line_half = l->span_knows = true;
	l->line_proceeded = true;
	l->rule = m->setup.rule;
	l->timeslot = m->setup.timeslot;
	l->parties = m->setup.parties;
	leg_sip_failover_init(l, m->setup.peer);
	fsm_event(&l->fsm, SIP_E_INVITE, m);
	return 0;
}

int leg_sip_incoming(struct sipside *s, struct sip_session *session, const struct session_event *e)
{
	const struct call_id id = {0, ++s->next_serial};
	struct isdn_parties parties;
	const struct route_query query = {.from = e->peer_index, .parties = &parties, .said = e->called};
	struct route_result route;
	struct leg_sip *l;
	char name[CALL_ID_OCTETS];

	parties_from_sip(e, &parties);
	if (s->config->peers[e->peer_index].endpoint)
		parties_keep_own(&s->config->peers[e->peer_index].numbers, &parties.calling);
	route_find(s->config, &query, &route);
	if (!route.cause && route.group != ROUTE_NONE)
		route_turn(&route, s->group_turns[route.group]++);
	l = leg_alloc(s, id, route.cause ? 0 : route.spans[0], e->peer_index, false);
	if (!l)
		return ENOMEM;
	l->rule = route.rule;
	l->route = route;
	l->parties = parties;
	l->session = session;
	l->offered = e->media;
	l->is_fax = e->is_fax && s->config->peers[e->peer_index].fax_tag;
	leg_sip_take_family(l, &s->targets[l->peer].targets.list[0].hop.addr);
	leg_sip_take_media_family(l, &e->media);
	session_set_arg(session, l, call_id_print(id, name));
	log_info(l->prefix, "INVITE from peer %s: %s calls %s: %s", e->peer, e->calling[0] ? e->calling : "(no number)",
		 e->called, route.why);
	fsm_event(&l->fsm, SIP_E_INCOMING, NULL);
	return 0;
}

static const int session_to_event[] = {
	[SESSION_PROGRESS] = SIP_E_PROGRESS,	 [SESSION_ANSWERED] = SIP_E_ANSWERED,
	[SESSION_CONFIRMED] = SIP_E_CONFIRMED,	 [SESSION_REOFFER] = SIP_E_REOFFER,
	[SESSION_REANSWERED] = SIP_E_REANSWERED, [SESSION_REREFUSED] = SIP_E_REREFUSED,
	[SESSION_CLOSED] = SIP_E_CLOSED,
};

void leg_sip_session_event(struct leg_sip *l, const struct session_event *e)
{
	if (!leg_sip_failover(l, e))
		fsm_event(&l->fsm, session_to_event[e->type], e);
}

/* A span that has no channel, or whose D channel is down, is no reason to refuse the call while another may take it. */
static bool may_try_next(const struct leg_sip *l, const struct msg *m)
{
	return l->fsm.state == SIP_OFFERED && l->route_at + 1 < l->route.nspans && cause_is_of_span(m->release.cause);
}

static const int message_to_event[MSG_COUNT] = {
	[MSG_PROCEEDING] = SIP_E_LINE_PROCEEDING, [MSG_ALERTING] = SIP_E_LINE_ALERTING,
	[MSG_PROGRESS] = SIP_E_LINE_PROGRESS,	  [MSG_ANSWER] = SIP_E_LINE_ANSWER,
	[MSG_T38_ASK] = SIP_E_LINE_ASKS_T38,	  [MSG_T38_CANCEL] = SIP_E_LINE_CANCELS_T38,
	[MSG_RELEASE] = SIP_E_LINE_RELEASE,
};

void leg_sip_message(struct leg_sip *l, const struct msg *m)
{
	if (m->type == MSG_RELEASE && may_try_next(l, m)) {
		log_info(l->prefix, "span %u: %s", leg_sip_span_conf(l)->number, m->release.text);
		leg_sip_note_end(l, false, m->release.cause, 0, m->release.text);
		leg_sip_say_release(l);
		fsm_event(&l->fsm, SIP_E_NEXT_SPAN, NULL);
		return;
	}
	if (message_to_event[m->type])
		fsm_event(&l->fsm, message_to_event[m->type], m);
}

void leg_sip_drop(struct leg_sip *l, unsigned cause, const char *why)
{
	leg_sip_note_end(l, false, cause, 0, why);
	fsm_event(&l->fsm, SIP_E_DROP, NULL);
}

void leg_sip_drop_for_peer(struct leg_sip *l, unsigned cause, const char *why)
{
	l->peer_failed |= !l->ended;
	leg_sip_drop(l, cause, why);
}

void leg_sip_retry(struct leg_sip *l)
{
	if (!l->release_due)
		return;
	leg_sip_say_release(l);
	if (l->fsm.state == SIP_CLOSING)
		leg_sip_ask_done(l);
}

bool leg_sip_is_gone(const struct leg_sip *l)
{
	return l->fsm.state == SIP_GONE;
}

void leg_sip_free(struct leg_sip *l)
{
	if (!l)
		return;
	if (l->session)
		session_set_arg(l->session, NULL, NULL);
	timer_stop(loop_timers(l->side->loop), &l->unheard);
	fsm_fini(&l->fsm);
	free(l);
}
