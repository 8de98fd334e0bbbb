/* SPDX-License-Identifier: GPL-2.0-only */
/* Machines that are old or odd, and documents of every kind, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/call/fax.h"

#define V29_AT_MOST (FAX_MODEM_V29 | FAX_MODEM_V27TER)
#define WIDE	    .sender = {.wide = true}, .receiver = {.wide = true}
#define STEPS_DOWN  "it is made to step down"
#define NONSTANDARD .sender = {.nonstandard = true}, .receiver = {.nonstandard = true}
#define LOCAL_TCF   .lab = {.peer = {.local_tcf = true}}
#define ON_PREAMBLE "t38_start = on-preamble\n"
#define FORMATS(f)  .formats = f, .nformats = sizeof(f) / sizeof(f[0])

static const struct page_format standard[] = {{.resolution = PAGE_STANDARD, .rows = 100}};
static const struct page_format superfine[] = {{.resolution = PAGE_SUPERFINE, .rows = 400}};
static const struct page_format mixed[] = {{.rows = 100},
					   {.rows = 100, .width = PAGE_A3_PIXELS},
					   {.rows = 100, .width = PAGE_B4_PIXELS},
					   {.rows = 50, .resolution = PAGE_STANDARD}};
static const struct page_format roll[] = {{.rows = 5000}};
static const struct page_format noise[] = {{.rows = 300, .kind = PAGE_NOISE}};

static const struct {
	struct fax_case fax;
	const char *end; /* what the END line must say */
} cases[] = {
	{{.name = "takes V.27ter", .receiver_modems = FAX_MODEM_V27TER}, "rate=4800 modem=V.27ter ecm=yes"},
	{{.name = "takes V.29 and not V.27ter", .receiver_modems = FAX_MODEM_V29}, "rate=9600 modem=V.29 ecm=yes"},
	{{.name = "sends V.29, no ECM", .modems = V29_AT_MOST, .no_ecm = true}, "rate=9600 modem=V.29 ecm=no"},
	{{.name = "begins at 12000", .sender = {.first_rate = 12000}}, "rate=12000 modem=V.17"},
	{{.name = "begins at 7200 in V.17", .sender = {.first_rate = 7200, .first_modem = MACHINE_V17_FIRST}},
	 "rate=7200 modem=V.17"},
	{{.name = "begins at 7200 in V.29", .sender = {.first_rate = 7200, .first_modem = MACHINE_V29_FIRST}},
	 "rate=7200 modem=V.29"},
	{{.name = "begins at 2400", .sender = {.first_rate = 2400}}, "rate=2400 modem=V.27ter"},
	{{.name = "FTT down to 9600", .receiver = {.bad_above = 9600}}, "rate=9600"},
	{{.name = "FTT down to 2400", .receiver = {.bad_above = 2400}}, "rate=2400 modem=V.27ter"},
	{{.name = "MH", .sender = {.codings = MACHINE_MH}}, "ecm=yes"},
	{{.name = "MR", .sender = {.codings = MACHINE_MR}}, "ecm=yes"},
	{{.name = "MH, no ECM, 20 ms a line",
	  .sender = {.codings = MACHINE_MH},
	  .receiver = {.min_scan_ms = 20},
	  .receiver_no_ecm = true},
	 "ecm=no"},
	{{.name = "MR, no ECM, 40 ms a line", .no_ecm = true, .receiver = {.min_scan_ms = 40}}, "ecm=no"},
	{{.name = "standard", .pages = 2, FORMATS(standard)}, "pages=2"},
	{{.name = "superfine", FORMATS(superfine)}, "pages=1"},
	{{.name = "pages of many sizes", .pages = 4, FORMATS(mixed), WIDE}, "pages=4"},
	{{.name = "pages of many sizes, no ECM", .pages = 4, FORMATS(mixed), WIDE, .no_ecm = true}, "pages=4"},
	{{.name = "a long roll", FORMATS(roll)}, "pages=1"},
	{{.name = "noise, no ECM", FORMATS(noise), .no_ecm = true}, "pages=1"},
	{{.name = "30 pages", .pages = 30, .rows = 60}, "pages=30"},
	{{.name = "polled", .polled = true, .pages = 2}, "pages=2 rate=14400 modem=V.17 ecm=yes"},
	{{.name = "polled, V.29", .polled = true, .modems = V29_AT_MOST}, "rate=9600 modem=V.29 ecm=yes"},
	{{.name = "polled, V.27ter", .polled = true, .modems = FAX_MODEM_V27TER}, "modem=V.27ter ecm=yes"},
	{{.name = "polled, FTT down to 7200", .polled = true, .receiver = {.bad_above = 7200}}, "rate=7200"},
	{{.name = "turned round", .turned = true}, "pages=2"},
	{{.name = "polled, no ECM", .polled = true, .no_ecm = true, .pages = 2}, "pages=2"},
	{{.name = "turned round, no ECM", .turned = true, .no_ecm = true}, "pages=2"},
	{{.name = "TEP", .sender = {.tep = true}, .receiver = {.tep = true}}, "rate=14400 modem=V.17"},
	{{.name = "TEP, V.29", .modems = V29_AT_MOST, .sender = {.tep = true}, .receiver = {.tep = true}},
	 "modem=V.29"},
	{{.name = "no CNG", .sender = {.no_cng = true}}, "pages=1"},
	{{.name = "no CED", .receiver = {.no_ced = true}}, "pages=1"},
	{{.name = "neither CNG nor CED", .sender = {.no_cng = true}, .receiver = {.no_ced = true}}, "pages=1"},
};
/* What is limited by configuration. */
static const struct limited {
	struct fax_case fax;
	const char *conf, *end;
	const char *log;  /* what the log must say, and only then */
	bool nonstandard; /* has passed, both ways */
} limited[] = {
	{{.name = "12000"}, "max_rate = 12000\n", "rate=12000 modem=V.17 ecm=yes retrains=1", STEPS_DOWN, false},
	{{.name = "12000, heeded", .sender = {.first_rate = 12000}},
	 "max_rate = 12000\n",
	 "rate=12000 modem=V.17 ecm=yes retrains=0",
	 NULL,
	 false},
	{{.name = "9600"}, "max_rate = 9600\n", "rate=9600 modem=V.29 ecm=yes retrains=0", NULL, false},
	{{.name = "9600, polled", .polled = true},
	 "max_rate = 9600\n",
	 "rate=9600 modem=V.29 ecm=yes retrains=0",
	 NULL,
	 false},
	{{.name = "7200"},
	 "max_rate = 7200\nmodems = v29, v27ter\n",
	 "rate=7200 modem=V.29 ecm=yes retrains=1",
	 STEPS_DOWN,
	 false},
	{{.name = "4800"}, "max_rate = 4800\n", "rate=4800 modem=V.27ter ecm=yes retrains=0", NULL, false},
	{{.name = "2400"}, "max_rate = 2400\n", "rate=2400 modem=V.27ter ecm=yes retrains=0", NULL, false},
	{{.name = "not heeded", .sender = {.first_rate = 14400}},
	 "max_rate = 9600\nmodems = v29, v27ter\n",
	 "rate=9600 modem=V.29 ecm=yes retrains=3",
	 "does not heed the DIS it had: it trains at 14400",
	 false},
	{{.name = "not heeded, and the TCF not looked at",
	  .sender = {.first_rate = 14400},
	  .receiver = {.takes_any_tcf = true}},
	 "max_rate = 9600\nmodems = v29, v27ter\n",
	 "rate=9600 modem=V.29 ecm=yes retrains=3",
	 "does not heed the DIS it had: it trains at 14400",
	 false},
	{{.name = "12000, localTCF", LOCAL_TCF},
	 ON_PREAMBLE "max_rate = 12000\n",
	 "rate=12000 modem=V.17",
	 STEPS_DOWN,
	 false},
	{{.name = "not heeded, localTCF", .sender = {.first_rate = 14400}, LOCAL_TCF},
	 ON_PREAMBLE "max_rate = 9600\nmodems = v29, v27ter\n",
	 "rate=9600 modem=V.29 ecm=yes retrains=3",
	 "does not heed the DIS it had: it trains at 14400",
	 false},
	{{.name = "no limit, polled, localTCF", .polled = true, LOCAL_TCF},
	 ON_PREAMBLE,
	 "rate=14400 modem=V.17",
	 NULL,
	 false},
	{{.name = "no limit, FTT down to 7200, localTCF", .receiver = {.bad_above = 7200}, LOCAL_TCF},
	 ON_PREAMBLE,
	 "rate=7200 modem=V.17",
	 NULL,
	 false},
	{{.name = "no ECM"}, "ecm = no\n", "ecm=no", NULL, false},
	{{.name = "no ECM, polled", .polled = true}, "ecm = no\n", "ecm=no", NULL, false},
	{{.name = "no ECM, not heeded", .sender = {.insists_on_ecm = true}},
	 "ecm = no\n",
	 "ecm=yes retrains=0",
	 "does not heed the DIS it had: it uses ECM",
	 false},
	{{.name = "nonstandard frames", NONSTANDARD}, "", "", NULL, false},
	{{.name = "nonstandard frames, polled", .polled = true, NONSTANDARD}, "", "", NULL, false},
	{{.name = "nonstandard frames pass", NONSTANDARD}, "nonstandard = yes\n", "", NULL, true},
	{{.name = "nonstandard frames pass, polled", .polled = true, NONSTANDARD},
	 "nonstandard = yes\n",
	 "",
	 NULL,
	 true},
};
#define LIMITED (sizeof(limited) / sizeof(limited[0]))

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void test_case(void **state)
{
	size_t i = (size_t)*state;
	struct fax_case c = cases[i / 2].fax;
	struct fax_outcome o;

	c.from_line = i & 1;
	c.lab.seed = i;
	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	c.rows = c.rows ? c.rows : 200;
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38 t30=\"success\"");
	fax_expect_end(&c, &o, cases[i / 2].end);
	fax_expect_end(&c, &o, " resent=0 ");
}

static void test_limited(void **state)
{
	size_t i = (size_t)*state;
	const struct limited *l = &limited[i / 2];
	struct fax_case c = l->fax;
	struct fax_outcome o;

	c.from_line = i & 1;
	c.lab.seed = i;
	c.lab.fax_text = l->conf;
	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	c.rows = 200;
	fax_run(&c, l->log ? l->log : "it is made to", &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, l->end);
	assert_int_equal(o.has_text, l->log != NULL);
	assert_int_equal(o.line.nonstandard, l->nonstandard);
	assert_int_equal(o.peer.fax.nonstandard, l->nonstandard);
}

/* The same where the peer refuses T.38: what is odd is no gateway's matter there, but the END line must know it. */
static void test_in_g711(void **state)
{
	size_t i = (size_t)*state;
	struct fax_case c = cases[i / 2].fax;
	struct fax_outcome o;

	c.from_line = i & 1;
	c.lab.seed = i;
	c.lab.fax_text = ON_PREAMBLE;
	c.lab.peer.t38 = PEER_T38_REFUSES;
	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	c.rows = c.rows ? c.rows : 200;
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=g711-fax t30=\"success\"");
	fax_expect_end(&c, &o, cases[i / 2].end);
}

int main(void)
{
	static char names[2 * (2 * CASES + LIMITED)][80];
	struct CMUnitTest tests[2 * (2 * CASES + LIMITED)];

	for (size_t i = 0; i < 2 * CASES; i++) {
		snprintf(names[i], sizeof(names[i]), "%s, %s the line", cases[i / 2].fax.name, i & 1 ? "from" : "to");
		tests[i] = (struct CMUnitTest){names[i], test_case, NULL, NULL, (void *)i};
	}
	for (size_t i = 0; i < 2 * LIMITED; i++) {
		size_t n = 2 * CASES + i;

		snprintf(names[n], sizeof(names[n]), "limited, %s, %s the line", limited[i / 2].fax.name,
			 i & 1 ? "from" : "to");
		tests[n] = (struct CMUnitTest){names[n], test_limited, NULL, NULL, (void *)i};
	}
	for (size_t i = 0; i < 2 * CASES; i++) {
		size_t n = 2 * (CASES + LIMITED) + i;

		snprintf(names[n], sizeof(names[n]), "in G.711, %s", names[i]);
		tests[n] = (struct CMUnitTest){names[n], test_in_g711, NULL, NULL, (void *)i};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
