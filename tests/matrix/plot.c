/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/matrix/plot.h"

#define WIDTH  520
#define HEIGHT 300
#define LEFT   60
#define TOP    20
#define BOTTOM 50
#define LEGEND 260
#define TICKS  5

bool plot_add(struct plot_curve *c, double x, double y)
{
	if (c->n == PLOT_POINTS)
		return false;
	c->x[c->n] = x;
	c->y[c->n++] = y;
	return true;
}

static double at_x(const struct plot *p, double x)
{
	return LEFT + (p->x_most > p->x_least ? (x - p->x_least) / (p->x_most - p->x_least) : 0) * WIDTH;
}

static double at_y(const struct plot *p, double y)
{
	return TOP + HEIGHT - (p->y_most > 0 ? y / p->y_most : 0) * HEIGHT;
}

static void write_axes(const struct plot *p, FILE *f)
{
	fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#888\"/>\n", LEFT, TOP,
		WIDTH, HEIGHT);
	for (unsigned i = 0; i <= TICKS; i++) {
		double x = p->x_least + (p->x_most - p->x_least) * i / TICKS, y = p->y_most * i / TICKS;

		fprintf(f, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>\n", at_x(p, x),
			TOP + HEIGHT + 16, x);
		fprintf(f, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n", LEFT - 6, at_y(p, y) + 4, y);
		fprintf(f, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#eee\"/>\n", LEFT, LEFT + WIDTH,
			at_y(p, y), at_y(p, y));
	}
	if (p->diagonal)
		fprintf(f, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#aaa\"/>\n",
			at_x(p, p->x_least), at_y(p, p->x_least), at_x(p, p->x_most), at_y(p, p->y_most));
	fprintf(f, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", LEFT + WIDTH / 2, TOP + HEIGHT + 38,
		p->x_label);
	fprintf(f, "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
		TOP + HEIGHT / 2, p->y_label);
}

static void write_curve(const struct plot *p, const struct plot_curve *c, unsigned row, FILE *f)
{
	const char *dash = c->dashed ? " stroke-dasharray=\"6 4\"" : "";
	int x = LEFT + WIDTH + 20, y = TOP + 14 + (int)row * 20;

	if (!c->dots) {
		fprintf(f, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s points=\"", c->color, dash);
		for (unsigned i = 0; i < c->n; i++)
			fprintf(f, "%.1f,%.1f ", at_x(p, c->x[i]), at_y(p, c->y[i]));
		fprintf(f, "\"/>\n<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"%s/>\n",
			x, x + 30, y - 4, y - 4, c->color, dash);
	}
	for (unsigned i = 0; i < c->n; i++)
		fprintf(f, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", at_x(p, c->x[i]),
			at_y(p, c->y[i]), c->color);
	if (c->dots)
		fprintf(f, "<circle cx=\"%d\" cy=\"%d\" r=\"3\" fill=\"%s\"/>\n", x + 15, y - 4, c->color);
	fprintf(f, "<text x=\"%d\" y=\"%d\">%s</text>\n", x + 38, y, c->name);
}

void plot_write(const struct plot *p, FILE *f)
{
	unsigned row = 0;

	fprintf(f, "<h2>%s</h2>\n<svg width=\"%d\" height=\"%d\">\n", p->title, LEFT + WIDTH + LEGEND,
		TOP + HEIGHT + BOTTOM);
	write_axes(p, f);
	for (unsigned i = 0; i < p->ncurves; i++)
		if (p->curves[i].n)
			write_curve(p, &p->curves[i], row++, f);
	fprintf(f, "</svg>\n");
}
