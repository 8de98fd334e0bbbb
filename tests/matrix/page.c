/* SPDX-License-Identifier: GPL-2.0-only */
/* The matrix as a page with plots. */
#include <stdlib.h>
#include <string.h>

#include "tests/matrix/matrix.h"
#include "tests/matrix/plot.h"
#include "tests/matrix/target.h"

#define CURVES_MAX 16
#define BARE	   "#c60"
#define OURS	   "#06c"

static unsigned runs_of(const struct matrix_row *r, enum matrix_system s)
{
	return r->cells[s][0].runs + r->cells[s][1].runs;
}

/* Of both directions together, in percent. */
static double share(const struct matrix_row *r, enum matrix_system s)
{
	unsigned runs = runs_of(r, s);

	return runs ? 100.0 * (r->cells[s][0].whole + r->cells[s][1].whole) / runs : 0;
}

/* Points of GROUP. The curve's name is not copied. */
static void add_group(struct plot_curve *c, const struct matrix_row *rows, const char *group, enum matrix_system s)
{
	for (unsigned i = 0; i < matrix_ncases(); i++)
		if (!strcmp(matrix_case(i)->group, group) && runs_of(&rows[i], s))
			plot_add(c, matrix_case(i)->x, share(&rows[i], s));
}

/* ---- loss: all the means on one plot ---- */

static const struct {
	const char *group, *color;
} means[] = {
	{"no redundancy", "#999"},   {"redundancy 1", "#c0392b"}, {"redundancy 2", "#e67e22"}, {"redundancy 3", OURS},
	{"redundancy 7", "#16a085"}, {"FEC 3/3", "#8e44ad"},	  {"as installed", "#2c3e50"},
};
#define MEANS (sizeof(means) / sizeof(means[0]))

/* Lines of numbers, what was measured elsewhere: Asterisk as the gateway, then Faxspan, if it is there. Those that are
 * none are left out. */
static void add_file(struct plot_curve *asterisk, struct plot_curve *ours, const char *path)
{
	FILE *f = path ? fopen(path, "r") : NULL;
	char line[200];
	double x, whole[2], of[2];

	while (f && fgets(line, sizeof(line), f)) {
		int n = sscanf(line, "%lf\t%lf\t%lf\t%lf\t%lf", &x, &whole[0], &of[0], &whole[1], &of[1]);

		if (n >= 3 && of[0] > 0)
			plot_add(asterisk, x, 100 * whole[0] / of[0]);
		if (n == 5 && of[1] > 0)
			plot_add(ours, x, 100 * whole[1] / of[1]);
	}
	if (f)
		fclose(f);
}

static void plot_loss(const struct matrix_row *rows, const struct matrix_files *files, FILE *f)
{
	static struct plot_curve curves[2 * MEANS + 2];
	static char names[2 * MEANS][80];
	struct plot p = {.title = "Loss",
			 .x_label = "datagrams lost, percent",
			 .y_label = "faxes whole, percent",
			 .x_most = 30,
			 .y_most = 100,
			 .curves = curves,
			 .ncurves = 2 * MEANS + 2};
	unsigned points = 0;

	memset(curves, 0, sizeof(curves));
	for (unsigned i = 0; i < 2 * MEANS; i++) {
		enum matrix_system s = i < MEANS ? MATRIX_GATEWAY : MATRIX_BARE;

		snprintf(names[i], sizeof(names[i]), "%s, %s", matrix_system_name(s), means[i % MEANS].group);
		curves[i] = (struct plot_curve){
			.name = names[i], .color = means[i % MEANS].color, .dashed = s == MATRIX_BARE};
		add_group(&curves[i], rows, means[i % MEANS].group, s);
		points += curves[i].n;
	}
	if (!points)
		return;
	curves[2 * MEANS] = (struct plot_curve){.name = "Asterisk, redundancy 3", .color = "#000", .dashed = true};
	curves[2 * MEANS + 1] =
		(struct plot_curve){.name = "Faxspan, Asterisk as the peer, redundancy 3", .color = "#000"};
	add_file(&curves[2 * MEANS], &curves[2 * MEANS + 1], files->asterisk);
	plot_write(&p, f);
}

static bool is_mean(const char *group)
{
	for (unsigned i = 0; i < MEANS; i++)
		if (!strcmp(group, means[i].group))
			return true;
	return false;
}

/* ---- every other group ---- */

static void plot_group(const struct matrix_row *rows, unsigned from, unsigned to, FILE *f)
{
	struct plot_curve curves[MATRIX_SYSTEMS] = {{.name = "bare spandsp", .color = BARE, .dashed = true},
						    {.name = "Faxspan", .color = OURS}};
	char x_label[120];
	struct plot p = {.title = matrix_case(from)->group,
			 .x_label = x_label,
			 .y_label = "faxes whole, percent",
			 .x_least = matrix_case(from)->x,
			 .x_most = matrix_case(from)->x,
			 .y_most = 100,
			 .curves = curves,
			 .ncurves = MATRIX_SYSTEMS};

	snprintf(x_label, sizeof(x_label), "%s ... %s", matrix_case(from)->name, matrix_case(to - 1)->name);
	for (unsigned i = from; i < to; i++) {
		p.x_least = matrix_case(i)->x < p.x_least ? matrix_case(i)->x : p.x_least;
		p.x_most = matrix_case(i)->x > p.x_most ? matrix_case(i)->x : p.x_most;
	}
	for (enum matrix_system s = 0; s < MATRIX_SYSTEMS; s++)
		add_group(&curves[s], rows, matrix_case(from)->group, s);
	if (p.x_most > p.x_least)
		plot_write(&p, f);
}

static void plot_groups(const struct matrix_row *rows, FILE *f)
{
	for (unsigned from = 0, to; from < matrix_ncases(); from = to) {
		const char *group = matrix_case(from)->group;

		for (to = from + 1; to < matrix_ncases() && !strcmp(matrix_case(to)->group, group); to++)
			;
		if (to - from > 2 && runs_of(&rows[from], MATRIX_GATEWAY) && !is_mean(group))
			plot_group(rows, from, to, f);
	}
}

/* ---- times ---- */

static void plot_times(const struct matrix_row *rows, FILE *f)
{
	struct plot_curve curves[] = {{.name = "to the line", .color = OURS, .dots = true},
				      {.name = "from the line", .color = BARE, .dots = true}};
	struct plot p = {.title = "Time of a document from its DCS to its last MCF, beside bare spandsp",
			 .x_label =
				 "bare spandsp, s (mean of a case's whole faxes; of 100 pages and the like: left out)",
			 .y_label = "Faxspan, s",
			 .x_most = 120,
			 .y_most = 120,
			 .diagonal = true,
			 .curves = curves,
			 .ncurves = 2};

	for (unsigned i = 0; i < matrix_ncases(); i++)
		for (unsigned d = 0; d < 2; d++) {
			double bare = matrix_document_s(&rows[i].cells[MATRIX_BARE][d]),
			       ours = matrix_document_s(&rows[i].cells[MATRIX_GATEWAY][d]);

			if (bare > 0 && ours > 0 && bare <= p.x_most && ours <= p.y_most)
				plot_add(&curves[d], bare, ours);
		}
	if (curves[0].n || curves[1].n)
		plot_write(&p, f);
	fprintf(f, "<pre>\n");
	matrix_print_times(rows, f);
	fprintf(f, "</pre>\n");
}

/* ---- detection ---- */

/* A curve for each name in the file: "name<TAB>x<TAB>y". */
static void plot_detection(const char *path, FILE *f)
{
	static const char *const colors[] = {OURS, BARE, "#16a085", "#8e44ad", "#c0392b", "#999"};
	static struct plot_curve curves[CURVES_MAX];
	static char names[CURVES_MAX][60];
	struct plot p = {.title = "Detection: what is missed against what is taken for a fax",
			 .x_label = "false alarms in an hour",
			 .y_label = "missed, percent",
			 .curves = curves};
	FILE *in = path ? fopen(path, "r") : NULL;
	char line[200], name[60];
	double x, y;

	memset(curves, 0, sizeof(curves));
	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%59[^\t]\t%lf\t%lf", name, &x, &y) != 3)
			continue;
		if (!p.ncurves || strcmp(names[p.ncurves - 1], name)) {
			if (p.ncurves == CURVES_MAX)
				break;
			memcpy(names[p.ncurves], name, sizeof(name));
			curves[p.ncurves].name = names[p.ncurves];
			curves[p.ncurves].color = colors[p.ncurves % (sizeof(colors) / sizeof(colors[0]))];
			p.ncurves++;
		}
		plot_add(&curves[p.ncurves - 1], x, y);
		p.x_most = x > p.x_most ? x : p.x_most;
		p.y_most = y > p.y_most ? y : p.y_most;
	}
	if (in)
		fclose(in);
	if (p.ncurves)
		plot_write(&p, f);
	else
		fprintf(f, "<h2>Detection</h2>\n<p><code>make detection-table</code> measures it; its curves are shown "
			   "here "
			   "if it has run before.</p>\n");
}

void matrix_write_page(const struct matrix_row *rows, const struct matrix_files *files, FILE *f)
{
	fprintf(f,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Faxes that arrive</title>"
		"<style>body{font-family:sans-serif;margin:2em}text{font-size:12px}pre{font-size:12px}</style>"
		"</head><body>\n<h1>Faxes that arrive</h1>\n<p>The share of faxes whose every line is identical, both "
		"directions together; from the line and to it apart in the table below. Bare spandsp is its "
		"t38_gateway "
		"with plain UDPTL.</p>\n<h2>Targets</h2>\n<pre>\n");
	matrix_print_targets(rows, f);
	fprintf(f, "</pre>\n");
	plot_loss(rows, files, f);
	plot_groups(rows, f);
	plot_times(rows, f);
	plot_detection(files->detection, f);
	fprintf(f, "<h2>All of it</h2>\n<pre>\n");
	matrix_print(rows, f);
	fprintf(f, "</pre></body></html>\n");
}
