/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dtmf: the telephone events of RFC 4733 (packets) as DTMF of Q.23 (sound): what a SIP peer sends as events is played
 * to the line. A digit sounds from its first packet on for as long as its packets say, at least 50 ms, and 50 ms of
 * silence follow; packets that come again are passed over. Linear samples, 8 kHz.
 */
#ifndef T38_DTMF_H
#define T38_DTMF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTMF_QUEUE 16 /* digits that may wait: more are dropped */

struct dtmf;

int dtmf_alloc(struct dtmf **dp); /* 0 or ENOMEM */
void dtmf_free(struct dtmf *d);

/*
 * The payload of an RTP packet of type telephone-event, with the packet's SSRC and timestamp, which is the event's
 * beginning (RFC 4733 2.1). Events other than the 16 digits (0 to 15, RFC 4733 3.2) are passed over. Returns NULL, or
 * what is wrong (static text).
 */
const char *dtmf_event(struct dtmf *d, uint32_t ssrc, uint32_t timestamp, const uint8_t *payload, size_t octets);

/* Fills N samples, or returns false and leaves them alone: nothing is to be played. */
bool dtmf_play(struct dtmf *d, int16_t *samples, size_t n);

#endif
