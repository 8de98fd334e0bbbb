/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "t38/t30/t30.h"
#include "tests/demo/ladder.h"
#include "tests/sim/page.h"

#define LIMIT_US	(40 * 60 * SEC_US) /* of line time */
#define HANGUP_AFTER_US (400 * MS_US)
#define PROGRESS_US	(SEC_US)
#define LOG_LIMIT_MS	3000
#define PEER_ASKS_MS	300	  /* after its answer, by SIP's clock, which the line's outruns eight times */
#define NUMBER_IN	"6212345" /* as the demo's configuration has them */
#define NUMBER_OUT	"4930123"

/* One show at a time: the bank's handlers have no other way to it. */
static struct {
	struct bank *bank;
	const struct show_params *par;
	struct ladder ladder;
	struct machine_params line_machine, peer_machine;
	struct sip_peer_call_params peer_call;
	struct machine *machine;
	struct xcall *call;
	int64_t begin_us, done_us, progress_us;
	unsigned peer_id, last_pages;
	bool peer_called;
	char last_frame[160];
} show;

static const char *const state_names[] = {
	[PEER_CALLING] = "calling",   [PEER_RINGING] = "ringing", [PEER_ANSWERED] = "answered",
	[PEER_CLEARING] = "clearing", [PEER_OVER] = "over",
};

static int64_t now_ms(void)
{
	return (show.bank->line_us - show.begin_us) / MS_US;
}

/* In the frames of a machine there are also the page's own, by T.4 annex A. */
static const char *frame_name(const uint8_t *frame, size_t octets)
{
	enum { FCD = 0x06, RCP = 0x86 };

	if (octets > 2 && frame[2] == FCD)
		return "page data (FCD)";
	if (octets > 2 && frame[2] == RCP)
		return "page ends (RCP)";
	return t30_frame_name(frame, octets);
}

static void add_frame(enum ladder_column c, bool to_gateway, const uint8_t *frame, size_t octets)
{
	char text[200], detail[120] = "";
	const char *name = frame_name(frame, octets);

	if (c == LADDER_PEER) /* there is more room in the last column */
		t30_frame_detail(frame, octets, detail, sizeof(detail));
	snprintf(text, sizeof(text), "%s%s%s", name, detail[0] ? " " : "", detail);
	ladder_add(&show.ladder, now_ms(), c, to_gateway, text);
	snprintf(show.last_frame, sizeof(show.last_frame), "%s", name);
}

static void line_frame(bool sent, const uint8_t *frame, size_t octets, void *arg)
{
	add_frame(LADDER_LINE, sent, frame, octets);
}

static void peer_frame(unsigned id, int64_t at_ms, bool sent, const uint8_t *frame, size_t octets, void *arg)
{
	add_frame(LADDER_PEER, sent, frame, octets);
}

static void line_message(bool sent, const char *name, unsigned call_reference, unsigned cause, void *arg)
{
	char text[LADDER_TEXT];

	if (!show.par || !call_reference)
		return;
	snprintf(text, sizeof(text), cause ? "%s, cause %u" : "%s", name, cause);
	ladder_add(&show.ladder, now_ms(), LADDER_LINE, sent, text);
}

static void sip_message(bool sent, const char *line, void *arg)
{
	const char *text = strchr(line, ' ');

	if (show.par && text)
		ladder_add(&show.ladder, now_ms(), LADDER_PEER, sent, text + 1);
}

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			   void *arg)
{
	if (!show.par || machine_alloc(&show.machine, &show.line_machine)) {
		b->refuse_cause = Q850_TEMPORARY_FAILURE;
		return;
	}
	machine_on_frame(show.machine, line_frame, NULL);
	show.call = c;
	b->alert_ms = 200;
	b->answer_ms = 1000;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = show.machine};
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	show.peer_id = id;
	show.peer_called = true;
	return &show.peer_call;
}

void show_prepare(struct bank_params *p)
{
	p->on_call = line_is_called;
	p->on_message = line_message;
	p->on_peer_call = peer_is_called;
	p->on_peer_frame = peer_frame;
	p->on_sip = sip_message;
}

static bool begin(void)
{
	const struct show_params *p = show.par;
	struct exchange_call call = {.timeslot = 0};

	show.line_machine = (struct machine_params){.caller = p->from_line, .ident = "+49 30 5550100", .ecm = true};
	show.peer_machine = (struct machine_params){.caller = !p->from_line, .ident = "+49 30 6212345", .ecm = true};
	*(p->from_line ? &show.line_machine.send_file : &show.peer_machine.send_file) = p->document;
	*(p->from_line ? &show.peer_machine.receive_file : &show.line_machine.receive_file) = p->received;
	show.peer_call = (struct sip_peer_call_params){.fax = &show.peer_machine,
						       .user = "6212345",
						       .to = NUMBER_OUT,
						       .provisional = 180,
						       .answer_ms = 300,
						       .hangup_done_ms = p->from_line ? 0 : 300,
						       .error_correction = UDPTL_SIM_REDUNDANCY,
						       .t38_after_ms = p->from_line ? PEER_ASKS_MS : 0};
	if (!p->from_line)
		return !sip_peer_call(show.bank->peer, &show.bank->par.sip_gateway, &show.peer_call, &show.peer_id) &&
		       (show.peer_called = true);
	strcpy(call.parties.called.digits, NUMBER_IN);
	strcpy(call.parties.calling.digits, "5550100");
	if (machine_alloc(&show.machine, &show.line_machine))
		return false;
	machine_on_frame(show.machine, line_frame, NULL);
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = show.machine};
	return !exchange_call(show.bank->spans[0].x, &call, &show.call);
}

static void hang_up_when_done(void)
{
	struct machine_result r;

	if (!show.machine || !show.call || xcall_result(show.call)->state >= XCALL_CLEARING)
		return;
	machine_result(show.machine, &r);
	if (!r.done)
		return;
	if (!show.done_us)
		show.done_us = show.bank->line_us;
	if (show.bank->line_us - show.done_us >= HANGUP_AFTER_US)
		exchange_hangup(show.call, Q850_NORMAL);
}

static void progress(bool last)
{
	int64_t real_us = clock_now_us(&clock_monotonic);
	struct sip_peer_result r;

	if (!last && real_us - show.progress_us < PROGRESS_US)
		return;
	show.progress_us = real_us;
	if (!show.peer_called)
		return;
	sip_peer_result(show.bank->peer, show.peer_id, &r);
	printf("  %6.1f s on the line: %-9s %-5s last frame %-8s pages %d\n", (double)now_ms() / 1000,
	       state_names[r.state], r.t38 ? "T.38" : "G.711", show.last_frame[0] ? show.last_frame : "-",
	       show.par->from_line ? r.fax.pages_received : r.fax.pages_sent);
	fflush(stdout);
}

static bool is_over(void)
{
	struct sip_peer_result r;

	if (!show.call || !show.peer_called || xcall_result(show.call)->state != XCALL_GONE)
		return false;
	sip_peer_result(show.bank->peer, show.peer_id, &r);
	return r.state == PEER_OVER;
}

/* The gateway's END line: its log is written by a thread of its own, so it may come a moment later. */
static bool find_end(char *end, size_t room)
{
	const struct timespec moment = {.tv_nsec = 5 * 1000000};
	char line[1500], mark[48];

	snprintf(mark, sizeof(mark), "call %s: END ", show.par->call_id);
	for (int ms = 0; ms < LOG_LIMIT_MS && !bank_step(show.bank); ms += 5) {
		FILE *f = fopen(show.par->log, "r");
		bool found = false;

		while (f && !found && fgets(line, sizeof(line), f))
			found = strstr(line, mark) && strchr(line, '\n');
		if (f)
			fclose(f);
		if (found) {
			line[strcspn(line, "\n")] = '\0';
			snprintf(end, room, "%s", line);
			return true;
		}
		nanosleep(&moment, NULL);
	}
	return false;
}

static bool verdict(void)
{
	const struct show_params *p = show.par;
	struct page_report r;
	bool same = page_compare(p->document, p->received, &r);

	printf("\n");
	for (unsigned i = 0; i < r.sent && i < PAGE_REPORT_PAGES; i++)
		printf("  page %u: %s\n", i + 1,
		       i >= r.received	? "MISSING"
		       : r.page_same[i] ? "identical, line by line"
					: "DIFFERS");
	printf("  %s\n  received: %s\n", r.text, p->received);
	return same;
}

bool show_fax(struct bank *b, const struct show_params *p)
{
	bool ok, over = false;
	char end[1500] = "";

	memset(&show, 0, sizeof(show));
	show.bank = b;
	show.par = p;
	show.begin_us = b->line_us;
	printf("\n%s: %s\n", p->from_line ? "E1 -> SIP" : "SIP -> E1", p->document);
	ok = begin();
	if (!ok)
		printf("  the call cannot be made: is %s a TIFF that a fax machine can send?\n", p->document);
	while (ok && !(over = is_over()) && b->line_us - show.begin_us < LIMIT_US) {
		ok = !bank_step(b);
		hang_up_when_done();
		progress(false);
	}
	if (ok && !over)
		printf("  NOT CLEARED after %lld s on the line\n", (long long)(LIMIT_US / SEC_US));
	progress(true);
	if (ok && over) {
		/* let the machine write its file's end */
		machine_free(show.machine);
		show.machine = NULL;
		ok = find_end(end, sizeof(end));
		ladder_add_log(&show.ladder, p->log, p->call_id);
		printf("\n");
		ladder_print(&show.ladder);
		ok = verdict() && ok;
		printf("  syslog: %s\n", end[0] ? end : "(no END line in the gateway's log)");
	}
	machine_free(show.machine);
	show.par = NULL;
	return ok && over;
}
