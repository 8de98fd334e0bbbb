/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * faxlab: the world around a running faxspand, for the demo, the process tests and the benchmark.
 *
 *   faxlab demo DOCUMENT OUTDIR LOG         one fax each way, shown; exit status 1 when a page differs
 *   faxlab load FAXES PID DOCUMENT OUTDIR   FAXES faxes at once (half each way), CPU of process PID per channel
 *   faxlab make FILE PAGES ROWS             a document to send
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/demo/bank.h"
#include "tests/demo/load.h"
#include "tests/demo/show.h"
#include "tests/sim/page.h"

#define UP_LIMIT_MS 15000

static void addresses(struct bank_params *p)
{
	addr_parse(&p->lines_local, "127.0.0.1:9100", 0);
	addr_parse(&p->lines_gateway, "127.0.0.1:9000", 0);
	addr_parse(&p->sip_local, "127.0.0.2:5060", 0);
	addr_parse(&p->sip_gateway, "127.0.0.1:5060", 0);
}

static int demo(const char *document, const char *out, const char *log)
{
	static struct bank bank;
	struct bank_params p = {.nspans = 1};
	char received[2][512];
	bool ok = true;

	addresses(&p);
	show_prepare(&p);
	if (bank_open(&bank, &p))
		return EXIT_FAILURE;
	if (bank_wait_up(&bank, UP_LIMIT_MS)) {
		fprintf(stderr, "the D channel did not come up in %d s\n", UP_LIMIT_MS / 1000);
		bank_close(&bank);
		return EXIT_FAILURE;
	}
	for (int i = 0; i < 2; i++) {
		struct show_params s = {i == 0, document, received[i], log, i == 0 ? "1-1" : "s-1"};

		snprintf(received[i], sizeof(received[i]), "%s/%s.tif", out, i == 0 ? "e1-to-sip" : "sip-to-e1");
		remove(received[i]);
		ok = show_fax(&bank, &s) && ok;
	}
	bank_close(&bank);
	printf("\n%s\n", ok ? "Both faxes came through, every page identical." : "FAILED: a fax did not come through whole.");
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int load(unsigned faxes, long pid, const char *document, const char *out)
{
	static struct bank bank;
	struct bank_params p = {.nspans = (faxes + LOAD_PER_SPAN - 1) / LOAD_PER_SPAN};
	bool ok;

	addresses(&p);
	load_prepare(&p);
	if (bank_open(&bank, &p))
		return EXIT_FAILURE;
	ok = !bank_wait_up(&bank, UP_LIMIT_MS) && load_run(&bank, faxes, pid, document, out);
	bank_close(&bank);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "demo"))
		return demo(argv[2], argv[3], argv[4]);
	if (argc == 6 && !strcmp(argv[1], "load"))
		return load((unsigned)atoi(argv[2]), atol(argv[3]), argv[4], argv[5]);
	if (argc == 5 && !strcmp(argv[1], "make"))
		return page_make(argv[2], (unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]), PAGE_TEXT, 1) ? EXIT_FAILURE : EXIT_SUCCESS;
	fprintf(stderr, "usage: faxlab demo DOCUMENT OUTDIR LOG | load FAXES PID DOCUMENT OUTDIR | make FILE PAGES ROWS\n");
	return 2;
}
