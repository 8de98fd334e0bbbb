/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole faxes, both ways: T.38 started by either side, refused T.38, the modems, ECM, rates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/call/fax.h"

#define WE_ASK	  "t38_start = on-preamble\n"
#define PEER_ASKS "t38_start = wait\n"

#define IN_G711	      "result=\"fax ok\" fault=- media=g711-fax t30=\"success\" pages=1 rate=14400 modem=V.17 ecm=yes"
#define THREE_IN_G711 "result=\"fax ok\" fault=- media=g711-fax t30=\"success\" pages=3 rate=14400 modem=V.17 ecm="

static const struct {
	struct fax_case fax;
	const char *end; /* what the END line must say */
} whole[] = {
	{{.name = "E1 to SIP, the peer asks",
	  .from_line = true,
	  .pages = 3,
	  .lab = {.fax_text = PEER_ASKS, .peer = {.t38_after_ms = 3000}}},
	 "result=\"fax ok\" fault=- media=t38 t30=\"success\" pages=3 rate=14400 modem=V.17 ecm=yes"},
	{{.name = "E1 to SIP, we ask after the grace time",
	  .from_line = true,
	  .lab = {.fax_text = "t38_grace = 1 s\n"}},
	 "media=t38"},
	{{.name = "E1 to SIP, we ask on the preamble", .from_line = true, .lab = {.fax_text = WE_ASK}}, "media=t38"},
	{{.name = "E1 to SIP, we ask on CNG", .from_line = true, .lab = {.fax_text = "t38_start = on-cng\n"}},
	 "media=t38"},
	{{.name = "E1 to SIP, at the answer", .from_line = true, .lab = {.fax_text = "t38_start = at-answer\n"}},
	 "media=t38"},
	{{.name = "SIP to E1, we ask (answering side)", .pages = 3, .lab = {.peer = {.hangup_done_ms = 300}}},
	 "result=\"fax ok\" fault=- media=t38 t30=\"success\" pages=3 rate=14400 modem=V.17 ecm=yes"},
	{{.name = "SIP to E1, the peer asks",
	  .lab = {.fax_text = PEER_ASKS, .peer = {.hangup_done_ms = 300, .t38_after_ms = 2000}}},
	 "media=t38"},
	{{.name = "SIP to E1, T.38 in the first INVITE",
	  .lab = {.peer = {.hangup_done_ms = 300, .offer = PEER_OFFERS_IMAGE}}},
	 "media=t38"},
	{{.name = "SIP to E1, audio and image in the first INVITE",
	  .lab = {.peer = {.hangup_done_ms = 300, .offer = PEER_OFFERS_BOTH}}},
	 "media=t38"},
	{{.name = "SIP to E1, no offer in the INVITE",
	  .lab = {.peer = {.hangup_done_ms = 300, .offer = PEER_OFFERS_NONE}}},
	 "media=t38"},
	{{.name = "E1 to SIP, mu-law before T.38",
	  .from_line = true,
	  .lab = {.peer = {.codec = CODEC_PCMU, .one_codec = true}}},
	 "media=t38"},
	{{.name = "E1 to SIP, no ECM", .from_line = true, .no_ecm = true, .lab = {.fax_text = WE_ASK}}, "ecm=no"},
	{{.name = "SIP to E1, no ECM", .no_ecm = true, .lab = {.peer = {.hangup_done_ms = 300}}}, "ecm=no"},
	{{.name = "E1 to SIP, ECM off by configuration", .from_line = true, .lab = {.fax_text = WE_ASK "ecm = no\n"}},
	 "ecm=no"},
	{{.name = "SIP to E1, ECM off by configuration",
	  .lab = {.fax_text = "ecm = no\n", .peer = {.hangup_done_ms = 300}}},
	 "ecm=no"},
	{{.name = "E1 to SIP, V.29",
	  .from_line = true,
	  .modems = FAX_MODEM_V29 | FAX_MODEM_V27TER,
	  .lab = {.fax_text = WE_ASK}},
	 "rate=9600 modem=V.29"},
	{{.name = "SIP to E1, V.29",
	  .modems = FAX_MODEM_V29 | FAX_MODEM_V27TER,
	  .lab = {.peer = {.hangup_done_ms = 300}}},
	 "rate=9600 modem=V.29"},
	{{.name = "E1 to SIP, V.27ter",
	  .from_line = true,
	  .rows = 200,
	  .modems = FAX_MODEM_V27TER,
	  .lab = {.fax_text = WE_ASK}},
	 "rate=4800 modem=V.27ter"},
	{{.name = "SIP to E1, V.27ter",
	  .rows = 200,
	  .modems = FAX_MODEM_V27TER,
	  .lab = {.peer = {.hangup_done_ms = 300}}},
	 "rate=4800 modem=V.27ter"},
	{{.name = "E1 to SIP, modems by configuration",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK "modems = v27ter, v29\nmax_rate = 9600\n"}},
	 "rate=9600 modem=V.29"},
	{{.name = "E1 to SIP, rate by configuration",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK "max_rate = 9600\n"}},
	 "rate=9600"},
	{{.name = "E1 to SIP, FEC",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK "error_correction = fec\n",
		  .peer_text = "t38_ec = fec\n",
		  .peer = {.error_correction = UDPTL_SIM_FEC}}},
	 "media=t38"},
	{{.name = "E1 to SIP, UDPTL on the port of the RTP",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.same_port = true}}},
	 "media=t38"},
	{{.name = "SIP to E1, audio declined in a line of its own",
	  .lab = {.fax_text = PEER_ASKS,
		  .peer = {.hangup_done_ms = 300, .t38_after_ms = 2000, .reinvite_two_lines = true}}},
	 "media=t38"},
	{{.name = "E1 to SIP, back to audio after the fax",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.audio_after_done_ms = 100}}},
	 "result=\"fax ok\""},
	/* refused: the fax passes in G.711, and is followed there */
	{{.name = "E1 to SIP, 488", .from_line = true, .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES}}},
	 IN_G711},
	{{.name = "E1 to SIP, 415",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES, .t38_refuse_status = 415}}},
	 IN_G711},
	{{.name = "SIP to E1, 606",
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES, .t38_refuse_status = 606}}},
	 IN_G711},
	{{.name = "SIP to E1, 501",
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES, .t38_refuse_status = 501}}},
	 IN_G711},
	{{.name = "SIP to E1, 603",
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES, .t38_refuse_status = 603}}},
	 IN_G711},
	{{.name = "E1 to SIP, 405",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES, .t38_refuse_status = 405}}},
	 IN_G711},
	{{.name = "SIP to E1, 500",
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES, .t38_refuse_status = 500}}},
	 IN_G711},
	{{.name = "E1 to SIP, 503",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES, .t38_refuse_status = 503}}},
	 IN_G711},
	{{.name = "E1 to SIP, refused, and then the peer asks itself",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES, .t38_after_ms = 4200}}},
	 "result=\"fax ok\" fault=- media=t38"},
	{{.name = "SIP to E1, refused, and then the peer asks itself",
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES, .t38_after_ms = 4200}}},
	 "result=\"fax ok\" fault=- media=t38"},
	{{.name = "E1 to SIP, refused, voice-band data offered while the peer asks itself",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK,
		  .peer_text = "vbd = reinvite\n",
		  .peer = {.t38 = PEER_T38_REFUSES, .t38_after_ms = 4200}}},
	 "result=\"fax ok\" fault=- media=t38"},
	{{.name = "E1 to SIP, port 0",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_PORT_ZERO}}},
	 IN_G711},
	{{.name = "SIP to E1, port 0", .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_PORT_ZERO}}}, IN_G711},
	{{.name = "E1 to SIP, no answer to the re-INVITE",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_IS_SILENT}}},
	 IN_G711},
	{{.name = "SIP to E1, no answer to the re-INVITE",
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_IS_SILENT}}},
	 IN_G711},
	{{.name = "E1 to SIP, refused, 3 pages",
	  .from_line = true,
	  .pages = 3,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES}}},
	 THREE_IN_G711 "yes"},
	{{.name = "E1 to SIP, refused, 3 pages, no ECM",
	  .from_line = true,
	  .pages = 3,
	  .no_ecm = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES}}},
	 THREE_IN_G711 "no"},
	{{.name = "SIP to E1, refused, 3 pages, no ECM",
	  .pages = 3,
	  .no_ecm = true,
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES}}},
	 THREE_IN_G711 "no"},
	{{.name = "SIP to E1, refused, V.27ter",
	  .rows = 200,
	  .modems = FAX_MODEM_V27TER,
	  .lab = {.peer = {.hangup_done_ms = 300, .t38 = PEER_T38_REFUSES}}},
	 "media=g711-fax t30=\"success\" pages=1 rate=4800 modem=V.27ter ecm=yes"},
	{{.name = "E1 to SIP, refused, mu-law",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer = {.t38 = PEER_T38_REFUSES, .codec = CODEC_PCMU, .one_codec = true}}},
	 IN_G711},
	/* nobody asks: G.711 from beginning to end */
	{{.name = "E1 to SIP, nobody asks", .from_line = true, .lab = {.fax_text = PEER_ASKS}}, IN_G711},
	{{.name = "SIP to E1, nobody asks",
	  .pages = 3,
	  .lab = {.fax_text = PEER_ASKS, .peer = {.hangup_done_ms = 300}}},
	 THREE_IN_G711 "yes"},
	{{.name = "E1 to SIP, T.38 off for the peer",
	  .from_line = true,
	  .lab = {.fax_text = WE_ASK, .peer_text = "t38 = no\n"}},
	 IN_G711},
};

static void test_whole_faxes(void **state)
{
	size_t i = (size_t)*state;
	struct fax_outcome o;

	fax_run(&whole[i].fax, NULL, &o);
	fax_expect_whole(&whole[i].fax, &o);
	fax_expect_end(&whole[i].fax, &o, whole[i].end);
}

int main(void)
{
	enum { N = sizeof(whole) / sizeof(whole[0]) };
	struct CMUnitTest tests[N];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){whole[i].fax.name, test_whole_faxes, NULL, NULL, (void *)i};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
