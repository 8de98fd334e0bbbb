/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/matrix/target.h"

#include <string.h>

enum measure {
	WHOLE,	   /* so many percent whole at least */
	ARRIVED,   /* the same of those with every page, and under 1 % of all lines damaged */
	LIKE_BARE, /* as many as bare spandsp, less so many percent */
};

static const struct target {
	const char *group; /* or, with an asterisk at its end, what its name begins with */
	const char *name;  /* of a case; NULL: each */
	enum measure measure;
	double percent;
} targets[] = {
	{"bar: all", NULL, WHOLE, 100},
	{"bar: 98 %", NULL, WHOLE, 98},
	{"bar: 95 %", NULL, WHOLE, 95},
	{"bar: no ECM", NULL, ARRIVED, 99},
	{"redundancy 3, careful peer", "10 % loss", WHOLE, 100},
	{"redundancy 3, careful peer", "20 % loss", WHOLE, 100},
	{"redundancy 3, two gateways", "10 % loss", WHOLE, 100},
	{"redundancy 3, two gateways", "20 % loss", WHOLE, 100},
	{"redundancy 7, careful peer", "30 % loss", WHOLE, 98},
	{"redundancy 7, two gateways", "30 % loss", WHOLE, 98},
	{"jitter, careful peer", NULL, WHOLE, 100},
	{"jitter, two gateways", NULL, WHOLE, 100},
	{"redundancy 3", "20 % loss", WHOLE, 95},
	{"redundancy 3, no ECM", "10 % loss", ARRIVED, 99},
	{"delay each way", NULL, WHOLE, 100},
	{"Super-G3", NULL, WHOLE, 100},
	{"modems", NULL, WHOLE, 100},
	{"first rate", NULL, WHOLE, 100},
	{"bad TCF above", NULL, WHOLE, 100},
	{"by configuration", NULL, WHOLE, 100},
	{"coding", NULL, WHOLE, 100},
	{"pages", NULL, WHOLE, 100},
	{"long", NULL, WHOLE, 100},
	{"odd", NULL, WHOLE, 100},
	{"line: *", NULL, LIKE_BARE, 1},
};

static const struct target *target_of(const struct matrix_case *c)
{
	for (unsigned i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		const struct target *t = &targets[i];
		size_t n = strlen(t->group);
		bool same = t->group[n - 1] == '*' ? !strncmp(c->group, t->group, n - 1) : !strcmp(c->group, t->group);

		if (same && (!t->name || !strcmp(t->name, c->name)))
			return t;
	}
	return NULL;
}

static double percent(const struct matrix_row *r, enum matrix_system s, enum measure m)
{
	const struct matrix_cell *c = r->cells[s];
	unsigned runs = c[0].runs + c[1].runs;
	unsigned good = m == ARRIVED ? c[0].arrived + c[1].arrived : c[0].whole + c[1].whole;

	return runs ? 100.0 * good / runs : 0;
}

static bool is_met(const struct target *t, const struct matrix_row *r)
{
	const struct matrix_cell *c = r->cells[MATRIX_GATEWAY];
	double ours = percent(r, MATRIX_GATEWAY, t->measure);

	if (t->measure == LIKE_BARE)
		return ours >= percent(r, MATRIX_BARE, WHOLE) - t->percent;
	if (t->measure == ARRIVED && 100 * (c[0].damaged + c[1].damaged) >= c[0].lines + c[1].lines)
		return false;
	return ours >= t->percent;
}

static void print_missed(const struct target *t, const struct matrix_row *r, FILE *f)
{
	static const char *const ways[] = {"to the line", "from the line"};

	for (unsigned d = 0; d < 2; d++) {
		const struct matrix_cell *c = &r->cells[MATRIX_GATEWAY][d];

		if (c->whole < c->runs)
			fprintf(f, "; %s %u of %u, seed %llu", ways[d], c->whole, c->runs,
				(unsigned long long)c->first_failed);
	}
	if (t->measure == LIKE_BARE)
		fprintf(f, "; bare %.1f %%", percent(r, MATRIX_BARE, WHOLE));
}

unsigned matrix_print_targets(const struct matrix_row *rows, FILE *f)
{
	static const char *const words[] = {"whole", "arrived, under 1 % of lines damaged", "less than bare spandsp"};
	unsigned missed = 0, met = 0;

	for (unsigned i = 0; i < matrix_ncases(); i++) {
		const struct matrix_case *c = matrix_case(i);
		const struct target *t = target_of(c);

		if (!t || !rows[i].cells[MATRIX_GATEWAY][0].runs ||
		    (t->measure == LIKE_BARE && !rows[i].cells[MATRIX_BARE][0].runs))
			continue;
		if (is_met(t, &rows[i])) {
			met++;
			continue;
		}
		missed++;
		fprintf(f, "missed: %s, %s: %.1f %%; the target is %s%.0f %% %s", c->group, c->name,
			percent(&rows[i], MATRIX_GATEWAY, t->measure), t->measure == LIKE_BARE ? "at most " : "",
			t->percent, words[t->measure]);
		print_missed(t, &rows[i], f);
		fputc('\n', f);
	}
	fprintf(f, "%u targets met, %u missed\n", met, missed);
	return missed;
}
