/* SPDX-License-Identifier: GPL-2.0-only */
#include "jitter.h"

#include <string.h>

#define OCTETS_MS      8    /* G.711: octets in a millisecond */
#define BEHIND_FAR     8000 /* a second behind: no late packet any more, but another timeline */
#define LATE_RUN       25   /* late packets in a row after which the timeline is given up */
#define LATE_WEIGHT    8    /* a late packet weighs as much as so many in time */
#define LATE_ENOUGH    16
#define CUSHION	       80    /* octets more than needed when the delay grows, and slack where it shrinks */
#define MEASURE_OCTETS 16000 /* margins are judged every 2 s */
#define PAUSE_OCTETS   1600  /* a gap above it is not taken for lost packets */
#define FIXED_MOST     2048  /* the longest delay that leaves room for a burst */
#define FIXED_FILL     480   /* in a modem's signal; less than the 75 ms of silence between two of them (T.30 5.3.1) */
#define QUIET	       0x18  /* magnitudes below it (about -40 dBm0) may be left out unheard */

/* How far A is after B; negative: before. Timestamps wrap. */
static int32_t after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static unsigned clamp(unsigned v, unsigned least, unsigned most)
{
	return v < least ? least : v > most ? most : v;
}

static bool have(const struct jitter *j, uint32_t ts)
{
	unsigned i = ts % JITTER_OCTETS;

	return j->have[i / 8] >> (i % 8) & 1;
}

static void forget(struct jitter *j, uint32_t ts)
{
	unsigned i = ts % JITTER_OCTETS;

	j->have[i / 8] &= (uint8_t) ~(1u << (i % 8));
}

static void set_target(struct jitter *j, unsigned octets)
{
	j->target_octets = octets;
	j->stats.delay_ms = octets / OCTETS_MS;
}

void jitter_init(struct jitter *j, uint8_t silence, unsigned min_ms, unsigned max_ms)
{
	memset(j, 0, sizeof(*j));
	j->silence = silence;
	j->min_ms = clamp(min_ms, 0, FIXED_MOST / OCTETS_MS);
	j->max_ms = clamp(max_ms, j->min_ms, FIXED_MOST / OCTETS_MS);
	j->filled_octets = FIXED_FILL;
	set_target(j, j->min_ms * OCTETS_MS);
}

static void measure_anew(struct jitter *j)
{
	j->measured_octets = 0;
	j->least_margin = INT32_MAX;
	j->most_margin = INT32_MIN;
}

/* TS is to be played after the delay; what was before is forgotten. */
static void start_at(struct jitter *j, uint32_t ssrc, uint32_t ts)
{
	if (j->started)
		j->stats.resets++;
	if (!j->fixed)
		set_target(j, clamp(j->target_octets, j->min_ms * OCTETS_MS, j->max_ms * OCTETS_MS));
	memset(j->have, 0, sizeof(j->have));
	j->started = true;
	j->odd = false;
	j->ssrc = ssrc;
	j->lead = j->target_octets;
	j->play_ts = ts - j->lead;
	j->last_ts = ts;
	j->late_run = j->late_score = j->surplus_octets = j->wanted_octets = 0;
	j->recent_ts[0] = ts;
	j->nrecent = j->recent_at = 1;
	measure_anew(j);
}

/* Everything is played N octets later. False if that would overfill the ring. */
static bool play_later(struct jitter *j, unsigned n)
{
	int32_t waiting = after(j->last_ts, j->play_ts);

	if ((waiting > 0 ? (unsigned)waiting : 0) + n > JITTER_OCTETS)
		return false;
	j->play_ts -= n;
	j->lead += n;
	set_target(j, j->target_octets + n);
	if (j->measured_octets) {
		j->least_margin += (int32_t)n;
		j->most_margin += (int32_t)n;
	}
	return true;
}

/* In A-law and mu-law alike the low seven bits count up from silence. */
static bool quiet(const struct jitter *j, size_t n)
{
	for (size_t o = 0; o < n; o++) {
		uint32_t ts = j->play_ts + (uint32_t)o;

		if (have(j, ts) && ((j->ring[ts % JITTER_OCTETS] ^ j->silence) & 0x7F) >= QUIET)
			return false;
	}
	return true;
}

/* With the fixed delay, late packets cannot be mended in the middle of a signal; between two of them they can. */
static void wish_later(struct jitter *j, int32_t margin)
{
	unsigned need = (unsigned)-margin + CUSHION;

	if (need > j->wanted_octets)
		j->wanted_octets = need;
}

/* What was played last, what is due, and what waits are all quiet: T.30's machines speak in turn. */
static bool is_pause(const struct jitter *j)
{
	for (unsigned i = 0; i < JITTER_FILL_OCTETS; i++)
		if (((j->tail[i] ^ j->silence) & 0x7F) >= QUIET)
			return false;
	return quiet(j, j->target_octets);
}

/* What comes later than the longest delay is another timeline, see LATE_RUN. */
static void grow_in_pause(struct jitter *j)
{
	bool helps = j->target_octets + j->wanted_octets <= FIXED_MOST;

	if (!helps || (is_pause(j) && play_later(j, j->wanted_octets)))
		j->wanted_octets = 0;
}

void jitter_fix(struct jitter *j, unsigned delay_ms)
{
	unsigned want = clamp(delay_ms * OCTETS_MS, 0, FIXED_MOST);

	if (j->fixed)
		return;
	j->fixed = true;
	if (want <= j->target_octets)
		return;
	if (!j->started || !play_later(j, want - j->target_octets))
		set_target(j, want);
}

void jitter_adapt(struct jitter *j)
{
	if (!j->fixed)
		return;
	j->fixed = false;
	j->wanted_octets = 0;
	j->surplus_octets = 0;
	measure_anew(j);
}

/* A packet too far from what is played to belong to it. The next one decides whether it was a stray. */
static bool is_far(int32_t margin, size_t n)
{
	return margin < -BEHIND_FAR || margin > JITTER_OCTETS - (int32_t)n;
}

static bool believes(struct jitter *j, uint32_t ts, size_t n)
{
	int32_t off = after(ts, j->odd_ts);
	bool same = j->odd && off > -JITTER_OCTETS && off < JITTER_OCTETS;

	j->odd = true;
	j->odd_ts = ts + (uint32_t)n;
	return same;
}

/* A late packet, wholly or in part: while the delay may change it grows, at once in an underrun (where time is lost
 * already), else when it happens too often. */
static void grow(struct jitter *j, int32_t margin)
{
	unsigned need = (unsigned)-margin + CUSHION, most = j->max_ms * OCTETS_MS;
	bool underrun = after(j->last_ts, j->play_ts) <= 0;

	j->late_score += LATE_WEIGHT;
	if (!underrun && j->late_score < LATE_ENOUGH)
		return;
	if (j->target_octets >= most)
		return;
	if (need > most - j->target_octets)
		need = most - j->target_octets;
	if (play_later(j, need))
		j->late_score = 0;
}

/* A packet that comes again must not look late, for that would make the delay grow. */
static bool came_before(struct jitter *j, uint32_t ts)
{
	for (unsigned i = 0; i < j->nrecent; i++)
		if (j->recent_ts[i] == ts)
			return true;
	j->recent_ts[j->recent_at] = ts;
	j->recent_at = (j->recent_at + 1) % JITTER_RECENT;
	if (j->nrecent < JITTER_RECENT)
		j->nrecent++;
	return false;
}

/* True if the packet is of use. */
static bool judge(struct jitter *j, uint32_t ssrc, uint32_t ts, size_t n)
{
	int32_t margin;

	if (!j->started || ssrc != j->ssrc)
		start_at(j, ssrc, ts);
	margin = after(ts, j->play_ts);
	if (is_far(margin, n)) {
		j->stats.overflow++;
		if (!believes(j, ts, n))
			return false;
		start_at(j, ssrc, ts);
		margin = after(ts, j->play_ts);
	}
	j->odd = false;
	if (margin >= 0) {
		j->late_run = 0;
		if (j->late_score)
			j->late_score--;
		return true;
	}
	if (++j->late_run >= LATE_RUN) {
		start_at(j, ssrc, ts);
		return true;
	}
	if (j->fixed)
		wish_later(j, margin);
	else
		grow(j, margin);
	if (after(ts + (uint32_t)n, j->play_ts) > 0)
		return true;
	j->stats.late++;
	return false;
}

/* Nothing is being played, and the packet comes earlier than ever: the delay is more than it need be (drift while the
 * talker was silent). */
static void shorten_in_pause(struct jitter *j, uint32_t ts)
{
	int32_t margin = after(ts, j->play_ts);
	int32_t more = margin - (int32_t)j->target_octets;

	if (j->fixed || after(j->last_ts, j->play_ts) > 0 || more <= CUSHION)
		return;
	j->play_ts += (uint32_t)more;
	j->lead = j->target_octets;
}

/* What the margins of two seconds say: the delay the earliest packet has, and how much of it none of them needed. */
static void measure(struct jitter *j, int32_t margin, size_t n)
{
	int32_t least = (int32_t)(j->min_ms * OCTETS_MS);

	if (j->fixed)
		return;
	if (margin < j->least_margin)
		j->least_margin = margin;
	if (margin > j->most_margin)
		j->most_margin = margin;
	j->measured_octets += (unsigned)n;
	if (margin > (int32_t)j->target_octets)
		set_target(j, (unsigned)margin);
	if (j->measured_octets < MEASURE_OCTETS)
		return;
	if (j->most_margin > 0)
		set_target(j, (unsigned)j->most_margin);
	j->surplus_octets = j->least_margin > least + CUSHION ? (unsigned)(j->least_margin - least) : 0;
	measure_anew(j);
}

/* Everything that came is played, and there is a gap before what comes now: a short one is lost packets, a long one a
 * pause of the talker. (What of a gap is yet to be played is counted then.) */
static void judge_gap(struct jitter *j, uint32_t ts)
{
	int32_t gap = after(ts, j->last_ts), played = after(j->play_ts, j->last_ts);

	if (played < 0 || gap <= 0 || j->lead)
		return;
	if (gap > PAUSE_OCTETS)
		j->lead = after(ts, j->play_ts) > 0 ? (unsigned)after(ts, j->play_ts) : 0;
	else
		j->stats.lost_octets += (unsigned)(gap < played ? gap : played);
}

static void store(struct jitter *j, uint32_t ts, const uint8_t *octets, size_t n)
{
	for (size_t o = 0; o < n; o++, ts++) {
		unsigned i = ts % JITTER_OCTETS;

		if (after(ts, j->play_ts) < 0 || have(j, ts))
			continue;
		j->ring[i] = octets[o];
		j->have[i / 8] |= (uint8_t)(1u << (i % 8));
	}
	if (after(ts, j->last_ts) > 0)
		j->last_ts = ts;
}

void jitter_put(struct jitter *j, uint32_t ssrc, uint32_t timestamp, const uint8_t *octets, size_t n)
{
	if (!n)
		return;
	j->stats.packets++;
	if (n > JITTER_OCTETS / 2) {
		j->stats.overflow++;
		return;
	}
	if (j->started && ssrc == j->ssrc && came_before(j, timestamp)) {
		j->stats.duplicate++;
		return;
	}
	if (!judge(j, ssrc, timestamp, n))
		return;
	shorten_in_pause(j, timestamp);
	judge_gap(j, timestamp);
	measure(j, after(timestamp, j->play_ts), n);
	store(j, timestamp, octets, n);
}

/* Leaves N octets out: a pause in the talk gets shorter. */
static void leave_out(struct jitter *j, size_t n)
{
	for (size_t o = 0; o < n; o++)
		forget(j, j->play_ts++);
	j->surplus_octets -= (unsigned)n;
	j->lead = j->lead > n ? j->lead - (unsigned)n : 0;
	set_target(j, j->target_octets > n ? j->target_octets - (unsigned)n : 0);
	measure_anew(j);
}

static uint8_t fill(struct jitter *j)
{
	if (j->lead || j->filled_octets >= (j->fixed ? FIXED_FILL : JITTER_FILL_OCTETS))
		return j->silence;
	j->filled_octets++;
	return j->tail[j->tail_at];
}

static uint8_t play(struct jitter *j)
{
	uint32_t ts = j->play_ts;
	uint8_t octet;

	if (have(j, ts)) {
		octet = j->ring[ts % JITTER_OCTETS];
		forget(j, ts);
		j->filled_octets = 0;
		j->lead = 0;
	} else {
		octet = fill(j);
		if (j->lead)
			j->lead--;
		else if (after(j->last_ts, ts) > 0)
			j->stats.lost_octets++;
	}
	j->tail[j->tail_at] = octet;
	j->tail_at = (j->tail_at + 1) % JITTER_FILL_OCTETS;
	j->play_ts++;
	return octet;
}

void jitter_get(struct jitter *j, uint8_t *octets, size_t n)
{
	if (!j->started) {
		memset(octets, j->silence, n);
		return;
	}
	if (!j->fixed && n && j->surplus_octets >= n && quiet(j, n))
		leave_out(j, n);
	if (j->fixed && j->wanted_octets)
		grow_in_pause(j);
	for (size_t o = 0; o < n; o++)
		octets[o] = play(j);
}
