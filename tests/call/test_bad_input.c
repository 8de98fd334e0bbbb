/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whatever comes that is not as it should be: on SIP, in SDP, in the media. No call suffers but its own, and the log
 * says where.
 */
#include <errno.h>

#include "gateway/bearer/bearer_own.h"
#include "tests/call/fax.h"
#include "tests/call/noise.h"
#include "tests/call/talk.h"

#define STRANGER   "10.0.0.66:5060"
#define OTHER_PORT LAB_PEER ":5999" /* the peer's host: what comes from there is the peer's */

/* ---- SIP ---- */

/* Somebody who speaks SIP by hand. */
struct speaker {
	struct lab *lab;
	struct udp *udp;
	char last[4096]; /* what was received last */
	unsigned count;
};

static void speaker_open(struct speaker *s, struct lab *l, const char *at)
{
	struct addr a;

	*s = (struct speaker){.lab = l};
	assert_int_equal(addr_parse(&a, at, 0), 0);
	assert_int_equal(udp_open(net_sim_net(l->net), &a, &s->udp), 0);
}

static void speaker_hear(struct speaker *s)
{
	ssize_t n;

	while ((n = udp_recv(s->udp, s->last, sizeof(s->last) - 1, NULL)) >= 0) {
		s->last[n] = '\0';
		s->count++;
	}
}

static void speaker_say(struct speaker *s, const void *p, size_t octets)
{
	assert_int_equal(udp_send(s->udp, &s->lab->gateway, p, octets), 0);
}

#define INVITE_HEAD                                                                                                    \
	"INVITE sip:" LAB_OUT                                                                                          \
	"@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%u;rport\r\nMax-Forwards: 70\r\n"                      \
	"From: <sip:1@x>;tag=%u\r\nTo: <sip:" LAB_OUT                                                                  \
	"@10.0.0.1>\r\nCall-ID: %u@x\r\nCSeq: 1 INVITE\r\nContact: <sip:1@%s>\r\n"

static size_t invite(char *text, size_t room, const char *at, unsigned id, const char *sdp)
{
	return (size_t)snprintf(text, room, INVITE_HEAD "%sContent-Length: %zu\r\n\r\n%s", at, id, id, id, at,
				sdp[0] ? "Content-Type: application/sdp\r\n" : "", strlen(sdp), sdp);
}

#define SDP_BEGIN "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\n"
#define GOOD_SDP  SDP_BEGIN "c=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 41000 RTP/AVP 8\r\n"

/* A call is up while all this comes; it goes on, and others can be made. */
static void expect_unharmed(struct talk *t)
{
	static const struct talk_params another = {.name = "another call"};
	struct talk t2;

	talk_until(t, PSTN_UP, BEARER_AUDIO, 0);
	assert_int_equal(xcall_result(t->line)->state, XCALL_CONNECTED);
	talk_start(&t2, t->lab, &another);
	talk_until(&t2, PSTN_UP, BEARER_AUDIO, 3000);
	talk_hangup_peer(&t2);
	talk_hangup_line(t, Q850_NORMAL);
	talk_until_idle(t, TALK_CLEARED_MS);
}

static const struct talk_params a_call = {.name = "a call beside it", .from_line = true};

static void test_sip_garbage(void **state)
{
	struct lab *l = talk_lab(NULL);
	struct speaker peer, stranger;
	uint8_t noise[700];
	struct talk t;

	talk_start(&t, l, &a_call);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	speaker_open(&peer, l, OTHER_PORT);
	speaker_open(&stranger, l, STRANGER);
	random_state = 1;
	for (unsigned i = 0; i < 400; i++) {
		size_t n = random_next() % sizeof(noise);

		random_octets(noise, n);
		speaker_say(i & 1 ? &peer : &stranger, noise, n);
		if (i % 50 == 0)
			lab_step(l);
	}
	lab_run(l, 1000);
	/* all of the peer's, and the stranger's until it is on the blacklist */
	assert_in_range(sip_stack_stats(l->sip->stack).bad_rx, 210, 220);
	assert_int_equal(lab_log_count(l, "10.0.0.66 is on the blacklist for 600 s: refused 20 times"), 1);
	assert_int_equal(lab_log_count(l, "bad message from "), 1);
	assert_true(lab_log_has(l, "sip: bad message from 10.0.0."));
	expect_unharmed(&t);
	lab_close(l);
}

/* What the peer really says, with some octets altered. */
static void test_sip_mutated(void **state)
{
	struct lab *l = talk_lab(NULL);
	struct talk t, theirs = {.p = &a_call, .lab = l};
	struct speaker peer;
	char text[2000];

	talk_start(&t, l, &a_call);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	speaker_open(&peer, l, OTHER_PORT);
	talk_last = &theirs;
	random_state = 2;
	for (unsigned i = 0; i < 300; i++) {
		size_t n = invite(text, sizeof(text), OTHER_PORT, 1000 + i, GOOD_SDP);
		unsigned times = 1 + random_next() % 8;

		while (times--)
			text[random_next() % n] = (char)random_next();
		speaker_say(&peer, text, random_next() & 3 ? n : random_next() % n);
		if (i % 10 == 0)
			lab_step(l);
	}
	/* some were INVITEs still: nobody goes on with them, and 32 s later they are forgotten */
	lab_run(l, 60000);
	speaker_hear(&peer);
	assert_true(peer.count > 50);
	while (l->spans[0].span->nlegs > 1) {
		lab_run(l, 1000);
		assert_true(lab_now_ms(l) < 300000);
	}
	expect_unharmed(&t);
	lab_close(l);
}

static void test_sip_stranger(void **state)
{
	struct lab *l = talk_lab(NULL);
	struct speaker s;
	char text[2000];
	struct talk t;

	talk_start(&t, l, &a_call);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	speaker_open(&s, l, STRANGER);
	for (unsigned i = 0; i < 100; i++) {
		speaker_say(&s, text, invite(text, sizeof(text), STRANGER, i, GOOD_SDP));
		lab_step(l);
		speaker_hear(&s);
	}
	/* then it is on the blacklist, and nobody answers */
	assert_int_equal(s.count, 20);
	assert_ptr_equal(strstr(s.last, "SIP/2.0 403"), s.last);
	assert_int_equal(lab_log_count(l, "INVITE from " STRANGER " refused: not a peer"), 1);
	assert_int_equal(sip_stack_stats(l->sip->stack).forbidden_rx, 20);
	assert_int_equal(l->sip->nlegs, 1);
	expect_unharmed(&t);
	lab_close(l);
}

static void test_invite_with_bad_sdp(void **state)
{
	static const char *const bad[] = {
		"v=1\r\n",
		"garbage",
		SDP_BEGIN "c=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 99999 RTP/AVP 8\r\n",
		SDP_BEGIN "c=IN IP4 not.an.address\r\nt=0 0\r\nm=audio 41000 RTP/AVP 8\r\n",
		SDP_BEGIN "t=0 0\r\nm=audio x RTP/AVP 8\r\n",
		SDP_BEGIN "c=IN IP4 10.0.0.2\r\nt=0 0\r\nm=image\r\n",
	};
	struct lab *l = talk_lab(NULL);
	struct speaker s;
	char text[2000];
	struct talk t;

	talk_start(&t, l, &a_call);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	speaker_open(&s, l, OTHER_PORT);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		speaker_say(&s, text, invite(text, sizeof(text), OTHER_PORT, i, bad[i]));
		lab_run(l, 100);
		s.last[0] = '\0';
		speaker_hear(&s);
		if (strncmp(s.last, "SIP/2.0 400", 11) && strncmp(s.last, "SIP/2.0 488", 11))
			fail_msg("SDP %u: %.40s", i, s.last);
		if (i < 2)
			assert_ptr_equal(strstr(s.last, "SIP/2.0 400"), s.last);
	}
	assert_null(t.lab->spans[0].span->legs[1]);
	/* the refusals are not acknowledged: 32 s later they are forgotten */
	lab_run(l, 40000);
	expect_unharmed(&t);
	lab_close(l);
}

/* ---- a re-INVITE in mid-fax that cannot be read ---- */

struct bad_reinvite {
	bool done;
};

static bool spoil_sdp(struct net_sim_datagram *d, void *arg)
{
	char *p;

	if (d->len > 7 && !memcmp(d->data, "INVITE ", 7) && (p = memmem(d->data, d->len, "m=image ", 8)))
		memcpy(p, "m=image-", 8);
	return true;
}

static void bad_reinvite_step(struct lab *l, void *arg)
{
	const struct span *s = l->spans[0].span;
	struct bad_reinvite *b = arg;

	if (b->done || !s->nlegs || !s->legs[0]->bearer.watch.rate || bearer_seconds(&s->legs[0]->bearer) < 15.0)
		return;
	b->done = true;
	lab_tap(l, spoil_sdp, NULL);
	assert_int_equal(sip_peer_reinvite(l->peer, 0, true), 0);
	lab_step(l);
	lab_tap(l, NULL, NULL);
}

static void test_reinvite_with_bad_sdp(void **state)
{
	struct bad_reinvite b = {false};
	struct fax_case c = {.name = "a bad re-INVITE in mid-fax",
			     .from_line = *state != NULL,
			     .on_step = bad_reinvite_step,
			     .arg = &b};
	struct fax_outcome o;

	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	fax_run(&c, "SDP", &o);
	assert_true(b.done);
	assert_int_equal(o.peer.reinvite_status, 400);
	assert_true(o.has_text);
	fax_expect_whole(&c, &o);
}

/* ---- media ---- */

/* Packets as if from the peer, that are not what they should be. */
struct intruder {
	struct addr peer; /* the media socket of the peer that sends to us */
	uint8_t last[1500];
	size_t octets;
	unsigned injected, pauses;
	bool t38;
};

static bool intruder_tap(struct net_sim_datagram *d, void *arg)
{
	struct intruder *i = arg;
	uint16_t port = addr_port(&d->from);

	if (port == 4444) {
		d->from = i->peer;
	} else if (port >= 40000 && d->len <= sizeof(i->last)) {
		i->peer = d->from;
		memcpy(i->last, d->data, i->octets = d->len);
	}
	return true;
}

static void intruder_begin(struct lab *l, void *arg)
{
	lab_tap(l, intruder_tap, arg);
	random_state = 3;
}

/* Cut, lengthened, with counts that are not true; or noise. */
static size_t spoil(const struct intruder *i, uint8_t *p, size_t room)
{
	size_t n = i->octets;

	memcpy(p, i->last, n);
	switch (random_next() % 5) {
	case 0:
		return random_next() % (i->t38 ? 3 : 12);
	case 1:
		p[i->t38 ? 2 : 0] = 0x7f; /* UDPTL: longer than all of it; RTP: version 1 */
		return n;
	case 2:
		if (!i->t38)
			p[0] |= 0x1f; /* RTP: 15 sources and an extension */
		return i->t38 ? n - 1 : 20;
	case 3:
		if (i->t38)
			p[2] = 0xc4; /* a fragment */
		else
			p[0] |= 0x20; /* more padding than packet */
		p[n - 1] |= i->t38 ? 0 : 0xff;
		return n;
	default:
		n = random_next() % 40;
		random_octets(p, n);
		p[0] = i->t38 ? 0xff : 0x40;
		return n;
	}
}

static void intruder_step(struct lab *l, void *arg)
{
	const struct span *s = l->spans[0].span;
	struct intruder *i = arg;
	const struct bearer *b;
	uint8_t packet[1500];
	struct addr to;

	if (!s->nlegs || !i->octets || i->injected >= 500)
		return;
	b = &s->legs[0]->bearer;
	if (bearer_state(b) != (i->t38 ? BEARER_T38 : BEARER_PASSTHROUGH) || ++i->pauses < 50)
		return;
	to = *media_socket_local(i->t38 ? &b->udptl : &b->rtp, ADDR_IPV4);
	lab_inject(l, "10.0.0.66:4444", &to, packet, spoil(i, packet, sizeof(packet)));
	i->injected++;
}

/* WANTED (may be NULL) must be in the log, END in the call's END line. */
static void intrude(struct intruder *i, struct fax_case *c, const char *wanted, const char *end)
{
	struct fax_outcome o;

	c->on_begin = intruder_begin;
	c->on_step = intruder_step;
	c->arg = i;
	c->lab.peer.hangup_done_ms = c->from_line ? 0 : 300;
	fax_run(c, wanted, &o);
	assert_true(i->injected >= 400);
	assert_true(!wanted || o.has_text);
	fax_expect_whole(c, &o);
	fax_expect_end(c, &o, end);
}

static void test_bad_udptl(void **state)
{
	struct fax_case c = {.name = "bad UDPTL", .from_line = *state != NULL};

	intrude(&(struct intruder){.t38 = true}, &c, ": UDPTL from " LAB_PEER ":", "foreign=0 ");
}

/* There is no room for the call, and its number has the look of a field of the END line. */
static void test_number_of_a_refused_call(void **state)
{
	static struct leg_sip other;
	static const struct talk_params calls[] = {
		{.name = "with a field", .peer = {.to = "123%20fault=line", .user = "7%20sip=200"}},
		{.name = "as it should be", .peer = {.to = "4930123", .user = "5550100"}},
	};
	struct lab *l = talk_lab(NULL);
	struct talk t;

	for (unsigned i = 0; i < 2; i++) {
		for (l->sip->nlegs = 0; l->sip->nlegs < SIPSIDE_MAX_LEGS; l->sip->nlegs++)
			l->sip->legs[l->sip->nlegs] = &other;
		talk_start(&t, l, &calls[i]);
		lab_run(l, 200);
		l->sip->nlegs = 0;
		talk_until_idle(&t, TALK_CLEARED_MS);
		talk_expect_text(&t, i, i ? " calling=5550100 called=4930123 " : " calling=- called=- ");
		talk_expect_text(&t, i, "why=\"no room for another call\"");
	}
	lab_close(l);
}

/* The peer's answers decline the audio: the port is 0. */
static bool decline_audio(struct net_sim_datagram *d, void *arg)
{
	char *m = memmem(d->data, d->len, "m=audio ", 8);

	if (m && !strncmp((const char *)d->data, "SIP/2.0 200", 11))
		memset(m + 8, '0', strspn(m + 8, "0123456789"));
	return true;
}

/* It declines the image, and the audio that it is offered in its place: nothing is left to be offered. */
static void test_all_declined(void **state)
{
	static const struct talk_params call = {
		.name = "all declined", .from_line = true, .peer = {.t38 = PEER_T38_PORT_ZERO}};
	struct lab *l = talk_lab(&(struct lab_params){.fax_text = "t38_start = on-preamble\n"});
	struct talk t;

	talk_start(&t, l, &call);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 3000);
	lab_run(l, 500);
	lab_tap(l, decline_audio, NULL);
	bearer_heard(&l->spans[0].span->legs[0]->bearer, HEARD_LINE, TONE_V21);
	talk_until_idle(&t, TALK_CLEARED_MS);
	talk_expect_text(&t, 0, "the peer declines all media");
	assert_true(lab_peer_heard(l, "CSeq: 4 BYE"));
	lab_close(l);
}

static void test_bad_rtp(void **state)
{
	struct fax_case c = {
		.name = "bad RTP", .from_line = *state != NULL, .lab = {.peer = {.t38 = PEER_T38_REFUSES}}};

	intrude(&(struct intruder){.t38 = false}, &c, NULL, "media=g711-fax");
}

#define BOTH(name, test)                                                                                               \
	{name ", to the line", test, NULL, NULL, NULL},                                                                \
	{                                                                                                              \
		name ", from the line", test, NULL, NULL, (void *)1                                                    \
	}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sip_garbage),
		cmocka_unit_test(test_sip_mutated),
		cmocka_unit_test(test_sip_stranger),
		cmocka_unit_test(test_invite_with_bad_sdp),
		BOTH("re-INVITE with bad SDP", test_reinvite_with_bad_sdp),
		cmocka_unit_test(test_number_of_a_refused_call),
		cmocka_unit_test(test_all_declined),
		BOTH("bad UDPTL", test_bad_udptl),
		BOTH("bad RTP", test_bad_rtp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
