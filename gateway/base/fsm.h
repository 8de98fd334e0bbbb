/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fsm: state machines as tables.
 *
 * A machine is described once by a struct fsm_def: names, the rules (state, event -> action, next state),
 * what is done on entering and leaving a state, and the states' timeouts. Every change of state passes
 * fsm_event(), which logs the old state, the event and the new state. An event no rule accepts in the
 * present state is logged and counted, and changes nothing.
 *
 * An action may raise further events with fsm_event(): they are queued and taken after the running
 * transition is complete, in order.
 */
#ifndef BASE_FSM_H
#define BASE_FSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "timer.h"

#define FSM_ANY (-1)		/* rule: in every state; looked up after the state's own rules */
#define FSM_STAY (-2)		/* rule: the state does not change (no leave, no enter, timeout runs on) */

typedef void (fsm_h)(void *owner, const void *data);	/* DATA is what fsm_event() was given */

struct fsm_rule {
	int state, event;
	fsm_h *action;		/* may be NULL */
	int next;
};

struct fsm_state {
	const char *name;
	void (*enter)(void *owner);
	void (*leave)(void *owner);
};

/* A state's timeout: raises EVENT when the machine has been in STATE for so long. INDEX picks the value from
 * the timeouts_ms array given to fsm_init(), so that configuration may change it. 0 there: no timeout. */
struct fsm_timeout {
	int state, event;
	unsigned index;
};

struct fsm_def {
	const char *name;
	const struct fsm_state *states;
	size_t nstates;
	const char *const *events;
	size_t nevents;
	const struct fsm_rule *rules;
	size_t nrules;
	const struct fsm_timeout *timeouts;
	size_t ntimeouts;
};

/* The description made of four arrays. */
#define FSM_DEF(NAME, STATES, EVENTS, RULES, TIMEOUTS)                                                                 \
	{                                                                                                              \
		.name = (NAME), .states = (STATES), .nstates = sizeof(STATES) / sizeof((STATES)[0]),                   \
		.events = (EVENTS), .nevents = sizeof(EVENTS) / sizeof((EVENTS)[0]), .rules = (RULES),                 \
		.nrules = sizeof(RULES) / sizeof((RULES)[0]), .timeouts = (TIMEOUTS),                                  \
		.ntimeouts = sizeof(TIMEOUTS) / sizeof((TIMEOUTS)[0])                                                  \
	}

#define FSM_QUEUE 8		/* events an action may leave waiting */

struct fsm {
	const struct fsm_def *def;
	void *owner;
	const char *prefix;	/* log prefix, owned by the owner */
	struct timers *timers;
	const uint32_t *timeouts_ms;
	struct timer timer;
	int state;
	bool busy;
	unsigned nqueued;
	int queue[FSM_QUEUE];
	uint64_t unexpected;
};

/* PREFIX, TIMERS and TIMEOUTS_MS (indexed by fsm_timeout.index; NULL: no timeouts) must outlive F. Enters STATE
 * without calling its enter hook. */
void fsm_init(struct fsm *f, const struct fsm_def *def, int state, void *owner, const char *prefix,
	      struct timers *timers, const uint32_t *timeouts_ms);
void fsm_fini(struct fsm *f);	/* stops the timeout */

/* Runs EVENT through the table. DATA is passed to the action and must not be kept; an event raised from within
 * an action is queued and its DATA must be NULL. Returns true if a rule took (or the queue accepted) it. */
bool fsm_event(struct fsm *f, int event, const void *data);

const char *fsm_state_name(const struct fsm *f);

/* Checks a table: states and events in range, names set, no rule twice, every state reached, every state but
 * those in TERMINAL (a bit mask) left by some rule. Returns NULL or what is wrong (static text). For tests. */
const char *fsm_check(const struct fsm_def *def, uint64_t terminal);

#endif
