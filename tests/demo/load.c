/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/page.h"

#define LIMIT_US (40 * 60 * SEC_US)
#define HANGUP_AFTER_US (400 * MS_US)

/* What the system has counted for a process. */
struct usage {
	double cpu_s;
	long resident_kb, switches;
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

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b, void *arg)
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

static bool read_usage(long pid, struct usage *up)
{
	char path[64], line[1024];
	unsigned long user = 0, system = 0;
	FILE *f;

	*up = (struct usage){0};
	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (fgets(line, sizeof(line), f) && strrchr(line, ')'))
		sscanf(strrchr(line, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
	fclose(f);
	up->cpu_s = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "VmRSS: %ld", &up->resident_kb);
	if (f)
		fclose(f);
	return true;
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

bool load_run(struct bank *b, unsigned faxes, long pid, const char *document, const char *out)
{
	struct usage idle, first = {0}, last = {0}, u;
	int64_t begin_us = b->line_us, first_us = 0, last_us = 0, real_us = clock_now_us(&clock_monotonic);
	unsigned whole;
	bool ok = faxes <= LOAD_MAX && read_usage(pid, &idle);

	memset(&load, 0, sizeof(load));
	load.bank = b;
	load.faxes = faxes;
	load.from_line = (faxes + 1) / 2;
	for (unsigned i = 0; ok && i < faxes; i++) {
		prepare_call(i, document, out);
		ok = start_call(i);
		for (int k = 0; ok && k < 5; k++)
			ok = !bank_step(b);
	}
	while (ok && !hang_up_done() && b->line_us - begin_us < LIMIT_US) {
		ok = !bank_step(b);
		if (count_in_t38() < faxes)
			continue;
		ok = ok && read_usage(pid, &u);
		if (!first_us) {
			first = u;
			first_us = b->line_us;
		}
		last = u;
		last_us = b->line_us;
	}
	whole = count_whole(document);
	if (last_us > first_us)
		printf("%u faxes, %u whole; %.1f s of line time with all in T.38; CPU %.4f %% of a core a channel; resident %ld kB, %.0f kB a call; "
		       "%.1f x real time\n",
		       faxes, whole, (double)(last_us - first_us) / 1e6,
		       100 * (last.cpu_s - first.cpu_s) / ((double)(last_us - first_us) / 1e6) / faxes, last.resident_kb,
		       (double)(last.resident_kb - idle.resident_kb) / faxes,
		       (double)(b->line_us - begin_us) / (double)(clock_now_us(&clock_monotonic) - real_us));
	return ok && whole == faxes;
}
