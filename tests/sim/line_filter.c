/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "tests/sim/line_filter.h"

#define RATE   8000.0
#define MIDDLE (LINE_FILTER_TAPS / 2)
#define BANDS  400 /* points at which the response is laid down */

struct point {
	float hz, loss_db;
};

/* An all-pass section delays most what is near HZ, the more the nearer RADIUS is to 1. */
struct delay {
	float hz, radius;
};

struct response {
	struct point points[14]; /* from 0 to 4000 Hz */
	struct delay delays[LINE_FILTER_SECTIONS];
};

static const struct response responses[LINE_FILTERS] = {
	[LINE_LOADED] = {{{0, 30},
			  {200, 6},
			  {300, 2.5f},
			  {500, 1},
			  {1000, 0},
			  {1500, 0},
			  {2000, 0.6f},
			  {2500, 1.3f},
			  {3000, 3},
			  {3200, 5},
			  {3400, 9},
			  {4000, 40}},
			 {{300, 0.6f}, {3400, 0.75f}}},
	[LINE_LONG] = {{{0, 20},
			{200, -2},
			{300, -2.5f},
			{500, -2},
			{1000, 0},
			{1500, 1.6f},
			{2000, 3},
			{2500, 4.4f},
			{3000, 5.8f},
			{3400, 7.5f},
			{4000, 40}},
		       {{0, 0}}},
	[LINE_BAD] = {{{0, 40},
		       {200, 14},
		       {300, 8},
		       {500, 3},
		       {1000, 0},
		       {1500, 1},
		       {2000, 3},
		       {2500, 5},
		       {2800, 8},
		       {3000, 12},
		       {3200, 17},
		       {3400, 24},
		       {4000, 40}},
		      {{350, 0.8f}, {3200, 0.85f}}},
};

static double loss_db(const struct point *p, double hz)
{
	while (p[1].hz < hz && p[1].hz < 4000)
		p++;
	return p[0].loss_db + (p[1].loss_db - p[0].loss_db) * (hz - p[0].hz) / (p[1].hz - p[0].hz);
}

static double hann(int n)
{
	return 0.5 + 0.5 * cos(M_PI * n / (MIDDLE + 1));
}

static float fir_next(const float *taps, float *past, unsigned *atp, float sample)
{
	float sum = 0;
	unsigned at = *atp;

	past[at] = sample;
	for (unsigned i = 0; i < LINE_FILTER_TAPS; i++) {
		sum += taps[i] * past[at];
		at = at ? at - 1 : LINE_FILTER_TAPS - 1;
	}
	*atp = (*atp + 1) % LINE_FILTER_TAPS;
	return sum;
}

void line_filter_init(struct line_filter *f, enum line_filter_kind kind)
{
	const struct response *r = &responses[kind];

	*f = (struct line_filter){.kind = kind};
	if (kind == LINE_FLAT)
		return;
	for (int n = -MIDDLE; n <= MIDDLE; n++) {
		double sum = 0;

		for (int k = 0; k < BANDS; k++) {
			double hz = (k + 0.5) * RATE / 2 / BANDS;

			sum += pow(10, -loss_db(r->points, hz) / 20) * cos(2 * M_PI * hz / RATE * n) / BANDS;
		}
		f->taps[n + MIDDLE] = (float)(sum * hann(n));
	}
	for (unsigned i = 0; i < LINE_FILTER_SECTIONS; i++) {
		const struct delay *d = &r->delays[i];

		f->sections[i].a1 = (float)(-2 * d->radius * cos(2 * M_PI * d->hz / RATE));
		f->sections[i].a2 = d->radius * d->radius;
	}
}

static float section_next(struct line_section *s, float x)
{
	float w = x - s->a1 * s->z1 - s->a2 * s->z2;
	float y = s->a2 * w + s->a1 * s->z1 + s->z2;

	s->z2 = s->z1;
	s->z1 = w;
	return y;
}

float line_filter_next(struct line_filter *f, float sample)
{
	if (f->kind == LINE_FLAT)
		return sample;
	sample = fir_next(f->taps, f->past, &f->at, sample);
	for (unsigned i = 0; i < LINE_FILTER_SECTIONS; i++)
		sample = section_next(&f->sections[i], sample);
	return sample;
}

/* A Hilbert transformer; what it goes with is the sample in its middle. */
void line_shift_init(struct line_shift *s, float hz)
{
	*s = (struct line_shift){.step = 2 * M_PI * (double)hz / RATE};
	for (int n = -MIDDLE; n <= MIDDLE; n++)
		s->taps[n + MIDDLE] = n % 2 ? (float)(2 / (M_PI * n) * hann(n)) : 0.0f;
}

float line_shift_next(struct line_shift *s, float sample)
{
	float quadrature, middle;

	if (s->step == 0.0)
		return sample;
	quadrature = fir_next(s->taps, s->past, &s->at, sample);
	middle = s->past[(s->at + LINE_FILTER_TAPS - 1 - MIDDLE) % LINE_FILTER_TAPS];
	s->phase = fmod(s->phase + s->step, 2 * M_PI);
	return middle * (float)cos(s->phase) - quadrature * (float)sin(s->phase);
}
