/* SPDX-License-Identifier: GPL-2.0-only */
/* The matrix as a table. */
#include "tests/matrix/matrix.h"

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
