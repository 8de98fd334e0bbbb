/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/call/capability.h"

#include <string.h>

#define TELEPHONE_EVENT_PT 101

bool capability_t38(const struct config_span *span, const struct config_peer *peer)
{
	return span->fax.t38 && peer->t38;
}

static bool has_codec(const struct config_peer *peer, enum media_codec c)
{
	for (unsigned i = 0; i < peer->ncodecs; i++)
		if (peer->codecs[i] == c)
			return true;
	return false;
}

bool capability_audio(const struct config_peer *peer, const struct media_audio *offered)
{
	for (unsigned i = 0; i < offered->ncodecs; i++)
		if (has_codec(peer, offered->codecs[i]))
			return true;
	return false;
}

bool capability_meets(const struct config_span *span, const struct config_peer *peer, const struct media_desc *offered)
{
	if (!offered->has_audio && !offered->has_image)
		return true;
	if (offered->has_audio && capability_audio(peer, &offered->audio))
		return true;
	return offered->has_image && capability_t38(span, peer);
}

static enum t38_error_correction weaker(enum t38_error_correction a, enum t38_error_correction b)
{
	return a < b ? a : b;
}

static unsigned chosen(unsigned of_peer, unsigned of_span)
{
	return of_peer == CONFIG_AS_SPAN ? of_span : of_peer;
}

void capability_fax(const struct config_span *span, const struct config_peer *peer, struct fax_params *fp)
{
	const struct config_peer_fax *p = &peer->fax;
	struct fax_params f = span->fax;
	unsigned rate = chosen(p->max_rate, f.max_rate);

	f.t38 = capability_t38(span, peer);
	f.t38_start = (enum t38_start)chosen(p->start, f.t38_start);
	f.t38_grace_ms = chosen(p->grace_ms, f.t38_grace_ms);
	/* The span's modems may not have the peer's. */
	f.max_rate = rate < f.max_rate ? rate : f.max_rate;
	f.error_correction = weaker(f.error_correction, peer->t38_error_correction);
	f.redundancy_control = chosen(p->redundancy_control, f.redundancy_control);
	f.redundancy_image = chosen(p->redundancy_image, f.redundancy_image);
	f.redundancy_most = chosen(p->redundancy_most, f.redundancy_most);
	f.fec_span = chosen(p->fec_span, f.fec_span);
	f.fec_entries = chosen(p->fec_entries, f.fec_entries);
	f.no_signals = chosen(p->no_signals, f.no_signals);
	f.assumed_datagram_octets = p->assumed_datagram;
	*fp = f;
}

void capability_media(const struct config_span *span, const struct config_peer *peer, const struct msg_ports *ports,
		      enum addr_family family, bool audio, bool image, struct media_desc *mp)
{
	struct media_desc m = {.has_audio = audio, .has_image = image};
	struct fax_params fax;

	capability_fax(span, peer, &fax);
	m.audio.addr = ports->rtp[family];
	m.audio.ncodecs = peer->ncodecs;
	memcpy(m.audio.codecs, peer->codecs, sizeof(m.audio.codecs));
	m.audio.telephone_event_pt = TELEPHONE_EVENT_PT;
	m.audio.ptime_ms = 20;
	m.image.addr = ports->udptl[family];
	m.image.version = peer->t38_version;
	m.image.max_bit_rate = fax.max_rate;
	m.image.rate_management = T38_TRANSFERRED_TCF;
	m.image.takes_local_tcf = peer->local_tcf;
	m.image.max_buffer_octets = peer->t38_max_buffer;
	m.image.max_datagram_octets = peer->t38_max_datagram;
	m.image.error_correction = fax.error_correction;
	m.image.fill_bit_removal = fax.fill_bit_removal;
	*mp = m;
}
