/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_bare: the same conversation through spandsp's t38_gateway alone, without delay or loss: is it our fault? */
#ifndef CALL_T30_BARE_H
#define CALL_T30_BARE_H

#include "tests/sim/t30_tester.h"

/* True if both ends kept to the script. The reports are filled; on the line is the caller, if LINE_CALLS. */
bool t30_bare_run(const struct t30_turn *turns, const struct t30_packet_style *style, bool line_calls,
		  struct t30_report *caller, struct t30_report *called);

#endif
