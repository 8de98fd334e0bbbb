/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * media_policy: what a SIP peer needs of our media, beside what its SDP says: as plain data, shared by configuration
 * and the bearer.
 */
#ifndef BASE_MEDIA_POLICY_H
#define BASE_MEDIA_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* Whose packets are taken for the peer's, and where we send. */
enum media_nat {
	MEDIA_NAT_NO,	     /* from the host that its SDP names; to the address that its SDP names */
	MEDIA_NAT_SYMMETRIC, /* from the host that its SDP names; to where they come from */
	MEDIA_NAT_LATCH,     /* from whoever sends the first valid packet; to where they come from */
	MEDIA_NAT_COUNT
};

const char *media_nat_name(enum media_nat n); /* "no", "symmetric", "latch" */

/* What becomes of RTP while the media is T.38. */
enum media_rtp_in_t38 { MEDIA_RTP_STOPS, MEDIA_RTP_GOES_ON, MEDIA_RTP_COUNT };

const char *media_rtp_in_t38_name(enum media_rtp_in_t38 r); /* "stop", "keep" */

/* How the digits of the line go to the peer. */
enum media_dtmf {
	MEDIA_DTMF_INBAND, /* as the sound that they are */
	MEDIA_DTMF_EVENTS, /* as telephone events (RFC 4733), where the peer takes them */
	MEDIA_DTMF_COUNT
};

const char *media_dtmf_name(enum media_dtmf d); /* "inband", "events" */

struct media_policy {
	enum media_nat nat;
	uint32_t nat_relatch_ms; /* a source silent for so long may be another now; 0: never */
	enum media_rtp_in_t38 rtp_in_t38;
	bool rtcp;
	enum media_dtmf dtmf;
};

#endif
