/* SPDX-License-Identifier: GPL-2.0-only */
/* registration's inside: for the stack, which owns the machines, and for the tests. */
#ifndef SIP_REGISTRATION_OWN_H
#define SIP_REGISTRATION_OWN_H

#include "sip/auth/credentials.h"
#include "dialog.h"
#include "gateway/base/fsm.h"
#include "registration.h"
#include "sip/txn/txn.h"

#define REGISTRATION_BACKOFF_MIN_S 30 /* RFC 5626 4.5 */
#define REGISTRATION_BACKOFF_MAX_S 1800

enum registration_state {
	REGISTRATION_OFF,
	REGISTRATION_ASKING,  /* REGISTER is out */
	REGISTRATION_HELD,    /* we are registered, and wait until it is to be refreshed */
	REGISTRATION_WAITING, /* it has failed: until it is tried again */
	REGISTRATION_LEAVING, /* a REGISTER that takes it back is out */
	REGISTRATION_GONE,
};

enum registration_event {
	REGISTRATION_EV_START,
	REGISTRATION_EV_GRANTED,
	REGISTRATION_EV_AGAIN, /* refused, but with what would be right */
	REGISTRATION_EV_FAILED,
	REGISTRATION_EV_SILENCE,
	REGISTRATION_EV_DUE,
	REGISTRATION_EV_STOP,
	REGISTRATION_EV_LEFT,
};

enum registration_timeout {
	REGISTRATION_T_ASKING,
	REGISTRATION_T_HELD,	/* set anew by each 200 */
	REGISTRATION_T_WAITING, /* set anew by each failure */
	REGISTRATION_T_LEAVING,
	REGISTRATION_TIMEOUTS
};

extern const struct fsm_def registration_fsm;

struct registration {
	struct sip_stack *stack;
	unsigned peer;
	char prefix[48];
	struct fsm fsm;
	uint32_t timeouts_ms[REGISTRATION_TIMEOUTS];
	struct dialog dialog; /* one Call-ID, one From, and CSeq numbers that rise (RFC 3261 10.2) */
	struct credentials auth;
	struct txn *asking;
	unsigned expires_s; /* what we ask for */
	unsigned failures;  /* in a row */
	unsigned retry_after_s;
	bool raised; /* expires_s, by a 423 to this attempt */
	struct sip_registration known;
};

/* A machine for each of the stack's peers; those that have a user register as soon as the loop runs. 0 or ENOMEM. */
int registrations_alloc(struct registration **rp, struct sip_stack *k);
/* Takes back what is registered; it is over at the latest after REGISTRATION_LEAVE_MS. */
void registrations_stop(struct registration *list, unsigned count);
bool registrations_are_leaving(const struct registration *list, unsigned count);
/* The connection with HOP is gone: what was registered by it is registered anew, for the peer may reach us by no
 * other. */
void registrations_lost(struct registration *list, unsigned count, const struct sip_hop *hop);
/* Before the transactions are freed. */
void registrations_free(struct registration *list, unsigned count);

#define REGISTRATION_LEAVE_MS 2000

/* How long to wait after FAILURES in a row: RANDOM (any number) makes the half of it that is by lot. */
uint32_t registration_backoff_ms(unsigned failures, uint32_t random);
/* When to refresh what was granted for EXPIRES_S: early enough for a transaction to fail and one more to go well. */
uint32_t registration_refresh_ms(unsigned expires_s, uint32_t random);

#endif
