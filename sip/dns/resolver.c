/* SPDX-License-Identifier: GPL-2.0-only */
#include "resolver.h"

#include <arpa/nameser.h>
#include <ares.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "gateway/base/log.h"
#include "sip/dns/resolver_hosts.h"

#define SERVER_TIMEOUT_MS 1500 /* the first try; the second waits twice as long */
#define SERVER_TRIES	  2
#define LOOKUP_LIMIT_MS	  60000 /* all questions of one lookup */
#define PAUSE_MIN_MS	  1000	/* after a lookup that failed; doubled each time */
#define PAUSE_MAX_MS	  60000
#define NEWS_AGAIN_MS	  200
#define JOB_SOCKETS	  16
#define HOP_LIST_OCTETS	  400

struct job_socket {
	struct job *job;
	ares_socket_t fd;
	bool used;
};

/* One name. */
struct job {
	struct resolver *r;
	const struct resolver_name *name;
	struct timer due;   /* the next lookup; while one runs: its limit */
	struct timer step;  /* c-ares' own timeouts */
	struct timer ended; /* the lookup is over: not within c-ares' own calls */
	struct timer tell;
	int64_t began_us;
	/* the lookup that runs */
	ares_channel channel; /* NULL: none runs. Each has its own, and so reads resolv.conf and hosts anew */
	struct job_socket sockets[JOB_SOCKETS];
	struct locate locate;
	bool waiting, asking;
	/* what is known */
	struct resolver_news news;
	bool certain;	   /* the targets were found without a doubt */
	bool failing;	   /* the log has said so */
	bool told;	   /* the handler knows the news */
	uint32_t pause_ms; /* the last one; 0: the last lookup went well */
};

struct resolver {
	struct resolver_params params;
	char servers[RESOLVER_MAX_SERVERS * ADDR_TEXT_OCTETS]; /* as c-ares reads them */
	struct loop *loop;
	bool library;
	struct job *jobs;
};

static void job_advance(struct job *j);

static void job_start_timer(struct job *j, struct timer *t, int64_t delay_ms)
{
	if (timer_start(loop_timers(j->r->loop), t, delay_ms * MS_US))
		log_error("dns", "peer %s: no memory for a timer", j->name->peer);
}

/* ---- c-ares and the loop ---- */

static void job_arm(struct job *j)
{
	struct timeval tv, *next = ares_timeout(j->channel, NULL, &tv);

	if (next)
		job_start_timer(j, &j->step, next->tv_sec * 1000 + next->tv_usec / 1000 + 1);
	else
		timer_stop(loop_timers(j->r->loop), &j->step);
}

static void on_step(void *arg)
{
	struct job *j = arg;

	ares_process_fd(j->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	job_arm(j);
}

static void on_socket(uint32_t epoll_events, void *arg)
{
	struct job_socket *s = arg;
	struct job *j = s->job;

	/* an error is for c-ares to read */
	ares_process_fd(j->channel, epoll_events & ~(uint32_t)EPOLLOUT ? s->fd : ARES_SOCKET_BAD,
			epoll_events & EPOLLOUT ? s->fd : ARES_SOCKET_BAD);
	job_arm(j);
}

/* c-ares wants FD watched otherwise than before, or closes it. A socket without a place is one without answers. */
static void on_socket_state(void *data, ares_socket_t fd, int readable, int writable)
{
	struct job *j = data;
	struct job_socket *s = NULL;

	for (unsigned i = 0; i < JOB_SOCKETS; i++)
		if (j->sockets[i].used && j->sockets[i].fd == fd)
			s = &j->sockets[i];
	if (s)
		loop_unwatch(j->r->loop, fd);
	for (unsigned i = 0; !s && i < JOB_SOCKETS; i++)
		if (!j->sockets[i].used)
			s = &j->sockets[i];
	if (!s)
		return;
	*s = (struct job_socket){.job = j, .fd = fd, .used = readable || writable};
	if (s->used && loop_watch(j->r->loop, fd, (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u), on_socket, s))
		s->used = false;
}

static int job_open_channel(struct job *j)
{
	struct ares_options o = {
		.timeout = SERVER_TIMEOUT_MS,
		.tries = SERVER_TRIES,
		.sock_state_cb = on_socket_state,
		.sock_state_cb_data = j,
		/* a domain is meant as it stands: a search list could make another host's of it */
		.flags = strchr(j->name->host, '.') ? ARES_FLAG_NOSEARCH : 0,
	};
	int status = ares_init_options(&j->channel, &o,
				       ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_FLAGS);

	if (status) {
		j->channel = NULL;
		return status;
	}
	if (j->r->servers[0])
		status = ares_set_servers_ports_csv(j->channel, j->r->servers);
	return status;
}

/* Sockets of it that are watched are unwatched by on_socket_state(); its open questions end with ARES_EDESTRUCTION. */
static void job_close_channel(struct job *j)
{
	struct timers *q = loop_timers(j->r->loop);

	if (j->channel)
		ares_destroy(j->channel);
	j->channel = NULL;
	timer_stop(q, &j->step);
	timer_stop(q, &j->ended);
}

/* ---- the end of a lookup ---- */

static void on_tell(void *arg)
{
	struct job *j = arg;

	j->told = !j->r->params.handler(&j->news, j->r->params.arg);
	if (!j->told)
		job_start_timer(j, &j->tell, NEWS_AGAIN_MS);
}

static const char *print_targets(const struct sip_targets *ts, char *buf)
{
	char hop[HOP_TEXT_OCTETS];
	size_t len = 0;

	buf[0] = '\0';
	for (unsigned i = 0; i < ts->count && len < HOP_LIST_OCTETS - HOP_TEXT_OCTETS - 8; i++)
		len += (size_t)snprintf(buf + len, HOP_LIST_OCTETS - len, "%s%s", i ? ", " : "",
					hop_print(&ts->list[i].hop, hop));
	return buf;
}

/* Another order is no line in the log: many servers turn their answers with each question. */
static bool same_hops(const struct sip_targets *a, const struct sip_targets *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (targets_find(b, &a->list[i].hop) < 0)
			return false;
	return true;
}

static uint32_t job_pause(struct job *j)
{
	const uint32_t least_ms =
		j->r->params.refresh_min_ms < PAUSE_MIN_MS ? j->r->params.refresh_min_ms : PAUSE_MIN_MS;

	j->pause_ms = j->pause_ms ? j->pause_ms * 2 : least_ms;
	if (j->pause_ms > PAUSE_MAX_MS)
		j->pause_ms = PAUSE_MAX_MS;
	return j->pause_ms;
}

/* Returns the time to the next lookup in milliseconds. */
static uint32_t job_found(struct job *j, const struct locate_result *r)
{
	const struct resolver_params *p = &j->r->params;
	uint64_t ttl_ms = (uint64_t)r->ttl_s * 1000;
	char list[HOP_LIST_OCTETS];

	if (!same_hops(&j->news.targets, &r->targets))
		log_notice("dns", "peer %s: %s is at %s", j->name->peer, j->name->host,
			   print_targets(&r->targets, list));
	else if (j->failing)
		log_notice("dns", "peer %s: %s is found again", j->name->peer, j->name->host);
	j->failing = false;
	if (j->news.outcome != DNS_FOUND || !targets_equal(&j->news.targets, &r->targets))
		j->told = false;
	j->news.outcome = DNS_FOUND;
	j->news.targets = r->targets;
	j->certain = !r->doubtful;
	if (ttl_ms < p->refresh_min_ms)
		ttl_ms = p->refresh_min_ms;
	if (ttl_ms > p->refresh_max_ms)
		ttl_ms = p->refresh_max_ms;
	if (!r->doubtful)
		j->pause_ms = 0;
	else if (ttl_ms > job_pause(j))
		ttl_ms = j->pause_ms;
	return (uint32_t)ttl_ms;
}

static uint32_t job_failed(struct job *j, enum dns_outcome outcome)
{
	const char *what = outcome == DNS_NONE ? "has no address" : "cannot be looked up: no server answers";

	if (!j->failing && j->news.targets.count)
		log_warning("dns", "peer %s: %s %s: it stays at the addresses found before", j->name->peer,
			    j->name->host, what);
	else if (!j->failing)
		log_warning("dns", "peer %s: %s %s: it is not called until it is found", j->name->peer, j->name->host,
			    what);
	if (!j->failing || j->news.outcome != outcome)
		j->told = false;
	j->failing = true;
	j->news.outcome = outcome;
	return job_pause(j);
}

static void job_finish(struct job *j)
{
	struct locate_result r = locate_result(&j->locate);
	uint32_t next_ms;

	job_close_channel(j);
	if (r.outcome != DNS_FOUND)
		next_ms = job_failed(j, r.outcome);
	else if (r.doubtful && j->certain)
		next_ms = job_failed(j, DNS_FAILED); /* half an answer is no reason to forget a whole one */
	else
		next_ms = job_found(j, &r);
	job_start_timer(j, &j->due, next_ms);
	if (!j->told)
		on_tell(j);
}

static void on_ended(void *arg)
{
	job_finish(arg);
}

/* ---- a lookup ---- */

static void job_answer(struct job *j, const struct dns_answer *a)
{
	log_debug("dns", "peer %s: %s: %s, %u records, ttl %u s", j->name->peer, locate_stage_name(j->locate.stage),
		  a->outcome == DNS_FOUND  ? "found"
		  : a->outcome == DNS_NONE ? "none"
					   : "failed",
		  a->count, a->ttl_s);
	locate_answer(&j->locate, a);
	j->waiting = false;
	job_advance(j);
}

static enum dns_outcome outcome_of(int status)
{
	return status == ARES_ENOTFOUND || status == ARES_ENODATA ? DNS_NONE : DNS_FAILED;
}

static void on_reply(void *arg, int status, int timeouts, unsigned char *reply, int len)
{
	struct job *j = arg;
	struct dns_answer a = {.outcome = outcome_of(status)};
	struct dns_question q;

	if (status == ARES_EDESTRUCTION || !locate_next(&j->locate, &q))
		return;
	if (status == ARES_SUCCESS)
		resolver_read(q.type, reply, (size_t)len, &a);
	job_answer(j, &a);
}

static void on_addresses(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct job *j = arg;
	struct dns_answer a = {.outcome = outcome_of(status), .ttl_s = UINT32_MAX};

	if (status == ARES_EDESTRUCTION) {
		ares_freeaddrinfo(info);
		return;
	}
	for (const struct ares_addrinfo_cname *c = status ? NULL : info->cnames; c; c = c->next)
		if (c->ttl >= 0 && (uint32_t)c->ttl < a.ttl_s)
			a.ttl_s = (uint32_t)c->ttl;
	for (const struct ares_addrinfo_node *n = status ? NULL : info->nodes; n && a.count < DNS_MAX_RECORDS;
	     n = n->ai_next) {
		if ((size_t)n->ai_addrlen > sizeof(a.addr[0]) || (n->ai_family != AF_INET && n->ai_family != AF_INET6))
			continue;
		memset(&a.addr[a.count], 0, sizeof(a.addr[0]));
		memcpy(&a.addr[a.count++], n->ai_addr, (size_t)n->ai_addrlen);
		if (n->ai_ttl < 0 || (uint32_t)n->ai_ttl < a.ttl_s)
			a.ttl_s = n->ai_ttl < 0 ? 0 : (uint32_t)n->ai_ttl;
	}
	if (status == ARES_SUCCESS)
		a.outcome = a.count ? DNS_FOUND : DNS_NONE;
	ares_freeaddrinfo(info);
	job_answer(j, &a);
}

static void job_ask(struct job *j, const struct dns_question *q)
{
	const struct resolver_params *p = &j->r->params;
	const struct ares_addrinfo_hints hints = {
		.ai_family = !p->ipv6	? AF_INET
			     : !p->ipv4 ? AF_INET6
					: AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
	};
	struct dns_answer own;

	if (q->type == DNS_ADDRESS && resolver_is_loopback(j->channel, q->name, p->ipv4, p->ipv6, &own))
		job_answer(j, &own);
	else if (q->type == DNS_ADDRESS)
		ares_getaddrinfo(j->channel, q->name, NULL, &hints, on_addresses, j);
	else
		ares_query(j->channel, q->name, ns_c_in, q->type == DNS_SRV ? ns_t_srv : ns_t_naptr, on_reply, j);
}

/* Asks until an answer does not come at once: c-ares may answer within the asking. */
static void job_advance(struct job *j)
{
	struct dns_question q;

	if (j->asking)
		return;
	j->asking = true;
	while (!j->waiting && locate_next(&j->locate, &q)) {
		j->waiting = true;
		job_ask(j, &q);
	}
	j->asking = false;
	if (!j->waiting)
		job_start_timer(j, &j->ended, 0);
}

static void job_begin(struct job *j)
{
	const struct resolver_params *want = &j->r->params;
	struct locate_params p = {
		.host = j->name->host,
		.port = j->name->port,
		.any_transport = j->name->any_transport,
		.transport = j->name->transport,
		.have = want->have,
	};
	struct dns_answer loopback;
	int status = job_open_channel(j);

	j->began_us = loop_now_us(j->r->loop);
	if (status) {
		log_error("dns", "peer %s: %s", j->name->peer, ares_strerror(status));
		job_close_channel(j);
		job_start_timer(j, &j->due, job_failed(j, DNS_FAILED));
		return;
	}
	/* What the hosts file says is what the operator says: then nobody else is asked. */
	p.by_address = resolver_in_hosts(j->channel, p.host, want->ipv4, want->ipv6) ||
		       resolver_is_loopback(j->channel, p.host, want->ipv4, want->ipv6, &loopback);
	locate_begin(&j->locate, &p);
	j->waiting = false;
	job_start_timer(j, &j->due, LOOKUP_LIMIT_MS);
	job_advance(j);
	job_arm(j);
}

static void on_due(void *arg)
{
	struct job *j = arg;

	if (!j->channel) {
		job_begin(j);
		return;
	}
	j->locate.failed = true;
	job_finish(j);
}

/* ---- the resolver ---- */

void resolver_again(struct resolver *r, unsigned name)
{
	struct job *j = name < r->params.count ? &r->jobs[name] : NULL;
	int64_t wait_ms;

	if (!j || j->channel)
		return;
	wait_ms = r->params.refresh_min_ms - (loop_now_us(r->loop) - j->began_us) / MS_US;
	if (wait_ms < 0)
		wait_ms = 0;
	if (!timer_running(&j->due) || j->due.at_us > loop_now_us(r->loop) + wait_ms * MS_US)
		job_start_timer(j, &j->due, wait_ms);
}

static int write_servers(struct resolver *r)
{
	size_t len = 0;
	char addr[ADDR_TEXT_OCTETS];

	if (r->params.nservers > RESOLVER_MAX_SERVERS)
		return EINVAL;
	for (unsigned i = 0; i < r->params.nservers; i++)
		len += (size_t)snprintf(r->servers + len, sizeof(r->servers) - len, "%s%s", i ? "," : "",
					addr_print(&r->params.servers[i], addr));
	return 0;
}

static int resolver_init(struct resolver *r)
{
	int err = write_servers(r);

	if (err || !r->params.handler || !r->params.count)
		return EINVAL;
	if (ares_library_init(ARES_LIB_INIT_ALL))
		return ENOMEM;
	r->library = true;
	r->jobs = calloc(r->params.count, sizeof(*r->jobs));
	if (!r->jobs)
		return ENOMEM;
	for (unsigned i = 0; !err && i < r->params.count; i++) {
		struct job *j = &r->jobs[i];

		j->r = r;
		j->name = &r->params.names[i];
		j->news.name = i;
		j->news.outcome = DNS_NONE;
		timer_init(&j->due, on_due, j);
		timer_init(&j->step, on_step, j);
		timer_init(&j->ended, on_ended, j);
		timer_init(&j->tell, on_tell, j);
		err = timer_start(loop_timers(r->loop), &j->due, 0);
	}
	return err;
}

int resolver_alloc(struct resolver **rp, const struct resolver_params *p, struct loop *loop)
{
	struct resolver *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return ENOMEM;
	r->params = *p;
	r->loop = loop;
	err = resolver_init(r);
	if (err)
		resolver_free(r);
	else
		*rp = r;
	return err;
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	for (unsigned i = 0; r->jobs && i < r->params.count; i++) {
		struct job *j = &r->jobs[i];

		if (!j->r)
			continue;
		job_close_channel(j);
		timer_stop(loop_timers(r->loop), &j->due);
		timer_stop(loop_timers(r->loop), &j->tell);
	}
	free(r->jobs);
	if (r->library)
		ares_library_cleanup();
	free(r);
}
