/* SPDX-License-Identifier: GPL-2.0-only */
/* Why an offer has nothing for us, in the words and codes of a Warning header (RFC 3261 20.43). */
#include <string.h>
#include <strings.h>

#include "offer.h"

/* In the order in which they are told where several hold: what is nearest to what we could take comes first. */
enum fault {
	FAULT_ADDRESS,
	FAULT_CODEC,
	FAULT_SECURE,
	FAULT_FEEDBACK,
	FAULT_TRANSPORT,
	FAULT_T38_TRANSPORT,
	FAULT_MEDIA,
	FAULT_NONE
};

static const struct {
	unsigned code;
	const char *text;
} faults[FAULT_NONE] = {
	[FAULT_ADDRESS] = {301, "the address of the media is a host name: numbers are taken"},
	[FAULT_CODEC] = {305, "no codec of the offer is taken: G.711 is (PCMA, PCMU)"},
	[FAULT_SECURE] = {302, "SRTP is not taken: RTP/AVP is"},
	[FAULT_FEEDBACK] = {302, "RTP/AVPF is not taken: RTP/AVP is"},
	[FAULT_TRANSPORT] = {302, "the transport of the audio is not taken: RTP/AVP is"},
	[FAULT_T38_TRANSPORT] = {302, "the transport of the image is not taken: T.38 over UDPTL is"},
	[FAULT_MEDIA] = {304, "the offer has no media that is taken: audio and T.38 are"},
};

static bool begins(const char *text, const char *with)
{
	return !strncasecmp(text, with, strlen(with));
}

static enum fault fault_of(const struct sdp_stream *s)
{
	if (s->declined)
		return FAULT_MEDIA;
	if (s->named)
		return FAULT_ADDRESS;
	if (!strcasecmp(s->media, "image"))
		return FAULT_T38_TRANSPORT;
	if (strcasecmp(s->media, "audio") != 0)
		return FAULT_MEDIA;
	if (s->kind == SDP_AUDIO)
		return FAULT_CODEC;
	if (begins(s->transport, "RTP/SAVP") || begins(s->transport, "UDP/TLS/"))
		return FAULT_SECURE;
	return begins(s->transport, "RTP/AVPF") ? FAULT_FEEDBACK : FAULT_TRANSPORT;
}

const char *offer_fault(const struct sdp *offer)
{
	enum fault worst = FAULT_MEDIA;
	struct media_desc m;

	offer_read(offer, &m);
	if (m.has_audio || m.has_image)
		return NULL;
	for (unsigned i = 0; i < offer->nstreams; i++) {
		enum fault f = fault_of(&offer->streams[i]);

		if (f < worst)
			worst = f;
	}
	return faults[worst].text;
}

unsigned offer_fault_code(const char *text)
{
	for (unsigned i = 0; i < FAULT_NONE; i++)
		if (!strcmp(faults[i].text, text))
			return faults[i].code;
	return 0;
}
