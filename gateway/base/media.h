/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * media: what a call's media is, as plain data: the same struct says what we can do, what a peer offers and what both
 * have agreed. It is what travels between SDP (sip/), the bearer (gateway/) and configuration.
 */
#ifndef BASE_MEDIA_H
#define BASE_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"

enum media_codec { CODEC_PCMA, CODEC_PCMU, CODEC_COUNT };

/* RFC 3551 payload types: PCMU 0, PCMA 8. */
int media_codec_pt(enum media_codec c);
const char *media_codec_name(enum media_codec c);	/* "PCMA", "PCMU" */
bool media_codec_parse(const char *name, enum media_codec *cp);	/* any case; also "alaw", "ulaw" */

enum media_direction { MEDIA_SENDRECV, MEDIA_SENDONLY, MEDIA_RECVONLY, MEDIA_INACTIVE };

struct media_audio {
	struct addr addr;		/* where the speaker of this description receives RTP */
	struct addr rtcp;		/* where he receives RTCP, if he says so (RFC 3605); else one port higher */
	unsigned ncodecs;
	enum media_codec codecs[CODEC_COUNT];	/* in order of preference; agreed: the first one is used */
	uint8_t dynamic_pt[CODEC_COUNT]; /* by codec: its payload type, where it is not the static one; 0: it is */
	int telephone_event_pt;		/* RFC 4733 payload type, -1: none */
	int our_telephone_event_pt;	/* agreed: what we said, where the peer said another; 0: the same */
	bool vbd;			/* voice-band data (V.152): a fax may be sent as VBD_CODEC with VBD_PT */
	enum media_codec vbd_codec;
	uint8_t vbd_pt;
	unsigned ptime_ms;		/* 0: not said (20) */
	enum media_direction direction;	/* as the speaker says it of himself */
};

/* The payload type that the speaker of A wants of codec C. */
int media_audio_pt(const struct media_audio *a, enum media_codec c);
/* True if A and B have the same payload types, in the same order, for the same: codecs, events, voice-band data. */
bool media_audio_same_types(const struct media_audio *a, const struct media_audio *b);

enum t38_rate_management { T38_TRANSFERRED_TCF, T38_LOCAL_TCF };
enum t38_error_correction { T38_EC_NONE, T38_EC_REDUNDANCY, T38_EC_FEC };

const char *t38_error_correction_name(enum t38_error_correction ec);	/* "none", "redundancy", "fec" */

struct media_t38 {
	struct addr addr;		/* where the speaker receives UDPTL */
	unsigned version;		/* T38FaxVersion */
	unsigned max_bit_rate;		/* T38MaxBitRate, bit/s */
	enum t38_rate_management rate_management;
	bool takes_local_tcf;		/* ours: localTCF is done where the peer says it. Not in the SDP */
	bool said_local_tcf;		/* agreed: the peer said localTCF, whatever is done */
	unsigned max_buffer_octets;	/* T38FaxMaxBuffer; 0: not said */
	unsigned max_datagram_octets;	/* T38FaxMaxDatagram as it stands in the SDP; 0: not said */
	enum t38_error_correction error_correction;
	bool fill_bit_removal, transcoding_mmr, transcoding_jbig;
};

struct media_desc {
	bool has_audio, has_image;	/* both: both are offered (or both were accepted) */
	struct media_audio audio;
	struct media_t38 image;
};

#endif
