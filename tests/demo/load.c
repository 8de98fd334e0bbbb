/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/demo/usage.h"
#include "tests/sim/page.h"

#define LIMIT_US	(40 * 60 * SEC_US)
#define HANGUP_AFTER_US (400 * MS_US)

#define STEPS_BETWEEN_CALLS 5
#define TRACE_US	    (3 * SEC_US) /* of line time under strace */

/*
 * What is measured while all faxes are in T.38: first the system calls for a while (strace slows everything), then
 * the rest.
 */
struct measure {
	long pid;
	const char *dir;
	enum { MEASURE_NOT_YET, MEASURE_TRACE, MEASURE_USE } phase;
	struct usage_trace trace;
	int trace_err;
	uint64_t calls;
	int64_t trace_us, traced_us; /* begin and length, line time */
	struct usage idle, first, last;
	int64_t first_us, last_us;
};

static struct {
	struct bank *bank;
	unsigned faxes, from_line, answered, peer_calls;
	struct machine_params line[LOAD_MAX], peer[LOAD_MAX];
	struct sip_peer_call_params calls[LOAD_MAX];
	struct machine *machines[LOAD_MAX];
	struct xcall *xcalls[LOAD_MAX];
	int64_t done_us[LOAD_MAX];
	char received[LOAD_MAX][300];
} load;

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			   void *arg)
{
	unsigned i = load.from_line + load.answered++;

	if (i >= load.faxes || machine_alloc(&load.machines[i], &load.line[i])) {
		b->refuse_cause = Q850_TEMPORARY_FAILURE;
		return;
	}
	load.xcalls[i] = c;
	b->answer_ms = 200;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = load.machines[i]};
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	/* calls from the line are numbered by their order of coming; which machine takes which does not matter */
	return &load.calls[load.peer_calls < load.from_line ? load.peer_calls++ : 0];
}

void load_prepare(struct bank_params *p)
{
	p->on_call = line_is_called;
	p->on_peer_call = peer_is_called;
	p->held_speed = 2;
}

static void prepare_call(unsigned i, const char *document, const char *out)
{
	bool from_line = i < load.from_line;
	struct machine_params sends = {.caller = true, .send_file = document, .ident = "sender", .ecm = true};
	struct machine_params receives = {.ident = "receiver", .ecm = true};

	snprintf(load.received[i], sizeof(load.received[i]), "%s/load%u.tif", out, i);
	remove(load.received[i]);
	receives.receive_file = load.received[i];
	load.line[i] = from_line ? sends : receives;
	load.peer[i] = from_line ? receives : sends;
	load.calls[i] = (struct sip_peer_call_params){.fax = &load.peer[i],
						      .to = "4930123",
						      .error_correction = UDPTL_SIM_REDUNDANCY,
						      .hangup_done_ms = from_line ? 0 : 300,
						      .t38_after_ms = from_line ? 2000 : 0};
}

static bool start_call(unsigned i)
{
	struct exchange_call call = {.timeslot = 0};
	unsigned id;

	if (i >= load.from_line)
		return !sip_peer_call(load.bank->peer, &load.bank->par.sip_gateway, &load.calls[i], &id);
	strcpy(call.parties.called.digits, "6212345");
	if (machine_alloc(&load.machines[i], &load.line[i]))
		return false;
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = load.machines[i]};
	return !exchange_call(load.bank->spans[i % load.bank->par.nspans].x, &call, &load.xcalls[i]);
}

static unsigned count_in_t38(void)
{
	unsigned n = 0;

	for (unsigned id = 0; id < sip_peer_calls(load.bank->peer); id++) {
		struct sip_peer_result r;

		sip_peer_result(load.bank->peer, id, &r);
		n += r.state == PEER_ANSWERED && r.t38 && !r.fax.done;
	}
	return n;
}

static bool hang_up_done(void)
{
	bool over = true;

	for (unsigned i = 0; i < load.faxes; i++) {
		struct machine_result r;

		over = over && load.xcalls[i] && xcall_result(load.xcalls[i])->state == XCALL_GONE;
		if (!load.machines[i] || !load.xcalls[i] || xcall_result(load.xcalls[i])->state >= XCALL_CLEARING)
			continue;
		machine_result(load.machines[i], &r);
		if (r.done && !load.done_us[i])
			load.done_us[i] = load.bank->line_us;
		if (r.done && load.bank->line_us - load.done_us[i] >= HANGUP_AFTER_US)
			exchange_hangup(load.xcalls[i], Q850_NORMAL);
	}
	return over && !sip_peer_active(load.bank->peer);
}

static unsigned count_whole(const char *document)
{
	unsigned whole = 0;

	for (unsigned i = 0; i < load.faxes; i++) {
		struct page_report r;

		machine_free(load.machines[i]);
		load.machines[i] = NULL;
		if (page_compare(document, load.received[i], &r))
			whole++;
		else
			fprintf(stderr, "  fax %u: %s\n", i, r.text);
		remove(load.received[i]);
	}
	return whole;
}

static void end_trace(struct measure *m, int64_t line_us)
{
	m->trace_err = usage_trace_stop(&m->trace, &m->calls);
	m->traced_us = line_us - m->trace_us;
	m->phase = MEASURE_USE;
}

/* Called after each step in which all faxes were in T.38. */
static bool measure_step(struct measure *m, int64_t line_us)
{
	struct usage u;

	if (m->phase == MEASURE_NOT_YET) {
		m->trace_us = line_us;
		m->trace_err = usage_trace_start(&m->trace, m->pid, m->dir);
		m->phase = m->trace_err ? MEASURE_USE : MEASURE_TRACE;
		return true;
	}
	if (m->phase == MEASURE_TRACE) {
		if (line_us - m->trace_us >= TRACE_US)
			end_trace(m, line_us);
		return true;
	}
	if (!usage_read(m->pid, &u))
		return false;
	if (!m->first_us) {
		m->first = u;
		m->first_us = line_us;
	}
	m->last = u;
	m->last_us = line_us;
	return true;
}

static void print_measure(const struct measure *m, unsigned faxes, unsigned whole, double speed)
{
	double s = (double)(m->last_us - m->first_us) / 1e6;

	if (s <= 0) {
		printf("faxes=%u whole=%u measured_s=0\n", faxes, whole);
		return;
	}
	printf("faxes=%u whole=%u measured_s=%.1f cpu_percent=%.4f wakeups_per_s=%.1f ", faxes, whole, s,
	       100 * (m->last.cpu_s - m->first.cpu_s) / s / faxes, (double)(m->last.wakeups - m->first.wakeups) / s);
	if (m->trace_err || !m->traced_us)
		printf("calls_per_s=- ");
	else
		printf("calls_per_s=%.0f ", (double)m->calls / ((double)m->traced_us / 1e6));
	printf("resident_kb=%ld kb_per_call=%.0f speed=%.1f\n", m->last.resident_kb,
	       (double)(m->last.resident_kb - m->idle.resident_kb) / faxes, speed);
}

static bool start_calls(const char *document, const char *out)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < load.faxes; i++) {
		prepare_call(i, document, out);
		ok = start_call(i);
		for (int k = 0; ok && k < STEPS_BETWEEN_CALLS; k++)
			ok = !bank_step(load.bank);
	}
	return ok;
}

bool load_run(struct bank *b, unsigned faxes, long pid, const char *document, const char *out)
{
	struct measure m = {.pid = pid, .dir = out};
	int64_t begin_us = b->line_us, real_us = clock_now_us(&clock_monotonic);
	unsigned whole;
	bool ok = faxes && faxes <= LOAD_MAX && usage_read(pid, &m.idle);

	memset(&load, 0, sizeof(load));
	load.bank = b;
	load.faxes = faxes;
	load.from_line = (faxes + 1) / 2;
	ok = ok && start_calls(document, out);
	while (ok && !hang_up_done() && b->line_us - begin_us < LIMIT_US) {
		ok = !bank_step(b);
		if (count_in_t38() == faxes)
			ok = ok && measure_step(&m, b->line_us);
	}
	if (m.phase == MEASURE_TRACE)
		end_trace(&m, b->line_us);
	whole = count_whole(document);
	print_measure(&m, faxes, whole,
		      (double)(b->line_us - begin_us) / (double)(clock_now_us(&clock_monotonic) - real_us));
	return ok && whole == faxes && m.last_us > m.first_us;
}
