/* SPDX-License-Identifier: GPL-2.0-only */
/* The matrix as a table, and as a page with a plot for each group of cases. */
#include <math.h>
#include <string.h>

#include "tests/matrix/matrix.h"

#define PLOT_WIDTH  420
#define PLOT_HEIGHT 200
#define MARGIN	    40

static const char *const direction_names[] = {"to the line", "from the line"};

static void print_cell(const struct matrix_cell *c, FILE *f)
{
	if (!c->runs)
		fprintf(f, "  %10s %5s %6s %5s", "-", "-", "-", "-");
	else if (!c->whole)
		fprintf(f, "  %3u of %-3u %5s %6s %5s", 0, c->runs, "-", "-", "-");
	else
		fprintf(f, "  %3u of %-3u %5.1f %6.1f %5.2f", c->whole, c->runs, (double)c->ms / 1000 / c->whole,
			(double)c->octets / 1000 / c->whole, (double)c->octets / (double)c->plain_octets);
}

void matrix_print(const struct matrix_row *rows, FILE *f)
{
	fprintf(f, "%-55s %-14s  %-29s  %s\n", "", "", matrix_system_name(MATRIX_BARE),
		matrix_system_name(MATRIX_GATEWAY));
	fprintf(f, "%-30s %-24s %-14s  %10s %5s %6s %5s  %10s %5s %6s %5s\n", "group", "case", "direction", "whole",
		"s", "kB", "ratio", "whole", "s", "kB", "ratio");
	for (unsigned i = 0; i < matrix_ncases(); i++) {
		if (!rows[i].cells[MATRIX_GATEWAY][0].runs)
			continue;
		for (unsigned d = 0; d < 2; d++) {
			const struct matrix_cell *cell = &rows[i].cells[MATRIX_GATEWAY][d];

			fprintf(f, "%-30.30s %-24s %-14s", matrix_case(i)->group, matrix_case(i)->name,
				direction_names[d]);
			for (unsigned s = 0; s < MATRIX_SYSTEMS; s++)
				print_cell(&rows[i].cells[s][d], f);
			if (cell->whole < cell->runs)
				fprintf(f, "  seed %u failed", (unsigned)cell->first_failed);
			if (matrix_case(i)->no_ecm)
				fprintf(f, "  arrived %u, %.2f %% of lines damaged", cell->arrived,
					cell->lines ? 100.0 * (double)cell->damaged / (double)cell->lines : 0);
			fputc('\n', f);
		}
	}
}

/* The share of both directions together, in percent. */
static double share(const struct matrix_row *r, enum matrix_system s)
{
	unsigned runs = r->cells[s][0].runs + r->cells[s][1].runs;

	return runs ? 100.0 * (r->cells[s][0].whole + r->cells[s][1].whole) / runs : 0;
}

static void plot_curve(const struct matrix_row *rows, unsigned from, unsigned to, enum matrix_system s, FILE *f)
{
	double least = fmin(matrix_case(from)->x, 0), most = matrix_case(to - 1)->x;

	fprintf(f, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"",
		s == MATRIX_BARE ? "#c60" : "#06c");
	for (unsigned i = from; i < to; i++)
		if (rows[i].cells[s][0].runs)
			fprintf(f, "%.1f,%.1f ", MARGIN + (matrix_case(i)->x - least) / (most - least) * PLOT_WIDTH,
				MARGIN + (100 - share(&rows[i], s)) / 100 * PLOT_HEIGHT);
	fprintf(f, "\"/>\n");
}

static void plot(const struct matrix_row *rows, unsigned from, unsigned to, FILE *f)
{
	fprintf(f, "<h2>%s</h2>\n<svg width=\"%d\" height=\"%d\">\n", matrix_case(from)->group, PLOT_WIDTH + 2 * MARGIN,
		PLOT_HEIGHT + 2 * MARGIN);
	fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>\n", MARGIN,
		MARGIN, PLOT_WIDTH, PLOT_HEIGHT);
	for (unsigned percent = 0; percent <= 100; percent += 50)
		fprintf(f, "<text x=\"2\" y=\"%.0f\">%u %%</text>\n", MARGIN + (100 - percent) / 100.0 * PLOT_HEIGHT,
			percent);
	fprintf(f, "<text x=\"%d\" y=\"%d\">%s ... %s</text>\n", MARGIN, PLOT_HEIGHT + 2 * MARGIN - 12,
		matrix_case(from)->name, matrix_case(to - 1)->name);
	for (enum matrix_system s = 0; s < MATRIX_SYSTEMS; s++)
		plot_curve(rows, from, to, s, f);
	fprintf(f, "</svg>\n");
}

void matrix_write_page(const struct matrix_row *rows, FILE *f)
{
	unsigned from = 0, to;

	fprintf(f, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Faxes that arrive</title>"
		   "<style>body{font-family:sans-serif}text{font-size:12px}</style></head><body>\n"
		   "<h1>Faxes that arrive</h1>\n<p>The share of one-page faxes whose every line is identical, both "
		   "directions "
		   "together. <span style=\"color:#06c\">Faxspan</span> with a plain T.38 peer; <span "
		   "style=\"color:#c60\">bare "
		   "spandsp</span>, t38_gateway with plain UDPTL.</p>\n");
	for (; from < matrix_ncases(); from = to) {
		for (to = from + 1; to < matrix_ncases() && !strcmp(matrix_case(to)->group, matrix_case(from)->group);
		     to++)
			;
		if (to - from > 1 && rows[from].cells[MATRIX_GATEWAY][0].runs)
			plot(rows, from, to, f);
	}
	fprintf(f, "<h2>All of it</h2>\n<pre>\n");
	matrix_print(rows, f);
	fprintf(f, "</pre></body></html>\n");
}
