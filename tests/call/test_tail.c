/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tail is worth: the network loses all that is sent in the tenth of a second after the end of each signal of
 * V.21. No redundancy carries it, for nothing follows until the other side has answered, and the other side has not
 * heard it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/base/clock.h"
#include "t38/udptl/ifp.h"
#include "t38/udptl/udptl.h"
#include "tests/call/fax.h"

#define GAP_US (100 * MS_US)

struct gaps {
	struct addr gateway;
	unsigned count;	   /* of gaps */
	uint16_t last_end; /* number of the packet that began the present one */
	int64_t over_us;
};

/* A frame in V.21 is whole, and with the last one the signal. */
static bool ends_frame(const struct udptl_packet *k)
{
	struct ifp i;

	if (ifp_read(k->primary.p, k->primary.len, 0, &i) || i.indicator || i.kind != IFP_DATA_V21 || !i.nfields)
		return false;
	return i.field[i.nfields - 1].type == IFP_HDLC_FCS_OK ||
	       i.field[i.nfields - 1].type == IFP_HDLC_FCS_OK_SIG_END ||
	       i.field[i.nfields - 1].type == IFP_HDLC_SIG_END;
}

static bool lose_ends(struct net_sim_datagram *d, void *arg)
{
	struct gaps *g = arg;
	struct udptl_packet k;

	if (!addr_same_host(&d->from, &g->gateway) || addr_port(&d->from) == 5060 || !d->len || d->data[0] & 0x80 ||
	    udptl_read(d->data, d->len, &k))
		return true;
	/* what comes again is of the end that was */
	if (ends_frame(&k) && (!g->count || k.seq != g->last_end)) {
		g->count++;
		g->last_end = k.seq;
		g->over_us = d->at_us + GAP_US;
	}
	return d->at_us >= g->over_us;
}

static void begin(struct lab *l, void *arg)
{
	struct gaps *g = arg;

	g->gateway = l->gateway;
	lab_tap(l, lose_ends, g);
}

static bool arrives(bool from_line, bool twin, const char *fax_text)
{
	struct gaps g = {.count = 0};
	struct fax_case c = {
		.name = "the ends are lost",
		.from_line = from_line,
		.rows = 200,
		.lab = {.seed = 5, .fax_text = fax_text, .far_fax_text = fax_text, .far_gateway = twin},
		.on_begin = begin,
		.arg = &g,
	};
	struct fax_outcome o;

	c.lab.peer.hangup_done_ms = from_line ? 0 : 300;
	fax_run(&c, NULL, &o);
	assert_true(g.count > 2);
	return o.ended && o.whole == 1;
}

static void test_tail(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		assert_true(arrives(i & 1, i & 2, NULL));
		assert_false(arrives(i & 1, i & 2, "tail_repeats = 0\n"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
