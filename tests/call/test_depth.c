/* SPDX-License-Identifier: GPL-2.0-only */
/* Redundancy becomes deeper where the network loses packets, as seen in the datagrams that the gateway sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "t38/udptl/ifp.h"
#include "t38/udptl/udptl.h"
#include "tests/call/fax.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PEER_PORTS  40000 /* of its media, and above */

struct depths {
	unsigned least, most; /* entries with page data, of the middle of a page */
	unsigned in_a_row;    /* packets of page data */
	int64_t last_us;
};

static bool look(struct net_sim_datagram *d, void *arg)
{
	struct depths *s = arg;
	struct udptl_packet k;

	if (addr_port(&d->to) < PEER_PORTS || (d->data[0] & 0xc0) == 0x80 || udptl_read(d->data, d->len, &k))
		return true;
	if (ifp_is_control(k.primary.p, k.primary.len) || d->at_us == s->last_us)
		s->in_a_row = 0;
	else
		s->in_a_row++;
	s->last_us = d->at_us;
	if (s->in_a_row <= UDPTL_TX_MEMORY)
		return true;
	s->least = k.nsecondary < s->least ? k.nsecondary : s->least;
	s->most = k.nsecondary > s->most ? k.nsecondary : s->most;
	return true;
}

static void begin(struct lab *l, void *arg)
{
	lab_tap(l, look, arg);
}

static const struct {
	const char *name, *fax, *peer;
	double loss;
	unsigned datagram, least_from, least_to, most;
} cases[] = {
	{"a clean network", "", "", 0, 1400, 3, 3, 3},
	{"deeper where packets are lost", "", "", 0.15, 1400, 5, 14, 14},
	{"as deep as the datagram allows", "", "", 0.15, 300, 3, 4, 4},
	{"not as deep for this peer", "", "t38_redundancy_most = 5\n", 0.15, 1400, 5, 5, 5},
	{"not deeper", "redundancy_most = 0\n", "", 0.15, 1400, 3, 3, 3},
	{"none, and none for that", "redundancy_image = 0\n", "", 0.15, 1400, 0, 0, 0},
};

/* What the peer sends is lost, of ours nothing: it is known by that. */
static void test_depth(void **state)
{
	size_t i = (size_t)*state;
	struct depths s = {.least = UINT32_MAX};
	const struct net_sim_damage nothing = {.loss = 0}, in = {.loss = cases[i].loss};
	char fax_text[300];
	struct fax_case c = {
		.name = cases[i].name,
		.from_line = true,
		.rows = 200,
		.lab = {.seed = 20,
			.fax_text = fax_text,
			.peer_text = cases[i].peer,
			.peer.max_datagram = cases[i].datagram},
		.damage = nothing,
		.damage_in = &in,
		.on_begin = begin,
		.arg = &s,
	};
	struct fax_outcome o;

	snprintf(fax_text, sizeof(fax_text), "t38_start = on-preamble\n%s", cases[i].fax);
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	if (s.least < cases[i].least_from || s.least > cases[i].least_to || s.most > cases[i].most)
		fail_msg("%s: page data is repeated %u to %u times", cases[i].name, s.least, s.most);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases)];

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_depth, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
