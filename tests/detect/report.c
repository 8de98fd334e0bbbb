/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/report.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/detect/roc.h"

/* To both. */
static void __attribute__((format(printf, 2, 3))) say(FILE *page, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	fflush(stdout);
	va_start(ap, format);
	vfprintf(page, format, ap);
	va_end(ap);
}

bool report_wants(const struct report_plan *p, const char *part)
{
	size_t n = strlen(part);

	return !*p->part || (!strncmp(p->part, part, n) && (!p->part[n] || p->part[n] == ':'));
}

void report_begin(FILE *page)
{
	fprintf(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>What is taken for a "
		      "fax</title>"
		      "<style>body{font-family:sans-serif}text{font-size:12px}</style></head><body>\n"
		      "<h1>What is taken for a fax</h1>\n");
}

void report_end(FILE *page)
{
	fprintf(page, "</body></html>\n");
}

static void say_times(FILE *page, const struct trials_result *r)
{
	say(page, "  %6.0f %6.0f %6.0f\n", trials_ms(r, 0.5), trials_ms(r, 0.95), trials_ms(r, 1));
}

static int level_row(const struct report_plan *p, FILE *page, unsigned tone, unsigned level)
{
	static struct trials_result cells[TRIALS_COLUMNS], all;
	int err = 0;

	memset(cells, 0, sizeof(cells));
	memset(&all, 0, sizeof(all));
	say(page, "%-14s %4.0f dBm0 ", trials_subjects[tone].name, trials_levels_dbm0[level]);
	for (unsigned k = 0; k < TRIALS_COLUMNS && !err; k++) {
		err = trials_run(&trials_subjects[tone], trials_levels_dbm0[level], &trials_columns[k], &tone_limits,
				 p->runs, 1 + tone * 100 + level * 10 + k, &cells[k]);
		say(page, " %11.2f %%", trials_percent(&cells[k]));
		if (cells[k].mistaken)
			say(page, " (%u)", cells[k].mistaken);
	}
	/* the times are of the hardest that ought to be heard: at the edges, in noise */
	say_times(page, &cells[TRIALS_COLUMNS - 1]);
	return err;
}

int report_levels(const struct report_plan *p, FILE *page)
{
	int err = 0;

	if (!report_wants(p, "levels"))
		return 0;
	fprintf(page, "<h2>Missed, by level</h2>\n<pre>\n");
	say(page, "%-24s", "missed, by level");
	for (unsigned k = 0; k < TRIALS_COLUMNS; k++)
		say(page, " %13s", trials_column_names[k]);
	say(page, "  median   95 %%    max ms\n");
	for (unsigned t = 0; t < TRIALS_SUBJECTS && !err; t++)
		for (unsigned l = 0; l < TRIALS_LEVELS && trials_subjects[t].times == 1 && !err; l++)
			err = level_row(p, page, t, l);
	say(page, "%u trials each; in parentheses: another tone was heard first\n", p->runs);
	fprintf(page, "</pre>\n");
	return err;
}

int report_paths(const struct report_plan *p, FILE *page)
{
	static struct trials_result r;
	int err = 0;

	if (!report_wants(p, "paths"))
		return 0;
	fprintf(page, "<h2>Missed, by path</h2>\n<pre>\n");
	say(page, "%-13s %-36s %8s %9s  median   95 %%    max ms\n", "at -20 dBm0", "", "missed", "mistaken");
	for (unsigned t = 0; t < TRIALS_SUBJECTS && !err; t++)
		for (size_t k = 0; k < trials_npaths && !err; k++) {
			memset(&r, 0, sizeof(r));
			err = trials_run(&trials_subjects[t], TRIALS_PATH_DBM0, &trials_paths[k], &tone_limits, p->runs,
					 5000 + t * 100 + k, &r);
			say(page, "%-13s %-36s %6.2f %% %9u", trials_subjects[t].name, trials_paths[k].path.name,
			    trials_percent(&r), r.mistaken);
			say_times(page, &r);
		}
	fprintf(page, "</pre>\n");
	return err;
}

static void others_row(FILE *page, const struct others_source *s, const struct others_result *r)
{
	say(page, "%-26s %7.1f", s->name, r->hours);
	for (unsigned t = TONE_CNG; t < TONE_COUNT; t++)
		if (s->sent & 1u << t)
			say(page, " %8s", r->heard[t] ? "sent" : "-");
		else
			say(page, " %8.3g", r->heard[t] / r->hours);
	for (unsigned i = 0; i < EARS_POLICIES; i++)
		say(page, " %8.3g", r->fax[i] / r->hours);
	if (r->first_seed)
		say(page, "  seed %u", (unsigned)r->first_seed);
	say(page, "\n");
}

int report_others(const struct report_plan *p, FILE *page)
{
	static const struct tone_limits *const limits[] = {&tone_limits};
	const char *word = strchr(p->part, ':');
	int err = 0;

	if (!report_wants(p, "others"))
		return 0;
	fprintf(page, "<h2>What is no fax</h2>\n<pre>\n");
	say(page, "%-26s %7s", "heard, an hour", "hours");
	for (unsigned t = TONE_CNG; t < TONE_COUNT; t++)
		say(page, " %8.8s", tone_name((enum tone)t));
	say(page, "  calls taken for a fax, an hour:");
	for (unsigned i = 0; i < EARS_POLICIES; i++)
		say(page, " %s", t38_start_name((enum t38_start)i));
	say(page, "\n");
	for (size_t i = 0; i < others_nsources && !err; i++) {
		struct others_result r = {0};

		if (word && !strstr(others_sources[i].name, word + 1))
			continue;
		err = others_run(&others_sources[i], p->hours, 1, limits, 1, &r);
		if (err == ENOENT) {
			say(page, "%-26s not measured: the program is not installed\n", others_sources[i].name);
			err = 0;
			continue;
		}
		if (!err)
			others_row(page, &others_sources[i], &r);
	}
	fprintf(page, "</pre>\n");
	return err;
}

#define PLOT_WIDTH  420
#define PLOT_HEIGHT 220
#define PLOT_MARGIN 50

/* Both axes by the square root: most points are near 0. */
static void plot_roc(const struct roc_curve *c, FILE *page)
{
	double most_x = 1, most_y = 1;

	for (unsigned i = 0; i < ROC_POINTS; i++) {
		most_x = fmax(most_x, c->points[i].alarms_per_hour);
		most_y = fmax(most_y, c->points[i].missed_percent);
	}
	fprintf(page, "<h3>%s (misses: %s)</h3>\n<svg width=\"%d\" height=\"%d\">\n", c->threshold,
		c->condition.path.name, PLOT_WIDTH + 2 * PLOT_MARGIN, PLOT_HEIGHT + 2 * PLOT_MARGIN);
	fprintf(page, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>\n",
		PLOT_MARGIN, PLOT_MARGIN, PLOT_WIDTH, PLOT_HEIGHT);
	fprintf(page, "<text x=\"2\" y=\"%d\">%.3g %% missed</text><text x=\"2\" y=\"%d\">0</text>", PLOT_MARGIN - 8,
		most_y, PLOT_HEIGHT + PLOT_MARGIN);
	fprintf(page, "<text x=\"%d\" y=\"%d\">0 to %.3g false alarms an hour of speech and music</text>\n",
		PLOT_MARGIN, PLOT_HEIGHT + PLOT_MARGIN + 20, most_x);
	for (unsigned i = 0; i < ROC_POINTS; i++) {
		const struct roc_point *p = &c->points[i];
		double x = PLOT_MARGIN + sqrt(p->alarms_per_hour / most_x) * PLOT_WIDTH;
		double y = PLOT_MARGIN + (1 - sqrt(p->missed_percent / most_y)) * PLOT_HEIGHT;

		fprintf(page,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/><text x=\"%.1f\" y=\"%.1f\">%g</text>\n",
			x, y, p->chosen ? "#c00" : "#06c", x + 6, y - 4 - 12 * (i % 2), c->values[i]);
	}
	fprintf(page, "</svg>\n");
}

int report_roc(const struct report_plan *p, FILE *page, FILE *tsv)
{
	int err;

	if (!report_wants(p, "roc"))
		return 0;
	err = roc_run(p->runs, p->hours);
	if (err)
		return err;
	fprintf(page, "<h2>What each threshold is worth</h2>\n<p>Red: what the program has.</p>\n");
	printf("%-26s %-36s %8s %9s %14s\n", "threshold", "misses in", "", "missed", "alarms an hour");
	for (unsigned c = 0; c < ROC_CURVES; c++) {
		for (unsigned i = 0; i < ROC_POINTS; i++) {
			const struct roc_point *k = &roc_curves[c].points[i];

			printf("%-26s %-36s %8g %7.2f %% %14.3g%s\n", roc_curves[c].threshold,
			       roc_curves[c].condition.path.name, roc_curves[c].values[i], k->missed_percent,
			       k->alarms_per_hour, k->chosen ? "  <- the program's" : "");
			fprintf(tsv, "%s\t%.4g\t%.4g\n", roc_curves[c].threshold, k->alarms_per_hour,
				k->missed_percent);
		}
		plot_roc(&roc_curves[c], page);
	}
	return 0;
}
