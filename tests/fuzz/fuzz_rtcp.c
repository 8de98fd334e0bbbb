/* SPDX-License-Identifier: GPL-2.0-only */
/* Compound RTCP packets, one after the other, at a session that runs; each is also written again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/rtp/rtcp_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one(struct rtcp_session *s, const uint8_t *p, size_t len, uint32_t ours, int64_t now_us)
{
	struct rtcp_packet k, again;
	uint8_t out[RTCP_MAX_OCTETS];
	size_t n;

	rtcp_session_take(s, p, len, ours, now_us & 1 ? &ours : NULL, now_us);
	if (s->rtt_us < 0 || s->rtt_us > 61000000)
		abort();
	if (rtcp_read(p, len, ours, &k))
		return;
	k.cname[0] = '\0';
	n = rtcp_write(&k, out, sizeof(out));
	if (!n || rtcp_read(out, n, ours, &again) || again.ssrc != k.ssrc || again.has_block != k.has_block ||
	    again.bye != k.bye || (k.has_block && memcmp(&again.block, &k.block, sizeof(k.block))))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rtcp_session s;
	int64_t now_us = 1;

	rtcp_session_init(&s, size, 1, 1);
	while (size >= 2) {
		size_t len = data[0];
		uint8_t *exact;

		now_us += data[1] * 100000ll;
		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		exact = malloc(len + 1);
		memcpy(exact + 1, data, len);
		one(&s, exact + 1, len, len > 40 ? (uint32_t)data[28] << 24 | data[31] : 1, now_us);
		free(exact);
		data += len;
		size -= len;
	}
	return 0;
}
