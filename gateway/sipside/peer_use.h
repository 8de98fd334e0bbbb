/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * peer_use: what the calls of a peer come to: how many there are and may be, and how it has fared. It belongs to the
 * SIP thread.
 */
#ifndef GATEWAY_PEER_USE_H
#define GATEWAY_PEER_USE_H

#include <stdint.h>

#include "gateway/base/log.h"
#include "gateway/sipside/call_rate.h"

struct sipside;
struct leg_sip;

#define PEER_USE_WHY_OCTETS 80

/* All zero at first. */
struct peer_use {
	int64_t held_until_us;		  /* it failed, and is tried last until then; 0: it is not */
	char failed[PEER_USE_WHY_OCTETS]; /* its last failure; "" */
	uint64_t calls_from, calls_to;	  /* that were taken, and that were sent to it */
	uint64_t refused;		  /* for want of room */
	uint64_t moved;			  /* that it failed, and another peer got */
	struct call_rate rate;
	struct log_limit lines;
};

/* Whether there is room for L in the whole gateway, and for L with its peer; if so, it is counted. NULL, or why not, in
 * BUF (PEER_USE_WHY_OCTETS), which is then said in the log, not more often than once a while. */
const char *peer_use_admit_any(struct sipside *s, const struct leg_sip *l, char *buf);
const char *peer_use_admit(struct sipside *s, const struct leg_sip *l, char *buf);

/* The calls there are with PEER, or (-1) with all. */
unsigned peer_use_calls(const struct sipside *s, int peer);

/* For how long PEER, which failed, is to be tried last: its hold_down, or the RETRY_AFTER_S that it asked for, if that
 * is longer, up to an hour; with a hold_down of 0 not at all. */
uint32_t peer_use_hold_ms(const struct sipside *s, unsigned peer, unsigned retry_after_s);
/* PEER failed (WHY), and is tried last for HOLD_MS; that is said once. */
void peer_use_hold(struct sipside *s, unsigned peer, uint32_t hold_ms, const char *why);
/* It responded. */
void peer_use_release(struct sipside *s, unsigned peer);
/* Whether it is to be tried last: it failed lately, or does not answer OPTIONS. */
bool peer_use_is_last(const struct sipside *s, unsigned peer);

/* Its state in words: "up for 10 s", "down for 3 s", "failed, tried last for 20 s", "not probed". */
const char *peer_use_state(const struct sipside *s, unsigned peer, char *buf);
/* The last that is known of it: the answer to OPTIONS, or the failure of a call; "-". */
const char *peer_use_word(const struct sipside *s, unsigned peer, char *buf);

#endif
