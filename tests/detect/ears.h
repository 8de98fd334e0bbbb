/* SPDX-License-Identifier: GPL-2.0-only */
/* ears: a call's two detectors, and the gateway's decision of what has been heard, put together as
 * gateway/bearer/bearer.c does. */
#ifndef TESTS_DETECT_EARS_H
#define TESTS_DETECT_EARS_H

#include "gateway/bearer/t38_start.h"
#include "t38/tone/tone.h"
#include "t38/tone/v8_listen.h"

#define EARS_POLICIES 4 /* answering-side, on-cng, on-ced, on-preamble: those that go by what is heard */

struct ears_heard {
	unsigned count;
	double first_s;
};

struct ears {
	struct tone_rx *tones[2];
	struct v8_listen *v8[2];
	struct heard heard;
	double now_s;
	struct ears_heard of[2][TONE_COUNT];
	bool fax[EARS_POLICIES]; /* by enum t38_start: T.38 would have been asked for */
};

int ears_alloc(struct ears **ep, const struct tone_limits *limits); /* 0 or ENOMEM. The call is answered */
void ears_free(struct ears *e);
/* N samples of both directions. */
void ears_hear(struct ears *e, const int16_t *line, const int16_t *peer, size_t n);

#endif
