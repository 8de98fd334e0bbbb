/* SPDX-License-Identifier: GPL-2.0-only */
/* report: the tables, to the standard output as they are measured and to a page. */
#ifndef TESTS_DETECT_REPORT_H
#define TESTS_DETECT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "tests/detect/others.h"
#include "tests/detect/trials.h"

struct report_plan {
	unsigned runs;
	double hours;
	const char *part; /* "": all */
};

void report_begin(FILE *page);
int report_levels(const struct report_plan *p, FILE *page); /* each: 0 or an errno */
int report_paths(const struct report_plan *p, FILE *page);
int report_others(const struct report_plan *p, FILE *page);
/* Also writes the points to TSV: what is measured, false alarms per hour, missed in percent. */
int report_roc(const struct report_plan *p, FILE *page, FILE *tsv);
/* frames.c, cpu.c: to the standard output alone. */
int report_frames(const struct report_plan *p);
int report_cpu(void);
void report_end(FILE *page);
/* PART is to be measured. */
bool report_wants(const struct report_plan *p, const char *part);

#endif
