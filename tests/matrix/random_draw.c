/* SPDX-License-Identifier: GPL-2.0-only */
/* What is drawn, and how often: mostly what is met in the field, with something bad now and then. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/matrix/random.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct dice {
	uint64_t state;
};

/* Steele's splitmix64. */
static uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* From LOW to HIGH, both too. */
static int32_t between(struct dice *d, int32_t low, int32_t high)
{
	return low + (int32_t)(dice_next(d) % (uint64_t)(high - low + 1));
}

static bool chance(struct dice *d, int32_t percent)
{
	return between(d, 0, 99) < percent;
}

static double share(struct dice *d, double most)
{
	return most * (double)(dice_next(d) >> 11) / 9007199254740992.0;
}

#define PICK(d, list) ((list)[between(d, 0, COUNT(list) - 1)])

static void add(char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(char *text, const char *fmt, ...)
{
	size_t n = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + n, RANDOM_TEXT - n, fmt, ap);
	va_end(ap);
}

/* ---- the gateway ---- */

static void draw_limits(struct dice *d, struct random_scene *s)
{
	static const unsigned rates[] = {14400, 12000, 9600, 7200, 4800};

	s->modems = FAX_MODEM_ALL;
	s->max_rate = 14400;
	s->no_ecm = chance(d, 5);
	if (s->no_ecm)
		add(s->fax_text, "ecm = no\n");
	if (chance(d, 5)) {
		s->modems = FAX_MODEM_V29 | FAX_MODEM_V27TER;
		s->max_rate = 9600;
		add(s->fax_text, "modems = v29, v27ter\nmax_rate = 9600\n");
	} else if (chance(d, 15)) {
		s->max_rate = PICK(d, rates);
		add(s->fax_text, "max_rate = %u\n", s->max_rate);
	}
}

static void draw_gateway(struct dice *d, struct random_scene *s)
{
	static const char *const starts[] = {"answering-side", "answering-side", "on-cng", "on-ced",
					     "on-preamble",    "on-preamble",	 "wait",   "at-answer"};
	static const char *const kinds[] = {"redundancy", "fec", "none"};
	static const char *const codecs[] = {"alaw, ulaw", "ulaw, alaw", "alaw", "ulaw"};
	static const enum udptl_sim_kind of_kinds[] = {UDPTL_SIM_REDUNDANCY, UDPTL_SIM_FEC, UDPTL_SIM_NONE};
	unsigned drawn = chance(d, 80) ? 0 : chance(d, 75) ? 1 : 2;
	const char *kind = kinds[drawn];

	add(s->fax_text, "t38_start = %s\n", PICK(d, starts));
	if (chance(d, 30))
		add(s->fax_text, "t38_grace = %d ms\n", between(d, 0, 6000));
	draw_limits(d, s);
	add(s->fax_text, "error_correction = %s\n", kind);
	if (chance(d, 40))
		add(s->fax_text, "redundancy_control = %d\nredundancy_image = %d\n", between(d, 2, 7),
		    between(d, 1, 5));
	if (chance(d, 40))
		add(s->fax_text, "fec_span = %d\nfec_entries = %d\n", between(d, 2, 4), between(d, 2, 4));
	s->error_correction = of_kinds[drawn];
	if (chance(d, 20))
		add(s->fax_text, "tail_repeats = %d\nrx_window = %d ms\n", between(d, 0, 8), between(d, 60, 300));
	add(s->peer_text, "t38_ec = %s\ncodecs = %s\nt38_version = %d\n", kind, PICK(d, codecs), between(d, 0, 3));
	if (chance(d, 5))
		add(s->peer_text, "rtcp = no\n");
	if (chance(d, 5))
		add(s->peer_text, "rtp_in_t38 = keep\n");
	if (chance(d, 20))
		add(s->span_text, "law = ulaw\n");
}

/* ---- between ---- */

static void draw_network(struct dice *d, struct random_scene *s)
{
	struct net_sim_damage n = {.delay_us = between(d, 1, 80) * 1000};
	int32_t how = between(d, 0, 99);

	if (how >= 40)
		n.jitter_us = between(d, 0, 30) * 1000;
	if (how >= 60)
		n.loss = share(d, 0.02);
	if (how >= 80)
		n.loss = share(d, 0.10);
	if (how >= 90)
		n.jitter_us = between(d, 0, 150) * 1000;
	if (how >= 95) {
		n.burst_begin = share(d, 0.004);
		n.burst_end = 0.2 + share(d, 0.3);
		n.burst_loss = 1.0;
	}
	n.keep_order = chance(d, 50);
	n.duplicate = chance(d, 10) ? share(d, 0.05) : 0;
	s->out = s->in = n;
	if (chance(d, 20))
		s->in = (struct net_sim_damage){.delay_us = n.delay_us};
	s->sip = (struct net_sim_damage){.delay_us = n.delay_us, .loss = chance(d, 10) ? share(d, 0.05) : 0};
}

static void draw_line(struct dice *d, struct random_scene *s)
{
	s->line_is_damaged = chance(d, 35);
	s->line.seed = between(d, 1, 1000000);
	s->line.gain_db = (float)between(d, -12, 3);
	s->line.noise_dbm0 = chance(d, 60) ? (float)between(d, -75, -52) : 0.0f;
	if (chance(d, 20))
		s->line.filter = (enum line_filter_kind)between(d, LINE_FLAT, LINE_LONG);
	if (chance(d, 10)) {
		s->line.echo_db = (float)between(d, -40, -20);
		s->line.echo_ms = (float)between(d, 1, 60);
	}
	if (chance(d, 8))
		s->line.slip_s = (float)between(d, 5, 60);
	if (chance(d, 5)) {
		s->line.impulse_dbm0 = (float)between(d, -40, -20);
		s->line.impulse_s = (float)between(d, 2, 20);
	}
}

/* ---- the machines ---- */

static void draw_machine(struct dice *d, struct machine_params *m)
{
	static const unsigned modems[] = {FAX_MODEM_V27TER, FAX_MODEM_V27TER | FAX_MODEM_V29};
	static const unsigned codings[] = {MACHINE_MH, MACHINE_MH | MACHINE_MR};
	static const unsigned min_scans_ms[] = {0, 5, 10, 20};
	struct machine_kind *k = &m->kind;

	m->ecm = !chance(d, 15);
	m->modems = chance(d, 20) ? PICK(d, modems) : FAX_MODEM_ALL;
	m->super_g3 = chance(d, 12);
	k->codings = chance(d, 15) ? PICK(d, codings) : 0;
	k->min_scan_ms = chance(d, 15) ? PICK(d, min_scans_ms) : 0;
	k->no_cng = m->caller && chance(d, 3);
	k->no_ced = !m->caller && chance(d, 3);
	k->tep = chance(d, 5);
	k->nonstandard = chance(d, 15);
	k->bad_above = !m->caller && chance(d, 5) ? 9600 : 0;
}

static void draw_page(struct dice *d, bool many, struct page_format *f)
{
	f->kind = chance(d, 10) ? PAGE_WHITE : chance(d, 5) ? PAGE_DITHER : PAGE_TEXT;
	f->rows = (unsigned)between(d, 60, many || f->kind == PAGE_DITHER ? 200 : 600);
	f->resolution = chance(d, 70) ? PAGE_FINE : chance(d, 70) ? PAGE_STANDARD : PAGE_SUPERFINE;
}

static void draw_document(struct dice *d, struct random_call *c)
{
	static const unsigned pages[] = {1, 1, 1, 1, 2, 2, 3, 5};

	c->pages = PICK(d, pages);
	draw_page(d, c->pages > 2, &c->formats[0]);
	c->formats[1] = c->formats[0];
	if (c->pages > 1 && chance(d, 20))
		draw_page(d, c->pages > 2, &c->formats[1]);
	c->page_seed = (uint32_t)dice_next(d) | 1;
}

/* ---- the peer ---- */

static void draw_peer_t38(struct dice *d, struct sip_peer_call_params *p)
{
	static const unsigned datagrams[] = {0, 0, 0, 1400, 400, 200, 150, 72};
	static const unsigned refusals[] = {488, 415, 606, 501, 500, 403};

	p->error_correction = chance(d, 80) ? UDPTL_SIM_REDUNDANCY : chance(d, 75) ? UDPTL_SIM_FEC : UDPTL_SIM_NONE;
	p->mixed = chance(d, 5);
	p->redundancy = (unsigned)between(d, 1, 5);
	p->max_datagram = PICK(d, datagrams);
	p->t38_version = (unsigned)between(d, 0, 3);
	p->local_tcf = chance(d, 3);
	p->same_port = chance(d, 15);
	p->reinvite_two_lines = chance(d, 10);
	if (chance(d, 40))
		p->t38_after_ms = between(d, 100, 5000); /* before the first DCS: later no machine can go over */
	if (chance(d, 8))
		p->t38 = chance(d, 60) ? PEER_T38_REFUSES : chance(d, 70) ? PEER_T38_PORT_ZERO : PEER_T38_IS_SILENT;
	if (p->t38 == PEER_T38_IS_SILENT)
		p->t38_after_ms = 0; /* none that has T.38 of its own is deaf to it */
	p->t38_refuse_status = PICK(d, refusals);
	if (chance(d, 20))
		p->audio_after_done_ms = between(d, 20, 2000);
}

static void draw_peer(struct dice *d, struct random_call *c)
{
	static const unsigned provisionals[] = {0, 180, 180, 183};
	static const unsigned refusals[] = {486, 480, 404, 603};
	struct sip_peer_call_params *p = &c->peer;
	int32_t offer = between(d, 0, 99);

	p->answer_ms = (uint32_t)between(d, 0, 4000);
	p->provisional = PICK(d, provisionals);
	p->early_sdp = p->provisional == 183;
	if (chance(d, 2)) {
		p->answer = PEER_REFUSES;
		p->refuse_status = PICK(d, refusals);
	}
	p->offer = offer < 82	? PEER_OFFERS_AUDIO
		   : offer < 89 ? PEER_OFFERS_IMAGE
		   : offer < 95 ? PEER_OFFERS_BOTH
				: PEER_OFFERS_NONE;
	p->take_image_of_both = chance(d, 50);
	p->codec = chance(d, 50) ? CODEC_PCMU : CODEC_PCMA;
	p->vbd = chance(d, 5);
	if (chance(d, 60))
		p->hangup_done_ms = between(d, 1, 3000);
	draw_peer_t38(d, p);
}

static void draw_call(struct dice *d, struct random_call *c)
{
	static const unsigned causes[] = {17, 18, 21, 1, 34};

	c->from_line = chance(d, 50);
	draw_document(d, c);
	c->caller.caller = true;
	draw_machine(d, &c->caller);
	draw_machine(d, &c->called);
	draw_peer(d, c);
	if (chance(d, 8)) {
		c->cut = chance(d, 50) ? RANDOM_CUT_LINE : RANDOM_CUT_PEER;
		c->cut_ms = between(d, 100, 60000);
	}
	c->line_hangs_up_ms = chance(d, 90) ? between(d, 20, 2000) : between(d, 8000, 20000);
	c->line_refuses = chance(d, 2) ? PICK(d, causes) : 0;
	c->line_answer_ms = between(d, 100, 5000);
}

void random_draw(uint64_t seed, struct random_scene *sp)
{
	struct dice d = {.state = seed};

	memset(sp, 0, sizeof(*sp));
	sp->seed = seed;
	draw_gateway(&d, sp);
	draw_network(&d, sp);
	draw_line(&d, sp);
	sp->ncalls = chance(&d, 70) ? 1 : (unsigned)between(&d, 2, RANDOM_CALLS);
	for (unsigned i = 0; i < sp->ncalls; i++) {
		draw_call(&d, &sp->calls[i]);
		sp->calls[i].begin_ms = i ? between(&d, 0, 10000) : 0;
	}
}

static void print_damage(const char *name, const struct net_sim_damage *n, FILE *f)
{
	fprintf(f, "%s: delay %d ms, jitter %d ms%s, loss %.2f %%, bursts %.2f %% %.0f %%, duplicates %.1f %%\n", name,
		(int)(n->delay_us / 1000), (int)(n->jitter_us / 1000), n->keep_order ? " in order" : "", n->loss * 100,
		n->burst_begin * 100, n->burst_end * 100, n->duplicate * 100);
}

static void print_machine(const char *name, const struct machine_params *m, FILE *f)
{
	const struct machine_kind *k = &m->kind;

	fprintf(f, "  %s: modems 0x%x%s%s, codings 0x%x, %u ms a line%s%s%s%s", name, m->modems,
		m->ecm ? ", ECM" : ", no ECM", m->super_g3 ? ", Super-G3" : "", k->codings, k->min_scan_ms,
		k->no_cng ? ", no CNG" : "", k->no_ced ? ", no CED" : "", k->tep ? ", TEP" : "",
		k->nonstandard ? ", NSF" : "");
	if (k->bad_above)
		fprintf(f, ", FTT above %u", k->bad_above);
	fputc('\n', f);
}

static void print_call(const struct random_call *c, unsigned i, FILE *f)
{
	static const char *const pages[] = {"text", "white", "dithered"};
	static const char *const resolutions[] = {"fine", "standard", "superfine"};
	static const char *const offers[] = {"audio", "image", "both", "none"};
	static const char *const t38s[] = {"taken", "refused", "port 0", "not answered"};
	static const char *const cuts[] = {"nobody", "line", "peer"};
	const struct sip_peer_call_params *p = &c->peer;

	fprintf(f, "call %u, %s the line, after %d ms: %u pages", i, c->from_line ? "from" : "to", c->begin_ms,
		c->pages);
	for (unsigned k = 0; k < 2; k++)
		fprintf(f, ", %u rows %s %s", c->formats[k].rows, resolutions[c->formats[k].resolution],
			pages[c->formats[k].kind]);
	fputc('\n', f);
	print_machine("caller", &c->caller, f);
	print_machine("called", &c->called, f);
	fprintf(f, "  peer: %s after %u ms, provisional %u; offers %s; codec %s; T.38 %s (%u), asks after %d ms\n",
		p->answer == PEER_REFUSES ? "refuses" : "answers", p->answer_ms, p->provisional, offers[p->offer],
		p->codec == CODEC_PCMA ? "A-law" : "mu-law", t38s[p->t38], p->t38_refuse_status, p->t38_after_ms);
	fprintf(f,
		"  its UDPTL: kind %d, depth %u%s, datagrams %u, version %u%s%s; hangs up %d ms after the fax, audio "
		"after %d ms\n",
		(int)p->error_correction, p->redundancy, p->mixed ? ", mixed" : "", p->max_datagram, p->t38_version,
		p->local_tcf ? ", localTCF" : "", p->same_port ? ", one port" : "", p->hangup_done_ms,
		p->audio_after_done_ms);
	fprintf(f,
		"  the line answers after %d ms, refuses with %u, hangs up %d ms after the fax; cut by %s after %d "
		"ms\n",
		c->line_answer_ms, c->line_refuses, c->line_hangs_up_ms, cuts[c->cut], c->cut_ms);
}

void random_print(const struct random_scene *s, FILE *f)
{
	fprintf(f, "seed %llu\n[fax]\n%s[peer]\n%s[span]\n%s", (unsigned long long)s->seed, s->fax_text, s->peer_text,
		s->span_text);
	print_damage("media to the peer", &s->out, f);
	print_damage("media from it", &s->in, f);
	print_damage("SIP", &s->sip, f);
	if (s->line_is_damaged)
		fprintf(f,
			"line: gain %.0f dB, noise %.0f dBm0 (0: none), filter %d, echo %.0f dB %.0f ms, a slip in "
			"%.0f s, an "
			"impulse of %.0f dBm0 in %.0f s\n",
			(double)s->line.gain_db, (double)s->line.noise_dbm0, (int)s->line.filter,
			(double)s->line.echo_db, (double)s->line.echo_ms, (double)s->line.slip_s,
			(double)s->line.impulse_dbm0, (double)s->line.impulse_s);
	for (unsigned i = 0; i < s->ncalls; i++)
		print_call(&s->calls[i], i, f);
}
