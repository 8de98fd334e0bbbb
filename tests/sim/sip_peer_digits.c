/* SPDX-License-Identifier: GPL-2.0-only */
/* Telephone events in place of audio (RFC 4733). A packet is 20 ms. */
#include <string.h>

#include "sip_peer_priv.h"

#define BLOCK_SAMPLES  160
#define BEGIN_PACKETS  50
#define DIGIT_PACKETS  5 /* the last of them is sent twice more */
#define REPEATED       2
#define PERIOD_PACKETS 12

size_t speer_digit_packet(struct peer_call *c, uint8_t *out)
{
	static const char events[] = "0123456789*#ABCD";
	unsigned at = c->digit_at++, in_digit, duration;
	const char *digits = c->params.digits, *event;

	if (!digits || !c->their_event_pt || at < BEGIN_PACKETS ||
	    (at - BEGIN_PACKETS) / PERIOD_PACKETS >= strlen(digits))
		return 0;
	at -= BEGIN_PACKETS;
	in_digit = at % PERIOD_PACKETS;
	event = strchr(events, digits[at / PERIOD_PACKETS]);
	if (in_digit >= DIGIT_PACKETS + REPEATED || !event)
		return 0;
	if (!in_digit)
		c->digit_time = c->rtp_time;
	duration = (in_digit < DIGIT_PACKETS ? in_digit + 1 : DIGIT_PACKETS) * BLOCK_SAMPLES;
	out[1] = (uint8_t)(c->their_event_pt | (in_digit ? 0 : 0x80));
	for (unsigned i = 0; i < 4; i++)
		out[4 + i] = (uint8_t)(c->digit_time >> (24 - 8 * i));
	out[12] = (uint8_t)(event - events);
	out[13] = (uint8_t)(10 | (in_digit + 1 >= DIGIT_PACKETS ? 0x80 : 0));
	out[14] = (uint8_t)(duration >> 8);
	out[15] = (uint8_t)duration;
	return 16;
}
