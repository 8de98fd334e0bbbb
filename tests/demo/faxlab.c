/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * faxlab: the world around a running faxspand, for the demo, the process tests and the benchmark.
 *
 *   faxlab demo DOCUMENT OUTDIR LOG         one fax each way, shown; exit status 1 when a page differs
 *   faxlab load FAXES PID DOCUMENT OUTDIR   FAXES faxes at once (half each way), CPU of process PID per channel
 *   faxlab talk CALLS PID                   CALLS of speech at once, CPU of process PID per call
 *   faxlab hold DOCUMENT RECEIVED line|sip t38|g711 SPEED
 *                                           one fax at SPEED times real time, until SIGUSR1; see hold.h
 *   faxlab make FILE PAGES ROWS [SEED]      a document to send
 *   faxlab probe FILE                       sends a file as one datagram to the gateway's SIP port, prints the answers
 *   faxlab loopback                         brings up the loopback interface of a network namespace
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/demo/bank.h"
#include "tests/demo/hold.h"
#include "tests/demo/load.h"
#include "tests/demo/probe.h"
#include "tests/demo/show.h"
#include "tests/demo/talk.h"
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
	printf("\n%s\n",
	       ok ? "Both faxes came through, every page identical." : "FAILED: a fax did not come through whole.");
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

static int talk(unsigned calls, long pid)
{
	static struct bank bank;
	struct bank_params p = {.nspans = (calls + LOAD_PER_SPAN - 1) / LOAD_PER_SPAN};
	bool ok;

	addresses(&p);
	talk_prepare(&p);
	if (bank_open(&bank, &p))
		return EXIT_FAILURE;
	ok = !bank_wait_up(&bank, UP_LIMIT_MS) && talk_run(&bank, calls, pid);
	bank_close(&bank);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int hold(char **arg)
{
	static struct bank bank;
	struct bank_params p = {.nspans = 1, .speed = (unsigned)atoi(arg[4]), .held_speed = (unsigned)atoi(arg[4])};
	struct hold_params h = {arg[0], arg[1], !strcmp(arg[2], "line"), !strcmp(arg[3], "g711")};
	bool ok;

	addresses(&p);
	hold_prepare(&p);
	remove(h.received);
	if (bank_open(&bank, &p))
		return EXIT_FAILURE;
	ok = !bank_wait_up(&bank, UP_LIMIT_MS);
	if (!ok)
		fprintf(stderr, "the D channel did not come up in %d s\n", UP_LIMIT_MS / 1000);
	ok = ok && hold_run(&bank, &h);
	bank_close(&bank);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A new network namespace has its loopback down, and iproute2 is not on every machine. */
static int loopback(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &r) ? errno : 0;

	if (fd >= 0)
		close(fd);
	if (err)
		fprintf(stderr, "faxlab: loopback: %s\n", strerror(err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int make(char **arg, unsigned seed)
{
	int err = page_make(arg[0], (unsigned)atoi(arg[1]), (unsigned)atoi(arg[2]), PAGE_TEXT, seed);

	if (err)
		fprintf(stderr, "faxlab: cannot make %s: %s\n", arg[0], strerror(err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "demo"))
		return demo(argv[2], argv[3], argv[4]);
	if (argc == 6 && !strcmp(argv[1], "load"))
		return load((unsigned)atoi(argv[2]), atol(argv[3]), argv[4], argv[5]);
	if (argc == 4 && !strcmp(argv[1], "talk"))
		return talk((unsigned)atoi(argv[2]), atol(argv[3]));
	if (argc == 7 && !strcmp(argv[1], "hold"))
		return hold(argv + 2);
	if ((argc == 5 || argc == 6) && !strcmp(argv[1], "make"))
		return make(argv + 2, argc == 6 ? (unsigned)atoi(argv[5]) : 1);
	if (argc == 3 && !strcmp(argv[1], "probe"))
		return probe(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "loopback"))
		return loopback();
	fprintf(stderr, "usage: faxlab demo DOCUMENT OUTDIR LOG\n"
			"       faxlab load FAXES PID DOCUMENT OUTDIR\n"
			"       faxlab talk CALLS PID\n"
			"       faxlab hold DOCUMENT RECEIVED line|sip t38|g711 SPEED\n"
			"       faxlab make FILE PAGES ROWS [SEED]\n"
			"       faxlab probe FILE\n"
			"       faxlab loopback\n");
	return 2;
}
