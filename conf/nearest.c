/* SPDX-License-Identifier: GPL-2.0-only */
#include "nearest.h"

#include <string.h>

#define LONGEST 40

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned nearest_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	unsigned row[LONGEST + 1];

	if (na > LONGEST || nb > LONGEST)
		return 99;
	for (unsigned j = 0; j <= nb; j++)
		row[j] = j;
	for (unsigned i = 1; i <= na; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= nb; j++) {
			unsigned change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[nb];
}

unsigned nearest_limit(const char *name)
{
	unsigned n = (unsigned)strlen(name) / 3;

	return n ? n : 1;
}
