/* SPDX-License-Identifier: GPL-2.0-only */
/* Faxes at once, in real time: V.17 at 14400 bit/s with ECM, each page compared line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/dahdi-vm/vmlab.h"
#include "tests/dahdi-vm/world.h"
#include "tests/sim/page.h"

#define FAXES		15
#define DOCUMENT	"/tmp/document.tif"
#define PAGES		1
#define ROWS		400
#define LIMIT_MS	180000
#define APART_MS	300  /* between the beginnings */
#define PEER_ASKS_MS	3000 /* for T.38, as Asterisk does */
#define HANGUP_AFTER_MS 400

struct fax {
	bool from_line;
	struct machine_params at_line, at_peer;
	struct sip_peer_call_params peer_call;
	struct machine *machine;
	struct xcall *line;
	unsigned peer_id;
	bool peer_called;
	int64_t done_ms;
	char received[40];
};

static struct {
	unsigned count;
	struct fax faxes[FAXES];
	struct process_usage first, last; /* while all were in T.38 */
} set;

static struct fax *by_number(const char *digits)
{
	unsigned i = strlen(digits) < 3 ? FAXES : (unsigned)atoi(digits + strlen(digits) - 3);

	return i < set.count ? &set.faxes[i] : NULL;
}

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b)
{
	struct fax *f = by_number(p->called.digits);

	if (!f || f->machine || machine_alloc(&f->machine, &f->at_line)) {
		b->refuse_cause = Q850_TEMPORARY_FAILURE;
		return;
	}
	f->line = c;
	b->answer_ms = 200;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = f->machine};
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called)
{
	struct fax *f = by_number(called);

	if (!f || f->peer_called)
		return NULL;
	f->peer_called = true;
	f->peer_id = id;
	return &f->peer_call;
}

static void prepare(struct fax *f, bool from_line)
{
	const struct machine_params sends = {.caller = true, .send_file = DOCUMENT, .ident = "sender", .ecm = true};
	struct machine_params receives = {.ident = "receiver", .ecm = true};

	memset(f, 0, sizeof(*f));
	f->from_line = from_line;
	snprintf(f->received, sizeof(f->received), "/tmp/received%td.tif", f - set.faxes);
	remove(f->received);
	receives.receive_file = f->received;
	f->at_line = from_line ? sends : receives;
	f->at_peer = from_line ? receives : sends;
	f->peer_call = (struct sip_peer_call_params){.fax = &f->at_peer,
						     .provisional = 180,
						     .error_correction = UDPTL_SIM_REDUNDANCY,
						     .hangup_done_ms = from_line ? 0 : HANGUP_AFTER_MS,
						     .t38_after_ms = from_line ? PEER_ASKS_MS : 0};
}

static bool begin(struct fax *f)
{
	static char numbers[FAXES][8];
	struct exchange_call call = {.timeslot = 0};
	unsigned i = (unsigned)(f - set.faxes);

	if (!f->from_line) {
		snprintf(numbers[i], sizeof(numbers[i]), "4930%03u", i);
		f->peer_call.to = numbers[i];
		f->peer_called = true;
		return !sip_peer_call(world.peer, &world.sip_gateway, &f->peer_call, &f->peer_id);
	}
	snprintf(call.parties.called.digits, sizeof(call.parties.called.digits), "6200%03u", i);
	if (machine_alloc(&f->machine, &f->at_line))
		return false;
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = f->machine};
	return !exchange_call(world.x, &call, &f->line);
}

static bool is_in_t38(const struct fax *f)
{
	struct sip_peer_result r;

	if (!f->peer_called)
		return false;
	sip_peer_result(world.peer, f->peer_id, &r);
	return r.state == PEER_ANSWERED && r.t38 && !r.fax.done;
}

/* The machine on the line hangs up as a real one does, a moment after its last word. */
static bool look(struct fax *f)
{
	struct machine_result r;

	if (!f->machine || !f->line)
		return false;
	machine_result(f->machine, &r);
	if (r.done && !f->done_ms)
		f->done_ms = world_now_ms();
	if (r.done && world_now_ms() - f->done_ms >= HANGUP_AFTER_MS)
		exchange_hangup(f->line, Q850_NORMAL);
	return xcall_result(f->line)->state == XCALL_GONE;
}

static bool are_all_over(void)
{
	unsigned in_t38 = 0, over = 0;

	for (unsigned i = 0; i < set.count; i++) {
		in_t38 += is_in_t38(&set.faxes[i]);
		over += look(&set.faxes[i]);
	}
	if (in_t38 == set.count)
		process_usage_read(world.gateway.pid, set.first.at_us ? &set.last : &set.first);
	return over == set.count && !sip_peer_active(world.peer);
}

static bool is_whole(struct fax *f)
{
	struct sip_peer_result p;
	struct machine_result m = {0};
	struct page_report r;
	bool same;

	sip_peer_result(world.peer, f->peer_id, &p);
	if (f->machine)
		machine_result(f->machine, &m);
	machine_free(f->machine); /* writes the end of its file */
	f->machine = NULL;
	same = page_compare(DOCUMENT, f->received, &r);
	if (!same)
		return world_fail("fax %td: %s; on the line: %s, at the peer: %s", f - set.faxes + 1, r.text,
				  m.text ? m.text : "-", p.fax.text ? p.fax.text : "-");
	if (!p.t38 || m.rate != 14400 || !m.ecm)
		return world_fail("fax %td: not by T.38, or not at 14400 bit/s with ECM (%d bit/s)", f - set.faxes + 1,
				  m.rate);
	return true;
}

bool faxes_begin(unsigned count, unsigned from_line)
{
	memset(&set, 0, sizeof(set));
	set.count = count;
	world.on_call = line_is_called;
	world.on_peer_call = peer_is_called;
	if (page_make(DOCUMENT, PAGES, ROWS, PAGE_TEXT, 7))
		return world_fail("the document could not be made");
	for (unsigned i = 0; i < count; i++) {
		prepare(&set.faxes[i], i < from_line);
		if (!begin(&set.faxes[i]))
			return world_fail("fax %u could not be called", i + 1);
		world_wait(APART_MS);
	}
	return true;
}

bool faxes_are_in_t38(void)
{
	for (unsigned i = 0; i < set.count; i++) {
		if (!is_in_t38(&set.faxes[i]))
			return false;
	}
	return true;
}

unsigned faxes_timeslot(unsigned i)
{
	return xcall_result(set.faxes[i].line)->timeslot;
}

const char *faxes_peer_reason(unsigned i)
{
	static struct sip_peer_result r;

	sip_peer_result(world.peer, set.faxes[i].peer_id, &r);
	return r.reason;
}

void faxes_forget(void)
{
	for (unsigned i = 0; i < set.count; i++) {
		machine_free(set.faxes[i].machine);
		set.faxes[i].machine = NULL;
	}
}

static bool run(unsigned count, unsigned from_line)
{
	int64_t begin_ms = world_now_ms();
	bool ok = true;

	if (!call_d_channel_up() || !faxes_begin(count, from_line))
		return false;
	if (!world_until(are_all_over, LIMIT_MS))
		ok = world_fail("not every call is over after %d s", LIMIT_MS / 1000);
	for (unsigned i = 0; i < count; i++)
		ok = is_whole(&set.faxes[i]) && ok;
	printf("  %u faxes in %.1f s\n", count, (double)(world_now_ms() - begin_ms) / 1000);
	if (set.last.at_us)
		process_usage_print("the gateway with every fax in T.38", &set.first, &set.last, count);
	return ok;
}

bool faxes_from_line(void)
{
	return run(FAXES, FAXES);
}

bool faxes_from_sip(void)
{
	return run(FAXES, 0);
}

bool faxes_one_each_way(void)
{
	return run(2, 1);
}
