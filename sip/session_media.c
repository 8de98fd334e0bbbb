/* SPDX-License-Identifier: GPL-2.0-only */
/* Offers and answers of a session: what is agreed, and what a message would change (RFC 3264, RFC 3261 13.2.1,
 * 14.1). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "session_own.h"

/* Streams of an address family in which we have no media are declined in their place. False: nothing else is left;
 * FAMILYP says which. */
static bool keep_reachable(const struct sip_stack *k, struct sdp *sdp, enum addr_family *familyp)
{
	bool dropped = false, kept = false;

	for (unsigned i = 0; i < sdp->nstreams; i++) {
		struct sdp_stream *st = &sdp->streams[i];
		const struct addr *a = st->kind == SDP_AUDIO ? &st->audio.addr : &st->t38.addr;

		if (st->declined || st->kind == SDP_OTHER)
			continue;
		/* 0.0.0.0 is the old hold: nobody sends there */
		if (!k->no_media[addr_family(a)] || addr_is_any(a)) {
			kept = true;
			continue;
		}
		*familyp = addr_family(a);
		st->kind = SDP_OTHER;
		dropped = true;
	}
	return kept || !dropped;
}

unsigned media_read(const struct sip_session *s, const osip_message_t *m, struct sdp *sdpp, bool *presentp, char *why,
		    size_t room)
{
	enum addr_family family = ADDR_IPV4;
	char reason[160];
	const char *text, *wrong;
	struct sdp sdp;
	size_t len;

	switch (message_find_sdp(m, &text, &len)) {
	case MESSAGE_NO_BODY:
		*presentp = false;
		return 0;
	case MESSAGE_OTHER_BODY:
		snprintf(why, room, "body is not application/sdp");
		return 415;
	case MESSAGE_SDP:
		break;
	}
	wrong = sdp_read(text, len, &sdp, reason, sizeof(reason));
	if (wrong) {
		snprintf(why, room, "SDP %s", wrong);
		return 400;
	}
	if (!keep_reachable(s->stack, &sdp, &family)) {
		snprintf(why, room, MEDIA_NO_FAMILY "%s here", addr_family_name(family));
		return 488;
	}
	*sdpp = sdp;
	*presentp = true;
	return 0;
}

/* o=: the same words keep their version, others get the next (RFC 3264 section 8). */
static void media_stamp(struct session_media *md)
{
	char a[SDP_TEXT_OCTETS], b[SDP_TEXT_OCTETS];
	struct sdp *o = &md->ours;
	size_t n;

	snprintf(o->session_id, sizeof(o->session_id), "%s", md->session_id);
	snprintf(o->session_version, sizeof(o->session_version), "%u", md->version);
	if (md->version) {
		n = sdp_write(o, a, sizeof(a));
		if (n && n == sdp_write(&md->sent, b, sizeof(b)) && !memcmp(a, b, n))
			return;
	}
	snprintf(o->session_version, sizeof(o->session_version), "%u", ++md->version);
	md->sent = *o;
}

void media_offer(struct session_media *md, const struct media_desc *local)
{
	offer_make(local, md->has_agreed ? &md->local : NULL, &md->ours);
	media_stamp(md);
	md->our_offer = true;
}

int media_answer(struct session_media *md, const struct media_desc *local, struct media_desc *agreedp)
{
	struct media_desc agreed;
	struct sdp answer;
	int err;

	memset(&answer, 0, sizeof(answer));
	err = offer_answer(&md->theirs, local, &answer, &agreed);
	if (err)
		return err;
	md->ours = answer;
	media_stamp(md);
	md->result = agreed;
	if (agreedp)
		*agreedp = agreed;
	return 0;
}

int media_move(struct session_media *md, const struct sdp *offer, const struct media_desc *local)
{
	const struct sdp before = md->theirs;
	int err;

	md->theirs = *offer;
	err = media_answer(md, local, NULL);
	if (err)
		md->theirs = before;
	return err;
}

const char *media_result(struct session_media *md, const struct sdp *answer)
{
	struct media_desc agreed;
	const char *wrong = offer_result(&md->ours, answer, &agreed);

	if (wrong)
		return wrong;
	md->theirs = *answer;
	md->result = agreed;
	return NULL;
}

void media_settle(struct session_media *md, const struct media_desc *agreed)
{
	struct media_desc a = *agreed;

	md->local = md->ours;
	md->remote = md->theirs;
	md->agreed = a;
	md->has_agreed = true;
	media_forget(md);
}

void media_forget(struct session_media *md)
{
	md->our_offer = false;
	md->their_offer = false;
	md->early = false;
}

static bool audio_same(const struct media_audio *a, const struct media_audio *b)
{
	return addr_equal(&a->addr, &b->addr) && media_audio_same_types(a, b) && a->ptime_ms == b->ptime_ms &&
	       a->direction == b->direction;
}

static bool image_same(const struct media_t38 *a, const struct media_t38 *b)
{
	return addr_equal(&a->addr, &b->addr) && a->version == b->version && a->max_bit_rate == b->max_bit_rate &&
	       a->rate_management == b->rate_management && a->max_buffer_octets == b->max_buffer_octets &&
	       a->max_datagram_octets == b->max_datagram_octets && a->error_correction == b->error_correction &&
	       a->fill_bit_removal == b->fill_bit_removal && a->transcoding_mmr == b->transcoding_mmr &&
	       a->transcoding_jbig == b->transcoding_jbig;
}

bool media_is_refresh(const struct session_media *md, const struct sdp *offer)
{
	struct media_desc now, then;

	if (!md->has_agreed || offer->nstreams != md->remote.nstreams)
		return false;
	/* Not by the version in o=: there are peers that change the media and forget it (RFC 3264 8). */
	offer_read(offer, &now);
	offer_read(&md->remote, &then);
	return media_same_kind(&now, &then) && (!now.has_audio || audio_same(&now.audio, &then.audio)) &&
	       (!now.has_image || image_same(&now.image, &then.image));
}

bool media_same_kind(const struct media_desc *a, const struct media_desc *b)
{
	return a->has_audio == b->has_audio && a->has_image == b->has_image;
}
