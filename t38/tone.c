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
#include "v21_rx.h"

#define BLOCK_SAMPLES	    80
#define BLOCK_MS	    10
#define TABLE_SCALE	    512 /* 80 * 32767 * 512 stays within 31 bits */
#define V21_GAP_BITS	    48	/* 160 ms: as many packets of RTP in a row as may be lost */
#define V21_GONE_BITS	    30	/* 100 ms */
#define LOST_BLOCKS	    4	/* a phase reversal spoils one or two */
#define CNG_MIN_BLOCKS	    40	/* 0.5 s, 15 % either way (T.30 4.3.3), and a block or two for the edges */
#define CNG_MAX_BLOCKS	    61
#define CNG_SILENCE_BLOCKS  5
#define CNG_TOLERANCE_HZ    44.0f /* 38, and some for measuring */
#define ANS_TOLERANCE_HZ    22.0f /* 15, likewise */
#define ANS_DECIDE_BLOCKS   54	  /* the first reversal comes within 475 ms */
#define REVERSAL_MIN_BLOCKS 41	  /* 450 ms, 25 either way (V.8 6.2), likewise */
#define REVERSAL_MAX_BLOCKS 49
#define MODULATION_BLOCKS   20 /* three cycles of 15 Hz */

const struct tone_limits tone_limits = {
	.floor_dbm0 = -46,
	.cng_part = 0.45f,
	.cng_pure = 0.7f,
	.ans_part = 0.5f,
	.ans_pure = 0.7f,
	.modulation_depth = 0.12f,
	.v21_pure = 0.4f,
	.v21_flags = 6, /* 160 ms */
};

struct phasor {
	float re, im;
};

/* What a tone of one frequency has been up to now. */
struct track {
	unsigned on;		  /* blocks since it began; 0: it is not there */
	unsigned bad;		  /* blocks just now in which it was not recognised */
	unsigned good;		  /* blocks in which it was */
	float energy, tone;	  /* of those blocks: all of it, and the tone's part */
	struct phasor last, turn; /* turn: sum of the turns from block to block */
};

struct tone_rx {
	const struct tone_limits *limits;
	tone_h *handler;
	void *arg;
	float floor; /* energy of a block */
	int16_t block[BLOCK_SAMPLES];
	size_t fill;
	struct track cng, ans;
	unsigned cng_silence; /* blocks of silence after what may have been CNG; 0: nothing to decide */
	float cng_level;      /* energy of its blocks */
	bool cng_pending;
	float depth[MODULATION_BLOCKS]; /* the amplitude of the last blocks of 2100 Hz */
	unsigned modulated;		/* windows in which 15 Hz was found */
	struct phasor past[2];		/* the block before, and the one before that */
	bool past_good[2];
	unsigned last_reversal; /* ans.on at that time; 0: none yet */
	unsigned reversals;	/* at the right distance */
	unsigned heard;		/* of the answer tones: bits by enum tone */
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

static struct phasor times_conj(struct phasor a, struct phasor b)
{
	return (struct phasor){a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im};
}

static float square(struct phasor a)
{
	return a.re * a.re + a.im * a.im;
}

/* One cycle of an 80th: cos(2 pi k / 80), scaled; sin is 20 further back. */
static const int16_t wave[BLOCK_SAMPLES] = {
	512,  510,  506,  498,	487,  473,  456,  437,	414,  389,  362,  333,	301,  268,  232,  196,
	158,  120,  80,	  40,	0,    -40,  -80,  -120, -158, -196, -232, -268, -301, -333, -362, -389,
	-414, -437, -456, -473, -487, -498, -506, -510, -512, -510, -506, -498, -487, -473, -456, -437,
	-414, -389, -362, -333, -301, -268, -232, -196, -158, -120, -80,  -40,	0,    40,   80,	  120,
	158,  196,  232,  268,	301,  333,  362,  389,	414,  437,  456,  473,	487,  498,  506,  510,
};

/* The correlation of a block with CYCLES whole cycles. */
static struct phasor correlate(const int16_t *x, unsigned cycles)
{
	int32_t re = 0, im = 0;
	unsigned i, k = 0;

	for (i = 0; i < BLOCK_SAMPLES; i++) {
		re += x[i] * wave[k];
		im -= x[i] * wave[k < 20 ? k + 60 : k - 20];
		k += cycles;
		if (k >= BLOCK_SAMPLES)
			k -= BLOCK_SAMPLES;
	}
	return (struct phasor){(float)re / TABLE_SCALE, (float)im / TABLE_SCALE};
}

/* The part of a block's energy that falls within a track's band: near 1 for a pure tone in its middle. */
static bool in_band(struct phasor c, float energy, float part)
{
	return 2 * square(c) / BLOCK_SAMPLES > part * energy;
}

/* Takes the next block into a track; C is 0 when it is silence. Returns true while the tone is there. */
static bool track_block(struct track *t, struct phasor c, float energy, float part)
{
	struct phasor turn;

	if (!in_band(c, energy, part)) {
		if (t->on > 0 && ++t->bad >= LOST_BLOCKS)
			t->on = 0;
		t->on += t->on > 0;
		return t->on > 0;
	}
	if (t->on == 0)
		*t = (struct track){0};
	if (t->on > 0 && t->bad == 0) {
		turn = times_conj(c, t->last);
		t->turn.re += turn.re;
		t->turn.im += turn.im;
	}
	t->on++;
	t->good++;
	t->bad = 0;
	t->energy += energy;
	t->tone += 2 * square(c) / BLOCK_SAMPLES;
	t->last = c;
	return true;
}

/* How far the tone is from the middle of its band. */
static float track_offset_hz(const struct track *t)
{
	return atan2f(t->turn.im, t->turn.re) / (2 * (float)M_PI) * (1000.0f / BLOCK_MS);
}

/* Is it one tone within TOLERANCE of its place, and little else? Off its place it loses by the block's bandwidth. */
static bool track_pure(const struct track *t, float tolerance_hz, float pure)
{
	float hz = track_offset_hz(t), x = (float)M_PI * hz * BLOCK_MS / 1000.0f, loss;

	if (fabsf(hz) > tolerance_hz)
		return false;
	loss = fabsf(x) < 0.01f ? 1 : sinf(x) / x;
	return t->tone > pure * loss * loss * t->energy;
}

/* CNG is known by its end: half a second, then silence. A note of music or a vowel goes on, or something else does. */
static void hear_cng(struct tone_rx *t, struct phasor c, float energy)
{
	unsigned was_on = t->cng.on - t->cng.bad;

	if (t->cng_pending) {
		if (energy > t->cng_level / 4 && energy > t->floor) {
			t->cng_pending = false;
		} else if (++t->cng_silence >= CNG_SILENCE_BLOCKS) {
			t->cng_pending = false;
			t->handler(TONE_CNG, t->arg);
		}
	}
	if (t->cng.on == 0) {
		track_block(&t->cng, c, energy, t->limits->cng_part);
		return;
	}
	if (track_block(&t->cng, c, energy, t->limits->cng_part))
		return;
	if (was_on < CNG_MIN_BLOCKS || was_on > CNG_MAX_BLOCKS ||
	    !track_pure(&t->cng, CNG_TOLERANCE_HZ, t->limits->cng_pure))
		return;
	if (energy > t->floor && energy > t->cng.energy / (float)t->cng.good / 4)
		return;
	t->cng_pending = true;
	t->cng_silence = LOST_BLOCKS - 1;
	t->cng_level = t->cng.energy / (float)t->cng.good;
}

/* The depth of a modulation by 15 Hz over the window that ends with the present block. */
static float modulation(const struct tone_rx *t)
{
	float re = 0, im = 0, mean = 0, w;
	unsigned i;

	for (i = 0; i < MODULATION_BLOCKS; i++) {
		w = 2 * (float)M_PI * 15 * BLOCK_MS / 1000.0f * (float)i;
		re += t->depth[i] * cosf(w);
		im += t->depth[i] * sinf(w);
		mean += t->depth[i];
	}
	return mean > 0 ? 2 * sqrtf(re * re + im * im) / mean : 0;
}

/* V.8 6.2 and V.25 turn the phase every 450 ms. Compared over two blocks, for the one with the turn in it has no
 * phase of its own. */
static bool reversal(const struct tone_rx *t, struct phasor c)
{
	struct phasor d = times_conj(c, t->past[1]);
	float due = 2 * 2 * (float)M_PI * track_offset_hz(&t->ans) * BLOCK_MS / 1000.0f;

	return t->past_good[1] && fabsf(remainderf(atan2f(d.im, d.re) - due, 2 * (float)M_PI)) > 2.0f;
}

static void hear_reversal(struct tone_rx *t, struct phasor c)
{
	unsigned apart = t->ans.on - t->last_reversal;
	bool good = t->ans.bad == 0;

	if (good && t->ans.on > 5 && reversal(t, c) &&
	    !(t->last_reversal && apart <= 3)) { /* else seen from both sides */
		if (t->last_reversal && apart >= REVERSAL_MIN_BLOCKS && apart <= REVERSAL_MAX_BLOCKS)
			t->reversals++;
		t->last_reversal = t->ans.on;
	}
	t->past[1] = t->past[0];
	t->past_good[1] = t->past_good[0];
	t->past[0] = c;
	t->past_good[0] = good;
}

static void hear_answer(struct tone_rx *t, enum tone tone)
{
	if (t->heard & 1u << tone)
		return;
	t->heard |= 1u << tone;
	t->handler(tone, t->arg);
}

static void decide_answer(struct tone_rx *t)
{
	bool waiting = t->last_reversal && t->ans.on - t->last_reversal < REVERSAL_MAX_BLOCKS;

	if (!track_pure(&t->ans, ANS_TOLERANCE_HZ, t->limits->ans_pure))
		return;
	if (t->modulated >= 2)
		hear_answer(t, TONE_ANSAM);
	else if (t->reversals > 0)
		hear_answer(t, TONE_ANS_PR);
	else if (t->ans.on >= ANS_DECIDE_BLOCKS && !waiting && t->modulated == 0 && !t->heard)
		hear_answer(t, TONE_CED);
}

static void hear_ans(struct tone_rx *t, struct phasor c, float energy)
{
	bool was_on = t->ans.on > 0;

	if (!track_block(&t->ans, c, energy, t->limits->ans_part)) {
		t->heard = 0;
		return;
	}
	if (!was_on) {
		t->modulated = t->reversals = t->last_reversal = 0;
		t->past_good[0] = t->past_good[1] = false;
	}
	memmove(t->depth, t->depth + 1, sizeof(t->depth) - sizeof(t->depth[0]));
	t->depth[MODULATION_BLOCKS - 1] = sqrtf(square(t->ans.bad ? t->ans.last : c));
	hear_reversal(t, c);
	/* Not the first block, which the tone may have begun in the middle of. */
	if (t->ans.on > MODULATION_BLOCKS && (t->ans.on - 1) % (MODULATION_BLOCKS / 2) == 0)
		t->modulated = modulation(t) > t->limits->modulation_depth ? t->modulated + 1 : 0;
	decide_answer(t);
}

static void hear_block(struct tone_rx *t)
{
	float energy = 0;
	bool audible;
	unsigned i;

	for (i = 0; i < BLOCK_SAMPLES; i++)
		energy += (float)t->block[i] * t->block[i];
	audible = energy > t->floor;
	hear_cng(t, audible ? correlate(t->block, 11) : (struct phasor){0}, energy);
	hear_ans(t, audible ? correlate(t->block, 21) : (struct phasor){0}, energy);
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
	t->floor = BLOCK_SAMPLES * peak * peak / 2;
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
		if (t->fill < BLOCK_SAMPLES)
			continue;
		t->fill = 0;
		hear_block(t);
	}
}
