/* SPDX-License-Identifier: GPL-2.0-only */
/* Telephone events: packets of 10 octets (SSRC, timestamp, length, payload) and what is played between them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/tone/dtmf.h"

#define BLOCK 160

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dtmf *d = NULL;
	int16_t samples[BLOCK];

	if (dtmf_alloc(&d))
		return 0;
	for (; size >= 10; data += 10, size -= 10) {
		uint32_t timestamp =
			(uint32_t)data[1] << 24 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 8 | data[4];
		size_t n = data[5] % 5;
		uint8_t *payload = malloc(n ? n : 1); /* its end is watched */

		if (!payload)
			break;
		memcpy(payload, data + 6, n < 4 ? n : 4);
		dtmf_event(d, data[0] & 1, timestamp, payload, n);
		free(payload);
		for (unsigned i = 0; i < data[5] / 32u; i++)
			dtmf_play(d, samples, BLOCK - i);
	}
	dtmf_free(d);
	return 0;
}
