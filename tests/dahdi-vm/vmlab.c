/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmlab: the world around a gateway on DAHDI, and the tests of it. Runs in the guest, or on any machine with DAHDI.
 *
 *   vmlab TEST NAME CONFIG FIRST LOG
 *
 * Starts faxspand with CONFIG, its log added to LOG, and opens the exchange's span, whose first channel is
 * FIRST. Prints "ok NAME" or "not ok NAME: why", with figures before it; exit status 1 when it failed. A test that
 * failed while the host held the guest up for longer than buffers last, or while the exchange's own line ran dry,
 * proves nothing: exit status 3, and it is to be run again.
 */
#include "tests/dahdi-vm/vmlab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/dahdi-vm/stall.h"
#include "tests/dahdi-vm/world.h"

#define VM_HELD_UP 3

static const struct vm_test {
	const char *name;
	bool (*run)(void);
	bool alone; /* without a gateway */
} tests[] = {
	{"up", call_d_channel_up, false},
	{"calls", call_one_after_another, false},
	{"pass", pass_bit_exact, false},
	{"faxes-from-line", faxes_from_line, false},
	{"faxes-from-sip", faxes_from_sip, false},
	{"faxes", faxes_one_each_way, false},
	{"alarm", harm_alarm, false},
	{"removal", harm_removal, false},
	{"missing", harm_missing, false},
	{"kill", harm_kill, false},
	{"bare", bare_loop, true},
};

static bool run(const struct vm_test *t, char **arg)
{
	bool ok;

	if (t->alone)
		return t->run();
	ok = !world_open(arg[1], (unsigned)atoi(arg[2]), arg[3]) && t->run();
	return world_close() && ok;
}

static int run_watched(const struct vm_test *t, char **arg)
{
	struct stall stall;
	bool watched = !stall_begin(&stall), ok = run(t, arg);
	unsigned stall_ms = watched ? stall_end(&stall) : 0;

	printf("  the host held the guest up for %u ms at most\n", stall_ms);
	if (!ok && (stall_ms >= STALL_EXCUSE_MS || world.excused)) {
		printf("  held up, so it says nothing: %s: %s\n", arg[0], world.why);
		return VM_HELD_UP;
	}
	printf(ok ? "ok %s\n" : "not ok %s: %s\n", arg[0], world.why);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc == 6 && i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (!strcmp(argv[1], tests[i].name))
			return run_watched(&tests[i], argv + 2);
	}
	fprintf(stderr, "usage: vmlab TEST NAME CONFIG FIRST LOG\n       TEST:");
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		fprintf(stderr, " %s", tests[i].name);
	fprintf(stderr, "\n");
	return 2;
}
