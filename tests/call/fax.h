/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fax: one fax (or many at once) through the lab, either way, and what came of it.
 */
#ifndef CALL_FAX_H
#define CALL_FAX_H

#include "tests/call/lab.h"
#include "tests/sim/page_damage.h"

#define FAX_MAX 64

struct fax_case {
	const char *name;
	bool from_line;	      /* E1 -> SIP */
	bool mixed;	      /* with more than one: every second one goes the other way */
	unsigned count;	      /* so many at once; 0: 1 */
	unsigned pages, rows; /* of the document; 0: 1 page, 400 rows */
	bool no_ecm;	      /* the sending machine does without */
	unsigned modems;      /* of the sending machine; 0: all */
	bool receiver_no_ecm;
	unsigned receiver_modems;
	struct machine_kind sender, receiver;
	bool polled; /* the caller receives */
	bool turned; /* when the document is sent, another comes back in the same call; one fax only */
	const struct page_format *formats; /* of the pages, in turn; NULL: all A4, fine, .rows of text */
	unsigned nformats;
	bool super_g3_caller, super_g3_called;
	struct lab_params lab;
	struct net_sim_damage damage;		/* of the media, both ways... */
	const struct net_sim_damage *damage_in; /* ...unless this is set: what comes from the peer */
	struct net_sim_damage damage_sip;
	struct line_damage line; /* of the line */
	bool line_is_damaged;
	bool nobody_clears; /* the machines on the line do not put the receiver down */
	/* Called at the beginning, after each step, and when all has been cleared (further calls are then taken as
	 * .lab.peer says, and answered by the line at once); each may be NULL. */
	void (*on_begin)(struct lab *l, void *arg);
	void (*on_step)(struct lab *l, void *arg);
	void (*on_end)(struct lab *l, void *arg);
	void *arg;
	void (*on_dframe)(uint8_t *frame, size_t octets, void *unused); /* see lab_params */
};

struct fax_outcome {
	struct page_report page;     /* of the worst fax */
	struct page_damage damage;   /* of the first */
	unsigned whole;		     /* faxes whose pages are all identical, of those that turn round both ways */
	struct sip_peer_result peer; /* of the first call */
	struct machine_result line;  /* the machine on the line, of the first call */
	struct xcall_result call;    /* the exchange's, of the first call */
	struct net_sim_stats net;
	bool ended;	 /* everything was cleared within the time */
	char end[1200];	 /* the first call's END line */
	bool has_text;	 /* WANTED was found in the log */
	int64_t line_ms; /* how long it took, in the line's time */
};

/* Runs it. WANTED (may be NULL) is looked for in the log. Everything is freed; asserts that nothing is left over. */
void fax_run(const struct fax_case *c, const char *wanted, struct fax_outcome *op);

/* Asserts that every page of every fax came through, naming the case if not. */
void fax_expect_whole(const struct fax_case *c, const struct fax_outcome *o);
/* Asserts that the END line has TEXT. */
void fax_expect_end(const struct fax_case *c, const struct fax_outcome *o, const char *text);

#endif
