/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Usage: detection_table RUNS HOURS PAGE [PART]   RUNS trials of each tone in each condition, HOURS of each thing
 * that is no fax; the tables go to the standard output, with plots to PAGE, and the points of the plots to a file
 * .tsv beside it. PART: only levels, paths, others, roc, frames or cpu. others:WORD: the sources with WORD in their names.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/detect/report.h"

/* PAGE with .tsv in place of what its name ends in. */
static FILE *open_beside(const char *page)
{
	char path[512];
	const char *dot = strrchr(page, '.');

	snprintf(path, sizeof(path), "%.*s.tsv", (int)(dot ? (size_t)(dot - page) : strlen(page)), page);
	return fopen(path, "w");
}

int main(int argc, char **argv)
{
	struct report_plan p = {.runs = argc > 1 ? (unsigned)atoi(argv[1]) : 0, .hours = argc > 2 ? atof(argv[2]) : 0};
	FILE *page = argc > 3 ? fopen(argv[3], "w") : NULL;
	FILE *tsv = page ? open_beside(argv[3]) : NULL;
	int err;

	if (!page || !tsv || !p.runs || p.runs > TRIALS_MAX || p.hours <= 0) {
		fprintf(stderr,
			"usage: detection_table RUNS(1-%d) HOURS PAGE [levels|paths|others[:WORD]|roc|frames|cpu]\n",
			TRIALS_MAX);
		return 2;
	}
	p.part = argc > 4 ? argv[4] : "";
	report_begin(page);
	err = report_levels(&p, page);
	if (!err)
		err = report_paths(&p, page);
	if (!err)
		err = report_others(&p, page);
	if (!err)
		err = report_roc(&p, page, tsv);
	if (!err && report_wants(&p, "frames"))
		err = report_frames(&p);
	if (!err && report_wants(&p, "cpu"))
		err = report_cpu();
	report_end(page);
	fclose(page);
	fclose(tsv);
	if (err)
		fprintf(stderr, "detection_table: %s\n", strerror(err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
