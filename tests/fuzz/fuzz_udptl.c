/* SPDX-License-Identifier: GPL-2.0-only */
/* Any datagram is refused or read; what was read is written to something that reads the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/udptl/udptl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const struct udptl_field *a, const struct udptl_field *b)
{
	if (a->len != b->len || (a->len && memcmp(a->p, b->p, a->len)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[2 * UDPTL_READ_OCTETS];
	struct udptl_packet k, again;
	size_t len;

	if (udptl_read(data, size, &k))
		return 0;
	len = udptl_write(&k, out, sizeof(out));
	if (!len || udptl_read(out, len, &again) || again.seq != k.seq || again.kind != k.kind)
		abort();
	same(&again.primary, &k.primary);
	if (again.nsecondary != k.nsecondary || again.nfec != k.nfec ||
	    again.nfec * again.fec_span != k.nfec * k.fec_span)
		abort();
	for (unsigned i = 0; i < k.nsecondary; i++)
		same(&again.secondary[i], &k.secondary[i]);
	for (unsigned i = 0; i < k.nfec; i++)
		same(&again.fec[i], &k.fec[i]);
	return 0;
}
