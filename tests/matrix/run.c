/* SPDX-License-Identifier: GPL-2.0-only */
/* One fax of the matrix, by bare spandsp or through the gateway. */
#include <string.h>

#include "tests/call/fax.h"
#include "tests/matrix/bare_fax.h"
#include "tests/matrix/matrix.h"
#include "tests/matrix/wire.h"

const char *matrix_system_name(enum matrix_system s)
{
	return s == MATRIX_BARE ? "bare spandsp" : "Faxspan";
}

static void begin(struct lab *l, void *arg)
{
	struct wire *w = arg;

	w->gateway = l->gateway;
	lab_tap(l, wire_tap, w);
}

static void set_peer(struct fax_case *f, const struct matrix_case *c, bool from_line)
{
	f->lab.peer.error_correction = c->kind;
	f->lab.peer.redundancy = c->depth;
	f->lab.peer.hangup_done_ms = from_line ? 0 : 300;
	f->lab.far_gateway = c->peer == MATRIX_TWIN;
	f->lab.far_fax_text = f->lab.fax_text;
	if (c->peer != MATRIX_CAREFUL)
		return;
	f->lab.peer.window_ms = 240;
	f->lab.peer.tail = 5;
}

/* With the CED of who is called. */
enum line_since matrix_line_since(bool from_line)
{
	return from_line ? LINE_SINCE_E1_SPEAKS : LINE_SINCE_MACHINE_SPEAKS;
}

static void run_gateway(const struct matrix_case *c, bool from_line, uint64_t seed, struct matrix_outcome *op)
{
	static const char *const names[] = {"none", "redundancy", "fec"};
	static const struct net_sim_damage nothing;
	char fax_text[400], peer_text[100];
	struct wire w = {.drop_first = c->drop_first};
	struct fax_case f = {
		.name = c->name,
		.from_line = from_line,
		.pages = c->pages,
		.rows = c->rows,
		.no_ecm = c->no_ecm,
		.super_g3_caller = c->super_g3_caller,
		.super_g3_called = c->super_g3_called,
		.modems = c->modems,
		.receiver_modems = c->receiver_modems,
		.receiver_no_ecm = c->receiver_no_ecm,
		.sender = c->sender,
		.receiver = c->receiver,
		.polled = c->polled,
		.turned = c->turned,
		.formats = c->formats,
		.nformats = c->nformats,
		.lab = {.seed = seed, .fax_text = fax_text, .peer_text = peer_text},
		.damage = c->one_way ? nothing : c->damage,
		.damage_in = &c->damage,
		.damage_sip = c->sip,
		.line = c->line,
		.line_is_damaged = line_damage_is_any(&c->line),
		.on_begin = begin,
		.arg = &w,
	};
	struct fax_outcome o;

	int n = snprintf(fax_text, sizeof(fax_text), "error_correction = %s\n%s", names[c->kind],
			 c->fax_text ? c->fax_text : "");

	if (!c->as_installed)
		snprintf(fax_text + n, sizeof(fax_text) - (size_t)n,
			 "redundancy_control = %u\nredundancy_image = %u\nredundancy_most = 0\n", c->depth, c->depth);
	snprintf(peer_text, sizeof(peer_text), "t38_ec = %s\n", names[c->kind]);
	f.line.seed = (int)seed;
	f.line.since = matrix_line_since(from_line);
	set_peer(&f, c, from_line);
	fax_run(&f, NULL, &o);
	op->whole = o.ended && o.whole == 1;
	op->ms = o.line_ms;
	op->document_ms = o.line.document_ms;
	op->octets = w.octets;
	op->plain_octets = w.plain_octets;
	op->pages_missing = o.damage.pages_sent - o.damage.pages_received;
	op->lines = o.damage.lines;
	op->damaged = o.damage.damaged;
}

int matrix_run(const struct matrix_case *c, enum matrix_system system, bool from_line, uint64_t seed,
	       struct matrix_cell *cellp)
{
	struct matrix_outcome o = {0};
	int err = 0;

	if (system == MATRIX_BARE)
		err = bare_fax_run(c, from_line, seed, &o);
	else
		run_gateway(c, from_line, seed, &o);
	if (err)
		return err;
	if (!o.whole && cellp->whole == cellp->runs)
		cellp->first_failed = seed;
	cellp->runs++;
	cellp->arrived += !o.pages_missing && o.damaged * 100u < o.lines;
	cellp->lines += o.lines;
	cellp->damaged += o.damaged;
	if (!o.whole)
		return 0;
	cellp->whole++;
	cellp->ms += o.ms;
	cellp->document_ms += o.document_ms;
	cellp->octets += o.octets;
	cellp->plain_octets += o.plain_octets;
	return 0;
}
