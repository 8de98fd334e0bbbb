/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "t38/spandsp_version.h"

#include "tests/sim/line_damage.h"

#define RATE	   8000
#define BLOCK	   160
#define PEAK_DBM0  6.16f /* a square wave of full scale: 3.14 dBm0 for a sine (G.711), and 3.02 dB */
#define ECHO_MOST  RATE	 /* samples */
#define SLIP_ROOM  64
#define SLIP_LEAST 4
#define ROBBED_ONE 6   /* octets from one that is robbed to the next */
#define LOUD	   200 /* what is a sound: a peak of -38 dBm0 */

enum { TO_MACHINE, FROM_MACHINE, WAYS };

struct way {
	const struct line_damage *d;
	uint32_t random;
	float gain;
	struct line_filter filter;
	struct line_shift shift;
	uint64_t impulse_at, slip_at, cut_at; /* samples */
	bool waits;			      /* for the first sound; SLIP_AT and CUT_AT are from there on */
	unsigned impulse_left, cut_left;
	int16_t waiting[SLIP_ROOM]; /* samples under way: so that one may be left out */
	unsigned delay;
	uint64_t now, coded;
	float said[ECHO_MOST]; /* on this way; the other way hears it as its echo */
	uint64_t said_to;
};

struct damaged_line {
	struct line_damage d;
	struct way ways[WAYS];
};

bool line_damage_is_any(const struct line_damage *d)
{
	return d->gain_db != 0.0f || d->gain_from_db != 0.0f || d->noise_dbm0 < 0.0f || d->impulse_dbm0 < 0.0f ||
	       d->filter != LINE_FLAT || d->shift_hz != 0.0f || d->echo_db < 0.0f || d->own_echo_db < 0.0f ||
	       d->slip_s > 0.0f || d->cut_s > 0.0f || d->ulaw || d->robbed;
}

/* Marsaglia's xorshift. */
static uint32_t random_next(struct way *w)
{
	uint32_t r = w->random;

	r ^= r << 13;
	r ^= r >> 17;
	r ^= r << 5;
	return w->random = r;
}

static float random_unit(struct way *w)
{
	return (float)random_next(w) * (1.0f / 4294967296.0f);
}

/* Nearly Gaussian, of variance 1: the sum of twelve uniform values, less its mean. */
static float gaussian(struct way *w)
{
	float sum = -6.0f;

	for (int i = 0; i < 12; i++)
		sum += random_unit(w);
	return sum;
}

static float amplitude(float dbm0)
{
	return 32768.0f * powf(10.0f, (dbm0 - PEAK_DBM0) / 20.0f);
}

/* Seeds that differ in few bits, or by the same bits, give random numbers that have nothing in common: xorshift is
 * linear, and without this what befell one way told what befell the other. The end of MurmurHash3. */
static uint32_t mixed(uint32_t seed)
{
	seed = (seed ^ seed >> 16) * 0x85EBCA6Bu;
	seed = (seed ^ seed >> 13) * 0xC2B2AE35u;
	return seed ^ seed >> 16;
}

static void way_init(struct way *w, const struct line_damage *d, uint32_t seed, float gain_db)
{
	w->d = d;
	w->random = mixed(seed) | 1; /* the state must not be 0 */
	for (int i = 0; i < 8; i++)
		random_next(w);
	w->gain = powf(10.0f, gain_db / 20.0f);
	w->delay = d->slip_s > 0.0f ? SLIP_ROOM / 2 : 0;
	w->impulse_at = (uint64_t)(2.0f * d->impulse_s * random_unit(w) * RATE);
	w->slip_at = (uint64_t)(d->slip_s * random_unit(w) * RATE);
	w->cut_at = (uint64_t)(d->cut_s * random_unit(w) * RATE);
	w->waits = d->since != LINE_SINCE_BEGIN;
	line_filter_init(&w->filter, d->filter);
	line_shift_init(&w->shift, d->shift_hz);
}

int damaged_line_alloc(struct damaged_line **lp, const struct line_damage *d, uint32_t salt)
{
	const uint32_t seed = (uint32_t)d->seed * 2654435761u + salt * 40503u;
	struct damaged_line *l = calloc(1, sizeof(*l));

	if (!l)
		return ENOMEM;
	l->d = *d;
	way_init(&l->ways[TO_MACHINE], &l->d, seed ^ 0x9E3779B9u, d->gain_db);
	way_init(&l->ways[FROM_MACHINE], &l->d, seed ^ 0x7F4A7C15u, d->gain_db + d->gain_from_db);
	*lp = l;
	return 0;
}

void damaged_line_free(struct damaged_line *l)
{
	free(l);
}

static int16_t slip(struct way *w, int16_t sample)
{
	w->waiting[w->now % SLIP_ROOM] = sample;
	if (w->d->slip_s > 0.0f && !w->waits && w->now >= w->slip_at) {
		bool lost = random_next(w) & 0x10000;

		if (w->delay <= SLIP_LEAST || w->delay >= SLIP_ROOM - SLIP_LEAST)
			lost = w->delay > SLIP_LEAST;
		w->delay += lost ? -1 : 1;
		w->slip_at += (uint64_t)(w->d->slip_s * RATE);
	}
	return w->waiting[(w->now - w->delay) % SLIP_ROOM];
}

static int16_t cut(struct way *w, int16_t sample)
{
	if (w->d->cut_s > 0.0f && !w->waits && w->now >= w->cut_at) {
		w->cut_left = w->d->cut_ms * (RATE / 1000);
		w->cut_at += (uint64_t)(w->d->cut_s * RATE);
	}
	if (!w->cut_left)
		return sample;
	w->cut_left--;
	return 0;
}

static int16_t code(struct way *w, int16_t sample)
{
	uint8_t octet;

	if (!w->d->ulaw && !w->d->robbed)
		return sample;
	octet = linear_to_ulaw(sample);
	if (w->d->robbed && w->coded++ % ROBBED_ONE == 0)
		octet = (uint8_t)((octet & ~1) | (random_next(w) >> 16 & 1));
	return ulaw_to_linear(octet);
}

static float impulse(struct way *w)
{
	if (w->d->impulse_dbm0 < 0.0f && w->now >= w->impulse_at) {
		w->impulse_left = (unsigned)(RATE * (0.0005f + 0.0025f * random_unit(w)));
		w->impulse_at += (uint64_t)(2.0f * w->d->impulse_s * random_unit(w) * RATE) + 1;
	}
	if (!w->impulse_left)
		return 0.0f;
	w->impulse_left--;
	return amplitude(w->d->impulse_dbm0) * gaussian(w);
}

static void say(struct way *w, const int16_t *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		w->said[w->said_to++ % ECHO_MOST] = (float)samples[i];
}

/* What was said on way O is heard on W so much fainter and later. If O's share of the N samples is still to come, a
 * block later yet. */
static void add_echo(const struct way *w, const struct way *o, float db, float ms, float *samples, size_t n)
{
	uint64_t ago = (uint64_t)(ms * (RATE / 1000.0f)) + (o->said_to < w->now + n ? n : 0);
	float gain = powf(10.0f, db / 20.0f);

	for (size_t i = 0; db < 0.0f && i < n; i++) {
		uint64_t at = w->now + i;

		if (at >= ago && at - ago < o->said_to && o->said_to - (at - ago) <= ECHO_MOST)
			samples[i] += gain * o->said[(at - ago) % ECHO_MOST];
	}
}

static float analogue(struct way *w, int16_t sample)
{
	float s = line_filter_next(&w->filter, (float)sample);

	s = line_shift_next(&w->shift, s) * w->gain + impulse(w);
	if (w->d->noise_dbm0 < 0.0f)
		s += amplitude(w->d->noise_dbm0) * gaussian(w);
	return s;
}

/* N samples of who was to speak first. */
static void await_sound(struct damaged_line *l, const int16_t *samples, size_t n)
{
	size_t i = 0;

	if (!l->ways[TO_MACHINE].waits)
		return;
	while (i < n && abs(samples[i]) < LOUD)
		i++;
	for (unsigned k = 0; k < WAYS && i < n; k++) {
		struct way *w = &l->ways[k];

		w->waits = false;
		w->slip_at += w->now + i;
		w->cut_at += w->now + i;
	}
}

static void to_machine(struct damaged_line *l, int16_t *samples, size_t n)
{
	struct way *w = &l->ways[TO_MACHINE];
	float heard[BLOCK] = {0};

	if (l->d.since == LINE_SINCE_E1_SPEAKS)
		await_sound(l, samples, n);
	say(w, samples, n);
	add_echo(w, &l->ways[FROM_MACHINE], l->d.own_echo_db, l->d.own_echo_ms, heard, n);
	for (size_t i = 0; i < n; i++, w->now++) {
		heard[i] += analogue(w, cut(w, slip(w, code(w, samples[i]))));
		samples[i] = saturate((int)lrintf(heard[i]));
	}
}

static void from_machine(struct damaged_line *l, int16_t *samples, size_t n)
{
	struct way *w = &l->ways[FROM_MACHINE];
	float heard[BLOCK] = {0};

	if (l->d.since == LINE_SINCE_MACHINE_SPEAKS)
		await_sound(l, samples, n);
	say(w, samples, n);
	add_echo(w, &l->ways[TO_MACHINE], l->d.echo_db, l->d.echo_ms, heard, n);
	for (size_t i = 0; i < n; i++, w->now++) {
		heard[i] += analogue(w, samples[i]);
		samples[i] = cut(w, slip(w, code(w, saturate((int)lrintf(heard[i])))));
	}
}

static void in_blocks(struct damaged_line *l, int16_t *samples, size_t n,
		      void (*pass)(struct damaged_line *l, int16_t *samples, size_t n))
{
	for (size_t k; n > 0; samples += k, n -= k) {
		k = n < BLOCK ? n : BLOCK;
		pass(l, samples, k);
	}
}

void damaged_line_to_machine(struct damaged_line *l, int16_t *samples, size_t n)
{
	in_blocks(l, samples, n, to_machine);
}

void damaged_line_from_machine(struct damaged_line *l, int16_t *samples, size_t n)
{
	in_blocks(l, samples, n, from_machine);
}
