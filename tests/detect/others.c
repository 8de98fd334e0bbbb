/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/others.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/detect/path.h"
#include "tests/detect/signals.h"
#include "tests/detect/talk.h"

#define TALK_S	 120 /* a call of people */
#define SIGNAL_S 30  /* one of machines: what matters is how it begins */
#define ECHO_DB	 18

static int make_voices(struct sound *line, struct sound *peer, struct dice *d)
{
	voice_make(line, TALK_S, d);
	voice_make(peer, TALK_S, d);
	return 0;
}

/* What is read is this program's licence. */
static int make_espeak(struct sound *line, struct sound *peer, struct dice *d)
{
	static int there = -1;
	const char *file = dice_below(d, 2) ? "LICENSE" : NULL;
	int err;

	if (there < 0)
		there = espeak_is_there();
	if (!there)
		return ENOENT;
	err = espeak_make(line, TALK_S, file, d);
	return err ? err : espeak_make(peer, TALK_S, file, d);
}

static int make_music(struct sound *line, struct sound *peer, struct dice *d)
{
	music_make(line, TALK_S, d);
	music_make(peer, TALK_S, d);
	return 0;
}

static int make_noise(struct sound *line, struct sound *peer, struct dice *d)
{
	sound_clear(line, TALK_S);
	sound_clear(peer, TALK_S);
	sound_add_noise(line, 0, TALK_S, dice_between(d, -60, -10), d);
	sound_add_noise(peer, 0, TALK_S, dice_between(d, -60, -10), d);
	return 0;
}

#define SIGNAL(name)                                                                                                   \
	static int make_##name(struct sound *line, struct sound *peer, struct dice *d)                                 \
	{                                                                                                              \
		signal_##name(line, peer, SIGNAL_S, d);                                                                \
		return 0;                                                                                              \
	}
SIGNAL(dtmf)
SIGNAL(progress)
SIGNAL(sit)
SIGNAL(v21)
SIGNAL(v22)
SIGNAL(v22bis)
SIGNAL(v32)
SIGNAL(v34)
SIGNAL(v90)
SIGNAL(v23)
SIGNAL(bell103)
SIGNAL(textphone)
SIGNAL(contact_id)
SIGNAL(sia)
SIGNAL(pos)

#define ANS	(1u << TONE_CED)
#define ANS_PR	(1u << TONE_ANS_PR)
#define V8_DATA (1u << TONE_ANSAM | 1u << TONE_CM_DATA)

const struct others_source others_sources[] = {
	{"speech (espeak-ng)", make_espeak, 0},
	{"speech by rule", make_voices, 0},
	{"music", make_music, 0},
	{"noise", make_noise, 0},
	{"DTMF", make_dtmf, 0},
	{"call progress tones", make_progress, 0},
	{"SIT", make_sit, 0},
	{"V.21 modem", make_v21, ANS},
	{"V.22 modem", make_v22, ANS},
	{"V.22bis modem", make_v22bis, ANS | ANS_PR},
	{"V.23 modem, Minitel", make_v23, ANS},
	{"V.32 modem", make_v32, ANS_PR},
	{"V.34 modem", make_v34, V8_DATA},
	{"V.90 modem", make_v90, V8_DATA},
	{"Bell 103 modem", make_bell103, 0},
	{"textphones", make_textphone, 0},
	{"alarm panels, Contact ID", make_contact_id, 0},
	{"alarm panels, SIA", make_sia, 0},
	{"card terminals", make_pos, ANS},
};
const size_t others_nsources = sizeof(others_sources) / sizeof(others_sources[0]);

struct call {
	struct sound line, peer;
	int16_t line_samples[SOUND_MAX_S * SOUND_RATE], peer_samples[SOUND_MAX_S * SOUND_RATE];
};

static void take(struct others_result *r, const struct ears *e, uint64_t seed)
{
	for (unsigned t = TONE_CNG; t < TONE_COUNT; t++)
		r->heard[t] += e->of[HEARD_LINE][t].count + e->of[HEARD_PEER][t].count;
	for (unsigned p = 0; p < EARS_POLICIES; p++)
		r->fax[p] += e->fax[p];
	if (!r->first_seed && (e->fax[T38_START_ANSWERING_SIDE] || e->fax[T38_START_ON_CNG]))
		r->first_seed = seed;
	r->hours += 2 * e->now_s / 3600;
	r->calls++;
}

/* A call: each direction through its G.711, with some of the other in it; every set of limits hears the same. */
static int hear_call(struct call *c, size_t n, const struct tone_limits *const *limits, size_t nlimits, uint64_t seed,
		     struct others_result *results)
{
	struct ears *e;
	int err = 0;

	for (size_t i = 0; i < nlimits && !err; i++) {
		err = ears_alloc(&e, limits[i]);
		if (err)
			break;
		ears_hear(e, c->line_samples, c->peer_samples, n);
		take(&results[i], e, seed);
		ears_free(e);
	}
	return err;
}

int others_run(const struct others_source *source, double hours, uint64_t seed, const struct tone_limits *const *limits,
	       size_t nlimits, struct others_result *results)
{
	struct call *c = malloc(sizeof(*c));
	int err = c ? 0 : ENOMEM;
	size_t n;

	for (; !err && results[0].hours < hours; seed++) {
		struct dice d = {seed * 1000003};
		struct path path = {.codec = dice_below(&d, 2) ? CODEC_PCMA : CODEC_PCMU,
				    .echo_db = dice_below(&d, 2) ? ECHO_DB : 0};

		err = source->make(&c->line, &c->peer, &d);
		if (err)
			break;
		n = path_pass(&path, &c->line, 0, &c->peer, &d, c->line_samples);
		path_pass(&path, &c->peer, 0, NULL, &d, c->peer_samples);
		err = hear_call(c, n, limits, nlimits, seed, results);
	}
	free(c);
	return err;
}
