/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call that was drawn, without a gateway's care: its machines joined by spandsp's t38_gateway and plain UDPTL, or, of a
 * call that went in G.711, by packets of 20 ms and a fixed delay, where silence stands for what is lost. The same
 * machines, document, line and network; no V.8, which neither of these could stop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "t38/spandsp_version.h"

#include "tests/matrix/random_own.h"

#define BLOCK	   160
#define BLOCK_US   20000
#define MAX_BLOCKS (50u * 60 * 30)
#define RING	   64

struct end {
	struct bare *b;
	struct udptl_sim udptl;
	struct udp *udp;
	struct addr remote;
	uint8_t ring[RING][BLOCK];
	unsigned ring_seq[RING]; /* number of the packet there, from 1; 0: none */
};

struct bare {
	const struct random_scene *scene;
	enum udptl_sim_kind kind;
	bool g711, ulaw;
	struct net_sim *net;
	struct end line_end, peer_end;
	t38_gateway_state_t *gw;
	struct machine *line, *peer;  /* in G.711 both are machines on a line */
	struct damaged_line *damaged; /* NULL: the line is good */
};

static void end_send(struct end *e, const uint8_t *ifp, size_t len)
{
	uint8_t out[UDPTL_SIM_OCTETS];

	udp_send(e->udp, &e->remote, out, udptl_sim_send(&e->udptl, ifp, len, out));
}

static int gateway_says(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	end_send(&((struct bare *)arg)->line_end, buf, (size_t)len);
	return 0;
}

static void peer_says(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	end_send(&((struct bare *)arg)->peer_end, ifp, len);
}

static void gateway_hears(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	t38_core_rx_ifp_packet(t38_gateway_get_t38_core_state(((struct end *)arg)->b->gw), ifp, (int)len, seq);
}

static void peer_hears(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	machine_t38_ifp(((struct end *)arg)->b->peer, ifp, len, seq);
}

/* ---- G.711 ---- */

static void audio_send(struct end *e, const int16_t *samples, unsigned number)
{
	uint8_t out[4 + BLOCK];

	memcpy(out, &number, sizeof(number));
	for (unsigned i = 0; i < BLOCK; i++)
		out[4 + i] = e->b->ulaw ? linear_to_ulaw(samples[i]) : linear_to_alaw(samples[i]);
	udp_send(e->udp, &e->remote, out, sizeof(out));
}

static void end_take(struct end *e)
{
	uint8_t in[UDPTL_SIM_OCTETS];
	struct addr from;
	unsigned number;
	ssize_t n;

	while ((n = udp_recv(e->udp, in, sizeof(in), &from)) >= 0) {
		if (!e->b->g711) {
			udptl_sim_receive(&e->udptl, in, (size_t)n);
			continue;
		}
		memcpy(&number, in, sizeof(number));
		e->ring_seq[number % RING] = number;
		memcpy(e->ring[number % RING], in + 4, BLOCK);
	}
}

static void audio_play(const struct end *e, const struct net_sim_damage *way, unsigned at, int16_t *samples)
{
	unsigned lag = (unsigned)((way->delay_us + RANDOM_BUFFER_MS * 1000) / BLOCK_US) + 1,
		 number = at > lag ? at - lag : 0;
	const uint8_t *p = e->ring[number % RING];

	memset(samples, 0, BLOCK * sizeof(*samples));
	for (unsigned i = 0; i < BLOCK && number && e->ring_seq[number % RING] == number; i++)
		samples[i] = e->b->ulaw ? ulaw_to_linear(p[i]) : alaw_to_linear(p[i]);
}

/* ---- the line ---- */

/* An E1 of the law that was drawn. */
static void through_law(const struct bare *b, int16_t *samples)
{
	for (unsigned i = 0; i < BLOCK; i++)
		samples[i] = b->ulaw ? ulaw_to_linear(linear_to_ulaw(samples[i]))
				     : alaw_to_linear(linear_to_alaw(samples[i]));
}

static void from_machine(struct bare *b, int16_t *samples)
{
	machine_tx(b->line, samples, BLOCK);
	if (b->damaged)
		damaged_line_from_machine(b->damaged, samples, BLOCK);
	through_law(b, samples);
}

static void to_machine(struct bare *b, int16_t *samples)
{
	through_law(b, samples);
	if (b->damaged)
		damaged_line_to_machine(b->damaged, samples, BLOCK);
	machine_rx(b->line, samples, BLOCK);
}

static bool step(struct bare *b, unsigned at)
{
	struct machine_result line, peer;
	int16_t samples[BLOCK];

	from_machine(b, samples);
	if (b->g711) {
		audio_send(&b->line_end, samples, at);
		machine_tx(b->peer, samples, BLOCK);
		audio_send(&b->peer_end, samples, at);
	} else {
		t38_gateway_rx(b->gw, samples, BLOCK);
		machine_t38_step(b->peer, BLOCK);
	}
	net_sim_run(b->net, (int64_t)at * BLOCK_US);
	end_take(&b->line_end);
	end_take(&b->peer_end);
	if (b->g711) {
		audio_play(&b->peer_end, &b->scene->out, at, samples);
		machine_rx(b->peer, samples, BLOCK);
		audio_play(&b->line_end, &b->scene->in, at, samples);
	} else {
		memset(samples, 0, sizeof(samples));
		t38_gateway_tx(b->gw, samples, BLOCK);
	}
	to_machine(b, samples);
	machine_result(b->line, &line);
	machine_result(b->peer, &peer);
	return line.done && peer.done;
}

/* ---- set-up ---- */

static int end_open(struct end *e, struct bare *b, const struct random_call *c, const char *local, const char *remote,
		    udptl_sim_ifp_h *handler)
{
	struct addr a;

	e->b = b;
	udptl_sim_init(&e->udptl, handler, e);
	e->udptl.kind = b->kind;
	e->udptl.depth = e->udptl.fec_entries = c->peer.redundancy;
	if (addr_parse(&a, local, 0) || addr_parse(&e->remote, remote, 0))
		return EINVAL;
	return udp_open(net_sim_net(b->net), &a, &e->udp);
}

static int open_network(struct bare *b, const struct random_call *c)
{
	struct net_sim_match m = {.from_port_low = 4000, .from_port_high = 4000};
	int err = net_sim_alloc(&b->net, b->scene->seed);

	if (!err)
		err = net_sim_add_rule(b->net, &m, &b->scene->out, NULL);
	m = (struct net_sim_match){.from_port_low = 5000, .from_port_high = 5000};
	if (!err)
		err = net_sim_add_rule(b->net, &m, &b->scene->in, NULL);
	if (!err)
		err = end_open(&b->line_end, b, c, "10.0.0.1:4000", "10.0.0.2:5000", gateway_hears);
	if (!err)
		err = end_open(&b->peer_end, b, c, "10.0.0.2:5000", "10.0.0.1:4000", peer_hears);
	return err;
}

static int open_machines(struct bare *b, const struct random_call *c, const char *sent, const char *received)
{
	struct machine_params caller = c->caller, called = c->called;
	const struct machine_params *line = c->from_line ? &caller : &called, *peer = c->from_line ? &called : &caller;
	int err;

	caller.send_file = sent;
	called.receive_file = received;
	caller.super_g3 = called.super_g3 = false;
	err = machine_alloc(&b->line, line);
	if (err)
		return err;
	if (b->g711)
		return machine_alloc(&b->peer, peer);
	err = machine_t38_alloc(&b->peer, peer, peer_says, b);
	if (err)
		return err;
	b->gw = t38_gateway_init(NULL, gateway_says, b);
	if (!b->gw)
		return ENOMEM;
	t38_gateway_set_transmit_on_idle(b->gw, TRUE);
	t38_gateway_set_ecm_capability(b->gw, TRUE);
	t38_set_t38_version(t38_gateway_get_t38_core_state(b->gw), 0);
	return 0;
}

static void close_all(struct bare *b)
{
	machine_free(b->line);
	machine_free(b->peer);
	if (b->gw)
		t38_gateway_free(b->gw);
	damaged_line_free(b->damaged);
	net_sim_free(b->net);
	free(b);
}

int random_run_bare(const struct random_scene *s, unsigned call, const struct random_bare *how, bool *wholep)
{
	const struct random_call *c = &s->calls[call];
	struct bare *b = calloc(1, sizeof(*b));
	struct page_report pages;
	unsigned at = 1;
	int err;

	if (!b)
		return ENOMEM;
	b->scene = s;
	b->g711 = how->g711;
	b->kind = how->kind;
	b->ulaw = strstr(s->span_text, "law = ulaw") != NULL;
	err = open_network(b, c);
	if (!err)
		err = open_machines(b, c, how->sent, how->received);
	if (!err && s->line_is_damaged)
		err = damaged_line_alloc(&b->damaged, &s->line, 1);
	while (!err && at < MAX_BLOCKS && !step(b, at))
		at++;
	close_all(b);
	if (!err)
		*wholep = page_compare(how->sent, how->received, &pages);
	return err;
}
