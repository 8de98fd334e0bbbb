/* SPDX-License-Identifier: GPL-2.0-only */
/* A scripted end against a machine that knows T.30, through the gateway: what it makes of each exception. */
#include "tests/call/t30_call.h"

#define TURNS(name, ...) static const struct t30_turn name[] = {__VA_ARGS__}

/* What the machine says; it adds CSI or TSI, and its own capabilities. */
#define CALLED_SAYS(f)                                                                                                 \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_FRAMES, .frames = {f}, .any_fif = true, .others = true                  \
	}
#define CALLER_SAYS(f)                                                                                                 \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_FRAMES, .frames = {f}, .any_fif = true, .others = true                  \
	}
#define CALLER_SAYS_AFTER(f, t)                                                                                        \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_FRAMES, .frames = {f}, .any_fif = true, .others = true, .after_ms = (t) \
	}
#define CALLED_SAYS_AFTER(f, t)                                                                                        \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_FRAMES, .frames = {f}, .any_fif = true, .others = true, .after_ms = (t) \
	}
#define ANY_DIS DIS(RATES_V29, NO_ECM)
#define ANY_DCS DCS(RATE_V29_9600, NO_ECM)
#define ANY_PPS PPS(PPS_EOP, 0, 0, 1)

/* It asks for frames beyond the last one as well. */
#define ALL_OTHERS                                                                                                     \
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,    \
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

/* The machine answers. */
#define SCRIPT_CALLS CALLER_CNG, CALLED_CED, CALLED_SAYS(ANY_DIS)
#define V29_DCS	     CALLER_SENDS(TSI, DCS(RATE_V29_9600, NO_ECM))
#define V29_TRAINING V29_DCS, TCF(T30_V29_9600), CALLED_SAYS(CFR)
#define PAGE	     LINES(T30_V29_9600, 40)
#define END                                                                                                            \
	CALLER_SENDS(EOP), CALLED_SAYS(MCF), CALLER_SENDS(DCN),                                                        \
	{                                                                                                              \
		0                                                                                                      \
	}

TURNS(plain, SCRIPT_CALLS, V29_TRAINING, PAGE, END);
TURNS(v17, SCRIPT_CALLS, CALLER_SENDS(TSI, DCS(RATE_V17_14400, NO_ECM)), TCF(T30_V17_14400), CALLED_SAYS(CFR),
      LINES(T30_V17_14400, 40, .is_short = true), CALLER_SENDS(MPS), CALLED_SAYS(MCF),
      LINES(T30_V17_14400, 40, .is_short = true), END);
TURNS(bad_tcf, SCRIPT_CALLS, V29_DCS, TCF(T30_V29_9600, .spoilt = 100), CALLED_SAYS(FTT),
      CALLER_SENDS(TSI, DCS(RATE_V29_7200, NO_ECM)), TCF(T30_V29_7200, .spoilt = 100), CALLED_SAYS(FTT),
      CALLER_SENDS(TSI, DCS(RATE_V27TER_4800, NO_ECM)), TCF(T30_V27TER_4800), CALLED_SAYS(CFR),
      LINES(T30_V27TER_4800, 20), END);
TURNS(eop_three_times, SCRIPT_CALLS, V29_TRAINING, PAGE, CALLER_SENDS(EOP), CALLED_SAYS(MCF),
      CALLER_SENDS_SO(EOP, .after_ms = 3000), CALLED_SAYS(MCF), CALLER_SENDS_SO(EOP, .after_ms = 3000),
      CALLED_SAYS(MCF), CALLER_SENDS(DCN), {0});
TURNS(dcs_again, SCRIPT_CALLS, V29_TRAINING, CALLER_SENDS_SO(DCS(RATE_V29_9600, NO_ECM), .after_ms = 1500),
      TCF(T30_V29_9600), CALLED_SAYS(CFR), PAGE, END);
TURNS(ecm, SCRIPT_CALLS, CALLER_SENDS(TSI, DCS(RATE_V29_9600, ECM)), TCF(T30_V29_9600), CALLED_SAYS(CFR),
      BLOCK(T30_V29_9600, 6, .bad_frames = 0x2a), CALLER_SENDS(PPS(PPS_EOP, 0, 0, 6)),
      CALLED_SENDS(PPR(0xea, ALL_OTHERS)), BLOCK(T30_V29_9600, 1, .first = 1), CALLER_SENDS(PPS(PPS_EOP, 0, 0, 6)),
      CALLED_SENDS(PPR(0xe8, ALL_OTHERS)), CALLER_SENDS(DCN), {0});
TURNS(no_dcn, SCRIPT_CALLS, V29_TRAINING, PAGE, CALLER_SENDS(EOP), CALLED_SAYS(MCF), CALLER_CUTS, {0});
TURNS(dcn_for_dis, SCRIPT_CALLS, CALLER_SENDS(DCN), {0});
TURNS(three_dis, CALLER_CNG, CALLED_CED, CALLED_SAYS(ANY_DIS), CALLED_SAYS_AFTER(ANY_DIS, 3000),
      CALLED_SAYS_AFTER(ANY_DIS, 3000), V29_TRAINING, PAGE, END);

/* The same without what would announce it; the gateway has to find the fax. */
TURNS(answers, CALLER_CNG, CALLED_SAYS_AFTER(ANY_DIS, 10000), V29_TRAINING, PAGE, END);
/* T.38 comes in the middle of it: the called end begins again, as it does where DCS was not understood. */
TURNS(no_cng, CALLED_SAYS_AFTER(ANY_DIS, 10000), V29_DCS, TCF(T30_V29_9600), CALLED_SAYS_AFTER(ANY_DIS, 6000),
      V29_TRAINING, PAGE, END);

/* The machine calls. */
#define SCRIPT_ANSWERS	CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, DIS(RATES_V29, NO_ECM))
#define MACHINE_TRAINS	CALLER_SAYS(ANY_DCS), TCF(T30_V29_9600), CALLED_SENDS(CFR)
#define MACHINE_PAGE(m) LINES(m, 400, .any_fif = true)
#define MACHINE_END                                                                                                    \
	CALLER_SAYS(EOP), CALLED_SENDS(MCF), CALLER_SAYS(DCN),                                                         \
	{                                                                                                              \
		0                                                                                                      \
	}

TURNS(sends, SCRIPT_ANSWERS, MACHINE_TRAINS, MACHINE_PAGE(T30_V29_9600), MACHINE_END);
TURNS(ftt, SCRIPT_ANSWERS, CALLER_SAYS(ANY_DCS), TCF(T30_V29_9600), CALLED_SENDS(FTT), CALLER_SAYS(ANY_DCS),
      TCF(T30_V29_7200), CALLED_SENDS(FTT), CALLER_SAYS(ANY_DCS), TCF(T30_V27TER_4800), CALLED_SENDS(CFR),
      MACHINE_PAGE(T30_V27TER_4800), MACHINE_END);
TURNS(rtp, SCRIPT_ANSWERS, MACHINE_TRAINS, MACHINE_PAGE(T30_V29_9600), CALLER_SAYS(MPS), CALLED_SENDS(RTP),
      CALLER_SAYS(ANY_DCS), TCF(T30_V29_7200), CALLED_SENDS(CFR), MACHINE_PAGE(T30_V29_7200), MACHINE_END);
TURNS(dis_again, SCRIPT_ANSWERS, CALLER_SAYS(ANY_DCS), TCF(T30_V29_9600), CALLER_SAYS_AFTER(ANY_DCS, 3000),
      TCF(T30_V29_9600), CALLED_SENDS(CFR), MACHINE_PAGE(T30_V29_9600), MACHINE_END);
TURNS(mcf_lost, SCRIPT_ANSWERS, MACHINE_TRAINS, MACHINE_PAGE(T30_V29_9600), CALLER_SAYS(EOP),
      CALLER_SAYS_AFTER(EOP, 3000), CALLER_SAYS_AFTER(EOP, 3000), CALLED_SENDS(MCF), CALLER_SAYS(DCN), {0});
TURNS(no_ced, CALLED_SENDS_SO(ANY_DIS, .after_ms = 1000, .unheard = true),
      CALLED_SENDS_SO(ANY_DIS, .after_ms = 3000, .unheard = true), CALLED_SENDS_SO(ANY_DIS, .after_ms = 3000),
      MACHINE_TRAINS, MACHINE_PAGE(T30_V29_9600), MACHINE_END);
TURNS(with_ced, CALLED_CED, CALLED_SENDS(CSI, ANY_DIS), MACHINE_TRAINS, MACHINE_PAGE(T30_V29_9600), MACHINE_END);
#define MACHINE_BLOCK BLOCK(T30_V29_9600, 60, .any_fif = true)
TURNS(sends_ecm, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, DIS(RATES_V29, ECM)), MACHINE_TRAINS, MACHINE_BLOCK,
      CALLER_SAYS(ANY_PPS), CALLED_SENDS(PPR(0x01)), BLOCK(T30_V29_9600, 1, .any_fif = true), CALLER_SAYS(ANY_PPS),
      CALLED_SENDS(RNR), CALLER_SAYS(RR), CALLED_SENDS(RNR), CALLER_SAYS(RR), CALLED_SENDS(MCF), CALLER_SAYS(DCN), {0});

static const struct t30_case cases[] = {
	{.name = "it receives", .turns = plain, .ends = T30_CALLER_ALONE},
	{.name = "it receives two pages of V.17", .turns = v17, .ends = T30_CALLER_ALONE},
	{.name = "it refuses a bad TCF twice", .turns = bad_tcf, .ends = T30_CALLER_ALONE},
	{.name = "it answers EOP three times", .turns = eop_three_times, .ends = T30_CALLER_ALONE},
	{.name = "it answers DCS twice", .turns = dcs_again, .ends = T30_CALLER_ALONE},
	{.name = "it asks for three frames again",
	 .turns = ecm,
	 .ends = T30_CALLER_ALONE,
	 .ecm = true,
	 .machine_fails = true},
	{.name = "it gets no DCN", .turns = no_dcn, .ends = T30_CALLER_ALONE},
	{.name = "it gets DCN for DIS", .turns = dcn_for_dis, .ends = T30_CALLER_ALONE, .machine_fails = true},
	{.name = "it sends DIS three times", .turns = three_dis, .ends = T30_CALLER_ALONE},
	{.name = "it answers in audio", .turns = answers, .ends = T30_CALLER_ALONE, .in_audio = true},
	{.name = "it answers in audio, no CNG", .turns = no_cng, .ends = T30_CALLER_ALONE, .in_audio = true},
	{.name = "it calls in audio", .turns = with_ced, .ends = T30_CALLED_ALONE, .in_audio = true},
	{.name = "it calls in audio, no CED", .turns = no_ced, .ends = T30_CALLED_ALONE, .in_audio = true},
	{.name = "it sends", .turns = sends, .ends = T30_CALLED_ALONE},
	{.name = "it gets FTT twice", .turns = ftt, .ends = T30_CALLED_ALONE},
	{.name = "it gets RTP", .turns = rtp, .ends = T30_CALLED_ALONE, .pages = 2},
	{.name = "it gets no CFR once", .turns = dis_again, .ends = T30_CALLED_ALONE},
	{.name = "it gets no MCF twice", .turns = mcf_lost, .ends = T30_CALLED_ALONE},
	{.name = "it gets PPR and RNR", .turns = sends_ecm, .ends = T30_CALLED_ALONE, .ecm = true},
};

int main(int argc, char **argv)
{
	return t30_call_main("machine", cases, sizeof(cases) / sizeof(cases[0]), argv[1]);
}
