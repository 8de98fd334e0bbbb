/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * random: calls of which every parameter is drawn by chance, and what came of each. A scene is a gateway with some
 * calls at once; its seed draws all of it, so that the same seed gives the same calls.
 */
#ifndef MATRIX_RANDOM_H
#define MATRIX_RANDOM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/sim/exchange.h"
#include "tests/sim/net_sim.h"
#include "tests/sim/page.h"
#include "tests/sim/sip_peer.h"

#define RANDOM_CALLS	  6 /* at once */
#define RANDOM_TEXT	  600
#define RANDOM_END_OCTETS 900

enum random_cut { RANDOM_NO_CUT, RANDOM_CUT_LINE, RANDOM_CUT_PEER };

struct random_call {
	bool from_line;
	unsigned pages;
	struct page_format formats[2]; /* in turn */
	uint32_t page_seed;
	struct machine_params caller, called; /* but for their files */
	struct sip_peer_call_params peer;     /* but for its machine and its number */
	int32_t begin_ms;		      /* from the scene's begin */
	enum random_cut cut;
	int32_t cut_ms;		  /* from its begin */
	int32_t line_hangs_up_ms; /* so long after the line's machine is done */
	unsigned line_refuses;	  /* the exchange does, with this cause; 0: not */
	int32_t line_answer_ms;
};

struct random_scene {
	uint64_t seed;
	unsigned ncalls;
	struct random_call calls[RANDOM_CALLS];
	char fax_text[RANDOM_TEXT], peer_text[RANDOM_TEXT], span_text[RANDOM_TEXT];
	char main_text[RANDOM_TEXT];	      /* empty, or more of the main file */
	enum udptl_sim_kind error_correction; /* ours, by configuration */
	bool no_ecm;			      /* of ours, too... */
	unsigned modems, max_rate;	      /* ...FAX_MODEM_..., bit/s */
	struct net_sim_damage out, in;	      /* of the media, to the peer and from it */
	struct net_sim_damage sip;
	bool line_is_damaged;
	struct line_damage line;
};

void random_draw(uint64_t seed, struct random_scene *sp);
/* All that was drawn, in lines of text. */
void random_print(const struct random_scene *s, FILE *f);

enum random_verdict_kind {
	RANDOM_WHOLE,	     /* every line arrived, and the END line says that the fax is ok */
	RANDOM_UNCONFIRMED,  /* every line arrived, but the last confirmation did not, so the END line says failed */
	RANDOM_REFUSED,	     /* one side did not take the call, as drawn */
	RANDOM_CUT,	     /* one side hung up in mid-fax, as drawn, and the END line says so */
	RANDOM_BAD_LINES,    /* without ECM: every page arrived, lines of them damaged; the machines called it ok */
	RANDOM_FAILED,	     /* and the END line says so */
	RANDOM_BLAMED_WRONG, /* failed, by the END line for a fault that was not drawn */
	RANDOM_FALSE_ALARM,  /* both machines call it ok, the END line does not */
	RANDOM_LOST_UNSEEN,  /* the END line says ok, and pages are missing or, with ECM, differ */
	RANDOM_BROKEN,	     /* something was left over, hung, or crashed */
	RANDOM_VERDICTS
};

const char *random_verdict_name(enum random_verdict_kind k);
bool random_verdict_is_fault(enum random_verdict_kind k); /* of ours, whatever the reason: the last four */

/* By value: it passes between processes. */
struct random_verdict {
	uint64_t seed;
	unsigned call;
	enum random_verdict_kind kind;
	bool from_line, ecm;
	unsigned pages, pages_same, bad_lines;
	bool whole; /* every page arrived, line by line */
	/* The same by bare spandsp; of those that nobody cut or refused. */
	bool bare_known, bare_whole, bare_ecm;
	char class[24];				/* how the network was, and what was agreed against it */
	char media[16], fault[16], result[160]; /* of the END line */
	char condition[40];			/* what was drawn that may hurt a fax */
	char line[80], peer[80];		/* the last word of either machine */
	char note[200];				/* of one that is broken: what is */
};

/*
 * Runs scene S; VERDICTS has room for RANDOM_CALLS, of which S->ncalls are written. 0, or errno of files or memory.
 */
int random_run(const struct random_scene *s, struct random_verdict *verdicts);

/* The table of N verdicts. Returns how many of them are faults of the gateway. */
unsigned random_report(const struct random_verdict *v, unsigned n, FILE *f);

#endif
