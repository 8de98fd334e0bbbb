/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * faxline: the exchanges and fax machines at the line side of a running faxspand, in real time; its SIP side is
 * somebody else's program.
 *
 *   faxline run SPANS LOCAL GATEWAY CASES OUTDIR LIMIT_S
 *       plays the cases of the file CASES on SPANS tdmoe lines from LOCAL to GATEWAY (addresses of the first; the
 *       ports of the others follow) and says what became of each, for at most LIMIT_S seconds
 *   faxline compare SENT RECEIVED
 *       says whether every page of the TIFF came through; exit status 0 if so
 *   faxline answer SPANS LOCAL GATEWAY [FIFO]
 *       does with each call what its number says, and calls when it is told to through the FIFO (answer.h), until
 * SIGTERM; then says how
 *       many calls there were and are
 *
 * A line of CASES: NAME line|sip SPAN NUMBER DOCUMENT yes|no START_S. "line": at START_S from the beginning NUMBER is
 * called on SPAN and DOCUMENT sent; "sip": a call to NUMBER is answered, and what it sends goes to OUTDIR/NAME.tif.
 * yes: with ECM.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "tests/demo/bank.h"
#include "tests/sim/page.h"

#define MAX_CASES	64
#define UP_LIMIT_MS	20000
#define HANGUP_AFTER_US (1500 * MS_US)
#define LAST_STEPS	50
#define ANSWER_MS	600
#define NUMBER_FROM	"5550100"

struct fax_case {
	char name[64], number[24], document[256];
	bool from_line, ecm, over;
	unsigned span; /* 0.. */
	int64_t start_us;
	struct machine *machine;
	struct xcall *call;
	int64_t begun_us, done_us; /* line time; 0: not yet */
};

static struct {
	struct bank bank;
	struct fax_case cases[MAX_CASES];
	unsigned ncases;
	const char *out;
	int64_t zero_us;
} line;

static volatile sig_atomic_t told_to_stop;

static void on_signal(int sig)
{
	told_to_stop = 1;
}

static bool read_cases(const char *path)
{
	char text[1024], from[8], ecm[8];
	FILE *f = fopen(path, "r");
	bool ok = f;

	while (ok && line.ncases < MAX_CASES && fgets(text, sizeof(text), f)) {
		struct fax_case *c = &line.cases[line.ncases++];
		unsigned start_s;

		ok = sscanf(text, "%63s %7s %u %23s %255s %7s %u", c->name, from, &c->span, c->number, c->document, ecm,
			    &start_s) == 7;
		c->from_line = ok && !strcmp(from, "line");
		c->ecm = ok && !strcmp(ecm, "yes");
		c->start_us = ok ? start_s * SEC_US : 0;
		ok = ok && c->span >= 1 && c->span-- <= BANK_MAX_SPANS;
		if (!ok)
			fprintf(stderr, "faxline: %s: not a case: %s", path, text);
	}
	if (f)
		fclose(f);
	return ok && line.ncases;
}

static int case_begin(struct fax_case *c)
{
	struct machine_params p = {.caller = c->from_line, .ident = "+49 30 5550100", .ecm = c->ecm};
	char received[512];
	int err;

	snprintf(received, sizeof(received), "%s/%s.tif", line.out, c->name);
	*(c->from_line ? &p.send_file : &p.receive_file) = c->from_line ? c->document : received;
	err = machine_alloc(&c->machine, &p);
	if (!err)
		c->begun_us = line.bank.line_us;
	return err;
}

static void line_is_called(struct exchange *x, struct xcall *call, const struct isdn_parties *p,
			   struct xcall_behaviour *b, void *arg)
{
	for (unsigned i = 0; i < line.ncases; i++) {
		struct fax_case *c = &line.cases[i];

		if (c->from_line || c->machine || strcmp(c->number, p->called.digits) || case_begin(c))
			continue;
		c->call = call;
		b->alert_ms = ANSWER_MS / 2;
		b->answer_ms = ANSWER_MS;
		b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = c->machine};
		printf("called %s\n", c->name);
		return;
	}
	b->refuse_cause = Q850_UNALLOCATED;
}

static void case_call(struct fax_case *c)
{
	struct exchange_call call = {.timeslot = 0};
	int err = case_begin(c);

	strcpy(call.parties.calling.digits, NUMBER_FROM);
	snprintf(call.parties.called.digits, sizeof(call.parties.called.digits), "%s", c->number);
	if (!err) {
		call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = c->machine};
		err = exchange_call(line.bank.spans[c->span].x, &call, &c->call);
	}
	if (err) {
		printf("over %s failed 0 cannot call: %s\n", c->name, strerror(err));
		c->over = true;
	}
}

/* The machine's own view, when the call is gone. Its file is closed with it. */
static void case_end(struct fax_case *c)
{
	struct machine_result r;

	machine_result(c->machine, &r);
	printf("over %s %s %.1f %s, %d pages, %d bit/s, ECM %s, cause %u\n", c->name, r.success ? "ok" : "failed",
	       (double)(line.bank.line_us - c->begun_us) / SEC_US, r.text,
	       c->from_line ? r.pages_sent : r.pages_received, r.rate, r.ecm ? "yes" : "no",
	       xcall_result(c->call)->cause);
	machine_free(c->machine);
	c->machine = NULL;
	c->over = true;
}

static void case_step(struct fax_case *c)
{
	struct machine_result r;

	if (c->over)
		return;
	if (c->from_line && !c->begun_us && line.bank.line_us - line.zero_us >= c->start_us)
		case_call(c);
	if (!c->call || c->over)
		return;
	if (xcall_result(c->call)->state == XCALL_GONE) {
		case_end(c);
		return;
	}
	machine_result(c->machine, &r);
	if (r.done && !c->done_us)
		c->done_us = line.bank.line_us;
	if (r.done && line.bank.line_us - c->done_us >= HANGUP_AFTER_US &&
	    xcall_result(c->call)->state < XCALL_CLEARING)
		exchange_hangup(c->call, Q850_NORMAL);
}

static bool play(int64_t limit_us)
{
	bool ok = true, over = false;

	line.zero_us = line.bank.line_us;
	while (ok && !over && line.bank.line_us - line.zero_us < limit_us) {
		ok = !bank_step(&line.bank);
		over = true;
		for (unsigned i = 0; i < line.ncases; i++) {
			case_step(&line.cases[i]);
			over = over && line.cases[i].over;
		}
	}
	for (int i = 0; ok && i < LAST_STEPS; i++)
		ok = !bank_step(&line.bank);
	for (unsigned i = 0; i < line.ncases; i++)
		if (!line.cases[i].over)
			printf("over %s failed 0 %s\n", line.cases[i].name,
			       line.cases[i].begun_us ? "still up at the time limit" : "never called");
	return ok && over;
}

static bool lines_open(struct bank_params *p, char **arg)
{
	p->nspans = (unsigned)atoi(arg[0]);
	p->speed = p->held_speed = 1;
	if (!p->nspans || p->nspans > BANK_MAX_SPANS || addr_parse(&p->lines_local, arg[1], 0) ||
	    addr_parse(&p->lines_gateway, arg[2], 0) || bank_open(&line.bank, p))
		return false;
	if (bank_wait_up(&line.bank, UP_LIMIT_MS)) {
		fprintf(stderr, "faxline: the D channels did not come up in %d s\n", UP_LIMIT_MS / 1000);
		bank_close(&line.bank);
		return false;
	}
	printf("up\n");
	return true;
}

static bool run(char **arg)
{
	struct bank_params p = {.on_call = line_is_called};
	bool ok;

	line.out = arg[4];
	ok = read_cases(arg[3]) && lines_open(&p, arg);
	if (!ok)
		return false;
	ok = play(atoi(arg[5]) * SEC_US);
	bank_close(&line.bank);
	for (unsigned i = 0; i < line.ncases; i++)
		machine_free(line.cases[i].machine);
	return ok;
}

static bool answer(char **arg, const char *fifo)
{
	static struct answer a;
	struct bank_params p = {.on_call = answer_on_call, .arg = &a};
	unsigned left = 0;
	bool ok;

	signal(SIGTERM, on_signal);
	if (!answer_open(&a, &line.bank, fifo))
		return false;
	ok = lines_open(&p, arg);
	if (!ok)
		goto out;
	do {
		ok = !bank_step(&line.bank);
		left = answer_step(&a);
	} while (ok && !told_to_stop);
	printf("%u calls, %u left\n", a.gone + left, left);
	bank_close(&line.bank);
out:
	answer_close(&a);
	return ok && !left;
}

static bool compare(char **arg)
{
	struct page_report r;
	bool same = page_compare(arg[0], arg[1], &r);

	printf("%s\n", r.text);
	return same;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 8 && !strcmp(argv[1], "run"))
		return run(argv + 2) ? EXIT_SUCCESS : EXIT_FAILURE;
	if (argc == 4 && !strcmp(argv[1], "compare"))
		return compare(argv + 2) ? EXIT_SUCCESS : EXIT_FAILURE;
	if ((argc == 5 || argc == 6) && !strcmp(argv[1], "answer"))
		return answer(argv + 2, argc == 6 ? argv[5] : NULL) ? EXIT_SUCCESS : EXIT_FAILURE;
	fprintf(stderr, "usage: faxline run SPANS LOCAL GATEWAY CASES OUTDIR LIMIT_S\n"
			"       faxline compare SENT RECEIVED\n"
			"       faxline answer SPANS LOCAL GATEWAY [FIFO]\n");
	return 2;
}
