/* SPDX-License-Identifier: GPL-2.0-only */
/* A stream of frames: each an octet of direction and length, and so many octets. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/t30/t30.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void terminated(const char *text, size_t room)
{
	if (!text || !memchr(text, 0, room))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct t30_watch w = {0};
	char text[100], ident[21];

	while (size) {
		size_t len = data[0] & 0x3F;
		enum t30_direction d = data[0] & 0x80 ? T30_FROM_PEER : T30_FROM_LINE;

		if (data[0] & 0x40)
			t30_watch_image(&w);
		data++;
		size--;
		if (len > size)
			len = size;
		uint8_t *exact = malloc(len + 1);

		memcpy(exact + 1, data, len);
		terminated(t30_frame_name(exact + 1, len), 12);
		terminated(t30_frame_detail(exact + 1, len, text, 1 + len), 1 + len);
		t30_frame_text(exact + 1, len, ident);
		terminated(ident, sizeof(ident));
		for (unsigned n = 0; n < 300; n += 7)
			t30_frame_bit(exact + 1, len, n);
		t30_watch_frame(&w, d, exact + 1, len);
		free(exact);
		terminated(t30_watch_reason(&w, text, sizeof(text)), sizeof(text));
		if (w.pages + w.retrains + w.rejected > w.frames)
			abort();
		data += len;
		size -= len;
	}
	return 0;
}
