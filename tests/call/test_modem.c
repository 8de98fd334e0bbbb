/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is no fax passes untouched: data modems train and exchange their bits through the gateway, voice, music and
 * tones never start T.38, and every octet of A-law that goes in at one end comes out at the other, both ways.
 */
#include <math.h>

#include "t38/spandsp_version.h"

#include "tests/call/talk.h"
#include "tests/sim/modem.h"

#define CALL_MS	      15000
#define WORSE_MS      7000 /* then the network gets worse, where it does */
#define OCTETS	      (CALL_MS * 8)
#define SETTLED	      (25 * 800) /* 2.5 s: the answer tone was recognised, the delay is fixed */
#define MOST_DELAY    (400 * 8)
#define COMPARE_LEAST (8 * 8000) /* octets, both ways */

typedef void(sound_h)(int16_t *samples, size_t n, size_t at, unsigned seed);

/* One end of the call: what it says and hears, as A-law. */
struct end {
	bool on;
	struct modem *modem; /* or... */
	sound_h *sound;
	unsigned seed;
	uint8_t said[OCTETS], heard[OCTETS];
	size_t nsaid, nheard;
};

static struct end line_end, peer_end;

static void end_hear(const uint8_t *octets, size_t n, struct end *e)
{
	int16_t linear[EXCHANGE_BLOCK];

	if (!e->on || n > EXCHANGE_BLOCK || e->nheard + n > OCTETS)
		return;
	memcpy(e->heard + e->nheard, octets, n);
	e->nheard += n;
	for (size_t i = 0; i < n; i++)
		linear[i] = alaw_to_linear(octets[i]);
	if (e->modem)
		modem_rx(e->modem, linear, n);
}

static void end_say(uint8_t *octets, size_t n, struct end *e)
{
	int16_t linear[EXCHANGE_BLOCK] = {0};

	memset(octets, 0xD5, n);
	if (!e->on || n > EXCHANGE_BLOCK || e->nsaid + n > OCTETS)
		return;
	if (e->modem)
		modem_tx(e->modem, linear, n);
	else
		e->sound(linear, n, e->nsaid, e->seed);
	for (size_t i = 0; i < n; i++)
		octets[i] = linear_to_alaw(linear[i]);
	memcpy(e->said + e->nsaid, octets, n);
	e->nsaid += n;
}

static void line_octets(const uint8_t *heard, uint8_t *say, size_t n, void *arg)
{
	end_hear(heard, n, &line_end);
	end_say(say, n, &line_end);
}

static void peer_hears(const uint8_t *octets, size_t n, void *arg)
{
	end_hear(octets, n, &peer_end);
}

static void peer_says(uint8_t *octets, size_t n, void *arg)
{
	end_say(octets, n, &peer_end);
}

/* How many octets from AT of what FROM said on TO heard as they were, D later. */
static size_t equal_octets(const struct end *from, const struct end *to, size_t at, size_t d, size_t most)
{
	size_t n = 0;

	while (n < most && from->said[at + n] == to->heard[at + n + d])
		n++;
	return n;
}

/* Every octet from AT of what FROM said on was heard by TO as it was, after some delay that does not change. */
static void expect_exact(const char *name, const char *way, const struct end *from, const struct end *to, size_t at)
{
	size_t most = to->nheard - at - MOST_DELAY, best = 0, delay = 0;

	if (most > from->nsaid - at)
		most = from->nsaid - at;
	assert_true(most >= COMPARE_LEAST);
	for (size_t d = 0; d <= MOST_DELAY && best < most; d++) {
		size_t n = equal_octets(from, to, at, d, most);

		if (n > best) {
			best = n;
			delay = d;
		}
	}
	if (best < most)
		fail_msg("%s, %s: octet %zu of %zu is 0x%02X, not 0x%02X (%zu later)", name, way, best, most,
			 to->heard[at + best + delay], from->said[at + best], delay);
}

static void end_begin(struct end *e, enum modem_kind kind, bool caller, sound_h *sound, unsigned seed)
{
	memset(e, 0, sizeof(*e));
	e->sound = sound;
	e->seed = seed;
	if (!sound)
		assert_int_equal(modem_alloc(&e->modem, kind, caller), 0);
}

/* What a call is, and what is expected of it. */
struct modem_case {
	const char *name;
	bool from_line;
	const char *fax_text;
	sound_h *sound; /* NULL: modems of KIND */
	enum modem_kind kind;
	enum peer_t38 t38;
	int64_t jitter_us; /* of the network, to the gateway, in the midst of the data */
	bool asks;	   /* for T.38 */
	int media;	   /* at the end: enum bearer_state */
};

static void call_run(const struct modem_case *c, struct talk *t, const struct talk_params *p, struct lab *l)
{
	const struct xcall_source source = {.kind = XAUDIO_HANDLER, .octets = line_octets};

	end_begin(&line_end, c->kind, c->from_line, c->sound, 1);
	end_begin(&peer_end, c->kind, !c->from_line, c->sound, 2);
	talk_start(t, l, p);
	talk_until(t, PSTN_UP, -1, 5000);
	xcall_set_source(t->line, &source);
	line_end.on = peer_end.on = true;
	lab_run(l, WORSE_MS);
	lab_damage_media(l, &(struct net_sim_damage){.loss = 0}, &(struct net_sim_damage){.jitter_us = c->jitter_us});
	lab_run(l, CALL_MS - WORSE_MS);
}

static void expect_data(const struct modem_case *c)
{
	struct modem_result r[2];

	modem_result(line_end.modem, &r[0]);
	modem_result(peer_end.modem, &r[1]);
	for (unsigned i = 0; i < 2; i++) {
		if (c->kind == MODEM_V8_DATA && !r[i].v8_agreed)
			fail_msg("%s: V.8 came to nothing at the %s", c->name, i ? "peer" : "line");
		if (c->kind == MODEM_V8_DATA || c->kind == MODEM_ANSAM)
			continue;
		if (!r[i].trained || r[i].errors || r[i].bits < (c->kind == MODEM_V22BIS ? 20000 : 2500))
			fail_msg("%s: the %s has %s, %u bits, %u of them wrong", c->name, i ? "peer" : "line",
				 r[i].trained ? "a carrier" : "no carrier", r[i].bits, r[i].errors);
	}
}

static void test_case(void **state)
{
	const struct modem_case *c = *state;
	const struct talk_params p = {.name = c->name,
				      .from_line = c->from_line,
				      .peer = {.hear = peer_hears, .say = peer_says, .t38 = c->t38}};
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = c->fax_text});
	struct sip_peer_result r;
	struct talk t;

	call_run(c, &t, &p, l);
	sip_peer_result(l->peer, t.peer, &r);
	if ((r.reinvites_received > 0) != c->asks)
		fail_msg("%s: T.38 was asked for %u times", c->name, r.reinvites_received);
	talk_until(&t, PSTN_UP, c->media, 20);
	if (c->media != BEARER_T38) {
		const size_t from = c->sound ? 8000 : SETTLED;

		expect_exact(c->name, "to the peer", &line_end, &peer_end, from);
		expect_exact(c->name, "to the line", &peer_end, &line_end, from);
		if (!c->sound)
			expect_data(c);
	}
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
	modem_free(line_end.modem);
	modem_free(peer_end.modem);
}

/* ---- sounds ---- */

static float wave(size_t at, float hz)
{
	return sinf(6.2831853f * hz * (float)at / 8000);
}

/* Vowels whose pitch and formants wander, with pauses. */
static void speech(int16_t *samples, size_t n, size_t at, unsigned seed)
{
	for (size_t i = 0; i < n; i++, at++) {
		float t = (float)at / 8000, pitch = 110 + 25 * (float)seed + 20 * sinf(t * 2.1f), v = 0;
		float f1 = 500 + 300 * sinf(t * 5), f2 = 1500 + 700 * sinf(t * 3.7f);
		bool silent = sinf(t * 1.9f + (float)seed) < -0.3f;

		for (unsigned k = 1; k < 28; k++) {
			float hz = pitch * (float)k, a = 1 / (1 + (hz - f1) * (hz - f1) / 20000);

			a += 0.5f / (1 + (hz - f2) * (hz - f2) / 30000);
			v += a * sinf(6.2831853f * ((float)k * (pitch * t)));
		}
		samples[i] = silent ? 0 : (int16_t)(2500 * v * (0.6f + 0.4f * sinf(t * 22)));
	}
}

/* Chords of half a second, with notes at 1100 and 2100 Hz among them, and some of them alone for a second. */
static void music(int16_t *samples, size_t n, size_t at, unsigned seed)
{
	static const float notes[] = {262, 330, 1100, 392, 523, 2100, 659, 1047, 1109, 2093, 784, 440};
	enum { N = sizeof(notes) / sizeof(notes[0]) };

	for (size_t i = 0; i < n; i++, at++) {
		size_t beat = at / 4000 + seed;
		float a = wave(at, notes[beat * 5 % N]), b = wave(at, notes[beat * 7 % N]),
		      c = wave(at, notes[beat / 2 % N]);
		float fade = 1 - (float)(at % 4000) / 6000;

		samples[i] = (int16_t)(beat % 6 == 0 ? 6000 * c : fade * (4000 * a + 3000 * b + 3000 * c));
	}
}

/* The sixteen digits again and again, 80 ms each and 80 ms apart. */
static void digits(int16_t *samples, size_t n, size_t at, unsigned seed)
{
	static const float rows[] = {697, 770, 852, 941}, columns[] = {1209, 1336, 1477, 1633};

	for (size_t i = 0; i < n; i++, at++) {
		size_t digit = at / 1280 + seed;

		samples[i] =
			at % 1280 >= 640
				? 0
				: (int16_t)(4000 * wave(at, rows[digit / 4 % 4]) + 4000 * wave(at, columns[digit % 4]));
	}
}

/* Ringing, busy, congestion, special information (E.180, Q.35), a mailbox's beep of half a second, a test tone. */
static void progress(int16_t *samples, size_t n, size_t at, unsigned seed)
{
	static const struct {
		float hz;
		unsigned on_ms, off_ms;
	} tones[] = {{425, 1000, 1500}, {425, 500, 500},   {425, 250, 250},   {950, 330, 1},	 {1400, 330, 1},
		     {1800, 330, 1000}, {1000, 500, 1500}, {1400, 500, 1500}, {1004, 2000, 500}, {2000, 1000, 500}};
	size_t total = 0, k = 0, in = 0;

	for (size_t i = 0; i < sizeof(tones) / sizeof(tones[0]); i++)
		total += 8 * (tones[i].on_ms + tones[i].off_ms);
	for (size_t i = 0; i < n; i++, at++) {
		in = (at + seed * 8000) % total;
		for (k = 0; in >= 8 * (tones[k].on_ms + tones[k].off_ms); k++)
			in -= 8 * (tones[k].on_ms + tones[k].off_ms);
		samples[i] = in < 8 * tones[k].on_ms ? (int16_t)(8000 * wave(at, tones[k].hz)) : 0;
	}
}

#define ON_CNG	    "t38_start = on-cng\n"
#define ON_CED	    "t38_start = on-ced\n"
#define ON_PREAMBLE "t38_start = on-preamble\n"
#define AT_ANSWER   "t38_start = at-answer\n"
#define AUDIO	    .media = BEARER_AUDIO
#define BOTH(...)                                                                                                      \
	{__VA_ARGS__, .from_line = true},                                                                              \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}

static const struct modem_case cases[] = {
	BOTH(.name = "V.21 data", .kind = MODEM_V21, AUDIO),
	BOTH(.name = "Bell 103 data", .kind = MODEM_BELL103, AUDIO),
	BOTH(.name = "V.22bis data", .kind = MODEM_V22BIS, AUDIO),
	BOTH(.name = "V.8 for data", .kind = MODEM_V8_DATA, AUDIO),
	BOTH(.name = "ANSam without CM", .kind = MODEM_ANSAM, AUDIO),
	BOTH(.name = "V.22bis data, on-cng", .kind = MODEM_V22BIS, .fax_text = ON_CNG, AUDIO),
	BOTH(.name = "V.21 data, on-preamble", .kind = MODEM_V21, .fax_text = ON_PREAMBLE, AUDIO),
	BOTH(.name = "V.22bis data, T.38 refused at the answer", .kind = MODEM_V22BIS, .fax_text = AT_ANSWER,
	     .t38 = PEER_T38_REFUSES, .asks = true, .media = BEARER_PASSTHROUGH),
	BOTH(.name = "V.22bis data, T.38 not answered at the answer", .kind = MODEM_V22BIS, .fax_text = AT_ANSWER,
	     .t38 = PEER_T38_IS_SILENT, .asks = true, .media = BEARER_PASSTHROUGH),
	/* The delay is fixed on the answer tone, and long enough before it is needed. */
	BOTH(.name = "V.22bis data, jitter", .kind = MODEM_V22BIS, .jitter_us = 60 * MS_US, AUDIO),
	BOTH(.name = "V.8 for data, jitter", .kind = MODEM_V8_DATA, .jitter_us = 60 * MS_US, AUDIO),
	/* what on-ced says it does */
	BOTH(.name = "ANSam, on-ced", .kind = MODEM_ANSAM, .fax_text = ON_CED, .asks = true, .media = BEARER_T38),
	BOTH(.name = "Bell 103 data, on-ced", .kind = MODEM_BELL103, .fax_text = ON_CED, AUDIO),
	BOTH(.name = "speech", .sound = speech, AUDIO),
	BOTH(.name = "speech, on-cng", .sound = speech, .fax_text = ON_CNG, AUDIO),
	BOTH(.name = "speech, on-ced", .sound = speech, .fax_text = ON_CED, AUDIO),
	BOTH(.name = "music", .sound = music, AUDIO),
	BOTH(.name = "music, on-cng", .sound = music, .fax_text = ON_CNG, AUDIO),
	BOTH(.name = "music, on-ced", .sound = music, .fax_text = ON_CED, AUDIO),
	BOTH(.name = "digits", .sound = digits, .fax_text = ON_CNG, AUDIO),
	BOTH(.name = "progress tones, on-cng", .sound = progress, .fax_text = ON_CNG, AUDIO),
	BOTH(.name = "progress tones, on-ced", .sound = progress, .fax_text = ON_CED, AUDIO),
};

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[N];
	static char names[N][80];

	for (size_t i = 0; i < N; i++) {
		snprintf(names[i], sizeof(names[i]), "%s, %s the line", cases[i].name,
			 cases[i].from_line ? "from" : "to");
		tests[i] = (struct CMUnitTest){names[i], test_case, NULL, NULL, (void *)&cases[i]};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
