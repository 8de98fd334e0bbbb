/* SPDX-License-Identifier: GPL-2.0-only */
/* Bad lines that a fax survives, both ways; on the line is a machine that hears well. tests/matrix/README.md has how
 * many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "t38/spandsp_version.h"
#include "tests/call/fax.h"

struct bad_line {
	const char *name;
	bool no_ecm;
	unsigned modems;
	struct line_damage line;
};

static const struct bad_line bad_lines[] = {
	{"faint: -43 dBm0", .line = {.gain_db = -29}},
	{"loud: 0 dBm0",
	 .line = {.gain_db = SPANDSP_3 ? 11 : 14}}, /* the image modems of version 3 are 3 dB too loud */
	{"idle noise, -40 dBm0", .line = {.noise_dbm0 = -40}},
	{"idle noise, -46 dBm0, no ECM", true, .line = {.noise_dbm0 = -46}},
	{"idle noise, -40 dBm0, V.29", false, FAX_MODEM_V29 | FAX_MODEM_V27TER, {.noise_dbm0 = -40}},
	{"idle noise, -34 dBm0, V.27ter", false, FAX_MODEM_V27TER, {.noise_dbm0 = -34}},
	{"faint and noisy: -34 and -60 dBm0", .line = {.gain_db = -20, .noise_dbm0 = -60}},
	{"a cable of several sections, faint", .line = {.gain_db = -10, .filter = LINE_BAD}},
	{"impulses every second", .line = {.impulse_dbm0 = -20, .impulse_s = 1}},
	{"echo of what the gateway says, 60 ms", .line = {.echo_db = -12, .echo_ms = 60}},
	{"faint echo of it, 500 ms", .line = {.echo_db = -24, .echo_ms = 500}},
	{"slips every 30 s", .line = {.slip_s = 30}},
	{"a frequency offset of 7 Hz, mu-law, robbed bits", .line = {.shift_hz = 7, .robbed = true}},
};
#define BAD_LINES (sizeof(bad_lines) / sizeof(bad_lines[0]))

static void run(const struct bad_line *b, bool from_line, int seed)
{
	struct fax_case c = {
		.name = b->name,
		.from_line = from_line,
		.no_ecm = b->no_ecm,
		.modems = b->modems,
		.sender = {.good_ears = true},
		.receiver = {.good_ears = true},
		.lab = {.seed = (uint64_t)seed},
		.line = b->line,
		.line_is_damaged = true,
	};
	struct fax_outcome o;

	c.line.seed = seed;
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
}

static void test_bad_line(void **state)
{
	const struct bad_line *b = *state;

	run(b, true, 1000);
	run(b, false, 1000);
}

/* A slip falls into the training of the first TCF: the peer hears of a TCF that is bad, and says FTT. */
static void test_slip_in_training(void **state)
{
	static const struct bad_line slips = {.name = "a slip in the training check", .line = {.slip_s = 10}};

	run(&slips, true, 1002);
}

int main(void)
{
	struct CMUnitTest tests[BAD_LINES + 1];

	for (size_t i = 0; i < BAD_LINES; i++)
		tests[i] = (struct CMUnitTest){
			.name = bad_lines[i].name, .test_func = test_bad_line, .initial_state = (void *)&bad_lines[i]};
	tests[BAD_LINES] =
		(struct CMUnitTest){.name = "a slip in the training check", .test_func = test_slip_in_training};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
