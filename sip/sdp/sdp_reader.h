/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_reader: the state of sdp_read(), shared by sdp_read.c (lines) and sdp_attr.c (a= lines). Private.
 */
#ifndef SIP_SDP_READER_H
#define SIP_SDP_READER_H

#include "sdp.h"
#include "sdp_word.h"

#define SDP_PAYLOAD_TYPE_MAX 127 /* RTP, RFC 3550 5.1 */

/* What each payload type of an m=audio line is. */
struct sdp_codecs {
	uint8_t is[SDP_PAYLOAD_TYPE_MAX + 1]; /* SDP_PT_CODEC: that, plus enum media_codec */
	bool vbd[SDP_PAYLOAD_TYPE_MAX + 1];   /* for voice-band data, V.152 */
	/* Those of the m= line, in its order, each once: a line of 64 KB may name one ten thousand times. */
	uint8_t list[SDP_PAYLOAD_TYPE_MAX + 1];
	unsigned count;
};
enum { SDP_PT_OTHER, SDP_PT_EVENT, SDP_PT_CODEC };

struct sdp_reader {
	struct sdp sdp;
	struct sdp_stream session; /* what streams inherit */
	struct sdp_stream *at;	   /* what a= lines are about: SESSION or the last of SDP.streams */
	struct addr session_addr, addr;
	struct word formats;	   /* of AT, whole */
	bool own_addr;		   /* AT has had a c= of its own */
	bool named, session_named; /* the c= of AT, of the session, has a host name */
	unsigned port, line, stream_line;
	unsigned rtcp_port;			   /* of AT, 0: not said */
	unsigned session_maxptime_ms, maxptime_ms; /* 0: not said */
	struct sdp_codecs codecs;
	char *why;
	size_t room;
};

/* Fills in what a stream is when no attribute says otherwise. */
void sdp_attr_defaults(struct sdp_stream *s);

/* One a= line, without "a=". What is not known is passed over. */
void sdp_attr_read(struct sdp_reader *r, struct word value);

/* sdp_codec.c: an m=audio line begins, its a=rtpmap and a=gpmd lines, its end: the codecs of its formats. */
void sdp_codec_begin(struct sdp_reader *r);
void sdp_codec_rtpmap(struct sdp_reader *r, struct word value);
void sdp_codec_gpmd(struct sdp_reader *r, struct word value);
void sdp_codec_end(struct sdp_reader *r);

#endif
