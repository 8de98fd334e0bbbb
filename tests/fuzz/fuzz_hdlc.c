/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The D channel's line: any octets are taken, the short cut for repeated ones changes nothing, and what is sent as a
 * frame amid them is heard.
 */
#include <stdlib.h>
#include <string.h>

#include "dahdi/hdlc.h"

struct heard {
	unsigned frames, errors;
	uint32_t sum;
	size_t len;
	uint8_t last[HDLC_FRAME_OCTETS];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_frame(const uint8_t *frame, size_t octets, void *arg)
{
	struct heard *h = arg;

	if (octets < HDLC_FRAME_MIN_OCTETS || octets > HDLC_FRAME_OCTETS)
		abort();
	h->frames++;
	h->sum = h->sum * 31 + dhdlc_fcs(frame, octets);
	h->len = octets;
	memcpy(h->last, frame, octets);
}

static void on_error(enum hdlc_error e, void *arg)
{
	struct heard *h = arg;

	h->errors++;
	h->sum = h->sum * 31 + e;
}

static void check_short_cut(const uint8_t *data, size_t size)
{
	struct heard fast_heard = {0}, slow_heard = {0};
	struct dhdlc_rx fast, slow;

	dhdlc_rx_init(&fast, on_frame, on_error, &fast_heard);
	dhdlc_rx_init(&slow, on_frame, on_error, &slow_heard);
	dhdlc_rx_octets(&fast, data, size);
	for (size_t i = 0; i < size; i++) {
		slow.steady = false;
		dhdlc_rx_octets(&slow, data + i, 1);
	}
	if (fast_heard.frames != slow_heard.frames || fast_heard.errors != slow_heard.errors ||
	    fast_heard.sum != slow_heard.sum || fast.bits != slow.bits || fast.ones != slow.ones ||
	    fast.len != slow.len)
		abort();
}

static void check_frame(const uint8_t *data, size_t size)
{
	static struct dhdlc_tx tx;
	struct heard heard = {0};
	struct dhdlc_rx rx;
	uint8_t line[500];
	size_t octets = size < HDLC_FRAME_OCTETS ? size : HDLC_FRAME_OCTETS;

	dhdlc_rx_init(&rx, on_frame, on_error, &heard);
	/* Whatever was on the line before. */
	dhdlc_rx_octets(&rx, data, size);
	dhdlc_tx_init(&tx);
	if (dhdlc_tx_frame(&tx, data, octets)) {
		if (octets >= HDLC_FRAME_MIN_OCTETS)
			abort();
		return;
	}
	dhdlc_tx_octets(&tx, line, sizeof(line));
	dhdlc_rx_octets(&rx, line, sizeof(line));
	if (dhdlc_tx_waiting(&tx) || heard.len != octets || memcmp(heard.last, data, octets))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_short_cut(data, size);
	check_frame(data, size);
	return 0;
}
