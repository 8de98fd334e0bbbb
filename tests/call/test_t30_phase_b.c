/* SPDX-License-Identifier: GPL-2.0-only */
/* T.30's phase B through the gateway, frame by frame: identification, commands, training. */
#include "tests/call/t30_call.h"

#define PAGE	     LINES(T30_V29_9600, 12)
#define V29_TRAINING TRAINING(RATE_V29_9600, T30_V29_9600, NO_ECM)
#define V29_OPENING  OPENING(RATES_V29, NO_ECM)
#define V29_DIS	     DIS(RATES_V29, NO_ECM)
#define V29_DCS	     DCS(RATE_V29_9600, NO_ECM)
#define V29_TCF	     TCF(T30_V29_9600)

#define TURNS(name, ...) static const struct t30_turn name[] = {__VA_ARGS__}

/* A rate: its TCF arrives bad as it was, then good; V.17's page has short training. */
#define RATE_TURNS(name, rates, rate, modem)                                                                           \
	TURNS(name, OPENING(rates, NO_ECM), CALLER_SENDS(TSI, DCS(rate, NO_ECM)), TCF(modem, .spoilt = 50),            \
	      CALLED_SENDS(FTT), TRAINING(rate, modem, NO_ECM), LINES(modem, 8, .is_short = (modem) >= T30_V17_7200),  \
	      CLOSING)

RATE_TURNS(at_v27_2400, RATES_V27TER_2400, RATE_V27TER_2400, T30_V27TER_2400);
RATE_TURNS(at_v27_4800, RATES_V27TER, RATE_V27TER_4800, T30_V27TER_4800);
RATE_TURNS(at_v29_7200, RATES_V29, RATE_V29_7200, T30_V29_7200);
RATE_TURNS(at_v29_9600, RATES_V29, RATE_V29_9600, T30_V29_9600);
RATE_TURNS(at_v17_7200, RATES_V17, RATE_V17_7200, T30_V17_7200);
RATE_TURNS(at_v17_9600, RATES_V17, RATE_V17_9600, T30_V17_9600);
RATE_TURNS(at_v17_12000, RATES_V17, RATE_V17_12000, T30_V17_12000);
RATE_TURNS(at_v17_14400, RATES_V17, RATE_V17_14400, T30_V17_14400);

#define BAD_TCF(rate, modem) CALLER_SENDS(TSI, DCS(rate, NO_ECM)), TCF(modem, .spoilt = 100), CALLED_SENDS(FTT)
TURNS(steps_down, OPENING(RATES_V17, NO_ECM), BAD_TCF(RATE_V17_14400, T30_V17_14400),
      BAD_TCF(RATE_V17_12000, T30_V17_12000), BAD_TCF(RATE_V29_9600, T30_V29_9600),
      BAD_TCF(RATE_V29_7200, T30_V29_7200), BAD_TCF(RATE_V27TER_4800, T30_V27TER_4800),
      TRAINING(RATE_V27TER_2400, T30_V27TER_2400, NO_ECM), LINES(T30_V27TER_2400, 8), CLOSING);

TURNS(plain, V29_OPENING, V29_TRAINING, PAGE, CLOSING);
TURNS(no_ced, CALLER_CNG, CALLED_SENDS(CSI, V29_DIS), V29_TRAINING, PAGE, CLOSING);
TURNS(no_cng, CALLED_CED, CALLED_SENDS(CSI, V29_DIS), V29_TRAINING, PAGE, CLOSING);
TURNS(neither, CALLED_SENDS(V29_DIS), V29_TRAINING, PAGE, CLOSING);
TURNS(dis_three_times, V29_OPENING, CALLED_SENDS_SO(V29_DIS, .after_ms = 3000),
      CALLED_SENDS_SO(V29_DIS, .after_ms = 3000), V29_TRAINING, PAGE, CLOSING);
TURNS(dis_bad, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(V29_DIS, .bad_fcs = 1),
      CALLED_SENDS_SO(V29_DIS, .after_ms = 3000), V29_TRAINING, PAGE, CLOSING);
TURNS(dcs_bad, V29_OPENING, CALLER_SENDS_SO(V29_DCS, .bad_fcs = 1), TCF(T30_V29_9600, .unheard = true),
      CALLED_SENDS_SO(V29_DIS, .after_ms = 1500), V29_TRAINING, PAGE, CLOSING);
TURNS(cfr_bad, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), V29_TCF, CALLED_SENDS_SO(CFR, .bad_fcs = 1),
      CALLER_SENDS_SO(V29_DCS, .after_ms = 3000), V29_TCF, CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(two_bursts, V29_OPENING, CALLER_SENDS_SO(TSI, .more = true), CALLER_SENDS_SO(V29_DCS, .after_ms = 200), V29_TCF,
      CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(csi_apart, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(CSI, .more = true), CALLED_SENDS_SO(V29_DIS, .after_ms = 300),
      V29_TRAINING, PAGE, CLOSING);
TURNS(subaddress, V29_OPENING, CALLER_SENDS(IDENT_FRAME("SUB", 0xc3), IDENT_FRAME("SID", 0xa3), TSI, V29_DCS), V29_TCF,
      CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(polling, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, DIS_POLL(RATES_V29, NO_ECM)),
      CALLER_SENDS(CIG, DTC(RATES_V29, NO_ECM)), CALLED_SENDS(DCS_POLLED(RATE_V29_9600, NO_ECM)),
      POLLED_TCF(T30_V29_9600), CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_LINES(T30_V29_9600, 12),
      CALLED_SENDS(CALLED_FRAME("EOP", 0x2e)), CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED),
      {0});
TURNS(polling_with_password, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, DIS_POLL(RATES_V29, NO_ECM)),
      CALLER_SENDS(IDENT_FRAME("PWD", 0xc1), IDENT_FRAME("SEP", 0xa1), CIG, DTC(RATES_V29, NO_ECM)),
      CALLED_SENDS(DCS_POLLED(RATE_V29_9600, NO_ECM)), POLLED_TCF(T30_V29_9600),
      CALLER_SENDS(CALLER_FRAME("FTT", 0x44)), CALLED_SENDS(DCS_POLLED(RATE_V29_7200, NO_ECM)),
      POLLED_TCF(T30_V29_7200), CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_LINES(T30_V29_7200, 12),
      CALLED_SENDS(CALLED_FRAME("EOP", 0x2e)), CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED),
      {0});
TURNS(no_poll_here, V29_OPENING, CALLER_SENDS(CIG, DTC(RATES_V29, NO_ECM)), CALLED_SENDS(DCN_OF_CALLED), {0});

/* DIS and DCS as long as the latest table 2 has them: octets 4 to 10 with their extension bits. */
#define LONG_DIS FIF_FRAME("DIS", 0x80, 10, 0x00, 0xce, 0xf0, 0x84, 0x80, 0xc0, 0x80, 0x80, 0x80, 0x00)
#define LONG_DCS FIF_FRAME("DCS", 0x83, 8, 0x00, 0x46, 0xf0, 0x80, 0x80, 0x80, 0x80, 0x00)
TURNS(extended, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, LONG_DIS), CALLER_SENDS(TSI, LONG_DCS), V29_TCF,
      CALLED_SENDS(CFR), PAGE, CLOSING);
#define SHORT_DIS FIF_FRAME("DIS", 0x80, 3, 0x00, 0xce, 0x70)
#define SHORT_DCS FIF_FRAME("DCS", 0x83, 3, 0x00, 0x46, 0x70)
TURNS(three_octets, CALLER_CNG, CALLED_CED, CALLED_SENDS(SHORT_DIS), CALLER_SENDS(SHORT_DCS), V29_TCF,
      CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(preamble_850, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(V29_DIS, .preamble_ms = 850),
      CALLER_SENDS_SO(V29_DCS, .preamble_ms = 850), V29_TCF, CALLED_SENDS_SO(CFR, .preamble_ms = 850), PAGE, CLOSING);
TURNS(preamble_1150, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(V29_DIS, .preamble_ms = 1150),
      CALLER_SENDS_SO(V29_DCS, .preamble_ms = 1150), V29_TCF, CALLED_SENDS_SO(CFR, .preamble_ms = 1150), PAGE, CLOSING);
TURNS(preamble_700, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(V29_DIS, .preamble_ms = 700),
      CALLER_SENDS_SO(V29_DCS, .preamble_ms = 700), V29_TCF, CALLED_SENDS_SO(CFR, .preamble_ms = 700), PAGE, CLOSING);
TURNS(preamble_1300, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(V29_DIS, .preamble_ms = 1300),
      CALLER_SENDS_SO(V29_DCS, .preamble_ms = 1300), V29_TCF, CALLED_SENDS_SO(CFR, .preamble_ms = 1300), PAGE, CLOSING);
TURNS(flags_between, CALLER_CNG, CALLED_CED,
      {.side = T30_CALLED, .act = T30_FRAMES, .frames = {CSI, V29_DIS}, .flags = 6},
      {.side = T30_CALLER, .act = T30_FRAMES, .frames = {TSI, V29_DCS}, .flags = 6}, V29_TCF, CALLED_SENDS(CFR), PAGE,
      CLOSING);
TURNS(unknown_frame, CALLER_CNG, CALLED_CED, CALLED_SENDS(FIF_FRAME("0x37", 0x37, 6, 1, 2, 3, 4, 5, 6), V29_DIS),
      CALLER_SENDS(FIF_FRAME("0x59", 0x59, 3, 7, 8, 9), V29_DCS), V29_TCF, CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(long_frame, CALLER_CNG, CALLED_CED, CALLED_SENDS(FIF_FRAME("0x37", 0x37, 100, 1, 2, 3, 4, 5, 6), V29_DIS),
      CALLER_SENDS(FIF_FRAME("0x59", 0x59, 100, 7, 8, 9), V29_DCS), V29_TCF, CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(too_long_frame, CALLER_CNG, CALLED_CED, CALLED_SENDS(FIF_FRAME("0x37", 0x37, 200, 1, 2, 3, 4, 5, 6), V29_DIS),
      CALLER_SENDS(FIF_FRAME("0x59", 0x59, 200, 7, 8, 9), V29_DCS), V29_TCF, CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(crp_for_dcs, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), V29_TCF, CALLED_SENDS(CRP), CALLER_SENDS(TSI, V29_DCS),
      V29_TCF, CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(crp_for_dis, V29_OPENING, CALLER_SENDS(CRP_OF_CALLER), CALLED_SENDS(CSI, V29_DIS), V29_TRAINING, PAGE, CLOSING);
TURNS(dcn_for_dis, V29_OPENING, CALLER_SENDS(DCN), {0});
TURNS(dcn_for_cfr, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), V29_TCF, CALLED_SENDS(DCN_OF_CALLED), {0});
TURNS(dcn_at_once, CALLER_CNG, CALLED_CED, CALLED_SENDS(DCN_OF_CALLED), {0});
TURNS(slow, V29_OPENING, CALLER_SENDS_SO(V29_DCS, .after_ms = 2900), V29_TCF, CALLED_SENDS_SO(CFR, .after_ms = 2900),
      LINES(T30_V29_9600, 12, .after_ms = 3000), CALLER_SENDS_SO(EOP, .after_ms = 3000),
      CALLED_SENDS_SO(MCF, .after_ms = 2900), CALLER_SENDS_SO(DCN, .after_ms = 3000), {0});
TURNS(tcf_late, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), TCF(T30_V29_9600, .after_ms = 400), CALLED_SENDS(CFR), PAGE,
      CLOSING);
TURNS(tep_v29, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), TCF(T30_V29_9600, .tep = true), CALLED_SENDS(CFR),
      LINES(T30_V29_9600, 12, .tep = true), CLOSING);
TURNS(tep_v17, OPENING(RATES_V17, NO_ECM), CALLER_SENDS(TSI, DCS(RATE_V17_14400, NO_ECM)),
      TCF(T30_V17_14400, .tep = true), CALLED_SENDS(CFR), LINES(T30_V17_14400, 12, .is_short = true, .tep = true),
      CALLER_SENDS(MPS), CALLED_SENDS(MCF), LINES(T30_V17_14400, 12, .is_short = true, .tep = true), CLOSING);
TURNS(tep_v27, OPENING(RATES_V27TER, NO_ECM), CALLER_SENDS(TSI, DCS(RATE_V27TER_4800, NO_ECM)),
      TCF(T30_V27TER_4800, .tep = true), CALLED_SENDS(CFR), LINES(T30_V27TER_4800, 8, .tep = true), CLOSING);
TURNS(t1, CALLED_CED, SILENCE_MS(36000), CALLER_SENDS(DCN), {0});
TURNS(t1_of_called, V29_OPENING, CALLED_SENDS_SO(V29_DIS, .after_ms = 3000), CALLED_SENDS_SO(V29_DIS, .after_ms = 3000),
      SILENCE_MS(35000), CALLED_SENDS_SO(DCN_OF_CALLED, .after_ms = 1000), {0});
TURNS(dcs_three_times, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), V29_TCF, CALLER_SENDS_SO(V29_DCS, .after_ms = 3000),
      V29_TCF, CALLER_SENDS_SO(V29_DCS, .after_ms = 3000), V29_TCF, CALLED_SENDS(CFR), PAGE, CLOSING);
TURNS(cut_in_dis, CALLER_CNG, CALLED_CED, CALLED_SENDS_SO(V29_DIS, .cut_ms = 1200), {0});
TURNS(cut_in_tcf, V29_OPENING, CALLER_SENDS(TSI, V29_DCS), TCF(T30_V29_9600, .cut_ms = 600), {0});

#define CASE(t, text)                                                                                                  \
	{                                                                                                              \
		.name = (text), .turns = (t)                                                                           \
	}
static const struct t30_case cases[] = {
	CASE(plain, "a plain fax"),
	CASE(at_v27_2400, "V.27ter 2400, TCF bad and good"),
	CASE(at_v27_4800, "V.27ter 4800, TCF bad and good"),
	CASE(at_v29_7200, "V.29 7200, TCF bad and good"),
	CASE(at_v29_9600, "V.29 9600, TCF bad and good"),
	CASE(at_v17_7200, "V.17 7200, TCF bad and good"),
	CASE(at_v17_9600, "V.17 9600, TCF bad and good"),
	CASE(at_v17_12000, "V.17 12000, TCF bad and good"),
	CASE(at_v17_14400, "V.17 14400, TCF bad and good"),
	CASE(steps_down, "FTT until 2400 bit/s"),
	CASE(no_ced, "no CED"),
	CASE(no_cng, "no CNG"),
	CASE(neither, "neither CED nor CNG, DIS alone"),
	CASE(dis_three_times, "DIS three times before DCS"),
	CASE(dis_bad, "DIS with a bad FCS, then again"),
	CASE(dcs_bad, "DCS with a bad FCS, DIS again"),
	CASE(cfr_bad, "CFR with a bad FCS, DCS again"),
	CASE(dcs_three_times, "DCS three times before CFR"),
	CASE(two_bursts, "TSI and DCS in a burst each"),
	CASE(csi_apart, "CSI and DIS in a burst each"),
	CASE(subaddress, "SUB, SID, TSI, DCS"),
	CASE(polling, "polling: CIG, DTC, the called end sends"),
	CASE(polling_with_password, "polling with PWD and SEP, FTT in it"),
	CASE(no_poll_here, "DTC where there is nothing to be polled"),
	CASE(extended, "DIS of 10 octets, DCS of 8"),
	CASE(three_octets, "DIS and DCS of 3 octets"),
	CASE(preamble_850, "preambles of 0.85 s"),
	CASE(preamble_1150, "preambles of 1.15 s"),
	CASE(preamble_700, "preambles of 0.7 s"),
	CASE(preamble_1300, "preambles of 1.3 s"),
	CASE(flags_between, "six flags between frames"),
	CASE(unknown_frame, "unknown FCFs before DIS and DCS"),
	CASE(long_frame, "frames of 103 octets"),
	CASE(too_long_frame, "frames of 203 octets"),
	CASE(crp_for_dcs, "CRP in answer to DCS"),
	CASE(crp_for_dis, "CRP in answer to DIS"),
	CASE(dcn_for_dis, "DCN in answer to DIS"),
	CASE(dcn_for_cfr, "DCN in place of CFR"),
	CASE(dcn_at_once, "DCN in place of DIS"),
	CASE(slow, "3 s before everything"),
	CASE(tcf_late, "0.4 s between DCS and TCF"),
	{.name = "0.4 s between DCS and TCF, 100 ms of jitter", .turns = tcf_late, .jitter_ms = 100},
	CASE(tep_v29, "talker echo protection, V.29"),
	CASE(tep_v17, "talker echo protection, V.17"),
	CASE(tep_v27, "talker echo protection, V.27ter"),
	CASE(t1, "T1: no DIS"),
	CASE(t1_of_called, "T1: DIS is not answered"),
	CASE(cut_in_dis, "cut in the middle of DIS"),
	CASE(cut_in_tcf, "cut in the middle of TCF"),
};

int main(int argc, char **argv)
{
	return t30_call_main("phase B", cases, sizeof(cases) / sizeof(cases[0]), argv[1]);
}
