/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cause: why a call ended, from Q.850 to SIP and back. One table serves both ways. Pure.
 *
 * The mapping is that of RFC 3398, 7.2.4.1 (to SIP) and 8.2.6.1 (from SIP). Where the RFC leaves it open:
 *   - A cause it does not list is taken as the unspecified one of its class (as Q.850 has its receivers do): 44 as 47,
 *     97 as 111.
 *   - Cause 16 is a BYE or CANCEL; an INVITE not yet answered needs a status all the same, and gets 480 (as with 31).
 *   - 487 answers a CANCEL: 16. 488 and 606 would go by their Warning header; what peers refuse with them is our
 *     media: 65.
 *   - A status it does not list is 31, 6xx and 3xx too.
 * A Reason header with a Q.850 cause (RFC 3326, RFC 6432) goes before all this: use it instead.
 */
#ifndef GATEWAY_CAUSE_H
#define GATEWAY_CAUSE_H

#include <stdbool.h>

/* The final status to an INVITE, 400 to 606, for a call that ended before it was answered with Q.850 cause Q850 (any
 * number; 0 and those over 127 are taken as 31). */
unsigned cause_to_sip(unsigned q850);

/* The Q.850 cause, 1 to 127, for a call that STATUS ended (300 to 699); 0 is a BYE or CANCEL without a Reason. */
unsigned cause_from_sip(unsigned status);

/* True if Q850 says that the span could not carry the call, which another span may: no channel, or no D channel. */
bool cause_is_of_span(unsigned q850);

#endif
