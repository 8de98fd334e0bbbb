/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The payload types of a call's RTP: what a packet that came is, and what ours are. Each side sends by the numbers
 * that the other has given (RFC 3264 5.1, 6.1); one that sends by its own is understood as well.
 */
#include "gateway/bearer/bearer_own.h"
#include "t38/rtp/g711.h"

#define COMFORT_NOISE_PT 13 /* RFC 3389: some send it, agreed or not */

static bool is_event_of_ours(const struct media_audio *a, unsigned pt)
{
	return a->our_telephone_event_pt > 0 && (int)pt == a->our_telephone_event_pt;
}

static bool is_event_of_theirs(const struct media_audio *a, unsigned pt)
{
	return a->telephone_event_pt > 0 && (int)pt == a->telephone_event_pt;
}

/* Any law that was agreed may come at any time (RFC 3264 6.1), by the peer's numbers or by the static ones. */
static bool codec_of(const struct media_audio *a, unsigned pt, enum media_codec *cp)
{
	if (a->vbd && pt == a->vbd_pt) {
		*cp = a->vbd_codec;
		return true;
	}
	for (unsigned i = 0; i < a->ncodecs; i++) {
		if ((int)pt != media_audio_pt(a, a->codecs[i]) && (int)pt != media_codec_pt(a->codecs[i]))
			continue;
		*cp = a->codecs[i];
		return true;
	}
	return false;
}

static void take_voice(struct bearer *b, enum media_codec c, const struct rtp_packet *k)
{
	uint8_t octets[RTP_MAX_OCTETS];

	if (!rtp_rx_take(&b->rtp_rx, k, bearer_now_us(b)))
		return; /* not of the stream that is heard */
	if (c == b->codec) {
		jitter_put(&b->jitter, k->ssrc, k->timestamp, k->payload, k->len);
		return;
	}
	g711_convert(c, b->codec, octets, k->payload, k->len);
	jitter_put(&b->jitter, k->ssrc, k->timestamp, octets, k->len);
}

bool bearer_payload_take(struct bearer *b, const struct rtp_packet *k)
{
	const struct media_audio *a = &b->agreed.audio;
	bool event = is_event_of_ours(a, k->payload_type);
	enum media_codec c;

	if (!event && k->len <= RTP_MAX_OCTETS && codec_of(a, k->payload_type, &c)) {
		take_voice(b, c, k);
		return true;
	}
	if (k->payload_type == COMFORT_NOISE_PT) {
		rtp_rx_take(&b->rtp_rx, k, bearer_now_us(b));
		return true; /* silence is what is played where nothing comes */
	}
	if ((!event && !is_event_of_theirs(a, k->payload_type)) ||
	    dtmf_event(b->dtmf, k->ssrc, k->timestamp, k->payload, k->len))
		return false;
	rtp_rx_take(&b->rtp_rx, k,
		    bearer_now_us(b)); /* some send events as a stream of their own: they sound all the same */
	return true;
}

/* V.152 8: from an answer tone on, and where a fax passes in G.711, what is sent is voice-band data. */
int bearer_payload_out(const struct bearer *b, enum media_codec *cp)
{
	const struct media_audio *a = &b->agreed.audio;

	if (a->vbd && (b->fsm.state == BEARER_PASSTHROUGH || heard_modem(&b->heard))) {
		*cp = a->vbd_codec;
		return a->vbd_pt;
	}
	*cp = b->codec;
	return media_audio_pt(a, b->codec);
}
