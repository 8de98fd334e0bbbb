/* SPDX-License-Identifier: GPL-2.0-only */
/* What is configured and negotiated of UDPTL, as seen in the datagrams that the gateway sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "t38/udptl/ifp.h"
#include "t38/udptl/udptl.h"
#include "tests/call/fax.h"

#define WANTS_FAX    "Accept-Contact: *;+sip.fax=\"t38\"\r\n"
#define WE_ASK	     "t38_start = on-preamble\n"
#define COUNT(list)  (sizeof(list) / sizeof((list)[0]))
#define MEDIA_PORTS  40000 /* the peer's and above */
#define EARLY	     40	   /* packets, until there are enough to repeat */
#define ROOM_FOR_ALL 375   /* octets of a datagram, for what the cases ask for */

/* The most and the least of everything, once there was enough to repeat. */
struct seen {
	unsigned datagrams, no_signals; /* that came first */
	size_t longest;
	unsigned control, image; /* redundancy entries */
	unsigned control_least, image_least;
	unsigned span, entries; /* of FEC */
	bool begun;
	uint16_t last_seq;
	int64_t at_us[64]; /* when each was sent first, by its number */
};

/* What was sent at once counts as one. */
static void note_depth(struct seen *s, const struct udptl_packet *k, unsigned *most, unsigned *least)
{
	int64_t last_us = s->at_us[k->seq % 64];
	unsigned depth = 0;

	for (unsigned i = 0; i < k->nsecondary; i++) {
		int64_t at_us = s->at_us[(uint16_t)(k->seq - 1 - i) % 64];

		depth += at_us != last_us;
		last_us = at_us;
	}
	if (depth > *most)
		*most = depth;
	if (k->seq > EARLY && depth < *least)
		*least = depth;
}

static bool is_no_signal(const struct udptl_packet *k)
{
	return k->primary.len == 1 && k->primary.p[0] == 0;
}

static bool look(struct net_sim_datagram *d, void *arg)
{
	struct seen *s = arg;
	struct udptl_packet k;

	if (addr_port(&d->to) < MEDIA_PORTS || (d->data[0] & 0xc0) == 0x80 || udptl_read(d->data, d->len, &k))
		return true;
	if (k.seq == s->last_seq + 1 || !s->datagrams)
		s->at_us[k.seq % 64] = d->at_us;
	s->last_seq = k.seq;
	s->datagrams++;
	if (d->len > s->longest)
		s->longest = d->len;
	s->begun |= !is_no_signal(&k);
	s->no_signals += !s->begun && k.seq == s->no_signals;
	if (k.kind == T38_EC_FEC && k.seq > EARLY) {
		s->span = k.fec_span > s->span ? k.fec_span : s->span;
		s->entries = k.nfec > s->entries ? k.nfec : s->entries;
	} else if (ifp_is_control(k.primary.p, k.primary.len)) {
		note_depth(s, &k, &s->control, &s->control_least);
	} else {
		note_depth(s, &k, &s->image, &s->image_least);
	}
	return true;
}

static void look_begin(struct lab *l, void *arg)
{
	lab_tap(l, look, arg);
}

static const struct terms_case {
	const char *name, *fax, *peer;
	unsigned said; /* the peer's T38FaxMaxDatagram */
	bool fec;      /* the peer takes it */
	unsigned no_signals, control, image, span, entries;
	size_t longest;
} cases[] = {
	{"as the span says", "redundancy_control = 5\nredundancy_image = 2\nno_signals = 2\n", "", 400, false, 2, 5, 2,
	 0, 0, 400},
	{"as the peer says", "redundancy_control = 5\nredundancy_image = 2\nno_signals = 2\n",
	 "t38_redundancy_control = 2\nt38_redundancy_image = 4\nt38_no_signals = 6\n", 1400, false, 6, 2, 4, 0, 0,
	 1400},
	{"none at all", "error_correction = none\n", "", 400, false, 3, 0, 0, 0, 0, 400},
	{"none of either", "redundancy_control = 0\nredundancy_image = 0\n", "t38_no_signals = 0\n", 400, false, 1, 0,
	 0, 0, 0, 400},
	{"image alone", "redundancy_control = 0\nredundancy_image = 3\n", "", 400, false, 3, 0, 3, 0, 0, 400},
	{"FEC as the span says", "error_correction = fec\nfec_span = 2\nfec_entries = 4\n", "t38_ec = fec\n", 1400,
	 true, 3, 0, 0, 2, 4, 1400},
	{"FEC as the peer says", "error_correction = fec\nfec_span = 2\nfec_entries = 4\n",
	 "t38_ec = fec\nt38_fec_span = 5\nt38_fec_entries = 1\n", 1400, true, 3, 0, 0, 5, 1, 1400},
	{"FEC offered, redundancy answered", "error_correction = fec\n", "t38_ec = fec\n", 1400, false, 3, 8, 3, 0, 0,
	 1400},
	{"as deep as the datagram allows", "redundancy_control = 8\nredundancy_image = 8\n", "", 200, false, 3, 8, 8, 0,
	 0, 200},
	{"72 is the size of a packet", "", "", 72, false, 3, 8, 3, 0, 0, 671},
	{"72 said, 160 assumed", "redundancy_image = 8\n", "t38_assume_datagram = 160\n", 72, false, 3, 8, 8, 0, 0,
	 160},
	{"1400 said, 180 assumed", "redundancy_image = 8\n", "t38_assume_datagram = 180\n", 1400, false, 3, 8, 8, 0, 0,
	 180},
};

static void expect_terms(const struct terms_case *t, const struct seen *s)
{
	/* of 14 entries at most a page's end takes eight for what goes with it */
	unsigned control_least = t->control < 6 ? t->control : 6;

	if (s->no_signals != t->no_signals || s->control > t->control || s->image > t->image || s->longest > t->longest)
		fail_msg("%s: %u no-signals, depths %u and %u, longest %zu", t->name, s->no_signals, s->control,
			 s->image, s->longest);
	if (s->span != t->span || s->entries != t->entries)
		fail_msg("%s: FEC of span %u, %u entries", t->name, s->span, s->entries);
	if (t->fec)
		return;
	if (t->longest >= ROOM_FOR_ALL) {
		if (s->control_least != control_least || s->image_least != t->image)
			fail_msg("%s: control data repeated %u to %u times, page data %u to %u", t->name,
				 s->control_least, s->control, s->image_least, s->image);
	} else if (s->control != t->control || s->image < 1 || s->longest < t->longest * 3 / 4) {
		fail_msg("%s: depths %u and %u, longest %zu", t->name, s->control, s->image, s->longest);
	}
}

static void test_terms(void **state)
{
	const struct terms_case *t = &cases[(size_t)*state];
	struct seen s = {.control_least = UINT32_MAX, .image_least = UINT32_MAX};
	char fax_text[300];
	struct fax_case c = {
		.name = t->name,
		.from_line = true,
		.lab = {.fax_text = fax_text,
			.peer_text = t->peer,
			.peer = {.max_datagram = t->said,
				 .error_correction = t->fec ? UDPTL_SIM_FEC : UDPTL_SIM_REDUNDANCY}},
		.on_begin = look_begin,
		.arg = &s,
	};
	struct fax_outcome o;

	snprintf(fax_text, sizeof(fax_text), WE_ASK "%s", t->fax);
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "media=t38");
	assert_true(s.datagrams > 100);
	expect_terms(t, &s);
}

/* ---- who asks, by peer ---- */

static const struct {
	struct fax_case fax;
	const char *end;
	unsigned reinvites; /* that the peer got */
} starts[] = {
	{{.name = "the span waits, the peer is asked",
	  .lab = {.fax_text = "t38_start = wait\n",
		  .peer_text = "t38_start = answering-side\n",
		  .peer = {.hangup_done_ms = 300}}},
	 "media=t38",
	 1},
	{{.name = "the span asks, the peer is waited for",
	  .lab = {.fax_text = WE_ASK, .peer_text = "t38_start = wait\n", .peer = {.hangup_done_ms = 300}}},
	 "media=g711-fax",
	 0},
	{{.name = "no grace for this peer",
	  .from_line = true,
	  .lab = {.fax_text = "t38_grace = 30 s\n", .peer_text = "t38_grace = 0\n"}},
	 "media=t38",
	 1},
	{{.name = "audio and image offered, at the answer",
	  .lab = {.fax_text = "t38_start = at-answer\n", .peer = {.offer = PEER_OFFERS_BOTH, .hangup_done_ms = 300}}},
	 "media=t38",
	 0},
	{{.name = "audio and image offered by who says it is a fax",
	  .lab = {.fax_text = WE_ASK,
		  .peer = {.offer = PEER_OFFERS_BOTH, .headers = WANTS_FAX, .hangup_done_ms = 300}}},
	 "media=t38",
	 0},
	{{.name = "audio and image offered, on the preamble",
	  .lab = {.fax_text = WE_ASK, .peer = {.offer = PEER_OFFERS_BOTH, .hangup_done_ms = 300}}},
	 "media=t38",
	 1},
	{{.name = "a rate for this peer",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer_text = "t38_max_rate = 7200\n"}},
	 "rate=7200",
	 1},
};

static void test_starts(void **state)
{
	size_t i = (size_t)*state;
	struct fax_outcome o;

	fax_run(&starts[i].fax, NULL, &o);
	fax_expect_whole(&starts[i].fax, &o);
	fax_expect_end(&starts[i].fax, &o, starts[i].end);
	assert_int_equal(o.peer.reinvites_received, starts[i].reinvites);
}

static void look_for_warning(struct lab *l, void *arg)
{
	assert_true(lab_peer_heard(l, "SIP/2.0 488 "));
	assert_true(lab_peer_heard(l, "Warning: 399 10.0.0.1 \"T.38 is not allowed here\""));
}

static void test_not_allowed(void **state)
{
	struct fax_case c = {.name = "the peer asks for what is not allowed",
			     .from_line = true,
			     .lab = {.peer_text = "t38 = no\n", .peer = {.t38_after_ms = 2000}},
			     .on_end = look_for_warning};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "media=g711-fax");
	assert_int_equal(o.peer.reinvite_status, 488);
}

/* ---- a caller that says it is a fax (RFC 6913) ---- */

static const struct {
	struct fax_case fax;
	const char *end;
	bool heard; /* a tone of the line's, before T.38 was on */
	const char *contact;
} tags[] = {
	{{.name = "Accept-Contact wants a fax: T.38 at the answer",
	  .lab = {.fax_text = WE_ASK, .peer = {.headers = WANTS_FAX, .hangup_done_ms = 300}}},
	 "media=t38",
	 false,
	 "+sip.fax=\"t38\""},
	{{.name = "no Accept-Contact", .lab = {.fax_text = WE_ASK, .peer = {.hangup_done_ms = 300}}},
	 "media=t38",
	 true,
	 ";+sip.fax=\"t38\""},
	{{.name = "Accept-Contact, but we wait",
	  .lab = {.fax_text = "t38_start = wait\n", .peer = {.headers = WANTS_FAX, .hangup_done_ms = 300}}},
	 "media=g711-fax",
	 true,
	 ";+sip.fax=\"t38\""},
	{{.name = "Accept-Contact, but not by configuration",
	  .lab = {.fax_text = WE_ASK,
		  .peer_text = "fax_tag = no\n",
		  .peer = {.headers = WANTS_FAX, .hangup_done_ms = 300}}},
	 "media=t38",
	 true,
	 NULL},
	{{.name = "Accept-Contact, but no T.38 with this peer",
	  .lab = {.fax_text = WE_ASK,
		  .peer_text = "t38 = no\n",
		  .peer = {.headers = WANTS_FAX, .hangup_done_ms = 300}}},
	 "media=g711-fax",
	 true,
	 ";+sip.fax=\"passthrough\""},
	{{.name = "our own call", .from_line = true, .lab = {.fax_text = WE_ASK}},
	 "media=t38",
	 true,
	 "Contact: <sip:faxspan@10.0.0.1:5060>;+sip.fax=\"t38\"\r\n"},
};

static void look_at_tags(struct lab *l, void *arg)
{
	size_t i = (size_t)arg;
	bool heard = lab_log_has(l, "heard CED from the ") || lab_log_has(l, "heard V.21 ");

	if (heard != tags[i].heard)
		fail_msg("%s: a tone was%s heard", tags[i].fax.name, heard ? "" : " not");
	if (tags[i].contact ? !lab_peer_heard(l, tags[i].contact) : lab_peer_heard(l, "sip.fax"))
		fail_msg("%s: the peer heard\n%s", tags[i].fax.name, l->heard);
}

static void test_tags(void **state)
{
	size_t i = (size_t)*state;
	struct fax_case c = tags[i].fax;
	struct fax_outcome o;

	c.on_end = look_at_tags;
	c.arg = *state;
	fax_run(&c, NULL, &o);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, tags[i].end);
}

/* ---- another offer in mid-fax ---- */

#define OFFER(version, datagram, ec)                                                                                   \
	"a=T38FaxVersion:" version "\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:transferredTCF\r\n"            \
	"a=T38FaxMaxDatagram:" datagram "\r\na=T38FaxUdpEC:" ec "\r\n"

struct second {
	char attributes[300];
	unsigned steps; /* of 20 ms in T.38, before it */
	struct seen before, after;
	bool asked;
};

static bool look_at_second(struct net_sim_datagram *d, void *arg)
{
	struct second *s = arg;

	return look(d, s->asked && s->steps > 1000 ? &s->after : &s->before);
}

static void second_begin(struct lab *l, void *arg)
{
	lab_tap(l, look_at_second, arg);
}

/* The peer asks once more when the page is under way. */
static void second_step(struct lab *l, void *arg)
{
	const struct span *span = l->spans[0].span;
	struct second *s = arg;

	if (!span->nlegs || bearer_state(&span->legs[0]->bearer) != BEARER_T38)
		return;
	if (++s->steps == 900) {
		strcpy(s->attributes, OFFER("0", "200", "t38UDPRedundancy"));
		s->asked = !sip_peer_reinvite(l->peer, 0, true);
	}
}

static void test_second_offer(void **state)
{
	struct second s = {.attributes = OFFER("0", "1400", "t38UDPFEC")};
	struct fax_case c = {
		.name = "another offer in mid-fax",
		.from_line = true,
		.pages = 2,
		.rows = 1000,
		.lab = {.fax_text = WE_ASK "error_correction = fec\n",
			.peer_text = "t38_ec = fec\n",
			.peer = {.error_correction = UDPTL_SIM_FEC, .t38_attributes = s.attributes}},
		.on_begin = second_begin,
		.on_step = second_step,
		.arg = &s,
	};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	assert_true(s.asked);
	assert_int_equal(o.peer.reinvite_status, 200);
	fax_expect_whole(&c, &o);
	fax_expect_end(&c, &o, "media=t38");
	assert_true(s.before.span == 3 && s.before.entries == 3 && s.before.longest > 200);
	assert_true(s.after.datagrams > 100 && s.after.span == 0 && s.after.image >= 1);
	assert_in_range(s.after.longest, 100, 200);
}

/* ---- versions: down to the lower ---- */

static void test_versions(void **state)
{
	static const struct {
		unsigned ours, theirs;
	} pairs[] = {{0, 3}, {3, 0}, {1, 1}, {2, 2}, {3, 3}, {3, 1}, {2, 3}};

	for (size_t i = 0; i < 4 * COUNT(pairs); i++) {
		bool offered = i & 2; /* the peer asks; else we do */
		unsigned ours = pairs[i / 4].ours, theirs = pairs[i / 4].theirs;
		char name[60], key[30];
		struct fax_case c = {
			.name = name,
			.from_line = i & 1,
			.rows = 200,
			.lab = {.fax_text = offered ? "t38_start = wait\n" : WE_ASK,
				.peer_text = key,
				.peer = {.t38_version = theirs,
					 .t38_after_ms = offered ? 2500 : 0,
					 .hangup_done_ms = i & 1 ? 0 : 300}},
		};
		struct fax_outcome o;

		snprintf(name, sizeof(name), "version %u with %u, %s", ours, theirs, offered ? "offered" : "answered");
		snprintf(key, sizeof(key), "t38_version = %u\n", ours);
		fax_run(&c, NULL, &o);
		fax_expect_whole(&c, &o);
		fax_expect_end(&c, &o, "result=\"fax ok\" fault=- media=t38");
		assert_int_equal(o.peer.remote_t38.version, offered && theirs < ours ? theirs : ours);
	}
}

/* ---- localTCF ---- */

#define LOCAL .local_tcf = true

static const struct {
	struct fax_case fax;
	const char *log, *end;
} tcf[] = {
	{{.name = "localTCF in the answer, from the line",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {LOCAL}}},
	 "the peer says localTCF: training checks are made and judged here",
	 "result=\"fax ok\""},
	{{.name = "localTCF in the answer, from the line, version 2",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer_text = "t38_version = 2\n", .peer = {LOCAL, .t38_version = 2}}},
	 "the peer says localTCF: training checks are made and judged here",
	 "result=\"fax ok\""},
	{{.name = "localTCF in the answer, to the line, version 2",
	  .lab = {.fax_text = WE_ASK,
		  .peer_text = "t38_version = 2\n",
		  .peer = {LOCAL, .t38_version = 2, .hangup_done_ms = 300}}},
	 "the peer says localTCF: training checks are made and judged here",
	 "result=\"fax ok\""},
	{{.name = "localTCF in the answer, to the line",
	  .no_ecm = true,
	  .lab = {.fax_text = WE_ASK, .peer = {LOCAL, .hangup_done_ms = 300}}},
	 "the peer says localTCF: training checks are made and judged here",
	 "result=\"fax ok\""},
	{{.name = "localTCF in the offer, from the line",
	  .from_line = true,
	  .no_ecm = true,
	  .lab = {.fax_text = "t38_start = wait\n", .peer = {LOCAL, .t38_after_ms = 3000}}},
	 "the peer says localTCF: training checks are made and judged here",
	 "result=\"fax ok\""},
	{{.name = "localTCF in the offer, to the line",
	  .modems = FAX_MODEM_V29 | FAX_MODEM_V27TER,
	  .lab = {.peer = {LOCAL, .offer = PEER_OFFERS_IMAGE, .hangup_done_ms = 300}}},
	 "the peer says localTCF: training checks are made and judged here",
	 "result=\"fax ok\" fault=- media=t38 t30=\"success\" pages=1 rate=9600"},
	{{.name = "localTCF in the offer, not by configuration",
	  .lab = {.peer_text = "t38_local_tcf = no\n",
		  .peer = {LOCAL, .offer = PEER_OFFERS_IMAGE, .hangup_done_ms = 300}}},
	 "the peer says localTCF, but t38_local_tcf = no: training checks are transferred",
	 "result=\"fax ok\""},
};

static void test_local_tcf(void **state)
{
	size_t i = (size_t)*state;
	struct fax_outcome o;

	fax_run(&tcf[i].fax, tcf[i].log, &o);
	fax_expect_whole(&tcf[i].fax, &o);
	fax_expect_end(&tcf[i].fax, &o, tcf[i].end);
	assert_true(o.has_text);
	assert_int_equal(o.peer.tcf_received, 0);
}

/* A peer that does it, and a configuration that says it does not: no fax, but the END line says where to look. */
static void test_local_tcf_hint(void **state)
{
	struct fax_case c = {.name = "localTCF done by the peer alone",
			     .lab = {.fax_text = WE_ASK,
				     .peer_text = "t38_local_tcf = no\n",
				     .peer = {LOCAL, .hangup_done_ms = 300}}};
	struct fax_outcome o;

	fax_run(&c, NULL, &o);
	assert_true(o.ended);
	assert_int_equal(o.whole, 0);
	fax_expect_end(&c, &o, "result=\"fax failed: ");
	fax_expect_end(&c, &o, "(the peer said localTCF)\"");
}

static struct CMUnitTest tests[COUNT(cases) + COUNT(starts) + COUNT(tags) + COUNT(tcf) + 4];

static void add(const char *name, CMUnitTestFunction test, size_t i)
{
	static size_t n;

	tests[n++] = (struct CMUnitTest){name, test, NULL, NULL, (void *)i};
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		add(cases[i].name, test_terms, i);
	for (size_t i = 0; i < COUNT(starts); i++)
		add(starts[i].fax.name, test_starts, i);
	for (size_t i = 0; i < COUNT(tags); i++)
		add(tags[i].fax.name, test_tags, i);
	for (size_t i = 0; i < COUNT(tcf); i++)
		add(tcf[i].fax.name, test_local_tcf, i);
	add("another offer in mid-fax", test_second_offer, 0);
	add("the peer asks for what is not allowed", test_not_allowed, 0);
	add("versions", test_versions, 0);
	add("localTCF done by the peer alone", test_local_tcf_hint, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
