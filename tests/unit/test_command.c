/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/call/command.h"

static struct command parse(const char *line)
{
	struct command c;
	char why[COMMAND_WHY_OCTETS] = "";

	if (command_parse(line, &c, why))
		fail_msg("\"%s\": %s", line, why);
	return c;
}

static void expect_wrong(const char *line, const char *expected)
{
	struct command c = {.span = 77};
	char why[COMMAND_WHY_OCTETS] = "";

	assert_int_equal(command_parse(line, &c, why), EINVAL);
	assert_string_equal(why, expected);
	assert_int_equal(c.span, 77);
}

static void every_command(void **state)
{
	static const struct {
		const char *line;
		enum command_type type;
	} list[] = {
		{"show status", COMMAND_SHOW_STATUS},
		{"show spans", COMMAND_SHOW_SPANS},
		{"show span 1", COMMAND_SHOW_SPAN},
		{"show channels", COMMAND_SHOW_CHANNELS},
		{"show calls", COMMAND_SHOW_CALLS},
		{"show call s-1", COMMAND_SHOW_CALL},
		{"show peers", COMMAND_SHOW_PEERS},
		{"show endpoints", COMMAND_SHOW_ENDPOINTS},
		{"show registrations", COMMAND_SHOW_REGISTRATIONS},
		{"show blacklist", COMMAND_SHOW_BLACKLIST},
		{"block span 1", COMMAND_BLOCK},
		{"unblock span 1", COMMAND_UNBLOCK},
		{"unblock 192.0.2.1", COMMAND_UNBLOCK_SOURCE},
		{"restart span 1", COMMAND_RESTART},
		{"clear call 1-1", COMMAND_CLEAR},
		{"log level debug", COMMAND_LOG_LEVEL},
		{"help", COMMAND_HELP},
	};
	const char *meaning;
	unsigned n = 0;

	assert_int_equal(sizeof(list) / sizeof(list[0]), COMMAND_COUNT);
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		assert_int_equal(parse(list[i].line).type, list[i].type);
	while (command_usage(n, &meaning))
		n++;
	assert_int_equal(n, COMMAND_COUNT);
}

static void operands(void **state)
{
	struct command c = parse(" \tblock  span 12 timeslots 1-3,17\r");

	assert_int_equal(c.span, 12);
	assert_int_equal(c.timeslots, 0x2000e);
	assert_false(c.force);
	c = parse("restart span 3 timeslots 5 force");
	assert_int_equal(c.timeslots, 0x20);
	assert_true(c.force);
	c = parse("restart span 3 force");
	assert_int_equal(c.timeslots, 0);
	assert_true(c.force);
	c = parse("clear call 12-4294967295");
	assert_int_equal(c.origin, 12);
	assert_int_equal(c.serial, 4294967295u);
	c = parse("show call s-7");
	assert_int_equal(c.origin, 0);
	assert_int_equal(c.serial, 7);
	assert_int_equal(parse("log level notice").level, LOGL_NOTICE);
	assert_int_equal(parse("show channels 4").span, 4);
}

static void words_cut_short(void **state)
{
	assert_int_equal(parse("sh st").type, COMMAND_SHOW_STATUS);
	assert_int_equal(parse("b s 1 t 1").type, COMMAND_BLOCK);
	/* a word that is whole is not the beginning of a longer one */
	assert_int_equal(parse("show span 1").type, COMMAND_SHOW_SPAN);
	assert_int_equal(parse("show call 1-1").type, COMMAND_SHOW_CALL);
	expect_wrong("show spa", "ambiguous \"spa\": expected status, spans, span, channels, calls, call, peers, "
				 "endpoints, registrations or blacklist");
}

static void wrong_lines(void **state)
{
	char longest[COMMAND_LINE_OCTETS + 1];

	expect_wrong("", "the line is not whole: expected show, block, unblock, restart, clear, log or help");
	expect_wrong("reboot", "unknown word \"reboot\": expected show, block, unblock, restart, clear, log or help");
	expect_wrong("show", "the line is not whole: expected status, spans, span, channels, calls, call, peers, "
			     "endpoints, registrations or blacklist");
	expect_wrong("show status now", "unknown word \"now\": expected the end");
	expect_wrong("show span x", "unknown word \"x\": expected a span's number");
	expect_wrong("show span 0", "unknown word \"0\": expected a span's number");
	expect_wrong("show span 1000", "unknown word \"1000\": expected a span's number");
	expect_wrong("show span -1", "unknown word \"-1\": expected a span's number");
	expect_wrong("block span 1 timeslots", "the line is not whole: expected a list like 1-15,17");
	expect_wrong("block span 1 timeslots 0", "\"0\": timeslot 0 carries the framing");
	expect_wrong("block span 1 timeslots 1,1", "\"1,1\": a timeslot is named twice");
	expect_wrong("block span 1 force", "unknown word \"force\": expected the end or timeslots");
	expect_wrong("clear call 1", "unknown word \"1\": expected a call's id, like 1-42");
	expect_wrong("clear call -1", "unknown word \"-1\": expected a call's id, like 1-42");
	expect_wrong("clear call 0-1", "unknown word \"0-1\": expected a call's id, like 1-42");
	expect_wrong("clear call 1-4294967296", "unknown word \"1-4294967296\": expected a call's id, like 1-42");
	expect_wrong("log level loud", "unknown word \"loud\": expected error, warning, notice, info or debug");
	memset(longest, 'x', sizeof(longest));
	longest[COMMAND_LINE_OCTETS] = '\0';
	expect_wrong(longest, "the line is longer than 511 octets");
	/* of a long word only the beginning is said back */
	longest[COMMAND_LINE_OCTETS - 1] = '\0';
	expect_wrong(longest,
		     "unknown word \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\": expected show, "
		     "block, unblock, restart, clear, log or help");
	/* more words than any command has */
	expect_wrong("help help help help help help help help help help help help help help help help help help",
		     "unknown word \"help\": expected the end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command),
		cmocka_unit_test(operands),
		cmocka_unit_test(words_cut_short),
		cmocka_unit_test(wrong_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
