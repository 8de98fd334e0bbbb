/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dnsside: the thread that looks up peers configured by name. It tells the SIP thread where they are, in messages by
 * value, and is told by it when a peer's servers all fail.
 */
#ifndef GATEWAY_DNSSIDE_H
#define GATEWAY_DNSSIDE_H

#include "conf/config.h"
#include "gateway/base/loop.h"
#include "gateway/base/mailbox.h"

struct dnsside;

/* To the thread. */
struct dns_order {
	bool stop;
	unsigned peer; /* index in the configuration: look it up again soon */
};

/* Whether any peer of C has a name: else there is nothing to do for this thread. */
bool dnsside_is_needed(const struct config *c);

/* Answers (struct resolver_news, whose name is then the index of a peer in the configuration) go to NEWS. 0, ENOMEM or
 * errno; the reason is logged. */
int dnsside_alloc(struct dnsside **dp, const struct config *c, const struct clock *clock, struct mailbox *news);
void dnsside_free(struct dnsside *d);
struct mailbox *dnsside_inbox(struct dnsside *d); /* of struct dns_order */

/* Runs until it is told to stop. */
int dnsside_run(struct dnsside *d);

#endif
