/* SPDX-License-Identifier: GPL-2.0-only */
/* show: one fax through the gateway, shown: progress, the ladder, the verdict page by page, the gateway's own line. */
#ifndef DEMO_SHOW_H
#define DEMO_SHOW_H

#include <stdbool.h>

#include "tests/demo/bank.h"

struct show_params {
	bool from_line;			/* E1 -> SIP, else SIP -> E1 */
	const char *document;		/* TIFF to send */
	const char *received;		/* TIFF to write */
	const char *log;		/* the gateway's log file */
	const char *call_id;		/* the gateway's name for the call: "1-1" */
};

/* Returns true when every page came through; says why when not. */
bool show_fax(struct bank *b, const struct show_params *p);

/* The handlers of the bank that show_fax() needs. */
void show_prepare(struct bank_params *p);

#endif
