/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzz target: a stream cut into SIP messages. The first octets say how the rest arrives, in pieces; whatever the
 * pieces, the same messages, pings and errors must come out as when all of it comes at once.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sip/transport/frame.h"

#define STREAM_ROOM (3 * FRAME_OCTETS)
#define CUTS	    4

/* What came out of a stream: how much, and a digest of what and where. */
struct outcome {
	uint64_t digest;
	unsigned messages;
	size_t left; /* octets not handed out */
	const char *bad;
};

static void note(struct outcome *o, enum frame_kind kind, size_t at, size_t len)
{
	const uint64_t words[] = {(uint64_t)kind, at, len};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		o->digest = (o->digest ^ words[i]) * UINT64_C(1099511628211);
}

/* Line ends alone may be told in one piece or in several: only where they end is compared. */
static struct outcome run(const uint8_t *data, size_t size, const uint8_t *cuts, size_t ncuts)
{
	struct outcome o = {.digest = UINT64_C(14695981039346656037)};
	size_t at = 0, have = 0, step = 0, n;
	struct frame f = {0};
	const char *why = NULL;
	enum frame_kind kind;
	char *copy;

	while (have < size && !o.bad) {
		n = ncuts ? cuts[step++ % ncuts] + 1u : size;
		have = n < size - have ? have + n : size;
		do {
			/* a copy of its own: what is read beyond its end is seen */
			copy = malloc(have - at ? have - at : 1);
			if (!copy)
				abort();
			memcpy(copy, data + at, have - at);
			n = 0;
			kind = frame_find(&f, copy, have - at, &n, &why);
			free(copy);
			if (kind == FRAME_MORE)
				break;
			if (kind == FRAME_BAD) {
				o.bad = why;
				break;
			}
			if (!n || n > have - at || n > FRAME_OCTETS + FRAME_HEADER_OCTETS)
				abort();
			if (kind != FRAME_NOTHING)
				note(&o, kind, at, n);
			o.messages += kind == FRAME_MESSAGE;
			at += n;
		} while (at < have);
	}
	o.left = have - at;
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole, cut;
	uint8_t cuts[CUTS];

	if (size < CUTS || size > STREAM_ROOM)
		return 0;
	memcpy(cuts, data, CUTS);
	data += CUTS;
	size -= CUTS;
	whole = run(data, size, NULL, 0);
	cut = run(data, size, cuts, CUTS);
	if (whole.digest != cut.digest || whole.messages != cut.messages || !whole.bad != !cut.bad ||
	    (whole.bad && strcmp(whole.bad, cut.bad)) || (!whole.bad && whole.left != cut.left))
		abort();
	return 0;
}
