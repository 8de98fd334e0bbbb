/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of the media of a call: T.38 asked for by either side, taken, refused, given back. */
#include "gateway/sipside/leg_sip_own.h"

#include <errno.h>

#include "gateway/base/log.h"
#include "gateway/call/capability.h"
#include "gateway/sipside/sipside.h"

const struct config_peer *leg_sip_peer_conf(const struct leg_sip *l)
{
	return &l->side->config->peers[l->peer];
}

struct msg leg_sip_msg(const struct leg_sip *l, enum msg_type type)
{
	return (struct msg){.type = type, .call = l->id, .span = l->span};
}

void leg_sip_take_family(struct leg_sip *l, const struct addr *a)
{
	enum addr_family f = addr_family(a);

	/* 0.0.0.0 is the old hold, and says nothing of the family (RFC 3264 8.4) */
	if (addr_is_set(a) && !addr_is_any(a) && addr_is_set(&l->side->config->media_address[f]))
		l->family = f;
}

void leg_sip_take_media_family(struct leg_sip *l, const struct media_desc *media)
{
	if (media->has_audio)
		leg_sip_take_family(l, &media->audio.addr);
	if (media->has_image)
		leg_sip_take_family(l, &media->image.addr);
}

void leg_sip_say_media(struct leg_sip *l, enum msg_type type, const struct media_desc *agreed, bool inband)
{
	struct msg m = leg_sip_msg(l, type);

	leg_sip_take_media_family(l, agreed);
	m.state.media = *agreed;
	m.state.inband = inband;
	leg_sip_say(l, &m);
}

static void say_refused(struct leg_sip *l, unsigned status)
{
	struct msg m = leg_sip_msg(l, MSG_T38_REFUSED);

	m.status = status;
	leg_sip_say(l, &m);
}

void leg_sip_local_media(const struct leg_sip *l, bool audio, bool image, struct media_desc *mp)
{
	capability_media(leg_sip_span_conf(l), leg_sip_peer_conf(l), &l->ports, l->family, audio, image, mp);
}

void leg_sip_allow_vbd(const struct leg_sip *l, struct media_desc *m)
{
	if (!m->has_audio || leg_sip_peer_conf(l)->vbd == VBD_NO)
		return;
	m->audio.vbd = true;
	m->audio.vbd_codec = m->audio.codecs[0];
	m->audio.vbd_pt = (uint8_t)media_audio_pt(&m->audio, m->audio.codecs[0]);
}

/* T.38 would be asked for as soon as the call is answered. */
static bool starts_at_answer(const struct leg_sip *l)
{
	struct fax_params fax;

	capability_fax(leg_sip_span_conf(l), leg_sip_peer_conf(l), &fax);
	return fax.t38_start == T38_START_AT_ANSWER || (l->is_fax && fax.t38_start != T38_START_WAIT);
}

void leg_sip_answer_media(const struct leg_sip *l, struct media_desc *mp)
{
	const struct config_peer *peer = leg_sip_peer_conf(l);
	bool audio = l->offered.has_audio && capability_audio(peer, &l->offered.audio);
	bool image =
		l->offered.has_image && (!audio || starts_at_answer(l)) && capability_t38(leg_sip_span_conf(l), peer);

	leg_sip_local_media(l, !image, image, mp);
	if (l->offered.has_audio)
		leg_sip_allow_vbd(l, mp);
}

void leg_sip_confirmed(void *owner, const void *data)
{
	const struct session_event *e = data;

	if (e->media.has_audio || e->media.has_image)
		leg_sip_say_media(owner, MSG_MEDIA, &e->media, false);
}

void leg_sip_ask_t38(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	struct media_desc image;
	int err;

	/* the peer that took the call may be another than the first, and have no T.38 */
	if (!capability_t38(leg_sip_span_conf(l), leg_sip_peer_conf(l))) {
		say_refused(l, 488);
		return;
	}
	leg_sip_local_media(l, false, true, &image);
	err = session_reinvite(l->session, &image);
	l->asked_t38 = !err;
	if (err == EBUSY)
		log_info(l->prefix, "T.38 cannot be asked for now: a re-INVITE of ours is running");
	if (err)
		say_refused(l, 491);
}

void leg_sip_cancel_t38(void *owner, const void *data)
{
	struct leg_sip *l = owner;

	if (l->asked_t38)
		session_reinvite_cancel(l->session);
}

/* The fax passes in G.711. */
static void offer_audio(struct leg_sip *l)
{
	struct media_desc audio;

	leg_sip_local_media(l, true, false, &audio);
	leg_sip_allow_vbd(l, &audio);
	session_reinvite(l->session, &audio);
}

void leg_sip_reanswered(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct session_event *e = data;

	if (e->media.has_audio || e->media.has_image) {
		l->asked_t38 = false;
		leg_sip_say_media(l, MSG_MEDIA, &e->media, false);
		return;
	}
	if (!l->asked_t38) {
		leg_sip_drop_for_peer(l, Q850_BEARER_NOT_IMPLEMENTED, "the peer declines all media");
		return;
	}
	/* port 0: the peer will not have the image, and by RFC 3264 there is no media now: offer the audio again */
	l->asked_t38 = false;
	say_refused(l, 0);
	offer_audio(l);
}

void leg_sip_rerefused(void *owner, const void *data)
{
	unsigned status = ((const struct session_event *)data)->status;
	struct leg_sip *l = owner;

	if (!l->asked_t38)
		return;
	l->asked_t38 = false;
	say_refused(l, status);
	/* not where the peer is silent, or asks for something itself */
	if (leg_sip_peer_conf(l)->vbd == VBD_REINVITE && status != 408 && status != 491)
		offer_audio(l);
}

/* The peer's re-INVITE. An image it offers is a fax it is sure of, so it is preferred to audio beside it. */
void leg_sip_reoffer(void *owner, const void *data)
{
	struct leg_sip *l = owner;
	const struct session_event *e = data;
	bool image = e->media.has_image && capability_t38(leg_sip_span_conf(l), leg_sip_peer_conf(l));
	struct media_desc local, agreed;

	if (!image && !e->media.has_audio && e->media.has_image) {
		log_notice(l->prefix, "the peer asks for T.38, which the configuration does not allow: 488");
		session_rerefuse(l->session, 488, "T.38 is not allowed here");
		return;
	}
	leg_sip_take_media_family(l, &e->media);
	leg_sip_local_media(l, !image, image, &local);
	leg_sip_allow_vbd(l, &local);
	if (!session_reaccept(l->session, &local, &agreed))
		leg_sip_say_media(l, MSG_MEDIA, &agreed, false);
}
