/* SPDX-License-Identifier: GPL-2.0-only */
/* The matrix as a table. */
#include "tests/matrix/matrix.h"

static const char *const direction_names[] = {"to the line", "from the line"};

double matrix_document_s(const struct matrix_cell *c)
{
	return c->whole ? (double)c->document_ms / 1000 / c->whole : 0;
}

static void print_cell(const struct matrix_cell *c, FILE *f)
{
	if (!c->runs)
		fprintf(f, "  %10s %5s %5s %6s %5s", "-", "-", "-", "-", "-");
	else if (!c->whole)
		fprintf(f, "  %3u of %-3u %5s %5s %6s %5s", 0, c->runs, "-", "-", "-", "-");
	else
		fprintf(f, "  %3u of %-3u %5.1f %5.1f %6.1f %5.2f", c->whole, c->runs, (double)c->ms / 1000 / c->whole,
			matrix_document_s(c), (double)c->octets / 1000 / c->whole,
			(double)c->octets / (double)c->plain_octets);
}

void matrix_print(const struct matrix_row *rows, FILE *f)
{
	fprintf(f, "%-55s %-14s  %-35s  %s\n", "", "", matrix_system_name(MATRIX_BARE),
		matrix_system_name(MATRIX_GATEWAY));
	fprintf(f, "%-30s %-24s %-14s  %10s %5s %5s %6s %5s  %10s %5s %5s %6s %5s\n", "group", "case", "direction",
		"whole", "s", "doc.", "kB", "ratio", "whole", "s", "doc.", "kB", "ratio");
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

/* One direction's. Faxes that were lost, or a retraining that befell one system alone, tell nothing of the gateway's own
 * pace. */
static void print_times_of(const struct matrix_row *rows, unsigned d, FILE *f)
{
	double ours_s = 0, bare_s = 0, least = 0, most = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < matrix_ncases(); i++) {
		const struct matrix_cell *bare = &rows[i].cells[MATRIX_BARE][d],
					 *ours = &rows[i].cells[MATRIX_GATEWAY][d];
		double ratio;

		if (!bare->runs || bare->whole < bare->runs || ours->whole < ours->runs || !bare->document_ms)
			continue;
		ours_s += matrix_document_s(ours);
		bare_s += matrix_document_s(bare);
		ratio = matrix_document_s(ours) / matrix_document_s(bare);
		least = !n || ratio < least ? ratio : least;
		most = !n || ratio > most ? ratio : most;
		n++;
	}
	if (n)
		fprintf(f, "time from DCS to MCF, %s: %.3f of bare spandsp's in %u cases (%.3f to %.3f)\n",
			direction_names[d], ours_s / bare_s, n, least, most);
}

void matrix_print_times(const struct matrix_row *rows, FILE *f)
{
	for (unsigned d = 0; d < 2; d++)
		print_times_of(rows, d, f);
}
