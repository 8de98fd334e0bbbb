/* SPDX-License-Identifier: GPL-2.0-only */
/* The same faxes in packets as different gateways and terminals make them: octet by octet, frame by frame, with the FCS
 * beside a frame or around it, with the end of a signal in a packet of its own. */
#include "tests/call/t30_call.h"

#define TURNS(name, ...) static const struct t30_turn name[] = {__VA_ARGS__}

#define LONG_FRAME  FIF_FRAME("CSA", 0x24, 40, 0x00)
#define V17(n, ...) BLOCK(T30_V17_14400, n, .is_short = true, ##__VA_ARGS__)

TURNS(ecm, OPENING(RATES_V17, ECM), TRAINING(RATE_V17_14400, T30_V17_14400, ECM), V17(40, .bad_frames = 0x2a),
      CALLER_SENDS(PPS(PPS_MPS, 0, 0, 40)), CALLED_SENDS(PPR(0x2a)), V17(5, .first = 1),
      CALLER_SENDS(PPS(PPS_MPS, 0, 0, 40)), CALLED_SENDS(MCF), V17(9, .seed = 7), CALLER_SENDS(PPS(PPS_EOP, 1, 0, 9)),
      CALLED_SENDS(MCF), CALLER_SENDS(DCN), {0});
TURNS(no_ecm, CALLER_CNG, CALLED_CED, CALLED_SENDS(LONG_FRAME, CSI, DIS(RATES_V29, NO_ECM)),
      CALLER_SENDS(TSI, DCS(RATE_V29_9600, NO_ECM)), TCF(T30_V29_9600, .spoilt = 100), CALLED_SENDS(FTT),
      CALLER_SENDS(TSI, DCS(RATE_V29_7200, NO_ECM)), TCF(T30_V29_7200), CALLED_SENDS(CFR), LINES(T30_V29_7200, 30),
      CALLER_SENDS(MPS), CALLED_SENDS(MCF), LINES(T30_V29_7200, 20, .seed = 3), CLOSING);

static const struct t30_packet_style octets = {.packet_ms = 20, .end_apart = true, .no_signal = true},
				     apart = {.end_apart = true, .no_signal = true}, beside = {.fcs_beside = true},
				     around = {.fcs_around = true}, whole = {.whole_frames = true},
				     whole_beside = {.whole_frames = true, .fcs_beside = true, .end_apart = true},
				     whole_around = {.whole_frames = true, .fcs_around = true, .no_signal = true},
				     long_ones = {.packet_ms = 120, .no_signal = true};

#define CASES(s, text)                                                                                                 \
	{.name = "ECM, " text, .turns = ecm, .style = &(s)},                                                           \
	{                                                                                                              \
		.name = "no ECM, " text, .turns = no_ecm, .style = &(s)                                                \
	}
static const struct t30_case cases[] = {
	CASES(octets, "octet by octet"),
	CASES(long_ones, "120 ms in a packet"),
	CASES(apart, "the signal's end apart"),
	CASES(beside, "the FCS beside the last octets"),
	CASES(around, "the last octets in the FCS"),
	CASES(whole, "whole frames"),
	CASES(whole_beside, "whole frames with their FCS beside them"),
	CASES(whole_around, "whole frames in their FCS"),
};

int main(int argc, char **argv)
{
	return t30_call_main("packets", cases, sizeof(cases) / sizeof(cases[0]), argv[1]);
}
