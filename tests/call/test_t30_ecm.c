/* SPDX-License-Identifier: GPL-2.0-only */
/* T.30 annex A (error correction) through the gateway, frame by frame. */
#include "tests/call/t30_call.h"

#define TURNS(name, ...) static const struct t30_turn name[] = {__VA_ARGS__}

#define V29_BEGIN   OPENING(RATES_V29, ECM), TRAINING(RATE_V29_9600, T30_V29_9600, ECM)
#define V17_BEGIN   OPENING(RATES_V17, ECM), TRAINING(RATE_V17_14400, T30_V17_14400, ECM)
#define V29(n, ...) BLOCK(T30_V29_9600, n, ##__VA_ARGS__)
#define V17(n, ...) BLOCK(T30_V17_14400, n, .is_short = true, ##__VA_ARGS__)
#define LAST(n)	    CALLER_SENDS(PPS(PPS_EOP, 0, 0, n))
#define END                                                                                                            \
	CALLED_SENDS(MCF), CALLER_SENDS(DCN),                                                                          \
	{                                                                                                              \
		0                                                                                                      \
	}
#define PPR_1_3_5 PPR(0x2a)
#define AGAIN	  CALLED_SENDS(PPR_1_3_5)

#define RATE_TURNS(name, rates, rate, modem)                                                                           \
	TURNS(name, OPENING(rates, ECM), TRAINING(rate, modem, ECM),                                                   \
	      BLOCK(modem, 6, .is_short = (modem) >= T30_V17_7200), LAST(6), END)

RATE_TURNS(at_v27_2400, RATES_V27TER_2400, RATE_V27TER_2400, T30_V27TER_2400);
RATE_TURNS(at_v27_4800, RATES_V27TER, RATE_V27TER_4800, T30_V27TER_4800);
RATE_TURNS(at_v29_7200, RATES_V29, RATE_V29_7200, T30_V29_7200);
RATE_TURNS(at_v29_9600, RATES_V29, RATE_V29_9600, T30_V29_9600);
RATE_TURNS(at_v17_7200, RATES_V17, RATE_V17_7200, T30_V17_7200);
RATE_TURNS(at_v17_9600, RATES_V17, RATE_V17_9600, T30_V17_9600);
RATE_TURNS(at_v17_12000, RATES_V17, RATE_V17_12000, T30_V17_12000);
RATE_TURNS(at_v17_14400, RATES_V17, RATE_V17_14400, T30_V17_14400);

TURNS(small_frames, OPENING(RATES_V29, ECM), TRAINING(RATE_V29_9600, T30_V29_9600, ECM_64), V29(20, .frame_octets = 64),
      LAST(20), END);
TURNS(whole_block, V17_BEGIN, V17(256), LAST(256), END);
TURNS(two_blocks, V17_BEGIN, V17(256), CALLER_SENDS(PPS(PPS_NULL, 0, 0, 256)), CALLED_SENDS(MCF), V17(9, .seed = 7),
      CALLER_SENDS(PPS(PPS_EOP, 0, 1, 9)), END);
TURNS(pages, V29_BEGIN, V29(6), CALLER_SENDS(PPS(PPS_MPS, 0, 0, 6)), CALLED_SENDS(MCF), V29(4, .seed = 9),
      CALLER_SENDS(PPS(PPS_MPS, 1, 0, 4)), CALLED_SENDS(MCF), V29(3, .seed = 19), CALLER_SENDS(PPS(PPS_EOP, 2, 0, 3)),
      END);
TURNS(eom, V29_BEGIN, V29(6), CALLER_SENDS(PPS(PPS_EOM, 0, 0, 6)), CALLED_SENDS(MCF),
      CALLED_SENDS_SO(DIS(RATES_V17, ECM), .after_ms = 1500), TRAINING(RATE_V17_14400, T30_V17_14400, ECM), V17(4),
      LAST(4), END);
TURNS(eom_to_no_ecm, V29_BEGIN, V29(6), CALLER_SENDS(PPS(PPS_EOM, 0, 0, 6)), CALLED_SENDS(MCF),
      CALLED_SENDS_SO(DIS(RATES_V29, NO_ECM), .after_ms = 1500), TRAINING(RATE_V29_9600, T30_V29_9600, NO_ECM),
      LINES(T30_V29_9600, 12), CLOSING);
/*
 * What Debian's spandsp cannot code: JBIG (T.85; bits 78 and 79), colour in JPEG (T.81; 68 and 69), T.43 (36). In ECM it
 * is octets to a gateway, whatever they mean.
 */
#define CODING_FIF(bits_33_40, bits_65_72, bits_73_80)                                                                 \
	0xf0, ECM | 0x80, 0x80 | (bits_33_40), 0x80, 0x80, 0x80, 0x80 | (bits_65_72), bits_73_80
#define CODING_TURNS(name, ...)                                                                                        \
	TURNS(name, CALLER_CNG, CALLED_CED,                                                                            \
	      CALLED_SENDS(CSI, FIF_FRAME("DIS", 0x80, 10, 0x00, 0xc2 | RATES_V17, CODING_FIF(__VA_ARGS__))),          \
	      CALLER_SENDS(TSI, FIF_FRAME("DCS", 0x83, 10, 0x00, 0x42 | RATE_V17_14400, CODING_FIF(__VA_ARGS__))),     \
	      TCF(T30_V17_14400), CALLED_SENDS(CFR), V17(40, .bad_frames = 0x2a), LAST(40), CALLED_SENDS(PPR_1_3_5),   \
	      V17(5, .first = 1), LAST(40), END)
CODING_TURNS(t85, 0, 0, 0x20);
CODING_TURNS(t85_l0, 0, 0, 0x60);
CODING_TURNS(t81, 0, 0x08, 0);
CODING_TURNS(t81_colour, 0, 0x18, 0);
CODING_TURNS(t43, 0x08, 0, 0);

TURNS(pri, V29_BEGIN, V29(6), CALLER_SENDS(PPS(0x3e, 0, 0, 6)), END);

/* Frames with a bad FCS are asked for again. */
TURNS(ppr, V29_BEGIN, V29(6, .bad_frames = 0x2a), LAST(6), AGAIN, V29(6, .bad_frames = 0x15), LAST(6), END);
TURNS(ppr_v17, V17_BEGIN, V17(6, .bad_frames = 0x2a), LAST(6), AGAIN, V17(1, .first = 1), LAST(6),
      CALLED_SENDS(PPR(0x28)), V17(3, .first = 3), LAST(6), END);
TURNS(all_bad, V29_BEGIN, V29(6, .bad_frames = 0x3f), LAST(6), CALLED_SENDS(PPR(0x3f)), V29(6), LAST(6), END);
#define FOUR_TIMES(block) block, LAST(6), AGAIN, block, LAST(6), AGAIN, block, LAST(6), AGAIN, block, LAST(6), AGAIN
TURNS(ctc, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V29_7200)), CALLED_SENDS(CTR),
      BLOCK(T30_V29_7200, 6), LAST(6), END);
TURNS(ctc_same, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V29_9600)), CALLED_SENDS(CTR),
      V29(6), LAST(6), END);
/* T.30 5.3.6.1.7: after CTC and CTR the training is long, then short again. */
TURNS(ctc_v17, V17_BEGIN, FOUR_TIMES(V17(6, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V17_9600)), CALLED_SENDS(CTR),
      BLOCK(T30_V17_9600, 6, .bad_frames = 0x2a), LAST(6), AGAIN, BLOCK(T30_V17_9600, 6, .is_short = true), LAST(6),
      END);
TURNS(ctc_v17_to_v29, V17_BEGIN, FOUR_TIMES(V17(6, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V29_9600)),
      CALLED_SENDS(CTR), V29(6), LAST(6), END);
TURNS(ctc_v29_to_v27, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V27TER_4800)),
      CALLED_SENDS(CTR), BLOCK(T30_V27TER_4800, 6), LAST(6), END);
TURNS(ctc_twice, V17_BEGIN, FOUR_TIMES(V17(6, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V17_9600)), CALLED_SENDS(CTR),
      BLOCK(T30_V17_9600, 6, .bad_frames = 0x2a), LAST(6), AGAIN,
      FOUR_TIMES(BLOCK(T30_V17_9600, 6, .is_short = true, .bad_frames = 0x2a)), CALLER_SENDS(CTC(RATE_V17_7200)),
      CALLED_SENDS(CTR), BLOCK(T30_V17_7200, 6), LAST(6), END);
TURNS(ctc_lost, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS_SO(CTC(RATE_V29_7200), .bad_fcs = 1),
      CALLER_SENDS_SO(CTC(RATE_V29_7200), .after_ms = 3000), CALLED_SENDS(CTR), BLOCK(T30_V29_7200, 6), LAST(6), END);
TURNS(eor, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS(EOR(PPS_EOP)), CALLED_SENDS(ERR),
      CALLER_SENDS(DCN), {0});
TURNS(eor_and_on, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS(EOR(PPS_MPS)), CALLED_SENDS(ERR),
      V29(4, .seed = 3), CALLER_SENDS(PPS(PPS_EOP, 1, 0, 4)), END);
TURNS(eor_null, V17_BEGIN, FOUR_TIMES(V17(6, .bad_frames = 0x2a)), CALLER_SENDS(EOR(PPS_NULL)), CALLED_SENDS(ERR),
      V17(4, .seed = 3), CALLER_SENDS(PPS(PPS_EOP, 0, 1, 4)), END);
TURNS(dcn_for_ppr, V29_BEGIN, V29(6, .bad_frames = 0x2a), LAST(6), AGAIN, CALLER_SENDS(DCN), {0});

/* T.30 A.4.3: the receiver is not ready. */
TURNS(rnr, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS(RNR), CALLER_SENDS(RR), CALLED_SENDS(RNR), CALLER_SENDS(RR), END);
TURNS(rnr_page, V17_BEGIN, V17(6), CALLER_SENDS(PPS(PPS_MPS, 0, 0, 6)), CALLED_SENDS(RNR), CALLER_SENDS(RR),
      CALLED_SENDS(MCF), V17(6, .seed = 6), CALLER_SENDS(PPS(PPS_EOP, 1, 0, 6)), END);
#define BUSY CALLED_SENDS(RNR), CALLER_SENDS_SO(RR, .after_ms = 1000)
TURNS(rnr_long, V17_BEGIN, V17(6), CALLER_SENDS(PPS(PPS_MPS, 0, 0, 6)), BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, BUSY,
      BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, CALLED_SENDS(MCF), V17(6, .seed = 6),
      CALLER_SENDS(PPS(PPS_EOP, 1, 0, 6)), END);
TURNS(rr_lost, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS(RNR), CALLER_SENDS_SO(RR, .bad_fcs = 1),
      CALLER_SENDS_SO(RR, .after_ms = 3000), END);
TURNS(rnr_lost, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS_SO(RNR, .bad_fcs = 1),
      CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 1500), CALLED_SENDS(RNR), CALLER_SENDS(RR), END);
TURNS(rnr_in_ctc, V29_BEGIN, FOUR_TIMES(V29(6, .bad_frames = 0x2a)), CALLER_SENDS(EOR(PPS_MPS)), CALLED_SENDS(RNR),
      CALLER_SENDS(RR), CALLED_SENDS(ERR), V29(4, .seed = 3), CALLER_SENDS(PPS(PPS_EOP, 1, 0, 4)), END);

/* T.30 5.4.3.2 again, with the commands of the annex. */
TURNS(pps_bad, V29_BEGIN, V29(6), CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .bad_fcs = 1),
      CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 3000), END);
TURNS(pps_three_times, V17_BEGIN, V17(6), CALLER_SENDS(PPS(PPS_MPS, 0, 0, 6)),
      CALLER_SENDS_SO(PPS(PPS_MPS, 0, 0, 6), .after_ms = 3000),
      CALLER_SENDS_SO(PPS(PPS_MPS, 0, 0, 6), .after_ms = 3000), CALLED_SENDS(MCF), V17(6, .seed = 6),
      CALLER_SENDS(PPS(PPS_EOP, 1, 0, 6)), END);
TURNS(mcf_bad, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS_SO(MCF, .bad_fcs = 1),
      CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 1500), END);
TURNS(ppr_bad, V17_BEGIN, V17(6, .bad_frames = 0x2a), LAST(6), CALLED_SENDS_SO(PPR_1_3_5, .bad_fcs = 1),
      CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 1500), AGAIN, V17(6), LAST(6), END);
TURNS(crp, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS(CRP), LAST(6), END);
TURNS(fdm, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS(FDM), CALLER_SENDS(DCN), {0});
TURNS(no_answer, V29_BEGIN, V29(6), LAST(6), CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 3000),
      CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 3000), CALLER_SENDS_SO(DCN, .after_ms = 3000), {0});
TURNS(dcn, V29_BEGIN, V29(6), LAST(6), CALLED_SENDS(DCN_OF_CALLED), {0});
TURNS(cut, V29_BEGIN, V29(20, .cut_ms = 2500), {0});
TURNS(slow, V29_BEGIN, V29(6, .after_ms = 3000), CALLER_SENDS_SO(PPS(PPS_MPS, 0, 0, 6), .after_ms = 3000),
      CALLED_SENDS_SO(MCF, .after_ms = 2800), V29(6, .after_ms = 3000),
      CALLER_SENDS_SO(PPS(PPS_EOP, 0, 0, 6), .after_ms = 3000), CALLED_SENDS_SO(MCF, .after_ms = 2800),
      CALLER_SENDS(DCN), {0});
#define POLLED_BLOCK(m, n, ...)                                                                                        \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_BLOCK, .modem = (m), .count = (n), ##__VA_ARGS__                        \
	}
TURNS(polling, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, DIS_POLL(RATES_V17, ECM)),
      CALLER_SENDS(CIG, DTC(RATES_V17, ECM)), CALLED_SENDS(DCS_POLLED(RATE_V17_14400, ECM)), POLLED_TCF(T30_V17_14400),
      CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_BLOCK(T30_V17_14400, 6, .is_short = true, .bad_frames = 0x2a),
      CALLED_SENDS(FIF_FRAME("PPS", 0xbe, 4, PPS_EOP, 0, 0, 5)), CALLER_SENDS(FIF_FRAME("PPR", 0xbd, 32, 0x2a)),
      POLLED_BLOCK(T30_V17_14400, 6, .is_short = true), CALLED_SENDS(FIF_FRAME("PPS", 0xbe, 4, PPS_EOP, 0, 0, 5)),
      CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED), {0});

#define CASE(t, text)                                                                                                  \
	{                                                                                                              \
		.name = (text), .turns = (t)                                                                           \
	}
static const struct t30_case cases[] = {
	CASE(at_v27_2400, "V.27ter 2400"),
	CASE(at_v27_4800, "V.27ter 4800"),
	CASE(at_v29_7200, "V.29 7200"),
	CASE(at_v29_9600, "V.29 9600"),
	CASE(at_v17_7200, "V.17 7200"),
	CASE(at_v17_9600, "V.17 9600"),
	CASE(at_v17_12000, "V.17 12000"),
	CASE(at_v17_14400, "V.17 14400"),
	CASE(small_frames, "frames of 64 octets"),
	CASE(whole_block, "a block of 256 frames"),
	CASE(two_blocks, "PPS-NULL: two blocks"),
	CASE(pages, "PPS-MPS: three pages"),
	CASE(eom, "PPS-EOM: phase B again, V.17 after V.29"),
	CASE(eom_to_no_ecm, "PPS-EOM: the next page without ECM"),
	CASE(t85, "JBIG, T.85"),
	CASE(t85_l0, "JBIG, T.85 with L0"),
	CASE(t81, "grey in JPEG, T.81"),
	CASE(t81_colour, "colour in JPEG, T.81"),
	CASE(t43, "colour, T.43"),
	CASE(pri, "PPS-PRI-EOP"),
	CASE(ppr, "PPR: three frames again"),
	CASE(ppr_v17, "PPR twice, V.17"),
	CASE(all_bad, "PPR for all frames"),
	CASE(ctc, "PPR four times, CTC, CTR: one rate down"),
	CASE(ctc_same, "PPR four times, CTC at the same rate"),
	CASE(ctc_v17, "CTC in V.17, PPR after it"),
	CASE(ctc_v17_to_v29, "CTC from V.17 to V.29"),
	CASE(ctc_v29_to_v27, "CTC from V.29 to V.27ter"),
	CASE(ctc_twice, "CTC twice"),
	CASE(ctc_lost, "CTC with a bad FCS, then again"),
	CASE(eor, "PPR four times, EOR, ERR"),
	CASE(eor_and_on, "EOR, ERR, and the next page"),
	CASE(eor_null, "EOR, ERR, and the next block"),
	CASE(dcn_for_ppr, "DCN in answer to PPR"),
	CASE(rnr, "RNR and RR"),
	CASE(rnr_page, "RNR between pages"),
	CASE(rnr_long, "RNR for a minute, T5"),
	CASE(rr_lost, "RR with a bad FCS, then again"),
	CASE(rnr_lost, "RNR with a bad FCS, PPS again"),
	CASE(rnr_in_ctc, "RNR in answer to EOR"),
	CASE(pps_bad, "PPS with a bad FCS, then again"),
	CASE(pps_three_times, "PPS three times before MCF"),
	CASE(mcf_bad, "MCF with a bad FCS, PPS again"),
	CASE(ppr_bad, "PPR with a bad FCS, PPS again"),
	CASE(crp, "CRP in answer to PPS"),
	CASE(fdm, "FDM in answer to PPS"),
	CASE(no_answer, "PPS three times, no answer, DCN"),
	CASE(dcn, "DCN in answer to PPS"),
	CASE(cut, "cut in the middle of a block"),
	CASE(slow, "3 s before everything"),
	CASE(polling, "polling, PPR in it"),
};

int main(int argc, char **argv)
{
	return t30_call_main("error correction", cases, sizeof(cases) / sizeof(cases[0]), argv[1]);
}
