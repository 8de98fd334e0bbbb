/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/matrix/bare_fax.h"
#include "tests/matrix/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "t38/spandsp_version.h"

#include "tests/sim/machine.h"
#include "tests/sim/page.h"
#include "tests/sim/page_damage.h"

#define BLOCK		160
#define BLOCK_US	20000
#define MAX_BLOCKS	(50u * 60 * 20) /* no fax of the matrix takes longer, unless it has many pages */
#define MAX_PAGE_BLOCKS (50u * 60)

struct end {
	struct udptl_sim udptl;
	struct udp *udp;
	struct addr remote;
};

/* What is sent, and what has come of it; of a fax that turns round, the same of what comes back. */
struct files {
	char sent[64], received[64], sent_back[64], received_back[64];
};

struct bare {
	struct wire wire;
	struct net_sim *net;
	struct end gw_end, peer_end;
	t38_gateway_state_t *gw;
	struct machine *line, *peer;
	struct damaged_line *damaged; /* NULL: the line is good */
};

static void end_send(struct end *e, const uint8_t *ifp, size_t len)
{
	uint8_t out[UDPTL_SIM_OCTETS];
	size_t n = udptl_sim_send(&e->udptl, ifp, len, out);

	udp_send(e->udp, &e->remote, out, n);
}

static void end_take(struct end *e)
{
	uint8_t in[UDPTL_SIM_OCTETS];
	struct addr from;
	ssize_t n;

	while ((n = udp_recv(e->udp, in, sizeof(in), &from)) >= 0)
		udptl_sim_receive(&e->udptl, in, (size_t)n);
}

static int gateway_says(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	end_send(&((struct bare *)arg)->gw_end, buf, (size_t)len);
	return 0;
}

static void peer_says(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	end_send(&((struct bare *)arg)->peer_end, ifp, len);
}

static void gateway_hears(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	struct bare *b = arg;

	t38_core_rx_ifp_packet(t38_gateway_get_t38_core_state(b->gw), ifp, (int)len, seq);
}

static void peer_hears(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	machine_t38_ifp(((struct bare *)arg)->peer, ifp, len, seq);
}

static int end_open(struct bare *b, struct end *e, const struct matrix_case *c, const char *local, const char *remote,
		    udptl_sim_ifp_h *handler)
{
	struct addr a;

	udptl_sim_init(&e->udptl, handler, b);
	e->udptl.kind = c->kind;
	e->udptl.depth = c->depth;
	e->udptl.fec_entries = c->depth;
	if (addr_parse(&a, local, 0) || addr_parse(&e->remote, remote, 0))
		return EINVAL;
	return udp_open(net_sim_net(b->net), &a, &e->udp);
}

static int line_open(struct bare *b, const struct matrix_case *c, bool from_line, uint64_t seed)
{
	struct line_damage d = c->line;

	d.seed = (int)seed;
	/* as on the timeslot that the gateway's call has */
	return line_damage_is_any(&d) ? damaged_line_alloc(&b->damaged, &d, from_line ? 1 : 31) : 0;
}

static struct machine_params sender(const struct matrix_case *c, const struct files *f)
{
	return (struct machine_params){.caller = !c->polled,
				       .send_file = f->sent,
				       .receive_file = c->turned ? f->received_back : NULL,
				       .ident = "sender",
				       .ecm = !c->no_ecm,
				       .modems = c->modems,
				       .kind = c->sender};
}

static struct machine_params receiver(const struct matrix_case *c, const struct files *f)
{
	return (struct machine_params){.caller = c->polled,
				       .send_file = c->turned ? f->sent_back : NULL,
				       .receive_file = f->received,
				       .ident = "receiver",
				       .ecm = !c->receiver_no_ecm,
				       .modems = c->receiver_modems,
				       .kind = c->receiver};
}

static int open_all(struct bare *b, const struct matrix_case *c, bool from_line, uint64_t seed, const struct files *f)
{
	const struct machine_params send = sender(c, f), recv = receiver(c, f);
	struct net_sim_match match = {.from_port_low = 0};
	int err = net_sim_alloc(&b->net, seed);

	b->wire.drop_first = c->drop_first;
	if (!err)
		err = addr_parse(&b->wire.gateway, "10.0.0.1", 0);
	if (!err && c->one_way)
		match.to = b->wire.gateway;
	if (!err)
		err = net_sim_add_rule(b->net, &match, &c->damage, NULL);
	if (!err)
		err = end_open(b, &b->gw_end, c, "10.0.0.1:4000", "10.0.0.2:4000", gateway_hears);
	if (!err)
		err = end_open(b, &b->peer_end, c, "10.0.0.2:4000", "10.0.0.1:4000", peer_hears);
	if (!err)
		err = machine_alloc(&b->line, from_line != c->polled ? &send : &recv);
	if (!err)
		err = machine_t38_alloc(&b->peer, from_line != c->polled ? &recv : &send, peer_says, b);
	if (!err)
		err = line_open(b, c, from_line, seed);
	if (err)
		return err;
	net_sim_tap(b->net, wire_tap, &b->wire);
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
	damaged_line_free(b->damaged);
	if (b->gw)
		t38_gateway_free(b->gw);
	net_sim_free(b->net);
}

/* As on an E1: what passes is A-law. */
static void through_alaw(int16_t *samples)
{
	for (unsigned i = 0; i < BLOCK; i++)
		samples[i] = alaw_to_linear(linear_to_alaw(samples[i]));
}

static bool step(struct bare *b, unsigned at)
{
	struct machine_result line, peer;
	int16_t samples[BLOCK];

	machine_tx(b->line, samples, BLOCK);
	if (b->damaged)
		damaged_line_from_machine(b->damaged, samples, BLOCK);
	through_alaw(samples);
	t38_gateway_rx(b->gw, samples, BLOCK);
	machine_t38_step(b->peer, BLOCK);
	net_sim_run(b->net, (int64_t)at * BLOCK_US);
	end_take(&b->gw_end);
	end_take(&b->peer_end);
	memset(samples, 0, sizeof(samples));
	t38_gateway_tx(b->gw, samples, BLOCK);
	through_alaw(samples);
	if (b->damaged)
		damaged_line_to_machine(b->damaged, samples, BLOCK);
	machine_rx(b->line, samples, BLOCK);
	machine_result(b->line, &line);
	machine_result(b->peer, &peer);
	return line.done && peer.done;
}

static int make_document(const struct matrix_case *c, const char *path, uint32_t seed)
{
	const struct page_format plain = {.rows = c->rows};

	return page_make_mixed(path, c->pages ? c->pages : 1, c->formats ? c->formats : &plain,
			       c->formats ? c->nformats : 1, seed);
}

static int files_make(struct files *f, const struct matrix_case *c, uint32_t seed)
{
	int err;

	snprintf(f->sent, sizeof(f->sent), "/tmp/matrix.%d.sent.tif", (int)getpid());
	snprintf(f->received, sizeof(f->received), "/tmp/matrix.%d.received.tif", (int)getpid());
	snprintf(f->sent_back, sizeof(f->sent_back), "/tmp/matrix.%d.sent_back.tif", (int)getpid());
	snprintf(f->received_back, sizeof(f->received_back), "/tmp/matrix.%d.received_back.tif", (int)getpid());
	err = make_document(c, f->sent, seed + 1);
	return err || !c->turned ? err : make_document(c, f->sent_back, seed + 2);
}

static bool files_are_whole(const struct files *f, const struct matrix_case *c)
{
	struct page_report rep;

	return page_compare(f->sent, f->received, &rep) &&
	       (!c->turned || page_compare(f->sent_back, f->received_back, &rep));
}

static void files_remove(const struct files *f)
{
	unlink(f->sent);
	unlink(f->received);
	unlink(f->sent_back);
	unlink(f->received_back);
}

int bare_fax_run(const struct matrix_case *c, bool from_line, uint64_t seed, struct matrix_outcome *op)
{
	struct bare *b = calloc(1, sizeof(*b));
	unsigned at = 1, most = MAX_BLOCKS + c->pages * MAX_PAGE_BLOCKS;
	struct page_damage damage = {.lines = 0};
	struct files f;
	int err;

	if (!b)
		return ENOMEM;
	err = files_make(&f, c, (uint32_t)seed);
	if (!err)
		err = open_all(b, c, from_line, seed, &f);
	while (!err && at < most && !step(b, at))
		at++;
	op->ms = (int64_t)at * BLOCK_US / 1000;
	op->octets = b->wire.octets;
	op->plain_octets = b->wire.plain_octets;
	close_all(b);
	free(b);
	op->whole = !err && files_are_whole(&f, c);
	if (!err)
		err = page_damage_measure(f.sent, f.received, &damage);
	op->pages_missing = damage.pages_sent - damage.pages_received;
	op->lines = damage.lines;
	op->damaged = damage.damaged;
	files_remove(&f);
	return err;
}
