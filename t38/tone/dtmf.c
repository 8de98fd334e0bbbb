/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "t38/spandsp_version.h"

#include "dtmf.h"

#define SAMPLES_MS	8
#define DIGITS		16
#define EVENT_OCTETS	4
#define SOUND_SAMPLES	(50 * SAMPLES_MS) /* Q.24: 40 ms must be heard */
#define SILENCE_SAMPLES (50 * SAMPLES_MS) /* likewise */
#define PATIENCE_SAMPLES                                                                                               \
	(150 * SAMPLES_MS)  /* packets come every 50 ms at the longest (RFC 4733 2.5.1.2); two may be lost */
#define SEGMENT_MOST 0xFFFF /* samples that a packet can tell (RFC 4733 2.3.4) */
#define LONGEST_MS   60000  /* a digit that is never let go */
#define LOUDEST_DBM0 (-5)
#define SOFTEST_DBM0 (-20)
#define TWO_TONES_DB 3 /* each of them is so much softer than both */

/* Q.23, in the order of RFC 4733 3.2: 0 to 9, *, #, A to D. */
static const char digits[DIGITS + 1] = "0123456789*#ABCD";
static const char keys[DIGITS + 1] = "123A456B789C*0#D";
static const int rows_hz[4] = {697, 770, 852, 941}, columns_hz[4] = {1209, 1336, 1477, 1633};

struct digit {
	uint8_t event;
	uint8_t volume; /* -dBm0 */
	bool ended;
	uint32_t begin;	  /* RTP timestamp, of its last segment */
	uint32_t before;  /* samples of the segments before that */
	uint32_t samples; /* as long as is known up to now, all segments */
};

struct dtmf {
	bool known; /* the next two are */
	uint32_t ssrc, newest;
	struct digit queue[DTMF_QUEUE];
	unsigned head, count;
	/* of the digit at the head */
	bool sounding;
	uint32_t played, silence;
	tone_gen_state_t tone;
};

int dtmf_alloc(struct dtmf **dp)
{
	struct dtmf *d = calloc(1, sizeof(*d));

	if (!d)
		return ENOMEM;
	*dp = d;
	return 0;
}

void dtmf_free(struct dtmf *d)
{
	free(d);
}

static struct digit *queued(struct dtmf *d, uint32_t begin)
{
	for (unsigned i = 0; i < d->count; i++) {
		struct digit *q = &d->queue[(d->head + i) % DTMF_QUEUE];

		if (q->begin == begin)
			return q;
	}
	return NULL;
}

static void enqueue(struct dtmf *d, const struct digit *q)
{
	if (d->count < DTMF_QUEUE)
		d->queue[(d->head + d->count++) % DTMF_QUEUE] = *q;
}

/* RFC 4733 2.5.1.3: a digit held longer than a packet can tell goes on as another event that begins where the first has
 * come to its most. Packets may be lost just then. */
static bool continues(struct dtmf *d, const struct digit *new)
{
	struct digit *last = &d->queue[(d->head + d->count - 1) % DTMF_QUEUE];
	uint32_t segment, apart;

	if (!d->count || last->ended || last->event != new->event)
		return false;
	segment = last->samples - last->before;
	apart = new->begin - last->begin;
	if (segment + PATIENCE_SAMPLES < SEGMENT_MOST || apart < segment || apart > SEGMENT_MOST + 1)
		return false;
	last->before += apart;
	last->begin = new->begin;
	last->samples = last->before + new->samples;
	last->ended = new->ended;
	return true;
}

const char *dtmf_event(struct dtmf *d, uint32_t ssrc, uint32_t timestamp, const uint8_t *payload, size_t octets)
{
	struct digit new, *old;

	if (octets < EVENT_OCTETS)
		return "shorter than a telephone event";
	if (payload[0] >= DIGITS)
		return NULL;
	new = (struct digit){
		.event = payload[0],
		.volume = payload[1] & 0x3f,
		.ended = payload[1] & 0x80,
		.begin = timestamp,
		.samples = (uint32_t)payload[2] << 8 | payload[3],
	};
	if (!d->known || ssrc != d->ssrc || (int32_t)(timestamp - d->newest) > 0) {
		d->known = true;
		d->ssrc = ssrc;
		d->newest = timestamp;
		if (!continues(d, &new))
			enqueue(d, &new);
		return NULL;
	}
	/* more of one that sounds or waits; of one that is over it is a repetition */
	old = queued(d, timestamp);
	if (old && old->event == new.event) {
		old->ended = old->ended || new.ended;
		new.samples += old->before;
		old->samples = new.samples > old->samples ? new.samples : old->samples;
	}
	return NULL;
}

static int clamp(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

static void begin_sound(struct dtmf *d, const struct digit *q)
{
	tone_gen_descriptor_t tone;
	unsigned key = (unsigned)(strchr(keys, digits[q->event]) - keys);
	int dbm0 = clamp(-(int)q->volume, SOFTEST_DBM0, LOUDEST_DBM0) - TWO_TONES_DB;

	tone_gen_descriptor_init(&tone, rows_hz[key / 4], dbm0, columns_hz[key % 4], dbm0, LONGEST_MS, 0, 0, 0, FALSE);
	tone_gen_init(&d->tone, &tone);
	d->sounding = true;
	d->played = 0;
}

/* How many samples the digit at the head is still to sound, by what is known now. */
static uint32_t left(const struct dtmf *d, const struct digit *q)
{
	uint32_t until = q->samples;

	if (!q->ended && d->count == 1)
		until += PATIENCE_SAMPLES;
	if (until < SOUND_SAMPLES)
		until = SOUND_SAMPLES;
	if (until > LONGEST_MS * SAMPLES_MS)
		until = LONGEST_MS * SAMPLES_MS;
	return until > d->played ? until - d->played : 0;
}

/* Plays at most N samples of what is on; returns how many, 0: nothing is. */
static size_t play_some(struct dtmf *d, int16_t *samples, size_t n)
{
	struct digit *q = &d->queue[d->head];
	size_t k;

	if (d->silence) {
		k = n < d->silence ? n : d->silence;
		memset(samples, 0, k * sizeof(*samples));
		d->silence -= (uint32_t)k;
		return k;
	}
	if (!d->count)
		return 0;
	if (!d->sounding)
		begin_sound(d, q);
	k = left(d, q) < n ? left(d, q) : n;
	if (k && tone_gen(&d->tone, samples, (int)k) < (int)k)
		memset(samples, 0, k * sizeof(*samples)); /* cannot be: it lasts longer than any digit */
	d->played += (uint32_t)k;
	if (!left(d, q)) {
		d->sounding = false;
		d->silence = SILENCE_SAMPLES;
		d->head = (d->head + 1) % DTMF_QUEUE;
		d->count--;
	}
	return k;
}

bool dtmf_play(struct dtmf *d, int16_t *samples, size_t n)
{
	size_t at = 0;

	if (!d->count && !d->silence)
		return false;
	while (at < n && (d->count || d->silence))
		at += play_some(d, samples + at, n - at);
	memset(samples + at, 0, (n - at) * sizeof(*samples));
	return true;
}
