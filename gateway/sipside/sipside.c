/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/sipside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>

#include "gateway/base/log.h"
#include "gateway/cdr/cdr.h"
#include "gateway/route/parties.h"
#include "gateway/sipside/dnsside.h"
#include "gateway/sipside/sipside_control.h"

#define INBOX_ROOM 4096
#define NEWS_ROOM  64
#define SWEEP_US   (100 * MS_US)

int sipside_post(struct sipside *s, const struct msg *m)
{
	int err = m->span < s->config->nspans && s->spans[m->span] ? mailbox_post(s->spans[m->span], m) : 0;

	if (err)
		s->undelivered++;
	return err;
}

void sipside_sweep_soon(struct sipside *s)
{
	timer_start(loop_timers(s->loop), &s->sweep, 0);
}

static void on_sweep(void *arg)
{
	struct sipside *s = arg;
	bool again = false;

	for (unsigned i = 0; i < s->nlegs;) {
		leg_sip_retry(s->legs[i]);
		again |= s->legs[i]->release_due;
		if (!leg_sip_is_gone(s->legs[i])) {
			i++;
			continue;
		}
		leg_sip_free(s->legs[i]);
		s->legs[i] = s->legs[--s->nlegs];
	}
	if (again)
		timer_start(loop_timers(s->loop), &s->sweep, SWEEP_US);
	if (s->ending && !s->nlegs && !sip_stack_sessions(s->stack) && !sip_stack_is_leaving(s->stack))
		loop_stop(s->loop);
	else if (s->ending)
		timer_start(loop_timers(s->loop), &s->sweep, SWEEP_US);
}

/* Refuses an INVITE for which no leg was made; it gets its line in the log all the same. */
static void refuse_incoming(struct sipside *s, struct sip_session *session, const struct session_event *e)
{
	struct cdr c = {.peer = e->peer, .cleared_by = CDR_GATEWAY, .cause = Q850_CONGESTION, .sip_status = 503};
	const struct call_id id = {0, s->next_serial};
	char prefix[48], name[CALL_ID_OCTETS], line[CDR_LINE_OCTETS];
	struct isdn_parties parties;

	/* digits, or nothing: a peer's text might have the look of other fields */
	parties_from_sip(e, &parties);
	memcpy(c.called, parties.called.digits, sizeof(c.called));
	memcpy(c.calling, parties.calling.digits, sizeof(c.calling));
	snprintf(c.text, sizeof(c.text), "no room for another call");
	snprintf(prefix, sizeof(prefix), "call %s", call_id_print(id, name));
	log_notice(prefix, "%s", cdr_print(&c, line, sizeof(line)));
	session_close(session, 503, Q850_CONGESTION);
}

static void on_session_event(struct sip_session *session, const struct session_event *e, void *arg, void *stack_arg)
{
	struct sipside *s = stack_arg;

	if (e->type == SESSION_INCOMING) {
		if (leg_sip_incoming(s, session, e))
			refuse_incoming(s, session, e);
	} else if (arg) {
		leg_sip_session_event(arg, e);
	}
}

static void on_stop(struct sipside *s, bool end)
{
	s->stopping = true;
	sip_stack_drain(s->stack);
	if (!end)
		return;
	s->ending = true;
	for (unsigned i = 0; i < s->nlegs; i++)
		leg_sip_drop(s->legs[i], Q850_NORMAL_UNSPECIFIED, "the gateway is stopping");
	sipside_sweep_soon(s);
}

static void on_message(struct sipside *s, const struct msg *m)
{
	if (m->type == MSG_STOP) {
		on_stop(s, m->clear);
		return;
	}
	if (m->type == MSG_COMMAND) {
		sipside_control(s, m);
		return;
	}
	if (m->type == MSG_SETUP) {
		if (leg_sip_invite(s, m)) {
			struct msg r = {.type = MSG_RELEASE, .call = m->call, .span = m->span};

			r.release.cause = Q850_CONGESTION;
			sipside_post(s, &r); /* lost: the span's own timeout ends the call */
		}
		return;
	}
	for (unsigned i = 0; i < s->nlegs; i++)
		if (call_id_equal(s->legs[i]->id, m->call) && s->legs[i]->span == m->span) {
			leg_sip_message(s->legs[i], m);
			return;
		}
}

static void on_inbox(uint32_t epoll_events, void *arg)
{
	struct sipside *s = arg;
	struct msg m;

	mailbox_quiet(s->inbox);
	while (mailbox_take(s->inbox, &m))
		on_message(s, &m);
}

/* A peer that is found, or has moved: for calls from now on. */
static void on_news(uint32_t epoll_events, void *arg)
{
	struct sipside *s = arg;
	struct resolver_news n;

	mailbox_quiet(s->news);
	while (mailbox_take(s->news, &n)) {
		if (n.name >= s->config->npeers)
			continue;
		peer_targets_take(&s->targets[n.name], &n);
		sip_stack_set_targets(s->stack, n.name, &n.targets);
	}
}

void sipside_look_up(struct sipside *s, unsigned peer)
{
	const struct dns_order o = {.peer = peer};

	/* a full mailbox: the name is looked up in its time */
	if (s->dns && s->targets[peer].by_name && mailbox_post(s->dns, &o))
		s->undelivered++;
}

static void open_targets(struct sipside *s)
{
	if (getrandom(&s->seed, sizeof(s->seed), 0) != (ssize_t)sizeof(s->seed))
		log_error("sip", "getrandom: %s", strerror(errno));
	for (unsigned i = 0; i < s->config->npeers; i++) {
		const struct config_peer *p = &s->config->peers[i];
		const struct sip_hop hop = {.addr = p->addr, .transport = p->transport};

		peer_targets_init(&s->targets[i], p->host[0] || p->endpoint ? NULL : &hop);
		s->targets[i].by_name = p->host[0];
	}
}

static enum sip_fax fax_of(const struct config_peer *p)
{
	if (!p->fax_tag)
		return SIP_FAX_UNSAID;
	return p->t38 ? SIP_FAX_T38 : SIP_FAX_PASSTHROUGH;
}

static int open_stack(struct sipside *s, struct net *net)
{
	const struct config *c = s->config;
	struct sip_stack_params p = {
		.tls_certificate = addr_any_is_set(c->sip_listen_tls) ? c->tls_certificate : NULL,
		.tls_key = c->tls_key,
		.tls_ca = c->tls_ca,
		.tls_clients = (enum tls_clients)c->tls_clients,
		.tcp_above = c->tcp_above,
		.host = c->sip_host[0] ? c->sip_host : NULL,
		.user_agent = c->user_agent,
		.realm = c->realm,
		.no_sha256 = c->digest == DIGEST_MD5,
		.no_md5 = c->digest == DIGEST_SHA256,
		.peers = s->peers,
		.npeers = c->npeers,
		.dscp = c->sip_dscp,
		.no_media = {!addr_is_set(&c->media_address[ADDR_IPV4]), !addr_is_set(&c->media_address[ADDR_IPV6])},
		.blacklist = {.after = c->blacklist_after,
			      .within_us = c->blacklist_within_ms * MS_US,
			      .hold_us = c->blacklist_time_ms * MS_US},
	};

	memcpy(p.listen, c->sip_listen, sizeof(p.listen));
	memcpy(p.listen_tcp, c->sip_listen_tcp, sizeof(p.listen_tcp));
	memcpy(p.listen_tls, c->sip_listen_tls, sizeof(p.listen_tls));
	for (unsigned i = 0; i < c->npeers; i++)
		s->peers[i] = (struct sip_peer_params){
			.name = c->peers[i].name,
			.addr = c->peers[i].addr,
			.host = c->peers[i].host[0] ? c->peers[i].host : NULL,
			.port = c->peers[i].port,
			.allow = c->peers[i].allow.list,
			.nallow = c->peers[i].allow.count,
			.transport = c->peers[i].transport,
			.tls_name = c->peers[i].tls_name[0] ? c->peers[i].tls_name : NULL,
			.tls_trusting = !c->peers[i].tls_verify,
			.trusted = c->peers[i].trust,
			.called = c->peers[i].called,
			.from_user = c->peers[i].from_user,
			.from_domain = c->peers[i].from_domain,
			.auth_user = c->peers[i].auth_user,
			.auth_secret = c->peers[i].auth_secret,
			.inbound_user = c->peers[i].inbound_user,
			.inbound_secret = c->peers[i].inbound_secret,
			.endpoint = c->peers[i].endpoint,
			.max_contacts = c->peers[i].max_contacts,
			.min_expires_s = c->peers[i].min_expires_ms / 1000,
			.max_expires_s = c->peers[i].max_expires_ms / 1000,
			.register_user = c->peers[i].register_user,
			.register_domain = c->peers[i].register_domain,
			.register_expires_s = c->peers[i].register_expires_ms / 1000,
			.session_expires_s = c->peers[i].session_expires_ms / 1000,
			.fax = fax_of(&c->peers[i]),
			.reliable = c->peers[i].reliable,
			.min_se_s = c->peers[i].min_se_ms / 1000,
			.options_interval_ms = c->peers[i].options_interval_ms,
			.options_timeout_ms = c->peers[i].failover_timeout_ms,
			.options_misses = c->peers[i].options_misses,
		};
	return sip_stack_alloc(&s->stack, &p, s->loop, net, on_session_event, s);
}

int sipside_alloc(struct sipside **sp, const struct config *c, const struct clock *clock, struct net *net)
{
	struct sipside *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return ENOMEM;
	s->config = c;
	s->full = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	for (unsigned i = 0; i < c->npeers; i++)
		s->use[i].lines = s->full;
	timer_init(&s->sweep, on_sweep, s);
	err = loop_alloc(&s->loop, clock);
	if (!err)
		err = mailbox_alloc(&s->inbox, INBOX_ROOM, sizeof(struct msg));
	if (!err)
		err = loop_watch(s->loop, mailbox_fd(s->inbox), EPOLLIN, on_inbox, s);
	if (!err)
		err = mailbox_alloc(&s->news, NEWS_ROOM, sizeof(struct resolver_news));
	if (!err)
		err = loop_watch(s->loop, mailbox_fd(s->news), EPOLLIN, on_news, s);
	if (!err)
		err = open_stack(s, net);
	if (!err)
		open_targets(s);
	if (err) {
		log_error("sip", "cannot start SIP: %s", strerror(err));
		sipside_free(s);
	} else {
		*sp = s;
	}
	return err;
}

void sipside_free(struct sipside *s)
{
	if (!s)
		return;
	while (s->nlegs)
		leg_sip_free(s->legs[--s->nlegs]);
	sip_stack_free(s->stack);
	if (s->loop)
		timer_stop(loop_timers(s->loop), &s->sweep);
	if (s->loop && s->inbox)
		loop_unwatch(s->loop, mailbox_fd(s->inbox));
	if (s->loop && s->news)
		loop_unwatch(s->loop, mailbox_fd(s->news));
	mailbox_free(s->news);
	mailbox_free(s->inbox);
	loop_free(s->loop);
	free(s);
}

struct mailbox *sipside_inbox(struct sipside *s)
{
	return s->inbox;
}

void sipside_connect(struct sipside *s, unsigned index, struct mailbox *span_inbox)
{
	s->spans[index] = span_inbox;
}

struct mailbox *sipside_news(struct sipside *s)
{
	return s->news;
}

void sipside_connect_dns(struct sipside *s, struct mailbox *dns)
{
	s->dns = dns;
}

void sipside_connect_control(struct sipside *s, struct mailbox *control)
{
	s->control = control;
}

int sipside_run(struct sipside *s)
{
	return loop_run(s->loop);
}
