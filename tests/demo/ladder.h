/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ladder: what happened in a call, in the order of time, in three columns: at the line, in the gateway (by its log),
 * at the SIP peer.
 */
#ifndef DEMO_LADDER_H
#define DEMO_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LADDER_MAX 2000
#define LADDER_TEXT 80

enum ladder_column { LADDER_LINE, LADDER_GATEWAY, LADDER_PEER };

struct ladder_row {
	int64_t ms;
	unsigned order;			/* of coming, for rows of one time */
	enum ladder_column column;
	bool to_gateway;		/* LINE and PEER: which way it went */
	unsigned times;			/* equal rows in a row are one */
	char text[LADDER_TEXT];
};

struct ladder {
	struct ladder_row rows[LADDER_MAX];
	unsigned count;
};

void ladder_add(struct ladder *l, int64_t ms, enum ladder_column c, bool to_gateway, const char *text);
/* Adds the lines of the gateway's LOG that carry "call ID:" and a time "t=N.NNs". */
void ladder_add_log(struct ladder *l, const char *path, const char *call_id);
void ladder_print(struct ladder *l);

#endif
