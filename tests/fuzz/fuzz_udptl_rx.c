/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream of datagrams: each a length (one octet), a step of time (one octet, 2 ms) and so many octets. What comes out
 * must rise within a sequence and be what the window counts.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "t38/udptl/udptl_rx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	bool any;
	uint16_t seq;
	uint64_t jumps;
	unsigned sum;
} last;

static struct udptl_rx rx;

static void gets(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	if (!len || len > UDPTL_MAX_IFP)
		abort();
	/* A jump is counted after the old sequence's last packets are passed on. */
	if (last.any && last.jumps == rx.stats.jumps && (int16_t)(uint16_t)(seq - last.seq) <= 0)
		abort();
	last.any = true;
	last.seq = seq;
	last.jumps = rx.stats.jumps;
	for (size_t i = 0; i < len; i++)
		last.sum += ifp[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now_us = 0;

	last.any = false;
	udptl_rx_init(&rx, 200000, gets, NULL);
	while (size >= 2) {
		size_t len = data[0];

		now_us += data[1] * 2000;
		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		uint8_t *exact = malloc(len + 1);

		for (size_t i = 0; i < len; i++)
			exact[1 + i] = data[i];
		udptl_rx_datagram(&rx, exact + 1, len, now_us);
		udptl_rx_tick(&rx, now_us);
		free(exact);
		data += len;
		size -= len;
	}
	udptl_rx_tick(&rx, now_us + 1000000);
	if (rx.gap)
		abort();
	return 0;
}
