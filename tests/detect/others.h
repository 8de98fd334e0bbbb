/* SPDX-License-Identifier: GPL-2.0-only */
/* others: calls that are no faxes, hour upon hour: what the gateway hears in them, and how often it takes them for
 * a fax. */
#ifndef TESTS_DETECT_OTHERS_H
#define TESTS_DETECT_OTHERS_H

#include "tests/detect/ears.h"
#include "tests/detect/sound.h"

struct others_source {
	const char *name;
	/* Fills both directions. 0 or an errno: ENOENT: the program that makes it is not there. */
	int (*make)(struct sound *line, struct sound *peer, struct dice *d);
	unsigned sent; /* bits by enum tone: these it does send: no false alarms */
};

extern const struct others_source others_sources[];
extern const size_t others_nsources;

struct others_result {
	double hours; /* listened to, both directions added up */
	unsigned calls;
	unsigned heard[TONE_COUNT];
	unsigned fax[EARS_POLICIES]; /* calls */
	uint64_t first_seed; /* of the first call taken for a fax by the tones of a fax (not by answer tones alone) */
};

/* Calls of SOURCE until HOURS have been listened to. 0, ENOMEM or what its make says. */
int others_run(const struct others_source *source, double hours, uint64_t seed, const struct tone_limits *const *limits,
	       size_t nlimits, struct others_result *results);

#endif
