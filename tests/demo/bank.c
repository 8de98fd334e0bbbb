/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/bank.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define STEP_US		(20 * MS_US)
#define ANSWER_LIMIT_MS 10000
#define START_LIMIT_MS	10000 /* for the gateway to bind its sockets */
#define START_ANSWER_MS 50
#define START_SPEED	2	      /* the data link is set up with timers of 1 s (T200) */
#define RESTARTED_US	(5 * SEC_US)  /* of line time without a RESTART: more than one that T200 sends again takes */
#define ACKNOWLEDGED_US (500 * MS_US) /* the same, for the answer to the last RESTART */
#define HELD_SPEED	8

static int exchange_sends(const uint8_t *frame, size_t octets, void *arg)
{
	return tdm_port_send_dframe(((struct bank_span *)arg)->port, frame, octets);
}

static void line_gives_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	exchange_dframe(((struct bank_span *)arg)->x, frame, octets);
}

static void on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		    void *arg)
{
	const struct bank_params *par = &((struct bank_span *)arg)->bank->par;

	if (par->on_call)
		par->on_call(x, c, p, b, par->arg);
}

static void on_message(bool sent, const char *name, unsigned call_reference, unsigned cause, void *arg)
{
	const struct bank_params *par = &((struct bank_span *)arg)->bank->par;

	if (par->on_message)
		par->on_message(sent, name, call_reference, cause, par->arg);
}

/* The gateway may not have bound its socket yet. The exchange's SABME must not go into the void: it would be sent
 * again only after T200 of real time, which is long on a fast line. */
static int wait_for_gateway(struct bank_span *s)
{
	int err = ETIMEDOUT;

	memset(s->tx, 0xD5, sizeof(s->tx));
	for (int tries = START_LIMIT_MS / START_ANSWER_MS; err && tries--;) {
		err = tdm_port_send(s->port, s->tx[0], EXCHANGE_BLOCK);
		if (!err)
			err = tdm_port_wait(s->port, START_ANSWER_MS, s->rx[0]);
	}
	return err;
}

static int open_span(struct bank *b, unsigned i)
{
	struct bank_span *s = &b->spans[i];
	struct tdm_port_params tp = {
		.local = b->par.lines_local, .peer = b->par.lines_gateway, .timeslots = 31, .dchannel = 16};
	struct exchange_params xp = {
		.side = ISDN_NT,
		.switch_type = ISDN_EUROISDN,
		.send = exchange_sends,
		.on_call = on_call,
		.on_message = on_message,
		.arg = s,
	};
	int err;

	s->bank = b;
	addr_set_port(&tp.local, (uint16_t)(addr_port(&tp.local) + i));
	addr_set_port(&tp.peer, (uint16_t)(addr_port(&tp.peer) + i));
	memset(s->rx, 0xD5, sizeof(s->rx));
	err = tdm_port_alloc(&s->port, &tp);
	if (!err)
		err = wait_for_gateway(s);
	if (!err)
		err = exchange_alloc(&s->x, &xp);
	if (!err)
		tdm_port_on_dframe(s->port, line_gives_dframe, s);
	return err;
}

int bank_open(struct bank *b, const struct bank_params *p)
{
	struct sip_peer_setup pp = {.local = p->sip_local, .seed = (uint64_t)clock_wall_us()};
	int err;

	memset(b, 0, sizeof(*b));
	b->par = *p;
	pp.handlers.incoming = p->on_peer_call;
	pp.handlers.frame = p->on_peer_frame;
	pp.handlers.log = p->on_sip;
	pp.handlers.arg = p->arg;
	exchange_setup();
	err = loop_alloc(&b->loop, &clock_monotonic);
	for (unsigned i = 0; !err && i < p->nspans; i++)
		err = open_span(b, i);
	if (!err && addr_is_set(&p->sip_local))
		err = sip_peer_alloc(&b->peer, &pp, &net_kernel, b->loop, clock_now_us(&clock_monotonic));
	if (err) {
		fprintf(stderr, "cannot open the lines or the SIP peer: %s\n", strerror(err));
		bank_close(b);
	}
	return err;
}

void bank_close(struct bank *b)
{
	for (unsigned i = 0; i < BANK_MAX_SPANS; i++) {
		exchange_free(b->spans[i].x);
		tdm_port_free(b->spans[i].port);
	}
	sip_peer_free(b->peer);
	loop_free(b->loop);
	memset(b, 0, sizeof(*b));
}

/* True while some call is between its states: then real time counts. */
static bool is_signalling(const struct bank *b)
{
	if (!b->peer)
		return false;
	for (unsigned id = 0; id < sip_peer_calls(b->peer); id++) {
		struct sip_peer_result r;

		sip_peer_result(b->peer, id, &r);
		if (r.state != PEER_OVER && (r.state != PEER_ANSWERED || !r.t38))
			return true;
	}
	return false;
}

static void hold_back(struct bank *b)
{
	unsigned held = b->par.held_speed ? b->par.held_speed : HELD_SPEED;
	unsigned speed = b->starting ? START_SPEED : is_signalling(b) ? held : b->par.speed;
	int64_t now_us = clock_now_us(&clock_monotonic);

	if (!speed) {
		b->due_us = now_us;
		return;
	}
	b->due_us += STEP_US / speed;
	if (b->due_us < now_us - SEC_US)
		b->due_us = now_us;
	if (b->due_us > now_us) {
		struct timespec t = {.tv_sec = b->due_us / SEC_US, .tv_nsec = b->due_us % SEC_US * 1000};

		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	}
}

int bank_step(struct bank *b)
{
	int err = 0;

	hold_back(b);
	b->line_us += STEP_US;
	for (unsigned i = 0; !err && i < b->par.nspans; i++) {
		struct bank_span *s = &b->spans[i];

		exchange_run(s->x);
		exchange_block(s->x, s->tx, s->rx);
		err = tdm_port_send(s->port, s->tx[0], EXCHANGE_BLOCK);
	}
	for (unsigned i = 0; !err && i < b->par.nspans; i++)
		err = tdm_port_wait(b->spans[i].port, ANSWER_LIMIT_MS, b->spans[i].rx[0]);
	while (!err && loop_step(b->loop, 0) > 0)
		;
	if (b->peer) {
		sip_peer_run(b->peer, clock_now_us(&clock_monotonic));
		sip_peer_step(b->peer, EXCHANGE_BLOCK);
	}
	if (err)
		fprintf(stderr, "the gateway does not answer on its line: %s\n", strerror(err));
	return err;
}

static unsigned count_restarts(const struct bank *b)
{
	unsigned n = 0;

	for (unsigned i = 0; i < b->par.nspans; i++)
		n += exchange_stats(b->spans[i].x).restarts;
	return n;
}

/* A call on a channel that is yet to be restarted would be lost (Q.931 5.5.2). The gateway restarts one after the
 * other; which channels it has is not known here, but no more than there are. */
static int wait_restarted(struct bank *b)
{
	const unsigned most = b->par.nspans * (unsigned)__builtin_popcount(EXCHANGE_TIMESLOTS);
	int64_t since_us = b->line_us;
	unsigned before = 0;
	int err = 0;

	while (!err && b->line_us - since_us < (before >= most ? ACKNOWLEDGED_US : RESTARTED_US)) {
		err = bank_step(b);
		if (count_restarts(b) == before)
			continue;
		before = count_restarts(b);
		since_us = b->line_us;
	}
	return err;
}

/* Q.921's timers run on real time, so the line is held to it. */
int bank_wait_up(struct bank *b, unsigned limit_ms)
{
	int64_t until_us = clock_now_us(&clock_monotonic) + limit_ms * MS_US;
	int err = 0;

	b->starting = true;
	for (unsigned i = 0; !err && i < b->par.nspans;) {
		if (exchange_is_up(b->spans[i].x))
			i++;
		else if (clock_now_us(&clock_monotonic) > until_us)
			err = ETIMEDOUT;
		else
			err = bank_step(b);
	}
	if (!err)
		err = wait_restarted(b);
	b->starting = false;
	return err;
}
