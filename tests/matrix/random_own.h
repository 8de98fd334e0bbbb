/* SPDX-License-Identifier: GPL-2.0-only */
/* random_own: a scene being played; for random_run.c and random_judge.c. */
#ifndef MATRIX_RANDOM_OWN_H
#define MATRIX_RANDOM_OWN_H

#include "tests/call/lab.h"
#include "tests/matrix/random.h"

#define RANDOM_BUFFER_MS 100 /* of a peer in G.711, and of both ends where bare machines are joined so */

struct random_state {
	const struct random_call *drawn;
	char sent[96], received[96], number[16];
	struct machine_params peer_fax;
	struct sip_peer_call_params peer;
	struct machine *machine; /* the line's */
	struct xcall *line;
	unsigned id; /* the peer's, if... */
	bool has_id;
	bool begun, is_cut;
	int64_t done_ms;
};

struct random_stage {
	const struct random_scene *scene;
	struct lab *lab;
	char dir[64];
	unsigned sockets; /* before any call */
	bool over;	  /* all calls ended within the time */
	struct random_state calls[RANDOM_CALLS];
};

/* Call I, when all is over but nothing freed. */
void random_judge(struct random_stage *g, unsigned i, struct random_verdict *vp);

/* What was agreed for call C's UDPTL: the weaker of what each side has. */
enum udptl_sim_kind random_agreed(const struct random_scene *s, const struct random_call *c);

struct random_bare {
	bool g711;		  /* as G.711; else by t38_gateway */
	enum udptl_sim_kind kind; /* of its UDPTL, both ways */
	const char *sent, *received;
};

struct random_bare_result {
	bool whole; /* it arrived */
	bool ecm;   /* the machines agreed on it */
};

/* Call number CALL of scene S by bare spandsp: the document SENT into the file RECEIVED. 0 or errno. */
int random_run_bare(const struct random_scene *s, unsigned call, const struct random_bare *how,
		    struct random_bare_result *rp);

#endif
