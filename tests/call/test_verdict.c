/* SPDX-License-Identifier: GPL-2.0-only */
/* What the END line says of a fax that failed, or ended in an odd way: the result in words, and whose fault it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "t38/spandsp_version.h"
#include "t38/udptl/ifp.h"
#include "tests/call/fax.h"

/* How a machine ends when its DIS is not answered: in version 3 it breaks off in the midst of it, without DCN. */
#if SPANDSP_3
#define T1_ENDS	  "t30=\"incomplete\""
#define T1_RESULT "result=\"fax failed: no answer to DIS"
#else
#define T1_ENDS	  "t30=\"failed\""
#define T1_RESULT "result=\"fax failed: peer sent DCN after DIS: it was not answered"
#endif

#define WE_ASK	    "t38_start = on-preamble\n"
#define NOBODY_ASKS "t38_start = wait\n"

enum cut { CUT_NOTHING, CUT_LINE, CUT_PEER, CUT_NETWORK };

/* In the first page, 5 s after its CFR; as soon as it is confirmed; after the training check, in the answer to it;
 * in the preamble that is the first of T.38, after a DIS in G.711. */
enum when { IN_PAGE, AT_MCF, IN_CFR, IN_PREAMBLE };

static const struct verdict {
	struct fax_case fax;
	enum cut cut;
	enum when when;
	const char *end, *media; /* what the END line must say */
} verdicts[] = {
	{{.name = "the line hangs up in the page", .from_line = true, .rows = 3000, .lab = {.fax_text = WE_ASK}},
	 CUT_LINE,
	 IN_PAGE,
	 "result=\"fax failed: broke off in page 1\" fault=line",
	 "cleared-by=line"},
	{{.name = "the peer hangs up in the page", .from_line = true, .rows = 3000, .lab = {.fax_text = WE_ASK}},
	 CUT_PEER,
	 IN_PAGE,
	 "result=\"fax failed: broke off in page 1\" fault=peer",
	 "cleared-by=peer"},
	{{.name = "the sender, a peer, hangs up in the page", .rows = 3000},
	 CUT_PEER,
	 IN_PAGE,
	 "result=\"fax failed: broke off in page 1\" fault=peer",
	 "cleared-by=peer"},
	{{.name = "the line hangs up in the page, in G.711",
	  .from_line = true,
	  .rows = 3000,
	  .lab = {.fax_text = NOBODY_ASKS}},
	 CUT_LINE,
	 IN_PAGE,
	 "result=\"fax failed: broke off in page 1\" fault=line media=g711-fax",
	 "cleared-by=line"},
	{{.name = "the peer hangs up before the answer to its training check is whole, in G.711",
	  .rows = 3000,
	  .lab = {.fax_text = NOBODY_ASKS}},
	 CUT_PEER,
	 IN_CFR,
	 "result=\"fax failed: no answer to DCS\" fault=peer media=g711-fax",
	 "cleared-by=peer"},
	{{.name = "the peer hangs up in the first preamble of T.38",
	  .from_line = true,
	  .lab = {.fax_text = NOBODY_ASKS, .peer = {.t38_after_ms = 6500}}},
	 CUT_PEER,
	 IN_PREAMBLE,
	 "result=\"fax failed: no answer to DIS\" fault=peer media=t38",
	 "cleared-by=peer"},
	{{.name = "the peer says BYE after MCF, before DCN", .from_line = true, .lab = {.fax_text = WE_ASK}},
	 CUT_PEER,
	 AT_MCF,
	 "result=\"fax ok\" fault=- media=t38 t30=\"success\" pages=1",
	 "cleared-by=peer"},
	{{.name = "no packet of T.38 comes from the peer",
	  .lab = {.fax_text = "t38_start = at-answer\n"},
	  .damage_in = &(const struct net_sim_damage){.loss = 1.0}},
	 CUT_NOTHING,
	 IN_PAGE,
	 "result=\"fax failed: no T.38 packet came from the peer\" fault=network",
	 T1_ENDS},
	{{.name = "the network breaks down in the page", .from_line = true, .rows = 3000, .lab = {.fax_text = WE_ASK}},
	 CUT_NETWORK,
	 IN_PAGE,
	 "fault=network",
	 "media=t38"},
	{{.name = "the network breaks down in G.711", .rows = 3000, .lab = {.fax_text = NOBODY_ASKS}},
	 CUT_NETWORK,
	 IN_PAGE,
	 "fault=network",
	 "media=g711-fax"},
	{{.name = "a line too noisy to be understood",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK},
	  .line_is_damaged = true,
	  .line = {.seed = 1, .noise_dbm0 = -37.0f}},
	 CUT_NOTHING,
	 IN_PAGE,
	 T1_RESULT,
	 "fault=line"},
};

struct cutter {
	const struct verdict *v;
	int64_t since_ms;
	bool done;
	unsigned media;
};

/* Seven of ten datagrams of the media are lost from now on. */
static bool cut_network(struct net_sim_datagram *d, void *arg)
{
	struct cutter *c = arg;

	return addr_port(&d->from) == 5060 || addr_port(&d->to) == 5060 || c->media++ % 10 >= 7;
}

static void cut_now(struct lab *l, enum cut what, struct cutter *c)
{
	if (what == CUT_LINE)
		exchange_hangup(exchange_nth_call(l->spans[0].x, 0), Q850_NORMAL);
	else if (what == CUT_PEER)
		sip_peer_hangup(l->peer, 0);
	else
		lab_tap(l, cut_network, c);
}

static const int wait_ms[] = {[IN_PAGE] = 5000, [AT_MCF] = 0, [IN_CFR] = 3400, [IN_PREAMBLE] = 500};

static bool is_reached(const struct bearer *b, enum when when)
{
	switch (when) {
	case IN_PAGE:
		return b->watch.cfr;
	case AT_MCF:
		return b->watch.pages > 0;
	case IN_CFR:
		return b->pages_known;
	case IN_PREAMBLE:
		return b->watch.frames && b->t38 && b->t38->indicator[T30_FROM_PEER] == IFP_IND_V21_PREAMBLE;
	}
	return false;
}

static void cut_step(struct lab *l, void *arg)
{
	const struct span *s = l->spans[0].span;
	struct cutter *c = arg;

	if (c->done || !c->v->cut || !s->nlegs)
		return;
	if (!is_reached(&s->legs[0]->bearer, c->v->when))
		return;
	if (!c->since_ms)
		c->since_ms = lab_now_ms(l);
	if (lab_now_ms(l) - c->since_ms < wait_ms[c->v->when])
		return;
	c->done = true;
	cut_now(l, c->v->cut, c);
}

static void test_verdict(void **state)
{
	struct cutter c = {.v = &verdicts[(size_t)*state]};
	struct fax_case f = c.v->fax;
	struct fax_outcome o;

	f.on_step = cut_step;
	f.arg = &c;
	fax_run(&f, NULL, &o);
	assert_true(o.ended);
	assert_int_equal(c.done, c.v->cut != CUT_NOTHING);
	fax_expect_end(&f, &o, c.v->end);
	fax_expect_end(&f, &o, c.v->media);
}

/* What the END line tells of the line's own signal: frames with a bad FCS, of how many. */
static void test_line_quality(void **state)
{
	bool slips = *state != NULL;
	struct fax_case f = {.name = slips ? "a line with slips" : "a good line",
			     .from_line = true,
			     .lab = {.fax_text = WE_ASK},
			     .line_is_damaged = slips,
			     .line = {.seed = 1, .slip_s = 4}};
	struct fax_outcome o;
	unsigned bad = 0, all = 0;
	const char *at;

	fax_run(&f, NULL, &o);
	at = strstr(o.end, " line-bad=");
	assert_true(at && sscanf(at, " line-bad=%u/%u ", &bad, &all) == 2);
	assert_true(all > 50);
	assert_int_equal(bad > 0, slips);
	assert_true(bad < all / 4);
}

/* After DCN nobody clears: the gateway does, also where the fax passed in G.711. */
static const struct fax_case nobody[] = {
	{.name = "refused, from the line",
	 .from_line = true,
	 .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES}}},
	{.name = "refused, to the line", .lab = {.peer = {.t38 = PEER_T38_PORT_ZERO}}},
	{.name = "nobody asks, from the line", .from_line = true, .lab = {.fax_text = NOBODY_ASKS}},
	{.name = "nobody asks, to the line", .lab = {.fax_text = NOBODY_ASKS}},
};

static void test_nobody_clears(void **state)
{
	struct fax_case c = nobody[(size_t)*state];
	struct fax_outcome o;

	c.nobody_clears = true;
	c.lab.timeouts_text = "after_dcn = 3 s\n";
	fax_run(&c, "DCN", &o);
	fax_expect_whole(&c, &o);
	assert_true(o.has_text);
	assert_true(o.line_ms < 90000);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=g711-fax");
	fax_expect_end(&c, &o, "cause=16(normal call clearing) cleared-by=gateway");
}

/* The last page is confirmed, and then both machines are dead. */
static bool drop_media(struct net_sim_datagram *d, void *unused)
{
	return addr_port(&d->from) == 5060 || addr_port(&d->to) == 5060;
}

static void kill_machines_step(struct lab *l, void *unused)
{
	static const struct xcall_source silence = {.kind = XAUDIO_SILENCE};
	const struct span *s = l->spans[0].span;

	if (!s->nlegs || !s->legs[0]->bearer.watch.pages)
		return;
	lab_tap(l, drop_media, NULL);
	xcall_set_source(exchange_nth_call(l->spans[0].x, 0), &silence);
}

/* In G.711 too: it is not a fax any more when there is nothing but silence. */
static void test_silence(void **state)
{
	struct fax_case c = {.name = "silence after a fax in G.711",
			     .rows = 3000, /* a page longer than the limit, which is none */
			     .modems = FAX_MODEM_V27TER,
			     .no_ecm = true,
			     .nobody_clears = true,
			     .on_step = kill_machines_step,
			     .lab = {.fax_text = "t38 = no\n", .timeouts_text = "fax_idle = 40 s\n"}};
	struct fax_outcome o;

	fax_run(&c, "no sign of T.30 any more", &o);
	assert_true(o.ended);
	assert_int_equal(o.whole, 1);
	assert_true(o.has_text);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=g711-fax");
	fax_expect_end(&c, &o, "cleared-by=gateway");
}

/* After the fax the peer goes back to audio: it is not asked for T.38 again. */
static void test_back_to_audio(void **state)
{
	struct fax_case c = {.name = "back to audio",
			     .from_line = *state != NULL,
			     .nobody_clears = true,
			     .lab = {.peer = {.audio_after_done_ms = 100}}};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	assert_int_equal(o.peer.t38_switches, 1);
	assert_int_equal(o.peer.reinvites_received, 1);
	assert_int_equal(o.peer.reinvite_status, 200);
	fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38");
	fax_expect_end(&c, &o, "cleared-by=gateway");
}

/* There is no room for another call: it is refused, and has its line all the same. */
static void test_no_room(void **state)
{
	struct lab *l = lab_open(&(struct lab_params){.seed = 1});
	struct sip_peer_call_params p = {.to = LAB_OUT};
	struct sip_peer_result r;
	unsigned id;

	l->sip->nlegs = SIPSIDE_MAX_LEGS;
	assert_int_equal(sip_peer_call(l->peer, &l->gateway, &p, &id), 0);
	lab_run(l, 40);
	l->sip->nlegs = 0;
	lab_run(l, 1000);
	sip_peer_result(l->peer, id, &r);
	assert_int_equal(r.status, 503);
	assert_non_null(lab_log_end(l, 0));
	assert_true(lab_log_has(l, "call s-1: END direction=sip-to-e1 calling=- called=" LAB_OUT " peer=fax "));
	assert_true(lab_log_has(l, "result=\"not answered: no room for another call\" fault=gateway media=none"));
	assert_true(lab_log_has(l, "cleared-by=gateway sip=503"));
	lab_close(l);
}

/* The peer goes from audio to T.38 and back as fast as it can, in mid-fax: nothing breaks, nothing is left. */
static void storm_step(struct lab *l, void *arg)
{
	unsigned *n = arg;

	if (sip_peer_calls(l->peer) && *n < 300 && !sip_peer_reinvite(l->peer, 0, *n % 2 == 0))
		++*n;
}

static void test_storm(void **state)
{
	unsigned n = 0;
	struct fax_case c = {
		.name = "a storm of re-INVITEs", .from_line = *state != NULL, .on_step = storm_step, .arg = &n};
	struct fax_outcome o;

	c.lab.peer.hangup_done_ms = 300;
	fax_run(&c, NULL, &o);
	assert_true(o.ended);
	assert_true(n > 100);
	assert_true(o.peer.t38_switches > 20);
}

int main(void)
{
	enum { N = sizeof(verdicts) / sizeof(verdicts[0]), M = sizeof(nobody) / sizeof(nobody[0]) };
	static char names[M][80];
	struct CMUnitTest tests[N + M + 8];
	size_t n = 0;

	for (size_t i = 0; i < N; i++)
		tests[n++] = (struct CMUnitTest){verdicts[i].fax.name, test_verdict, NULL, NULL, (void *)i};
	for (size_t i = 0; i < M; i++) {
		snprintf(names[i], sizeof(names[i]), "nobody clears after DCN: %s", nobody[i].name);
		tests[n++] = (struct CMUnitTest){names[i], test_nobody_clears, NULL, NULL, (void *)i};
	}
	tests[n++] = (struct CMUnitTest){"back to audio, to the line", test_back_to_audio, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"back to audio, from the line", test_back_to_audio, NULL, NULL, (void *)1};
	tests[n++] = (struct CMUnitTest){"re-INVITE storm, to the line", test_storm, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"re-INVITE storm, from the line", test_storm, NULL, NULL, (void *)1};
	tests[n++] = (struct CMUnitTest){"no room for another call", test_no_room, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"silence after a fax in G.711", test_silence, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"frames of a good line", test_line_quality, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"frames of a line with slips", test_line_quality, NULL, NULL, (void *)1};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
