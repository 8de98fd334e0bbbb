/* SPDX-License-Identifier: GPL-2.0-only */
/* What the machines are. */
#include "tests/matrix/matrix.h"

#define SG3(caller, called, text)                                                                                      \
	{                                                                                                              \
		.group = "Super-G3", .name = text, .x = caller + 2 * called, .kind = UDPTL_SIM_REDUNDANCY, .depth = 3, \
		.super_g3_caller = caller, .super_g3_called = called                                                   \
	}

static const struct matrix_case cases[] = {
	SG3(1, 0, "calls"),
	SG3(0, 1, "is called"),
	SG3(1, 1, "on both sides"),
};

const struct matrix_cases matrix_machine_cases = {cases, sizeof(cases) / sizeof(cases[0])};
