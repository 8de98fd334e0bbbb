/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/capability.h"

#include <string.h>

#define TELEPHONE_EVENT_PT 101

bool capability_t38(const struct config_span *span, const struct config_peer *peer)
{
	return span->fax.t38 && peer->t38;
}

static enum t38_error_correction weaker(enum t38_error_correction a, enum t38_error_correction b)
{
	return a < b ? a : b;
}

void capability_media(const struct config_span *span, const struct config_peer *peer, const struct msg_ports *ports, bool audio, bool image,
		      struct media_desc *mp)
{
	struct media_desc m = {.has_audio = audio, .has_image = image};

	m.audio.addr = ports->rtp;
	m.audio.ncodecs = peer->ncodecs;
	memcpy(m.audio.codecs, peer->codecs, sizeof(m.audio.codecs));
	m.audio.telephone_event_pt = TELEPHONE_EVENT_PT;
	m.audio.ptime_ms = 20;
	m.image.addr = ports->udptl;
	m.image.version = peer->t38_version;
	m.image.max_bit_rate = span->fax.max_rate;
	m.image.rate_management = T38_TRANSFERRED_TCF;
	m.image.max_buffer_octets = peer->t38_max_buffer;
	m.image.max_datagram_octets = peer->t38_max_datagram;
	m.image.error_correction = weaker(span->fax.error_correction, peer->t38_error_correction);
	m.image.fill_bit_removal = span->fax.fill_bit_removal;
	*mp = m;
}
