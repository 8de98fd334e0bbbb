/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t4_lines: counts the lines of pages without error correction as they pass, and those that cannot be right, pure.
 *
 * ITU-T T.4 4.1 (one-dimensional) and 4.2 (two-dimensional): a line is bad if it has a code there is none of, or is not
 * as wide as the page; and, as at a receiver, if the line it refers to was. T.4 4.1.4: six EOL are the page's end.
 */
#ifndef T38_T4_LINES_H
#define T38_T4_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define T4_MOST_PIXELS 4864 /* A3 at 16 per mm */

enum t4_state {
	T4_OFF,	    /* no page, or none that can be read */
	T4_SEARCH,  /* for the next EOL: at the beginning, and behind what is bad */
	T4_FILL,    /* the line has ended, its EOL comes */
	T4_LINE_1D, /* in a line of runs */
	T4_LINE_2D, /* in a line that refers to the one above */
	T4_ENDED,   /* by RTC */
};

/* Of a line: where its colour changes, white first. */
struct t4_changes {
	unsigned n;
	uint16_t at[T4_MOST_PIXELS + 1];
};

struct t4_lines {
	unsigned lines, bad; /* of all pages; the second among the first */
	/* private */
	enum t4_state state;
	bool two_d;
	unsigned width;
	uint32_t bits;	 /* not read yet, right-justified */
	unsigned n_bits; /* how many */
	unsigned zeros;	 /* in a row, where EOL is looked for */
	unsigned eols;	 /* in a row, with nothing between */
	bool black;	 /* the colour whose run comes next */
	bool begun;	 /* something of the line has come, beside its EOL */
	unsigned at;	 /* how far the line is */
	unsigned runs;	 /* of a two-dimensional line's horizontal mode, still to come */
	unsigned b1;	 /* the change of the line above that was referred to last */
	struct t4_changes line[2];
	unsigned now;	/* which of them is the present line */
	bool has_above; /* the other one is the line above, and good */
};

/* A page begins: WIDTH pixels wide, of lines that refer to each other if TWO_D. One wider than T4_MOST_PIXELS is left
 * uncounted. */
void t4_lines_begin(struct t4_lines *t, unsigned width, bool two_d);
/* The next octets of it, their first bit the most significant one. */
void t4_lines_put(struct t4_lines *t, const uint8_t *octets, size_t n);
/* No more comes of it: a line that is cut short counts as a bad one. */
void t4_lines_end(struct t4_lines *t);

#endif
