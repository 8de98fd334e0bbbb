/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp: session descriptions (RFC 4566, RFC 3264; T.38 annex D), as text and as a plain struct. Pure.
 */
#ifndef SIP_SDP_H
#define SIP_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/media.h"

#define SDP_MAX_STREAMS 8
#define SDP_TEXT_OCTETS 4096 /* enough for whatever sdp_write() may write with SDP_MAX_STREAMS streams */

enum sdp_kind {
	SDP_AUDIO, /* m=audio ... RTP/AVP with what we can use or not: see ncodecs */
	SDP_IMAGE, /* m=image ... udptl t38 */
	SDP_OTHER, /* anything else: kept so that it can be declined in its place */
};

struct sdp_stream {
	enum sdp_kind kind;
	bool declined; /* port 0 */
	bool named;    /* SDP_OTHER for its c= alone, which has the name of a host: nobody looks it up */
	/* The m= line's media, transport and formats as they stood, to be repeated in an answer. Cut where longer. */
	char media[16], transport[24], formats[128];
	struct media_audio audio; /* SDP_AUDIO */
	struct media_t38 t38;	  /* SDP_IMAGE; defaults filled in (version 0, 14400, transferredTCF, redundancy) */
};

struct sdp {
	char session_id[24], session_version[24]; /* o= */
	unsigned nstreams;
	struct sdp_stream streams[SDP_MAX_STREAMS];
};

/*
 * Reads LEN octets of SDP. Attribute names in any case; booleans bare or :0/:1; missing or absurd numbers get their
 * defaults or are clamped; c= at session or media level; IPv4 and IPv6. Lines may end in LF only.
 *
 * Every stream that is not declined and not SDP_OTHER has an address on return; it may be 0.0.0.0 (hold as it was
 * before RFC 3264: an audio stream's direction then says sendonly or inactive). Codecs that Faxspan has not are passed
 * over: an audio stream may have none left. RTP/SAVP and the like, T.38 over TCP or RTP, and what has its address
 * as a host name, are SDP_OTHER. The o=
 * version and name of the session are digits, or empty.
 *
 * Returns NULL, or what is wrong: "line N: ..." in WHY (room octets), returned. More than SDP_MAX_STREAMS streams:
 * refused.
 */
const char *sdp_read(const char *text, size_t len, struct sdp *sp, char *why, size_t room);

/*
 * Writes it, with a NUL behind it. Returns its length without the NUL, or 0 when it does not fit. User name of o= is
 * "faxspan", s= is "-". SDP_OTHER streams, and audio without codecs, are always written with port 0; an empty
 * session_id or session_version as 0.
 */
size_t sdp_write(const struct sdp *s, char *text, size_t room);

#endif
