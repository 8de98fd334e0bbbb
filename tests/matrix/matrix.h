/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * matrix: how many faxes arrive, case by case: bare spandsp beside the gateway, both ways, on a virtual clock. The same
 * seeds give the same figures.
 */
#ifndef MATRIX_MATRIX_H
#define MATRIX_MATRIX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/sim/line_damage.h"
#include "tests/sim/machine.h"
#include "tests/sim/net_sim.h"
#include "tests/sim/page.h"
#include "tests/sim/udptl_sim.h"

enum matrix_system { MATRIX_BARE, MATRIX_GATEWAY, MATRIX_SYSTEMS };

const char *matrix_system_name(enum matrix_system s);

/* What the gateway has before it. Bare spandsp has a plain peer always. */
enum matrix_peer {
	MATRIX_PLAIN,	/* neither repeats the tail of a burst nor waits for a gap, as most do */
	MATRIX_CAREFUL, /* does both: a peer of the tests' own making */
	MATRIX_TWIN,	/* another Faxspan: a fax crosses two gateways, back to back */
};

struct matrix_case {
	const char *group, *name;
	double x; /* where it stands on its group's plot */
	enum udptl_sim_kind kind;
	unsigned depth;
	unsigned pages, rows; /* 0: 1 page, 400 rows: about half a minute on the line */
	bool no_ecm;
	bool super_g3_caller, super_g3_called;
	unsigned modems, receiver_modems; /* FAX_MODEM_*; 0: all */
	bool receiver_no_ecm;
	struct machine_kind sender, receiver;
	bool polled, turned;		   /* see tests/call/fax.h */
	const struct page_format *formats; /* of the pages, in turn; NULL: A4, fine, text */
	unsigned nformats;
	const char *fax_text; /* the gateway's configuration, of both if there are two; bare spandsp has none */
	enum matrix_peer peer;
	bool as_installed; /* DEPTH is the peer's alone: the gateway has what it has without configuration */
	struct net_sim_damage damage;
	bool one_way;		   /* only what comes from the peer is damaged (of a twin: from the far gateway) */
	struct net_sim_damage sip; /* of signalling, both ways */
	unsigned drop_first;	   /* so many datagrams of T.38, the first ones each way, are lost */
	struct line_damage line;
};

/* Of one fax. */
struct matrix_outcome {
	bool whole;	       /* every page identical */
	int64_t ms;	       /* until both machines were done */
	int64_t document_ms;   /* from the DCS to the last MCF, as the machine on the line has it */
	uint64_t octets;       /* of UDPTL, both ways */
	uint64_t plain_octets; /* the same packets had cost so many with redundancy 3 and nothing more */
	unsigned pages_missing, lines, damaged;
};

struct matrix_cell {
	unsigned runs, whole;
	unsigned arrived;	       /* every page there, under 1 % of its lines damaged */
	uint64_t lines, damaged;       /* of all runs; a page that is missing counts with all its lines */
	int64_t ms, document_ms;       /* of those that were whole, all together */
	uint64_t octets, plain_octets; /* of UDPTL, of the same */
	uint64_t first_failed;	       /* its seed; valid if not all were whole */
};

struct matrix_cases {
	const struct matrix_case *cases;
	unsigned n;
};

extern const struct matrix_cases matrix_network_cases, matrix_line_cases, matrix_machine_cases;

/* All of them, one kind behind the other; those of a group are neighbours. */
unsigned matrix_ncases(void);
const struct matrix_case *matrix_case(unsigned i); /* I below matrix_ncases() */

/* From when on the damage of a fax's line is counted, by either system. */
enum line_since matrix_line_since(bool from_line);

/* One fax of case C by SYSTEM, added to *CELLP. From the line, or to it. 0 or errno. */
int matrix_run(const struct matrix_case *c, enum matrix_system system, bool from_line, uint64_t seed,
	       struct matrix_cell *cellp);

/* Of one case, by system and direction (0: to the line). */
struct matrix_row {
	struct matrix_cell cells[MATRIX_SYSTEMS][2];
};

void matrix_print(const struct matrix_row *rows, FILE *f);
/* Mean time of the documents of C that arrived whole, in s; 0 if there are none. */
double matrix_document_s(const struct matrix_cell *c);
/* How long documents took, beside bare spandsp: of the cases that both systems brought through every time. */
void matrix_print_times(const struct matrix_row *rows, FILE *f);

/* What was measured by others; files that are not there are left out. */
struct matrix_files {
	const char *asterisk;  /* lines of "percent lost<TAB>whole by Asterisk<TAB>of<TAB>whole by Faxspan<TAB>of" */
	const char *detection; /* lines of "tone<TAB>false alarms in an hour<TAB>percent missed" */
};

/* The same as a page with plots. */
void matrix_write_page(const struct matrix_row *rows, const struct matrix_files *files, FILE *f);

#endif
