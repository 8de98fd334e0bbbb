/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/call/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "conf/load.h"
#include "dahdi/pri_link.h"
#include "gateway/base/log.h"
#include "tests/sim/clock_sim.h"

#define STEP_US	       (20 * MS_US)
#define ROUNDS	       6     /* how often threads' mailboxes and the network are served in a step */
#define START_LIMIT_MS 20000 /* D channel up and every channel restarted */
#define TEXT_OCTETS    4096

static void collect_log(enum log_level level, const char *line, void *arg)
{
	struct lab *l = arg;
	size_t n = strlen(line);

	if (getenv("LAB_LOG"))
		fprintf(stderr, "%9.3f %s\n", (double)clock_sim_now_us() / 1e6, line);
	if (level == LOGL_ERROR)
		l->log_errors++;
	if (level > LOGL_INFO || l->log_octets + n + 2 > sizeof(l->log))
		return;
	memcpy(l->log + l->log_octets, line, n);
	l->log_octets += n;
	l->log[l->log_octets++] = '\n';
	l->log[l->log_octets] = '\0';
}

static const char *text_of(const char *text)
{
	return text ? text : "";
}

static void load_config(const struct lab_params *p, unsigned nspans, struct config **cp)
{
	static char main_text[TEXT_OCTETS], span_texts[LAB_MAX_SPANS][TEXT_OCTETS], paths[LAB_MAX_SPANS][32];
	struct load_text spans[LAB_MAX_SPANS], main_file = {"faxspan.conf", main_text, 0};
	struct config_errors errors = {0};

	main_file.octets = (size_t)snprintf(main_text, sizeof(main_text),
					    "[sip]\nlisten = %s\n%s\n"
					    "[media]\naddress = %s\nports = 4000-5999\n"
					    "[peer fax]\naddress = %s\n%s\n%s\n",
					    p->listen ? p->listen : LAB_GATEWAY, text_of(p->sip_text),
					    p->media ? p->media : "none", p->peer_sip ? p->peer_sip : LAB_PEER,
					    text_of(p->peer_text), text_of(p->main_text));
	for (unsigned i = 0; i < nspans; i++) {
		snprintf(paths[i], sizeof(paths[i]), "span%u.conf", i + 1);
		spans[i] = (struct load_text){paths[i], span_texts[i], 0};
		spans[i].octets = (size_t)snprintf(
			span_texts[i], TEXT_OCTETS,
			"[span %u]\nlocal = 127.0.0.1:%u\nremote = 127.0.0.1:%u\npeer = %s\naccept = 62XXXXX\n"
			"dial = %s\n%s\n%s\n[fax]\n%s\n[timeouts]\n%s\n",
			i + 1, 9000 + i, 9100 + i, p->span_peers ? p->span_peers : "fax",
			p->far_gateway ? "62." : "49.", text_of(p->span_text), text_of(p->span_texts[i]),
			text_of(p->fax_text), text_of(p->timeouts_text));
	}
	if (load_texts(&main_file, spans, nspans, cp, &errors))
		fail_msg("configuration: %s", errors.count ? errors.list[0].text : "no memory");
	config_errors_fini(&errors);
}

/* ---- the line's far end ---- */

static int exchange_sends(const uint8_t *frame, size_t octets, void *arg)
{
	struct lab_span *s = arg;
	uint8_t copy[LINE_MEM_DFRAME_OCTETS];

	if (s->dead || octets > sizeof(copy))
		return 0;
	memcpy(copy, frame, octets);
	if (s->lab->par.on_dframe)
		s->lab->par.on_dframe(copy, octets, s->lab->par.arg);
	line_mem_dframe(s->line, copy, octets);
	return 0;
}

static void gateway_sent_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	struct lab_span *s = arg;

	if (!s->dead)
		exchange_dframe(s->x, frame, octets);
}

static void on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		    void *arg)
{
	struct lab *l = ((struct lab_span *)arg)->lab;

	if (l->par.on_call)
		l->par.on_call(x, c, p, b, l->par.arg);
}

/* Span I of the gateway that CONFIG and SIP are of. */
static void open_span(struct lab *l, struct lab_span *s, unsigned i, struct config *config, struct sipside *sip)
{
	const struct config_span *c = &config->spans[i];
	struct span_params p = {config, i, &clock_sim, net_sim_net(l->net), sipside_inbox(sip), NULL};
	struct exchange_params xp = {
		.side = c->side == ISDN_TE ? ISDN_NT : ISDN_TE,
		.switch_type = c->switch_type,
		.timeslots = l->par.exchange_timeslots ? l->par.exchange_timeslots : c->timeslots,
		.ulaw = c->law == CODEC_PCMU,
		.send = exchange_sends,
		.on_call = on_call,
		.arg = s,
	};

	s->lab = l;
	assert_int_equal(line_mem_alloc(&s->line, config_span_timeslots(c), c->dchannel), 0);
	line_mem_on_dframe(s->line, gateway_sent_dframe, s);
	p.line = s->line;
	assert_int_equal(span_thread_alloc(&s->span, &p), 0);
	sipside_connect(sip, i, span_inbox(s->span));
	assert_int_equal(exchange_alloc(&s->x, &xp), 0);
}

/* Where the peer would be. */
static void open_far(struct lab *l)
{
	struct lab_params p = {.far_gateway = true,
			       .listen = LAB_PEER,
			       .peer_sip = LAB_GATEWAY,
			       .peer_text = l->par.peer_text,
			       .fax_text = l->par.far_fax_text};

	load_config(&p, 1, &l->far.config);
	assert_int_equal(sipside_alloc(&l->far.sip, l->far.config, &clock_sim, net_sim_net(l->net)), 0);
	open_span(l, &l->far.span, 0, l->far.config, l->far.sip);
}

/* ---- the peer ---- */

static const struct sip_peer_call_params *on_peer_call(unsigned id, const char *called, void *arg)
{
	struct lab *l = arg;

	return l->par.on_peer_call ? l->par.on_peer_call(id, called, l->par.arg) : NULL;
}

static void on_peer_message(bool sent, const char *text, size_t octets, void *arg)
{
	struct lab *l = arg;

	if (sent || l->heard_octets + octets + 2 > sizeof(l->heard))
		return;
	memcpy(l->heard + l->heard_octets, text, octets);
	l->heard_octets += octets;
	l->heard[l->heard_octets++] = '\n';
	l->heard[l->heard_octets] = '\0';
}

static void open_peer(struct lab *l)
{
	struct sip_peer_setup p = {
		.incoming = l->par.peer,
		.handlers = {.incoming = on_peer_call, .message = on_peer_message, .arg = l},
		.seed = l->par.seed,
	};

	addr_parse(&p.local, l->par.far_gateway ? LAB_NOBODY : l->par.peer_sip ? l->par.peer_sip : LAB_PEER, 5060);
	if (l->par.peer_media)
		addr_parse(&p.media, l->par.peer_media, 0);
	assert_int_equal(sip_peer_alloc(&l->peer, &p, net_sim_net(l->net), NULL, clock_sim_now_us()), 0);
}

static bool on_datagram(struct net_sim_datagram *d, void *arg)
{
	struct lab *l = arg;
	const struct addr *peer = sip_peer_local(l->peer);

	if (l->peer_is_dead && (addr_same_host(&d->from, peer) || addr_same_host(&d->to, peer)))
		return false;
	return !l->tap || l->tap(d, l->tap_arg);
}

static bool span_is_ready(const struct lab_span *s)
{
	return exchange_is_up(s->x) && pri_link_is_up(s->span->link) && !s->span->restart.running;
}

static bool is_ready(struct lab *l, void *unused)
{
	for (unsigned i = 0; i < l->nspans; i++)
		if (!span_is_ready(&l->spans[i]))
			return false;
	return !l->par.far_gateway || span_is_ready(&l->far.span);
}

struct lab *lab_open(const struct lab_params *p)
{
	struct lab *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->par = *p;
	l->nspans = p->nspans ? p->nspans : 1;
	clock_sim_use();
	log_set_sink(collect_log, l);
	log_set_level(getenv("LAB_LOG") ? LOGL_DEBUG : LOGL_INFO);
	load_config(&l->par, l->nspans, &l->config);
	assert_int_equal(net_sim_alloc(&l->net, p->seed), 0);
	net_sim_run(l->net, clock_sim_now_us());
	pri_link_setup();
	assert_int_equal(sipside_alloc(&l->sip, l->config, &clock_sim, net_sim_net(l->net)), 0);
	for (unsigned i = 0; i < l->nspans; i++)
		open_span(l, &l->spans[i], i, l->config, l->sip);
	if (l->par.far_gateway)
		open_far(l);
	open_peer(l);
	net_sim_tap(l->net, on_datagram, l);
	l->gateway = l->config->sip_listen[addr_family(sip_peer_local(l->peer))];
	if (!lab_until(l, is_ready, NULL, START_LIMIT_MS))
		fail_msg("the D channels are not up and restarted in %d ms", START_LIMIT_MS);
	return l;
}

void lab_free(struct lab *l)
{
	if (!l)
		return;
	for (unsigned i = 0; i < l->nspans; i++) {
		span_thread_free(l->spans[i].span);
		exchange_free(l->spans[i].x);
	}
	span_thread_free(l->far.span.span);
	exchange_free(l->far.span.x);
	sipside_free(l->far.sip);
	config_free(l->far.config);
	sipside_free(l->sip);
	sip_peer_free(l->peer);
	if (l->net)
		net_sim_tap(l->net, NULL, NULL);
	net_sim_free(l->net);
	config_free(l->config);
	log_set_sink(NULL, NULL);
	clock_sim_leave();
	free(l);
}

void lab_close(struct lab *l)
{
	assert_true(lab_is_idle(l, NULL));
	assert_int_equal(sip_stack_sessions(l->sip->stack), 0);
	assert_int_equal(l->log_errors, l->errors_expected);
	if (!l->peer_was_dead)
		assert_int_equal(sip_peer_active(l->peer), 0);
	for (unsigned i = 0; i < l->nspans; i++) {
		const struct chanmap *m = &l->spans[i].span->channels;

		assert_int_equal(chanmap_count(m, CHAN_BUSY), 0);
		for (unsigned n = 0; !l->spans[i].was_dead && exchange_nth_call(l->spans[i].x, n); n++)
			assert_int_equal(xcall_result(exchange_nth_call(l->spans[i].x, n))->state, XCALL_GONE);
	}
	lab_free(l);
}

static void step_line(struct lab_span *s)
{
	exchange_run(s->x);
	exchange_block(s->x, s->to_gateway, s->from_gateway);
	line_mem_block(s->line, s->to_gateway, s->from_gateway);
}

void lab_step(struct lab *l)
{
	clock_sim_advance_us(STEP_US);
	l->steps++;
	net_sim_run(l->net, clock_sim_now_us());
	sip_peer_run(l->peer, clock_sim_now_us());
	sip_peer_step(l->peer, LINE_BLOCK);
	for (unsigned i = 0; i < l->nspans; i++)
		step_line(&l->spans[i]);
	if (l->par.far_gateway)
		step_line(&l->far.span);
	for (unsigned r = 0; r < ROUNDS; r++) {
		loop_step(l->sip->loop, 0);
		for (unsigned i = 0; i < l->nspans; i++)
			loop_step(l->spans[i].span->loop, 0);
		if (l->par.far_gateway) {
			loop_step(l->far.sip->loop, 0);
			loop_step(l->far.span.span->loop, 0);
		}
		if (!net_sim_run(l->net, clock_sim_now_us()) && r)
			break;
	}
}

int64_t lab_now_ms(const struct lab *l)
{
	return (int64_t)l->steps * 20;
}

bool lab_until(struct lab *l, bool (*done)(struct lab *l, void *arg), void *arg, unsigned limit_ms)
{
	for (unsigned ms = 0; ms < limit_ms; ms += 20) {
		if (done(l, arg))
			return true;
		lab_step(l);
	}
	return done(l, arg);
}

void lab_run(struct lab *l, unsigned ms)
{
	while (ms >= 20) {
		lab_step(l);
		ms -= 20;
	}
}

bool lab_is_idle(struct lab *l, void *unused)
{
	for (unsigned i = 0; i < l->nspans; i++)
		if (l->spans[i].span->nlegs)
			return false;
	return !l->sip->nlegs && (!l->par.far_gateway || (!l->far.span.span->nlegs && !l->far.sip->nlegs));
}

bool lab_log_has(const struct lab *l, const char *text)
{
	return strstr(l->log, text) != NULL;
}

unsigned lab_log_count(const struct lab *l, const char *text)
{
	unsigned n = 0;

	for (const char *p = l->log; (p = strstr(p, text)); p += strlen(text))
		n++;
	return n;
}

const char *lab_log_end(const struct lab *l, unsigned n)
{
	const char *p = l->log;

	while ((p = strstr(p, ": END ")) && n--)
		p++;
	return p ? p + 2 : NULL;
}

static void damage_ports(struct lab *l, uint16_t low, uint16_t high, const struct net_sim_damage *out,
			 const struct net_sim_damage *in)
{
	struct net_sim_match m = {.from_port_low = low, .from_port_high = high};
	struct addr gateway = {0};

	/* the far gateway has the same ports */
	if (l->par.far_gateway)
		assert_int_equal(addr_parse(&gateway, LAB_GATEWAY, 0), 0);
	m.from = gateway;
	assert_int_equal(net_sim_add_rule(l->net, &m, out, NULL), 0);
	m = (struct net_sim_match){.to = gateway, .to_port_low = low, .to_port_high = high};
	assert_int_equal(net_sim_add_rule(l->net, &m, in, NULL), 0);
}

void lab_damage_media(struct lab *l, const struct net_sim_damage *out, const struct net_sim_damage *in)
{
	/* the port of SIP lies between those of the media */
	damage_ports(l, 4000, 5059, out, in);
	damage_ports(l, 5061, 5999, out, in);
}

void lab_damage_sip(struct lab *l, const struct net_sim_damage *d)
{
	damage_ports(l, 5060, 5060, d, d);
}

void lab_tap(struct lab *l, net_sim_tap_h *h, void *arg)
{
	l->tap = h;
	l->tap_arg = arg;
}

void lab_inject(struct lab *l, const char *from, const struct addr *to, const void *p, size_t octets)
{
	struct addr a;
	struct udp *u;

	assert_int_equal(addr_parse(&a, from, 0), 0);
	assert_int_equal(udp_open(net_sim_net(l->net), &a, &u), 0);
	assert_int_equal(udp_send(u, to, p, octets), 0);
	udp_close(u);
}

void lab_kill_peer(struct lab *l, bool dead)
{
	l->peer_is_dead = dead;
	l->peer_was_dead |= dead;
}

void lab_kill_exchange(struct lab *l, unsigned i, bool dead)
{
	l->spans[i].dead = dead;
	l->spans[i].was_dead |= dead;
}

void lab_stop(struct lab *l, bool clear)
{
	const struct msg to_sip = {.type = MSG_STOP}, to_span = {.type = MSG_STOP, .clear = clear};

	assert_int_equal(mailbox_post(sipside_inbox(l->sip), &to_sip), 0);
	for (unsigned i = 0; i < l->nspans; i++)
		assert_int_equal(mailbox_post(span_inbox(l->spans[i].span), &to_span), 0);
}

void lab_stop_sip(struct lab *l)
{
	const struct msg stop = {.type = MSG_STOP, .clear = true};

	assert_int_equal(mailbox_post(sipside_inbox(l->sip), &stop), 0);
}

bool lab_peer_heard(const struct lab *l, const char *text)
{
	return strstr(l->heard, text) != NULL;
}
