/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls of one scene through the gateway. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/matrix/random_own.h"

#define LIMIT_MS    (50 * 60 * 1000) /* no call that was drawn takes longer */
#define SIP_LEFT_MS 40000	     /* SIP's transactions end, RFC 3261 table 4 */

static unsigned last_digit(const char *number)
{
	size_t n = strlen(number);

	return n && number[n - 1] >= '0' && number[n - 1] <= '9' ? (unsigned)(number[n - 1] - '0') : RANDOM_CALLS;
}

static struct random_state *state_of(struct random_stage *g, const char *number)
{
	unsigned i = last_digit(number);

	return i < g->scene->ncalls ? &g->calls[i] : NULL;
}

static int make_machine(struct random_state *c, const struct machine_params *p, bool sends)
{
	struct machine_params m = *p;

	m.send_file = sends ? c->sent : NULL;
	m.receive_file = sends ? NULL : c->received;
	m.ident = sends ? "sender" : "receiver";
	return machine_alloc(&c->machine, &m);
}

static void line_is_called(struct exchange *x, struct xcall *xc, const struct isdn_parties *p,
			   struct xcall_behaviour *b, void *arg)
{
	struct random_state *c = state_of(arg, p->called.digits);

	if (!c || c->line || make_machine(c, &c->drawn->called, false)) {
		b->refuse_cause = 31;
		return;
	}
	c->line = xc;
	b->answer_ms = c->drawn->line_answer_ms;
	b->refuse_cause = c->drawn->line_refuses;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = c->machine};
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	struct random_state *c = state_of(arg, called);

	if (!c || c->has_id)
		return NULL;
	c->has_id = true;
	c->id = id;
	return &c->peer;
}

static int begin_call(struct random_stage *g, struct random_state *c)
{
	struct exchange_call call = {.timeslot = 0};
	int err;

	c->begun = true;
	if (!c->drawn->from_line) {
		err = sip_peer_call(g->lab->peer, &g->lab->gateway, &c->peer, &c->id);
		c->has_id = !err;
		return err;
	}
	err = make_machine(c, &c->drawn->caller, true);
	if (err)
		return err;
	strcpy(call.parties.called.digits, c->number);
	strcpy(call.parties.calling.digits, LAB_CALLER);
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = c->machine};
	return exchange_call(g->lab->spans[0].x, &call, &c->line);
}

/* What was drawn to happen in the middle of call C, and that the line's machine puts the receiver down. */
static void step_call(struct random_stage *g, struct random_state *c, int64_t now_ms)
{
	const struct random_call *d = c->drawn;
	struct machine_result m = {0};

	if (c->machine)
		machine_result(c->machine, &m);
	if (d->cut && !c->is_cut && now_ms >= d->begin_ms + d->cut_ms) {
		c->is_cut = true;
		if (d->cut == RANDOM_CUT_LINE && c->line)
			exchange_hangup(c->line, Q850_NORMAL);
		else if (d->cut == RANDOM_CUT_PEER && c->has_id)
			sip_peer_hangup(g->lab->peer, c->id);
	}
	if (!c->line || !m.done || xcall_result(c->line)->state >= XCALL_CLEARING)
		return;
	if (!c->done_ms)
		c->done_ms = now_ms;
	if (now_ms - c->done_ms >= d->line_hangs_up_ms)
		exchange_hangup(c->line, Q850_NORMAL);
}

static bool is_over(struct random_stage *g)
{
	if (!lab_is_idle(g->lab, NULL) || sip_peer_active(g->lab->peer))
		return false;
	for (unsigned i = 0; i < g->scene->ncalls; i++) {
		const struct random_state *c = &g->calls[i];

		if (!c->begun || (c->line && xcall_result(c->line)->state != XCALL_GONE))
			return false;
	}
	return true;
}

static int play(struct random_stage *g)
{
	int64_t begin_ms = lab_now_ms(g->lab), now_ms = 0;
	int err = 0;

	do {
		for (unsigned i = 0; i < g->scene->ncalls && !err; i++) {
			struct random_state *c = &g->calls[i];

			if (!c->begun && now_ms >= c->drawn->begin_ms)
				err = begin_call(g, c);
			if (c->begun)
				step_call(g, c, now_ms);
		}
		lab_step(g->lab);
		now_ms = lab_now_ms(g->lab) - begin_ms;
	} while (!err && now_ms < LIMIT_MS && !is_over(g));
	g->over = !err && is_over(g);
	if (g->over)
		lab_run(g->lab, SIP_LEFT_MS);
	return err;
}

static int prepare_call(struct random_stage *g, unsigned i)
{
	struct random_state *c = &g->calls[i];
	const struct random_call *d = c->drawn = &g->scene->calls[i];

	snprintf(c->sent, sizeof(c->sent), "%s/sent%u.tif", g->dir, i);
	snprintf(c->received, sizeof(c->received), "%s/received%u.tif", g->dir, i);
	snprintf(c->number, sizeof(c->number), d->from_line ? "620000%u" : "4930%u", i);
	c->peer_fax = d->from_line ? d->called : d->caller;
	c->peer_fax.ident = d->from_line ? "receiver" : "sender";
	c->peer_fax.send_file = d->from_line ? NULL : c->sent;
	c->peer_fax.receive_file = d->from_line ? c->received : NULL;
	c->peer_fax.t38_version = d->peer.t38_version;
	c->peer = d->peer;
	c->peer.fax = &c->peer_fax;
	c->peer.to = c->number;
	c->peer.rtp_buffer_ms = RANDOM_BUFFER_MS;
	return page_make_mixed(c->sent, d->pages, d->formats, 2, d->page_seed);
}

static int open_stage(struct random_stage *g)
{
	const struct random_scene *s = g->scene;
	const struct lab_params p = {
		.seed = s->seed,
		.main_text = s->main_text,
		.fax_text = s->fax_text,
		.peer_text = s->peer_text,
		.span_text = s->span_text,
		.on_call = line_is_called,
		.on_peer_call = peer_is_called,
		.arg = g,
	};
	int err = 0;

	strcpy(g->dir, "/tmp/faxspan-random-XXXXXX");
	if (!mkdtemp(g->dir))
		return errno;
	for (unsigned i = 0; i < s->ncalls && !err; i++)
		err = prepare_call(g, i);
	if (err)
		return err;
	g->lab = lab_open(&p);
	g->sockets = net_sim_stats(g->lab->net).sockets;
	lab_damage_media(g->lab, &s->out, &s->in);
	lab_damage_sip(g->lab, &s->sip);
	if (s->line_is_damaged)
		exchange_damage(g->lab->spans[0].x, &s->line);
	return 0;
}

/* A fax that went its way, well or not, is sent once more without us. The documents are still there. */
static void ask_bare(const struct random_stage *g, unsigned i, struct random_verdict *v)
{
	const struct random_state *c = &g->calls[i];
	const struct random_bare how = {.g711 = strcmp(v->media, "t38") != 0,
					.kind = random_agreed(g->scene, c->drawn),
					.sent = c->sent,
					.received = c->received};
	struct random_bare_result bare = {.whole = false};

	if (c->is_cut || v->kind == RANDOM_REFUSED || v->kind == RANDOM_CUT || v->kind == RANDOM_BROKEN)
		return;
	unlink(c->received);
	v->bare_known = !random_run_bare(g->scene, i, &how, &bare);
	v->bare_whole = bare.whole;
	v->bare_ecm = bare.ecm;
}

static void close_stage(struct random_stage *g)
{
	lab_free(g->lab);
	for (unsigned i = 0; i < g->scene->ncalls; i++) {
		machine_free(g->calls[i].machine);
		unlink(g->calls[i].sent);
		unlink(g->calls[i].received);
	}
	rmdir(g->dir);
}

int random_run(const struct random_scene *s, struct random_verdict *verdicts)
{
	static struct random_stage g;
	int err;

	memset(&g, 0, sizeof(g));
	g.scene = s;
	err = open_stage(&g);
	if (!err)
		err = play(&g);
	for (unsigned i = 0; i < s->ncalls && !err; i++)
		random_judge(&g, i, &verdicts[i]);
	for (unsigned i = 0; i < s->ncalls && !err; i++)
		ask_bare(&g, i, &verdicts[i]);
	close_stage(&g);
	return err;
}
