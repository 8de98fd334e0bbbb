/* SPDX-License-Identifier: GPL-2.0-only */
/* path: what lies between a machine and the gateway's ear: noise, an echo of the other side, G.711, and with RTP a
 * network. */
#ifndef TESTS_DETECT_PATH_H
#define TESTS_DETECT_PATH_H

#include "gateway/base/media.h"
#include "tests/detect/sound.h"

struct path {
	const char *name;
	enum media_codec codec;
	double noise_db;    /* under the tone; 0: none */
	double echo_db;	    /* of the other direction, in this one; 0: none */
	bool rtp;	    /* through packets of 20 ms and the gateway's jitter buffer */
	double loss;	    /* 0 to 1 */
	unsigned jitter_ms; /* each packet later by a draw of up to so much: they overtake each other */
};

#define PATH_ECHO_S 0.02

/*
 * IN, whose tone is of DBM0, over the path to OUT, as the gateway's tone detectors get it: from A-law. OTHER: what
 * the other direction carries, or NULL. Changes IN. Returns how many samples there are.
 */
size_t path_pass(const struct path *p, struct sound *in, double dbm0, const struct sound *other, struct dice *d,
		 int16_t *out);

#endif
