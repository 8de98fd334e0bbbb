/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_codec: what the payload types of an m=audio line are: G.711 with its static types or others (RFC 3551 6), its
 * voice-band data (V.152), telephone events (RFC 4733).
 */
#include <string.h>

#include "sdp_reader.h"

#define G711_CLOCK 8000 /* of telephone events as well */

void sdp_codec_begin(struct sdp_reader *r)
{
	struct sdp_codecs *m = &r->codecs;

	memset(m, 0, sizeof(*m));
	for (enum media_codec c = 0; c < CODEC_COUNT; c++)
		m->is[media_codec_pt(c)] = (uint8_t)(SDP_PT_CODEC + c);
}

/* A payload type; false if it is none. */
static bool read_pt(struct word w, unsigned *ptp)
{
	return word_number(w, SDP_PAYLOAD_TYPE_MAX + 1, ptp) && *ptp <= SDP_PAYLOAD_TYPE_MAX;
}

static bool is_static(unsigned pt)
{
	for (enum media_codec c = 0; c < CODEC_COUNT; c++)
		if (media_codec_pt(c) == (int)pt)
			return true;
	return false;
}

void sdp_codec_rtpmap(struct sdp_reader *r, struct word value)
{
	struct word number = word_next(&value), rest = word_next(&value), name = word_until(&rest, '/');
	uint8_t is = SDP_PT_OTHER;
	unsigned pt, clock;

	if (!read_pt(number, &pt) || !name.len)
		return;
	if (!word_number(word_until(&rest, '/'), 1000000, &clock))
		clock = 0;
	/* A static type that is given to the other law, or to events, is nothing we could answer with. */
	for (enum media_codec c = 0; c < CODEC_COUNT; c++)
		if (word_is(name, media_codec_name(c)) && (!clock || clock == G711_CLOCK) &&
		    (!is_static(pt) || media_codec_pt(c) == (int)pt))
			is = (uint8_t)(SDP_PT_CODEC + c);
	if (word_is(name, "telephone-event") && clock == G711_CLOCK && !is_static(pt))
		is = SDP_PT_EVENT;
	r->codecs.is[pt] = is;
}

/* V.152 7.1: "98 vbd=yes;ecan=off". */
void sdp_codec_gpmd(struct sdp_reader *r, struct word value)
{
	struct word number = word_next(&value);
	unsigned pt;

	if (!read_pt(number, &pt))
		return;
	while (value.len) {
		struct word parameter = word_until(&value, ';'), name = word_trim(word_until(&parameter, '='));

		if (word_is(name, "vbd"))
			r->codecs.vbd[pt] = word_is(word_trim(parameter), "yes");
	}
}

static bool has_codec(const struct media_audio *a, enum media_codec c)
{
	for (unsigned i = 0; i < a->ncodecs; i++)
		if (a->codecs[i] == c)
			return true;
	return false;
}

static void add_codec(struct media_audio *a, enum media_codec c, unsigned pt)
{
	if (has_codec(a, c))
		return;
	a->codecs[a->ncodecs++] = c;
	a->dynamic_pt[c] = media_codec_pt(c) == (int)pt ? 0 : (uint8_t)pt;
}

/* The law of voice-band data's PT has a payload type for speech as well. */
static bool is_beside(const struct sdp_reader *r, unsigned pt)
{
	const struct sdp_codecs *m = &r->codecs;

	for (unsigned i = 0; i < m->count; i++)
		if (m->is[m->list[i]] == m->is[pt] && !m->vbd[m->list[i]])
			return true;
	return false;
}

static void add_type(struct sdp_reader *r, unsigned pt)
{
	struct media_audio *a = &r->at->audio;
	const struct sdp_codecs *m = &r->codecs;
	enum media_codec c;

	if (m->is[pt] == SDP_PT_EVENT && a->telephone_event_pt < 0)
		a->telephone_event_pt = (int)pt;
	if (m->is[pt] < SDP_PT_CODEC)
		return;
	c = (enum media_codec)(m->is[pt] - SDP_PT_CODEC);
	if (m->vbd[pt] && !a->vbd) {
		a->vbd = true;
		a->vbd_codec = c;
		a->vbd_pt = (uint8_t)pt;
	}
	if (!m->vbd[pt] || !is_beside(r, pt))
		add_codec(a, c, pt);
}

static void list_types(struct sdp_reader *r)
{
	bool listed[SDP_PAYLOAD_TYPE_MAX + 1] = {0};
	struct sdp_codecs *m = &r->codecs;
	struct word rest = r->formats;
	unsigned pt;

	for (struct word w = word_next(&rest); w.len; w = word_next(&rest)) {
		if (!read_pt(w, &pt) || listed[pt])
			continue;
		listed[pt] = true;
		m->list[m->count++] = (uint8_t)pt;
	}
}

/* In the order of the formats. */
void sdp_codec_end(struct sdp_reader *r)
{
	list_types(r);
	for (unsigned i = 0; i < r->codecs.count; i++)
		add_type(r, r->codecs.list[i]);
	if (!r->at->audio.ncodecs)
		r->at->audio.telephone_event_pt = -1;
}
