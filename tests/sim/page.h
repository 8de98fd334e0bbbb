/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page: documents for tests: made by program (dense text-like and dithered pages at fax resolution), and compared
 * line by line.
 */
#ifndef SIM_PAGE_H
#define SIM_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum page_kind { PAGE_TEXT, PAGE_WHITE, PAGE_DITHER, PAGE_NOISE }; /* noise: nothing makes it shorter */

enum page_resolution { PAGE_FINE, PAGE_STANDARD, PAGE_SUPERFINE }; /* lines of 7.7, 3.85, 15.4 to the mm */

#define PAGE_A4_PIXELS 1728
#define PAGE_B4_PIXELS 2048
#define PAGE_A3_PIXELS 2432

struct page_format {
	unsigned width; /* PAGE_*_PIXELS; 0: A4 */
	unsigned rows;	/* 0: 400 */
	enum page_resolution resolution;
	enum page_kind kind;
};

/* Writes a TIFF (T.6, 1728 wide, fine 204x196 dpi) of PAGES pages of ROWS rows; SEED makes each different. 0 or
 * errno. */
int page_make(const char *path, unsigned pages, unsigned rows, enum page_kind kind, uint32_t seed);

/* The same with pages of FORMATS in turn, N of them. */
int page_make_mixed(const char *path, unsigned pages, const struct page_format *formats, unsigned n, uint32_t seed);

#define PAGE_REPORT_PAGES 256

struct page_report {
	unsigned sent, received; /* pages in each file */
	unsigned same;		 /* pages identical line by line (and of equal width, length and resolution) */
	unsigned first_bad_page; /* 1..; 0: none */
	unsigned first_bad_line;
	unsigned bad_lines;		   /* in all pages that both have */
	bool page_same[PAGE_REPORT_PAGES]; /* of the first pages, each by itself */
	char text[160];			   /* "page 2: line 17 of 1145 differs", "2 of 3 pages received", "all 3 pages
					   identical" */
};

/* Compares what was sent to what was received. True when every page is there and identical. */
bool page_compare(const char *sent, const char *received, struct page_report *rp);

#endif
