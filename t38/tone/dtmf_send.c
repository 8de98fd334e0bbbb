/* SPDX-License-Identifier: GPL-2.0-only */
#include "dtmf_send.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "t38/spandsp_version.h"

#define ENDS	     3	    /* RFC 4733 2.5.1.4 */
#define SEGMENT_MOST 0xFFFF /* samples that a packet can tell (2.3.4) */
#define VOLUME_MOST  63
#define END_BIT	     0x80

struct dtmf_send {
	dtmf_rx_state_t *rx;
	int heard, level_dbm0; /* the digit that sounds, 0: none */
	bool changed;	       /* since the last block another began */
	/* the event that is being sent */
	bool on;
	unsigned ends_left;
	uint8_t event, volume;
	uint32_t begin, samples;
};

/* RFC 4733 3.2: 0 to 9, *, #, A to D. */
static const char digits[] = "0123456789*#ABCD";

static void on_digit(void *arg, int code, int level, int delay)
{
	struct dtmf_send *d = arg;

	d->changed = d->changed || (code && code != d->heard);
	d->heard = code;
	if (code)
		d->level_dbm0 = level;
}

int dtmf_send_alloc(struct dtmf_send **dp)
{
	struct dtmf_send *d = calloc(1, sizeof(*d));

	if (!d)
		return ENOMEM;
	d->rx = dtmf_rx_init(NULL, NULL, NULL);
	if (!d->rx) {
		free(d);
		return ENOMEM;
	}
	dtmf_rx_set_realtime_callback(d->rx, on_digit, d);
	*dp = d;
	return 0;
}

void dtmf_send_free(struct dtmf_send *d)
{
	if (!d)
		return;
	dtmf_rx_free(d->rx);
	free(d);
}

static void begin(struct dtmf_send *d, uint32_t now)
{
	const char *digit = d->heard ? strchr(digits, d->heard) : NULL;

	d->changed = false;
	if (!digit)
		return;
	d->on = true;
	d->ends_left = 0;
	d->event = (uint8_t)(digit - digits);
	d->volume = (uint8_t)(d->level_dbm0 > 0 ? 0 : d->level_dbm0 < -VOLUME_MOST ? VOLUME_MOST : -d->level_dbm0);
	d->begin = now;
	d->samples = 0;
}

static void fill(const struct dtmf_send *d, bool marker, struct dtmf_send_packet *pp)
{
	*pp = (struct dtmf_send_packet){.begin = d->begin, .marker = marker};
	pp->payload[0] = d->event;
	pp->payload[1] = (uint8_t)(d->volume | (d->on ? 0 : END_BIT));
	pp->payload[2] = (uint8_t)(d->samples >> 8);
	pp->payload[3] = (uint8_t)d->samples;
}

/* It sounds: as long as is known, and no longer than can be told; then it goes on as another segment (2.5.1.3). */
static void lengthen(struct dtmf_send *d, size_t n)
{
	if (d->samples + n > SEGMENT_MOST) {
		d->begin += d->samples;
		d->samples = 0;
	}
	d->samples += (uint32_t)n;
}

bool dtmf_send_block(struct dtmf_send *d, const int16_t *samples, size_t n, uint32_t now, struct dtmf_send_packet *pp)
{
	bool first;
	char taken[8];

	dtmf_rx(d->rx, samples, (int)n);
	while (dtmf_rx_get(d->rx, taken, sizeof(taken) - 1) > 0)
		; /* its own queue is not looked at */
	first = d->changed;
	if (d->changed)
		begin(d, now); /* what was on before has ended without a word: the next one says so */
	if (d->on && !d->heard && !first) {
		d->on = false;
		d->ends_left = ENDS;
	}
	if (d->on)
		lengthen(d, n);
	else if (!d->ends_left)
		return false;
	else
		d->ends_left--;
	fill(d, first && d->on, pp);
	return true;
}
