/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call that was drawn, without a gateway's care: its machines joined by spandsp's t38_gateway and plain UDPTL, or, of
 * a call that went in G.711, by packets of 20 ms and a fixed delay, where silence stands for what is lost. The same
 * machines, document, line and network; no V.8, which neither of these could stop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/matrix/bare_gateway.h"
#include "tests/matrix/random_own.h"

#define MAX_BLOCKS (50u * 60 * 30)
#define RING	   64

/* One end of a call in G.711. */
struct audio_end {
	bool ulaw;
	struct udp *udp;
	struct addr remote;
	uint8_t ring[RING][BARE_BLOCK];
	unsigned ring_seq[RING]; /* number of the packet there, from 1; 0: none */
};

struct bare {
	const struct random_scene *scene;
	bool g711, ulaw;
	struct net_sim *net;
	struct bare_gateway gateway;	     /* in T.38 */
	struct audio_end line_end, peer_end; /* in G.711 */
	struct machine *line, *audio_peer;   /* this too is on a line, in G.711 */
	struct damaged_line *damaged;	     /* NULL: the line is good */
};

/* ---- G.711 ---- */

static void audio_send(struct audio_end *e, const int16_t *samples, unsigned number)
{
	uint8_t out[4 + BARE_BLOCK];

	memcpy(out, &number, sizeof(number));
	for (unsigned i = 0; i < BARE_BLOCK; i++)
		out[4 + i] = e->ulaw ? linear_to_ulaw(samples[i]) : linear_to_alaw(samples[i]);
	udp_send(e->udp, &e->remote, out, sizeof(out));
}

static void audio_take(struct audio_end *e)
{
	uint8_t in[4 + BARE_BLOCK];
	struct addr from;
	unsigned number;
	ssize_t n;

	while ((n = udp_recv(e->udp, in, sizeof(in), &from)) >= 0) {
		if (n != sizeof(in))
			continue;
		memcpy(&number, in, sizeof(number));
		e->ring_seq[number % RING] = number;
		memcpy(e->ring[number % RING], in + 4, BARE_BLOCK);
	}
}

static void audio_play(const struct audio_end *e, const struct net_sim_damage *way, unsigned at, int16_t *samples)
{
	unsigned lag = (unsigned)((way->delay_us + RANDOM_BUFFER_MS * 1000) / BARE_BLOCK_US) + 1,
		 number = at > lag ? at - lag : 0;
	const uint8_t *p = e->ring[number % RING];

	memset(samples, 0, BARE_BLOCK * sizeof(*samples));
	for (unsigned i = 0; i < BARE_BLOCK && number && e->ring_seq[number % RING] == number; i++)
		samples[i] = e->ulaw ? ulaw_to_linear(p[i]) : alaw_to_linear(p[i]);
}

/* ---- the line ---- */

/* An E1 of the law that was drawn. */
static void through_law(const struct bare *b, int16_t *samples)
{
	for (unsigned i = 0; i < BARE_BLOCK; i++)
		samples[i] = b->ulaw ? ulaw_to_linear(linear_to_ulaw(samples[i]))
				     : alaw_to_linear(linear_to_alaw(samples[i]));
}

static void from_machine(struct bare *b, int16_t *samples)
{
	machine_tx(b->line, samples, BARE_BLOCK);
	if (b->damaged)
		damaged_line_from_machine(b->damaged, samples, BARE_BLOCK);
	through_law(b, samples);
}

static void to_machine(struct bare *b, int16_t *samples)
{
	through_law(b, samples);
	if (b->damaged)
		damaged_line_to_machine(b->damaged, samples, BARE_BLOCK);
	machine_rx(b->line, samples, BARE_BLOCK);
}

/* One block: SAMPLES come from the line, and go out to it. */
static void audio_step(struct bare *b, unsigned at, int16_t *samples)
{
	audio_send(&b->line_end, samples, at);
	machine_tx(b->audio_peer, samples, BARE_BLOCK);
	audio_send(&b->peer_end, samples, at);
	net_sim_run(b->net, (int64_t)at * BARE_BLOCK_US);
	audio_take(&b->line_end);
	audio_take(&b->peer_end);
	audio_play(&b->peer_end, &b->scene->out, at, samples);
	machine_rx(b->audio_peer, samples, BARE_BLOCK);
	audio_play(&b->line_end, &b->scene->in, at, samples);
}

static bool step(struct bare *b, unsigned at)
{
	struct machine_result line, peer;
	int16_t samples[BARE_BLOCK];

	from_machine(b, samples);
	if (b->g711)
		audio_step(b, at, samples);
	else
		bare_gateway_step(&b->gateway, (int64_t)at * BARE_BLOCK_US, samples);
	to_machine(b, samples);
	machine_result(b->line, &line);
	machine_result(b->g711 ? b->audio_peer : b->gateway.peer, &peer);
	return line.done && peer.done;
}

/* ---- set-up ---- */

#define LINE_END "10.0.0.1:4000"
#define PEER_END "10.0.0.2:5000"

static int audio_open(struct bare *b, struct audio_end *e, const char *local, const char *remote)
{
	struct addr a;

	e->ulaw = b->ulaw;
	if (addr_parse(&a, local, 0) || addr_parse(&e->remote, remote, 0))
		return EINVAL;
	return udp_open(net_sim_net(b->net), &a, &e->udp);
}

static int open_network(struct bare *b)
{
	struct net_sim_match m = {.from_port_low = 4000, .from_port_high = 4000};
	int err = net_sim_alloc(&b->net, b->scene->seed);

	if (!err)
		err = net_sim_add_rule(b->net, &m, &b->scene->out, NULL);
	m = (struct net_sim_match){.from_port_low = 5000, .from_port_high = 5000};
	if (!err)
		err = net_sim_add_rule(b->net, &m, &b->scene->in, NULL);
	if (!err && b->g711)
		err = audio_open(b, &b->line_end, LINE_END, PEER_END);
	if (!err && b->g711)
		err = audio_open(b, &b->peer_end, PEER_END, LINE_END);
	return err;
}

static int modems_of(unsigned modems)
{
	return T30_SUPPORT_V27TER | (modems & FAX_MODEM_V29 ? T30_SUPPORT_V29 : 0) |
	       (modems & FAX_MODEM_V17 ? T30_SUPPORT_V17 : 0);
}

static int open_machines(struct bare *b, const struct random_call *c, const struct random_bare *how)
{
	const struct random_scene *s = b->scene;
	const struct bare_gateway_params params = {.gateway = LINE_END,
						   .peer = PEER_END,
						   .kind = how->kind,
						   .depth = c->peer.redundancy,
						   .no_ecm = s->no_ecm,
						   .modems = modems_of(s->modems),
						   .max_rate = (int)s->max_rate};
	struct machine_params caller = c->caller, called = c->called;
	const struct machine_params *line = c->from_line ? &caller : &called, *peer = c->from_line ? &called : &caller;
	int err;

	caller.send_file = how->sent;
	called.receive_file = how->received;
	caller.super_g3 = called.super_g3 = false;
	err = machine_alloc(&b->line, line);
	if (err)
		return err;
	return b->g711 ? machine_alloc(&b->audio_peer, peer) : bare_gateway_init(&b->gateway, b->net, &params, peer);
}

static void close_all(struct bare *b)
{
	machine_free(b->line);
	machine_free(b->audio_peer);
	bare_gateway_fini(&b->gateway);
	damaged_line_free(b->damaged);
	net_sim_free(b->net);
	free(b);
}

int random_run_bare(const struct random_scene *s, unsigned call, const struct random_bare *how,
		    struct random_bare_result *rp)
{
	const struct random_call *c = &s->calls[call];
	struct bare *b = calloc(1, sizeof(*b));
	struct machine_result line = {.ecm = false};
	struct page_report pages;
	unsigned at = 1;
	int err;

	if (!b)
		return ENOMEM;
	b->scene = s;
	b->g711 = how->g711;
	b->ulaw = strstr(s->span_text, "law = ulaw") != NULL;
	err = open_network(b);
	if (!err)
		err = open_machines(b, c, how);
	if (!err && s->line_is_damaged)
		err = damaged_line_alloc(&b->damaged, &s->line, 1);
	while (!err && at < MAX_BLOCKS && !step(b, at))
		at++;
	if (!err)
		machine_result(b->line, &line);
	close_all(b);
	if (!err)
		*rp = (struct random_bare_result){.whole = page_compare(how->sent, how->received, &pages),
						  .ecm = line.ecm};
	return err;
}
