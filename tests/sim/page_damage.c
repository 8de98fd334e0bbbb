/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/page_damage.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <tiffio.h>

/* LEAST[j] is of the lines of SENT so far and J of RECEIVED; here of one line more. */
static void take_line(uint64_t line, const uint64_t *received, size_t nreceived, size_t *least)
{
	size_t before = least[0]++;

	for (size_t j = 1; j <= nreceived; j++) {
		size_t best = before + (line != received[j - 1]);

		before = least[j];
		if (least[j] + 1 < best)
			best = least[j] + 1;
		if (least[j - 1] + 1 < best)
			best = least[j - 1] + 1;
		least[j] = best;
	}
}

/* The least number of lines changed, gone and too many that makes one of the other: whoever looks for the next place
 * where they are the same finds it one line off in letters that are three lines high, and counts every letter below
 * it. */
unsigned page_damage_count(const uint64_t *sent, size_t nsent, const uint64_t *received, size_t nreceived)
{
	size_t *least, damaged;

	for (; nsent && nreceived && sent[0] == received[0]; nsent--, nreceived--) {
		sent++;
		received++;
	}
	while (nsent && nreceived && sent[nsent - 1] == received[nreceived - 1]) {
		nsent--;
		nreceived--;
	}
	damaged = nsent > nreceived ? nsent : nreceived;
	least = calloc(nreceived + 1, sizeof(*least));
	if (!least)
		return (unsigned)damaged;
	for (size_t j = 0; j <= nreceived; j++)
		least[j] = j;
	for (size_t i = 0; i < nsent; i++)
		take_line(sent[i], received, nreceived, least);
	damaged = least[nreceived];
	free(least);
	return (unsigned)damaged;
}

struct rows {
	uint64_t *hash;
	size_t n;
};

/* FNV-1a. */
static uint64_t hash_of(const uint8_t *row, size_t octets, uint8_t invert)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < octets; i++)
		h = (h ^ (uint8_t)(row[i] ^ invert)) * 0x100000001b3u;
	return h;
}

/* The rows of a page; those of one that cannot be read are none. */
static int rows_read(TIFF *t, unsigned page, struct rows *rp)
{
	uint16_t photometric = PHOTOMETRIC_MINISWHITE;
	uint32_t n = 0;
	uint8_t *row;

	*rp = (struct rows){.n = 0};
	if (!TIFFSetDirectory(t, (uint16_t)page))
		return 0;
	TIFFGetField(t, TIFFTAG_IMAGELENGTH, &n);
	TIFFGetFieldDefaulted(t, TIFFTAG_PHOTOMETRIC, &photometric);
	row = malloc((size_t)TIFFScanlineSize(t));
	rp->hash = calloc(n ? n : 1, sizeof(*rp->hash));
	if (!row || !rp->hash) {
		free(row);
		free(rp->hash);
		return ENOMEM;
	}
	for (; rp->n < n && TIFFReadScanline(t, row, (uint32_t)rp->n, 0) >= 0; rp->n++)
		rp->hash[rp->n] =
			hash_of(row, (size_t)TIFFScanlineSize(t), photometric == PHOTOMETRIC_MINISBLACK ? 0xff : 0);
	free(row);
	return 0;
}

static int measure_page(TIFF *sent, TIFF *received, unsigned page, struct page_damage *d)
{
	struct rows a, b = {.n = 0};
	int err = rows_read(sent, page, &a);

	if (err)
		return err;
	if (page < d->pages_received)
		err = rows_read(received, page, &b);
	if (!err) {
		unsigned damaged = page_damage_count(a.hash, a.n, b.hash, b.n);

		d->lines += (unsigned)a.n;
		d->damaged += damaged < a.n ? damaged : (unsigned)a.n;
		free(b.hash);
	}
	free(a.hash);
	return err;
}

int page_damage_measure(const char *sent, const char *received, struct page_damage *dp)
{
	TIFFErrorHandler warning = TIFFSetWarningHandler(NULL), error = TIFFSetErrorHandler(NULL);
	TIFF *a = TIFFOpen(sent, "r"), *b = TIFFOpen(received, "r");
	struct page_damage d = {.lines = 0};
	int err = a ? 0 : EIO;

	if (a)
		d.pages_sent = (unsigned)TIFFNumberOfDirectories(a);
	if (b)
		d.pages_received = (unsigned)TIFFNumberOfDirectories(b);
	for (unsigned page = 0; page < d.pages_sent && !err; page++)
		err = measure_page(a, b, page, &d);
	if (a)
		TIFFClose(a);
	if (b)
		TIFFClose(b);
	TIFFSetWarningHandler(warning);
	TIFFSetErrorHandler(error);
	if (!err)
		*dp = d;
	return err;
}
