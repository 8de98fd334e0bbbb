/* SPDX-License-Identifier: GPL-2.0-only */
/* A datagram of the line: what is read lies within it, and is written and read again as it was. */
#include <stdlib.h>
#include <string.h>

#include "dahdi/tdmoe_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[TDMOE_MAX_OCTETS];
	struct tdmoe_frame f, g;
	size_t octets, len;

	if (tdmoe_frame_read(data, size, &f))
		return 0;
	octets = (size_t)f.samples * f.channels;
	if (f.octets < data + TDMOE_HEADER_OCTETS || f.octets + octets != data + size)
		abort();
	len = tdmoe_frame_write_header(again, &f);
	memcpy(again + len, f.octets, octets);
	if (tdmoe_frame_read(again, len + octets, &g))
		abort();
	if (g.samples != f.samples || g.channels != f.channels || g.counter != f.counter || g.yellow != f.yellow)
		abort();
	return 0;
}
