/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bare t38_gateway costs: bench_bare CHANNELS PAGES ROWS. Half of the channels carry the fax from the line, half
 * to it, as in `faxlab load`. Prints one line of key=value figures: cpu_percent of one core a channel.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bare.h"

static int bench(unsigned channels, unsigned pages, unsigned rows, bool line_calls, struct bare_result *rp)
{
	const struct bare_params p = {
		.channels = channels, .pages = pages, .rows = rows, .line_calls = line_calls, .ecm = true};
	int err = channels ? bare_run(&p, rp) : 0;

	if (err)
		fprintf(stderr, "bench_bare: %s\n", strerror(err));
	return err;
}

int main(int argc, char **argv)
{
	struct bare_result line = {0}, peer = {0};
	unsigned channels, pages, rows, from_line;

	if (argc != 4) {
		fprintf(stderr, "usage: bench_bare CHANNELS PAGES ROWS\n");
		return 2;
	}
	channels = (unsigned)atoi(argv[1]);
	pages = (unsigned)atoi(argv[2]);
	rows = (unsigned)atoi(argv[3]);
	from_line = (channels + 1) / 2;
	if (bench(from_line, pages, rows, true, &line) || bench(channels - from_line, pages, rows, false, &peer))
		return EXIT_FAILURE;
	printf("channels=%u rate=%d fax_s=%.1f from_line_percent=%.4f to_line_percent=%.4f cpu_percent=%.4f\n",
	       channels, line.rate, line.fax_s, line.cpu_per_channel_percent, peer.cpu_per_channel_percent,
	       (line.cpu_per_channel_percent * from_line + peer.cpu_per_channel_percent * (channels - from_line)) /
		       channels);
	return EXIT_SUCCESS;
}
