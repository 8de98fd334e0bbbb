/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_guard: what the line brings is looked at here before libpri sees it: it trusts the other side more than a line
 * deserves. Pure.
 */
#ifndef DAHDI_PRI_GUARD_H
#define DAHDI_PRI_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Q.921 3.2: EA bits, SAPI 0, TEI 0: the only address of a point-to-point primary rate D channel. */
#define PRI_ADDRESS_0_MASK 0xFD /* all but C/R */
#define PRI_ADDRESS_0	   0x00
#define PRI_ADDRESS_1	   0x01

/* Q.921 5.9.3: N201 is 260, and address and control are 4. */
#define PRI_FRAME_OCTETS 264

/* What a Q.931 message begins with. */
struct pri_message {
	bool is_service; /* a maintenance message (AT&T TR 41459, NI-2), not Q.931 */
	unsigned cref_octets;
	unsigned cref; /* without its flag */
	bool theirs;   /* of a call that the other side has begun */
	unsigned type;
	const uint8_t *elements;
	size_t octets; /* of them */
};

/* Why a frame (without FCS) is dropped, or NULL. */
const char *pri_frame_fault(const uint8_t *f, size_t octets);

/* Reads the message of an I frame, M. False if it is of another protocol, or too short. */
bool pri_message_read(const uint8_t *m, size_t octets, struct pri_message *p);
/* True if libpri must not see a message. */
bool pri_message_is_harmful(const struct pri_message *m);
/* Takes the names from subaddresses that are too long for libpri. */
void pri_message_hide_subaddresses(uint8_t *elements, size_t octets);

/* True for DISCONNECT, RELEASE, RELEASE COMPLETE. */
bool pri_message_clears(const struct pri_message *m);
/* The cause value (Q.931 4.5.12), 0 if it has none. */
unsigned pri_message_cause(const struct pri_message *m);

#endif
