/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tones are measured in blocks of 10 ms: 80 samples hold 11 whole cycles of 1100 Hz and 21 of 2100 Hz, so a
 * block's correlation with either is a short sum over a fixed table, its phase runs on from block to block, and the
 * turn from one to the next is the frequency's error (unambiguous within 50 Hz). That is cheaper than spandsp's
 * modem_connect_tones (which keeps one receiver for each kind of tone, each filtering every sample) and measures what
 * T.30 puts limits on: frequency, purity and duration. V.21's bits come from v21_rx; only the flags
 * are counted here.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tone.h"
#include "tone_ans.h"
#include "tone_before.h"
#include "tone_cng.h"
#include "v21_rx.h"

#define V21_GAP_BITS  48 /* 160 ms: as many packets of RTP in a row as may be lost */
#define V21_GONE_BITS 30 /* 100 ms */

const struct tone_limits tone_limits = {
	.floor_dbm0 = -46,
	.cng_part = 0.35f,
	.cng_pure = 0.7f,
	.cng_again_pure = 0.4f,
	.cng_beside = 0.25f,
	.cng_steady = 0.5f,
	.ced_steady = 0.5f,
	.ans_before = 0.15f,
	.ans_part = 0.5f,
	.ans_pure = 0.7f,
	.ced_blocks = 100,
	.ced_late_blocks = 248, /* 2.6 s are sent at least (T.30 4.3.2) */
	.turns = 1,
	.turns_late = 2,
	.modulation_depth = 0.12f,
	.v21_pure = 0.4f,
	.v21_flags = 6, /* 160 ms */
};

struct tone_rx {
	const struct tone_limits *limits;
	tone_h *handler;
	void *arg;
	float floor; /* energy of a block */
	int16_t block[TONE_BLOCK_SAMPLES];
	size_t fill;
	struct tone_before before;
	struct tone_cng cng;
	struct tone_ans ans;
	struct v21_rx v21;
	struct flags {
		uint8_t bits;
		unsigned since; /* bits since the last flag */
		uint32_t slots; /* where flags should have been, the last one lowest: 1 if it was there */
		unsigned impure;
		bool heard;
	} flags;
};

const char *tone_name(enum tone t)
{
	static const char *const names[TONE_COUNT] = {
		[TONE_NONE] = "none",		[TONE_CNG] = "CNG",	      [TONE_CED] = "CED",
		[TONE_ANS_PR] = "CED/PR",	[TONE_ANSAM] = "ANSam",	      [TONE_CM] = "CM of a fax",
		[TONE_CM_DATA] = "CM for data", [TONE_V21] = "V.21 preamble",
	};

	return (unsigned)t < TONE_COUNT ? names[t] : "unknown";
}

static void hear_block(struct tone_rx *t)
{
	float energy = 0;
	enum tone heard;
	bool audible;
	unsigned i;

	for (i = 0; i < TONE_BLOCK_SAMPLES; i++)
		energy += (float)t->block[i] * t->block[i];
	audible = energy > t->floor;
	if (tone_cng_block(&t->cng, t->limits, &t->before, audible ? tone_correlate(t->block, 11) : (struct phasor){0},
			   energy, t->floor))
		t->handler(TONE_CNG, t->arg);
	heard = tone_ans_block(&t->ans, t->limits, &t->before,
			       audible ? tone_correlate(t->block, 21) : (struct phasor){0}, energy);
	tone_before_add(&t->before, energy);
	if (heard != TONE_NONE)
		t->handler(heard, t->arg);
}

/*
 * Flags back to back, each eight bits after the last one (T.30 5.3.1: 0111 1110, for one second). Of RTP some may
 * be lost: those that follow are still a multiple of eight bits away.
 */
static void on_v21_bit(unsigned bit, float purity, void *arg)
{
	struct tone_rx *t = arg;
	struct flags *f = &t->flags;
	bool pure = purity > t->limits->v21_pure;
	uint32_t lately;

	f->bits = (uint8_t)(f->bits << 1 | bit);
	f->since++;
	f->impure = pure ? 0 : f->impure + 1;
	if (f->impure > V21_GONE_BITS)
		f->heard = false;
	if (f->bits != 0x7e || !pure)
		return;
	f->slots = f->since % 8 || f->since > V21_GAP_BITS ? 1 : f->slots << f->since / 8 | 1;
	f->since = 0;
	/* two of three */
	lately = f->slots & ((1u << t->limits->v21_flags * 3 / 2) - 1);
	if ((unsigned)__builtin_popcount(lately) < t->limits->v21_flags || f->heard)
		return;
	f->heard = true;
	t->handler(TONE_V21, t->arg);
}

static void begin(struct tone_rx *t, const struct tone_limits *limits, tone_h *handler, void *arg)
{
	float peak = 32767 * powf(10, (limits->floor_dbm0 - 3.14f) / 20);

	t->limits = limits;
	t->floor = TONE_BLOCK_SAMPLES * peak * peak / 2;
	t->handler = handler;
	t->arg = arg;
	v21_rx_init(&t->v21, V21_HIGH, limits->floor_dbm0, on_v21_bit, t);
}

int tone_rx_alloc(struct tone_rx **tp, tone_h *handler, void *arg)
{
	return tone_rx_alloc_with(tp, &tone_limits, handler, arg);
}

int tone_rx_alloc_with(struct tone_rx **tp, const struct tone_limits *limits, tone_h *handler, void *arg)
{
	struct tone_rx *t = calloc(1, sizeof(*t));

	if (!t)
		return ENOMEM;
	begin(t, limits, handler, arg);
	*tp = t;
	return 0;
}

void tone_rx_reset(struct tone_rx *t)
{
	const struct tone_limits *limits = t->limits;
	tone_h *handler = t->handler;
	void *arg = t->arg;

	*t = (struct tone_rx){0};
	begin(t, limits, handler, arg);
}

void tone_rx_free(struct tone_rx *t)
{
	free(t);
}

void tone_rx_samples(struct tone_rx *t, const int16_t *samples, size_t n)
{
	size_t i;

	v21_rx_samples(&t->v21, samples, n);
	for (i = 0; i < n; i++) {
		t->block[t->fill++] = samples[i];
		if (t->fill < TONE_BLOCK_SAMPLES)
			continue;
		t->fill = 0;
		hear_block(t);
	}
}
