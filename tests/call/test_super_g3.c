/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Super-G3 machines (T.30 annex F) on one side or both, both ways, by every policy that begins T.38: never may two of
 * them meet in V.34, and every fax goes through as G3. A data modem's V.8 is nobody's business, and crosses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"

static const struct policy {
	const char *name, *fax_text;
	bool peer_asks;	   /* when its machine, or ours by its sound, has begun T.30 */
	bool peer_refuses; /* T.38 altogether: the fax goes on in G.711 */
} policies[] = {
	{"as by default", NULL, false, false},
	{"on CNG", "t38_start = on-cng\n", false, false},
	{"on CED", "t38_start = on-ced\n", false, false},
	{"on the preamble", "t38_start = on-preamble\n", false, false},
	{"at the answer", "t38_start = at-answer\n", false, false},
	{"the peer asks", "t38_start = wait\n", true, false},
	{"T.38 refused", NULL, false, true},
};

#define POLICIES (sizeof(policies) / sizeof(policies[0]))

static void test_machines(void **state)
{
	const struct policy *p = *state;

	for (unsigned i = 0; i < 6; i++) {
		unsigned who = 1 + i / 2; /* caller, called, both */
		char name[100];
		struct fax_case c = {
			.name = name,
			.from_line = i & 1,
			.super_g3_caller = who & 1,
			.super_g3_called = who & 2,
			.lab = {.seed = i, .fax_text = p->fax_text},
		};
		struct fax_outcome o;

		c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
		c.lab.peer.t38 = p->peer_refuses ? PEER_T38_REFUSES : PEER_T38_ACCEPTS;
		/* When the called machine's V.21 begins, as peers do; a Super-G3 has its ANSam of 5 s first. */
		c.lab.peer.t38_after_ms = !p->peer_asks ? 0 : c.super_g3_called ? 8500 : 3500;
		snprintf(name, sizeof(name), "%s: Super-G3 %s, %s the line", p->name,
			 who == 1   ? "calls"
			 : who == 2 ? "is called"
				    : "on both sides",
			 c.from_line ? "from" : "to");
		fax_run(&c, NULL, &o);
		if (o.line.v34)
			fail_msg("%s: V.8 crossed, both went to V.34; %s", name, o.end);
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, p->peer_refuses ? "media=g711-fax" : "media=t38");
	}
}

int main(void)
{
	struct CMUnitTest tests[POLICIES];

	for (size_t i = 0; i < POLICIES; i++)
		tests[i] = (struct CMUnitTest){policies[i].name, test_machines, NULL, NULL, (void *)&policies[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
