/* SPDX-License-Identifier: GPL-2.0-only */
/* Faxes in G.711 whatever its payload types, voice-band data (V.152), and offers that have nothing for us. */
#include "tests/call/fax.h"
#include "tests/call/talk.h"

#define REFUSED .t38 = PEER_T38_REFUSES
#define ZERO	.t38 = PEER_T38_PORT_ZERO
#define WE_ASK	"t38_start = on-preamble\n"
#define IN_G711 "result=\"fax ok\" fault=- media=g711-fax"

/* What the peer heard of the gateway in the end. */
static const struct {
	struct fax_case fax;
	unsigned rtp_type; /* of the last packet */
	bool vbd;	   /* the last SDP of ours with audio spoke of it */
	unsigned reinvites;
} faxes[] = {
	{{.name = "A-law is 96, from the line",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {REFUSED, .alaw_pt = 96, .one_codec = true}}},
	 96,
	 false,
	 1},
	{{.name = "A-law is 96, to the line",
	  .lab = {.fax_text = WE_ASK, .peer = {REFUSED, .alaw_pt = 96, .one_codec = true, .hangup_done_ms = 300}}},
	 96,
	 false,
	 1},
	{{.name = "voice-band data offered to us",
	  .lab = {.fax_text = WE_ASK, .peer = {REFUSED, .vbd = true, .hangup_done_ms = 300}}},
	 8,
	 true,
	 1},
	{{.name = "voice-band data offered to us, as 98",
	  .lab = {.fax_text = WE_ASK, .peer = {REFUSED, .vbd = true, .alaw_pt = 98, .hangup_done_ms = 300}}},
	 98,
	 true,
	 1},
	{{.name = "voice-band data offered to us, which we do not want",
	  .lab = {.fax_text = WE_ASK,
		  .peer_text = "vbd = no\n",
		  .peer = {REFUSED, .vbd = true, .alaw_pt = 98, .hangup_done_ms = 300}}},
	 8,
	 false,
	 1},
	{{.name = "the image declined: the audio that follows is voice-band data",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {ZERO}}},
	 8,
	 true,
	 2},
	{{.name = "the image declined, and voice-band data answered as 98",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {ZERO, .vbd = true, .alaw_pt = 98}}},
	 98,
	 true,
	 2},
	{{.name = "the image declined, no voice-band data by configuration",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer_text = "vbd = no\n", .peer = {ZERO}}},
	 8,
	 false,
	 2},
	{{.name = "T.38 refused, voice-band data in a re-INVITE",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer_text = "vbd = reinvite\n", .peer = {REFUSED, .vbd = true, .alaw_pt = 98}}},
	 98,
	 true,
	 2},
	{{.name = "T.38 refused, voice-band data in a re-INVITE, from the peer",
	  .lab = {.fax_text = WE_ASK, .peer_text = "vbd = reinvite\n", .peer = {REFUSED, .hangup_done_ms = 300}}},
	 8,
	 true,
	 2},
	{{.name = "T.38 refused, nothing said",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {REFUSED, .vbd = true}}},
	 8,
	 false,
	 1},
};

static void test_faxes(void **state)
{
	size_t i = (size_t)*state;
	struct fax_outcome o;

	fax_run(&faxes[i].fax, NULL, &o);
	fax_expect_whole(&faxes[i].fax, &o);
	fax_expect_end(&faxes[i].fax, &o, IN_G711);
	assert_int_equal(o.peer.rtp_type, faxes[i].rtp_type);
	assert_int_equal(o.peer.remote_vbd, faxes[i].vbd);
	assert_int_equal(o.peer.reinvites_received, faxes[i].reinvites);
}

/* ---- refused before the line rings ---- */

static const struct {
	struct talk_params talk;
	const char *peer_text, *heard;
} refusals[] = {
	{{.name = "SRTP", .peer = {.transport = "RTP/SAVP"}}, NULL, "Warning: 302 10.0.0.1 \"SRTP is not taken"},
	{{.name = "AVPF", .peer = {.transport = "RTP/AVPF"}}, NULL, "Warning: 302 10.0.0.1 \"RTP/AVPF is not taken"},
	{{.name = "an image, where T.38 is not allowed", .peer = {.offer = PEER_OFFERS_IMAGE}},
	 "t38 = no\n",
	 "SIP/2.0 488 "},
	{{.name = "the other law", .peer = {.codec = CODEC_PCMU, .one_codec = true}},
	 "codecs = alaw\n",
	 "SIP/2.0 488 "},
};

static void test_refusals(void **state)
{
	size_t i = (size_t)*state;
	struct lab_params lp = {.peer_text = refusals[i].peer_text};
	struct lab *l = talk_lab(&lp);
	struct sip_peer_result r;
	struct talk t;

	talk_start(&t, l, &refusals[i].talk);
	lab_run(l, 500);
	talk_until_idle(&t, TALK_CLEARED_MS);
	assert_int_equal(t.tries, 0);
	sip_peer_result(l->peer, t.peer, &r);
	assert_int_equal(r.status, 488);
	if (!lab_peer_heard(l, refusals[i].heard))
		fail_msg("%s: the peer heard\n%s", refusals[i].talk.name, l->heard);
	lab_close(l);
}

int main(void)
{
	enum { N = sizeof(faxes) / sizeof(faxes[0]), REFUSALS = sizeof(refusals) / sizeof(refusals[0]) };
	struct CMUnitTest tests[N + REFUSALS];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){faxes[i].fax.name, test_faxes, NULL, NULL, (void *)i};
	for (size_t i = 0; i < REFUSALS; i++)
		tests[N + i] = (struct CMUnitTest){refusals[i].talk.name, test_refusals, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
