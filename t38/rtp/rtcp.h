/* SPDX-License-Identifier: GPL-2.0-only */
/* rtcp: RTCP packets (RFC 3550 6), pure: compound packets of one sender that report of one stream. */
#ifndef T38_RTCP_H
#define T38_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RTCP_MAX_OCTETS	  1500
#define RTCP_CNAME_OCTETS 32

/* A reception report block (6.4.1). */
struct rtcp_block {
	uint32_t ssrc;	      /* of the stream that it is about */
	uint8_t fraction_256; /* lost since the last one */
	int32_t lost;	      /* cumulative, 24 bits */
	uint32_t highest;     /* sequence number, extended */
	uint32_t jitter;      /* in samples */
	uint32_t lsr, dlsr;   /* the last SR's NTP time, its middle 32 bits; how long ago, in 65536ths of a second */
};

struct rtcp_packet {
	uint32_t ssrc;	    /* the sender's */
	bool sr;	    /* it sends RTP: the next four are given */
	uint64_t ntp;	    /* its clock: seconds and 2^32ths */
	uint32_t timestamp; /* of RTP, at that time */
	uint32_t packets, octets;
	bool has_block;
	struct rtcp_block block;
	bool bye;
	char cname[RTCP_CNAME_OCTETS]; /* read: not looked at */
};

/*
 * Reads a compound packet, of whatever sender, as RFC 3550 A.2 wants it: SR or RR first, lengths that add up, padding
 * in the last one only. Of its blocks the one about OUR_SSRC counts. SDES, APP and what is not known (XR and others)
 * are passed over. Returns NULL, or what is wrong (static text).
 */
const char *rtcp_read(const void *p, size_t len, uint32_t our_ssrc, struct rtcp_packet *kp);

/* Writes SR or RR, SDES with the CNAME, and BYE if it is one. Returns the length, 0 when it does not fit. */
size_t rtcp_write(const struct rtcp_packet *k, void *p, size_t room);

#endif
