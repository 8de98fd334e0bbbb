/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages without ECM of which lines are hurt, and nobody asks for them again: the END line tells how many, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/call/fax.h"

struct hurt {
	struct fax_case fax;
	const char *from; /* NULL: nothing is */
};

static const struct hurt hurts[] = {
	{{.name = "slips of the line, MH", .from_line = true, .line = {.slip_s = 4}, .modems = FAX_MODEM_V27TER},
	 "the line side"},
	{{.name = "slips of the line, MR", .from_line = true, .line = {.slip_s = 4}}, "the line side"},
	{{.name = "loss on the network", .lab = {.fax_text = "error_correction = none\n"}, .damage = {.loss = 0.01}},
	 "the network"},
	{{.name = "a good line", .from_line = true}, NULL},
	{{.name = "a good network"}, NULL},
};

/* As the END line tells it: how many of the sender's lines, and how many of them hurt. */
static unsigned told(const struct fax_outcome *o, bool from_line, unsigned *allp)
{
	const char *at = strstr(o->end, from_line ? " line-bad=" : " peer-bad=");
	unsigned bad = 0;

	assert_true(at && sscanf(at + 10, "%u/%u ", &bad, allp) == 2);
	return bad;
}

static void test_hurt_lines(void **state)
{
	for (size_t i = 0; i < sizeof(hurts) / sizeof(hurts[0]); i++) {
		struct fax_case c = hurts[i].fax;
		char text[120], from[40];
		struct fax_outcome o;
		unsigned bad, all;

		c.no_ecm = true;
		c.line_is_damaged = c.line.slip_s > 0;
		c.line.seed = 5;
		fax_run(&c, NULL, &o);
		bad = told(&o, c.from_line, &all);
		print_message("%s: END says %u of %u, the receiver has %u of %u lines bad\n", c.name, bad, all,
			      o.damage.damaged, o.damage.lines);
		snprintf(from, sizeof(from), "came damaged from %s", hurts[i].from ? hurts[i].from : "");
		snprintf(text, sizeof(text), "result=\"fax ok, but %u of %u scan lines %s\" fault=- ", bad, all, from);
		fax_expect_end(&c, &o, hurts[i].from ? text : "result=\"fax ok\" fault=- ");
		assert_int_equal(bad > 0, hurts[i].from != NULL);
		/* what is gone altogether, EOL and all, is not counted; a receiver may fill up what is */
		assert_true(bad <= o.damage.damaged * 2 && o.damage.damaged <= bad * 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_hurt_lines)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
