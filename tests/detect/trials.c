/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/trials.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tests/detect/ears.h"
#include "tests/detect/talk.h"

#define LATE_S	  1.4 /* after its end a tone may still be recognised, by what follows */
#define TALK_DBM0 (-16)

const struct trials_subject trials_subjects[TRIALS_SUBJECTS] = {
	{"CNG, one", TONE_CNG, 1},	{"CNG, three", TONE_CNG, 3}, {"CED", TONE_CED, 1},
	{"CED/PR", TONE_ANS_PR, 1},	{"ANSam", TONE_ANSAM, 1},    {"CM", TONE_CM, 1},
	{"V.21 preamble", TONE_V21, 1},
};
const double trials_levels_dbm0[TRIALS_LEVELS] = {0, -10, -20, -30, -40, -43};

const struct trials_condition trials_columns[TRIALS_COLUMNS] = {
	{{.codec = CODEC_PCMA}, OTHER_SILENT, FAXTONE_NOMINAL},
	{{.codec = CODEC_PCMA}, OTHER_SILENT, FAXTONE_EDGE},
	{{.codec = CODEC_PCMA, .noise_db = 20}, OTHER_SILENT, FAXTONE_NOMINAL},
	{{.codec = CODEC_PCMA, .noise_db = 20}, OTHER_SILENT, FAXTONE_EDGE},
};
const char *const trials_column_names[TRIALS_COLUMNS] = {"clean", "clean, edge", "20 dB", "20 dB, edge"};

const struct trials_condition trials_paths[] = {
	{{.name = "A-law", .codec = CODEC_PCMA}, OTHER_SILENT, FAXTONE_WITHIN},
	{{.name = "mu-law", .codec = CODEC_PCMU}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"noise 20 dB under it", CODEC_PCMA, .noise_db = 20}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"noise 15 dB under it", CODEC_PCMA, .noise_db = 15}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"noise 10 dB under it", CODEC_PCMA, .noise_db = 10}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"noise 6 dB under it", CODEC_PCMA, .noise_db = 6}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"speech the other way, echo -24 dB", CODEC_PCMA, .echo_db = 24}, OTHER_SPEECH, FAXTONE_WITHIN},
	{{"speech the other way, echo -18 dB", CODEC_PCMA, .echo_db = 18}, OTHER_SPEECH, FAXTONE_WITHIN},
	{{"speech the other way, echo -12 dB", CODEC_PCMA, .echo_db = 12}, OTHER_SPEECH, FAXTONE_WITHIN},
	{{"music the other way, echo -24 dB", CODEC_PCMA, .echo_db = 24}, OTHER_MUSIC, FAXTONE_WITHIN},
	{{"music the other way, echo -18 dB", CODEC_PCMA, .echo_db = 18}, OTHER_MUSIC, FAXTONE_WITHIN},
	{{"music the other way, echo -12 dB", CODEC_PCMA, .echo_db = 12}, OTHER_MUSIC, FAXTONE_WITHIN},
	{{"RTP, no damage", CODEC_PCMA, .rtp = true}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, mu-law, 1 % lost", CODEC_PCMU, .rtp = true, .loss = 0.01}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, 3 % lost", CODEC_PCMA, .rtp = true, .loss = 0.03}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, 5 % lost", CODEC_PCMA, .rtp = true, .loss = 0.05}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, 10 % lost", CODEC_PCMA, .rtp = true, .loss = 0.1}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, jitter 20 ms", CODEC_PCMA, .rtp = true, .jitter_ms = 20}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, jitter 40 ms", CODEC_PCMA, .rtp = true, .jitter_ms = 40}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, jitter 80 ms", CODEC_PCMA, .rtp = true, .jitter_ms = 80}, OTHER_SILENT, FAXTONE_WITHIN},
	{{"RTP, 3 % lost, jitter 40 ms", CODEC_PCMA, .rtp = true, .loss = 0.03, .jitter_ms = 40},
	 OTHER_SILENT,
	 FAXTONE_WITHIN},
	{{"mu-law, the same, speech, -18 dB", CODEC_PCMU, .echo_db = 18, .rtp = true, .loss = 0.03, .jitter_ms = 40},
	 OTHER_SPEECH,
	 FAXTONE_WITHIN},
	{{"mu-law, the same, music, -18 dB", CODEC_PCMU, .echo_db = 18, .rtp = true, .loss = 0.03, .jitter_ms = 40},
	 OTHER_MUSIC,
	 FAXTONE_WITHIN},
};
const size_t trials_npaths = sizeof(trials_paths) / sizeof(trials_paths[0]);

/* What the two directions of one trial carry, and what came of it on the way. */
struct bench {
	struct sound tone, other;
	int16_t line[SOUND_MAX_S * SOUND_RATE], peer[SOUND_MAX_S * SOUND_RATE];
};

static void make_other(struct sound *s, enum trials_other o, double seconds, struct dice *d)
{
	switch (o) {
	case OTHER_SPEECH:
		voice_make(s, seconds, d);
		sound_set_active(s, TALK_DBM0);
		break;
	case OTHER_MUSIC:
		music_make(s, seconds, d);
		sound_set_active(s, TALK_DBM0);
		break;
	case OTHER_SILENT:
		sound_clear(s, seconds);
	}
}

static void take(struct trials_result *r, const struct ears *e, enum tone tone, double begin_s, double end_s)
{
	const struct ears_heard *h = e->of[HEARD_LINE];
	bool heard = h[tone].count && h[tone].first_s >= begin_s && h[tone].first_s < end_s + LATE_S;

	if (heard)
		r->ms[r->trials - r->missed] = (float)((h[tone].first_s - begin_s) * 1000);
	r->trials++;
	r->missed += !heard;
	for (unsigned t = TONE_CNG; t < TONE_COUNT; t++)
		if (t != tone && h[t].count && (!heard || h[t].first_s < h[tone].first_s)) {
			r->mistaken++;
			break;
		}
}

static int try_once(struct bench *b, const struct trials_subject *subject, double dbm0,
		    const struct trials_condition *c, const struct tone_limits *limits, struct dice *d,
		    struct trials_result *r)
{
	struct ears *e;
	double begin, end;
	size_t n;
	int err = ears_alloc(&e, limits);

	if (err)
		return err;
	faxtone_make(&b->tone, subject->tone, subject->times, c->edge, dbm0, d, &begin, &end);
	make_other(&b->other, c->other, (double)b->tone.n / SOUND_RATE, d);
	n = path_pass(&c->path, &b->tone, dbm0, &b->other, d, b->line);
	sound_samples(&b->other, 0, n, b->peer);
	if (subject->tone == TONE_CM) /* it comes when the other side has invited it, and is listened to only then */
		heard_tone(&e->heard, HEARD_PEER, TONE_ANSAM);
	ears_hear(e, b->line, b->peer, n);
	take(r, e, subject->tone, begin, end);
	ears_free(e);
	return 0;
}

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

int trials_run(const struct trials_subject *subject, double dbm0, const struct trials_condition *c,
	       const struct tone_limits *limits, unsigned runs, uint64_t seed, struct trials_result *r)
{
	struct bench *b = malloc(sizeof(*b));
	int err = b ? 0 : ENOMEM;

	for (unsigned i = 0; i < runs && r->trials < TRIALS_MAX && !err; i++) {
		struct dice d = {seed * 1000003 + i};

		err = try_once(b, subject, dbm0, c, limits, &d, r);
	}
	qsort(r->ms, r->trials - r->missed, sizeof(r->ms[0]), compare);
	free(b);
	return err;
}

double trials_percent(const struct trials_result *r)
{
	return r->trials ? 100.0 * r->missed / r->trials : 0;
}

double trials_ms(const struct trials_result *r, double share)
{
	unsigned heard = r->trials - r->missed;

	return heard ? r->ms[(unsigned)(share * (heard - 1))] : 0;
}
