/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registration: tells a peer where we are with REGISTER (RFC 3261 10.2), for as long as we run. Each peer that has a
 * register_user is a table machine of the stack and its thread: it registers, refreshes well before the peer forgets
 * us, tries again after a failure, later each time (RFC 5626 4.5), and takes the registration back at the end.
 */
#ifndef SIP_REGISTRATION_H
#define SIP_REGISTRATION_H

#include <stdbool.h>
#include <stdint.h>

struct sip_stack;

#define REGISTRATION_WHY_OCTETS 96

enum sip_registered {
	SIP_REGISTERED_NEVER, /* it is not for us to register there */
	SIP_REGISTERED_TRYING,
	SIP_REGISTERED_YES,
	SIP_REGISTERED_FAILED,
	SIP_REGISTERED_ENDED, /* taken back, or not there any more */
};

const char *sip_registered_name(enum sip_registered r); /* "none", "trying", "registered", "failed", "ended" */

struct sip_registration {
	enum sip_registered state;
	int64_t since_us;		   /* of the state */
	int64_t until_us;		   /* the peer knows us until then; 0: it does not */
	int64_t next_us;		   /* when the next REGISTER goes out; 0: one is out, or none will */
	char why[REGISTRATION_WHY_OCTETS]; /* the last failure; "": there was none since it last went well */
};

struct sip_registration sip_stack_registration(const struct sip_stack *k, unsigned peer);

#endif
