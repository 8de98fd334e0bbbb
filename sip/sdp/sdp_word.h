/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_word: a piece of SDP text, in place and without a NUL, and how it is taken apart. Private to sdp_*.c.
 */
#ifndef SIP_SDP_WORD_H
#define SIP_SDP_WORD_H

#include <stdbool.h>
#include <stddef.h>

struct word {
	const char *p;
	size_t len;
};

/* W without blanks and tabs at both ends. */
struct word word_trim(struct word w);

/* Takes W up to (and with) the first SEP; all of it if there is none. */
struct word word_until(struct word *w, char sep);

/* Takes the next token between blanks; empty at the end. */
struct word word_next(struct word *w);

bool word_is(struct word w, const char *text);	   /* in any case of letters */
bool word_begins(struct word w, const char *text); /* the same */
bool word_printable(struct word w);		   /* not empty, and only ! to ~ */

/* Digits only; values over MAX give MAX. False for anything else: signs, letters, nothing. */
bool word_number(struct word w, unsigned max, unsigned *np);

/* Copies what fits in ROOM octets (at least 1) with a NUL. */
void word_copy(struct word w, char *text, size_t room);

#endif
