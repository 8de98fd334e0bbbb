/* SPDX-License-Identifier: GPL-2.0-only */
/* plot: curves as SVG, for the pages of measurements. */
#ifndef MATRIX_PLOT_H
#define MATRIX_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#define PLOT_POINTS 512

struct plot_curve {
	const char *name, *color; /* of the legend */
	bool dashed, dots;	  /* DOTS: only the points, no line between them */
	unsigned n;
	double x[PLOT_POINTS], y[PLOT_POINTS];
};

struct plot {
	const char *title, *x_label, *y_label;
	double x_least, x_most, y_most; /* Y begins at 0 */
	bool diagonal;			/* a thin line where both are the same */
	const struct plot_curve *curves;
	unsigned ncurves;
};

/* More than PLOT_POINTS: false, and nothing is added. */
bool plot_add(struct plot_curve *c, double x, double y);
void plot_write(const struct plot *p, FILE *f);

#endif
