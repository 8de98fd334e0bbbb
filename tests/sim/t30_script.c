/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "t30_image.h"
#include "t30_script.h"

#define FCD  0x06 /* T.4 annex A.3.1, in our order of bits */
#define RCP  0x86
#define RCPS 3

static const struct {
	const char *name;
	unsigned rate, training_ms, short_ms;
} modems[T30_SIGNAL_COUNT] = {
	[T30_V21] = {"V.21", 300, 0, 0},
	[T30_V27TER_2400] = {"V.27ter 2400", 2400, 943, 943},
	[T30_V27TER_4800] = {"V.27ter 4800", 4800, 708, 708},
	[T30_V29_7200] = {"V.29 7200", 7200, 253, 253},
	[T30_V29_9600] = {"V.29 9600", 9600, 253, 253},
	[T30_V17_7200] = {"V.17 7200", 7200, 1393, 142},
	[T30_V17_9600] = {"V.17 9600", 9600, 1393, 142},
	[T30_V17_12000] = {"V.17 12000", 12000, 1393, 142},
	[T30_V17_14400] = {"V.17 14400", 14400, 1393, 142},
};

const char *t30_signal_name(enum t30_signal m)
{
	return (unsigned)m < T30_SIGNAL_COUNT ? modems[m].name : "?";
}

unsigned t30_signal_rate(enum t30_signal m)
{
	return modems[m].rate;
}

unsigned t30_signal_training_ms(enum t30_signal m, bool is_short)
{
	return is_short ? modems[m].short_ms : modems[m].training_ms;
}

const char *t30_act_name(enum t30_act a)
{
	static const char *const names[] = {"the end", "frames", "CED",	    "CNG",  "TCF",
					    "lines",   "block",	 "silence", "a cut"};

	return (unsigned)a < sizeof(names) / sizeof(names[0]) ? names[a] : "?";
}

unsigned t30_turn_after_ms(const struct t30_turn *t)
{
	return t->after_ms ? t->after_ms : 75;
}

static unsigned frames_of(const struct t30_turn *t)
{
	unsigned n = 0;

	if (t->act == T30_BLOCK)
		return t->count + RCPS;
	while (t->act == T30_FRAMES && n < T30_BURST_FRAMES && t->frames[n])
		n++;
	return n;
}

static size_t block_frame(const struct t30_turn *t, unsigned n, uint8_t *frame)
{
	size_t octets = t->frame_octets ? t->frame_octets : 256;

	frame[0] = 0xff;
	frame[1] = 0x03;
	frame[2] = n < t->count ? FCD : RCP;
	if (n >= t->count)
		return 3;
	frame[3] = (uint8_t)(t->first + n);
	t30_image_octets(t->seed + t->first + n, frame + 4, octets);
	return 4 + octets;
}

static size_t burst_frame(const struct t30_frame *f, bool final, uint8_t *frame)
{
	frame[0] = 0xff;
	frame[1] = final ? 0x13 : 0x03;
	frame[2] = f->fcf;
	memcpy(frame + 3, f->fif, f->octets);
	return 3 + f->octets;
}

size_t t30_turn_frame(const struct t30_turn *t, unsigned n, uint8_t *frame, bool *goodp)
{
	const unsigned all = frames_of(t);

	if (n >= all)
		return 0;
	if (t->act == T30_BLOCK) {
		*goodp = n >= t->count || n >= 64 || !(t->bad_frames >> n & 1);
		return block_frame(t, n, frame);
	}
	*goodp = !(t->bad_fcs >> n & 1);
	return burst_frame(t->frames[n], n + 1 == all && !t->more, frame);
}

size_t t30_turn_arrival(const struct t30_turn *t, unsigned n, uint8_t *frame)
{
	const unsigned all = frames_of(t);
	const struct t30_frame *f;
	bool good;

	for (unsigned i = 0; i < all; i++) {
		size_t octets = t30_turn_frame(t, i, frame, &good);

		if (!good || n--)
			continue;
		if (t->act == T30_BLOCK)
			return octets;
		f = t->frames[i];
		return burst_frame(f->arrives ? f->arrives : f, i + 1 == all && !t->more, frame);
	}
	return 0;
}

bool t30_turn_is_heard(const struct t30_turn *t)
{
	uint8_t frame[T30_FRAME_OCTETS];

	if (t->unheard || t->act == T30_CED || t->act == T30_CNG)
		return false;
	if (t->act == T30_FRAMES)
		return t30_turn_arrival(t, 0, frame) > 0;
	return true;
}

static unsigned bits_of(const struct t30_turn *t)
{
	uint8_t frame[T30_FRAME_OCTETS];
	unsigned bits = 0;
	size_t octets;
	bool good;

	for (unsigned i = 0; (octets = t30_turn_frame(t, i, frame, &good)) > 0; i++)
		bits += (unsigned)(octets + 2) * 8 * 21 / 20 + 8 * (t->flags ? t->flags : 1);
	return bits;
}

unsigned t30_turn_ms(const struct t30_turn *t)
{
	const unsigned training = t30_signal_training_ms(t->modem, t->is_short);

	switch (t->act) {
	case T30_FRAMES:
		return (t->preamble_ms ? t->preamble_ms : 1000) + bits_of(t) * 10 / 3;
	case T30_CED:
		return t->ms ? t->ms : 2600;
	case T30_TCF:
		return training + (t->ms ? t->ms : 1500);
	case T30_LINES:
		return training + t->count * T30_LINE_BITS * 1000 / t30_signal_rate(t->modem);
	case T30_BLOCK:
		return training + bits_of(t) * 1000 / t30_signal_rate(t->modem) + 200;
	case T30_SILENCE:
		return t->ms;
	default:
		return 0;
	}
}
