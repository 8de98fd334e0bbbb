/* SPDX-License-Identifier: GPL-2.0-only */
/* trials: the tones of a fax, sent again and again under one condition: how many are missed, and how long it takes. */
#ifndef TESTS_DETECT_TRIALS_H
#define TESTS_DETECT_TRIALS_H

#include "t38/tone/tone.h"
#include "tests/detect/faxtone.h"
#include "tests/detect/path.h"

#define TRIALS_MAX	4096
#define TRIALS_SUBJECTS 7
#define TRIALS_LEVELS	6
#define TRIALS_COLUMNS	4

enum trials_other { OTHER_SILENT, OTHER_SPEECH, OTHER_MUSIC }; /* what the other direction carries */

struct trials_condition {
	struct path path;
	enum trials_other other;
	enum faxtone_edge edge;
};

struct trials_result {
	unsigned trials, missed;
	unsigned mistaken;    /* another tone was heard, first or in its place */
	float ms[TRIALS_MAX]; /* from the tone's begin, of those heard; sorted */
};

/* What is sent. */
struct trials_subject {
	const char *name;
	enum tone tone;
	unsigned times;
};

extern const struct trials_subject trials_subjects[TRIALS_SUBJECTS];
extern const double trials_levels_dbm0[TRIALS_LEVELS];
extern const struct trials_condition trials_columns[TRIALS_COLUMNS]; /* of the table by level */
extern const char *const trials_column_names[TRIALS_COLUMNS];
extern const struct trials_condition trials_paths[]; /* of the table by path, at TRIALS_PATH_DBM0 */
extern const size_t trials_npaths;

#define TRIALS_PATH_DBM0 (-20)

/* RUNS (up to TRIALS_MAX) trials of SUBJECT, added to R. 0 or ENOMEM. */
int trials_run(const struct trials_subject *subject, double dbm0, const struct trials_condition *c,
	       const struct tone_limits *limits, unsigned runs, uint64_t seed, struct trials_result *r);
double trials_percent(const struct trials_result *r);	       /* missed */
double trials_ms(const struct trials_result *r, double share); /* 0.5: the median; 1: the longest */

#endif
