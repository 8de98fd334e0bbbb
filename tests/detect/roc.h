/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * roc: what each threshold of the tone detector is worth: it is varied, and misses in a hard condition are set
 * against false alarms in speech and music.
 */
#ifndef TESTS_DETECT_ROC_H
#define TESTS_DETECT_ROC_H

#include <stdbool.h>

#include "tests/detect/others.h"
#include "tests/detect/trials.h"

#define ROC_CURVES 13
#define ROC_POINTS 6

struct roc_point {
	bool chosen; /* it is what the program has */
	double missed_percent, alarms_per_hour;
};

struct roc_curve {
	const char *threshold;
	struct trials_subject subject;
	struct trials_condition condition; /* misses are counted in it */
	double values[ROC_POINTS];	   /* of the threshold */
	struct roc_point points[ROC_POINTS];
};

extern struct roc_curve roc_curves[ROC_CURVES];

int roc_run(unsigned runs, double hours); /* fills in the points. 0 or ENOMEM */

#endif
