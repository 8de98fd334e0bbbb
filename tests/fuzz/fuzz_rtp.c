/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet, read and written again, taken for the stream or not, and through a jitter buffer that is read at its own
 * pace. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/rtp/jitter.h"
#include "t38/rtp/rtp_rx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(struct rtp_rx *rx, const struct rtp_packet *k, int64_t now_us)
{
	struct rtp_rx_report r;

	if (rtp_rx_take(rx, k, now_us) && !rtp_rx_report(rx, &r))
		abort();
	if (rtp_rx_lost(rx) > rtp_rx_expected(rx))
		abort();
	if (k->seq % 97 == 0)
		rtp_rx_restart(rx);
}

static void one(struct jitter *j, struct rtp_rx *rx, const uint8_t *p, size_t len, int64_t now_us)
{
	static uint8_t out[70000];
	struct rtp_packet k, again;
	size_t n;

	if (rtp_read(p, len, &k))
		return;
	n = rtp_write(&k, out, sizeof(out));
	if (n != RTP_HEADER_OCTETS + k.len || rtp_read(out, n, &again) || again.len != k.len || again.seq != k.seq ||
	    again.timestamp != k.timestamp || again.ssrc != k.ssrc ||
	    (k.len && memcmp(again.payload, k.payload, k.len)))
		abort();
	count(rx, &k, now_us);
	jitter_put(j, k.ssrc, k.timestamp, k.payload, k.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct jitter j;
	struct rtp_rx rx = {.known = false};
	int64_t now_us = 0;
	uint8_t out[255];

	jitter_init(&j, 0xD5, size & 0x3F, size & 0xFF);
	if (size & 1)
		jitter_fix(&j, size & 0x7F);
	while (size >= 2) {
		size_t len = data[0], play = data[1];

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		uint8_t *exact = malloc(len + 1);

		memcpy(exact + 1, data, len);
		now_us += play * 125;
		one(&j, &rx, exact + 1, len, now_us);
		free(exact);
		jitter_get(&j, out, play);
		data += len;
		size -= len;
	}
	return 0;
}
