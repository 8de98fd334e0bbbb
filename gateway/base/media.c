/* SPDX-License-Identifier: GPL-2.0-only */
#include "media.h"

#include <stddef.h>
#include <strings.h>

static const struct {
	const char *name, *alias;
	int pt;
} codecs[CODEC_COUNT] = {
	[CODEC_PCMA] = {"PCMA", "alaw", 8},
	[CODEC_PCMU] = {"PCMU", "ulaw", 0},
};

int media_codec_pt(enum media_codec c)
{
	return codecs[c].pt;
}

const char *media_codec_name(enum media_codec c)
{
	return (unsigned)c < CODEC_COUNT ? codecs[c].name : "?";
}

bool media_codec_parse(const char *name, enum media_codec *cp)
{
	for (size_t i = 0; i < CODEC_COUNT; i++) {
		if (strcasecmp(name, codecs[i].name) && strcasecmp(name, codecs[i].alias))
			continue;
		*cp = (enum media_codec)i;
		return true;
	}
	return false;
}

int media_audio_pt(const struct media_audio *a, enum media_codec c)
{
	return a->dynamic_pt[c] ? a->dynamic_pt[c] : media_codec_pt(c);
}

bool media_audio_same_types(const struct media_audio *a, const struct media_audio *b)
{
	if (a->ncodecs != b->ncodecs || a->telephone_event_pt != b->telephone_event_pt || a->vbd != b->vbd)
		return false;
	for (unsigned i = 0; i < a->ncodecs; i++)
		if (a->codecs[i] != b->codecs[i] ||
		    media_audio_pt(a, a->codecs[i]) != media_audio_pt(b, b->codecs[i]))
			return false;
	return !a->vbd || (a->vbd_codec == b->vbd_codec && a->vbd_pt == b->vbd_pt);
}

const char *t38_error_correction_name(enum t38_error_correction ec)
{
	switch (ec) {
	case T38_EC_NONE:
		return "none";
	case T38_EC_REDUNDANCY:
		return "redundancy";
	case T38_EC_FEC:
		return "fec";
	}
	return "?";
}
