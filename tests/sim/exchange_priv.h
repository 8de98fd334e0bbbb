/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange_priv: what the exchange's files share.
 */
#ifndef SIM_EXCHANGE_PRIV_H
#define SIM_EXCHANGE_PRIV_H

#include <libpri.h>

#include "exchange.h"

#define XLINE_RATE 8000

struct xcall {
	struct exchange *x;
	struct xcall *next; /* in order of their beginning */
	q931_call *q;	    /* NULL: released */
	struct xcall_result r;
	struct xcall_behaviour b;
	int64_t setup_at, answer_at; /* samples; -1: not yet */
	unsigned cref;		     /* of a call from the span */
	bool joined;
	bool alerted, progressed, answered, clearing;
	uint32_t tone_phase;
	struct damaged_line *line; /* NULL: it is good, or nothing has passed yet */
};

struct exchange {
	struct pri *pri;
	struct exchange_params p;
	uint32_t timeslots;
	struct xcall *calls;
	struct xcall *on_slot[TIMESLOT_COUNT];
	bool up, started;
	uint8_t first[3];
	size_t first_octets;
	const uint8_t *rx;
	size_t rx_octets;
	int64_t samples;
	struct line_damage damage;
	bool damaged;
	struct exchange_stats stats;
	struct exchange *next;
};

/* Calls: exchange_call.c */
void xcall_event(struct exchange *x, const pri_event *e);
void xcall_due(struct xcall *c);
void xcall_gone(struct xcall *c);
void xcall_check(struct xcall *c); /* libpri may have forgotten it without a word */
void xcall_drop_ignored(struct exchange *x, unsigned cref);
void xcall_drop_slot(struct exchange *x, unsigned timeslot);

/* Parties: exchange_party.c */
struct pri_sr *xcall_setup_of(const struct exchange *x, const struct exchange_call *call,
			      unsigned slot); /* NULL: no memory */
void xcall_parties_read(struct isdn_parties *p, const pri_event_ring *r);

/* Audio: exchange_audio.c */
void xcall_audio_fini(struct xcall *c); /* and begins anew with what comes next */
void xcall_audio(struct xcall *c, const uint8_t *heard, uint8_t *say);

/* Ladder: exchange_trace.c */
#define Q931_DISCONNECT 0x45
/* Reads the message type and call reference (without its flag) of an I frame with a Q.931 message. */
bool exchange_peek(const uint8_t *frame, size_t octets, unsigned *typep, unsigned *crefp);
void exchange_trace(struct exchange *x, bool sent, const uint8_t *frame, size_t octets);

#endif
