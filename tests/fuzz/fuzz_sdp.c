/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the input as SDP; what is read must be written, read again and written to the same text, and mean the same.
 * Then offer and answer run on it, from both sides: what comes out of them must be SDP too, within the rules of
 * RFC 3264.
 */
#include <stdlib.h>
#include <string.h>

#include "sip/sdp/offer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool true_)
{
	if (!true_)
		abort();
}

static struct media_desc ours(bool audio, bool image)
{
	struct media_desc m = {.has_audio = audio, .has_image = image};

	m.audio = (struct media_audio){
		.ncodecs = 2, .codecs = {CODEC_PCMA, CODEC_PCMU}, .telephone_event_pt = 101, .vbd = true, .vbd_pt = 8};
	m.image = (struct media_t38){.version = 3,
				     .max_bit_rate = 14400,
				     .max_buffer_octets = 1800,
				     .max_datagram_octets = 1400,
				     .error_correction = T38_EC_FEC,
				     .fill_bit_removal = true};
	must(!addr_parse(&m.audio.addr, "203.0.113.9", 40000));
	must(!addr_parse(&m.image.addr, "203.0.113.9", 40002));
	return m;
}

/* Writes S and reads it again: it must come back, and be written the same. */
static struct sdp round_trip(const struct sdp *s)
{
	char once[SDP_TEXT_OCTETS], twice[SDP_TEXT_OCTETS], why[100];
	size_t len = sdp_write(s, once, sizeof(once));
	struct sdp back;

	must(len > 0 && len < sizeof(once) && strlen(once) == len);
	must(!sdp_read(once, len, &back, why, sizeof(why)));
	must(back.nstreams == s->nstreams);
	must(sdp_write(&back, twice, sizeof(twice)) == len);
	must(!memcmp(once, twice, len));
	return back;
}

static void check_types(const struct media_audio *a)
{
	bool known = false;

	for (unsigned i = 0; i < a->ncodecs; i++) {
		must(media_audio_pt(a, a->codecs[i]) < 128);
		known |= a->codecs[i] == a->vbd_codec;
	}
	must(!a->vbd || (known && a->vbd_pt < 128));
}

static void check_desc(const struct media_desc *m)
{
	if (m->has_audio)
		check_types(&m->audio);
	if (m->has_audio)
		must(m->audio.ncodecs > 0 && m->audio.ncodecs <= CODEC_COUNT && addr_is_set(&m->audio.addr) &&
		     addr_port(&m->audio.addr) && m->audio.telephone_event_pt < 128 && m->audio.ptime_ms <= 200);
	if (m->has_image)
		must(addr_is_set(&m->image.addr) && addr_port(&m->image.addr) && m->image.version <= 7 &&
		     m->image.max_bit_rate >= 2400 && m->image.max_bit_rate <= 33600 &&
		     m->image.max_buffer_octets <= 65535 && m->image.max_datagram_octets <= 65535);
}

/* The peer offers S: we answer with what we take, and later offer ourselves. */
static void be_answerer(const struct sdp *s, bool audio, bool image)
{
	struct media_desc local = ours(audio, image), remote, agreed;
	struct sdp answer, offer;

	offer_read(s, &remote);
	check_desc(&remote);
	must(!offer_fault(s) == (remote.has_audio || remote.has_image));
	if (offer_answer(s, &local, &answer, &agreed)) {
		must(!(audio && remote.has_audio) && !(image && remote.has_image));
		return;
	}
	must(agreed.has_audio == (audio && remote.has_audio) && agreed.has_image == (image && remote.has_image));
	check_desc(&agreed);
	must(answer.nstreams == s->nstreams);
	for (unsigned i = 0; i < s->nstreams; i++) {
		must(answer.streams[i].kind == s->streams[i].kind);
		must(answer.streams[i].declined || !s->streams[i].declined);
	}
	/* Our own answer is one the offerer would accept. */
	round_trip(&answer);
	must(!offer_result(s, &answer, &agreed));
	offer_read(&answer, &local);
	offer_make(&local, &answer, &offer);
	must(offer_same(&answer, &offer));
	local = ours(image, audio);
	offer_make(&local, &answer, &offer);
	must(offer.nstreams >= s->nstreams);
	round_trip(&offer);
}

/* We offered, and S is the answer. */
static void be_offerer(const struct sdp *s, bool audio, bool image)
{
	struct media_desc local = ours(audio, image), agreed;
	struct sdp offer;

	offer_make(&local, NULL, &offer);
	if (offer_result(&offer, s, &agreed))
		return;
	must((audio || !agreed.has_audio) && (image || !agreed.has_image));
	check_desc(&agreed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[100];
	struct sdp s, back;
	const char *bad = sdp_read((const char *)data, size, &s, why, sizeof(why));

	if (bad) {
		must(bad == why && strlen(why) > 0);
		return 0;
	}
	back = round_trip(&s);
	for (unsigned i = 0; i < s.nstreams; i++) {
		/* declined now, and what it would have been is seen again */
		if (s.streams[i].named)
			back.streams[i].kind = SDP_OTHER;
		if (s.streams[i].kind == SDP_OTHER || (s.streams[i].kind == SDP_AUDIO && !s.streams[i].audio.ncodecs))
			back.streams[i].declined = s.streams[i].declined = true;
	}
	must(offer_same(&s, &back) && offer_same(&s, &s));
	for (unsigned i = 1; i < 4; i++) {
		be_answerer(&s, i & 1, i & 2);
		be_offerer(&s, i & 1, i & 2);
	}
	return 0;
}
