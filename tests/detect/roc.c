/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/roc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SETS (ROC_CURVES * ROC_POINTS)

#define SPEECH_ECHO                                                                                                    \
	{                                                                                                              \
		{.name = "speech the other way, echo -12 dB", .codec = CODEC_PCMA, .echo_db = 12}, OTHER_SPEECH,       \
			FAXTONE_WITHIN                                                                                 \
	}
#define LOSS                                                                                                           \
	{                                                                                                              \
		{.name = "RTP, 10 % lost", .codec = CODEC_PCMA, .rtp = true, .loss = 0.1}, OTHER_SILENT,               \
			FAXTONE_WITHIN                                                                                 \
	}

#define MUSIC_ECHO                                                                                                     \
	{                                                                                                              \
		{.name = "music the other way, echo -12 dB", .codec = CODEC_PCMA, .echo_db = 12}, OTHER_MUSIC,         \
			FAXTONE_WITHIN                                                                                 \
	}

struct roc_curve roc_curves[ROC_CURVES] = {
	{"CNG: purity", {"CNG, one", TONE_CNG, 1}, SPEECH_ECHO, {0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, {{false, 0, 0}}},
	{"CNG: energy beside it",
	 {"CNG, one", TONE_CNG, 1},
	 SPEECH_ECHO,
	 {0.05, 0.1, 0.15, 0.25, 0.5, 1},
	 {{false, 0, 0}}},
	{"CNG: steadiness", {"CNG, one", TONE_CNG, 1}, MUSIC_ECHO, {0, 0.25, 0.5, 0.7, 0.8, 0.9}, {{false, 0, 0}}},
	{"CED: purity", {"CED", TONE_CED, 1}, SPEECH_ECHO, {0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, {{false, 0, 0}}},
	{"CED: blocks of 10 ms", {"CED", TONE_CED, 1}, SPEECH_ECHO, {54, 80, 100, 150, 200, 250}, {{false, 0, 0}}},
	{"CED: energy before it",
	 {"CED", TONE_CED, 1},
	 SPEECH_ECHO,
	 {0.02, 0.05, 0.1, 0.15, 0.5, 1e9},
	 {{false, 0, 0}}},
	{"CED: blocks after music", {"CED", TONE_CED, 1}, MUSIC_ECHO, {100, 150, 200, 225, 248, 260}, {{false, 0, 0}}},
	{"CED: steadiness", {"CED", TONE_CED, 1}, LOSS, {0, 0.25, 0.5, 0.7, 0.8, 0.9}, {{false, 0, 0}}},
	{"CED/PR: turns after music", {"CED/PR", TONE_ANS_PR, 1}, SPEECH_ECHO, {1, 2, 3, 4, 5, 6}, {{false, 0, 0}}},
	{"ANSam: depth", {"ANSam", TONE_ANSAM, 1}, LOSS, {0.04, 0.08, 0.12, 0.15, 0.18, 0.2}, {{false, 0, 0}}},
	{"ANSam: purity", {"ANSam", TONE_ANSAM, 1}, SPEECH_ECHO, {0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, {{false, 0, 0}}},
	{"V.21: flags", {"V.21 preamble", TONE_V21, 1}, LOSS, {2, 4, 6, 9, 12, 16}, {{false, 0, 0}}},
	{"V.21: purity", {"V.21 preamble", TONE_V21, 1}, SPEECH_ECHO, {0.1, 0.2, 0.4, 0.5, 0.6, 0.8}, {{false, 0, 0}}},
};

static float *threshold_of(struct tone_limits *l, unsigned curve)
{
	float *const of[ROC_CURVES] = {
		&l->cng_pure,	&l->cng_beside, &l->cng_steady,	      &l->ans_pure, NULL, &l->ans_before, NULL,
		&l->ced_steady, NULL,		&l->modulation_depth, &l->ans_pure, NULL, &l->v21_pure,
	};

	return of[curve];
}

static unsigned *count_of(struct tone_limits *l, unsigned curve)
{
	unsigned *const of[ROC_CURVES] = {
		[4] = &l->ced_blocks, [6] = &l->ced_late_blocks, [8] = &l->turns_late, [11] = &l->v21_flags};

	return of[curve];
}

/* The program's thresholds, but one. */
static struct tone_limits vary(unsigned curve, double value)
{
	struct tone_limits l = tone_limits;

	if (threshold_of(&l, curve))
		*threshold_of(&l, curve) = (float)value;
	else
		*count_of(&l, curve) = (unsigned)value;
	return l;
}

static int count_misses(struct tone_limits sets[SETS], unsigned runs)
{
	static struct trials_result r;
	int err = 0;

	for (unsigned i = 0; i < SETS && !err; i++) {
		struct roc_curve *c = &roc_curves[i / ROC_POINTS];
		struct roc_point *p = &c->points[i % ROC_POINTS];

		sets[i] = vary(i / ROC_POINTS, c->values[i % ROC_POINTS]);
		p->chosen = !memcmp(&sets[i], &tone_limits, sizeof(tone_limits));
		memset(&r, 0, sizeof(r));
		err = trials_run(&c->subject, TRIALS_PATH_DBM0, &c->condition, &sets[i], runs, 9000 + i / ROC_POINTS,
				 &r);
		p->missed_percent = trials_percent(&r);
	}
	return err;
}

/* All of them hear the same hours: speech by rule and music, half of each. */
static int count_alarms(const struct tone_limits sets[SETS], double hours)
{
	const struct tone_limits *limits[SETS];
	int err = 0;

	for (unsigned i = 0; i < SETS; i++)
		limits[i] = &sets[i];
	for (size_t s = 0; s < others_nsources && !err; s++) {
		struct others_result results[SETS] = {0};

		if (strcmp(others_sources[s].name, "music") != 0 &&
		    strcmp(others_sources[s].name, "speech by rule") != 0)
			continue;
		err = others_run(&others_sources[s], hours / 2, 77, limits, SETS, results);
		for (unsigned i = 0; i < SETS && !err; i++) {
			struct roc_curve *c = &roc_curves[i / ROC_POINTS];

			c->points[i % ROC_POINTS].alarms_per_hour += results[i].heard[c->subject.tone] / hours;
		}
	}
	return err;
}

int roc_run(unsigned runs, double hours)
{
	struct tone_limits sets[SETS];
	int err = count_misses(sets, runs);

	return err ? err : count_alarms(sets, hours);
}
