/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame: where one SIP message ends and the next begins in a stream (RFC 3261 18.3, 7.5; RFC 5626 4.4.1). Pure.
 */
#ifndef SIP_FRAME_H
#define SIP_FRAME_H

#include <stddef.h>

#define FRAME_HEADER_OCTETS 32768  /* the longest header taken, its empty line included */
#define FRAME_OCTETS	    131072 /* the longest message: SDP with an attribute of 64 KB is taken */

enum frame_kind {
	FRAME_MORE,    /* not whole yet */
	FRAME_MESSAGE, /* *LENP octets */
	FRAME_PING,    /* a keep-alive that wants an answer, of *LENP octets */
	FRAME_NOTHING, /* *LENP octets that say nothing: line ends between messages, the answer to a ping */
	FRAME_BAD,     /* and no telling where the next begins: *WHYP */
};

/* Where a look at the octets so far ended. All zero for a new message. */
struct frame {
	size_t seen;	/* octets without the header's end */
	size_t header;	/* its length, once known */
	size_t content; /* the body's */
};

/* Looks at the LEN octets that have come since the last message. F is ready for the next one unless it returns
 * FRAME_MORE, after which the same octets are to come again, with others behind. */
enum frame_kind frame_find(struct frame *f, const char *text, size_t len, size_t *lenp, const char **whyp);

#endif
