/* SPDX-License-Identifier: GPL-2.0-only */
/* What the detectors of one direction cost, in sounds of each kind. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "t38/tone/tone.h"
#include "tests/detect/report.h"

#define SECONDS 60
#define TURNS	15 /* the least of them counts: what else the machine does only makes it longer */

static void on_tone(enum tone t, void *arg)
{
}

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int listen_once(const int16_t *x, size_t n, double *secondsp)
{
	struct tone_rx *rx;
	double began;
	int err = tone_rx_alloc(&rx, on_tone, NULL);

	if (err)
		return err;
	began = cpu_s();
	for (size_t at = 0; at + SOUND_BLOCK <= n; at += SOUND_BLOCK)
		tone_rx_samples(rx, x + at, SOUND_BLOCK);
	*secondsp = cpu_s() - began;
	tone_rx_free(rx);
	return 0;
}

static int cost(const char *name, const struct sound *s, int16_t *x)
{
	double seconds = 0, least = INFINITY;
	int err = 0;

	sound_samples(s, 0, s->n, x);
	for (unsigned i = 0; i < TURNS && !err; i++) {
		err = listen_once(x, s->n, &seconds);
		least = fmin(least, seconds);
	}
	if (!err)
		printf("%-26s %8.3f ms of CPU for a second of it\n", name, least * 1000 * SOUND_RATE / (double)s->n);
	return err;
}

static int cost_of(const struct others_source *source, struct sound *line, struct sound *peer, int16_t *x)
{
	struct dice d = {.state = 1};
	int err = source->make(line, peer, &d);

	if (err == ENOENT)
		return 0;
	return err ? err : cost(source->name, line, x);
}

int report_cpu(void)
{
	struct sound *line = malloc(sizeof(*line)), *peer = malloc(sizeof(*peer));
	int16_t *x = malloc(sizeof(*x) * SOUND_MAX_S * SOUND_RATE);
	int err = line && peer && x ? 0 : ENOMEM;

	if (!err) {
		sound_clear(line, SECONDS);
		err = cost("silence", line, x);
	}
	for (size_t i = 0; i < others_nsources && !err; i++)
		if (strstr(others_sources[i].name, "speech by rule") || strstr(others_sources[i].name, "music"))
			err = cost_of(&others_sources[i], line, peer, x);
	free(x);
	free(peer);
	free(line);
	return err;
}
