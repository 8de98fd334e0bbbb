/* SPDX-License-Identifier: GPL-2.0-only */
/* T.30's phases C, D and E through the gateway without error correction, frame by frame. */
#include "tests/call/t30_call.h"

#define TURNS(name, ...) static const struct t30_turn name[] = {__VA_ARGS__}

#define V29_BEGIN     OPENING(RATES_V29, NO_ECM), V29_TRAINING
#define V29_TRAINING  TRAINING(RATE_V29_9600, T30_V29_9600, NO_ECM)
#define V17_BEGIN     OPENING(RATES_V17, NO_ECM), V17_TRAINING
#define V17_TRAINING  TRAINING(RATE_V17_14400, T30_V17_14400, NO_ECM)
#define PAGE(...)     LINES(T30_V29_9600, 12, ##__VA_ARGS__)
#define V17_PAGE(...) LINES(T30_V17_14400, 12, .is_short = true, ##__VA_ARGS__)
#define NEXT_PAGE(n)  CALLER_SENDS(MPS), CALLED_SENDS(n)

TURNS(three_pages, V29_BEGIN, PAGE(), NEXT_PAGE(MCF), PAGE(.seed = 1), NEXT_PAGE(MCF), PAGE(.seed = 2), CLOSING);
TURNS(v17_pages, V17_BEGIN, V17_PAGE(), NEXT_PAGE(MCF), V17_PAGE(.seed = 1), NEXT_PAGE(MCF), V17_PAGE(.seed = 2),
      CLOSING);
TURNS(v27_pages, OPENING(RATES_V27TER, NO_ECM), TRAINING(RATE_V27TER_4800, T30_V27TER_4800, NO_ECM),
      LINES(T30_V27TER_4800, 8), NEXT_PAGE(MCF), LINES(T30_V27TER_4800, 8, .seed = 1), CLOSING);
TURNS(rtp, V29_BEGIN, PAGE(), NEXT_PAGE(RTP), V29_TRAINING, PAGE(.seed = 1), CLOSING);
TURNS(rtn, V29_BEGIN, PAGE(), NEXT_PAGE(RTN), CALLER_SENDS(TSI, DCS(RATE_V29_7200, NO_ECM)), TCF(T30_V29_7200),
      CALLED_SENDS(CFR), LINES(T30_V29_7200, 12), CLOSING);
TURNS(v17_rtp, V17_BEGIN, V17_PAGE(), NEXT_PAGE(RTP), V17_TRAINING, V17_PAGE(.seed = 1), CLOSING);
TURNS(v17_rtn, V17_BEGIN, V17_PAGE(), NEXT_PAGE(RTN), TRAINING(RATE_V17_9600, T30_V17_9600, NO_ECM),
      LINES(T30_V17_9600, 12, .is_short = true), CLOSING);
TURNS(v17_rtn_to_v29, V17_BEGIN, V17_PAGE(), NEXT_PAGE(RTN), V29_TRAINING, PAGE(), CLOSING);
TURNS(rtn_to_eop, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(RTN), V29_TRAINING, PAGE(), CLOSING);
TURNS(rtp_to_eop, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(RTP), CALLER_SENDS(DCN), {0});
TURNS(rtn_and_dcn, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(RTN), CALLER_SENDS(DCN), {0});
TURNS(pip, V29_BEGIN, PAGE(), CALLER_SENDS(MPS), CALLED_SENDS(PIP), CALLER_SENDS(PRI_MPS), CALLED_SENDS(PIP),
      CALLER_SENDS(DCN), {0});
TURNS(pin, V29_BEGIN, PAGE(), CALLER_SENDS(MPS), CALLED_SENDS(PIN), CALLER_SENDS(PRI_EOP), CALLED_SENDS(PIN),
      CALLER_SENDS(DCN), {0});
TURNS(pip_then_on, V29_BEGIN, PAGE(), CALLER_SENDS(PRI_EOM), CALLED_SENDS(PIP), CALLED_SENDS_SO(CSI, .more = true),
      CALLED_SENDS(DIS(RATES_V29, NO_ECM)), V29_TRAINING, PAGE(.seed = 1), CLOSING);
TURNS(pri_mps, V29_BEGIN, PAGE(), CALLER_SENDS(PRI_MPS), CALLED_SENDS(MCF), PAGE(.seed = 1), CALLER_SENDS(PRI_EOP),
      CALLED_SENDS(MCF), CALLER_SENDS(DCN), {0});
TURNS(eom, V29_BEGIN, PAGE(), CALLER_SENDS(EOM), CALLED_SENDS(MCF),
      CALLED_SENDS_SO(DIS(RATES_V29, NO_ECM), .after_ms = 1500), V29_TRAINING, PAGE(.seed = 1), CLOSING);
TURNS(eom_to_v17, V29_BEGIN, PAGE(), CALLER_SENDS(EOM), CALLED_SENDS(MCF),
      CALLED_SENDS_SO(DIS(RATES_V17, NO_ECM), .after_ms = 1500), V17_TRAINING, V17_PAGE(.seed = 1), CLOSING);
TURNS(eom_turnaround, V29_BEGIN, PAGE(), CALLER_SENDS(EOM), CALLED_SENDS(MCF),
      CALLED_SENDS_SO(DIS_POLL(RATES_V29, NO_ECM), .after_ms = 1500), CALLER_SENDS(CIG, DTC(RATES_V29, NO_ECM)),
      CALLED_SENDS(DCS_POLLED(RATE_V29_9600, NO_ECM)), POLLED_TCF(T30_V29_9600),
      CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_LINES(T30_V29_9600, 12, .seed = 5),
      CALLED_SENDS(CALLED_FRAME("EOP", 0x2e)), CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED),
      {0});
TURNS(v17_turnaround, V17_BEGIN, V17_PAGE(), CALLER_SENDS(EOM), CALLED_SENDS(MCF),
      CALLED_SENDS_SO(DIS_POLL(RATES_V17, NO_ECM), .after_ms = 1500), CALLER_SENDS(CIG, DTC(RATES_V17, NO_ECM)),
      CALLED_SENDS(DCS_POLLED(RATE_V17_14400, NO_ECM)), POLLED_TCF(T30_V17_14400),
      CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_LINES(T30_V17_14400, 12, .seed = 5, .is_short = true),
      CALLED_SENDS(CALLED_FRAME("EOP", 0x2e)), CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED),
      {0});

/* T.30 5.4.3.2: a command is sent three times, T4 apart. */
TURNS(eop_bad, V29_BEGIN, PAGE(), CALLER_SENDS_SO(EOP, .bad_fcs = 1), CALLER_SENDS_SO(EOP, .after_ms = 3000),
      CALLED_SENDS(MCF), CALLER_SENDS(DCN), {0});
TURNS(mcf_bad, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS_SO(MCF, .bad_fcs = 1),
      CALLER_SENDS_SO(EOP, .after_ms = 1500), CALLED_SENDS_SO(MCF, .bad_fcs = 1),
      CALLER_SENDS_SO(EOP, .after_ms = 1500), CALLED_SENDS(MCF), CALLER_SENDS(DCN), {0});
TURNS(no_mcf, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLER_SENDS_SO(EOP, .after_ms = 3000),
      CALLER_SENDS_SO(EOP, .after_ms = 3000), CALLER_SENDS_SO(DCN, .after_ms = 3000), {0});
TURNS(mps_three_times, V17_BEGIN, V17_PAGE(), CALLER_SENDS(MPS), CALLER_SENDS_SO(MPS, .after_ms = 3000),
      CALLER_SENDS_SO(MPS, .after_ms = 3000), CALLED_SENDS(MCF), V17_PAGE(.seed = 1), CLOSING);
TURNS(crp_for_eop, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(CRP), CALLER_SENDS(EOP), CALLED_SENDS(MCF),
      CALLER_SENDS(DCN), {0});
TURNS(crp_for_mcf, V29_BEGIN, PAGE(), CALLER_SENDS(MPS), CALLED_SENDS(MCF), CALLER_SENDS(CRP_OF_CALLER),
      CALLED_SENDS(MCF), PAGE(.seed = 1), CLOSING);
TURNS(crp_for_mps_v17, V17_BEGIN, V17_PAGE(), CALLER_SENDS(MPS), CALLED_SENDS(CRP), CALLER_SENDS(MPS),
      CALLED_SENDS(MCF), V17_PAGE(.seed = 1), CLOSING);
TURNS(no_dcn, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(MCF), CALLER_CUTS, {0});
TURNS(dcn_for_page, V29_BEGIN, CALLER_SENDS(DCN), {0});
TURNS(dcn_for_mcf, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(DCN_OF_CALLED), {0});
TURNS(dcn_for_eop, V29_BEGIN, PAGE(), CALLER_SENDS(DCN), {0});
TURNS(dcn_twice, V29_BEGIN, PAGE(), CALLER_SENDS(EOP), CALLED_SENDS(MCF), CALLER_SENDS(DCN),
      CALLER_SENDS_SO(DCN, .after_ms = 500), {0});
TURNS(no_page, V29_BEGIN, SILENCE_MS(6000), CALLED_SENDS_SO(DCN_OF_CALLED, .after_ms = 1000), {0});
TURNS(no_eop, V29_BEGIN, PAGE(), SILENCE_MS(6000), CALLED_SENDS_SO(DCN_OF_CALLED, .after_ms = 1000), {0});
TURNS(cfr_again, V29_BEGIN, CALLED_SENDS_SO(CFR, .after_ms = 3000), PAGE(), CLOSING);
TURNS(page_late, V29_BEGIN, PAGE(.after_ms = 5000), CALLER_SENDS_SO(EOP, .after_ms = 5000),
      CALLED_SENDS_SO(MCF, .after_ms = 2800), CALLER_SENDS_SO(DCN, .after_ms = 5000), {0});
TURNS(cut_in_page, V29_BEGIN, LINES(T30_V29_9600, 40, .cut_ms = 2000), {0});
TURNS(called_cuts, V29_BEGIN, PAGE(), CALLER_SENDS(MPS), CALLED_CUTS, {0});
TURNS(one_line, V29_BEGIN, LINES(T30_V29_9600, 1), NEXT_PAGE(MCF), LINES(T30_V29_9600, 1, .seed = 1), CLOSING);
TURNS(long_page, V29_BEGIN, LINES(T30_V29_9600, 400), CLOSING);
TURNS(long_page_v27, OPENING(RATES_V27TER_2400, NO_ECM), TRAINING(RATE_V27TER_2400, T30_V27TER_2400, NO_ECM),
      LINES(T30_V27TER_2400, 200), CLOSING);
TURNS(ten_pages, V17_BEGIN, V17_PAGE(), NEXT_PAGE(MCF), V17_PAGE(.seed = 1), NEXT_PAGE(MCF), V17_PAGE(.seed = 2),
      NEXT_PAGE(MCF), V17_PAGE(.seed = 3), NEXT_PAGE(RTP), V17_TRAINING, V17_PAGE(.seed = 4), NEXT_PAGE(MCF),
      V17_PAGE(.seed = 5), NEXT_PAGE(RTN), V29_TRAINING, PAGE(.seed = 5), NEXT_PAGE(MCF), PAGE(.seed = 6),
      NEXT_PAGE(MCF), PAGE(.seed = 7), NEXT_PAGE(MCF), PAGE(.seed = 8), CLOSING);

#define CASE(t, text)                                                                                                  \
	{                                                                                                              \
		.name = (text), .turns = (t)                                                                           \
	}
static const struct t30_case cases[] = {
	CASE(three_pages, "MPS: three pages"),
	CASE(v17_pages, "MPS: three pages of V.17, short training"),
	CASE(v27_pages, "MPS: two pages of V.27ter"),
	CASE(rtp, "RTP: training, next page"),
	CASE(rtn, "RTN: training at a lower rate, the page again"),
	CASE(v17_rtp, "V.17, RTP: long training, next page"),
	CASE(v17_rtn, "V.17, RTN: to 9600"),
	CASE(v17_rtn_to_v29, "V.17, RTN: to V.29"),
	CASE(rtn_to_eop, "RTN in answer to EOP, the page again"),
	CASE(rtp_to_eop, "RTP in answer to EOP"),
	CASE(rtn_and_dcn, "RTN, and the caller gives up"),
	CASE(pip, "PIP"),
	CASE(pin, "PIN"),
	CASE(pip_then_on, "PRI-EOM, PIP, and on from DIS"),
	CASE(pri_mps, "PRI-MPS, PRI-EOP"),
	CASE(eom, "EOM: phase B again"),
	CASE(eom_to_v17, "EOM: phase B again, V.17 after V.29"),
	CASE(eom_turnaround, "EOM, DTC: the called end sends"),
	CASE(v17_turnaround, "V.17, EOM, DTC: the called end sends"),
	CASE(eop_bad, "EOP with a bad FCS, then again"),
	CASE(mcf_bad, "MCF with a bad FCS twice"),
	CASE(no_mcf, "EOP three times, no answer, DCN"),
	CASE(mps_three_times, "MPS three times before MCF"),
	CASE(crp_for_eop, "CRP in answer to EOP"),
	CASE(crp_for_mcf, "CRP in answer to MCF"),
	CASE(crp_for_mps_v17, "V.17, CRP in answer to MPS"),
	CASE(no_dcn, "no DCN"),
	CASE(dcn_for_page, "DCN in place of the page"),
	CASE(dcn_for_mcf, "DCN in place of MCF"),
	CASE(dcn_for_eop, "DCN in place of EOP"),
	CASE(dcn_twice, "DCN twice"),
	CASE(no_page, "T2: no page"),
	CASE(no_eop, "T2: nothing after the page"),
	CASE(cfr_again, "CFR twice before the page"),
	CASE(page_late, "5 s before the page and EOP"),
	CASE(cut_in_page, "cut in the middle of the page"),
	CASE(called_cuts, "cut after MPS"),
	CASE(one_line, "pages of one line"),
	CASE(long_page, "a page of a minute"),
	CASE(long_page_v27, "a page of two minutes at 2400 bit/s"),
	CASE(ten_pages, "ten pages, RTP and RTN among them"),
};

int main(int argc, char **argv)
{
	return t30_call_main("pages", cases, sizeof(cases) / sizeof(cases[0]), argv[1]);
}
