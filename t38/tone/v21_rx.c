/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The channel's middle is mixed down to 0 Hz in steps of half a millisecond. Over the last 3 ms the steps are
 * summed as a tone of -100 Hz and as one of 100 Hz would turn them: the larger one is the bit. spandsp's receiver
 * does nearly this for every sample, but moves its clock by half a percent of a bit with each change of bits: a
 * signal that begins in noise, its carrier being there already, is over before the clock is right. Here a change
 * moves it by a third of what it is off.
 */
#include "v21_rx.h"

#include <math.h>
#include <stdbool.h>

#define RATE	       8000
#define SCALE	       512 /* of the wave */
#define BIT_STEPS      (RATE / 300.0f / V21_RX_STEP)
#define WINDOW_SAMPLES (V21_RX_STEP * V21_RX_WINDOW)
#define PULL_FIRST     0.8f /* after a long time without a change */
#define LONG_STEPS     (8 * (unsigned)BIT_STEPS)
#define PULL	       0.3f
#define SMOOTH	       (1 / 64.0f) /* 32 ms */

/* One cycle of a 128th. */
static const int16_t wave[128] = {
	512,  511,  510,  506,	502,  497,  490,  482,	473,  463,  452,  439,	426,  411,  396,  379,
	362,  344,  325,  305,	284,  263,  241,  219,	196,  172,  149,  124,	100,  75,   50,	  25,
	0,    -25,  -50,  -75,	-100, -124, -149, -172, -196, -219, -241, -263, -284, -305, -325, -344,
	-362, -379, -396, -411, -426, -439, -452, -463, -473, -482, -490, -497, -502, -506, -510, -511,
	-512, -511, -510, -506, -502, -497, -490, -482, -473, -463, -452, -439, -426, -411, -396, -379,
	-362, -344, -325, -305, -284, -263, -241, -219, -196, -172, -149, -124, -100, -75,  -50,  -25,
	0,    25,   50,	  75,	100,  124,  149,  172,	196,  219,  241,  263,	284,  305,  325,  344,
	362,  379,  396,  411,	426,  439,  452,  463,	473,  482,  490,  497,	502,  506,  510,  511,
};

/* 100 Hz for 0 to 5 steps: 18 degrees each. */
static const float turn_re[V21_RX_WINDOW] = {1, 0.951057f, 0.809017f, 0.587785f, 0.309017f, 0};
static const float turn_im[V21_RX_WINDOW] = {0, 0.309017f, 0.587785f, 0.809017f, 0.951057f, 1};

void v21_rx_init(struct v21_rx *v, enum v21_channel c, float floor_dbm0, v21_rx_h *handler, void *arg)
{
	float peak = 32767 * powf(10, (floor_dbm0 - 3.14f) / 20);

	*v = (struct v21_rx){.handler = handler, .arg = arg};
	v->turn = (uint32_t)((double)c / RATE * 4294967296.0);
	v->floor = WINDOW_SAMPLES * peak * peak / 2;
}

/* The energies of both tones in the window that ends with the present step. */
static void correlate(const struct v21_rx *v, float *onep, float *zerop)
{
	float one_re = 0, one_im = 0, zero_re = 0, zero_im = 0;
	unsigned k = v->at;

	for (unsigned j = 0; j < V21_RX_WINDOW; j++) {
		float a = v->res[k] * turn_re[j], b = v->ims[k] * turn_im[j];
		float c = v->ims[k] * turn_re[j], d = v->res[k] * turn_im[j];

		/* j steps ago a tone of -100 Hz was j turns ahead of where it is now */
		one_re += a + b;
		one_im += c - d;
		zero_re += a - b;
		zero_im += c + d;
		k = k ? k - 1 : V21_RX_WINDOW - 1;
	}
	*onep = (one_re * one_re + one_im * one_im) * 2 / WINDOW_SAMPLES;
	*zerop = (zero_re * zero_re + zero_im * zero_im) * 2 / WINDOW_SAMPLES;
}

/* Moves the clock on by a step, and towards where bits change. True: this is the middle of a bit. */
static bool tick(struct v21_rx *v, float soft)
{
	float before = v->clock, off;

	v->clock += 1 / BIT_STEPS;
	if ((soft > 0) != (v->soft > 0)) {
		off = v->clock - soft / (soft - v->soft) / BIT_STEPS;
		off -= roundf(off);
		v->clock -= (v->unchanged > LONG_STEPS ? PULL_FIRST : PULL) * off;
		v->unchanged = 0;
	}
	v->unchanged++;
	if (v->clock < 1)
		return before < 0.5f && v->clock >= 0.5f;
	v->clock -= 1;
	return false;
}

static void step(struct v21_rx *v)
{
	float one, zero, soft, energy = 0, purity;
	bool middle;

	v->at = v->at + 1 < V21_RX_WINDOW ? v->at + 1 : 0;
	v->res[v->at] = (float)v->re / SCALE;
	v->ims[v->at] = (float)v->im / SCALE;
	v->energies[v->at] = v->energy;
	for (unsigned j = 0; j < V21_RX_WINDOW; j++)
		energy += v->energies[j];
	correlate(v, &one, &zero);
	soft = energy > v->floor ? (one - zero) / (one + zero) : 0;
	v->all += (energy - v->all) * SMOOTH;
	v->signal += ((one > zero ? one : zero) - v->signal) * SMOOTH;
	middle = tick(v, soft);
	v->soft = soft;
	if (!middle)
		return;
	purity = v->all > v->floor ? v->signal / v->all : 0;
	v->handler(purity > 0 && soft > 0, purity, v->arg);
}

void v21_rx_samples(struct v21_rx *v, const int16_t *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		v->re += samples[i] * wave[v->phase >> 25];
		v->im -= samples[i] * wave[((v->phase >> 25) + 96) & 127];
		v->energy += (float)samples[i] * samples[i];
		v->phase += v->turn;
		if (++v->fill < V21_RX_STEP)
			continue;
		step(v);
		v->fill = 0;
		v->re = v->im = 0;
		v->energy = 0;
	}
}
