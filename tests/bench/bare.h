/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bare: what spandsp's t38_gateway costs by itself, the yardstick the gateway is measured by. One fax is recorded
 * (what the line says, and the IFP packets from the far end, in blocks of 20 ms); then N gateways are fed with it,
 * each a little later than the one before. Only t38_gateway_rx, t38_gateway_tx and t38_core_rx_ifp_packet are timed.
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <stdbool.h>
#include <stddef.h>

struct bare_params {
	unsigned channels;
	unsigned pages, rows; /* of PAGE_TEXT */
	bool line_calls; /* the page goes from the line to the peer (the gateway receives V.17), else to the line */
	bool ecm;
};

struct bare_result {
	double fax_s;			/* how long the fax takes on the line */
	double cpu_s;			/* of this thread, all channels */
	double cpu_per_channel_percent; /* of one core, while a channel carries the fax */
	size_t ifp_in, ifp_out;		/* packets, all channels; a repeated one counts once */
	unsigned pages_same;		/* of the recorded fax, page by page identical */
	int rate;			/* bit/s */
};

/* Returns 0; EINVAL for no channels, pages or rows; ENOMEM; EIO when the fax that is to be recorded fails. */
int bare_run(const struct bare_params *p, struct bare_result *rp);

#endif
