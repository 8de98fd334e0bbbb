/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jitter: a jitter buffer for G.711 over RTP, in octets of one codec, adaptive for speech and tones, fixed for fax in
 * pass-through (where a change of delay would cost a modem its carrier). Pure: it runs on the samples the line asks
 * for.
 */
#ifndef T38_JITTER_H
#define T38_JITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JITTER_OCTETS 4096 /* half a second and a little: what can wait at most, a power of two */
#define JITTER_RECENT 32
/* a gap repeats what was before it for so long, then it is silence; in a fax for three times as long */
#define JITTER_FILL_OCTETS 160

struct jitter_stats {
	uint64_t packets, late, lost_octets, duplicate, overflow, resets;
	unsigned delay_ms; /* the present one */
};

struct jitter {
	uint8_t silence;
	bool fixed;
	unsigned min_ms, max_ms, target_octets;
	struct jitter_stats stats;
	/* private. Times are RTP timestamps; the margin of a packet is how long before its turn it comes. */
	bool started, odd;
	uint32_t ssrc, play_ts, last_ts;   /* what is played next; the end of all that came */
	uint32_t recent_ts[JITTER_RECENT]; /* of the packets that came last, to know repetitions */
	unsigned nrecent, recent_at;
	uint32_t odd_ts;		   /* where a packet far off would have to go on to be believed */
	unsigned lead;			   /* octets of silence on purpose before the stream goes on */
	unsigned late_run, late_score;	   /* late packets in a row; weighed against those in time */
	int32_t least_margin, most_margin; /* of the packets in the present measure */
	unsigned measured_octets, surplus_octets;
	unsigned wanted_octets;		  /* of delay more, in the next pause of a fax */
	unsigned filled_octets, tail_at;  /* of the present gap; where the tail ends */
	uint8_t tail[JITTER_FILL_OCTETS]; /* played last */
	uint8_t ring[JITTER_OCTETS];
	uint8_t have[JITTER_OCTETS / 8];
};

/* Adaptive between MIN_MS and MAX_MS; SILENCE fills what is missing. */
void jitter_init(struct jitter *j, uint8_t silence, unsigned min_ms, unsigned max_ms);
/* (Once until jitter_adapt(); further calls change nothing.) From now on the delay does not change in a signal any more
 * (fax pass-through): it is set once to DELAY_MS, or to the present one if larger; when packets have come too late for
 * it, it grows in the next pause, where no modem hears it. */
void jitter_fix(struct jitter *j, unsigned delay_ms);
/* The delay may change again, within its range: the fax or the modem is over and what follows is talk. */
void jitter_adapt(struct jitter *j);
/* A packet's payload. A new SSRC starts anew, and so do two packets in a row that are far from all others, and many
 * late ones in a row. */
void jitter_put(struct jitter *j, uint32_t ssrc, uint32_t timestamp, const uint8_t *octets, size_t n);
/* The next N octets to play; what is missing is filled (the last 20 ms once more, with the delay fixed for 60 ms,
 * then silence). 20 ms are whole periods of every fax modem's carrier and symbols (1700 and 1800 Hz; 1200, 1600 and
 * 2400 baud): the receiver keeps its phase and its clock. */
void jitter_get(struct jitter *j, uint8_t *octets, size_t n);

#endif
