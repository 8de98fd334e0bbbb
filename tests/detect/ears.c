/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/ears.h"

#include <errno.h>
#include <stdlib.h>

#define BLOCK 160

static void hear(struct ears *e, enum heard_from from, enum tone t)
{
	struct ears_heard *h = &e->of[from][t];

	if (!h->count++)
		h->first_s = e->now_s;
	heard_tone(&e->heard, from, t);
	for (unsigned p = 0; p < EARS_POLICIES; p++)
		if (t38_start_decide((enum t38_start)p, &e->heard) != T38_NOT_YET)
			e->fax[p] = true;
}

static void line_tone(enum tone t, void *arg)
{
	hear(arg, HEARD_LINE, t);
}

static void peer_tone(enum tone t, void *arg)
{
	hear(arg, HEARD_PEER, t);
}

static void line_calls(enum v8_call c, void *arg)
{
	hear(arg, HEARD_LINE, v8_call_is_fax(c) ? TONE_CM : TONE_CM_DATA);
}

static void peer_calls(enum v8_call c, void *arg)
{
	hear(arg, HEARD_PEER, v8_call_is_fax(c) ? TONE_CM : TONE_CM_DATA);
}

int ears_alloc(struct ears **ep, const struct tone_limits *limits)
{
	struct ears *e = calloc(1, sizeof(*e));
	int err = e ? 0 : ENOMEM;

	if (!err)
		err = tone_rx_alloc_with(&e->tones[HEARD_LINE], limits, line_tone, e);
	if (!err)
		err = tone_rx_alloc_with(&e->tones[HEARD_PEER], limits, peer_tone, e);
	if (!err)
		err = v8_listen_alloc(&e->v8[HEARD_LINE], line_calls, e);
	if (!err)
		err = v8_listen_alloc(&e->v8[HEARD_PEER], peer_calls, e);
	if (err) {
		ears_free(e);
		return err;
	}
	e->heard.answered = true;
	*ep = e;
	return 0;
}

void ears_free(struct ears *e)
{
	if (!e)
		return;
	for (unsigned i = 0; i < 2; i++) {
		tone_rx_free(e->tones[i]);
		v8_listen_free(e->v8[i]);
	}
	free(e);
}

static void listen_to(struct ears *e, enum heard_from from, const int16_t *samples, size_t n)
{
	tone_rx_samples(e->tones[from], samples, n);
	if (heard_invited(&e->heard, from))
		v8_listen_samples(e->v8[from], samples, n);
}

void ears_hear(struct ears *e, const int16_t *line, const int16_t *peer, size_t n)
{
	size_t k;

	for (; n > 0; n -= k, line += k, peer += k) {
		k = n < BLOCK ? n : BLOCK;
		e->now_s += (double)k / 8000;
		listen_to(e, HEARD_LINE, line, k);
		listen_to(e, HEARD_PEER, peer, k);
	}
}
