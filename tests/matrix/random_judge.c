/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of a call: what the END line says of it beside what its machines and its pages say. */
#include <stdlib.h>
#include <string.h>

#include "tests/matrix/random_own.h"

const char *random_verdict_name(enum random_verdict_kind k)
{
	static const char *const names[] = {
		"whole",  "whole, not confirmed", "refused, as drawn", "cut, as drawn", "damaged lines",
		"failed", "wrongly blamed",	  "false alarm",       "lost unseen",	"broken"};

	return (unsigned)k < RANDOM_VERDICTS ? names[k] : "-";
}

bool random_verdict_is_fault(enum random_verdict_kind k)
{
	return k >= RANDOM_BLAMED_WRONG;
}

/* The value of KEY, " fault=" or " result=\"", in an END line. */
static void field(const char *end, const char *key, char *value, size_t room)
{
	const char *p = strstr(end, key), *stop;

	value[0] = '\0';
	if (!p || p > end + strcspn(end, "\n"))
		return;
	p += strlen(key);
	stop = p + strcspn(p, key[strlen(key) - 1] == '"' ? "\"\n" : " \n");
	snprintf(value, room, "%.*s", (int)(stop - p), p);
}

/* The END lines of call C; the first of them. */
static unsigned find_end(const struct random_stage *g, const struct random_state *c, const char **endp)
{
	char called[40];
	unsigned n = 0;

	snprintf(called, sizeof(called), " called=%s ", c->number);
	for (unsigned i = 0;; i++) {
		const char *end = lab_log_end(g->lab, i), *p;

		if (!end)
			return n;
		p = strstr(end, called);
		if (!p || p > end + strcspn(end, "\n"))
			continue;
		if (!n++)
			*endp = end;
	}
}

/* What is left over of a scene, in words; "": nothing. */
static void find_broken(const struct random_stage *g, char *note, size_t room)
{
	const struct span *s = g->lab->spans[0].span;
	unsigned sockets = net_sim_stats(g->lab->net).sockets;

	note[0] = '\0';
	if (!g->over)
		snprintf(note, room, "not over in time: %u and %u half-calls, %u calls of the peer", s->nlegs,
			 g->lab->sip->nlegs, sip_peer_active(g->lab->peer));
	else if (sip_stack_sessions(g->lab->sip->stack))
		snprintf(note, room, "%u SIP sessions left", sip_stack_sessions(g->lab->sip->stack));
	else if (chanmap_count(&s->channels, CHAN_BUSY))
		snprintf(note, room, "%u channels left busy", chanmap_count(&s->channels, CHAN_BUSY));
	else if (sockets != g->sockets)
		snprintf(note, room, "%u sockets, %u before", sockets, g->sockets);
	else if (g->lab->log_errors)
		snprintf(note, room, "%u errors logged", g->lab->log_errors);
}

/* The worst of what was drawn for the kind of media that the fax passed in. */
static const char *name_condition(const struct random_stage *g, const struct random_state *c,
				  const struct random_verdict *v)
{
	const struct random_scene *s = g->scene;
	const struct random_call *d = c->drawn;
	const struct net_sim_damage *n = &s->out;
	bool noise = s->line_is_damaged && s->line.noise_dbm0 < 0 && s->line.noise_dbm0 > -60,
	     cable = s->line_is_damaged && (s->line.filter != LINE_FLAT || s->line.gain_db < -6);

	if ((n->loss > 0 || n->jitter_us > 0 || n->burst_begin > 0) && !strcmp(v->media, "t38") &&
	    random_agreed(s, d) == UDPTL_SIM_NONE)
		return "no error correction";
	if (n->burst_begin > 0)
		return "bursts of loss";
	if (n->loss > 0.02)
		return "loss of 2 to 10 %";
	if (n->jitter_us > 50000)
		return n->keep_order ? "jitter to 150 ms, in order" : "jitter to 150 ms";
	if (n->loss > 0)
		return "loss to 2 %";
	if (s->line_is_damaged && s->line.slip_s > 0)
		return "slips of the line";
	if (s->line_is_damaged && s->line.impulse_s > 0)
		return "impulses on the line";
	if (noise)
		return "noise of the line";
	if (cable)
		return "cable of the line";
	if (d->peer.local_tcf && !strcmp(v->media, "t38"))
		return "localTCF";
	if (d->caller.super_g3 || d->called.super_g3)
		return "Super-G3";
	return d->caller.ecm && d->called.ecm ? "nothing bad" : "no ECM";
}

static bool way_is_bad(const struct net_sim_damage *d)
{
	return d->loss > 0 || d->burst_begin > 0 || d->jitter_us > 50000;
}

/* Of the network, what is there to be seen by the gateway: packets of which another came before, or none. */
static bool way_is_perfect(const struct net_sim_damage *d)
{
	return !way_is_bad(d) && !d->jitter_us;
}

/* No machine that is drawn fails for itself: who says nothing, or gives up, has not heard the other. */
static bool is_blamed_wrong(const struct random_stage *g, const struct random_state *c, const struct random_verdict *v)
{
	const struct random_scene *s = g->scene;
	bool network = !way_is_perfect(&s->out) || !way_is_perfect(&s->in), line = s->line_is_damaged;

	if (!strcmp(v->fault, "gateway"))
		return true;
	if (!strcmp(v->fault, "network"))
		return !network;
	if (c->is_cut && (network || line || strncmp(v->result, "fax failed", 10)))
		return false;
	if (c->is_cut)
		return strcmp(v->fault, c->drawn->cut == RANDOM_CUT_LINE ? "line" : "peer") != 0;
	if (!strcmp(v->fault, "line"))
		return !line;
	/* the peer's side, and the way there, of which nobody tells us */
	return !strcmp(v->fault, "peer") && way_is_perfect(&s->out);
}

enum udptl_sim_kind random_agreed(const struct random_scene *s, const struct random_call *c)
{
	enum udptl_sim_kind ours = s->error_correction, theirs = c->peer.error_correction;

	return ours < theirs ? ours : theirs;
}

static void name_class(const struct random_stage *g, const struct random_state *c, struct random_verdict *v)
{
	static const char *const kinds[] = {[UDPTL_SIM_NONE] = "nothing against it",
					    [UDPTL_SIM_REDUNDANCY] = "redundancy",
					    [UDPTL_SIM_FEC] = "FEC"};
	const struct random_scene *s = g->scene;
	const char *name = strcmp(v->media, "t38") ? "packets late or lost" : kinds[random_agreed(s, c->drawn)];

	if (way_is_perfect(&s->out) && way_is_perfect(&s->in))
		name = "a perfect network";
	snprintf(v->class, sizeof(v->class), "%s", name);
}

static bool was_refused(const struct random_state *c, const struct random_verdict *v)
{
	if (strncmp(v->result, "not answered", 12))
		return false;
	return c->is_cut || (c->drawn->from_line ? c->drawn->peer.answer == PEER_REFUSES : c->drawn->line_refuses != 0);
}

static enum random_verdict_kind judge(const struct random_stage *g, const struct random_state *c, bool whole,
				      const struct random_verdict *v)
{
	bool says_ok = !strncmp(v->result, "fax ok", 6), plainly = !v->result[6];
	struct machine_result line = {0};
	struct sip_peer_result peer = {0};

	if (v->note[0])
		return RANDOM_BROKEN;
	if (c->machine)
		machine_result(c->machine, &line);
	if (c->has_id)
		sip_peer_result(g->lab->peer, c->id, &peer);
	/* a receiver fills up with the line above: that may have been the same */
	if (whole && strstr(v->result, "came damaged") && !g->scene->line_is_damaged && way_is_perfect(&g->scene->in))
		return RANDOM_FALSE_ALARM;
	if (whole)
		return says_ok				  ? RANDOM_WHOLE
		       : c->is_cut			  ? RANDOM_CUT
		       : line.success && peer.fax.success ? RANDOM_FALSE_ALARM
							  : RANDOM_UNCONFIRMED;
	if (says_ok)
		return !plainly || (!v->ecm && v->pages == c->drawn->pages) ? RANDOM_BAD_LINES : RANDOM_LOST_UNSEEN;
	if (was_refused(c, v))
		return RANDOM_REFUSED;
	if (is_blamed_wrong(g, c, v))
		return RANDOM_BLAMED_WRONG;
	return c->is_cut ? RANDOM_CUT : RANDOM_FAILED;
}

static void last_words(const struct random_stage *g, const struct random_state *c, struct random_verdict *v)
{
	struct machine_result line;
	struct sip_peer_result peer;

	if (c->machine) {
		machine_result(c->machine, &line);
		snprintf(v->line, sizeof(v->line), "%s", line.text ? line.text : "-");
	}
	if (c->has_id) {
		sip_peer_result(g->lab->peer, c->id, &peer);
		snprintf(v->peer, sizeof(v->peer), "%s", peer.fax.text ? peer.fax.text : "-");
	}
}

void random_judge(struct random_stage *g, unsigned i, struct random_verdict *vp)
{
	const struct random_state *c = &g->calls[i];
	struct random_verdict v = {.seed = g->scene->seed, .call = i, .from_line = c->drawn->from_line};
	const char *end = "";
	unsigned ends = find_end(g, c, &end);
	struct page_report pages;
	char ecm[8];
	bool whole = page_compare(c->sent, c->received, &pages);

	v.pages = pages.received;
	v.pages_same = pages.same;
	v.bad_lines = pages.bad_lines;
	field(end, " result=\"", v.result, sizeof(v.result));
	field(end, " fault=", v.fault, sizeof(v.fault));
	field(end, " media=", v.media, sizeof(v.media));
	field(end, " ecm=", ecm, sizeof(ecm));
	v.ecm = !strcmp(ecm, "yes");
	snprintf(v.condition, sizeof(v.condition), "%s", name_condition(g, c, &v));
	name_class(g, c, &v);
	last_words(g, c, &v);
	v.whole = whole;
	if (!i)
		find_broken(g, v.note, sizeof(v.note));
	if (ends != 1)
		snprintf(v.note, sizeof(v.note), "%u END lines", ends);
	v.kind = judge(g, c, whole, &v);
	*vp = v;
}
