/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capability: what we can do on a call between a span and a peer, as a media description to offer or to answer with.
 * Pure.
 */
#ifndef GATEWAY_CAPABILITY_H
#define GATEWAY_CAPABILITY_H

#include "conf/config.h"
#include "gateway/base/media.h"
#include "gateway/call/msg.h"

/* True if T.38 may be used between the two. */
bool capability_t38(const struct config_span *span, const struct config_peer *peer);

/* True if one of the codecs that a peer OFFERED can be taken. */
bool capability_audio(const struct config_peer *peer, const struct media_audio *offered);
/* True if something of what a peer OFFERED can be taken, or it has offered nothing: then we do. */
bool capability_meets(const struct config_span *span, const struct config_peer *peer, const struct media_desc *offered);

/* The settings of faxes between the two: the span's, with what the peer says in their place. */
void capability_fax(const struct config_span *span, const struct config_peer *peer, struct fax_params *fp);

/* Fills *MP with audio, image or both at PORTS (a span's answer) of FAMILY. */
void capability_media(const struct config_span *span, const struct config_peer *peer, const struct msg_ports *ports,
		      enum addr_family family, bool audio, bool image, struct media_desc *mp);

#endif
