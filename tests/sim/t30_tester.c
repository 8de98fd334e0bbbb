/* SPDX-License-Identifier: GPL-2.0-only */
#include "t30_tester.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "t30_image.h"
#include "t30_line.h"

#define SAMPLES_MS 8
#define SLACK_MS   2550 /* T4 less its 15 %: T.30 5.4.3.2 */
#define LINGER_MS  100	/* so long after its last frame a burst has ended in any case */

struct t30_tester {
	enum t30_side side;
	const struct t30_turn *turns;
	unsigned at;
	struct t30_line *line; /* one of the two */
	struct t30_packet *packet;
	uint64_t now, since;   /* samples; since when this turn is on */
	unsigned skipped_ms;   /* turns before it that are not heard here */
	unsigned heard_before; /* the turn heard before this one, from 1; 0: we spoke */
	bool sending, heard, ended;
	uint64_t heard_at, last_at; /* the signal's beginning; its last frame */
	unsigned frames, bad_frames;
	struct t30_bits bits;
	struct t30_report *report;
};

static const struct t30_turn *turn_of(const struct t30_tester *t)
{
	return &t->turns[t->at];
}

static bool is_mine(const struct t30_tester *t)
{
	return turn_of(t)->side == t->side;
}

static unsigned since_ms(const struct t30_tester *t, uint64_t then)
{
	return (unsigned)((t->now - then) / SAMPLES_MS);
}

__attribute__((format(printf, 2, 3))) static void note(struct t30_tester *t, const char *format, ...)
{
	char line[300];
	va_list ap;
	int n;

	if (!t->report->note)
		return;
	n = snprintf(line, sizeof(line), "%s %s %8.3f s turn %2u: ", t->line ? "line" : "T.38",
		     t->side == T30_CALLER ? "caller" : "called", (double)t->now / 8000, t->at);
	va_start(ap, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, ap);
	va_end(ap);
	t->report->note(line, t->report->note_arg);
}

static void hex(char *text, size_t room, const uint8_t *p, size_t n)
{
	size_t k = 0;

	text[0] = '\0';
	for (size_t i = 0; i < n && i < 40 && k + 3 < room; i++)
		k += (size_t)snprintf(text + k, room - k, "%02x ", p[i]);
}

static void finish(struct t30_tester *t, bool success)
{
	if (t->report->done)
		return;
	t->report->done = true;
	t->report->success = success;
	note(t, "%s", success ? "the end" : t->report->text);
}

__attribute__((format(printf, 2, 3))) static void fail(struct t30_tester *t, const char *format, ...)
{
	const struct t30_turn *turn = turn_of(t);
	va_list ap;
	int n;

	if (t->report->done)
		return;
	n = snprintf(t->report->text, sizeof(t->report->text),
		     "%s %s, turn %u (%s of the %s%s%s): ", t->line ? "on the line the" : "in T.38 the",
		     t->side == T30_CALLER ? "caller" : "called", t->at, t30_act_name(turn->act),
		     turn->side == T30_CALLER ? "caller" : "called", turn->act == T30_FRAMES ? ", " : "",
		     turn->act == T30_FRAMES ? turn->frames[0]->name : "");
	va_start(ap, format);
	vsnprintf(t->report->text + n, sizeof(t->report->text) - (size_t)n, format, ap);
	va_end(ap);
	finish(t, false);
}

/* What is heard */

static void on_begin(enum t30_signal m, void *arg)
{
	struct t30_tester *t = arg;
	const struct t30_turn *turn = turn_of(t);

	note(t, "hears %s", t30_signal_name(m));
	if (turn->act == T30_SILENCE)
		fail(t, "%s in it", t30_signal_name(m));
	if (is_mine(t) || turn->act == T30_CUT)
		return;
	if (turn->act != T30_FRAMES && m != T30_V21 && m != turn->modem)
		fail(t, "%s in place of %s", t30_signal_name(m), t30_signal_name(turn->modem));
	t->heard = true;
	t->heard_at = t->now;
	t->ended = false;
}

static bool frame_matches(const struct t30_turn *turn, const uint8_t *want, size_t want_octets, const uint8_t *got,
			  size_t got_octets)
{
	if (turn->any_fif && want_octets && got_octets >= 3)
		return memcmp(want, got, 3) == 0;
	return want_octets == got_octets && memcmp(want, got, got_octets) == 0;
}

static void take_frame(struct t30_tester *t, const uint8_t *octets, size_t n)
{
	const struct t30_turn *turn = turn_of(t);
	uint8_t want[T30_FRAME_OCTETS];
	size_t wanted = t30_turn_arrival(turn, t->frames, want);
	char a[130], b[130];

	t->last_at = t->now;
	if (turn->act == T30_BLOCK && turn->any_fif) {
		t->frames++;
		return;
	}
	if (frame_matches(turn, want, wanted, octets, n)) {
		t->frames++;
	} else if (!turn->others || (n > 1 && octets[1] == 0x13)) {
		hex(a, sizeof(a), octets, n);
		hex(b, sizeof(b), want, wanted);
		fail(t, "frame %u of it is %s(%zu octets), not %s(%zu)", t->frames, a, n, wanted ? b : "one more ",
		     wanted);
	}
}

static void on_frame(enum t30_signal m, const uint8_t *octets, size_t n, bool good, void *arg)
{
	struct t30_tester *t = arg;
	const struct t30_turn *turn = turn_of(t);
	const bool fast = turn->act != T30_FRAMES;
	char text[130];

	hex(text, sizeof(text), octets, n < 12 ? n : 12);
	note(t, "hears %s%s", text, good ? "" : "with a bad FCS");
	t->bad_frames += !good;
	if (!good || t->report->done || turn->act == T30_CUT)
		return;
	if (is_mine(t) && m == T30_V21 && turn->act != T30_CED && !turn->unheard)
		fail(t, "%swas heard where it should speak", text);
	else if (!is_mine(t) && fast != (m != T30_V21))
		fail(t, "%sin place of it", text);
	else if (!is_mine(t) && (turn->act == T30_FRAMES || turn->act == T30_BLOCK))
		take_frame(t, octets, n);
}

static void on_bit(unsigned bit, void *arg)
{
	struct t30_tester *t = arg;

	if (!is_mine(t) && (turn_of(t)->act == T30_TCF || turn_of(t)->act == T30_LINES))
		t30_bits_put(&t->bits, bit);
}

static void on_end(enum t30_signal m, void *arg)
{
	struct t30_tester *t = arg;

	note(t, "%s ends", t30_signal_name(m));
	if (t->heard && !is_mine(t) && (m == T30_V21) == (turn_of(t)->act == T30_FRAMES))
		t->ended = true;
}

/* The turns */

static void note_range(unsigned *min, unsigned *max, unsigned value)
{
	if (!*min || value < *min)
		*min = value;
	if (value > *max)
		*max = value;
}

/* A signal of the other end has been heard to its end: was it in time? */
static void check_times(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	int late =
		(int)((int64_t)(t->heard_at - t->since) / SAMPLES_MS) - (int)(t->skipped_ms + t30_turn_after_ms(turn));
	struct t30_line_times times;

	if (t->line && turn->act != T30_FRAMES) /* there it begins when it has been understood */
		late -= (int)t30_signal_training_ms(turn->modem, turn->is_short);
	if (late > t->report->late_ms)
		t->report->late_ms = late;
	if (!t->line)
		return;
	times = t30_line_times(t->line);
	if (turn->act == T30_FRAMES && !turn->preamble_ms)
		note_range(&t->report->preamble_min_ms, &t->report->preamble_max_ms, times.preamble_ms);
	if (!turn->after_ms && t->heard_before && t->heard_before == t->at)
		note_range(&t->report->gap_min_ms, &t->report->gap_max_ms, times.gap_ms);
	note(t, "preamble %u ms, gap %u ms, late %d ms", times.preamble_ms, times.gap_ms, late);
}

static void next_turn(struct t30_tester *t)
{
	const struct t30_turn *turn;

	t->at++;
	t->report->turn = t->at;
	t->since = t->now;
	t->skipped_ms = 0;
	t->sending = t->heard = t->ended = false;
	t->frames = t->bad_frames = 0;
	t30_bits_clear(&t->bits);
	turn = turn_of(t);
	if (t->line)
		t30_line_listen(t->line, !is_mine(t) && turn->act >= T30_TCF && turn->act <= T30_BLOCK ? turn : NULL);
}

static void send(struct t30_tester *t)
{
	if (t->line)
		t30_line_send(t->line, turn_of(t));
	else
		t30_packet_send(t->packet, turn_of(t));
	t->sending = true;
	note(t, "sends %s", t30_act_name(turn_of(t)->act));
}

static bool say(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	const unsigned wait_ms = t->skipped_ms + t30_turn_after_ms(turn);

	if (!t->sending && since_ms(t, t->since) < wait_ms)
		return false;
	if (!t->sending)
		send(t);
	if (turn->cut_ms && since_ms(t, t->since) >= wait_ms + turn->cut_ms)
		finish(t, true);
	if (turn->act != T30_CNG && (t->line ? t30_line_is_sending(t->line) : t30_packet_is_sending(t->packet)))
		return false;
	t->heard_before = 0;
	next_turn(t);
	return true;
}

static void check_tcf(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	size_t wanted = t30_signal_rate(turn->modem) * (turn->ms ? turn->ms : 1500) / 1000, ones = 0;

	/* the receivers of spandsp give a few bits of the turn-off sequence; the first ones may be lost */
	for (size_t i = 0; i < t->bits.n && i + 200 < wanted; i++)
		ones += t->bits.bits[i];
	if (t->bits.n < wanted * 9 / 10)
		fail(t, "%zu bits in place of %zu", t->bits.n, wanted);
	else if (turn->is_refused && ones < wanted / 10)
		fail(t, "only %zu wrong bits", ones);
	else if (!turn->spoilt && !turn->is_refused && ones)
		fail(t, "%zu wrong bits", ones);
	else if (ones < wanted * turn->spoilt / 2000)
		fail(t, "%zu wrong bits where there were %zu", ones, wanted * turn->spoilt / 1000);
}

static void check_lines(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	bool rtc = false;
	unsigned wrong = t30_image_wrong_lines(&t->bits, turn->seed, turn->count, &rtc);

	if (wrong || !rtc)
		fail(t, "%u of %u lines wrong or missing%s", wrong, turn->count, rtc ? "" : ", no RTC");
}

static bool is_whole(const struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	uint8_t frame[T30_FRAME_OCTETS];

	if ((turn->act != T30_FRAMES && turn->act != T30_BLOCK) || (turn->act == T30_BLOCK && turn->any_fif))
		return t->ended;
	return t->frames && !t30_turn_arrival(turn, t->frames, frame) &&
	       (t->ended || since_ms(t, t->last_at) > LINGER_MS);
}

static bool hear(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	unsigned limit_ms = t->skipped_ms + t30_turn_after_ms(turn) + t30_turn_ms(turn) + SLACK_MS;

	if (is_whole(t)) {
		if (turn->act == T30_TCF)
			check_tcf(t);
		else if (turn->act == T30_LINES && !turn->any_fif)
			check_lines(t);
		check_times(t);
		next_turn(t);
		t->heard_before = t->at;
		return true;
	}
	if (t->ended && t->frames)
		fail(t, "it ended after %u frames", t->frames);
	else if (since_ms(t, t->since) > limit_ms)
		fail(t, "not heard in %u ms%s; %u frames, %u bad ones, %zu bits", limit_ms,
		     t->heard ? " though it began" : "", t->frames, t->bad_frames, t->bits.n);
	return false;
}

/* True: on to the next turn. */
static bool step_turn(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);
	unsigned skip_ms;

	if (turn->act == T30_OVER || (turn->act == T30_CUT && is_mine(t))) {
		finish(t, true);
		return false;
	}
	if (turn->act == T30_CUT)
		return false;
	if (turn->act == T30_SILENCE) {
		if (since_ms(t, t->since) < t->skipped_ms + turn->ms)
			return false;
		next_turn(t);
		return true;
	}
	if (is_mine(t))
		return say(t);
	if (t30_turn_is_heard(turn) && !turn->cut_ms)
		return hear(t);
	if (turn->cut_ms)
		return false; /* until the call is cleared */
	skip_ms = t->skipped_ms + (turn->act == T30_CNG ? 0 : t30_turn_after_ms(turn) + t30_turn_ms(turn));
	next_turn(t);
	t->skipped_ms = skip_ms;
	return true;
}

static void run(struct t30_tester *t)
{
	while (!t->report->done && step_turn(t))
		;
}

void t30_tester_rx(struct t30_tester *t, const int16_t *samples, size_t n)
{
	for (size_t i = 0; i < n; i += SAMPLES_MS) {
		size_t k = n - i < SAMPLES_MS ? n - i : SAMPLES_MS;

		t30_line_rx(t->line, samples + i, k);
		t->now += k;
		run(t);
	}
}

void t30_tester_tx(struct t30_tester *t, int16_t *samples, size_t n)
{
	memset(samples, 0, n * sizeof(*samples));
	if (!t->report->done)
		t30_line_tx(t->line, samples, n);
}

void t30_tester_step(struct t30_tester *t, size_t samples)
{
	t->now += samples;
	if (!t->report->done)
		t30_packet_step(t->packet, samples);
	run(t);
}

void t30_tester_ifp(struct t30_tester *t, const uint8_t *ifp, size_t len, uint16_t seq)
{
	t30_packet_ifp(t->packet, ifp, len, seq);
	run(t);
}

void t30_tester_hangup(struct t30_tester *t)
{
	const struct t30_turn *turn = turn_of(t);

	if (turn->act == T30_OVER || ((turn->act == T30_CUT || turn->cut_ms) && !is_mine(t)))
		finish(t, true);
	else
		fail(t, "the call was cleared");
}

static struct t30_tester *tester_new(const struct t30_turn *turns, enum t30_side side, struct t30_report *report,
				     struct t30_ear *ear)
{
	struct t30_tester *t = calloc(1, sizeof(*t));

	*ear = (struct t30_ear){.begin = on_begin, .frame = on_frame, .bit = on_bit, .end = on_end, .arg = t};
	if (!t)
		return NULL;
	t->turns = turns;
	t->side = side;
	t->report = report;
	return t;
}

int t30_tester_line_alloc(struct t30_tester **tp, const struct t30_turn *turns, enum t30_side side,
			  struct t30_report *report)
{
	struct t30_ear ear;
	struct t30_tester *t = tester_new(turns, side, report, &ear);

	if (!t || t30_line_alloc(&t->line, &ear)) {
		t30_tester_free(t);
		return ENOMEM;
	}
	*tp = t;
	return 0;
}

int t30_tester_packet_alloc(struct t30_tester **tp, const struct t30_turn *turns, enum t30_side side,
			    struct t30_report *report, const struct t30_packet_style *style, t30_packet_ifp_h *ifp,
			    void *arg)
{
	struct t30_ear ear;
	struct t30_tester *t = tester_new(turns, side, report, &ear);

	if (!t || t30_packet_alloc(&t->packet, style, &ear, ifp, arg)) {
		t30_tester_free(t);
		return ENOMEM;
	}
	*tp = t;
	return 0;
}

void t30_tester_free(struct t30_tester *t)
{
	if (!t)
		return;
	t30_line_free(t->line);
	t30_packet_free(t->packet);
	t30_bits_free(&t->bits);
	free(t);
}
