/* SPDX-License-Identifier: GPL-2.0-only */
/* talk: what people say and what they listen to: speech by rule, speech of espeak-ng, music. */
#ifndef TESTS_DETECT_TALK_H
#define TESTS_DETECT_TALK_H

#include <stdbool.h>

#include "tests/detect/sound.h"

/* One person for SECONDS, with pauses: pulses of a drawn pitch and noise through four wandering resonances. */
void voice_make(struct sound *s, double seconds, struct dice *d);

/* A piece of music for SECONDS: drawn scale, tempo and instruments; some are one voice of pure tones. */
void music_make(struct sound *s, double seconds, struct dice *d);

bool espeak_is_there(void);
/*
 * One of espeak-ng's languages and voices, drawn, reads for SECONDS at a drawn speed and pitch: part of FILE, or
 * words of drawn syllables. 0 or an errno.
 */
int espeak_make(struct sound *s, double seconds, const char *file, struct dice *d);

#endif
