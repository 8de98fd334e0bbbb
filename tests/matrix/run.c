/* SPDX-License-Identifier: GPL-2.0-only */
/* One fax of the matrix, by bare spandsp or through the gateway. */
#include <string.h>

#include "tests/call/fax.h"
#include "tests/matrix/bare_fax.h"
#include "tests/matrix/matrix.h"

const char *matrix_system_name(enum matrix_system s)
{
	return s == MATRIX_BARE ? "bare spandsp" : "Faxspan";
}

/* What is neither SIP nor RTP. */
static bool count_udptl(struct net_sim_datagram *d, void *arg)
{
	if (addr_port(&d->from) != 5060 && addr_port(&d->to) != 5060 && d->len && !(d->data[0] & 0x80))
		*(uint64_t *)arg += d->len;
	return true;
}

static void begin(struct lab *l, void *arg)
{
	lab_tap(l, count_udptl, arg);
}

static void run_gateway(const struct matrix_case *c, bool from_line, uint64_t seed, struct matrix_outcome *op)
{
	static const char *const names[] = {"none", "redundancy", "fec"};
	char fax_text[200], peer_text[100];
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
		.damage = c->damage,
		.on_begin = begin,
		.arg = &op->octets,
	};
	struct fax_outcome o;

	snprintf(fax_text, sizeof(fax_text),
		 "error_correction = %s\nredundancy_control = %u\nredundancy_image = %u\n%s", names[c->kind], c->depth,
		 c->depth, c->fax_text ? c->fax_text : "");
	snprintf(peer_text, sizeof(peer_text), "t38_ec = %s\n", names[c->kind]);
	f.lab.peer.error_correction = c->kind;
	f.lab.peer.redundancy = c->depth;
	f.lab.peer.hangup_done_ms = from_line ? 0 : 300;
	op->octets = 0;
	fax_run(&f, NULL, &o);
	op->whole = o.ended && o.whole == 1;
	op->ms = o.line_ms;
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
	if (!o.whole)
		return 0;
	cellp->whole++;
	cellp->ms += o.ms;
	cellp->octets += o.octets;
	return 0;
}
