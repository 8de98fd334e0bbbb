/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The relay under any IFP packets between blocks of the line. Input: an octet of options, then records: an octet N
 * and N octets of a packet; N above 0xE0 stands for (N & 0x1F) + 1 blocks of time with what the line says: silence,
 * noise or the octets that follow.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "t38/relay/relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BLOCK 160

static void take_ifp(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
	volatile uint8_t *sum = arg;
	size_t i;

	for (i = 0; i < len; i++)
		*sum ^= ifp[i];
}

static void take_frame(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg)
{
	volatile uint8_t *sum = arg;
	size_t i;

	for (i = 0; i < octets; i++)
		*sum ^= frame[i];
}

static void blocks(struct relay *r, unsigned n, uint32_t *noise)
{
	int16_t samples[BLOCK];
	unsigned i;

	while (n-- > 0) {
		for (i = 0; i < BLOCK; i++) {
			*noise = *noise * 1664525u + 1013904223u;
			samples[i] = n & 1 ? (int16_t)(*noise >> 18) : 0;
		}
		relay_rx(r, samples, BLOCK);
		relay_tx(r, samples, BLOCK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fax_params fax = {.t38 = true, .max_rate = 14400, .modems = FAX_MODEM_ALL};
	struct media_t38 peer = {.max_bit_rate = 14400};
	uint8_t sum = 0, *packet;
	struct relay_handlers h = {take_ifp, take_frame, &sum};
	struct relay *r;
	uint32_t noise = 1;
	uint16_t seq = 0;
	size_t n;

	if (size < 1)
		return 0;
	log_set_level(LOGL_ERROR);
	fax.ecm = data[0] & 1;
	fax.fill_bit_removal = peer.fill_bit_removal = data[0] & 2;
	peer.version = data[0] >> 2 & 3;
	fax.max_rate = data[0] & 0x10 ? 7200 : 14400;
	peer.rate_management = data[0] & 0x20 ? T38_LOCAL_TCF : T38_TRANSFERRED_TCF;
	if (relay_alloc(&r, &fax, &peer, "fuzz", &h))
		return 0;
	for (data++, size--; size > 0; data += n, size -= n) {
		n = *data++;
		size--;
		if (n > 0xe0) {
			blocks(r, (n & 0x1f) + 1, &noise);
			n = 0;
			continue;
		}
		n = n < size ? n : size;
		packet = malloc(n ? n : 1); /* exactly as long as it is, so that reading past its end is seen */
		if (!packet)
			break;
		memcpy(packet, data, n);
		relay_ifp(r, packet, n, seq++);
		free(packet);
	}
	blocks(r, 3, &noise);
	relay_free(r);
	return 0;
}
