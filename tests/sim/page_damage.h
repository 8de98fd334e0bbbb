/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_damage: how much of a document was spoilt on its way. page_compare() says whether all is identical; this is for
 * faxes without ECM, where a reader forgives a line here and there: a line that is gone does not count against those
 * behind it, which are there, one higher.
 */
#ifndef SIM_PAGE_DAMAGE_H
#define SIM_PAGE_DAMAGE_H

#include <stddef.h>
#include <stdint.h>

/* Lines of SENT that are not in RECEIVED as they were, and lines in RECEIVED that were never sent. Lines are told apart
 * by a hash of each. */
unsigned page_damage_count(const uint64_t *sent, size_t nsent, const uint64_t *received, size_t nreceived);

struct page_damage {
	unsigned pages_sent, pages_received;
	unsigned lines;	  /* of the pages sent */
	unsigned damaged; /* of them; all of a page that was not received */
};

/* The two TIFF files; 0, ENOMEM, or EIO: SENT cannot be read. */
int page_damage_measure(const char *sent, const char *received, struct page_damage *dp);

#endif
