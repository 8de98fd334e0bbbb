/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data modems and what resembles them, from the answer on: the peer calls, the line answers. What each sends is of
 * the shape (frequencies, rates, lengths) its recommendation gives it; the bits are drawn.
 */
#include <string.h>

#include "tests/detect/faxtone.h"
#include "tests/detect/signals.h"
#include "tests/sim/machine_v8.h"

#define BITS 600

static const struct sound_fsk v21_low = {1180, 980, 300, 0}, v21_high = {1850, 1650, 300, 0},
			      v23_fast = {2100, 1300, 1200, 0}, v23_slow = {450, 390, 75, 0},
			      bell_low = {1070, 1270, 300, 0}, bell_high = {2025, 2225, 300, 0},
			      edt = {1180, 980, 110, 0}, baudot = {1800, 1400, 45.45, 0},
			      bell_202 = {2200, 1200, 1200, 0};

/* Idle, that is ones; then octets in start and stop bits with pauses between them; over and over. */
static void talk_fsk(struct sound *s, double from_s, double seconds, const struct sound_fsk *kind, double dbm0,
		     struct dice *d)
{
	struct sound_fsk f = *kind;
	char bits[BITS + 16];
	double at = from_s;
	size_t n;

	f.dbm0 = dbm0;
	while (at < from_s + seconds && at < (double)s->n / SOUND_RATE) {
		for (n = 0; n < BITS;) {
			bits[n++] = '0';
			for (unsigned b = 0; b < 8; b++)
				bits[n++] = dice_below(d, 2) ? '1' : '0';
			for (unsigned b = dice_below(d, 6) ? 1 : dice_below(d, 20) + 1; b > 0 && n < BITS; b--)
				bits[n++] = '1';
		}
		bits[n] = 0;
		at = sound_add_fsk(s, at, &f, "1", 1 + dice_below(d, 300));
		at = sound_add_fsk(s, at, &f, bits, 1);
	}
}

/* Silence, the answer tone of V.25 or V.8 on the line, 75 ms of silence. Returns when it is over. */
static double answer(struct sound *line, struct sound *peer, double seconds, double dbm0, bool reversals, bool am,
		     struct dice *d)
{
	struct faxtone_answer a = {.hz = dice_between(d, 2085, 2115),
				   .dbm0 = dbm0,
				   .reversal_s = reversals ? 0.45 : 0,
				   .am_hz = 15,
				   .depth = am ? 0.2 : 0};
	double length = dice_between(d, 2.6, 4);

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	/* V.25's calling tone: 1300 Hz, 0.5 to 0.7 s on, 1.5 to 2 s off */
	for (double at = 0.2, on = dice_between(d, 0.5, 0.7); dice_below(d, 2) && at < 2; at += on + 1.8)
		sound_add_sine(peer, at, on, 1300, dbm0);
	faxtone_add_answer(line, 2, length, &a);
	return 2 + length + 0.075;
}

static double level(struct dice *d)
{
	return dice_between(d, -32, -8);
}

void signal_v21(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = answer(line, peer, seconds, dbm0, false, false, d);

	talk_fsk(line, at, seconds, &v21_high, dbm0, d);
	talk_fsk(peer, at + 0.4, seconds, &v21_low, dbm0, d);
}

/* V.22: unscrambled ones in the high channel are two tones, 2250 and 2850 Hz; then 1200 bit/s of four phases at
 * 600 baud. */
static void talk_v22(struct sound *line, struct sound *peer, double at, double seconds, double dbm0, unsigned points,
		     struct dice *d)
{
	struct sound_psk high = {2400, 600, dbm0, 4}, low = {1200, 600, dbm0, 4};

	sound_add_sine(line, at, 0.5, 2250, dbm0 - 3);
	sound_add_sine(line, at, 0.5, 2850, dbm0 - 3);
	if (dice_below(d, 2)) /* the guard tone of V.22 */
		sound_add_sine(line, at, seconds, 1800, dbm0 - 6);
	sound_add_psk(line, at + 0.5, 0.8, &high, d);
	sound_add_psk(peer, at + 0.5, 0.8, &low, d);
	high.points = low.points = points;
	sound_add_psk(line, at + 1.3, seconds, &high, d);
	sound_add_psk(peer, at + 1.3, seconds, &low, d);
}

void signal_v22(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = answer(line, peer, seconds, dbm0, false, false, d);

	talk_v22(line, peer, at, seconds, dbm0, 4, d);
}

void signal_v22bis(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = answer(line, peer, seconds, dbm0, dice_below(d, 2), false, d);

	talk_v22(line, peer, at, seconds, dbm0, 0, d);
}

/* V.32: AA (1800 Hz) against AC (600 and 3000 Hz) with their turns, then 2400 baud around 1800 Hz. */
void signal_v32(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = answer(line, peer, seconds, dbm0, true, false, d);
	struct sound_psk training = {1800, 2400, dbm0, 4}, data = {1800, 2400, dbm0, 0};

	sound_add_sine(peer, at - 1, 2, 1800, dbm0);
	for (double part = 0; part < 0.8; part += 0.2) {
		sound_add_sine(line, at + part, 0.19, 600, dbm0 - 3);
		sound_add_sine(line, at + part, 0.19, 3000, dbm0 - 3);
	}
	sound_add_psk(line, at + 1, 1.5, &training, d);
	sound_add_psk(peer, at + 2, 1.5, &training, d);
	sound_add_psk(line, at + 2.5, seconds, &data, d);
	sound_add_psk(peer, at + 3.5, seconds, &data, d);
}

/* spandsp's V.8 on both sides, which call for data, until they agree. Returns when. */
static double negotiate_v8(struct sound *line, struct sound *peer, double seconds)
{
	struct machine_v8 *called = NULL, *caller = NULL;
	int16_t from_line[SOUND_BLOCK], from_peer[SOUND_BLOCK];
	size_t at = 2 * SOUND_RATE;

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	if (machine_v8_alloc(&called, false, true) || machine_v8_alloc(&caller, true, true))
		goto out;
	for (; at + SOUND_BLOCK < line->n && at < 12 * SOUND_RATE; at += SOUND_BLOCK) {
		if (machine_v8_state(called) >= MACHINE_V8_FELL_BACK &&
		    machine_v8_state(caller) >= MACHINE_V8_FELL_BACK)
			break;
		memset(from_line, 0, sizeof(from_line));
		memset(from_peer, 0, sizeof(from_peer));
		machine_v8_tx(called, from_line, SOUND_BLOCK);
		machine_v8_tx(caller, from_peer, SOUND_BLOCK);
		machine_v8_rx(called, from_peer, SOUND_BLOCK);
		machine_v8_rx(caller, from_line, SOUND_BLOCK);
		for (unsigned i = 0; i < SOUND_BLOCK; i++) {
			line->x[at + i] = from_line[i];
			peer->x[at + i] = from_peer[i];
		}
	}
out:
	machine_v8_free(called);
	machine_v8_free(caller);
	return (double)at / SOUND_RATE + 0.075;
}

/* V.34 10.1.2: INFO0 at 600 bit/s, tones A (2400 Hz) and B (1200 Hz), and the line probed with tones at multiples
 * of 150 Hz. */
static double probe_line(struct sound *s, double at, double tone_hz, double dbm0, struct dice *d)
{
	struct sound_psk info = {tone_hz, 600, dbm0, 2};

	sound_add_psk(s, at, 0.1, &info, d);
	sound_add_sine(s, at + 0.1, 0.4, tone_hz, dbm0);
	for (unsigned k = 1; k <= 25; k++)
		if (k != 6 && k != 8 && k != 12 && k != 16)
			sound_add_sine(s, at + 0.55, 0.8, 150 * k, dbm0 - 13);
	sound_add_psk(s, at + 1.4, 0.1, &info, d);
	return at + 1.6;
}

void signal_v34(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = negotiate_v8(line, peer, seconds), end;
	struct sound_psk data = {dice_between(d, 1600, 1960), dice_between(d, 2400, 3429), dbm0, 0};

	sound_set_active(line, dbm0);
	sound_set_active(peer, dbm0);
	end = probe_line(line, at, 2400, dbm0, d);
	probe_line(peer, at + 0.3, 1200, dbm0, d);
	sound_add_psk(line, end, seconds, &data, d);
	sound_add_psk(peer, end + 0.5, seconds, &data, d);
}

/* V.90: as V.34, but what comes from the digital side is codes of a codec, which look like noise. */
void signal_v90(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = negotiate_v8(line, peer, seconds), end;
	struct sound_psk up = {1829, 3200, dbm0, 0};

	sound_set_active(line, dbm0);
	sound_set_active(peer, dbm0);
	end = probe_line(peer, at, 1200, dbm0, d);
	probe_line(line, at + 0.3, 2400, dbm0, d);
	sound_add_noise(line, end, seconds, dbm0, d);
	sound_add_psk(peer, end + 0.5, seconds, &up, d);
}

/* V.23, Minitel and the like: 1300 Hz is its ones, and 2100 Hz its zeros. */
void signal_v23(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = answer(line, peer, seconds, dbm0, false, false, d);

	talk_fsk(line, at, seconds, &v23_fast, dbm0, d);
	talk_fsk(peer, at + 0.5, seconds, &v23_slow, dbm0, d);
}

void signal_bell103(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d);

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	sound_add_sine(line, 2, 2, 2225, dbm0);
	talk_fsk(line, 4, seconds, &bell_high, dbm0, d);
	talk_fsk(peer, 3, seconds, &bell_low, dbm0, d);
}

/* V.18's textphones: Baudot, EDT, V.21, and 1200 bit/s of Bell 202. */
void signal_textphone(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	static const struct sound_fsk *const kinds[] = {&baudot, &edt, &v21_low, &v21_high, &bell_202};
	const struct sound_fsk *kind = kinds[dice_below(d, 5)];
	double dbm0 = level(d), turn;

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	for (double at = 1; at < seconds; at += turn + 0.5) {
		turn = dice_between(d, 1, 8);
		talk_fsk(dice_below(d, 2) ? line : peer, at, turn, kind, dbm0, d);
	}
}

static void dial(struct sound *s, double at, unsigned digits, double dbm0, struct dice *d)
{
	static const double low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};

	for (; digits > 0; digits--, at += 0.1) {
		sound_add_sine(s, at, 0.05, low[dice_below(d, 4)], dbm0);
		sound_add_sine(s, at, 0.05, high[dice_below(d, 4)], dbm0 + 2);
	}
}

/*
 * SIA DC-05: the receiver shakes hands with 1400 and 2300 Hz; the panel (the peer) dials 16 digits; 1400 Hz says
 * that all is well. Older panels get 1800 or 2300 Hz, and answer by pulses of 1800 or 1900 Hz.
 */
void signal_contact_id(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = 1, older = dice_below(d, 3) == 0;

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	while (at < seconds) {
		sound_add_sine(line, at, 0.1, 1400 * dice_between(d, 0.97, 1.03), dbm0);
		sound_add_sine(line, at + 0.2, 0.1, 2300 * dice_between(d, 0.97, 1.03), dbm0);
		for (unsigned k = 0; older && k < 40; k++)
			sound_add_sine(peer, at + 0.6 + k * 0.05, dice_below(d, 2) ? 0.025 : 0.01, k & 1 ? 1900 : 1800,
				       dbm0);
		if (!older)
			dial(peer, at + 0.6, 16, dbm0, d);
		sound_add_sine(line, at + 2.8, dice_between(d, 0.75, 1),
			       older ? 2300 : 1400 * dice_between(d, 0.97, 1.03), dbm0);
		at += dice_between(d, 4, 6);
	}
}

/* SIA DC-03: Bell 103 after a handshake of 2225 Hz, with acknowledgements. */
void signal_sia(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d), at = 1;

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	while (at < seconds) {
		sound_add_sine(line, at, dice_between(d, 0.4, 0.8), 2225, dbm0);
		talk_fsk(peer, at + 0.9, 1.5, &bell_low, dbm0, d);
		sound_add_sine(line, at + 5, 0.2, dice_below(d, 2) ? 2025 : 2225, dbm0);
		at += 6;
	}
}

/* Card terminals: Bell 212A behind 2225 Hz, V.22 with a short answer tone or none, 1200 bit/s half duplex of Bell
 * 202. */
void signal_pos(struct sound *line, struct sound *peer, double seconds, struct dice *d)
{
	double dbm0 = level(d);
	struct faxtone_answer fast = {.hz = dice_between(d, 2085, 2115), .dbm0 = dbm0};

	sound_clear(line, seconds);
	sound_clear(peer, seconds);
	switch (dice_below(d, 4)) {
	case 0:
		sound_add_sine(line, 1, 1, 2225, dbm0);
		talk_v22(line, peer, 2, seconds, dbm0, 4, d);
		break;
	case 1:
		talk_v22(line, peer, 1, seconds, dbm0, 4, d);
		break;
	case 2:
		faxtone_add_answer(line, 1, dice_between(d, 0.4, 1), &fast);
		talk_v22(line, peer, 2.1, seconds, dbm0, 4, d);
		break;
	default:
		talk_fsk(line, 1, 1, &bell_202, dbm0, d);
		talk_fsk(peer, 3, 2, &bell_202, dbm0, d);
	}
}
