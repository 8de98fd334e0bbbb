/* SPDX-License-Identifier: GPL-2.0-only */
/* What is tried: a file for each kind of trouble, in the order of the table. */
#include "tests/matrix/matrix.h"

static const struct matrix_cases *const kinds[] = {
	&matrix_network_cases,
	&matrix_line_cases,
	&matrix_machine_cases,
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

unsigned matrix_ncases(void)
{
	unsigned n = 0;

	for (unsigned k = 0; k < KINDS; k++)
		n += kinds[k]->n;
	return n;
}

const struct matrix_case *matrix_case(unsigned i)
{
	for (unsigned k = 0; k < KINDS; k++) {
		if (i < kinds[k]->n)
			return &kinds[k]->cases[i];
		i -= kinds[k]->n;
	}
	return NULL;
}
