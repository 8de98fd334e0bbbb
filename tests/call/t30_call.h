/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30_call: a scripted fax (tests/sim/t30_tester.h) through the gateway: one end on the line, the other in T.38,
 * either way.
 */
#ifndef CALL_T30_CALL_H
#define CALL_T30_CALL_H

#include "tests/call/lab.h"
#include "tests/sim/t30_frames.h"
#include "tests/sim/t30_tester.h"

/* Who speaks the script; the other end is a machine by spandsp. */
enum t30_ends { T30_BOTH_ENDS, T30_CALLER_ALONE, T30_CALLED_ALONE };

struct t30_case {
	const char *name;
	const struct t30_turn *turns;
	enum t30_ends ends;
	const char *fax_text;		      /* keys of [fax] */
	const struct t30_packet_style *style; /* of the packets of the end in T.38; NULL: as most send them */
	bool ecm;			      /* of the machine */
	unsigned pages;			      /* of the machine that sends; 0: 1 */
	bool in_audio;	    /* the call begins in G.711, and the gateway finds the fax; the script is on the line */
	bool machine_fails; /* it is not to end well */
	unsigned jitter_ms; /* of the packets, both ways, of which the peer waits for the late ones */
};

struct t30_call_outcome {
	struct t30_report caller, called;
	struct machine_result machine;
	bool ended, whole;
};

/* LINE_CALLS: the caller is on the line, else in T.38. */
void t30_call_run(const struct t30_case *c, bool line_calls, struct t30_call_outcome *op);
/* A test program of N cases, both ways, each a test of its own; ONLY: those with names like this ("*CTC*"), NULL: all.
 * With T30_TRACE in the environment all that is sent and heard is printed; with T30_BARE it runs through spandsp's
 * gateway alone (t30_bare.h), for comparison; T30_JITTER_MS=100 T30_SEED=2 gives each case that jitter. Returns how
 * many failed. */
int t30_call_main(const char *group, const struct t30_case *cases, size_t n, const char *only);

#endif
