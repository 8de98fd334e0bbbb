/* SPDX-License-Identifier: GPL-2.0-only */
/* Any octets are refused or read, in every version; fields lie inside the packet. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/udptl/ifp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ifp i;
	char text[128];

	for (unsigned version = 0; version < 4; version++) {
		if (ifp_read(data, size, version, &i))
			continue;
		if (i.octets > size || !i.octets)
			abort();
		for (unsigned n = 0; n < i.nfields; n++)
			if (i.field[n].at + i.field[n].len > i.octets)
				abort();
		if (strlen(ifp_print(&i, text, sizeof(text))) >= sizeof(text))
			abort();
		ifp_rate(i.kind);
	}
	if (ifp_trim(data, size) > size)
		abort();
	ifp_is_control(data, size);
	return 0;
}
