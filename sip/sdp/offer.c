/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * offer: see offer.h. Names: "remote" and "agreed" are the peer's own words about himself, cut to what both can do.
 */
#include "offer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static unsigned lower(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Directions as two bits, from the speaker's side. */
#define SENDS	 1u
#define RECEIVES 2u

static unsigned direction_bits(enum media_direction d)
{
	static const unsigned bits[] = {
		[MEDIA_SENDRECV] = SENDS | RECEIVES,
		[MEDIA_SENDONLY] = SENDS,
		[MEDIA_RECVONLY] = RECEIVES,
		[MEDIA_INACTIVE] = 0,
	};

	return bits[d];
}

static enum media_direction direction_of(unsigned bits)
{
	static const enum media_direction d[] = {MEDIA_INACTIVE, MEDIA_SENDONLY, MEDIA_RECVONLY, MEDIA_SENDRECV};

	return d[bits & (SENDS | RECEIVES)];
}

static unsigned other_side(unsigned bits)
{
	return (bits & SENDS ? RECEIVES : 0) | (bits & RECEIVES ? SENDS : 0);
}

static bool has_codec(const struct media_audio *a, enum media_codec c)
{
	for (unsigned i = 0; i < a->ncodecs; i++)
		if (a->codecs[i] == c)
			return true;
	return false;
}

/* Keeps in A the codecs that B has too. */
static void keep_common_codecs(struct media_audio *a, const struct media_audio *b)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < a->ncodecs; i++)
		if (has_codec(b, a->codecs[i]))
			a->codecs[kept++] = a->codecs[i];
	a->ncodecs = kept;
}

/* What of REMOTE's T.38 parameters holds for both: REMOTE's address and limits, the lesser of the rest. */
static struct media_t38 common_t38(const struct media_t38 *remote, const struct media_t38 *local)
{
	struct media_t38 t = *remote;

	t.version = lower(remote->version, local->version);
	t.max_bit_rate = lower(remote->max_bit_rate, local->max_bit_rate);
	if (local->error_correction < remote->error_correction)
		t.error_correction = local->error_correction;
	t.said_local_tcf = remote->rate_management == T38_LOCAL_TCF;
	if (local->rate_management != T38_LOCAL_TCF && !local->takes_local_tcf)
		t.rate_management = T38_TRANSFERRED_TCF;
	t.takes_local_tcf = local->takes_local_tcf;
	t.fill_bit_removal = remote->fill_bit_removal && local->fill_bit_removal;
	t.transcoding_mmr = remote->transcoding_mmr && local->transcoding_mmr;
	t.transcoding_jbig = remote->transcoding_jbig && local->transcoding_jbig;
	return t;
}

static void set_audio_stream(struct sdp_stream *s, const struct media_audio *a)
{
	*s = (struct sdp_stream){.kind = SDP_AUDIO, .media = "audio", .transport = "RTP/AVP", .audio = *a};
	for (unsigned i = 0, len = 0; i < a->ncodecs; i++)
		len += (unsigned)snprintf(s->formats + len, sizeof(s->formats) - len, i ? " %d" : "%d",
					  media_audio_pt(a, a->codecs[i]));
}

static void set_image_stream(struct sdp_stream *s, const struct media_t38 *t)
{
	*s = (struct sdp_stream){
		.kind = SDP_IMAGE, .media = "image", .transport = "udptl", .formats = "t38", .t38 = *t};
}

static void decline(struct sdp_stream *s, const struct sdp_stream *as)
{
	*s = (struct sdp_stream){.kind = as->kind, .declined = true};
	memcpy(s->media, as->media, sizeof(s->media));
	memcpy(s->transport, as->transport, sizeof(s->transport));
	memcpy(s->formats, as->formats, sizeof(s->formats));
}

#define NOWHERE (-1)

static bool in_use(const struct sdp_stream *s)
{
	return !s->declined && s->kind != SDP_OTHER;
}

/* The place of the first stream of KIND in use. */
static int place_of(const struct sdp *s, enum sdp_kind kind)
{
	for (unsigned i = 0; i < s->nstreams; i++)
		if (in_use(&s->streams[i]) && s->streams[i].kind == kind)
			return (int)i;
	return NOWHERE;
}

/* The place for a stream that had none: that of the first in use, or the one beside it if OTHER keeps that. */
static int place_new(const struct sdp *s, int other)
{
	unsigned first = 0;

	while (first < s->nstreams && !in_use(&s->streams[first]))
		first++;
	if (first == s->nstreams)
		first = 0;
	if ((int)first != other)
		return (int)first;
	return first + 1 < SDP_MAX_STREAMS ? (int)first + 1 : (int)first - 1;
}

void offer_make(const struct media_desc *local, const struct sdp *previous, struct sdp *offerp)
{
	struct sdp s = {0}, before = {0};
	int audio, image;

	if (previous)
		before = *previous;
	audio = local->has_audio ? place_of(&before, SDP_AUDIO) : NOWHERE;
	image = local->has_image ? place_of(&before, SDP_IMAGE) : NOWHERE;
	if (local->has_audio && audio == NOWHERE)
		audio = place_new(&before, image);
	if (local->has_image && image == NOWHERE)
		image = place_new(&before, audio);
	s.nstreams = before.nstreams;
	for (unsigned i = 0; i < s.nstreams; i++)
		decline(&s.streams[i], &before.streams[i]);
	if (audio != NOWHERE)
		set_audio_stream(&s.streams[audio], &local->audio);
	if (image != NOWHERE)
		set_image_stream(&s.streams[image], &local->image);
	if ((int)s.nstreams <= audio)
		s.nstreams = (unsigned)audio + 1;
	if ((int)s.nstreams <= image)
		s.nstreams = (unsigned)image + 1;
	*offerp = s;
}

static bool audio_usable(const struct sdp_stream *s)
{
	return s->kind == SDP_AUDIO && !s->declined && s->audio.ncodecs;
}

static bool image_usable(const struct sdp_stream *s)
{
	return s->kind == SDP_IMAGE && !s->declined;
}

void offer_read(const struct sdp *s, struct media_desc *remotep)
{
	struct media_desc m = {.audio.telephone_event_pt = -1};

	for (unsigned i = 0; i < s->nstreams; i++) {
		if (!m.has_audio && audio_usable(&s->streams[i])) {
			m.has_audio = true;
			m.audio = s->streams[i].audio;
		}
		if (!m.has_image && image_usable(&s->streams[i])) {
			m.has_image = true;
			m.image = s->streams[i].t38;
		}
	}
	*remotep = m;
}

static bool audio_same(const struct media_audio *a, const struct media_audio *b)
{
	return addr_equal(&a->addr, &b->addr) && addr_equal(&a->rtcp, &b->rtcp) && media_audio_same_types(a, b) &&
	       a->ptime_ms == b->ptime_ms && a->direction == b->direction;
}

static bool t38_same(const struct media_t38 *a, const struct media_t38 *b)
{
	return addr_equal(&a->addr, &b->addr) && a->version == b->version && a->max_bit_rate == b->max_bit_rate &&
	       a->rate_management == b->rate_management && a->max_buffer_octets == b->max_buffer_octets &&
	       a->max_datagram_octets == b->max_datagram_octets && a->error_correction == b->error_correction &&
	       a->fill_bit_removal == b->fill_bit_removal && a->transcoding_mmr == b->transcoding_mmr &&
	       a->transcoding_jbig == b->transcoding_jbig;
}

static bool stream_same(const struct sdp_stream *a, const struct sdp_stream *b)
{
	if (a->kind != b->kind || a->declined != b->declined)
		return false;
	if (a->declined)
		return true;
	switch (a->kind) {
	case SDP_AUDIO:
		return audio_same(&a->audio, &b->audio);
	case SDP_IMAGE:
		return t38_same(&a->t38, &b->t38);
	case SDP_OTHER:
		break;
	}
	return true;
}

bool offer_same(const struct sdp *a, const struct sdp *b)
{
	if (a->nstreams != b->nstreams)
		return false;
	for (unsigned i = 0; i < a->nstreams; i++)
		if (!stream_same(&a->streams[i], &b->streams[i]))
			return false;
	return true;
}

/* Answers one audio stream. False if it has nothing for us. */
static bool answer_audio(const struct sdp_stream *offered, const struct media_audio *local, struct sdp_stream *s,
			 struct media_audio *agreedp)
{
	struct media_audio ours = *local, theirs = offered->audio;
	unsigned bits;

	keep_common_codecs(&theirs, local);
	if (!theirs.ncodecs)
		return false;
	if (local->telephone_event_pt < 0)
		theirs.telephone_event_pt = -1;
	theirs.vbd = theirs.vbd && local->vbd && has_codec(&theirs, theirs.vbd_codec);
	/* RFC 3264 6.1: we send what they receive and we will, and receive what they send and we will. */
	bits = direction_bits(local->direction) & other_side(direction_bits(offered->audio.direction));
	theirs.direction = direction_of(other_side(bits));
	ours.direction = direction_of(bits);
	ours.ncodecs = theirs.ncodecs;
	memcpy(ours.codecs, theirs.codecs, sizeof(ours.codecs));
	/* The same numbers both ways: some peers know no other (RFC 3264 5.1 recommends it). */
	memcpy(ours.dynamic_pt, theirs.dynamic_pt, sizeof(ours.dynamic_pt));
	ours.telephone_event_pt = theirs.telephone_event_pt;
	ours.vbd = theirs.vbd;
	ours.vbd_codec = theirs.vbd_codec;
	ours.vbd_pt = theirs.vbd_pt;
	set_audio_stream(s, &ours);
	memcpy(s->transport, offered->transport, sizeof(s->transport));
	*agreedp = theirs;
	return true;
}

static void answer_image(const struct sdp_stream *offered, const struct media_t38 *local, struct sdp_stream *s,
			 struct media_t38 *agreedp)
{
	struct media_t38 theirs = common_t38(&offered->t38, local), ours = theirs;

	ours.addr = local->addr;
	ours.max_buffer_octets = local->max_buffer_octets;
	ours.max_datagram_octets = local->max_datagram_octets;
	set_image_stream(s, &ours);
	/* As it was offered, "UDPTL T38" and the like: some compare letter by letter. */
	memcpy(s->transport, offered->transport, sizeof(s->transport));
	memcpy(s->formats, offered->formats, sizeof(s->formats));
	*agreedp = theirs;
}

int offer_answer(const struct sdp *offer, const struct media_desc *local, struct sdp *answerp,
		 struct media_desc *agreedp)
{
	struct media_desc agreed = {.audio.telephone_event_pt = -1};
	struct sdp answer = {.nstreams = offer->nstreams};

	for (unsigned i = 0; i < offer->nstreams; i++) {
		const struct sdp_stream *offered = &offer->streams[i];
		struct sdp_stream *s = &answer.streams[i];

		if (local->has_audio && !agreed.has_audio && audio_usable(offered) &&
		    answer_audio(offered, &local->audio, s, &agreed.audio)) {
			agreed.has_audio = true;
		} else if (local->has_image && !agreed.has_image && image_usable(offered)) {
			answer_image(offered, &local->image, s, &agreed.image);
			agreed.has_image = true;
		} else {
			decline(s, offered);
		}
	}
	if (!agreed.has_audio && !agreed.has_image)
		return ENOTSUP;
	*answerp = answer;
	*agreedp = agreed;
	return 0;
}

/* One stream of an answer that was not declined. */
static const char *result_stream(const struct sdp_stream *offered, const struct sdp_stream *s,
				 struct media_desc *agreed)
{
	if (offered->declined || offered->kind == SDP_OTHER)
		return "the answer takes a stream that was not offered";
	if (s->named)
		return "the answer's address is a host name";
	if (s->kind != offered->kind)
		return "the answer changes a stream's kind";
	if (s->kind == SDP_IMAGE) {
		agreed->image = common_t38(&s->t38, &offered->t38);
		agreed->has_image = true;
		return NULL;
	}
	agreed->audio = s->audio;
	keep_common_codecs(&agreed->audio, &offered->audio);
	if (!agreed->audio.ncodecs)
		return "the answer has no codec that was offered";
	if (offered->audio.telephone_event_pt < 0)
		agreed->audio.telephone_event_pt = -1;
	else
		agreed->audio.our_telephone_event_pt = offered->audio.telephone_event_pt;
	agreed->audio.vbd = s->audio.vbd && offered->audio.vbd && has_codec(&agreed->audio, s->audio.vbd_codec);
	agreed->audio.direction =
		direction_of(direction_bits(s->audio.direction) & other_side(direction_bits(offered->audio.direction)));
	agreed->has_audio = true;
	return NULL;
}

/*
 * The stream of OFFER that the one at I of ANSWER is about; NULL: none. They are to be in the same order (RFC 3264 6),
 * but some peers decline the audio that was in the image's place before, and take the image behind it.
 */
static const struct sdp_stream *result_of(const struct sdp *offer, const struct sdp *answer, unsigned i)
{
	if (i < offer->nstreams)
		return &offer->streams[i];
	for (unsigned k = 0; k < offer->nstreams; k++) {
		const struct sdp_stream *o = &offer->streams[k], *a = &answer->streams[k];

		if (!o->declined && o->kind == answer->streams[i].kind && a->declined &&
		    strcasecmp(a->media, o->media) != 0)
			return o;
	}
	return NULL;
}

const char *offer_result(const struct sdp *offer, const struct sdp *answer, struct media_desc *agreedp)
{
	struct media_desc agreed = {.audio.telephone_event_pt = -1};
	const char *bad = NULL;

	if (!answer->nstreams && offer->nstreams)
		return "the answer has no streams";
	for (unsigned i = 0; i < answer->nstreams && !bad; i++) {
		const struct sdp_stream *offered = result_of(offer, answer, i);

		if (answer->streams[i].declined)
			continue;
		if (!offered)
			bad = "the answer has more streams than the offer";
		else
			bad = result_stream(offered, &answer->streams[i], &agreed);
	}
	if (!bad)
		*agreedp = agreed;
	return bad;
}
