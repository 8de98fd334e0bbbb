/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_damage: a bad line between an E1 and a fax machine, both ways, on linear samples. A span's exchange puts one
 * before each of its B channels (exchange_damage()), bare spandsp before its gateway. The same seed does the same
 * damage.
 *
 *     E1 -> codes -> slips, cuts -> band, offset, level -> noise, the machine's own echo -> machine
 *     E1 <- slips, cuts <- codes <- noise, echo of the gateway <- band, offset, level <- machine
 */
#ifndef SIM_LINE_DAMAGE_H
#define SIM_LINE_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/line_filter.h"

/* From when on slips and cuts are counted: from the first sound on, they befall the same places of two faxes of which
 * one has more silence, or signalling, before it. */
enum line_since { LINE_SINCE_BEGIN, LINE_SINCE_MACHINE_SPEAKS, LINE_SINCE_E1_SPEAKS };

struct line_damage {
	int seed;
	enum line_since since;
	float gain_db;	    /* both ways... */
	float gain_from_db; /* ...and more of what the machine says */
	float noise_dbm0;   /* white, over 0-4 kHz, at both ends; 0: none */
	float impulse_dbm0; /* bursts of noise, 0.5 to 3 ms long, at both ends; 0: none... */
	float impulse_s;    /* ...so far apart, in the mean */
	enum line_filter_kind filter;
	float shift_hz;
	/* What is said to the line comes back so much fainter (below 0; 0: none) and so much later, up to 1000 ms: to
	 * the E1 by the exchange's hybrid, to the machine by its own or by one far away. */
	float echo_db, echo_ms;
	float own_echo_db, own_echo_ms;
	float slip_s;	 /* an octet is lost or doubled every so many seconds, each way; 0: never */
	float cut_s;	 /* silence every so many seconds, each way; 0: never */
	unsigned cut_ms; /* of so long */
	bool ulaw;	 /* A-law to mu-law and back, as on the way across a border */
	bool robbed;	 /* of mu-law, the lowest bit of every sixth octet (T1's signalling) */
};

struct damaged_line;

bool line_damage_is_any(const struct line_damage *d);
/* SALT tells apart the lines of one seed. 0 or ENOMEM. */
int damaged_line_alloc(struct damaged_line **lp, const struct line_damage *d, uint32_t salt);
void damaged_line_free(struct damaged_line *l);

/* N samples on their way, in place; time passes by as much. Call both for each block, in either order. */
void damaged_line_to_machine(struct damaged_line *l, int16_t *samples, size_t n);
void damaged_line_from_machine(struct damaged_line *l, int16_t *samples, size_t n);

#endif
