/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "tests/sim/page.h"

#define PAGE_ROW_OCTETS	  (PAGE_A3_PIXELS / 8)
#define PAGE_ROWS	  400
#define PAGE_MARGIN	  104
#define GLYPH_COLS	  5
#define GLYPH_ROWS	  7
#define GLYPH_DOT	  3 /* pixels across and down for each dot of a glyph */
#define GLYPH_PITCH	  19
#define LINE_PITCH	  32
#define PAGE_MAX_OCTETS	  4096 /* longest decoded row page_compare() reads: 32768 pixels */
#define PAGE_COMPARE_ROWS 65536
#define CM_A_INCH	  2.54f

/* A hash of two words (the finaliser of MurmurHash3): the same seed draws the same page anywhere. */
static uint32_t mix(uint32_t a, uint32_t b)
{
	uint32_t h = a * 0x9e3779b1u ^ (b + 0x7f4a7c15u);

	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	h *= 0xc2b2ae35u;
	return h ^ h >> 16;
}

static void set_pixel(uint8_t *row, unsigned x)
{
	row[x / 8] |= (uint8_t)(0x80 >> x % 8);
}

/* Is the dot of glyph CODE set? 26 letters, each a fixed random pattern with a stem, as most letters have. */
static bool glyph_dot(unsigned code, unsigned col, unsigned row)
{
	if (col == 0)
		return code % 3 != 0 || (row > 0 && row < GLYPH_ROWS - 1);
	return mix(code + 1000, row * 8 + col) % 5 < 2;
}

static void draw_text(uint8_t *row, unsigned width, unsigned y, uint32_t seed)
{
	unsigned line = y / LINE_PITCH, dot = y % LINE_PITCH / GLYPH_DOT, x, cell, code, i;

	if (dot >= GLYPH_ROWS)
		return;
	for (cell = 0; PAGE_MARGIN + (cell + 1) * GLYPH_PITCH < width - PAGE_MARGIN; cell++) {
		code = mix(seed, line * 256 + cell) % 31;
		if (code >= 26)
			continue; /* a space */
		for (i = 0; i < GLYPH_COLS * GLYPH_DOT; i++) {
			x = PAGE_MARGIN + cell * GLYPH_PITCH + i;
			if (glyph_dot(code, i / GLYPH_DOT, dot))
				set_pixel(row, x);
		}
	}
}

/* A grey that wanders over the page, by clustered ordered dither as a fax machine's halftone. */
static void draw_dither(uint8_t *row, unsigned width, unsigned y, uint32_t seed)
{
	static const uint8_t screen[4][4] = {{1, 8, 6, 14}, {10, 15, 12, 4}, {7, 13, 2, 9}, {11, 3, 16, 5}};
	unsigned x, grey;

	for (x = 0; x < width; x++) {
		grey = mix(seed, (y / 48) * 64 + x / 54) % 12 + 2;
		if (screen[y / 2 % 4][x / 2 % 4] <= grey / 2)
			set_pixel(row, x);
	}
}

static void draw_noise(uint8_t *row, unsigned width, unsigned y, uint32_t seed)
{
	for (unsigned x = 0; x < width; x++)
		if (mix(seed + y, x) & 1)
			set_pixel(row, x);
}

static void draw_row(uint8_t *row, const struct page_format *f, unsigned y, uint32_t seed)
{
	unsigned width = f->width ? f->width : PAGE_A4_PIXELS;

	memset(row, 0, PAGE_ROW_OCTETS);
	switch (f->kind) {
	case PAGE_TEXT:
		draw_text(row, width, y, seed);
		break;
	case PAGE_DITHER:
		draw_dither(row, width, y, seed);
		break;
	case PAGE_NOISE:
		draw_noise(row, width, y, seed);
		break;
	case PAGE_WHITE:
		break;
	}
}

static int write_page(TIFF *t, unsigned page, unsigned pages, const struct page_format *f, uint32_t seed)
{
	static const double lines_per_inch[] = {[PAGE_FINE] = 196.0, [PAGE_STANDARD] = 98.0, [PAGE_SUPERFINE] = 391.0};
	unsigned y, rows = f->rows ? f->rows : PAGE_ROWS;
	uint8_t row[PAGE_ROW_OCTETS];

	TIFFSetField(t, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
	TIFFSetField(t, TIFFTAG_IMAGEWIDTH, f->width ? f->width : PAGE_A4_PIXELS);
	TIFFSetField(t, TIFFTAG_IMAGELENGTH, rows);
	TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 1);
	TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 1);
	TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
	TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
	TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
	TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, rows);
	TIFFSetField(t, TIFFTAG_FILLORDER, FILLORDER_LSB2MSB);
	TIFFSetField(t, TIFFTAG_XRESOLUTION, 204.0);
	TIFFSetField(t, TIFFTAG_YRESOLUTION, lines_per_inch[f->resolution]);
	TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
	TIFFSetField(t, TIFFTAG_PAGENUMBER, page, pages);
	for (y = 0; y < rows; y++) {
		draw_row(row, f, y, mix(seed, page));
		if (TIFFWriteScanline(t, row, y, 0) < 0)
			return EIO;
	}
	return TIFFWriteDirectory(t) ? 0 : EIO;
}

int page_make_mixed(const char *path, unsigned pages, const struct page_format *formats, unsigned n, uint32_t seed)
{
	unsigned page;
	int err = 0;
	TIFF *t;

	if (pages == 0 || n == 0)
		return EINVAL;
	t = TIFFOpen(path, "w");
	if (!t)
		return errno ? errno : EIO;
	for (page = 0; page < pages && !err; page++)
		err = write_page(t, page, pages, &formats[page % n], seed);
	TIFFClose(t);
	return err;
}

int page_make(const char *path, unsigned pages, unsigned rows, enum page_kind kind, uint32_t seed)
{
	const struct page_format f = {.rows = rows, .kind = kind};

	return rows ? page_make_mixed(path, pages, &f, 1, seed) : EINVAL;
}

/* One page of one of the two files, row by row. */
struct reader {
	TIFF *t;
	uint32_t width, rows;
	float lines_per_inch;
	uint8_t invert;
	uint8_t row[PAGE_MAX_OCTETS];
};

static bool reader_begin(struct reader *r, unsigned page)
{
	uint16_t photometric = PHOTOMETRIC_MINISWHITE, bits = 1, unit = RESUNIT_INCH;

	r->width = r->rows = 0;
	r->lines_per_inch = 0;
	if (!r->t || !TIFFSetDirectory(r->t, (uint16_t)page))
		return false;
	TIFFGetField(r->t, TIFFTAG_IMAGEWIDTH, &r->width);
	TIFFGetField(r->t, TIFFTAG_IMAGELENGTH, &r->rows);
	TIFFGetFieldDefaulted(r->t, TIFFTAG_PHOTOMETRIC, &photometric);
	TIFFGetFieldDefaulted(r->t, TIFFTAG_BITSPERSAMPLE, &bits);
	TIFFGetField(r->t, TIFFTAG_YRESOLUTION, &r->lines_per_inch);
	TIFFGetFieldDefaulted(r->t, TIFFTAG_RESOLUTIONUNIT, &unit);
	if (unit == RESUNIT_CENTIMETER)
		r->lines_per_inch *= CM_A_INCH;
	r->invert = photometric == PHOTOMETRIC_MINISBLACK ? 0xff : 0;
	return bits == 1 && r->width > 0 && TIFFScanlineSize(r->t) <= PAGE_MAX_OCTETS && r->rows <= PAGE_COMPARE_ROWS;
}

static bool reader_row(struct reader *r, uint32_t y)
{
	size_t i, octets = (r->width + 7) / 8;

	memset(r->row, 0, sizeof(r->row));
	if (TIFFReadScanline(r->t, r->row, y, 0) < 0)
		return false;
	for (i = 0; i < octets; i++)
		r->row[i] ^= r->invert;
	if (r->width % 8)
		r->row[octets - 1] &= (uint8_t)(0xff00 >> r->width % 8);
	return true;
}

/* Counts bad lines; the first thing found bad is the one described. */
__attribute__((format(printf, 5, 6))) static void note_bad(struct page_report *rp, unsigned page, unsigned line,
							   unsigned lines, const char *fmt, ...)
{
	va_list ap;

	rp->bad_lines += lines;
	if (rp->first_bad_page)
		return;
	rp->first_bad_page = page;
	rp->first_bad_line = line;
	va_start(ap, fmt);
	vsnprintf(rp->text, sizeof(rp->text), fmt, ap);
	va_end(ap);
}

/* Compares page (from 0) of both; true when both have it and it is identical. */
static bool compare_page(struct reader *a, struct reader *b, unsigned page, struct page_report *rp)
{
	bool same = true, row_same;
	uint32_t y;

	if (!reader_begin(a, page) || !reader_begin(b, page) || a->width != b->width) {
		note_bad(rp, page + 1, 0, 0, "page %u: %u pixels wide, sent %u", page + 1, b->width, a->width);
		return false;
	}
	/* standard, fine and superfine each have twice the lines of the one before */
	if (fabsf(a->lines_per_inch - b->lines_per_inch) > 0.1f * a->lines_per_inch) {
		note_bad(rp, page + 1, 0, 0, "page %u: %.0f lines an inch, sent %.0f", page + 1,
			 (double)b->lines_per_inch, (double)a->lines_per_inch);
		same = false;
	}
	for (y = 0; y < a->rows && y < b->rows; y++) {
		row_same = reader_row(a, y);
		row_same = reader_row(b, y) && row_same;
		if (row_same && !memcmp(a->row, b->row, sizeof(a->row)))
			continue;
		same = false;
		note_bad(rp, page + 1, y + 1, 1, "page %u: line %u of %u differs", page + 1, y + 1, a->rows);
	}
	if (a->rows != b->rows)
		note_bad(rp, page + 1, 0, 0, "page %u: %u lines, sent %u", page + 1, b->rows, a->rows);
	return same && a->rows == b->rows;
}

static unsigned count_pages(TIFF *t)
{
	return t ? (unsigned)TIFFNumberOfDirectories(t) : 0;
}

static void report(struct page_report *rp)
{
	if (rp->first_bad_page)
		return;
	if (rp->received != rp->sent)
		snprintf(rp->text, sizeof(rp->text), "%u of %u pages received", rp->received, rp->sent);
	else if (rp->sent == 0)
		snprintf(rp->text, sizeof(rp->text), "no pages sent");
	else
		snprintf(rp->text, sizeof(rp->text), "all %u pages identical", rp->sent);
}

bool page_compare(const char *sent, const char *received, struct page_report *rp)
{
	TIFFErrorHandler warn = TIFFSetWarningHandler(NULL), error = TIFFSetErrorHandler(NULL);
	struct reader *a = calloc(1, sizeof(*a)), *b = calloc(1, sizeof(*b));
	struct page_report r = {0};
	unsigned page;

	if (!a || !b) {
		snprintf(r.text, sizeof(r.text), "out of memory");
		goto out;
	}
	a->t = TIFFOpen(sent, "r");
	b->t = TIFFOpen(received, "r");
	r.sent = count_pages(a->t);
	r.received = count_pages(b->t);
	for (page = 0; page < r.sent && page < r.received; page++) {
		if (compare_page(a, b, page, &r)) {
			r.same++;
			if (page < PAGE_REPORT_PAGES)
				r.page_same[page] = true;
		}
	}
	report(&r);
out:
	if (a && a->t)
		TIFFClose(a->t);
	if (b && b->t)
		TIFFClose(b->t);
	free(a);
	free(b);
	TIFFSetWarningHandler(warn);
	TIFFSetErrorHandler(error);
	*rp = r;
	return r.sent > 0 && r.same == r.sent && r.received == r.sent;
}
