/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/matrix/bare_fax.h"
#include "tests/matrix/bare_gateway.h"
#include "tests/matrix/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/machine.h"
#include "tests/sim/page.h"
#include "tests/sim/page_damage.h"

#define MAX_BLOCKS	(50u * 60 * 20) /* no fax of the matrix takes longer, unless it has many pages */
#define MAX_PAGE_BLOCKS (50u * 60)

/* What is sent, and what has come of it; of a fax that turns round, the same of what comes back. */
struct files {
	char sent[64], received[64], sent_back[64], received_back[64];
};

struct bare {
	struct wire wire;
	struct net_sim *net;
	struct bare_gateway gateway;
	struct machine *line;
	struct damaged_line *damaged; /* NULL: the line is good */
};

static int line_open(struct bare *b, const struct matrix_case *c, bool from_line, uint64_t seed)
{
	struct line_damage d = c->line;

	d.seed = (int)seed;
	d.since = matrix_line_since(from_line);
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
	const struct bare_gateway_params params = {
		.gateway = "10.0.0.1:4000", .peer = "10.0.0.2:4000", .kind = c->kind, .depth = c->depth};
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
		err = machine_alloc(&b->line, from_line != c->polled ? &send : &recv);
	if (!err)
		err = bare_gateway_init(&b->gateway, b->net, &params, from_line != c->polled ? &recv : &send);
	if (!err)
		err = line_open(b, c, from_line, seed);
	if (err)
		return err;
	net_sim_tap(b->net, wire_tap, &b->wire);
	return 0;
}

static void close_all(struct bare *b)
{
	machine_free(b->line);
	bare_gateway_fini(&b->gateway);
	damaged_line_free(b->damaged);
	net_sim_free(b->net);
}

/* As on an E1: what passes is A-law. */
static void through_alaw(int16_t *samples)
{
	for (unsigned i = 0; i < BARE_BLOCK; i++)
		samples[i] = alaw_to_linear(linear_to_alaw(samples[i]));
}

static bool step(struct bare *b, unsigned at)
{
	struct machine_result line, peer;
	int16_t samples[BARE_BLOCK];

	machine_tx(b->line, samples, BARE_BLOCK);
	if (b->damaged)
		damaged_line_from_machine(b->damaged, samples, BARE_BLOCK);
	through_alaw(samples);
	bare_gateway_step(&b->gateway, (int64_t)at * BARE_BLOCK_US, samples);
	through_alaw(samples);
	if (b->damaged)
		damaged_line_to_machine(b->damaged, samples, BARE_BLOCK);
	machine_rx(b->line, samples, BARE_BLOCK);
	machine_result(b->line, &line);
	machine_result(b->gateway.peer, &peer);
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
	struct machine_result line;
	struct files f;
	int err;

	if (!b)
		return ENOMEM;
	err = files_make(&f, c, (uint32_t)seed);
	if (!err)
		err = open_all(b, c, from_line, seed, &f);
	while (!err && at < most && !step(b, at))
		at++;
	op->ms = (int64_t)at * BARE_BLOCK_US / 1000;
	op->octets = b->wire.octets;
	op->plain_octets = b->wire.plain_octets;
	if (!err) {
		machine_result(b->line, &line);
		op->document_ms = line.document_ms;
	}
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
