/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/gateway.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dahdi/pri_link.h"
#include "gateway/base/log.h"
#include "gateway/control/control.h"
#include "gateway/realtime.h"
#include "gateway/sipside/dnsside.h"
#include "gateway/sipside/sipside.h"
#include "gateway/span/span.h"

#define SLOW_MS	   4000	 /* for slow machines, beside what the calls may take */
#define SIP_END_MS 12000 /* a call that the peer does not clear is given up after 8 s */
#define LOOK_MS	   100
#define DNS_END_MS 2000 /* it may be reading /etc/hosts */

struct worker {
	pthread_t thread;
	bool running;
	char name[16];
	int (*run)(void *arg);
	void *arg;
};

struct gateway {
	const struct config *config;
	struct sipside *sip;
	struct span *spans[CONFIG_MAX_SPANS]; /* by index in the configuration; NULL: disabled */
	struct control *control;	      /* NULL: there is none */
	struct dnsside *dns;		      /* NULL: no peer has a name to be looked up */
	struct worker span_workers[CONFIG_MAX_SPANS], sip_worker, control_worker, dns_worker;
};

static int run_span(void *arg)
{
	return span_run(arg);
}

static int run_sip(void *arg)
{
	return sipside_run(arg);
}

static int run_control(void *arg)
{
	return control_run(arg);
}

static int run_dns(void *arg)
{
	return dnsside_run(arg);
}

static int connect_dns(struct gateway *g)
{
	int err;

	if (!dnsside_is_needed(g->config))
		return 0;
	err = dnsside_alloc(&g->dns, g->config, &clock_monotonic, sipside_news(g->sip));
	if (!err)
		sipside_connect_dns(g->sip, dnsside_inbox(g->dns));
	return err;
}

/* A trunk does not stand still for the want of a socket: what is wrong with it has been logged. */
static void connect_control(struct gateway *g)
{
	if (!g->config->control_socket[0] || control_alloc(&g->control, g->config, &clock_monotonic))
		return;
	control_connect(g->control, ANSWER_FROM_SIP, sipside_inbox(g->sip));
	sipside_connect_control(g->sip, control_inbox(g->control));
	for (unsigned i = 0; i < g->config->nspans; i++) {
		if (!g->spans[i])
			continue;
		control_connect(g->control, i, span_inbox(g->spans[i]));
		span_connect_control(g->spans[i], control_inbox(g->control));
	}
}

int gateway_alloc(struct gateway **gp, const struct config *c, struct net *net)
{
	struct gateway *g = calloc(1, sizeof(*g));
	int err = g ? 0 : ENOMEM;

	if (!err) {
		g->config = c;
		pri_link_setup();
		err = sipside_alloc(&g->sip, c, &clock_monotonic, net);
	}
	if (!err)
		err = connect_dns(g);
	for (unsigned i = 0; !err && i < c->nspans; i++) {
		const struct span_params p = {c, i, &clock_monotonic, net, sipside_inbox(g->sip), NULL};

		if (!c->spans[i].enabled)
			continue;
		err = span_thread_alloc(&g->spans[i], &p);
		if (!err)
			sipside_connect(g->sip, i, span_inbox(g->spans[i]));
	}
	if (!err)
		connect_control(g);
	if (err)
		gateway_free(g);
	else
		*gp = g;
	return err;
}

static bool is_running(const struct gateway *g)
{
	bool running = g->sip_worker.running || g->control_worker.running || g->dns_worker.running;

	for (unsigned i = 0; i < CONFIG_MAX_SPANS; i++)
		running = running || g->span_workers[i].running;
	return running;
}

void gateway_free(struct gateway *g)
{
	if (!g)
		return;
	if (is_running(g))
		return; /* what a thread still uses is not taken from under it; the process ends */
	for (unsigned i = 0; i < CONFIG_MAX_SPANS; i++)
		span_thread_free(g->spans[i]);
	dnsside_free(g->dns);
	sipside_free(g->sip);
	control_free(g->control);
	free(g);
}

static void *work(void *arg)
{
	struct worker *w = arg;

	w->run(w->arg);
	return NULL;
}

/* Signals are the main thread's: the workers have them all blocked. */
static int worker_start(struct worker *w, const char *name, int (*run)(void *), void *arg)
{
	sigset_t all, before;
	int err;

	snprintf(w->name, sizeof(w->name), "%s", name);
	w->run = run;
	w->arg = arg;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&w->thread, NULL, work, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err) {
		log_error(NULL, "cannot start thread %s: %s", name, strerror(err));
		return err;
	}
	pthread_setname_np(w->thread, w->name);
	w->running = true;
	return 0;
}

int gateway_start(struct gateway *g)
{
	int err;

	if (g->config->realtime)
		realtime_lock_memory();
	err = worker_start(&g->sip_worker, "sip", run_sip, g->sip);

	for (unsigned i = 0; !err && i < g->config->nspans; i++) {
		char name[16];

		if (!g->spans[i])
			continue;
		snprintf(name, sizeof(name), "span %u", g->config->spans[i].number);
		err = worker_start(&g->span_workers[i], name, run_span, g->spans[i]);
		if (!err && g->config->realtime)
			realtime_raise(g->span_workers[i].thread, name);
	}
	if (!err && g->dns)
		err = worker_start(&g->dns_worker, "dns", run_dns, g->dns);
	if (!err && g->control)
		err = worker_start(&g->control_worker, "control", run_control, g->control);
	return err;
}

/* Waits at most LOOK_MS for the thread to end. */
static void worker_look(struct worker *w)
{
	struct timespec until;

	if (!w->running)
		return;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += LOOK_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	if (!pthread_timedjoin_np(w->thread, NULL, &until))
		w->running = false;
}

static void tell(struct mailbox *m, bool clear)
{
	const struct msg stop = {.type = MSG_STOP, .clear = clear};

	if (mailbox_post(m, &stop))
		log_error(NULL, "a thread's mailbox is full: it cannot be told to stop");
}

static void tell_spans(struct gateway *g, bool clear)
{
	for (unsigned i = 0; i < g->config->nspans; i++)
		if (g->span_workers[i].running)
			tell(span_inbox(g->spans[i]), clear);
}

/* True when every span's thread has ended within LIMIT_MS. */
static bool wait_spans(struct gateway *g, uint32_t limit_ms, bool (*cut)(void))
{
	int64_t until_us = clock_now_us(&clock_monotonic) + limit_ms * MS_US;

	for (unsigned i = 0; i < g->config->nspans;) {
		if (!g->span_workers[i].running)
			i++;
		else if (clock_now_us(&clock_monotonic) >= until_us || (cut && cut()))
			return false;
		else
			worker_look(&g->span_workers[i]);
	}
	return true;
}

/* When every call has been given up that the line does not clear: before that it has no record. */
static uint32_t clear_limit_ms(const struct gateway *g)
{
	uint32_t longest_ms = 0;

	for (unsigned i = 0; i < g->config->nspans; i++) {
		uint32_t ms = g->config->spans[i].timeouts_ms[TIMEOUT_CLEARING];

		if (g->spans[i] && ms > longest_ms)
			longest_ms = ms;
	}
	return longest_ms + SLOW_MS;
}

static void end_worker(struct worker *w, uint32_t limit_ms)
{
	int64_t until_us = clock_now_us(&clock_monotonic) + limit_ms * MS_US;

	while (w->running && clock_now_us(&clock_monotonic) < until_us)
		worker_look(w);
	if (w->running)
		log_error(NULL, "thread %s did not end in %u ms", w->name, limit_ms);
}

static void stop_dns(struct gateway *g)
{
	const struct dns_order stop = {.stop = true};

	if (g->dns_worker.running && mailbox_post(dnsside_inbox(g->dns), &stop))
		log_error(NULL, "the mailbox of thread dns is full: it cannot be told to stop");
	end_worker(&g->dns_worker, DNS_END_MS);
}

void gateway_stop(struct gateway *g, bool (*cut)(void))
{
	bool drain = g->config->stop == STOP_DRAIN, done = false;

	if (g->sip_worker.running)
		tell(sipside_inbox(g->sip), false);
	tell_spans(g, !drain);
	if (drain) {
		log_notice(NULL, "draining: no more calls are taken; running ones may end for %u s",
			   g->config->drain_timeout_ms / 1000);
		done = wait_spans(g, g->config->drain_timeout_ms, cut);
		if (!done)
			tell_spans(g, true);
	}
	if (!done)
		wait_spans(g, clear_limit_ms(g), NULL);
	for (unsigned i = 0; i < g->config->nspans; i++)
		end_worker(&g->span_workers[i], LOOK_MS);
	if (g->sip_worker.running)
		tell(sipside_inbox(g->sip), true);
	end_worker(&g->sip_worker, SIP_END_MS);
	stop_dns(g);
	if (g->control_worker.running)
		control_stop(g->control);
	end_worker(&g->control_worker, LOOK_MS);
}
