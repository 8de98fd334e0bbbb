/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * answered: what became of server transactions that are over but for retransmissions of their request (RFC 3261 17.2.2,
 * timer J): 64 T1 long the same response goes out for each. osip would keep the whole transaction, several KB of lists,
 * and look at each of them whenever it looks at its timers: at 200 calls a second those of the BYEs alone are 6400.
 *
 * By branch, sent-by and method (17.2.3); requests of RFC 2543, which have no branch, are not for it. Bounded: the
 * oldest make room.
 */
#ifndef SIP_ANSWERED_H
#define SIP_ANSWERED_H

#include <osipparser2/osip_parser.h>
#include <stddef.h>

#include "gateway/base/loop.h"
#include "sip/transport/hop.h"

#define ANSWERED_KEEP_MS 32000
#define ANSWERED_MAX	 32768		    /* responses; 1000 a second */
#define ANSWERED_OCTETS	 ((size_t)32 << 20) /* with all there is around them */

struct answered;

struct answered_response {
	const char *text;
	size_t len;
	struct sip_hop to;
};

int answered_alloc(struct answered **ap, struct loop *loop); /* 0 or ENOMEM */
void answered_free(struct answered *a);
/* Keeps a copy of TEXT, the final response to REQUEST, which went TO. 0, ENOMEM, or EINVAL for a request that is not
 * for it. */
int answered_keep(struct answered *a, const osip_message_t *request, const char *text, size_t len,
		  const struct sip_hop *to);
/* The response to a REQUEST that came before; NULL: it did not. Valid until the next call of any of these. */
const struct answered_response *answered_find(struct answered *a, const osip_message_t *request);
unsigned answered_count(const struct answered *a);

#endif
