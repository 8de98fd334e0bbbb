/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/call/fax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define LIMIT_MS	 (20 * 60 * 1000) /* the longest any fax of the tests takes, unless it has many pages, ... */
#define PAGE_LIMIT_MS	 (60 * 1000)	  /* ...each so much */
#define HANGUP_AFTER_MS	 400		  /* a machine puts the receiver down so long after its last word */
#define CLEARED_LIMIT_MS 5000		  /* when one side clears, all is gone in so long... */
#define LOST_LIMIT_MS	 35000		  /* ...and where BYE may be lost, by timer F (RFC 3261 17.1.2.2) */

struct run {
	const struct fax_case *c;
	unsigned count;
	char dir[64], sent[96], received[FAX_MAX][96];
	char sent_back[96], received_back[96];
	struct machine_params line_params, peer_params[FAX_MAX];
	struct sip_peer_call_params peer_calls[FAX_MAX];
	struct machine *machines[FAX_MAX];
	struct xcall *calls[FAX_MAX];
	int64_t done_ms[FAX_MAX];
	unsigned line_answers, peer_answers; /* calls that came to the line, and to the peer */
	/* with a far gateway, instead of the peer: the machine on its line, and its call */
	struct machine *far_machine;
	struct xcall *far_call;
	int64_t far_done_ms;
	struct lab *lab;
};

static void make_document(const struct fax_case *c, const char *path, uint32_t salt)
{
	const struct page_format plain = {.rows = c->rows};

	assert_int_equal(page_make_mixed(path, c->pages ? c->pages : 1, c->formats ? c->formats : &plain,
					 c->formats ? c->nformats : 1, (uint32_t)c->lab.seed + salt),
			 0);
}

static void make_names(struct run *r)
{
	snprintf(r->dir, sizeof(r->dir), "/tmp/faxspan-test-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->sent, sizeof(r->sent), "%s/sent.tif", r->dir);
	for (unsigned i = 0; i < r->count; i++)
		snprintf(r->received[i], sizeof(r->received[i]), "%s/received%u.tif", r->dir, i);
	snprintf(r->sent_back, sizeof(r->sent_back), "%s/sent_back.tif", r->dir);
	snprintf(r->received_back, sizeof(r->received_back), "%s/received_back.tif", r->dir);
	make_document(r->c, r->sent, 1);
	if (r->c->turned)
		make_document(r->c, r->sent_back, 2);
}

static void remove_files(struct run *r)
{
	unlink(r->sent);
	unlink(r->sent_back);
	unlink(r->received_back);
	for (unsigned i = 0; i < r->count; i++)
		unlink(r->received[i]);
	rmdir(r->dir);
}

static bool is_from_line(const struct run *r, unsigned i)
{
	return r->c->from_line != (r->c->mixed && (i & 1));
}

/* The Nth fax of those that go the one way or the other; the count of all if there are not so many. */
static unsigned nth_of(const struct run *r, bool from_line, unsigned n)
{
	unsigned i = 0;

	for (; i < r->count; i++)
		if (is_from_line(r, i) == from_line && !n--)
			break;
	return i;
}

static struct machine_params sender(const struct run *r)
{
	return (struct machine_params){.caller = !r->c->polled,
				       .send_file = r->sent,
				       .receive_file = r->c->turned ? r->received_back : NULL,
				       .ident = "sender",
				       .ecm = !r->c->no_ecm,
				       .super_g3 = r->c->polled ? r->c->super_g3_called : r->c->super_g3_caller,
				       .modems = r->c->modems ? r->c->modems : FAX_MODEM_ALL,
				       .kind = r->c->sender};
}

static struct machine_params receiver(const struct run *r, unsigned i)
{
	return (struct machine_params){.caller = r->c->polled,
				       .send_file = r->c->turned ? r->sent_back : NULL,
				       .receive_file = r->received[i],
				       .ident = "receiver",
				       .ecm = !r->c->receiver_no_ecm,
				       .super_g3 = r->c->polled ? r->c->super_g3_caller : r->c->super_g3_called,
				       .modems = r->c->receiver_modems ? r->c->receiver_modems : FAX_MODEM_ALL,
				       .kind = r->c->receiver};
}

/* Of fax I: who calls, or who is called. */
static struct machine_params party(const struct run *r, unsigned i, bool caller)
{
	return caller == r->c->polled ? receiver(r, i) : sender(r);
}

/* A call to the line: the next receiving machine answers. */
static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			   void *arg)
{
	struct run *r = arg;
	bool far = x == r->lab->far.span.x;
	unsigned i = far ? 0 : nth_of(r, false, r->line_answers++);
	struct machine **machinep = far ? &r->far_machine : &r->machines[i];
	struct machine_params mp;

	if (i == r->count)
		return;
	mp = party(r, i, false);
	assert_int_equal(machine_alloc(machinep, &mp), 0);
	*(far ? &r->far_call : &r->calls[i]) = c;
	b->answer_ms = 500;
	b->source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = *machinep};
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	struct run *r = arg;
	unsigned i = nth_of(r, true, r->peer_answers++);

	return i < r->count ? &r->peer_calls[i] : NULL;
}

static void start_from(struct run *r, unsigned i, struct exchange *x, struct machine **machinep, struct xcall **cp)
{
	struct exchange_call call = {.timeslot = 0};
	struct machine_params mp = party(r, i, true);

	strcpy(call.parties.called.digits, LAB_NUMBER);
	strcpy(call.parties.calling.digits, LAB_CALLER);
	assert_int_equal(machine_alloc(machinep, &mp), 0);
	call.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = *machinep};
	assert_int_equal(exchange_call(x, &call, cp), 0);
}

static void start_from_line(struct run *r, unsigned i)
{
	start_from(r, i, r->lab->spans[i % r->lab->nspans].x, &r->machines[i], &r->calls[i]);
}

static void start_from_peer(struct run *r, unsigned i)
{
	unsigned id;

	if (r->c->lab.far_gateway)
		start_from(r, i, r->lab->far.span.x, &r->far_machine, &r->far_call);
	else
		assert_int_equal(sip_peer_call(r->lab->peer, &r->lab->gateway, &r->peer_calls[i], &id), 0);
}

/* The machines on the line put the receiver down when they are done, as people's machines do. */
static void put_down(struct run *r, const struct machine *m, struct xcall *call, int64_t *done_msp)
{
	struct machine_result result;

	machine_result(m, &result);
	if (!result.done || r->c->nobody_clears || xcall_result(call)->state >= XCALL_CLEARING)
		return;
	if (!*done_msp)
		*done_msp = lab_now_ms(r->lab);
	if (lab_now_ms(r->lab) - *done_msp >= HANGUP_AFTER_MS)
		exchange_hangup(call, Q850_NORMAL);
}

static bool all_done(struct lab *l, void *arg)
{
	struct run *r = arg;
	bool idle = true;

	if (r->c->on_step)
		r->c->on_step(l, r->c->arg);
	for (unsigned i = 0; i < r->count; i++) {
		if (!r->calls[i])
			return false;
		idle = idle && xcall_result(r->calls[i])->state == XCALL_GONE;
		put_down(r, r->machines[i], r->calls[i], &r->done_ms[i]);
	}
	if (r->far_call)
		put_down(r, r->far_machine, r->far_call, &r->far_done_ms);
	return idle && (!r->far_call || xcall_result(r->far_call)->state == XCALL_GONE);
}

static void prepare(struct run *r, const struct fax_case *c, struct lab_params *lp)
{
	r->c = c;
	r->count = c->count ? c->count : 1;
	assert_true(r->count <= FAX_MAX);
	assert_true(r->count == 1 || !c->lab.far_gateway);
	make_names(r);
	for (unsigned i = 0; i < r->count; i++) {
		r->peer_params[i] = party(r, i, !is_from_line(r, i));
		r->peer_calls[i] = c->lab.peer;
		r->peer_calls[i].fax = &r->peer_params[i];
		r->peer_calls[i].to = LAB_OUT;
		if (!r->peer_calls[i].error_correction)
			r->peer_calls[i].error_correction = UDPTL_SIM_REDUNDANCY;
	}
	*lp = c->lab;
	lp->on_call = line_is_called;
	lp->on_peer_call = peer_is_called;
	lp->on_dframe = c->on_dframe;
	lp->arg = r;
}

static void compare(struct run *r, struct fax_outcome *o)
{
	for (unsigned i = 0; i < r->count; i++) {
		struct page_report p;

		bool whole = page_compare(r->sent, r->received[i], &p);

		if (whole && r->c->turned)
			whole = page_compare(r->sent_back, r->received_back, &p);
		if (whole)
			o->whole++;
		if (!i || p.same < o->page.same)
			o->page = p;
	}
	page_damage_measure(r->sent, r->received[0], &o->damage);
}

static void collect(struct run *r, const char *wanted, struct fax_outcome *o)
{
	const char *end = lab_log_end(r->lab, 0);

	if (sip_peer_calls(r->lab->peer))
		sip_peer_result(r->lab->peer, 0, &o->peer);
	if (r->machines[0])
		machine_result(r->machines[0], &o->line);
	if (r->calls[0])
		o->call = *xcall_result(r->calls[0]);
	if (end)
		snprintf(o->end, sizeof(o->end), "%.*s", (int)strcspn(end, "\n"), end);
	o->has_text = wanted && lab_log_has(r->lab, wanted);
	o->net = net_sim_stats(r->lab->net);
}

static void begin(struct run *r)
{
	const struct fax_case *c = r->c;

	lab_damage_media(r->lab, &c->damage, c->damage_in ? c->damage_in : &c->damage);
	lab_damage_sip(r->lab, &c->damage_sip);
	for (unsigned i = 0; c->line_is_damaged && i < r->lab->nspans; i++)
		exchange_damage(r->lab->spans[i].x, &c->line);
	if (c->on_begin)
		c->on_begin(r->lab, c->arg);
	for (unsigned i = 0; i < r->count; i++)
		(is_from_line(r, i) ? start_from_line : start_from_peer)(r, i);
}

static bool peer_is_idle(struct lab *l, void *unused)
{
	return !sip_peer_active(l->peer);
}

/* True if all has been cleared. */
static bool clear(struct run *r)
{
	static const struct net_sim_damage nothing;
	bool lossy = memcmp(&r->c->damage_sip, &nothing, sizeof(nothing)) != 0;
	unsigned limit_ms = lossy ? LOST_LIMIT_MS : CLEARED_LIMIT_MS;
	bool ended = lab_until(r->lab, lab_is_idle, NULL, limit_ms);

	/* the answer to its BYE may be lost too */
	if (lossy)
		lab_until(r->lab, peer_is_idle, NULL, limit_ms);
	lab_run(r->lab, 1000);
	return ended;
}

void fax_run(const struct fax_case *c, const char *wanted, struct fax_outcome *op)
{
	static struct run r;
	struct fax_outcome o = {0};
	struct lab_params lp;
	int64_t begin_ms;

	memset(&r, 0, sizeof(r));
	prepare(&r, c, &lp);
	r.lab = lab_open(&lp);
	begin_ms = lab_now_ms(r.lab);
	begin(&r);
	lab_until(r.lab, all_done, &r, LIMIT_MS + c->pages * PAGE_LIMIT_MS);
	o.line_ms = lab_now_ms(r.lab) - begin_ms;
	o.ended = clear(&r);
	collect(&r, wanted, &o);
	if (o.ended && c->on_end)
		c->on_end(r.lab, c->arg);
	if (o.ended)
		lab_close(r.lab);
	else
		lab_free(r.lab);
	for (unsigned i = 0; i < r.count; i++)
		machine_free(r.machines[i]);
	machine_free(r.far_machine);
	compare(&r, &o);
	remove_files(&r);
	*op = o;
}

void fax_expect_whole(const struct fax_case *c, const struct fax_outcome *o)
{
	unsigned count = c->count ? c->count : 1;

	if (!o->ended)
		fail_msg("%s: not everything was cleared", c->name);
	if (o->whole != count)
		fail_msg("%s: %u of %u faxes whole; the worst: %s; line: %s; peer: %s (status %u, UDPTL lost %u bad "
			 "%u); %s",
			 c->name, o->whole, count, o->page.text, o->line.text ? o->line.text : "-",
			 o->peer.fax.text ? o->peer.fax.text : "-", o->peer.status, (unsigned)o->peer.udptl.lost,
			 (unsigned)o->peer.udptl.bad, o->end);
}

void fax_expect_end(const struct fax_case *c, const struct fax_outcome *o, const char *text)
{
	if (!strstr(o->end, text))
		fail_msg("%s: no \"%s\" in: %s", c->name, text, o->end);
}
