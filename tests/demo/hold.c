/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/hold.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "t38/t30/t30.h"
#include "tests/sim/page.h"

#define LIMIT_US	(40 * 60 * SEC_US) /* of line time */
#define HANGUP_AFTER_US (400 * MS_US)
#define PEER_ASKS_MS	300
#define HUNG_UP_MS	300
#define LAST_STEPS	25
#define NUMBER_IN	"6212345" /* as the demo's configuration has them */
#define NUMBER_OUT	"4930123"

/* One fax at a time: the bank's handlers have no other way to it. */
static struct {
	struct bank *bank;
	const struct hold_params *par;
	struct machine_params line_machine, peer_machine;
	struct sip_peer_call_params peer_call;
	struct machine *machine;
	struct xcall *call, *second;
	unsigned peer_id;
	bool peer_called, answered, t38;
	int64_t done_us;
	char last_frame[80];
} hold;

static volatile sig_atomic_t let_go, call_again;

static void on_signal(int sig)
{
	*(sig == SIGUSR1 ? &let_go : &call_again) = 1;
}

static void peer_frame(unsigned id, int64_t at_ms, bool sent, const uint8_t *frame, size_t octets, void *arg)
{
	const char *name = t30_frame_name(frame, octets);

	if (!strcmp(name, hold.last_frame))
		return;
	snprintf(hold.last_frame, sizeof(hold.last_frame), "%s", name);
	printf("frame %s\n", name);
}

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			   void *arg)
{
	if (!hold.par || hold.machine || machine_alloc(&hold.machine, &hold.line_machine)) {
		b->refuse_cause = Q850_TEMPORARY_FAILURE;
		return;
	}
	hold.call = c;
	b->alert_ms = 200;
	b->answer_ms = 1000;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = hold.machine};
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	hold.peer_id = id;
	hold.peer_called = true;
	return &hold.peer_call;
}

void hold_prepare(struct bank_params *p)
{
	const struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	p->on_call = line_is_called;
	p->on_peer_call = peer_is_called;
	p->on_peer_frame = peer_frame;
	sigaction(SIGUSR1, &act, NULL);
	sigaction(SIGUSR2, &act, NULL);
}

static void prepare_fax(const struct hold_params *p)
{
	hold.line_machine = (struct machine_params){.caller = p->from_line, .ident = "+49 30 5550100", .ecm = true};
	hold.peer_machine = (struct machine_params){.caller = !p->from_line, .ident = "+49 30 6212345", .ecm = true};
	*(p->from_line ? &hold.line_machine.send_file : &hold.peer_machine.send_file) = p->document;
	*(p->from_line ? &hold.peer_machine.receive_file : &hold.line_machine.receive_file) = p->received;
	hold.peer_call = (struct sip_peer_call_params){
		.fax = &hold.peer_machine,
		.user = NUMBER_IN,
		.to = NUMBER_OUT,
		.provisional = 180,
		.answer_ms = 300,
		.hangup_done_ms = p->from_line ? 0 : HUNG_UP_MS,
		.error_correction = UDPTL_SIM_REDUNDANCY,
		.t38 = p->g711 ? PEER_T38_REFUSES : PEER_T38_ACCEPTS,
		.t38_after_ms = p->from_line && !p->g711 ? PEER_ASKS_MS : 0,
	};
}

static bool begin(const struct hold_params *p)
{
	struct exchange_call call = {.timeslot = 0};

	if (!p->from_line) {
		hold.peer_called =
			!sip_peer_call(hold.bank->peer, &hold.bank->par.sip_gateway, &hold.peer_call, &hold.peer_id);
		return hold.peer_called;
	}
	strcpy(call.parties.called.digits, NUMBER_IN);
	strcpy(call.parties.calling.digits, "5550100");
	if (machine_alloc(&hold.machine, &hold.line_machine))
		return false;
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = hold.machine};
	return !exchange_call(hold.bank->spans[0].x, &call, &hold.call);
}

static void hang_up_when_done(void)
{
	struct machine_result r;

	if (!hold.machine || !hold.call || xcall_result(hold.call)->state >= XCALL_CLEARING)
		return;
	machine_result(hold.machine, &r);
	if (!r.done)
		return;
	if (!hold.done_us)
		hold.done_us = hold.bank->line_us;
	if (hold.bank->line_us - hold.done_us >= HANGUP_AFTER_US)
		exchange_hangup(hold.call, Q850_NORMAL);
}

static void second_call(void)
{
	struct exchange_call call = {.timeslot = 0};

	if (call_again) {
		call_again = 0;
		strcpy(call.parties.called.digits, NUMBER_IN);
		if (exchange_call(hold.bank->spans[0].x, &call, &hold.second))
			printf("second call: not possible\n");
	}
	if (hold.second && xcall_result(hold.second)->state >= XCALL_CLEARING) {
		printf("second call: cause %u\n", xcall_result(hold.second)->cause);
		hold.second = NULL;
	}
}

static void tell(void)
{
	struct sip_peer_result r;
	char addr[ADDR_TEXT_OCTETS];

	if (!hold.peer_called)
		return;
	sip_peer_result(hold.bank->peer, hold.peer_id, &r);
	if (!hold.answered && r.state == PEER_ANSWERED) {
		hold.answered = true;
		printf("answered\n");
	}
	if (!hold.t38 && r.t38 && addr_is_set(&r.remote_t38.addr)) {
		hold.t38 = true;
		printf("t38 %s\n", addr_print(&r.remote_t38.addr, addr));
	}
}

static bool is_over(void)
{
	struct sip_peer_result r;

	if (!hold.call || !hold.peer_called || xcall_result(hold.call)->state != XCALL_GONE)
		return false;
	sip_peer_result(hold.bank->peer, hold.peer_id, &r);
	return r.state == PEER_OVER;
}

static bool verdict(const struct hold_params *p)
{
	struct page_report r;
	bool same;

	/* the machines close their files first */
	machine_free(hold.machine);
	hold.machine = NULL;
	same = page_compare(p->document, p->received, &r);
	printf(same ? "whole\n" : "not whole: %s\n", r.text);
	return same;
}

bool hold_run(struct bank *b, const struct hold_params *p)
{
	bool ok, over = false;

	memset(&hold, 0, sizeof(hold));
	hold.bank = b;
	hold.par = p;
	prepare_fax(p);
	printf("up\n");
	ok = begin(p);
	if (!ok)
		printf("the call cannot be made\n");
	while (ok && !over && b->line_us < LIMIT_US) {
		if (let_go)
			b->par.speed = 0;
		ok = !bank_step(b);
		if (!ok)
			printf("gone\n");
		hang_up_when_done();
		second_call();
		tell();
		over = is_over();
	}
	if (over)
		printf("over\n");
	/* the last messages of the D channel must still reach the gateway */
	for (int i = 0; ok && i < LAST_STEPS; i++)
		ok = !bank_step(b);
	ok = verdict(p);
	hold.par = NULL;
	return ok;
}
